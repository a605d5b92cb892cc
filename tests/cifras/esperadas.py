"""The figures that an answer must hold, in its order, from the oracle."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from bot.services.reloj import SANTIAGO
from tests.cifras.oraculo import RESTAN, SOLO_RESUMEN, SUMAN, Donde, Oraculo
from tests.cifras.preguntas import HOY, Pregunta, mes

FACTURAS, BOLETAS, DEBITO, CREDITO = (29, 30, 33, 40, 43), (35, 39), (55, 56), (60, 61)
EXENTAS, EXPORTACION, RETENIDO = (32, 34, 38, 41), (101, 104, 106, 110, 111, 112), (45, 46)
POR_PAGINA = 8


def clp(amount: int) -> str:
    """`-$1.190`."""
    return f"{'-' if amount < 0 else ''}${abs(amount):,}".replace(",", ".")


def many(count: int) -> str:
    """`1.201`."""
    return f"{count:,}".replace(",", ".")


def percent(part: int, whole: int) -> str:
    """`12,5 %`."""
    number = (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP).normalize()
    return f"{number:f} %".replace(".", ",")


def esperadas(pregunta: Pregunta, oraculo: Oraculo) -> list[str]:
    """What must be said, in order."""
    return globals()[f"_{pregunta.clase}"](pregunta, oraculo)  # type: ignore[no-any-return]


def _rows(donde: Donde, oraculo: Oraculo, *, known: bool) -> list[str]:
    found = []
    for _, signo, count, total in oraculo.by_type(donde):
        if bool(signo) is known:
            found += [many(count), clp((signo or 1) * total)]
    return found


def _waiting(donde: Donde, oraculo: Oraculo) -> list[str]:
    if donde.libro == "ventas" or donde.estado not in ("", "REGISTRO"):
        return []
    waiting = replace(donde, estado="PENDIENTE")
    count = sum(row[2] for row in oraculo.by_type(waiting))
    return [many(count), clp(oraculo.totals(waiting)[3])] if count else []


def _resumen(pregunta: Pregunta, oraculo: Oraculo) -> list[str]:
    donde = pregunta.donde
    neto, iva, exento, total = oraculo.totals(donde)
    if not oraculo.by_type(donde):
        return _waiting(donde, oraculo)
    said = [clp(total), clp(neto), clp(iva)]
    other = total - neto - iva - exento
    said += [clp(exento)] if exento else []
    said += [clp(other)] if other else []
    if len(donde.meses) > 1 and not donde.dias:
        said += [clp(oraculo.totals(replace(donde, meses=(one,)))[3]) for one in donde.meses]
    else:
        said += _rows(donde, oraculo, known=True)
    return said + _rows(donde, oraculo, known=False) + _waiting(donde, oraculo)


def _documents(donde: Donde, oraculo: Oraculo) -> list[tuple[int, int, int, date]]:
    """Code, folio, total and date, newest first."""
    columns = "tipo_documento, folio, monto_total, fecha"
    found = oraculo.rows(donde, columns, "AND folio IS NOT NULL ORDER BY 4 DESC, 1, 2 DESC")
    return [tuple(row) for row in found]  # type: ignore[misc]


def _signed(tipo: int, total: int) -> str:
    return clp(-total if tipo in RESTAN else total)


def _detalle(pregunta: Pregunta, oraculo: Oraculo) -> list[str]:
    donde = pregunta.donde
    found = _documents(donde, oraculo)
    said = [many(len(found))] if found else []
    for tipo, folio, total, _ in found[:POR_PAGINA]:
        said += [_signed(tipo, total), f"#{folio}"]
    if found and not (donde.quien or donde.dias or donde.monto):
        boletas = [row for row in oraculo.by_type(donde) if row[0] in SOLO_RESUMEN]
        said += [word for _, _, count, total in boletas for word in (many(count), clp(total))]
    return said


def _comparar(pregunta: Pregunta, oraculo: Oraculo) -> list[str]:
    now = oraculo.totals(pregunta.donde)[3]
    before = oraculo.totals(replace(pregunta.donde, meses=pregunta.antes))[3]
    if now == before:
        return [clp(now), clp(before)]
    change = [percent(abs(now - before), before)] if before > 0 else []
    return [clp(now), clp(before), clp(abs(now - before)), *change]


def _ranking(pregunta: Pregunta, oraculo: Oraculo) -> list[str]:
    donde = replace(pregunta.donde, tipos=(*SUMAN, *RESTAN))
    name = "CASE WHEN contraparte_rut = '55555555-5' THEN contraparte ELSE '' END"
    sign = f"CASE WHEN tipo_documento IN {RESTAN} THEN -monto_total ELSE monto_total END"
    grouped = f"AND folio IS NOT NULL GROUP BY contraparte_rut, {name} ORDER BY 1 DESC, contraparte_rut"
    sums = [int(row[0]) for row in oraculo.rows(donde, f"sum({sign})", grouped)]
    if not sums:
        return []
    said = [many(len(sums))]
    for one in sums[: pregunta.cuantos]:
        said += [clp(one), percent(one, sum(sums))]
    for tipo, _, count, total in oraculo.by_type(pregunta.donde):
        said += [many(count), clp(total)] if tipo in SOLO_RESUMEN else []
    return said


def _mejor(pregunta: Pregunta, oraculo: Oraculo) -> list[str]:
    totals = [oraculo.totals(replace(pregunta.donde, meses=(one,)))[3] for one in pregunta.donde.meses]
    best, worst = clp(max(totals)), clp(min(totals))
    return [best, worst] if pregunta.clase == "mejor" else [worst, best]


_peor = _mejor


def _form(some: str, oraculo: Oraculo) -> dict[int, int]:
    """The lines of the form that come from the register."""
    sums: dict[tuple[str, int], tuple[int, int, int, int, int]] = {}
    for libro in ("ventas", "compras"):
        columns = "sum(cantidad), sum(monto_neto), sum(monto_iva), sum(monto_exento), sum(monto_total)"
        for row in oraculo.rows(Donde(libro, (some,)), f"tipo_documento, {columns}", "GROUP BY 1"):
            sums[libro, row[0]] = tuple(int(value) for value in row[1:])  # type: ignore[assignment]

    def of(libro: str, what: int, tipos: tuple[int, ...], *, signed: bool = False) -> int:
        sign = {tipo: -1 if signed and tipo in RESTAN else 1 for tipo in tipos}
        return sum(sign[tipo] * sums.get((libro, tipo), (0,) * 5)[what] for tipo in tipos)

    known = tuple(tipo for tipo in (*SUMAN, *RESTAN) if tipo not in RETENIDO)
    home = tuple(tipo for tipo in known if tipo not in EXPORTACION)
    form = {
        585: of("ventas", 0, EXPORTACION),
        20: of("ventas", 4, EXPORTACION, signed=True),
        586: of("ventas", 0, EXENTAS),
        142: of("ventas", 3, home, signed=True),
    }
    for count, amount, tipos in (
        (503, 502, FACTURAS), (110, 111, BOLETAS), (758, 759, (48,)), (512, 513, DEBITO), (509, 510, CREDITO),
    ):  # fmt: skip
        form |= {count: of("ventas", 0, tipos), amount: of("ventas", 2, tipos)}
    form[538] = form[502] + form[111] + form[759] + form[513] - form[510]
    for count, amount, tipos in (
        (519, 520, FACTURAS), (527, 528, CREDITO), (531, 532, DEBITO), (534, 535, (914,)),
    ):  # fmt: skip
        form |= {count: of("compras", 0, tipos), amount: of("compras", 2, tipos)}
    form[511] = form[520] + form[532] + form[535] - form[528]
    form |= {504: 0, 537: form[511]}
    form |= {89: max(0, form[538] - form[537]), 77: max(0, form[537] - form[538])}
    form[563] = of("ventas", 1, known, signed=True) + of("ventas", 3, known, signed=True)
    return form | {91: form[89]}


def _iva(pregunta: Pregunta, oraculo: Oraculo) -> list[str]:
    [some] = pregunta.donde.meses
    form = _form(some, oraculo)
    said = [clp(form[77] or form[89]), clp(form[538]), clp(form[511])]
    year, month = divmod(int(some[:4]) * 12 + int(some[5:]) - 2, 12)
    before = _form(f"{year}-{month + 1:02}", oraculo)
    said += [clp(before[77])] if before[77] else []
    waiting = Donde("compras", (some,), estado="PENDIENTE")
    said += [clp(oraculo.totals(waiting)[1])] if oraculo.by_type(waiting) else []
    common = oraculo.one(
        "SELECT COALESCE(sum(CASE WHEN tipo_documento IN (60, 61) THEN -1 ELSE 1 END * iva_uso_comun), 0)"
        " FROM compras_detalle WHERE rut = %s AND periodo = %s AND estado = 'REGISTRO'",
        some,
    )
    said += [clp(common)] if common else []
    for libro in ("ventas", "compras"):
        left = [(row[0], row[2]) for row in oraculo.by_type(Donde(libro, (some,)))]
        odd = [one for one in left if one[0] in RETENIDO]
        odd += [one for one in left if one[0] not in (*SUMAN, *RESTAN)]
        for tipo, count in odd:
            said += [many(count), clp(oraculo.iva(libro, some, (tipo,)))]
    return said


def _lineas(pregunta: Pregunta, oraculo: Oraculo) -> list[str]:
    form = _form(pregunta.donde.meses[0], oraculo)
    counts = {585, 586, 503, 110, 758, 512, 509, 519, 527, 531, 534}
    order = (585, 20, 586, 142, 503, 502, 110, 111, 758, 759, 512, 513, 509, 510, 538, 519, 520, 527, 528)
    order += (531, 532, 534, 535, 511, 504, 537, 89, 77, 563, 91)
    shown = [code for code in order if form[code] or code in (89, 91)]
    return [f"[{code}] {many(form[code]) if code in counts else clp(form[code])}" for code in shown]


def _causas(pregunta: Pregunta, oraculo: Oraculo) -> list[str]:
    [some] = pregunta.donde.meses
    year, month = divmod(int(some[:4]) * 12 + int(some[5:]) - 2, 12)
    before = f"{year}-{month + 1:02}"
    moved: Counter[tuple[object, ...]] = Counter()
    for libro, way in (("ventas", 1), ("compras", -1)):
        for when, sign in ((some, 1), (before, -1)):
            tipos = (*FACTURAS, *DEBITO, *CREDITO, 914)
            where = Donde(libro, (when,), tipos)
            who = "contraparte_rut, contraparte, CASE WHEN tipo_documento IN (60, 61) THEN -1 ELSE 1 END"
            for rut, name, signo, iva in oraculo.rows(where, f"{who}, sum(monto_iva)", "GROUP BY 1, 2, 3"):
                moved[libro, rut, name] += way * sign * signo * int(iva)
            for tipo in SOLO_RESUMEN:
                moved[libro, tipo] += way * sign * oraculo.iva(libro, when, (tipo,))
    own = [_form(when, oraculo) for when in (before, some)]
    earlier, later = (form[538] - form[511] for form in own)
    said = [clp(later), clp(earlier)]
    if later != earlier:
        said.append(clp(abs(later - earlier)))
        said += [percent(abs(later - earlier), earlier)] if earlier > 0 else []
    largest = sorted((abs(value) for value in moved.values() if value), reverse=True)
    return said + [clp(value) for value in largest[:5]]


def _pendientes(pregunta: Pregunta, oraculo: Oraculo) -> list[str]:
    columns = "rut, tipo_documento, folio, monto_total, fecha_recepcion"
    oraculo.one("SELECT 1 WHERE %s <> ''")
    found = oraculo._connection.execute(
        f"SELECT {columns}, fecha FROM compras_detalle WHERE rut = %s AND estado = 'PENDIENTE'"
        " AND periodo = ANY(%s)",
        (oraculo.rut, [mes(1), mes(0)]),
    ).fetchall()
    if not found:
        return []
    said = [many(len(found)), clp(oraculo.totals(pregunta.donde)[3])]
    last = sorted((row[4].astimezone(SANTIAGO).date() + timedelta(days=8) - HOY).days for row in found)
    return said + [many(left) for left in last[:POR_PAGINA] if left > 1]
