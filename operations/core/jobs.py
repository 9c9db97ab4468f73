"""Jobs: long work outside the web process, requested by a person, done by a worker, ended exactly once (DESIGN 5).

A kind of job (such as an analysis) is a table with the columns of `Job`; its own module checks permissions, stores
results and writes the journal. A worker claims a job and holds it by a lease that a thread of its own (`held`) and
every progress report renew. If the lease expires (the worker died, the machine restarted), the job is claimed again
within ten seconds. The number of the attempt distinguishes the turns, so that a worker that returns too late changes
nothing. Clocks of machines differ by less than LEASE: `muster check` says so.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint, func
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime, now
from operations.core.errors import Conflict, Flaw, NotPermitted
from operations.core.people import System
from operations.core.permissions import Act, may
from operations.core.state_machine import Life, Step, ways
from operations.core.storage_errors import Unavailable
from operations.core.store import Store, locked
from operations.core.stored_sentences import Sentence, plain, sentence_json
from operations.core.vocabulary import JobState

LEASE = timedelta(seconds=7)
"""How long a job is held without a sign of its worker: with the look of another it begins again in less than ten."""
BEAT = 2.0
"""Seconds between two signs of a worker that is busy."""
SILENT, STOPPING = 1800.0, 60.0
"""Seconds for which a worker keeps a job without a word of progress, and one that somebody asked to stop."""
ATTEMPTS = 3
_S = JobState
_HELD = (_S.RUNNING.value, _S.CANCELLING.value)
_ASK, _WORKER = Act.ANALYSIS_ASK, "A worker takes it up."
LIFE: Life[JobState] = Life(
    "job",
    _S.QUEUED,
    (
        Step(_S.QUEUED, _S.RUNNING, "job.claim", _ASK, elsewhere=_WORKER),
        Step(_S.RUNNING, _S.RUNNING, "job.claim_again", _ASK, elsewhere="Its worker is gone, and another takes it up."),
        Step(_S.RUNNING, _S.DONE, "job.finish", _ASK, elsewhere="Its worker has the answer."),
        Step(_S.RUNNING, _S.FAILED, "job.fail", _ASK, elsewhere="It cannot be answered, or too many workers are gone."),
        Step(_S.QUEUED, _S.CANCELLED, "job.cancel", _ASK),
        Step(_S.RUNNING, _S.CANCELLING, "job.stop", _ASK),
        *ways((_S.RUNNING, _S.CANCELLING), _S.CANCELLED, "job.stopped", _ASK, elsewhere="Its worker stops or is gone."),
    ),
    ends=(_S.DONE, _S.FAILED, _S.CANCELLED),
    may=lambda _job, subject, step, by: may(by, step.act, subject),
    astray=Flaw("", "This work has ended already: there is nothing to stop."),
)
"""The life of every kind of job; the facts of its steps are the job as permissions see it."""
ENDED = tuple(state.value for state in LIFE.ends)


class WorkerTurn(NamedTuple):
    """One worker's turn at a job, which identifies every report."""

    job: UUID
    worker: str
    attempt: int


class Job(SQLModel):
    """The columns of a job.

    `attempt` counts turns; `started_at` is the beginning of the newest. `progress` is {} or the result of
    `JobProgress.kept`; `failure` is {} or a stored sentence (`operations.core.stored_sentences`).
    """

    id: UUID = Field(primary_key=True)
    author_id: UUID
    state: str = Field(default=_S.QUEUED.value, max_length=12)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    attempt: int = 0
    worker: str = Field(default="", max_length=120)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    progress: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    failure: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)

    @property
    def turn(self) -> WorkerTurn:
        """The current or last turn."""
        return WorkerTurn(self.id, self.worker, self.attempt)

    @property
    def ended(self) -> bool:
        """Whether the job is over."""
        return self.state in ENDED


