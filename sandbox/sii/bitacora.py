"""What the simulator saw: calls, violations, how well the allowance was used."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from bot.core.rut import Rut
from sandbox.sii.ajustes import Ajustes
from sandbox.sii.consulta import Consulta, RechazoError

_RECENT = 30


@dataclass(frozen=True, slots=True)
class Violacion:
    """A rule that the client broke; `momento` is epoch seconds of the real clock."""

    tipo: str
    momento: float
    rut: str
    llamada: str


@dataclass(frozen=True, slots=True)
class Medicion:
    """How much of the allowance was used since it was asked to be measured.

    `segundos` are simulated. `uso` is accepted calls over those that the rate alone would have allowed in
    that time; `uso_maximo` the same of the busiest simulated minute.
    """

    segundos: float
    aceptadas: int
    uso: float
    por_minuto_maximo: int
    uso_maximo: float


class Bitacora:
    """Counts; everything of one simulator, since its start or the last `reset`."""

    def __init__(self, ajustes: Ajustes, reloj: Callable[[], float]) -> None:
        self._ajustes, self._reloj = ajustes, reloj
        self.en_curso: Counter[Rut] = Counter()
        self.reset()

    def reset(self) -> None:
        """Begin to count anew."""
        self.llamadas: Counter[str] = Counter()
        self.respuestas: Counter[int] = Counter()
        self.violaciones: list[Violacion] = []
        self.creditos = 0
        self.maximo_por_rut = self.maximo_en_curso = 0
        self.recientes: list[dict[str, Any]] = []
        self.measure()

    def measure(self) -> None:
        """Measure the use of the allowance from now on."""
        self._desde = self._reloj()
        self._aceptadas: list[float] = []

    def accept(self) -> None:
        """A call was within the allowance."""
        self._aceptadas.append(self._reloj())

    @contextmanager
    def running(self, consulta: Consulta) -> Iterator[int]:
        """The call is being attended to; gives how many of this taxpayer are, with it."""
        self.en_curso[consulta.rut] += 1
        now = self.en_curso[consulta.rut]
        self.maximo_por_rut = max(self.maximo_por_rut, now)
        self.maximo_en_curso = max(self.maximo_en_curso, self.en_curso.total())
        try:
            yield now
        finally:
            self.en_curso[consulta.rut] -= 1
            if not self.en_curso[consulta.rut]:
                del self.en_curso[consulta.rut]

    def violate(self, tipo: str, consulta: Consulta) -> None:
        """The client broke a rule."""
        self.violaciones.append(Violacion(tipo, self._reloj(), str(consulta.rut), consulta.llamada))

    def answered(self, consulta: Consulta, status: int) -> None:
        """The call is over; 0 is a connection that was dropped."""
        self.respuestas[status] += 1
        self.creditos += status == 200
        row = {"momento": self._reloj(), "rut": str(consulta.rut), "llamada": consulta.llamada}
        row |= {"periodo": str(consulta.periodo), "dte": consulta.dte, "estado": consulta.estado}
        self.recientes = [*self.recientes[1 - _RECENT :], row | {"status": status}]

    def refused(self, consulta: Consulta, rechazo: RechazoError) -> None:
        """The call is over without data."""
        if rechazo.violacion:
            self.violate(rechazo.violacion, consulta)
        self.answered(consulta, rechazo.status)

    def medicion(self) -> Medicion:
        """The use of the allowance until now."""
        segundos = (self._reloj() - self._desde) * self._ajustes.velocidad
        minuto = 60 / self._ajustes.velocidad
        windows = (n - bisect_right(self._aceptadas, t - minuto) for n, t in enumerate(self._aceptadas, 1))
        busiest = max(windows, default=0)
        rate = self._ajustes.por_minuto
        uso = len(self._aceptadas) * 60 / (segundos * rate) if segundos > 0 else 0.0
        return Medicion(segundos, len(self._aceptadas), uso, busiest, busiest / rate)

    def as_json(self) -> dict[str, Any]:
        """All of it; of the violations the newest."""
        return {
            "llamadas": dict(self.llamadas),
            "respuestas": {str(status): count for status, count in self.respuestas.items()},
            "creditos": self.creditos,
            "violaciones": len(self.violaciones),
            "violaciones_por_tipo": dict(Counter(one.tipo for one in self.violaciones)),
            "ultimas_violaciones": [asdict(one) for one in self.violaciones[-_RECENT:]],
            "ultimas_llamadas": self.recientes,
            "maximo_por_rut": self.maximo_por_rut,
            "maximo_en_curso": self.maximo_en_curso,
            "medicion": asdict(self.medicion()),
        }
