"""Calendars: feeds that a client library reads, and files of strangers that become phases and tasks."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Calendar
from sqlmodel import select

from operations.core import clock, journal, permissions
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.journal import Chain
from operations.core.people import Account, System
from operations.core.permissions import Act
from operations.core.vocabulary import Classification
from operations.exchange import calendar_adoption, calendars, ical
from operations.exchange.calendar_adoption import Adoption
from operations.exchange.calendars import CalendarFeed, CalendarKind, Date
from operations.policing.calendar import tasks, timeline
from operations.policing.operation import plan
from operations.support import deployment_acts
from tests.makers import START, Running, add_task
from tests.people import CAST
from tests.teams import accepted, order

DAY = timedelta(days=1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def opened(scene: Running, name: str = "ana", operation: UUID | None = None) -> calendars.NewFeed:
    with scene.store.unit_of_work(scene[name]) as session:
        return calendars.open_feed(session, operation, scene[name])


def read(scene: Running, token: str) -> list[Date] | None:
    with scene.store.reading(System()) as session:
        known = calendars.reader(session, token)
    if known is None:
        return None
    with scene.store.reading(known[1]) as session:
        return calendars.dates(session, *known)


def text_of(dates: list[Date]) -> bytes:
    return ical.written(
        "Muster", dates, lambda date: f"{date.operation} {date.title or date.number}", lambda _date: "https://x/", NOW
    )


def test_a_client_library_reads_a_feed(scene: Running) -> None:
    task = add_task(scene, title="Call the ports", note="Secret plan", starts=START, due=START + DAY)
    moment = add_task(scene, title="Call", due=START + DAY)
    made = opened(scene, operation=scene.operation)
    dates = read(scene, made.token)
    assert dates is not None
    text = text_of(dates)
    assert b"Secret plan" not in text
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    events = {str(event["UID"]): event for event in Calendar.from_ical(text).walk("VEVENT")}
    assert set(events) == {f"{each}@muster" for each in (scene.training, scene.phase, task.id, moment.id)}
    phase = events[f"{scene.phase}@muster"]
    assert (phase["DTSTART"].dt, phase["DTEND"].dt) == (START, START + 5 * DAY)
    assert (phase["SEQUENCE"], phase["STATUS"], phase["DTSTAMP"].dt) == (0, "CONFIRMED", NOW)
    assert "DTEND" not in events[f"{moment.id}@muster"]
    assert str(events[f"{task.id}@muster"]["SUMMARY"]).endswith("Call the ports")


def test_a_moved_date_keeps_its_uid_and_raises_its_sequence(scene: Running) -> None:
    made = opened(scene, operation=scene.operation)
    wanted = parse(timeline.Move, {"id": scene.phase, "starts": START, "ends": START + 6 * DAY})
    with scene.store.unit_of_work(scene["ana"]) as session:
        timeline.move(session, wanted, scene["ana"])
    events = {str(event["UID"]): event for event in Calendar.from_ical(text_of(read(scene, made.token) or [])).events}
    assert events[f"{scene.phase}@muster"]["SEQUENCE"] == 1


def test_a_cancelled_task_is_cancelled_in_the_calendar(scene: Running) -> None:
    task = add_task(scene)
    with scene.store.unit_of_work(scene["ana"]) as session:
        tasks.cancel(session, task.id, "Not needed.", scene["ana"])
    made = opened(scene, operation=scene.operation)
    found = Calendar.from_ical(text_of(read(scene, made.token) or [])).events
    assert {str(event["STATUS"]) for event in found if str(task.id) in event["UID"]} == {"CANCELLED"}


def test_a_feed_shows_what_its_owner_may_see_and_a_personal_one_own_tasks_only(scene: Running) -> None:
    own = add_task(scene, account_id=scene["binta"].account_id)
    other = add_task(scene)
    foreign = add_task(scene, country="MLI")
    phases = {scene.training, scene.phase}
    shown = {}
    for what, operation in (("mine", None), ("operation", scene.operation)):
        shown[what] = {date.id for date in read(scene, opened(scene, "binta", operation).token) or []}
    assert shown == {"mine": phases | {own.id}, "operation": phases | {own.id, other.id}}
    assert foreign.id not in shown["operation"]


def test_the_name_of_a_marked_operation_is_a_number_and_what_people_wrote_of_it_stays_inside(scene: Running) -> None:
    add_task(scene, title="Call the ports", phase_id=scene.training, due=START - DAY)
    accepted(scene)
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).classification = Classification.RESTRICTED.value
    made = opened(scene, operation=scene.operation)
    shown = read(scene, made.token) or []
    assert {date.operation for date in shown} == {str(scene.operation)[:8].upper()}
    assert {date.title for date in shown} == {""}


def test_a_deployment_is_shown_to_those_who_see_it_and_in_the_leader_s_own_calendar(scene: Running) -> None:
    sent = accepted(scene)
    order(scene, sent.id)

    def shown(name: str, operation: UUID | None) -> list[Date]:
        found = read(scene, opened(scene, name, operation).token) or []
        return [each for each in found if each.kind is CalendarKind.DEPLOYMENT]

    assert [(each.id, each.state, each.cancelled) for each in shown("ana", scene.operation)] == [
        (sent.id, "approved", False)
    ]
    assert sent.call_sign in shown("ana", scene.operation)[0].title
    assert (shown("ana", None), shown("lena", scene.operation)) == ([], [])
    leaders = shown("boubacar", None)
    assert [each.id for each in leaders] == [sent.id]
    with scene.store.unit_of_work(scene["ana"]) as session:
        before = shown("ana", scene.operation)[0].version
        deployment_acts.stand_down(session, sent.id, "No longer needed.", scene["ana"])
    after = shown("ana", scene.operation)[0]
    assert after.cancelled
    assert after.version > before


def test_a_token_is_kept_as_its_hash_and_a_new_address_ends_the_old_one(scene: Running) -> None:
    first, second = opened(scene), opened(scene)
    assert len(first.token) == 43
    with scene.store.reading(System()) as session:
        kept = session.exec(select(CalendarFeed.token_hash)).all()
        acts = [entry.act for entry in session.exec(select(journal.AccessEntry)).all()]
        assert journal.verify(session, Chain.ACCESS).broken_at is None
    assert first.token not in str(kept)
    assert acts[-2:] == ["calendar.open", "calendar.open"]
    assert read(scene, first.token) is None
    assert read(scene, second.token) is not None
    with scene.store.unit_of_work(scene["ana"]) as session:
        calendars.revoke(session, second.feed.id, scene["ana"])
        calendars.revoke(session, second.feed.id, scene["ana"])
    assert read(scene, second.token) is None


def test_a_feed_ends_with_the_mandate_and_belongs_to_one_person(scene: Running) -> None:
    made = opened(scene, "binta")
    with scene.store.unit_of_work(scene["ana"]) as session, pytest.raises(NotFound):
        calendars.revoke(session, made.feed.id, scene["ana"])
    with scene.store.unit_of_work(System()) as session:
        session.get_one(Account, scene["binta"].account_id).disabled_at = clock.now()
    assert read(scene, made.token) is None
    assert read(scene, "x" * 43) is None


@pytest.mark.parametrize("change", ["role", "country", "password_hash", "disabled_at", "expires_at"])
@pytest.mark.parametrize("of", ["mine", "operation"])
def test_a_feed_ends_with_what_it_was_made_under(scene: Running, change: str, of: str) -> None:
    made = opened(scene, "binta", scene.operation if of == "operation" else None)
    assert read(scene, made.token) is not None
    other = {
        "role": "team_leader",
        "country": "MLI",
        "password_hash": "?",
        "disabled_at": clock.now(),
        "expires_at": clock.now() - DAY,
    }
    with scene.store.unit_of_work(System()) as session:
        setattr(session.get_one(Account, scene["binta"].account_id), change, other[change])
    assert read(scene, made.token) is None
    if change != "password_hash":
        return
    with scene.store.unit_of_work(scene["binta"]) as session:
        assert calendars.feed(session, scene.operation if of == "operation" else None) is None
    again = opened(scene, "binta", scene.operation if of == "operation" else None)
    assert read(scene, again.token) is not None
    assert read(scene, made.token) is None


def test_the_right_to_a_feed_is_asked_at_each_reading(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, own = opened(scene, "binta"), opened(scene, "binta", scene.operation)
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).classification = Classification.CONFIDENTIAL.value
        session.get_one(Account, scene["binta"].account_id).clearance = Classification.FOR_OFFICIAL_USE.value
    assert read(scene, own.token) is None
    assert read(scene, mine.token) == []
    monkeypatch.setitem(permissions.GRANTS, Act.CALENDAR_FEED, {})
    assert read(scene, mine.token) is None


def test_an_operation_s_feed_ends_when_its_country_leaves(scene: Running) -> None:
    made = opened(scene, "binta", scene.operation)
    with scene.store.unit_of_work(System()) as session:
        for each in session.exec(select(plan.Participation).where(plan.Participation.country == "NER")):
            each.state = "withdrawn"
    assert read(scene, made.token) is None


def test_who_reads_an_operation_can_have_its_calendar(scene: Running) -> None:
    for name in CAST:
        if name in ("otto", "ada", "frida"):
            with pytest.raises(NotFound):
                opened(scene, name, scene.operation)
        else:
            assert opened(scene, name, scene.operation).token


# ------------------------------------------------------------------------------------------------- files of dates

FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Somebody//Calendar//EN
{events}
END:VCALENDAR
"""


