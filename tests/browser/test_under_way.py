"""What changes while a page is on its way to the browser stands on it once it is there."""

import pytest
from playwright.sync_api import Page, expect

from operations.exchange import products
from operations.exchange.product_rows import ProductState
from tests.browser.conftest import Open, Server, late, let_go, waits
from tests.partners import asked
from tests.programme import does


def pulses(page: Page) -> list[str | bytes]:
    """What the pulse tells this page from now on."""
    told: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda said: told.append(said)))
    return told


@pytest.mark.parametrize("opened", ["by its address", "from another page"])
def test_what_changed_while_a_page_was_on_its_way_is_on_it(server: Server, browser_page: Open, opened: str) -> None:
    of, page = asked(server.scene, question=f"Which roads, {opened}?"), browser_page("chaima", "/account")
    told = pulses(page)
    if opened == "by its address":
        held = late(page, "_pages_content")
        page.goto(f"{server.address}/products?show={of.id}", wait_until="commit")
    else:
        page.goto(f"{server.address}/products?show={of.id}")
        back = page.get_by_role("link", name="All products")
        expect(back).to_be_visible()
        held = late(page, "_pages_content")
        back.click()
    waits(page, lambda: held)
    before = len(told)
    does(server.scene, "dov", products.take, of.id, ProductState.ACCEPTED)
    waits(page, lambda: str(of.operation_id) in "".join(map(str, told[before:])))
    let_go(page, held)
    rows = page.get_by_role("row").filter(has_text=of.question)
    shown = page.get_by_role("definition") if opened == "by its address" else rows.get_by_role("gridcell")
    expect(shown.filter(has_text="Accepted")).to_be_visible()
