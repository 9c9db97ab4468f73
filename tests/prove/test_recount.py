"""A hundred thousand random verbs by random people on both storages: all figures are those of the raw lines.

In parts, each of which can be run alone: `-k part7-`.
"""

from dataclasses import replace

import pytest

from tests.operations.recount import fuzz
from tests.prepared_databases import Shelf

VERBS, PARTS = 100_000, 100


@pytest.mark.both_storages
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("part", range(PARTS), ids=lambda part: f"part{part}-")
@pytest.mark.requirement("R55")
def test_after_a_hundred_thousand_verbs_figures_are_those_of_the_raw_lines(shelf: Shelf, part: int) -> None:
    with shelf.take(shelf.scene) as store:
        scene = replace(shelf.running, store=store, members={})
        played = fuzz(scene, 2026 + part, verbs=VERBS // PARTS, every=500)
    print(f"{played.tried.total()} verbs, {played.done.total()} done: {dict(played.done)}")  # noqa: T201
    assert played.done["verify"] > 80
