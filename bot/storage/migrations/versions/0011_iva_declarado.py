"""What taxpayers tell about their form 29: what was carried over, the rate of PPM, what was withheld."""

from alembic import context, op

revision = "0011"
down_revision = "0010"

TENANT = "rut = current_setting('app.rut', true)"


def upgrade() -> None:
    """Add the table and its policy."""
    op.execute(
        "CREATE TABLE iva_declarado ("
        " rut TEXT NOT NULL, codigo INTEGER NOT NULL, periodo TEXT NOT NULL,"
        " valor NUMERIC NOT NULL, momento TIMESTAMP WITH TIME ZONE NOT NULL,"
        " PRIMARY KEY (rut, codigo, periodo),"
        " FOREIGN KEY (rut) REFERENCES contributors (rut) ON DELETE CASCADE,"
        " CONSTRAINT iva_declarado_periodo CHECK (periodo ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'))"
    )
    op.execute("ALTER TABLE iva_declarado ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE iva_declarado FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON iva_declarado USING ({TENANT}) WITH CHECK ({TENANT})")
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON iva_declarado TO "{role}"')


def downgrade() -> None:
    """Remove it again."""
    op.execute("DROP TABLE iva_declarado")
