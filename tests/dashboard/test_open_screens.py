"""Live equals reloaded: after every act an open screen, moved by the pulse, is as it would be if it were loaded anew.

A play does every act of the journal. Whoever may open a screen has it open all the while. After an
act that is done for the first time, each screen that reads what was written is moved and compared, for one of those who
have it open, in turns; for the others when their turn comes, and for all at the end of the play.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import dash
import pytest
from sqlalchemy import event
from sqlmodel import col, select

from dashboard.frame.interactions import DRAWN, OF_PROGRAMME
from dashboard.navigation import Nav
from dashboard.server.access import RequestContext
from operations.core import clock
from operations.core import pulse as hearing
from operations.core.journal import Entry
from operations.core.people import Account, Actor, System
from operations.core.permissions import may
from operations.core.store import Store
from operations.policing.operation import membership
from operations.policing.operation.plan import Operation
from tests.dashboard.conftest import Site
from tests.dashboard.every_act.play import Play
from tests.dashboard.held import Boards
from tests.dashboard.journalled import acts
from tests.dashboard.open_page import Browser, OpenPage, Props, canonical
from tests.dashboard.test_telling import ELSEWHERE
from tests.makers import START, put_cast, running
from tests.prepared_databases import empty_store

pytestmark = [pytest.mark.rest, pytest.mark.timeout(2400)]  # the whole play, with every screen moved and loaded anew

READERS = ("ana", "chaima", "moussa", "boubacar", "bruno", "dov", "lena")

BOARDS = ("ana", "chaima", "lena")
"""Whose boards are looked at while they are pushed: by turns."""

NEVER_COMPARED = {DRAWN, "n_clicks", "key", "open"}
"""Properties: marks of what is drawn, and what only the browser knows."""
OWN_OF_A_LOAD = re.compile(
    r"client-id$|-seen$|^base-of-|^analysis-mark$|^fugitives-batch$|fugitives-pulse|pulse-of|^intelligence-part-entity$"
    r"|^my-team-press$|^people-many-batch$|^debrief-version$|^situation-shown$|^teams-mark$|^teams-team-id$|^verify-shown$"
    r"|^programme-until$|^area-year$"
)
"""Stores: identifiers for what is typed next, and marks of what a page shows. Years to choose from: by the clock."""
TYPED = {"value", "checked"}
"""What stands in an input stays, whatever happens: it may be what a person typed."""
FIRST_SIGHT = {"data-atlas"}
"""Where a map begins to look, and what stands around it: not moved under the eyes of who looks."""
PASSING = re.compile(r"just now|\d+ (second|minute|hour|day|week|month|year)s? ago")
"""A number that has changed says so until the page is loaded anew; how long ago something was, as it was then."""

CHOSEN = {
    "analysis.page": ("analysis-shown", "data"),
    "layers.page": ("layers-grid", "selectedRows"),
    "verify.page": ("verify-chosen", "data"),
}
"""What is chosen on a screen, which stays chosen: when it is loaded anew the same is chosen there. Of a grid it is the
first row as soon as there is one."""

NOT_OPENED = {"installation.page"}
"""A page of administrators alone, who are no readers here."""

REST = "what stands outside of every element with an id"
KNOWN = {
    ("access.page", "access-grid"),
    ("access.page", "access-list"),
    ("access.page", "access-person"),
    ("courses.trainers", "trainer-account_id"),
    ("incidents.page", "incident-concerned"),
    ("people.page", "people-grid"),
    ("people.page", "people-panel"),
    ("people_here.page", "people-countries"),
    ("people_here.page", "post-people"),
    ("people_here.page", "post-unit-people"),
    ("programme.five_years", "programme-figures"),
    ("teams.page", "teams-grid"),
    ("teams.page", "teams-status"),
    ("teams.page", "teams-team-leader_id"),
    ("templates.page", REST),
    ("templates.instantiation", "start-days"),
    ("templates.instantiation", "start-needed"),
    ("templates.instantiation", "start-template"),
}
"""What screens still miss, by the nearest element with an id. Each must be seen, so that the list only shrinks.

