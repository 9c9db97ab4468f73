"""The situation in real browsers: another process reports and the tile moves; screens agree; walls and phones."""

import itertools
import json
import re
import statistics
import time
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard import theme
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.policing.calendar import tasks
from tests.browser.conftest import Open, Server, let_in, waits
from tests.makers import arrest, detection, form, let_out, send, tally

CHECKS = "#situation-tile-K01 .kpi-number"
_LIT = """() => { const tile = document.getElementById('situation-tile-K01');
  new MutationObserver(() => { window.lit ||= tile.classList.contains('kpi-tile--new'); }).observe(tile, {attributes: true}); }"""


def path(server: Server, query: str = "") -> str:
    return f"/operations/{server.scene.operation}/situation{query}"


def report(server: Server, *lines: object, site: str = "Niamey", by: str = "bruno", hour: int = 20) -> None:
    """A report from this process, against the file that the server reads."""
    begins = server.scene.start + timedelta(hours=1)
    content = form(
        server.scene,
        site,
        lines=list(lines),
        period_from=begins.isoformat(),
        period_to=(begins + timedelta(hours=2)).isoformat(),
    )
    send(server.scene, content, by=by, at=server.scene.start + timedelta(hours=hour))


def ready(page: Page) -> Page:
    """The page with its socket open."""
    expect(page.locator(CHECKS)).to_be_visible(timeout=30_000)
    expect(page.locator("#shell-live")).to_contain_text("Live")
    return page


def shown(page: Page) -> dict[str, str]:
    """Every number of the strip, and the entry that they are of."""
    numbers = page.eval_on_selector_all(
        ".kpi-tile:not([hidden])",
        "tiles => tiles.map(each => [each.id, each.querySelector('.kpi-number').textContent])",
    )
    return dict(numbers) | {"as of": page.locator("#situation-as-of").inner_text().split("entry ")[1].split()[0]}


def moved(server: Server, page: Page, count: int) -> float:
    """Seconds from the commit of a report of `count` checks in this process to the tile in the browser."""
    wanted = int(page.locator(CHECKS).inner_text().replace(",", "")) + count
    report(server, tally(count))
    committed = time.monotonic()
    page.wait_for_function(
        "([selector, wanted]) => document.querySelector(selector).textContent === wanted",
        arg=[CHECKS, f"{wanted:,}"],
        polling=10,
    )
    return time.monotonic() - committed


def pressed(page: Page) -> float:
    """Seconds from a press of another level to its numbers: what one answer takes on this machine just now."""
    begun = time.monotonic()
    page.get_by_text("V3", exact=True).first.click()
    expect(page.locator(".situation-mark")).to_have_text("")
    page.get_by_text("V1", exact=True).first.click()
    expect(page.locator(".situation-mark")).to_contain_text("no country has validated")
    return (time.monotonic() - begun) / 2


@pytest.mark.journey
def test_a_report_of_another_process_moves_the_tile_within_a_second(server: Server, browser_page: Open) -> None:
    page = ready(browser_page("lena", path(server, "?level=V1")))
    page.evaluate("window.notReloaded = true")
    page.evaluate(_LIT)
    moved(server, page, 1234)  # the first one also waits for the page to finish opening
    page.wait_for_function("() => window.lit")
    expect(page.locator("#situation-tile-K01")).to_have_class("kpi-tile")  # and goes out again
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    times = [moved(server, page, 100 + trial) for trial in range(5)]
    assert page.evaluate("window.notReloaded") is True
    assert [url for url in asked if "/_dash-update-component" in url] == []  # what differs came with the pulse
    expect(page.locator("#situation-feed")).not_to_contain_text("sent a report")  # leadership is told with releases
    expect(page.locator("#situation-silent")).not_to_contain_text("Niamey (never)")
    patience = max(1.0, 3 * pressed(page))  # a second, or as many answers as fit into one where nothing else runs
    assert statistics.median(times) < patience, times


def test_a_country_is_chosen_everywhere_on_the_page_and_stands_in_the_address(
    server: Server, browser_page: Open
) -> None:
    page = ready(browser_page("ana", path(server, "?level=V1")))
    page.locator("#situation-silent button[data-pick='MLI']").click()
    line, row = page.locator("#situation-chosen-figures"), page.locator("#situation-silent li[data-of='MLI']")
    expect(line).to_contain_text("Mali")
    expect(line).to_contain_text("Database checks")
    expect(row).to_have_attribute("data-chosen", "")
    expect(page).to_have_url(re.compile(r"[?&]chosen=MLI\b"))
    on_map = "() => window.musterAtlas.maps.get('situation-map').selected"
    assert page.evaluate(on_map) == {"type": "country", "country": "MLI"}
    page.wait_for_function(
        "() => document.querySelector('#situation-countries .js-plotly-plot')?.data?.[0].selectedpoints"
    )
    report(server, tally(7))  # what is drawn anew is marked anew
    expect(row).to_have_attribute("data-chosen", "")
    page.reload()
    expect(line).to_contain_text("Mali")
    expect(row).to_have_attribute("data-chosen", "")
    page.keyboard.press("Escape")
    expect(line).to_be_empty()
    expect(page.locator("#situation-page [data-chosen]")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("chosen="))


