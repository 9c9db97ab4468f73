"""Makes the pictures of the README and of the documents from a running demonstration.

    make demo                                          # in another window; wait until it says that the stories are told
    python tools/pictures.py [http://127.0.0.1:8000]

Each picture is a page of the demonstration as its coordinator sees it, 1440 by 900. A test knows that each picture
that a document shows is made here.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from scenarios.accounts import demo_password
from tests.servers import CHROMIUM_ARGUMENTS, chromium

ROOT = Path(__file__).parents[1]
USERNAME = "coordinator"
PICTURES = {"docs/situation.png": ("Bridges of the Suchiate", "situation")}
"""Each picture by its file: the operation, by the beginning of its title, and the page of it."""


def main(address: str = "http://127.0.0.1:8000") -> None:
    """Make every picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        page = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light").new_page()
        page.goto(f"{address}/sign-in")
        page.fill('[name="username"]', USERNAME)
        page.fill('[name="password"]', demo_password(""))
        page.press('[name="password"]', "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        for file, (title, place) in PICTURES.items():
            page.goto(f"{address}/")
            operation = page.locator("#main a", has_text=title).first.get_attribute("href") or ""
            page.goto(f"{address}{operation.rsplit('/', 1)[0]}/{place}")
            page.locator("#main h1").wait_for(state="attached")
            page.wait_for_timeout(8000)  # the map and the charts are drawn
            page.screenshot(path=ROOT / file)
            print(f"{file}: {page.url}")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
