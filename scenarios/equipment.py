"""Builder of posts' equipment and links, and of their monthly database queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlmodel import Session

from operations.analyses import connection_answer
from operations.core.clock import now
from operations.core.drafts import parse
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.vocabulary import JobState
from operations.infrastructure import equipment, links, usage
from operations.infrastructure.rows import Equipment, EquipmentState, LinkState
from operations.programme import connections
from operations.programme.connection_rows import AdoptDraft, ConnectDraft
from scenarios.assessments import MONTHS, Assessing, Station
from scenarios.script_language import MUSTER, Verb

_E, _L = EquipmentState, LinkState
_WEEK = (4, 4, 4, 4, 6, 4, 5)
"""Relative load of the days of the week, Monday first: invented, as the counts are."""


@dataclass(frozen=True)
class Demand:
    """The demand of a post: initial monthly queries and passages, and factors of the queries from given months on.

    `loud`: the relative noise from month to month. `weekly`: counts are broken down by day of the week.
    """

    queries: int
    passages: int
    turns: tuple[tuple[float, float], ...] = ()
    since: int = 12
    until: int = MONTHS
    loud: float = 0.08
    weekly: bool = True


class Equipping(Assessing):
    """Builder of a programme, as far as equipment, links, and the queries of posts."""

    # -------------------------------------------------------------------------------------------- infrastructure

    def equip(
        self,
        where: Station,
        month: float,
        kind: str,
        donor: str,
        to: EquipmentState,
        serial: str = "",
        *,
        customs: float = 0.6,
        asked: Sequence[float] = (),
        ends: Sequence[tuple[float, EquipmentState, str]] = (),
        purpose: str = "",
    ) -> UUID:
        """Plan equipment in a month and bring it to the state `to` through its usual steps; return its id.

        It is held at `customs` for so many months; `asked` are the months of its reported queries, the first of which
        commissions it, and `ends` its later states, with texts.
        """
        ident, nation, lead = (
            self.identifier("equipment", where.id, serial or month, kind),
            where.who("coordinator"),
            where.who("lead"),
        )
        content = {
            "id": ident,
            "post_id": where.id,
            "kind": kind,
            "donor": donor,
            "promised": self.on(month + 5),
            "purpose": purpose,
        }
        draft = parse(equipment.EquipmentDraft, content)
        self.does(
            self.when(month), "coordinator", f"plan {kind} for {where.name}", lambda s, a: equipment.plan(s, draft, a)
        )
        there = month + 4.4 + customs
        for state, at, by in (
            (_E.APPROVED, month + 0.5, "leader"),
            (_E.PROCURED, month + 1.5, "coordinator"),
            (_E.SHIPPED, month + 3.8, "coordinator"),
            (_E.CUSTOMS, month + 4.4, nation),
            (_E.HANDED_OVER, there, nation),
            (_E.INSTALLED, there + 0.7, lead),
        ):
            if to is _E.PLANNED:
                break
            verb = self._hands_over(ident, serial, at) if state is _E.HANDED_OVER else _takes_equipment(ident, state)
            self.does(self.when(at), by, f"{state.value}: {kind} for {where.name}", verb)
            if state is to:
                break
        for at in asked:
            self.does(self.when(at), lead, f"report that {kind} at {where.name} works", _works(ident, kind))
        for at, state, words in ends:
            who = nation if state in (_E.RETIRED, _E.LOST) else "coordinator" if state is _E.DROPPED else lead
            verb = _silent(ident) if state is _E.DORMANT else _takes_equipment(ident, state, words)
            self.does(self.when(at), who, f"{state.value}: {kind} at {where.name}", verb)
        return ident

    def _hands_over(self, ident: UUID, serial: str, month: float) -> Verb:
        draft = parse(equipment.HandoverDraft, {"serial": serial, "handed_on": self.on(month - 0.1)})
        return lambda session, by: equipment.hand_over(session, ident, draft, by)

    def connect(
        self,
        where: Station,
        month: float,
        technology: str,
        to: LinkState,
        *,
        hours: int = 24,
        outages: Sequence[tuple[float, float | None, bool, str]] = (),
        closed: tuple[float, str] | None = None,
    ) -> None:
        """Find a link feasible in a month and bring it to the state `to`; `outages` last so many days, None: still."""
        ident, nation = self.identifier("link", where.id, month), where.who("coordinator")
        content = {
            "id": ident,
            "post_id": where.id,
            "technology": technology,
            "hours": hours,
            "promised": self.on(month + 4),
        }
        draft = parse(links.NetworkLinkDraft, content)
        self.does(self.when(month), "coordinator", f"a link for {where.name}", lambda s, a: links.propose(s, draft, a))
        for state, at, by in (
            (_L.AGREED, month + 0.8, nation),
            (_L.BUILT, month + 4.2, nation),
            (_L.TESTED, month + 4.6, "coordinator"),
            (_L.LIVE, month + 5.0, where.who("lead")),
        ):
            if to is _L.FEASIBLE:
                break
            verb = _goes_live(ident) if state is _L.LIVE else _takes_link(ident, state)
            self.does(self.when(at), by, f"{state.value}: link of {where.name}", verb)
            if state is to:
                break
        for at, days, planned, cause in outages:
            self._outage(where, ident, at, days, planned, cause)
        if closed:
            at, words = closed
            self.does(self.when(at), nation, f"close the link of {where.name}", _takes_link(ident, _L.CLOSED, words))

    def plan_links(self, month: float, budget: int, *, adopted: float | None = None, **terms: Any) -> None:
        """Ask which posts to connect under a budget (EUR), by the coordinator; the result may become links.

        It is solved in the same step, so that it is there when the coordinator goes on; a worker may be faster.
        """
        ident = self.identifier("connection plan", month)
        draft = parse(ConnectDraft, {"id": ident, "budget": budget, "currency": "EUR", **terms})
        asked = self.does(
            self.when(month),
            "coordinator",
            f"plan links for {budget} euro",
            lambda session, by: connections.ask(session, draft, by),
        )
        self.does(asked + timedelta(minutes=1), MUSTER, "find the best plan of links", _finds(ident))
        if adopted is not None:
            wanted = parse(AdoptDraft, {"promised": self.on(adopted + 6)})
            self.does(
                self.when(adopted),
                "coordinator",
                "adopt the plan of links",
                lambda session, by: connections.adopt(session, ident, wanted, by),
            )

    def _outage(self, where: Station, link: UUID, month: float, days: float | None, planned: bool, cause: str) -> None:
        starts, lead = self.when(month), where.who("lead")
        content = {"id": self.identifier("outage", link, month), "starts": starts, "planned": planned, "cause": cause}
        draft = parse(links.OutageDraft, content)
        self.does(
            starts + timedelta(hours=1),
            lead,
            f"the link of {where.name} is down",
            lambda s, a: links.report_outage(s, link, draft, a),
        )
        if days is not None:
            ends = starts + timedelta(days=days)
            self.does(
                ends + timedelta(minutes=20),
                lead,
                f"the link of {where.name} works again",
                lambda s, a: links.report_end(s, link, ends, a),
            )

    # --------------------------------------------------------------------------------------------------- queries

    def count(self, where: Station, how: Demand, device: tuple[UUID, float] | None = None) -> None:
        """Record the post's months, a year at a time; with `device`, those after a month for that device."""
        drafts: list[usage.MonthDraft] = []
        over = [month for month in range(how.since, how.until) if self.calendar(month + 1) <= self.ends.date()]
        for month in over:
            season = 1 + 0.12 * ((month % 12) in (5, 6, 10, 11)) + self.chance.uniform(-0.04, 0.04)
            passages = round(how.passages * season * (1 + 0.002 * month))
            turn = 1.0
            for since, factor in how.turns:
                turn = factor if month >= since else turn
            asked = round(how.queries * turn * season * max(0.05, self.chance.gauss(1, how.loud)))
            by_device = device[0] if device and month > device[1] else None
            drafts += self._month(where, month, passages, asked, by_device, weekly=how.weekly)
            if month % 12 == 11 or month == over[-1]:
                stated = datetime.combine(self.calendar(month + 1), time(10), UTC) + timedelta(days=3)
                at = min(stated, self.ends - timedelta(hours=3))
                self.does(at, where.who("lead"), f"count queries at {where.name}", _counts(where.id, tuple(drafts)))
                drafts = []

    def _month(
        self, where: Station, month: int, passages: int, asked: int, device: UUID | None, *, weekly: bool
    ) -> Iterable[usage.MonthDraft]:
        day = self.calendar(month)
        key = ("month", where.id, month)
        nominal = asked // 5
        yield self._tally(*key, "passages", month=day, counted="passages", count=passages)
        last = {"device_id": device, "last_on": day + timedelta(days=26)} if device else {}
        for database, count, more in (("sltd", asked - nominal, last), ("nominal", nominal, {})):
            spread = _spread(count) if weekly else {}
            yield self._tally(*key, database, month=day, database=database, count=count, **spread, **more)

    def _tally(self, *key: Any, **content: Any) -> usage.MonthDraft:
        source = "Invented: monthly statement of the National Central Bureau"
        return parse(usage.MonthDraft, {"id": self.identifier(*key), "source": source, **content})


