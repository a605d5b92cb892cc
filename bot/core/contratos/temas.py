"""What people ask contracts about: how they say it, and how contracts do."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Clase(StrEnum):
    """The kind of a question; it decides how evidence is read."""

    VIGENCIA = "vigencia"
    FECHA = "fecha"
    MONTO = "monto"
    AVISO = "aviso"
    MULTA = "multa"
    RENOVACION = "renovacion"
    PARTES = "partes"
    OBJETO = "objeto"
    JURISDICCION = "jurisdiccion"
    OBLIGACION = "obligacion"
    COMPARACION = "comparacion"
    LISTA = "lista"
    RESUMEN = "resumen"


class Valor(StrEnum):
    """What the decisive sentence must hold."""

    MONTO = "monto"
    FECHA = "fecha"
    DURACION = "duracion"
    PORCENTAJE = "porcentaje"
    NUMERO = "numero"
    HORA = "hora"
    DIAS = "dias"
    LUGAR = "lugar"
    NOMBRE = "nombre"
    RUT = "rut"
    NADA = ""


@dataclass(frozen=True, slots=True)
class Tema:
    """A topic: `pide` is found in folded questions, `dice` in folded contracts, `hecho` names its fact.

    A sentence that also has `calla` is rather about something else.
    """

    nombre: str
    clase: Clase
    pide: re.Pattern[str]
    dice: re.Pattern[str]
    valor: Valor = Valor.NADA
    hecho: str = ""
    calla: re.Pattern[str] | None = None


def _tema(
    nombre: str,
    clase: Clase,
    pide: str,
    dice: str,
    valor: Valor = Valor.NADA,
    hecho: str = "",
    calla: str = "",
) -> Tema:
    quiet = re.compile(rf"\b(?:{calla})") if calla else None
    return Tema(
        nombre, clase, re.compile(rf"\b(?:{pide})"), re.compile(rf"\b(?:{dice})"), valor, hecho, quiet
    )


# The narrower comes first: a question about the guarantee's return is not one about its amount.
TEMAS = (
    _tema("devolucion de garantia", Clase.OBLIGACION,
        r"(?:devuelv\w+|devolu\w+|devolver|restitu\w+|regres\w+)(?: \w+){0,5} (?:garantia|deposito)"
        r"|garantia(?: \w+){0,6} (?:devuelv\w+|devolu\w+|devolver|restitu\w+)",
        r"(?:restitu\w+|devol\w+|devuel\w+)[^.]{0,160}(?:dentro de|en un plazo|siguientes|dias)",
        Valor.DURACION),
    _tema("reajuste", Clase.OBLIGACION,
        r"reajust\w*|(?:me |lo |la |le |pueden )?(?:suben|subir|sube|suba"
        r"|aumenta\w*)(?: \w+){0,3} (?:arriendo|renta|precio"
        r"|valor|sueldo|cuota|honorario\w*|tarifa|mensualidad|cobro|plan)|\bipc\b|alza\b",
        r"reajust\w+|\bipc\b|indice de precios|incremento|el precio sube|alza", Valor.NADA, "reajuste"),
    _tema("multa de atraso", Clase.MULTA,
        r"(?:multa\w*|pena\b|castigo|cobran|cargo|recargo|interes\w*)(?: \w+){0,6} (?:atras\w+"
        r"|retras\w+|mora|tarde|moros\w+)"
        r"|(?:atras\w+|retras\w+|mora)(?: \w+){0,6} (?:multa\w*|interes\w*|cobran|recargo)"
        r"|pasa si (?:me |nos |no )?(?:atras\w+|pag\w+)",
        r"multas?\b[^.]{0,80}(?:dia|atraso|retraso)|(?:mora|retardo|atraso|retraso)[^.]{0,160}"
        r"(?:interes|multa|recargo)|interes\w* (?:maximo|corriente)", Valor.NADA),
    _tema("multa", Clase.MULTA,
        r"multa\w*|clausula penal|penalidad\w*|sancion\w*|\bpena\b|castigo|indemniza\w*"
        r"|(?:pag\w+|pasa|cobra\w*|cuesta|sale)(?: \w+){0,3} si (?:me |lo |la |le |nos )?(?:salgo|voy"
        r"|retiro|termin\w+"
        r"|devuelv\w+|renunci\w+|cancel\w+|desist\w+|incumpl\w+|arrepient\w+)"
        r"|si (?:me |lo |la |le |nos )?(?:salgo|voy|retiro|termin\w+|devuelv\w+|cancel\w+|desist\w+)"
        r"(?: \w+){0,5} (?:pag\w+|pasa|cobra\w*|cuesta)",
        r"multas?\b(?! de transito)|\bpena\b|clausula penal|indemnizacion|avaluacion anticipada|sancion\w*"
        r"|debera pagar el \d+", Valor.MONTO),
    _tema("garantia", Clase.MONTO, r"garantias?\b|vale vista|deposito\b|caucion|boleta de garantia",
        r"garant\w+|vale vista|caucion|deposito"),
    _tema("aviso de termino", Clase.AVISO,
        r"avis\w+|anticipacion|antelacion|preaviso|dar(?:me|se|nos)? de baja|desahuci\w+"
        r"|(?:cuanto tiempo|cuantos dias|con cuanto)(?: \w+){0,4} (?:decir\w*|avis\w+|cort\w+"
        r"|terminar\w*|salir\w*|dejar\w*|cancelar\w*)",
        r"avis\w+[^.]{0,120}(?:dias|mes|anticipacion|antelacion)|(?:anticipacion|antelacion|notice)"
        r"|(?:dias|meses)[^.]{0,40}aviso", Valor.DURACION, "",
        r"precio|pricing|si fuere|alza|visit\w+|mantencion|reclam\w+|multa|falta\w*|divulgacion|faena"),
    _tema("renovacion", Clase.RENOVACION,
        r"renov\w+|renuev\w+|prorrog\w+|renovaba|sigue sol[oa]|tacit\w+",
        r"renov\w+|renuev\w+|prorrog\w+(?! competencia)|tacita reconduccion|nuevo acuerdo escrito",
        Valor.NADA,
        "renovacion"),
    _tema("dia de pago", Clase.FECHA,
        r"(?:que dia|hasta que dia|cuando|a cuantos dias|cuantos dias|en que fecha|que fecha"
        r"|plazo)(?: \w+){0,6} "
        r"(?:pag\w+|deposit\w+|abon\w+|transfer\w+|factura\w*)|dia de pago|fecha de pago",
        r"(?:pag\w+|factur\w+|vence\w*)[^.]{0,200}(?:primeros|dias?\b|ultimo dia|mes)", Valor.DIAS),
    _tema("jurisdiccion", Clase.JURISDICCION,
        r"demand\w+|tribunal\w*|juzgado\w*|jurisdiccion|arbitr\w+|juicio|competen\w+"
        r"|domicilio (?:legal|del contrato)"
        r"|quien (?:resuelve|decide)|(?:pelea|conflicto|controversia|problema legal)\w*",
        r"tribunal\w*|jurisdiccion|arbitr\w+|fijan (?:su )?domicilio|juzgado|controversia\w*|competencia",
        Valor.LUGAR, "jurisdiccion"),
    _tema("exclusiones", Clase.OBLIGACION, r"no (?:me |se )?(?:incluy\w+|cubr\w+|entra\w*|trae\w*)"
        r"|queda\w* fuera|excluy\w+|exclu\w+",
        r"no (?:se )?(?:incluy\w+|cubr\w+|comprend\w+|quedan? cubiert\w+)|se excluy\w+|con excepcion|salvo"),
    _tema("propiedad", Clase.OBLIGACION, r"de quien (?:es|son|queda\w*|seran?)|a nombre de quien",
        r"propiedad (?:del?|exclusiva)|pertenec\w+|pasan? a ser|(?:son|seran?) del? |dominio de"),
    _tema("rut", Clase.PARTES, r"ruts?\b|cedula|carnet|\brun\b", r"rut\b|rol unico|cedula|c\.i\.", Valor.RUT),
    _tema("partes", Clase.PARTES,
        r"(?<!de )quien(?:es)? (?:es|era|son|fue|represent\w+|firm\w+|vend\w+|arriend\w+|me arriend\w+"
        r"|nos arriend\w+)"
        r"|como se llama\w*|a quien(?:es)? (?:le|les)|con quien(?:es)?|nombre de",
        r"rut\b|rol unico|cedula|c\.i\.|representad[oa]|en adelante|celebra", Valor.NOMBRE),
    _tema("sueldo", Clase.MONTO, r"sueldo|gana\b|ganan\b|salario|remunera\w+|le pago a|se le paga (?:a|al)\b",
        r"sueldo|remuneracion (?:mensual|sera|bruta)|pagara al trabajador|honorario mensual|honorarios",
        Valor.MONTO,
        "", r"declaracion|adicional|tope"),
    _tema("interes", Clase.MONTO, r"interes(?:es)?\b|tasa\b", r"interes\w*", Valor.PORCENTAJE),
    _tema("inicio", Clase.FECHA,
        r"desde (?:cuando|que fecha)|cuando (?:empez\w+|empiez\w+|comenz\w+|comienz\w+|part\w+|entr\w+"
        r"|inici\w+|rige"
        r"|arranc\w+)|fecha de (?:inicio|ingreso)|(?:que dia|cuando)(?: \w+){0,3} (?:entro|empezo"
        r"|ingreso|partio)",
        r"desde|comenz\w+|comienz\w+|empiez\w+|ingres\w+|a contar|parte el|rige|fecha",
        Valor.FECHA, "inicio"),
    _tema("firma", Clase.FECHA, r"(?:cuando|que dia|que fecha)(?: \w+){0,3} firm\w+"
        r"|fecha de(?:l)? (?:firma|contrato)",
        r"\ba \d|\ba [a-z]+ de [a-z]+ de|con fecha|celebra", Valor.FECHA, "firma"),
    _tema("metros", Clase.OBJETO, r"cuantos metros|superficie|que tamano|cuanto mide|m2", r"metros"
        r" cuadrados|superficie|m2",
        Valor.NUMERO),
    _tema("objeto", Clase.OBJETO,
        r"(?:de|sobre) que (?:es|se trata|trata)|que (?:incluye|comprende|servicios?|partes? incluye)"
        r"|para que (?:es|era|obra"
        r"|sirve|fue|lo|la)|objeto (?:del|de)|en que consiste",
        r"objeto|consiste|compren\w+|encarga|incluye|limpiara|prestara|contratad[oa] para|entrega en|"
        r"evaluan|siguientes servicios|da en", Valor.NADA, "", r"vinculo laboral|no existira"
        r"|remuneraciones|retener"),
    _tema("precio", Clase.MONTO,
        r"cuanto (?:es|era|sale|cuesta|costaba|vale|cobra\w*|me (?:cobra|sale)\w*|nos (?:cobra"
        r"|sale)\w*|se pag\w+|estoy pagando|estamos pagando"
        r"|pag\w+|le pag\w+|les pag\w+|partimos|me estan cobrando|hay que pag\w+|voy a pagar|quedo)"
        r"|en cuanto (?:quedo|sale|lo|la|compr\w+|vend\w+|est\w+)|precio|tarifa|\brenta\b|valor (?:de"
        r"|del|mensual)"
        r"|es gratis|gratuito|mensualidad|arriendo(?: \w+){0,3} cuanto|de cuanto",
        r"precio|renta mensual|renta|honorario\w*|\bfee\b|tarifa|canon|pagara|paga\b|suma de|cantidad|valor",
        Valor.MONTO, "", r"multa|atraso|mora\b|retardo|garantia|indemnizacion|tope|costo unico"
            r"|adicional|declaracion de"),
)  # fmt: skip

VIGENCIA = re.compile(
    r"\b(?:vigen\w+|venc\w+|vence\w*|caduc\w+|expir\w+|(?:se )?(?:le |me |nos )?(?:acab|termin)\w+"
    r"|terminad\w+"
    r"|hasta (?:cuando|que fecha|que dia)|cuanto (?:dura|le queda|queda)|dura(?:ba|cion|ra)?\b|sigue\b|"
    r"todavia|plazo del contrato|fecha de termino)"
)
LISTA = re.compile(
    r"\b(?:(?:que|cuales|cuantos|lista\w*|muestra\w*)(?: \w+){0,3} (?:contratos|documentos)|algun\w* contrato"
    r"|(?:que|cuales)(?: de)? mis contratos|mis contratos|contratos (?:mios|tengo))\b"
)
RESUMEN = re.compile(
    r"\b(?:resum\w+|en que consiste el contrato|explica\w* el contrato|de que (?:se )?trata el)\b"
)
COMPARA = re.compile(r"\b(?:compar\w+|diferencia\w*|versus|vs|cual (?:de los|es mas)|donde|ambos|los dos)\b")
