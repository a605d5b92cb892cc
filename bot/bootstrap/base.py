"""The database, opened for everybody who serves people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.private import SettingsError
from bot.settings import Settings
from bot.storage.database import Database

DEMO_FACT = "demo"


@asynccontextmanager
async def open_base(settings: Settings, database_url: str) -> AsyncIterator[Database]:
    """Open it for as long as the context lasts.

    Raises:
        UnsafeRoleError: if the database role is not bound by row-level security.
        SettingsError: in production on demo data.
    """
    database = Database(database_url)
    try:
        await database.check_role()
        if settings.env == "production" and DEMO_FACT in await database.instance():
            raise SettingsError("Esta base tiene contribuyentes de demostración: usa otra en producción.")
        yield database
    finally:
        await database.close()
