"""Turns in context: a message that goes on with what was spoken of is served by that topic's action."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, heard_party, inherited, pressed, tell_errors, words
from actions.consulta import find_party
from bot.bootstrap import Services
from bot.core.consulta import Asunto, Oido, asks_who_owes, book_named, follow, may_name_somebody
from bot.core.documentos import Libro
from bot.core.evaluacion import UNSURE
from bot.services.ports import Quien


def in_context(actions: Sequence[TributaAction], services: Services) -> list[TributaAction]:
    """The same actions, each giving way to the one that its turn goes on with."""
    serving = {intent: action for action in actions for intent in action.intents}
    return [_InContext(action, serving, services) for action in actions]


class _InContext(TributaAction):
    """What the engine chose, unless the message goes on with something else; keeps what was spoken of."""

    def __init__(
        self, chosen: TributaAction, serving: Mapping[str, TributaAction], services: Services
    ) -> None:
        super().__init__(services)
        self._chosen, self._serving = chosen, serving

    def name(self) -> str:
        return str(self._chosen.name())

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        await self._take_up(tracker)
        ahora = self.services.reloj.ahora()
        previo = inherited(tracker).at(ahora)
        asked = await self._asked(tracker, previo)
        heard = tracker.latest_message.get("intent", {}).get("name")
        action = (
            self._chosen if asked.intent in {"", heard} else self._serving.get(asked.intent, self._chosen)
        )
        tracker.slots["asunto"] = asked.write()
        events: Events = await action.run(dispatcher, tracker, domain)
        # Debts stay out of scope, though what was invoiced is shown.
        if action is not self._chosen and not asks_who_owes(words(tracker)):
            _tell_intent(dispatcher, asked.intent)
        if tracker.get_slot("tropiezos") and not _slot(events, "tropiezos"):
            events.append(SlotSet("tropiezos", None))
        if not action.intents:
            return events
        answered = replace(Asunto.read(_slot(events, "asunto")), intent=asked.intent)
        others = [event for event in events if event.get("name") != "asunto"]
        return [*others, SlotSet("asunto", answered.after(previo, ahora).write())]

    async def _take_up(self, tracker: Tracker) -> None:
        """A button that says what an earlier message was about: as if that had been understood at once."""
        asked = pressed(tracker)
        if asked is None or asked.retomado is None:
            return
        here = await self.conversation(tracker)
        texto = await self.services.conversacion.texto_de(here, asked.retomado)
        chosen = {"name": asked.intent, "confidence": 1.0}
        again: dict[str, Any] = {"text": texto, "entities": _heard_in(tracker, texto or ""), "intent": chosen}
        if texto is None:  # it is no longer kept
            again = {"entities": [{"entity": "boton", "value": asked.intent}]}
        tracker.latest_message = {**tracker.latest_message, **again}

    async def _asked(self, tracker: Tracker, previo: Asunto) -> Asunto:
        """What this turn asks for; a button, however old, says all of it itself."""
        guess = tracker.latest_message.get("intent", {})
        intent = guess.get("name") or ""
        if pressed(tracker):
            return Asunto(intent)
        oido = Oido(
            "" if intent == UNSURE else intent,
            guess.get("confidence") or 0.0,
            await self._names_party(tracker, previo),
            heard_party(tracker),
        )
        asked = follow(words(tracker), oido, previo, self.services.reloj.hoy())
        return asked if asked.sigue else await self._in_their_book(tracker, asked)

    async def _in_their_book(self, tracker: Tracker, asked: Asunto) -> Asunto:
        """`factura de sodimac` says no book: it is of the one that has somebody of that name."""
        texto, libro = words(tracker), asked.libro
        if libro is None or asked.clase == "pendientes" or book_named(texto) or not may_name_somebody(texto):
            return asked
        quien = Quien((await self.conversation(tracker)).rut)
        [other] = set(Libro) - {libro}
        for one in (libro, other):
            if await find_party(texto, self.services.libro(one), quien):
                return replace(asked, intent=f"{one}_{asked.clase}") if one is other else asked
        return asked

    async def _names_party(self, tracker: Tracker, previo: Asunto) -> bool:
        libro = previo.libro or (previo.fondo.libro if previo.fondo else None)
        if libro is None or not may_name_somebody(words(tracker)):
            return False
        quien = Quien((await self.conversation(tracker)).rut)
        return await find_party(words(tracker), self.services.libro(libro), quien) is not None


def _heard_in(tracker: Tracker, texto: str) -> list[dict[str, Any]]:
    """The entities that the engine heard in an earlier message, as long as it remembers it."""
    said = [event for event in tracker.events if event.get("event") == "user" and event.get("text")]
    heard: dict[str, Any] = next((event for event in reversed(said) if texto.endswith(event["text"])), {})
    entities: list[dict[str, Any]] = heard.get("parse_data", {}).get("entities", [])
    return entities


def _slot(events: Events, name: str) -> Any:
    return next((event["value"] for event in events if event.get("name") == name), None)


def _tell_intent(dispatcher: CollectingDispatcher, intent: str) -> None:
    """Beside the answer, for the API: the engine heard something else."""
    for message in dispatcher.messages[:1]:
        message["custom"] = {**(message.get("custom") or {}), "intent": intent}
