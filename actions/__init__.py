"""Rasa custom actions: read what was asked, call one use case, utter one response."""

from rasa_sdk.executor import ActionExecutor

from actions.charla import ActionSeguir
from actions.registro import (
    ActionConsultarCompras,
    ActionConsultarVentas,
    ActionDetallarCompras,
    ActionDetallarVentas,
)
from bot.bootstrap import Services

ACTIONS = (
    ActionConsultarVentas,
    ActionDetallarVentas,
    ActionConsultarCompras,
    ActionDetallarCompras,
    ActionSeguir,
)


def make_executor(services: Services) -> ActionExecutor:
    """Rasa's executor with our actions."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action(services))
    return executor
