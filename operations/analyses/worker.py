"""The worker: claims waiting analyses one after the other and answers them, in a process of its own.

A worker that dies loses nothing: its lease expires and another one claims the analysis again. `step` answers one
analysis; `work` repeats it until it is stopped.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Event
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from geodata.events.points import Note, UnfitEvents
from geodata.placement.problem import Unplaceable
from geodata.placement.solver import PlacementProgress as Solving
from geodata.ways.closures import NoAnswer
from operations.analyses import connection_answer
from operations.analyses import job_steps as analysis_work
from operations.analyses.answer import Answer
from operations.analyses.answers import answered
from operations.analyses.assignment.problem import Unassignable
from operations.analyses.assignment.solver import AssignmentProgress as Assigning
from operations.analyses.assignment_answer import WORDS as ASSIGNING
from operations.analyses.tile_backfill import catch_up
from operations.core import jobs, traces
from operations.core.clock import now
from operations.core.errors import Conflict
from operations.core.jobs import JobProgress
from operations.core.people import System
from operations.core.storage_errors import Unavailable
from operations.core.store import Store
from operations.core.stored_sentences import Sentence, sentence_json
from operations.policing import analyses
from operations.policing.analyses import Analysis

PAUSE = 0.5
"""Seconds between two polls of the queue."""

TELL_EVERY = 0.5
"""Seconds between two reports of progress."""

_log = logging.getLogger("muster.analyses")


def name_of_this_worker() -> str:
    """Return the worker's name: the machine and the process."""
    return f"{socket.gethostname()}-{os.getpid()}"


def work(store: Store, stop: Event) -> None:
    """Answer analyses until `stop` is set; when idle, backfill map marks."""
    me, older = name_of_this_worker(), catch_up(store)
    while not stop.is_set():
        if not step(store, me) and not connection_answer.step(store, me) and next(older, None) is None:
            stop.wait(PAUSE)


def step(store: Store, worker: str) -> bool:
    """Take one waiting analysis and answer it; False when nothing waits."""
    with store.reading(System()) as session:
        if not jobs.waits(session, Analysis, now()):
            return False
    with store.unit_of_work(System()) as session:
        asked = analysis_work.claim(session, worker, now())
    if asked is None:
        return False
    try:
        with traces.span("worker job", kind=asked.kind), jobs.held(store, Analysis, asked.turn):
            _answer(store, asked)
    except Conflict:
        _log.info("Another worker took over analysis %s.", asked.id)
    return True


def _answer(store: Store, asked: Analysis) -> None:
    try:
        found, whole = _found(store, asked)
    except (UnfitEvents, Unplaceable, Unassignable, NoAnswer) as why:
        sentence = why.note if isinstance(why, UnfitEvents) else Note(why.template, _plain(why.params))
        _fail(store, asked, sentence)
    except ValidationError:
        _fail(store, asked, Note("This question was asked of another version of Muster. Ask it again."))
    except Exception:  # noqa: BLE001 - the asker sees the failure, and the worker goes on with the next
        _log.exception("Analysis %s failed.", asked.id)
        _fail(store, asked, analysis_work.broken(asked.id))
    else:
        outcome = found.outcome()

        def keep(session: Session) -> None:
            if whole:
                analysis_work.finish(session, asked.turn, outcome, now())
            else:
                analysis_work.stopped(session, asked.turn, now(), outcome)

        store.repeated(System(), keep)


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as they are stored, sentences in tuples included."""
    return {
        name: [sentence_json(one) for one in each] if isinstance(each, tuple) else each for name, each in params.items()
    }


def _fail(store: Store, asked: Analysis, why: Sentence) -> None:
    with store.unit_of_work(System()) as session:
        analysis_work.fail(session, asked.turn, why, now())


def _found(store: Store, asked: Analysis) -> tuple[Answer, bool]:
    """Return the answer, and whether it is complete; the best so far where a person asked to stop."""
    with traces.span("solver", kind=asked.kind):
        return answered(asked.kind, asked.question, _Work(store, asked))


class _Work:
    """The job passed to an answer: see `operations.analyses.question.AnswerJob`."""

    def __init__(self, store: Store, asked: Analysis) -> None:
        self.store, self.asked, self.hear = store, asked, _hearing(store, asked)

    def before(self) -> list[Any]:
        """Return the plan of the answer that this one continues."""
        return _before(self.store, self.asked)


def _before(store: Store, asked: Analysis) -> list[Any]:
    """Return the plan of the answer that this one continues."""
    if asked.resumed_from is None:
        return []
    with store.reading(System()) as session:
        earlier = analyses.result(session, asked.resumed_from)
    return [] if earlier is None else list(earlier.result["figures"].get("plan", []))


def _hearing(store: Store, asked: Analysis) -> Callable[[Solving | Assigning], bool]:
    """Return a callback that reports progress to the store; it returns False when a person asked to stop."""
    told, going = 0.0, True

    def hear(state: Solving | Assigning) -> bool:
        nonlocal told, going
        if going and time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            with suppress(Unavailable), store.unit_of_work(System()) as session:  # the next time tells
                going = not analysis_work.report_progress(session, asked.turn, _progress(state), now())
        return going

    return hear


def _progress(state: Solving | Assigning) -> JobProgress:
    if isinstance(state, Assigning):
        words = ASSIGNING[state.stage]
        return JobProgress(state.seconds, objective=state.value, bound=state.bound, gap=state.gap, words=words)
    bound = max(state.bound, 0.0)
    return JobProgress(
        state.seconds, objective=state.unseen, bound=bound, gap=state.gap, words=Note(WORDS[state.stage])
    )


WORDS = {
    "rules of thumb": "Trying rules of thumb",
    "one by one": "Looking at every journey by itself",
    "bound": "Finding what no plan can beat",
    "exchanges": "Exchanging sites",
    "proof": "Proving that no plan is better",
}
"""The stages of placement solvers, as shown on the screen."""
