"""Reading a contract: once, whatever dies in between, and what is told of it."""

from datetime import date
from pathlib import Path

import pytest

from bot.bootstrap import Services
from bot.core.contratos.estado import Estado
from bot.core.errors import ServiceUnavailableError
from bot.services import lectura_contratos
from bot.services.lectura_contratos import MAXIMUM_TRIES, ContratoOcupadoError
from bot.services.ports_carpeta import EstadoContrato
from tests.conftest import A, Work
from tests.fakes_contratos import ANEXO, FakeLectorPdf
from tests.fakes_sii import FakeNotificador
from tests.services.test_contratos import QUIEN, fill, passages, upload

STEPS = (
    "_lector.leer",
    "_vectores.vectores",
    "_carpeta.indexar",
    "_notificador.notificar",
    "_indexador.copiar",
)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
async def test_dying_at_any_step(
    services: Services,
    pdf: Path,
    notificador: FakeNotificador,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    after: bool,
) -> None:
    """Before or after each step: the next one to read it leaves it in the index once, told once."""
    contrato = await upload(services, pdf)
    owner, name = step.split(".")
    real = getattr(getattr(services.lector_contratos, owner), name)

    async def die(*args: object, **kwargs: object) -> None:
        if after:
            await real(*args, **kwargs)
        raise SystemError

    with monkeypatch.context() as patched:
        patched.setattr(getattr(services.lector_contratos, owner), name, die)
        with pytest.raises(SystemError):
            await services.lector_contratos.leer(A, contrato)
    for _ in range(2):
        await services.lector_contratos.leer(A, contrato)
    ficha = await services.contratos.ver(QUIEN, contrato)
    assert ficha.estado is EstadoContrato.INDEXADO
    assert len(await passages(services, contrato)) == ficha.trozos > 0
    assert len(notificador.told) == 1


async def test_tries_end(services: Services, pdf: Path, lector_pdf: FakeLectorPdf) -> None:
    """What dies every time ends in an error with its reason."""
    contrato = await upload(services, pdf)
    for _ in range(MAXIMUM_TRIES):
        lector_pdf.errors = [ServiceUnavailableError()]
        with pytest.raises(ServiceUnavailableError):
            await services.lector_contratos.leer(A, contrato)
    await services.lector_contratos.leer(A, contrato)
    ficha = await services.contratos.ver(QUIEN, contrato)
    assert ficha.estado is EstadoContrato.CON_ERROR and ficha.motivo
    assert lector_pdf.read == MAXIMUM_TRIES


async def test_one_reader_at_a_time(services: Services, pdf: Path, lector_pdf: FakeLectorPdf) -> None:
    """Whoever comes while it is read does not begin."""
    contrato = await upload(services, pdf)
    async with services.lector_contratos._carpeta.turno(A, contrato) as mine:
        assert mine
        with pytest.raises(ContratoOcupadoError):
            await services.lector_contratos.leer(A, contrato)
    assert lector_pdf.read == 0


async def test_a_slow_one_tells_how_far_it_is(
    services: Services,
    pdf: Path,
    notificador: FakeNotificador,
    lector_pdf: FakeLectorPdf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two messages on the way at most, and the last one."""
    monkeypatch.setattr(lectura_contratos, "SLOW_SECONDS", 0)
    lector_pdf.pages = ["Texto de una página."] * 9
    await services.lector_contratos.leer(A, await upload(services, pdf))
    assert ["de 9" in text for text in notificador.texts()] == [True, True, False]


async def test_an_annex_finds_its_contract(
    services: Services, pdf: Path, work: Work, lector_pdf: FakeLectorPdf
) -> None:
    """Whichever comes first, and its new end counts."""
    lector_pdf.pages = ANEXO
    annex = await upload(services, pdf, "anexo")
    await work()
    assert (await services.contratos.ver(QUIEN, annex)).de is None
    lector_pdf.pages = FakeLectorPdf().pages
    fill(pdf, b"%PDF-1.7 otro")
    contrato = await upload(services, pdf)
    await work()
    assert (await services.contratos.ver(QUIEN, annex)).de == contrato
    state = await services.contratos.vigencia(QUIEN, await services.contratos.ver(QUIEN, contrato))
    assert (state.estado, state.hasta) == (Estado.VIGENTE, date(2027, 6, 30))
