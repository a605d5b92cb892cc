"""Words that tell names from the rest, normalized: no accents, small letters."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Between words; no name is only these.
FUNCTION = frozenset(
    """
    a al ante asi aun aunque bajo bien cada como con contra cual cuales cuando cuanta cuantas cuanto
    cuantos de
    del desde donde dos durante e el ella ellas ellos en entre era eran eres es esa esas ese eso esos esta
    estan
    estas este esto estos estoy fue fueron gracias ha han hasta hay hace he hola hoy ayer manana la las le
    les lo
    los mas mal me mi mia mias mio mios mis mucho muchos muy nada ni no nos nosotros o otra otras otro
    otros para
    pero poco por porfa porque pues que quien quienes se ser si sin sobre solo son soy su sus tal tambien
    tan te
    tengo tiene todo toda todas todos tu tus un una unas uno unos va van vi voy y ya yo
    favor buenas buenos dias tardes noches
    """.split()
)
# How much each is: numbers from a thousand on, or five in a row, are an amount or of somebody.
NUMBER_WORDS = {
    **dict.fromkeys(
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
        " diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco"
        " veintiseis veintisiete veintiocho veintinueve treinta cuarenta cincuenta sesenta setenta ochenta"
        " noventa cien ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos"
        " ochocientos novecientos".split(),
        1,
    ),
    **dict.fromkeys("mil miles millon millones luca lucas palo palos gamba gambas".split(), 1000),
}
# Codes of documents and of the F29.
KNOWN_CODES = frozenset("110 111 112 914 901 538 537 502 503 511 520 547 077 089 528".split())
SHOWN_CAPITALS = frozenset(
    """
    iva sii rcv f29 f22 rut dte ppm pdf xls xlsx csv excel whatsapp telegram chile
    enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
    lunes martes miercoles jueves viernes sabado domingo
    """.split()
)
COMPANY_ENDS = frozenset("spa ltda limitada eirl sa hnos cia sociedad srl inc llc".split())
# After these comes what somebody is called.
BEFORE_NAMES = frozenset(
    """
    senor senora senorita sr sra srta don dona cliente clienta proveedor proveedora empresa llamo llama
    llamado
    llamada apellido razon sociedad constructora comercial transportes distribuidora ferreteria panaderia
    inmobiliaria importadora agricola minera automotora clinica farmacia almacen botilleria
    """.split()
)
# Given names and family names that are frequent in Chile; months and frequent words are left out.
PERSON_NAMES = frozenset(
    """
    juan maria jose luis carlos ana pedro jorge manuel francisco victor cristian marcelo claudio claudia
    patricia
    patricio carolina daniela daniel rodrigo camila catalina fernanda fernando valentina javiera javier
    sebastian
    matias benjamin vicente martina sofia isidora antonia antonio agustin agustina maximiliano diego
    felipe andres
    andrea pablo paola paulina alejandro alejandra ricardo roberto eduardo gonzalo hector hugo ivan jaime
    joaquin
    cristobal cristina tomas ignacio ignacia nicolas mauricio miguel oscar raul ramon sergio mario marcela
    marta
    monica nancy natalia nelson nicole olga pamela rosa rosario ruth sandra silvia susana teresa veronica
    viviana
    ximena yasna elena elizabeth elsa ester eugenia eva gabriel gabriela gladys gloria graciela guillermo
    gustavo
    ines irene isabel jacqueline jessica julia karen karina katherine laura leonardo lidia lorena lucia luisa
    macarena magdalena margarita mariana marina mirta myriam angelica angela barbara bernarda bernardo camilo
    cecilia constanza constanzo emilia emilio enrique erika esteban fabian fabiola florencia franco german
    trinidad amanda josefa renata julieta lucas mateo santiago samuel simon bastian alonso alvaro alfredo
    alberto
    gonzalez munoz rojas diaz perez soto contreras silva martinez sepulveda morales rodriguez lopez fuentes
    hernandez torres araya flores espinoza valenzuela castillo ramirez reyes gutierrez castro vargas alvarez
    vasquez tapia fernandez sanchez carrasco gomez cortes herrera nunez jara vergara rivera figueroa riquelme
    garcia miranda bravo vera molina vega campos sandoval orellana zuniga olivares alarcon gallardo ortiz
    garrido
    salazar guzman henriquez saavedra navarro aguilera parra romero aravena pizarro godoy peralta cerda leiva
    navarrete jimenez bustos escobar yanez cardenas salinas valdes vidal ibanez medina maldonado moya moreno
    farias cornejo mendoza bustamante toledo poblete acevedo arias caceres donoso venegas pino quezada lagos
    mardones mella mora olguin oyarzun palma pavez quiroz retamal roman rubio ruiz saez san tobar ulloa
    urrutia
    valdivia valencia villalobos villarroel zamora zapata mellado mansilla lillo inostroza hidalgo guerrero
    huenchuman huaiquil curihuinca catrileo paillalef quilodran nahuelpan millan
    quillentue palquial tralcaman alerce boldo lenga
    """.split()
)
