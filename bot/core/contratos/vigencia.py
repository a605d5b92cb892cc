"""Whether a contract is in force on a day, until when and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.core.contratos.anexos import Anexo
from bot.core.contratos.datos import Dato, Hechos, Renovacion
from bot.core.contratos.duraciones import Duracion
from bot.core.contratos.estado import AvisoDado, Estado, Razon, Vigencia
from bot.core.contratos.hechos import last_day

_DIA = timedelta(days=1)
_RENOVACIONES = 1200


@dataclass(slots=True)
class _Cuenta:
    """The state of the calculation while annexes are applied."""

    inicio: date | None = None
    fin: date | None = None
    periodo: Duracion | None = None
    indefinido: bool = False
    renovacion: Renovacion | None = None
    aviso_termino: Duracion | None = None
    terminado: date | None = None
    seguro: bool = True
    dicho: date | None = None
    renueva_dicho: date | None = None
    """The days on which the taxpayer told when it ends, and whether it is renewed."""
    razones: list[Razon] = field(default_factory=list)

    def say[T](self, texto: str, dato: Dato[T] | None = None) -> None:
        """Note a step; a fact that is not sure makes the whole answer so."""
        if dato is None:
            self.razones.append(Razon(texto))
            return
        self.seguro &= dato.confianza >= 0.6
        if dato.dicho:
            texto = f"{texto.removesuffix('.')}, como me dijiste el {_day(dato.dicho)}."
        self.razones.append(Razon(texto, dato.cita, dato.clausula, dato.pagina))


def vigencia(
    hechos: Hechos, anexos: Sequence[Anexo], hoy: date, avisos_dados: Iterable[AvisoDado] = ()
) -> Vigencia:
    """Calculate whether a contract is in force today.

    Annexes count in the order of their dates (those signed after `hoy` not yet), then automatic renewals up
    to today unless a notice stopped them in time. A duration ends on the day before its anniversary. The end
    that the taxpayer told is that of the contract with the annexes that were signed until then.

    Args:
        hechos: the facts of the contract, as a person confirmed them.
        anexos: its annexes, in any order.
        avisos_dados: notices given by either party, in any order.
    """
    cuenta = _base(hechos)
    signed = [anexo for anexo in anexos if anexo.fecha is None or anexo.fecha.valor <= hoy]
    for anexo in sorted(signed, key=lambda one: one.fecha.valor if one.fecha else date.max):
        _apply(cuenta, anexo)
    avisos = sorted((aviso for aviso in avisos_dados if aviso.fecha <= hoy), key=lambda aviso: aviso.fecha)
    _end_early(cuenta, avisos)
    if cuenta.terminado:
        return _answer(
            cuenta, Estado.VIGENTE if hoy <= cuenta.terminado else Estado.TERMINADO, hoy, cuenta.terminado
        )
    if cuenta.inicio and hoy < cuenta.inicio:
        return _answer(cuenta, Estado.NO_INICIADO, hoy, cuenta.fin)
    if cuenta.fin is None:
        return _answer(cuenta, Estado.INDEFINIDO if cuenta.indefinido else Estado.NO_SE_SABE, hoy, None)
    return _renewed(cuenta, hoy, [aviso.fecha for aviso in avisos if not aviso.anticipado])


def dicho_de(hechos: Hechos) -> date | None:
    """The day on which the taxpayer told when a contract ends, if they did."""
    told = (hechos.termino, hechos.duracion, hechos.modalidad)
    return max((dato.dicho for dato in told if dato and dato.dicho), default=None)


def conocido(anexo: Anexo, dicho: date | None) -> bool:
    """Whether an annex had been signed when the taxpayer told how things stand."""
    return dicho is not None and (anexo.fecha is None or anexo.fecha.valor <= dicho)


def _base(hechos: Hechos) -> _Cuenta:
    cuenta = _Cuenta(renovacion=hechos.renovacion.valor if hechos.renovacion else None)
    cuenta.aviso_termino = hechos.aviso_termino.valor if hechos.aviso_termino else None
    if hechos.inicio:
        cuenta.inicio = hechos.inicio.valor
        cuenta.say(f"Empieza el {_day(cuenta.inicio)}.", hechos.inicio)
    _first_end(cuenta, hechos)
    if hechos.renovacion and hechos.renovacion.dicho:
        cuenta.renueva_dicho = hechos.renovacion.dicho
        how = "Se renueva solo." if hechos.renovacion.valor.automatica else "No se renueva solo."
        cuenta.say(how, hechos.renovacion)
    for contradiccion in hechos.contradicciones:
        cuenta.say(f"Ojo: {contradiccion.valor}", contradiccion)
        cuenta.seguro = False
    return cuenta


def _first_end(cuenta: _Cuenta, hechos: Hechos) -> None:
    inicio, duracion = cuenta.inicio, hechos.duracion
    cuenta.periodo = duracion.valor if duracion else None
    open_ended = hechos.modalidad is not None and hechos.modalidad.valor == "indefinido"
    cuenta.dicho = dicho_de(hechos)
    if hechos.termino:
        cuenta.fin = hechos.termino.valor
        cuenta.say(f"Termina el {_day(cuenta.fin)}.", hechos.termino)
        if cuenta.periodo is None and inicio:
            cuenta.periodo = _between(inicio, cuenta.fin)
    elif hechos.modalidad and open_ended:
        cuenta.indefinido = True
        cuenta.say("Es de duración indefinida.", hechos.modalidad)
    elif inicio and duracion:
        cuenta.fin = last_day(inicio, duracion.valor)
        cuenta.say(f"Dura {duracion.valor}: hasta el {_day(cuenta.fin)}.", duracion)
    elif hechos.modalidad and hechos.modalidad.valor == "obra":
        cuenta.say("Dura lo que dure la obra: no dice una fecha.", hechos.modalidad)
    else:
        cuenta.say("No encontré cuándo termina.")


def _between(inicio: date, fin: date) -> Duracion:
    """The whole months from the first to the last day, or else the days."""
    after = fin + _DIA
    for end in (after, fin):
        if end.day == inicio.day:
            return Duracion(meses=(end.year - inicio.year) * 12 + end.month - inicio.month)
    return Duracion(dias=(after - inicio).days)


def _apply(cuenta: _Cuenta, anexo: Anexo) -> None:
    name = f"El documento «{anexo.clase}»" + (
        f" del {_day(anexo.fecha.valor)}" if anexo.fecha else " (sin fecha)"
    )
    cuenta.seguro &= anexo.fecha is not None
    hechos = anexo.hechos
    if not conocido(anexo, cuenta.dicho):
        _end_by(cuenta, anexo, name)
    if anexo.termino:
        return
    if hechos.renovacion and not conocido(anexo, cuenta.renueva_dicho):
        cuenta.renovacion = hechos.renovacion.valor
        cuenta.say(f"{name} cambia la renovación.", hechos.renovacion)
    if hechos.aviso_termino:
        cuenta.aviso_termino = hechos.aviso_termino.valor


def _end_by(cuenta: _Cuenta, anexo: Anexo, name: str) -> None:
    """The end that an annex sets."""
    hechos = anexo.hechos
    if anexo.termino:
        cuenta.terminado = anexo.termino.valor
        cuenta.say(f"{name} pone término al contrato el {_day(anexo.termino.valor)}.", anexo.termino)
        return
    if anexo.prorroga:
        _extend(cuenta, anexo, name)
    elif hechos.modalidad and hechos.modalidad.valor == "indefinido":
        cuenta.indefinido, cuenta.fin = True, None
        cuenta.say(f"{name} lo deja indefinido.", hechos.modalidad)
    elif hechos.termino and anexo.cambios:
        cuenta.fin = hechos.termino.valor
        cuenta.say(f"{name} cambia el término al {_day(cuenta.fin)}.", hechos.termino)


def _extend(cuenta: _Cuenta, anexo: Anexo, name: str) -> None:
    dato = anexo.prorroga
    if dato is None:
        return
    desde = dato.valor.desde
    if desde is None and cuenta.fin:
        desde = _running_end(cuenta, anexo) + _DIA
    if dato.valor.hasta:
        cuenta.fin = dato.valor.hasta
    elif desde and dato.valor.duracion:
        cuenta.fin = last_day(desde, dato.valor.duracion)
    else:
        cuenta.seguro = False
        cuenta.say(f"{name} lo prorroga, pero no sé desde cuándo.", dato)
        return
    cuenta.indefinido = False
    cuenta.terminado = None
    cuenta.say(f"{name} lo prorroga hasta el {_day(cuenta.fin)}.", dato)


def _running_end(cuenta: _Cuenta, anexo: Anexo) -> date:
    """The end of the period that ran when an annex was signed: earlier renewals have happened by then."""
    fin = cuenta.fin or date.max
    step = _step(cuenta)
    if anexo.fecha is None or step is None or fin >= anexo.fecha.valor:
        return fin
    return next((end for end in _ends(fin, step, cuenta.renovacion) if end >= anexo.fecha.valor), fin)


def _step(cuenta: _Cuenta) -> Duracion | None:
    """How long each automatic renewal lasts; None if there is none or nobody knows."""
    renovacion = cuenta.renovacion
    if renovacion is None or not renovacion.automatica:
        return None
    return renovacion.periodo or cuenta.periodo


def _ends(fin: date, step: Duracion, renovacion: Renovacion | None) -> Iterable[date]:
    """The last days of the first term and of its renewals."""
    limit = renovacion.veces if renovacion and renovacion.veces is not None else _RENOVACIONES
    for times in range(limit + 1):
        try:
            yield (
                fin + _DIA + timedelta(days=step.dias * times)
                if step.dias
                else step.despues_de(fin + _DIA, times)
            ) - _DIA
        except (OverflowError, ValueError):
            return


def _end_early(cuenta: _Cuenta, avisos: Sequence[AvisoDado]) -> None:
    for aviso in avisos:
        if aviso.anticipado and cuenta.terminado is None:
            after = cuenta.aviso_termino
            cuenta.terminado = after.despues_de(aviso.fecha) if after else aviso.fecha
            cuenta.seguro &= after is not None
            why = f"con {after} de aviso" if after else "y el contrato no dice con cuánto aviso"
            cuenta.say(
                f"El {_day(aviso.fecha)} se avisó el término anticipado, {why}: {_day(cuenta.terminado)}."
            )


def _renewed(cuenta: _Cuenta, hoy: date, avisos: Sequence[date]) -> Vigencia:
    fin, step = cuenta.fin or date.max, _step(cuenta)
    renovacion = cuenta.renovacion
    if renovacion is None or step is None:
        if renovacion and renovacion.automatica and hoy > fin:
            cuenta.say("Se renueva solo, pero no sé por cuánto tiempo.")
            return _answer(cuenta, Estado.NO_SE_SABE, hoy, None)
        return _answer(cuenta, Estado.VIGENTE if hoy <= fin else Estado.VENCIDO, hoy, fin)
    ends = _ends(fin, step, renovacion)
    previous, last, times = cuenta.inicio or date.min, fin, -1
    for end in ends:
        last, times = end, times + 1
        limit = renovacion.aviso.antes_de(end) if renovacion.aviso else end
        stopped = [aviso for aviso in avisos if previous <= aviso <= limit]
        if stopped:
            cuenta.say(f"El {_day(stopped[0])} se avisó a tiempo que no se renueva: termina el {_day(end)}.")
            return _answer(cuenta, Estado.VIGENTE if hoy <= end else Estado.TERMINADO, hoy, end)
        if end >= hoy:
            break
        previous = limit
    if times:
        cuenta.say(f"Se renovó {times} {'vez' if times == 1 else 'veces'}, por {step} cada una.")
    late = [aviso for aviso in avisos if aviso > (cuenta.inicio or date.min)]
    if late:
        cuenta.say(f"El aviso del {_day(late[-1])} llegó tarde para detener la renovación de ese periodo.")
    return _running(cuenta, hoy, last, times, renovacion)


def _running(cuenta: _Cuenta, hoy: date, last: date, times: int, renovacion: Renovacion) -> Vigencia:
    if hoy > last:
        cuenta.say("Ya se usaron todas las renovaciones.")
        return _answer(cuenta, Estado.VENCIDO, hoy, last)
    answer = _answer(cuenta, Estado.VIGENTE, hoy, last)
    if renovacion.veces is not None and times >= renovacion.veces:
        return answer
    notice = renovacion.aviso.antes_de(last) if renovacion.aviso else None
    return replace(answer, proxima_renovacion=last + _DIA, ultimo_dia_de_aviso=notice)


def _answer(cuenta: _Cuenta, estado: Estado, hoy: date, hasta: date | None) -> Vigencia:
    sure = cuenta.seguro and estado is not Estado.NO_SE_SABE
    return Vigencia(estado, hasta, None, None, tuple(cuenta.razones), sure)


def _day(dia: date) -> str:
    return f"{dia:%d-%m-%Y}"
