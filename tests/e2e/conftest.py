"""What tests of the whole system share."""

import psycopg
import pytest
from playwright.async_api import expect

from bot.bootstrap import open_database
from bot.settings import Settings
from tests.stack import Stack

expect.set_options(timeout=60_000)


@pytest.fixture(scope="module", autouse=True)
def _fresh_limits(stack: Stack) -> None:
    """Each module logs in as often as it needs: the limits have tests of their own."""
    settings = Settings(_env_file=None, data=stack.data, env="demo")  # type: ignore[call-arg]
    with open_database(settings) as urls, psycopg.connect(urls.owner) as owner:
        owner.execute("DELETE FROM limites")
