"""Use of databases on the screen, as functions: a month typed, what changed, and the timeline drawn."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.screens.posts import page, usage
from dashboard.screens.posts.usage import Ids
from operations.core.errors import NotFound, RuleBroken
from operations.infrastructure.usage import WEEKDAYS
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running
from tests.programme import BEGUN, counted, delivered, linked, month_draft, planned, post_of

LATER = datetime(2027, 3, 5, 9, tzinfo=UTC)
HERE = ("approved", "procured", "shipped", "handed_over", "installed")


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def typed(**changes: Any) -> dict[str, Any]:
    return {**month_draft().model_dump(mode="json", exclude={"id", "replaces"}), "replaces": None, **changes}


def test_a_month_is_counted_and_a_second_count_is_refused_at_its_field(scene: Running) -> None:
    post = post_of(scene)
    here = {"shown": str(post.id)}
    with at_desk(scene, "bruno", BEGUN):
        assert "Count a month" in texts(usage.layout(show=str(post.id)))
        press(usage.count, Ids.COUNT, None, typed(), uuid4(), **here)
        with pytest.raises(RuleBroken, match="counted already") as refused:
            press(usage.count, Ids.COUNT, None, typed(count=9), uuid4(), **here)
        running = BEGUN.date().replace(day=1).isoformat()
        with pytest.raises(RuleBroken, match="Enter its count after its last day") as early:
            press(usage.count, Ids.COUNT, None, typed(month=running), uuid4(), **here)
        [grid] = found_in(usage.layout(show=str(post.id)), "AgGrid")
        press(usage.count, Ids.COUNT, None, typed(count=9, replaces=grid.rowData[0]["id"]), uuid4(), **here)
        [after] = found_in(usage.layout(show=str(post.id)), "AgGrid")
    assert [flaw.field for flaw in refused.value.flaws] == [flaw.field for flaw in early.value.flaws] == ["month"]
    found = [(row["month"], row["count"]) for row in (*grid.rowData, *after.rowData)]
    assert found == [("2026-02", 300), ("2026-02", 9)]
    with at_desk(scene, "ana", BEGUN):
        assert "Count a month" not in texts(usage.layout(show=str(post.id)))
    with at_desk(scene, "moussa", BEGUN), pytest.raises(NotFound):
        usage.layout(show=str(post.id))


def test_the_page_of_the_tab_lists_the_posts_with_the_last_month_counted_there(scene: Running) -> None:
    post = post_of(scene)
    with at_desk(scene, "bruno", BEGUN):
        [before] = found_in(usage.layout(), "AgGrid")
        press(usage.count, Ids.COUNT, None, typed(), uuid4(), shown=str(post.id))
    with at_desk(scene, "ana", BEGUN):
        [after] = found_in(usage.layout(), "AgGrid")
    rows = [next(row for row in grid.rowData if row["id"] == str(post.id)) for grid in (before, after)]
    assert [(row["month"], row["queries"], row["passages"]) for row in rows] == [
        ("", None, None),
        ("2026-02", 300, None),
    ]
    assert rows[1]["href"] == f"/posts/usage?show={post.id}"


def test_no_two_parts_of_the_page_have_one_name(scene: Running) -> None:
    post = post_of(scene)
    with at_desk(scene, "bruno", BEGUN):
        shown = usage.layout(show=str(post.id))
    names = Counter(str(each.id) for each in shown._traverse() if getattr(each, "id", None))
    assert {usage.FORM.id("count"), Ids.COUNT} <= set(names)
    assert [name for name, many in names.items() if many > 1] == []


WEEK = dict(zip(WEEKDAYS, (50, 50, 50, 50, 60, 40, 0), strict=True))


def test_a_month_says_its_days_of_the_week_where_somebody_unfolds_them(scene: Running) -> None:
    post = post_of(scene)
    here = {"shown": str(post.id)}
    with at_desk(scene, "bruno", BEGUN):
        shown = usage.layout(show=str(post.id))
        fold = next(each for each in found_in(shown, "Details") if texts(each).startswith("By day of the week"))
        asked = [each.label for each in found_in(fold, "NumberInput")]
        with pytest.raises(RuleBroken, match="add up to 300, but the month has 301") as refused:
            press(usage.count, Ids.COUNT, None, typed(count=301, **WEEK), uuid4(), **here)
        with pytest.raises(RuleBroken, match="for each day of the week") as missing:
            press(usage.count, Ids.COUNT, None, typed(**WEEK | {"sunday": ""}), uuid4(), **here)
        press(usage.count, Ids.COUNT, None, typed(**WEEK), uuid4(), **here)
        press(usage.count, Ids.COUNT, None, typed(month="2026-01-01"), uuid4(), **here)
        [grid] = found_in(usage.layout(show=str(post.id)), "AgGrid")
    with at_desk(scene, "bruno", BEGUN, language="ar"):
        [arabic] = found_in(usage.layout(show=str(post.id)), "AgGrid")
    assert getattr(fold, "open", None) is None
    assert asked == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    assert [flaw.field for each in (refused, missing) for flaw in each.value.flaws] == ["count", "sunday"]
    assert [[row[day] for day in WEEKDAYS] for row in grid.rowData] == [[50, 50, 50, 50, 60, 40, 0], [None] * 7]
    assert [each["headerName"] for each in arabic.columnDefs[-7:]][:2] == ["الاثنين", "الثلاثاء"]


def test_what_changed_is_said_with_its_interval_or_why_it_cannot_be_told(scene: Running) -> None:
    post = post_of(scene)
    linked(scene, post, "agreed", "built", "tested", "live")
    for at in range(12):
        month = date(2025 + (at + 2) // 12, (at + 2) % 12 + 1, 1).isoformat()
        counted(scene, post, month, 100 + at % 3, at=LATER)
    with at_desk(scene, "ana", LATER):
        chosen = next(each for each in found_in(usage.layout(show=str(post.id)), "Select") if "what" in each.id)
        [occasion] = chosen.data
        said = texts(usage.show_change(1, occasion=occasion["value"], shown=str(post.id))["shown"][0])
        assert usage.show_change(1, occasion=None, shown=str(post.id))["shown"] == [[]]
    assert said.startswith("Cannot tell.")
    assert "Too few months are counted after: 0 of 8" in said
    for at in range(11):
        counted(scene, post, date(2026 + (at + 3) // 12, (at + 3) % 12 + 1, 1).isoformat(), 300 + at % 3, at=LATER)
    with at_desk(scene, "ana", LATER):
        shown = usage.show_change(1, occasion=occasion["value"], shown=str(post.id))["shown"][0]
    assert re.search(r"Month 6: [23]\.\d\d times", texts(shown))
    assert "Not corrected for traffic" in texts(shown)
    assert len(found_in(shown, "Graph")) == 1


def test_the_timeline_is_drawn_once_something_happened(scene: Running) -> None:
    post = post_of(scene)
    with at_desk(scene, "chaima", BEGUN):
        assert found_in(page.layout(show=str(post.id)), "Graph") == []
    delivered(scene, planned(scene, post), *HERE, "commissioned")
    counted(scene, post, "2026-02-01", 12)
    with at_desk(scene, "chaima", BEGUN):
        shown = page.layout(show=str(post.id))
    [chart] = found_in(shown, "Graph")
    assert [each.type for each in chart.figure.data] == ["scatter", "bar"]
    assert "Commissioned: Passport reader" in texts(shown)
