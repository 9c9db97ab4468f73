"""The time of day jumps by two days, forth and back, under load: nothing is lost, and people go on working.

The timetable under such jumps is tests/operations/test_timetable_once.py: 10,000 ticks, each effect once.
"""

from itertools import cycle
from pathlib import Path

import pytest

from tests.prove.fault_library import WrongClock
from tests.prove.load import Load, endure, faults
from tests.servers import PRODUCT, make_scene, serve

DAYS = 2 * 24 * 3600
JUMPS = 8


@pytest.mark.slow
@pytest.mark.both_storages
@pytest.mark.timeout(3600)
def test_the_clock_of_a_server_jumps_two_days_forth_and_back(database_url: str, tmp_path: Path) -> None:
    scene, clock = make_scene(database_url), WrongClock(tmp_path)
    server = serve(database_url, tmp_path, PRODUCT, more=clock.environment)
    load, wrong = Load(server, scene), cycle((DAYS, -DAYS))
    try:
        endure(load, lambda: clock.set(next(wrong)), lambda: clock.set(0), faults(JUMPS), (1.0, 3.0))
    finally:
        server.stop()
        scene.store.dispose()