All are of acts that belong to no operation (accounts, the roster, templates): those move nobody's pulse.
"""


PERHAPS = {("today.page", "waiting-list")}
"""What is missed after acts on accounts as well, where the order of the play compares a reader just then."""


WRITES = re.compile(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "?(\w+)')
"""How a statement begins that writes, and where to; what else it names it only reads."""


@cache
def tables(statement: str) -> frozenset[str]:
    """The tables that an SQL statement names."""
    return frozenset(re.findall(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(\w+)', statement))


def of_open_report(body: Props) -> dict[str, Props]:
    """What the script of the reports does: it hands the pulse on while a report is open."""
    [pulse], [shown] = body["inputs"], body["state"]
    return {"reports-followed": {"data": pulse["value"]}} if shown.get("value") else {}


def handed_on(body: Props) -> dict[str, Props]:
    """What scripts do that hand the pulse on to the stores of those to whom some parts are drawn."""
    [pulse] = body["inputs"]
    return {json.dumps(each["id"], sort_keys=True): {"data": pulse["value"]} for each in body["state"][0]}


RELAYS = {"pulse_of_cases": handed_on, "hand_on": handed_on, "reportsFollowed": of_open_report}


@dataclass
class Looking:
    """One person with one screen open, `of` an operation. `reads`: tables that it is drawn from, `since`: those written
    meanwhile.
    """

    who: str
    actor: Actor
    page: OpenPage | None  # None: there is nothing for this person yet
    at: Any
    told: int
    of: Any
    reads: set[str]
    since: set[str] = field(default_factory=set)
    acts: set[str] = field(default_factory=set)
    turn: int = 0


class Screens:
    """All screens of the application, open for the cast, on a store whose units of work are watched."""

    def __init__(self, inner: dash.Dash, store: Store) -> None:
        self.store, self.browser = store, Browser(inner, RELAYS)
        self.pages = {name: each for name, each in dash.page_registry.items() if isinstance(each.get("nav"), Nav)}
        self.play: Play | None = None
        self.operation, self.head, self.turn = None, 0, 0
        self.kind: str | None = None
        self.open: dict[tuple[str, str], Looking] = {}
        self.boards, self.done = Boards(store), set[str]()
        self.compared: dict[str, set[str]] = {}
        self.misses: dict[tuple[str, str], list[Any]] = {}
        self._touched, self._written = set[str](), set[str]()
        self._within = False
        event.listen(store.engine, "before_cursor_execute", self._asked)
        self._unit_of_work, store.unit_of_work = store.unit_of_work, self._watched  # type: ignore[method-assign]

    def _asked(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self._touched |= tables(statement)
        if put := WRITES.match(statement):
            self._written.add(put[1])

    @contextmanager
    def _watched(self, *given: Any, **named: Any) -> Iterator[Any]:
        """A unit of work; when it is over, the screens are looked at."""
        outermost, self._within = not self._within, True
        try:
            with self._unit_of_work(*given, **named) as session:
                yield session
        finally:
            self._within = not outermost
        if outermost:
            for each in self.open.values():
                each.since |= self._written - {"heard"}
            self._written = set()
            self._act()

    def _act(self) -> None:
        """What was done: where it is new, every screen that it concerns is compared for one of its readers."""
        with self.store.reading(System()) as session:
            query = select(Entry).where(Entry.seq > self.head).order_by(col(Entry.seq))
            entries = session.exec(query).all()
        if not entries:
            return
        self.head, self.operation = entries[-1].seq, self.operation or entries[0].operation_id
        self._leave_kind()
        new = {each.act for each in entries}
        for each in self.open.values():
            each.acts |= new
        if new - self.done:
            self.done |= new
            self.look()
            people = [(who, by) for who, by in self._people().items() if who in BOARDS]
            self.boards.look(*people[self.turn % len(people)], self.operation, sorted(new))

    def _leave_kind(self) -> None:
        """Close the situation where the play gives its operation another kind, which people can do to drafts alone."""
        with self.store.reading(System()) as session:
            kind = session.exec(select(Operation.type).where(Operation.id == self.operation)).one_or_none()
        if kind != self.kind:
            self.kind = kind
            self.open = {key: each for key, each in self.open.items() if not key[0].endswith("situation.page")}

    def look(self, *, journal: bool = False, every: bool = False) -> None:
        """Compare every screen for one of its readers, or for `every` one; what was not open yet is opened.

        The journal itself, which grows with every act, is looked at less often.
        """
        self.turn += 1
        people = self._people()
        with clock.at(self.play.at if self.play else clock.now()):
            for module, known in self.pages.items():
                asked = [who for who in READERS if who in people and may(people[who], known["nav"].act)]
                looking = [self.open[module, who] for who in asked if (module, who) in self.open]
                quiet = set() if journal else {"entry", "journal_head"}  # every act writes to both
                due = [each for each in looking if each.actor != people[each.who] or each.since & each.reads - quiet]
                there = [each for each in due if each.page is not None]
                for each in sorted(there, key=lambda one: one.turn)[: None if every else 1]:
                    self._compare(module, each, people[each.who])
                for who in asked:
                    seen = self.open.get((module, who))
                    if seen is None or (seen.page is None and (seen in due or self.operation != seen.of)):
                        self._open(module, who, people[who])

    def _people(self) -> dict[str, Actor]:
        with self.store.reading(System()) as session:
            found = session.exec(select(Account).where(col(Account.username).in_(READERS))).all()
            actors = {each.username: membership.actor(session, each) for each in found}
        return {name: by for name, by in actors.items() if by is not None}  # the others' accounts are closed by now

    def _loaded(self, module: str, actor: Actor) -> OpenPage | None:
        """A screen as it is now, None where there is nothing for this person."""
        values = {"operation_id": str(self.operation)} if self.pages[module]["path_template"] else {}
        page = self.browser.loads(RequestContext(actor, self.store, theme="light"), module, values)
        title = json.dumps(page.tree["props"]["children"][0])
        assert "Something went wrong" not in title, module
        return None if "Nothing here" in title else page

    def _open(self, module: str, who: str, actor: Actor) -> None:
        self._touched.clear()
        page = self._loaded(module, actor)
        told, _moved = self._heard(actor, 0)
        reads = set(self._touched)
        self.open[module, who] = Looking(who, actor, page, clock.now(), told, self.operation, reads, turn=self.turn)

    def _heard(self, actor: Actor, since: int) -> tuple[int, set[str]]:
        """The reader's number, and what moved since, as a message of the pulse says it."""
        with self.store.reading(actor) as session:
            found = hearing.counts_of(session, actor)
            return hearing.number(found), set(map(str, hearing.moved_since(found, since)))

    def _compare(self, module: str, looking: Looking, actor: Actor) -> None:
        screen = module.removeprefix("dashboard.screens.")
        assert looking.page is not None
        seq, moved = self._heard(actor, looking.told)
        both = str(hearing.PROGRAMME) in moved and next(iter(OF_PROGRAMME)) in str(looking.page.tree)
        told = self.pages[module]["path_template"] is None or str(self.operation) in moved or both
        asking = RequestContext(actor, self.store, theme="light")
        self._touched.clear()
        chosen, prop = CHOSEN.get(screen, ("", ""))
        if rows := looking.page.pool.get(chosen, {}).get("rowData"):
            looking.page.sets(asking, chosen, selectedRows=looking.page.pool[chosen].get(prop) or rows[:1])
        if told and moved:
            looking.page.hears(asking, str(self.operation))
            assert not looking.page.told, (screen, looking.who, looking.acts, looking.page.told)
        fresh = self._loaded(module, actor)
        if fresh is None:
            del self.open[module, looking.who]
            return
        held = looking.page.pool.get(chosen, {}).get(prop)
        if chosen in fresh.pool and held != fresh.pool[chosen].get(prop):
            fresh.sets(asking, chosen, **{prop: held})
        if (told and moved) or (looking.acts and looking.at == clock.now()):  # else the clock alone moved
            for place, was, now in differences(looking.page.tree, fresh.tree, REST):
                self.misses.setdefault((screen, place), []).append((looking.who, sorted(looking.acts), was, now))
            self.compared.setdefault(screen, set()).update(looking.acts)
        looking.page, looking.actor, looking.at, looking.told = fresh, actor, clock.now(), seq
        looking.reads |= self._touched
        looking.since, looking.acts, looking.turn = set(), set(), self.turn


