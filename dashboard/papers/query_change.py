"""Change in a post's queries before and after an event, fitted in the paper process and not in the server."""

from collections.abc import Sequence
from datetime import date

from dashboard.papers.paper_process import run_in_process
from operations.infrastructure import trend
from operations.infrastructure.trend import TrendAnswer
from operations.infrastructure.usage import Month


def before_and_after(found: Sequence[Month], begins: date, ends: date) -> TrendAnswer:
    """Return what `trend.before_and_after` does."""
    return trend.before_and_after(found, begins, ends, _fitted)


def _fitted(kept: Sequence[Month], before: int, last: date) -> TrendAnswer:
    return run_in_process(trend.fitted, kept, before, last)
