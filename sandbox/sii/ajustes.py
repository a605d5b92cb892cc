"""How the simulated service behaves: its allowance, its delays, and how fast its time passes."""

from pydantic import BaseModel, ConfigDict, Field

PORT = 8083
TOKEN = "desarrollo"  # noqa: S105  opens nothing


class Ajustes(BaseModel):
    """What can be set, also while it runs. Times are simulated seconds unless it says "real".

    `velocidad` simulated seconds pass in one real second: delays, locks and the minute of the allowance get
    shorter, and a client must be allowed `por_minuto * velocidad` calls a real minute. What headers tell is
    always the client's own time, the real one. HTTP has whole seconds only, so a wait is told rounded up:
    with `velocidad` 60 a call too many costs a client up to one real second, which is a simulated minute.
    """

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    por_minuto: int = Field(60, ge=1)
    rafaga: int = Field(5, ge=0)
    """So many more calls may arrive in one minute, for a network does not keep a client's distances. What
    is held up for d real seconds arrives together: with fast time allow `por_minuto * velocidad * d / 60`."""
    simultaneas: int = Field(50, ge=1)
    """Calls at a time of the whole account."""
    velocidad: float = Field(1, gt=0)
    demora: float = Field(0, ge=0)
    """What every call takes."""
    lento: float = Field(20, ge=0)
    bloqueo: float = Field(120, gt=0)
    pausa: float = Field(60, gt=0)
    gracia: float = Field(0.5, ge=0)
    """Real seconds after a lock or a pause was told in which calls, already on their way, are refused but
    are no violations."""
    intentos_clave: int = Field(3, ge=1)
    """Wrong claves after which the SII locks the taxpayer's account."""
    sesiones: int = Field(10, ge=1)
    sesion_dura: float = Field(7200, gt=0)
    creditos: int = Field(1_000_000, ge=0)
    """A call that gets data costs one."""
