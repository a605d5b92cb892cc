"""What admins read across taxpayers: right for each of them, and in as few queries for many as for one."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, Select, event
from sqlalchemy.dialects import postgresql

from bot.bootstrap import Services
from bot.core.rut import Rut
from bot.services.ports_admin import Pagina
from bot.storage.administracion import AdminRepository, _intents, _latency, _said
from bot.storage.embedded import Urls
from tests.conftest import HOY, A, B

MANY = 30
NOBODY = Rut(11_111_111)


@pytest.fixture
def admin(services: Services) -> AdminRepository:
    """Reads in the admins' scope."""
    return AdminRepository(services.database)


@pytest.fixture
def queries() -> Iterator[list[str]]:
    """Every statement that is sent to the database."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


def fill(urls: Urls) -> None:
    """A has a bit of everything twice, B once, and many others nothing."""
    with psycopg.connect(urls.owner) as owner:
        for rut, times in ((A, 2), (B, 1)):
            for n in range(times):
                owner.execute(
                    "INSERT INTO messages (rut, conversacion, direccion, texto, estado, creado)"
                    " VALUES (%s, 'c', 'entrada', 'hola', 'respondido', %s)",
                    (str(rut), HOY + timedelta(days=n)),
                )
                for expira in ("1 day", "-1 day"):
                    owner.execute(
                        "INSERT INTO sessions (rut, token_hash, expira)"
                        " VALUES (%s, md5(random()::text), now() + %s::interval)",
                        (str(rut), expira),
                    )
                for libro in ("ventas", "compras")[:times]:
                    owner.execute(
                        "INSERT INTO cobertura (rut, libro, periodo, estado, origen, actualizado)"
                        " VALUES (%s, %s, %s, '', 'csv', now())",
                        (str(rut), libro, f"2026-0{n + 1}"),
                    )
        owner.execute("INSERT INTO claves (rut, cifrada, llave) VALUES (%s, 'x', 'x')", (str(A),))
        for number in range(MANY):
            owner.execute(
                "INSERT INTO contributors (rut, nombre) VALUES (%s, %s)",
                (str(Rut(50_000_000 + number)), f"Áridos Ñuble {number}"),
            )


async def test_each_ficha_has_its_own_figures(admin: AdminRepository, clean: Urls) -> None:
    """In a list and alone; whoever has nothing is shown with nothing."""
    fill(clean)
    found, total = await admin.contribuyentes("", Pagina(1, 200))
    assert total == len(found) == MANY + 2
    fichas = {ficha.rut: ficha for ficha in found}
    a, b, nothing = fichas[str(A)], fichas[str(B)], fichas[str(Rut(50_000_000))]
    assert (a.mensajes, a.sesiones, a.tiene_clave, a.ultimo_mensaje) == (2, 2, True, HOY + timedelta(days=1))
    assert [(one.libro, one.periodo) for one in a.sincronizacion] == [
        ("compras", "2026-02"),
        ("ventas", "2026-02"),
    ]
    assert (b.mensajes, b.sesiones, b.tiene_clave, b.ultimo_mensaje) == (1, 1, False, HOY)
    assert [(one.libro, one.periodo) for one in b.sincronizacion] == [("ventas", "2026-01")]
    assert (nothing.mensajes, nothing.sesiones, nothing.ultimo_mensaje) == (0, 0, None)
    assert nothing.sincronizacion == ()
    for rut in (A, B):
        assert await admin.contribuyente(rut) == fichas[str(rut)]
    assert await admin.contribuyente(NOBODY) is None


@pytest.mark.parametrize("busca", ["", "aridos nuble", "5000"])
async def test_pages_of_a_search(admin: AdminRepository, clean: Urls, busca: str) -> None:
    """Every page once and in order, with the same total, beyond the last page too."""
    fill(clean)
    everybody, total = await admin.contribuyentes(busca, Pagina(1, 200))
    assert total == len(everybody) >= MANY
    paged = []
    for number in range(1, 6):
        found, counted = await admin.contribuyentes(busca, Pagina(number, 10))
        assert counted == total
        paged += found
    assert paged == everybody
    assert await admin.contribuyentes("nadie se llama así", Pagina(1)) == ([], 0)
    assert await admin.contribuyentes("nadie se llama así", Pagina(2)) == ([], 0)


@pytest.mark.parametrize("busca", ["", "aridos nuble"])
async def test_a_long_page_needs_no_more_queries(
    admin: AdminRepository, clean: Urls, queries: list[str], busca: str
) -> None:
    """As many for thirty taxpayers as for one."""
    fill(clean)
    sent = []
    for limite in (1, 30):
        queries.clear()
        found, _ = await admin.contribuyentes(busca, Pagina(1, limite))
        assert len(found) == limite
        sent.append(len(queries))
    assert sent[0] == sent[1] <= 8


@pytest.mark.parametrize(
    ("question", "index"),
    [(_said, "messages_creado"), (_intents, "messages_creado"), (_latency, "messages_respuestas")],
)
async def test_the_summary_reads_only_its_days(
    services: Services, clean: Urls, question: Callable[..., Select[Any]], index: str
) -> None:
    """The planner takes the index, row-level security or not, once there are messages enough."""
    with psycopg.connect(clean.owner, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO messages (id, rut, conversacion, direccion, responde_a, texto, estado, creado)"
            " SELECT n, %s, 'c', 'salida', n - 1, 'x', 'enviado', %s::timestamptz - n * interval '1 hour'"
            " FROM generate_series(1, 20000) n",
            (str(A), HOY),
        )
        owner.execute("ANALYZE messages")
    asked = question(HOY - timedelta(days=1), HOY)
    text = str(asked.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
    async with services.database.scope(alcance="admin") as connection:
        plan = [line for (line,) in await connection.exec_driver_sql("EXPLAIN " + text.replace("%%", "%"))]
    assert index in "\n".join(plan)
    assert "Seq Scan on messages" not in "\n".join(plan)
