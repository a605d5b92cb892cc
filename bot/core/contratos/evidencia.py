"""How well a sentence of a contract answers a question."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.core.contratos.fechas import find_fechas
from bot.core.contratos.oraciones import split_oraciones
from bot.core.contratos.palabras import raices
from bot.core.contratos.plano import plegar
from bot.core.contratos.temas import Valor

NUMERO = (
    r"(?:\d[\d.,]*|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce"
    r"|quince|dieci\w+"
    r"|veint\w+|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien\w*|\w+cient[oa]s"
    r"|quinient[oa]s|mil)"
)
MES = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
_VALOR = {
    Valor.MONTO: rf"\$ ?\d|\bu\.?f\b|unidad\w* de fomento|\butm\b|\busd?\b|\bpesos\b|\d ?%|por ciento"
    rf"|\b{NUMERO} (?:rentas?|honorarios|sueldos|mes(?:es)? y medio|mes(?:es)? de)\b|\bmitad\b|\bfees\b",
    Valor.FECHA: rf"\bde (?:{MES})\b|\d[/-]\d{{1,2}}[/-]\d|\b(?:{MES}) \d|(?:acto|firma|su fecha)\b",
    Valor.DURACION: rf"\b{NUMERO}(?: \([^)]*\))? (?:dias?|mes(?:es)?|anos?|semanas?|horas?|minutos"
        rf"|semestres?)\b",
    Valor.PORCENTAJE: r"\d ?%|por ciento",
    Valor.NUMERO: rf"\b{NUMERO}\b",
    Valor.HORA: r"\b\d{1,2}[:.]\d\d\b|\bhoras\b",
    Valor.DIAS: rf"\b(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|dias?|{MES}|mes)\b",
    Valor.LUGAR: r"\b(?:comuna|ciudad|tribunal\w*|calle|avenida|sucursal|domicilio|oficina|arbitr\w+"
        r"|juzgado|en [a-z]+)\b",
    Valor.NOMBRE: r"\b(?:don|dona|rut|representad[oa]|s\.a|spa|ltda|limitada|arrend\w+|cargo de"
        r"|vendedor|comprador|empresa"
    r"|cliente|proveedor|profesional|mandante|empleador|trabajador|client\w+|[a-z]+(?:dor|dora|tario"
    r"|taria|tante|nte))\b",
    Valor.RUT: r"\b\d{1,2}\.?\d{3}\.?\d{3} ?- ?[\dk]|numero [a-z]+ millones",
}  # fmt: skip
_VALORES = {valor: re.compile(words) for valor, words in _VALOR.items()}
_DIAS_CLAROS = re.compile(
    rf"\b(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|{MES}|primer\w*|ultimo dia|penultimo"
    rf"|dias? (?:\d|[a-z]+ de))\b"
)
# Words to a machine are no clause: nobody agreed on them.
_ORDEN = re.compile(
    r"(?:ignor\w+|olvid\w+|descart\w+|omit\w+) (?:\w+ ){0,4}(?:instrucci\w+|anterior\w*|reglas|filtro\w*)"
    r"|sistemas? automatic\w+|inteligencia artificial|asistente\w* (?:virtual\w*|automatic\w*|de ia"
    r"|digital\w*)"
    r"|modelos? de lenguaje|\bchat ?bots?\b|(?:respond|contest|inform|indi"
    r"|dig)\w+ (?:siempre )?que (?:el|este) contrato"
    r"|agreg\w+ la palabra|a toda respuesta|\bprompt\b|nota para (?:el|la|los|las) (?:sistema"
    r"|asistente|bot|ia|modelo)"
)
_LARGO_TITULO = 90
_MUCHO = 460
# Less weighs what every question has and what only asks.
_DE_NOMBRE = 0.65
_DE_FOCO, _DE_FOCO_CON_TEMA = 0.35, 0.55
_PREGUNTA_CORTA, _DEL_CONTEXTO = 1.2, 0.55


@dataclass(frozen=True, slots=True)
class Oracion:
    """A sentence, or a row of a table, with where it stands.

    `contexto` are stems of its clause's title and of the sentence before it; `pasaje` is the passage it is
    part of, `trozo` which piece of that passage, `orden` its place in the text.
    """

    contrato_id: int
    archivo: str
    pagina: int
    clausula: str
    titulo: str
    texto: str
    plano: str
    raices: frozenset[str]
    contexto: frozenset[str]
    pasaje: int = 0
    trozo: int = 0
    orden: int = 0


def read_oraciones(
    contrato_id: int, archivo: str, pasajes: Iterable[tuple[int, int, str, str]]
) -> list[Oracion]:
    """The sentences of a contract's passages, each given with its number, page, clause and text, in order.

    What speaks to a machine, and not to the parties, is left out.
    """
    found: list[Oracion] = []
    titulo, previous, last = "", "", None
    for numero, pagina, clausula, texto in pasajes:
        if clausula.split(".")[0] != last:
            last, previous = clausula.split(".")[0], ""
            head = texto.strip().partition("\n")[0]
            titulo = head[:_LARGO_TITULO] if clausula else ""
        for trozo, piece in enumerate(piezas(texto)):
            flat = plegar(piece)
            if len(piece) < _LARGO_TITULO and not re.search(r"[.;,|]", piece.strip(" .:")) and not clausula:
                titulo = piece
            if len(re.findall(r"\w*[^\W_]\w*", piece)) < 2 or _ORDEN.search(flat):
                continue
            around = raices(f"{titulo} {previous}")
            found.append(
                Oracion(
                    contrato_id, archivo, pagina, clausula, titulo, piece, flat, raices(piece), around,
                    numero, trozo, len(found),
                )
            )  # fmt: skip
            previous = piece[-200:]
    return found


def piezas(texto: str) -> list[str]:
    """The sentences of a passage; the rows of a table one by one."""
    return [
        " ".join(one.split()) for inicio, fin in split_oraciones(texto) for one in _parts(texto[inicio:fin])
    ]


def _parts(piece: str) -> list[str]:
    if " | " in piece:
        return [line for line in piece.split("\n") if line.strip()]
    head, _, rest = piece.partition("\n")
    titled = rest and len(head) < _LARGO_TITULO and head[-1] not in ".,;:" and rest.lstrip()[:1].isupper()
    return [head, rest] if titled else [piece]


def trae(valor: Valor, plano: str) -> float:
    """Whether a folded sentence holds what is asked for: up to 1, 0 if nothing is, -0.3 if it does not."""
    pattern = _VALORES.get(valor)
    if pattern is None:
        return 0.0
    if not pattern.search(plano):
        return -0.3
    if valor is Valor.HORA:
        return 1.0 if re.search(r"\d{1,2}[:.]\d\d", plano) else 0.4
    if valor is Valor.DIAS:
        return 1.0 if _DIAS_CLAROS.search(plano) else 0.3
    return 1.0


def recortar(texto: str, cerca_de: Iterable[str], largo: int = _MUCHO) -> str:
    """The part of a long sentence that speaks of the question, in whole words, with `…` at the cuts."""
    if len(texto) <= largo:
        return texto
    wanted = set(cerca_de)
    places = [match.start() for match in re.finditer(r"\S+", texto) if raices(match[0]) & wanted]
    starts = [*places, 0]
    best = max(starts, key=lambda at: sum(at - 60 <= place < at + largo - 120 for place in places))
    start = max(0, min(best - 60, len(texto) - largo))
    start = texto.find(" ", start) + 1 if start else 0
    end = texto.rfind(" ", start, start + largo) if start + largo < len(texto) else len(texto)
    return ("…" if start else "") + texto[start:end] + ("…" if end < len(texto) else "")


def fechas_de(texto: str) -> list[date]:
    """The days that a text names."""
    return [one.valor for one in find_fechas(texto) if one.dia]
