"""Makes the pictures of the README and of the documents from a running demonstration.

    make demo                                # in another window; wait until the figures of its operations move
    python tools/pictures.py [ADDRESS]       # of the demonstration; by default that of its settings

Each picture is a page of the demonstration as one of its people sees it, with a palette of its own, which makes it a
third as large. A test knows that each picture that a document shows is made here.
"""

import io
import sys
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from dashboard.settings import Settings
from scenarios.accounts import demo_password
from tests.servers import CHROMIUM_ARGUMENTS, chromium

ROOT = Path(__file__).parents[1]
WHOLE = """() => !document.querySelector('[data-dash-is-loading="true"], .m-opening, .atlas:not([data-ready="true"])')
  && document.querySelector('#main h1') && document.querySelector('#shell-live').dataset.state === 'live'
  && document.fonts.status === 'loaded'"""
"""The page has come, and nothing of it waits."""
DRAWN_MS = 4000
"""What map and charts draw after that, and what stands there for a moment, such as a note of what came meanwhile."""


class Picture(NamedTuple):
    """A page of an operation, by the beginning of the operation's title; who sees it, and in which window."""

    operation: str
    page: str
    username: str = "coordinator"
    width: int = 1440
    height: int = 900


PICTURES = {
    "docs/situation.png": Picture("Bridges of the Suchiate", "situation"),
    "docs/plan.png": Picture("Bridges of the Suchiate", "plan"),
    "docs/report.png": Picture("Turquesa V (moved", "reports", "officer.mex", 390, 844),
}
"""Each picture by its file."""


def main(address: str = "") -> None:
    """Make every picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        for file, picture in PICTURES.items():
            taken = Image.open(io.BytesIO(_taken(browser, address or Settings().address, picture)))
            few = taken.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
            few.save(ROOT / file, optimize=True)
            print(f"{file}: {(ROOT / file).stat().st_size:,} bytes")
        browser.close()


def _taken(browser: Browser, address: str, picture: Picture) -> bytes:
    size = {"width": picture.width, "height": picture.height}
    context = browser.new_context(viewport=size, color_scheme="light", has_touch=picture.width < 600)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.fill("#username", picture.username)
    page.fill("#password", demo_password(""))
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    context.request.post(f"{address}/preferences", form={"language": "en"}, headers={"origin": address})
    page.goto(f"{address}/")
    operation = page.locator("#main a", has_text=picture.operation).first.get_attribute("href") or ""
    page.goto(f"{address}{operation.rsplit('/', 1)[0]}/{picture.page}")
    page.wait_for_function(WHOLE, timeout=90_000)
    page.wait_for_timeout(DRAWN_MS)
    taken = page.screenshot()
    context.close()
    return taken


if __name__ == "__main__":
    main(*sys.argv[1:])
