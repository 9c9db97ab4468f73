"""All jobs of the timetable: the short ones, which people wait for, and the long ones, which run beside them."""

from collections.abc import Sequence

from operations.timetable import (
    accesses,
    checkpoints,
    claims,
    daily,
    equipment,
    erasure,
    exchange,
    fugitives,
    hand_overs,
    mandates,
    phases,
    releases,
    restated,
    support,
    training,
)
from operations.timetable.effects import Job
from operations.timetable.keeping import Copies

SHORT: Sequence[Job] = (
    *phases.JOBS, *daily.JOBS, *mandates.JOBS, *support.JOBS, *fugitives.JOBS, *equipment.JOBS, *training.JOBS,
    *exchange.JOBS, *erasure.JOBS,
)  # fmt: skip


def long(copies: Copies) -> Sequence[Job]:
    """What takes longer on a large database."""
    numbers = (*checkpoints.JOBS, *releases.JOBS, *restated.JOBS, *claims.JOBS)
    return (*numbers, *hand_overs.JOBS, *copies.jobs(), *accesses.JOBS, training.GAPS, erasure.WIPE)
