"""Answers in the register's own words: every key that the real ones have, null where they are null."""

import json
from datetime import datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from bot.core.documentos import Documento, Libro
from bot.core.periodo import FIRST_PERIODO
from bot.core.resumen import FilaResumen
from bot.services.reloj import SANTIAGO
from sandbox.sii.consulta import Consulta
from sandbox.sii.registro import Contenido

type Json = dict[str, Any]
_FORMAS = Path(__file__).resolve().parent / "formas"
_IVA_RETENIDO = 15  # a further tax with a field of its own
_SIN_DERECHO = 9  # code of the reason why IVA cannot be recovered
VACIO, RECHAZO = 3, 99
PERIODO_ANTIGUO = f"Periodo consultado no válido, debe ser mayor igual a {FIRST_PERIODO.aaaamm}"
PERIODO_FUTURO = "Periodo consultado no válido, debe ser menor o igual al actual"


def answer(consulta: Consulta, contenido: Contenido) -> Json:
    """What the register answers to the call: rows, or that there are none."""
    if consulta.dte is None:
        return _resumen(consulta, contenido)
    found = [one for one in contenido.documentos if consulta.dte in (0, one.tipo)]
    if not found:
        return message(consulta, VACIO, None)
    body, row = _empty(consulta)
    if consulta.tipo == "rcv_csv":
        body["data"] = [_csv(one) for one in found]
    else:
        body["data"] = [_detalle(consulta, row, one) for one in found]
    return body


def message(consulta: Consulta, codigo: int, mensaje: str | None) -> Json:
    """No rows, and why: 3 is that there are none, 1, 2, 98 and 99 refuse."""
    body, _ = _empty(consulta)
    body |= {"data": None, "dataCabecera": None}
    if "totDocRes" in body:
        body["totDocRes"] = None
    body["respEstado"] = {"codRespuesta": codigo, "msgeRespuesta": mensaje, "codError": None}
    return body


def wrap(version: int, body: Json, now: datetime) -> Json:
    """The register's answer as each version of the service hands it on."""
    return body if version == 1 else {"data": body, "metadata": {"timestamp": now.isoformat()}}


@cache
def _forma(name: str) -> str:
    return (_FORMAS / f"{name}.json").read_text(encoding="utf-8")


def _empty(consulta: Consulta) -> tuple[Json, Json]:
    """The envelope of the call, and a row to be filled."""
    kind = "resumen" if consulta.dte is None else "detalle"
    body: Json = json.loads(_forma(f"{kind}_{consulta.libro}"))
    (row,) = body.pop("data")
    return {"data": [], **body}, row


def _code(*parts: object) -> int:
    """A number that depends on what it stands for alone."""
    text = ":".join(map(str, parts)).encode()
    return 900_000_000 + int.from_bytes(blake2b(text, digest_size=4).digest()) % 90_000_000


def _resumen(consulta: Consulta, contenido: Contenido) -> Json:
    if not contenido.filas:
        return message(consulta, VACIO, None)
    body, row = _empty(consulta)
    codigo = _code(consulta.rut, consulta.libro, consulta.periodo)
    body["data"] = [_fila(row, codigo, fila, contenido) for fila in contenido.filas]
    body["totDocRes"] = sum(fila.montos.cantidad for fila in contenido.filas)
    mes = int(consulta.periodo.aaaamm)
    moment = f"{consulta.periodo.first_day:%d/%m/%Y} 04:07:12"
    body["dataCabecera"] |= {
        "dcvPcarga": mes,
        "dcvRutEmisor": consulta.rut.number,
        "dcvDvEmisor": consulta.rut.dv,
        "dcvPtributario": mes,
        "dcvCodigo": codigo,
        "dcvFecCreacion": moment,
        "dcvFecModificacion": moment,
    }
    return body


def _fila(row: Json, codigo: int, fila: FilaResumen, contenido: Contenido) -> Json:
    tipo, montos = fila.tipo, fila.montos
    own = [one for one in contenido.documentos if one.tipo == tipo.codigo]
    return row | {
        "dcvCodigo": codigo,
        "rsmnCodigo": _code(codigo, tipo.codigo),
        "rsmnTipoDocInteger": tipo.codigo,
        "dcvNombreTipoDoc": tipo.nombre,
        "dcvTipoIngresoDoc": contenido.ingreso(tipo.codigo),
        "rsmnLink": bool(own),
        "rsmnMntExe": montos.monto_exento,
        "rsmnMntNeto": montos.monto_neto,
        "rsmnMntIVA": montos.monto_iva,
        "rsmnMntIVANoRec": sum(one.iva_no_recuperable for one in own),
        "rsmnIVAUsoComun": sum(one.iva_uso_comun for one in own),
        "rsmnMntTotal": montos.monto_total,
        "rsmnTotDoc": montos.cantidad,
    }


def _detalle(consulta: Consulta, row: Json, documento: Documento) -> Json:
    codigo = _code(consulta.rut, consulta.libro, consulta.periodo)
    tasa = next((one.tasa for one in documento.otros_impuestos if one.tasa), None)
    retenido = sum(one.valor for one in documento.otros_impuestos if one.codigo == _IVA_RETENIDO)
    otros = sum(one.valor for one in documento.otros_impuestos) - retenido
    found = row | {
        "dhdrCodigo": codigo,
        "dcvCodigo": codigo,
        "detCodigo": _code(documento.tipo, documento.contraparte_rut, documento.folio),
        "detRutDoc": documento.contraparte_rut.number,
        "detDvDoc": documento.contraparte_rut.dv,
        "detRznSoc": documento.contraparte,
        "detNroDoc": documento.folio,
        "detFchDoc": f"{documento.fecha:%d/%m/%Y}",
        "detFecAcuse": _moment(documento.fecha_acuse),
        "detFecReclamado": _moment(documento.fecha_reclamo),
        "detFecRecepcion": _moment(documento.fecha_recepcion),
        "detMntExe": documento.monto_exento,
        "detMntNeto": documento.monto_neto,
        "detMntIVA": documento.monto_iva,
        "detMntTotal": documento.monto_total,
        "detTasaImp": tasa or row["detTasaImp"],
        "detIVARetTotal": retenido or row["detIVARetTotal"],
        "detPcarga": int(consulta.periodo.aaaamm),
        "totalDtoiMontoImp": otros,
    }
    found |= {key: _number(one) for key, one in documento.otros_campos.items() if key in found}
    if consulta.libro is Libro.VENTAS:
        return found | {"detTipoDoc": documento.tipo}
    return found | {
        "detMntIVANoRec": documento.iva_no_recuperable,
        "detMntCodNoRec": _SIN_DERECHO if documento.iva_no_recuperable else 0,
        "detIVAUsoComun": documento.iva_uso_comun,
    }


def _csv(documento: Documento) -> Json:
    """The short row of `tipo=rcv_csv`; beyond its first five keys the names are a guess."""
    return {
        "dte": documento.tipo,
        "rut": str(documento.contraparte_rut),
        "razon_social": documento.contraparte,
        "folio": documento.folio,
        "fecha": documento.fecha.isoformat(),
        "exento": documento.monto_exento,
        "neto": documento.monto_neto,
        "iva": documento.monto_iva,
        "total": documento.monto_total,
    }


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def _moment(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(SANTIAGO):%d/%m/%Y %H:%M:%S}" if moment else None
