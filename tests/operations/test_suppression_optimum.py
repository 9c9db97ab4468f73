"""What is hidden for the sake of others, against the least that cell suppression can hide, by an exact model.

The model is that of Fischetti and Salazar (Management Science 47, 2001): a number is protected if the table has two
fillings that agree in all that is told and differ enough in it. It is solved by HiGHS, and knows one moment of one
level: a total with its countries and its days. That is what `figure_cube.cube` hides before releases are judged over
time. The attacker of the model knows nothing of the rule, or which hidden numbers are small, or all of the rule: that
of the others the smallest are hidden first, and the total last. Only the last is the attacker of Muster, whose rule
also keeps five values for the others that it hides.
"""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from operations.disclosure import small_numbers
from operations.disclosure.figure_cube import Reader, cube

TABLES, SEED = 150, 2026
MOST = 10_000
"""More than any cell: what an attacker can think of a hidden one at most."""


@dataclass
class TotalTable:
    """A total with its countries and its days; cell 0 is the total, `sides` are the cells of each side."""

    amounts: list[int] = field(default_factory=list)
    sides: list[list[int]] = field(default_factory=list)

    @property
    def small(self) -> list[int]:
        """The cells that must be hidden."""
        return [cell for cell, many in enumerate(self.amounts) if small_numbers.small(many)]


def invent(dice: random.Random) -> tuple[TotalTable, Counter[str], Counter[str]]:
    """Persons of a level by country and by day."""
    countries, days = Counter[str](), Counter[str]()
    most = dice.choice((12, 40, 40, 300))
    for country in range(dice.randint(2, 8)):
        for day in range(dice.randint(1, 6)):
            if dice.random() < 0.6:
                many = dice.choice((1, dice.randint(1, 10), dice.randint(1, most)))
                countries[f"C{country}"] += many
                days[f"2026-03-0{day + 1}"] += many
    table = TotalTable([countries.total()])
    for side in (countries, days):
        table.sides.append([*range(len(table.amounts), len(table.amounts) + len(side))])
        table.amounts += side.values()
    return table, countries, days


def hidden_by_muster(table: TotalTable, countries: Counter[str], days: Counter[str]) -> set[int]:
    """The cells that leadership is not told."""
    shown = cube({1: countries}, {1: days}, defaultdict(Counter), Reader(full=False))
    of_days = shown.days[1] or dict.fromkeys(days)
    told = [shown.totals[1], *(shown.countries[1][name] for name in countries), *(of_days[name] for name in days)]
    return {cell for cell, many in enumerate(told) if many is None and table.amounts[cell]}


NOTHING, KINDS, RULE = "nothing of the rule", "which are small", "the rule"
"""What an attacker knows."""


