"""All jobs of the timetable: short ones, which people wait for, and long ones, in a scheduler job of their own."""

from collections.abc import Sequence

from operations.timetable import (
    access_alerts,
    checkpoints,
    claims,
    daily,
    equipment,
    erasure,
    exchange,
    fugitives,
    mandates,
    phases,
    releases,
    restatements,
    signals,
    situation_reports,
    support,
    training,
    worklist_messages,
)
from operations.timetable.effects import TimetableJob
from operations.timetable.maintenance import Copies

SHORT: Sequence[TimetableJob] = (
    *phases.JOBS,
    *daily.JOBS,
    *mandates.JOBS,
    *support.JOBS,
    *fugitives.JOBS,
    *equipment.JOBS,
    *training.JOBS,
    *exchange.JOBS,
    *erasure.JOBS,
)


def long(copies: Copies, more: Sequence[TimetableJob] = ()) -> Sequence[TimetableJob]:
    """Return the jobs that take long on a large database. `more`: those of what is outside the database."""
    numbers = (*checkpoints.JOBS, *releases.JOBS, *restatements.JOBS, *situation_reports.JOBS, *claims.JOBS)
    return (
        *numbers,
        *worklist_messages.JOBS,
        *copies.jobs(),
        *access_alerts.JOBS,
        training.GAPS,
        erasure.WIPE,
        *signals.JOBS,
        *more,
    )
