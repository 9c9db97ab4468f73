"""Answers to connection plans: which posts to connect, computed by geodata from the plan's stored numbers."""

import logging
import time
from contextlib import suppress
from typing import Any

from geodata.placement.connection import Connection, connect
from geodata.placement.connection_model import Posts, Terms
from geodata.placement.problem import Unplaceable
from operations.analyses.job_steps import broken
from operations.core import jobs, traces
from operations.core.clock import now
from operations.core.errors import Conflict, Flaw
from operations.core.jobs import JobProgress
from operations.core.people import System
from operations.core.storage_errors import Unavailable
from operations.core.store import Store
from operations.core.vocabulary import JobState
from operations.programme import connections
from operations.programme.connection_rows import ConnectionPlan
from operations.programme.connections import ConnectionCandidate

SECONDS = 30.0
"""The time limit of a plan; without a proof by then the answer states the gap."""

TELL_EVERY = 0.5
_log = logging.getLogger("muster.analyses")


def step(store: Store, worker: str) -> bool:
    """Take one waiting plan and make it; False when nothing waits."""
    with store.reading(System()) as session:
        if not jobs.waits(session, ConnectionPlan, now()):
            return False
    with store.unit_of_work(System()) as session:
        asked = connections.claim(session, worker, now())
    if asked is None:
        return False
    try:
        with traces.span("worker job", kind="connection plan"), jobs.held(store, ConnectionPlan, asked.turn):
            _make(store, asked)
    except Conflict:
        _log.info("Another worker took over plan %s.", asked.id)
    return True


def _make(store: Store, asked: ConnectionPlan) -> None:
    try:
        with traces.span("solver", kind="connection plan"):
            found = plan_answer(asked, _hearing(store, asked))
    except Unplaceable as why:
        end: tuple[JobState, Any] = (JobState.FAILED, Flaw("", why.template, why.params))
    except Exception:  # noqa: BLE001 - the asker sees the failure, and the worker goes on with the next
        _log.exception("Plan %s failed.", asked.id)
        end = (JobState.FAILED, broken(asked.id))
    else:
        end = (JobState.DONE, found)
    store.repeated(System(), lambda session: connections.end(session, asked.turn, end[0], now(), end[1]))


def plan_answer(asked: ConnectionPlan, heard: Any = lambda *_told: True) -> dict[str, Any]:
    """Return the answer as it is stored. Raises Unplaceable where the rules leave no plan."""
    found, question = [*connections.candidates(asked).values()], asked.question
    worth = connections.worths(found, question["traffic"])
    countries = sorted({each.country for each in found})
    posts = Posts([each.cost for each in found], worth, [countries.index(each.country) for each in found])
    terms = Terms(question["budget"], question["share"] / 100, question["floor"], question["widest"])
    return _kept(connect(posts, terms, budget_seconds=SECONDS, progress=heard), found, worth)


def _kept(answer: Connection, found: list[ConnectionCandidate], worth: list[int]) -> dict[str, Any]:
    def named(plan: tuple[int, ...]) -> list[str]:
        return [found[post].post for post in sorted(plan, key=lambda post: (-worth[post], found[post].cost))]

    return {
        "status": answer.status.value,
        "worth": answer.worth,
        "bound": answer.bound,
        "greedy": answer.greedy,
        "cost": answer.cost,
        "seconds": round(answer.seconds, 3),
        "plan": named(answer.plan),
        "losses": {found[each.post].post: [each.least, each.most] for each in answer.losses},
        "alternatives": [
            {
                "plan": named(alternative.plan),
                "worth": alternative.worth,
                "bound": alternative.bound,
                "cost": sum(found[post].cost for post in alternative.plan),
            }
            for alternative in answer.alternatives
        ],
    }


def _hearing(store: Store, asked: ConnectionPlan) -> Any:
    """Return a callback that reports progress to the store; it returns False when a person asked to stop."""
    told, going = 0.0, True

    def heard(seconds: float, worth: int, bound: int, _doing: str) -> bool:
        nonlocal told, going
        if going and time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            far = JobProgress(seconds, objective=worth, bound=bound)
            with suppress(Unavailable), store.unit_of_work(System()) as session:  # the next time tells
                going = not connections.report_progress(session, asked.turn, far, now())
        return going

    return heard
