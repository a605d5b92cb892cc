"""Keys of trainers."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """A third kind of key."""
    _allow("'agente', 'admin', 'entrenador'")


def downgrade() -> None:
    """Trainers' keys are none any more."""
    op.execute("DELETE FROM api_keys WHERE tipo = 'entrenador'")
    _allow("'agente', 'admin'")


def _allow(kinds: str) -> None:
    op.execute("ALTER TABLE api_keys DROP CONSTRAINT api_keys_tipo")
    op.execute(f"ALTER TABLE api_keys ADD CONSTRAINT api_keys_tipo CHECK (tipo IN ({kinds}))")
