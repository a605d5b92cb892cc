"""Words of ordinary messages: they neither name anybody nor change a question that we can read."""

from collections.abc import Iterable

from bot.core.consulta.palabras import ARTICULOS, ORDINARIAS, RUBROS, SUFIJOS

_AR = """
o as a amos an ais e aste ai astes amo emos aron aba abas abamos aban are aras ara aremos aran aria arias
ariamos arian es en ase ar ando ado ada ados adas arme arte arle arlo arla arlos arlas arles arnos armelo
armela armelos armelas ame anos alo ala alos alas ale ales amelo amela amelos amelas anoslo arse andome
andolo andolas ate aos
""".split()
_ER = """
o es e emos imos en eis i is iste istes io ieron imo ia ias iamos ian ere eras era eremos eran eria erias
eriamos erian a as amos an iera ieras ieran iese er ir iendo ido ida idos idas erme erte erle erlo erla
erlos erlas erles ernos irme irte irlo irla irlas irlos eme elo ela elos elas ele eles emelo emela emelos
emelas erse irse iendolo ire ira iria enos
""".split()
# Stems as written before each ending; irregular forms stand among the words.
_VERBOS_AR = """
recaud colect coment reiter arroj part agend amarr entus desglos fren fum trabaj complet corrobor ment
tramit ubiqu volqu verifiqu indiqu expliqu saqu apliqu aplic busqu toqu marqu publiqu rectifiqu rectific
justifiqu especifiqu especific clasifiqu dediqu dedic pesc cach tinc tinqu pill pitut cacheti carrete webe
hueve chamull taje sap bolse gall compr factur emit pag mand envi mostr muestr pas indic inform entreg cobr
gast calcul compar busc revis verific consult pregunt cont cuent sum rest tot list enumer detall ayud
necesit esper llev qued llam lleg llegu encontr encuentr ense ensen explic aclar confirm descarg descargu
export import baj mir fij habl convers trat us utiliz anot cuadr registr declar present solicit agradec
dese gust tom dej sac agreg agregu marc junt acumul ingres entr arm gener carg cargu program olvid equivoc
recuerd record acord acuerd acab empez empiez comenz comienz termin pens piens intent logr prepar actualiz
analiz orden cambi resum resumel deline arregl regal jug disculp perdon salud molest ocup precis ubic
rastre chequ chek checke cacha averigu aparec aument vari super alcanz dur and realiz efectu transform
otorg remit anul reclam rechaz acept acus devuelv ampli visualiz adjunt acredit surt encant facilit abander
alarm alej alivi aloj alter analic anim apoy apost arrim asist asom atin atras avanz balance bloque borr
brind cabre calm cambie captur cas cit clasific cobij col coloc combin complic comunic concili concentr
conect confi consider contact contest contrast coordin cort cre crey cruz cubr culp cumpl dat demostr
deposit desarroll descans desconfi desesper despeg despert despiert determin devor dibuj dict disfrut
distribuy dud ejecut elabor emple enfoc enoj enfoq enred entabl enter envic equip escane esforz espec
estren evalu evit examin exager exig explor expres faltab fall felicit fif fire form frustr funcion gan
gestion golpe grafic hered idealiz identific ilumin impact implic improvis incluy inici insist instal
interactu inquiet invit lament lanz larg levant limpi lig llor madur memoriz mencion mejor modific mont nec
neg neces nombr notific numer objet obligu observ ocasion ofert oper optimiz orient pact particip pele
pelig perfeccion plante plantill posterg practic pregon prest priorit prob procur pronunci proporcion
public puntu quej raz rebusc recalcul rechequ recopil redact reenvi refresc reg reintent relacion relat
rellen remate repart report resalt reserv respald respet retom retras reun rob ruin seleccion senal separ
situ sobr soluc solucion soport sospech subray subtotaliz suel supon supervis sustent teclea tante telefone
test tirit titul toler totaliz traig tranquiliz traslad urg valid valor voce call cancel disp dispar tir
ech anduv apur equivoqu confund corrij corrig demor tard imagin toc pruebe prueb copi peg grab cerr cierr
empuj cuid conform aprovech estudi viaj opin control vigil maneij manej asegur asust pregunte suen son pint
cost cuest camin par arranc aguant extran rog ruegu salv celebr repas repit chusme cop pinch clic apret
aprie tecle corte acerqu acerc acomod guard anex firm timbr gir motiv invent ahorr redond estim proyect
interpret avis convenc preocup busq justific tras traspas volc vuelc mold med recarg interes despach enlist
pes
""".split()
_VERBOS_ER = """
sigu prosig
insist equival persist resist consist asist convert compet devolv devuelv promet represent pertenec conoc
abr aprend comprend deten detien reun exist describ repet repit defin decid agred eleg elij corrig romp
vuelv volv muer nac crec merec pretend coincid consegu consig desped despid reca distingu divid obten
obtien manten mantien admit atend atiend asum adquir confund correg cumpl difund depend descubr discut
distribu ejerc emprend encend enciend esconc establec exced favorec impid imped inclu infer interven
intervien invad luc obedec ofend oprim parezc previen proced proteg prove rind responde respond restitu
requier reten retien sorprend sosten sostien suger sugier suspend tem transmit venc vinc acud acontec
amanec constru contrad convien conven correspond cubr deduc destru disminu extend extiend introduc mantendr
oblig produc produzc reduc reduzc traduc suprim torc tuerc un vend compr emit ped pid recib sab cre ve dec
reconoc parec aparec pod pued quer quier deb tra hac hubier entend entiend le escrib viv sal sub resum
resumi permit remit pus pong ten teng tien ven veng vien met suced ocurr perd pierd perten ascend asciend
asc inclui sirv serv sent sient segu sig resolv dig dij agradezc agradec ofrec desglos detall exig compart
desaparec mov muev expid expond prometi
""".split()
_FORMAS = """
vendi vendio bendo hice hizo hicimos hicieron hago hacer hecho haz hazme hagas haga hagan haces hace
hacemos di dio dimos dieron doy dar das dan den dale dame damelo damela damelos damelas deme demelo demela
denme darme darle darnos dada dado dadas dados dime digame diga digan digas decirme decirnos decis dicen
dice dicho dije dijo dijeron decir digo siento voy vas va van vamos vaya vayan ido ir yendo iba iban iria
fui fue fuimos fueron fuera fuese fueran fuesen ser soy eres es somos son sea sean seria serian sera seran
era eran siendo sido estoy estas esta estamos estan este esten estaria estar estaba estaban estado estuvo
estuvieron estuve estuvimos haya hayan haber habra habran habre habia habian hay hubo hubiera hubieron
habiendo habido habria he has ha hemos han e tengo tienes tiene tenemos tienen tener tenga tuve tuvo
tuvimos tuvieron tenia tenian tendra tendria tendrian tendras tendre tenis teni puedo puedes puede podemos
pueden podria podrias podrian podra podras poder pueda puedas podi podis podriai pudiera pudieras pude pudo
pudieran quiero quieres quiere queremos quieren quisiera quisieras queria quieras quiera queri queris sabes
sabe saben sabis sabi sabria se sabrias supe supo sepa veo ves ve vemos ven ver vio vi vimos vieron viendo
visto vista vistas veamos vea verlo verla verlas verlos verme vera vere puse puso pusieron pongo pone ponen
poner ponga ponme pon pongame traigo trae traen traer traeme traje trajo trajeron trajeran salio salieron
salen sale salir salga saldria cae cayo cayeron caen caer cai cayendo doi agradecere agradeceria
agradeceriamos muestrame muestreme mostrarme muestrenos ensename ensenar enseneme jugamos sabiendo leer leo
lee leyo oir oi oiga oigan oye oyes oiste oie oe escucha escuche escuchame mira mire miren busco encuentro
encuentra encuentrame encuentre sirve sirvase debe debo deberia deberian debiera debemos esperando puesto
puesta puestas puestos sirvan requiero requiere requerimos ruego rogamos resulta resulto resultado
resultados valga vale valen
""".split()
_CHARLA = """
sorry sori sorri hi hello hey thanks thx bye partamos hola holi holis ola buenas buenos buen buena dia dias
tarde tardes noche noches saludos saludo cordiales cordial cordialmente atentamente atte estimado estimada
estimados estimadas distinguidos distinguido junto gracias grax grac agradecido agradecida antemano favor
porfa porfi porfis porfavor porfaa porfavorcito plis please pls xfa xfavor fa disculpa disculpe disculpen
perdon perdona permiso consulta consultas pregunta preguntas pregunto duda dudas ayuda oye oiga oie oe ey
amigo amiga amigos amable amables amablemente gentil gentileza usted ustedes ud uds don dona caballero
senor senora senorita joven mijo mija jefe jefa compadre socio socia colega chiquillos po pos poh pue pues
pa pal weon wn we wea cachai cacha cacho cachas sipo nopo yapo yap ya listo lista ok okey oki okay dale
bueno bien mal super genial perfecto bacan filete claro claramente obvio seguro verdad cierto altiro
altoque tiro toque rapido rapidito rapida urgente urgentemente apuro luego pronto ahora ahorita ahoritita
recien ultimamente actualmente hoy ayer anteayer manana mientras todavia aun jaja jeje jiji xd jajaja emm
ehh eh ah ahh mmm mm este eso esto bip bot robot asistente tributa chat mensaje whatsapp wsp wasap telegram
audio nomas nomaas no mas solo solamente nada algo tan tanto tanta tantos tantas harto harta hartos hartas
arto caleta mucho mucha muchos muchas poco poca pocos pocas casi apenas aprox aproximado aproximadamente
aproximada exacto exacta exactamente realmente finalmente basicamente simplemente unicamente justo
justamente simple sencillo entonces igual ojala quizas quiza acaso porque aunque sino si ni tambien tampoco
ademas pero excepto salvo menos aparte incluso incluido incluida incluidos incluidas incluyendo sin con
contra hacia hasta desde entre sobre segun durante mediante via para por bajo ante tras respecto relacion
referente acerca etc etcetera versus vs comparado comparada comparacion comparativa diferencia sea osea
oosea tipo medio media manera forma modo cual cuales cuanto cuanta cuantos cuantas cuantito qu que quien
quienes como cuando donde aonde cta cto cuant cuano cunato cunto cuato cuanot cunta cuata qanto cuantp
kuanto cuantoo asi aqui aca ahi alli alla cada mismo misma mismos mismas propio propia propios demas otro
otra otros otras ambos ambas cualquier cualquiera alguna algun alguno algunos algunas ninguna ningun
ninguno todo toda todos todas todito toditas ultimo ultima ultimos ultimas necesario necesaria posible
corto corta extra pasada pasado atras delante adelante dentro afuera arriba abajo antes despues siempreque
vez veces hora horas minuto minutos rato ratito tiempo momento momentito segundito jornada temporada actual
actuales corriente vigente presente curso fecha fechas siguiente siguientes proximo proxima proximos
anterior anteriores previo previos hito tal tales cosa cosas cosita tema temas asunto caso parte partes
lado idea punto cuento curioso curiosidad curiosa yo tu me te nos mi mis tus sus su le les lo la los las el
ella ellos ellas conmigo contigo nosotros nosotras nuestro nuestra nuestros nuestras mio mia mios mias suyo
suya suyas tuyo ti del al dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince
veinte treinta cuarenta cincuenta cien ciento cientos mil miles millon millones primer primero primera
segundo segunda tercer tercero cuarto quinto sexto septimo octavo noveno decimo mitad un uno una unos unas
par hartito montonazo monton montones resto completo completa completos completas entero entera enteros
enteras global globales general generales necesidad alguien nadie gente empresa negocio local pyme tienda
empresas negocios emprendimiento marido mujer hijo hija contador contadora contadores contabilidad contable
contables banco oficina pega trabajo cuaderno programa sistema pantalla vista celu celular compu telefono
app cuadre cuadra informacion info antecedentes adjunto numerito numeritos numero numeros numeral nombre
nombres razon social final finales fines inicio inicios principio principios comienzo fin cierre cierres
corte balance pie sola doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos
novecientos empeno antepasado antepasada debajo mundo respaldo poquito poquita locos loca loco locura
demasiado demasiada senores senoras floja flojo existe existen conozco clavado dices descontando descontar
quitando excluyendo exceptuando despachamos despachado despache enlista enlistame enlistar rebaja rebajas
rebajado bro brou compa compita primo prima crack rey reina tata lolo cabro cabros cabra qhubo quihubo
quiubo anduvo anduve anduvieron anduvimos molestia molestias apurado apurada apuradito apurados mirada
miradita vistazo ojeada manito favorcito ayudita ayudin amor corazon carino estimadisimo profe vecino
vecina casero casera papito mamita papa mama hermana sobrino sobrina tio tia suegra suegro esposo esposa
polola pololo familia nene loquito loquita gallo tipin viejito viejita paciencia calma tranquilo tranquila
contento contenta nervioso nerviosa preocupado preocupada cansado cansada perdido segura confundido
confundida enredado enredada complicado complicada facil dificil rapidamente chao chau adios bendiciones
abrazo abrazos besos exito exitos vale vamos venga obviamente efectivamente supuesto efecto adelanto
maravilla maravilloso excelente buenisimo buenisima espectacular increible impecable fantastico sirve
gracia gracioso felicidades felicitaciones bienvenido bienvenida sorpresa noticia noticias novedad
novedades cambio cambios revision chequeo solicitud peticion pedido encargo respuesta respuestas resultado
calculo calculos promesa reunion junta llamada conversacion entrega entregas tramite tramites fiscalizacion
fiscalizador auditoria auditor asesor secretaria secretario administrador administradora administracion
gerente gerencia dueno duena jefatura ejecutivo ejecutiva abogado notario municipio prestamo hipoteca
hipotecario postulacion postular postulando subsidio beneficio sercotec corfo fosis licitacion requisito
requisitos certificado certificados carpeta cartola cartolas tesoreria impuestos internos pantallazo foto
imagen enlace link boton menu opcion opciones pestana mensajito wasapeo fila filas columna columnas hoja
pagina paginas titulo comentario texto letra letras palabra palabras signo simbolo problemita error errores
falla fallas situacion situaciones razones motivo motivos objetivo proposito pregunton otravez denuevo
denante denantes endenante endenantes enseguida inmediato inmediatamente siempre nunca jamas talvez
bastante bastantes demasiados demasiadas suficiente suficientes varios varias diferente diferentes distinto
distinta distintos distintas parecido parecida parecidos similar similares iguales unico unica unicos
unicas especial especifico especifica especificos especificas determinado determinada respectivo respectiva
respectivos respectivas correspondiente correspondientes mencionado mencionada citado citada indicado
indicada solicitado solicitada anteriormente posteriormente previamente aquel aquella aquellos aquellas
esos esas estos estas libreta anotaciones apunte apuntes arqueo cuadratura conciliacion consolidado
consolidada balances contabilizado contabilizar contabilizadas contabilizados actividad funcionamiento
rendimiento desempeno comportamiento evolucion historia historial record marcha ritmo nivel niveles rango
rangos lapso tramo etapa comienzos mediados temprano puntual horario plazo plazos limite limites tope
vencimiento vencimientos posibilidad posibles disponible disponibles visible visibles abierto abierta
cerrado cerrada vivo viva favorable importante importantes principal principales real reales verdadera
falso falsa hoydia oidia antier anteanoche anoche madrugada mediodia tardecita nochecita semanita mesecito
anito veintiuno primeros primeras segundos segundas terceros terceras onda ondas rollo pilas hueon cuatico
brigido pulento fome penca tincada tinca arreglo ataque ganas gusto gustito placer alegria pena susto miedo
risa broma chiste culpa mentira realidad opinion aviso alerta recordatorio costumbre conocimiento certeza
certero intencion necesidades ansias ganita sueno hambre camino vuelta vueltas paso pasos pasito vision
lectura escritura repaso memoria cabeza mente ojos mano manos oreja letrita detallito totalcito montito
platas partecita trozo pedazo bloque grupo grupos serie series conjunto conjuntos pares doble triple
conforme acorde referido referida relacionado relacionada asociado asociada vinculado maestro maestra
maestrito capo capitan patron patrona genio genia campeon campeona lindura preciosa precioso volando
sinceramente evidentemente honestamente urgencia sabroso feliz lindo linda jefecito hermano hermanito wena
wenas buenass buenaas holaa alo pucha chuta ups uy uff upa bah recontra ojo aver haber ver verdadero
correcto correcta concreto concreta preciso precisa clara claras breve puro pura puros puras
""".split()
_NEGOCIO = """
venta ventas vta vtas bta btas vent vnts vntas ventitas ventita venda vendedor vendedora vendedores compra
compras cpra cpras compritas comprador compradora compradores adquisicion adquisiciones adquiri adquirido
adquirida adquirimos adquirir facturacion facturaciones ingreso ingresos egreso egresos entrada entradas
salida salidas gasto gastos gaste inverti invertido invertimos inversion desembolso desembolsos movimiento
movimientos operacion operaciones transaccion transacciones plata platita dinero lucas luca luquitas palo
palos gamba gambas pesos peso clp uf usd monto montos valor valores importe importes cifra cifras suma
sumas sumado sumada sumatoria total totales totalito subtotal cantidad cantidades neto neta netos netas
bruto bruta brutos iva iba impuesto impuestos debito debitos credito creditos fiscal fiscales tributario
tributaria tributarios tributarias soportado remanente afecto afecta afectos afectas exento exenta exentos
exentas electronico electronica electronicos electronicas papel papeles factura facturas facturita
facturitas facturado facturada boleta boletas boletita nota notas guia guias despacho liquidacion
liquidaciones comprobante comprobantes voucher vouchers documento documentos documentito doc docs dte dtes
nc nd ncs nds din dins declaracion declaraciones exportacion exportaciones importacion importaciones
internacion internaciones folio folios rut ruts giro emisor emisora emisores receptor receptora receptores
emision recepcion recepcionado recepcionada recepcionados recepcionadas recibidas recibida recibido
recibidos emitidas emitida emitido emitidos cliente clienta clientes clientas clientela proveedor
proveedora proveedores prov provee contraparte contrapartes contribuyente tercero terceros registro
registros libro libros rcv sii servicio internos f29 formulario periodo periodos mensual mensuales
mensualmente anual anuales anualmente trimestral semestral bimestral diario diaria diarios ejercicio mes
meses ano anos anio anios semana semanas semanal quincena quincenal quincenales trimestre trimestres
semestre semestres bimestre cuatrimestre trim trimetre finde lunes martes miercoles jueves viernes sabado
sabados domingo domingos detalle detalles detallado detallada detalladas detallados resumen resumenes
resumido resumida reporte reportes informe informes informacion listado listados lista listas listita
nomina relacion desglose desglosado desglosada desglosadas enumeradas cuadro tabla grafico grafica excel
planilla pdf csv archivo archivos correo mail email linea acumulado acumulada acumuladas acumulados sumadas
sumados juntos juntas saldo saldos cuenta cuentas estado estados codigo codigos dato datos pendiente
pendientes acuse acuses recibo aceptadas aceptada aceptado aceptados reclamo reclamos reclamadas reclamada
reclamado reclamados rechazadas rechazada rechazado rechazados incluir incluidas pago pagos pague conjunto
devolucion devoluciones mensualidad consumo consumos comercio comercial caja trn utm
""".split()


