"""What can be made to go wrong on purpose (`POST /simulador/fallas`)."""

from pydantic import BaseModel, ConfigDict, Field

from sandbox.telegram.limits import Limits


class MethodFault(BaseModel):
    """A failure of one method, or of all; `veces` None is for ever."""

    model_config = ConfigDict(extra="forbid")

    metodo: str | None = None
    codigo: int | None = Field(None, ge=400, le=599)
    descripcion: str | None = None
    retry_after: int = Field(1, ge=1)
    demora: float = Field(0, ge=0, le=120)
    cortar: bool = False  # hang up without doing anything
    perder_respuesta: bool = False  # do it, and hang up before telling
    veces: int | None = Field(1, ge=1)


class Faults(BaseModel):
    """All faults; what is not given is none. `limites` null switches 429 off."""

    model_config = ConfigDict(extra="forbid")

    metodos: list[MethodFault] = []
    duplicar: int = Field(0, ge=0, le=10)  # how many more times an update reaches the webhook
    desorden: bool = False  # updates that wait for the webhook leave newest first
    limites: Limits | None = Limits()

    def take(self, method: str) -> MethodFault | None:
        """The fault of this call, if it has one."""
        for one in self.metodos:
            if one.metodo is None or one.metodo.lower() == method.lower():
                if one.veces is not None:
                    one.veces -= 1
                    if not one.veces:
                        self.metodos.remove(one)
                return one
        return None
