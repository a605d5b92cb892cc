"""Accounts, codes, links, keys, limits and privacy; what admins and the nightly purge may see."""

from pathlib import Path

from alembic import context, op

revision = "0002"
down_revision = "0001"

TENANT = "rut = current_setting('app.rut', true)"
BY_TOKEN = f"{TENANT} OR token_hash = current_setting('app.token_hash', true)"
NEW_POLICIES = {"claves": TENANT, "enlaces": BY_TOKEN}
OWNED = ("sessions", "messages", "identities", "consents", "cobertura", "contratos")
OTHERS = ("api_keys", "limites", "borrados")

# Beyond one taxpayer, only this: admins read, re-encryption reads claves, the purge deletes what is over.
ADMIN_READS = (
    "contributors",
    "sessions",
    "logs",
    "messages",
    "cobertura",
    "identities",
    "consents",
    "claves",
)
EXPIRED = {
    "otp": "expira < now()",
    "sessions": "expira < now() OR ultimo_uso < now() - interval '1 hour'",
    "enlaces": "expira < now()",
    "messages": "creado < now() - interval '1 day'",
    "logs": "momento < now() - interval '1 day'",
}


def _alcance(name: str) -> str:
    return f"current_setting('app.alcance', true) = '{name}'"


def upgrade() -> None:
    """Add the tables and the policies."""
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    for table, visible in NEW_POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} USING ({visible}) WITH CHECK ({TENANT})")
    for table in ADMIN_READS:
        op.execute(f"CREATE POLICY admin ON {table} FOR SELECT USING ({_alcance('admin')})")
    op.execute(f"CREATE POLICY llaves ON claves FOR SELECT USING ({_alcance('llaves')})")
    # What was done to nobody in particular is written by programs and read by admins.
    op.execute("CREATE POLICY acts ON logs FOR INSERT WITH CHECK (rut IS NULL)")
    for table, over in EXPIRED.items():
        visible = f"{_alcance('purga')} AND ({over})"
        op.execute(f"CREATE POLICY purga_ver ON {table} FOR SELECT USING ({visible})")
        op.execute(f"CREATE POLICY purga ON {table} FOR DELETE USING ({visible})")
    role = context.config.attributes["app_role"]
    tables = ", ".join((*NEW_POLICIES, *OTHERS))
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO "{role}"')
    op.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"')


def downgrade() -> None:
    """Remove them again; acts that concern no taxpayer are lost."""
    for table in EXPIRED:
        op.execute(f"DROP POLICY purga_ver ON {table}")
        op.execute(f"DROP POLICY purga ON {table}")
    op.execute("DROP POLICY acts ON logs")
    for table in ADMIN_READS:
        op.execute(f"DROP POLICY admin ON {table}")
    for table in OWNED:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_rut_fkey")
    op.execute("DROP TABLE " + ", ".join((*NEW_POLICIES, *OTHERS)))
    op.execute("ALTER TABLE contributors DROP COLUMN segundo_factor, DROP COLUMN bloqueado")
    op.execute("ALTER TABLE otp DROP COLUMN solicitud_hash, DROP COLUMN direccion_hash, DROP COLUMN datos")
    op.execute("ALTER TABLE sessions DROP COLUMN dispositivo, DROP COLUMN direccion_hash")
    op.execute("ALTER TABLE logs DISABLE ROW LEVEL SECURITY")
    op.execute("DELETE FROM logs WHERE rut IS NULL")
    op.execute("DROP INDEX logs_momento")
    op.execute("ALTER TABLE logs ALTER COLUMN rut SET NOT NULL, DROP COLUMN actor")
    op.execute("ALTER TABLE logs ENABLE ROW LEVEL SECURITY")
