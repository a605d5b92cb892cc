"""What is due for a taxpayer on a day; nothing that they were told before."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from bot.core.dinero import format_clp
from bot.core.documentos import EstadoCompra
from bot.core.iva import Supuestos
from bot.core.mensajes import Boton, Pedido
from bot.core.periodo import Periodo
from bot.core.reparto import short
from bot.core.rut import Rut
from bot.core.vencimientos import CLAIM_DAYS, credit_month, day_name, f29_due, last_day_to_claim
from bot.services.iva import IvaService
from bot.services.novedades import LONGEST_VALUE, Novedad, enumerate_words
from bot.services.ports import Quien, Textos
from bot.services.ports_noticias import (
    Avisos,
    EstadoSync,
    FechasContratos,
    Feriados,
    Noticias,
    Pendiente,
    PreferenciasAvisos,
)

# Days before: purchases while there is time to look at them, the form early enough to find the money.
CLAIM_SOON, F29_SOON, F29_LAST = 2, 5, 1
CONTRACT_ENDS, CONTRACT_NOTICE = 30, 7
BROKEN = timedelta(days=2)
# A register goes on changing for days; an estimate on older data is none.
OLD = timedelta(days=5)


class Vigilancia:
    """Looks after purchases, the form 29, the sync and contracts."""

    def __init__(
        self,
        preferencias: PreferenciasAvisos,
        noticias: Noticias,
        iva: IvaService,
        feriados: Feriados,
        textos: Textos,
        sync: EstadoSync | None = None,
        contratos: FechasContratos | None = None,
    ) -> None:
        self._preferencias = preferencias
        self._noticias = noticias
        self._iva = iva
        self._feriados = feriados
        self._textos = textos
        self._sync = sync
        self._contratos = contratos

    async def novedades(self, rut: Rut, chosen: Avisos, ahora: datetime) -> list[Novedad]:
        """What there is to tell, the most urgent first."""
        found: list[Novedad] = []
        if chosen.compras:
            found += await self._purchases(rut, ahora)
        if chosen.f29:
            found += await self._f29(rut, ahora)
        if chosen.sincronizacion and self._sync:
            found += await self._broken(rut, ahora, self._sync)
        if chosen.contratos and self._contratos:
            found += await self._contracts(rut, ahora.date(), self._contratos)
        return found

    async def _new(self, rut: Rut, novedades: Iterable[Novedad]) -> list[Novedad]:
        given = list(novedades)
        known = await self._noticias.conocidas(rut, [clave for one in given for clave in one.claves])
        return [one for one in given if not known.intersection(one.claves)]

    async def _purchases(self, rut: Rut, ahora: datetime) -> list[Novedad]:
        hoy, zone = ahora.date(), ahora.tzinfo
        since = datetime.combine(hoy - timedelta(days=CLAIM_DAYS), datetime.min.time(), zone)
        due = {
            f"compra:{one.tipo}:{one.proveedor_rut}:{one.folio}:vence": one
            for one in await self._preferencias.pendientes(rut, since)
            if last_day_to_claim(one.recepcion.astimezone(zone).date()) <= hoy + timedelta(days=CLAIM_SOON)
        }
        known = await self._noticias.conocidas(rut, due)
        fresh = {clave: one for clave, one in due.items() if clave not in known}
        return [self._about_purchases(fresh, ahora)] if fresh else []

    def _about_purchases(self, due: dict[str, Pendiente], ahora: datetime) -> Novedad:
        received = [one.recepcion.astimezone(ahora.tzinfo).date() for one in due.values()]
        first, biggest = last_day_to_claim(min(received)), max(due.values(), key=lambda one: one.total)
        months = sorted({credit_month(one) for one in received})
        cuantas = f"{len(due)} compra{'s' if len(due) > 1 else ''}"
        total = format_clp(sum(one.total for one in due.values()))
        texto = self._textos.texto(
            "utter_alerta_compras",
            cuantas=cuantas,
            total=total,
            dia=day_name(first),
            proveedor=short(biggest.proveedor, LONGEST_VALUE),
            monto=format_clp(biggest.total),
            meses=enumerate_words([one.mes for one in months]),
        )
        periodos = tuple(sorted({one.periodo for one in due.values()}))
        ver = Pedido("compras_detalle", periodos, estado=EstadoCompra.PENDIENTE)
        boton = Boton(str(ver), self._textos.texto("utter_boton_pendientes"))
        accepted = day_name(first + timedelta(days=1))
        return Novedad(
            tuple(due),
            "compras por vencer",
            texto,
            boton,
            "tributa_compras_vencen",
            (cuantas, total, accepted),
        )

    async def _f29(self, rut: Rut, ahora: datetime) -> list[Novedad]:
        hoy, periodo = ahora.date(), Periodo.of(ahora.date()).plus(-1)
        electronico = await self._preferencias.emite_electronico(rut)
        due = f29_due(periodo, self._feriados.es_feriado, electronico=electronico)
        left = (due - hoy).days
        if not 0 <= left <= F29_SOON:
            return []
        clave = f"f29:{periodo}:{F29_LAST if left <= F29_LAST else F29_SOON}"
        if await self._noticias.conocidas(rut, [clave]):
            return []
        estimacion = await self._estimate(rut, periodo, ahora)
        names = {"periodo": periodo.nombre, "dia": day_name(due), "estimacion": estimacion}
        boton = Boton(str(Pedido("ventas_resumen", (periodo,))), self._textos.texto("utter_boton_ventas"))
        return [
            Novedad(
                (clave,),
                f"F29 de {periodo.mes}",
                self._textos.texto("utter_alerta_f29", **names),
                boton,
                "tributa_f29_vence",
                (periodo.nombre, day_name(due), estimacion),
            )
        ]

    async def _estimate(self, rut: Rut, periodo: Periodo, ahora: datetime) -> str:
        """The figure with what it leaves out, or why there is none."""
        found = await self._iva.f29(Quien(rut), periodo, Supuestos())
        if found.faltan or found.actualizado is None:
            return self._textos.texto("utter_alerta_f29_falta", libros=enumerate_words(found.faltan))
        asof = found.actualizado.astimezone(ahora.tzinfo)
        fecha = day_name(asof.date())
        if asof.date() < periodo.plus(1).first_day or ahora - asof > OLD:
            return self._textos.texto("utter_alerta_f29_viejo", fecha=fecha)
        pay, keep = int(found.f29.valor(89)), int(found.f29.valor(77))
        name = "remanente" if keep else "pagar"
        if found.contado:  # then the whole form is meant, with what was told
            name, pay = f"contado_{name}", int(found.f29.valor(91))
        return self._textos.texto(f"utter_alerta_f29_{name}", monto=format_clp(keep or pay), fecha=fecha)

    async def _broken(self, rut: Rut, ahora: datetime, sync: EstadoSync) -> list[Novedad]:
        since = await sync.fallando(rut)
        if since is None or ahora - since < BROKEN:
            return []
        desde = since.astimezone(ahora.tzinfo)
        dia = day_name(desde.date())
        texto = self._textos.texto("utter_alerta_sincronizacion", dia=dia)
        names = ("actualización con el SII", texto, None, "tributa_sincronizacion", (dia,))
        return await self._new(rut, [Novedad((f"sync:{desde.isoformat()}",), *names)])

    async def _contracts(self, rut: Rut, hoy: date, contratos: FechasContratos) -> list[Novedad]:
        found: Sequence[Novedad] = [
            Novedad(
                (f"contrato:{one.contrato}:{'aviso' if one.aviso else 'vence'}:{one.dia}",),
                f"contrato {short(one.nombre, 40)}",
                self._textos.texto(
                    f"utter_alerta_contrato_{'aviso' if one.aviso else 'vence'}",
                    nombre=short(one.nombre, LONGEST_VALUE),
                    dia=day_name(one.dia),
                ),
            )
            for one in await contratos.fechas(rut, hoy, hoy + timedelta(days=CONTRACT_ENDS))
            if one.dia <= hoy + timedelta(days=CONTRACT_NOTICE if one.aviso else CONTRACT_ENDS)
        ]
        return (await self._new(rut, found))[:5]
