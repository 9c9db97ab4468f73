"""Many people at once: nothing is lost, nothing counts twice, nobody waits in a circle."""

import threading
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import pytest

from operations.core import journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, Taken
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.vocabulary import Level, ReportState
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.support import teams
from tests.makers import Running, Shape, arrest, form, operation_draft, send, tally
from tests.operations.steps import correction, counted, now_stored
from tests.teams import team_draft

pytestmark = [pytest.mark.both_storages, pytest.mark.durable]

WRITERS = 8


def together(tasks: Iterable[Callable[[], Any]]) -> list[Any]:
    """Run all tasks at the same moment in threads of their own; an answer each, or the error it ended with."""
    waiting = list(tasks)
    start, answers = threading.Barrier(len(waiting)), [None] * len(waiting)

    def run(index: int, task: Callable[[], Any]) -> None:
        start.wait()
        try:
            answers[index] = task()
        except Exception as error:  # noqa: BLE001 - the test looks at every one of them
            answers[index] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(waiting)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
        assert not thread.is_alive()
    return answers


def submit(scene: Running, content: dict[str, Any], by: str = "bruno") -> reports.Report:
    with scene.store.unit_of_work(scene[by]) as session:
        return reports.submit(session, parse(reports.ReportDraft, content), scene[by])


def verify(scene: Running, version: UUID, by: str | Actor) -> reports.Report:
    actor = scene[by] if isinstance(by, str) else by
    with scene.store.unit_of_work(actor) as session:
        return verification.verify(session, version, actor)


def check(scene: Running) -> None:
    with scene.store.reading(System()) as session:
        assert verification.differences(session, scene.operation) == []
        verdict = journal.verify(session)
    assert verdict.broken_at is None


def honest(answers: list[Any]) -> tuple[list[Any], list[Any]]:
    """Answers and conflicts; anything else that was raised is raised again."""
    for each in answers:
        if isinstance(each, Exception) and not isinstance(each, Conflict):
            raise each
    conflicts = [each for each in answers if isinstance(each, Conflict)]
    return [each for each in answers if not isinstance(each, Conflict)], conflicts


def test_eight_writers_submit_and_verify(scene: Running) -> None:
    with scene.store.reading(System()) as session:
        before = journal.count(session)
    places_and_people = [("Niamey", "bruno", "boubacar"), ("Agadez", "binta", "boubacar"), ("Bamako", "mateo", "marie")]

    def work(number: int) -> Callable[[], None]:
        site, officer, leader = places_and_people[number % 3]

        def reporting() -> None:
            for turn in range(5):
                lines = [tally(10), arrest(1, offence="drugs")] if turn % 2 else [arrest(1), tally(10)]
                made = submit(scene, form(scene, site, lines=lines), officer)
                verify(scene, made.id, leader)

        return reporting

    honest(together(work(number) for number in range(WRITERS)))
    check(scene)
    assert counted(scene, level=Level.V2) == WRITERS * 5 * 10
    with scene.store.reading(System()) as session:
        assert journal.count(session) == before + WRITERS * 5 * 2


@pytest.mark.requirement("R50")
def test_one_form_sent_by_eight_clicks_is_one_report(scene: Running) -> None:
    content = form(scene)
    answers, conflicts = honest(together([lambda: submit(scene, content).id] * WRITERS))
    assert (set(answers), conflicts) == ({UUID(content["id"])}, [])
    check(scene)
    assert counted(scene) == 100


def test_one_report_is_verified_once(scene: Running) -> None:
    made = send(scene, form(scene))
    leaders = [Actor(**vars(scene["boubacar"]) | {"account_id": new_id()}) for _ in range(WRITERS)]
    answers, conflicts = honest(together([lambda leader=leader: verify(scene, made.id, leader) for leader in leaders]))
    assert (len(answers), len(conflicts)) == (1, WRITERS - 1)
    check(scene)
    assert counted(scene, level=Level.V2) == 100


@pytest.mark.requirement("ASVS 2.3.4")
def test_of_eight_corrections_one_is_taken(scene: Running) -> None:
    first = send(scene, form(scene, lines=[tally(100)]))
    forms = [correction(first, scene, lines=[tally(number + 1)]) for number in range(WRITERS)]
    answers, conflicts = honest(together([lambda content=content: submit(scene, content) for content in forms]))
    assert (len(answers), len(conflicts)) == (1, WRITERS - 1)
    check(scene)
    assert counted(scene) <= WRITERS


def test_a_verification_and_a_correction_at_once_keep_the_totals_right(scene: Running) -> None:
    for _ in range(6):
        first = send(scene, form(scene, lines=[tally(100)]))
        content = correction(first, scene, lines=[arrest(5)])
        honest(together([lambda: verify(scene, first.id, "boubacar"), lambda: submit(scene, content)]))  # noqa: B023 - joined at once
        check(scene)
        stands = [now_stored(scene, UUID(content["id"])), now_stored(scene, first.id)]
        assert [each.counted for each in stands].count(True) == 1


