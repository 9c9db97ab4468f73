"""Timers, ends and rest; the status board in plain words; the key figures, counted by hand beside the function."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from operations.core import clock
from operations.core.ids import new_id
from operations.core.people import System
from operations.support import alerts, deployment_acts, figures, status, teams
from operations.support.figures import Engaged, RequestedTeams, Served, TeamReadiness
from operations.support.states import DeploymentState, TeamState
from tests.makers import START, Running
from tests.operations.test_teams import away, certify
from tests.teams import accept, accepted, keep_team, need, needs_of, offer, on_site, order, raise_request, report

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# ----------------------------------------------------------------------------------------------------- the watch


def overdue(scene: Running, after: timedelta, by: str = "") -> list[alerts.OverdueCheckIn]:
    with scene.store.reading(scene[by] if by else System()) as session:
        return alerts.overdue_check_ins(session, START + after)


def test_a_check_in_is_overdue_a_moment_after_it_was_due(scene: Running) -> None:
    made = on_site(scene)
    assert overdue(scene, 12 * HOUR) == []
    (row,) = overdue(scene, 12 * HOUR + timedelta(minutes=1))
    assert (row.deployment, row.due_at, row.late, row.lost) == (made.id, START + 12 * HOUR, timedelta(minutes=1), False)
    assert overdue(scene, 24 * HOUR + timedelta(minutes=1))[0].lost
    assert overdue(scene, 13 * HOUR, "moussa") == []
    assert len(overdue(scene, 13 * HOUR, "chaima")) == len(overdue(scene, 13 * HOUR, "ana")) == 1
    report(scene, "check_in", made.id, at=START + 13 * HOUR)
    assert overdue(scene, 14 * HOUR) == []
    report(scene, "leave_site", made.id, at=START + 14 * HOUR)
    assert overdue(scene, 9 * DAY) == []


def test_certificates_end_unless_they_are_renewed_or_revoked(scene: Running) -> None:
    team = keep_team(scene, call_sign="ALFA")
    certify(scene, team, kind="first_aid", expires_on="2026-03-01")
    certify(scene, team, kind="firearms", expires_on="2026-03-10")
    certify(scene, team, kind="medical_fitness", expires_on="2026-03-05")
    certify(scene, team, kind="medical_fitness", expires_on="2027-03-05")
    with scene.store.reading(System()) as session:
        found = alerts.certificates_expiring(session, START, timedelta(days=30))
        assert [(each.kind, each.expired) for each in found] == [("first_aid", True), ("firearms", False)]
        assert len(alerts.certificates_expiring(session, START, timedelta(days=2))) == 1
    with scene.store.unit_of_work(scene["chaima"]) as session:
        teams.close(session, team.id, scene["chaima"])
    with scene.store.reading(System()) as session:
        assert alerts.certificates_expiring(session, START, timedelta(days=30)) == []


def test_a_mandate_ends_while_the_team_is_still_there(scene: Running) -> None:
    made = on_site(scene, starts=START, ends=START + 2 * DAY)
    with scene.store.reading(System()) as session:
        assert alerts.mandates_ending(session, START, DAY) == []
        assert [each.over for each in alerts.mandates_ending(session, START + DAY, DAY)] == [False]
        assert [each.over for each in alerts.mandates_ending(session, START + 2 * DAY, DAY)] == [True]
    report(scene, "leave_site", made.id, at=START + DAY)
    with scene.store.reading(System()) as session:
        assert alerts.mandates_ending(session, START + 3 * DAY, DAY) == []


@pytest.mark.parametrize(("gap", "breach"), [(10, [10.0]), (11, [])])
def test_rest_between_two_deployments(scene: Running, gap: int, breach: list[float]) -> None:
    team = keep_team(scene)
    accepted(scene, team, starts=START, ends=START + 2 * DAY)
    begins = START + 2 * DAY + gap * HOUR
    accepted(scene, team, starts=begins, ends=begins + DAY)
    with scene.store.reading(System()) as session:
        found = alerts.rest_breaches(session, START)
        assert [each.rest for each in found] == breach
        assert alerts.rest_breaches(session, START + 9 * DAY) == []


# ----------------------------------------------------------------------------------------------------- the board


def test_the_board_says_what_each_team_is_doing(scene: Running) -> None:
    on_site(scene, keep_team(scene, call_sign="ALFA"))
    keep_team(scene, call_sign="BRAVO")
    away(scene, keep_team(scene, call_sign="CHARLIE"))
    broken = keep_team(scene, call_sign="DELTA")
    with scene.store.unit_of_work(scene["chaima"]) as session:
        teams.take_out(session, broken.id, "The car is broken.", scene["chaima"])
    with scene.store.reading(scene["chaima"]) as session:
        board = status.board(session, scene.operation, START + HOUR)
        late = status.board(session, scene.operation, START + 13 * HOUR)
    assert [(row.call_sign, row.state, row.stage) for row in board] == [
        ("ALFA", TeamState.ASSIGNED, DeploymentState.ON_SITE),
        ("BRAVO", TeamState.AVAILABLE, None),
        ("CHARLIE", TeamState.UNAVAILABLE, None),
        ("DELTA", TeamState.OUT_OF_SERVICE, None),
    ]
    assert [row.overdue for row in board] == [False] * 4
    assert (board[0].place, board[0].due_at, board[3].why) == ("Niamey", START + 12 * HOUR, "The car is broken.")
    assert [row.overdue for row in late] == [True, False, False, False]
    with scene.store.reading(scene["moussa"]) as session:
        assert status.board(session, scene.operation, START) == []


# ---------------------------------------------------------------------------------------------------- the figures


def sent(scene: Running) -> Any:
    """A deployment of four persons that arrived at the start."""
    return on_site(scene)


def test_readiness_is_measured_from_the_request_to_the_arrival(scene: Running) -> None:
    made = sent(scene)

    def arrived(wanted: UUID, hours: float) -> Any:
        return made.model_copy(update={"need_id": wanted, "on_site_at": START + hours * HOUR})

    first, second, third = new_id(), new_id(), new_id()
    asked = [
        RequestedTeams(first, 2, "frontline", START),
        RequestedTeams(second, 1, "", START),
        RequestedTeams(third, 3, "", START + 40 * HOUR),
    ]
    teams_sent = [arrived(first, 10), arrived(first, 30), arrived(third, 46)]
    # At 48 h: the first two needs are due (3 teams), of the third only the team that is there: 4 due, 2 in time.
    # Hours from request to arrival: 10, 30, 6; one team waits for 48 and two for 8. By Kaplan and Meier the share that
    # has not come is 5/6 after 6 hours, 5/9 after 10, and 5/18 after 30: half come within 30, nine of ten not yet.
    assert figures.readiness(asked, teams_sent, START + 48 * HOUR) == TeamReadiness(4, 2, 30.0, None, 1)
    assert TeamReadiness(4, 2, 10.0).share == 0.5
    # At 64 h the other two teams of the third need are late too.
    assert figures.readiness(asked, teams_sent, START + 64 * HOUR) == TeamReadiness(6, 2, 30.0, None, 3)
    assert figures.readiness([], [], START) == TeamReadiness(0, 0, None)
    assert TeamReadiness(0, 0, None).share is None


def test_persons_and_their_days(scene: Running) -> None:
    made = sent(scene)
    gone = made.model_copy(update={"persons": 3, "left_at": START + 2 * DAY, "state": "withdrawn"})
    never = made.model_copy(update={"on_site_at": None, "state": "stood_down"})
    # 4 persons for 3 days and 3 persons for 2: 18 person-days, 7 persons, of whom 4 are there.
    assert figures.engaged([made, gone, never], START + 3 * DAY) == Engaged(7, 4, 18.0)


def test_no_request_is_served_more_than_whole(scene: Running) -> None:
    made, other = sent(scene), new_id()
    asked = [RequestedTeams(made.need_id, 1, "", START), RequestedTeams(other, 3, "", START)]
    # Two teams for a need of one count once, none of the three others came: 1 of 4.
    twice = [made, made.model_copy(update={"id": new_id()})]
    assert figures.served(asked, twice) == Served(4, 1)
    assert figures.served([], []).share is None


def test_figures_of_an_operation_and_of_a_country(scene: Running) -> None:
    first = raise_request(scene, need(teams=2, team_kind="frontline"))
    wanted = needs_of(scene, first)[0]
    for by, leader, persons in (("chaima", "boubacar", 4), ("moussa", "marie", 6)):
        made = accept(scene, offer(scene, wanted.id, keep_team(scene, by, persons=persons), by))
        order(scene, made.id)
        report(scene, "leave_base", made.id, leader, START)
        report(scene, "arrive", made.id, leader, START + 20 * HOUR)
    raise_request(scene, by="moussa", host_country="MLI", site_id=scene.sites["Bamako"])  # not asked yet: not counted
    at = START + 20 * HOUR + DAY
    found = {}
    for name in ("ana", "lena", "chaima", "moussa"):
        with scene.store.reading(scene[name]) as session:
            found[name] = figures.figures(session, scene.operation, at, scene[name])
    whole = found["ana"]
    assert (whole.readiness, whole.engaged, whole.served) == (
        TeamReadiness(2, 2, 20.0, 20.0),
        Engaged(10, 10, 10.0),
        Served(2, 2),
    )
    assert whole.by_kind == {"frontline": TeamReadiness(2, 2, 20.0, 20.0)}
    assert whole.by_country == {"MLI": Engaged(6, 6, 6.0), "NER": Engaged(4, 4, 4.0)}
    assert found["lena"] == whole
    assert found["chaima"] == replace(whole, engaged=Engaged(4, 4, 4.0), by_country={"NER": Engaged(4, 4, 4.0)})
    assert found["moussa"].served == Served(0, 0)
    assert found["moussa"].engaged == Engaged(6, 6, 6.0)


def test_the_timetable_marks_who_is_lost(scene: Running) -> None:
    made = on_site(scene)
    at = START + 25 * HOUR
    with clock.at(at), scene.store.unit_of_work(System()) as session:
        for row in alerts.overdue_check_ins(session, at):
            deployment_acts.lose_contact(session, row.deployment, System())
    with scene.store.reading(scene["ana"]) as session:
        (row,) = status.board(session, scene.operation, at)
    assert (row.deployment, row.stage, row.overdue) == (made.id, DeploymentState.OFFLINE, True)
