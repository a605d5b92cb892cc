"""Contracts that go, and come back: removed, had back, replaced by a newer version."""

from pathlib import Path

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.errors import NotFoundError
from bot.core.errors_contratos import ReplacementInvalidError
from bot.services.ports import Quien
from bot.services.ports_carpeta import GRACIA, EstadoContrato
from bot.storage.embedded import Urls
from tests.conftest import A, B, Work
from tests.fakes_contratos import ANEXO, ARRIENDO, FakeEspejo, FakeLectorPdf
from tests.fakes_sii import FakeNotificador
from tests.services.test_contratos import QUIEN, fill, passages, upload


def grow_old(urls: Urls, contrato: int) -> None:
    """As if it had been removed long enough ago."""
    with psycopg.connect(urls.owner) as owner:
        owner.execute("UPDATE contratos SET borrado = borrado - %s WHERE id = %s", (GRACIA, contrato))


async def test_removed_and_gone(services: Services, pdf: Path, work: Work, urls: Urls) -> None:
    """Nobody finds it from now on; after some minutes row, passages, PDF and pictures go. Another's stays."""
    espejo = FakeEspejo()
    services.indexador._espejo = espejo
    contrato = await upload(services, pdf)
    await work()
    await services.contratos.pagina(QUIEN, contrato, 1)
    with pytest.raises(NotFoundError):
        await services.papelera.eliminar(Quien(B), contrato)
    assert await services.papelera.eliminar(QUIEN, contrato) == "Arriendo bodega"
    assert await services.contratos.lista(QUIEN) == [] == await passages(services, contrato)
    assert await services.contratos.leidos(A) == [] and await espejo.contar() == 0
    with pytest.raises(NotFoundError):
        await services.contratos.pdf(QUIEN, contrato)
    assert not await services.papelera.vaciar(A, contrato)
    assert await services.archivos._archivos.todos(A) != []
    grow_old(urls, contrato)
    assert await services.papelera.vaciar(A, contrato)
    assert await services.archivos._archivos.todos(A) == []
    with pytest.raises(NotFoundError):
        await services.papelera.recuperar(QUIEN, contrato)


async def test_had_back(services: Services, pdf: Path, work: Work, urls: Urls) -> None:
    """As it was, by asking or by sending the file again; what waits to remove it then leaves it alone."""
    espejo = FakeEspejo()
    services.indexador._espejo = espejo
    contrato = await upload(services, pdf)
    await work()
    before = await services.contratos.ver(QUIEN, contrato)
    await services.papelera.eliminar(QUIEN, contrato)
    with pytest.raises(NotFoundError):
        await services.papelera.recuperar(Quien(B), contrato)
    [gone] = await services.contratos.lista(QUIEN, apartados=True)
    assert gone == before == await services.papelera.recuperar(QUIEN, contrato)
    assert len(await passages(services, contrato)) == before.trozos
    grow_old(urls, contrato)
    assert not await services.papelera.vaciar(A, contrato)
    await services.papelera.eliminar(QUIEN, contrato)
    back = await services.contratos.subir(QUIEN, pdf, "otra vez")
    assert (back.contrato, back.nuevo, back.recuperado) == (contrato, False, True)
    assert await services.contratos.ver(QUIEN, contrato) == before
    assert await espejo.contar() == before.trozos
    again = await services.contratos.subir(QUIEN, pdf, "otra vez")
    assert (again.nuevo, again.recuperado) == (False, False)


async def test_removed_while_it_waits(services: Services, pdf: Path, work: Work) -> None:
    """A contract that goes before it is read is not read; had back, it is."""
    contrato = await upload(services, pdf)
    await services.papelera.eliminar(QUIEN, contrato)
    await work()
    [gone] = await services.contratos.lista(QUIEN, apartados=True)
    assert gone.estado is EstadoContrato.RECIBIDO
    await services.papelera.recuperar(QUIEN, contrato)
    await work()
    assert (await services.contratos.ver(QUIEN, contrato)).estado is EstadoContrato.INDEXADO


async def test_erasure_waits_for_nobody(services: Services, pdf: Path, work: Work, urls: Urls) -> None:
    """Who wants a contract gone at once has it gone, and erasing everything takes the removed ones too."""
    contrato = await upload(services, pdf)
    await work()
    await services.papelera.eliminar(QUIEN, contrato)
    await services.papelera.destruir(QUIEN, contrato)
    assert await services.archivos._archivos.todos(A) == []
    contrato = await upload(services, pdf)
    await services.papelera.eliminar(QUIEN, contrato)
    await services.datos.borrar(QUIEN)
    with psycopg.connect(urls.owner) as owner:
        assert owner.execute("SELECT count(*) FROM contratos WHERE rut = %s", (str(A),)).fetchone() == (0,)
    assert not await services.papelera.vaciar(A, contrato)


async def test_a_new_version(
    services: Services, pdf: Path, work: Work, lector_pdf: FakeLectorPdf, notificador: FakeNotificador
) -> None:
    """The old one answers until the new one is read; then it can be had back, but its annexes have moved."""
    old = await upload(services, pdf)
    await work()
    fill(pdf, b"%PDF-1.7 anexo")
    lector_pdf.pages = ANEXO
    annex = await upload(services, pdf, "anexo")
    await work()
    fill(pdf, b"%PDF-1.7 dos")
    lector_pdf.pages = ARRIENDO
    new = (await services.contratos.subir(QUIEN, pdf, "nueva", reemplaza=old)).contrato
    assert {one.id for one in await services.contratos.leidos(A)} == {old, annex}
    await work()
    assert {one.id for one in await services.contratos.lista(QUIEN)} == {new, annex}
    assert (await services.contratos.ver(QUIEN, annex)).de == new
    told = notificador.texts()[-1]
    assert "Queda en lugar de «Arriendo bodega»" in told
    await services.papelera.recuperar(QUIEN, old)
    assert {one.id for one in await services.contratos.lista(QUIEN)} == {old, new, annex}
    with pytest.raises(NotFoundError):
        await services.contratos.subir(Quien(B), pdf, "ajena", reemplaza=new)


async def test_one_that_looks_like_a_new_version(
    services: Services, pdf: Path, work: Work, lector_pdf: FakeLectorPdf, notificador: FakeNotificador
) -> None:
    """Of the same parties and kind: it is offered, and whoever takes it has one; nonsense is refused."""
    old = await upload(services, pdf)
    await work()
    fill(pdf, b"%PDF-1.7 dos")
    new = await upload(services, pdf, "nueva")
    await work()
    salida = list(notificador.told.values())[-1].salida
    assert salida.botones[-1].id == f"contrato_listar.reemplazar::::::{new}::::{old}"
    with pytest.raises(ReplacementInvalidError):
        await services.papelera.reemplazar(QUIEN, new, new)
    await services.papelera.reemplazar(QUIEN, old, new)
    assert [one.id for one in await services.contratos.lista(QUIEN)] == [new]
    with pytest.raises(NotFoundError):
        await services.papelera.reemplazar(Quien(B), old, new)
