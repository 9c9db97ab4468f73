"""The points of layers on the map: packed once, and given as far as they may be seen."""

import itertools
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.map.layer_points import MOST_DRAWN, LayerPoints, Pyramids
from geodata.events import pyramid
from geodata.events.pyramid import NOTHING, Marks, Pyramid, unpacked
from geodata.intake import events, files, mapping
from operations.analyses.events import counted, packed
from operations.policing.layers import imports as layer_imports
from operations.policing.layers import layers
from operations.policing.layers.imports import PackedEvents
from tests.dashboard.desks import open_scene
from tests.dashboard.test_layers_page import browser_of, cast_on
from tests.makers import Running, add_layer, layer_draft
from tests.makers import packed as packed_events
from tests.operations.analyses.test_worker import SOURCE, imported, scattered

WORLD = (-180.0, -90.0, 180.0, 90.0)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


@dataclass(frozen=True)
class Seen:
    """An answer of the map, read as the browser reads it."""

    events: int
    whole: bool
    marks: Marks


def read(answer: Any) -> Seen:
    body = answer.content
    count, numbered, events, whole = np.frombuffer(body, "<u4", 4).tolist()
    marks = unpacked([(count, body[16:])]) if count else NOTHING
    assert len(body) == 16 + count * (12 if numbered else 8)
    assert events == marks.events
    return Seen(events, bool(whole), marks)


def before_marks(scene: Running, data: bytes) -> layers.EventLayer:
    """A layer that came in before marks were kept."""
    packed_now = packed_of(data)
    return add_layer(scene, layer_draft(), PackedEvents(**vars(packed_now) | {"marks": ()}))


def packed_of(data: bytes) -> PackedEvents:
    found = files.read(data, "events.csv")
    accepted = events.accept(found, mapping.proposed(found), SOURCE, today=date(2026, 11, 24))
    return packed(accepted)


def test_what_was_counted_here_is_kept_by_content_and_bounded(scene: Running) -> None:
    first, second = before_marks(scene, scattered(300)), before_marks(scene, scattered(200))
    kept = Pyramids(points=400)
    with scene.store.reading(scene["dov"]) as session:
        counted = kept.of(session, first)
        assert kept.of(session, first) is counted
        assert len(counted) == 300
        kept.of(session, second)
        assert len(kept) == 1
        assert kept.of(session, first) is not counted


def test_a_layer_with_marks_is_never_counted_again(scene: Running) -> None:
    layer, older = imported(scene, scattered(300)), Pyramids()
    with scene.store.reading(scene["dov"]) as session:
        seen, whole = LayerPoints(session, layer, older).seen(WORLD, 4, 0)
        assert (seen.events, whole, len(older)) == (300, False, 0)
        assert len(session.identity_map) == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(-20, 30), st.floats(-10, 30), st.floats(0.1, 30), st.integers(0, 22), st.sampled_from([0, 50, 5_000]))
def test_a_view_of_the_store_is_the_view_of_the_points(
    crowd: tuple[Running, layers.EventLayer, Pyramid], west: float, south: float, side: float, zoom: int, most: int
) -> None:
    scene, layer, whole = crowd
    box = (west, south, west + side, south + side)
    with scene.store.reading(scene["dov"]) as session:
        seen, every = LayerPoints(session, layer, Pyramids()).seen(box, zoom, most)
    places = pyramid.every(whole.read, box)
    assert every == (0 < most >= len(places))
    expected = places if every else whole.view(box, pyramid.fitting_zoom(box, zoom))
    assert told(seen) == told(expected)


@pytest.fixture
def crowd(scene: Running) -> tuple[Running, layers.EventLayer, Pyramid]:
    """A layer of so many places that it has levels and pieces."""
    chance = np.random.default_rng(5)
    lon, lat = chance.normal(8, 4, 40_000), chance.normal(10, 4, 40_000)
    layer = add_layer(scene, content=packed_events(marks=counted(lon, lat)))
    return scene, layer, Pyramid(lon, lat)


def told(marks: Marks) -> list[tuple[int, int, int]]:
    return sorted(zip(marks.x.tolist(), marks.y.tolist(), marks.n.tolist(), strict=True))


