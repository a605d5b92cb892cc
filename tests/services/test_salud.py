"""What is told of each dependency, whatever way it fails."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.services import salud
from bot.services.ports_operacion import Cifras
from bot.services.ports_sii import Pausa
from bot.services.respaldos import RespaldosService
from bot.services.salud import Dependencia, SaludService
from tests.conftest import HOY
from tests.fakes import FixedReloj


class Thing:
    """Answers, says no, breaks or says nothing, and counts how often it was asked."""

    def __init__(self, how: str = "ok") -> None:
        self.how, self.asked = how, 0

    async def ready(self) -> bool:
        self.asked += 1
        if self.how == "breaks":
            raise ConnectionError("secreto")
        if self.how == "silent":
            await asyncio.Event().wait()
        return self.how == "ok"

    async def modelo(self) -> str:
        return "m1" if await self.ready() else "m0"


class Operation:
    """What the database knows."""

    def __init__(self, late: frozenset[str] = frozenset(), *, broken: bool = False) -> None:
        self.late, self.broken = late, broken

    async def cifras(self) -> Cifras:
        return Cifras((), 0, 0)

    async def hay_trabajador(self) -> bool:
        if self.broken:
            raise OSError
        return True

    async def atrasados(self) -> frozenset[str]:
        if self.broken:
            raise OSError
        return self.late


class Account:
    """The SII's service, perhaps paused."""

    def __init__(self, *, locked: bool | None = None) -> None:
        self.locked = locked

    async def pausa(self) -> Pausa | None:
        until = datetime.now(UTC) + timedelta(minutes=10)
        return None if self.locked is None else Pausa(until, self.locked)


def service(base: Dependencia, motor: Dependencia, **more: object) -> SaludService:
    """With backups that are not made by this installation."""

    async def facts() -> dict[str, str]:
        return {}

    given: dict[str, object] = {
        "otras": {},
        "canales": [],
        "ritmo": None,
        "respaldos": RespaldosService(facts, FixedReloj(HOY), programados=False),
        "operacion": Operation(),
        **more,
    }
    return SaludService(base, motor, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("how", ["no", "breaks", "silent"])
async def test_what_does_not_answer(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it fails it is told in time; only without the database or the engine nobody is answered."""
    monkeypatch.setattr(salud, "_PATIENCE", 0.05)
    others = {"archivos": Thing(how), "indice": Thing(), "antivirus": None}
    found = await service(Thing(), Thing(), otras=others).estado()
    assert found.listo
    assert {name: found.estados[name] for name in others} == {
        "archivos": "no responde",
        "indice": "ok",
        "antivirus": "sin configurar",
    }
    for base, motor in ((Thing(how), Thing()), (Thing(), Thing(how))):
        assert not (await service(base, motor).estado()).listo


async def test_services_of_others_are_not_asked() -> None:
    """Of the SII and of the channels what the database knows is told; what is not set up is no fault."""
    told = (await service(Thing(), Thing()).estado()).estados
    assert {told[name] for name in ("sii", "whatsapp", "telegram")} == {"sin configurar"}
    for locked, word in ((None, "ok"), (False, "en pausa"), (True, "bloqueado")):
        service_ = service(Thing(), Thing(), ritmo=Account(locked=locked))
        assert (await service_.estado()).estados["sii"] == word
        assert (await service_.pausa() > 500) == (locked is not None)
    late = service(
        Thing(), Thing(), canales=["whatsapp", "telegram"], operacion=Operation(frozenset({"whatsapp"}))
    )
    told = (await late.estado()).estados
    assert (told["whatsapp"], told["telegram"], told["trabajador"]) == ("atrasado", "ok", "ok")
    gone = service(Thing(), Thing(), canales=["telegram"], operacion=Operation(broken=True))
    told = (await gone.estado()).estados
    assert (told["whatsapp"], told["telegram"], told["trabajador"]) == (
        "sin configurar",
        "no responde",
        "no responde",
    )


async def test_asking_often_costs_little() -> None:
    """What must be known now is asked for each time; the others once in a while."""
    base, motor, index = Thing(), Thing(), Thing()
    asked = service(base, motor, otras={"indice": index})
    for _ in range(3):
        await asked.estado()
    assert (base.asked, motor.asked, index.asked) == (3, 3, 1)


async def test_the_model_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks whether we live is answered at once, and however often, the engine is asked once."""
    monkeypatch.setattr(salud, "_GLANCE", 0.05)
    for how, told in (("ok", "m1"), ("silent", "no responde"), ("breaks", "no responde")):
        motor = Thing(how)
        asked = service(Thing(), motor)
        assert [await asked.modelo() for _ in range(3)] == [told] * 3
        assert motor.asked == 1
