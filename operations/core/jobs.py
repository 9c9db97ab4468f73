"""Long work outside the web process: asked for by a person, done by a worker, ended exactly once (DESIGN 5).

A noun that is worked on (an analysis) is a table with the columns of `Job`; its own module checks who may, keeps
results and journals. A worker takes a turn at a job and holds it by a lease that every report of progress renews.
When the lease passes (the worker died, the machine restarted) the job is claimed again. The number of the attempt
keeps the turns apart, so that a worker that comes back too late changes nothing.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime
from operations.core.errors import Conflict, Flaw, NotPermitted
from operations.core.people import System
from operations.core.permissions import Act, may
from operations.core.state_machine import Life, Step, ways
from operations.core.store import locked
from operations.core.stored_sentences import Sentence, kept, plain
from operations.core.vocabulary import JobState

LEASE = timedelta(seconds=60)
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
"""Every noun that is worked on goes through it; the facts of its steps are the noun as permissions see it."""
ENDED = tuple(state.value for state in LIFE.ends)


class WorkerTurn(NamedTuple):
    """One worker's turn at a job: what it shows with every report."""

    job: UUID
    worker: str
    attempt: int


class Job(SQLModel):
    """The columns of work that takes long.

    `attempt` counts turns; `started_at` is the beginning of the newest. `progress` is {} or what `JobProgress.kept`
    gives; `failure` is {} or a kept sentence (`operations.core.stored_sentences`).
    """

    id: UUID = Field(primary_key=True)
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
        """The turn that is being taken, or was the last."""
        return WorkerTurn(self.id, self.worker, self.attempt)

    @property
    def ended(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self.state in ENDED


def checks() -> tuple[CheckConstraint, ...]:
    """What the database itself demands of a table of jobs."""
    return (
        LIFE.known(),
        CheckConstraint("(state IN ('running', 'cancelling')) = (lease_until IS NOT NULL)", name="held_by_a_lease"),
        CheckConstraint("(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name="ended_once"),
    )


J = TypeVar("J", bound=Job)


class JobProgress(NamedTuple):
    """How far a job is: seconds since its turn began, the share that is done, and what an optimiser knows so far.

    `objective`, `bound` and `gap` are in the units of the question; `words` say what is being done. None: not known.
    """

    elapsed: float
    fraction: float | None = None
    objective: float | None = None
    bound: float | None = None
    gap: float | None = None
    words: Sentence | None = None

    def kept(self) -> dict[str, Any]:
        """As a JSON column keeps it. Raises ValueError for a number that is none, or a share beyond 0 to 1."""
        if self.fraction is not None and not 0 <= self.fraction <= 1:
            raise ValueError(f"A share of {self.fraction} is none.")
        content: dict[str, Any] = plain(self._replace(words=None)._asdict())
        return content | {"words": None if self.words is None else kept(self.words)}


def claim(session: Session, kind: type[J], worker: str, at: datetime) -> J | None:
    """The job that has waited longest, taken by `worker` until the lease passes; None when nothing waits.

    Compare and set: the row is taken only as it was seen, so that of two workers one gets it and the other the next.
    Call `end_lapsed` before: what was begun ATTEMPTS times is not begun again.
    """
    _workers_only(session)
    waits = col(kind.state) == _S.QUEUED.value
    lapsed = (col(kind.state) == _S.RUNNING.value) & (col(kind.lease_until) < at) & (col(kind.attempt) < ATTEMPTS)
    first = select(kind.id, kind.state, kind.attempt).where(waits | lapsed).order_by(col(kind.asked_at), col(kind.id))
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
    """End what no worker will end: stops whose worker is gone, and jobs that lapsed in their last attempt.

    The former are cancelled, the latter failed with `failure`. Returns them, for the journal.
    """
    _workers_only(session)
    hopeless = (col(kind.state) == _S.CANCELLING.value) | (col(kind.attempt) >= ATTEMPTS)
    query = select(kind).where(col(kind.state).in_(_HELD), col(kind.lease_until) < at, hopeless)
    found = list(session.exec(locked(query.order_by(col(kind.asked_at)))))
    for job in found:
        end(session, job, _S.FAILED, at, failure)
    return found


def hold(session: Session, kind: type[J], job_id: UUID) -> J | None:
    """The job where the asker may see it, kept from others until the transaction ends."""
    found: J | None = session.exec(locked(select(kind).where(kind.id == job_id))).one_or_none()
    return found


def hold_turn(session: Session, kind: type[J], turn: WorkerTurn) -> J:
    """The job, for the worker whose turn it is or was the last. Raises Conflict when somebody else took over."""
    _workers_only(session)
    job = hold(session, kind, turn.job)
    if job is None or job.turn != turn:
        raise Conflict("Another worker has taken this work over. What this one found is not kept.")
    return job


def report_progress(session: Session, kind: type[J], turn: WorkerTurn, progress: JobProgress, at: datetime) -> bool:
    """Say how far the work is and renew the lease; returns whether to stop.

    A worker whose job is no longer its own is told to stop as well, and changes nothing.
    """
    _workers_only(session)
    job = hold(session, kind, turn.job)
    if job is None or job.turn != turn or job.ended:
        return True
    job.progress, job.lease_until = progress.kept(), at + LEASE
    session.add(job)
    session.flush()
    return job.state == _S.CANCELLING.value


def cancel(session: Session, job: J, at: datetime) -> bool:
    """Stop a held job: at once where nobody works on it, else its worker is told. Returns whether it changed."""
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
    """End a held job. Whatever its worker found: one that somebody asked to stop ends cancelled."""
    stopped = job.state == _S.CANCELLING
    LIFE.go(job, _S.CANCELLED if stopped else to)
    job.lease_until, job.finished_at = None, at
    if failure is not None and not stopped:
        job.failure = kept(failure)
    session.add(job)
    session.flush()


def _workers_only(session: Session) -> None:
    if not isinstance(session.info.get("actor"), System):
        raise NotPermitted
