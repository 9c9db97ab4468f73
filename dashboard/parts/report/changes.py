"""Difference between two versions of a report: lines added, removed and changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from dashboard.parts.report.line_form import values
from operations.policing.reports.reports import Line, Report

ENVELOPE = ("kind", "phase_id", "period_from", "period_to", "impact", "remarks")


class Fate(StrEnum):
    """The kinds of change of a line between two versions."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class FieldChange(NamedTuple):
    """A changed field: its name, old and new value. None: empty."""

    name: str
    before: object
    after: object


@dataclass(frozen=True)
class LineChange:
    """A line and its changes. `line` is the new one, or the old one if it was removed."""

    line: Line
    fate: Fate
    changes: tuple[FieldChange, ...] = ()

    def change(self, name: str) -> FieldChange | None:
        """Return the change of one field, or None."""
        return next((each for each in self.changes if each.name == name), None)


@dataclass(frozen=True)
class ReportDifference:
    """Two versions compared. Lines are in their new order, removed ones at the end."""

    envelope: tuple[FieldChange, ...]
    lines: tuple[LineChange, ...]

    def __bool__(self) -> bool:
        return bool(self.envelope) or any(line.fate is not Fate.SAME for line in self.lines)


def difference(
    before: Report | None, lines_before: Sequence[Line], after: Report, lines_after: Sequence[Line]
) -> ReportDifference:
    """Return the changes from `before` to `after`. Lines are matched by their id, which corrections keep.

    Without `before` nothing is marked.
    """
    if before is None:
        return ReportDifference((), tuple(LineChange(line, Fate.SAME) for line in lines_after))
    envelope = _changes(
        {name: getattr(before, name) for name in ENVELOPE}, {name: getattr(after, name) for name in ENVELOPE}
    )
    known = {line.id: line for line in lines_before}
    compared = [_compared(known.pop(line.id, None), line) for line in lines_after]
    return ReportDifference(envelope, (*compared, *(LineChange(line, Fate.REMOVED) for line in known.values())))


def _compared(before: Line | None, after: Line) -> LineChange:
    if before is None:
        return LineChange(after, Fate.ADDED)
    changes = _changes(values(before.kind, before.attributes), values(after.kind, after.attributes))
    return LineChange(after, Fate.CHANGED if changes else Fate.SAME, changes)


def _changes(before: dict[str, object], after: dict[str, object]) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(name, before[name], after[name]) for name in after if before[name] != after[name])