def test_a_pulse_touches_what_it_changes(server: Server, browser: Browser, browser_page: Open) -> None:
    page = ready(browser_page("lena", path(server, "?level=V1")))
    expect(page.locator("#situation-days .main-svg").first).to_be_visible()
    moved(server, page, 11)
    expect(page.locator("#situation-tile-K01")).to_have_class("kpi-tile")
    page.evaluate("window.told = 0; dash_stores[0].subscribe(() => window.told++)")
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    moved(server, page, 13)
    page.wait_for_function("() => document.querySelector('#situation-tile-K01').classList.contains('kpi-tile--new')")
    expect(page.locator("#situation-tile-K01")).to_have_class("kpi-tile")  # long after the charts
    events = json.loads(browser.stop_tracing())["traceEvents"]
    styled = [each["args"].get("elementCount", 0) for each in events if each["name"] == "UpdateLayoutTree"]
    assert 0 < max(styled) < page.evaluate("document.querySelectorAll('*').length") / 4
    assert page.evaluate("window.told") < 25  # each lets every component of the page look at itself


def test_home_reports_and_timeline_are_pushed_what_differs_and_ask_for_nothing(
    server: Server, browser_page: Open
) -> None:
    scene, asked = server.scene, list[str]()
    pages = {
        "home": browser_page("ana", "/"),
        "reports": browser_page("moussa", path(server).replace("situation", "reports")),
        "timeline": browser_page("ana", path(server).replace("situation", "timeline")),
    }
    pages["timeline"].get_by_role("tab", name="Board").click()
    expect(pages["timeline"].get_by_role("group", name="Board of tasks")).to_be_visible()
    for name, page in pages.items():
        expect(page.locator("#shell-live")).to_contain_text("Live", timeout=30_000)
        page.wait_for_function("() => window.dash_clientside.muster.watches()")
        page.on(
            "request",
            lambda request, name=name: "/_dash-update" in request.url and asked.append(f"{name} {request.post_data}"),
        )
    begins = scene.start + timedelta(hours=1)
    send(
        scene,
        form(
            scene,
            "Bamako",
            lines=[tally(77)],
            period_from=begins.isoformat(),
            period_to=(begins + timedelta(hours=2)).isoformat(),
        ),
        by="mateo",
        at=scene.start + timedelta(hours=20),
    )
    content = {
        "id": new_id(),
        "title": "Brief the posts",
        "due": (scene.start + timedelta(days=2)).isoformat(),
        "country": "NER",
    }
    with scene.store.unit_of_work(scene["ana"]) as session:
        tasks.add(session, scene.operation, parse(tasks.TaskDraft, content), scene["ana"])
    expect(pages["reports"].locator(".reports-cell[title*='Bamako']", has_text="V1").first).to_be_visible()
    expect(pages["timeline"].locator(".board-card", has_text="Brief the posts").first).to_be_visible()
    assert [each for each in asked if "shell-rail.children" not in each] == []  # but for what waits, in the frame
    pages["timeline"].get_by_role("tab", name="List").click()
    expect(pages["timeline"].locator(".ag-row", has_text="Brief the posts").first).to_be_visible()


def test_where_there_is_no_socket_pages_ask(server: Server, browser: Browser) -> None:
    context = browser.new_context()
    context.set_default_timeout(60_000)
    context.route_web_socket("**/pulse*", lambda socket: socket.close())
    let_in(context, server.address, "lena")
    page = context.new_page()
    page.goto(server.address + path(server, "?level=V1"))
    expect(page.locator(CHECKS)).to_be_visible(timeout=30_000)
    wanted = int(page.locator(CHECKS).inner_text().replace(",", "")) + 900
    report(server, tally(900))
    expect(page.locator(CHECKS)).to_have_text(f"{wanted:,}", timeout=30_000)
    context.close()


def test_two_browsers_show_equal_numbers_of_the_same_entry(server: Server, browser_page: Open) -> None:
    leader = ready(browser_page("lena", path(server, "?level=V1")))
    analyst = ready(browser_page("dov", path(server, "?level=V1"), scheme="dark"))
    wanted = int(leader.locator(CHECKS).inner_text().replace(",", "")) + 77
    report(server, tally(77), site="Agadez", by="binta")
    let_out(server.scene)  # what the timetable does with figures of persons in need
    for page in (leader, analyst):
        expect(page.locator(CHECKS)).to_have_text(f"{wanted:,}")
        expect(page.locator("#situation-tile-K15 .kpi-number")).to_have_text("0")
    waits(analyst, lambda: shown(leader) == shown(analyst))


