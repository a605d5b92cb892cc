"""What the words of a short message point at: a kind of answer, a book, and what is left unread."""

import re

from bot.core.consulta.letra import plainly
from bot.core.consulta.libros import find_libro
from bot.core.consulta.meses import month_of, number_of, ordinal_of
from bot.core.consulta.tipos import names_type
from bot.core.documentos import Libro

# In this order: "a quién se las hice" asks for documents, "quién me compró más" for a ranking.
_CLASES = tuple(
    (clase, re.compile(rf"\b(?:{words})"))
    for clase, words in (
        ("detalle", r"exc?el\b|planillas?\b|csv\b|a quien(?:es)? se l[ao]s?\b|quien(?:es)? me l[ao]s\b"),
        ("grafico", r"(?:verl[oa]s? )?(?:en )?(?:un )?grafi[ckq]\w*|dibuj\w*|barras\b|curva\b"),
        (
            "ranking",
            r"quien(?:es)? (?:\w+ ){0,4}(?:mas|menos|principal|mayor|mejor)(?:es)?\b|ranking|top \d"
            r"|(?:principal|mayor|mejor)(?:es)? (?:client|proveed)\w*"
            r"|(?:client|proveed)\w* (?:\w+ ){0,2}(?:mas|principal|mayor|mejor|grande)(?:es)?\b"
            r"|(?:el|los) que (?:mas|menos) (?:me |nos )?(?:compr|vend|factur)\w+"
            r"|\blos que (?:mas|menos)\W*$",
        ),
        (
            "comparar",
            r"compar[aeo]\w*|versus\b|vs\b|(?:mas|menos|mejor|peor|o menos) que\b|diferencia|variacion"
            r"|cual (?:\w+ )?fue (?:el |la )?mas (?!grand|client|provee)\w+"
            r"|cual(?:es)? de (?:l[oa]s|es[oa]s|ell[oa]s)(?: (?:dos|meses|anos))?(?: (?:fue|es))?"
            r"(?: mas \w+)?"
            r"|(?:subi|baj|crec|aument|disminuy)\w*\b",
        ),
        (
            "detalle",
            r"(?:muestr|mostr|ensen|enumer|desglos|enlist)\w*|detall\w*|folios\b"
            r"|list(?:a|e|ar?|ado|ame|eme|al[ao]s?|arl[ao]s?)\b"
            r"|(?P<uno>documento|factura|boleta|nota) por (?P=uno)\b"
            r"|(?:mand|envi|pas|tra[ei])\w*l[ao]s\b|cuales (?:son|fueron|eran)|un[ao] por un[ao]"
            r"|(?:a )?ver(?:l[ao]s| l[ao]s| es[ao]s| mis)\b|documentos?\b"
            r"|(?:los|mis|dame) (?:docs|dctos|doctos)\b"
            r"|cuales\W*$"
            r"|(?:que|cuales) (?:facturas?|boletas?|notas?|docs?)\b(?: \w+){0,2}"
            r" (?:son|fueron|eran|hay|hubo)\b"
            r"|(?:tir|suelt|largu?|d[ae]|mand|envi|pas|tra[ei]|sac)\w* (?:es[ao]s|l[ao]s)"
            r" (?:facturas?|boletas?|notas?)\b",
        ),
        (
            "resumen",
            r"[ckq]u?[au]?ant[oa]s?\b(?: asciend\w+)?|total(?:es|ito)?\b"
            r"|sum(?:a|an|ado|adas|ados|al[ao]s|ame)\b|resum\w*",
        ),
    )
)
_VENTAS = re.compile(
    r"\b(?:client\w+|emiti\w*|emitid[ao]s|vendi\w*|vendid[ao]s?|facture|q(?:ue)? hic(?:e|imos)"
    r"|ingres[eo]s?|gan(?:e|amos|ancias?)|plata (?:\w+ )?(?:hice|hicimos|entro))\b"
)
_COMPRAS = re.compile(
    r"\b(?:proveed\w+|comprao?s?|compr[eo]|comprad[ao]s?|recibi\w*|gast[oea]\w*|pag(?:ue|amos)|egresos?"
    r"|(?:que|q|nos) llegaron"
    r"|me (?:llegaron|hicieron|hizo|cobr\w+|vendi\w+|factur\w+))\b"
)
_PROPIA = re.compile(r"\bfacturas? de compra\b")
_AL_CLIENTE = re.compile(r"\b(?:me|nos) (?:ha |han )?compr\w+")
_IVA = re.compile(r"\b(?:iva|f ?-?29|formulario 29|ppm|impuestos?)\b")
_EXCEL = re.compile(r"\b(?:excel|exel|xls|xlsx|planilla|csv)\b")
# How a message goes on with another: "y en junio", "ahora las exentas", "no, julio era", "pero de 2025".
_ANTES = (
    r"^\W*(?:(?:hola|buenas|ya|ok|okey|oka|dale|bueno|bien|perfecto|listo|entendido|de acuerdo|oye|a+h+|ay|uy"
    r"|mmm+|chuta|pucha|perdon|sorry|ups|gracias|a ver|entonces|igual|super|genial|excelente|vale|altiro|uf+"
    r"|exacto|claro|si|mira|oiga|ta bien|bacan|filete|demas)\b\W*(?:po\b\W*)?)*"
)
_FUERTE = re.compile(
    rf"{_ANTES}(?:y|pero|ahora|solo|solamente|unicamente|exclusivamente|no|perdon|tambien|lo mismo|idem)\b"
    r"|\b(?:idem|lo mismo)\W*$"
)
_MARCA = re.compile(rf"{_FUERTE.pattern}|{_ANTES}(?:e|mejor|ademas|nomas|las?|los|el|del?|en)\b")
# What is asked of tax law, not of one's own figures.
_EXPLICA = re.compile(
    r"\b(?:que (?:es|son|significan?|quiere decir)|para que (?:es|sirven?)|como se (?:hac|calcul|emit)\w+)\b"
)
_ME_DEBEN = re.compile(
    r"\b(?:me|nos) (?:\w+ )?(?:deb(?:e|en|ia|ian)|adeud\w+|falta\w* pagar)\b|\bpor cobrar\b|\bmoros\w+"
    r"|\bquien(?:es)? (?:(?:aun|todavia|no|me|nos) )*(?:ha|han) pagado\b"
)
_LES_DEBO = re.compile(r"\bles? deb(?:o|emos)\b|\b(?:a quien|cuanto) deb(?:o|emos) a\b|\bcuentas por pagar\b")
_AL_FISCO = re.compile(r"\b(?:iva|f ?-?29|impuestos?|sii|tesoreria|fisco|ppm|multas?|arriendo|contrato)\b")
_SENALA = re.compile(
    r"\b(?:es[ao]s?|dich[ao]s?|mism[ao]s?|aquel(?:la)?) (?:\w+ )?(?:client|proveed|empresa|compra|venta"
    r"|factura|boleta|nota|document|tip[oa]|person)\w*|\bde (?:es[ao]s|eso|ell[ao]s)\b|\bde ahi\b|\bcon eso\b"
)
_RELLENO = frozenset(
    """
    y e o u a al ante con contra de del desde en entre hasta para pa por sin sobre tras q que k el la lo
    los las un una unos unas mi mis tu tus su sus se me te le les nos yo usted ustedes eso esa ese esos
    esas esto esta este estos estas ello ella ellos ellas aquel aquella ahi alli aqui aca como cual
    cuales cuando donde si no ya ok okey dale bueno bien listo perfecto entendido acuerdo oye ah aah
    aaah ahh uy ay mmm chuta pucha perdon disculpa disculpe po pos pues porfa porfavor favor plis please
    gracias muchas igual entonces ahora solo solamente nomas pero tambien ademas mejor digo quise quiero
    queria quisiera decir dime digame dame deme ver veo mirar mira puedes puede podrias podria necesito
    es era son eran fue fueron ha han habia hubo hay sea seria sido ser estaba estan toda todo todas
    todos entero completo mismo misma mismos mismas otro otra otros otras alguno alguna algunas algunos
    algun ninguna ninguno cada tanto tantos mas menos muy tan asi tal cosa cosas mes meses ano anos
    trimestre trimestres semestre bimestre periodo periodos anterior anteriores siguiente siguientes
    proximo proxima pasado pasada pasados previo previa ultimo ultimos ultima sigue viene antes despues
    atras recien hace curso actual hoy primer primero segundo tercer tercero cuarto fecha van va lleva
    llevo llevamos hice hizo hicieron hicimos hacer haga hazme hazlo haz sale salen salio dio daria dan
    da sola solas solos nada poco plata lucas pesos monto monton numero numeros ambos ambas dos
    comparado comparada comparativo respecto tipo tipos clase sirve mande manda pasa pase tienes tiene
    tengo tenia tenemos fuera real mia mio mios mias afectas afecta exentas exenta exentos exento
    exportacion electronica electronicas credito debito descargar queda quedo cuenta cuentas vendieron
    emitieron recibieron grande grandes gran comprado vendido compran compra compro compraron venden
    vende vendio facturaron facturo emitidas recibidas emitido recibido caro cara bajo alto peor hola buenas
    envia envias enviame envieme enviar enviarme mandame mandeme mandar pasame paseme pasar remitame remitir
    junto juntos juntas sorry ups error lapsus equivoque semana semanas dia dias doc docs dcto dctos
    ayer anteayer antier anoche lunes martes miercoles jueves viernes sabado domingo finde
    muestre ponle pon ponme cambia cambie cambiemos pasemos vamos volvamos veamos verlo verla ve vea verse
    hagame hagamos haganme igual idem unicamente exclusivamente puro pura puros puras tambien mundo juntas
    mandas mandes mandarlo mandalo pasalo pasala ponlo cualquier cualquiera toca tocan filtrar filtro
    distinguir usar usa prueba clientes client proveedores principio fin
    """.split()
)
# What is said to whom one asks, and of what one was told; it asks for nothing.
_MULETILLAS = frozenset(
    """
    xfa porfis porfi plz please altiro toque rapido rapidito bro brou weon wn oiga oe oie eh ey hey sabes
    cacha cachai viste jaja jajaja jeje uff rayos bah oh wow guau super bacan filete genial excelente
    buenisimo buenisima increible harto harta arto verdad cierto claro obvio justo exacto vale venga va
    chevere caramba brigido cuatico demas amable gentileza sirvase agradeceria rato detallito
    """.split()
)
# Somebody called, and not somebody spoken of: "mi vecino", "del jefe".
_VOCATIVO = re.compile(
    r"(?<!\bmi )(?<!\bel )(?<!\bla )(?<!\bdel )(?<!\bde )(?<!\bsu )(?<!\ba )(?<!\bal )(?<!\bun )(?<!\bcon )"
    r"\b(?:compa|compadre|herman[oa]|mijit[oa]|mij[oa]|jef[ea]|vecin[oa]|caser[oa]|amig[oa]|estimad[oa]s?"
    r"|maestr[oa]|senorita)\b|\bmi (?:amor|cielo|corazon|reina|rey|vida|linda|nin[oa])\b"
)
_WORD = re.compile(r"[a-z0-9]+")


