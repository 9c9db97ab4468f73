"""How hits were answered is told by database and by the country that issued the record; not where hits are hidden."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from operations.core.drafts import parse
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.durations import FigureRequest
from operations.figures.hit_outcomes import Answers, answers
from operations.policing.operation import participations
from operations.policing.reports import verification
from tests.makers import Running, form, hit, send
from tests.operations.steps import climb
from tests.programme import does


def told(
    scene: Running, who: str, level: Level = Level.V1, country: str | None = None, zone: str = "UTC"
) -> dict[str, list[Answers]]:
    frame = BoardFrame(scene.operation, zone, Classification.FOR_OFFICIAL_USE, level=level, country=country)
    with scene.store.reading(scene[who]) as session:
        return answers(FigureRequest(session, frame, scene[who], read_board(session, frame, scene[who])))


def answered(scene: Running, *lines: tuple[str, str, str, float], place: str = "Niamey") -> Any:
    """Hits of a database with what a country answered after so many hours; V3."""
    sent = [hit(scene.start, database=database, hit_kind="stolen") for database, *_answer in lines]
    made = send(scene, form(scene, place, lines=sent))
    for (_database, what, country, hours), line in zip(lines, sent, strict=True):
        if what == "pending":
            continue
        said = {
            "confirmation": what,
            "reason": "They wrote.",
            "confirming_country": country,
            "confirmed_at": (scene.start + timedelta(hours=hours)).isoformat(),
        }
        draft, at = parse(verification.HitAnswer, said), scene.start + timedelta(hours=12, minutes=30)
        made = does(scene, "chaima", verification.answer_hit, made.id, UUID(line["id"]), draft, at=at)
    return climb(scene, made.id, "boubacar", "cheikh")


@pytest.mark.parametrize("who", ["ana", "lena"])
def test_answers_are_told_apart_by_database_and_by_country(scene: Running, who: str) -> None:
    answered(
        scene,
        ("sltd", "confirmed", "ITA", 4),
        ("sltd", "refuted", "ITA", 8),
        ("sltd", "confirmed", "FRA", 6),
        ("nominal", "confirmed", "FRA", 1),
        ("nominal", "pending", "", 0),
    )
    found = told(scene, who)
    assert found["database"] == [Answers("sltd", 3, 2, 6.0), Answers("nominal", 1, 1, 1.0)]
    assert found["confirming_country"] == [Answers("FRA", 2, 2, 3.5), Answers("ITA", 2, 1, 6.0)]


def test_answers_are_told_apart_by_the_hour_of_the_operations_day_at_which_a_hit_was_made(scene: Running) -> None:
    answered(scene, ("sltd", "confirmed", "ITA", 4), ("sltd", "refuted", "ITA", 8))
    assert scene.start.hour == 6
    assert told(scene, "ana")["hour"] == [Answers("06:00–11:59", 2, 1, 6.0)]
    assert told(scene, "ana", zone="Asia/Tokyo")["hour"] == [Answers("12:00–17:59", 2, 1, 6.0)]


def test_where_nobody_answered_there_are_none(scene: Running) -> None:
    answered(scene, ("sltd", "pending", "", 0))
    assert told(scene, "ana") == {}


def test_whoever_does_not_see_all_hits_is_told_of_none_of_their_parts(scene: Running) -> None:
    """Mali sees of Niger, which keeps its totals to itself, nothing; Niger sees its own."""
    answered(scene, ("sltd", "confirmed", "ITA", 4))
    does(scene, "chaima", participations.answer, scene.operation, accept=True, shares_totals=False)
    assert told(scene, "moussa", Level.V3) == {}
    assert told(scene, "chaima", country="NER")["database"] == [Answers("sltd", 1, 1, 4.0)]
