"""Scenario player: the cast does what the steps say, through the real verbs, each in a unit of work of its own."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from operations.core import clock, memory
from operations.core.errors import MusterError
from operations.core.journal import AccessEntry, Entry
from operations.core.people import Account, Actor, System
from operations.core.storage_errors import Unavailable
from operations.core.store import Store
from operations.policing.operation import membership
from scenarios import accounts
from scenarios.script_language import MUSTER, Scenario, ScriptStep, identifier

LONGEST_PAUSE = 5.0
"""Maximum wait in seconds: the nights of a scenario are skipped."""

Heard = Callable[[int, int], object]
"""Is told how many steps are done, and of how many."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RefusedStep:
    """A step that a rule refused, as when a person at a screen was faster, with the sentence of the refusal."""

    step: ScriptStep
    sentence: str


@dataclass(frozen=True)
class Played:
    """Result of playing: steps done now, steps found done before, steps refused, and whether the end was reached."""

    done: int
    known: int
    refused: tuple[RefusedStep, ...]
    finished: bool


def load(store: Store, scenario: Scenario) -> Played:
    """Create the cast and play the plan: everything before the operation opens, at once."""
    return play(store, scenario, until=scenario.opens)


def play(
    store: Store,
    scenario: Scenario,
    until: datetime | None = None,
    speed: float | None = None,
    over: float | None = None,
    pause: Callable[[float], object] = time.sleep,
    heard: Heard = lambda _done, _of: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Played:
    """Play the steps before `until` (all of them without it) that have not been played yet.

    With `speed`, times the scenario's own (600: ten minutes in a second), counted from the first step that is still to
    be done; with `over`, at equal distances in so many seconds; without both, at once. Each step holds the clock at its
    moment. `pause` waits for so many seconds; when it answers True, as a set `threading.Event` does from `wait`,
    playing ends there and can be taken up again. So it does before the next step once `stopped` answers True.

    Raises Unavailable where the storage takes nothing: playing again goes on with the step at which it stood. A step is
    one unit of work, so it was done or it was not, and who did it at its moment stands in the journal if it was.
    """
    accounts.prepare(store, scenario)
    before = _done(store, scenario)
    waiting = [step for step in scenario.steps if until is None or step.at < until]
    known = done = 0
    refused: list[RefusedStep] = []
    actors: dict[str, Actor | System] = {}
    last: datetime | None = None
    paced = speed is not None or over is not None
    every = over / max(sum(not _known(step, before) for step in waiting), 1) if over is not None else None
    for number, step in enumerate(waiting):
        heard(number, len(waiting))
        if _known(step, before):
            known += 1
            continue
        if paced and last is not None:
            gap = every or min((step.at - last).total_seconds() / (speed or 1), LONGEST_PAUSE)
            if gap > 0 and pause(gap) is True:
                return Played(done, known, tuple(refused), finished=False)
        if stopped():
            return Played(done, known, tuple(refused), finished=False)
        last = step.at
        try:
            if paced or step.at < scenario.opens:
                actors.clear()  # invitations and assignments change permissions
            _take(store, step, actors)
            done += 1
        except Unavailable:  # no rule refused it: it is still to be done
            raise
        except MusterError as refusal:
            _log.warning("%s, %s, %s: %s", scenario.name, step.by, step.what, refusal)
            refused.append(RefusedStep(step, str(refusal)))
    heard(len(waiting), len(waiting))
    memory.give_back()
    return Played(done, known, tuple(refused), finished=True)


def _known(step: ScriptStep, before: set[tuple[object, datetime]]) -> bool:
    return (None if step.by == MUSTER else identifier("account", step.by), step.at) in before


def _take(store: Store, step: ScriptStep, actors: dict[str, Actor | System]) -> None:
    with clock.at(step.at):
        actor = actors.setdefault(step.by, actors.get(step.by) or _actor(store, step.by))
        found: tuple[object, ...] = ()
        if step.before is not None:
            with store.reading(actor) as session:
                found = (step.before(session, actor),)  # type: ignore[arg-type]
        with store.unit_of_work(actor) as session:
            step.verb(session, actor, *found)  # what Muster does, it does as itself


def _actor(store: Store, username: str) -> Actor | System:
    """Return the person as the gate of a browser would know them now, with the operations they work for."""
    if username == MUSTER:
        return System()
    with store.reading(System()) as session:
        account = session.exec(select(Account).where(Account.username == username)).one()
        actor = membership.actor(session, account)
    if actor is None:
        raise MusterError("The account {username} is closed.", username=username)
    return actor


def _done(store: Store, scenario: Scenario) -> set[tuple[object, datetime]]:
    """Return (person, moment) of all acts in the operation: a step is done when a chain holds both."""
    found: set[tuple[object, datetime]] = set()
    with store.reading(System()) as session:
        for chain in (Entry, AccessEntry):
            of_it = (col(chain.operation_id) == scenario.operation) | col(chain.operation_id).is_(
                None
            )  # a roster entry has no operation
            found |= set(session.exec(select(chain.actor_id, chain.at).where(of_it)).all())
    return found
