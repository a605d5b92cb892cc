"""The only door of the Rasa server: POST /webhooks/gateway/webhook, with a token, for whole turns.

Differences from Rasa's own REST channel: a person's text is never a command (`/intent`), one object per
utterance, what was understood comes back with it, and a failure is a 500 instead of an empty list.
Loading this module also mends some spots of Rasa 3.6 (see the end).
"""

import hmac
import json
import os
import re
import socket
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from time import monotonic
from typing import Any

import structlog
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.nlg import interpolator
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.server.protocols.http_protocol import HttpProtocol
from stores import MAXIMUM_CONVERSATIONS
from traces import set_up

from bot.telemetry.traces import HEADER, follow, note

log = structlog.get_logger()
# The tracker of the turn that this task takes: read from the store it could be the next message's already.
_TURN: "ContextVar[DialogueStateTracker | None]" = ContextVar("turn", default=None)
# What conversations were about after the last turn that this engine took.
_CONTEXTS: "OrderedDict[str, dict[str, Any]]" = OrderedDict()
UNSURE = "nlu_fallback"
# Longer than the application keeps a connection that it does not use; see bot/channels/dialogue.py.
_CLIENT_KEEPS = 3.0
_KEEP = ("text", "buttons", "image", "attachment", "custom")


class GatewayOutput(CollectingOutputChannel):
    """One JSON object per utterance, with everything that belongs to it."""

    @classmethod
    def name(cls) -> str:
        return "gateway"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append({key: message[key] for key in _KEEP if message.get(key)})


class GatewayInput(InputChannel):
    """Takes one turn of a conversation from the application, and from nobody else."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()

    @classmethod
    def name(cls) -> str:
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "InputChannel":
        token = (credentials or {}).get("token") or ""
        if not token or token.startswith("${"):  # Rasa leaves the name of a variable that is not set
            cls.raise_missing_credentials_exception()
        return cls(token)

    def get_output_channel(self) -> GatewayOutput:
        return GatewayOutput()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("gateway_webhook", __name__)

        @routes.get("/")
        async def health(request: Request) -> Any:
            agent = request.app.ctx.agent
            ready = agent is not None and agent.is_ready()
            told = {"ready": ready, "pid": os.getpid(), "model": agent.model_id if ready else None}
            return response.json(told, status=200 if ready else 503)

        @routes.middleware("response")
        async def say_goodbye(request: Request, answer: Any) -> None:
            if request.stream.protocol.signal.stopped:
                request.stream.keep_alive = False

        @routes.post("/webhook")
        async def receive(request: Request) -> Any:
            if not hmac.compare_digest(
                request.headers.get("authorization", "").encode("utf-8", "replace"), self._expected
            ):
                return response.json({"error": "unauthorized"}, status=401)
            turn = request.json or {}
            if not turn.get("sender"):
                return response.json({"error": "no sender"}, status=400)
            with follow("turn", "SERVER", request.headers.get(HEADER)):
                note(conversation_id=str(turn["sender"]))
                return await _take_turn(request.app.ctx.agent, on_new_message, turn)

        return routes


async def _take_turn(agent: Any, on_new_message: Callable[..., Awaitable[Any]], turn: dict[str, Any]) -> Any:
    sender, output, began = turn["sender"], GatewayOutput(), monotonic()
    try:
        await _remember(agent, sender, turn.get("slots") or {})
        await on_new_message(UserMessage(_text(turn), output, sender, input_channel=GatewayInput.name()))
        tracker = _TURN.get()
        if (
            tracker is None or not output.messages
        ):  # Rasa says nothing, and nothing of it, when an action fails
            raise RuntimeError("no answer")
    except Exception as error:  # its text may hold what the person wrote
        log.error("gateway.turn.failed", error=type(error).__name__)
        return response.json({"error": "failed"}, status=500)
    name, confidence = _intent(tracker.latest_message.parse_data)
    slots = {name: value for name, value in tracker.current_slot_values().items() if value is not None}
    _keep_context(sender, slots)
    log.info("gateway.turn", intent=name, ms=round((monotonic() - began) * 1000))
    return response.json(
        {"messages": output.messages, "intent": name, "confidence": confidence, "slots": slots}
    )


def _text(turn: dict[str, Any]) -> str:
    if turn.get("intent"):  # a button of ours, checked by the application
        return "/" + turn["intent"] + json.dumps(turn.get("entities") or {})
    # Rasa strips again what it is given, so all of them go at once.
    return re.sub(r"^[\s/@]+", "", str(turn.get("text") or "")) or " "


def _intent(parse_data: dict[str, Any]) -> tuple[str | None, float]:
    """What was understood and how surely; no name if the engine was too unsure to act on it."""
    name = parse_data["intent"].get("name")
    best = max(
        (rank["confidence"] for rank in parse_data.get("intent_ranking", []) if rank["name"] != UNSURE),
        default=None,
    )
    if name == UNSURE:
        return None, best or 0.0
    return name, parse_data["intent"].get("confidence") or 0.0


async def _remember(agent: Any, sender: str, slots: dict[str, Any]) -> None:
    """Give a conversation what it was about, unless this engine took its last turn."""
    before = _CONTEXTS.pop(sender, {})
    if slots == before:
        return
    tracker: DialogueStateTracker = await agent.processor.fetch_tracker_and_update_session(sender)
    known = [name for name in {**before, **slots} if name in tracker.slots]
    tracker.update_with_events([SlotSet(name, slots.get(name)) for name in known], agent.domain)
    await agent.tracker_store.save(tracker)


def _keep_context(sender: str, slots: dict[str, Any]) -> None:
    _CONTEXTS[sender] = slots
    while len(_CONTEXTS) > MAXIMUM_CONVERSATIONS:
        _CONTEXTS.popitem(last=False)


def _validate_actions_once() -> None:
    """Rasa compiles its JSON schema anew for every action's reply: 54 % of its time per message."""
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        error = best_match(validator.iter_errors(result))
        if error is not None:
            raise error
        return True

    RemoteAction._validate_action_result = validate