def file_of(*events: str) -> bytes:
    shown = "\n".join(
        f"BEGIN:VEVENT\nUID:{at}\nSUMMARY:Event {at}\n{event}\nEND:VEVENT" for at, event in enumerate(events)
    )
    return FILE.format(events=shown).replace("\n", "\r\n").encode()


def one(event: str, zone: str = "Europe/Paris", *, floating: bool = False) -> ical.CalendarEvent:
    return ical.read(file_of(event), zone, zone_for_floating=floating)[0]


def test_times_with_a_zone_whole_days_and_lengths_are_read() -> None:
    zoned = one("DTSTART;TZID=Asia/Vientiane:20241111T003000\nDTEND;TZID=Asia/Vientiane:20241111T013000")
    assert zoned.starts == datetime(2024, 11, 10, 17, 30, tzinfo=UTC)
    day = one("DTSTART;VALUE=DATE:20261025\nDTEND;VALUE=DATE:20261026")
    assert day.starts is not None
    assert day.ends is not None
    assert day.ends - day.starts == timedelta(hours=25)
    assert one("DTSTART:20260101T100000Z\nDURATION:PT2H").ends == datetime(2026, 1, 1, 12, tzinfo=UTC)
    moment = one("DTSTART:20260101T100000Z")
    assert (moment.starts, moment.ends) == (None, datetime(2026, 1, 1, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ("DTSTART:20260101T100000\nDTEND:20260101T110000", "has no zone"),
        ("DTSTART:20260101T100000Z\nDTEND:20260101T090000Z", "ends before it begins"),
        ("DTSTART;TZID=Europe/Paris:20260329T023000", "skip 2026-03-29 02:30: choose 01:30"),
        ("DESCRIPTION:Nothing", "has no date"),
        ("DTSTART:soon", "cannot be read"),
    ],
)
def test_what_cannot_be_taken_says_why(event: str, sentence: str) -> None:
    found = one(event)
    assert found.flaw is not None
    assert sentence in str(found.flaw)


