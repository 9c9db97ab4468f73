"""The solver: searches for other solutions of what an audience knows; a sum is open if two differ enough in it.

Most sums are settled among unknowns that moved at about the same time. A solution there that leaves all others
unchanged is a solution of the whole (`inner`); and where the equations among these alone leave a sum too little room,
more equations cannot widen it (`outer`). Sums settled by neither are searched among more unknowns, at last among all.
Fractional solutions are found fast and reach at least as far as integer ones (`linear_system`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from operations.figures.releases.judge import ROOM, AudienceAttack, AudienceState, Cell, SecretQuestion
from operations.figures.releases.linear_system import EPSILON, LinearSystem, Model

_NEAR = (1, 4, 12)
"""The number of states before and after that count as near; after the last, all of them."""
_OLD = 8
"""Sums of states older than this that are unsettled are not retried among the nearest."""
_BLOCK = 4
"""The number of states whose sums are searched together."""
_ROUNDS = 4
_FEW = 3
"""Up to this number, secrets are searched one by one."""
_KEPT = 400
"""The number of solutions that are kept, the newest."""

Solution = Mapping[int, float]
"""The difference of each unit's amount from the truth, where it differs; units are indices among the holdings."""


class Judge:
    """Judges possible contents of one state, given earlier ones; `known` are solutions found before."""

    def __init__(self, asking: AudienceAttack, known: Iterable[Solution] = ()) -> None:
        self._asking, self._known = asking, list(known)
        self._solver: Solver | None = None
        self._pool: list[Any] = []
        """Solutions of any question about this state: one that fails in one question may hold where less is shown."""

    def given_away(self, state: AudienceState) -> list[Cell]:
        """Return the sums for which no two integer solutions were found that differ enough."""
        question = self._asking.question(state)
        if not question.secrets:
            return []
        before = self._solver
        self._solver = Solver(question, before)
        if before is None:
            self._pool = self._solver.of_units(self._known)
        known = self._solver.remember(self._pool)
        revealed = self._solver.given_away()
        self._pool += self._solver.found[known:]
        return revealed

    @property
    def found(self) -> list[Solution]:
        """Solutions to try at the next decision."""
        return self._known if self._solver is None else self._solver.by_units()


