"""Hand-overs: the next person finds a message, those who may not know nothing, and what is done is closed for all."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from operations import worklist_entries as operations_waiting
from operations.core import clock, state_machine
from operations.core.people import System
from operations.core.stored_sentences import sentence_json
from operations.core.vocabulary import MessageKind, OperationState
from operations.core.worklist import Waits
from operations.evaluation import recommendations
from operations.notices import inbox
from operations.notices.messages import Message
from operations.policing.operation.plan import Operation
from operations.policing.reports import verification
from operations.timetable import worklist_messages
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from operations.worklist_cache import WorklistCache
from tests.evaluations import ENDED, S, evaluated, recommend
from tests.makers import START, Running, form, hit, send
from tests.people import CAST, actor
from tests.teams import keep_team, on_site

EVENING = START + timedelta(hours=13)


@pytest.fixture
def keeper(scene: Running) -> Timetable:
    made = Timetable(scene.store, LeaseCandidate("one"))
    with clock.at(START):
        made.beat()
        made.tick(worklist_messages.JOBS)
    return made


def ticked(keeper: Timetable, at: datetime) -> None:
    with clock.at(at):
        keeper.beat()
        keeper.tick(worklist_messages.JOBS)


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
    verify = f"verify?show={made.id}"
    ticked(keeper, EVENING + timedelta(minutes=1))
    assert waiting(scene) == {"boubacar": [verify]}
    ticked(keeper, EVENING + timedelta(minutes=5))
    assert waiting(scene) == {"boubacar": [verify]}
    with clock.at(EVENING + timedelta(minutes=6)), scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, made.id, scene["boubacar"])
    ticked(keeper, EVENING + timedelta(minutes=7))
    assert waiting(scene) == {"chaima": [verify]}
    assert waiting(scene, unread=False) == {"boubacar": [verify]}
    with clock.at(EVENING + timedelta(minutes=8)), scene.store.unit_of_work(scene["chaima"]) as session:
        verification.verify(session, made.id, scene["chaima"])
    ticked(keeper, EVENING + timedelta(minutes=9))
    assert waiting(scene) == {"dov": ["verify"]}


def test_it_is_told_in_the_next_minute_however_much_happens_meanwhile(scene: Running, keeper: Timetable) -> None:
    ticked(keeper, EVENING)  # what time alone brings is asked now, and in a quarter of an hour
    send(scene, form(scene), at=EVENING + timedelta(seconds=30))
    send(scene, form(scene, "Bamako"), by="mateo", at=EVENING + timedelta(seconds=70))
    ticked(keeper, EVENING + timedelta(seconds=71))
    assert set(waiting(scene)) == {"boubacar", "marie"}


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


def test_while_nothing_happens_it_is_asked_each_quarter_of_an_hour_only(scene: Running, keeper: Timetable) -> None:
    def done(at: datetime) -> int:
        with clock.at(at):
            keeper.beat()
            return keeper.tick(worklist_messages.JOBS)

    send(scene, form(scene), at=EVENING)
    assert done(EVENING + timedelta(minutes=1)) == 2  # for the report, and the quarter in which it came
    assert [done(EVENING + timedelta(minutes=each)) for each in (1, 8, 14, 15, 16, 29, 30)] == [0, 0, 0, 1, 0, 0, 1]


def queries(scene: Running, ask: Callable[[], object]) -> int:
    """How many questions the database is asked."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    sa.event.listen(scene.store.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        sa.event.remove(scene.store.engine, "before_cursor_execute", note)
    return len([each for each in asked if each.startswith("SELECT")])


def test_what_changed_for_one_country_alone_is_asked_of_nobody_else(scene: Running) -> None:
    send(scene, form(scene), at=EVENING)
    again, at = WorklistCache(timedelta(minutes=15)), EVENING + timedelta(minutes=1)
    people = [actor(name, scene.operation) for name in CAST]

    def asked() -> None:
        with clock.at(at):
            list(again.of_many(scene.store, people, at))

    first = queries(scene, asked)
    assert queries(scene, asked) <= 2  # where the journal stands; on PostgreSQL also who asks
    send(scene, form(scene, "Bamako"), by="mateo", at=at)
    [mali] = [queries(scene, asked)]
    assert mali < first / 2  # Mali's three, of twelve
    with clock.at(at):
        found = {by.name: {each.key for each in entries} for by, entries in again.of_many(scene.store, people, at)}
        for by in people:
            with scene.store.reading(by) as session:
                assert {each.key for each in operations_waiting.waiting(session, by, at)} == found[by.name]


