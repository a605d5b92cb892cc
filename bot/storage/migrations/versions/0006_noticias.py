"""News and alerts: when people last wrote, what they were told, what they want to be told."""

from pathlib import Path

from alembic import context, op

revision = "0006"
down_revision = "0005"

TENANT = "rut = current_setting('app.rut', true)"
BUZON = "current_setting('app.alcance', true) = 'buzon'"
PURGA = "current_setting('app.alcance', true) = 'purga'"
# Reads whose turn it is to be looked at, and nothing of what there is to tell.
AVISOS = "current_setting('app.alcance', true) = 'avisos'"
POLICIES = {
    "presencias": BUZON,
    "avisos_enviados": TENANT,
    "avisos": TENANT,
    "botones": f"{TENANT} OR {BUZON}",
}
# A taxpayer sees when the chats that are linked to them were last used.
LINKED = (
    "EXISTS (SELECT FROM identities WHERE identities.canal = presencias.canal"
    f" AND identities.canal_id = presencias.canal_id AND identities.{TENANT})"
)
EXPIRED = {
    "presencias": "escribio < now() - interval '400 days'",
    "botones": "creado < now() - interval '180 days'",
}


def upgrade() -> None:
    """Add the tables and the policies."""
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    for table, visible in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} USING ({visible}) WITH CHECK ({visible})")
    op.execute(f"CREATE POLICY vinculado ON presencias FOR SELECT USING ({LINKED})")
    op.execute(f"CREATE POLICY avisos ON avisos FOR SELECT USING ({AVISOS})")
    for table, over in EXPIRED.items():
        op.execute(f"CREATE POLICY purga_ver ON {table} FOR SELECT USING ({PURGA} AND {over})")
        op.execute(f"CREATE POLICY purga ON {table} FOR DELETE USING ({PURGA} AND {over})")
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {", ".join(POLICIES)} TO "{role}"')


def downgrade() -> None:
    """Remove them again."""
    op.execute("DROP TABLE " + ", ".join(POLICIES))
    op.execute("DROP INDEX compras_pendientes")
    op.execute(
        "ALTER TABLE outbox DROP COLUMN plantilla, DROP COLUMN rechazado,"
        " ADD COLUMN intentos INTEGER DEFAULT '0' NOT NULL"
    )
