"""People who run an operation from an empty database: each with a browser of one's own, and every click is counted.

A person `comes` in the morning, finds what `waits` on the start page and in the inbox, and follows it to the place. What
is typed, the keys pressed and an address that was handed over count nothing; every press of the mouse does.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import select

from operations import waiting
from operations.core import clock
from operations.core.people import Account, Actor, System
from operations.core.store import Store, open_store
from operations.core.waits import Waiting
from operations.notices import inbox
from operations.notices.messages import Message
from operations.policing.operation import membership
from operations.timetable import hand_overs
from operations.timetable.jobs import SHORT
from operations.timetable.lease import Candidate
from operations.timetable.runner import Timetable
from tests.browser.conftest import PATIENCE, Watched
from tests.moved_clock import FACTORY, FILE, ahead
from tests.serving import ROOT, Serving, serve

OWN = "lantern, crossing a slow harbour 9"
QUIET = """() => !document.querySelector('[data-dash-is-loading="true"], .m-opening')
  && document.querySelector('#main h1') && document.querySelector('#shell-live')?.dataset.state === 'live'"""
ENTRY = ".waiting-entry"


@dataclass
class Person:
    """Somebody with a browser: `page` is where they are; `clicks` how often they pressed the mouse so far."""

    crew: "Crew"
    name: str
    username: str
    page: Page
    clicks: int = 0
    steps: list[str] = field(default_factory=list)

    # ------------------------------------------------------------------------------------------------- the hand

    def click(self, what: Locator | str) -> None:
        """Press the mouse once: on an element, or on the button, link or tab of this name."""
        found = self.named(what) if isinstance(what, str) else what
        self.clicks += 1
        self.steps.append(what if isinstance(what, str) else str(what))
        found.click()

    def named(self, words: str) -> Locator:
        """The button, link, tab, box or fold of this name."""
        page = self.page
        each = [
            page.get_by_role(role, name=words, exact=True) for role in ("button", "link", "tab", "checkbox", "radio")
        ]
        found = page.locator("summary", has_text=re.compile(f"^{re.escape(words)}$"))
        for one in each:
            found = found.or_(one)
        return found.filter(visible=True).first

    def sure(self) -> None:
        """Say yes to what cannot be undone."""
        self.click(self.page.locator("dialog.m-confirm .m-confirm-yes"))

    def type(self, field_id: str, words: str) -> None:
        """Into the field of this id."""
        self.page.fill(f"#{field_id}", words)

    def choose(self, field_id: str, *words: str) -> None:
        """From the list of a field, by typing and one press for each."""
        for each in words:
            box = self.page.locator(f"#{field_id}")
            box.fill(each) if box.is_editable() else self.click(box)
            self.click(self.page.get_by_role("option", name=re.compile(rf"^{re.escape(each)}( ·.*)?$")))

    def told(self, words: str) -> None:
        """A notice says so."""
        expect(self.page.locator(".m-notice").filter(has_text=words).last).to_be_visible()

    # ------------------------------------------------------------------------------------------------- the day

    def comes(self, path: str = "/") -> None:
        """Begin the day: signed in, at the start page."""
        self.crew.enter(self)
        self.page.goto(f"{self.crew.address}{path}")

    def finds(self, words: str, count: int = 1) -> Locator:
        """What waits for this person says so on the screen, and each entry lies unread in the inbox as well."""
        found = self.page.locator(ENTRY).filter(has_text=words)
        expect(found).to_have_count(count)
        told = {each.key for each in self.crew.unread(self)}
        places = {each.get_attribute("href") for each in found.all()}
        silent = [
            each for each in self.crew.waits(self) if each.address in places and f"waits:{each.occasion}" not in told
        ]
        assert not silent, f"{self.name} does not find in the inbox what waits: {silent}"
        return found.first

    def follows(self, words: str, count: int = 1) -> None:
        """Find it, and go where it leads."""
        self.click(self.finds(words, count))
        self.page.wait_for_url(lambda url: not url.endswith(waiting.ADDRESS))


class Crew:
    """Everybody, on a server of their own whose clock all share."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.people: dict[str, Person] = {}
        self.clock = folder / "clock"
        self.clock.write_text("0")
        url = f"sqlite:///{folder / 'muster.sqlite'}"
        self.links = _init(url)
        self.store: Store = open_store(url)
        self.timetable = Timetable(self.store, Candidate("crew"))
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv(FILE, str(self.clock))
            self.serving: Serving = serve(url, folder, FACTORY)
        self.address = self.serving.address
        self.minute()
        self.watched = Watched(self.address, expected=["401 (Unauthorized)", "4401", "WebSocket"])

    def stop(self) -> None:
        """Everybody goes, and so does the server."""
        for person in self.people.values():
            person.page.context.close()
        self.serving.stop()
        self.store.dispose()
        self.watched.check()

    # ---------------------------------------------------------------------------------------------------- people

    def joins(self, link: str) -> Person:
        """Somebody opens a link in a browser of their own, sets a password and signs in with it."""
        context = self.browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        self.watched.look(page)
        page.goto(self.address + link[link.index("/invitation#") :])
        name = page.locator(".card .lead bdi").inner_text()
        username = page.locator("#username").input_value()
        page.fill('[name="password"]', OWN)
        page.fill('[name="again"]', OWN)
        page.press('[name="again"]', "Enter")
        expect(page.get_by_role("status")).to_contain_text("Your password is set")
        person = self.people[name] = Person(self, name, username, page)
        return person

    def enter(self, person: Person) -> None:
        """What the form of the page for signing in sends."""
        sent = {"username": person.username, "password": OWN}
        page = person.page.context.request
        answer = page.post(f"{self.address}/sign-in", form=sent, headers={"origin": self.address}, max_redirects=0)
        assert answer.status == 303, answer.text()

    # ---------------------------------------------------------------------------------------------------- time

    def now(self) -> datetime:
        """What the server's clock shows."""
        return datetime.now(UTC) + ahead(self.clock)

    def until(self, moment: datetime) -> None:
        """Everybody goes home, and it is `moment`."""
        for person in self.people.values():
            person.page.goto("about:blank")
            person.page.context.clear_cookies()
        assert moment > self.now()
        self.clock.write_text(str((moment - datetime.now(UTC)).total_seconds()))
        self.minute()

    def minute(self) -> None:
        """A minute of the timetable, whose process runs beside every server: what is due now is done."""
        self.clock.write_text(str((ahead(self.clock) + timedelta(seconds=61)).total_seconds()))
        with clock.at(self.now()):
            self.timetable.beat()
            self.timetable.tick([*SHORT, *hand_overs.JOBS])

    # ------------------------------------------------------------------------------------------------ hand-overs

    def actor(self, person: Person) -> Actor:
        """Who a person is for the verbs."""
        with self.store.reading(System()) as session:
            account = session.exec(select(Account).where(Account.username == person.username)).one()
            found = membership.actor(session, account)
        assert found is not None
        return found

    def waits(self, person: Person) -> list[Waiting]:
        """What waits for a person."""
        by = self.actor(person)
        with self.store.reading(by) as session:
            return waiting.waiting(session, by, self.now())

    def unread(self, person: Person) -> list[Message]:
        """What lies unread in a person's inbox."""
        by = self.actor(person)
        with self.store.reading(by) as session:
            return [each.message for each in inbox.messages(session, by) if not each.read]


def _init(url: str) -> list[str]:
    """`muster init`: the only thing that anybody does in a shell."""
    names = ("Ada Nowak", "Adil Benali")
    command = [sys.executable, "-m", "dashboard", "init", *(f"--administrator={name}" for name in names)]
    known = {**os.environ, "MUSTER_DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=True)
    return re.findall(r"\S*/invitation#\S+", done.stdout)
