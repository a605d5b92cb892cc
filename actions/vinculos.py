"""Which taxpayers this chat is linked to; the steps themselves are taken by bot.services.vinculacion."""

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import Events, TributaAction, pressed, tell_errors, words
from bot.core.mensajes import Pedido
from bot.core.texto import normalize
from bot.services.pasos import PREFIX
from bot.services.ports_canales import Remitente, Vinculo

_SHOWN = 8


class VinculoAction(TributaAction):
    """Something about the links of whoever speaks."""

    async def links(self, tracker: Tracker) -> Sequence[Vinculo]:
        """The active one first; none in channels where nobody is linked, such as the web."""
        here = await self.conversation(tracker)
        return await self.services.vinculacion.de(Remitente(here.canal, here.canal_id))


class ActionIniciarSesion(VinculoAction):
    """Somebody who is in wants in: perhaps with another company."""

    def name(self) -> str:
        return "action_iniciar_sesion"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        links = await self.links(tracker)
        _say(dispatcher, "ya_vinculado" if links else "sesion_en_web", links)
        return []


class ActionCerrarSesion(VinculoAction):
    """Asks before the link ends."""

    def name(self) -> str:
        return "action_cerrar_sesion"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        links = await self.links(tracker)
        _say(dispatcher, "cerrar_sesion" if links else "sesion_en_web", links)
        return []


class ActionCambiarEmpresa(VinculoAction):
    """Tells which company answers, and offers the others; a name that is said goes first."""

    def name(self) -> str:
        return "action_cambiar_empresa"

    @tell_errors
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        links, asked = await self.links(tracker), pressed(tracker)
        if len(links) < 2:
            _say(dispatcher, "empresa_unica" if links else "sesion_en_web", links)
            return []
        said = normalize(words(tracker))
        others = sorted(links[1:], key=lambda link: not _named(link, said))
        rows = _page(others, asked.pagina if asked else 1)
        dispatcher.utter_message(response="utter_empresas", buttons=rows, nombre=links[0].nombre)
        return []


def _page(links: Sequence[Vinculo], pagina: int) -> list[dict[str, str]]:
    """Rows of a list that fits every channel: some companies, perhaps more of them, and another one."""
    first = (pagina - 1) * _SHOWN
    if first >= len(links):  # there were more when the button was made
        first = 0
    shown = links[first : first + _SHOWN]
    rows = [
        {"title": one.nombre, "description": one.rut.pretty, "payload": f"{PREFIX}activar.{one.rut}"}
        for one in shown
    ]
    if len(links) > first + _SHOWN:
        more = {"title": "Ver más", "description": f"Tienes {len(links) + 1} empresas en este chat"}
        rows.append({**more, "payload": str(Pedido("cambiar_empresa", pagina=first // _SHOWN + 2))})
    elsewhere = {"title": "Agregar otra", "description": "Con el código que llega a su teléfono"}
    return [*rows, {**elsewhere, "payload": f"{PREFIX}entrar"}]


def _named(link: Vinculo, said: str) -> bool:
    """Whether a message names a company, by any of its longer words."""
    return any(word in said for word in normalize(link.nombre).split() if len(word) > 3)


def _say(dispatcher: CollectingDispatcher, texto: str, links: Sequence[Vinculo]) -> None:
    params: dict[str, Any] = {"nombre": links[0].nombre, "rut": str(links[0].rut)} if links else {}
    dispatcher.utter_message(response=f"utter_{texto}", **params)
