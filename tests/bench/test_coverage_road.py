"""Who is at which event by road in an hour: joining events to roads and searching from every site."""

import time

import numpy as np
import pytest

from geodata.ground.sites import sites
from geodata.placement.road_reach import drive
from geodata.ways.world_graph import world
from tests.bench.conftest import Ledger

SITES = 500


@pytest.mark.parametrize("stay", [False, True], ids=["any border", "teams stay"])
@pytest.mark.parametrize("events", [10_000, 100_000, 1_000_000])
def test_reach_by_road_of_500_crossings(ledger: Ledger, events: int, stay: bool) -> None:
    world()  # read once for each process, which is not counted
    known = sites("crossing").head(SITES)
    at = known["lon"].to_numpy(dtype=float), known["lat"].to_numpy(dtype=float)
    random = np.random.default_rng(1)
    near = random.integers(0, SITES, events)
    lon, lat = (
        np.clip(each[near] + random.normal(0, 0.5, events), -limit, limit)
        for each, limit in zip(at, (180, 89), strict=True)
    )
    homes = [[iso3] for iso3 in known["iso3"]] if stay else None
    taken = []
    for _ in range(3):
        begun = time.process_time()
        found = drive((lon, lat), at, 60, homes=homes)
        reached = found.reach(known["ref"].tolist())
        taken.append(time.process_time() - begun)
    size = f"{events:,} events, {SITES} sites, 60 minutes, {'teams stay' if stay else 'any border'}"
    ledger.note("reach by road, seconds of a core", size, float(np.median(taken)), "s", 3)
    ledger.note("pairs of a site and an event", size, sum(map(len, reached.within)), "")
    begun = time.process_time()
    for site in range(20):
        found.area(site)
    ledger.note("the area of a site", size, (time.process_time() - begun) / 20 * 1000, "ms", 20)