def _spread(count: int) -> dict[str, int]:
    """Return a count distributed over the days of the week; the sum is exact."""
    ends = [round(count * sum(_WEEK[:day]) / sum(_WEEK)) for day in range(len(_WEEK) + 1)]
    return {day: end - begin for day, (begin, end) in zip(usage.WEEKDAYS, pairwise(ends), strict=True)}


def _takes_equipment(ident: UUID, to: EquipmentState, words: str = "") -> Verb:
    return lambda session, by: equipment.take(session, ident, to, by, words)


def _takes_link(ident: UUID, to: LinkState, words: str = "") -> Verb:
    return lambda session, by: links.take(session, ident, to, by, words)


def _works(ident: UUID, kind: str) -> Verb:
    hours = 9 if kind == "power_supply" else None
    return lambda session, by: equipment.report_sign(session, ident, now().date(), by, hours)


def _goes_live(ident: UUID) -> Verb:
    return lambda session, by: links.report_query(session, ident, now().date(), by)


def _silent(ident: UUID) -> Verb:
    """Return the verb that marks equipment dormant, as the timetable does after 30 days without a query."""
    return lambda session, _by: equipment.fall_silent(session, session.get_one(Equipment, ident))


def _finds(plan: UUID) -> Verb:
    def finds(session: Session, _by: Actor) -> object:
        if connections.plan(session, plan).state != JobState.QUEUED:
            return None
        mine = connections.claim(session, MUSTER, now())
        if mine is None or mine.id != plan:
            raise NotFound  # another plan is first in the queue
        return connections.end(session, mine.turn, JobState.DONE, now(), connection_answer.plan_answer(mine))

    return finds


def _counts(post: UUID, drafts: Sequence[usage.MonthDraft]) -> Verb:
    return lambda session, by: usage.count_many(session, post, drafts, by)
