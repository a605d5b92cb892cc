"""Files of taxpayers: what was made for them, which expires, and what they gave us."""

from pathlib import Path

from alembic import context, op

revision = "0007"
down_revision = "0006"

TENANT = "rut = current_setting('app.rut', true)"
OVER = "current_setting('app.alcance', true) = 'purga' AND expira < now()"


def upgrade() -> None:
    """Add the table and its policies."""
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    op.execute("ALTER TABLE archivos ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE archivos FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON archivos USING ({TENANT}) WITH CHECK ({TENANT})")
    op.execute(f"CREATE POLICY purga_ver ON archivos FOR SELECT USING ({OVER})")
    op.execute(f"CREATE POLICY purga ON archivos FOR DELETE USING ({OVER})")
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON archivos TO "{role}"')


def downgrade() -> None:
    """Remove it again; the files themselves stay where they are."""
    op.execute("DROP TABLE archivos")
