"""The worker's own address for Prometheus."""

import aiohttp

from bot.bootstrap import Services
from bot.jobs.figuras import shown
from bot.programs import free_port
from bot.storage.cola import Cola


async def test_the_worker_shows_its_figures(services: Services) -> None:
    """With those of the installation; nothing else is there, and a taken port stops nobody."""
    await Cola(services.jobs).defer("atender", lock="a", entrada=1)
    address = f"127.0.0.1:{free_port()}"
    async with (
        shown(address, services),
        shown(address, services),
        aiohttp.ClientSession() as session,
        session.get(f"http://{address}/metrics") as answer,
        session.get(f"http://{address}/") as other,
    ):
        text = await answer.text()
        assert (answer.status, other.status) == (200, 404)
    assert 'tributa_queue_jobs{queue="default",status="todo"} 1.0' in text
    assert 'tributa_dependency_up{dependency="base_de_datos"} 1.0' in text
    assert 'tributa_build_info{program="worker"' in text
    assert 'dependency="antivirus"' not in text


async def test_without_an_address(services: Services) -> None:
    """Nothing listens."""
    async with shown(None, services):
        pass