def checks() -> tuple[CheckConstraint, ...]:
    """Return the constraints of a table of jobs."""
    return (
        LIFE.known(),
        CheckConstraint("(state IN ('running', 'cancelling')) = (lease_until IS NOT NULL)", name="held_by_a_lease"),
        CheckConstraint("(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name="ended_once"),
    )


J = TypeVar("J", bound=Job)


class JobProgress(NamedTuple):
    """The progress of a job: seconds in this turn, the share that is done, and an optimiser's state.

    `objective`, `bound` and `gap` are in the units of the question; `words` say what is being done. None: not known.
    """

    elapsed: float
    fraction: float | None = None
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    words: Sentence | None = None

    def kept(self) -> dict[str, Any]:
        """Return it as JSON for a column. Raises ValueError for a number that is not finite, or a bad share."""
        if self.fraction is not None and not 0 <= self.fraction <= 1:
            raise ValueError(f"A share of {self.fraction} is none.")
        content: dict[str, Any] = plain(self._replace(words=None)._asdict())
        return content | {"words": None if self.words is None else sentence_json(self.words)}


def waits(session: Session, kind: type[J], at: datetime) -> bool:
    """Whether there is anything to claim or to end: whoever looks often looks here first, and stops no writer."""
    waiting = (col(kind.state) == _S.QUEUED.value) | (col(kind.state).in_(_HELD) & (col(kind.lease_until) < at))
    return session.exec(select(kind.id).where(waiting).limit(1)).first() is not None


def claim(session: Session, kind: type[J], worker: str, at: datetime) -> J | None:
    """The job whose turn it is, taken by `worker` until the lease passes; None when nothing waits.

    People are served round: who was served longest ago, or never, comes first, and with the job that waits longest.
    Compare and set: the row is taken only as it was seen, so that of two workers one gets it and the other the next.
    Call `end_lapsed` before: what was begun ATTEMPTS times is not begun again.
    """
    _workers_only(session)
    waits = col(kind.state) == _S.QUEUED.value
    lapsed = (col(kind.state) == _S.RUNNING.value) & (col(kind.lease_until) < at) & (col(kind.attempt) < ATTEMPTS)
    other = aliased(kind)
    served = select(func.max(col(other.started_at))).where(other.author_id == kind.author_id).scalar_subquery()
    first = (
        select(kind.id, kind.state, kind.attempt)
        .where(waits | lapsed)
        .order_by(served.nulls_first(), col(kind.asked_at), col(kind.id))
    )
    while seen := session.exec(first.limit(1)).first():
        job_id, state, attempt = seen
        taken: Any = session.execute(
            sa.update(kind)
            .where(col(kind.id) == job_id, col(kind.state) == state, col(kind.attempt) == attempt, waits | lapsed)
            .values(
                **LIFE.moves(_S(state), _S.RUNNING),
                worker=worker,
                attempt=attempt + 1,
                lease_until=at + LEASE,
                started_at=at,
            )
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount == 1:
            return hold(session, kind, job_id)
    return None


def end_lapsed(session: Session, kind: type[J], at: datetime, failure: Sentence) -> list[J]:
    """End jobs that no worker will end: cancelled ones without a worker, and those that lapsed in their last attempt.

    The former are cancelled, the latter failed with `failure`. Returns them, for the journal.
    """
    _workers_only(session)
    hopeless = (col(kind.state) == _S.CANCELLING.value) | (col(kind.attempt) >= ATTEMPTS)
    query = select(kind).where(col(kind.state).in_(_HELD), col(kind.lease_until) < at, hopeless)
    jobs = list(session.exec(locked(query.order_by(col(kind.asked_at)))))
    for job in jobs:
        end(session, job, _S.FAILED, at, failure)
    return jobs


def hold(session: Session, kind: type[J], job_id: UUID) -> J | None:
    """Return the job if the asker may see it, locked until the transaction ends."""
    job: J | None = session.exec(locked(select(kind).where(kind.id == job_id))).one_or_none()
    return job


def hold_turn(session: Session, kind: type[J], turn: WorkerTurn) -> J:
    """Return the job for the worker of its current or last turn. Raises Conflict if another worker took over."""
    _workers_only(session)
    job = hold(session, kind, turn.job)
    if job is None or job.turn != turn:
        raise Conflict("Another worker has taken over this job. This worker's result was discarded.")
    return job


def report_progress(session: Session, kind: type[J], turn: WorkerTurn, progress: JobProgress, at: datetime) -> bool:
    """Report progress and renew the lease. Return whether to stop.

    A worker whose job was taken over is told to stop too, and changes nothing.
    """
    _workers_only(session)
    job = hold(session, kind, turn.job)
    if job is None or job.turn != turn or job.ended:
        return True
    job.progress, job.lease_until = progress.kept(), at + LEASE
    session.add(job)
    session.flush()
    return job.state == _S.CANCELLING.value


@contextmanager
def held(store: Store, kind: type[J], turn: WorkerTurn) -> Iterator[None]:
    """Renew the lease of a turn every BEAT seconds inside the block, in a thread of its own.

    A worker that hangs loses its job after SILENT seconds, or STOPPING where somebody asked to stop it.
    """
    over, began = Event(), time.monotonic()

    def beat() -> None:
        until = began + SILENT
        while not over.wait(BEAT) and time.monotonic() < until:
            with suppress(Unavailable), store.unit_of_work(System()) as session:  # the next time renews
                state = _renew(session, kind, turn)
                if state == _S.CANCELLING:
                    until = min(until, time.monotonic() + STOPPING)
                if state is None:
                    return

    thread = Thread(target=copy_context().run, args=(beat,), name="muster-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _renew(session: Session, kind: type[J], turn: WorkerTurn) -> str | None:
    """Renew the lease of a turn. Return the job's state; None where it is over or another's."""
    mine = (col(kind.id) == turn.job, col(kind.worker) == turn.worker, col(kind.attempt) == turn.attempt)
    renewed = sa.update(kind).where(*mine, col(kind.state).in_(_HELD)).values(lease_until=now() + LEASE)
    states = session.execute(renewed.returning(col(kind.state)).execution_options(synchronize_session=False))
    return states.scalar_one_or_none()


def cancel(session: Session, job: J, at: datetime) -> bool:
    """Cancel a locked job: at once if nobody works on it, otherwise its worker is told. Return whether it changed."""
    if job.state == _S.QUEUED:
        LIFE.go(job, _S.CANCELLED)
        job.finished_at = at
    elif job.state == _S.RUNNING:
        LIFE.go(job, _S.CANCELLING)
    else:
        return False
    session.add(job)
    session.flush()
    return True


def end(session: Session, job: J, to: JobState, at: datetime, failure: Sentence | None = None) -> None:
    """End a locked job. A job that somebody asked to stop ends as cancelled, whatever its worker found."""
    stopped = job.state == _S.CANCELLING
    LIFE.go(job, _S.CANCELLED if stopped else to)
    job.lease_until, job.finished_at = None, at
    if failure is not None and not stopped:
        job.failure = sentence_json(failure)
    session.add(job)
    session.flush()


def _workers_only(session: Session) -> None:
    if not isinstance(session.info.get("actor"), System):
        raise NotPermitted
