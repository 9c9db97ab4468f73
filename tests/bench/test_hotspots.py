"""Hotspots, their trends and the forecast, against the usual libraries and the plain count, on the same data."""

import io
import statistics
import time
from collections.abc import Callable
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.events.cells import CellGrid, Hexagons, Squares, study_area
from geodata.events.forecast import CHOSEN, backtest, forecast
from geodata.events.hotspots import PLAIN, gi_star, on_cells, with_itself
from geodata.events.periods import counts, whole_periods
from geodata.events.points import EventPoints, checked
from geodata.events.rankings import RankingRule, usual_rules
from geodata.events.trends import mann_kendall
from geodata.ground import crs
from tests.bench.conftest import Ledger
from tests.geodata.strangers import reference

TODAY = date(2026, 11, 24)
COUNTED = "counts, half-life 6 months"
"""Recency-weighted counts, the baseline to beat."""

ROUTES = {
    "US-Mexico border crossing": 20,
    "Central Mediterranean": 50,
    "Western Mediterranean": 50,
    "Eastern Mediterranean": 50,
    "Sahara Desert crossing": 50,
}
"""Routes with many incidents, and the side of their cells in km: smaller where places are known better."""


def table_of(name: str) -> pd.DataFrame:
    """A file of the reference data; the bench is skipped where it is absent."""
    return pd.read_csv(io.BytesIO(reference(name)), compression="gzip", keep_default_na=False)


def seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


@pytest.mark.filterwarnings("ignore:The alternative hypothesis:DeprecationWarning")  # esda's, about its p-values
@pytest.mark.parametrize("grid", [Squares(11), Hexagons(6)], ids=["squares", "hexagons"])
def test_gi_star_on_100_000_cells(ledger: Ledger, grid: CellGrid) -> None:
    g_local = pytest.importorskip("esda.getisord").G_Local
    graph = pytest.importorskip("libpysal.graph").Graph
    random = np.random.default_rng(1)
    cells = grid.within(shapely.box(0, 10, 40, 40))[:100_000]
    values = random.poisson(random.gamma(0.5, 4, len(cells))).astype(float)
    tiny = graph.from_sparse(grid.neighbours(cells[:200]))
    g_local(values[:200], tiny, "B", star=True, permutations=9, n_jobs=1)  # compiles, which is not counted

    def whole() -> object:
        return gi_star(values, with_itself(grid.neighbours(cells)))

    size = f"{grid.size}, {len(cells):,}"
    ours = ledger.median_ms("Gi*, neighbours and z", size, whole, 5) / 1000
    weights = with_itself(grid.neighbours(cells))
    alone = ledger.median_ms("Gi*, z alone", size, lambda: gi_star(values, weights), 5) / 1000
    near = grid.neighbours(cells)
    begun = time.perf_counter()
    made = graph.from_sparse(near)
    found = g_local(values, made, "B", star=True, permutations=999, n_jobs=1, seed=1)
    theirs = time.perf_counter() - begun
    ledger.note("esda G_Local, 999 permutations", size, theirs, "s", note="neighbours given, without compilation")
    ledger.note("esda / Gi*, neighbours and z", size, theirs / ours, "x", note="goal 50")
    ledger.note("esda / Gi*, z alone", size, theirs / alone, "x")
    apart = float(np.abs(found.Zs - gi_star(values, weights)).max())
    ledger.note("largest difference of z", size, apart * 1e12, "1e-12", note="goal below 1000")


def test_trends_of_10_000_cells(ledger: Ledger) -> None:
    original_test = pytest.importorskip("pymannkendall").original_test
    random = np.random.default_rng(2)
    weights = with_itself(Squares(20).neighbours(cells := Squares(20).within(shapely.box(0, 10, 30, 30))[:10_000]))
    count = random.poisson(random.gamma(0.5, 4, (len(cells), 1)), (len(cells), 24)).astype(float)
    size = "10,000 cells, 24 periods"
    ours = ledger.median_ms(
        "Gi* of each period and Mann-Kendall", size, lambda: mann_kendall(gi_star(count, weights)), 5
    )
    z = gi_star(count, weights)
    begun = time.perf_counter()
    theirs = np.array([original_test(row).z for row in z])
    taken = time.perf_counter() - begun
    ledger.note("pymannkendall", size, taken, "s", note="Mann-Kendall alone")
    ledger.note("pymannkendall / ours", size, 1000 * taken / ours, "x", note="goal 100")
    apart = float(np.abs(theirs - mann_kendall(z).z).max())
    ledger.note("largest difference of z", size, apart * 1e12, "1e-12")


