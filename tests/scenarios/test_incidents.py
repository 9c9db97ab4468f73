"""Invented incidents: the same every time, on real roads, and marked as what they are."""

from datetime import date

import shapely

from geodata.ways.routes import route
from geodata.ways.travel import Travel
from operations.analyses.events import unpacked
from operations.policing.layers import layers
from scenarios import catalogue, incidents, player
from scenarios.invention import seeded

STOPS = ((7.99, 16.97), (8.99, 13.80))
THICK = ((7.99, 16.97), (8.99, 13.80))
UNTIL = date(2026, 11, 1)


def made(count: int = 80) -> bytes:
    return incidents.incidents(seeded("test"), STOPS, THICK, UNTIL, count).data


def test_they_are_the_same_every_time() -> None:
    assert made() == made()


def test_they_lie_beside_the_road_in_the_three_years_before() -> None:
    found = unpacked(made())
    road = route(*STOPS, Travel(modes=frozenset({"road"}))).geometry
    assert len(found) == 80
    assert found.geometry.map(lambda point: shapely.distance(point, road)).max() < 0.8
    assert found["day"].dt.date.max() < UNTIL
    assert (UNTIL - found["day"].dt.date.min()).days < incidents.DAYS


def test_the_layer_of_a_story_says_that_it_is_invented(store: object) -> None:
    story = catalogue()["turquesa_v"]
    player.play(store, story, until=story.opens)  # type: ignore[arg-type]
    from operations.core.people import System

    with store.reading(System()) as session:  # type: ignore[attr-defined]
        (layer,) = layers.layers(session, story.operation)
    assert layer.source == incidents.SOURCE
    assert layer.accepted == 1500