def test_the_map_asks_for_points_and_gets_those_it_may_see(site: Any) -> None:
    scene = cast_on(site.store)
    layer, older = imported(scene, scattered(300)), before_marks(scene, scattered(300))
    nowhere = add_layer(scene, content=packed_events(bounds=None))
    view = {"bbox": "-180,-85,180,85", "zoom": 4}
    for found in (layer, older):
        address = f"/data/map/{scene.operation}/layers/{found.id}"
        for name, status in (("dov", 200), ("ana", 200), ("lena", 200), ("chaima", 404), ("otto", 404), ("ada", 404)):
            answer = browser_of(site, scene, name).get(address, params=view)
            assert answer.status_code == status, name
            if status == 200:
                assert answer.headers["cache-control"] == "no-store"
                seen = read(answer)
                assert (seen.events, seen.whole) == (300, False)
    dov = browser_of(site, scene, "dov")
    assert dov.get(f"/data/map/{uuid4()}/layers/{layer.id}", params=view).status_code == 404
    assert dov.get(f"/data/map/{scene.operation}/layers/{uuid4()}", params=view).status_code == 404
    assert dov.get(address, params={"bbox": "1,2,3", "zoom": 4}).status_code == 422
    assert dov.get(address, params=view | {"every": MOST_DRAWN + 1}).status_code == 422
    near = read(dov.get(address, params={"bbox": "100,0,110,10", "zoom": 4}))
    assert (near.events, near.whole) == (0, False)
    empty = read(dov.get(f"/data/map/{scene.operation}/layers/{nowhere.id}", params=view | {"every": 10}))
    assert (empty.events, empty.whole) == (0, True)
    with scene.store.unit_of_work(scene["dov"]) as session:
        layer_imports.remove(session, layer.layer_id, uuid4(), scene["dov"])
    assert dov.get(f"/data/map/{scene.operation}/layers/{layer.id}", params=view).status_code == 200
    with scene.store.reading(scene["dov"]) as session:
        (gone,) = layers.removed_layers(session, scene.operation)
    assert dov.get(f"/data/map/{scene.operation}/layers/{gone.id}", params=view).status_code == 404


def test_every_place_of_a_view_is_sent_while_there_are_so_many(site: Any) -> None:
    scene = cast_on(site.store)
    layer = imported(scene, scattered(3_000))
    address = f"/data/map/{scene.operation}/layers/{layer.id}"
    dov, view = browser_of(site, scene, "dov"), {"bbox": "-180,-85,180,85", "zoom": 4}
    grouped, every = read(dov.get(address, params=view)), read(dov.get(address, params=view | {"every": MOST_DRAWN}))
    assert len(grouped.marks) < 100 < 2_000 < len(every.marks)
    assert (grouped.events, every.events) == (3_000, 3_000)
    assert (grouped.whole, every.whole) == (False, True)
    too_many = read(dov.get(address, params=view | {"every": 500}))
    assert not too_many.whole
    assert told(too_many.marks) == told(grouped.marks)


@pytest.mark.requirement("R70")
def test_own_results_are_never_shown_in_small_numbers_whatever_is_asked(site: Any) -> None:
    scene = cast_on(site.store)
    chance = np.random.default_rng(2)
    # Two towns with many, one with few, and a single result far off: 1.4° apart and more.
    lon = np.concatenate([8 + chance.random(400) / 9, 2 + chance.random(300) / 9, 13 + chance.random(4) / 9, [25.0]])
    lat = np.concatenate([17 + chance.random(400) / 9, 13 + chance.random(300) / 9, 20 + chance.random(4) / 9, [30.0]])
    layer = add_layer(scene, layer_draft(kind="own_results"), packed_events(marks=counted(lon, lat)))
    address = f"/data/map/{scene.operation}/layers/{layer.id}"
    dov = browser_of(site, scene, "dov")
    assert (
        browser_of(site, scene, "lena").get(address, params={"bbox": "-180,-85,180,85", "zoom": 4}).status_code == 404
    )
    numbers = set()
    for zoom, every in itertools.product((0, 4, 6, 12, 17, 22), (0, 1, 10, MOST_DRAWN)):
        for box in ("-180,-85,180,85", "8,17,8.05,17.05", "12.9,19.9,13.2,20.2", "24,29,26,31"):
            seen = read(dov.get(address, params={"bbox": box, "zoom": zoom, "every": every}))
            assert not seen.whole
            numbers |= set(told(seen.marks))
    assert {n for _x, _y, n in numbers} <= {400, 300}
    # Where exactly they lie is not told either: a cell has one mark, the same in every view.
    assert len(numbers) == len({n for _x, _y, n in numbers}) >= 1
