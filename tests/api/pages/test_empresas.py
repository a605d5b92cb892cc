"""An accountant with several companies in one browser: each opened with its own password."""

import psycopg
import pytest

from bot.bootstrap import Services
from bot.core.errors import NotAuthenticatedError
from bot.storage.embedded import Urls
from tests.api.pages.conftest import Navegador
from tests.api.pages.test_ajeno import ALL, TAG, check
from tests.conftest import PASSWORD, A, B


def tokens(navegador: Navegador) -> dict[str, str]:
    """What the browser keeps."""
    return {one.key: one.value for one in navegador.client.session.cookie_jar}


async def test_from_one_company_to_another(navegador: Navegador, services: Services) -> None:
    """Opened with its password, named on every page, switched back and forth; leaving ends them all."""
    home = await navegador.enter(A)
    assert "/empresas" in [one.get("href") for one in home.all("a")]
    other = await navegador.post("/empresas/agregar", rut=B.pretty, password=PASSWORD)
    assert (other.url, other.status) == ("/", 200)
    for path in ("/", "/ventas", "/iva", "/contratos", "/ajustes", "/empresas"):
        assert B.pretty in (await navegador.get(path)).text, path
    page = await navegador.post("/empresas/cambiar", rut=str(A))
    assert A.pretty in page.text
    assert B.pretty not in page.text
    kept = tokens(navegador)
    assert len(kept) == 2
    assert (await navegador.post("/empresas/agregar", rut=B.pretty, password=PASSWORD)).url == "/"
    quien = await services.acceso.quien(tokens(navegador)["tributa_sesion"])
    assert len(await services.acceso.sesiones(quien)) == 1, "the one that was opened before is over"
    await navegador.post("/salir")
    assert not tokens(navegador)
    for token in ".".join(kept.values()).split("."):
        with pytest.raises(NotAuthenticatedError):
            await services.acceso.quien(token)


async def test_another_s_company_is_out_of_reach(navegador: Navegador, services: Services) -> None:
    """Without its password it is as if there were none, and who comes in next finds none of the others."""
    await navegador.enter(A)
    for rut in (str(B), "11111111-1"):
        page = await navegador.post("/empresas/cambiar", rut=rut)
        assert page.status == 404
    wrong = await navegador.post("/empresas/agregar", rut=str(B), password="no es esta")
    assert wrong.status == 401
    assert "La que miras" in wrong.text
    assert wrong.value("rut") == B.pretty
    assert A.pretty in wrong.text
    await navegador.post("/empresas/agregar", rut=str(B), password=PASSWORD)
    assert "tributa_otras" in tokens(navegador)
    await navegador.post("/entrar", rut=str(B), password=PASSWORD)
    assert "tributa_otras" not in tokens(navegador)
    assert (await navegador.post("/empresas/cambiar", rut=str(A))).status == 404


async def test_a_company_s_name_is_text(navegador: Navegador, clean: Urls) -> None:
    """That of the one that is looked at, and that of another."""
    with psycopg.connect(clean.owner) as owner:
        owner.execute("UPDATE contributors SET nombre = %s", (ALL,))
    await navegador.enter(A)
    await navegador.post("/empresas/agregar", rut=str(B), password=PASSWORD)
    page = await navegador.get("/empresas")
    check(page, TAG)
    assert page.raw.count("&lt;iframe") >= 3
