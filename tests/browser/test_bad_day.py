"""A bad day in a real browser: the disk full, the database locked, gone or damaged, while an officer reports."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import func, select

from operations.core import journal
from operations.core.people import System
from operations.policing.reports import verification
from operations.policing.reports.reports import Report
from tests import storages
from tests.browser.conftest import Server, sign_in
from tests.browser.test_report import cell, focused_form, reports_page
from tests.makers import Running
from tests.servers import PASSWORD, Serving, make_scene, serve

SENTENCE = "Muster cannot store anything just now. Keep this page open: it sends again by itself."
WAITS = 60_000  # milliseconds: until what is wrong is over for everybody, on a busy machine
NO_LIMIT = resource.RLIM_INFINITY

Fault = Callable[[], None]


class Day:
    """A server with a running operation, and an officer who has begun a report in a browser."""

    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self.scene: Running = make_scene(url)
        self.serving: Serving = serve(url, folder)
        self.server = Server(self.serving.address, self.scene)
        self.contexts: list[BrowserContext] = []
        self.browser = browser
        self.faults: list[str] = []

    def open(self, name: str | None, path: str, *, width: int = 1440, language: str = "en") -> Page:
        """A browser of its own; `name` signs in."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, locale=language, has_touch=width < 600
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        if name is not None:
            sign_in(page, self.server.address, name)
        page.goto(f"{self.server.address}{path}")
        return page

    def typed(self, page: Page, site: str = "Agadez", count: str = "1420") -> None:
        """Type a report, all but sent."""
        cell(self.server, page, site).click()
        focused_form(page)
        page.keyboard.type(count)

    def stored(self) -> int:
        """How many reports are kept."""
        with self.scene.store.reading(System()) as session:
            return session.exec(select(func.count()).select_from(Report)).one()

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.serving.stop()
        self.scene.store.dispose()

    def waits(self, page: Page) -> None:
        """One banner, one sentence, the form keeps what was typed, and nobody speaks of a fault in Muster."""
        expect(page.locator("#shell-storing")).to_be_visible(timeout=WAITS)
        expect(page.locator("#shell-storing")).to_have_text(SENTENCE)
        expect(page.locator(".reports-state")).to_contain_text("cannot store it yet", timeout=WAITS)
        expect(page.locator("#shell-live-word")).to_have_text("Cannot store")
        expect(page.locator(".reports-number").first).to_have_value("1420")
        expect(page.locator(".m-notice")).to_have_count(0)
        assert "fault" not in page.inner_text("body").casefold()

    def sent_once(self, page: Page, before: int) -> None:
        """What waited is kept once, and the banner is gone."""
        expect(page.locator(".reports-view")).to_contain_text("1,420", timeout=WAITS)
        expect(page.locator("#shell-storing")).to_be_hidden(timeout=WAITS)
        expect(page.locator("#shell-live-word")).to_have_text("Live", timeout=WAITS)
        assert self.stored() == before + 1
        with self.scene.store.reading(System()) as session:
            assert journal.verify(session).broken_at is None
            assert verification.differences(session, self.scene.operation) == []
        assert self.faults == []


