"""Files that people bring in, in a browser: a place in the queue, a file that waits on the page, and dates that
repeat.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx2 as httpx
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Server, Watched
from tests.servers import PASSWORD

HEADINGS = "latitude,longitude,date"
SMALL = f"{HEADINGS}\n17,8,2024-01-01\n".encode()
TOLD = "#layers-upload + [data-told]"


def slow(rows: int = 120_000) -> bytes:
    """A file whose positions are worked out row by row, which takes seconds."""
    places = (f'"17 {n % 60}.{n % 97:02} N","8 {n % 59}.{n % 89:02} E",2024-01-{n % 28 + 1:02}' for n in range(rows))
    return "\n".join([HEADINGS, *places]).encode()


@contextmanager
def under_way(server: Server, name: str, rows: int = 120_000) -> Iterator[None]:
    """A slow file of somebody's is in the line."""
    with ExitStack() as stack:
        client = stack.enter_context(
            httpx.Client(base_url=server.address, headers={"Origin": server.address}, timeout=120)
        )
        assert client.post("/sign-in", data={"username": name, "password": PASSWORD}).status_code == 303
        to = f"/data/files/{server.scene.operation}?name=slow.csv"
        told = stack.enter_context(client.stream("POST", to, content=slow(rows)))
        assert told.status_code == 200
        lines = told.iter_lines()
        assert next(lines).startswith('data: {"place"')
        reader = threading.Thread(target=lambda: list(lines))
        reader.start()
        yield
        reader.join(120)


def choose(page: Page, content: bytes) -> None:
    page.locator("#layers-upload input[type=file]").set_input_files(
        {"name": "events.csv", "mimeType": "text/csv", "buffer": content}
    )


def test_a_file_that_waits_says_its_place_and_is_read_when_its_turn_comes(server: Server, browser_page: Open) -> None:
    page = browser_page("ana", f"/operations/{server.scene.operation}/layers")
    expect(page.locator(TOLD)).to_be_hidden()
    with under_way(server, "dov"), under_way(server, "dov"):
        choose(page, SMALL)
        expect(page.locator(TOLD)).to_have_text("Place 2 in the queue")
        expect(page.locator("#layers-work")).to_contain_text("1 row can be used", timeout=120_000)
    expect(page.locator(TOLD)).to_be_hidden()


def test_a_third_file_stays_on_the_page_and_is_sent_when_there_is_room(
    server: Server, browser_page: Open, watched: Watched
) -> None:
    watched.expected.append("429")
    page = browser_page("chaima", f"/operations/{server.scene.operation}/layers")
    with under_way(server, "chaima", 400_000), under_way(server, "chaima", 400_000):
        choose(page, slow())
        expect(page.locator(TOLD)).to_contain_text("Two of your files are on their way already")
        expect(page.locator("#layers-refused")).to_be_empty()
        expect(page.locator("#layers-work")).to_contain_text("120,000 rows can be used", timeout=400_000)


def test_dates_that_repeat_are_shown_one_by_one(server: Server, browser_page: Open) -> None:
    page = browser_page("ana", f"/operations/{server.scene.operation}/timeline")
    page.get_by_role("tab", name="Calendar").click()
    event = "UID:a\r\nSUMMARY:Briefing\r\nDTSTART:20260310T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=3"
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    page.locator("#timeline-upload input[type=file]").set_input_files(
        {"name": "plan.ics", "mimeType": "text/calendar", "buffer": text.encode()}
    )
    found = page.locator("#timeline-found")
    expect(found).to_contain_text("It repeats: date 3 of 3.", timeout=120_000)
    expect(found.locator("tbody tr")).to_have_count(3)
    page.get_by_role("button", name="Take them over").click()
    expect(page.get_by_text("3 events were taken over.")).to_be_visible()
    expect(found).to_be_empty()
    page.locator("#timeline-upload input[type=file]").set_input_files(
        {"name": "none.ics", "mimeType": "text/calendar", "buffer": b"nothing"}
    )
    expect(page.locator("#timeline-upload-refused")).to_contain_text("none.ics: ")
