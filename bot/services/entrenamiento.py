"""The trainers' loop: the inbox, the draft, models, the live one. Every act is noted, with who did it."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.core.entrenamiento import Acto, Edicion, clean_example, fault_of
from bot.core.errors_entrenamiento import (
    EditFaultyError,
    ModelNotReadyError,
    ModelStaleError,
    NothingBeforeError,
    NothingToTrainError,
    NotThereError,
    TrainingFailedError,
)
from bot.services.bandeja import BandejaOculta
from bot.services.comparacion import comparar, validar
from bot.services.ports import Reloj
from bot.services.ports_acceso import Bitacora
from bot.services.ports_entrenamiento import (
    Entrenador,
    Estado,
    EstadoVersion,
    Ficha,
    MensajeEnBandeja,
    Publicacion,
    Taller,
)

_MOST_DONE, _MOST_SHOWN = 20_000, 1000
_INTERRUPTED = "Se interrumpió."


class EntrenamientoService:
    """The first argument of each method is the name of the key that asks."""

    def __init__(
        self,
        bandeja: BandejaOculta,
        taller: Taller,
        entrenador: Entrenador,
        bitacora: Bitacora,
        reloj: Reloj,
    ) -> None:
        self._bandeja = bandeja
        self._taller = taller
        self._entrenador = entrenador
        self._bitacora = bitacora
        self._reloj = reloj

    async def bandeja(self, actor: str, limite: int = 50) -> list[MensajeEnBandeja]:
        """What was not understood, failed or was answered badly: masked, newest first."""
        await self._bitacora.write("entrenar.bandeja", actor=actor)
        return await self._bandeja.dudosos(self._taller.leer().atendidos, limite)

    def estado(self) -> Estado:
        """The draft and what is live."""
        return self._taller.leer()

    def intents(self) -> list[str]:
        """The intents that there are, with the draft's."""
        return [*self._taller.intents(self._taller.leer().ediciones)]

    def modelos(self) -> list[Ficha]:
        """All models, newest first."""
        return self._taller.fichas()

    def modelo(self, version: str) -> Ficha:
        """One of them.

        Raises:
            NotThereError
        """
        found = self._taller.ficha(version)
        if found is None:
            raise NotThereError(que=f"el modelo {version}")
        return found

    async def asignar(self, actor: str, intent: str, texto: str, mensaje: int | None = None) -> str:
        """A message becomes an example of an intent, in the draft; without a text, as the inbox shows it.

        Returns:
            The example as it is written down.

        Raises:
            EditFaultyError
            NotThereError: if that message is not in the inbox.
        """
        if mensaje is not None:
            texto = texto or (await self._found(mensaje)).ejemplo
        await self._edit(actor, Acto.EJEMPLO, intent, [texto], mensaje=mensaje)
        return clean_example(texto)

    async def quitar(self, actor: str, intent: str, texto: str) -> None:
        """An example is no longer one.

        Raises:
            EditFaultyError
        """
        await self._edit(actor, Acto.QUITAR, intent, [texto])

    async def nueva(
        self, actor: str, intent: str, ejemplos: Sequence[str], respuesta: str, mensaje: int | None = None
    ) -> None:
        """A new intent with its examples and what is answered.

        Raises:
            EditFaultyError
        """
        await self._edit(actor, Acto.INTENCION, intent, ejemplos, respuesta, mensaje)

    async def descartar(self, actor: str, mensaje: int) -> None:
        """Nothing is to be learnt from a message of the inbox.

        Raises:
            NotThereError: if it is not there.
        """
        await self._found(mensaje)
        await asyncio.to_thread(self._taller.cambiar, lambda estado: _done(estado, mensaje))
        await self._bitacora.write("entrenar.descarte", actor=actor, mensaje=mensaje)

    async def recuperar(self, actor: str, mensaje: int) -> None:
        """A message that was discarded comes back to the inbox.

        Raises:
            NotThereError: if it was not discarded, or is in the draft: its edit can be undone.
        """

        def back(estado: Estado) -> Estado:
            if mensaje not in estado.atendidos or mensaje in {one.mensaje for one in estado.ediciones}:
                raise NotThereError(que=f"el mensaje {mensaje} entre los descartados")
            return replace(estado, atendidos=tuple(one for one in estado.atendidos if one != mensaje))

        await asyncio.to_thread(self._taller.cambiar, back)
        await self._bitacora.write("entrenar.recuperado", actor=actor, mensaje=mensaje)

    async def deshacer(self, actor: str, numero: int) -> None:
        """Take an edit back; its message comes back to the inbox.

        Raises:
            NotThereError
            EditFaultyError: if later edits need it.
        """

        def without(estado: Estado) -> Estado:
            left = tuple(one for one in estado.ediciones if one.numero != numero)
            if left == estado.ediciones:
                raise NotThereError(que=f"el cambio {numero} en el borrador")
            for at, one in enumerate(left):
                if fault := fault_of(one, self._taller.intents(left[:at])):
                    raise EditFaultyError(motivo=f"El cambio {one.numero} lo necesita: {fault}")
            gone = [one.mensaje for one in estado.ediciones if one.numero == numero]
            done = tuple(one for one in estado.atendidos if one not in gone)
            return replace(estado, ediciones=left, atendidos=done)

        await asyncio.to_thread(self._taller.cambiar, without)
        await self._bitacora.write("entrenar.deshacer", actor=actor, numero=numero)

    async def entrenar(self, actor: str, told: Callable[[str], None] = lambda line: None) -> Ficha:
        """Train the draft as it is now and compare it with the live model; `told` is each step.

        Raises:
            NothingToTrainError
            TrainingBusyError: if another is being trained.
            TrainingFailedError: with what failed; the version says it too.
        """
        ediciones = self._taller.leer().ediciones
        if not ediciones:
            raise NothingToTrainError()
        with self._taller.solo():
            self._clear_abandoned()
            ficha = Ficha(secrets.token_hex(4), actor, self._now(), EstadoVersion.ENTRENANDO)
            keep = _Progress(self._taller, replace(ficha, ediciones=ediciones), told)
            await self._bitacora.write("entrenar.encargo", actor=actor, version=ficha.version)
            try:
                await self._train(keep)
            except TrainingFailedError as error:
                keep.end(EstadoVersion.FALLO, str(error.params["motivo"]))
                raise
            except BaseException:
                keep.end(EstadoVersion.FALLO, _INTERRUPTED)
                raise
        return keep.ficha

    def _clear_abandoned(self) -> None:
        """Nobody trains but who asks: what says otherwise was trained by somebody who died."""
        for one in self._taller.fichas():
            if one.estado is EstadoVersion.ENTRENANDO:
                _Progress(self._taller, one).end(EstadoVersion.FALLO, _INTERRUPTED)

    async def _train(self, keep: "_Progress") -> None:
        keep.say("Armando el borrador…")
        version, base = keep.ficha.version, self._taller.huella()
        await asyncio.to_thread(self._taller.armar, version, keep.ficha.ediciones)
        await self._entrenador.entrenar(version, keep.say)
        keep.say("Comparando con el modelo vivo…")
        cifras, cambios = await comparar(self._entrenador, self._bandeja, version)
        keep.say("Validación cruzada…")
        vivo = self._taller.ficha(self._taller.leer().vivo)
        shares, cruzada = await validar(self._entrenador, version, keep.ficha.ediciones, vivo)
        keep.ficha = replace(keep.ficha, base=base, cifras=cifras | shares, cruzada=cruzada, cambios=cambios)
        keep.end(EstadoVersion.LISTA, "Listo para publicar.")

    async def publicar(self, actor: str, version: str) -> None:
        """Make a model the live one; what came before it is kept.

        Raises:
            NotThereError
            ModelNotReadyError: if it is not trained, or live already.
            ModelStaleError: if the live project has changed since.
        """
        ficha = self.modelo(version)
        now, first = self._now(), secrets.token_hex(4)

        def publish(estado: Estado) -> Estado:
            if ficha.estado is not EstadoVersion.LISTA or estado.vivo == version:
                raise ModelNotReadyError()
            if ficha.base != self._taller.huella():
                raise ModelStaleError()
            history = estado.historia
            if not estado.vivo:
                self._taller.conservar_vivo(first)
                self._taller.guardar(Ficha(first, "original", now, EstadoVersion.LISTA))
                history = (Publicacion(first, "original", now, "original"),)
            learnt = {one.numero for one in ficha.ediciones}
            left = tuple(one for one in estado.ediciones if one.numero not in learnt)
            told = (*history, Publicacion(version, actor, now, "publicar"))
            return replace(estado, ediciones=left, vivo=version, historia=told)

        await asyncio.to_thread(self._taller.cambiar, publish)
        await self._bitacora.write("entrenar.publicado", actor=actor, version=version)

    async def volver(self, actor: str) -> str:
        """Come back to the model before the live one; its edits are the draft's again. Give its version.

        Raises:
            NothingBeforeError
        """
        now = self._now()

        def back(estado: Estado) -> Estado:
            before = _before(estado)
            if before is None:
                raise NothingBeforeError()
            live = self._taller.ficha(estado.vivo)
            known = {one.numero for one in estado.ediciones}
            again = tuple(one for one in live.ediciones if one.numero not in known) if live else ()
            told = (*estado.historia, Publicacion(before, actor, now, "volver"))
            return replace(estado, ediciones=again + estado.ediciones, vivo=before, historia=told)

        version = (await asyncio.to_thread(self._taller.cambiar, back)).vivo
        await self._bitacora.write("entrenar.vuelta", actor=actor, version=version)
        return version

    async def _edit(
        self,
        actor: str,
        acto: Acto,
        intent: str,
        ejemplos: Sequence[str],
        respuesta: str = "",
        mensaje: int | None = None,
    ) -> None:
        if mensaje is not None:
            await self._found(mensaje)
        clean = tuple(dict.fromkeys(filter(None, map(clean_example, ejemplos))))
        now = self._now()

        def add(estado: Estado) -> Estado:
            number = estado.ultimo + 1
            edit = Edicion(number, acto, intent.strip(), clean, respuesta.strip(), mensaje, actor, now)
            fault = fault_of(edit, self._taller.intents(estado.ediciones))
            if fault:
                raise EditFaultyError(motivo=fault)
            done = estado if mensaje is None else _done(estado, mensaje)
            return replace(done, ediciones=(*estado.ediciones, edit), ultimo=number)

        await asyncio.to_thread(self._taller.cambiar, add)
        await self._bitacora.write("entrenar.edicion", actor=actor, acto=acto.value, intent=intent)

    async def _found(self, mensaje: int) -> MensajeEnBandeja:
        """A message of the inbox."""
        found = await self._bandeja.dudosos(self._taller.leer().atendidos, _MOST_SHOWN)
        for one in found:
            if one.id == mensaje:
                return one
        raise NotThereError(que=f"el mensaje {mensaje} en la bandeja")

    def _now(self) -> str:
        return self._reloj.ahora().isoformat(timespec="seconds")


class _Progress:
    """What a training tells as it goes on, kept with its model."""

    def __init__(self, taller: Taller, ficha: Ficha, told: Callable[[str], None] = lambda line: None) -> None:
        self._taller = taller
        self._told = told
        self.ficha = ficha

    def say(self, line: str) -> None:
        self.ficha = replace(self.ficha, pasos=(*self.ficha.pasos, line))
        self._taller.guardar(self.ficha)
        self._told(line)

    def end(self, estado: EstadoVersion, line: str) -> None:
        self.ficha = replace(self.ficha, estado=estado)
        self.say(line)


def _done(estado: Estado, mensaje: int) -> Estado:
    return replace(estado, atendidos=(*estado.atendidos, mensaje)[-_MOST_DONE:])


def _before(estado: Estado) -> str | None:
    """What was live when the live one was published for the first time."""
    order = list(dict.fromkeys(one.version for one in estado.historia))
    at = order.index(estado.vivo) if estado.vivo in order else 0
    return order[at - 1] if at else None
