"""People who run an operation from an empty database: each with a browser of one's own, and every click is counted.

A person `comes` in the morning, finds what `waits` on the start page and in the inbox, and follows it to the place.
What is typed, the keys pressed and an address that was handed over count nothing; every press of the mouse does.
"""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from sqlmodel import select

from dashboard.places import OPERATION
from operations import worklist_entries
from operations.core import clock
from operations.core.people import Account, Actor, System
from operations.core.store import Store, open_store
from operations.core.vocabulary import MessageKind
from operations.core.worklist import WorkItem
from operations.notices import inbox
from operations.notices.messages import Message
from operations.policing.operation import membership
from operations.timetable import worklist_messages
from operations.timetable.jobs import SHORT
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.browser.conftest import PATIENCE, Watched
from tests.clock_shift import FACTORY, FILE, ahead, put
from tests.servers import Serving, run_beside, serve

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
    screen: Page
    clicks: int = 0
    steps: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The screen of who acts now. Whoever acted before has put theirs to sleep, and finds it behind."""
        self.crew.wake(self)
        return self.screen

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
        """Say yes to what cannot be undone, by keyboard."""
        yes = self.page.locator("dialog.m-confirm .m-confirm-yes")
        expect(yes).to_be_visible()
        yes.press("Enter")

    def type(self, field_id: str, words: str) -> None:
        """Into the field of this id."""
        self.page.fill(f"#{field_id}", words)

    def choose(self, field_id: str, *words: str) -> None:
        """From the list of a field, by keyboard: by its first letters, or with the arrows where it takes none."""
        for each in words:
            field = self.page.locator(f"#{field_id}")
            said = re.compile(rf"^{re.escape(each)}( ·.*)?$".replace("/", r"\/"))
            option = self.page.get_by_role("option", name=said)
            here = "found => found.some((each) => each.hasAttribute('data-combobox-selected'))"
            expect(field).to_be_visible()
            while not option.evaluate_all(here):
                if option.is_visible():
                    field.press("ArrowDown")
                else:  # where the page is drawn anew meanwhile the list closes, and is opened again
                    if field.is_editable():
                        field.fill("")
                        field.fill(each)
                    else:
                        field.press("ArrowDown")
                    with suppress(PlaywrightTimeoutError):
                        option.wait_for(state="visible", timeout=5000)
            field.press("Enter")
        self.page.keyboard.press("Escape")

    def answers(self, reports: int = 1) -> None:
        """For as many of the reports that wait, by the key of the desk: each once it was seen for a moment."""
        waits = ".verify-item:not(.verify-answered *)"  # what is consolidated stays to be read, folded below
        listed = self.page.locator(waits)
        expect(self.page.locator('.verify-item[aria-current="true"]')).to_have_count(1)
        goal = listed.count() - reports
        for _try in range(30 * reports):
            before = listed.count()
            if before <= goal:
                return
            self.page.evaluate("document.querySelector('.verify-item[aria-current]')?.focus()")
            self.page.keyboard.press("v")
            with suppress(PlaywrightTimeoutError):
                fewer = "([waits, before]) => document.querySelectorAll(waits).length < before"
                self.page.wait_for_function(fewer, arg=[waits, before], timeout=2000)
        raise AssertionError(f"A report does not climb: {self.page.locator('#main').inner_text()}")

    def told(self, words: str) -> None:
        """A notice says so."""
        expect(self.page.locator(".m-notice").filter(has_text=words).last).to_be_visible()

    def day(self, field_id: str, moment: datetime) -> None:
        """Into a field for a day."""
        self.type(field_id, f"{moment:%-d %b %Y}")
        self.page.press(f"#{field_id}", "Tab")

    def does(self, words: str, state: str) -> None:
        """Take a step that cannot be undone."""
        self.click(words)
        self.sure()
        self.told(state)

    # ------------------------------------------------------------------------------------------- the coordination

    def goes(self, name: str) -> None:
        """To a page of the operation, by the rail and the tabs."""
        place = next(place for place in OPERATION if name in [page.name for page in place.pages])
        self.click(self.page.locator(".m-place", has_text=place.name))
        if name != place.name:
            self.click(self.page.locator(".parts-tab", has_text=name))

    def leaves(self) -> None:
        """To all operations."""
        self.click(
            self.page.locator(".m-outside, .m-place").filter(has_text="Operations").locator("visible=true").first
        )

    def mends(self, words: str) -> None:
        """Follow the way to put right what is missing."""
        self.click(self.page.locator(".guard--missing", has_text=words).get_by_role("link"))

    def writes_the_plan(self) -> None:
        """All fourteen sections, by keyboard, each into the place of what the template says."""
        text, done = self.page.locator("#oplan-text"), self.page.locator(".oplan-item--complete")
        for number in range(14):
            expect(done).to_have_count(number)
            expect(text).to_have_value(re.compile(r"\["))
            text.fill(f"What was agreed, part {number + 1}.")
            text.press("Control+Enter")
        self.page.wait_for_url(re.compile("/overview$"))

    def places(self, search: str, found: str, country: str) -> None:
        """A site, as the search of the map knows it; which country's it is may be asked, on a border."""
        expect(self.page.locator('.atlas[data-ready="true"]')).to_be_visible()
        self.page.get_by_placeholder("Place, crossing").fill(search)
        self.click(self.page.get_by_role("option", name=found).first)
        expect(self.page.locator("#plan-site-country")).to_be_visible()
        if not self.page.locator("#plan-site-country").input_value():
            self.choose("plan-site-country", country)
            expect(self.page.locator("#plan-site-zone")).not_to_have_value("")
        self.click("Add as site")
        expect(self.page.locator("[data-toast]")).to_contain_text("Added: ")  # the list may know it before
        expect(self.page.locator(".plan-item", has_text=search)).to_be_visible()

    def draws(self, kind: str, name: str) -> None:
        """An object on the map, where the hand falls."""
        tool = self.page.get_by_role("button", name=kind, exact=True)
        self.click(tool)
        expect(tool).to_have_attribute("aria-pressed", "true")
        self.click(self.page.locator("#plan-map"))
        expect(self.page.locator("#plan-object-name")).to_be_focused()
        self.page.keyboard.type(name)
        self.click("Save")
        expect(self.page.locator(".plan-item", has_text=name)).to_be_visible()

    def mans(self, country: str) -> None:
        """Say who works in the coordination unit."""
        self.goes("Coordination units")
        self.click("Say what it is")
        self.choose("unit-host_country", country)
        self.choose("unit-members_0_function", "Head of the unit")
        self.click(self.page.locator("#unit-round_the_clock"))
        self.click("Save")
        self.told("The unit is saved.")

    def puts_on(self, *names: str) -> None:
        """Put people on the operation."""
        self.goes("Who works here")
        self.click("Put somebody on this operation")
        self.choose("assign-people", *names)
        self.click("Put on the operation")
        self.told("They are told in their inbox.")

    # ------------------------------------------------------------------------------------------------- the day

    def comes(self) -> None:
        """Begin the day: sign in, and be where that leads."""
        self.page.goto(self.crew.address + self.crew.enter(self))

    def finds(self, words: str, count: int = 1) -> Locator:
        """What waits for this person says so on the screen, and each entry lies unread in the inbox as well."""
        found = self.page.locator(ENTRY).filter(has_text=words)
        expect(found).to_have_count(count)
        unread = self.crew.unread(self)
        told = {each.key for each in unread} | {each.link for each in unread if each.kind != MessageKind.WAITS}
        places = {each.get_attribute("href") for each in found.all()}
        silent = [
            each
            for each in self.crew.waits(self)
            if each.address in places and not told & {f"waits:{each.occasion}", each.address}
        ]
        assert not silent, f"{self.name} does not find in the inbox what waits: {silent}"
        return found.first

    def follows(self, words: str, count: int = 1) -> None:
        """Find it, and go where it leads."""
        self.click(self.finds(words, count))
        self.page.wait_for_url(lambda url: not url.endswith(worklist_entries.ADDRESS))


