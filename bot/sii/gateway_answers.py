"""What an answer of the service means: rows, or which error of `bot.core.errors_sii`."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Never

from bot.core.errors_sii import (
    SiiAccountError,
    SiiClaveWrongError,
    SiiRefusedError,
    SiiSessionError,
    SiiUnavailableError,
    SiiWaitError,
)
from bot.core.texto import normalize, storable
from bot.sii.gateway_wait import wait_until

_ACCOUNT = {402, 403, 405, 406, 410}
_MAX_SAID = 300
_MAX_STRINGS = 50
_MAX_DEPTH = 4
# The SII's own words and codes of message; the third group of a code varies.
_MANY_SESSIONS = re.compile(r"maximo de sesiones|01\.01\.\d+\.500\.720\.27")
_CLAVE_REFUSED = re.compile(r"clave tributaria ingresada no es correcta|01\.01\.\d+\.500\.720\.20")
_SESSION_LOST = re.compile(r"volver a autenticar")
_OF_TOKEN = re.compile(
    r"\btoken\b|\bapi[ _-]?key\b|\bclave (?:de )?(?:la )?api\b|\bbearer\b|\bunauthenticated\b|no autenticado"
    r"|credenciales de autenticacion|authentication credentials"
)
_OF_CLAVE = re.compile(r"\b(?:clave|contrasena|password)\b(?! (?:de )?(?:la )?api\b)")
_OF_RUT = re.compile(r"\brut\b")


class SessionLostError(Exception):
    """The SII closed the session that the service had kept: the call may be made again, once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: `codigo` 0 if none came; not `completa` if its body broke off or was too large."""

    codigo: int = 0
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    completa: bool = False


def read_rows(
    answer: Answer, version: int, secretos: Sequence[str], ahora: datetime, *, token_works: bool
) -> list[Any]:
    """The rows of an answer; empty if there are none.

    Args:
        answer: as it came.
        version: of the service (2 wraps the register's envelope once more).
        secretos: what is taken out of the SII's words before anybody is shown them.
        ahora: aware; from when a wait counts.
        token_works: whether somebody else's call has just shown that the service accepts our token.

    Raises:
        SessionLostError: the call may be repeated once with a new session.
        SiiError: as DOMAIN.md's table of answers has it.
    """
    if answer.codigo != 200:
        _refuse(answer, ahora, token_works=token_works)
    if not answer.completa:
        raise SiiUnavailableError()
    body = _load(answer.body)
    if version == 2:
        body = body.get("data") if isinstance(body, dict) else None
    if isinstance(body, list):
        return body
    if not isinstance(body, dict):
        raise SiiUnavailableError()
    return _open(body, secretos)


def _refuse(answer: Answer, ahora: datetime, *, token_works: bool) -> Never:
    said = _words(answer)
    _check_words(said)
    if answer.codigo in (423, 429):
        bloqueo = answer.codigo == 423
        raise SiiWaitError(wait_until(answer.headers, ahora, bloqueo=bloqueo), bloqueo=bloqueo)
    if answer.codigo in _ACCOUNT:
        raise SiiAccountError(codigo=answer.codigo)
    if answer.headers.get("X-Auth-Session-Problem", "").strip() == "1" or _SESSION_LOST.search(said):
        raise SessionLostError()
    if answer.codigo == 401 and answer.completa:
        raise SiiClaveWrongError() if _blames_clave(said, token_works) else SiiAccountError(codigo=401)
    raise SiiUnavailableError()


def _check_words(said: str) -> None:
    """What the SII says in its own words counts whatever the status; a wrong clave above all, for even one
    more try with it brings the taxpayer's account nearer to its lock."""
    if _CLAVE_REFUSED.search(said):
        raise SiiClaveWrongError()
    if _MANY_SESSIONS.search(said):
        raise SiiSessionError()


def _blames_clave(said: str, token_works: bool) -> bool:
    """Whether a 401 is about the taxpayer's clave, not about our token.

    Taking a bad token for a bad clave would disable every taxpayer's clave; taking a bad clave for something
    to try again would lock the taxpayer's account. So words decide; where they do not, the account is
    blamed, which stops the calls without touching claves, unless the token has just worked for another.
    """
    clave, token = _OF_CLAVE.search(said), _OF_TOKEN.search(said)
    if token and not clave:
        return False
    if not token and (clave or _OF_RUT.search(said)):
        return True
    return token_works


def _open(sobre: dict[str, Any], secretos: Sequence[str]) -> list[Any]:
    """The rows of the register's envelope, whose `respEstado` says 0 (rows) or 3 (none) if all is well."""
    estado, rows = sobre.get("respEstado"), sobre.get("data")
    if estado is None and isinstance(rows, list):
        return rows
    codigo = _code(estado.get("codRespuesta")) if isinstance(estado, dict) else None
    if codigo is None or not (rows is None or isinstance(rows, list)) or (codigo == 3 and rows):
        raise SiiUnavailableError()
    if codigo in (0, 3):
        return rows or []
    dice = estado.get("msgeRespuesta") if isinstance(estado, dict) else None
    said = _one_line(dice if isinstance(dice, str) else "", secretos) or f"código {codigo}"
    _check_words(normalize(said))
    if _SESSION_LOST.search(normalize(said)):
        raise SessionLostError()
    raise SiiRefusedError(dice=said)


def _code(value: Any) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"\d{1,4}", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _one_line(text: str, secretos: Sequence[str]) -> str:
    for secreto in filter(None, secretos):
        text = text.replace(secreto, "…")
    line = " ".join(storable(text).split())
    return "".join(letter for letter in line if letter.isprintable())[:_MAX_SAID]


def _load(body: bytes) -> Any:
    with suppress(ValueError, RecursionError):
        return json.loads(body, parse_constant=_finite, parse_float=_finite)
    raise SiiUnavailableError()  # outside, so that the error that quotes the body is no part of it


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("no number that a database takes")
    return number


def _words(answer: Answer) -> str:
    """All that the answer says, made comparable: the values of a JSON (names may be an echo of ours), or
    its text."""
    try:
        said = " ".join(_strings(json.loads(answer.body), _MAX_DEPTH))
    except (ValueError, RecursionError):
        said = answer.body.decode(errors="replace")
    return normalize(said)


def _strings(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, dict | list):
        for one in list(value.values() if isinstance(value, dict) else value)[:_MAX_STRINGS]:
            yield from _strings(one, depth - 1)
