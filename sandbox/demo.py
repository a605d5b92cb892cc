"""What `make run` starts: Tributa with two invented taxpayers and 24 months of their books."""

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import date
from urllib.parse import urljoin

import typer
from rich.panel import Panel
from rich.progress import Progress

from bot.bootstrap import Services, mark_as_demo, open_database, open_services
from bot.cli import address, console, load_settings, start, tellable
from bot.core.documentos import EstadoCompra, Libro
from bot.core.periodo import Periodo
from bot.private import SettingsError
from bot.programs import Companion, free_port, listen
from bot.services.ports import Destino, FiltroDocumentos, Quien
from bot.settings import Settings
from sandbox.demo_datos import DEMO, Contribuyente, MesDemo, mes_demo, meses_demo
from sandbox.sii.ajustes import PORT as SII_PORT
from sandbox.telegram.__main__ import PORT as TELEGRAM_PORT
from sandbox.whatsapp.settings import PORT, Business

_ESTADOS: dict[Libro, tuple[EstadoCompra | None, ...]] = {
    Libro.VENTAS: (None,),
    Libro.COMPRAS: tuple(EstadoCompra),
}
MONTHS = 24
# What each companion's page is, and where its address is found.
_PAGES = {
    "whatsapp": ("Sus teléfonos, con el WhatsApp de mentira, están", "WHATSAPP_GRAPH_URL"),
    "telegram": ("Y hay un Telegram de mentira", "TELEGRAM_API_URL"),
    "sii": ("El SII de mentira, que puedes poner en mantención, está", "SII_BASE_URL"),
}


async def load_demo(services: Services, settings: Settings) -> None:
    """Store both taxpayers; months that are there already are only renewed if they can have changed."""
    hoy = services.reloj.hoy()
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Cargando datos de demostración", total=len(DEMO) * MONTHS)
        for contribuyente in DEMO:
            await services.cuentas.agregar(
                contribuyente.rut,
                contribuyente.nombre,
                password(settings, contribuyente),
                phone(contribuyente),
            )
            for mes in await _months_to_load(services, contribuyente, hoy):
                await _store(services, contribuyente, mes)
                progress.advance(task)


def password(settings: Settings, contribuyente: Contribuyente) -> str:
    """Random, made once for this installation."""
    return settings.secret(f"demo_{contribuyente.rut}")[:12]


def clave(settings: Settings, contribuyente: Contribuyente) -> str:
    """The clave of the simulated SII, made as the password."""
    return settings.secret(f"demo_sii_{contribuyente.rut}")[:12]


def phone(contribuyente: Contribuyente) -> str:
    """Invented: +56 9 0000 0001 and on."""
    return f"+5690000{DEMO.index(contribuyente) + 1:04}"


def telefono(settings: Settings) -> Companion | None:
    """A WhatsApp on this machine with everybody's phone, unless the operator has one of their own."""
    if "WHATSAPP_GRAPH_URL" in os.environ:
        return None
    port = _port("TRIBUTA_TELEFONO_PORT", PORT)
    command = [sys.executable, "-m", "sandbox.whatsapp", "--port", str(port)]
    for one in DEMO:
        command += ["--persona", f"{phone(one)}={one.nombre}"]
    return Companion(
        "whatsapp",
        command,
        {
            "WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{port}",
            "WHATSAPP_PHONE_ID": Business.phone_id,
            "WHATSAPP_WABA_ID": Business.waba_id,
            "WHATSAPP_TOKEN": settings.secret("demo_whatsapp"),
            "WHATSAPP_APP_SECRET": settings.secret("demo_whatsapp_app"),
            "WHATSAPP_VERIFY_TOKEN": settings.secret("demo_whatsapp_verify"),
            "WHATSAPP_CALLBACK_URL": f"http://127.0.0.1:{settings.port}/webhooks/whatsapp",
        },
    )


def telegram(settings: Settings) -> Companion | None:
    """A Telegram on this machine, unless the operator has a bot of their own."""
    if "TELEGRAM_TOKEN" in os.environ:
        return None
    port = _port("TRIBUTA_TELEGRAM_PORT", TELEGRAM_PORT)
    return Companion(
        "telegram",
        [sys.executable, "-m", "sandbox.telegram", "--port", str(port)],
        {
            "TELEGRAM_API_URL": f"http://127.0.0.1:{port}",
            "TELEGRAM_TOKEN": f"7000000001:{settings.secret('demo_telegram')}",
            "TELEGRAM_MODE": "polling",
        },
    )


