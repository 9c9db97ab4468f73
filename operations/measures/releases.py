"""Making releases: what may be let out of guarded figures, given everything that was let out before.

For each audience the figure is worked out as it would be shown now, and `judge` is asked whether this audience, with
all that it was shown before, could then work a small number out. What may not be shown whole may still have a sum that
may; else the audience goes on seeing what it saw. A release is written down with its own entry of the journal.

No judgement depends on who looks, or on when: it depends on the journal alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from operations.core import journal, past
from operations.core.clock import now, official_day
from operations.core.errors import NotFound, NotPermitted
from operations.core.hearing import EVERYBODY
from operations.core.journal import Entry
from operations.core.people import Actor, System
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, Level, Role
from operations.measures import judge, steps
from operations.measures.board import countries_known, reader_of
from operations.measures.cube import OUTSIDE, Cube, Reader
from operations.measures.definition import Share
from operations.measures.figures import parts_of, qualifier
from operations.measures.guard import Frame, Guard, at
from operations.measures.judge import Held, State
from operations.measures.kpis import CATALOGUE, COUNTED, Kpi
from operations.measures.released import SUMS, TABLES, Release, Told, audience_of, history, packed
from operations.measures.steps import Step
from operations.measures.totals import Facet, Grain
from operations.policing.operation import plan

SHARES: dict[Kpi, tuple[Kpi, Share]] = {
    Kpi(each.measure.of): (kpi, each.measure) for kpi, each in CATALOGUE.items() if isinstance(each.measure, Share)
}
"""The share that divides the lines of a figure."""
ACT = "figures.release"


class Made(NamedTuple):
    """A release that may be made."""

    audience: str
    kpi: Kpi
    scope: str
    content: dict[str, Any]


@dataclass(frozen=True)
class Round:
    """What may be released of an operation as it was with entry `state`; something moved last with entry `moved`."""

    operation: UUID
    state: int
    moved: int
    state_at: datetime
    made: list[Made] = field(default_factory=list)


# ------------------------------------------------------------------------------------------------ who is shown what


def audiences(operation: plan.Operation, countries: Iterable[str]) -> Iterator[Actor]:
    """Somebody of each audience: leadership, outside, and of each country who answers for it and who does not."""

    def somebody(role: Role, country: str | None = None, *, posted: bool = False) -> Actor:
        return Actor(
            UUID(int=0), "", role, country, Classification.CONFIDENTIAL,
            operations=frozenset({operation.id}), posted=posted,
        )  # fmt: skip

    yield somebody(Role.LEADERSHIP)
    yield somebody(Role.NATIONAL_COORDINATOR, OUTSIDE)
    for country in countries:
        yield somebody(Role.NATIONAL_COORDINATOR, country)
        yield somebody(Role.NATIONAL_OFFICER, country, posted=True)


def _levels(by: Actor) -> tuple[Level, ...]:
    return tuple(level for level in Level if level >= (Level.V3 if by.national else Level.V1))


def content_of(guard: Guard, kpi: Kpi, levels: Collection[Level], rows: list[Any]) -> dict[str, Any]:
    """A figure as this audience would be shown it now; `rows` are the totals of the whole operation."""
    cells, reader = guard.fresh(kpi), guard.reader
    content: dict[str, Any] = {
        "kept": sorted(reader.kept_back),
        "totals": {str(level): amount for level, amount in cells.totals.items()},
        "countries": {str(level): dict(each) for level, each in cells.countries.items()},
        "days": {str(level): None if each is None else dict(each) for level, each in cells.days.items()},
        "few": {str(int(level)): few for level in levels if (few := _few(cells, level, reader))},
        "qualifiers": {str(int(level)): said for level in levels if (said := qualifier(kpi, rows, level))},
    }
    if kpi in SHARES:
        measure = SHARES[kpi][1]
        content["parts"] = {
            str(int(level)): None
            if cells.total(at(level)) is None or guard.parts_are_small(measure, level) or guard.keeps(measure, level)
            else parts_of(measure, rows, level)
            for level in levels
        }
    return content


def _few(cells: Cube, level: Level, reader: Reader) -> list[str]:
    """What of the hidden numbers may be called one of 1 to 10: "" is the total."""
    names = [""] if cells.total(at(level)) is None and cells.few(at(level), reader.own) else []
    known = sorted({country for reached, each in cells.countries.items() if reached >= level for country in each})
    return names + [
        country
        for country in known
        if cells.country(country, at(level)) is None and cells.few(at(level), reader.own, country)
    ]


def _sums_alone(content: Mapping[str, Any]) -> dict[str, Any]:
    few = {level: [""] for level, names in content["few"].items() if "" in names}
    return {name: content[name] for name in ("kept", "totals", "qualifiers")} | {"few": few}


def _state(seq: int, scope: str, content: Mapping[str, Any], home: str | None, least: int) -> State:
    """What a content tells, as the judge reads it."""

    def told(name: str) -> dict[int, Any]:
        return {int(level): each for level, each in content.get(name, {}).items() if int(level) >= least}

    totals = {level: amount is not None for level, amount in told("totals").items()}
    kept = frozenset(content["kept"])
    if scope == SUMS:
        return State(seq, totals, kept_back=kept)
    return State(
        seq,
        totals,
        {
            level: {country: amount is not None for country, amount in each.items() if country != home}
            for level, each in told("countries").items()
        },
        {
            level: None if each is None else {day: amount is not None for day, amount in each.items()}
            for level, each in told("days").items()
        },
        frozenset((part, level) for level, parts in told("parts").items() for part in parts or ()),
        kept,
    )


# --------------------------------------------------------------------------------------------- what reports hold


@dataclass
class _Unit:
    """An amount of one report that moves as one."""

    country: str
    day: str
    part: str
    amount: int
    levels: list[tuple[int, int]]


class Ledger:
    """What each report holds of the guarded figures, and where it stood with which entry: read from the steps."""

    def __init__(self, found: Iterable[Step], reports: Mapping[int, str]) -> None:
        self._units: dict[Kpi, list[_Unit]] = defaultdict(list)
        self._open: dict[tuple[str, Kpi, str], dict[judge.Place, list[_Unit]]] = defaultdict(dict)
        self._facets: dict[tuple[tuple[str, str], ...], tuple[tuple[Kpi, str], ...]] = {}
        last = 0
        for step in found:
            # Further sets of an entry are changes that no entry tells of: nobody knows of which report.
            self._step(step, "" if step.seq == last else reports.get(step.seq, ""))
            last = step.seq

    def held(self, kpi: Kpi) -> list[Held]:
        """All of one figure."""
        return [Held(*(*vars(each).values(),)[:-1], tuple(each.levels)) for each in self._units[kpi]]

    def _of(self, sides: dict[str, str]) -> tuple[tuple[Kpi, str], ...]:
        named = tuple(sides.items())
        if named not in self._facets:
            facet = steps.facet_of(sides)
            self._facets[named] = tuple(
                (kpi, _part(kpi, facet)) for kpi in _GUARDED if CATALOGUE[kpi].lines.hold(facet)
            )
        return self._facets[named]

    def _step(self, step: Step, report: str) -> None:
        moved: defaultdict[tuple[Kpi, str], defaultdict[judge.Place, int]] = defaultdict(lambda: defaultdict(int))
        for country, day, _site, level, records, quantity, sides in step.cells:
            for kpi, part in self._of(sides):
                amount = CATALOGUE[kpi].lines.amount(steps.facet_of(sides), records, quantity)
                moved[kpi, part][country, day, level] += amount
        for (kpi, part), changes in moved.items():
            known = self._open[report, kpi, part]
            taken: defaultdict[tuple[str, str], list[_Unit]] = defaultdict(list)
            put: dict[judge.Place, int] = {}
            for place, change in changes.items():
                there = sum(each.amount for each in known.get(place, ())) if report else 0
                if there + change < 0:
                    self._take_unknown(kpi, part, place, -change, step.seq)
                    continue
                if there:  # what stood there was replaced: nobody knows of which of it something is left
                    taken[place[:2]] += self._take(known.pop(place), step.seq)
                if there + change:
                    put[place] = there + change
            for place, amount in put.items():
                units = taken.pop(place[:2], [])
                if sum(each.amount for each in units) != amount or place in known:
                    units = [_Unit(*place[:2], part, amount, [])]
                    self._units[kpi] += units
                for each in units:
                    each.levels.append((step.seq, place[2]))
                known.setdefault(place, []).extend(units)

    def _take(self, units: list[_Unit], seq: int) -> list[_Unit]:
        for each in units:
            each.levels.append((seq, 0))
        return units

    def _take_unknown(self, kpi: Kpi, part: str, place: judge.Place, amount: int, seq: int) -> None:
        """Something leaves a place and nobody knows of which report: all that is there, or an amount by itself."""
        pools = [pool for (_report, *of), pool in self._open.items() if of == [kpi, part] and place in pool]
        units = [each for pool in pools for each in pool[place]]
        if sum(each.amount for each in units) == amount:
            for pool in pools:
                pool.pop(place)
            self._take(units, seq)
        else:
            self._units[kpi].append(_Unit(*place[:2], part, -amount, [(seq, place[2])]))


def _part(kpi: Kpi, facet: Facet) -> str:
    found = SHARES[kpi][1].part(facet) if kpi in SHARES else None
    return found.name if found else ""


_GUARDED = tuple(kpi for kpi in COUNTED if CATALOGUE[kpi].guarded)


def ledger(session: Session, operation: UUID, until: int) -> Ledger:
    """What reports held of an operation until an entry."""
    found = steps.between(session, operation, 0, until)
    query = sa.select(col(Entry.seq), col(Entry.detail)).where(
        col(Entry.operation_id) == operation, col(Entry.object_kind) == "report", col(Entry.seq) <= until
    )
    reports = {seq: str(detail.get("report", "")) for seq, detail in session.execute(unscoped(query))}
    return Ledger(found, reports)


# ------------------------------------------------------------------------------------------------------- deciding


def moved(session: Session, operation: UUID) -> int:
    """The entry with which a figure of an operation last moved, 0 for none."""
    entries = steps.entries(operation).subquery()
    return session.execute(unscoped(sa.select(sa.func.max(entries.c.seq)))).scalar() or 0


def decide(session: Session, owner: plan.Operation, *, all_audiences: bool = True) -> Round:
    """What may be released of what stands now, by a session that reads everything and changes nothing.

    Leadership is shown it as soon as it may be; countries and outside once an official day, unless `all_audiences`.
    """
    state = journal.pulse(session)
    found = Round(owner.id, state, moved(session, owner.id), now())
    today = official_day(now(), owner.zone, owner.day_cut)
    with past.looking(session, state):
        held = ledger(session, owner.id, state)
        countries = [each.country for each in countries_known(session, owner.id) if not each.kept]
        rows = steps.read(session, owner.id, Grain.OPERATION)
        for by in audiences(owner, countries):
            frame = Frame(owner.id, owner.zone, Classification(owner.classification), owner.day_cut, _levels(by)[0])
            try:
                reader = reader_of(session, frame, by)
            except (NotFound, NotPermitted):
                continue
            guard = Guard(session, frame, reader, by)
            for kpi in _GUARDED:
                if not reader.guarded(kpi):
                    continue
                before = history(session, owner.id, audience_of(reader), kpi)
                seldom = by.national and not all_audiences
                if seldom and before and official_day(before[-1].state_at, owner.zone, owner.day_cut) == today:
                    continue
                content = content_of(guard, kpi, _levels(by), rows)
                made = _judged(held.held(kpi), before, state, content, by)
                if made is not None:
                    found.made.append(Made(audience_of(reader), kpi, *made))
    return found


def _judged(
    held: list[Held], before: list[Told], state: int, content: dict[str, Any], by: Actor
) -> tuple[str, dict[str, Any]] | None:
    """The scope and content that may be released beside what was before; None for nothing, or nothing new."""
    least, home = int(_levels(by)[0]), by.country if by.national else None
    seen = [_state(each.state, each.scope, each.content, home, least) for each in before]
    last: dict[str, Told] = {each.scope: each for each in before}
    shown = {TABLES: last.get(TABLES), SUMS: max(last.values(), key=lambda each: each.seq, default=None)}
    for scope, told in ((TABLES, content), (SUMS, _sums_alone(content))):
        old = shown[scope]
        if old is not None and (old.content if scope == TABLES else _sums_alone(old.content)) == told:
            if scope == TABLES and shown[SUMS] is old:
                return None
            if scope == SUMS:
                return None
        question = judge.asked(held, [*seen, _state(state, scope, told, home, least)], home, least)
        if judge.open_to(question):
            return scope, told
    return None


def record(session: Session, found: Round) -> int | None:
    """Write down what was decided, in the current transaction; the entry with which it is shown, None for nothing."""
    if not found.made:
        return None
    figures = sorted({each.kpi.value for each in found.made})
    seq = journal.record(
        session, System(), ACT, "operation", found.operation, operation=found.operation, audience=EVERYBODY,
        figures=figures,
    )  # fmt: skip
    session.add_all(
        Release(
            operation_id=found.operation, audience=each.audience, kpi=each.kpi.value, seq=seq, scope=each.scope,
            state=found.state, state_at=found.state_at, at=now(), content=packed(each.content),
        )
        for each in found.made
    )  # fmt: skip
    session.flush()
    return seq


def release(session: Session, owner: plan.Operation) -> int | None:
    """Decide and write down at once, for all audiences, in the current transaction."""
    return record(session, decide(session, owner))