def differences(one: Any, other: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    """Where two parts of a page differ: the nearest id, and what stands there in each."""
    if one == other:  # most are, and it is seen much sooner for a whole part than for each of its leaves
        return
    if isinstance(one, dict) and isinstance(other, dict):
        props = one.get("props", {}) if "namespace" in one else {}
        if "id" in props:
            place = canonical(props["id"])
        if props and OWN_OF_A_LOAD.search(place):
            return
        for name in sorted(one.keys() | other.keys()):
            if name not in NEVER_COMPARED | FIRST_SIGHT and not (name in TYPED and (props or "id" in one)):
                yield from differences(_plain(name, one.get(name)), _plain(name, other.get(name)), place)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for each, beside in zip(one, other, strict=True):
            yield from differences(each, beside, place)
    elif _plain("", one) != _plain("", other):
        yield place, one, other


def _plain(name: str, value: Any) -> Any:
    """A value as it looks: inside, nothing, an empty text or list, and one thing or a list of it, are the same."""
    if name == "children":
        held = value if isinstance(value, list) else [value]
        return [each for each in held if each not in (None, "", [])]
    return PASSING.sub("", value) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def screens(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """The screens after the play, of the one application of the process: a second one would have no callbacks."""
    folder = tmp_path_factory.mktemp("screens")
    store = empty_store(folder)
    put_cast(store)
    found = Screens(site.app.inside.dash, store)
    with clock.at(START):
        scene = running(store)
    found.play = Play(scene, folder)
    for _chapter in found.play.chapters():
        found.look(journal=True)
    found.look(journal=True, every=True)
    yield found
    store.dispose()


def test_an_open_screen_is_as_if_it_were_loaded_anew(screens: Screens) -> None:
    missed = {place: seen[0] for place, seen in screens.misses.items() if place not in KNOWN | PERHAPS}
    assert not missed, "\n".join(f"{place}: {seen}"[:600] for place, seen in sorted(missed.items()))


def test_what_screens_are_known_to_miss_they_miss(screens: Screens) -> None:
    assert screens.misses.keys() >= KNOWN, sorted(screens.misses)


def test_every_screen_was_compared_and_every_act_on_one_of_them(screens: Screens) -> None:
    there = {name.removeprefix("dashboard.screens.") for name in screens.pages}
    assert screens.compared.keys() == there - NOT_OPENED
    assert acts().keys() - set().union(*screens.compared.values()) == ELSEWHERE.keys()


def test_a_board_is_left_as_it_was_only_where_it_would_be_drawn_the_same(screens: Screens) -> None:
    boards = screens.boards
    assert boards.missed == []
    assert boards.left["timeline-bars"] > 3 * boards.drawn["timeline-bars"] > 0
    assert boards.left["reports-unsent"] > 3 * boards.drawn["reports-unsent"] > 0
    assert 2 * boards.left["home-invitations"] > boards.drawn["home-invitations"] > 0