class Solver(LinearSystem):
    """Searches for solutions that differ in the secrets: first in many secrets at once, then in each that is left."""

    def __init__(self, question: SecretQuestion, before: "Solver | None" = None) -> None:
        """Prepare the question. `before` is a solver of the same state, whose matrices are reused."""
        import highspy  # takes a third of a second to import: not before the first decision
        import numpy as np

        self.np, self.highs, self.question = np, highspy, question
        self.read: Any
        secrets = list(question.secrets.items())
        self.names = [secret.cell for _unknowns, secret in secrets]
        self.wide = np.array([secret.wide for _unknowns, secret in secrets])
        self.at = np.array([secret.state for _unknowns, secret in secrets])
        many, read = len(question.amounts), question.read
        if before is not None and before.question.secrets.keys() == question.secrets.keys():
            self.sums = before.sums
        else:
            self.sums = _matrix([dict.fromkeys(unknowns, 1) for unknowns, _secret in secrets], many)
        last = _matrix([row.unknowns for row in question.rows[read:]], many)
        self.read = _matrix([row.unknowns for row in question.rows[:read]], many) if before is None else before.read
        self.rows = _stacked(self.read, last)
        self.bounds = np.array([(row.least, row.most) for row in question.rows], dtype=float).reshape(-1, 2)
        amounts, spans = np.array(question.amounts, dtype=float), np.array(question.spans)
        self.lower = np.where(amounts < 0, -ROOM, -np.minimum(amounts, ROOM))
        self.upper = np.where(amounts < 0, np.minimum(-amounts, ROOM), ROOM)
        self.first, self.last = spans[:, 0], spans[:, 1]
        self.low, self.high = np.zeros((2, len(secrets))), np.zeros((2, len(secrets)))
        self.open = np.ones(len(amounts))
        self.found = []

    # -------------------------------------------------------------------------------------------- solutions

    def of_units(self, known: Iterable[Solution]) -> list[Any]:
        """Return solutions by units as solutions by unknowns."""
        place = {unit: number for number, units in enumerate(self.question.units) for unit in units}
        solutions = []
        for by_unit in known:
            solution = self.np.zeros(len(self.question.amounts))
            for unit, by in by_unit.items():
                if unit in place:
                    solution[place[unit]] += by
            solutions.append(solution)
        return solutions

    def by_units(self) -> list[Solution]:
        """Return the newest solutions by units: an unknown may split later, when a part of its units moves on."""
        return [self._spread(solution) for solution in self.found[-_KEPT:]]

    def _spread(self, solution: Any) -> Solution:
        by_unit: dict[int, float] = {}
        for number in self.np.flatnonzero(solution):
            units, by = self.question.units[number], float(solution[number])
            # A unit may hold more by as much as all together, but less only down to nothing.
            grows = (by > 0) == (self.question.amounts[number] > 0)
            each = by if grows else 0
            by_unit[units[0]] = each
            if not grows:
                self._take_away(by_unit, units, by)
        return {unit: by for unit, by in by_unit.items() if by}

    def _take_away(self, found: dict[int, float], units: Sequence[int], by: float) -> None:
        sign = 1 if by > 0 else -1
        for unit in units:
            part = min(abs(by), ROOM, abs(self.question.holds[unit]))
            found[unit] = sign * part
            by -= sign * part

    # -------------------------------------------------------------------------------------------- looking

    def given_away(self) -> list[Cell]:
        """Return sums that are not open.

        First those that follow at once; otherwise those without enough room in fractions, newest first; and where all
        have, those without two integer solutions.
        """
        if plain := self._plain():
            return [self.names[place] for place in plain]
        nears = [near for near in _NEAR if near < self.last.max()] + [int(self.last.max()) + 1]
        left = self._left(whole=False)
        for near in nears:
            undecided = []
            for block in self._blocks(left):
                away, more = self._in_fractions(block, near)
                if away:
                    return [self.names[place] for place in away]
                undecided += more
            left = undecided
        for near in nears:
            for block in self._blocks(self._left(whole=True)):
                if near > nears[0] or near == nears[-1] or self.at[block[0]] > self.last.max() - _OLD:
                    self._in_whole_numbers(block, near)
        return [self.names[place] for place in self._left(whole=True)]

    def _plain(self) -> list[int]:
        """Return secrets that follow at once: the only unknown of a revealed sum is known, and so on from there."""
        np = self.np
        told = self.rows[np.flatnonzero(self.bounds[:, 0] == self.bounds[:, 1])]
        many = abs(told)
        while len(alone := np.flatnonzero(many @ self.open == 1)):
            self.open[many[alone].multiply(self.open).tocsr().indices] = 0
        left, sizes = self._left(whole=False), many @ self.open
        largest = (self.sums[left] @ self.open).max() if left else 0
        short = np.flatnonzero((abs(told @ self.open) == sizes) & (sizes <= largest) & (sizes > 0))
        sums = {self._key(told, row) for row in short}
        return [place for place in left if (key := self._key(self.sums, place)) in sums or not key]

    def _key(self, rows: Any, row: int) -> bytes:
        """Return the set of open unknowns of a row."""
        there = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
        return bytes(self.np.sort(there[self.open[there] > 0]).tobytes())

    def _left(self, *, whole: bool) -> list[int]:
        """Return the secrets for which no two solutions were found that differ enough."""
        room = self.high[int(whole)] - self.low[int(whole)]
        return [int(place) for place in self.np.flatnonzero(room < self.wide - EPSILON)]

    def _is_left(self, place: int, *, whole: bool) -> bool:
        return bool(self.high[int(whole), place] - self.low[int(whole), place] < self.wide[place] - EPSILON)

    def _blocks(self, places: Sequence[int]) -> Iterable[list[int]]:
        """Yield these secrets in blocks of about the same states, newest first."""
        block: list[int] = []
        for place in sorted(places, key=lambda each: (-self.at[each], each)):
            if block and self.at[block[0]] - self.at[place] >= _BLOCK:
                yield block
                block = []
            block.append(place)
        if block:
            yield block

    def _near(self, block: Sequence[int], near: int) -> Any:
        at = self.at[block]
        return self.np.flatnonzero((self.last >= at.min() - near) & (self.first <= at.max() + near) & (self.open > 0))

    def _in_fractions(self, block: Sequence[int], near: int) -> tuple[list[int], list[int]]:
        """Return the secrets without enough room in fractions, and those undecided."""
        columns = self._near(block, near)
        inner = Model(self, columns, whole_rows=False)
        for number in range(_ROUNDS if len(block) > _FEW else 0):
            self._many(inner, block, number, whole=False)
        left = [place for place in block if self._is_left(place, whole=False)]
        outer = Model(self, columns, whole_rows=True) if left else inner
        away, undecided = [], []
        for place in left:
            if outer.holds(self, place) and outer.room(self, place) < self.wide[place] - EPSILON:
                away.append(place)
                continue
            for side in (1, -1):
                inner.look(self, [place], [side])
            if self._is_left(place, whole=False):
                undecided.append(place)
        return away, undecided

    def _in_whole_numbers(self, block: Sequence[int], near: int) -> None:
        inner = Model(self, self._near(block, near), whole_rows=False)
        for number in range(_ROUNDS // 2 if len(block) > _FEW else 0):
            self._many(inner, block, number, whole=True)
        for place in block:
            for side in (1, -1):
                if self._is_left(place, whole=True):
                    inner.look(self, [place], [side], whole=True)

    def _many(self, model: Model, block: Sequence[int], number: int, *, whole: bool) -> None:
        """Search for solutions in which many secrets differ at once."""
        left = [place for place in block if self._is_left(place, whole=whole)]
        signs = [1 if (place * 2654435761 >> number) & 1 else -1 for place in left]  # another half up each time
        for side in (1, -1) if left else ():
            model.look(self, left, [side * sign for sign in signs], whole=whole)


def _stacked(above: Any, below: Any) -> Any:
    """Return two matrices stacked as one."""
    from scipy import sparse

    return sparse.vstack((above, below), format="csr")


def _matrix(rows: Sequence[Mapping[int, int]], columns: int) -> Any:
    """Return rows of unknowns as a sparse matrix."""
    import numpy as np
    from scipy import sparse

    starts = np.cumsum([0, *map(len, rows)])
    places = np.fromiter((each for row in rows for each in row), dtype=np.int32, count=starts[-1])
    values = np.fromiter((each for row in rows for each in row.values()), dtype=float, count=starts[-1])
    return sparse.csr_array((values, places, starts), shape=(len(rows), columns))