def find_clase(texto: str) -> str:
    """The kind of answer asked for: `resumen`, `detalle`, `comparar`, `ranking`, `grafico`, or nothing."""
    normal = plainly(texto)
    return next((clase for clase, asked in _CLASES if asked.search(normal)), "")


def book_named(texto: str) -> Libro | None:
    """The book that a message names also by what is only in one of them: clients, what was received."""
    normal = plainly(texto)
    if _AL_CLIENTE.search(normal):
        return Libro.VENTAS
    if _PROPIA.search(normal):
        return Libro.COMPRAS
    if libro := find_libro(texto):
        return libro
    ventas, compras = _VENTAS.search(normal), _COMPRAS.search(normal)
    if bool(ventas) == bool(compras):
        return None
    return Libro.VENTAS if ventas else Libro.COMPRAS


def names_iva(texto: str) -> bool:
    """`y el iva`, `f29`."""
    return _IVA.search(plainly(texto)) is not None


def asks_for_excel(texto: str) -> bool:
    """`en una planilla`."""
    return _EXCEL.search(plainly(texto)) is not None


def goes_on(texto: str, *, clearly: bool = False) -> bool:
    """Whether a message begins as one that goes on with another; `clearly` with more than an article."""
    return (_FUERTE if clearly else _MARCA).search(plainly(texto)) is not None


