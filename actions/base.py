"""What every action shares: who asks, and telling errors in the trainers' words."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.bootstrap import Services
from bot.core.errors import BotError
from bot.services.ports import Quien

log = structlog.get_logger()

type Events = list[dict[str, Any]]
type Run = Callable[[Any, CollectingDispatcher, Tracker, DomainDict], Coroutine[Any, Any, Events]]


class TributaAction(Action):
    """An action with the services at hand. Subclasses give `name` and `run`."""

    def __init__(self, services: Services) -> None:
        self.services = services

    async def who(self, tracker: Tracker) -> Quien:
        """The taxpayer of this conversation, as linked on the server; nothing a person writes changes it."""
        return await self.services.conversacion.quien_habla(tracker.sender_id)


def tell_errors(run: Run) -> Run:
    """Tell a BotError with its text `utter_error_<key>`; the turn goes on."""

    @wraps(run)
    async def told(
        self: TributaAction, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> Events:
        try:
            return await run(self, dispatcher, tracker, domain)
        except BotError as error:
            log.info("action.told", action=self.name(), key=error.key)
            dispatcher.utter_message(response=f"utter_error_{error.key}", **error.params)
            return []

    return told
