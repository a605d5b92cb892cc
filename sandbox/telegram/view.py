"""Chats as tests and the page read them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.telegram.simulator import Chat, Message, Simulator

_ZONE = ZoneInfo("America/Santiago")
_KINDS = {
    "photo": "imagen", "document": "documento", "contact": "contacto", "voice": "voz",
    "sticker": "sticker", "location": "ubicacion",
}  # fmt: skip


def chat(simulator: Simulator, found: Chat) -> dict[str, Any]:
    """A chat and what is on the screen around it."""
    rows = (found.keyboard or {}).get("keyboard", [])
    person = found.person
    return {
        "mensajes": [message(simulator, one) for one in found.messages.values()],
        "teclado": [
            [{"titulo": one["text"], "contacto": bool(one.get("request_contact"))} for one in row]
            for row in rows
        ],
        "de_una_vez": bool((found.keyboard or {}).get("one_time_keyboard")),
        "teclado_de": found.keyboard_from,
        "accion": simulator.action(found),
        "aviso": found.notice,
        "persona": {
            "id": person.id,
            "nombre": person.name,
            "empezo": person.started,
            "bloqueado": person.blocked,
        },
        "descripcion": simulator.description,
        "comandos": list(simulator.commands.values())[-1] if simulator.commands else [],
    }


def message(simulator: Simulator, one: Message) -> dict[str, Any]:
    """One message of either side."""
    kind = next((name for key, name in _KINDS.items() if key in one), "texto")
    rows = one.get("reply_markup", {}).get("inline_keyboard", [])
    return {
        "id": one["message_id"],
        "usuario": one["chat"]["id"],
        "de": "bot" if one["from"]["is_bot"] else "persona",
        "tipo": kind,
        "texto": _text(one, kind),
        "formato": one.get("entities") or one.get("caption_entities") or [],
        "botones": [_button(button) for row in rows for button in row],
        "filas": [len(row) for row in rows],
        "editado": "edit_date" in one,
        "hora": datetime.fromtimestamp(one["date"], _ZONE).strftime("%H:%M:%S"),
        **_file(simulator, one, kind),
    }


def _text(one: Message, kind: str) -> str:
    if kind == "contacto":
        return f"{one['contact']['first_name']} {one['contact']['phone_number']}"
    if kind == "sticker":
        return str(one["sticker"]["emoji"])
    if kind == "ubicacion":
        return f"{one['location']['latitude']}, {one['location']['longitude']}"
    return str(one.get("text") or one.get("caption") or "")


def _button(button: dict[str, Any]) -> dict[str, str]:
    found = {"titulo": button["text"], "id": button.get("callback_data", "")}
    return found | ({"url": button["url"]} if "url" in button else {})


def _file(simulator: Simulator, one: Message, kind: str) -> dict[str, Any]:
    if kind not in ("imagen", "documento"):
        return {}
    file_id = one["photo"][-1]["file_id"] if kind == "imagen" else one["document"]["file_id"]
    stored = simulator.files[file_id]
    return {kind: f"/telegram/archivos/{stored.id}", "nombre": stored.name, "tamano": len(stored.data)}
