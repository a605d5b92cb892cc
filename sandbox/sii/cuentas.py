"""The taxpayers' accounts at the SII: claves, attempts, sessions."""

from collections import Counter, defaultdict
from collections.abc import Callable
from hashlib import blake2b

from bot.core.rut import Rut
from sandbox.sii.ajustes import Ajustes
from sandbox.sii.consulta import RechazoError

CLAVE_MALA = "No fue posible autenticar en el SII: RUT o clave incorrecta."
BLOQUEADA = "No fue posible autenticar en el SII: clave bloqueada por intentos fallidos."
SESION = "La sesión en el SII no es válida, se debe volver a autenticar."
MAXIMO = "El contribuyente alcanzó el máximo de sesiones autenticadas (01.01.190.500.720.27)."


class Cuentas:
    """Claves and sessions by RUT; `otra` knows the claves of taxpayers that nobody named one by one."""

    def __init__(
        self,
        ajustes: Ajustes,
        reloj: Callable[[], float],
        otra: Callable[[Rut], str | None] = lambda rut: None,
    ) -> None:
        self._ajustes, self._reloj, self._otra = ajustes, reloj, otra
        self._claves: dict[Rut, str] = {}
        self._rechazadas: defaultdict[Rut, set[bytes]] = defaultdict(set)
        self._sesiones: defaultdict[Rut, list[float]] = defaultdict(list)
        self.intentos: Counter[Rut] = Counter()
        self.rotas: set[Rut] = set()

    def set_clave(self, rut: Rut, clave: str) -> None:
        """From now on that is the clave; a locked account is open again."""
        self._claves[rut] = clave
        self.unlock(rut)

    def unlock(self, rut: Rut) -> None:
        """Forget wrong attempts."""
        self.intentos.pop(rut, None)
        self._rechazadas.pop(rut, None)

    def reset(self) -> None:
        """No attempts, no sessions; the claves stay."""
        self.intentos.clear()
        self._rechazadas.clear()
        self._sesiones.clear()
        self.rotas.clear()

    def locked(self, rut: Rut) -> bool:
        """Whether the SII lets nobody in."""
        return self.intentos[rut] >= self._ajustes.intentos_clave

    def sessions(self, rut: Rut) -> int:
        """How many are open now."""
        since = self._reloj() - self._ajustes.sesion_dura / self._ajustes.velocidad
        self._sesiones[rut] = [one for one in self._sesiones[rut] if one > since]
        return len(self._sesiones[rut])

    def check(self, rut: Rut, given: tuple[str, str], *, mala: bool = False) -> None:
        """Whether the RUT and clave `given` open the register of `rut`; `mala` says no whatever they are.

        Raises:
            RechazoError: 401. Showing a refused clave again, or any to a locked account, is a violation.
        """
        hash_ = blake2b(given[1].encode(), digest_size=16).digest()
        if self.locked(rut):
            self.intentos[rut] += 1
            raise RechazoError(401, BLOQUEADA, violacion="cuenta_bloqueada")
        wanted = self._claves.get(rut) or self._otra(rut)
        if not mala and wanted is not None and given == (str(rut), wanted):
            self.intentos.pop(rut, None)
            return
        again = hash_ in self._rechazadas[rut]
        self._rechazadas[rut].add(hash_)
        self.intentos[rut] += 1
        raise RechazoError(401, CLAVE_MALA, violacion="clave_repetida" if again else "")

    def enter(self, rut: Rut, *, nueva: bool, otra_abierta: bool) -> None:
        """Use the taxpayer's session, or open one: asked to (`auth_cache=0`), or if theirs is being used.

        Raises:
            RechazoError: 401, if the session was lost or there would be too many.
        """
        if rut in self.rotas and not nueva:
            raise broken_session()
        self.rotas.discard(rut)
        open_ = self.sessions(rut)
        if not open_ or nueva or otra_abierta:
            if open_ >= self._ajustes.sesiones:
                raise RechazoError(401, MAXIMO, violacion="maximo_sesiones")
            self._sesiones[rut].append(self._reloj())


def broken_session(*, en_cuerpo: bool = False) -> RechazoError:
    """A lost session: told by a header, or by nothing but the words of the body."""
    if en_cuerpo:
        return RechazoError(401, SESION)
    return RechazoError(401, "Problema con la sesión en el SII.", {"X-Auth-Session-Problem": "1"})
