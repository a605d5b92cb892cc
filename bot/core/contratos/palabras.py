"""Words as people type them and as contracts write them, made comparable."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from bot.core.texto import normalize

_PALABRA = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_CHAT = {
    "q": "que", "k": "que", "ke": "que", "xq": "por que", "pq": "por que", "x": "por", "d": "de",
    "pa": "para",
    "ofi": "oficina", "depto": "departamento", "cto": "contrato", "contra": "contrato", "dps": "despues",
    "tb": "tambien", "tbn": "tambien", "cta": "cuenta", "ctas": "cuentas", "kiero": "quiero",
    "bn": "bien", "nda": "nda confidencialidad", "app": "aplicacion", "pega": "trabajo", "tel": "telefono",
    "kilos": "kilogramos", "mts": "metros", "km": "kilometros", "kms": "kilometros", "hrs": "horas",
    "asta": "hasta", "lising": "leasing", "lisin": "leasing", "leasin": "leasing",
}  # fmt: skip
_SONIDOS = tuple(
    (re.compile(words), sound)
    for words, sound in (
        (r"ch", "ʃ"), (r"qu(?=[ei])|q|c(?![ei])", "k"), (r"c|z|x", "s"), (r"h", ""), (r"ʃ", "ch"),
        (r"v", "b"), (r"ll", "y"), (r"g(?=[ei])", "j"), (r"([a-z])\1", r"\1"),
    )
)  # fmt: skip
_FINALES = re.compile(
    r"(?:amientos?|imientos?|asiones|isiones|asion|ision|siones|sion|edoras?|edores|edor|adoras?"
    r"|adores|ador|idoras?|idores|idor"
    r"|atorias?|atorios?|ables?|ibles?|amente|mente|andose|ando|iendo|abamos|abas?|aban|aria[ns]?"
    r"|eria[ns]?|iria[ns]?|aras?|aran|eras?|eran|iran?|aremos|aron|ieron|aste|iste|amos|emos|imos|adas?|ados?"
    r"|idas?|idos?|ansias?|ensias?|antes?|ientes?|entes?|arse|erse|irse|arme|arlos?|arlas?|arle|ales|al"
    r"|ar|er|ir|ian|ias?|ios?|es|as|os|an|en|a|o|e|s)$"
)
_ENCLITICO = re.compile(r"(?<=[aei]r)(?:les?|los?|las?|me|nos|se|te)$")
_FINAL_CORTO = re.compile(r"(?:es|as|os|a|o|e|s)$")
_DIMINUTIVO = re.compile(r"(?<=[a-z]{3})(?:sit|it)(?=[oa]s?$)")

VACIAS = frozenset(
    "a al algo aqui asi como con cual cuales cuando cuanta cuantas cuanto cuantos de del desde donde e el la"
    " las lo los ellos ella ellas en entre era eran es esa ese eso esos esas esta estan este esto estos estas"
    " fue fueron ha han hasta hay he la le les me mi mis mas muy nada ni no nos nuestro nuestra o para pero"
    " poco por porque que quien quienes se segun ser sera si sin sobre solo son soy su sus tal tambien"
    " te tengo"
    " ti tiene tienen tu tus u un una unas uno unos va van vez y ya yo hola gracias porfa favor por oye weon"
    " wn po pues ahi alguna alguno algun cada misma mismo esos ese esa hoy todavia aun cosa cosas tipo usted"
    " porfavor dime dame muestrame quiero saber necesito consulta pregunta rapida contrato contratos"
    " documento"
    " papel papeles acuerdo clausula dice decia habla sale salia mio mia mios mias".split()
)
_COMUNES = frozenset(
    "puedo puede pueden podia podria poder tener tenia tenemos tenia hacer hace hacen hizo dar dan da di deje"
    " dejar poner pone ponen pongo puso pusimos ir irme voy vaya vamos venir viene vienen llegar llega"
    " quedar queda quedo quede pasar pasa pagar paga pago pagan pagas pagaba pagamos pagando cobrar cobra"
    " cobran cobraba cobrando deber debo debe deben haber habia habria tocar toca meter mandar mande mandar"
    " llevar lleva sacar saca usar usa uso ver ven seguir sigue sigo querer quiere quiero decir digo"
    " salir salirse salgo trae traer incluye incluidos incluia incluye incluir hartos harto rato tiempo dia"
    " dias mes meses ano anos semana hora horas plata monto valor total maximo minimo cantidad numero fecha"
    " plazo nuevo nueva nueva antes despues primero ultimo ultima ahora mensual mensualmente al tiro altiro"
    " estoy estamos subo sube hago haga pasen gente persona personas alguien senor senora don dona"
    " caballero jefe compadre amigo cabro cabra viejo"
    " ese tio tia hermano mensualidad empresa ademas entonces igual dentro fuera luego cerca lado"
    " parte partes"
    " problema problemas tanto bueno malo bien mal instruccion instrucciones retan reta pasa"
    " pasaria sirve servia responde responden tenga tengamos obligacion obligado derecho cualquier culpa"
    " llama llamaba nombre actual periodo anticipacion aviso avisar aviso vigente vigencia cierra abre todo"
    " toda todos todas gusta embarra caga cago equivoca proxima proximo siguiente podemos hazme darle"
    " vence vencen terminamos cerrar cliente clientes proveedor proveedores firmado firmamos firma"
    " principio original palabra trato tratos negocio asunto tema anda andan andamos andando amarrado"
    " amarrada amarrados comprometido comprometida comprometidos valido valida vivo viva murio muerto".split()
)
_GRUPOS = tuple(
    frozenset(line.split())
    for line in (
        "arriendo arrendar arrendamiento renta alquiler canon arrendada",
        "aseo limpieza limpiar aseadora",
        "sueldo remuneracion salario gana ganar ganan",
        "metros superficie tamano mide",
        "dueno duena propietario arrendador arrendadora arrendataria",
        "reajuste reajustar subir sube suben alza incremento aumenta aumentar ipc",
        "descuento descuentan rebaja credito",
        "suspender suspension cortar cortan corte bloquean",
        "secreto reserva confidencialidad confidencial",
        "filtrar filtra filtracion divulgacion divulgar",
        "perro mascota mascotas gato animal animales",
        "pintar pintura pintada repintar",
        "letrero letreros cartel publicitario",
        "romper rompe rompen roto rotas rotos dano danos quiebre danado",
        "descargar bajar exportar respaldo respaldar",
        "furgon camioneta vehiculo auto camion movil",
        "prestamo mutuo credito prestar presto prestaron prestada comodato",
        "secreto reserva",
        "comprar compramos compraventa compradora comprador vendio vendedor vender",
        "transporte flete fletes acarreo traslado",
        "contratar contratan contratacion contratara",
        "demandar demanda juicio tribunal tribunales juzgado jurisdiccion competencia domicilio",
        "representar representante representaba representada firma",
        "trabajo trabajador trabaja empleado empleada empleador",
        "contador contadora contabilidad contable auditora profesional",
        "guardar almacenar almacenamiento bodegaje",
        "combustible bencina petroleo gasolina inflamable inflamables diesel",
        "materiales insumos cloro productos",
        "pena multa multas sancion castigo",
        "patente placa ppu",
        "abogado arbitro arbitraje",
        "juego maquinas tragamonedas",
        "vacaciones feriado",
        "colacion almuerzo almorzar",
        "pasajes movilizacion locomocion",
        "capacitacion entrenamiento capacitar",
        "publicidad marketing propaganda avisos",
        "diseno disenos piezas posteos post pieza",
        "tope limite maximo excedera exceder responder responde responden responsabilidad",
        "despedir despido desahucio finiquito",
        "prenda garantia caucion hipoteca aval",
        "vigilancia guardia seguridad",
        "casa domicilio distancia teletrabajo",
        "edad mayores anos",
        "manejar conducir conducirla conductor chofer",
        "kilometros kilometraje odometro",
        "irse salirse salgo terminar dejar salir termino retirarse",
        "devolver devolucion restituir restitucion devuelven devuelvo",
        "arreglar reparar reparaciones reparacion arreglos mantencion mantenimiento",
        "mejoras mejora remodelar ampliacion",
        "pelea conflicto controversia controversias dificultades diferencias",
        "exclusivo exclusividad exclusiva competencia",
        "soporte ticket tickets severidad",
        "bebidas gaseosas embotelladora refrescos",
        "botellas envases",
        "atrasar atraso mora retardo atrasarme",
        "ropa uniforme poleras zapatos",
        "funcion funciones cargo labor labores tarea",
        "viatico alojamiento asignacion",
        "subarrendar subarriendo ceder cesion traspasar",
        "externo externos colaboradores terceros",
        "empezar empezo comienza inicio partir parte comenzo entro entrar ingreso",
        "plantas arboles",
        "robo hurto robos",
        "kiosko quiosco",
        "camion camiones",
        "rondas revisiones revision correcciones",
        "reunion reuniones juntarse juntas videollamada",
        "acelerar aceleracion exigible",
        "renunciar renuncia renuncie",
        "motivo razon causa",
        "transito infracciones",
        "declaracion declarar declara",
        "anular resciliar resolucion resolver",
        "royalty regalia regalias",
        "luz electricidad electrico agua consumos servicios gas",
        "ascensor ascensores elevador montacargas",
        "poliza seguro asegurado asegurador cobertura cubre",
        "carga peso toneladas aguanta apilar",
    )
)  # fmt: skip


def palabras(texto: str) -> list[str]:
    """The words of a text, folded; what chats shorten is written out."""
    found = _PALABRA.findall(normalize(texto))
    return [word for typed in found for word in _CHAT.get(typed, typed).split()]


@lru_cache(maxsize=50_000)
def raiz(palabra: str) -> str:
    """The stem of a folded word as it sounds: `kien`, `quien` → `cien`; `suspenderán` → `suspend`."""
    if any(char.isdigit() for char in palabra):
        return palabra
    for pattern, sound in _SONIDOS:
        palabra = pattern.sub(sound, palabra)
    palabra = _DIMINUTIVO.sub("", palabra)
    short = _FINALES.sub("", palabra)
    return short if len(short) > 2 else _FINAL_CORTO.sub("", palabra) if len(palabra) > 4 else palabra


@lru_cache(maxsize=20_000)
def raices(texto: str) -> frozenset[str]:
    """The stems of a text."""
    return frozenset(raiz(word) for word in palabras(texto))


_PARIENTES: dict[str, frozenset[str]] = {}
for _grupo in _GRUPOS:
    _stems = frozenset(map(raiz, _grupo))
    for _stem in _stems:
        _PARIENTES[_stem] = _PARIENTES.get(_stem, frozenset()) | _stems
# Short stems of common words are those of others as well: `hace`, `aseo`.
_RAICES_COMUNES = frozenset(stem for word in _COMUNES if len(stem := raiz(word)) > 4)


def comun(palabra: str) -> bool:
    """Whether a folded word is one that questions about anything have."""
    bare = _ENCLITICO.sub("", palabra)
    return not {palabra, bare}.isdisjoint(_COMUNES) or raiz(palabra) in _RAICES_COMUNES


def halla(stem: str, en: Collection[str]) -> float:
    """How well a stem is found among others: 1 the same, 0.7 a word for the same thing, 0 not at all."""
    # Alike words share their first four letters.
    start = stem[:4]
    if stem in en or (len(stem) > 3 and any(_alike(stem, other) for other in en if other[:4] == start)):
        return 1.0
    return 0.7 if any(other in en for other in _PARIENTES.get(stem, ())) else 0.0


class Vocabulario:
    """The stems of a contract, each with in how many sentences it stands, found by how they begin."""

    def __init__(self, veces: Mapping[str, int]) -> None:
        self.veces = veces
        self._begin: dict[str, list[str]] = {}
        for stem in veces:
            self._begin.setdefault(stem[:4], []).append(stem)

    def parecidas(self, stem: str) -> tuple[frozenset[str], frozenset[str]]:
        """Its words that are the same as a stem, and those for the same thing (see `halla`)."""
        same = {other for other in self._begin.get(stem[:4], ()) if other == stem or _alike(stem, other)}
        kin = {other for other in _PARIENTES.get(stem, ()) if other in self.veces}
        return frozenset(same), frozenset(kin)


def contenido(texto: str) -> list[str]:
    """The stems of a question's words that say what it is about, each once."""
    return list(dict.fromkeys(raiz(word) for word in palabras(texto) if word not in VACIAS and len(word) > 1))


def corrige(stems: Iterable[str], vocabulario: Collection[str]) -> list[str]:
    """Put right what is one letter away from a known word and is none itself."""
    known = {word for word in vocabulario if len(word) > 3}
    return [
        stem
        if stem in vocabulario or stem in _PARIENTES or len(stem) < 5
        else min((word for word in known if _one_off(stem, word)), default=stem)
        for stem in stems
    ]


@lru_cache(maxsize=100_000)
def _alike(one: str, other: str) -> bool:
    """`reponed`, `repon`: the same word with another ending."""
    short, long = sorted((one, other), key=len)
    near = 3 if len(short) >= 5 else 1 if len(short) == 4 else -1
    return len(long) - len(short) <= near and long.startswith(short)


def _one_off(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    return (
        one[start + 1 :] == other[start + 1 :]
        or one[start:] == other[start + 1 :]
        or one[start + 1 :] == other[start:]
        or (
            one[start : start + 2] == other[start : start + 2][::-1]
            and one[start + 2 :] == other[start + 2 :]
        )
    )
