"""The judge of releases: whether what an audience has seen, and would see now, leaves every small number open.

What boards showed at some states of an operation are sums of what single reports hold. The audience is taken to know
more than it can: of each report that holds anybody the country, the official day and the level at every state, and of
each hidden number whether it is one of 1 to 10. Then the sums are linear equations over all states together, and a
small number is open as long as two solutions in whole numbers lie far enough apart in it. The truth is one solution;
`solver` finds others. What it cannot settle is not released.

What was seen before is read once for all that may be asked about one state, and other solutions that were found once
are tried first, also at the next decision: reports that came to rest are in no new sum. Pure: no storage, no clock.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from operations.disclosure import small_numbers

ROOM = 20
"""How far a number is taken to differ from the truth at most: small ones need a fifth of it."""

Place = tuple[str, str, int]
"""Country, official day and exact level."""


class ReportHolding(NamedTuple):
    """What a report holds of one part of a figure: how much, and at which level from which entry on (0: nowhere).

    Where it is not known which report something was taken from, it is held with a negative amount.
    """

    country: str
    day: str
    part: str
    amount: int
    levels: tuple[tuple[int, int], ...]


class AudienceState(NamedTuple):
    """What an audience was shown of the state with an entry: which sums were told, by exact level.

    `totals`, and by country and by day the cells at each level, say whether the number was told or hidden; what was
    not shown as of this state is left out. `parts` are pairs of a part and the level from which on it was told.
    `kept_back` are countries whose numbers no rule bounds.
    """

    seq: int
    totals: Mapping[int, bool]
    countries: Mapping[str, Mapping[int, bool]] = {}
    days: Mapping[str, Mapping[int, bool]] = {}
    parts: Set[tuple[str, int]] = frozenset()
    kept_back: Set[str] = frozenset()


Cell = tuple[str, str, int]
"""A sum: of what ("total", "country", "day", "both", "part"), its name, its level."""
TOTAL, COUNTRY, DAY, BOTH, PART = "total", "country", "day", "both", "part"


@dataclass
class SumRow:
    """A sum of unknowns with its bounds, as differences from the truth."""

    unknowns: Mapping[int, int]
    least: float
    most: float


class Secret(NamedTuple):
    """A sum that must stay open: by how much two solutions must differ in it, what it is, and at which state it was."""

    wide: int
    cell: Cell
    state: int


@dataclass
class SecretQuestion:
    """The unknowns (how much each holds, as it is), what is known of their sums, and the sums that must stay open.

    An unknown stands for all that moved alike: `units` are their places in what is held. `spans` are the first and the
    last state, counted from 0, at which it moved.
    """

    amounts: list[int] = field(default_factory=list)
    rows: list[SumRow] = field(default_factory=list)
    secrets: dict[frozenset[int], Secret] = field(default_factory=dict)
    units: list[list[int]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    holds: dict[int, int] = field(default_factory=dict)
    """How much each unit holds."""
    read: int = 0
    """So many rows are of the states before."""


class AudienceAttack:
    """What an audience could try to work out that saw these states, once it sees one more, that of entry `seq`.

    It knows what its `home` holds, and sees levels from `least` on; `kept_back` are countries that keep theirs back.
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
        for unit, each in enumerate(held):
            if each.country == home:
                continue
            at: dict[int, int] = {}
            for entry, level in each.levels:
                if (place := bisect_left(seqs, entry)) < len(seqs):
                    at[place] = level if level >= least else 0
            changes = [(place, level) for place, level in sorted(at.items())]
            changes = [change for n, change in enumerate(changes) if change[1] != (changes[n - 1][1] if n else 0)]
            if not changes:
                continue
            question.holds[unit] = each.amount
            key = (each.country, each.day, each.part, each.amount < 0, tuple(changes))
            number = classes.setdefault(key, len(classes))
            if number < len(question.amounts):
                question.amounts[number] += each.amount
                question.units[number].append(unit)
                continue
            question.amounts.append(each.amount)
            question.units.append([unit])
            question.spans.append((changes[0][0], changes[-1][0]))
            level = 0
            for place, after in changes:
                moves[place].append((number, level, after, each))
                level = after
        self._reading = _Reading(question, least, kept_back)
        for state, moved in zip(before, moves[:-1], strict=True):
            self._reading.move(moved)
            self._reading.note(state)
        self._reading.move(moves[-1])

    def question(self, state: AudienceState) -> SecretQuestion:
        """What it could try once it sees this."""
        return self._reading.after(state)


class _Reading:
    """Goes through the states in their order and notes what each told."""

    def __init__(self, question: SecretQuestion, least: int, kept_back: Set[str]) -> None:
        self.question, self.least, self.kept_back = question, least, kept_back
        self.number = -1
        self.cells: defaultdict[Cell, set[int]] = defaultdict(set)
        self.sums: Counter[Cell] = Counter()
        self.touched: set[Cell] = set()
        self.untold: set[Cell] = set()
        """What was touched since it was last told."""
        self.told: dict[Cell, frozenset[int]] = {}
        self.known: set[frozenset[int]] = set()
        """Sums that were told once: what a country begins to keep back was seen before."""
        self.noted: dict[Cell, tuple[frozenset[int], float, float]] = {}
        self.frozen: dict[Cell, frozenset[int]] = {}

    def move(self, moved: Sequence[tuple[int, int, int, ReportHolding]]) -> None:
        """Go on to the next state: what moved until then."""
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
        """What is asked where this is the last state; nothing is noted of it here."""
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
        return cells + [(PART, held.part, each) for each in range(self.least, level + 1) if held.part]

    def note(self, state: AudienceState) -> None:
        """Note what a state tells, and what must stay open of it."""
        for level, told in state.totals.items():
            self._note((TOTAL, "", level), told, None, state)
        for kind, columns in ((COUNTRY, state.countries), (DAY, state.days)):
            for level in {level for column in columns.values() for level in column}:
                self._table(kind, level, {name: column[level] for name, column in columns.items()}, state)
        for part, level in state.parts:
            self._note((PART, part, level), True, None, state)
        for cell in sorted(each for each in self.touched if each[0] != PART):
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
                if before:  # both sums were told: their difference is shorter and says the same
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