def test_a_million_incidents_to_a_layer_ready_to_draw(ledger: Ledger) -> None:
    random = np.random.default_rng(3)
    n = 1_000_000
    middle = np.column_stack([random.uniform(0, 30, 60), random.uniform(10, 40, 60)])[random.integers(0, 60, n)]
    lon, lat = (middle + random.normal(0, 0.7, (n, 2))).T
    days = pd.Timestamp("2025-01-01") + pd.to_timedelta(random.integers(0, 600, n), unit="D")
    frame = gpd.GeoDataFrame({"day": days}, geometry=gpd.points_from_xy(lon, lat), crs=crs.WGS84)

    def drawn() -> gpd.GeoDataFrame:
        layer = on_cells(checked(frame, TODAY, "day"), Hexagons(5))
        return layer.frame((layer.count > 0) | (layer.kind != PLAIN))

    ledger.note("cells of that layer", "1,000,000 incidents", len(drawn()), "cells")
    taken = statistics.median(seconds(drawn) for _ in range(3))
    ledger.note("checked, counted, Gi*, FDR, polygons", "1,000,000 incidents", taken, "s", 3, "goal 10")


def told_what_came_after(points: EventPoints, grid: CellGrid, watched: int, held_out: int) -> float:
    """Mean PEI* of the usual rule that adds to the months before each held-out one those after it, last one first.

    No forecast can know them: this is about as far as a list of such places reaches at all.
    """
    periods = whole_periods(points, "month")
    cells = study_area(points, grid, rings=1)
    count = counts(points, periods, cells, grid.cells(points.lon, points.lat))
    usual = usual_rules(grid, cells, 12)[0].score
    end = len(periods)

    def both(past: np.ndarray) -> np.ndarray:
        after = count[:, : past.shape[1] : -1]
        return usual(past) + (usual(after) if after.size else 0)

    names = periods.start[:end].tolist()
    scores = backtest(count, [RankingRule("both", both)], names, watched, held_out, grid.neighbours(cells))
    return statistics.mean(score.pei for score in scores)


@pytest.mark.parametrize("watched", [10, 20])
def test_the_forecast_against_recency_weighted_counts(ledger: Ledger, watched: int) -> None:
    """Deaths and disappearances by route, monthly; the last two years held out; the choice made on earlier months."""
    rows = table_of("incidents_mmp_2014_2021.csv.gz")
    rows = rows[rows["coord_flag"] == ""].assign(day=lambda f: pd.to_datetime(f["date"], errors="coerce"))
    ratios, reach = [], []
    for route, side in ROUTES.items():
        mine = rows[rows["route"] == route]
        frame = gpd.GeoDataFrame(
            {"day": mine["day"]}, geometry=gpd.points_from_xy(mine["lon"], mine["lat"]), crs=crs.WGS84
        )
        points = checked(frame, TODAY, "day")
        found = forecast(points, Squares(side), watched=watched, held_out=24)
        size = f"{route}, {watched} cells of {side} km, {found.held_out} months"
        best = found.table().drop(index=CHOSEN).iloc[0]
        ratio = found.mean(CHOSEN, "pei") / found.mean(COUNTED, "pei")
        ratios.append(ratio)
        ledger.note(
            "PEI* of the choice", size, found.mean(CHOSEN, "pei"), "", note=f"PAI {found.mean(CHOSEN, 'pai'):.1f}"
        )
        ledger.note("PEI* of recency-weighted counts", size, found.mean(COUNTED, "pei"), "")
        ledger.note("PEI* of the best rule in hindsight", size, best["pei"], "", note=str(best.name))
        ledger.note("choice / recency-weighted counts", size, ratio, "x", note="goal 1.1")
        reach.append(told_what_came_after(points, Squares(side), watched, 24) / found.mean(COUNTED, "pei"))
    size = f"{len(ratios)} routes, {watched} cells"
    ledger.note("mean of those", size, statistics.mean(ratios), "x", note="goal 1.1")
    ledger.note(
        "the same, had the list known the months after too", size, statistics.mean(reach), "x", note="no forecast"
    )


@pytest.mark.parametrize("watched", [3])
def test_the_forecast_of_border_sectors(ledger: Ledger, watched: int) -> None:
    """Encounters by sector and month on one border: few places, so any rule does well."""
    rows = table_of("cbp_encounters_fy2020_fy2023.csv.gz")
    rows["encounters"] = pd.to_numeric(rows["encounters"])
    table = rows.pivot_table(index="area", columns="month", values="encounters", aggfunc="sum", fill_value=0)
    count = table.to_numpy(dtype=float)
    names = [date.fromisoformat(month) for month in table.columns]

    def weighted(half_life: float) -> Callable[[np.ndarray], np.ndarray]:
        return lambda past: past @ 0.5 ** (np.arange(past.shape[1])[::-1] / half_life)

    rules = [RankingRule(f"counts, half-life {half_life} months", weighted(half_life)) for half_life in (1, 3, 6, 12)]
    scores = backtest(count, rules, names, watched, 24)
    for rule in rules:
        mean = statistics.mean(score.pei for score in scores if score.rule == rule.name)
        ledger.note(f"PEI* of {rule.name}", f"{len(count)} sectors, {watched} watched, 24 months", mean, "")
