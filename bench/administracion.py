"""The admin's questions to a big installation: 50,000 taxpayers with 500,000 messages of two years.

`python -m bench administracion`
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from bot.bootstrap import open_database
from bot.core.rut import Rut
from bot.services.ports_admin import FiltroMensajes, FiltroRegistros, Pagina
from bot.services.reloj import SANTIAGO
from bot.settings import Settings
from bot.storage.administracion import AdminRepository
from bot.storage.database import Database

CONTRIBUTORS, MESSAGES, LOGS = 50_000, 500_000, 500_000
CALLS = 21
DAY = timedelta(days=1)
NOW = datetime.now(SANTIAGO)
FIRST = Rut(50_000_000)
NAMES = "Comercial Áridos Viña Panadería Transportes Ñuble Ferretería Asesorías Agrícola Óptica".split()
PLACES = "Alerce Boldo Coihue Maipú Ñuñoa Temuco Chillán Ránquil Huasco Andacollo Quillón".split()
FILL = """
ANALYZE contributors;
INSERT INTO cobertura (rut, libro, periodo, estado, origen, actualizado)
  SELECT rut, libro, periodo, '', 'csv', now() FROM contributors,
  unnest(ARRAY['ventas', 'compras']) libro, unnest(ARRAY['2026-07', '2026-08', '2026-09']) periodo;
INSERT INTO sessions (rut, token_hash, expira)
  SELECT rut, md5(rut), now() + interval '1 day' FROM contributors TABLESAMPLE BERNOULLI (20) REPEATABLE (1);
INSERT INTO claves (rut, cifrada, llave)
  SELECT rut, 'x', 'x' FROM contributors TABLESAMPLE BERNOULLI (30) REPEATABLE (2);
-- Each question is followed by its answer; a few taxpayers ask much more than the others.
INSERT INTO messages (id, rut, conversacion, direccion, responde_a, texto, intent, confianza, estado, creado)
  SELECT n, ruts[1 + floor(power(random_at, 3) * cardinality(ruts))::int], 'c', direccion, responde_a,
    'cuánto le vendí a comercial alerce en septiembre',
    CASE WHEN direccion = 'entrada' THEN 'ventas_' || n / 2 %% 9 END, 0.9,
    CASE WHEN direccion = 'entrada' THEN 'respondido' ELSE 'enviado' END,
    now() - interval '730 days' * (1 - n / %(messages)s::float) + interval '2 seconds' * (n %% 2)
  FROM (SELECT array_agg(rut) AS ruts FROM contributors) all_ruts, (
    SELECT n, CASE WHEN n %% 2 = 0 THEN 'entrada' ELSE 'salida' END AS direccion,
      CASE WHEN n %% 2 = 1 THEN n - 1 END AS responde_a,
      ('x' || left(md5((n / 2)::text), 7))::bit(28)::int / 268435456.0 AS random_at
    FROM generate_series(2, %(messages)s + 1) n) numbered;
INSERT INTO logs (rut, momento, evento, actor)
  SELECT rut, creado, 'sesion.abierta', '' FROM messages LIMIT %(logs)s;
"""


def main() -> None:
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data=Path(folder), env="development")
        with open_database(settings) as urls:
            fill(urls.owner)
            asyncio.run(measure(urls.app))


def fill(owner_url: str) -> None:
    """Valid RUTs, names with accents, and what a taxpayer leaves behind in use."""
    with psycopg.connect(owner_url, autocommit=True) as owner:
        with owner.cursor().copy(
            "COPY contributors (rut, nombre, telefono, verificado) FROM STDIN"
        ) as contributors:
            for number in range(CONTRIBUTORS):
                nombre = f"{NAMES[number % 10]} {PLACES[number % 11]} {number} SpA"
                rut = Rut(FIRST.number + number * 13)
                contributors.write_row((str(rut), nombre, f"+569{number:08}", True))
        counts = {"messages": MESSAGES, "logs": LOGS}
        for statement in FILL.split(";\n"):
            if statement.strip():
                owner.execute(statement % counts if "%(" in statement else statement)  # type: ignore[arg-type]
        owner.execute("VACUUM ANALYZE")


async def measure(url: str) -> None:
    """Each question by turns, so that a noisy machine is noisy for all."""
    database = Database(url)
    admin = AdminRepository(database)
    some = Rut(FIRST.number + 13 * 20_000)
    questions: dict[str, Callable[[], Awaitable[Any]]] = {
        "contribuyentes, página 1": lambda: admin.contribuyentes("", Pagina(1)),
        "contribuyentes, página 100": lambda: admin.contribuyentes("", Pagina(100)),
        "por comienzo del RUT": lambda: admin.contribuyentes("50.26", Pagina(1)),
        "por parte del nombre": lambda: admin.contribuyentes("nunoa 31", Pagina(1)),
        "sin ningún resultado": lambda: admin.contribuyentes("no hay nadie así", Pagina(1)),
        "una ficha": lambda: admin.contribuyente(some),
        "la ficha de quien más pregunta": lambda: admin.contribuyente(FIRST),
        "mensajes, página 1": lambda: admin.mensajes(FiltroMensajes(), Pagina(1)),
        "mensajes, página 100": lambda: admin.mensajes(FiltroMensajes(), Pagina(100)),
        "mensajes de uno": lambda: admin.mensajes(FiltroMensajes(rut=some), Pagina(1)),
        "mensajes de un día": lambda: admin.mensajes(FiltroMensajes(desde=NOW - DAY), Pagina(1)),
        "registros, página 1": lambda: admin.registros(FiltroRegistros(), Pagina(1)),
        "resumen de un día": lambda: admin.cifras(NOW - DAY, NOW),
        "resumen de un mes": lambda: admin.cifras(NOW - 30 * DAY, NOW),
    }
    spent: dict[str, list[float]] = {name: [] for name in questions}
    for _ in range(CALLS):
        for name, ask in questions.items():
            began = time.perf_counter()
            await ask()
            spent[name].append((time.perf_counter() - began) * 1000)
    await database.close()
    print(f"\nPreguntas de administración: {CONTRIBUTORS} contribuyentes, {MESSAGES} mensajes")
    print(f"{'':32}{'p50 ms':>9}{'máximo':>9}")
    for name, times in spent.items():
        print(f"{name:32}{median(times):9.1f}{max(times):9.1f}")
