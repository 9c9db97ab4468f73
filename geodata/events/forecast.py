"""Forecast: a ranked list of cells for the next period, and how well such lists did in past periods.

Counts of the past, weighted by age, are hard to beat; so every rule, the plain ones among them, is scored by replaying
the past of this very layer, and whichever did best in the held-out periods is used. No rule is scored on a period that
it has seen; how well choosing like this works is told by `CHOSEN`, whose choice has not seen its period either.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from geodata.events.cells import CellGrid, study_area
from geodata.events.periods import A_YEAR, Length, counts, whole_periods
from geodata.events.points import EventPoints, Flags, Note, UnfitEvents, Whole
from geodata.events.rankings import RankingRule, usual_rules
from geodata.ground import crs
from geodata.ground.reference import Floats

Measure = Literal["hit_rate", "pai", "pei"]
MEASURES: tuple[Measure, ...] = ("hit_rate", "pai", "pei")

_QUIET = "The last {periods} periods hold no events, so no forecast can be judged."

LEAD = 1.03
"""By how many times its PEI* the choice must lead the best plain rule, so that it is more than counting."""
CHOSEN = "chosen"
"""The name under which the table gives the scores of the choice itself."""


@dataclass(frozen=True)
class Score:
    """The result of one rule in one period: `caught` of `events` lay in its cells; no list catches more than `most`.

    `hit_rate` is caught / events; `pai` the hit rate over the share of cells (predictive accuracy index, Chainey,
    Tompson and Uhlig 2008); `pei` caught / most (PEI* of Hunt 2016): 1 is a list that nobody could better.
    """

    rule: str
    period: date
    caught: int
    events: int
    most: int
    hit_rate: float
    pai: float
    pei: float


@dataclass(frozen=True, eq=False)
class EventForecast:
    """A forecast: the cells of the next period by rank, best first, with everything needed to explain and repeat it.

    `code` are all cells of the study area, `expected` their score under `rule` (for ranking, not a number of events).
    The first `watched` are the forecast. `scores` hold every rule and `CHOSEN` in every held-out period: `CHOSEN` is,
    in each, the rule that those before it would have chosen. `plain` are the baselines among the rules. `period` is the
    first day of the period foreseen, `until` the first after it.
    """

    grid: CellGrid
    code: Whole
    expected: Floats
    watched: int
    rule: str
    scores: tuple[Score, ...]
    length: Length
    first: date
    period: date
    until: date
    held_out: int
    events: int
    plain: tuple[str, ...]
    notes: tuple[Note, ...] = ()

    @property
    def sentence(self) -> Note:
        """What the list says, how it was made and how far it held."""
        plain = max(self.plain, key=lambda rule: self.mean(rule, "pei"))
        template = (
            "{watched} of {places} places of {size} for {period} to before {until}, ranked by {rule} from {events} "
            "events since {first}. In {held_out} held-out periods ({length}) such lists held {hits:.0f} % of the "
            "events, and {pei:.0f} % of the most that as many cells could hold; {plain}: {plain_pei:.0f} %."
        )
        return Note(
            template,
            {
                "watched": self.watched,
                "places": len(self.code),
                "size": self.grid.size,
                "period": self.period.isoformat(),
                "until": self.until.isoformat(),
                "rule": self.rule,
                "events": self.events,
                "first": self.first.isoformat(),
                "held_out": self.held_out,
                "length": self.length,
                "hits": 100 * self.mean(CHOSEN, "hit_rate"),
                "pei": 100 * self.mean(CHOSEN, "pei"),
                "plain": plain,
                "plain_pei": 100 * self.mean(plain, "pei"),
            },
        )

    @property
    def remarks(self) -> tuple[Note, ...]:
        """Notes on the layer, and that counting does as well where the choice does not lead it by `LEAD`."""
        plain = max((self.mean(rule, "pei") for rule in self.plain), default=0.0)
        if plain == 0 or self.mean(CHOSEN, "pei") >= LEAD * plain:
            return self.notes
        said = "Counting past events does as well here: choosing among all rules was not 3 % better in these periods."
        return (*self.notes, Note(said))

    def mean(self, rule: str, measure: Measure) -> float:
        """The mean over the held-out periods."""
        return float(np.mean([getattr(score, measure) for score in self.scores if score.rule == rule]))

    def table(self) -> pd.DataFrame:
        """The mean scores by rule, `CHOSEN` first, then by `pei`: `hit_rate`, `pai`, `pei`, `plain`."""
        names = list(dict.fromkeys(score.rule for score in self.scores))
        rows = [(*(self.mean(name, measure) for measure in MEASURES), name in self.plain) for name in names]
        table = pd.DataFrame(rows, index=pd.Index(names, name="rule"), columns=[*MEASURES, "plain"])
        others = table.drop(index=CHOSEN).sort_values("pei", ascending=False, kind="stable")
        return pd.concat([table.loc[[CHOSEN]], others])

    def frame(self) -> gpd.GeoDataFrame:
        """The cells named, ready to draw on WGS 84: `rank` from 1, `code`, `expected`, shape."""
        chosen = np.arange(self.watched)
        columns = {"rank": chosen + 1, "code": self.code[chosen], "expected": self.expected[chosen]}
        return gpd.GeoDataFrame(columns, geometry=self.grid.polygons(self.code[chosen]), crs=crs.WGS84)


def forecast(
    points: EventPoints,
    grid: CellGrid,
    length: Length = "month",
    watched: int = 20,
    complete_until: date | None = None,
    area: shapely.Geometry | None = None,
    rings: int = 1,
    held_out: int | None = None,
    rules: Sequence[RankingRule] | None = None,
) -> EventForecast:
    """Rank the cells for the period after the last whole one; `watched` is how many can be watched.

    1. Events are counted by cell and whole period.
    2. Each rule ranks the cells for each of the last periods from the ones before it alone, and is scored.
    3. The rule that did best in the last `held_out` of them (a year by default) ranks the next period.
    4. That choice is scored too, as it would have been made for each of these from as many periods before it.

    Cells are taken as equal in area: exact for `Squares`, close for `Hexagons` of one country. Periods without events
    are not scored.
    """
    year = A_YEAR[length]
    held = year if held_out is None else held_out
    least = max(3, held // 2)
    if watched < 1 or held < 3:
        raise ValueError("At least one cell must be watched, and at least three periods held out.")
    periods = whole_periods(points, length, complete_until, year + least + held)
    warm = min(max(least, len(periods) - year - held), 3 * year)
    cells = study_area(points, grid, area, rings)
    if watched >= len(cells):
        template = "All {cells} cells can be watched: there is nothing to choose. Choose smaller cells."
        raise UnfitEvents(template, cells=len(cells))
    count = counts(points, periods, cells, grid.cells(points.lon, points.lat))
    near = None if area is not None else grid.neighbours(cells)
    tried = usual_rules(grid, cells, year) if rules is None else tuple(rules)
    names = periods.start[:-1].tolist()
    scores = backtest(count, tried, names, watched, warm + held, near, rings)
    unseen = sorted({score.period for score in scores if score.period >= periods.name(len(periods) - held)})
    if not unseen:
        raise UnfitEvents(_QUIET, periods=held)
    best = _best(scores, tried, unseen)
    order, expected = _ranked(best, count)
    return EventForecast(
        grid=grid,
        code=cells[order],
        expected=expected[order],
        watched=watched,
        rule=best.name,
        scores=(*_choices(scores, tried, unseen, held), *(s for s in scores if s.period >= unseen[0])),
        length=length,
        first=periods.name(0),
        period=periods.name(-1),
        until=_after(periods.name(-1), length),
        held_out=len(unseen),
        events=int(count.sum()),
        plain=tuple(rule.name for rule in tried if rule.plain),
        notes=points.notes,
    )


def backtest(
    count: Floats,
    rules: Sequence[RankingRule],
    names: Sequence[date],
    watched: int,
    periods: int,
    near: sparse.csr_array | None = None,
    rings: int = 1,
) -> list[Score]:
    """Every rule in each of the last `periods` of `count` (cells, periods), from the columns before it alone.

    Where the study area was drawn around all points, it knows something of the future too. Then `near` (neighbours)
    keeps to the cells that `rings` around the past alone would have given.
    """
    found = []
    for number in range(count.shape[1] - periods, count.shape[1]):
        past, now = count[:, :number], count[:, number]
        most = np.partition(now, -watched)[-watched:].sum()
        if not most:
            continue
        known = _known(past, near, rings)
        for rule in rules:
            order, _ = _ranked(rule, past, known)
            caught = now[order[:watched]].sum()
            found.append(_score(rule.name, names[number], caught, now.sum(), most, watched / len(now)))
    if not found:
        raise UnfitEvents(_QUIET, periods=periods)
    return found


def _known(past: Floats, near: sparse.csr_array | None, rings: int) -> Flags:
    """The cells that the study area would hold, had it been made from the past alone."""
    if near is None:
        return np.ones(len(past), np.bool_)
    known = past.any(axis=1).astype(float)
    for _ in range(rings):
        known = known + near @ known
    return np.asarray(known > 0)


def _ranked(rule: RankingRule, past: Floats, known: Flags | None = None) -> tuple[Whole, Floats]:
    """Cells by falling score, then by all their events, then by code, unknown ones last; and the scores."""
    score = rule.score(past)
    if known is not None:
        score = np.where(known, score, -1)
    # Sums in another order differ in the last digits; what is equal on paper must tie.
    return np.lexsort((-past.sum(axis=1), -score.round(12))), score


def _score(rule: str, period: date, caught: float, events: float, most: float, share: float) -> Score:
    hit_rate = float(caught / events)
    return Score(rule, period, int(caught), int(events), int(most), hit_rate, hit_rate / share, float(caught / most))


def _best(scores: Sequence[Score], rules: Sequence[RankingRule], periods: Sequence[date]) -> RankingRule:
    """The rule with the highest mean PEI* over these periods; the first of equals, and where there is no period."""
    pei = {rule.name: [score.pei for score in scores if score.rule == rule.name] for rule in rules}
    at = {score.period: number for number, score in enumerate(s for s in scores if s.rule == rules[0].name)}
    rows = [at[period] for period in periods]

    def mean(rule: RankingRule) -> float:
        return round(float(np.mean([pei[rule.name][row] for row in rows])), 9) if rows else 0.0

    return max(rules, key=mean)


def _choices(scores: Sequence[Score], rules: Sequence[RankingRule], periods: Sequence[date], held: int) -> list[Score]:
    """In each period, the score of the rule that did best in the `held` periods before it."""
    known = sorted({score.period for score in scores})
    chosen = []
    for period in periods:
        name = _best(scores, rules, [each for each in known if each < period][-held:]).name
        [found] = [score for score in scores if score.period == period and score.rule == name]
        chosen.append(replace(found, rule=CHOSEN))
    return chosen


def _after(start: date, length: Length) -> date:
    """The first day after the period that begins on `start`."""
    if length == "week":
        return start + timedelta(days=7)
    months = {"month": 1, "quarter": 3}[length]
    return (np.datetime64(start, "M") + months).astype("datetime64[D]").item()  # type: ignore[no-any-return]
