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
_NODES = 5
"""So far solutions in whole numbers are looked for: steps, not seconds, so that no verdict depends on a machine."""
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
    secrets: dict[frozenset[int], tuple[int, Cell]] = field(default_factory=dict)
    """By the unknowns of a sum: by how much two solutions must differ in it, and what it is."""


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
        self.untold: set[Cell] = set()
        """What was touched since it was last told."""
        self.told: dict[Cell, frozenset[int]] = {}
        self.known: set[frozenset[int]] = set()
        """Sums that were told once: what a country begins to keep back was seen before."""
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
            self.untold |= self.touched
            self._state(state)

    def _cells_of(self, held: Held, level: int) -> list[Cell]:
        cells = [
            (TOTAL, "", level), (COUNTRY, held.country, level), (DAY, held.day, level),
            (BOTH, f"{held.country} {held.day}", level),
        ]  # fmt: skip
        return cells + [(PART, held.part, each) for each in range(self.least, level + 1) if held.part]

    def _state(self, state: State) -> None:
        for level, told in state.totals.items():
            self._note((TOTAL, "", level), told, None, state)
        for kind, columns in ((COUNTRY, state.countries), (DAY, state.days)):
            for level in {level for column in columns.values() for level in column}:
                self._table(kind, level, {name: column[level] for name, column in columns.items()}, state)
        for part, level in state.parts:
            self._note((PART, part, level), True, None, state)
        for cell in sorted(each for each in self.touched if each[0] != PART):
            many = self.sums[cell]
            if disclosure.small(many):
                self._secret(cell, disclosure.FEWEST_POSSIBILITIES - 1)
            elif cell[0] == COUNTRY and cell[1] in self.states[-1].kept_back and many:
                wide = max(disclosure.FEWEST_POSSIBILITIES, many // disclosure.NARROWEST_SHARE)
                self._secret(cell, min(wide, ROOM) - 1)

    def _secret(self, cell: Cell, wide: int) -> None:
        unknowns = frozenset(self.cells[cell])
        if cell[0] == COUNTRY and unknowns in self.known:
            return
        before = self.question.secrets.get(unknowns)
        if before is None or before[0] < wide:
            self.question.secrets[unknowns] = wide, cell

    def _table(self, kind: str, level: int, table: Mapping[str, bool], state: State) -> None:
        sums = {name: self.sums[kind, name, level] for name in table}
        most = min((many for name, many in sums.items() if table[name] and many), default=None)
        for name, told in table.items():
            self._note((kind, name, level), told, most, state)

    def _note(self, cell: Cell, told: bool, most: int | None, state: State) -> None:
        before = self.told.get(cell)
        if told:
            if before is not None and cell not in self.untold:
                return
            self.untold.discard(cell)
            unknowns = self.told[cell] = frozenset(self.cells.get(cell, ()))
            self.known.add(unknowns)
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
        elif cell[0] == TOTAL or not many:
            return
        else:
            bounds = (disclosure.K - many, max(most, many) - many if most is not None else float("inf"))
        if self.noted.get(cell) != (unknowns, *bounds):
            self.noted[cell] = (unknowns, *bounds)
            self.question.rows.append(_Row(dict.fromkeys(unknowns, 1), *bounds))


def given_away(question: Question) -> list[Cell]:
    """The secrets of which no two solutions in whole numbers were found that differ by enough."""
    return _Solver(question).given_away() if question.secrets else []


class _Solver:
    """Looks for solutions that differ in the secrets: first in many of them at once, then in each that is left."""

    def __init__(self, question: Question) -> None:
        import highspy  # a third of a second to import: not before the first decision
        import numpy as np

        self.np, self.highs, self.question = np, highspy, question
        self.names = [cell for _wide, cell in question.secrets.values()]
        self.secrets = [np.fromiter(each, dtype=np.int32) for each in question.secrets]
        self.wide = np.array([wide for wide, _cell in question.secrets.values()])
        self.low = np.zeros(len(self.secrets))
        self.high = np.zeros(len(self.secrets))
        self.model = self._model()

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
        model.setOptionValue("mip_rel_gap", 0.5)  # any solution that differs will do
        model.setOptionValue("mip_max_nodes", _NODES)
        model.setOptionValue("mip_max_leaves", _NODES)
        model.setOptionValue("mip_max_improving_sols", 3)
        model.passModel(lp)
        return model

    def given_away(self) -> list[Cell]:
        """What is not open: many secrets are looked at together first, then each that is left.

        Solutions in fractions are found fast and reach as far as those in whole numbers, or farther.
        """
        for whole in (False, True):
            self._many(whole=whole)
        for whole in (False, True):
            if found := [each for each in self._left() if not self._one(each, whole=whole)]:
                return [self.names[each] for each in found]
        return []

    def _many(self, *, whole: bool) -> None:
        """Look for solutions in which many secrets differ at once."""
        for number in range(_ROUNDS // 2 if whole else _ROUNDS):
            left = self._left()
            signs = self.np.where((left * 2654435761 >> number) & 1, 1, -1)  # another half of them up each time
            for side in (1, -1) if len(left) else ():
                self._look(left, side * signs, whole=whole)

    def _one(self, place: int, *, whole: bool) -> bool:
        """Whether one secret can differ by enough, in fractions or in whole numbers."""
        reach = sum(self._look(self.np.array([place]), self.np.array([side]), whole=whole) for side in (1, -1))
        return bool(self.high[place] - self.low[place] >= self.wide[place]) or (
            not whole and reach >= self.wide[place] - _EPSILON
        )

    def _left(self) -> Any:
        return self.np.flatnonzero(self.high - self.low < self.wide)

    def _look(self, places: Any, signs: Any, *, whole: bool = False) -> float:
        """Find the solution in which these secrets are as large, or as small, as they can be; how large they are."""
        np, many = self.np, len(self.question.amounts)
        every, costs = np.arange(many, dtype=np.int32), np.zeros(many)
        for place, sign in zip(places, signs, strict=True):
            costs[self.secrets[place]] += sign
        self.model.changeColsCost(many, every, costs)
        if whole:
            self.model.changeColsIntegrality(many, every, np.full(many, self.highs.HighsVarType.kInteger))
        self.model.run()
        status, found = self.model.getModelStatus(), np.array(self.model.getSolution().col_value)
        info = self.model.getInfo()
        reach, feasible = float(info.objective_function_value), info.primal_solution_status == 2
        if whole:
            self.model.changeColsIntegrality(many, every, np.full(many, self.highs.HighsVarType.kContinuous))
        if not feasible or not (whole or status == self.highs.HighsModelStatus.kOptimal):
            return 0.0
        if np.abs(found - np.round(found)).max() <= _EPSILON:  # a solution in fractions proves nothing
            values = np.array([np.round(found)[each].sum() for each in self.secrets])
            self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)
        return reach
