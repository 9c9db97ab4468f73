"""What the desks of officers and verifiers ask, each within their own country."""

from uuid import UUID

import pytest

from operations.core.ids import new_id
from operations.policing import desk, reports
from tests.makers import START, Running, form, hit, send, tally
from tests.operations.steps import answer, climb, correction, told

ELSEWHERE = ["mateo", "marie", "moussa", "lena", "otto", "ada"]


def test_the_last_counts_of_a_site_come_newest_first_and_from_what_counts(scene: Running) -> None:
    for day, count in enumerate((10, 20, 30)):
        made = send(scene, form(scene, day=day, lines=[tally(count)]))
    send(scene, correction(made, scene, lines=[tally(33)], **period(scene, 2)))
    send(scene, form(scene, "Agadez", lines=[tally(99)]))
    key = ("database_query", "sltd", "document", "fixed_workstation")
    with scene.store.reading(scene["bruno"]) as session:
        assert desk.recent_tallies(session, scene.operation, scene.sites["Niamey"]) == {key: [33, 20, 10]}
        assert desk.recent_tallies(session, scene.operation, scene.sites["Niamey"], limit=1) == {key: [33]}


def period(scene: Running, day: int) -> dict[str, str]:
    """The period of a form of that day."""
    content = form(scene, day=day)
    return {name: content[name] for name in ("period_from", "period_to")}


def test_hits_wait_until_they_are_answered(scene: Running) -> None:
    waiting, answered = hit(START), hit(START)
    made = send(scene, form(scene, lines=[tally(), waiting, answered]))
    made = answer(scene, made.id, UUID(answered["id"]), told("confirmed"))
    for name in ("bruno", "chaima", "ana", "dov"):
        with scene.store.reading(scene[name]) as session:
            found = desk.waiting_hits(session, scene.operation)
        assert [(each.report.id, each.line.id) for each in found] == [(made.id, UUID(waiting["id"]))]


def test_the_own_reports_wait_for_other_eyes(scene: Running) -> None:
    mine = send(scene, form(scene), by="boubacar")
    send(scene, form(scene))
    with scene.store.reading(scene["boubacar"]) as session:
        assert [each.id for each in desk.waiting_for_others(session, scene.operation, scene["boubacar"])] == [mine.id]


def test_the_steps_of_a_report_are_told_in_order(scene: Running) -> None:
    made = send(scene, form(scene))
    climb(scene, made.id, "boubacar", "chaima")
    with scene.store.reading(scene["bruno"]) as session:
        steps = desk.steps_of(session, reports.versions(session, made.report_id))
    assert [(step.act, step.actor_name.split()[0]) for step in steps] == [
        ("report.submit", "Bruno"),
        ("report.verify", "Boubacar"),
        ("report.validate", "Chaima"),
    ]


def test_lines_come_by_version_and_in_their_order(scene: Running) -> None:
    lines = [tally(1), hit(START), tally(2)]
    made, empty = send(scene, form(scene, lines=lines)), new_id()
    with scene.store.reading(scene["bruno"]) as session:
        found = desk.lines_by_version(session, [made.id, empty])
    assert [str(line.id) for line in found[made.id]] == [line["id"] for line in lines]
    assert found[empty] == []


@pytest.mark.parametrize("name", ELSEWHERE)
def test_nobody_elsewhere_learns_anything(scene: Running, name: str) -> None:
    made = send(scene, form(scene, lines=[tally(), hit(START)]))
    with scene.store.reading(scene[name]) as session:
        assert desk.lines_by_version(session, [made.id]) == {made.id: []}
        assert desk.recent_tallies(session, scene.operation, made.site_id) == {}
        assert desk.waiting_hits(session, scene.operation) == []
        assert desk.waiting_for_others(session, scene.operation, scene[name]) == []
        if name in ("mateo", "marie", "moussa"):
            assert desk.steps_of(session, [made]) == []
