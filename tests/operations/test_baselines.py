"""What a post was asked a day: told by months, and by the days of the week of those that say them."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.figures.baselines import MonthlyCount, baseline

MONTHS = st.integers(0, 35).map(lambda at: date(2024 + at // 12, at % 12 + 1, 1))
SPREADS = st.lists(st.integers(0, 5000), min_size=7, max_size=7)
FEBRUARY = date(2026, 2, 1)
"""It has four of each day of the week."""


def week_of(month: date) -> list[int]:
    """How many Mondays a month has, and so on."""
    days = [
        date(month.year, month.month, day).weekday() for day in range(1, monthrange(month.year, month.month)[1] + 1)
    ]
    return [days.count(weekday) for weekday in range(7)]


def told(month: date, spread: Sequence[int]) -> MonthlyCount:
    return month, sum(spread), spread


def test_a_month_that_says_its_days_tells_what_each_of_them_is() -> None:
    found = baseline([told(FEBRUARY, (120, 20, 20, 20, 20, 40, 40))])
    assert found.weekdays
    assert found.a_day == pytest.approx((30, 5, 5, 5, 5, 10, 10))
    assert found.on({0: 2, 5: 1}) == pytest.approx(70)


def test_a_post_that_is_shut_on_sundays_is_asked_nothing_there() -> None:
    found = baseline([told(FEBRUARY, (4, 4, 4, 4, 4, 4, 0))])
    assert found.a_day == pytest.approx((1, 1, 1, 1, 1, 1, 0))


def test_months_that_say_no_days_tell_how_much_and_the_others_how_a_week_is() -> None:
    found = baseline([told(FEBRUARY, (120, 20, 20, 20, 20, 40, 40)), (date(2026, 1, 1), 930, None)])
    assert found.weekdays
    level = (280 + 930) / (28 + 31) / 10  # of the ten a day of the month that says its days
    assert found.a_day == pytest.approx([level * each for each in (30, 5, 5, 5, 5, 10, 10)])


def test_a_month_without_any_query_says_nothing_of_a_week() -> None:
    found = baseline([told(FEBRUARY, (0,) * 7), (date(2026, 1, 1), 310, None)])
    assert (found.weekdays, found.a_day) == (False, (310 / 59,) * 7)


@given(st.dictionaries(MONTHS, st.integers(0, 100_000), min_size=1))
def test_where_no_month_says_its_days_all_days_are_as_many_queries_by_all_days(months: dict[date, int]) -> None:
    found = baseline((month, count, None) for month, count in months.items())
    assert (found.weekdays, len(set(found.a_day))) == (False, 1)
    assert found.a_day[0] == sum(months.values()) / sum(sum(week_of(month)) for month in months)


@given(st.dictionaries(MONTHS, SPREADS.filter(any), min_size=1))
def test_where_all_say_their_days_it_is_what_was_on_all_mondays_by_all_mondays(months: dict[date, list[int]]) -> None:
    found = baseline(told(month, spread) for month, spread in months.items())
    for weekday, a_day in enumerate(found.a_day):
        mondays = sum(week_of(month)[weekday] for month in months)
        assert a_day == pytest.approx(sum(spread[weekday] for spread in months.values()) / mondays)


@given(MONTHS, st.integers(1, 500))
def test_days_that_are_alike_tell_what_is_told_without_them(month: date, a_day: int) -> None:
    alike = [a_day * many for many in week_of(month)]
    assert baseline([told(month, alike)]).a_day == pytest.approx(baseline([(month, sum(alike), None)]).a_day)


@given(MONTHS, st.integers(1, 500))
def test_an_even_spread_differs_only_by_how_many_such_days_the_month_has(month: date, each: int) -> None:
    plain = baseline([(month, each * 7, None)]).a_day[0]
    for many, a_day in zip(week_of(month), baseline([told(month, (each,) * 7)]).a_day, strict=True):
        assert a_day == pytest.approx(plain * sum(week_of(month)) / 7 / many)
        assert 0.82 < a_day / plain < 1.11


@given(MONTHS, SPREADS.filter(any), st.integers(0, 6), st.integers(1, 5000))
def test_a_day_that_was_busier_before_makes_the_ratio_of_that_day_smaller(
    month: date, spread: list[int], weekday: int, more: int
) -> None:
    """What moves to it from the other days leaves the month as it was."""
    busier = [0] * 7
    busier[weekday] = sum(spread) + more
    even = [*spread]
    even[weekday] += more
    for days in ({weekday: 1}, {weekday: 3}):
        assert baseline([told(month, busier)]).on(days) >= baseline([told(month, even)]).on(days)
    other = {(weekday + 1) % 7: 1}
    assert baseline([told(month, busier)]).on(other) <= baseline([told(month, even)]).on(other)


@given(SPREADS.filter(any), st.dictionaries(MONTHS, st.integers(0, 10_000)))
def test_a_whole_week_is_as_much_as_all_months_say(spread: list[int], more: dict[date, int]) -> None:
    """A spread says on which days it was, never how much."""
    rows: list[MonthlyCount] = [told(FEBRUARY, spread)]
    rows += [(each, count, None) for each, count in more.items() if each != FEBRUARY]
    plain = baseline((each, count, None) for each, count, _spread in rows)
    assert baseline(rows).on(dict.fromkeys(range(7), 1)) == pytest.approx(plain.a_day[0] * 7)
