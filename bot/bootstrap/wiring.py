"""The use cases, built on the adapters."""

from dataclasses import dataclass
from datetime import timedelta

from procrastinate import App

from bot.bootstrap.adapters import Adapters, Puertas
from bot.bootstrap.charla import build_charla
from bot.bootstrap.contratos import build_contratos
from bot.bootstrap.entrenamiento import Escuela, build_escuela
from bot.bootstrap.salud import build_salud
from bot.bootstrap.sii import build_sii
from bot.channels.medido import MeasuredCanal
from bot.core.documentos import Libro
from bot.core.duda import Umbrales
from bot.crypto.codigos import OneTimeCodes
from bot.crypto.comunes import CommonPasswords
from bot.informes.graficos import MatplotlibGraficos
from bot.informes.planillas import XlsxPlanillas
from bot.services.acceso import AccesoService
from bot.services.adjuntos import AdjuntosService
from bot.services.administracion import AdministracionService
from bot.services.agentes import AgentesService
from bot.services.alertas import AlertasService
from bot.services.analisis import AnalisisService
from bot.services.archivos import ArchivosService
from bot.services.avisos import AvisosService
from bot.services.canales import CanalesService
from bot.services.casos import CasosService
from bot.services.codigos import CodigosService
from bot.services.contratos import ContratosService
from bot.services.conversacion import ConversacionService
from bot.services.cuentas import CuentasService
from bot.services.datos_personales import DatosPersonalesService
from bot.services.indexador import Indexador
from bot.services.informes import InformesService
from bot.services.iva import IvaService
from bot.services.lectura_contratos import LectorContratos
from bot.services.noticias import NoticiasService
from bot.services.papelera import PapeleraService
from bot.services.ports import Motor, Reloj, Textos
from bot.services.ports_acceso import Bitacora, Limites
from bot.services.ports_indice import IndiceContratos
from bot.services.registro import RegistroService
from bot.services.respaldos import RespaldosService
from bot.services.respuestas_redactadas import RespuestasContratos
from bot.services.saber import SaberService
from bot.services.salidas import SalidasService
from bot.services.salud import SaludService
from bot.services.secretos import ClavesService, EnlacesService, LlavesService
from bot.services.sincronizacion import SincronizacionService
from bot.services.sincronizador import Sincronizador
from bot.services.vencimientos import VencimientosService
from bot.services.vigilancia import Vigilancia
from bot.services.vinculacion import VinculacionService
from bot.settings import Settings
from bot.sii import rcv_csv
from bot.sii.feriados import FeriadosChile
from bot.storage.administracion import AdminRepository
from bot.storage.alertas import AlertRepository
from bot.storage.archivos import ArchivoRepository
from bot.storage.buzon import InboxRepository, TramiteRepository
from bot.storage.codigos import NoticeQueue, OtpRepository
from bot.storage.database import Database
from bot.storage.datos_personales import PersonalDataRepository
from bot.storage.iva import DeclaradoRepository
from bot.storage.noticias import NewsRepository
from bot.storage.registro import RegistroRepository
from bot.storage.salidas import OutboxRepository
from bot.storage.secretos import ClaveRepository, ConsentRepository, KeyRepository, LinkRepository
from bot.storage.trabajos import JobRepository
from bot.storage.vinculos import IdentityRepository


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases, and what the programs themselves need."""

    acceso: AccesoService
    cuentas: CuentasService
    codigos: CodigosService
    avisos: AvisosService
    claves: ClavesService
    enlaces: EnlacesService
    llaves: LlavesService
    datos: DatosPersonalesService
    administracion: AdministracionService
    archivos: ArchivosService
    informes: InformesService
    limites: Limites
    bitacora: Bitacora
    ventas: RegistroService
    compras: RegistroService
    iva: IvaService
    analisis: AnalisisService
    respaldos: RespaldosService
    salud: SaludService
    respuestas: RespuestasContratos
    vencimientos: VencimientosService
    saber: SaberService
    conversacion: ConversacionService
    casos: CasosService
    agentes: AgentesService
    vinculacion: VinculacionService
    canales: CanalesService
    salidas: SalidasService
    sincronizacion: SincronizacionService
    sincronizador: Sincronizador
    noticias: NoticiasService
    alertas: AlertasService
    contratos: ContratosService
    papelera: PapeleraService
    lector_contratos: LectorContratos
    indice: IndiceContratos
    indexador: Indexador
    puertas: Puertas
    escuela: Escuela
    textos: Textos
    umbrales: Umbrales
    reloj: Reloj
    motor: Motor
    database: Database
    registro: RegistroRepository
    jobs: App

    def libro(self, libro: Libro) -> RegistroService:
        """Sales or purchases."""
        return self.ventas if libro is Libro.VENTAS else self.compras


def build_services(settings: Settings, on: Adapters) -> Services:
    """The use cases on these adapters."""
    database, textos, reloj, bitacora, llavero = on.database, on.textos, on.reloj, on.bitacora, on.llavero
    registro = RegistroRepository(database)
    ventas = RegistroService(Libro.VENTAS, on.contribuyentes, registro, rcv_csv, reloj)
    compras = RegistroService(Libro.COMPRAS, on.contribuyentes, registro, rcv_csv, reloj)
    archivos = ArchivoRepository(database, on.almacen)
    personal = PersonalDataRepository(database, on.almacen)
    cola_avisos = NoticeQueue(database, on.cola)
    codigos = CodigosService(
        OtpRepository(database, on.cola),
        on.contribuyentes,
        on.sesiones,
        on.limites,
        OneTimeCodes(),
        llavero,
        llavero,
        on.mensajero,
        cola_avisos,
        bitacora,
        textos,
        reloj,
    )
    acceso = AccesoService(
        on.contribuyentes,
        on.sesiones,
        codigos,
        on.hasher,
        on.limites,
        llavero,
        bitacora,
        reloj,
        timedelta(minutes=settings.session_idle),
    )
    enlaces = EnlacesService(
        LinkRepository(database), on.contribuyentes, on.limites, bitacora, reloj, settings.web
    )
    vinculos = IdentityRepository(database)
    cuentas = CuentasService(
        on.contribuyentes,
        acceso,
        codigos,
        on.hasher,
        CommonPasswords(),
        ConsentRepository(database),
        on.limites,
        llavero,
        cola_avisos,
        vinculos,
        bitacora,
        database.together,
        reloj,
    )
    charla = build_charla(settings, on, enlaces)
    vinculacion = VinculacionService(
        vinculos,
        TramiteRepository(database),
        cuentas,
        codigos,
        enlaces,
        on.limites,
        bitacora,
        textos,
        reloj,
    )
    salidas = OutboxRepository(database, on.cola)
    claves = ClaveRepository(database)
    iva = IvaService(ventas, compras, registro, DeclaradoRepository(database), reloj)
    news, elecciones = NewsRepository(database, on.cola), AlertRepository(database)
    noticias = NoticiasService(news, on.contribuyentes, database.together, reloj)
    contratos = build_contratos(on, archivos, on.notificador or noticias, settings.llm_seconds)
    sii = build_sii(settings, on, claves, on.notificador or noticias)
    feriados = FeriadosChile()
    alertas = AlertasService(
        elecciones,
        ConsentRepository(database),
        noticias,
        Vigilancia(elecciones, news, iva, feriados, textos, sii.meses, contratos.servicio),
        database.together,
        bitacora,
        textos,
        reloj,
    )
    measured = {name: MeasuredCanal(name, canal) for name, canal in on.canales.items()}
    respaldos, salud = build_salud(settings, on)
    own_keys = {"agente": settings.secret("agent_api_key"), "admin": settings.secret("admin_api_key")}
    libros = {Libro.VENTAS: ventas, Libro.COMPRAS: compras}
    return Services(
        acceso=acceso,
        cuentas=cuentas,
        codigos=codigos,
        avisos=AvisosService(on.contribuyentes, on.limites, llavero, on.mensajero, bitacora, textos),
        claves=ClavesService(claves, llavero, bitacora, reloj, sii.servicio),
        enlaces=enlaces,
        llaves=LlavesService(KeyRepository(database), bitacora, reloj, own_keys),
        datos=DatosPersonalesService(
            personal,
            personal,
            archivos,
            contratos.indexador,
            on.limites,
            bitacora,
            reloj,
            timedelta(days=settings.retention_messages),
            timedelta(days=settings.retention_logs),
        ),
        administracion=AdministracionService(
            AdminRepository(database),
            JobRepository(database),
            on.contribuyentes,
            acceso,
            cuentas,
            codigos,
            bitacora,
            database.together,
            reloj,
        ),
        archivos=ArchivosService(archivos),
        informes=InformesService(
            libros, on.contribuyentes, XlsxPlanillas(), MatplotlibGraficos(), on.limites, reloj
        ),
        limites=on.limites,
        bitacora=bitacora,
        ventas=ventas,
        compras=compras,
        iva=iva,
        analisis=AnalisisService(libros, registro, iva),
        respaldos=respaldos,
        salud=salud,
        respuestas=contratos.respuestas,
        vencimientos=VencimientosService(elecciones, feriados, reloj, contratos.servicio),
        saber=SaberService(on.saber, reloj),
        conversacion=charla.conversacion,
        casos=charla.casos,
        agentes=charla.agentes,
        vinculacion=vinculacion,
        canales=CanalesService(
            InboxRepository(database, on.cola),
            salidas,
            vinculacion,
            charla.conversacion,
            AdjuntosService(libros, rcv_csv, contratos.servicio, textos, reloj),
            on.canales,
            on.limites,
            bitacora,
            textos,
        ),
        sincronizacion=sii.servicio,
        sincronizador=sii.sincronizador,
        salidas=SalidasService(salidas, archivos, measured, bitacora, textos, on.reloj_canales),
        noticias=noticias,
        alertas=alertas,
        contratos=contratos.servicio,
        papelera=contratos.papelera,
        lector_contratos=contratos.lector,
        indice=contratos.indice,
        indexador=contratos.indexador,
        puertas=on.puertas,
        escuela=build_escuela(settings, database, bitacora, textos, reloj),
        textos=textos,
        umbrales=on.umbrales,
        reloj=reloj,
        motor=on.motor,
        database=database,
        registro=registro,
        jobs=on.jobs,
    )
