"""What changes while a page is on its way to the browser stands on it once it is there."""

import pytest
from playwright.sync_api import Page, expect

from operations.core.people import System
from operations.core.vocabulary import MessageKind, OperationState
from operations.exchange import products
from operations.exchange.product_rows import ProductState
from operations.notices.messages import To, tell
from operations.policing.operation.plan import Operation
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


def test_the_frame_of_a_page_that_was_left_meanwhile_does_not_stand_around_the_next(
    server: Server, browser_page: Open
) -> None:
    """Its answer comes before that of the next page, whose frame was compared with that of the page before both."""
    scene = server.scene
    page = browser_page("ana", f"/operations/{scene.operation}/countries")
    here = page.locator(".parts-tab--here")
    expect(here).to_contain_text("Countries")
    held = late(page, "_pages_content")
    for place in ("Situation", "Timeline"):
        page.locator(".m-place", has_text=place).click()
    waits(page, lambda: len(held) == 2)
    let_go(page, held[:1], after=500)
    let_go(page, held[1:], after=500)
    expect(page.locator("#main h1")).to_have_text("Timeline")
    expect(here).to_contain_text("Timeline")
    expect(page.locator(".m-place-here")).to_contain_text("Timeline")
    another = {
        "data": {"of": "/elsewhere", "parts": {}}
    }  # it came over the frame of this page, which was not drawn yet
    with page.expect_request(lambda asked: "shell-unread-told" in (asked.post_data or "")):
        page.evaluate("(frame) => dash_clientside.set_props('shell-page-frame', frame)", another)


def test_the_frame_that_the_pulse_brings_late_does_not_stand_around_the_next_page(
    server: Server, browser_page: Open
) -> None:
    scene = server.scene
    page = browser_page("lena", f"/operations/{scene.operation}/countries")
    expect(page.locator("#shell-live")).to_have_attribute("data-state", "live")
    held = late(page, "shell-unread-told")
    with scene.store.unit_of_work(System()) as session:
        session.get_one(Operation, scene.operation).state = OperationState.SUSPENDED.value
        to = To.those(scene["lena"].account_id)
        tell(session, to, MessageKind.PHASE_BEGAN, "/today", key="late", by=System(), operation=scene.operation)
    waits(page, lambda: held)
    page.locator(".m-outside").click()
    expect(page.locator("#shell-operation")).to_be_empty()
    let_go(page, held, after=500)
    expect(page.locator("#shell-operation")).to_be_empty()
    expect(page.locator("#shell-marking")).to_be_empty()
