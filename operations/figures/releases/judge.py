"""The judge of releases: whether all that an audience has seen, and would see now, keeps every small number open.

Numbers shown at several states of an operation are sums of amounts held by single reports. The audience is assumed to
know more than it can: for each report that holds anybody its country, official day and level at every state, and for
each hidden number whether it is from 1 to 10. Then the sums are linear equations over all states together, and a small
number is open while two integer solutions differ enough in it. The truth is one solution; `solver` searches for others.
Numbers that it cannot settle are not released.

Movements are numbers too. What came to a number since it was last shown, or left it, must stay open where it is small,
and no number moves by fewer than eleven.

Each state is read once. Pure: no storage, no clock.
"""

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
MOVED = "moved"
"""The kind of a total that moved by fewer than eleven: then no number may be shown as of this state."""


@dataclass
class SumRow:
    """A sum of unknowns with its bounds, as differences from the truth."""

    unknowns: Mapping[int, int]
    least: float
    most: float


class Secret(NamedTuple):
    """A sum that must stay open: the difference that two solutions must have in it, its cell, and its state.

    `home` is the country whose readers must not learn it; "" for all who hold no part of it.
    """

    wide: int
    cell: Cell
    state: int
    home: str = ""


SecretKey = tuple[frozenset[int], str]
"""The unknowns of a secret and its `home`."""


@dataclass
class SecretQuestion:
    """The unknowns with their true amounts, the known sums, and the sums that must stay open.

    An unknown is the amount of one holding. `spans` are the first and last state, counted from 0, at which it moved.
    """

    amounts: list[int] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    spans: list[list[int]] = field(default_factory=list)
    rows: list[SumRow] = field(default_factory=list)
    secrets: dict[SecretKey, Secret] = field(default_factory=dict)
    moved: list[Cell] = field(default_factory=list)
    """The numbers that the new states would show moved by fewer than eleven."""
    homes: Sequence[str] = ()
    read: int = 0
    """The number of rows from earlier states."""


class AudienceAttack:
    """The knowledge of an audience that saw these states, to be asked what more states, at entry `seq`, would reveal.

    It sees levels from `least` up. `homes` are the countries whose readers belong to it and know what theirs holds;
    `kept_back` are countries hidden from it.
    """

    def __init__(
        self,
        held: Sequence[ReportHolding],
        before: Sequence[AudienceState],
        seq: int,
        homes: Iterable[str],
        least: int,
        kept_back: Set[str],
    ) -> None:
        self._reading = _Reading(sorted(homes), least, kept_back)
        self._read: list[AudienceState] = []
        self._held: list[ReportHolding] = []
        self.catch_up(held, before, seq)

    def holds(
        self,
        held: Sequence[ReportHolding],
        before: Sequence[AudienceState],
        homes: Iterable[str],
        kept_back: Set[str],
    ) -> bool:
        """Whether what was read so far is the beginning of this knowledge, so that it only has to catch up."""
        same = self._reading.homes == sorted(homes) and self._reading.kept_back == kept_back
        return same and list(before[: len(self._read)]) == self._read and self._held_so(held)

    def _held_so(self, held: Sequence[ReportHolding]) -> bool:
        """Whether what was read of the holdings is their beginning."""
        steps = self._reading.steps
        return len(held) >= len(self._held) and all(
            now[:4] == then[:4] and now.levels[:read] == then.levels[:read]
            for now, then, read in zip(held, self._held, steps, strict=False)
        )

    def catch_up(self, held: Sequence[ReportHolding], before: Sequence[AudienceState], seq: int) -> None:
        """Read the states that were shown since, and what moved up to entry `seq`."""
        for state in before[len(self._read) :]:
            self._reading.move(held, state.seq)
            self._reading.note(state)
            self._reading.settle()
            self._read.append(state)
        self._reading.move(held, seq)
        self._held = list(held)

    def question(self, *states: AudienceState) -> SecretQuestion:
        """Return the question that these states would let the audience ask."""
        return self._reading.after(states)


