"""What the jobs do: who is asked, reminded and told when, what moves by the calendar, and mandates that end."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlmodel import Session, col, select

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import Flaw, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.journal import Entry
from operations.core.people import Account, Posting, System
from operations.core.sign_in import SignIn
from operations.core.vocabulary import MessageKind, OperationState
from operations.notices import inbox
from operations.notices.inbox import InboxMessage
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.policing.reports.daily_reports import deadline
from operations.timetable import jobs, phases
from operations.timetable.effects import Effect
from operations.timetable.lease import LeaseCandidate
from operations.timetable.rules import ReminderRules, RulesDraft, rules, set_rules
from operations.timetable.runner import HORIZON, Timetable
from tests.makers import START, Running, form, send
from tests.people import actor

DUE = START.replace(hour=19)  # 20:00 in Niamey on the first day of the operational phase


@pytest.fixture
def keeper(scene: Running) -> Timetable:
    """A timetable that leads since two hours after the operational phase began."""
    made = Timetable(scene.store, LeaseCandidate("one"))
    with clock.at(START + timedelta(hours=2)):
        made.beat()
        made.tick(jobs.SHORT)
    return made


def ticked(keeper: Timetable, at: datetime) -> int:
    with clock.at(at):
        return keeper.tick(jobs.SHORT)


def told(scene: Running, name: str) -> list[InboxMessage]:
    with scene.store.reading(scene[name]) as session:
        return inbox.messages(session, scene[name])


def kinds(scene: Running, name: str) -> list[tuple[str, int]]:
    return [(each.message.kind, each.message.number) for each in reversed(told(scene, name))]


def entries(session: Session, act: str) -> list[Entry]:
    return list(session.exec(select(Entry).where(Entry.act == act).order_by(col(Entry.seq))))


def test_silence_goes_from_officer_to_national_coordinator_to_coordinator(scene: Running, keeper: Timetable) -> None:
    people = ("bruno", "boubacar", "mateo", "chaima", "moussa", "ana", "lena")
    nobody: dict[str, list[tuple[str, int]]] = {name: [] for name in people}
    assert {name: kinds(scene, name) for name in people} == nobody
    ticked(keeper, DUE - timedelta(hours=2, seconds=1))
    assert {name: kinds(scene, name) for name in people} == nobody
    ticked(keeper, DUE - timedelta(hours=2))
    asked = [("report_due", 2)]
    assert kinds(scene, "bruno") == kinds(scene, "boubacar") == asked
    assert kinds(scene, "mateo") == [("report_due", 1)]
    send(scene, form(scene, "Bamako", kind="nil", lines=[]), by="mateo", at=DUE)  # a nil report is a report
    send(scene, form(scene, "Agadez"), by="bruno", at=DUE)
    ticked(keeper, DUE + timedelta(minutes=60))
    assert kinds(scene, "bruno") == [*asked, ("report_missing", 1)]
    assert kinds(scene, "mateo") == [("report_due", 1)]
    assert kinds(scene, "chaima") == kinds(scene, "ana") == []
    ticked(keeper, DUE + timedelta(minutes=180))
    assert kinds(scene, "chaima") == [("country_silent", 1)]
    assert kinds(scene, "moussa") == kinds(scene, "ana") == []
    ticked(keeper, DUE + timedelta(minutes=360))
    assert kinds(scene, "ana") == [("country_silent", 1)]
    assert kinds(scene, "lena") == []
    assert ticked(keeper, DUE + timedelta(minutes=361)) == 0
    with scene.store.reading(scene["chaima"]) as session:  # a country reads of its own reminders only
        stages = [(entry.country, entry.detail["stage"]) for entry in entries(session, "report.remind")]
        assert stages == [("NER", "officers"), ("NER", "national"), ("NER", "coordinator")]
        assert {entry.country for entry in entries(session, "report.ask")} == {"NER"}
    with scene.store.reading(System()) as session:
        assert journal.verify(session).broken_at is None


def test_a_reminder_leads_to_the_form_and_concerns_the_officer_s_own_sites(scene: Running, keeper: Timetable) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.add(Posting(account_id=actor("binta").account_id, site_id=scene.sites["Niamey"]))
    ticked(keeper, DUE - timedelta(hours=1))
    [own], [all_] = told(scene, "binta"), told(scene, "bruno")
    assert (own.message.number, all_.message.number) == (1, 2)
    assert own.message.link == (
        f"/operations/{scene.operation}/reports?site={scene.sites['Niamey']}&day={START.date()}"
    )
    send(scene, form(scene, "Niamey"), by="binta", at=DUE)
    ticked(keeper, DUE + timedelta(minutes=60))
    assert len(told(scene, "binta")) == 1
    assert kinds(scene, "bruno") == [("report_due", 2), ("report_missing", 1)]


@pytest.mark.requirement("R66")
def test_after_a_stop_days_that_were_missed_are_reminded_late_and_nobody_is_asked_for_them(
    scene: Running, keeper: Timetable
) -> None:
    back = DUE + timedelta(days=2, minutes=61)
    assert ticked(keeper, back) == 4 + 4 + 2
    with scene.store.reading(System()) as session:
        asked = session.exec(select(Effect).where(col(Effect.job).startswith("report.ask"))).all()
        assert [each.outcome["left_out"] for each in asked] == [True] * 3
        late = [entry.detail["late"] for entry in entries(session, "report.remind") if entry.country == "MLI"]
    assert late[0] == 2 * 24 * 60 + 1
    assert 0 in late or late[-1] < 2
    assert {kind for kind, _number in kinds(scene, "bruno")} == {"report_missing"}


def test_what_is_older_than_the_horizon_is_left_out(scene: Running, keeper: Timetable) -> None:
    assert ticked(keeper, DUE + timedelta(days=6) + HORIZON) == 0
    assert kinds(scene, "ana") == []


def test_a_coordinator_chooses_the_times(scene: Running, keeper: Timetable) -> None:
    ana = scene["ana"]
    draft = parse(RulesDraft, {"ask_before": 30, "remind_after": 5, "national_after": 10, "coordinator_after": 15})
    with scene.store.unit_of_work(ana) as session:
        set_rules(session, scene.operation, draft, ana)
        set_rules(session, scene.operation, draft, ana)
    with scene.store.reading(System()) as session:
        assert len(entries(session, "reminders.set")) == 1
    assert ticked(keeper, DUE - timedelta(minutes=31)) == 0
    assert ticked(keeper, DUE + timedelta(minutes=15)) == 4
    assert kinds(scene, "ana") == [("country_silent", 3)]
    with pytest.raises(RuleBroken, match="Officers are reminded first"):
        parse(RulesDraft, {"remind_after": 90, "national_after": 60})
    for name in ("chaima", "dov", "lena"):
        with scene.store.unit_of_work(scene[name]) as session, pytest.raises(NotFound):
            set_rules(session, scene.operation, draft, scene[name])
    with scene.store.reading(actor("bruno")) as session:  # works for no operation
        assert session.exec(select(ReminderRules)).all() == []
        assert rules(session, scene.operation).ask_before == 120


def test_times_that_move_do_not_remind_twice_of_the_same_day(scene: Running, keeper: Timetable) -> None:
    ticked(keeper, DUE - timedelta(hours=1))
    ana = scene["ana"]
    with scene.store.unit_of_work(ana) as session:
        set_rules(session, scene.operation, parse(RulesDraft, {"ask_before": 30}), ana)
    assert ticked(keeper, DUE - timedelta(minutes=20)) == 0
    assert kinds(scene, "bruno") == [("report_due", 2)]


def test_a_phase_ends_and_the_operation_follows_only_where_its_coordinator_said_so(scene: Running) -> None:
    ends = START + timedelta(days=5)
    keeper = Timetable(scene.store, LeaseCandidate("one"))
    with clock.at(ends - timedelta(minutes=1)):
        keeper.beat()
    ana = scene["ana"]
    with scene.store.unit_of_work(ana) as session:
        set_rules(session, scene.operation, parse(RulesDraft, {"by_calendar": True}), ana)
    ticked(keeper, ends)
    with scene.store.reading(System()) as session:
        assert session.get_one(plan.Operation, scene.operation).state == OperationState.CONSOLIDATION
        [ended] = entries(session, "phase.end")
        moved = entries(session, "operation.run")[-1]
    assert (ended.detail["phase"], ended.detail["late"], ended.actor_name) == ("operational", 0, "Muster")
    assert (moved.detail["after"], moved.actor_id, moved.actor_name) == ("consolidation", None, "Muster")
    assert {kinds(scene, name)[-1][0] for name in ("ana", "chaima", "moussa")} == {MessageKind.PHASE_ENDED}
    assert ticked(keeper, ends + timedelta(hours=1)) == 0


def test_a_phase_that_is_moved_while_the_timetable_looks_neither_begins_nor_ends(scene: Running) -> None:
    moment = START + timedelta(days=5)
    with scene.store.reading(System()) as session:
        found = [(job, due) for job in phases.JOBS for due in job.dues(session, START, moment)]
    assert {due.job.partition(":")[0] for _job, due in found} == {"phase.begin", "phase.end"}
    with scene.store.unit_of_work(System()) as session:
        for phase in session.exec(select(plan.Phase)):
            phase.starts, phase.ends = phase.starts + timedelta(days=9), phase.ends + timedelta(days=9)
    with scene.store.unit_of_work(System()) as session:
        assert [job.effect(session, due, moment, None) for job, due in found] == [{}] * len(found)
    with scene.store.reading(System()) as session:
        assert session.get_one(plan.Operation, scene.operation).state == OperationState.ACTIVE
    assert MessageKind.PHASE_ENDED not in {kind for kind, _number in kinds(scene, "ana")}


def test_without_that_word_the_operation_stays_and_people_are_told(scene: Running, keeper: Timetable) -> None:
    ticked(keeper, START + timedelta(days=5))
    with scene.store.reading(System()) as session:
        assert session.get_one(plan.Operation, scene.operation).state == OperationState.ACTIVE
        assert len(entries(session, "phase.end")) == 1


def test_an_obstacle_stops_the_calendar_as_it_stops_a_person(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    begins = START + timedelta(hours=1)
    keeper = Timetable(scene.store, LeaseCandidate("one"))
    with scene.store.unit_of_work(System()) as session:
        owner = session.get_one(plan.Operation, scene.operation)
        owner.state = OperationState.PRE_OPERATIONAL.value
        session.get_one(plan.Phase, scene.phase).starts = begins
        session.add(ReminderRules(operation_id=owner.id, by_calendar=True, changed_at=START))
    with clock.at(START):
        keeper.beat()
    missing = [Flaw("coordination_unit", "No operational coordination unit is on the map.")]
    monkeypatch.setattr(lifecycle, "obstacles", lambda *_about: missing)
    ticked(keeper, begins)
    with scene.store.reading(System()) as session:
        assert session.get_one(plan.Operation, scene.operation).state == OperationState.PRE_OPERATIONAL
        assert entries(session, "phase.begin")[-1].detail["waits"] == ["coordination_unit"]


@pytest.mark.parametrize("to", [OperationState.APPROVED, OperationState.SUSPENDED, OperationState.DEBRIEFED])
def test_the_calendar_approves_and_suspends_nothing(scene: Running, to: OperationState) -> None:
    with scene.store.unit_of_work(System()) as session:
        assert lifecycle.move_by_calendar(session, scene.operation, to) is False
    with scene.store.unit_of_work(scene["ana"]) as session, pytest.raises(NotFound):
        lifecycle.move_by_calendar(session, scene.operation, OperationState.CONSOLIDATION)


def test_a_mandate_that_ends_is_announced_and_ends_every_session(scene: Running, keeper: Timetable) -> None:
    ends = START + timedelta(days=20)
    with scene.store.unit_of_work(System()) as session:
        account = session.get_one(Account, actor("lena").account_id)
        account.expires_at = ends
        times = {"created_at": START, "last_seen_at": START}
        session.add(SignIn(id=new_id(), token_hash="x", account_id=account.id, **times))
    ticked(keeper, ends - timedelta(days=15))
    assert kinds(scene, "lena") == []
    ticked(keeper, ends - timedelta(days=14))
    assert kinds(scene, "lena") == [("mandate_ending", 14)]
    with clock.at(ends + timedelta(minutes=1)):
        keeper.tick(jobs.SHORT)
    with scene.store.reading(System()) as session:
        assert session.exec(select(SignIn.ended_at)).one() is not None
        assert len(entries(session, "account.expire")) == 1


@pytest.mark.parametrize(
    ("cut", "due", "day", "utc"),
    [
        (time(0), time(20), "2026-03-02", datetime(2026, 3, 2, 19, tzinfo=UTC)),
        (time(6), time(4), "2026-03-02", datetime(2026, 3, 3, 3, tzinfo=UTC)),
        (
            time(0),
            time(2, 30),
            "2026-03-29",
            datetime(2026, 3, 29, 1, tzinfo=UTC),
        ),  # skipped in Paris: the moment after
        (time(0), time(2, 30), "2026-10-25", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # shown twice in Paris
    ],
)
def test_the_hour_of_the_report_is_one_moment_of_each_official_day(
    cut: time, due: time, day: str, utc: datetime
) -> None:
    zone = "Africa/Niamey" if day.startswith("2026-03-02") else "Europe/Paris"
    operation = plan.Operation(
        id=new_id(),
        code_name="x",
        type="regional",
        zone=zone,
        day_cut=cut,
        daily_due=due,
        classification="restricted",
        art3_screen="passed",
        created_at=START,
    )
    assert deadline(operation, datetime.fromisoformat(day).date()) == utc
