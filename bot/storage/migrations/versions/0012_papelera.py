"""Contracts that were removed a moment ago, and can be had back."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE contratos ADD COLUMN borrado TIMESTAMP WITH TIME ZONE")


def downgrade() -> None:
    """Remove it again, with what waits for its end."""
    op.execute("ALTER TABLE contratos NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM contratos WHERE borrado IS NOT NULL")
    op.execute("ALTER TABLE contratos FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE contratos DROP COLUMN borrado")
