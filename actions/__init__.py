"""Rasa custom actions: read what was asked, call one use case, utter one response."""

from rasa_sdk.executor import ActionExecutor

from actions.analisis import (
    ActionCompararCompras,
    ActionCompararVentas,
    ActionGraficarCompras,
    ActionGraficarVentas,
    ActionRankearCompras,
    ActionRankearVentas,
)
from actions.charla import ActionDecir, ActionNoEntendi
from actions.confirmar import ActionAfirmar, ActionNegar
from actions.contexto import in_context
from actions.contratos import ActionContratoEliminar, ActionContratoListar, ActionContratoSubir
from actions.contratos_preguntas import ActionContratoPregunta, ActionContratoVigencia
from actions.cuenta import ActionClaveSii, ActionMisDatos
from actions.humano import ActionHumano
from actions.iva import ActionIvaF29
from actions.pendientes import ActionComprasPendientes
from actions.registro import (
    ActionConsultarCompras,
    ActionConsultarVentas,
    ActionDetallarCompras,
    ActionDetallarVentas,
)
from actions.saber import ActionPreguntaTributaria
from actions.sii import ActionActualizarSii
from actions.vencimientos import ActionVencimientos
from actions.vinculos import ActionCambiarEmpresa, ActionCerrarSesion, ActionIniciarSesion
from bot.bootstrap import Services

ACTIONS = (
    ActionConsultarVentas,
    ActionDetallarVentas,
    ActionConsultarCompras,
    ActionDetallarCompras,
    ActionCompararVentas,
    ActionCompararCompras,
    ActionRankearVentas,
    ActionRankearCompras,
    ActionGraficarVentas,
    ActionGraficarCompras,
    ActionIvaF29,
    ActionComprasPendientes,
    ActionVencimientos,
    ActionPreguntaTributaria,
    ActionContratoListar,
    ActionContratoSubir,
    ActionContratoEliminar,
    ActionContratoPregunta,
    ActionContratoVigencia,
    ActionClaveSii,
    ActionMisDatos,
    ActionActualizarSii,
    ActionIniciarSesion,
    ActionCerrarSesion,
    ActionCambiarEmpresa,
    ActionAfirmar,
    ActionNegar,
    ActionHumano,
    ActionDecir,
    ActionNoEntendi,
)


def make_executor(services: Services) -> ActionExecutor:
    """Rasa's executor with our actions."""
    executor = ActionExecutor()
    for action in in_context([action(services) for action in ACTIONS], services):
        executor.register_action(action)
    return executor
