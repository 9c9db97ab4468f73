"""What the desks of officers and verifiers ask, each within their own country."""

from datetime import timedelta
from uuid import UUID

import pytest

from operations.core import clock
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import Level
from operations.policing.reports import desk_queries, reports
from operations.policing.reports.reports import Report
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
        assert desk_queries.recent_tallies(session, scene.operation, scene.sites["Niamey"]) == {key: [33, 20, 10]}
        assert desk_queries.recent_tallies(session, scene.operation, scene.sites["Niamey"], limit=1) == {key: [33]}


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
            found = desk_queries.waiting_hits(session, scene.operation)
        assert [(each.report.id, each.line.id) for each in found] == [(made.id, UUID(waiting["id"]))]


def test_the_own_reports_wait_for_other_eyes(scene: Running) -> None:
    mine = send(scene, form(scene), by="boubacar")
    send(scene, form(scene))
    with scene.store.reading(scene["boubacar"]) as session:
        assert [each.id for each in desk_queries.waiting_for_others(session, scene.operation, scene["boubacar"])] == [
            mine.id
        ]


def test_the_steps_of_a_report_are_told_in_order(scene: Running) -> None:
    made = send(scene, form(scene))
    climb(scene, made.id, "boubacar", "chaima")
    with scene.store.reading(scene["bruno"]) as session:
        steps = desk_queries.steps_of(session, reports.versions(session, made.report_id))
    assert [(step.act, step.actor_name.split()[0]) for step in steps] == [
        ("report.submit", "Bruno"),
        ("report.verify", "Boubacar"),
        ("report.validate", "Chaima"),
    ]


def test_lines_come_by_version_and_in_their_order(scene: Running) -> None:
    lines = [tally(1), hit(START), tally(2)]
    made, empty = send(scene, form(scene, lines=lines)), new_id()
    with scene.store.reading(scene["bruno"]) as session:
        found = desk_queries.lines_by_version(session, [made.id, empty])
    assert [str(line.id) for line in found[made.id]] == [line["id"] for line in lines]
    assert found[empty] == []


@pytest.mark.parametrize("name", ELSEWHERE)
def test_nobody_elsewhere_learns_anything(scene: Running, name: str) -> None:
    made = send(scene, form(scene, lines=[tally(), hit(START)]))
    with scene.store.reading(scene[name]) as session:
        assert desk_queries.lines_by_version(session, [made.id]) == {made.id: []}
        assert desk_queries.recent_tallies(session, scene.operation, made.site_id) == {}
        assert desk_queries.waiting_hits(session, scene.operation) == []
        assert desk_queries.waiting_for_others(session, scene.operation, scene[name]) == []
        if name in ("mateo", "marie", "moussa"):
            assert desk_queries.steps_of(session, [made]) == []


def test_what_a_site_sent_for_a_day_is_told_in_one_row(scene: Running) -> None:
    day, next_day = START.date(), START.date() + timedelta(days=1)
    first = send(scene, form(scene, lines=[tally(10)]))
    climb(scene, first.id, "boubacar", "chaima")
    send(scene, form(scene, kind="nil", lines=[]))
    gone = send(scene, form(scene, day=1))
    with clock.at(gone.received_at), scene.store.unit_of_work(scene["bruno"]) as session:
        reports.withdraw(session, gone.id, "Sent twice.", scene["bruno"])
    corrected = send(scene, form(scene, "Agadez", day=1, kind="nil", lines=[]))
    send(scene, correction(corrected, scene, site_id=str(scene.sites["Agadez"]), lines=[tally(3)], **period(scene, 1)))
    send(scene, form(scene, "Bamako"), by="mateo")
    niamey, agadez = scene.sites["Niamey"], scene.sites["Agadez"]
    expected = {
        reports.SiteDay(niamey, day, 2, Level.V1, returned=False, nil=False),
        reports.SiteDay(agadez, next_day, 1, Level.V1, returned=False, nil=False),
    }
    with scene.store.reading(scene["bruno"]) as session:
        assert set(reports.site_days(session, scene.operation, day, next_day)) == expected
        assert reports.site_days(session, scene.operation, next_day + timedelta(days=1), next_day) == []
        assert reports.latest_days(session, scene.operation, next_day, 14) == [next_day, day]
        assert reports.latest_days(session, scene.operation, next_day, 1) == [next_day]
        assert reports.latest_days(session, scene.operation, day, 14) == [day]
        newest = reports.of_site_day(session, scene.operation, niamey, day)
        assert sorted(each.kind for each in newest) == ["daily", "nil"]
    with scene.store.reading(scene["ana"]) as session:
        assert len(reports.site_days(session, scene.operation, day, next_day)) == 3
    for name in ("lena", "otto", "ada"):
        with scene.store.reading(scene[name]) as session:
            assert reports.site_days(session, scene.operation, day, next_day) == []
            assert reports.of_site_day(session, scene.operation, niamey, day) == []


def test_of_more_than_twenty_thousand_reports_none_drops_out(scene: Running) -> None:
    """The oldest report is shown however many came after it."""
    many, day = 20_001, START.date()
    oldest = send(scene, form(scene))
    columns = {column.name: getattr(oldest, column.name) for column in Report.__table__.columns}  # type: ignore[attr-defined]
    rows = [
        columns
        | {"id": (ident := new_id()), "report_id": ident, "site_id": scene.sites["Agadez"], "counted": False}
        | {"received_at": oldest.received_at + timedelta(seconds=number)}
        for number in range(1, many + 1)
    ]
    with scene.store.unit_of_work(System()) as session:
        session.connection().execute(Report.__table__.insert(), rows)  # type: ignore[attr-defined]
    with scene.store.reading(scene["bruno"]) as session:
        found = {each.site: each.reports for each in reports.site_days(session, scene.operation, day, day)}
        assert found == {scene.sites["Niamey"]: 1, scene.sites["Agadez"]: many}
        assert [each.id for each in reports.of_site_day(session, scene.operation, scene.sites["Niamey"], day)] == [
            oldest.id
        ]
