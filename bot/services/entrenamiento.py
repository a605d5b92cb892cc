"""The trainers' models: training, comparing, publishing, coming back. Every act is noted, with who did it."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace

from bot.core.errors_entrenamiento import (
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
    Publicacion,
    Taller,
)

# How many models before the live one one can come back to.
KEPT = 3
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
            raise NotThereError(que=f"el modelo {version} entre los que se guardan")
        return found

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
        vivo = self._taller.leer().vivo
        known = self._taller.ficha(vivo) if self._taller.huella(vivo) == base else None
        shares, cruzada = await validar(self._entrenador, version, keep.ficha.ediciones, known)
        keep.ficha = replace(keep.ficha, base=base, cifras=cifras | shares, cruzada=cruzada, cambios=cambios)
        keep.end(EstadoVersion.LISTA, "Listo para publicar.")

    async def publicar(self, actor: str, version: str) -> None:
        """Make a model the live one; the last ones before it are kept, all others removed.

        Raises:
            NotThereError
            ModelNotReadyError: if it is not trained, or live already.
            ModelStaleError: if the live project has changed since.
        """
        ficha, now = self.modelo(version), self._now()

        def publish(estado: Estado) -> Estado:
            if ficha.estado is not EstadoVersion.LISTA or estado.vivo == version:
                raise ModelNotReadyError()
            if ficha.base != self._taller.huella():
                raise ModelStaleError()
            before = self._with_what_is_live(estado, now)
            learnt = {one.numero for one in ficha.ediciones}
            left = tuple(one for one in before.ediciones if one.numero not in learnt)
            return _live(replace(before, ediciones=left), Publicacion(version, actor, now, "publicar"))

        estado = await asyncio.to_thread(self._taller.cambiar, publish)
        await asyncio.to_thread(self._taller.quitar_versiones, _kept(estado))
        await self._bitacora.write("entrenar.publicado", actor=actor, version=version)

    async def volver(self, actor: str) -> str:
        """Come back to the model before the live one; its edits are the draft's again. Give its version.

        Raises:
            NothingBeforeError
        """
        now = self._now()

        def back(estado: Estado) -> Estado:
            if estado.vivo:
                estado = self._with_what_is_live(estado, now)
            before = _before(estado, estado.vivo)
            if before is None or self._taller.ficha(before) is None:
                raise NothingBeforeError()
            live = self._taller.ficha(estado.vivo)
            known = {one.numero for one in estado.ediciones}
            again = tuple(one for one in live.ediciones if one.numero not in known) if live else ()
            again += estado.ediciones
            return _live(replace(estado, ediciones=again), Publicacion(before, actor, now, "volver"))

        version = (await asyncio.to_thread(self._taller.cambiar, back)).vivo
        await self._bitacora.write("entrenar.vuelta", actor=actor, version=version)
        return version

    def _with_what_is_live(self, estado: Estado, now: str) -> Estado:
        """Keep a live project that no trainer published, or that was changed since, as a model of its own."""
        if estado.vivo and self._taller.huella(estado.vivo) == self._taller.huella():
            return estado
        version = secrets.token_hex(4)
        self._taller.conservar_vivo(version)
        self._taller.guardar(Ficha(version, "original", now, EstadoVersion.LISTA))
        return _live(estado, Publicacion(version, "original", now, "original"))

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


def _live(estado: Estado, published: Publicacion) -> Estado:
    return replace(estado, vivo=published.version, historia=(*estado.historia, published))


def _before(estado: Estado, version: str) -> str | None:
    """What was live when a version was published for the first time."""
    order = [one.version for one in estado.historia]
    at = order.index(version) if version in order else 0
    return order[at - 1] if at else None


def _kept(estado: Estado) -> list[str]:
    """The live model and the last ones before it."""
    kept: list[str] = [estado.vivo]
    while len(kept) <= KEPT and (before := _before(estado, kept[-1])):
        kept.append(before)
    return kept
