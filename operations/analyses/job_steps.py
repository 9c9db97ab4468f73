"""The worker's verbs of analyses: claim, report progress, finish, fail and stop. For Muster's own sessions.

A question is answered outside the web process; each of these verbs is a short unit of work of its own.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from operations.core import jobs
from operations.core.errors import Conflict, Flaw, RuleBroken
from operations.core.field_labels import N_
from operations.core.ids import fingerprint
from operations.core.jobs import JobProgress, WorkerTurn
from operations.core.people import Account, System
from operations.core.permissions import Act, may
from operations.core.stored_sentences import Sentence, plain
from operations.core.vocabulary import JobState
from operations.policing.analyses import Analysis, AnalysisResult, record
from operations.policing.operation import membership, plan
from operations.programme.connection_rows import ConnectionPlan

RESULT_LIMIT = 8 * 2**20
PACKED_LIMIT = 64 * 2**20
LAPSED = Flaw(
    "",
    "This analysis was started {attempts} times and never finished. Ask a smaller "
    "question, or ask the server's administrator.",
    {"attempts": jobs.ATTEMPTS},
)


_LEFT = Flaw(
    "",
    N_("The person who asked this no longer has access to the operation. Run the analysis again if you still need it."),
)


def anything_waits(session: Session, at: datetime) -> bool:
    """Whether an analysis or a connection plan waits for a worker."""
    return any(jobs.waits(session, each, at) for each in (Analysis, ConnectionPlan))


def broken(job_id: UUID) -> Flaw:
    """Return the message for a mistake of Muster itself; its reference finds the entry in the log."""
    return Flaw(
        "",
        "Something went wrong in Muster. Give the server's administrator this reference: {reference}.",
        {"reference": str(job_id)[:8]},
    )


@dataclass(frozen=True)
class Outcome:
    """The outcome of an analysis: a JSON-like result, and a packed table where there is one."""

    result: Mapping[str, Any]
    packed: bytes | None = None

    @property
    def sha256(self) -> str:
        """The hash of both parts together."""
        packed = None if self.packed is None else hashlib.sha256(self.packed).hexdigest()
        return fingerprint([plain(dict(self.result)), packed])


def claim(session: Session, worker: str, at: datetime) -> Analysis | None:
    """The analysis whose turn it is, now that of `worker` until `jobs.LEASE` passes; None: nothing waits.

    One whose lease passed is claimed again; after its last attempt it fails with a message. For Muster's own sessions.
    """
    for lost in jobs.end_lapsed(session, Analysis, at, LAPSED):
        record(session, System(), "analysis.fail" if lost.state == JobState.FAILED else "analysis.stop", lost)
    while (found := jobs.claim(session, Analysis, worker, at)) is not None and not _may_still(session, found):
        jobs.end(session, found, JobState.FAILED, at, _LEFT)
        record(session, System(), "analysis.fail", found, attempt=found.attempt)
    return found


def _may_still(session: Session, asked: Analysis) -> bool:
    """Whether who asked may ask it now: much may have changed while it waited."""
    account = session.get(Account, asked.author_id)
    by = membership.actor(session, account) if account else None
    return by is not None and may(
        by, Act.ANALYSIS_ASK, plan.subject(session.get_one(plan.Operation, asked.operation_id))
    )


def report_progress(session: Session, turn: WorkerTurn, progress: JobProgress, at: datetime) -> bool:
    """Report progress and renew the lease; return whether to stop. Not an event: it has no journal entry."""
    return jobs.report_progress(session, Analysis, turn, progress, at)


def finish(session: Session, turn: WorkerTurn, outcome: Outcome, at: datetime) -> Analysis:
    """Store the outcome. An analysis that was cancelled meanwhile ends cancelled, with this as the best so far.

    Idempotent. Raises Conflict when another worker took over, RuleBroken for a result that is too large.
    """
    return _end(session, turn, JobState.DONE, at, outcome)


def stopped(session: Session, turn: WorkerTurn, at: datetime, best: Outcome | None = None) -> Analysis:
    """End a cancelled analysis, with the best outcome so far, if any."""
    return _end(session, turn, JobState.CANCELLED, at, best)


def fail(session: Session, turn: WorkerTurn, why: Sentence, at: datetime) -> Analysis:
    """End an analysis as failed; `why` states the problem and what to do."""
    return _end(session, turn, JobState.FAILED, at, None, why)


_TOLD = {
    JobState.DONE: "analysis.finish",
    JobState.FAILED: "analysis.fail",
    JobState.CANCELLED: "analysis.stop",
}


def _end(
    session: Session, turn: WorkerTurn, to: JobState, at: datetime, found: Outcome | None, why: Sentence | None = None
) -> Analysis:
    held = jobs.hold_turn(session, Analysis, turn)
    if held.ended:
        return _as_before(session, held, found)
    if found is not None:
        _refuse_size(found)
    jobs.end(session, held, to, at, why)
    if found is not None:
        session.add(
            AnalysisResult(
                analysis_id=held.id,
                complete=held.state == JobState.DONE,
                result=plain(dict(found.result)),
                packed=found.packed,
                sha256=found.sha256,
                made_at=at,
            )
        )
    record(session, System(), _TOLD[JobState(held.state)], held, attempt=held.attempt)
    return held


def _as_before(session: Session, held: Analysis, found: Outcome | None) -> Analysis:
    known = session.get(AnalysisResult, held.id)
    if found is not None and known is not None and known.sha256 != found.sha256:
        raise Conflict("This analysis already has a result. This worker's result was discarded.")
    return held


def _refuse_size(found: Outcome) -> None:
    if len(str(plain(dict(found.result)))) > RESULT_LIMIT or len(found.packed or b"") > PACKED_LIMIT:
        raise RuleBroken("result", "The result is too large to keep: ask about a smaller area or fewer cells.")