def test_times_without_a_zone_are_read_in_the_operations_zone_where_that_is_asked() -> None:
    assert one("DTSTART:20260701T100000", floating=True).ends == datetime(2026, 7, 1, 8, tzinfo=UTC)


def dates(event: str, zone: str = "Europe/Paris") -> list[ical.CalendarEvent]:
    return ical.read(file_of(event), zone)


def test_what_repeats_gives_each_of_its_dates_in_the_clock_of_its_zone() -> None:
    rule = "DTSTART;TZID=Europe/Paris:20260321T100000\nDTEND;TZID=Europe/Paris:20260321T110000\n"
    found = dates(f"{rule}RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Paris:20260404T100000")
    assert [each.starts for each in found] == [
        datetime(2026, 3, 21, 9, tzinfo=UTC),
        datetime(2026, 3, 28, 9, tzinfo=UTC),
        datetime(2026, 4, 11, 8, tzinfo=UTC),
    ]
    assert [each.ends - each.starts for each in found if each.ends and each.starts] == [timedelta(hours=1)] * 3
    assert [each.note.params for each in found if each.note] == [{"number": n, "count": 3} for n in (1, 2, 3)]
    assert found[0].uid == "0"
    assert len({each.uid for each in found}) == 3
    assert dates(f"{rule}RRULE:FREQ=WEEKLY;COUNT=4")[1].uid == found[1].uid


def test_a_date_that_was_moved_keeps_its_identity() -> None:
    rule = "DTSTART:20260101T100000Z\nDTEND:20260101T110000Z\nRRULE:FREQ=DAILY;COUNT=3"
    moved = "RECURRENCE-ID:20260102T100000Z\nDTSTART:20260102T150000Z\nDTEND:20260102T160000Z"
    data = file_of(rule, moved).replace(b"UID:1", b"UID:0")
    before, after = ical.read(file_of(rule), "UTC"), ical.read(data, "UTC")
    assert [each.uid for each in after] == [each.uid for each in before]
    assert [each.starts.hour for each in after if each.starts] == [10, 15, 10]
    assert [each.title for each in after] == ["Event 0", "Event 1", "Event 0"]


