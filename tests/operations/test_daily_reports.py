"""Daily reports wait for those who send them, until they are sent; what is over goes from the inbox as well."""

from datetime import timedelta

import pytest

from operations import worklist_entries
from operations.core import clock
from operations.core.people import Posting, System
from operations.core.vocabulary import MessageKind, OperationState, PhaseKind
from operations.notices import inbox
from operations.policing.operation import plan
from operations.policing.reports import daily_reports as reports_due
from operations.timetable import daily, worklist_messages
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.makers import START, Running, form, send
from tests.people import actor

EVENING = START + timedelta(hours=13)
NOUN = reports_due.NOUN


@pytest.fixture
def scene(scene: Running) -> Running:
    """Sites report in the operational phase alone."""
    with scene.store.unit_of_work(System()) as session:
        for each in plan.phases(session, scene.operation):
            each.kind = each.kind if each.kind == PhaseKind.OPERATIONAL else PhaseKind.PREPARATION.value
    return scene


def told(scene: Running, name: str, at: object = EVENING) -> list[tuple[str, str]]:
    with clock.at(at), scene.store.reading(scene[name]) as session:  # type: ignore[arg-type]
        found = [each for each in worklist_entries.waiting(session, scene[name], at) if each.noun == NOUN]  # type: ignore[arg-type]
        return sorted((str(each.params["site"]), str(each.params["day"])) for each in found if "site" in each.params)


def unread(scene: Running, name: str) -> list[str]:
    with scene.store.reading(scene[name]) as session:
        return [each.message.kind for each in inbox.messages(session, scene[name]) if not each.read]


def test_the_first_day_without_a_report_waits_site_by_site_until_it_is_sent(scene: Running) -> None:
    first = START.date().isoformat()
    assert told(scene, "bruno") == [("Agadez", first), ("Niamey", first)]
    assert told(scene, "chaima") == told(scene, "ana") == [], "those who answer for reports send none"
    send(scene, form(scene))
    assert told(scene, "bruno") == [("Agadez", first)]
    later = EVENING + timedelta(days=1)
    assert told(scene, "bruno", later) == [
        ("Agadez", first),
        ("Niamey", (START + timedelta(days=1)).date().isoformat()),
    ]


def test_whoever_is_posted_finds_the_own_site_alone(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.add(Posting(account_id=actor("bruno").account_id, site_id=scene.sites["Agadez"]))
    scene.members["bruno"] = actor("bruno", scene.operation, sites=(scene.sites["Agadez"],))
    assert [site for site, _day in told(scene, "bruno")] == ["Agadez"]


def test_of_many_sites_one_entry_speaks(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.at(EVENING), scene.store.reading(scene["bruno"]) as session:
        owner = plan.operation(session, scene.operation, scene["bruno"])
        monkeypatch.setattr(reports_due, "MANY", 1)
        [only] = reports_due.waiting(session, scene["bruno"], {owner.id: owner}, EVENING)
    assert str(only.sentence).startswith("Daily reports are to be sent: 2 sites")
    assert only.until is not None


def test_what_was_asked_for_is_read_once_it_is_sent_and_all_once_the_operation_is_put_away(scene: Running) -> None:
    keeper = Timetable(scene.store, LeaseCandidate("one"))

    def tick(at: object) -> None:
        with clock.at(at):  # type: ignore[arg-type]
            keeper.beat()
            keeper.tick([*daily.JOBS, *worklist_messages.JOBS])

    tick(START)
    tick(START + timedelta(hours=11))
    assert unread(scene, "bruno") == [MessageKind.REPORT_DUE]
    for site in ("Niamey", "Agadez"):
        send(scene, form(scene, site))
    tick(EVENING)
    assert unread(scene, "bruno") == []
    tick(EVENING + timedelta(hours=4))
    assert unread(scene, "moussa") != [], "Mali is silent"
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = OperationState.ARCHIVED.value
    tick(EVENING + timedelta(hours=5))
    assert [name for name in ("ana", "chaima", "moussa", "mateo", "boubacar") if unread(scene, name)] == []
