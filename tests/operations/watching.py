"""An attacker who watches a board through a whole operation and works out with a solver what is shown at no moment.

Each history is made of reports that arrive, climb, are corrected and withdrawn, each with an entry of the journal. The
attacker knows the rule as it is published and more than anybody can know: of every report the country, the official
day, the level at each moment and whether it holds anybody at all (the figures that are not of persons move with the
same entry, and are signatures), of each hidden number whether it is one of 1 to 10, and which moment a board stands
at. How many persons a report holds is not known: these are the unknowns, and what boards show are sums of them.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import product
from typing import NamedTuple
from uuid import UUID

from ortools.sat.python import cp_model
from sqlmodel import Session

from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core import clock, journal
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.store import Store
from operations.core.vocabulary import Classification, Level, LineKind, Role
from operations.disclosure import releases
from operations.disclosure.releases import EarlierNumber
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.policing.operation import plan
from operations.totals import activity, totals
from operations.totals.totals import CountedLine, Facet
from tests.makers import START, Running, operation_draft
from tests.people import actor

HOME, OTHERS = "NER", ("MLI", "TCD", "NGA", "BEN", "BFA")
DAYS = tuple(f"2026-03-0{day}" for day in range(2, 7))
TOP = 3
MOST = 2_000
OF = {
    Kpi.DETECTIONS: (Facet(LineKind.MIGRANT_DETECTION, "operational"),),
    Kpi.POTENTIAL_VICTIMS: (
        Facet(LineKind.POTENTIAL_VICTIM, "operational", status="potential"),
        Facet(LineKind.POTENTIAL_VICTIM, "operational", status="identified"),
    ),
}
SHARES = {Kpi.POTENTIAL_VICTIMS: Kpi.IDENTIFIED_SHARE}
CHECKS = Facet(
    LineKind.CHECK_TALLY, "operational", check_kind="database_query", database="sltd", status="mobile_device"
)
Place = tuple[str, str, int]
"""Country, official day and level of a report at a moment."""
Cell = frozenset[tuple[int, str]]
"""Unknowns: of which content of a report, and of which status; what a cell holds is their sum."""


@dataclass
class Sent:
    """A report: where it stands, and how many persons it holds, by facet. Every content has a number of its own."""

    key: UUID
    country: str
    day: str
    content: int
    amounts: dict[Facet, int]
    level: int = 1


@dataclass
class Played:
    """A history: where every content stood at each entry, and what each held."""

    scene: Running
    countries: tuple[str, ...]
    sharing: frozenset[str]
    held: dict[int, dict[Facet, int]] = field(default_factory=dict)
    stood: dict[int, dict[int, Place]] = field(default_factory=dict)
    reports: list[Sent] = field(default_factory=list)

    def cells(self, kpi: Kpi, entry: int, where: Callable[[Place], bool], status: str | None = None) -> Cell:
        """The unknowns in a cell as it was at an entry: those that hold anybody."""
        stood = self.stood[max(each for each in self.stood if each <= entry)]
        return frozenset(
            (content, facet.status)
            for content, place in stood.items()
            if where(place)
            for facet in OF[kpi]
            if self.held[content].get(facet) and status in (None, facet.status)
        )

    def amount(self, kpi: Kpi, cell: Cell) -> int:
        """What a cell really holds."""
        return sum(self.held[c][facet] for c, status in cell for facet in OF[kpi] if facet.status == status)


def _planned(store: Store) -> Running:
    """An operation that is planned: what reports do to totals asks for no more."""
    with store.unit_of_work(actor("ana")) as session:
        made = plan.create(session, operation_draft(), actor("ana")).id
    return Running(store, made, made, made, {})


class Player:
    """Invents a history and plays it, entry by entry."""

    def __init__(self, store: Store, dice: random.Random, others: int | None = None) -> None:
        self.dice = dice
        many = dice.choice((1, 1, 2, 3, 5, 5)) if others is None else others
        countries = (HOME, *OTHERS[:many])
        self.most = dice.choice((3, 8, 15, 15, 40, 200))
        sharing = frozenset(each for each in countries if dice.random() < 0.7)
        self.played = Played(_planned(store), countries, sharing)
        self.at = START
        self.times: dict[int, datetime] = {}
        with store.unit_of_work(System()) as session:
            for country in countries:
                activity.expect_country(session, self.played.scene.operation, country, country in sharing)
            self.entry = self._record(session, "operation.edit", None)

    def _record(self, session: Session, act: str, report: Sent | None) -> int:
        named = {"report": str(report.key)} if report else {}
        return journal.record(
            session,
            System(),
            act,
            "report" if report else "operation",
            new_id(),
            operation=self.played.scene.operation,
            country=report.country if report else None,
            **named,
        )

    def _lines(self, report: Sent) -> list[CountedLine]:
        amounts = {**report.amounts, CHECKS: 10}
        return [
            CountedLine(self.played.scene.operation, report.country, UUID(int=1), report.day, facet, many)
            for facet, many in amounts.items()
            if many
        ]

    def _content(self) -> tuple[int, dict[Facet, int]]:
        amounts = {
            facet: self.dice.choice((0, 1, self.dice.randint(0, self.most), self.dice.randint(0, 12)))
            for facets in OF.values()
            for facet in facets
        }
        number = len(self.played.held)
        self.played.held[number] = amounts
        return number, amounts

    @property
    def countries(self) -> tuple[str, ...]:
        """Those that take part."""
        return self.played.countries

    def age(self, entry: int) -> float:
        """For how many hours what was so with an entry has not been so any more: 0 where nothing came after."""
        later = [at for each, at in self.times.items() if each > entry]
        return (self.at - min(later)) / timedelta(hours=1) if later else 0.0

    def step(self) -> int:
        """Something happens; the number of its entry."""
        played, dice = self.played, self.dice
        self.at += timedelta(minutes=dice.choice((10, 30, 120)))
        standing = [each for each in played.reports if each.level]
        what = dice.choice(("send", "send", "climb", "climb", "climb", "correct", "withdraw")) if standing else "send"
        with clock.at(self.at), played.scene.store.unit_of_work(System()) as session:
            if what == "send":
                days = min(len(DAYS), 1 + len(played.reports) // 5)
                report = Sent(
                    new_id(),
                    dice.choice(played.countries),
                    dice.choice(DAYS[max(0, days - 2) : days]),
                    *self._content(),
                )
                played.reports.append(report)
                totals.move(session, self._lines(report), into=Level.V1)
            else:
                report = dice.choice(standing)
                before, lines = Level(report.level), self._lines(report)
                if what == "climb" and report.level < TOP:
                    report.level += 1
                    totals.move(session, lines, out_of=before, into=Level(report.level))
                elif what == "withdraw" and dice.random() < 0.5:
                    report.level = 0
                    totals.move(session, lines, out_of=before)
                else:
                    report.content, report.amounts = self._content()
                    totals.move(session, lines, out_of=before)
                    totals.move(session, self._lines(report), into=before)
            self.entry = self._record(session, f"report.{what}", report)
        return self._noted()

    def hold(self, amounts: dict[Facet, int]) -> int:
        """The reports that stand are withdrawn, and one of the home country holds so much; the number of its entry."""
        self.at += timedelta(hours=1)
        for report in [each for each in self.played.reports if each.level]:
            with clock.at(self.at), self.played.scene.store.unit_of_work(System()) as session:
                totals.move(session, self._lines(report), out_of=Level(report.level))
                report.level = 0
                self.entry = self._record(session, "report.withdraw", report)
            self._noted()
        number = len(self.played.held)
        self.played.held[number] = amounts
        report = Sent(new_id(), HOME, DAYS[0], number, amounts)
        self.played.reports.append(report)
        with clock.at(self.at), self.played.scene.store.unit_of_work(System()) as session:
            totals.move(session, self._lines(report), into=Level.V1)
            self.entry = self._record(session, "report.send", report)
        return self._noted()

    def _noted(self) -> int:
        self.times[self.entry] = self.at
        self.played.stood[self.entry] = {
            each.content: (each.country, each.day, each.level) for each in self.played.reports if each.level
        }
        return self.entry


# ------------------------------------------------------------------------------------------------------- attack


class Stood(NamedTuple):
    """With which entry a figure stands as it is shown to a reader: its sums, each country and day, the parts of it."""

    sums: int
    columns: dict[str, int]
    parts: int


States = Callable[[Played, Session, Actor, Kpi], Stood | None]
"""What the attacker is told besides: as of which moment each number stands. None: nothing was released yet."""


def as_released(played: Played, session: Session, by: Actor, kpi: Kpi) -> Stood | None:
    """As the releases have it that are recorded."""
    frame = BoardFrame(played.scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE)
    found = releases.released_figures(session, frame.operation, board.reader_of(session, frame, by)).get(kpi)
    if found is None or found.sums is None:
        return None
    columns = dict(found.tables.content["at"]) if found.tables else {}
    return Stood(found.sums.state, columns, columns.pop("parts", 0))


def live(played: Played, _session: Session, _by: Actor, _kpi: Kpi) -> Stood:
    """As boards were before: everything at once."""
    now = max(played.stood)
    return Stood(now, dict.fromkeys((*played.countries, *DAYS), now), now)


class Watcher:
    """The attack on one figure of a person who belongs to one or more audiences, over all moments of a look.

    `moved`: the numbers that moved by fewer than eleven between two looks.
    """

    def __init__(self, played: Played, readers: Sequence[Actor], kpi: Kpi) -> None:
        self.played, self.readers, self.kpi = played, readers, kpi
        self.home = next((by.country for by in readers if by.national and by.country != "outside"), None)
        central = any(not by.national for by in readers)
        self.levels = tuple(range(1, TOP + 1)) if central else (TOP,)
        self.sums: set[tuple[Cell, int, int]] = set()
        self.seen: set[str] = set()
        self.secrets: dict[Cell, str] = {}
        self.last: dict[tuple[object, ...], float] = {}
        self.moved: list[tuple[object, ...]] = []

    def look(self, session: Session, by: Actor, stood: Stood | None) -> None:
        """Read everything that a board hands out, which stands so; the same is not learnt twice."""
        seen = f"{by.role} {by.country} {stood}"
        if stood is None or seen in self.seen:
            return
        self.seen.add(seen)
        home = by.country if by.national else None
        central = home is None
        with_days: set[int] = set()
        for level in self.levels if central else (TOP,):
            of = BoardFrame(
                self.played.scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=Level(level)
            )
            reached = lambda place, least=level: place[2] >= least  # noqa: E731
            under = lambda place, least=level: place[2] < least  # noqa: E731
            figure = board.read_board(session, of, by).figures
            shown = figure[self.kpi]
            self._told(stood.sums, reached, shown.value, (by.role, "all", level))
            self._earlier(shown.earlier, reached, (by.role, "all", level))
            if shown.few:
                self._learn(self._cell(stood.sums, reached), 1, 10)
            if central:
                self._told(stood.sums, under, shown.unverified, (by.role, "all", -level))
            if (share := SHARES.get(self.kpi)) and figure[share].of is not None:
                for name, status in (("Formally identified", "identified"), ("Potential victims", "potential")):
                    cell = self._cell(stood.parts, reached, status)
                    assert self.played.amount(self.kpi, cell) == figure[share].parts[name], "the board is wrong"
                    self._learn(cell, figure[share].parts[name], figure[share].parts[name])
            for row in board.by_country(session, of, self.kpi, by):
                here = lambda place, it=row.country: place[0] == it and place[2] >= level  # noqa: B023, E731
                self._earlier(row.earlier, here, (by.role, row.country, level))
                for sign, levels, count in ((1, reached, row.verified), (-1, under, row.unverified)):
                    there = lambda place, it=row.country, at=levels: place[0] == it and at(place)  # noqa: E731
                    others = central or (levels is reached and row.country != home)
                    if row.country in stood.columns and others:
                        self._told(stood.columns[row.country], there, count, (by.role, row.country, sign * level))
            days = board.by_day(session, of, self.kpi, by)
            for part, levels, total in ((1, reached, shown.value), (2, under, shown.unverified)):
                told = {row[0]: row[part] for row in days}
                here = set(DAYS) & stood.columns.keys()
                if total == 0 and not told:  # nothing of a figure is nothing on each of its days
                    here = {day for day in here if stood.columns[day] == stood.sums}
                if (total == 0 and not told) or any(count is not None for count in told.values()):
                    with_days |= {each for each in self.levels if levels(("", "", each))}
                    for day in here:
                        there = lambda place, it=day, at=levels: place[1] == it and at(place)  # noqa: E731
                        self._told(stood.columns[day], there, told.get(day, 0), (by.role, day, level, part))
        for entry in {stood.sums, *stood.columns.values()} - {0}:
            self._suspect(entry)
        self._kinds(by, stood, with_days)

    def _cell(self, entry: int, where: Callable[[Place], bool], status: str | None = None) -> Cell:
        return self.played.cells(self.kpi, entry, lambda place: place[2] in self.levels and where(place), status)

    def _learn(self, cell: Cell, least: int, most: int) -> None:
        if cell:
            self.sums.add((cell, least, most))

    def _told(
        self, entry: int, where: Callable[[Place], bool], count: float | None, number: tuple[object, ...]
    ) -> None:
        if count is not None and entry:
            if 0 < abs(count - self.last.get(number, count)) <= 10:
                self.moved.append((*number, self.last[number], count))
            self.last[number] = count
            cell = self._cell(entry, where)
            assert self.played.amount(self.kpi, cell) == count, "the board is wrong"
            self._learn(cell, int(count), int(count))

    def _earlier(self, told: EarlierNumber | None, where: Callable[[Place], bool], number: tuple[object, ...]) -> None:
        """Read a number that is hidden now, as it was told last."""
        if told is not None:
            self._told(told.state, where, told.amount, number)
            self._suspect(told.state)

    def _tables(self, entry: int, level: int) -> Iterator[dict[str, Cell]]:
        """The others' countries, and their part of the days, at exactly one level."""
        yield {
            each: self._cell(entry, lambda place, it=each: place[0] == it and place[2] == level)
            for each in self.played.countries
            if each != self.home
        }
        yield {
            day: self._cell(entry, lambda place, it=day: place[1:] == (it, level) and place[0] != self.home)
            for day in DAYS
        }

    def _kinds(self, by: Actor, stood: Stood, with_days: set[int]) -> None:
        """What nobody can know: of each table that is told, which hidden numbers are small, and that no other is."""
        levels = (TOP,) if by.national else self.levels
        for level, (name, entry) in product(levels, stood.columns.items()):
            if not entry or (name in DAYS and level not in with_days) or name == self.home:
                continue
            countries, days = self._tables(entry, level)
            cell = (countries | days)[name]
            many = self.played.amount(self.kpi, cell)
            silent = by.national and name in self.played.countries and name not in self.played.sharing
            if many and not silent:
                self._learn(cell, *((1, 10) if many <= 10 else (11, MOST)))

    def _suspect(self, entry: int) -> None:
        """What this reader must not learn: small numbers of others, by country, by day, and by both."""
        for level in self.levels:
            countries, days = self._tables(entry, level)
            both = {f"{one} {day}": there & when for one, there in countries.items() for day, when in days.items()}
            for name, cell in (countries | days | both).items():
                if 0 < self.played.amount(self.kpi, cell) <= 10:
                    self.secrets.setdefault(cell, f"{name} V{level} at {entry}")

    def narrowed(self) -> list[tuple[str, int, int, int]]:
        """The secrets that keep fewer than five values: (what, least, most, true number). Empty is as it must be."""
        return list(self._narrowed()) if self.secrets else []

    def _narrowed(self) -> Iterator[tuple[str, int, int, int]]:
        held, model = self.played.held, cp_model.CpModel()
        unknown = {one for cell, _least, _most in self.sums for one in cell} | {one for c in self.secrets for one in c}
        counts = {one: model.new_int_var(0, MOST, f"{one[0]} {one[1]}") for one in sorted(unknown)}
        for content, status in unknown:
            if any(self.home == s[content][0] for s in self.played.stood.values() if content in s):
                [own] = [
                    many for facet, many in held[content].items() if (facet in OF[self.kpi]) and facet.status == status
                ]
                model.add(counts[content, status] == own)
        for cell, least, most in sorted(self.sums, key=str):
            assert least <= self.played.amount(self.kpi, cell) <= most, "the attacker was told something that is not so"
            model.add_linear_constraint(sum(counts[one] for one in cell), least, most)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        found: defaultdict[Cell, set[int]] = defaultdict(set)

        def solve(best: Callable[..., object], cells: Iterable[Cell]) -> None:
            best(sum(counts[one] for cell in cells for one in cell))
            status = solver.solve(model)
            assert status == cp_model.OPTIMAL, solver.status_name(status)
            for cell in self.secrets:
                found[cell].add(sum(solver.value(counts[one]) for one in cell))

        def open_still() -> list[Cell]:
            return [each for each in self.secrets if max(found[each], default=0) - min(found[each], default=0) < 4]

        solve(model.minimize, self.secrets)
        solve(model.maximize, self.secrets)
        for cell in self.secrets:
            if cell in open_still():
                solve(model.minimize, [cell])
                if cell in open_still():
                    solve(model.maximize, [cell])
        for cell in open_still():
            yield self.secrets[cell], min(found[cell]), max(found[cell]), self.played.amount(self.kpi, cell)


