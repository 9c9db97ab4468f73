"""What a calendar calls its events: in the reader's language, and no more than its operation's marking lets it."""

from datetime import UTC, datetime

import pytest

from dashboard.screens.timeline.calendars import said
from dashboard.wording import in_language
from operations.core.ids import new_id
from operations.exchange.calendars import CalendarKind, Date

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def date(kind: CalendarKind, title: str = "", phase: str | None = None, state: str | None = None) -> Date:
    return Date(new_id(), new_id(), "Sahel Gate I", kind, title, phase, state, None, AT, 1)


@pytest.mark.parametrize(
    ("found", "english", "french"),
    [
        (date(CalendarKind.PHASE, "Training", "training"), "Training", "Formation"),
        (date(CalendarKind.PHASE, "Second week", "training"), "Training · Second week", "Formation · Second week"),
        (
            date(CalendarKind.TASK, "Call the ports", "training", "open"),
            "Call the ports (To do)",
            "Call the ports (À faire)",
        ),
        (
            date(CalendarKind.DEPLOYMENT, "Niger 1, Niamey", None, "on_site"),
            "Niger 1, Niamey (On site)",
            "Niger 1, Niamey (",
        ),
    ],
)
def test_an_event_says_what_it_is_about_in_the_readers_language(found: Date, english: str, french: str) -> None:
    with in_language("en"):
        assert said(found) == f"Sahel Gate I: {english}"
    with in_language("fr"):
        assert french in said(found)


def test_of_a_marked_operation_an_event_says_its_kind_its_phase_and_its_number() -> None:
    task, sent = date(CalendarKind.TASK, "", "training", "open"), date(CalendarKind.DEPLOYMENT, "", None, "on_site")
    with in_language("en"):
        assert said(task) == f"Sahel Gate I: task {task.number} of the phase Training (To do)"
        assert said(sent) == f"Sahel Gate I: deployment {sent.number} (On site)"
        assert "task" in said(date(CalendarKind.TASK, "", None, "open"))
