"""The programme in a browser: a post is registered, assessed and validated; two are connected under a budget."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from dashboard import theme
from dashboard.parts.list_page import FIRST
from dashboard.screens.posts.usage import FORM
from operations.analyses import connection_answer
from operations.infrastructure import usage
from tests.browser.conftest import Open, Server, sure
from tests.pdf_text import pages
from tests.programme import brought, counted, post_of, priced, requested


def in_main(page: Page, words: str) -> None:
    expect(page.get_by_role("main").get_by_text(words).first).to_be_visible()


@pytest.mark.journey
def test_a_post_is_registered_assessed_and_validated(server: Server, browser_page: Open) -> None:
    keeper = browser_page("chaima", "/posts")
    keeper.get_by_text("Register a post").click()
    keeper.get_by_role("combobox", name="Known crossing, airport or port").or_(
        keeper.get_by_label("Known crossing, airport or port")
    ).first.fill("DRRN")
    keeper.get_by_role("option").first.click()
    expect(keeper.get_by_label("Name")).not_to_have_value("")
    keeper.get_by_role("button", name="Register", exact=True).click()
    keeper.wait_for_url("**/posts?show=*")
    in_main(keeper, "Nobody has written it down yet.")
    made = brought(server.scene, requested(server.scene, post_of(server.scene, name="Gaya", ref="")), "desk_review")
    watcher = browser_page("chaima", f"/needs?show={made.id}")
    in_main(watcher, "Desk review")
    brought(server.scene, made, "visit", "scored")
    watcher.get_by_role("button", name="Validate for the country").click()  # the open page followed
    sure(watcher)
    in_main(watcher, "Propose the plan of measures")
    assert watcher.get_by_text("50.0 of 100").first.is_visible()
    leader = browser_page("lena", "/programme")
    in_main(leader, "1 of 1 assessments planned for these years are validated.")
    expect(leader.locator(".atlas")).to_have_attribute("data-answer", "1")  # of the layer that is chosen, no other
    leader.get_by_text("Connection", exact=True).first.click()
    expect(leader.locator(".atlas")).to_have_attribute("data-answer", "0")


def test_a_month_is_counted_by_day_of_the_week_on_a_phone(server: Server, browser_page: Open) -> None:
    post = post_of(server.scene, name="Dosso", ref="")
    page = browser_page("chaima", f"/posts/usage?show={post.id}", width=390, height=844)
    page.get_by_text("Count a month", exact=True).click()
    week = {"Monday": 40, "Tuesday": 20, "Wednesday": 20, "Thursday": 20, "Friday": 60, "Saturday": 30, "Sunday": 10}
    expect(page.get_by_label("Monday")).to_be_hidden()
    page.get_by_text("By day of the week").click()
    places = [page.get_by_label(day).bounding_box() or {} for day in week]
    assert all(each["x"] >= 0 and each["x"] + each["width"] <= 390 and each["width"] >= 80 for each in places)
    assert places == sorted(places, key=lambda each: (each["y"], each["x"]))
    page.get_by_label(re.compile("^Month")).fill("2025-03-01")
    page.locator(f"#{FORM.id('database')}").click()
    page.get_by_role("option", name="SLTD (travel documents)").first.click()
    page.get_by_label(re.compile("^Count")).fill("210")
    for day, number in week.items():
        page.get_by_label(day).fill(str(number))
    page.get_by_role("button", name="Count the month").click()
    in_main(page, "The days of the week add up to 200, but the month has 210. The two must be equal.")
    page.get_by_label("Sunday").fill("20")
    page.get_by_role("button", name="Count the month").click()
    expect(page.get_by_label("Sunday")).to_have_value("")
    with server.scene.store.reading(server.scene["chaima"]) as session:
        [made] = usage.months(session, post.id)
    assert (made.count, made.monday, made.sunday) == (210, 40, 20)


def test_charts_of_a_post_turn_dark_with_the_system(server: Server, browser_page: Open) -> None:
    post = post_of(server.scene, name="Makalondi", ref="")
    for month in range(1, 8):
        counted(server.scene, post, f"2025-{month:02}-01", 100 + month)
    brought(server.scene, requested(server.scene, post), "desk_review", "visit", "scored", "validated")
    ink = "(colour) => document.querySelector('.js-plotly-plot')?._fullLayout?.font.color === colour"
    light, dark = (theme.colours(dark=each)["ink-2"] for each in (False, True))
    page = browser_page("chaima", f"/posts?show={post.id}")
    page.wait_for_function(ink, arg=light)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(ink, arg=dark)


def test_two_posts_are_connected_under_a_budget(server: Server, browser_page: Open) -> None:
    for name, cost, passages in (("Torodi", 4000, 3000), ("Ayorou", 9000, 5000)):
        priced(server.scene, name, cost, passages)
    planner = browser_page("ana", "/needs/connect")
    expect(planner.get_by_text("Plan connections")).to_be_visible()
    planner.get_by_label(re.compile("^Budget")).fill("3000")
    planner.get_by_role("button", name="Find the best plan").click()
    in_main(planner, "The budget is not enough for any post: the cheapest one costs 4,000 EUR.")
    planner.get_by_label(re.compile("^Budget")).fill("10000")
    planner.get_by_role("button", name="Find the best plan").click()
    planner.wait_for_url("**/needs/connect?show=*")
    in_main(planner, "Waiting")
    assert connection_answer.step(server.scene.store, "test")
    in_main(planner, "Proven the best")  # the open page followed
    planner.get_by_label("Promised for").fill("2031-05-01")
    planner.get_by_role("button", name="Write its links down").click()
    in_main(planner, "Adopted")
    planner.get_by_role("link", name="Feasible").first.click()
    planner.wait_for_url("**/equipment/links?show=*")
    in_main(planner, "Ayorou")


def test_the_rows_of_a_long_ranking_are_there_for_a_search_a_file_and_the_end_of_the_list(
    server: Server, browser_page: Open
) -> None:
    for number in range(FIRST + 10):
        post_of(server.scene, name=f"Place {number}", ref="")
    post_of(server.scene, name="Zinder", ref="")  # worth as much as all others, and last of the alphabet
    rows = "dash_ag_grid.getApi('where-next-list').getDisplayedRowCount()"

    def opened() -> Page:
        page = browser_page("ana", "/needs/where-next")
        expect(page.locator("#where-next-list .ag-row").first).to_be_visible()
        assert page.evaluate(rows) == FIRST
        return page

    page = opened()
    page.get_by_label("Search this list").fill("Zinder")
    expect(page.locator("#where-next-list .ag-row").get_by_text("Zinder")).to_be_visible()
    assert page.evaluate(rows) == 1
    page = opened()
    with page.expect_download() as file:
        page.get_by_role("button", name="CSV").first.click()
    assert len(file.value.path().read_text().splitlines()) > FIRST + 10
    printed = "".join("".join(pages(opened().pdf())).split())  # as from the browser's menu, which cannot wait
    assert "Morerowsfollow:pressCtrl+P" in printed
    page = opened()
    page.evaluate("() => { window.print = () => { window.printed = " + rows + "; }; }")
    page.keyboard.press("Control+p")
    until = time.monotonic() + 20
    while not page.evaluate("window.printed") and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert page.evaluate("window.printed") > FIRST + 10
    page = opened()
    page.evaluate("dash_ag_grid.getApi('where-next-list').ensureIndexVisible(80)")
    until = time.monotonic() + 20
    while page.evaluate(rows) <= FIRST + 10 and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert page.evaluate(rows) > FIRST + 10