@dataclass
class Tally:
    """How many small numbers were attacked and which were found; how many states of all were let out.

    `ages`: at each look of leadership in hours how old its sums were, and each country's number.
    """

    attacked: int = 0
    found: list[object] = field(default_factory=list)
    moved: list[object] = field(default_factory=list)
    let_out: Counter[str] = field(default_factory=Counter)
    ages: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def look(self, player: Player, stood: Stood | None) -> None:
        """Note how old what leadership sees is: since when something else was so."""
        if stood is None:
            return
        for of, entries in (("sums", [stood.sums]), ("countries", [stood.columns.get(c, 0) for c in player.countries])):
            self.ages[of] += [player.age(entry) for entry in entries if entry]


Looks = Callable[[int, int], bool]
EVERY: Looks = lambda number, _of: True  # noqa: E731
FIFTH: Looks = lambda number, _of: number % 5 == 0  # noqa: E731
THREE: Looks = lambda number, of: number in (of // 3, 2 * of // 3, of - 1)  # noqa: E731


def nobody_takes_part(operation: UUID) -> Actor:
    """Whoever is outside: partners, press, public."""
    return Actor(
        UUID(int=0),
        "",
        Role.NATIONAL_COORDINATOR,
        "outside",
        Classification.CONFIDENTIAL,
        operations=frozenset({operation}),
    )


def watch(
    store: Store,
    seed: int,
    histories: int,
    states: States,
    between: Callable[[Played], None],
    others: int | None = None,
    lengths: tuple[int, ...] = (6, 10, 16),
    pairs: bool = False,
) -> Tally:
    """Play random histories and attack them: as leadership, as another country, from outside.

    `pairs`: as those who belong to two audiences: leadership that reads what is published, a coordinator who does, a
    coordinator and an officer at a post of the same country.

    `between` may happen after an entry: what the timetable does. Each way of looking is an attack of its own.
    """
    dice, tally = random.Random(seed), Tally()
    for number in range(histories):
        player = Player(store, dice, others)
        played, looks = player.played, (EVERY, FIFTH, THREE)[number % 3]
        lena, chaima, outside = played.scene["lena"], played.scene["chaima"], nobody_takes_part(played.scene.operation)
        post = replace(chaima, role=Role.NATIONAL_OFFICER, posted=True)
        groups = ((lena, outside), (chaima, outside), (chaima, post)) if pairs else ((lena,), (chaima,), (outside,))
        leadership, *rest = [[Watcher(played, readers, kpi) for kpi in OF] for readers in groups]
        watchers = [*leadership, *(each[number % len(OF)] for each in rest)]
        entries = dice.choice(lengths)
        for step in range(entries):
            player.step()
            if dice.random() < 0.5:
                with clock.at(player.at + timedelta(minutes=1)):
                    between(played)
            if looks(step, entries):
                for watcher, by in [(one, by) for one in watchers for by in one.readers]:
                    with clock.at(player.at), store.reading(by) as session:
                        stood = states(played, session, by, watcher.kpi)
                        watcher.look(session, by, stood)
                    if by is lena:
                        tally.look(player, stood)
        for watcher in watchers:
            tally.attacked += len(watcher.secrets)
            role = watcher.readers[0].role
            tally.found += [(seed, number, role, watcher.kpi, each) for each in watcher.narrowed()]
            if looks is EVERY:  # who looks seldom sees two releases that others lie between
                tally.moved += [(seed, number, role, watcher.kpi, each) for each in watcher.moved]
            tally.let_out[role] += len(watcher.seen)
    return tally


assert all(CATALOGUE[kpi].persons for kpi in OF)
