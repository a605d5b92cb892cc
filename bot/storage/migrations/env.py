"""Alembic's environment: runs on the connection that bot.storage.migrate gives."""

from alembic import context
from sqlmodel import SQLModel

from bot.storage import tables  # noqa: F401  (fills the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