def _keep_tracker_of_turn() -> None:
    save = MessageProcessor.save_tracker

    async def save_tracker(self: MessageProcessor, tracker: DialogueStateTracker) -> None:
        _TURN.set(tracker)
        await save(self, tracker)

    MessageProcessor.save_tracker = save_tracker


def _interpolate_plainly() -> None:
    """Rasa fills `{name}` through str.format, which trips over what people and companies are called."""

    def interpolate_text(text: str, values: dict[str, Any]) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], "")), text)

    interpolator.interpolate_text = interpolate_text


def _listen_on_given_socket() -> None:
    """The supervisor listens for the engine, so that nobody else can while the engine is started again."""
    given = os.environ.get("LISTEN_FD")
    if not given:
        return
    run = Sanic.run

    def run_on_socket(self: Sanic, *args: Any, **kwargs: Any) -> None:
        kwargs.update(host=None, port=None, sock=socket.socket(fileno=int(given)))
        run(self, *args, **kwargs)

    Sanic.run = run_on_socket


def _end_without_hanging_up() -> None:
    """Sanic, as it ends, hangs up on whoever says nothing at that moment, who may be about to.

    Whoever was heard a moment ago is answered once more, and told that it is the last time (`say_goodbye`).
    """
    closes = HttpProtocol.close_if_idle

    def close_if_idle(self: HttpProtocol) -> bool:
        begun = getattr(self, "_http", None) is not None
        return begun and monotonic() - self._time > _CLIENT_KEEPS and closes(self)

    HttpProtocol.close_if_idle = close_if_idle


_validate_actions_once()
_keep_tracker_of_turn()
_interpolate_plainly()
_listen_on_given_socket()
_end_without_hanging_up()
set_up()
