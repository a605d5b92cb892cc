"""Builds the adapters and the services; the only module that names both. Importing it opens nothing."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.bootstrap.base import DEMO_FACT, open_base
from bot.private import SettingsError, make_private
from bot.settings import Settings
from bot.storage.cola import make_app
from bot.storage.compactar import compact, pending
from bot.storage.database import DATABASE_ERRORS, UnsafeRoleError
from bot.storage.embedded import Urls, embedded_postgres
from bot.storage.limites import limits_in_memory
from bot.storage.migrate import mark_instance, migrate
from bot.storage.presencia import present

if TYPE_CHECKING:
    from bot.bootstrap.adapters import Replacements
    from bot.bootstrap.medicion import exposition
    from bot.bootstrap.wiring import Services

__all__ = [
    "DATABASE_ERRORS",
    "UNFINISHED",
    "Replacements",
    "Services",
    "UnsafeRoleError",
    "Urls",
    "check_path",
    "check_roles",
    "compact",
    "exposition",
    "given_urls",
    "limits_in_memory",
    "mark_as_demo",
    "open_database",
    "open_services",
    "pending",
    "present",
]

UNFINISHED = ".restaurando"


def __getattr__(name: str) -> Any:
    """All adapters together take seconds to load: commands that open none of them do without."""
    if name == "Replacements":
        from bot.bootstrap.adapters import Replacements  # noqa: PLC0415

        return Replacements
    if name == "Services":
        from bot.bootstrap.wiring import Services  # noqa: PLC0415

        return Services
    if name == "exposition":
        from bot.bootstrap.medicion import exposition  # noqa: PLC0415

        return exposition
    raise AttributeError(name)


@contextmanager
def open_database(settings: Settings) -> Iterator[Urls]:
    """The database, migrated: our own PostgreSQL, or the one of DATABASE_URL."""
    with ExitStack() as stack:
        if settings.database_url:
            urls = given_urls(settings.database_url, settings)
            check_roles(urls)
        else:
            make_private(settings.data)
            _check_whole(settings.data)
            check_path(settings.data)
            passwords = settings.secret("postgres_owner"), settings.secret("postgres_app")
            urls = stack.enter_context(embedded_postgres(settings.data, *passwords))
        migrate(urls.owner, urls.app)
        yield urls


def given_urls(database_url: str, settings: Settings) -> Urls:
    """How to reach a database that is not our own; without a role of its own for migrations, by one role."""
    return Urls(settings.migration_url or database_url, database_url)


def _check_whole(folder: Path) -> None:
    """Nothing starts on what a killed restore left.

    Raises:
        SettingsError: if there is such.
    """
    if (folder / UNFINISHED).exists():
        raise SettingsError(f"En {folder} quedó una restauración a medias: repite tributa restore.")


def check_path(folder: Path) -> None:
    """PostgreSQL's starter does not take every path.

    Raises:
        SettingsError: if it has spaces or symbols.
    """
    if not re.fullmatch(r"[\w./@+,:=-]+", str(folder)):
        raise SettingsError(f"La carpeta de datos no puede tener espacios ni símbolos en su nombre: {folder}")


def check_roles(urls: Urls) -> None:
    """Tables must belong to another role than the one that is bound by row-level security.

    Raises:
        SettingsError: if both are the same.
    """
    try:
        owner, app = make_url(urls.owner).username, make_url(urls.app).username
    except ArgumentError:
        raise SettingsError("DATABASE_URL no es una dirección de PostgreSQL.") from None
    if owner == app:
        raise SettingsError(
            "DATABASE_URL y DATABASE_MIGRATION_URL deben usar roles distintos: la segunda, el dueño de las"
            " tablas; la primera, uno sin SUPERUSER ni BYPASSRLS al que se apliquen las reglas por fila."
        )


def mark_as_demo(urls: Urls) -> None:
    """Record that this database holds invented taxpayers, so that production refuses it."""
    mark_instance(urls.owner, DEMO_FACT, "true")


@asynccontextmanager
async def open_services(
    settings: Settings, database_url: str, replaced: "Replacements | None" = None
) -> "AsyncIterator[Services]":
    """Open everything for as long as the context lasts.

    Raises:
        UnsafeRoleError: if the database role is not bound by row-level security.
        SettingsError: in production on demo data.
    """
    from bot.bootstrap import adapters, wiring  # noqa: PLC0415, see __getattr__

    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_base(settings, database_url))
        jobs = make_app(database_url)
        await stack.enter_async_context(jobs.open_async())
        replaced = replaced or adapters.Replacements()
        opened = await adapters.open_adapters(settings, database, jobs, replaced, stack)
        yield wiring.build_services(settings, opened)
