"""Arrests after a hit are told by the database of the hit (K14), beside the confirmed hits of the same database."""

from typing import Any
from uuid import UUID

import pytest

from operations.core.errors import RuleBroken
from operations.core.people import System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.durations import FigureRequest
from operations.figures.hit_arrests import HitArrests, after_hits
from operations.policing.reports import verification
from operations.totals import margins
from tests.makers import START, Running, arrest, form, hit, send
from tests.operations.steps import answer, climb, correction, told


def read(scene: Running, who: str = "ana", level: Level = Level.V1, country: str | None = None) -> list[HitArrests]:
    frame = BoardFrame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE, level=level, country=country)
    with scene.store.reading(System()) as session:
        assert verification.differences(session, scene.operation) == []
    with scene.store.reading(scene[who]) as session:
        return after_hits(FigureRequest(session, frame, scene[who], read_board(session, frame, scene[who])))


def reported(scene: Running, *arrests: dict[str, Any]) -> Any:
    hits = [hit(START, database=database) for database in ("sltd", "sltd", "nominal", "smv")]
    made = send(scene, form(scene, lines=[*hits, *arrests]))
    for line in hits[:3]:
        made = answer(scene, made.id, UUID(line["id"]), told("confirmed"))
    return made


def test_arrests_are_told_by_the_database_of_their_hit(scene: Running) -> None:
    reported(
        scene,
        arrest(4, after_hit=1, hit_database="sltd"),
        arrest(3, after_hit=2, hit_database="notices"),
        arrest(2, after_hit=1),
        arrest(5),
    )
    assert read(scene) == [
        HitArrests("sltd", 1, 2),
        HitArrests("nominal", 0, 1),
        HitArrests("notices", 2, 0),
        HitArrests("", 1, None),
    ]
    with scene.store.reading(System()) as session:
        rows = margins.read(session, scene.operation, "arrest")
    said = {row.code: (row.records, row.quantity) for row in rows if row.dimension == "hit_database"}
    assert said == {"sltd": (1, 1), "notices": (1, 2)}, "of those after a hit, not of all whom a line counts"


def test_arrests_of_a_training_stand_beside_no_hits_of_it(scene: Running) -> None:
    """Hits of a training are not counted: neither are the arrests after them."""
    reported(scene, arrest(4, after_hit=1, hit_database="sltd"))
    known = read(scene)
    day = {"phase_id": str(scene.training), "lines": [arrest(66, after_hit=66, hit_database="sltd")]}
    send(scene, form(scene, day=-1, **day), at=START)
    assert read(scene) == known == [HitArrests("sltd", 1, 2), HitArrests("nominal", 0, 1)]


def test_a_correction_takes_the_database_along(scene: Running) -> None:
    line = arrest(4, after_hit=1, hit_database="sltd")
    made = reported(scene, line)
    lines = [line | {"after_hit": 3, "hit_database": "nominal"}]
    send(scene, correction(made, scene, lines=lines), by="boubacar")
    assert read(scene) == [HitArrests("nominal", 3, 0)]
    assert read(scene, level=Level.V3) == []


def test_where_nothing_was_said_of_hits_there_is_nothing(scene: Running) -> None:
    assert read(scene) == []
    send(scene, form(scene, lines=[arrest(4)]))
    assert read(scene) == []


def test_only_arrests_after_a_hit_have_a_database_of_it(scene: Running) -> None:
    for wrong in (arrest(4, hit_database="sltd"), arrest(4, after_hit=0, hit_database="sltd")):
        with pytest.raises(RuleBroken) as refused:
            send(scene, form(scene, lines=[wrong]))
        [flaw] = refused.value.flaws
        assert (flaw.field, str(flaw)) == (
            "lines.0.hit_database",
            "Give the number of arrests after a confirmed hit. Only these have a database of the hit.",
        )


@pytest.mark.parametrize(
    ("who", "country", "sees"), [("lena", None, True), ("chaima", "NER", True), ("moussa", None, False)]
)
def test_whoever_sees_no_sides_of_arrests_is_told_none_of_this(
    scene: Running, who: str, country: str | None, sees: bool
) -> None:
    made = reported(scene, arrest(4, after_hit=1, hit_database="sltd"))
    climb(scene, made.id, "boubacar", "chaima")
    assert bool(read(scene, who, Level.V3, country)) is sees
