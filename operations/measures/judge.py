"""The judge of releases: whether what an audience has seen, and would see now, leaves every small number open.

What boards showed at some states of an operation are sums of what single reports hold. The audience is taken to know
more than it can: of each report that holds anybody the country, the official day and the level at every state, and of
each hidden number whether it is one of 1 to 10. Then the sums are linear equations over all states together, and a
small number is open as long as two solutions in whole numbers lie far enough apart in it. The truth is one solution;
a solver finds others. What it cannot settle is not released.

Pure: no storage, no clock.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from operations.measures import disclosure

ROOM = 20
"""How far a number is taken to differ from the truth at most: small ones need a fifth of it."""
_ROUNDS = 4
_EPSILON = 1e-6

Place = tuple[str, str, int]
"""Country, official day and exact level."""


class Held(NamedTuple):
    """What a report holds of one part of a figure: how much, and at which level from which entry on (0: nowhere).

    Where it is not known which report something was taken from, it is held with a negative amount.
    """

    country: str
    day: str
    part: str
    amount: int
    levels: tuple[tuple[int, int], ...]


class State(NamedTuple):
    """What an audience was shown of the state with an entry: which sums were told, by exact level.

    `totals` are levels with a total that was told. `countries` and `days` say of each cell whether it was told; they
    are None where no table was shown, and the days of a level are None where none was told. `parts` are pairs of a part
    and the level from which on it was told. `kept_back` are countries whose numbers no rule bounds.
    """

    seq: int
    totals: Mapping[int, bool]
    countries: Mapping[int, Mapping[str, bool]] | None = None
    days: Mapping[int, Mapping[str, bool] | None] | None = None
    parts: Set[tuple[str, int]] = frozenset()
    kept_back: Set[str] = frozenset()


Cell = tuple[str, str, int]
"""A sum: of what ("total", "country", "day", "both", "part"), its name, its level."""
_TOTAL, _COUNTRY, _DAY, _BOTH, _PART = "total", "country", "day", "both", "part"


@dataclass
class _Row:
    """A sum of unknowns with its bounds, as differences from the truth."""

    unknowns: Mapping[int, int]
    least: float
    most: float


@dataclass
class Question:
    """The unknowns (how much each holds, as it is), what is known of their sums, and the sums that must stay open."""

    amounts: list[int] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    secrets: dict[frozenset[int], int] = field(default_factory=dict)
    """By the unknowns of a sum: by how much two solutions must differ in it."""


def asked(held: Iterable[Held], states: Sequence[State], home: str | None, least: int) -> Question:
    """What an audience could try to work out. It knows what its `home` holds, and sees levels from `least` on."""
    seqs = [state.seq for state in states]
    classes: dict[tuple[Any, ...], int] = {}
    question = Question()
    moves: list[list[tuple[int, int, int, Held]]] = [[] for _ in states]
    for each in held:
        if each.country == home:
            continue
        at: dict[int, int] = {}
        for seq, level in each.levels:
            if (place := bisect_left(seqs, seq)) < len(seqs):
                at[place] = level if level >= least else 0
        changes = [(place, level) for place, level in sorted(at.items())]
        changes = [change for n, change in enumerate(changes) if change[1] != (changes[n - 1][1] if n else 0)]
        if not changes:
            continue
        key = (each.country, each.day, each.part, each.amount < 0, tuple(changes))
        number = classes.setdefault(key, len(classes))
        if number < len(question.amounts):
            question.amounts[number] += each.amount
            continue
        question.amounts.append(each.amount)
        before = 0
        for place, level in changes:
            moves[place].append((number, before, level, each))
            before = level
    _Reading(question, states, least).read(moves)
    return question


class _Reading:
    """Goes through the states in their order and notes what each told."""

    def __init__(self, question: Question, states: Sequence[State], least: int) -> None:
        self.question, self.states, self.least = question, states, least
        self.cells: defaultdict[Cell, set[int]] = defaultdict(set)
        self.sums: Counter[Cell] = Counter()
        self.touched: set[Cell] = set()
        self.told: dict[Cell, frozenset[int]] = {}
        self.noted: dict[Cell, tuple[frozenset[int], float, float]] = {}

    def read(self, moves: Sequence[Sequence[tuple[int, int, int, Held]]]) -> None:
        """Note every state."""
        for state, moved in zip(self.states, moves, strict=True):
            self.touched = set()
            for number, before, after, held in moved:
                many = self.question.amounts[number]
                for level, sign, change in ((before, -1, set.discard), (after, 1, set.add)):
                    for cell in self._cells_of(held, level) if level else ():
                        change(self.cells[cell], number)
                        self.sums[cell] += sign * many
                        self.touched.add(cell)
            self._state(state)

    def _cells_of(self, held: Held, level: int) -> list[Cell]:
        cells = [
            (_TOTAL, "", level), (_COUNTRY, held.country, level), (_DAY, held.day, level),
            (_BOTH, f"{held.country} {held.day}", level),
        ]  # fmt: skip
        return cells + [(_PART, held.part, each) for each in range(self.least, level + 1) if held.part]

    def _state(self, state: State) -> None:
        for level, told in state.totals.items():
            self._note((_TOTAL, "", level), told, None, state)
        if state.countries is not None:
            for level, table in state.countries.items():
                self._table(_COUNTRY, level, table, state)
        for level, days in (state.days or {}).items():
            if days is not None:
                self._table(_DAY, level, days, state)
        for part, level in state.parts:
            self._note((_PART, part, level), True, None, state)
        for cell in sorted(each for each in self.touched if each[0] != _PART):
            many = self.sums[cell]
            if disclosure.small(many):
                self._secret(cell, disclosure.FEWEST_POSSIBILITIES - 1)
            elif cell[0] == _COUNTRY and cell[1] in state.kept_back and many:
                wide = max(disclosure.FEWEST_POSSIBILITIES, many // disclosure.NARROWEST_SHARE)
                self._secret(cell, min(wide, ROOM) - 1)

    def _secret(self, cell: Cell, wide: int) -> None:
        unknowns = frozenset(self.cells[cell])
        self.question.secrets[unknowns] = max(wide, self.question.secrets.get(unknowns, 0))

    def _table(self, kind: str, level: int, table: Mapping[str, bool], state: State) -> None:
        sums = {name: self.sums[kind, name, level] for name in table}
        most = min((many for name, many in sums.items() if table[name] and many), default=None)
        for name, told in table.items():
            self._note((kind, name, level), told, most, state)

    def _note(self, cell: Cell, told: bool, most: int | None, state: State) -> None:
        before = self.told.get(cell)
        if told:
            if before is not None and cell not in self.touched:
                return
            unknowns = self.told[cell] = frozenset(self.cells.get(cell, ()))
            if (before or frozenset()) != unknowns:
                new = dict.fromkeys(unknowns, 1)
                if before:  # both sums were told: their difference is shorter and says the same
                    new = {**dict.fromkeys(before - unknowns, -1), **dict.fromkeys(unknowns - before, 1)}
                self.question.rows.append(_Row(new, 0, 0))
            return
        self.told.pop(cell, None)
        many, unknowns = self.sums[cell], frozenset(self.cells.get(cell, ()))
        if not unknowns or cell[1] in state.kept_back:
            return
        if disclosure.small(many):
            bounds: tuple[float, float] = (1 - many, disclosure.K - 1 - many)
        elif cell[0] == _TOTAL or not many:
            return
        else:
            bounds = (disclosure.K - many, max(most, many) - many if most is not None else float("inf"))
        if self.noted.get(cell) != (unknowns, *bounds):
            self.noted[cell] = (unknowns, *bounds)
            self.question.rows.append(_Row(dict.fromkeys(unknowns, 1), *bounds))


def open_to(question: Question) -> bool:
    """Whether every secret stays open: two solutions in whole numbers differ in it by enough."""
    if not question.secrets:
        return True
    return _Solver(question).settled()


class _Solver:
    """Looks for solutions that differ in the secrets: first in many of them at once, then in each that is left."""

    def __init__(self, question: Question) -> None:
        import highspy  # a third of a second to import: not before the first decision
        import numpy as np

        self.np, self.highs, self.question = np, highspy, question
        self.secrets = [np.fromiter(each, dtype=np.int32) for each in question.secrets]
        self.wide = np.array(list(question.secrets.values()))
        self.low = np.zeros(len(self.secrets))
        self.high = np.zeros(len(self.secrets))
        self.model = self._model()
        self.whole = False

    def _model(self) -> Any:
        np, highspy, question = self.np, self.highs, self.question
        lp = highspy.HighsLp()
        many, rows = len(question.amounts), question.rows
        lp.num_col_, lp.num_row_ = many, len(rows)
        lp.col_cost_ = np.zeros(many)
        amounts = np.array(question.amounts, dtype=float)
        lp.col_lower_ = np.where(amounts < 0, -ROOM, -np.minimum(amounts, ROOM))
        lp.col_upper_ = np.where(amounts < 0, np.minimum(-amounts, ROOM), ROOM)
        lp.row_lower_ = np.array([each.least for each in rows], dtype=float)
        lp.row_upper_ = np.array([min(each.most, highspy.kHighsInf) for each in rows], dtype=float)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(each.unknowns) for each in rows)]).astype(np.int32)
        lp.a_matrix_.index_ = np.array([each for row in rows for each in row.unknowns], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([each for row in rows for each in row.unknowns.values()], dtype=float)
        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        model.setOptionValue("threads", 1)
        model.passModel(lp)
        return model

    def settled(self) -> bool:
        """Whether all are open."""
        np = self.np
        for number in range(_ROUNDS):
            left = self._left()
            if not len(left):
                return True
            signs = np.where((left * 2654435761 >> number) & 1, 1, -1)  # another half of them up each time
            for side in (1, -1):
                self._look(left, side * signs)
        for place in self._left():
            for side in (1, -1):
                if self.high[place] - self.low[place] < self.wide[place]:
                    self._look(np.array([place]), np.array([side]))
            if self.high[place] - self.low[place] < self.wide[place]:
                return False
        return True

    def _left(self) -> Any:
        return self.np.flatnonzero(self.high - self.low < self.wide)

    def _look(self, places: Any, signs: Any) -> None:
        """Find the solution in which these secrets are as large, or as small, as they can be."""
        np = self.np
        costs = np.zeros(len(self.question.amounts))
        for place, sign in zip(places, signs, strict=True):
            costs[self.secrets[place]] += sign
        self.model.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        self.model.run()
        if self.model.getModelStatus() != self.highs.HighsModelStatus.kOptimal:
            return
        found = np.array(self.model.getSolution().col_value)
        if np.abs(found - np.round(found)).max() > _EPSILON:
            return  # a solution in fractions proves nothing
        found = np.round(found)
        values = np.array([found[each].sum() for each in self.secrets])
        self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)
