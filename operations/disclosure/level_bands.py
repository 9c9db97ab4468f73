"""Level bands: levels of verification whose persons are told to leadership as one number, where one alone is small.

A band is one level or several next to each other, written as the digits of its levels: 12 is V1 and V2 together. It is
told, hidden and judged as a level is. The board shows sums from a level up, so that what is lost with a band is the
sum from a level inside it, never the sum from its lowest level.

Which bands there are follows from what everybody is thought to know of the totals: at which level there is nobody, at
which there are 1 to 10 persons, and at which more. So they tell nothing else.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from operations.core.vocabulary import Level
from operations.disclosure import small_numbers

LEVELS = tuple(int(level) for level in Level if level > Level.V0)
WIDE = (12, 23, 123)
"""The bands of more than one level. Above V3, for which countries answer, each level stands alone."""
_BELOW = ((1, 2, 3), (12, 3), (1, 23), (123,))
"""The bands up to V3 that may be chosen, the narrowest first."""
_ABOVE = tuple(level for level in LEVELS if level > Level.V3)


def levels_of(band: int) -> tuple[int, ...]:
    """Return the levels of a band."""
    return tuple(map(int, str(band)))


def all_bands(found: Iterable[int], levels: Iterable[int]) -> tuple[int, ...]:
    """Return all bands of some levels in order, where those of several levels are among `found`."""
    wide = [band for band in found if band in WIDE]
    alone = {int(level) for level in levels}.difference(*map(levels_of, wide))
    return tuple(sorted((*wide, *alone), key=levels_of))


def whole(cells: Mapping[int, int | None], wanted: Callable[[int], bool]) -> int | None:
    """Return the sum of the levels that `wanted` accepts, from amounts by band; None where it is not told.

    That is where a band is hidden, or where persons stand at a band of which some levels are not wanted.
    """
    total = 0
    for band, amount in cells.items():
        accepted = [wanted(level) for level in levels_of(band)]
        if amount == 0 or not any(accepted):
            continue
        if amount is None or not all(accepted):
            return None
        total += amount
    return total


def merged(amounts: Mapping[int, Counter[str]], band: int) -> Counter[str]:
    """Return the amounts of a band by country or day, from those of its levels."""
    if band not in WIDE:
        return amounts.get(band, Counter())
    found = Counter[str]()
    for level in levels_of(band):
        found.update(amounts.get(level, Counter()))
    return found


def parts(amounts: Mapping[int, Counter[str]], band: int, names: Iterable[str]) -> dict[str, tuple[int, ...]] | None:
    """Return the amounts of each country or day at each level of a band; None for a band of one level."""
    if band not in WIDE:
        return None
    levels = [amounts.get(level, Counter[str]()) for level in levels_of(band)]
    return {name: tuple(level[name] for level in levels) for name in names}


def chosen(countries: Mapping[int, Counter[str]]) -> tuple[int, ...]:
    """Return the bands of several levels in which a figure is told, from its amounts by exact level and country.

    Levels become one only where every total that may be told with each apart may be told still. The total from V1 up is
    wanted first, then that from V2 up, then as many bands as can be. The totals alone decide.
    """
    totals = [countries.get(level, Counter[str]()).total() for level in LEVELS]

    def told(bands: Sequence[int]) -> tuple[bool, ...]:
        return tuple(_told(totals, (*bands, *_ABOVE), level) for level in (Level.V1, Level.V2, Level.V3))

    apart = told(_BELOW[0])
    no_less = [bands for bands in _BELOW if all(now >= before for now, before in zip(told(bands), apart, strict=True))]
    best = max(no_less, key=lambda bands: (told(bands), len(bands)))
    return tuple(band for band in best if band in WIDE)


def _told(column: Sequence[int], bands: Iterable[int], level: Level) -> bool:
    """Whether a total from a level up may be told, by what everybody knows of it alone."""
    for band in bands:
        levels = levels_of(band)
        amounts = [column[each - 1] for each in levels]
        mixed = min(levels) < level or max(amounts) < small_numbers.K
        if any(amounts) and max(levels) >= level and mixed:
            return False
    return True
