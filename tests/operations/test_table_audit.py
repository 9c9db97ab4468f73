"""Released tables, audited by the interval audit of τ-ARGUS: each hidden small number keeps five values or more.

τ-ARGUS judges one moment by the sums alone, knowing nothing of Muster's rules; `tests/prove/test_disclosure.py` has the
attacker who knows them and watches.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from math import ceil, floor
from pathlib import Path

import pytest
from pytauargus._tauargus import audit_jj

from operations.core.vocabulary import Level
from operations.disclosure import small_numbers
from operations.disclosure.figure_cube import OUTSIDE, Amounts, Cube, Reader, cube

TABLES, SEED = 400, 2026
LEVELS = tuple(int(level) for level in (Level.V1, Level.V2, Level.V3, Level.V4))
READERS = {"leadership": Reader(full=False), "outside": Reader(full=False, home=OUTSIDE)}
Hidden = tuple[int, bool]
"""The amount of a cell, and whether it is hidden."""


def results(dice: random.Random) -> tuple[Amounts, Amounts]:
    """Persons by exact level and country, and by exact level and day."""
    countries = [f"C{number}" for number in range(dice.randint(2, 8))]
    days = [f"2026-03-0{number}" for number in range(1, dice.randint(2, 7))]
    by_country: Amounts = {level: Counter() for level in LEVELS if dice.random() < 0.8}
    by_day: Amounts = {level: Counter() for level in by_country}
    for level in by_country:
        for country in countries:
            for day in days:
                if dice.random() < 0.5:
                    amount = dice.choice((1, 2, dice.randint(1, 10), dice.randint(1, 40), dice.randint(1, 300)))
                    by_country[level][country] += amount
                    by_day[level][day] += amount
    return by_country, by_day


def rows(by_country: Amounts, by_day: Amounts, shown: Cube) -> Iterator[list[Hidden]]:
    """Yield each sum that a reader knows: the total first, then its parts."""
    for level, countries in by_country.items():
        total, days = (countries.total(), shown.totals.get(level) is None), shown.days[level]
        yield [total, *((n, shown.countries[level].get(name) is None) for name, n in countries.items())]
        yield [total, *((n, days is None or days[name] is None) for name, n in by_day[level].items())]


def small_ones_alone(by_country: Amounts, by_day: Amounts, _shown: Cube) -> Iterator[list[Hidden]]:
    """Yield the sums where nothing but the small numbers is hidden."""
    for level, countries in by_country.items():
        for parts in (countries, by_day[level]):
            cells = [parts.total(), *parts.values()]
            yield [(n, small_numbers.small(n) and place > 0) for place, n in enumerate(cells)]


def audited(sums: list[list[Hidden]], file: Path) -> list[int]:
    """Return how many values each hidden number of 1 to 10 may have, as the audit finds them."""
    cells: list[Hidden] = []
    linear: list[str] = []
    totals: dict[int, int] = {}
    for place, (total, *parts) in enumerate(sums):
        if place % 2 == 0:  # a level is summed twice, by country and by day
            totals[place // 2] = len(cells)
            cells.append(total)
        first = len(cells)
        cells += parts
        summed = " ".join(f"{cell} (1)" for cell in range(first, len(cells)))
        linear.append(f"0.0 {len(parts) + 1} : {totals[place // 2]} (-1) {summed}")
    codes = {(True, True): "u", (True, False): "m", (False, True): "s", (False, False): "s"}
    lines = [
        f"{place} {n} {max(n, 1)} {codes[hidden, small_numbers.small(n)]} 0 {max(10 * n, 100_000)} 0 0 0"
        for place, (n, hidden) in enumerate(cells)
    ]
    file.write_text("\n".join(["0", str(len(cells)), *lines, str(len(linear)), *linear, ""]))
    found: list[Mapping[str, float]] = audit_jj(str(file)) if any(hidden for _n, hidden in cells) else []
    return [
        floor(each["max"] + 1e-6) - ceil(each["min"] - 1e-6) + 1
        for each in found
        if small_numbers.small(cells[int(each["cell"])][0])
    ]


def widths(reader: Reader, tell: Callable[..., Iterator[list[Hidden]]], file: Path) -> Counter[int]:
    """Return how many small numbers have so many values, over all tables."""
    dice, found = random.Random(SEED), Counter[int]()
    for _table in range(TABLES):
        by_country, by_day = results(dice)
        shown = cube(by_country, by_day, defaultdict(Counter), reader)
        sums = [each for each in tell(by_country, by_day, shown) if len(each) > 1]
        if sums:
            found.update(audited(sums, file))
    return found


@pytest.mark.parametrize("reader", READERS)
def test_each_hidden_small_number_keeps_five_values(tmp_path: Path, reader: str) -> None:
    found = widths(READERS[reader], rows, tmp_path / "table.jj")
    assert found.total() > 1_000
    assert min(found) >= small_numbers.FEWEST_POSSIBILITIES


def test_the_audit_finds_tables_that_hide_nothing_but_small_numbers(tmp_path: Path) -> None:
    found = widths(READERS["leadership"], small_ones_alone, tmp_path / "table.jj")
    assert found[1] > 100
