"""The solver: searches for other solutions of what an audience knows; a sum is open if two differ enough in it.

Most sums are settled among unknowns that moved at about the same time, of about the same official days. A solution
there that leaves all others unchanged is a solution of the whole (`inner`); and where the equations among these alone
leave a sum too little room, more equations cannot widen it (`outer`). Sums settled by neither are searched among more
unknowns, at last among all. Fractional solutions are found fast and reach at least as far as integer ones
(`linear_system`).

A solution that was found once proves its sums open for as long as it holds in every number that is shown later, so what
did not move is not judged again. For a reader who knows the holdings of a country, those solutions count that leave
this country as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from operations.figures.releases.judge import ROOM, AudienceAttack, AudienceState, Cell, SecretQuestion
from operations.figures.releases.linear_system import EPSILON, LinearSystem, Model

_NEAR = (1, 4, 12)
"""The number of states before and after that count as near; after the last, all of them."""
_WIDE = 400
"""The number of unknowns that are searched together at first; four times as many at each further try."""
_OLD = 8
"""Sums of states older than this that are unsettled are not retried among the nearest."""
_BLOCK = 4
"""The number of states whose sums are searched together."""
_MANY = 120
"""The number of sums that are searched together."""
_ROUNDS = 4
_FEW = 3
"""Up to this number, secrets are searched one by one."""

Solution = Mapping[int, float]
"""The difference of each unknown from the truth, where it differs."""


class Judge:
    """Judges possible contents of a state, given earlier ones, and keeps the solutions that it found."""

    def __init__(self, attack: AudienceAttack, known: Iterable[Solution] = ()) -> None:
        self.attack, self.found = attack, list(known)
        self.work = 0.0
        """The work that was done (`Model`)."""
        self._rows: tuple[tuple[int, int], Any] | None = None
        self._checked = 0
        """The number of rows of earlier states in which every solution was found to hold."""

    def given_away(self, *states: AudienceState, most: float = float("inf")) -> list[Cell]:
        """Return numbers that moved by fewer than eleven, or sums without two integer solutions that differ enough.

        Raises TooMuchWork where that takes more work than `most`.
        """
        question = self.attack.question(*states)
        if question.moved:
            return list(dict.fromkeys(question.moved))
        if not question.secrets:
            return []
        many, read = len(question.amounts), question.read
        if self._rows is None or self._rows[0] != (read, many):
            self._rows = (read, many), _matrix([row.unknowns for row in question.rows[:read]], many)
        solver = Solver(question, self._rows[1], self.found, self._checked, most)
        self.found, self._checked = solver.kept, read
        try:
            return solver.given_away()
        finally:
            self.work += solver.done
            self.found += solver.new


class Solver(LinearSystem):
    """Searches for solutions that differ in the secrets: first in many secrets at once, then in each that is left."""

    def __init__(
        self, question: SecretQuestion, read: Any, known: Sequence[Solution], checked: int, most: float
    ) -> None:
        """Prepare the question. `read` are the rows of earlier states; `known` holds in the first `checked` of them."""
        import highspy  # takes a third of a second to import: not before the first decision
        import numpy as np

        self.np, self.highs, self.question, self.most = np, highspy, question, most
        self.done = 0.0
        secrets = list(question.secrets.items())
        self.names = [secret.cell for _unknowns, secret in secrets]
        self.wide = np.array([secret.wide for _unknowns, secret in secrets])
        self.at = np.array([secret.state for _unknowns, secret in secrets])
        many = len(question.amounts)
        self.sums = _matrix([dict.fromkeys(unknowns, 1) for (unknowns, _home), _secret in secrets], many)
        self.rows = _stacked(read, _matrix([row.unknowns for row in question.rows[question.read :]], many))
        self.bounds = np.array([(row.least, row.most) for row in question.rows], dtype=float).reshape(-1, 2)
        amounts, spans = np.array(question.amounts, dtype=float), np.array(question.spans)
        self.lower = np.where(amounts < 0, -ROOM, -np.minimum(amounts, ROOM))
        self.upper = np.where(amounts < 0, np.minimum(-amounts, ROOM), ROOM)
        self.first, self.last = spans[:, 0], spans[:, 1]
        self.days = np.unique(question.days, return_inverse=True)[1].astype(float)
        self.day = (self.sums @ self.days) / np.maximum(1, self.sums.sum(axis=1))
        places = {home: place for place, home in enumerate(question.homes)}
        self.country = np.array([places.get(country, -1) for country in question.countries])
        self.homes = np.array([places.get(secret.home, -1) for _unknowns, secret in secrets])
        self.kept: list[Solution] = []
        """The known solutions that hold in all earlier rows, and `new` are those found now."""
        self.new: list[Solution] = []
        self._take(known, checked)
        self._for(None)

    # -------------------------------------------------------------------------------------------- solutions

    def _take(self, known: Sequence[Solution], checked: int) -> None:
        """Keep the known solutions that hold in the rows after the first `checked`."""
        np = self.np
        known = [solution for solution in known if max(solution, default=0) < len(self.lower)]
        tried, read = _matrix(known, len(self.lower)), self.question.read
        holds = np.ones(len(known), dtype=bool)
        beyond = (tried.data < self.lower[tried.indices]) | (tried.data > self.upper[tried.indices])
        holds[np.repeat(np.arange(len(known)), np.diff(tried.indptr))[beyond]] = False
        for rows in (slice(checked, read), slice(read, None)):
            sums = (self.rows[rows] @ tried.T).tocoo()
            bounds = self.bounds[rows]
            broken = (sums.data < bounds[sums.row, 0] - EPSILON) | (sums.data > bounds[sums.row, 1] + EPSILON)
            holds[sums.col[broken]] = False
            if rows.stop is not None:
                self.kept = [solution for solution, whether in zip(known, holds, strict=True) if whether]
        self._keep(tried[np.flatnonzero(holds)])

    def _keep(self, solutions: Any) -> None:
        """Note how far these solutions go in each secret, and which countries they leave as they are."""
        from scipy import sparse

        np = self.np
        values = (solutions @ self.sums.T).tocsr()
        whole = np.ones(solutions.shape[0], dtype=bool)
        parted = abs(solutions.data - np.round(solutions.data)) > EPSILON
        whole[np.repeat(np.arange(len(whole)), np.diff(solutions.indptr))[parted]] = False
        moves = np.zeros((len(whole), len(self.question.homes)), dtype=bool)
        rows, countries = np.repeat(np.arange(len(whole)), np.diff(solutions.indptr)), self.country[solutions.indices]
        moves[rows[countries >= 0], countries[countries >= 0]] = True
        if not hasattr(self, "values"):
            self.values, self.whole, self.moves = values, whole, moves
            return
        self.values = sparse.vstack((self.values, values), format="csr")
        self.whole, self.moves = np.concatenate((self.whole, whole)), np.concatenate((self.moves, moves))

    def _for(self, home: int | None) -> None:
        """Begin to ask for readers of a country, or for those who know the holdings of none."""
        np = self.np
        self.open = np.ones(len(self.lower))
        usable, asked = np.ones(len(self.whole), dtype=bool), self.homes < 0
        if home is not None:
            own = self.country == home
            self.open[own] = 0
            usable = ~self.moves[:, home]
            asked = (asked & (self.sums @ own.astype(float) == 0)) | (self.homes == home)
        self.asked = asked
        self.low, self.high = np.zeros((2, len(asked))), np.zeros((2, len(asked)))
        for row, chosen in enumerate((usable, usable & self.whole)):
            if chosen.any():
                values = self.values[np.flatnonzero(chosen)]
                self.low[row] = np.minimum(0, values.min(axis=0).toarray().ravel())
                self.high[row] = np.maximum(0, values.max(axis=0).toarray().ravel())
        self.found = []

    # -------------------------------------------------------------------------------------------- looking

    def given_away(self) -> list[Cell]:
        """Return sums that are not open for somebody."""
        for home in (None, *range(len(self.question.homes))):
            if home is not None:
                self._for(home)
            try:
                away = self._given_away()
            finally:
                found = [
                    {int(place): float(solution[place]) for place in self.np.flatnonzero(solution)}
                    for solution in self.found
                ]
                self.new += found
                self._keep(_matrix(found, len(self.lower)))
            if away:
                return away
        return []

    def _given_away(self) -> list[Cell]:
        """Return sums that are not open for those who are asked for.

        First those that follow at once; otherwise those without enough room in fractions, newest first; and where all
        have, those without two integer solutions.
        """
        if not self._left(whole=True):
            return []
        if plain := self._plain():
            return [self.names[place] for place in plain]
        stages = self._stages()
        left = self._left(whole=False)
        for near, wide in stages:
            undecided = []
            for block in self._blocks(left):
                away, more = self._in_fractions(block, near, wide)
                if away:
                    return [self.names[place] for place in away]
                undecided += more
            left = undecided
        for near, wide in stages:
            for block in self._blocks(self._left(whole=True)):
                if (near, wide) in (stages[0], stages[-1]) or self.at[block[0]] > self.last.max() - _OLD:
                    self._in_whole_numbers(block, near, wide)
        return [self.names[place] for place in self._left(whole=True)]

    def _stages(self) -> list[tuple[int, int]]:
        """Return how many states, and how many unknowns, are searched together, from few to all."""
        everything = int(self.last.max()) + 1
        nears = [near for near in _NEAR if near < everything] + [everything]
        stages = [(near, _WIDE * 4**number) for number, near in enumerate(nears) if _WIDE * 4**number < self.open.sum()]
        return [*stages, (everything, len(self.open))]

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
        return [int(place) for place in self.np.flatnonzero(self.asked & (room < self.wide - EPSILON))]

    def _is_left(self, place: int, *, whole: bool) -> bool:
        return bool(self.high[int(whole), place] - self.low[int(whole), place] < self.wide[place] - EPSILON)

    def _blocks(self, places: Sequence[int]) -> Iterable[list[int]]:
        """Yield these secrets in blocks of about the same states and days, newest first."""
        block: list[int] = []
        for place in sorted(places, key=lambda each: (-(self.at[each] // _BLOCK), self.day[each], each)):
            if block and (self.at[block[0]] // _BLOCK != self.at[place] // _BLOCK or len(block) == _MANY):
                yield block
                block = []
            block.append(place)
        if block:
            yield block

    def _near(self, block: Sequence[int], near: int, wide: int) -> Any:
        """Return the open unknowns near a block: by state, and of these so many of the nearest days."""
        np, at = self.np, self.at[block]
        columns = np.flatnonzero((self.last >= at.min() - near) & (self.first <= at.max() + near) & (self.open > 0))
        if len(columns) <= wide:
            return columns
        days = self.day[block]
        far = np.maximum(0, np.maximum(days.min() - self.days[columns], self.days[columns] - days.max()))
        return np.sort(columns[np.argsort(far, kind="stable")[: max(wide, int((far == 0).sum()))]])

    def _in_fractions(self, block: Sequence[int], near: int, wide: int) -> tuple[list[int], list[int]]:
        """Return the secrets without enough room in fractions, and those undecided."""
        block = [place for place in block if self._is_left(place, whole=False)]
        if not block:
            return [], []
        columns = self._near(block, near, wide)
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

    def _in_whole_numbers(self, block: Sequence[int], near: int, wide: int) -> None:
        inner = Model(self, self._near(block, near, wide), whole_rows=False)
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


def _matrix(rows: Sequence[Mapping[int, float]], columns: int) -> Any:
    """Return rows of unknowns as a sparse matrix."""
    import numpy as np
    from scipy import sparse

    starts = np.cumsum([0, *map(len, rows)])
    places = np.fromiter((place for row in rows for place in row), dtype=np.int32, count=starts[-1])
    values = np.fromiter((value for row in rows for value in row.values()), dtype=float, count=starts[-1])
    return sparse.csr_array((values, places, starts), shape=(len(rows), columns))
