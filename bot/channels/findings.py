"""What a check of an account found: one thing, whether it is well, and what to do if it is not."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import httpx

_OWN_HOSTS = ("127.0.0.1", "localhost", "::1")


class Mark(StrEnum):
    """How it is; a note is told and counts for nothing."""

    GOOD = "✓"
    BAD = "✗"
    NOTE = "·"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; the words are for an operator."""

    what: str
    mark: Mark
    says: str
    remedy: str = ""


def good(what: str, says: str) -> Finding:
    """It is well."""
    return Finding(what, Mark.GOOD, says)


def bad(what: str, says: str, remedy: str) -> Finding:
    """It is not, and `remedy` mends it."""
    return Finding(what, Mark.BAD, says, remedy)


def note(what: str, says: str, remedy: str = "") -> Finding:
    """It could not be looked at."""
    return Finding(what, Mark.NOTE, says, remedy)


def client() -> httpx.AsyncClient:
    """As the channels have it: no proxy of the environment, and no redirection takes a secret elsewhere."""
    timeout = httpx.Timeout(15, connect=5)
    return httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False)


def why(error: BaseException) -> str:
    """What broke a connection; the libraries' own words may quote the request."""
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLError):
            return "su certificado https no sirve"
        if isinstance(cause, socket.gaierror):
            return "ese nombre no existe en el DNS"
    if any(isinstance(one, httpx.TimeoutException | TimeoutError) for one in _chain(error)):
        return "no contestó a tiempo"
    if any(isinstance(one, httpx.ConnectError | ConnectionRefusedError) for one in _chain(error)):
        return "nadie acepta la conexión"
    return "la conexión se cortó"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def undeliverable(api_url: str, web: str, service: str) -> Finding | None:
    """Whether that service could never deliver to this address; a simulator may, on this machine."""
    parts = urlsplit(web)
    if parts.scheme == "https" and parts.hostname not in _OWN_HOSTS:
        return None
    hosts = (urlsplit(api_url).hostname, parts.hostname)
    if parts.scheme in ("http", "https") and all(host in _OWN_HOSTS for host in hosts):
        return None
    return bad(
        "Dirección pública",
        f"{service} solo entrega por https a una dirección de Internet, y TRIBUTA_PUBLIC_URL no lo es",
        "Pon en TRIBUTA_PUBLIC_URL la dirección de tu proxy, por ejemplo https://tributa.ejemplo.cl.",
    )
