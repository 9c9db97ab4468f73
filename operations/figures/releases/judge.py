"""The judge of releases: whether all that an audience has seen, and would see now, keeps every small number open.

Numbers shown at several states of an operation are sums of amounts held by single reports. The audience is assumed to
know more than it can: for each report that holds anybody its country, official day and level at every state, and for
each hidden number whether it is from 1 to 10. Then the sums are linear equations over all states together, and a small
number is open while two integer solutions differ enough in it. The truth is one solution; `solver` searches for others.
Numbers that it cannot settle are not released.

Earlier states are read once for all questions about one state, and solutions found once are tried first, also in the
next decision: reports that no longer move are in no new sum. Pure: no storage, no clock.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from operations.disclosure import small_numbers

ROOM = 20
"""The largest difference from the truth that is considered: small numbers need a fifth of it."""

Place = tuple[str, str, int]
"""Country, official day and exact level."""


class ReportHolding(NamedTuple):
    """The amount that a report holds of one part of a figure, and its level from each entry on (0: nowhere).

    Where it is unknown which report an amount was taken from, it is held as a negative amount.
    """

    country: str
    day: str
    part: str
    amount: int
    levels: tuple[tuple[int, int], ...]


class AudienceState(NamedTuple):
    """The sums that an audience was shown as of an entry, by exact level.

    `totals`, and the cells of `countries` and `days` at each level, say whether the number was shown or hidden; cells
    not shown as of this state are left out. `parts` are pairs of a part and the level from which it was shown.
    `kept_back` are countries whose numbers no rule bounds.
    """

    seq: int
    totals: Mapping[int, bool]
    countries: Mapping[str, Mapping[int, bool]] = {}
    days: Mapping[str, Mapping[int, bool]] = {}
    parts: Set[tuple[str, int]] = frozenset()
    kept_back: Set[str] = frozenset()


Cell = tuple[str, str, int]
"""A sum: its kind ("total", "country", "day", "both", "part"), its name, its level."""
TOTAL, COUNTRY, DAY, BOTH, PART = "total", "country", "day", "both", "part"


@dataclass
class SumRow:
    """A sum of unknowns with its bounds, as differences from the truth."""

    unknowns: Mapping[int, int]
    least: float
    most: float


class Secret(NamedTuple):
    """A sum that must stay open: the difference that two solutions must have in it, its cell, and its state."""

    wide: int
    cell: Cell
    state: int


@dataclass
class SecretQuestion:
    """The unknowns with their true amounts, the known sums, and the sums that must stay open.

    An unknown stands for all units that moved alike: `units` are their indices among the holdings. `spans` are the
    first and last state, counted from 0, at which it moved.
    """

    amounts: list[int] = field(default_factory=list)
    rows: list[SumRow] = field(default_factory=list)
    secrets: dict[frozenset[int], Secret] = field(default_factory=dict)
    units: list[list[int]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    holds: dict[int, int] = field(default_factory=dict)
    """The amount of each unit."""
    read: int = 0
    """The number of rows from earlier states."""


class AudienceAttack:
    """The knowledge of an audience that saw these states, to be asked what one more, at entry `seq`, would reveal.

    It knows the holdings of its `home`, and sees levels from `least` up; `kept_back` are countries hidden from it.
    """

    def __init__(
        self,
        held: Iterable[ReportHolding],
        before: Sequence[AudienceState],
        seq: int,
        home: str | None,
        least: int,
        kept_back: Set[str],
    ) -> None:
        seqs = [*(state.seq for state in before), seq]
        classes: dict[tuple[Any, ...], int] = {}
        question = SecretQuestion()
        moves: list[list[tuple[int, int, int, ReportHolding]]] = [[] for _ in seqs]
        for unit, holding in enumerate(held):
            if holding.country == home:
                continue
            at: dict[int, int] = {}
            for entry, level in holding.levels:
                if (place := bisect_left(seqs, entry)) < len(seqs):
                    at[place] = level if level >= least else 0
            changes = [(place, level) for place, level in sorted(at.items())]
            changes = [change for n, change in enumerate(changes) if change[1] != (changes[n - 1][1] if n else 0)]
            if not changes:
                continue
            question.holds[unit] = holding.amount
            key = (holding.country, holding.day, holding.part, holding.amount < 0, tuple(changes))
            number = classes.setdefault(key, len(classes))
            if number < len(question.amounts):
                question.amounts[number] += holding.amount
                question.units[number].append(unit)
                continue
            question.amounts.append(holding.amount)
            question.units.append([unit])
            question.spans.append((changes[0][0], changes[-1][0]))
            level = 0
            for place, after in changes:
                moves[place].append((number, level, after, holding))
                level = after
        self._reading = _Reading(question, least, kept_back)
        for state, moved in zip(before, moves[:-1], strict=True):
            self._reading.move(moved)
            self._reading.note(state)
        self._reading.move(moves[-1])

    def question(self, state: AudienceState) -> SecretQuestion:
        """Return the question that this state would let the audience ask."""
        return self._reading.after(state)


class _Reading:
    """Reads the states in order and collects the sums that each revealed."""

    def __init__(self, question: SecretQuestion, least: int, kept_back: Set[str]) -> None:
        self.question, self.least, self.kept_back = question, least, kept_back
        self.number = -1
        self.cells: defaultdict[Cell, set[int]] = defaultdict(set)
        self.sums: Counter[Cell] = Counter()
        self.touched: set[Cell] = set()
        self.untold: set[Cell] = set()
        """The cells that changed since they were last shown."""
        self.told: dict[Cell, frozenset[int]] = {}
        self.known: set[frozenset[int]] = set()
        """Sums that were shown once: a country that hides its totals later has already been seen."""
        self.noted: dict[Cell, tuple[frozenset[int], float, float]] = {}
        self.frozen: dict[Cell, frozenset[int]] = {}

    def move(self, moved: Sequence[tuple[int, int, int, ReportHolding]]) -> None:
        """Advance to the next state, applying the moves up to it."""
        self.number, self.touched = self.number + 1, set()
        for number, before, after, held in moved:
            many = self.question.amounts[number]
            for level, sign, change in ((before, -1, set.discard), (after, 1, set.add)):
                for cell in self._cells_of(held, level) if level else ():
                    change(self.cells[cell], number)
                    self.sums[cell] += sign * many
                    self.touched.add(cell)
        for cell in self.touched:
            self.frozen.pop(cell, None)
        self.untold |= self.touched

    def after(self, state: AudienceState) -> SecretQuestion:
        """Return the question with this as the last state, without recording it here."""
        last, question = copy(self), self.question
        last.question = replace(
            question, rows=[*question.rows], secrets=dict(question.secrets), read=len(question.rows)
        )
        last.untold, last.told, last.known = set(self.untold), dict(self.told), set(self.known)
        last.noted = dict(self.noted)
        last.note(state)
        return last.question

    def _unknowns(self, cell: Cell) -> frozenset[int]:
        if cell not in self.frozen:
            self.frozen[cell] = frozenset(self.cells.get(cell, ()))
        return self.frozen[cell]

    def _cells_of(self, held: ReportHolding, level: int) -> list[Cell]:
        cells = [
            (TOTAL, "", level),
            (COUNTRY, held.country, level),
            (DAY, held.day, level),
            (BOTH, f"{held.country} {held.day}", level),
        ]
        return cells + [(PART, held.part, part_level) for part_level in range(self.least, level + 1) if held.part]

    def note(self, state: AudienceState) -> None:
        """Record the sums that a state reveals, and those that must stay open."""
        for level, told in state.totals.items():
            self._note((TOTAL, "", level), told, None, state)
        for kind, columns in ((COUNTRY, state.countries), (DAY, state.days)):
            for level in {level for column in columns.values() for level in column}:
                self._table(kind, level, {name: column[level] for name, column in columns.items()}, state)
        for part, level in state.parts:
            self._note((PART, part, level), True, None, state)
        for cell in sorted(touched_cell for touched_cell in self.touched if touched_cell[0] != PART):
            many = self.sums[cell]
            if small_numbers.small(many):
                self._secret(cell, small_numbers.FEWEST_POSSIBILITIES - 1)
            elif cell[0] == COUNTRY and cell[1] in self.kept_back and many:
                wide = max(small_numbers.FEWEST_POSSIBILITIES, many // small_numbers.NARROWEST_SHARE)
                self._secret(cell, min(wide, ROOM) - 1)

    def _secret(self, cell: Cell, wide: int) -> None:
        unknowns = self._unknowns(cell)
        if cell[0] == COUNTRY and unknowns in self.known:
            return
        before = self.question.secrets.get(unknowns)
        if before is None or before.wide < wide:
            self.question.secrets[unknowns] = Secret(wide, cell, self.number)

    def _table(self, kind: str, level: int, table: Mapping[str, bool], state: AudienceState) -> None:
        sums = {name: self.sums[kind, name, level] for name in table}
        most = min((many for name, many in sums.items() if table[name] and many), default=None)
        for name, told in table.items():
            self._note((kind, name, level), told, most, state)

    def _note(self, cell: Cell, told: bool, most: int | None, state: AudienceState) -> None:
        before = self.told.get(cell)
        if told:
            if before is not None and cell not in self.untold:
                return
            self.untold.discard(cell)
            unknowns = self.told[cell] = self._unknowns(cell)
            self.known.add(unknowns)
            if (before or frozenset()) != unknowns:
                new = dict.fromkeys(unknowns, 1)
                if before:  # both sums were shown: their difference is shorter and says the same
                    new = {**dict.fromkeys(before - unknowns, -1), **dict.fromkeys(unknowns - before, 1)}
                self.question.rows.append(SumRow(new, 0, 0))
            return
        self.told.pop(cell, None)
        many, unknowns = self.sums[cell], self._unknowns(cell)
        if not unknowns or cell[1] in state.kept_back:
            return
        if small_numbers.small(many):
            bounds: tuple[float, float] = (1 - many, small_numbers.K - 1 - many)
        elif cell[0] == TOTAL or not many:
            return
        else:
            bounds = (small_numbers.K - many, max(most, many) - many if most is not None else float("inf"))
        if self.noted.get(cell) != (unknowns, *bounds):
            self.noted[cell] = (unknowns, *bounds)
            self.question.rows.append(SumRow(dict.fromkeys(unknowns, 1), *bounds))