def sii(settings: Settings) -> Companion | None:
    """An SII on this machine with both taxpayers' books, unless the operator reaches the real one."""
    if "SII_TOKEN" in os.environ:
        return None
    port = _port("TRIBUTA_SII_PORT", SII_PORT)
    command = [sys.executable, "-m", "sandbox.sii", "--port", str(port)]
    for one in DEMO:
        command += ["--clave", f"{one.rut}={clave(settings, one)}"]
    return Companion(
        "sii",
        command,
        {
            "SII_BASE_URL": f"http://127.0.0.1:{port}/api/v1",
            "SII_API_VERSION": "1",
            "SII_TOKEN": settings.secret("demo_sii"),
        },
    )


def _port(variable: str, usual: int) -> int:
    """The one that the operator wants, or a free one."""
    wanted = os.environ.get(variable)
    return int(wanted) if wanted else first_free(usual)


def first_free(port: int) -> int:
    """That port or one of the next, whichever nobody uses."""
    for candidate in range(port, port + 20):
        try:
            listen("127.0.0.1", candidate).close()
        except SettingsError:
            continue
        return candidate
    return free_port()


async def _months_to_load(services: Services, contribuyente: Contribuyente, hoy: date) -> list[MesDemo]:
    current = Periodo.of(hoy)
    periodos = tuple(current.plus(1 - MONTHS).until(current))
    found = await services.ventas.resumen(Quien(contribuyente.rut), FiltroDocumentos(periodos))
    if len(found.faltan) == MONTHS:
        return list(meses_demo(contribuyente, hoy, MONTHS))
    # Purchases wait eight days in PENDIENTE, so the month before may have changed too.
    changing = {*found.faltan, current, current.plus(-1)}
    return [mes_demo(contribuyente, periodo, hoy) for periodo in sorted(changing)]


async def _store(services: Services, contribuyente: Contribuyente, mes: MesDemo) -> None:
    for libro, estados in _ESTADOS.items():
        for estado in estados:
            destino = Destino(libro, mes.periodo, estado, "demo", services.reloj.ahora())
            documentos = [one for one in mes.documentos if (one.libro, one.estado) == (libro, estado)]
            await services.registro.importar(contribuyente.rut, destino, documentos)
            filas = [fila for book, state, fila in mes.filas if (book, state) == (libro, estado)]
            await services.registro.guardar_resumen(contribuyente.rut, destino, filas)


def _welcome(settings: Settings, companions: Sequence[Companion]) -> None:
    lines = [f"Abre [bold]{address(settings)}[/bold] y entra con uno de estos contribuyentes inventados:", ""]
    for one in DEMO:
        lines.append(f"  RUT {one.rut.pretty}   contraseña {password(settings, one)}   {one.nombre}")
    for page in companions:
        told, variable = _PAGES[page.name]
        lines += ["", f"{told} en [bold]{urljoin(page.environment[variable], '/')}[/bold]"]
        if page.name == "sii":
            lines += [f"  RUT {one.rut.pretty}   clave del SII {clave(settings, one)}" for one in DEMO]
    lines += [
        "",
        "Para programas (AGENT_API_KEY):",
        f"  {settings.secret('agent_api_key')}",
        "",
        "Ctrl-C lo detiene todo.",
    ]
    console.print(Panel("\n".join(lines), title="Tributa está funcionando", expand=False))


def main() -> None:
    """Migrate, load the demo, start everything, and tell how to come in."""
    with tellable():
        settings = load_settings()
        if settings.env == "production":
            raise SettingsError("Los datos de demostración no se cargan en producción.")
        with open_database(settings) as urls:
            mark_as_demo(urls)
            asyncio.run(_load(settings, urls.app))
            companions = [one for one in (telefono(settings), telegram(settings), sii(settings)) if one]
            start(settings, urls, lambda: _welcome(settings, companions), companions)


async def _load(settings: Settings, database_url: str) -> None:
    async with open_services(settings, database_url) as services:
        await load_demo(services, settings)


if __name__ == "__main__":
    try:
        main()
    except typer.Exit as ended:
        sys.exit(ended.exit_code)
