"""Words that name nobody, and what companies are called besides their own name."""

ARTICULOS = frozenset("el la los las de del y e o u en a al un una lo".split())

# Legal forms: they tell two companies of one name apart, and say nothing else.
SUFIJOS = frozenset(
    "spa ltda limitada eirl sa sociedad anonima cia compania sac srl eirl. responsabilidad".split()
)

# Trades and other words that half of the companies carry.
RUBROS = frozenset(
    """
    comercial comercializadora ferreteria panaderia pasteleria transportes transporte constructora
    inversiones inmobiliaria importadora exportadora importaciones distribuidora agricola ganadera
    forestal minera pesquera industrial industrias industria ingenieria asesorias asesoria consultora
    consultores consultoria servicios servicio supermercado supermercados minimarket almacen almacenes
    restaurant restaurante cafeteria botilleria farmacia farmacias clinica laboratorio laboratorios
    imprenta libreria taller maestranza muebleria verduleria carniceria lavanderia hotel hostal colegio
    instituto universidad fundacion corporacion banco seguros editorial tienda tiendas empresa empresas
    grupo holding soluciones sistemas tecnologia tecnologias construccion construcciones materiales
    repuestos automotriz automotora logistica turismo viajes alimentos productos proveedora suministros
    confecciones vidrieria barraca maderas bodega bodegas molino frigorifico vina
    abarrotes aceros agroinsumos agropecuaria aguas alarmas amasanderia apicola arenas aridos aserradero
    astilleros avicola baterias bazar bebidas bicicletas bombas botillerias calzados carnes cartones cecinas
    cementos ceramicas cerrajeria cervezas climatizacion combustibles condominio confiteria cooperativa
    criadero curtiembre diseno disenos distribuidoras dulceria edificaciones editora electricidad
    electromecanica elasticos embotelladora envases equipos estampados estudio estructuras excavaciones
    fabrica ferreterias fertilizantes fletes floreria forrajes frutas fruticola gasfiteria gases graficas
    granja gruas heladeria herramientas hormigones hosteria huevos imprentas impresos informatica insumos
    instalaciones instrumentos jardineria jardines joyeria lacteos lavaseco lecheria lenas licores
    lubricantes lubricentro mantenciones maquinarias mayorista mecanica mensajeria metales motores mudanzas
    muebles neumaticos optica packing panificadora papelera papeleria papeles paqueteria parcela pastas
    peluqueria pinturas pisos planta plasticos ploteos podologia polleria pollos predio prefabricados
    productora publicidad puertas quesos quincalleria radiadores rectificadora remodelaciones remolques
    reposteria residencial riego riegos rodamientos rotiseria salmones salon sastreria seguridad semillas
    sellantes senaletica servicentro sociedades tapiceria techumbres telas telecomunicaciones terminaciones
    junta vecinos club deportivo deportiva comunidad edificio sindicato asociacion mecanico electrico
    electrica electricos electricas dental infantil sanitario sanitaria sanitarias jardin obras supermercados
    transp constr distr agric inmob ferret panad repto reptos
    textil textiles tintas tornillos tornos tostaduria transportista tuberias vegetales ventanas veterinaria
    vidrios vinedo vinedos vinos viveros vivero vulcanizacion zapateria
    """.split()
)

