"""Daily reports wait for those who send them, until they are sent; what is over goes from the inbox as well."""

from datetime import timedelta

import pytest

from operations import worklist_entries
from operations.core import clock
from operations.core.people import Posting, System
from operations.core.store import Store
from operations.core.vocabulary import MessageKind, OperationState, PhaseKind
from operations.notices import inbox
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import daily_reports as reports_due
from operations.timetable import daily, reminders, worklist_messages
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests import makers
from tests.makers import START, Running, form, post, send, site_draft
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


# ------------------------------------------------------------------------- nothing is asked for of a time before
DAY = timedelta(days=1)
FIRST, THIRD = START.date().isoformat(), (START + 2 * DAY).date().isoformat()


def test_no_report_is_asked_for_of_a_day_before_the_site_was_on_the_plan(scene: Running) -> None:
    with clock.at(START + 2 * DAY), scene.store.unit_of_work(scene["ana"]) as session:
        places.place_site(session, scene.operation, site_draft("NER", "Aflao"), scene["ana"])
    assert told(scene, "bruno", EVENING + 2 * DAY) == [("Aflao", THIRD), ("Agadez", FIRST), ("Niamey", FIRST)]


def test_no_report_is_asked_for_of_a_day_before_somebody_was_posted(scene: Running) -> None:
    with clock.at(START + 2 * DAY):
        post(scene, "chaima", "bruno", "Agadez")
    scene.members["bruno"] = actor("bruno", scene.operation, sites=frozenset({scene.sites["Agadez"]}))
    assert told(scene, "bruno", EVENING + 2 * DAY) == [("Agadez", THIRD)]
    assert told(scene, "binta", EVENING + 2 * DAY) == [("Agadez", THIRD), ("Niamey", FIRST)]


def test_who_is_posted_after_the_hour_of_the_report_begins_with_the_next_day(scene: Running) -> None:
    with clock.at(EVENING + DAY + timedelta(hours=3)):
        post(scene, "chaima", "bruno", "Agadez")
    scene.members["bruno"] = actor("bruno", scene.operation, sites=frozenset({scene.sites["Agadez"]}))
    assert told(scene, "bruno", EVENING + 2 * DAY) == [("Agadez", THIRD)]


def test_no_report_is_asked_for_of_a_day_before_the_country_said_yes(scene: Running) -> None:
    assert told(scene, "mateo") == [("Bamako", FIRST)]
    moussa = scene["moussa"]
    with clock.at(START + 2 * DAY):
        with scene.store.unit_of_work(System()) as session:
            session.get_one(plan.Participation, (scene.operation, "MLI")).state = "invited"
        with scene.store.unit_of_work(moussa) as session:
            plan.answer(session, scene.operation, moussa, accept=True)
    assert told(scene, "mateo", EVENING + 2 * DAY) == [("Bamako", THIRD)]
    with clock.at(START + 3 * DAY), scene.store.unit_of_work(moussa) as session:
        plan.answer(session, scene.operation, moussa, accept=True, shares_totals=True)
    assert told(scene, "mateo", EVENING + 3 * DAY) == [("Bamako", THIRD)], "what it shares is no new beginning"


def test_no_report_is_asked_for_reminded_of_or_missed_from_before_the_approval(store: Store) -> None:
    makers.put_cast(store)
    with clock.at(START + DAY):
        scene = makers._run(store, START)
    second = (START + DAY).date().isoformat()
    assert told(scene, "mateo", EVENING + DAY) == [("Bamako", second)]
    keeper = Timetable(store, LeaseCandidate("one"))
    for at in (START + DAY, START + DAY + timedelta(minutes=1), START + DAY + timedelta(hours=8)):
        with clock.at(at):
            keeper.beat()
            keeper.tick(daily.JOBS)
            with store.reading(scene["ana"]) as session:
                owner = plan.operation(session, scene.operation, scene["ana"])
                assert reminders.due_day(session, owner) == START.date()
                assert reminders.silences(session, owner) == []
    assert unread(scene, "mateo") == unread(scene, "moussa") == []
    with clock.at(EVENING + DAY + timedelta(hours=6)):
        keeper.tick(daily.JOBS)
    assert unread(scene, "mateo") != [], "of the second day it is"
