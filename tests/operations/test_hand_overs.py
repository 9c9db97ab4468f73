"""Hand-overs: the next person finds a message, those who may not know nothing, and what is done is closed for all."""

from datetime import datetime, timedelta

import pytest

from operations.core import clock
from operations.core.vocabulary import MessageKind
from operations.evaluation import recommendations
from operations.notices import inbox
from operations.policing.reports import verification
from operations.timetable import hand_overs
from operations.timetable.lease import Candidate
from operations.timetable.runner import Timetable
from tests.evaluated import ENDED, S, evaluated, recommend
from tests.makers import START, Running, form, hit, send
from tests.people import CAST

EVENING = START + timedelta(hours=13)


@pytest.fixture
def keeper(scene: Running) -> Timetable:
    made = Timetable(scene.store, Candidate("one"))
    with clock.at(START):
        made.beat()
        made.tick(hand_overs.JOBS)
    return made


def ticked(keeper: Timetable, at: datetime) -> None:
    with clock.at(at):
        keeper.beat()
        keeper.tick(hand_overs.JOBS)


def waiting(scene: Running, *, unread: bool = True) -> dict[str, list[str]]:
    """The links of what waits, by person: of those that have something."""
    found = {}
    for name in CAST:
        with scene.store.reading(scene[name]) as session:
            told = [each for each in inbox.messages(session, scene[name]) if each.message.kind == MessageKind.WAITS]
        if links := [each.message.link.rsplit("/", 1)[-1] for each in told if each.read is not unread]:
            found[name] = links
    return found


def test_a_report_goes_from_hand_to_hand_and_each_finds_it_once(scene: Running, keeper: Timetable) -> None:
    made = send(scene, form(scene), at=EVENING)
    ticked(keeper, EVENING + timedelta(minutes=1))
    assert waiting(scene) == {"boubacar": ["verify"]}
    ticked(keeper, EVENING + timedelta(minutes=5))
    assert waiting(scene) == {"boubacar": ["verify"]}
    with clock.at(EVENING + timedelta(minutes=6)), scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, made.id, scene["boubacar"])
    ticked(keeper, EVENING + timedelta(minutes=7))
    assert waiting(scene) == {"chaima": ["verify"]}
    assert waiting(scene, unread=False) == {"boubacar": ["verify"]}
    with clock.at(EVENING + timedelta(minutes=8)), scene.store.unit_of_work(scene["chaima"]) as session:
        verification.verify(session, made.id, scene["chaima"])
    ticked(keeper, EVENING + timedelta(minutes=9))
    assert waiting(scene) == {}


def test_what_one_has_read_is_not_told_again_while_it_waits(scene: Running, keeper: Timetable) -> None:
    send(scene, form(scene), at=EVENING)
    ticked(keeper, EVENING + timedelta(minutes=1))
    with scene.store.unit_of_work(scene["boubacar"]) as session:
        inbox.read_all(session, scene["boubacar"])
    send(
        scene,
        form(scene, "Bamako", lines=[hit(START + timedelta(hours=1))]),
        by="mateo",
        at=EVENING + timedelta(minutes=2),
    )
    ticked(keeper, EVENING + timedelta(minutes=3))
    found = waiting(scene)
    assert "boubacar" not in found
    assert set(found) == {"marie", "moussa"}  # to verify it, and to answer its hit


def test_nothing_is_asked_while_nothing_happens(scene: Running, keeper: Timetable) -> None:
    send(scene, form(scene), at=EVENING)
    with clock.at(EVENING + timedelta(minutes=1)):
        keeper.beat()
        assert keeper.tick(hand_overs.JOBS) == 1
        assert keeper.tick(hand_overs.JOBS) == 0
    with clock.at(EVENING + timedelta(hours=3)):
        keeper.beat()
        assert keeper.tick(hand_overs.JOBS) == 0


def test_a_recommendation_is_handed_from_who_decides_to_its_owner_and_to_who_closes_it(
    scene: Running, keeper: Timetable
) -> None:
    made = recommend(evaluated(scene))
    link = f"recommendations?show={made.id}"

    def told() -> set[str]:
        return {name for name, links in waiting(scene).items() if link in links}

    ticked(keeper, ENDED + timedelta(minutes=1))
    assert told() == {"lena", "chaima"}
    with clock.at(ENDED + timedelta(minutes=2)), scene.store.unit_of_work(scene["lena"]) as session:
        recommendations.take(session, made.id, S.ACCEPTED, scene["lena"], "It costs little.")
    ticked(keeper, ENDED + timedelta(minutes=3))
    assert told() == {"chaima"}
    with clock.at(ENDED + timedelta(minutes=4)), scene.store.unit_of_work(scene["chaima"]) as session:
        recommendations.take(session, made.id, S.DONE, scene["chaima"], "The contract is signed.")
    ticked(keeper, ENDED + timedelta(minutes=5))
    assert told() == {"ana", "lena"}