def _conjugated(stems_ar: Iterable[str], stems_er: Iterable[str]) -> frozenset[str]:
    forms = {stem + end for stem in stems_ar for end in _AR}
    return frozenset(forms | {stem + end for stem in stems_er for end in _ER})


# Words of questions that we cannot answer by: each makes another question of "cuánto vendí".
CAMBIAN = frozenset(
    """
    tarjeta tarjetas efectivo contado cheque cheques transferencia transferencias honorario honorarios
    promedio promedios cobrar cobradas cobranza deben adeudan adeudado adeudada deuda deudas deudor
    deudores impaga impagas impago impagos vencida vencidas vencido vencidos pagada pagadas pagados nuevo
    nueva nuevos nuevas viejo vieja viejos viejas antiguo antigua antiguos antiguas mayor mayores menor
    menores mayorista mayoristas grande grandes chico chica chicos chicas alto alta altos altas bajo baja
    bajos bajas mejor mejores peor peores caro cara caros caras barato barata baratos baratas maximo maxima
    minimo minima ranking top frecuente frecuentes extranjero extranjera extranjeros extranjeras publico
    privado historico historica historicos historicas verano invierno otono primavera navidad pascua
    pascuas fiestas patrias dieciocho cyber vacaciones producto productos item items categoria categorias
    articulo articulos mercaderia mercaderias stock inventario margen margenes utilidad utilidades ganancia
    ganancias gane ganado perdida perdidas costo costos renta sueldo sueldos sucursal sucursales arriendo
    arriendos duplicada duplicadas repetida repetidas anulada anuladas anulado anulados proyeccion
    presupuesto meta metas porcentaje crecimiento tendencia online internet web feria delivery mostrador
    linea domicilio distancia granel consignacion particulares particular cuotas dolares dolar euros blanco
    negro verde serio oferta ofertas promocion promociones terreno garantia descuento descuentos interes
    intereses multa multas recargo recargos retraso comuna comunas region regiones exterior santiago
    valparaiso concepcion temuco antofagasta iquique arica rancagua talca chillan valdivia activo activos
    derecho fijo fijos combustible flete fletes prueba pruebas cuarentena pandemia
    """.split()
) - {"bajo"}  # fmt: skip
# Goods and services: what was sold or bought, never by whom.
COSAS = frozenset(
    """
    balon balones torta tortas palta paltas panal panales
    luz agua gas cemento bencina petroleo diesel parafina lena electricidad telefonia celulares computador
    computadores notebook impresora tinta insumo insumos material materiales repuesto repuestos herramienta
    herramientas maquina maquinas maquinaria vehiculo vehiculos auto autos camion camiones camioneta moto
    motos neumatico neumaticos aceite harina pan arroz azucar leche carne carnes pollo pescado mariscos
    queso quesos verdura verduras fruta frutas huevos bebida bebidas cerveza cervezas vino vinos licor
    licores cafe dulces comida comidas almuerzo almuerzos colacion alimento alimentos ropa zapatos
    zapatillas poleras telas tela uniformes muebles mesas mesa sillas silla camas ventanas ventana puertas
    puerta vidrio vidrios madera maderas fierro fierros pintura pinturas ladrillos arena ripio tornillos
    clavos cables alambre plastico plasticos cajas envases bolsas carton libreria utiles aseo limpieza
    seguro seguros peaje peajes pasaje pasajes hotel hoteles viaje viajes publicidad propaganda marketing
    software licencia licencias suscripcion hosting asesoria asesorias consultoria honorarios capacitacion
    cursos obra obras proyecto proyectos mantencion reparacion reparaciones instalacion transporte
    transportes despachos encomienda correos medicamentos remedios juguetes flores plantas semillas
    fertilizante abono animales perro gato mascotas joyas cosmeticos perfumes cuadernos lapices abarrotes
    ferreteria supermercado restaurant taxi uber estacionamiento zinc acero equipo equipos comision
    comisiones
    golosina golosinas miel mercancia mercancias cigarros cigarrillos diarios revistas pescados paltos nueces
    papa papas tomate tomates cebolla cebollas lechuga lechugas manzana manzanas naranja naranjas harinas
    levadura manteca mantequilla yerba aceites detergente cloro jabon champu shampoo tinturas
    cortes masajes clases talleres asientos repisas tablas tablones planchas fierros perfiles
    clavo tornillo tuerca tuercas pernos llantas aros baterias filtro filtros lubricante aceituna aceitunas
    pisco ron whisky hielo helado helados galletas chocolates pasteles empanadas sandwich sandwiches queque
    alcohol mascarilla mascarillas guantes cascos overol uniforme ruta rutas peones jornales
    """.split()
)  # fmt: skip
_SI_CAMBIAN = CAMBIAN | COSAS
ORDINARIAS_DE_CHARLA = (
    (ORDINARIAS - RUBROS - SUFIJOS)
    | ARTICULOS
    | _conjugated(_VERBOS_AR, _VERBOS_ER)
    | frozenset([*_FORMAS, *_CHARLA, *_NEGOCIO])
) - _SI_CAMBIAN
# Words whose typos are ordinary too.
_DEL_OFICIO = _conjugated(("compr", "factur", "gast", "mostr", "muestr", "pag"), ("vend", "emit", "recib"))
CENTRALES = (_DEL_OFICIO | frozenset([*_FORMAS, *_CHARLA, *_NEGOCIO])) - _SI_CAMBIAN
