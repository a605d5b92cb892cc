"""The persons' side, for the page and for tests."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.whatsapp.graph import SIMULATOR
from sandbox.whatsapp.people import Person, bsuid_of
from sandbox.whatsapp.simulator import Simulator
from sandbox.whatsapp.writing import CannotDoError, Writing, write

_PING_SECONDS = 15
_LONGEST_WAIT = 60
_INLINE = ("image/jpeg", "image/png", "image/webp", "audio/", "video/")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewPerson(_Strict):
    """A phone to be listed; without a number, its holder shows none."""

    telefono: str = Field("", pattern=r"^(\+?[\d\s()-]{7,20})?$")
    nombre: str = Field("", max_length=100)


class Who(_Strict):
    """One of the listed phones."""

    telefono: str = ""
    bsuid: str = ""


class NewNumber(Who):
    """A phone that gets another number."""

    nuevo: str = Field(pattern=r"^\+?[\d\s()-]{7,20}$")


def refuse(status: int, text: str) -> web.HTTPException:
    """A refusal that tests and the page can read."""
    made = {400: web.HTTPBadRequest, 404: web.HTTPNotFound, 409: web.HTTPConflict}[status]
    return made(text=json.dumps({"error": text}), content_type="application/json")


async def read_model[M: BaseModel](request: web.Request, model: type[M]) -> M:
    """The request's body.

    Raises:
        HTTPException: 400, if it is something else.
    """
    try:
        return model.model_validate_json(await request.read() or b"{}")
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise refuse(400, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _person(simulator: Simulator, who: str) -> Person:
    person = simulator.people.find(who)
    if person is None:
        raise refuse(404, "no hay nadie con ese número")
    return person


async def people(request: web.Request) -> web.Response:
    """GET /telefono/personas: everybody, with what was said last."""
    simulator = request.app[SIMULATOR]
    now = simulator.clock.seconds()
    found = [
        {
            **one.as_json(),
            "escribiendo": max(0, round(one.typing_until - now)),
            "ventana": simulator.rates.window_open(one),
            "mensajes": [message.as_json() for message in one.messages],
        }
        for one in simulator.people.known
    ]
    return web.json_response({"negocio": simulator.business.name, "personas": found})


async def add_person(request: web.Request) -> web.Response:
    """POST /telefono/personas."""
    simulator, new = request.app[SIMULATOR], await read_model(request, NewPerson)
    if not (new.telefono or new.nombre):
        raise refuse(400, "falta el número o el nombre")
    person = simulator.people.get(new.telefono, "" if new.telefono else bsuid_of(new.nombre), new.nombre)
    simulator.tell(person, nueva=True)
    return web.json_response(person.as_json())


async def send(request: web.Request) -> web.Response:
    """POST /telefono/mensajes: a person sends something."""
    simulator, writing = request.app[SIMULATOR], await read_model(request, Writing)
    if writing.bsuid and simulator.people.find(writing.bsuid) is None and not writing.nombre:
        raise refuse(404, "no hay nadie con ese BSUID")
    try:
        person, message = write(simulator, writing)
    except CannotDoError as error:
        raise refuse(409, str(error)) from None
    return web.json_response({**person.as_json(), "mensaje": message.as_json()})


async def mark_read(request: web.Request) -> web.Response:
    """POST /telefono/leido: the person looks at the conversation."""
    simulator, who = request.app[SIMULATOR], await read_model(request, Who)
    simulator.read_by_person(_person(simulator, who.bsuid or who.telefono))
    return web.json_response({"ok": True})


async def change_number(request: web.Request) -> web.Response:
    """POST /telefono/numero: the person moves to another number, and so to another BSUID."""
    simulator, change = request.app[SIMULATOR], await read_model(request, NewNumber)
    person = _person(simulator, change.bsuid or change.telefono)
    digits = "".join(filter(str.isdigit, change.nuevo))
    if not person.phone or simulator.people.find(digits):
        raise refuse(409, "ese número no se puede usar")
    old, person.phone = person.wa_id, f"+{digits}"
    person.bsuid = bsuid_of(person.phone)
    simulator.deliverer.put(simulator.payloads.changed_number(person, old, simulator.clock.now()))
    simulator.tell(person, nueva=True)
    return web.json_response(person.as_json())


async def change_identity(request: web.Request) -> web.Response:
    """POST /telefono/identidad: the number is now on another device."""
    simulator, who = request.app[SIMULATOR], await read_model(request, Who)
    person = _person(simulator, who.bsuid or who.telefono)
    person.changes += 1
    simulator.deliverer.put(simulator.payloads.changed_identity(person, simulator.clock.now()))
    return web.json_response({**person.as_json(), "identidad": person.identity})


async def messages(request: web.Request) -> web.Response:
    """GET /mensajes.json?telefono=&tras=&espera=: a conversation, oldest first.

    Only what came after the message `tras`; with `espera`, it waits up to so many seconds until the business
    has written.
    """
    simulator, query = request.app[SIMULATOR], request.query
    who = query.get("bsuid") or query.get("telefono")
    try:
        seconds = min(float(query.get("espera", 0)), _LONGEST_WAIT)
    except ValueError:
        raise refuse(400, "espera: segundos") from None
    queue = simulator.events.subscribe()
    try:
        async with asyncio.timeout(seconds):
            while seconds and not _answered(_conversation(simulator, who, query.get("tras", ""))):
                await queue.get()
    except TimeoutError:
        pass
    finally:
        simulator.events.queues.discard(queue)
    return web.json_response({"mensajes": _conversation(simulator, who, query.get("tras", ""))})


def _conversation(simulator: Simulator, who: str | None, after: str) -> list[dict[str, Any]]:
    person = simulator.people.find(who) if who else None
    chosen = simulator.people.known if who is None else [person] if person else []
    found = [{**one.as_json(), **message.as_json()} for one in chosen for message in one.messages]
    found.sort(key=lambda message: str(message["hora"]))
    places = [place for place, message in enumerate(found) if message["id"] == after]
    return found[places[0] + 1 :] if places else found


def _answered(found: list[dict[str, Any]]) -> bool:
    return any(message["de"] == "negocio" for message in found)


async def file(request: web.Request) -> web.Response:
    """GET /telefono/archivos/{id}: a file, shown only if showing it is harmless."""
    media = request.app[SIMULATOR].media.find(request.match_info["id"])
    if media is None:
        raise refuse(404, "el archivo ya no está")
    harmless = media.mime.startswith(_INLINE)
    way = "inline" if harmless and "descargar" not in request.query else "attachment"
    headers = {
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(media.name or media.id)}",
        "Content-Type": media.mime
        if harmless or media.mime == "application/pdf"
        else "application/octet-stream",
    }
    return web.Response(body=media.data, headers=headers)


async def events(request: web.Request) -> web.StreamResponse:
    """GET /telefono/eventos: what happens, as it happens."""
    simulator = request.app[SIMULATOR]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    queue = simulator.events.subscribe()
    try:
        await response.write(b"retry: 1000\n\n")
        while True:
            try:
                what = await asyncio.wait_for(queue.get(), _PING_SECONDS)
                await response.write(f"data: {json.dumps(what, ensure_ascii=False)}\n\n".encode())
            except TimeoutError:
                await response.write(b": sigo aqui\n\n")
    except (ConnectionError, asyncio.CancelledError):
        return response
    finally:
        simulator.events.queues.discard(queue)


class Ahead(_Strict):
    """How far the clock goes ahead."""

    segundos: float = Field(ge=0, le=timedelta(days=400).total_seconds())


async def advance(request: web.Request) -> web.Response:
    """POST /simulador/reloj."""
    simulator, ahead = request.app[SIMULATOR], await read_model(request, Ahead)
    simulator.clock.advance(ahead.segundos)
    return web.json_response({"ahora": simulator.clock.now().isoformat()})
