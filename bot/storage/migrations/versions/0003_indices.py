"""What admins ask of big installations: messages between two moments, and the answers to them."""

from alembic import op

revision = "0003"
down_revision = "0002"

INDEXES = {"messages_creado": "creado", "messages_respuestas": "responde_a"}


def upgrade() -> None:
    """Add the indexes."""
    for name, column in INDEXES.items():
        op.create_index(name, "messages", [column])


def downgrade() -> None:
    """Remove them again."""
    for name in INDEXES:
        op.drop_index(name, "messages")
