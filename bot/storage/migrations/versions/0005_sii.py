"""The sync with the SII: what it brought, what changed, and the allowance that all workers share."""

from pathlib import Path

from alembic import context, op

revision = "0005"
down_revision = "0004"

TENANT = "rut = current_setting('app.rut', true)"
ADMIN = "current_setting('app.alcance', true) = 'admin'"
NOCHE = "current_setting('app.alcance', true) = 'noche'"
PURGA = "current_setting('app.alcance', true) = 'purga' AND momento < now() - interval '1 day'"
OWNED = ("sii_meses", "sincronizaciones", "cambios")
SHARED = ("sii_cuenta", "sii_turnos", "sii_noches")
# Who queues the night's work sees whose it is, and nothing of what the work is about.
NIGHT_READS = ("contributors", "consents", "claves", "sincronizaciones")


def upgrade() -> None:
    """Add the tables, the policies and the function that hands out turns."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text())
    for table in OWNED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {table} USING ({TENANT}) WITH CHECK ({TENANT})")
    for table in NIGHT_READS:
        op.execute(f"CREATE POLICY noche ON {table} FOR SELECT USING ({NOCHE})")
    op.execute(f"CREATE POLICY admin ON sincronizaciones FOR SELECT USING ({ADMIN})")
    op.execute(f"CREATE POLICY purga_ver ON cambios FOR SELECT USING ({PURGA})")
    op.execute(f"CREATE POLICY purga ON cambios FOR DELETE USING ({PURGA})")
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {", ".join((*OWNED, *SHARED))} TO "{role}"')
    op.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"')


def downgrade() -> None:
    """Remove them again."""
    op.execute("DROP FUNCTION sii_tomar_turno")
    op.execute("DROP INDEX procrastinate.tributa_jobs_lock")
    for table in ("contributors", "consents", "claves"):
        op.execute(f"DROP POLICY noche ON {table}")
    op.execute("DROP TABLE " + ", ".join((*OWNED, *SHARED)))
    op.execute("ALTER TABLE claves DROP COLUMN rechazada")
