"""Where a request comes from."""

from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from aiohttp import web

from api.keys import SETTINGS
from bot.services.ports_acceso import Cliente

_MAXIMUM_DEVICE = 120
_PORTS = {"http": 80, "https": 443}


def client_of(request: web.Request) -> Cliente:
    """The network and the program that a request comes from."""
    device = request.headers.get("User-Agent", "")[:_MAXIMUM_DEVICE]
    return Cliente(address_of(request), "".join(filter(str.isprintable, device)))


def address_of(request: web.Request) -> str:
    """The client's network: an IPv4 address, or the /64 that one customer of an IPv6 provider has."""
    peer = request.remote or ""
    trusted = request.app[SETTINGS].trusted_proxies
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
    return network(nearest_untrusted(peer, forwarded, trusted))


def nearest_untrusted(peer: str, forwarded: str, trusted: Sequence[str]) -> str:
    """The last address that no proxy of ours has; what is left of it in the header anybody can write."""
    for address in reversed([*(one.strip() for one in forwarded.split(",") if one.strip()), peer]):
        if not _is_trusted(address, trusted):
            return address
    return peer


def is_local(request: web.Request) -> bool:
    """Whether the request was made on this machine, by nobody else's proxy."""
    own = request.transport.get_extra_info("sockname")[0] if request.transport else None
    local = request.remote is not None and (request.remote == own or _is_loopback(request.remote))
    return local and "X-Forwarded-For" not in request.headers and "Forwarded" not in request.headers


def is_https(request: web.Request) -> bool:
    """Whether the browser's connection is encrypted, up to a proxy of ours at least."""
    proxied = _is_trusted(request.remote or "", request.app[SETTINGS].trusted_proxies)
    return request.secure or (proxied and request.headers.get("X-Forwarded-Proto") == "https")


def origin_of(request: web.Request) -> str:
    """Our own origin as the browser sees it; in production that is https, whatever the proxy tells of it."""
    scheme = "https" if must_be_https(request) else "http"
    return normal_origin(f"{scheme}://{request.host}")


def must_be_https(request: web.Request) -> bool:
    """Whether what we hand to the browser may only come back encrypted."""
    return is_https(request) or request.app[SETTINGS].env == "production"


def normal_origin(origin: str) -> str:
    """Scheme, host and port, the port always told; "" if it is no origin of a site."""
    try:
        parts = urlsplit(origin)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}" if parts.hostname else ""


def network(address: str) -> str:
    """An address as it is counted: what one customer can change at will is one."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "?"
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ip_network(f"{ip}/64", strict=False))
    return str(ip)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _is_trusted(address: str, trusted: Sequence[str]) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return any(ip in ip_network(one) for one in trusted)