@pytest.fixture(scope="module")
def day(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """A server on an SQLite file, for the faults that pass."""
    folder = tmp_path_factory.mktemp("day")
    made = Day(browser, f"sqlite:///{folder / 'muster.sqlite'}", folder)
    yield made
    made.close()


@contextmanager
def locked(day: Day) -> Iterator[None]:
    """Another connection writes, and does not end."""
    with closing(sqlite3.connect(str(day.scene.store.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(day: Day) -> Iterator[None]:
    """No file of the server may grow, nor be written beyond its first byte."""
    resource.prlimit(day.serving.process.pid, resource.RLIMIT_FSIZE, (1, NO_LIMIT))
    yield
    resource.prlimit(day.serving.process.pid, resource.RLIMIT_FSIZE, (NO_LIMIT, NO_LIMIT))


@pytest.mark.parametrize(("fault", "site"), [(locked, "Agadez"), (full, "Niamey")], ids=["locked", "full"])
@pytest.mark.requirement("R58", "R64")
def test_a_report_waits_until_it_can_be_stored_and_reading_goes_on(
    day: Day, fault: Callable[[Day], "contextmanager[None]"], site: str
) -> None:
    page = day.open("binta" if site == "Niamey" else "bruno", reports_page(day.server))
    before = day.stored()
    day.typed(page, site)
    with fault(day):
        page.keyboard.press("Control+Enter")
        day.waits(page)
        reader = day.open(None, "/sign-in")
        expect(reader.locator('[role="alert"]')).to_contain_text("nobody can sign in")
        reader.fill('[name="username"]', "chaima")
        reader.fill('[name="password"]', PASSWORD)
        reader.press('[name="password"]', "Enter")
        expect(reader.locator('[role="alert"]')).to_contain_text("nobody can sign in", timeout=WAITS)
        expect(reader.locator('[name="username"]')).to_have_value("chaima")
        other = page.context.new_page()  # the same officer reads in a second tab
        other.goto(f"{day.server.address}/operations/{day.scene.operation}/situation")
        expect(other.locator("h1")).to_be_attached(timeout=WAITS)
        expect(other.locator("#shell-storing")).to_have_text(SENTENCE)
        expect(other.locator("#shell-storing")).to_be_visible(timeout=WAITS)
        other.close()
        assert day.stored() == before
    day.sent_once(page, before)


@pytest.mark.parametrize(("width", "language", "said"), [(390, "en", SENTENCE), (1440, "ar", "")], ids=["phone", "ar"])
def test_the_banner_hides_nothing_of_the_frame(day: Day, width: int, language: str, said: str) -> None:
    page = day.open("bruno", "/account", width=width, language=language)
    with locked(day):
        page.evaluate("dash_clientside.muster.stored(false)")
        banner = page.locator("#shell-storing")
        expect(banner).to_be_visible()
        expect(banner).to_contain_text(said)
        found, bar = banner.bounding_box(), page.locator(".m-bar").bounding_box()
        assert found is not None
        assert bar is not None
        assert found["y"] + found["height"] <= bar["y"] + 0.5, "it stands above the bar, and not on it"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(banner).to_be_hidden(timeout=WAITS)


@pytest.mark.postgres
def test_a_report_waits_for_a_postgresql_that_is_gone(browser: Browser, tmp_path: Path) -> None:
    if "postgres" not in storages.wanted():
        pytest.skip("MUSTER_TEST_STORAGES leaves PostgreSQL out")
    with storages.postgres_server() as postgres:
        day = Day(browser, postgres.new_database(), tmp_path)
        try:
            page = day.open("bruno", reports_page(day.server))
            before = day.stored()
            day.typed(page)
            postgres.stop()
            page.keyboard.press("Control+Enter")
            day.waits(page)
            second = page.context.new_page()
            second.goto(f"{day.server.address}/account")
            expect(second.locator('[role="alert"]')).to_have_text(SENTENCE)
            postgres.start()
            day.sent_once(page, before)
            expect(second.locator("h1")).to_have_text("My account", timeout=WAITS)  # it loaded by itself
        finally:
            day.close()


def test_damaged_pages_are_said_in_words_and_what_was_typed_stays(browser: Browser, tmp_path: Path) -> None:
    day = Day(browser, f"sqlite:///{tmp_path / 'muster.sqlite'}", tmp_path)
    try:
        page = day.open("bruno", reports_page(day.server))
        day.typed(page)
        page.keyboard.press("Control+s")
        expect(page.locator(".reports-state")).to_contain_text("saved")
        damage(tmp_path / "muster.sqlite", "report")
        page.keyboard.press("Control+Enter")
        day.waits(page)
        elsewhere = page.context.new_page()
        elsewhere.goto(f"{day.server.address}/account")
        expect(elsewhere.locator("h1")).to_have_text("My account", timeout=WAITS)
        assert day.faults == []
    finally:
        day.close()


def damage(file: Path, table: str) -> None:
    """Overwrite the first page of a table and of its indices, and make everybody look at the file anew."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        roots = connection.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = ? AND rootpage", (table,))
        pages = [root for (root,) in roots.fetchall()]
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        with file.open("r+b") as content:
            for root in pages:
                content.seek((root - 1) * size)
                content.write(b"\xa5" * size)
        connection.execute("PRAGMA user_version=77")
