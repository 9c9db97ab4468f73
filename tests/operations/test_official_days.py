"""Story 6.4: "day 3" means the same everywhere, because an operation has one zone and one cut for its days."""

import gc
import weakref
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.catalogue.kpis import Kpi
from operations.core import clock
from operations.core.clock import Which
from operations.core.drafts import parse
from operations.core.errors import RuleBroken
from operations.core.people import Actor, System
from operations.core.store import Store
from operations.core.vocabulary import Classification, Level, OperationState
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.policing.map_plan import places
from operations.policing.operation import plan
from tests.makers import Running, form, hit, operation_draft, phase_draft, send, site_draft, tally
from tests.people import actor

HOUR = timedelta(hours=1)
EVENTS = (("2024-11-10T12:00", 3), ("2024-11-11T00:30", 10), ("2024-11-12T06:59", 5), ("2024-11-12T07:00", 7))


def local(wall: str, zone: str, which: Which | None = None) -> datetime:
    """What was typed for a zone, as a moment."""
    return clock.from_local(datetime.fromisoformat(wall), zone, "starts", which)


def operation_in(store: Store, zone: str, country: str, site_zone: str, begins: datetime) -> Running:
    """An active operation whose official days are those of `zone`, with one site elsewhere."""
    ana = actor("ana")
    with clock.at(begins), store.unit_of_work(ana) as session:
        made = plan.create(session, operation_draft(zone=zone), ana)
    ana = actor("ana", made.id)
    people = {name: Actor(**vars(actor(name, made.id)) | {"country": country}) for name in ("chaima", "bruno")} | {
        "ana": ana
    }
    with clock.at(begins), store.unit_of_work(ana) as session:
        ends = begins + timedelta(days=6)
        phase = plan.schedule(session, made.id, phase_draft("operational", begins, ends), ana)
        plan.invite(session, made.id, parse(plan.CountryInvitation, {"country": country}), ana)
        site = places.place_site(session, made.id, site_draft(country, "Post", zone=site_zone), ana)
    with store.unit_of_work(people["chaima"]) as session:
        plan.answer(session, made.id, people["chaima"], accept=True)
    with store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, made.id).state = OperationState.ACTIVE.value
    return Running(store, made.id, phase.id, phase.id, {"Post": site.id}, begins, people)


def report(scene: Running, begins: datetime, count: int, zone: str) -> None:
    """An event of half an hour with `count` checks."""
    period = {"period_from": begins.isoformat(), "period_to": (begins + HOUR / 2).isoformat()}
    send(scene, form(scene, "Post", kind="single_event", zone=zone, lines=[tally(count)]) | period)


def by_day(scene: Running, zone: str) -> dict[str, int]:
    """Checks by official day, at V1, as the coordinator reads them."""
    frame = BoardFrame(scene.operation, zone, Classification.FOR_OFFICIAL_USE, level=Level.V1)
    with scene.store.reading(scene["ana"]) as session:
        return {
            day: count or 0 for day, count, _waiting in board.by_day(session, frame, Kpi.DATABASE_CHECKS, scene["ana"])
        }


def test_an_event_after_midnight_in_vientiane_is_of_day_1_in_utc_and_of_day_2_there(cast: Store) -> None:
    first_day, counted = date(2024, 11, 10), {}
    for zone in ("UTC", "Asia/Vientiane"):
        begins, _next = clock.day_bounds(first_day, zone)
        scene = operation_in(cast, zone, "LAO", "Asia/Vientiane", begins)
        for wall, count in EVENTS:
            report(scene, local(wall, "Asia/Vientiane"), count, "Asia/Vientiane")
        counted[zone] = by_day(scene, zone)
    assert local("2024-11-11T00:30", "Asia/Vientiane") == datetime(2024, 11, 10, 17, 30, tzinfo=UTC)
    assert counted == {
        "UTC": {"2024-11-10": 13, "2024-11-11": 5, "2024-11-12": 7},
        "Asia/Vientiane": {"2024-11-10": 3, "2024-11-11": 10, "2024-11-12": 12},
    }
    assert sum(counted["UTC"].values()) == sum(counted["Asia/Vientiane"].values()) == 25


