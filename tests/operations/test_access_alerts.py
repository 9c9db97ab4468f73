"""What is unusual in the access trail is found, told to whom it concerns, once, with a link that shows it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from operations.core import access_trail, clock, journal
from operations.core.access_trail import AccessKind, TrailFilter
from operations.core.ids import new_id
from operations.core.journal import AccessEntry, Chain
from operations.core.people import System
from operations.core.vocabulary import MessageKind, Role
from operations.notices import inbox
from operations.timetable import access_alerts, jobs
from operations.timetable.access_alerts import BIG, BY_DAY, MANY, WITHIN, Alert, alerts
from operations.timetable.effects import Effect
from operations.timetable.lease import LeaseCandidate
from operations.timetable.maintenance import Copies
from operations.timetable.runner import Timetable
from tests.makers import START, Running

pytestmark = pytest.mark.both_storages

NOON = START.replace(hour=12)
HERE = new_id()
ZONES = {HERE: "Africa/Niamey"}  # one hour ahead of UTC
DOV, CHAIMA = new_id(), new_id()
ROLES = {DOV: Role.OCU_ANALYST.value, CHAIMA: Role.NATIONAL_COORDINATOR.value}


def entry(at: datetime, act: str = "case.consult", person: Any = DOV, country: str | None = "NER", **detail: Any):
    return AccessEntry(
        seq=1,
        at=at,
        actor_id=person,
        actor_name="D",
        country=country,
        act=act,
        object_kind="x",
        operation_id=HERE,
        outcome="done",
        detail=detail,
        prev_hash="",
        hash=f"{at.isoformat()}{act}"[:64],
    )


def found(*entries: AccessEntry, country: str | None = None, roles: dict[Any, str] = ROLES) -> list[Alert]:
    return [each for each in alerts(entries, roles, ZONES) if each.country == country]


def burst(many: int, within: timedelta, **more: Any) -> list[AccessEntry]:
    return [entry(NOON + within * number / max(many - 1, 1), **more) for number in range(many)]


@pytest.mark.parametrize(
    ("many", "within", "told"),
    [
        (MANY, WITHIN / 2, []),
        (MANY + 1, WITHIN / 2, [MANY + 1]),
        (MANY + 1, WITHIN, []),  # the first is just too old when the last comes
        (3 * MANY, 3 * WITHIN, []),
        (MANY + 20, WITHIN / 2, [MANY + 20]),
    ],
)
@pytest.mark.requirement("R48")
def test_many_consultations_within_ten_minutes(many: int, within: timedelta, told: list[int]) -> None:
    assert [(each.kind, each.number) for each in found(*burst(many, within))] == [
        (MessageKind.ACCESS_MANY, number) for number in told
    ]


@pytest.mark.parametrize(("why", "told"), [("read", [60]), ("verify", []), ("wrote", [])])
def test_reports_that_one_decides_about_or_wrote_are_opened_all_day(why: str, told: list[int]) -> None:
    assert [each.number for each in found(*burst(60, WITHIN / 2, act="report.consult", reason=why))] == told
    late = entry(NOON.replace(hour=22), act="report.consult", person=CHAIMA, reason=why)
    assert bool(found(late)) is bool(told)


def test_a_look_at_reports_of_many_countries_is_one_for_auditors_and_one_of_each_country() -> None:
    looks = [entry(NOON, act="figure.consult", country=None)]
    looks += [entry(NOON, act="figure.saw", country=of) for of in ("NER", "MLI") for _ in range(MANY + 1)]
    assert found(*looks) == []
    assert [each.number for each in found(*looks, country="NER")] == [MANY + 1]


def test_of_several_people_each_counts_alone_and_of_several_countries_each_its_own() -> None:
    both = sorted([*burst(40, WITHIN / 2), *burst(40, WITHIN / 2, person=CHAIMA)], key=lambda each: each.at)
    assert found(*both) == []
    mixed = sorted([*burst(40, WITHIN / 2), *burst(40, WITHIN / 2, country="MLI")], key=lambda each: each.at)
    assert [each.number for each in found(*mixed)] == [80]
    assert found(*mixed, country="NER") == found(*mixed, country="MLI") == []


@pytest.mark.parametrize(
    ("detail", "number"),
    [
        ({"rows": BIG}, None),
        ({"rows": BIG + 1}, BIG + 1),
        ({"objects": 2 * BIG}, 2 * BIG),
        ({"format": "zip", "sheets": 3}, 1),
        ({"format": "xlsx", "sheets": 3}, None),
        ({"rows": "many"}, None),
    ],
)
@pytest.mark.requirement("R48")
def test_big_exports(detail: dict[str, Any], number: int | None) -> None:
    told = [(each.kind, each.number) for each in found(entry(NOON, "report.export", **detail))]
    assert told == ([] if number is None else [(MessageKind.ACCESS_BIG, number)])


@pytest.mark.parametrize(
    ("hour", "minute", "night"), [(20, 59, False), (21, 0, True), (23, 30, True), (3, 59, True), (4, 0, False)]
)
def test_night_is_told_by_the_official_zone_of_the_operation(hour: int, minute: int, night: bool) -> None:
    at = START.replace(hour=hour, minute=minute)
    assert [each.kind for each in found(entry(at))] == ([MessageKind.ACCESS_AT_NIGHT] if night else [])


@pytest.mark.parametrize("role", Role)
def test_who_works_in_shifts_is_not_told_of(role: Role) -> None:
    midnight = START.replace(hour=23)
    assert bool(found(entry(midnight), roles={DOV: role.value})) is (role in BY_DAY)
    assert {Role.NATIONAL_OFFICER, Role.TEAM_LEADER, Role.OPERATION_COORDINATOR}.isdisjoint(BY_DAY)


def test_one_night_is_one_alert_across_midnight_and_what_failed_is_none() -> None:
    night = [entry(START.replace(hour=22)), entry(START.replace(hour=2) + timedelta(days=1))]
    assert [each.number for each in found(*night)] == [2]
    failed = entry(START.replace(hour=23))
    failed.outcome = "failed"
    assert found(failed) == []
    assert found(entry(START.replace(hour=23), "account.sign_in")) == []


# --------------------------------------------------------------------------------------------------- as a job


def consult(scene: Running, name: str, at: datetime, many: int = 1, country: str = "NER") -> None:
    with clock.at(at), scene.store.unit_of_work(scene[name]) as session:
        for _each in range(many):
            journal.record(
                session,
                scene[name],
                "case.consult",
                "fugitive_case",
                operation=scene.operation,
                country=country,
                chain=Chain.ACCESS,
                reason="work",
            )


@pytest.fixture
def keeper(scene: Running, tmp_path: Path) -> Timetable:
    made = Timetable(scene.store, LeaseCandidate("one"))
    with clock.at(NOON):
        made.beat()
        made.tick(access_alerts.JOBS)
    return made


def ticked(keeper: Timetable, at: datetime) -> None:
    with clock.at(at):
        keeper.beat()
        keeper.tick(access_alerts.JOBS)


def told(scene: Running, name: str) -> list[tuple[str, int, str]]:
    with scene.store.reading(scene[name]) as session:
        return [
            (each.message.kind, each.message.number, each.message.link)
            for each in inbox.messages(session, scene[name])
            if each.message.kind.startswith("access")
        ]


def test_it_is_one_of_the_long_jobs(tmp_path: Path) -> None:
    assert {job.name for job in access_alerts.JOBS} <= {job.name for job in jobs.long(Copies(tmp_path))}


def test_auditors_and_the_country_are_told_once_with_a_link_that_shows_it(scene: Running, keeper: Timetable) -> None:
    consult(scene, "dov", NOON + timedelta(minutes=20), MANY + 5)
    consult(scene, "dov", NOON + timedelta(minutes=21), 2, country="MLI")
    for after in (1, 2, 3):
        ticked(keeper, NOON + timedelta(hours=after, minutes=1))
    [(kind, number, link)] = told(scene, "otto")
    assert (kind, number) == (MessageKind.ACCESS_MANY, MANY + 7)
    assert f"person={scene['dov'].account_id}" in link
    [(_kind, own, theirs)] = told(scene, "chaima")
    assert own == MANY + 5
    assert "person" not in theirs
    for name in ("moussa", "dov", "lena", "ana", "ada", "bruno"):
        assert told(scene, name) == []
    for name, shown, count in (("otto", link, MANY + 7), ("chaima", theirs, MANY + 5)):
        asked = {key: value for key, [value] in parse_qs(urlsplit(shown).query).items()}
        wanted = TrailFilter(
            kind=AccessKind(asked["kind"]),
            first=datetime.fromisoformat(asked["first"]).date(),
            last=datetime.fromisoformat(asked["last"]).date(),
        )
        with scene.store.reading(scene[name]) as session:
            assert len(access_trail.read(session, scene[name], wanted)) == count


def test_a_country_names_its_own_officer_in_the_link(scene: Running, keeper: Timetable) -> None:
    consult(scene, "bruno", NOON + timedelta(hours=2), MANY + 1)
    ticked(keeper, NOON + timedelta(hours=3, minutes=1))
    [(kind, number, link)] = told(scene, "chaima")
    assert (kind, number) == (MessageKind.ACCESS_MANY, MANY + 1)
    assert f"person={scene['bruno'].account_id}" in link


def test_nobody_is_asked_to_review_what_they_opened_themselves(scene: Running, keeper: Timetable) -> None:
    consult(scene, "chaima", NOON + timedelta(hours=11))
    ticked(keeper, NOON + timedelta(hours=12))
    [(kind, number, link)] = told(scene, "otto")
    assert (kind, number) == (MessageKind.ACCESS_AT_NIGHT, 1)
    assert f"person={scene['chaima'].account_id}" in link
    assert told(scene, "chaima") == []


def test_what_lies_across_two_looks_is_found_and_what_was_missed_is_made_up_for(
    scene: Running, keeper: Timetable
) -> None:
    consult(scene, "dov", NOON + timedelta(minutes=57), 30)
    ticked(keeper, NOON + timedelta(hours=1, minutes=1))
    assert told(scene, "otto") == []
    consult(scene, "dov", NOON + timedelta(hours=1, minutes=3), 30)
    ticked(keeper, NOON + timedelta(hours=9))
    assert [number for _kind, number, _link in told(scene, "otto")] == [60]


def test_it_looks_once_an_hour_and_not_at_what_it_has_seen(scene: Running, keeper: Timetable) -> None:
    for minutes in (61, 62, 90, 119, 121):
        ticked(keeper, NOON + timedelta(minutes=minutes))
    with scene.store.reading(System()) as session:
        assert len(session.exec(select(Effect).where(Effect.job == "access.look")).all()) == 3