def test_leadership_never_receives_a_small_number_of_persons(server: Server, browser_page: Open) -> None:
    report(server, detection(3), arrest(2), site="Bamako", by="mateo")
    let_out(server.scene)
    page = ready(browser_page("lena", path(server, "?level=V1&figure=K15")))
    expect(page.locator("#situation-tile-K11 .kpi-number")).to_have_text("2")  # of suspects all is shown
    page.get_by_text("All key figures").click()
    tile = page.locator("#situation-tile-K15")
    expect(tile.locator(".kpi-number")).to_have_text("<11")
    tile.focus()
    expect(tile.locator(".kpi-why")).to_be_visible()
    tile.press("Enter")
    expect(page.locator("#situation-definition")).to_contain_text("Detections are not persons")
    expect(page.locator("#situation-definition")).to_contain_text("Why hidden")
    expect(tile).to_have_attribute("aria-expanded", "true")
    expect(page).to_have_url(re.compile(r"[?&]opened=K15"))
    page.keyboard.press("Escape")
    expect(page.locator("#situation-definition")).to_be_hidden()
    analyst = ready(browser_page("dov", path(server, "?level=V1&figure=K15")))
    expect(analyst.locator("#situation-tile-K15 .kpi-number")).to_have_text("3")


def test_level_and_figure_change_without_reload(server: Server, browser_page: Open) -> None:
    page = ready(browser_page("lena", path(server)))
    expect(page.locator(".situation-mark")).to_have_text("")
    page.get_by_text("V1", exact=True).first.click()
    expect(page.locator(".situation-mark")).to_contain_text("no country has validated")
    page.get_by_role("tab", name="Table").first.click()
    expect(page.locator("#situation-countries-table")).to_contain_text("Mali")
    came_late = (
        "dash_clientside.muster.set([['of-a-page-that-was-left', 'children', 'x'], ['situation-as-of', 'title', 'x']])"
    )
    page.evaluate(came_late)
    expect(page.locator("#situation-as-of")).to_have_attribute("title", "x")


def test_a_country_switches_between_its_own_and_the_whole(server: Server, browser_page: Open) -> None:
    page = ready(browser_page("moussa", path(server, "?level=V1")))
    expect(page.locator("#situation-silent")).not_to_contain_text("Niger")
    page.get_by_text("Whole operation").click()
    expect(page.locator("#situation-tile-K01 .m-level")).to_contain_text("V3")
    expect(page.locator("#situation-level")).to_have_attribute("data-disabled", "true")


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1440, 900)])
def test_a_wall_shows_everything_without_a_scroll_bar(
    server: Server, browser_page: Open, width: int, height: int
) -> None:
    page = ready(browser_page("lena", path(server), width=width, height=height))
    expect(page.locator("#situation-days .main-svg").first).to_be_visible()  # charts come after the figures
    room = page.evaluate(
        "[...document.querySelectorAll('html, #main')]"
        ".map(each => [each.scrollHeight - each.clientHeight, each.scrollWidth - each.clientWidth])"
    )
    assert room == [[0, 0], [0, 0]]
    for part in (
        ".headlines",
        ".situation-map",
        "#situation-silent",
        "#situation-feed",
        "#situation-phases",
        "#situation-days",
    ):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert 40 < box["height"] <= height - box["y"], part
        assert part != ".situation-map" or box["height"] >= 0.45 * height or width > 1440, "the map leads"
    sizes = page.eval_on_selector_all(
        ".headline .kpi-number", "each => each.map(number => parseFloat(getComputedStyle(number).fontSize))"
    )
    assert len(sizes) == 3
    assert min(sizes) >= (64 if width == 1920 else 32)  # 64 pixels of such a wall are read from four metres


def test_on_a_phone_tiles_stand_two_in_a_row_and_nothing_scrolls_sideways(server: Server, browser_page: Open) -> None:
    page = ready(browser_page("lena", path(server), width=390, height=844))
    levels = page.locator("#situation-level label").evaluate_all("all => all.map((each) => each.offsetHeight)")
    assert len(levels) == 4
    assert min(levels) >= 44, "a finger misses a level"
    page.get_by_text("All key figures").click()
    tiles = page.locator(".situation-strip .kpi-tile:not([hidden])")
    boxes = [tiles.nth(number).bounding_box() for number in range(3)]
    assert all(boxes)
    assert boxes[0]["y"] == boxes[1]["y"] < boxes[2]["y"]  # type: ignore[index]
    assert (
        page.evaluate("document.querySelector('#main').scrollWidth - document.querySelector('#main').clientWidth") == 0
    )
    heights = page.eval_on_selector_all(
        ".situation > *",
        "parts => parts.filter(each => !each.hidden && each.offsetHeight)"
        ".map(each => each.getBoundingClientRect()).map(box => [box.top, box.bottom])",
    )
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(heights)), "parts lie over each other"