def test_what_time_alone_brings_comes_into_the_inbox(scene: Running, keeper: Timetable) -> None:
    with clock.at(START):
        on_site(scene, keep_team(scene, "boubacar"), at=START)
    ticked(keeper, START + timedelta(hours=11))
    assert "my-team" not in waiting(scene).get("boubacar", [])
    ticked(keeper, START + timedelta(hours=12, minutes=20))
    assert waiting(scene)["boubacar"] == ["my-team"]


def late(scene: Running) -> dict[str, list[int]]:
    """How many hours late people are told that something is, by person, where they have not read it."""
    found = {}
    for name in CAST:
        with scene.store.reading(scene[name]) as session:
            told = [
                each for each in inbox.messages(session, scene[name]) if each.message.kind == MessageKind.WAITS_LATE
            ]
        if hours := [each.message.number for each in told if not each.read]:
            found[name] = hours
    return found


def test_a_report_that_nobody_verifies_is_told_to_its_country_and_then_to_the_coordinator(
    scene: Running, keeper: Timetable
) -> None:
    made = send(scene, form(scene), at=EVENING)
    ticked(keeper, EVENING + timedelta(hours=23))
    assert late(scene) == {}
    ticked(keeper, EVENING + timedelta(hours=26))
    assert late(scene) == {"chaima": [2]}
    ticked(keeper, EVENING + timedelta(hours=36, minutes=30))
    ticked(keeper, EVENING + timedelta(hours=40))
    assert late(scene) == {"chaima": [2], "ana": [12]}
    with clock.at(EVENING + timedelta(hours=41)), scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, made.id, scene["boubacar"])
    ticked(keeper, EVENING + timedelta(hours=42))
    assert late(scene) == {}


def test_every_step_that_waits_says_who_is_told_when_it_is_late() -> None:
    """But those of which somebody is told otherwise: a check-in, and the beginning and end of the operational phase."""
    told_otherwise = {
        "The check-in of {call_sign} is overdue.",
        "The operational phase has begun: start the operation.",
        "The operational phase has ended: end the operation.",
    }
    declared = [step.waits for each in state_machine.every() for step in each.steps if step.waits]
    declared += [each for each in vars(operations_waiting).values() if isinstance(each, Waits)]
    silent = {each.words for each in declared if not each.late and each.told}
    assert silent == told_otherwise | {
        "Notices to look up today: {cases}.",
        "Nobody is posted to sites of your country: {sites}.",
        "Your country has nominated no case yet: nominate the persons it looks for.",
    }
    assert all(each.until or each.within for each in declared if each.late)


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


def test_a_message_says_what_the_list_of_what_waits_says_and_no_more_when_it_is_done(
    scene: Running, keeper: Timetable
) -> None:
    made = send(scene, form(scene), at=EVENING)
    ticked(keeper, EVENING + timedelta(minutes=1))

    def told() -> Message:
        with scene.store.reading(scene["boubacar"]) as session:
            found = [each.message for each in inbox.messages(session, scene["boubacar"])]
        [of_report] = [each for each in found if "/verify?show=" in each.link]
        return of_report

    with scene.store.reading(scene["boubacar"]) as session:
        found = operations_waiting.waiting(session, scene["boubacar"], EVENING)
    [row] = [each for each in found if each.noun == "report"]
    assert told().about == {
        "template": "Report of {site}, {day}: verify it locally.",
        "params": {"site": "Niamey", "day": "2026-03-02"},
    }
    assert (told().about, told().until) == (sentence_json(row.sentence), row.until)
    with clock.at(EVENING + timedelta(minutes=2)), scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, made.id, scene["boubacar"])
    ticked(keeper, EVENING + timedelta(minutes=3))
    assert told().about is None  # words are kept with the thing alone


def test_nobody_is_told_that_something_is_late_in_an_operation_that_is_archived(
    scene: Running, keeper: Timetable
) -> None:
    made = recommend(evaluated(scene))
    with clock.at(ENDED), scene.store.unit_of_work(scene["lena"]) as session:
        recommendations.take(session, made.id, S.ACCEPTED, scene["lena"], "It costs little.")
    after = ENDED + timedelta(days=500)
    ticked(keeper, after)
    assert set(late(scene)) >= {"chaima"}
    with clock.at(after), scene.store.unit_of_work(System()) as session:
        session.get_one(Operation, scene.operation).state = OperationState.ARCHIVED.value
    ticked(keeper, after + timedelta(minutes=16))
    ticked(keeper, after + timedelta(days=8))
    assert late(scene) == {}
    assert any("recommendations" in link for link in waiting(scene)["chaima"])  # it is still to be carried out
