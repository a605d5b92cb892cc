"""A simulated WhatsApp for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.whatsapp import Sim, running


@pytest.fixture
async def sim() -> AsyncIterator[Sim]:
    """A running simulator."""
    async with running() as sim:
        yield sim
