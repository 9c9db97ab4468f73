"""The base of the play: who acts, what is read, the clock and the timetable."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from operations.analyses import job_steps
from operations.core import clock
from operations.core.people import System
from operations.core.vocabulary import OperationState
from operations.policing.reports import reports
from operations.timetable import jobs
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.makers import START, Running, Shape

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POINT = Shape({"type": "Point", "coordinates": [2.1, 13.5]})
S = OperationState
NOTHING: dict[str, Any] = {"figures": {}, "tables": [], "features": [], "notes": [], "sources": []}
ANSWER = job_steps.Outcome(NOTHING | {"sentences": [{"template": "One site suffices.", "params": {}}], "sites": ["N1"]})


class PlayBase:
    """The scene and its clock, and what the chapters hand on to each other."""

    mali: Any
    """The report of Mali with nothing in it, which waits for its verification."""

    def __init__(self, scene: Running, folder: Path) -> None:
        self.scene, self.folder, self.at = scene, folder, START
        self.keeper = Timetable(scene.store, LeaseCandidate("play"))

    def does(self, name: str, verb: Callable[..., Any], *given: Any, at: datetime | None = None, **named: Any) -> Any:
        """One of the cast, or Muster itself, calls a verb in a unit of work of its own."""
        self.at = at or self.at
        by = System() if name == "system" else self.scene[name]
        with clock.at(self.at), self.scene.store.unit_of_work(by) as session:
            return verb(session, *given, by, **named)

    def asks(self, name: str, question: Callable[[Session], Any]) -> Any:
        """What one of the cast reads."""
        with self.scene.store.reading(self.scene[name]) as session:
            return question(session)

    def ticks(self, at: datetime) -> None:
        """The timetable does what is due."""
        self.at = at
        with clock.at(at):
            self.keeper.beat()
            self.keeper.tick(jobs.SHORT)

    def _step(self, lived: Any, model: Any, ident: Any, state: str) -> Any:
        """The step of a life from where a row is; None where something happens again."""
        return lived.step(self.asks("ana", lambda session: session.get_one(model, ident).state), state)


def sent_line(play: PlayBase, sent: Any) -> Any:
    """The id of the only line of a report."""
    with play.scene.store.reading(System()) as session:
        [line] = reports.lines_of(session, sent.id)
    return line.id
