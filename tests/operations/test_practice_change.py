"""K59: queries of posts before and after their officers passed a course."""

from datetime import date, timedelta
from typing import Any

from operations.infrastructure import usage
from operations.programme import practice_change
from tests.makers import Running
from tests.programme import BEGUN, certified, does, month_draft, post_of, reads

LATER = BEGUN + timedelta(days=140)


def counted(scene: Running, post: Any, queries: dict[int, int], passages: dict[int, int] | None = None) -> None:
    """Queries and passages of months, by their number: December 2025 is 0, and July 2026 is 7."""
    for number, count in queries.items():
        does(scene, "bruno", usage.count, post.id, month_draft(day(number), count), at=LATER)
    for number, count in (passages or {}).items():
        draft = month_draft(day(number), count, counted="passages", database="unknown")
        does(scene, "bruno", usage.count, post.id, draft, at=LATER)


def day(number: int) -> str:
    return date(2025 + (number > 0), number or 12, 1).isoformat()


def known(scene: Running, name: str) -> tuple[float | None, int | None, int | None]:
    found = reads(scene, name, practice_change.behaviour, at=LATER)
    return found.number and round(found.number, 3), found.part, found.whole


BEFORE, AFTER = {0: 100, 1: 100, 2: 100}, {4: 150, 5: 150, 6: 150}


def test_practice_is_measured_over_three_months_before_and_after(scene: Running) -> None:
    here = post_of(scene)
    certified(scene, "bruno", "binta", post_id=here.id)
    assert known(scene, "lena") == (None, 0, 1)
    counted(scene, here, BEFORE | {3: 999} | {4: 150, 5: 150})
    assert known(scene, "lena") == (None, 0, 1)
    counted(scene, here, {6: 150})
    assert known(scene, "lena") == known(scene, "chaima") == (1.5, 1, 1)
    assert known(scene, "moussa") == (None, 0, 0)
    assert reads(scene, "lena", practice_change.behaviour).whole == 0


def test_a_season_is_not_a_training(scene: Running) -> None:
    here = post_of(scene)
    certified(scene, "bruno", post_id=here.id)
    counted(scene, here, BEFORE | AFTER, dict.fromkeys(BEFORE, 1000) | dict.fromkeys(AFTER, 1500))
    assert known(scene, "lena") == (1.0, 1, 1)