def test_corrections_that_touch_the_same_totals_in_opposite_order_do_not_wait_in_a_circle(scene: Running) -> None:
    one, other = [tally(10)], [arrest(1)]
    pairs = []
    for site, by in (("Niamey", "bruno"), ("Agadez", "binta"), ("Bamako", "mateo")):
        pairs += [(site, by, one, other), (site, by, other, one)]

    def back_and_forth(site: str, by: str, lines: list[Any], others: list[Any]) -> None:
        made = submit(scene, form(scene, site, lines=[each | {"id": str(new_id())} for each in lines]), by)
        for turn in range(4):
            content = [each | {"id": str(new_id())} for each in (others if turn % 2 == 0 else lines)]
            made = submit(scene, correction(made, scene, site_id=str(scene.sites[site]), lines=content), by)

    honest(together([lambda pair=pair: back_and_forth(*pair) for pair in pairs]))
    check(scene)
    assert counted(scene) == 30


def test_a_withdrawal_and_a_verification_at_once_leave_one_of_the_two(scene: Running) -> None:
    for _ in range(4):
        made = send(scene, form(scene))

        def withdraw(version: UUID = made.id) -> None:
            with scene.store.unit_of_work(scene["bruno"]) as session:
                reports.withdraw(session, version, "By mistake.", scene["bruno"])

        honest(together([withdraw, lambda version=made.id: verify(scene, version, "boubacar")]))
        check(scene)
        assert now_stored(scene, made.id).state == ReportState.WITHDRAWN
        assert counted(scene) == 0


def test_eight_drawers_change_one_object_and_one_succeeds(scene: Running) -> None:
    point = Shape({"type": "Point", "coordinates": [2.1, 13.5]})
    thing = new_id()

    def draw(supersedes: UUID | None) -> places.MapObject:
        content = {
            "id": new_id(),
            "object_id": thing,
            "supersedes_id": supersedes,
            "kind": "checkpoint",
            "name": "Gate",
        }
        with scene.store.unit_of_work(scene["ana"]) as session:
            return places.draw(session, scene.operation, parse(places.MapObjectDraft, content), point, scene["ana"])

    for supersedes in (None, "the newest"):
        with scene.store.reading(scene["ana"]) as session:
            newest = next((each.id for each in places.history(session, thing)), None)
        answers, conflicts = honest(together([lambda newest=newest: draw(newest)] * WRITERS))
        assert (len(answers), len(conflicts)) == (1, WRITERS - 1), supersedes
    check(scene)


@pytest.mark.requirement("ASVS 2.3.4")
def test_eight_writers_of_the_same_new_thing_make_one(scene: Running) -> None:
    draft = operation_draft()
    invitation = parse(plan.CountryInvitation, {"country": "TCD"})

    def create() -> None:
        with scene.store.unit_of_work(scene["ana"]) as session:
            plan.create(session, draft, scene["ana"])

    def invite() -> None:
        with scene.store.unit_of_work(scene["ana"]) as session:
            plan.invite(session, scene.operation, invitation, scene["ana"])

    honest(together([create, invite] * (WRITERS // 2)))
    check(scene)


def test_who_was_slower_and_asks_again_gets_what_the_first_made(scene: Running) -> None:
    draft = team_draft(call_sign="ALFA")
    slower = []

    def keep() -> UUID:
        try:
            with scene.store.unit_of_work(scene["chaima"]) as session:
                return teams.keep(session, draft, scene["chaima"]).id
        except Taken as refused:
            slower.append(refused)
            with scene.store.unit_of_work(scene["chaima"]) as session:
                return teams.keep(session, draft, scene["chaima"]).id

    assert together([keep] * WRITERS) == [draft.id] * WRITERS
    assert len(slower) < WRITERS
    check(scene)


@pytest.mark.requirement("R53")
def test_an_edit_on_an_old_version_is_never_lost(scene: Running) -> None:
    draft = operation_draft()
    with scene.store.unit_of_work(scene["ana"]) as session:
        plan.create(session, draft, scene["ana"])
    ana = Actor(**vars(scene["ana"]) | {"operations": frozenset({draft.id})})

    def edit(aim: str) -> None:
        with scene.store.unit_of_work(ana) as session:
            plan.edit(session, draft.model_copy(update={"aim": aim}), ana, version=1)

    answers, conflicts = honest(together([lambda number=number: edit(f"Aim {number}.") for number in range(WRITERS)]))
    assert (len(answers), len(conflicts)) == (1, WRITERS - 1)


def test_a_reader_sees_one_moment(scene: Running) -> None:
    with scene.store.reading(scene["ana"]) as session:
        before = journal.pulse(session)
        send(scene, form(scene))
        assert journal.pulse(session) == before
        assert reports.newest(session, scene.operation) == []
    with scene.store.reading(scene["ana"]) as session:
        assert journal.pulse(session) == before + 1
