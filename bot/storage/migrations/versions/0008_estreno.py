"""The first use of a clave: that it has begun, and that the SII accepted it."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add both moments; of the claves that are there nobody knows, so their next use is their first."""
    op.execute(
        "ALTER TABLE claves ADD COLUMN estreno TIMESTAMP WITH TIME ZONE,"
        " ADD COLUMN aceptada TIMESTAMP WITH TIME ZONE"
    )


def downgrade() -> None:
    """Remove them again."""
    op.execute("ALTER TABLE claves DROP COLUMN estreno, DROP COLUMN aceptada")