def test_a_day_of_25_hours_is_one_day_and_sums_right(cast: Store) -> None:
    zone = "Europe/Paris"
    begins, ends = clock.day_bounds(date(2026, 10, 25), zone)
    assert ends - begins == 25 * HOUR
    scene = operation_in(cast, zone, "FRA", zone, begins - 2 * HOUR)
    report(scene, begins - HOUR, 1000, zone)
    for hour in range(25):
        report(scene, begins + hour * HOUR, 1, zone)
    report(scene, ends, 1000, zone)
    assert by_day(scene, zone) == {"2026-10-24": 1000, "2026-10-25": 25, "2026-10-26": 1000}


def test_a_day_begins_at_the_cut_of_the_operation() -> None:
    six = time(6)
    begins, ends = clock.day_bounds(date(2026, 3, 29), "Europe/Paris", six)
    assert ends - begins == 24 * HOUR
    assert clock.official_day(begins, "Europe/Paris", six) == date(2026, 3, 29)
    assert clock.official_day(begins - HOUR / 60, "Europe/Paris", six) == date(2026, 3, 28)


def test_a_time_that_the_clocks_skip_is_refused_with_the_two_that_can_be_meant() -> None:
    sentence = r"skip 2026-03-29 02:30: choose 01:30 \(UTC\+1\) or 03:30 \(UTC\+2\)"
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        local("2026-03-29T02:30", "Europe/Paris")
    assert refusal.value.flaws[0].field == "starts"


def test_a_time_that_the_clocks_show_twice_asks_which_is_meant() -> None:
    wall = "2026-10-25T02:30"
    with pytest.raises(RuleBroken, match=r"the first, UTC\+2, or the second, UTC\+1"):
        local(wall, "Europe/Paris")
    first, second = (local(wall, "Europe/Paris", which) for which in Which)
    assert (first, second - first) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), HOUR)


def test_changes_of_the_clocks_are_found_where_they_are() -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    found = clock.changes("Europe/Paris", start, end)
    assert [(each.at, each.after - each.before) for each in found] == [
        (datetime(2026, 3, 29, 1, tzinfo=UTC), HOUR),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), -HOUR),
    ]
    assert clock.changes("Asia/Vientiane", start, end) == ()
    assert (
        clock.changes("Australia/Lord_Howe", start, end)[0].after
        - clock.changes("Australia/Lord_Howe", start, end)[0].before
        == -HOUR / 2
    )


# Zones with the cuts at which their clocks are put back, put on, or skip a whole date.
CROOKED = (
    ("Europe/Madrid", time(2, 30), datetime(2026, 10, 25, tzinfo=UTC)),
    ("Europe/Madrid", time(2, 30), datetime(2026, 3, 29, tzinfo=UTC)),
    ("Africa/Cairo", time(23, 30), datetime(2026, 10, 29, 20, tzinfo=UTC)),
    ("America/St_Johns", time(0), datetime(2010, 11, 7, 2, tzinfo=UTC)),  # 00:01 is followed by 23:01 of the day before
    ("America/Havana", time(0), datetime(2026, 3, 8, 5, tzinfo=UTC)),  # there is no midnight
    ("Australia/Lord_Howe", time(1, 45), datetime(2026, 4, 4, 15, tzinfo=UTC)),  # half an hour
    ("Pacific/Apia", time(6), datetime(2011, 12, 30, 10, tzinfo=UTC)),  # there is no 30 December
)