def test_the_past_is_an_address_that_back_and_live_leave(server: Server, browser_page: Open) -> None:
    report(server, tally(500), hour=21)
    report(server, tally(40), hour=22)
    let_out(server.scene)  # leadership is told with releases what moved a figure
    page = ready(browser_page("lena", path(server, "?level=V1")))
    now = page.locator(CHECKS).inner_text()
    page.locator("#situation-look-back").click()
    expect(page.locator(".situation-past-said")).to_contain_text("The past")
    page.locator("#situation-movers > summary").click()
    page.locator("#situation-movers li").last.locator("button").click()
    expect(page.locator(CHECKS)).not_to_have_text(now)
    shared, then = page.url, page.locator(CHECKS).inner_text()
    assert "at=" in shared
    report(server, tally(7), hour=23)  # the pulse touches the past in nothing
    page.locator("#situation-live").click()
    expect(page.locator(".situation-past-said")).to_have_count(0)
    expect(page.locator(CHECKS)).to_have_text(f"{int(now.replace(',', '')) + 7:,}")
    page.goto(shared)
    expect(page.locator(CHECKS)).to_have_text(then)
    page.go_back()
    expect(page.locator(".situation-past-said")).to_have_count(0)


def test_back_and_forward_lead_through_what_was_chosen_and_its_link_is_copied(
    server: Server, browser_page: Open
) -> None:
    report(server, tally(500), hour=21)
    let_out(server.scene)
    page = ready(browser_page("lena", path(server, "?level=V1")))
    level, of = page.locator("#situation-level"), page.locator("#situation-tile-K01 .m-level")
    for chosen in ("V2", "V3"):
        page.wait_for_timeout(500)  # what is chosen within 400 ms is one entry of the history
        level.get_by_text(chosen, exact=True).click()
        expect(page).to_have_url(re.compile(f"level={chosen}"))
    for act, chosen in ((page.go_back, "V2"), (page.go_back, "V1"), (page.go_forward, "V2"), (page.go_forward, "V3")):
        act()
        expect(page).to_have_url(re.compile(f"level={chosen}"))
        expect(of).to_contain_text(chosen)
        expect(level.locator("input:checked")).to_have_value(chosen)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#shell-copy").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


_DRAWN = """([was, now]) => { const shown = [...document.querySelectorAll('.js-plotly-plot')].flatMap(({data}) => data || []);
  const of = (colour) => shown.some(({marker}) => marker?.color === colour);
  return of(now) && !of(was); }"""
"""Charts are drawn in one colour, and no more in another."""


def test_a_page_turns_dark_with_the_system_while_it_is_open(server: Server, browser_page: Open) -> None:
    ground = "() => getComputedStyle(document.documentElement).getPropertyValue('--m-ground')"
    report(server, tally(300), hour=25)
    page = ready(browser_page("lena", path(server, "?level=V1")))
    light, dark = theme.colours(dark=False), theme.colours(dark=True)
    page.wait_for_function(_DRAWN, arg=[dark["accent"], light["accent"]])
    page.evaluate("() => { window.same = true; }")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(_DRAWN, arg=[light["accent"], dark["accent"]])
    assert page.evaluate(ground) == dark["ground"]
    assert page.evaluate("() => window.same"), "the page was loaded again: elsewhere that loses what was typed"
    moved(server, ready(page), 7)  # what comes with the pulse is drawn in the look as well
    page.wait_for_function(_DRAWN, arg=[light["accent"], dark["accent"]])


def test_the_past_turns_dark_too(server: Server, browser_page: Open) -> None:
    report(server, tally(300), hour=26)
    page = ready(browser_page("ana", path(server, "?level=V1")))
    page.locator("#situation-look-back").click()
    expect(page.locator(".situation-past-said")).to_contain_text("The past")
    light, dark = theme.colours(dark=False), theme.colours(dark=True)
    page.wait_for_function(_DRAWN, arg=[dark["accent"], light["accent"]])
    then = page.locator(CHECKS).inner_text()
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(_DRAWN, arg=[light["accent"], dark["accent"]])
    expect(page.locator(CHECKS)).to_have_text(then)
    expect(page.locator(".situation-past-said")).to_contain_text("The past")


def test_a_first_page_is_dark_where_the_system_is(server: Server, browser_page: Open) -> None:
    page = browser_page("lena", "/", scheme="dark")
    page.wait_for_function("() => document.documentElement.dataset.mantineColorScheme === 'dark'")
