"""POST /{phone_id}/messages: sends, reads, and shows that it types."""

import re
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from sandbox.whatsapp.errors import GraphError, invalid
from sandbox.whatsapp.graph import check_phone, read_json, strike
from sandbox.whatsapp.media import KINDS
from sandbox.whatsapp.outgoing import LONGEST_TRACKER, NAMES, Draft, fitting, shown
from sandbox.whatsapp.people import BSUID, Message, Person
from sandbox.whatsapp.reading import read_object, read_text
from sandbox.whatsapp.settings import DISPLAY_NUMBER
from sandbox.whatsapp.simulator import Simulator

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_WAMID = re.compile(r"wamid\.\S{1,200}")
_PHONE = re.compile(r"\d{7,15}")
_FETCH = aiohttp.ClientTimeout(total=10)


async def messages(request: web.Request, simulator: Simulator) -> web.StreamResponse:
    """As the Graph API answers it."""
    check_phone(request, simulator)
    if simulator.faults.corte:
        simulator.faults.corte -= 1
        return _hang_up(request)
    body = await read_json(request)
    if body.get("messaging_product") != "whatsapp":
        raise GraphError(100, message="The parameter messaging_product is required.")
    if "status" in body:
        return _mark(body, simulator)
    answer = await _send(body, simulator)
    if simulator.faults.respuesta_perdida:
        simulator.faults.respuesta_perdida -= 1
        return _hang_up(request)
    return web.json_response(answer)


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response()


def _mark(body: dict[str, Any], simulator: Simulator) -> web.StreamResponse:
    if body["status"] != "read":
        raise GraphError(100, message="Param status must be one of read.")
    typing = False
    if body.get("typing_indicator") is not None:
        if read_object(body, "typing_indicator").get("type") != "text":
            raise GraphError(100, message="Param typing_indicator['type'] must be one of text.")
        typing = True
    simulator.read_by_business(read_text(body, "message_id"), typing=typing)
    return web.json_response({"success": True})


async def _send(body: dict[str, Any], simulator: Simulator) -> dict[str, Any]:
    if body.get("recipient_type", "individual") != "individual":
        raise GraphError(100, message="Param recipient_type must be one of individual.")
    phone, bsuid = _recipient(body)
    draft = simulator.reader.read(body)
    reply_to, tracker = _context(body), _tracker(body)
    if bsuid and draft.category == "authentication":
        raise GraphError(131062)
    simulator.rates.check_throughput()
    person = simulator.people.find(bsuid) if bsuid else simulator.people.get(phone)
    if person is None:
        raise GraphError(131026)
    if (key := body.get("recipient_identity_key_hash")) and key != person.identity:
        raise GraphError(137000)
    simulator.rates.check_pair(person)
    late = _refused(simulator, person, draft) or await _fetch(simulator, draft)
    message = Message(
        "negocio",
        draft.kind,
        simulator.clock.now(),
        draft.text,
        draft.content,
        reply_to,
        tracker,
        draft.category,
    )
    simulator.from_business(person, message, late)
    contact = {"input": bsuid, "user_id": bsuid} if bsuid else {"input": body["to"], "wa_id": phone}
    sent = {"id": message.id, **({"message_status": "accepted"} if draft.kind == "template" else {})}
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]}


def _recipient(body: dict[str, Any]) -> tuple[str, str]:
    """Digits of a phone, or a BSUID; the phone counts if both are there."""
    if body.get("to"):
        phone = re.sub(r"[+\-\s()]", "", str(body["to"]))
        if not _PHONE.fullmatch(phone):
            raise invalid("to: is not a valid phone number")
        if phone == DISPLAY_NUMBER:
            raise GraphError(131021)
        return phone, ""
    bsuid = body.get("recipient")
    if not bsuid:
        raise GraphError(100, message="The parameter to is required.")
    if not isinstance(bsuid, str) or not BSUID.fullmatch(bsuid):
        raise invalid("recipient: is not a valid business-scoped user ID")
    return "", bsuid


def _context(body: dict[str, Any]) -> str:
    """The message that is answered; the service does not mind if it has forgotten it."""
    if body.get("context") is None:
        return ""
    wamid = read_text(read_object(body, "context"), "message_id")
    if not _WAMID.fullmatch(wamid):
        raise invalid("context: message_id is not valid")
    return wamid


def _tracker(body: dict[str, Any]) -> str | None:
    tracker = body.get("biz_opaque_callback_data")
    if tracker is None:
        return None
    if not isinstance(tracker, str) or len(tracker) > LONGEST_TRACKER:
        raise GraphError(
            100, message=f"Param biz_opaque_callback_data must be at most {LONGEST_TRACKER} characters long."
        )
    return tracker


def _refused(simulator: Simulator, person: Person, draft: Draft) -> GraphError | None:
    """What a valid message meets: an error at once, one later, or nothing."""
    who = (person.phone, person.bsuid)
    if error := strike(simulator.faults.error_envio, who):
        raise error
    if draft.needs_window and not simulator.rates.window_open(person):
        if simulator.faults.ventana == "al_enviar":
            raise GraphError(131047)
        return GraphError(131047)
    return strike(simulator.faults.error_tardio, who)


async def _fetch(simulator: Simulator, draft: Draft) -> GraphError | None:
    """Get the file behind a link of this machine; others are shown as links, for nothing leaves it."""
    if not draft.link or urlsplit(draft.link).hostname not in LOOPBACK:
        return None
    kind, name = next((kind, name) for kind, name in NAMES.items() if name in draft.content)
    file = draft.content[name]
    try:
        data, mime = await _download(draft.link, KINDS[kind][1])
        media = simulator.media.upload(data, mime, file["nombre"] or draft.link.rsplit("/", 1)[-1])
        draft.content[name] = shown(fitting(media, kind))
    except (aiohttp.ClientError, TimeoutError):
        return GraphError(131053, "The file of the link could not be downloaded.")
    except GraphError as error:
        return GraphError(131053, error.details or error.message)
    return None


async def _download(link: str, most: int) -> tuple[bytes, str]:
    """Content and type; one byte too many tells that it is too large."""
    async with (
        aiohttp.ClientSession(timeout=_FETCH, trust_env=False) as session,
        session.get(link, allow_redirects=False) as answer,
    ):
        answer.raise_for_status()
        data = bytearray()
        async for chunk in answer.content.iter_chunked(2**16):
            data += chunk
            if len(data) > most:
                break
        return bytes(data), answer.content_type
