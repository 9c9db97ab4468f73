"""An attacker who reads everything that the board hands out at one moment, and works out the rest with a solver.

The attacker knows the rule as it is published, and more than anybody can know: of each hidden number whether it is one
of 1 to 10 or one that was hidden for the sake of others, and in which days and countries there can be results at all.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from ortools.sat.python import cp_model

from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core import clock
from operations.core.people import Actor, System
from operations.core.vocabulary import Level, LineKind
from operations.disclosure import suppression
from operations.disclosure.releases import released_figures
from operations.figures import board
from operations.figures.releases import decision
from operations.totals import activity, totals
from operations.totals.totals import CountedLine, Facet
from tests.makers import Running, let_out, running
from tests.operations.test_board import LATER, frame

HOME, OTHERS = "NER", ("MLI", "TCD", "NGA", "BEN", "BFA")
DAYS = tuple(f"2026-03-0{day}" for day in range(2, 7))
LEVELS = (Level.V1, Level.V2, Level.V3)
MOST = 1_000_000
Cell = tuple[str, str, int]
FACETS = {
    Kpi.DETECTIONS: Facet(LineKind.MIGRANT_DETECTION, "operational"),
    Kpi.ARRESTS: Facet(LineKind.ARREST, "operational", offence="migrant_smuggling"),
    Kpi.LOCATED: Facet(LineKind.POSITIVE_LOCATION, "operational"),
    Kpi.DATABASE_CHECKS: Facet(
        LineKind.CHECK_TALLY, "operational", check_kind="database_query", database="sltd", status="mobile_device"
    ),
}


@dataclass
class History:
    """What was reported by one moment, by figure, country, day and exact level; and who shares its totals."""

    cells: dict[Kpi, Counter[Cell]]
    countries: tuple[str, ...]
    sharing: frozenset[str]


@dataclass
class Seen:
    """Sums that the attacker knows: of which cells, at least, at most."""

    kpi: Kpi
    sums: set[tuple[frozenset[Cell], int, int]] = field(default_factory=set)

    def learn(self, cells: Iterable[Cell], least: int, most: int = MOST) -> None:
        """A sum lies between two numbers."""
        if found := frozenset(cells):
            self.sums.add((found, least, most))


def invent(dice: random.Random) -> History:
    """A random history: few or many countries, days and levels, few or many persons."""
    countries = (HOME, *OTHERS[: dice.randint(1, 5)])
    most, days = dice.choice((3, 8, 15, 40, 400)), DAYS[: dice.randint(1, 5)]
    levels = LEVELS[dice.choice((0, 0, 1, 2)) :]
    cells: dict[Kpi, Counter[Cell]] = {kpi: Counter() for kpi in FACETS}
    for kpi, found in cells.items():
        for _ in range(dice.randint(1, 4 * len(countries))):
            cell = dice.choice(countries), dice.choice(days), int(dice.choice(levels))
            many = dice.choice((1, 1, 50)) if kpi is Kpi.DATABASE_CHECKS else 1
            found[cell] += many * dice.choice((1, dice.randint(1, most), dice.randint(1, 12)))
    return History(cells, countries, frozenset(each for each in countries if dice.random() < 0.5))


def put(scene: Running, history: History) -> None:
    """Let totals hold exactly this history, and the participating countries be these."""
    with scene.store.unit_of_work(System()) as session:
        for country in (HOME, *OTHERS):
            activity.release_country(session, scene.operation, country)
        session.flush()
        for country in history.countries:
            activity.expect_country(session, scene.operation, country, country in history.sharing)
        for kpi, found in history.cells.items():
            for (country, day, level), count in found.items():
                line = CountedLine(scene.operation, country, UUID(int=1), day, FACETS[kpi], count)
                totals.move(session, [line], into=Level(level))
    let_out(scene)


@dataclass
class Handed:
    """Everything that the board hands out to one reader, at every level and for every country that it may open."""

    by: Actor
    boards: list[board.FigureBoard] = field(default_factory=list)
    countries: list[tuple[Kpi, Level, list[board.CountryRow]]] = field(default_factory=list)
    days: list[tuple[Kpi, Level, list[tuple[str, int | None, int | None]]]] = field(default_factory=list)
    older: set[Kpi] = field(default_factory=set)
    """Figures that stand as they were told before this history, when nothing was reported: all of them may."""

    @classmethod
    def to(cls, scene: Running, history: History, name: str, figures: Iterable[Kpi]) -> "Handed":
        """What the real functions of the board return."""
        found = cls(scene[name])
        with clock.at(LATER), scene.store.reading(found.by) as session:
            reader = board.reader_of(session, frame(scene, Level.V3), found.by)
            told = released_figures(session, scene.operation, reader)
            states = {kpi: [view.state for view in (shown.sums, shown.tables) if view] for kpi, shown in told.items()}
            moved = decision.moved(session, scene.operation)
            found.older = {kpi for kpi, known in states.items() if known and min(known) < moved}
            for level in (Level.V3,) if found.by.national else LEVELS:
                for each in (None, *(() if found.by.national else history.countries)):
                    found.boards.append(board.read_board(session, frame(scene, level, each), found.by))
                whole = frame(scene, level)
                for kpi in figures:
                    found.countries.append((kpi, level, board.by_country(session, whole, kpi, found.by)))
                    found.days.append((kpi, level, board.by_day(session, whole, kpi, found.by)))
        return found


class Attack:
    """One reader's attack on one figure."""

    def __init__(self, history: History, handed: Handed, kpi: Kpi) -> None:
        self.history, self.by, self.kpi = history, handed.by, kpi
        self.truth = history.cells[kpi]
        self.persons = CATALOGUE[kpi].persons
        self.levels = (int(Level.V3),) if self.by.national else tuple(int(level) for level in LEVELS)
        self.own = HOME if self.by.national else None
        self.others = [each for each in history.countries if each != self.own]
        self.kept_back = {each for each in self.others if self.own and each not in history.sharing}
        self.seen = Seen(kpi)
        self._learn(handed)

    def cells(
        self, level: Callable[[int], bool], country: str | None = None, day: str | None = None
    ) -> frozenset[Cell]:
        """The cells of a country or all, on a day or all."""
        return frozenset(
            (each, when, reached)
            for each in ([country] if country else self.history.countries)
            for when in ([day] if day else DAYS)
            for reached in self.levels
            if level(reached)
        )

    def amount(self, cells: Iterable[Cell]) -> int:
        """What the cells really hold together."""
        return sum(self.truth[cell] for cell in cells)

    def _learn(self, handed: Handed) -> None:
        if self.kpi in handed.older:
            assert not any(read.figures[self.kpi].value for read in handed.boards), "nothing was reported then"
        else:
            for read in handed.boards:
                self._figure(read, read.frame.country)
            for kpi, level, rows in handed.countries:
                if kpi is self.kpi:
                    self._countries(rows, level)
            for kpi, level, days in handed.days:
                if kpi is self.kpi:
                    self._days(days, level)
        if self.own:
            for cell in self.cells(lambda level: True, self.own):
                self.seen.learn([cell], self.truth[cell], self.truth[cell])
        self._kinds()

    def _told(self, cells: frozenset[Cell], count: int | None) -> None:
        if count is not None:
            assert count == self.amount(cells), "the board is wrong"
            self.seen.learn(cells, count, count)

    def _figure(self, read: board.FigureBoard, country: str | None) -> None:
        found, level = read.figures[self.kpi], read.frame.level
        cells = self.cells(suppression.at_least(level), country)
        self._told(cells, found.value)
        if found.few:
            self.seen.learn(cells, 1, 10)
        if not self.by.national:
            self._told(self.cells(suppression.below(level), country), found.unverified)
        for day, count in found.trend:
            self._told(self.cells(suppression.at_least(level), country, day), count)
        if found.validated is not None:
            self._told(self.cells(suppression.at_least(Level.V3), country), int(found.validated))
        if self.kpi is Kpi.DATABASE_CHECKS:
            for rate in read.figures[Kpi.HIT_RATE].rates.values():
                self._told(cells, rate.of)
        if self.kpi is Kpi.ARRESTS and read.figures[Kpi.CORE_SHARE].of is not None:
            self._told(cells, read.figures[Kpi.CORE_SHARE].of)

    def _countries(self, rows: list[board.CountryRow], level: Level) -> None:
        for row in rows:
            assert row.country not in self.kept_back
            self._told(self.cells(suppression.at_least(level), row.country), row.verified)
            if not self.by.national:
                self._told(self.cells(suppression.below(level), row.country), row.unverified)

    def _days(self, rows: list[tuple[str, int | None, int | None]], level: Level) -> None:
        for part, levels in ((1, suppression.at_least(level)), (2, suppression.below(level))):
            told = {row[0]: row[part] for row in rows}
            if any(count is not None for count in told.values()):
                for day in DAYS:
                    self._told(self.cells(levels, day=day), told.get(day, 0))

    def _kinds(self) -> None:
        """What nobody can know: which hidden numbers are small, and that the others are the smallest that are not."""
        if not self.persons:
            return
        for reached in self.levels:
            exact = [(self.cells(lambda level, at=reached: level == at, each)) for each in self.others]
            counts = [self.amount(cells) for cells in exact]
            shown = {
                count for cells, count in zip(exact, counts, strict=True) if (cells, count, count) in self.seen.sums
            }
            least_shown = min(shown - {0}, default=MOST)
            for country, cells, count in zip(self.others, exact, counts, strict=True):
                if country not in self.kept_back and count:
                    most = least_shown if count not in shown else MOST
                    self.seen.learn(cells, *((1, 10) if count <= 10 else (11, max(count, most))))

    def secrets(self) -> dict[str, frozenset[Cell]]:
        """What this reader must not learn: small numbers of others, and every number that is kept back."""
        found = {}
        for reached in self.levels:
            only = lambda level, at=reached: level == at  # noqa: E731
            for country in self.others:
                cells = self.cells(only, country)
                if country in self.kept_back or (self.persons and 0 < self.amount(cells) <= 10):
                    found[f"{country} V{reached}"] = cells
            for day in DAYS if self.persons else ():
                cells = frozenset(cell for cell in self.cells(only, day=day) if cell[0] != self.own)
                if 0 < self.amount(cells) <= 10:
                    found[f"{day} V{reached}"] = cells
                for cell in cells:
                    if 0 < self.truth[cell] <= 10:
                        found[f"{cell[0]} {day} V{reached}"] = frozenset([cell])
        return found

    def narrowed(self) -> dict[str, tuple[int, int, int]]:
        """The secrets that keep fewer than five values: (least, most, true number). Empty is as it must be."""
        everything = self.cells(lambda level: True)
        model = cp_model.CpModel()
        counts = {cell: model.new_int_var(0, MOST, str(cell)) for cell in sorted(everything)}
        for cells, least, most in self.seen.sums:
            assert least <= self.amount(cells) <= most, "the attacker was told something that is not so"
            model.add_linear_constraint(sum(counts[cell] for cell in cells), least, most)
        found = {}
        for name, cells in self.secrets().items():
            ends = []
            for best in (model.minimize, model.maximize):
                best(sum(counts[cell] for cell in cells))
                solver = cp_model.CpSolver()
                solver.parameters.num_workers = 1
                status = solver.solve(model)
                assert status == cp_model.OPTIMAL, solver.status_name(status)
                ends.append(round(solver.objective_value))
            if ends[1] - ends[0] + 1 < 5:
                found[name] = (ends[0], ends[1], self.amount(cells))
        return found


@dataclass
class Tally:
    """How many secrets were attacked, and which were found."""

    attacked: int = 0
    found: list[object] = field(default_factory=list)


def attack(scene: Running, seed: int, histories: int) -> Tally:
    """Attack random histories as leadership and as an officer of a third country."""
    dice, tally = random.Random(seed), Tally()
    for number in range(histories):
        history, scene = invent(dice), running(scene.store)
        put(scene, history)
        for name, figures in (("lena", (Kpi.DETECTIONS,)), ("bruno", tuple(FACETS))):
            handed = Handed.to(scene, history, name, figures)
            for kpi in figures:
                one = Attack(history, handed, kpi)
                tally.attacked += len(one.secrets())
                tally.found += [(seed, number, name, kpi, secret) for secret in one.narrowed().items()]
    return tally
