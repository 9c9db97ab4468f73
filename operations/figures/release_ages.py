"""Release ages: since when the numbers of persons stand that a reader is told of a guarded figure.

A number stands since the entry as of which it was last released. What came after is not in it, as it would move it by
fewer than eleven, or nothing came: which of both it is, is told to nobody. So an age is the longest that a number can
be behind. Computed from releases alone, so that it tells nothing that they do not.
"""

import math
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from operations.core import history
from operations.core.people import Actor
from operations.core.session_cache import once_for_all
from operations.core.store import unscoped
from operations.disclosure.figure_cube import Reader
from operations.disclosure.releases import FEED, Release, audience_of, released_figures
from operations.disclosure.suppression import BoardFrame, at_least
from operations.figures.board import reader_of


class ReleaseAges(NamedTuple):
    """The ages of `numbers` numbers of persons: half of them stand since `median` or later, nine of ten since `oldest`.

    Those are sums and results of countries of one person and more that are told at the level of the frame.
    """

    numbers: int
    median: datetime
    oldest: datetime


def release_ages(session: Session, frame: BoardFrame, by: Actor) -> ReleaseAges | None:
    """Return the ages of what `by` is told of guarded figures in this frame; None where nothing moves in releases.

    With `frame.at`, as of that entry. Raises NotFound or NotPermitted for who may not see the board.
    """
    if frame.country is not None:
        return None
    with history.as_of(session, frame.at):
        reader = reader_of(session, frame, by)
        states = [] if reader.full else _states(session, frame, reader)
        if not states:
            return None
        moments = _moments(session, frame.operation, audience_of(reader))
    since = sorted((moments[state] for state in states), reverse=True)
    median, oldest = (since[math.ceil(len(since) * part) - 1] for part in (0.5, 0.9))
    return ReleaseAges(len(since), median, oldest)


def _states(session: Session, frame: BoardFrame, reader: Reader) -> list[int]:
    """Return the entry as of which each number stands. The reader's own country waits for no release."""
    wanted, states = at_least(frame.level), []
    for kpi, figure in released_figures(session, frame.operation, reader).items():
        if not reader.guarded(kpi):
            continue
        if figure.sums and figure.total(wanted):
            states.append(figure.sums.state)
        stood = figure.tables.content["at"] if figure.tables else {}
        told = figure.tables.content["countries"] if figure.tables else ()
        states += [stood[country] for country in told if country != reader.home and figure.country(country, wanted)]
    return states


def _moments(session: Session, operation: UUID, audience: str) -> dict[int, datetime]:
    """Return the moment of each entry as of which something was released to an audience."""
    query = (
        sa.select(col(Release.state), sa.func.max(col(Release.state_at)))
        .where(col(Release.operation_id) == operation, col(Release.audience) == audience, col(Release.kpi) != FEED)
        .group_by(col(Release.state))
    )
    return once_for_all(
        session,
        (_moments, operation, audience),
        lambda: {state: moment for state, moment in session.execute(unscoped(query))},  # noqa: C416 - rows, not pairs
    )