def fewest(table: TotalTable, weights: list[int], knows: str) -> set[int]:
    """The cells of the least weight that keep five values for each small number from an attacker who knows so much.

    Variables are a bit for each cell, and for each small number two fillings of the table.
    """
    small, many = table.small, len(table.amounts)
    secrets = small if knows != RULE else [cell for side in table.sides for cell in side if table.amounts[cell]]
    wide = many * (1 + 2 * len(secrets))
    rows: list[dict[int, float]] = []
    least: list[float] = []
    most: list[float] = []

    def say(row: dict[int, float], low: float, high: float) -> None:
        rows.append(row)
        least.append(low)
        most.append(high)

    pairs = [
        (cell, larger)
        for side in table.sides
        for cell in side
        for larger in side
        if small_numbers.K <= table.amounts[cell] <= table.amounts[larger] and cell != larger
    ]
    for cell, larger in pairs if knows == RULE else ():
        if table.amounts[cell] < table.amounts[larger]:
            say({larger: 1.0, cell: -1.0}, -1, 0)
    for number, secret in enumerate(secrets):
        fillings = [many * (1 + 2 * number + side) for side in (0, 1)]
        for first in fillings:
            for side in table.sides:
                say({first: -1.0} | {first + cell: 1.0 for cell in side}, 0, 0)
            for cell, amount in enumerate(table.amounts):
                low, high = (0, MOST) if knows == NOTHING else (1, 10) if cell in small else (11, MOST)
                if amount:  # told: as it is; hidden: anything that its kind allows
                    say({first + cell: 1.0, cell: float(amount - low)}, amount, MOST * 2)
                    say({first + cell: 1.0, cell: float(amount - high)}, -MOST * 2, amount)
            for cell, larger in pairs if knows == RULE else ():  # no hidden one is larger than the smallest told
                say({first + cell: 1.0, larger: -float(MOST)}, -MOST, table.amounts[larger])
        told_apart = {fillings[0] + secret: 1.0, fillings[1] + secret: -1.0}
        say(told_apart | {secret: float(1 - small_numbers.FEWEST_POSSIBILITIES)}, 0, MOST)
    at = [(row, place, value) for row, of in enumerate(rows) for place, value in of.items()]
    matrix = coo_array(
        ([value for *_at, value in at], ([row for row, *_of in at], [place for _row, place, _value in at])),
        shape=(len(rows), wide),
    )
    lower, upper = np.zeros(wide), np.full(wide, float(MOST))
    upper[:many], lower[small] = 1, 1
    upper[[cell for cell, amount in enumerate(table.amounts) if not amount]] = 0
    upper[0] = knows != RULE  # such tables are asked about where the total is told
    bits = np.arange(wide) < many
    found = milp(
        np.concatenate((np.array(weights, dtype=float), np.zeros(wide - many))),
        constraints=LinearConstraint(matrix.tocsr(), least, most),
        bounds=Bounds(lower, upper),
        integrality=bits.astype(int),
    )
    assert found.success, found.message
    return {cell for cell in range(many) if found.x[cell] > 0.5}


Loss = tuple[TotalTable, set[int], set[int], set[int]]
"""A table with the cells that Muster hides, the fewest that can be hidden, and those of the fewest persons."""


@pytest.fixture(scope="module", params=[NOTHING, KINDS, RULE])
def losses(request: pytest.FixtureRequest) -> list[Loss]:
    """Tables with something to hide.

    Where days are withheld altogether, nobody knows which of them are small: the model that does is not asked then.
    """
    dice, found = random.Random(SEED), list[Loss]()
    for _table in range(TABLES):
        table, countries, days = invent(dice)
        hidden = hidden_by_muster(table, countries, days)
        withheld = {cell for cell in table.sides[1] if table.amounts[cell]} <= hidden
        if table.small and 0 not in table.small and not (request.param != NOTHING and withheld):
            counts, persons = (
                fewest(table, of, knows=request.param) for of in ([1] * len(table.amounts), table.amounts)
            )
            found.append((table, hidden, counts, persons))
    assert len(found) > TABLES / 2
    return found


def weight(table: TotalTable, cells: set[int]) -> int:
    """The persons in these cells."""
    return sum(table.amounts[cell] for cell in cells)


def test_less_is_hidden_in_no_table_than_protects_it(losses: list[Loss]) -> None:
    for table, hidden, counts, persons in losses:
        assert set(table.small) <= hidden
        assert len(counts) <= len(hidden), table
        assert weight(table, persons) <= weight(table, hidden), table


def test_no_more_is_hidden_than_its_rule_asks_for(losses: list[Loss], request: pytest.FixtureRequest) -> None:
    """The optimum in every table where attackers know the rule; where they know less, in most: docs/protection.md."""
    cells = [len(hidden) / len(counts) for _table, hidden, counts, _persons in losses]
    many = [weight(table, hidden) / weight(table, persons) for table, hidden, _counts, persons in losses]
    for name, ratios in (("cells", cells), ("persons", many)):
        same = sum(each == 1 for each in ratios) / len(ratios)
        said = f"median {median(ratios):.2f}, worst {max(ratios):.2f}"
        print(f"{len(ratios)} tables, {name}: {same:.0%} as few, mean {np.mean(ratios):.2f}, {said}")  # noqa: T201
    assert median(cells) == median(many) == 1
    if request.node.callspec.params["losses"] == RULE:
        assert max(cells) == max(many) == 1