class _Reading:
    """Reads the states in order and collects the sums that each revealed."""

    def __init__(self, homes: Sequence[str], least: int, kept_back: Set[str]) -> None:
        self.question, self.least, self.kept_back, self.homes = SecretQuestion(homes=homes), least, kept_back, homes
        self.number = 0
        self.steps: list[int] = []
        """How many levels of each holding were read."""
        self.levels: list[int] = []
        self.cells: defaultdict[Cell, set[int]] = defaultdict(set)
        self.sums: Counter[Cell] = Counter()
        self.previous: dict[Cell, frozenset[int]] = {}
        """The cells that changed since the last state, as they were then."""
        self.untold: set[Cell] = set()
        """The cells that changed since they were last shown."""
        self.told: dict[Cell, frozenset[int]] = {}
        self.last: dict[Cell, frozenset[int]] = {}
        """The cells as they were last shown, even where they are hidden since."""
        self.shown: dict[tuple[Any, ...], int] = {}
        """Each number as it was last shown."""
        self.known: set[frozenset[int]] = set()
        """Sums that were shown once: a country that hides its totals later has already been seen."""
        self.noted: dict[Cell, tuple[frozenset[int], float, float]] = {}
        self.frozen: dict[Cell, frozenset[int]] = {}

    def move(self, held: Sequence[ReportHolding], seq: int) -> None:
        """Apply the moves of the holdings up to an entry."""
        question, many = self.question, len(self.steps)
        for holding in held[many:]:
            question.amounts.append(holding.amount)
            question.countries.append(holding.country)
            question.days.append(holding.day)
            question.spans.append([self.number, self.number])
        self.steps += [0] * (len(held) - many)
        self.levels += [0] * (len(held) - many)
        for number, holding in enumerate(held):
            read, before = self.steps[number], self.levels[number]
            if read == len(holding.levels) or holding.levels[read][0] > seq:
                continue
            while read < len(holding.levels) and holding.levels[read][0] <= seq:
                read += 1
            level = holding.levels[read - 1][1]
            after = level if level >= self.least else 0
            self.steps[number], self.levels[number] = read, after
            if after == before:
                continue
            span = question.spans[number]
            span[:] = [span[0] if before or span[0] != span[1] else self.number, self.number]
            for there, sign, change in ((before, -1, set.discard), (after, 1, set.add)):
                for cell in self._cells_of(holding, there) if there else ():
                    if cell not in self.previous:
                        self.previous[cell] = self._unknowns(cell)
                    change(self.cells[cell], number)
                    self.sums[cell] += sign * holding.amount
                    self.frozen.pop(cell, None)
                    self.untold.add(cell)

    def settle(self) -> None:
        """End a state: what moves from now on belongs to the next."""
        self.question.read = len(self.question.rows)
        self.question.moved.clear()
        self.number, self.previous = self.number + 1, {}

    def after(self, states: Sequence[AudienceState]) -> SecretQuestion:
        """Return the question with these as the last states, without recording them here."""
        last, question = copy(self), self.question
        last.question = replace(
            question, rows=[*question.rows], secrets=dict(question.secrets), moved=[], read=len(question.rows)
        )
        last.untold, last.told, last.known = set(self.untold), dict(self.told), set(self.known)
        last.noted, last.last, last.shown = dict(self.noted), dict(self.last), dict(self.shown)
        for state in states:
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
        self._secrets()
        self._moves((TOTAL, ""), state.totals)
        for level, told in state.totals.items():
            self._note((TOTAL, "", level), told, None, state)
        for kind, columns in ((COUNTRY, state.countries), (DAY, state.days)):
            for name, column in columns.items():
                self._moves((kind, name), column)
            for level in {level for column in columns.values() for level in column}:
                self._table(kind, level, {name: column[level] for name, column in columns.items()}, state)
        for part, level in sorted(state.parts):  # no decision depends on the order of a set
            self._moved((PART, part, level), (PART, part, level), self.sums[PART, part, level])
            self._note((PART, part, level), True, None, state)

    # ------------------------------------------------------------------------------------------------ secrets

    def _secrets(self) -> None:
        """Record small numbers that changed, and what moved in few persons, since the number was last shown."""
        for cell in sorted(cell for cell in self.previous if cell[0] != PART):
            many, unknowns = self.sums[cell], self._unknowns(cell)
            self._secret(cell, unknowns, many)
            if cell[0] == COUNTRY and cell[1] in self.kept_back and many:
                wide = max(small_numbers.FEWEST_POSSIBILITIES, many // small_numbers.NARROWEST_SHARE)
                if unknowns not in self.known:
                    self._keep(cell, unknowns, min(wide, ROOM) - 1)
            before = self.previous[cell] if cell[0] == BOTH else self.last.get(cell)
            if before:
                for moved in (unknowns - before, before - unknowns):
                    if moved and (moved != unknowns):
                        self._secret(cell, moved, sum(self.question.amounts[number] for number in moved))

    def _secret(self, cell: Cell, unknowns: frozenset[int], many: int) -> None:
        if small_numbers.small(many) and not (cell[0] == COUNTRY and unknowns in self.known):
            self._keep(cell, unknowns, small_numbers.FEWEST_POSSIBILITIES - 1)
        if not self.homes or cell[0] not in (TOTAL, DAY) or len(unknowns) < 2:
            return
        by_country: Counter[str] = Counter()
        for number in unknowns:
            by_country[self.question.countries[number]] += self.question.amounts[number]
        for home in self.homes:
            if by_country[home] and small_numbers.small(many - by_country[home]):
                others = frozenset(number for number in unknowns if self.question.countries[number] != home)
                self._keep(cell, others, small_numbers.FEWEST_POSSIBILITIES - 1, home)

    def _keep(self, cell: Cell, unknowns: frozenset[int], wide: int, home: str = "") -> None:
        before = self.question.secrets.get((unknowns, home))
        if before is None or before.wide < wide:
            self.question.secrets[unknowns, home] = Secret(wide, cell, self.number, home)

    def _moves(self, column: tuple[str, str], told: Mapping[int, bool]) -> None:
        """Check each number that a column shows: at one level, from a level up, and below it."""
        levels = sorted(told)
        for place, level in enumerate(levels):
            for reach in ({level}, levels[place:], levels[:place]):
                if reach and all(told[each] for each in reach):
                    amount = sum(self.sums[(*column, each)] for each in reach)
                    self._moved((*column, level), (*column, *reach), amount)

    def _moved(self, cell: Cell, number: tuple[Any, ...], amount: int) -> None:
        if small_numbers.small(abs(amount - self.shown.get(number, amount))):
            self.question.moved.append((MOVED, *cell[1:]) if cell[0] == TOTAL else cell)
        self.shown[number] = amount

    # --------------------------------------------------------------------------------------------------- sums

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
            unknowns = self.told[cell] = self.last[cell] = self._unknowns(cell)
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
