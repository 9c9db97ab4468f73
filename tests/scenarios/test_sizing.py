"""The table of sizes follows from what was measured, and says how sure it is."""

import math
from pathlib import Path

import pytest

from scenarios import sizing
from scenarios.sizing import GIB, Measure, Measured, PowerLaw
from scenarios.year import YearSize

TIMES = (1, 3, 10)


def measured(noise: float = 0.0) -> list[Measured]:
    """Every measure at three sizes, growing as the square root of the reports, on both storages."""
    return [
        Measured(storage, times, 1_000 * times, what, 100 * (1 + noise * (-1) ** times) * times**0.5, "2026-12-01")
        for storage in ("postgresql", "sqlite")
        for times in TIMES
        for what in Measure
    ]


def test_a_law_goes_through_what_follows_it_and_doubts_nothing() -> None:
    law = PowerLaw.fitted([(n, 3 * n**0.5) for n in (1_000, 3_000, 10_000)])
    assert (law.factor, law.power) == pytest.approx((3, 0.5))
    assert law(1_000_000) == pytest.approx(3_000)
    assert law.doubt(1_000_000) == pytest.approx(1, abs=1e-6)
    assert law.reaches(3_000) == pytest.approx(1_000_000)


def test_what_was_cheaper_at_a_larger_size_stays_as_dear_as_it_was_measured() -> None:
    law = PowerLaw.fitted([(1_000, 46), (3_000, 28), (10_000, 21)])
    assert law.power == 0
    assert law(1_000_000) == pytest.approx(46)


def test_doubt_grows_with_the_distance_and_two_sizes_leave_all_of_it() -> None:
    law = sizing.laws(measured(noise=0.1), "postgresql")[Measure.DISK]
    assert 1 < law.doubt(10_000) < law.doubt(1_000_000)
    assert math.isinf(PowerLaw.fitted([(1, 1), (2, 3)]).doubt(4))
    assert math.isinf(PowerLaw.fitted([(1, 5), (2, 5), (4, 5)]).reaches(6))
    with pytest.raises(ValueError, match="two sizes"):
        PowerLaw.fitted([(1, 1), (1, 2)])


def test_what_was_measured_is_read_as_it_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizing, "FILE", tmp_path / "sizing.csv")
    assert sizing.kept() == []
    sizing.keep(reversed(measured()))
    assert sizing.kept() == measured()


def test_a_larger_programme_needs_more_of_everything() -> None:
    law = sizing.laws(measured(), "postgresql")
    small, large = (sizing.installation(YearSize.times(times), law) for times in (1, 1_000))
    assert small.processes == 2
    assert (large.page_changes, small.page_changes) == (80, 0.8)
    for name in ("reports_an_hour", "web_cores", "database_cores", "memory", "disk", "connections", "shared_buffers"):
        assert getattr(large, name) >= getattr(small, name), name
    assert large.connections == (large.processes + 3) * sizing.CONNECTIONS + 10
    assert large.cache == 3 * large.shared_buffers <= 48 * GIB


def test_the_page_says_what_was_measured_and_what_was_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizing, "FILE", tmp_path / "sizing.csv")
    sizing.keep(measured(noise=0.05))
    page = "\n".join(sizing.page())
    assert "Measured up to 10 times" in page
    assert "| once | 3 times | 10 times | grows" in page
    assert "extrapolated" in page
    assert all(what.value in page for what in Measure)
