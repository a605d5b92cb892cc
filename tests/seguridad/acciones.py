"""Actions run as the engine runs them, and what they say as people read it."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import ACTIONS
from bot.bootstrap import Services

# What these do at once is what they are for; all others answer, or ask before they do anything.
_ACT = {"action_cerrar_sesion", "action_cambiar_empresa", "action_iniciar_sesion", "action_actualizar_sii"}


def answering(services: Services) -> list[type]:
    """The actions that answer."""
    return [one for one in ACTIONS if one(services).name() not in _ACT]


async def said(services: Services, conversacion: str, action: type, texto: str) -> tuple[str, str]:
    """What an action tells there, as it is read and with all that goes beside it."""
    latest = {"text": texto, "entities": [], "intent": {"name": "fuera_de_alcance"}}
    tracker = Tracker(conversacion, {}, latest, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    await action(services).run(dispatcher, tracker, {})
    texts = [_shown(services, dict(one)) for one in dispatcher.messages]
    return "\n".join(texts), repr(dispatcher.messages)


def _shown(services: Services, message: dict[str, Any]) -> str:
    name = message.pop("response", None) or message.pop("template", None)
    return services.textos.texto(name, **message) if name else message.get("text") or ""
