"""What axe-core (tests/vendor, MPL-2.0, unchanged) finds wrong with a page."""

from pathlib import Path

from playwright.async_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
# What is closed is read too, once somebody opens it.
_OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
_RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations']});
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 160)).join(' | ')}`);
}"""


async def faults(page: Page, where: str) -> list[str]:
    """What is serious or critical on a page as it is, and whether it is too wide.

    The page's context needs `AXE` as an init script, and `reduced_motion`: what fades in is pale meanwhile.
    """
    await page.evaluate(_OPEN)
    found: list[str] = await page.evaluate(_RUN)
    if await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("wider than the screen")
    return [f"{where} {one}" for one in found]