def asks_who_owes(texto: str) -> Libro | None:
    """The book that `¿cuánto me debe X?` or `¿cuánto le debo a X?` is about, which tells nothing of it."""
    normal = plainly(texto)
    if _AL_FISCO.search(normal):
        return None
    if _ME_DEBEN.search(normal):
        return Libro.VENTAS
    return Libro.COMPRAS if _LES_DEBO.search(normal) else None


def asks_what_it_is(texto: str) -> bool:
    """`¿qué es una nota de crédito?`."""
    return _EXPLICA.search(plainly(texto)) is not None


def points_back(texto: str) -> bool:
    """`de esas`, `a ese cliente`."""
    return _SENALA.search(plainly(texto)) is not None


def words_left(texto: str) -> tuple[str, ...]:
    """The words that say neither months, types, kinds of answer, books nor nothing at all."""
    normal = plainly(texto)
    for _, asked in _CLASES:
        normal = asked.sub(" ", normal)
    for named in (_VENTAS, _COMPRAS, _IVA, _EXCEL, _VOCATIVO):
        normal = named.sub(" ", normal)
    return tuple(word for word in _WORD.findall(normal) if not _is_read(word))


def _is_read(word: str) -> bool:
    if word in _RELLENO or word in _MULETILLAS or word.isdigit() or len(word) == 1:
        return True
    libro = find_libro(word) is not None
    return (
        libro
        or month_of(word) is not None
        or names_type(word)
        or bool(ordinal_of(word))
        or number_of(word) is not None
    )
