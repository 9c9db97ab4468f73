"""Contents of releases: a figure as one audience would be shown it now, with unsafe columns as last released.

`countries` and `days` are columns: numbers by level, None being hidden. `at_least` holds, for each of them and for
PARTS, the entry as of which it is shown. `few` are the levels from which a hidden number may be labelled as 1 to 10.
`earlier` are numbers from a level up that are hidden now, as they were told last: everybody of the audience may know
them, so they tell nothing new.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import Any

from operations.catalogue.kpis import Kpi
from operations.core.people import Actor
from operations.core.vocabulary import Level
from operations.disclosure.figure_cube import Amounts, Cube, Reader, cube
from operations.disclosure.releases import LEVELS, SUMS, TABLES, ReleaseView
from operations.disclosure.suppression import FigureGuard, at_least
from operations.figures.releases.guarded_counts import SHARES
from operations.figures.releases.judge import MOVED, AudienceState, Cell, ReportHolding
from operations.figures.values import parts_of, qualifier

PARTS = "parts"
Content = dict[str, Any]


def levels_of(by: Actor) -> tuple[Level, ...]:
    """Return the levels that a person sees: for other countries, from V3 up."""
    return tuple(level for level in Level if level >= (Level.V3 if by.national else Level.V1))


def content_of(
    guard: FigureGuard, kpi: Kpi, state: int, levels: Collection[Level], rows: list[Any], told: Content | None
) -> Content:
    """Return a figure as this audience would be shown it now.

    `rows` are the totals of the whole operation, `told` is the content with tables that was last released.
    """
    reader = guard.reader
    content = _content(guard.fresh(kpi), reader, state, levels, told)
    content["qualifiers"] = {str(int(level)): said for level in levels if (said := qualifier(kpi, rows, level))}
    if kpi in SHARES:
        measure = SHARES[kpi][1]
        content["parts"] = {
            str(int(level)): None
            if _hides(content["totals"], level) or guard.parts_are_small(measure, level) or guard.keeps(measure, level)
            else parts_of(measure, rows, level)
            for level in levels
        }
    return content


def content_below(
    upper: ReleaseView,
    held: Iterable[ReportHolding],
    reader: Reader,
    levels: Collection[Level],
    before: Content | None,
) -> tuple[Content, set[str]]:
    """Return a figure as it would be shown outside as of a release to leadership, and the columns to be held back.

    A column is held back where leadership was not told each of its numbers as of the same entry. `before` is the
    content with tables that was last released outside.
    """
    amounts: tuple[Amounts, Amounts] = defaultdict(Counter), defaultdict(Counter)
    for holding in held:
        level = next((reached for entry, reached in reversed(holding.levels) if entry <= upper.state), 0)
        if level >= min(levels):
            amounts[0][level][holding.country] += holding.amount
            amounts[1][level][holding.day] += holding.amount
    content = _content(cube(*amounts, {}, reader), reader, upper.state, levels, before)
    told = upper.content
    content["qualifiers"] = {level: said for level, said in told["qualifiers"].items() if int(level) in levels}
    content["totals"] = {
        level: amount if told["totals"].get(level, 0) == amount else None for level, amount in content["totals"].items()
    }
    if upper.scope == SUMS:
        return content, set(content["at"])
    content["parts"] = {
        level: None if reader.kept_back or _hides(content["totals"], Level(int(level))) else amounts_told
        for level, amounts_told in told["parts"].items()
        if int(level) in levels
    }
    beyond = {name for name in content["at"] if told["at"].get(name) != upper.state}
    for kind in ("countries", "days"):
        for name, column in content[kind].items():
            above = told[kind].get(name, {})
            if any(amount is not None and amount != above.get(level, 0) for level, amount in column.items()):
                beyond.add(name)
    return content, beyond


def _hides(totals: Mapping[str, int | None], level: Level) -> bool:
    """Whether the total from a level up is hidden."""
    return any(amount is None for reached, amount in totals.items() if int(reached) >= level)


def _content(cells: Cube, reader: Reader, state: int, levels: Collection[Level], told: Content | None) -> Content:
    """Return the content of a state. Columns that were `told` and have no amount any more are nothing, or hidden."""
    countries = {country for by_country in cells.countries.values() for country in by_country}
    days = {day for by_day in cells.days.values() if by_day is not None for day in by_day}
    if told is not None:
        countries, days = countries.union(told["countries"]), days.union(told["days"])
    return {
        "kept": sorted(reader.kept_back),
        "totals": {str(level): amount for level, amount in cells.totals.items()},
        "countries": {
            country: {
                str(level): by_country[country]
                for level, by_country in cells.countries.items()
                if country in by_country
            }
            for country in sorted(countries)
        },
        "days": {
            day: {
                str(level): None if by_day is None else by_day[day]
                for level, by_day in cells.days.items()
                if by_day is None or day in by_day
            }
            for day in sorted(days)
        },
        "few": _few(cells, levels, reader),
        "qualifiers": {},
        "parts": {},
        "at": dict.fromkeys((*sorted(countries), *sorted(days), PARTS), state),
    }


def _few(cells: Cube, levels: Collection[Level], reader: Reader) -> dict[str, list[int]]:
    """Return the levels from which a hidden number may be labelled as 1 to 10, by country; "" is the total."""
    few: dict[str, list[int]] = {}
    for level in levels:
        if cells.total(at_least(level)) is None and _total_is_few(cells, level, reader):
            few.setdefault("", []).append(int(level))
        for country in {
            name for reached, by_country in cells.countries.items() if reached >= level for name in by_country
        }:
            if cells.country(country, at_least(level)) is None and cells.few(at_least(level), reader.own, country):
                few.setdefault(country, []).append(int(level))
    return few


def _total_is_few(cells: Cube, level: Level, reader: Reader) -> bool:
    """Whether a hidden total may be labelled as 1 to 10 for all who read it, countries that know their own part too."""
    owns: set[str | None] = {None}
    if reader.home is not None:
        owns |= {country for by_country in cells.amounts.values() for country in by_country}
    return all(cells.few(at_least(level), own) for own in owns)


def sums_alone(content: Content) -> Content:
    """Return the content without its tables."""
    few = {"": content["few"][""]} if "" in content["few"] else {}
    return {name: content[name] for name in ("kept", "totals", "qualifiers")} | {"few": few}


def with_older(content: Content, old: Content | None, dropped: Set[str]) -> Content:
    """Return the content with these columns as last released, or hidden where they never were."""
    before: Content = old or {"countries": {}, "days": {}, "few": {}, "parts": {}, "at": {}}
    hidden = dict.fromkeys(map(str, LEVELS), None)
    made = {**content, "at": {**content["at"], **{name: before["at"].get(name, 0) for name in dropped}}}
    for kind in ("countries", "days"):
        made[kind] = {
            name: before[kind].get(name, hidden) if name in dropped else column
            for name, column in content[kind].items()
        }
    few = {name: levels for name, levels in content["few"].items() if name not in dropped}
    made["few"] = few | {name: levels for name, levels in before["few"].items() if name in dropped}
    if PARTS in dropped:
        made["parts"] = before["parts"]
    return made


def with_earlier(made: Content, scope: str, before: Sequence[ReleaseView]) -> Content:
    """Return the content with the numbers that it hides and that were told before, of one person and more.

    Nothing is told again that a country keeps back since, nor a number of which no release says as of when it stood.
    """
    earlier: dict[str, dict[str, list[Any]]] = {}
    moments = {view.state: view.state_at.isoformat() for view in before}
    for name, column in {"": made["totals"], **(made["countries"] if scope == TABLES else {})}.items():
        last = next((view for view in reversed(before) if not name or view.scope == TABLES), None)
        if last is None or not set(made["kept"]) <= set(last.content["kept"]):
            continue
        then = last.content["countries"].get(name, {}) if name else last.content["totals"]
        state = last.content["at"].get(name, 0) if name else last.state
        for level in (level for level in map(Level, LEVELS) if _hides(column, level)):
            if _hides(then, level):
                found = last.content.get("earlier", {}).get(name, {}).get(str(int(level)))
            else:
                amount = sum(many or 0 for reached, many in then.items() if int(reached) >= level)
                found = [amount, state, moments[state]] if amount and state in moments else None
            if found:
                earlier.setdefault(name, {})[str(int(level))] = found
    return {**made, "earlier": earlier}


def state_of(seq: int, scope: str, content: Content, levels: Collection[Level]) -> AudienceState:
    """Return what a content reveals as of entry `seq`, in the form that the judge reads."""

    def told(column: Mapping[str, int | None]) -> dict[int, bool]:
        return {int(level): column.get(str(int(level)), 0) is not None for level in levels}

    kept = frozenset(content["kept"])
    if scope == SUMS:
        return AudienceState(seq, told(content["totals"]), kept_back=kept)
    here = {name for name, stood in content["at"].items() if stood == seq}
    parts = content["parts"] if PARTS in here else {}
    return AudienceState(
        seq,
        told(content["totals"]),
        {name: told(column) for name, column in content["countries"].items() if name in here},
        {name: told(column) for name, column in content["days"].items() if name in here},
        frozenset((part, int(level)) for level, part_amounts in parts.items() for part in part_amounts or ()),
        kept,
    )


def same(made: Content, old: Content | None) -> bool:
    """Whether two contents show the same numbers, whatever entries they are as of."""
    beside = {"at": 0, "earlier": 0}
    return old is not None and {**made, **beside} == {**old, **beside}


def same_sums(made: Content, before: list[ReleaseView]) -> bool:
    """Whether the sums equal those of the last release."""
    return bool(before) and sums_alone(made) == sums_alone(before[-1].content)


def blamed(cell: Cell, content: Content, dropped: Set[str]) -> Iterable[str]:
    """Return the columns to hold back so that this cell stays secret: its country, else its day, else its neighbours.

    Neighbours are the parts of the share, then all days, then the smallest countries of its level. There are none where
    a total moved by fewer than eleven.
    """
    if cell[0] == MOVED:
        return ()
    own = [name for name in cell[1].split() if name in content["at"] and name not in dropped]
    days = [name for name in content["days"] if name not in dropped]
    level = str(cell[2])
    beside = [
        (column[level], name)
        for name, column in content["countries"].items()
        if name not in dropped and column.get(level)
    ]
    return own[:1] or (
        [PARTS]
        if content["parts"] and PARTS not in dropped
        else days or [name for _amount, name in sorted(beside)[: 1 + len(beside) // 4]]
    )
