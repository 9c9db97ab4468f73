"""Use of databases: a month counted once, before and after with its interval, and the timeline of a post."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.infrastructure import figures, trend, usage
from operations.infrastructure.trend import LEAST
from operations.infrastructure.usage import Month
from operations.posts import register
from operations.programme import timeline
from operations.programme.timeline import Lane
from tests import turns
from tests.makers import Running
from tests.people import CAST
from tests.programme import (
    BEGUN,
    brought,
    counted,
    delivered,
    does,
    linked,
    month_draft,
    planned,
    post_of,
    reads,
    requested,
)

HERE = ("approved", "procured", "shipped", "handed_over", "installed")


def week(*numbers: int | None) -> dict[str, Any]:
    """What was counted on each day of the week."""
    return dict(zip(usage.WEEKDAYS, numbers, strict=True))


def test_a_month_is_counted_once_and_corrected_by_another_count(scene: Running) -> None:
    post = post_of(scene)
    said = month_draft()
    made = does(scene, "bruno", usage.count, post.id, said)
    assert does(scene, "bruno", usage.count, post.id, said).id == made.id
    with pytest.raises(Conflict):
        does(scene, "bruno", usage.count, post.id, said.model_copy(update={"count": 7}))
    with pytest.raises(RuleBroken, match="2026-02 is counted already, with 300"):
        counted(scene, post, "2026-02-20", 310)
    counted(scene, post, "2026-02-20", 40, database="nominal")
    again = counted(scene, post, "2026-02-03", 280, by="chaima", replaces=made.id)
    with pytest.raises(RuleBroken, match="The count to be replaced is a different"):
        counted(scene, post, "2026-02-03", 281, replaces=made.id)
    with pytest.raises(RuleBroken, match="is a different one"):
        counted(scene, post, "2026-01-03", 281, replaces=again.id)
    assert [tuple(each) for each in usage.series(reads(scene, "ana", usage.months, post.id))] == [
        (date(2026, 2, 1), 320, None)
    ]


def test_a_month_is_not_counted_for_the_post_and_by_device_as_well(scene: Running) -> None:
    post = post_of(scene)
    first = delivered(scene, planned(scene, post), *HERE)
    other = delivered(scene, planned(scene, post), *HERE)
    march, over = BEGUN.date().isoformat(), BEGUN + timedelta(days=35)
    for each in (first, other):
        counted(scene, post, march, 5, device_id=each.id, last_on=march, at=over)
    with pytest.raises(RuleBroken, match="This month and database already have a count"):
        counted(scene, post, march, 10, at=over)
    counted(scene, post, "2026-02-01", 10)
    with pytest.raises(RuleBroken, match="before the handover") as refused:
        counted(scene, post, "2026-01-01", 5, device_id=first.id, last_on="2026-01-09")
    assert [flaw.field for flaw in refused.value.flaws] == ["last_on"]
    with pytest.raises(RuleBroken, match="This month and database already have a count"):
        counted(scene, post, "2026-02-01", 0, device_id=first.id)
    elsewhere = post_of(scene, name="Gaya", ref="")
    with pytest.raises(RuleBroken, match="at another post"):
        counted(scene, elsewhere, march, 5, device_id=first.id, last_on=march, at=over)
    found = reads(scene, "ana", lambda session: session.get_one(type(first), first.id))
    assert (found.state, found.first_query) == ("commissioned", BEGUN.date())


def test_a_month_that_runs_is_no_whole_month(scene: Running) -> None:
    post = post_of(scene)
    with pytest.raises(RuleBroken, match="has not ended") as refused:
        counted(scene, post, BEGUN.date().isoformat(), 70)
    assert [flaw.field for flaw in refused.value.flaws] == ["month"]
    assert counted(scene, post, BEGUN.date().isoformat(), 70, at=BEGUN + timedelta(days=28)).count == 70


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"database": "unknown"}, "database"),
        ({"count": -1}, "count"),
        ({"device_id": "6d757374-6572-4000-8000-000000000001"}, "last_on"),
        ({"last_on": "2026-03-01"}, "last_on"),
        ({"counted": "hits"}, "counted"),
        (week(50, 50, 50, 50, 50, 50, -1), "sunday"),
        (week(50, 50, 50, 50, 50, 50, None), "sunday"),
        (week(None, None, 60, 60, 60, 60, 60), "monday"),
        (week(50, 50, 50, 50, 50, 50, 1), "count"),
    ],
)
def test_what_is_no_month_is_said_at_its_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        month_draft(**changes)
    assert [flaw.field for flaw in refused.value.flaws] == [field]


@pytest.mark.parametrize("counted", ["queries", "passages"])
def test_days_of_the_week_that_are_another_sum_are_refused_with_both_numbers(counted: str) -> None:
    with pytest.raises(RuleBroken, match="add up to 301, but the month has 300"):
        month_draft(counted=counted, **week(50, 50, 50, 50, 50, 50, 1))
    with pytest.raises(RuleBroken, match="for each day of the week"):
        month_draft(counted=counted, **week(0, 50, 50, 50, 50, 100, None))


def test_a_count_keeps_its_days_of_the_week_and_another_spread_is_other_content(scene: Running) -> None:
    post = post_of(scene)
    said = month_draft(**week(50, 50, 50, 50, 50, 50, 0))
    made = does(scene, "bruno", usage.count, post.id, said)
    assert does(scene, "bruno", usage.count, post.id, said).id == made.id
    with pytest.raises(Conflict):
        does(scene, "bruno", usage.count, post.id, said.model_copy(update=week(0, 50, 50, 50, 50, 50, 50)))
    counted(scene, post, "2026-01-02", 7)
    found = [tuple(getattr(each, day) for day in usage.WEEKDAYS) for each in reads(scene, "ana", usage.months, post.id)]
    assert found == [(50, 50, 50, 50, 50, 50, 0), (None,) * 7]


def test_no_storage_takes_a_spread_that_is_another_sum_or_changes_one(scene: Running) -> None:
    post = post_of(scene)
    made = counted(scene, post, **week(50, 50, 50, 50, 50, 50, 0))
    for day in usage.WEEKDAYS:
        moved = {day: getattr(made, day) + 1, "count": 301}
        with pytest.raises(DBAPIError, match="never changed"), scene.store.unit_of_work(System()) as session:
            session.connection().execute(sa.update(usage.UsageMonth).values(moved))
    again = {"id": new_id(), "supersedes_id": made.id, "month": date(2026, 1, 1)}
    for spread in (
        week(50, 50, 50, 50, 50, 50, 1),
        week(50, 50, 50, 50, 50, 50, None),
        week(350, 50, 0, 0, 0, 0, -100),
    ):
        with pytest.raises(IntegrityError, match="weekdays"), scene.store.unit_of_work(System()) as session:
            session.add(usage.UsageMonth(**made.model_dump() | again | spread))


def test_who_counts_and_who_sees_it(scene: Running) -> None:
    post = post_of(scene)
    counted(scene, post)
    with pytest.raises(RuleBroken, match="in the future"):
        counted(scene, post, "2026-04-01")
    with pytest.raises(RuleBroken, match="This month has not ended"):
        counted(scene, post, "2026-03-01")
    for name in ("ana", "dov", "lena", "otto"):
        with pytest.raises(NotPermitted):
            counted(scene, post, "2026-01-01", by=name)
    with pytest.raises(NotFound):
        counted(scene, post, "2026-01-01", by="mateo")
    seen = {name for name in CAST if reads(scene, name, usage.months)}
    assert seen == {"ana", "dov", "lena", "otto", "chaima", "bruno", "binta", "boubacar"}


def test_many_are_counted_all_or_none(scene: Running) -> None:
    post = post_of(scene)
    twice = [month_draft("2026-01-01", 5), month_draft("2026-01-09", 6), month_draft("2027-01-09", 6)]
    with pytest.raises(RuleBroken) as refused:
        does(scene, "bruno", usage.count_many, post.id, twice)
    assert [flaw.field for flaw in refused.value.flaws] == ["rows", "rows"]
    assert reads(scene, "ana", usage.months) == []
    with turns.statements(scene.store) as executed:
        assert does(scene, "bruno", usage.count_many, post.id, [twice[0], month_draft(counted="passages")]) == 2
    asked = [each for each in executed if each.startswith("SELECT") and "FROM usage_month" in each]
    assert all("usage_month.id =" in each or "usage_month.month =" in each for each in asked), "others wait meanwhile"
    assert {each.counted for each in reads(scene, "ana", usage.months)} == {"queries", "passages"}


# --------------------------------------------------------------------------------------------- before and after


def months(before: int, after: int, rate: float, change: float, passages: Any = 10_000) -> list[Month]:
    """Months from January 2024 on, with two of an operation between."""
    found, random = [], np.random.default_rng(3)
    for at in range(before + 2 + after):
        traffic = passages(at) if callable(passages) else passages
        mean = rate * (traffic or 10_000) * (1 if at < before else 5 if at < before + 2 else change)
        found.append(Month(date(2024 + at // 12, at % 12 + 1, 1), int(random.poisson(mean)), traffic))
    return found


def asked(found: list[Month], before: int) -> trend.TrendAnswer:
    return trend.before_and_after(found, found[before].month, found[before + 1].month)


def test_a_change_is_told_with_its_interval_and_the_operation_is_in_neither_side() -> None:
    answer = asked(months(18, 14, 0.03, 2.0), 18)
    assert [each.month for each in answer.changes] == [6, 12]
    assert all(each.low < 2.0 < each.high and each.told for each in answer.changes)
    assert len(answer.months) == 32
    assert answer.per_passage


def test_more_traffic_is_no_more_use() -> None:
    grown = months(18, 14, 0.03, 1.0, lambda at: 10_000 if at < 20 else 30_000)
    corrected = asked(grown, 18)
    assert all(each.low < 1.0 < each.high and not each.told for each in corrected.changes)
    plain = asked([each._replace(passages=None) for each in grown], 18)
    assert not plain.per_passage
    assert all(each.told and each.ratio > 2 for each in plain.changes)


def test_the_model_is_that_of_a_textbook() -> None:
    """The ratio against what the same model gives when it is written out by formula (statsmodels' own reading)."""
    import pandas as pd
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    found = months(12, 12, 0.02, 1.5)
    answer = asked(found, 12)
    kept = [each for at, each in enumerate(found) if at not in (12, 13)]
    frame = pd.DataFrame({"q": [each.queries for each in kept], "t": [*range(-13, -1), *range(1, 13)]})
    frame["later"] = (frame.t > 0).astype(int)
    exposure = np.array([each.passages for each in kept])
    fit = smf.glm("q ~ t + later + later:t", frame, family=sm.families.Poisson(), exposure=exposure).fit()
    for each in answer.changes:
        assert each.ratio == pytest.approx(np.exp(fit.params["later"] + each.month * fit.params["later:t"]), rel=1e-6)


@pytest.mark.parametrize(
    ("found", "before", "said"),
    [
        (months(LEAST - 1, 12, 0.02, 1.0), LEAST - 1, "Too few months are counted before: 7 of 8"),
        (months(12, LEAST - 1, 0.02, 1.0), 12, "Too few months are counted after: 7 of 8"),
        (months(12, 12, 0.0, 1.0), 12, "Not comparable"),
    ],
)
def test_where_it_cannot_tell_it_says_why(found: list[Month], before: int, said: str) -> None:
    answer = asked(found, before)
    assert answer.changes == ()
    assert answer.why is not None
    assert answer.why.template.format(**answer.why.params).startswith(said)


def test_month_twelve_is_not_told_before_it_is_there() -> None:
    assert [each.month for each in asked(months(12, 9, 0.02, 1.0), 12).changes] == [6]


# ----------------------------------------------------------------------------------------- one timeline per post


def test_the_timeline_of_a_post_from_the_assessment_to_its_use(scene: Running) -> None:
    """Story 6.7, as far as it needs no course: assessed, gap, delivery, commissioned, operation, queries."""
    post = post_of(scene)
    assert reads(scene, "lena", timeline.timeline, post.id, BEGUN.date()) == []
    brought(scene, requested(scene, post), "desk_review", "visit", "scored", "validated")
    does(scene, "chaima", register.link, post.id, scene.sites["Niamey"])

    def on(month: int, day: int = 10) -> datetime:
        return datetime(2026, month, day, 9, tzinfo=UTC)

    device = delivered(scene, planned(scene, post, at=on(3, 5)), *HERE, at=on(3))
    linked(scene, post, "agreed", at=on(3))
    today = on(4).date()
    lanes = [(each.lane, each.words) for each in reads(scene, "ana", timeline.timeline, post.id, today)]
    assert (Lane.EQUIPMENT, "Handed over: {kind}") in lanes
    assert not {"Commissioned: {kind}", "Link live", "Month {months} after {operation}"} & {words for _, words in lanes}
    delivered(scene, device, "commissioned", at=on(6))
    counted(scene, post, "2026-06-01", 40, device_id=device.id, last_on="2026-06-20", at=on(7))
    told = reads(scene, "ana", timeline.timeline, post.id, date(2027, 6, 1))
    assert [each.words for each in told] == [
        "{operation}",
        "Assessed",
        "Readiness {score} of 100, gaps: {gaps}",
        "Validated, {queries} queries a month",
        "Handed over: {kind}",
        "Commissioned: {kind}",
        "Month {months} after {operation}",
        "Month {months} after {operation}",
    ]
    assert [(each.queries, each.passages) for each in reads(scene, "ana", timeline.queries, post.id)] == [(40, None)]
    assert [each.words for each in reads(scene, "ana", timeline.occasions, post.id, today)] == ["{operation}"] * 1 + [
        "Commissioned: {kind}"
    ]
    values = {each.figure.kpi: each.number for each in reads(scene, "ana", figures.figures, on(6, 25))}
    assert values["K55"] == (on(6) - on(3)).days
    with pytest.raises(NotFound):
        reads(scene, "moussa", timeline.timeline, post.id, today)
