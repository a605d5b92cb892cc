"""Contracts: how far each was read, the files that belong to it, and vectors as bytes."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"

# Whose passages an index should hold, and how many; not what they say.
INDICE = "current_setting('app.alcance', true) = 'indice'"


def upgrade() -> None:
    """Add the columns and a policy."""
    op.execute(Path(__file__).with_suffix(".sql").read_text())
    op.execute(f"CREATE POLICY indice ON contratos FOR SELECT USING ({INDICE})")


def downgrade() -> None:
    """Remove them again; passages have to be read anew."""
    op.execute("DROP POLICY indice ON contratos")
    op.execute(
        "ALTER TABLE contratos DROP COLUMN archivo_id, DROP COLUMN paginas_leidas, DROP COLUMN intentos,"
        " DROP COLUMN trozos, DROP COLUMN modelo, DROP COLUMN de, DROP COLUMN reemplaza,"
        " DROP COLUMN imagenes, DROP CONSTRAINT contratos_once"
    )
    op.execute(
        "ALTER TABLE embeddings DROP COLUMN contexto, ALTER COLUMN vector TYPE REAL[] USING ARRAY[]::REAL[]"
    )