class Crew:
    """Everybody, on a server of their own whose clock all share."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.people: dict[str, Person] = {}
        self.awake: Person | None = None
        self.asleep: dict[str, CDPSession] = {}
        self.clock = folder / "clock"
        put(self.clock, timedelta(0))
        url = f"sqlite:///{folder / 'muster.sqlite'}"
        self.links = _init(url, folder)
        self.store: Store = open_store(url)
        self.timetable = Timetable(self.store, LeaseCandidate("crew"))
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv(FILE, str(self.clock))
            self.serving: Serving = serve(url, folder, FACTORY)
        self.address = self.serving.address
        self.minute()
        self.watched = Watched(self.address, expected=["401 (Unauthorized)", "4401", "WebSocket"])

    def stop(self) -> None:
        """Everybody goes, and so does the server."""
        for person in self.people.values():
            person.screen.context.close()
        self.serving.stop()
        self.store.dispose()

    # ---------------------------------------------------------------------------------------------------- people

    def __getitem__(self, first_name: str) -> Person:
        """A person by the first name."""
        return next(person for name, person in self.people.items() if name.split()[0] == first_name)

    def invited(self, rows: str) -> None:
        """Two administrators bring everybody in: one pastes and hands out the links, the other confirms."""
        ada, adil = (self.joins(link) for link in self.links)
        ada.comes()
        ada.click("People")
        ada.click("Invite many")
        ada.type("people-many-rows", rows)
        ada.click("Read the rows")
        with ada.page.expect_download() as coming:
            ada.click("Invite all and take their links")
        text = Path(coming.value.path()).read_text(encoding="utf-8-sig")
        for row in csv.DictReader(io.StringIO(text)):
            self.joins(row["Link"])
        self.minute()
        adil.comes()
        adil.follows("Accounts that wait until a second person confirms them")
        adil.click("Confirm those who wait")
        adil.sure()
        adil.told("confirmed")

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

    def wake(self, person: Person) -> None:
        """Wake a person's screen, and put to sleep that of whoever acted before."""
        if self.awake is person:
            return
        if self.awake is not None:
            self.asleep[self.awake.name] = session = self.awake.screen.context.new_cdp_session(self.awake.screen)
            session.send("Debugger.enable")
            session.send("Debugger.pause")
        if (session := self.asleep.pop(person.name, None)) is not None:
            session.send("Debugger.disable")
            session.detach()
        self.awake = person

    def enter(self, person: Person) -> str:
        """What the form for signing in sends; where it leads."""
        sent = {"username": person.username, "password": OWN}
        page = person.page.context.request
        answer = page.post(
            f"{self.address}/sign-in", form=sent, headers={"origin": self.address}, max_redirects=0, max_retries=3
        )
        assert answer.status == 303, answer.text()
        return answer.headers["location"]

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
        put(self.clock, moment - datetime.now(UTC))
        self.minute()

    def minute(self) -> None:
        """A minute of the timetable, whose process runs beside every server: what is due now is done."""
        put(self.clock, ahead(self.clock) + timedelta(seconds=61))
        with clock.at(self.now()):
            self.timetable.beat()
            self.timetable.tick([*SHORT, *worklist_messages.JOBS])

    # ------------------------------------------------------------------------------------------------ hand-overs

    def actor(self, person: Person) -> Actor:
        """Who a person is for the verbs."""
        with self.store.reading(System()) as session:
            account = session.exec(select(Account).where(Account.username == person.username)).one()
            found = membership.actor(session, account)
        assert found is not None
        return found

    def waits(self, person: Person) -> list[WorkItem]:
        """What waits for a person."""
        by = self.actor(person)
        with self.store.reading(by) as session:
            return worklist_entries.waiting(session, by, self.now())

    def unread(self, person: Person) -> list[Message]:
        """What lies unread in a person's inbox."""
        by = self.actor(person)
        with self.store.reading(by) as session:
            return [each.message for each in inbox.messages(session, by) if not each.read]

    # ------------------------------------------------------------------------------------------------- at the end

    def nothing_is_left(self) -> None:
        """No list and no inbox of anybody holds something undone."""
        for person in self.people.values():
            person.comes()
            expect(person.page.locator("#shell-live")).to_have_attribute("data-state", "live")
            expect(person.page.locator(".m-place-count")).to_have_count(0)
            assert [str(each.sentence) for each in self.waits(person)] == [], person.name
            assert [(each.kind, each.link) for each in self.unread(person)] == [], person.name

    def clicks(self) -> int:
        """How often all of them pressed the mouse."""
        return sum(person.clicks for person in self.people.values())

    def told(self) -> str:
        """The clicks of each."""
        each = ", ".join(f"{person.name} {person.clicks}" for person in self.people.values())
        return f"{self.clicks()} clicks: {each}"


@pytest.fixture
def crew(browser: Browser, tmp_path: Path) -> Iterator[Crew]:
    """A database that `muster init` made, and a server; whatever comes of it, everybody goes and the server ends."""
    made = Crew(browser, tmp_path)
    yield made
    made.stop()
    made.watched.check()


def _init(url: str, folder: Path) -> list[str]:
    """`muster init`: the only thing that anybody does in a shell."""
    log = folder / "init.log"
    names = ("Ada Nowak", "Adil Benali")
    code = run_beside(url, log, "init", *(f"--administrator={name}" for name in names)).wait(PATIENCE / 1000)
    text = log.read_text(encoding="utf-8")
    assert code == 0, text
    return re.findall(r"\S*/invitation#\S+", text)
