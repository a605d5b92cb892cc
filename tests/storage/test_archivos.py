"""Files of taxpayers: whose they are, how long they stay, and that nothing of them is left."""

import stat
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest

from bot.bootstrap import Services, open_services
from bot.core.errors import NotFoundError, ServiceUnavailableError, TaxpayerUnknownError
from bot.core.rut import Rut
from bot.private import SettingsError
from bot.services.ports import Quien
from bot.services.ports_archivos import Contenido
from bot.settings import Settings
from bot.storage.archivos import Almacen, ArchivoRepository
from bot.storage.embedded import Urls
from tests.conftest import A, B, make_settings

PDF = Contenido("contrato ñandú.pdf", "application/pdf", b"%PDF-1.7 canario")


@pytest.fixture(params=["folder", "memory"])
def almacen(request: pytest.FixtureRequest, tmp_path: Path) -> Almacen:
    """A folder, and what stands for a bucket."""
    return Almacen(str(tmp_path / "archivos") if request.param == "folder" else f"memory://{tmp_path.name}")


@pytest.fixture
def archivos(services: Services, almacen: Almacen) -> ArchivoRepository:
    """The store on the real database."""
    return ArchivoRepository(services.database, almacen)


def left(folder: Path) -> list[Path]:
    """All files below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_there_and_back(archivos: ArchivoRepository) -> None:
    """What is stored comes back to its owner, and to nobody else; erased, it is gone."""
    found = await archivos.guardar(A, PDF)
    assert found.nombre == PDF.nombre
    assert await archivos.leer(A, found.id) == PDF
    assert await archivos.leer(B, found.id) is None
    assert not await archivos.borrar(B, found.id)
    assert await archivos.leer(A, found.id) == PDF
    assert await archivos.borrar(A, found.id)
    assert await archivos.leer(A, found.id) is None
    assert await archivos.todos(A) == []


async def test_a_key_of_the_own_folder(archivos: ArchivoRepository) -> None:
    """Contracts have a name there; a name that leads out of it is none."""
    found = await archivos.guardar(A, PDF, clave="contrato-20261122T120000.pdf")
    assert await archivos.leer(A, found.id) == PDF
    for clave in ("../77697060-3/x.pdf", "a/b.pdf", "..", "/etc/passwd", "x\x00.pdf", "c:\\x"):
        with pytest.raises(ValueError, match="not a key"):
            await archivos.guardar(A, PDF, clave=clave)
    assert len(await archivos.todos(A)) == 1


async def test_names_are_harmless(archivos: ArchivoRepository) -> None:
    """Whoever unpacks an export or saves a download writes where they meant to."""
    found = await archivos.guardar(A, Contenido('../..\\"x\r\n\u202efdp.exe', "application/pdf", b"x"))
    assert found.nombre == ".._..__x___fdp.exe"


async def test_nobodys_file(archivos: ArchivoRepository, tmp_path: Path) -> None:
    """Of who is not registered nothing is stored."""
    with pytest.raises(TaxpayerUnknownError):
        await archivos.guardar(Rut.parse("11111111-1"), PDF)
    assert left(tmp_path) == []


async def test_only_we_can_read_them(services: Services, tmp_path: Path) -> None:
    """Folders are 700 and files 600, whatever the process's mask."""
    archivos = ArchivoRepository(services.database, Almacen(str(tmp_path / "archivos")))
    await archivos.guardar(A, PDF)
    [file] = left(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for folder in (file.parent, file.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_what_expires(archivos: ArchivoRepository, clean: Urls) -> None:
    """An expired file is gone for its owner at once, and from the store with the next purge."""
    short = await archivos.guardar(A, PDF, timedelta(days=30))
    ever = await archivos.guardar(A, PDF)
    assert await archivos.purgar() == 0
    with psycopg.connect(clean.owner) as owner:
        owner.execute("UPDATE archivos SET expira = now() - interval '1 second' WHERE id = %s", (short.id,))
        [clave] = owner.execute("SELECT clave FROM archivos WHERE id = %s", (short.id,)).fetchone() or ()
    assert await archivos.leer(A, short.id) is None
    assert await archivos._almacen.get(clave)
    assert await archivos.purgar() == 1
    assert await archivos._almacen.get(clave) is None
    assert await archivos.leer(A, ever.id) == PDF


async def test_erasing_takes_the_files(services: Services, settings: Settings, clean: Urls) -> None:
    """Also one that a crash left without a row; those of others stay."""
    folder = settings.data / "archivos"
    mine = await services.archivos.guardar(Quien(A), PDF)
    theirs = await services.archivos.guardar(Quien(B), PDF)
    (folder / str(A) / "huerfano").write_bytes(b"canario")
    await services.datos.borrar(Quien(A))
    assert left(folder / str(A)) == []
    with pytest.raises(NotFoundError):
        await services.archivos.abrir(Quien(A), mine.id)
    assert await services.archivos.abrir(Quien(B), theirs.id) == PDF


async def test_a_crash_while_erasing(
    services: Services, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the files nothing is erased and nothing promised; once more, and all is."""
    await services.archivos.guardar(Quien(A), PDF)

    async def broken(self: Almacen, rut: Rut) -> None:
        raise ServiceUnavailableError()

    with monkeypatch.context() as patched:
        patched.setattr(Almacen, "delete_all", broken)
        with pytest.raises(ServiceUnavailableError):
            await services.datos.borrar(Quien(A))
    assert (await services.acceso.contribuyente(Quien(A))).rut == A
    await services.datos.borrar(Quien(A))
    assert left(settings.data / "archivos" / str(A)) == []


async def test_a_store_that_is_away(services: Services, tmp_path: Path) -> None:
    """It is told as that, and leaves no row of a file that is not there."""
    archivos = ArchivoRepository(services.database, Almacen(str(tmp_path / "archivos")))
    (tmp_path / "archivos").rmdir()
    (tmp_path / "archivos").write_bytes(b"")
    with pytest.raises(ServiceUnavailableError):
        await archivos.guardar(A, PDF)
    assert await archivos.todos(A) == []


async def test_the_export_has_them(services: Services) -> None:
    """Whoever takes their data away has the files too."""
    found = await services.archivos.guardar(Quien(A), PDF)
    await services.archivos.guardar(Quien(B), PDF)
    with await services.datos.exportar(Quien(A)) as raw, ZipFile(BytesIO(raw.read())) as archive:
        names = [name for name in archive.namelist() if name.startswith("archivos/")]
        assert names == [f"archivos/{found.id}-{PDF.nombre}"]
        assert archive.read(names[0]) == PDF.datos
        assert found.id in archive.read("archivos.json").decode()


async def test_an_address_that_leads_nowhere(clean: Urls, tmp_path: Path) -> None:
    """It is told at the start, in the operator's words."""
    with pytest.raises(SettingsError, match="STORAGE_URL"):
        async with open_services(make_settings(tmp_path, storage_url="nada://x"), clean.app):
            pass
