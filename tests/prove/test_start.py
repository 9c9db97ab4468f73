"""Four servers and four timetables that start at the same moment on one empty database, ten times on each storage."""

from pathlib import Path

import pytest

from tests.parallel_start import start_together

ROUNDS = 10


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, ROUNDS + 1))
def test_all_stand(database_url: str, tmp_path: Path, number: int) -> None:
    start_together(database_url, tmp_path / str(number))
