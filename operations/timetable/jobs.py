"""All jobs of the timetable: the short ones, which people wait for, and the long ones, which run beside them."""

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


def long(copies: Copies) -> Sequence[TimetableJob]:
    """What takes longer on a large database."""
    numbers = (*checkpoints.JOBS, *releases.JOBS, *restatements.JOBS, *claims.JOBS)
    return (*numbers, *worklist_messages.JOBS, *copies.jobs(), *access_alerts.JOBS, training.GAPS, erasure.WIPE)