def test_what_repeats_without_an_end_gives_the_dates_to_come_and_says_so() -> None:
    with clock.at(datetime(2026, 3, 1, 15, tzinfo=UTC)):
        daily = dates("DTSTART:20190101T100000Z\nDTEND:20190101T110000Z\nRRULE:FREQ=DAILY")
        weekly = dates("DTSTART:20190101T100000Z\nDTEND:20190101T110000Z\nRRULE:FREQ=WEEKLY")
        over = dates("DTSTART:20190101T100000Z\nDTEND:20190101T110000Z\nRRULE:FREQ=DAILY;COUNT=300")
    assert [len(daily), len(weekly), len(over)] == [ical.MOST_DATES, 53, ical.MOST_DATES]
    assert daily[0].starts == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert {str(each.note) for each in weekly} == {
        "It repeats too often for all its dates: these are 53, to 2027-03-02."
    }
    assert over[0].starts == datetime(2019, 1, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ("DTSTART:20260101T100000Z\nRRULE:FREQ=SECONDLY", "every minute or every second"),
        ("DTSTART:20260101T100000Z\nRRULE:FREQ=NEVER", "How it repeats cannot be read"),
        ("DTSTART:20260101T100000Z\nDTEND:20260101T090000Z\nRRULE:FREQ=DAILY;COUNT=2", "ends before it begins"),
        ("DTSTART:20260101T100000\nRRULE:FREQ=DAILY;COUNT=2", "has no zone"),
        ("DTSTART:soon\nRRULE:FREQ=DAILY;COUNT=2", "cannot be read"),
        ("RRULE:FREQ=DAILY;COUNT=2", "has no date"),
    ],
)
def test_what_repeats_and_cannot_be_taken_says_why_once(event: str, sentence: str) -> None:
    [found] = dates(event)
    assert found.flaw is not None
    assert sentence in str(found.flaw)


def test_one_date_that_the_clocks_skip_does_not_hold_up_the_others() -> None:
    found = dates("DTSTART;TZID=Europe/Paris:20260328T023000\nRRULE:FREQ=DAILY;COUNT=3")
    assert sorted("skip" in str(each.flaw) for each in found) == [False, False, True]


def test_more_dates_than_a_page_can_show_are_refused() -> None:
    rule = "DTSTART:20260101T100000Z\nRRULE:FREQ=DAILY;COUNT=90"
    with pytest.raises(RuleBroken, match="have more than 500 dates"):
        ical.read(file_of(*[rule] * 6), "UTC")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not an iCalendar file|holds no event"),
        (b"\x00\xff\xfe", "not an iCalendar file|holds no event"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "not an iCalendar file|holds no event"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "holds no event"),
        (b"x" * (ical.MOST_BYTES + 1), "larger than 512 KB"),
        (file_of(*["DTSTART:20260101T100000Z"] * (ical.MOST_EVENTS + 1)), "holds more than 500 events"),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        ical.read(data, "UTC")


def adoption(uid: str, becomes: str, starts: datetime | None, ends: datetime) -> Adoption:
    return parse(Adoption, {"uid": uid, "becomes": becomes, "name": "Debriefing", "starts": starts, "ends": ends})


def adopt(scene: Running, *chosen: Adoption, by: str = "ana") -> int:
    with scene.store.unit_of_work(scene[by]) as session:
        return calendar_adoption.adopt(session, scene.operation, chosen, scene[by])


def test_events_become_phases_and_tasks_and_move_when_they_are_taken_again(scene: Running) -> None:
    phase = adoption("a", "debrief", START + 7 * DAY, START + 8 * DAY)
    task = adoption("b", "task", None, START + 2 * DAY)
    assert adopt(scene, phase, task) == 2
    assert adopt(scene, phase, adoption("b", "task", None, START + 3 * DAY)) == 2
    with scene.store.reading(scene["ana"]) as session:
        bars = timeline.lines(session, scene.operation).bars
    assert bars[calendar_adoption.identifier(scene.operation, "a")].begins == START + 7 * DAY
    assert bars[calendar_adoption.identifier(scene.operation, "b")].ends == START + 3 * DAY
    assert len(bars) == 4


def test_an_event_that_overlaps_is_refused_by_its_number_and_nothing_is_taken(scene: Running) -> None:
    good = adoption("a", "debrief", START + 7 * DAY, START + 8 * DAY)
    with pytest.raises(RuleBroken, match="This overlaps with the phase Operational") as refusal:
        adopt(scene, good, adoption("b", "evaluation", START, START + DAY))
    assert refusal.value.flaws[0].field == "1"
    with scene.store.reading(scene["ana"]) as session:
        assert len(timeline.lines(session, scene.operation).bars) == 2
    with pytest.raises(RuleBroken, match="This event has no end"):
        adoption("c", "debrief", None, START)
    with pytest.raises(NotFound):
        adopt(scene, good, by="chaima")
