"""What every action shares: who asks, and telling errors in the trainers' words."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ClassVar

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.bootstrap import Services
from bot.core.consulta import Asunto
from bot.core.errors import BotError
from bot.core.mensajes import Pedido
from bot.services.ports import Conversacion, Quien
from bot.telemetry.metrics import count_error

log = structlog.get_logger()

type Events = list[dict[str, Any]]
type Run = Callable[[Any, CollectingDispatcher, Tracker, DomainDict], Coroutine[Any, Any, Events]]


class TributaAction(Action):
    """An action with the services at hand. Subclasses give `name` and `run`.

    `intents` are those that it serves, if messages may go on with it (see `actions.contexto`). Such an action
    may tell the values that it answered with: `SlotSet("asunto", Asunto(…).write())`, without the intent.
    """

    intents: ClassVar[tuple[str, ...]] = ()

    def __init__(self, services: Services) -> None:
        self.services = services

    async def conversation(self, tracker: Tracker) -> Conversacion:
        """This conversation, as linked on the server; nothing a person writes changes it."""
        return await self.services.conversacion.de(tracker.sender_id)

    async def who(self, tracker: Tracker) -> Quien:
        """The taxpayer of this conversation."""
        return Quien((await self.conversation(tracker)).rut)


def pressed(tracker: Tracker) -> Pedido | None:
    """The button that was pressed, if this turn is one."""
    payload = next(tracker.get_latest_entity_values("boton"), None)
    return Pedido.parse(payload) if payload else None


def inherited(tracker: Tracker) -> Asunto:
    """What this turn goes on with, or may take its months from."""
    return Asunto.read(tracker.get_slot("asunto"))


def heard_party(tracker: Tracker) -> str:
    """Who the engine heard named in this turn, as typed; empty if nobody."""
    return next(tracker.get_latest_entity_values("contraparte"), "")


def words(tracker: Tracker) -> str:
    """What was written in this turn."""
    return tracker.latest_message.get("text") or ""


def tell(dispatcher: CollectingDispatcher, error: BotError, facts: dict[str, Any] | None = None) -> None:
    """Say `utter_error_<key>`, with what was understood beside it."""
    count_error("told", error.key)
    log.info("action.told", key=error.key)
    dispatcher.utter_message(response=f"utter_error_{error.key}", json_message=facts, **error.params)


def tell_errors(run: Run) -> Run:
    """Tell a BotError in the trainers' words; the turn goes on."""

    @wraps(run)
    async def told(
        self: TributaAction, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Events:
        try:
            return await run(self, dispatcher, tracker, domain)
        except BotError as error:
            tell(dispatcher, error)
            return []

    return told
