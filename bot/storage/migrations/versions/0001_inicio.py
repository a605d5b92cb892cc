"""Tables, forced row-level security, and the job queue in its own schema."""

from pathlib import Path

from alembic import context, op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None

TENANT = "rut = current_setting('app.rut', true)"
# A secret that only its owner knows may open its own row before the rut is known.
POLICIES = {
    "contributors": TENANT,
    "otp": TENANT,
    "sessions": f"{TENANT} OR token_hash = current_setting('app.token_hash', true)",
    "logs": TENANT,
    "messages": TENANT,
    "ventas_resumen": TENANT,
    "ventas_detalle": TENANT,
    "compras_resumen": TENANT,
    "compras_detalle": TENANT,
    "cobertura": TENANT,
    "contratos": TENANT,
    "embeddings": TENANT,
    "identities": f"{TENANT} OR conversacion = current_setting('app.conversacion', true)",
    "consents": TENANT,
}


def upgrade() -> None:
    """Create everything and let the application's role use it, under the policies."""
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    for table, visible in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} USING ({visible}) WITH CHECK ({TENANT})")
    op.execute("CREATE SCHEMA procrastinate")
    op.execute("SET LOCAL search_path TO procrastinate")
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute("SET LOCAL search_path TO public")
    _grant()


def _grant() -> None:
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT USAGE ON SCHEMA public, procrastinate TO "{role}"')
    everything = "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA"
    op.execute(f'GRANT {everything} procrastinate TO "{role}"')
    op.execute(f'GRANT {everything} public TO "{role}"')
    op.execute(f'REVOKE ALL ON alembic_version, instance FROM "{role}"')
    op.execute(f'GRANT SELECT ON instance TO "{role}"')
    op.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, procrastinate TO "{role}"')


def downgrade() -> None:
    """Remove everything."""
    op.execute("DROP SCHEMA procrastinate CASCADE")
    op.execute("DROP TABLE " + ", ".join((*POLICIES, "instance")))