def test_thirty_minutes_of_madrid_do_not_fall_into_the_day_before() -> None:
    cut, zone = time(2, 30), "Europe/Madrid"
    begins = local("2026-10-25T02:30", zone, Which.FIRST)
    for minutes in (0, 29, 30, 45, 60, 90):
        assert clock.official_day(begins + timedelta(minutes=minutes), zone, cut) == date(2026, 10, 25)
    assert clock.official_day(begins - timedelta(microseconds=1), zone, cut) == date(2026, 10, 24)


@settings(max_examples=300, deadline=None)
@given(
    where=st.one_of(
        st.sampled_from(CROOKED),
        st.tuples(
            st.sampled_from(sorted(available_timezones())),
            st.times().map(lambda each: each.replace(second=0, microsecond=0)),
            st.integers(25 * 365, 66 * 365).map(lambda days: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days)),
        ),
    ),
    steps=st.lists(st.integers(-3000, 3000), min_size=2, max_size=12),
)
def test_a_later_moment_is_never_of_an_earlier_day_and_lies_within_its_day(
    where: tuple[str, time, datetime], steps: list[int]
) -> None:
    zone, cut, middle = where
    moments = sorted(middle + timedelta(minutes=each) for each in steps)
    days = [clock.official_day(moment, zone, cut) for moment in moments]
    assert days == sorted(days)
    for moment, day in zip(moments, days, strict=True):
        begins, ends = clock.day_bounds(day, zone, cut)
        assert begins <= moment < ends
        assert clock.official_day(begins, zone, cut) == day
        assert clock.official_day(begins - timedelta(microseconds=1), zone, cut) < day


def test_a_hit_is_of_the_official_day_of_its_own_time(cast: Store) -> None:
    """Tonga's report of 3 March begins on 2 March in Bogota's days; its hit of 3 March 05:00 in Bogota does not."""
    zone, site_zone = "America/Bogota", "Pacific/Tongatapu"
    begins, _next = clock.day_bounds(date(2026, 3, 2), zone)
    scene = operation_in(cast, zone, "TON", site_zone, begins)
    starts = local("2026-03-03T12:00", site_zone)
    hits = [hit(local(wall, zone)) for wall in ("2026-03-02T23:59", "2026-03-03T00:00", "2026-03-03T05:00")]
    period = {"period_from": starts.isoformat(), "period_to": (starts + 24 * HOUR).isoformat()}
    send(scene, form(scene, "Post", zone=site_zone, lines=[tally(7), *hits]) | period)
    assert by_day(scene, zone) == {"2026-03-02": 7}
    frame = BoardFrame(scene.operation, zone, Classification.FOR_OFFICIAL_USE, level=Level.V1)
    with cast.reading(scene["ana"]) as session:
        days = board.by_day(session, frame, Kpi.RAW_HITS, scene["ana"])
    assert [(day, waiting + (count or 0)) for day, count, waiting in days] == [("2026-03-02", 1), ("2026-03-03", 2)]


def test_a_hit_at_the_very_end_of_its_period_stays_in_it(cast: Store) -> None:
    begins, ends = clock.day_bounds(date(2026, 3, 2), "UTC")
    scene = operation_in(cast, "UTC", "NER", "UTC", begins)
    period = {"period_from": begins.isoformat(), "period_to": ends.isoformat()}
    send(scene, form(scene, "Post", zone="UTC", lines=[hit(ends)]) | period)
    frame = BoardFrame(scene.operation, "UTC", Classification.FOR_OFFICIAL_USE, level=Level.V1)
    with cast.reading(scene["ana"]) as session:
        assert [day for day, *_counts in board.by_day(session, frame, Kpi.RAW_HITS, scene["ana"])] == ["2026-03-02"]


def test_a_zone_is_read_from_its_file_once() -> None:
    """Python keeps eight: a board of ninety countries read files thirty thousand times."""
    names = sorted(available_timezones())[:60]
    held = [weakref.ref(clock.zone(name)) for name in names]
    gc.collect()
    assert [reference() is clock.zone(name) for reference, name in zip(held, names, strict=True)] == [True] * 60
