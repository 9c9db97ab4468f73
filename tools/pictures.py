"""Makes the pictures of the README and of the documents from a running demonstration.

    make demo                                # in another window; wait until the figures of its operations move
    python tools/pictures.py [FILE...]       # all of them, or some; the demonstration is at the address of its settings

Each picture is a page of the demonstration as one of its people sees it, with a palette of its own, which makes it a
third as large. Tests know that each picture that a document shows is made here, and that each role has one in the help.
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
    """A page of an operation, by the beginning of the operation's title, or one of the programme where that is empty;
    who sees it, and in which window."""

    operation: str
    page: str
    username: str = "coordinator"
    width: int = 1440
    height: int = 900


_BRIDGES, _TURQUESA = "Bridges of the Suchiate", "Turquesa V (moved"
PICTURES = {
    f"docs/pictures/{name}.png": picture
    for name, picture in {
        "situation": Picture(_BRIDGES, "situation"),
        "plan": Picture(_BRIDGES, "plan"),
        "report": Picture(_TURQUESA, "reports", "officer.mex", 390, 844),
        "verify": Picture(_TURQUESA, "verify", "lead.mex"),
        "today": Picture("", "today", "coordinator.mex"),
        "claims": Picture(_TURQUESA, "claims", "analyst"),
        "journal": Picture(_TURQUESA, "journal", "auditor"),
        "incidents": Picture("", "incidents", "rights"),
        "installation": Picture("", "installation", "admin"),
    }.items()
}
"""Each picture by its file."""


def main(*files: str) -> None:
    """Make some pictures, or all."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        for file in files or PICTURES:
            taken = Image.open(io.BytesIO(_taken(browser, Settings().address, PICTURES[file])))
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
    page.wait_for_url(lambda url: "/sign-in" not in url, wait_until="commit")
    context.request.post(f"{address}/preferences", form={"language": "en"}, headers={"origin": address})
    folder = ""
    if picture.operation:
        page.goto(f"{address}/")
        operation = page.locator("#main a", has_text=picture.operation).first.get_attribute("href") or ""
        folder = operation.rsplit("/", 1)[0]
    page.goto(f"{address}{folder}/{picture.page}")
    page.wait_for_function(WHOLE, timeout=90_000)
    page.wait_for_timeout(DRAWN_MS)
    taken = page.screenshot()
    context.close()
    return taken


if __name__ == "__main__":
    main(*sys.argv[1:])