# Words of questions and of places; none of them identifies a counterparty by itself.
ORDINARIAS = frozenset(
    """
    que cual cuales cuanto cuanta cuantos cuantas como cuando donde quien quienes porque por para con sin
    sobre entre desde hasta hacia segun durante ante bajo tras mas menos muy mucho mucha muchos muchas
    poco poca pocos tanto tanta todo toda todos todas cada otro otra otros otras mismo misma mismos
    mismas este esta esto estos estas ese esa eso esos esas aquel mi mis tu tus su sus nuestro nuestra
    nuestros nuestras yo me te se le les nos lo la los las el ella ellos usted ustedes ud uds alguien
    nadie algo nada alguno alguna algunos algunas ningun ninguno ninguna si no ni ya aun todavia tambien
    tampoco solo solamente ahora hoy ayer manana luego despues antes siempre nunca aqui aca ahi alli alla
    asi bien mal mejor peor mayor mayores menor menores primer primero primera segundo segunda tercer
    tercero tercera ultimo ultima ultimos ultimas pasado pasada anterior anteriores siguiente actual
    proximo proxima nuevo nueva nuevos nuevas viejo grande grandes chico chica gran buen buena bueno
    buenos buenas gracias hola favor porfa porfavor plis xfa ok vale dale listo saludos chao ser es son
    era fue fueron sera hay habia hubo tengo tienes tiene tienen tenemos tuve tuvo he has ha han hemos
    hace hacen hago hice hizo hicieron hicimos hecho hacer estoy esta estan estaba va van voy vamos iba
    ir fui dar da das dan dame dime deme digame muestra muestrame mostrar ver veo saber sabe sabes
    necesito necesita quiero quieres quiere quisiera queria puedo puedes puede podria podrias ayuda
    ayudame manda mandame envia enviame busca buscar buscame revisa revisar compara comparar calcula
    calcular exporta exportar descarga descargar debo debe deben deber pagar pago pagos pague pagado
    pagada pagadas paga cobrar cobro cobrado quedo queda falta vendi vende vendo vender vendido vendida
    vendidas vendio vendieron vendimos venta ventas compre compra compro comprar comprado compradas
    compraron compramos compras comprador compradores facturar facture facturo facturado facturada
    facturacion facturaron facturamos emiti emitio emitida emitidas emitido emitidos emitir recibi
    recibida recibidas recibido recibidos recibir llego llegaron llegado gaste gasto gastos gastado
    factura facturas boleta boletas nota notas credito debito creditos guia guias despacho folio folios
    documento documentos doc docs dte dtes rcv sii f29 iva ppm rut tipo tipos codigo numero nro num
    exenta exentas exento exentos afecta afectas electronica electronicas electronico honorario
    honorarios liquidacion comprobante voucher registro libro detalle resumen informe reporte lista
    listado total totales monto montos neto bruto valor valores cantidad suma promedio saldo cuenta
    cuentas contado efectivo transferencia tarjeta cheque caja plata peso pesos luca lucas millon
    millones mil precio impuesto impuestos renta tributario tributaria fiscal declaracion declarar
    remanente retencion formulario plazo vencimiento vence vencen pendiente pendientes reclamado
    reclamada reclamadas reclamar aceptada aceptadas aceptar rechazada rechazar incluir contrato
    contratos datos clave correo mail whatsapp wsp excel pdf csv archivo planilla grafico web pagina
    internet app cliente clientes proveedor proveedores proveedora empresa empresas negocio local tienda
    sucursal oficina casa contraparte contribuyente persona personas gente amigo jefe jefa contador
    contadora socio socia caso cosa cosas favor tema duda pregunta respuesta problema error verdad
    acuerdo parte vez veces forma modo fin inicio fecha hora dia dias semana semanas mes meses ano anos
    trimestre semestre bimestre cuatrimestre periodo periodos quincena enero febrero marzo abril mayo
    junio julio agosto septiembre setiembre octubre noviembre diciembre ene feb mar abr may jun jul ago
    sep sept set oct nov dic lunes martes miercoles jueves viernes sabado domingo uno dos tres cuatro
    cinco seis siete ocho nueve diez once doce cien chile chilena chileno nacional internacional general
    central centro norte sur oriente poniente region ciudad comuna pais santiago valparaiso concepcion
    temuco antofagasta iquique arica rancagua talca chillan valdivia servicio servicios interno internos
    interna internas externo externa san santa don dona sr sra senor senora maestro maestra vecino vecina
    junto juntos juntas
    """.split()
) | ARTICULOS | RUBROS | SUFIJOS  # fmt: skip

# A first name alone does not tell one person from another.
NOMBRES_DE_PILA = frozenset(
    """
    juan jose pedro luis carlos jorge manuel francisco miguel cristian rodrigo claudio marcelo ricardo
    sergio hector victor mario roberto eduardo fernando patricio raul julio oscar hugo andres diego
    felipe sebastian pablo daniel david alejandro gonzalo ignacio matias nicolas camilo rafael alberto
    antonio enrique ernesto maria ana rosa carmen patricia claudia carolina andrea daniela francisca
    camila valentina sofia isabel marta margarita gloria sandra monica paola marcela veronica lorena
    alejandra gabriela paula constanza javiera teresa
    """.split()
)
