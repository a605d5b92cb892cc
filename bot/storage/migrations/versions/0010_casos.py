"""Cases that people answer, and answers that were called wrong."""

from pathlib import Path

from alembic import context, op

revision = "0010"
down_revision = "0009"

TENANT = "rut = current_setting('app.rut', true)"
ADMIN = "current_setting('app.alcance', true) = 'admin'"
PURGA = "current_setting('app.alcance', true) = 'purga'"
# A case that is open stays until somebody closes it.
EXPIRED = {
    "casos": "cerrado < now() - interval '1 day'",
    "opiniones": "momento < now() - interval '1 day'",
}


def upgrade() -> None:
    """Add the tables and their policies."""
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    for table, over in EXPIRED.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} USING ({TENANT}) WITH CHECK ({TENANT})")
        op.execute(f"CREATE POLICY admin ON {table} FOR SELECT USING ({ADMIN})")
        op.execute(f"CREATE POLICY purga_ver ON {table} FOR SELECT USING ({PURGA} AND {over})")
        op.execute(f"CREATE POLICY purga ON {table} FOR DELETE USING ({PURGA} AND {over})")
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {", ".join(EXPIRED)} TO "{role}"')
    op.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"')


def downgrade() -> None:
    """Remove them again; what people attended to counts as answered."""
    op.execute("DROP TABLE " + ", ".join(EXPIRED))
    op.execute("ALTER TABLE messages NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE messages SET estado = 'respondido' WHERE estado = 'atendido'")
    op.execute("ALTER TABLE messages FORCE ROW LEVEL SECURITY")
    op.execute(
        "ALTER TABLE messages DROP CONSTRAINT messages_estado, ADD CONSTRAINT messages_estado"
        " CHECK (estado IN ('recibido', 'respondido', 'fallido', 'enviado'))"
    )
