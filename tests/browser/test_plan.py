"""A coordinator plans on the map: searches, draws, edits, deletes, takes back, adds a crossing; a country looks on."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Open, Server, hands_on_late, late, let_go, sure, waits

pytestmark = pytest.mark.slow


@pytest.fixture
def path(server: Server) -> str:
    return f"/operations/{server.scene.operation}/plan"


def ready(page: Page) -> Page:
    page.wait_for_selector('.atlas[data-ready="true"]')
    return page


def row(page: Page, name: str) -> Locator:
    return page.locator(".plan-list .plan-item", has_text=name)


def search(page: Page, text: str, choose: str) -> None:
    """Find a place by keyboard, as somebody does who never leaves it."""
    page.locator("#plan-map").click(position={"x": 5, "y": 400})
    page.keyboard.press("/")
    page.keyboard.type(text, delay=20)
    expect(page.locator('.plan-found[aria-selected="true"]')).to_contain_text(choose)
    page.keyboard.press("Enter")


def click_map(page: Page, *offsets: tuple[int, int]) -> None:
    """Click at pixels from the middle of the map."""
    box = page.locator("#plan-map").bounding_box()
    assert box is not None
    for dx, dy in offsets:
        x, y = box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy
        page.mouse.move(x, y, steps=3)
        page.mouse.click(x, y)
        page.wait_for_timeout(100)


@pytest.mark.journey
def test_a_coordinator_plans(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))

    search(page, "16.97, 7.99", "16.97000, 7.99000")
    expect(page.locator("#plan-site-position")).to_have_value("16.97000, 7.99000")
    page.get_by_role("button", name="Close", exact=True).click()

    page.get_by_role("button", name="Area", exact=True).click()
    click_map(page, (-160, -110), (90, -120), (130, 90), (-120, 110), (-160, -110))
    name = page.locator("#plan-object-name")
    expect(name).to_be_focused()
    name.press_sequentially("Sector North", delay=20)
    page.get_by_role("button", name="Save").click()
    expect(row(page, "Sector North")).to_be_visible()
    expect(page.locator("#plan-measured")).to_contain_text("km²")

    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Checkpoint", exact=True).click()
    click_map(page, (0, 0))
    expect(name).to_be_focused()
    name.press_sequentially("CP Agadez", delay=20)
    mgrs = page.locator("#plan-object-mgrs")
    expect(mgrs).not_to_have_value("")
    page.locator("#plan-object-decimal").fill("17.10000, 8.10000")
    page.locator("#plan-object-decimal").press("Enter")
    expect(mgrs).to_have_value(re.compile("^32Q"))
    dms = page.locator("#plan-object-dms")
    expect(dms).to_have_value(re.compile("^17°06"))  # the other writings have followed; now it stays what is typed
    dms.fill("nowhere")
    dms.press("Tab")
    expect(page.get_by_text('"nowhere" is not a latitude and a longitude.')).to_be_visible()
    held = late(page, "plan-done")
    page.get_by_role("button", name="Save").click()
    let_go(page, held)
    page.unroute_all()
    expect(page.get_by_text('"nowhere" is not a latitude and a longitude.')).to_be_visible()
    expect(row(page, "CP Agadez")).to_have_count(0)  # nothing is saved at a place that nobody typed
    dms.fill("17°06'00\"N 8°06'00\"E")
    page.get_by_role("button", name="Save").click()
    expect(row(page, "CP Agadez")).to_contain_text("Planned")

    page.locator("#plan-object-state").click()
    page.get_by_role("option", name="Active", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(row(page, "CP Agadez")).to_contain_text("Active")

    page.get_by_role("button", name="Delete").click()
    expect(page.locator("[data-toast]")).to_contain_text("Deleted: CP Agadez")  # the pulse may tell the list before
    expect(row(page, "CP Agadez")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(row(page, "CP Agadez")).to_contain_text("Active")

    page.locator('[data-open="table"]').click()
    page.locator(".ag-row", has_text="Sector North").first.click()
    expect(name).to_have_value("Sector North")
    expect(row(page, "Sector North")).to_have_attribute("aria-current", "true")


def test_a_crossed_outline_is_refused_and_stays(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    page.get_by_role("button", name="Area", exact=True).click()
    click_map(page, (-160, -110), (120, 110), (120, -110), (-160, 110), (-160, -110))
    page.locator("#plan-object-name").press_sequentially("Bow", delay=20)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile("The outline crosses itself near"))).to_be_visible()
    expect(page.locator("path.atlas-draft")).to_have_count(1)
    expect(page.locator("#plan-object-name")).to_have_value("Bow")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("path.atlas-draft")).to_have_count(0)


def test_a_crossing_becomes_a_site(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    page.get_by_text("Find a place for a site").click()
    page.locator("#plan-finder-country").click()
    page.get_by_role("option", name="Niger", exact=True).click()
    first = page.locator("#plan-finder-list .plan-item").first
    first.click()
    expect(page.get_by_role("button", name="Add as site")).to_be_visible()
    page.locator("#plan-site-name").fill("Crossing North")
    page.get_by_role("button", name="Add as site").click()
    expect(page.locator("#plan-list-operational .plan-item", has_text="Crossing North")).to_be_visible()
    expect(page.locator(".plan-details h2")).to_have_text("Crossing North")


def test_another_screen_sees_it_at_once_and_a_country_only_what_is_for_it(browser_page: Open, path: str) -> None:
    ana, chaima = ready(browser_page("ana", path)), ready(browser_page("moussa", path))
    for name, audience in (("Seen by all", None), ("Coordination only", "Those who coordinate")):
        ana.get_by_role("button", name="Checkpoint", exact=True).click()
        click_map(ana, (30, -60) if audience is None else (30, 60))
        ana.locator("#plan-object-name").press_sequentially(name, delay=20)
        if audience:
            ana.locator("#plan-object-audience").click()
            ana.get_by_role("option", name=audience).click()
        ana.get_by_role("button", name="Save").click()
        expect(row(ana, name)).to_be_visible()
        ana.get_by_role("button", name="Close", exact=True).click()
    expect(row(chaima, "Seen by all")).to_be_visible()
    chaima.wait_for_timeout(1000)
    assert "Coordination only" not in chaima.content()
    kept = chaima.evaluate("JSON.stringify(window.musterAtlas.maps.get('plan-map').scene)")
    assert "Seen by all" in kept
    assert "Coordination only" not in kept


def test_distances_are_measured_drawn_and_typed(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    page.get_by_role("button", name="Measure", exact=True).click()
    click_map(page, (-150, -80), (40, -60))
    page.mouse.move(700, 500, steps=3)
    expect(page.locator("[data-hint]")).to_contain_text("so far")
    box = page.locator("#plan-map").bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + box["width"] / 2 + 90, box["y"] + box["height"] / 2 + 80)
    expect(page.locator("#plan-length-told")).to_contain_text("km²")
    page.locator("#plan-measure-points").fill("13.5, 2.1\n16.97, 7.99")
    page.locator("#plan-length-ask").click()
    expect(page.locator("#plan-length-told")).to_contain_text("740.0 km")
    page.locator("#plan-measure-unit label", has_text="NM").click()
    expect(page.locator("#plan-length-told")).to_contain_text("399.6 NM")

    row(page, "OCU Niamey").click()
    page.get_by_text("Rings and distance").click()
    page.locator("#plan-around-radii").fill("10 25,5")
    page.locator("#plan-rings-show").click()
    expect(page.get_by_text("can be read in two ways")).to_be_visible()
    page.locator("#plan-around-radii").fill("10 25")
    page.locator("#plan-rings-show").click()
    expect(page.locator("#plan-length-told")).to_contain_text("10 NM · 25 NM around")
    expect(page.locator('.atlas[data-around="2"]')).to_have_count(1)
    page.locator("#plan-rings-area").click()
    name = page.locator("#plan-object-name")
    expect(name).to_be_focused()
    name.press_sequentially("Zone of 10 NM", delay=20)
    page.get_by_role("button", name="Save").click()
    expect(row(page, "Zone of 10 NM")).to_be_visible()
    page.get_by_role("button", name="Remove rings and lines").click()
    expect(page.locator('.atlas[data-around="0"]')).to_have_count(1)


def test_a_plan_is_frozen_approved_and_amended(browser_page: Open, path: str) -> None:
    ana = ready(browser_page("ana", path))
    ana.locator('[data-open="versions"]').click()
    ana.locator("#plan-freeze-note").fill("For approval.")
    ana.get_by_role("button", name="Freeze the plan as it is now").click()
    sure(ana)
    expect(ana.locator(".plan-versions-all li", has_text="Version 1")).to_contain_text("Draft, not approved")

    lena = ready(browser_page("lena", path, scheme="dark"))
    lena.locator('[data-open="versions"]').click()
    lena.locator(".plan-approval summary").click()
    lena.get_by_role("button", name="Put it in force").click()
    sure(lena)
    expect(ana.locator(".plan-versions-all li", has_text="Version 1")).to_contain_text("In force")
    expect(ana.locator("#plan-changes-told")).to_have_text("Nothing is different.")

    unit = row(ana, "OCU Niamey")
    unit.click()
    ana.get_by_role("button", name="Delete").click()
    expect(ana.locator("#plan-changes-told")).to_have_text("0 added · 0 changed · 1 removed")
    expect(lena.locator("#plan-changes-told")).to_have_text("0 added · 0 changed · 1 removed")
    expect(lena.locator('.atlas[data-changes="1"]')).to_have_count(1)
    expect(ana.locator(".plan-changes-legend")).to_be_visible()
    ana.locator("#plan-changes .ag-row", has_text="OCU Niamey").first.click()
    expect(ana.locator(".atlas-tip")).to_contain_text("Removed: OCU Niamey")
    ana.locator(".plan-versions-deleted").get_by_role("button", name="Restore").click()
    expect(unit).to_be_visible()
    expect(ana.locator("#plan-changes-told")).to_have_text("Nothing is different.")


def test_a_search_that_takes_long_says_so(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    held: list[Route] = []
    page.route("**/search?q=*", lambda route: held.append(route))
    page.locator("[data-search]").fill("Agadez")
    expect(page.locator(".plan-found")).to_have_text("Searching the names of places")
    held[0].continue_()
    expect(page.locator('.plan-found[aria-selected="true"]')).to_contain_text("Agadez")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_panels_are_sheets(browser_page: Open, path: str, scheme: str) -> None:
    page = ready(browser_page("boubacar", path, width=390, height=844, scheme=scheme))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tools = page.locator("[data-tool]").evaluate_all("found => found.map((each) => each.dataset.tool)")
    assert tools == ["select", "measure", "rings"]
    page.locator('[data-open="layers"]').click()
    page.locator(".plan-item", has_text="OCU Niamey").click()
    expect(page.locator("#plan-object-name")).to_have_value("OCU Niamey")
    expect(page.locator("#plan-object-name")).to_be_disabled()


def test_what_comes_after_its_map_was_left_disturbs_nobody(browser_page: Open, path: str) -> None:
    page = browser_page("ana", "/account")
    held: list[Route] = []
    page.goto(f"{urlsplit(page.url)._replace(path=path).geturl()}")
    ready(page)
    page.route("**/data/map/tiles/**", lambda route: held.append(route))
    while not held:  # the ground of a wider look is asked for
        page.locator("#plan-map .leaflet-control-zoom-out").click()
        page.wait_for_timeout(300)
    page.locator('.m-place[href$="/timeline"]').click()
    expect(page.locator("#plan-map")).to_have_count(0)
    with page.expect_response("**/data/map/tiles/**"):
        held[0].continue_()
    page.evaluate("() => new Promise((done) => setTimeout(done, 500))")


def test_what_is_drawn_before_an_answer_is_not_lost_to_it(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    page.get_by_text("Find a place for a site").click()
    page.locator("#plan-finder-country").click()
    page.get_by_role("option", name="Niger", exact=True).click()
    for finished in (True, False):
        page.locator("#plan-finder-list .plan-item").nth(3 + finished).click()
        name, area = page.locator("#plan-site-name"), f"Area {finished}"
        name.fill(f"Post {finished}")
        held = late(page, "plan-done")
        page.get_by_role("button", name="Add as site").click()
        page.get_by_role("button", name="Area", exact=True).click()
        click_map(page, (-160, -110), (90, -120), (130, 90))
        if finished:
            click_map(page, (-160, -110))
            page.locator("#plan-object-name").fill(area)
        let_go(page, held, 700)
        expect(page.locator("[data-toast]")).to_contain_text(f"Added: Post {finished}")
        page.unroute_all()
        if not finished:
            expect(page.locator('[data-tool="area"]')).to_have_attribute("aria-pressed", "true")
            click_map(page, (-160, -110))
            page.locator("#plan-object-name").fill(area)
        expect(page.locator("#plan-object-name")).to_have_value(area)
        page.get_by_role("button", name="Save").click()
        for each in (area, f"Post {finished}"):
            expect(row(page, each)).to_be_visible()
        page.get_by_role("button", name="Close", exact=True).click()


def test_what_is_typed_after_saving_stays_to_be_saved(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    page.get_by_role("button", name="Checkpoint", exact=True).click()
    click_map(page, (40, 60))
    page.locator("#plan-object-name").fill("CP Late")
    held = late(page, "plan-done")
    page.get_by_role("button", name="Save").click()
    note = page.locator("#plan-object-note")
    note.fill("Two lanes.")
    let_go(page, held, 700)
    page.unroute_all()
    expect(row(page, "CP Late")).to_be_visible()
    expect(note).to_have_value("Two lanes.")
    page.get_by_role("button", name="Checkpoint", exact=True).click()
    expect(page.locator("[data-hint]")).to_contain_text("This is not saved yet")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#plan-history")).to_contain_text("2. Changed")
    page.reload()
    row(ready(page), "CP Late").click()
    expect(note).to_have_value("Two lanes.")


def test_what_is_saved_is_what_the_screen_shows_on_a_busy_machine(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    hands_on_late(page)
    for k, keys in enumerate((True, False)):
        page.get_by_role("button", name="Checkpoint", exact=True).click()
        click_map(page, (60 + 30 * k, -40))
        name = page.locator("#plan-object-name")
        expect(name).to_be_focused()
        page.keyboard.type(f"CP Busy {k}")
        if keys:
            page.keyboard.press("Control+s")
        else:
            page.get_by_role("button", name="Save").click()
        expect(row(page, f"CP Busy {k}")).to_be_visible()
        expect(name).to_have_value(f"CP Busy {k}")
        page.get_by_role("button", name="Close", exact=True).click()


def test_what_is_typed_while_a_saved_object_is_drawn_anew_stays(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    page.get_by_role("button", name="Checkpoint", exact=True).click()
    click_map(page, (-60, 80))
    page.locator("#plan-object-name").fill("CP Anew")
    held = late(page, "plan-details.children")
    page.get_by_role("button", name="Save").click()
    waits(page, lambda: held)  # it is saved, and its form is on the way
    note = page.locator("#plan-object-note")
    note.press_sequentially("Two lanes.")
    state, kind = page.locator("#plan-object-state"), page.locator("#plan-object-kind")
    state.click()
    page.get_by_role("option", name="Active").click()
    kind.focus()
    kind.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chosen = kind.input_value()
    assert chosen != "Checkpoint"
    let_go(page, held)
    expect(page.get_by_role("button", name="Delete")).to_be_visible()  # the form of a saved object
    expect(note).to_have_value("Two lanes.")
    expect(state).to_have_value("Active")
    expect(kind).to_have_value(chosen)
    page.unroute(re.compile("/_dash-update-component"))
    page.locator(".plan-list .plan-item").filter(has_not_text="CP Anew").first.click()
    expect(page.locator("[data-hint]")).to_contain_text("not saved")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".plan-history summary").first).to_be_visible()
    page.reload()
    row(ready(page), "CP Anew").click()
    expect(note).to_have_value("Two lanes.")


def test_a_coordinate_typed_while_the_last_one_is_being_written_stays(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    held = late(page, "plan-measured.children")
    page.get_by_role("button", name="Checkpoint", exact=True).click()
    click_map(page, (90, 70))
    waits(page, lambda: held)
    decimal = page.locator("#plan-object-decimal")
    decimal.fill("17.10000, 8.10000")
    page.wait_for_timeout(300)
    let_go(page, held, 700)
    expect(decimal).to_have_value("17.10000, 8.10000")


def test_an_object_is_saved_where_it_was_typed_though_the_map_has_not_moved_yet(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    decimal, typed = page.locator("#plan-object-decimal"), ("17.20000, 8.20000", "17.30000, 8.30000", "far away")
    page.get_by_role("button", name="Checkpoint", exact=True).click()
    click_map(page, (70, 90))
    page.locator("#plan-object-name").fill("CP Typed")
    expect(decimal).not_to_have_value("")
    held = late(page, '.n_blur"')  # the answer that moves the map
    for k, text in enumerate(typed):
        decimal.fill(text)
        if k == 1:
            page.keyboard.press("Control+s")
        else:
            page.get_by_role("button", name="Save").click()
        if k == 2:
            expect(page.locator(".plan-details [aria-invalid='true']")).to_have_count(1)
            break
        expect(page.locator("#plan-history")).to_contain_text(f"{k + 1}. ")
        expect(decimal).to_have_value(text)
        let_go(page, held)
        held.clear()
        expect(decimal).to_have_value(text)
    page.unroute_all()
    page.reload()
    row(ready(page), "CP Typed").click()
    expect(decimal).to_have_value(typed[1])


def test_a_tool_pressed_before_there_is_a_map_begins_with_it(server: Server, browser_page: Open, path: str) -> None:
    page = browser_page("ana", "/today")
    held: list[Route] = []
    page.route(re.compile("geoman[^/]*[.]js"), lambda route: held.append(route))
    page.goto(server.address + path)
    area = page.locator('[data-tool="area"]')
    area.click()
    waits(page, lambda: held)
    expect(area).to_have_attribute("aria-pressed", "false")
    for route in held:
        route.continue_()
    expect(area).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#plan-typed-points")).to_be_visible()
    ready(page)
    area.click()
    expect(area).to_have_attribute("aria-pressed", "false")


def test_a_tool_chosen_while_an_object_is_being_saved_begins_when_it_is(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    area = page.locator('[data-tool="area"]')
    page.get_by_role("button", name="Checkpoint", exact=True).click()
    click_map(page, (20, 30))
    for name, begins in (("", False), ("CP Quick", True)):
        page.locator("#plan-object-name").fill(name)
        held = late(page, "plan-done")
        page.keyboard.press("Control+s")
        waits(page, lambda: held)  # noqa: B023 - asked at once
        area.press("Enter")
        expect(area).to_have_attribute("aria-pressed", "false")  # what stands there is not saved yet
        let_go(page, held)
        page.unroute_all()
        if not begins:  # refused: what is drawn stays
            expect(page.locator(".plan-details [aria-invalid='true']")).to_have_count(1)
    expect(page.locator("#plan-typed-points")).to_be_focused()
    expect(area).to_have_attribute("aria-pressed", "true")
    expect(row(page, "CP Quick")).to_be_visible()
    page.keyboard.type("16.97, 7.99")  # nothing that comes after takes the tool or its panel away
    expect(page.locator("#plan-typed-points")).to_have_value("16.97, 7.99")
    expect(area).to_have_attribute("aria-pressed", "true")


def test_what_is_typed_stays_when_its_object_is_chosen_again(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    page.get_by_role("button", name="Checkpoint", exact=True).click()
    click_map(page, (-60, 40))
    page.locator("#plan-object-name").fill("CP Twice")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#plan-history")).to_contain_text("1. ")
    note = page.locator("#plan-object-note")
    note.fill("Two lanes.")
    row(page, "CP Twice").click()
    page.wait_for_timeout(1500)  # what was asked for would have come
    expect(note).to_have_value("Two lanes.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_function("() => !window.musterAtlas.dirty")
    page.reload()
    row(ready(page), "CP Twice").click()
    expect(note).to_have_value("Two lanes.")


@pytest.mark.journey
def test_every_object_is_drawn_by_typing_alone(browser_page: Open, path: str) -> None:
    page = ready(browser_page("ana", path))
    drawn = {
        "area": ("16.97, 7.99\nArlit\nTahoua", "Typed area"),
        "route": ("Agadez\n18.73, 7.38", "Typed route"),
        "checkpoint": ("18°44'06\"N 7°22'48\"E", "Typed checkpoint"),
    }
    for tool, (points, name) in drawn.items():
        page.locator(f'[data-tool="{tool}"]').focus()
        page.keyboard.press("Enter")
        expect(page.locator("#plan-typed-points")).to_be_focused()
        page.keyboard.type(points)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#plan-object-name")).to_be_focused()
        page.keyboard.type(name)
        page.keyboard.press("Control+s")
        expect(row(page, name)).to_be_visible()
    page.locator('[data-tool="site"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#plan-typed-points")).to_be_focused()
    page.keyboard.type("Nowhere Qwx")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".plan-details")).to_contain_text("is no place that is known here")
    page.locator("#plan-typed-points").fill("Agadez")
    page.locator("#plan-typed-points").press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".plan-details")).to_contain_text("32QLD 92590 76880")
