"""Channels: what comes in, what goes out, and who is linked to whom."""

from pathlib import Path

from alembic import context, op

revision = "0004"
down_revision = "0003"

TENANT = "rut = current_setting('app.rut', true)"
BUZON = "current_setting('app.alcance', true) = 'buzon'"
PURGA = "current_setting('app.alcance', true) = 'purga'"
POLICIES = {"inbox": BUZON, "tramites": BUZON, "outbox": f"{TENANT} OR {BUZON}"}
# A channel's sender shows their own links, and a phone the accounts that it is registered for.
SENDER = "canal || ':' || canal_id = current_setting('app.remitente', true)"
PHONE = "telefono = nullif(current_setting('app.telefono', true), '')"
# As long as WhatsApp repeats what was not acknowledged, and a day more.
EXPIRED = {
    "inbox": "creado < now() - interval '8 days'",
    "outbox": "creado < now() - interval '8 days'",
    "tramites": "expira < now()",
    "identities": "expira < now()",
}


def upgrade() -> None:
    """Add the tables and the policies."""
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    for table, visible in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} USING ({visible}) WITH CHECK ({visible})")
    op.execute(f"CREATE POLICY remitente ON identities FOR SELECT USING ({SENDER})")
    op.execute(f"CREATE POLICY telefono ON contributors FOR SELECT USING ({PHONE})")
    for table, over in EXPIRED.items():
        op.execute(f"CREATE POLICY purga_ver ON {table} FOR SELECT USING ({PURGA} AND {over})")
        op.execute(f"CREATE POLICY purga ON {table} FOR DELETE USING ({PURGA} AND {over})")
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {", ".join(POLICIES)} TO "{role}"')
    op.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"')


def downgrade() -> None:
    """Remove them again; of several links of one sender the first is kept."""
    op.execute("DROP POLICY purga_ver ON identities")
    op.execute("DROP POLICY purga ON identities")
    op.execute("DROP POLICY remitente ON identities")
    op.execute("DROP POLICY telefono ON contributors")
    op.execute("DROP INDEX ix_contributors_telefono")
    op.execute("DROP TABLE " + ", ".join(POLICIES))
    op.execute("ALTER TABLE identities DISABLE ROW LEVEL SECURITY")
    op.execute(
        "DELETE FROM identities AS one USING identities AS other WHERE one.canal = other.canal"
        " AND one.canal_id = other.canal_id AND one.creado > other.creado"
    )
    op.execute(
        "ALTER TABLE identities DROP CONSTRAINT identities_once, DROP COLUMN telefono, DROP COLUMN activado,"
        " DROP COLUMN expira, ADD CONSTRAINT identities_once UNIQUE (canal, canal_id)"
    )
    op.execute("ALTER TABLE identities ENABLE ROW LEVEL SECURITY")
