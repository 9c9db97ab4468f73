"""Making releases: what may be let out of guarded figures, given everything that was let out before.

For each audience the figure is worked out as it would be shown now, and `judge` is asked whether this audience, with
all that it was shown before, could then work a small number out. What may not be shown whole may still have a sum that
may; else the audience goes on seeing what it saw. A release is written down with its own entry of the journal.

No judgement depends on who looks, or on when: it depends on the journal alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
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
from operations.measures.released import LEVELS, SUMS, TABLES, Release, Told, audience_of, history, packed
from operations.measures.steps import Step
from operations.measures.totals import Facet, Grain
from operations.policing.operation import plan

SHARES: dict[Kpi, tuple[Kpi, Share]] = {
    Kpi(each.measure.of): (kpi, each.measure) for kpi, each in CATALOGUE.items() if isinstance(each.measure, Share)
}
"""The share that divides the lines of a figure."""
ACT = "figures.release"
PARTS = "parts"
OFTEN = 100
"""After so many releases to leadership there is one for each official day: what was seen makes each verdict longer."""
ROUNDS = 8
"""So often the judge is asked with less, before sums alone are tried."""
Content = dict[str, Any]


class Made(NamedTuple):
    """A release that may be made."""

    audience: str
    kpi: Kpi
    scope: str
    content: Content


@dataclass(frozen=True)
class Round:
    """What may be released of an operation as it was with entry `state`; something moved last with entry `moved`."""

    operation: UUID
    state: int
    moved: int
    state_at: datetime
    made: list[Made] = field(default_factory=list)


# ------------------------------------------------------------------------------------------------ who is shown what


def audiences(operation: plan.Operation, countries: Iterable[str], *, posts: bool = True) -> Iterator[Actor]:
    """Somebody of each audience: leadership, outside, of each country who answers for it, and who works at a post."""

    def somebody(role: Role, country: str | None = None, *, posted: bool = False) -> Actor:
        return Actor(
            UUID(int=0), "", role, country, Classification.CONFIDENTIAL,
            operations=frozenset({operation.id}), posted=posted,
        )  # fmt: skip

    yield somebody(Role.LEADERSHIP)
    yield somebody(Role.NATIONAL_COORDINATOR, OUTSIDE)
    for country in countries:
        yield somebody(Role.NATIONAL_COORDINATOR, country)
        if posts:
            yield somebody(Role.NATIONAL_OFFICER, country, posted=True)


def _levels(by: Actor) -> tuple[Level, ...]:
    return tuple(level for level in Level if level >= (Level.V3 if by.national else Level.V1))


def content_of(guard: Guard, kpi: Kpi, state: int, levels: Collection[Level], rows: list[Any]) -> Content:
    """A figure as this audience would be shown it now; `rows` are the totals of the whole operation.

    `countries` and `days` are columns: their numbers by level, None being hidden. `at` says with which entry each of
    them stands, and PARTS too. `few` are levels from which on a hidden number may be called one of 1 to 10.
    """
    cells, reader = guard.fresh(kpi), guard.reader
    countries = {country for each in cells.countries.values() for country in each}
    days = {day for each in cells.days.values() if each is not None for day in each}
    content: Content = {
        "kept": sorted(reader.kept_back),
        "totals": {str(level): amount for level, amount in cells.totals.items()},
        "countries": {
            country: {str(level): each[country] for level, each in cells.countries.items() if country in each}
            for country in sorted(countries)
        },
        "days": {
            day: {
                str(level): None if each is None else each[day]
                for level, each in cells.days.items()
                if each is None or day in each
            }
            for day in sorted(days)
        },
        "few": _few(cells, levels, reader),
        "qualifiers": {str(int(level)): said for level in levels if (said := qualifier(kpi, rows, level))},
        "parts": {},
        "at": dict.fromkeys((*sorted(countries), *sorted(days), PARTS), state),
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


def _few(cells: Cube, levels: Collection[Level], reader: Reader) -> dict[str, list[int]]:
    """From which levels on a hidden number may be called one of 1 to 10, by country; "" is the total."""
    found: dict[str, list[int]] = {}
    for level in levels:
        if cells.total(at(level)) is None and cells.few(at(level), reader.own):
            found.setdefault("", []).append(int(level))
        for country in {name for reached, each in cells.countries.items() if reached >= level for name in each}:
            if cells.country(country, at(level)) is None and cells.few(at(level), reader.own, country):
                found.setdefault(country, []).append(int(level))
    return found


def _sums_alone(content: Content) -> Content:
    few = {"": content["few"][""]} if "" in content["few"] else {}
    return {name: content[name] for name in ("kept", "totals", "qualifiers")} | {"few": few}


def _with_older(content: Content, old: Content | None, dropped: Set[str]) -> Content:
    """The content with these columns as they stood before: hidden where they never stood."""
    before: Content = old or {"countries": {}, "days": {}, "few": {}, "parts": {}, "at": {}}
    hidden = dict.fromkeys(map(str, LEVELS), None)
    made = {**content, "at": {**content["at"], **{name: before["at"].get(name, 0) for name in dropped}}}
    for kind in ("countries", "days"):
        made[kind] = {
            name: before[kind].get(name, hidden) if name in dropped else column
            for name, column in content[kind].items()
        }
    few = {name: each for name, each in content["few"].items() if name not in dropped}
    made["few"] = few | {name: each for name, each in before["few"].items() if name in dropped}
    if PARTS in dropped:
        made["parts"] = before["parts"]
    return made


def _state(seq: int, scope: str, content: Content, home: str | None, levels: Collection[Level]) -> State:
    """What a content tells as of the state with entry `seq`, as the judge reads it."""

    def told(column: Mapping[str, int | None]) -> dict[int, bool]:
        return {int(level): column.get(str(int(level)), 0) is not None for level in levels}

    kept = frozenset(content["kept"])
    if scope == SUMS:
        return State(seq, told(content["totals"]), kept_back=kept)
    here = {name for name, stood in content["at"].items() if stood == seq}
    parts = content["parts"] if PARTS in here else {}
    return State(
        seq,
        told(content["totals"]),
        {name: told(column) for name, column in content["countries"].items() if name in here and name != home},
        {name: told(column) for name, column in content["days"].items() if name in here},
        frozenset((part, int(level)) for level, each in parts.items() for part in each or ()),
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
        return [Held(each.country, each.day, each.part, each.amount, tuple(each.levels)) for each in self._units[kpi]]

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


def decide(
    session: Session, owner: plan.Operation, *, all_audiences: bool = True, posts: bool = True, most: int | None = None
) -> Round:
    """What may be released of what stands now; changes nothing.

    Leadership is shown it as soon as it may be; countries and outside once an official day, unless `all_audiences`.
    `posts`: also to those who work at single posts of a country. `most`: of figures that more reports hold nothing is
    decided, as that takes long.
    """
    state = journal.pulse(session)
    found = Round(owner.id, state, moved(session, owner.id), now())
    today = official_day(now(), owner.zone, owner.day_cut)
    with past.looking(session, state):
        held = ledger(session, owner.id, state)
        countries = [each.country for each in countries_known(session, owner.id) if not each.kept]
        rows = steps.read(session, owner.id, Grain.OPERATION)
        for by in audiences(owner, countries, posts=posts):
            frame = Frame(owner.id, owner.zone, Classification(owner.classification), owner.day_cut, _levels(by)[0])
            try:
                reader = reader_of(session, frame, by)
            except (NotFound, NotPermitted):
                continue
            guard = Guard(session, frame, reader, by)
            for kpi in _GUARDED:
                if not reader.guarded(kpi) or (most is not None and len(held.held(kpi)) > most):
                    continue
                before = history(session, owner.id, audience_of(reader), kpi)
                seldom = (by.national or len(before) >= OFTEN) and not all_audiences
                if seldom and before and official_day(before[-1].state_at, owner.zone, owner.day_cut) == today:
                    continue
                content = content_of(guard, kpi, state, _levels(by), rows)
                made = _judged(held.held(kpi), before, state, content, by)
                if made is not None:
                    found.made.append(Made(audience_of(reader), kpi, *made))
    return found


def _judged(
    held: list[Held], before: list[Told], state: int, content: Content, by: Actor
) -> tuple[str, Content] | None:
    """The scope and content that may be released beside what was before; None for nothing, or nothing new.

    Countries and days whose newest numbers would give something away are left as they stood; the rest goes out.
    """
    levels, home = _levels(by), by.country if by.national else None
    seen = [_state(each.state, each.scope, each.content, home, levels) for each in before]
    tables = next((each.content for each in reversed(before) if each.scope == TABLES), None)

    def gives_away(scope: str, made: Content) -> list[judge.Cell]:
        states = [*seen, _state(state, scope, made, home, levels)]
        return judge.given_away(judge.asked(held, states, home, int(levels[0])))

    for kind in ("countries", "days"):  # what stood there and has nothing any more is told as zero
        for name in (tables or content)[kind].keys() - content[kind].keys():
            content[kind][name], content["at"][name] = {}, state
    dropped: set[str] = set()
    for _round in range(ROUNDS):
        made = _with_older(content, tables, dropped)
        if _same(made, tables) and _same_sums(made, before):
            return None
        found = gives_away(TABLES, made)
        if not found:
            return TABLES, made
        more = {each for cell in found for each in _blamed(cell, content, dropped)}
        if not more:
            break
        dropped |= more
    sums = _sums_alone(content)
    if _same_sums(content, before) or gives_away(SUMS, sums):
        return None
    return SUMS, sums


def _same(made: Content, old: Content | None) -> bool:
    """Whether two contents show the same, whatever they stand at."""
    return old is not None and {**made, "at": 0} == {**old, "at": 0}


def _same_sums(made: Content, before: list[Told]) -> bool:
    return bool(before) and _sums_alone(made) == _sums_alone(before[-1].content)


def _blamed(cell: judge.Cell, content: Content, dropped: Set[str]) -> Iterable[str]:
    """What to leave as it stood, so that this is not given away: its country, else its day, else what stands beside.

    Beside are the parts of the share, then all days, then the smallest countries of its level.
    """
    own = [name for name in cell[1].split() if name in content["at"] and name not in dropped]
    days = [name for name in content["days"] if name not in dropped]
    level = str(cell[2])
    beside = [
        (column[level], name)
        for name, column in content["countries"].items()
        if name not in dropped and column.get(level)
    ]
    return own[:1] or (
        [PARTS]
        if content["parts"] and PARTS not in dropped
        else days or [name for _amount, name in sorted(beside)[: 1 + len(beside) // 4]]
    )


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


def release(session: Session, owner: plan.Operation, *, posts: bool = True, most: int | None = None) -> int | None:
    """Decide and write down at once, for all audiences, in the current transaction."""
    return record(session, decide(session, owner, posts=posts, most=most))
