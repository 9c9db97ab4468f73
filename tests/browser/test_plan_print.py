"""Printing: from the plan page, as a PDF and as files for other programs; and lists from the browser itself."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from operations.core.clock import now
from tests.browser.conftest import Open, Server, Watched, waits
from tests.pdf_text import pages
from tests.programme import planned, post_of


def test_a_coordinator_prints_the_plan(browser_page: Open, server: Server) -> None:
    page = browser_page("ana", f"/operations/{server.scene.operation}/plan")
    page.get_by_text("Print and files").click()
    link = page.locator("#plan-print-answer button")
    expect(link).to_have_text("PDF, 2 pages")
    with page.expect_download() as waiting:
        link.click()
    content = Path(waiting.value.path()).read_bytes()
    assert waiting.value.suggested_filename.startswith("muster-")
    assert "-plan-" in waiting.value.suggested_filename
    assert content.startswith(b"%PDF-")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="GeoJSON").click()
    assert b"OCU Niamey" in Path(waiting.value.path()).read_bytes()


def test_a_long_file_says_how_far_it_is_and_can_be_left(browser_page: Open, server: Server, watched: Watched) -> None:
    watched.expected.append("429")
    page = browser_page("ana", f"/operations/{server.scene.operation}/plan")
    page.get_by_text("Print and files").click()
    button, making = page.get_by_role("button", name="GeoJSON"), page.locator(".m-making")
    held: list[Route] = []
    page.route("**/export/**", lambda route: held.append(route))
    button.click()
    expect(making).to_contain_text("Your file is being made: 1 s")
    making.get_by_role("button", name="Cancel").click()
    expect(making).to_have_count(0)
    with page.expect_download() as waiting:
        button.click()
        expect(making).to_be_visible()
        page.wait_for_timeout(100)
        held[-1].continue_()
    assert b"OCU Niamey" in Path(waiting.value.path()).read_bytes()
    expect(making).to_have_count(0)
    button.click()  # now it is known how long this file takes
    expect(making.locator("progress")).to_have_attribute("value", re.compile(r"^0\.\d+$"))
    waits(page, lambda: len(held) == 3)
    held[-1].fulfill(status=429, json={"error": "Wait a minute."})
    expect(page.locator(".m-notice-refused")).to_contain_text("Wait a minute.")
    expect(page).to_have_url(re.compile("/plan$"))  # the page stays


def test_a_picture_of_the_view_carries_the_marking(browser_page: Open, server: Server) -> None:
    page = browser_page("ana", f"/operations/{server.scene.operation}/plan")
    page.wait_for_selector("[data-ready=true]")
    page.get_by_text("Print and files").click()
    with page.expect_download() as waiting:
        page.get_by_text("Picture of this view (PNG)").click()
    with Image.open(waiting.value.path()) as picture:
        assert picture.format == "PNG"
        width, height = picture.size
        atlas = page.locator(".plan .atlas").bounding_box()
        assert atlas is not None
        assert width >= 2 * int(atlas["width"])
        for band in (picture.crop((0, 0, width, 52)), picture.crop((0, height - 52, width, height))):
            assert len(band.convert("L").getcolors()) > 10, "words stand on the band"


def test_a_scale_that_is_too_large_is_refused_with_a_sentence(browser_page: Open, server: Server) -> None:
    page = browser_page("ana", f"/operations/{server.scene.operation}/plan")
    page.get_by_text("Print and files").click()
    page.locator("#plan-print-scale").click()
    page.get_by_role("option", name="1:25").first.click()
    expect(page.locator("#plan-print-answer")).to_contain_text("Choose a smaller scale.")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_panel_lies_inside_the_window(browser_page: Open, server: Server, width: int) -> None:
    page = browser_page("ana", f"/operations/{server.scene.operation}/plan", width=width)
    page.locator("#plan-print").click()
    panel = page.locator(".plan-print-panel")
    expect(page.locator("#plan-print-answer button")).to_be_visible()
    box = panel.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] >= 0


def test_lists_print_what_they_show_with_their_marking_on_every_page(browser_page: Open, server: Server) -> None:
    scene = server.scene
    for number in range(60):
        post = post_of(scene, name=f"Post {number:02}", ref="")
        planned(scene, post, at=now(), donor=f"Donor{number:02}", promised=(now() + timedelta(days=9)).date())
    told = (
        (f"/operations/{scene.operation}/journal", [], "FOR OFFICIAL USE"),
        ("/equipment", [f"Donor{number:02}" for number in range(60)], ""),
        ("/posts", [f"Post{number:02}" for number in range(60)], ""),
    )
    for path, rows, marking in told:
        page = browser_page("ana", path)
        expect(page.locator(".ag-row").first).to_be_visible()
        shown = page.locator(".ag-row .ag-cell-value").first.inner_text()
        printed = pages(page.pdf())
        whole = "".join(printed)
        assert "".join(shown.split())[:20] in "".join(whole.split()), path
        if path.startswith("/operations"):
            assert all(marking.replace(" ", "") in each.replace(" ", "") for each in printed), path
        else:
            assert [row for row in rows if row not in "".join(whole.split())] == [], path
            assert len(printed) > 1
        assert all("UTC" in each and "Ana" in each for each in printed), path
        assert page.locator(".m-grid-printed").count() == 0


def test_every_page_of_paper_says_of_what_when_and_for_whom_it_is(browser_page: Open, server: Server) -> None:
    page = browser_page("ana", "/programme")
    expect(page.get_by_text("Pillars by year").first).to_be_visible()
    printed = pages(page.pdf())
    assert all(f"{number}/{len(printed)}" in each.replace(" ", "") for number, each in enumerate(printed, 1))
    assert all("UTC" in each and "Ana" in each and "Fiveyears" in each.replace(" ", "") for each in printed)
