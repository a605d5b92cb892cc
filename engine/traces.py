"""Rasa's part of a request's way through the programs; see bot/telemetry/traces.py.

The id that comes with a turn is in all of the engine's log lines and goes on to its actions; Rasa's own steps
show as spans if somebody collects them.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import structlog
from rasa.core.actions.action import RemoteAction
from rasa.core.processor import MessageProcessor
from rasa.utils.endpoints import EndpointConfig

from bot.logs import set_up_logs
from bot.telemetry.traces import HEADER, set_up_traces, span, traceparent


def set_up() -> None:
    """To be done once, before the first turn."""
    before = structlog.get_config()["processors"]
    set_up_logs("engine")
    # Rasa's loggers keep the list that they were made with, which shows the values of variables.
    before[:] = structlog.get_config()["processors"]
    # Rasa's pins leave no room for a current protobuf.
    set_up_traces("engine", form="json")
    request = EndpointConfig.request

    @wraps(request)
    async def request_on(self: EndpointConfig, *args: Any, **kwargs: Any) -> Any:
        current = traceparent()
        if current:
            kwargs["headers"] = {**kwargs.get("headers", {}), HEADER: current}
        return await request(self, *args, **kwargs)

    EndpointConfig.request = request_on
    _show(MessageProcessor, "parse_message", lambda _: ("understand", "INTERNAL"))
    _show(RemoteAction, "run", lambda action: (f"action {action.name()}", "CLIENT"))


def _show(owner: type, method: str, told: "Callable[[Any], tuple[str, Any]]") -> None:
    whole: Callable[..., Awaitable[Any]] = getattr(owner, method)

    @wraps(whole)
    async def shown(self: Any, *args: Any, **kwargs: Any) -> Any:
        with span(*told(self)):
            return await whole(self, *args, **kwargs)

    setattr(owner, method, shown)
