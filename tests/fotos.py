"""The pictures of README and docs: `make screenshots` takes them anew."""

import os

from playwright.async_api import Page

from bot.settings import ROOT

SCREENSHOTS = "TRIBUTA_SCREENSHOTS" in os.environ  # read before the tests' own environment is made
SCALE = 2 if SCREENSHOTS else 1


async def foto(page: Page, name: str) -> None:
    """Keep what is seen, if that is asked for."""
    if SCREENSHOTS:
        await page.mouse.move(0, 0)
        await page.evaluate("document.activeElement?.blur()")
        await page.screenshot(path=ROOT / "docs" / f"{name}.png", animations="disabled")
