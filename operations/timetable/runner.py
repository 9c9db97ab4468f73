"""The runner: executes due jobs tick by tick, only while this process leads, each effect exactly once even after a
crash.

A tick asks every job for its dues until now, skips effects already done, and runs the rest in the order of their time.
After a stop, missed effects are done late and marked as late; those older than HORIZON are skipped.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from operations.core import clock, memory, traces
from operations.core.errors import MusterError
from operations.core.people import System
from operations.core.store import Store
from operations.timetable import effects, heartbeats, lease
from operations.timetable.effects import DueEffect, Effect, TimetableJob
from operations.timetable.heartbeats import Watched
from operations.timetable.lease import LeaseCandidate, Superseded

HORIZON = timedelta(days=14)
TRY_AGAIN = 60.0
"""Seconds before a failed effect is retried."""

PERIOD = timedelta(minutes=1)
"""The period of the timetable's own heartbeat."""

POINTS = ("leading", "due", "worked", "effected", "recorded", "done")
"""Points of a tick that `watch` is called at, where a test can kill the process."""

_log = logging.getLogger("muster.timetable")


class Timetable:
    """The timetable of one process. `watch` is called at each of POINTS; `monotonic` is the process's own clock."""

    def __init__(
        self,
        store: Store,
        candidate: LeaseCandidate,
        watch: Callable[[str], None] = lambda _point: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store, self.candidate = store, candidate
        self._watch, self._monotonic = watch, monotonic
        self._known: set[tuple[str, datetime]] = set()
        self._known_for: int | None = None
        self._wait_until: dict[tuple[str, datetime], float] = {}

    def beat(self) -> int | None:
        """Keep or take the lead. Return the fence, or None while another process leads."""
        with self.store.unit_of_work(System()) as session:
            before, fence = self.candidate.fence, self.candidate.keep(session, clock.now())
        if fence is not None and fence != before:
            _log.info("This process leads the timetable now, as number %s.", fence)
        return fence

    def tick(self, jobs: Sequence[TimetableJob]) -> int:
        """Run the due effects of `jobs`; return their number. Does nothing where another process leads."""
        fence = self.candidate.fence
        if fence is None:
            return 0
        self._watch("leading")
        done = 0
        try:
            for job, due in self._outstanding(jobs, fence):
                self._watch("due")
                with traces.span("timetable job", job=job.name):
                    done += self._do(job, due, fence)
        except Superseded:
            _log.warning("Another process leads the timetable: this one, number %s, stands back.", fence)
            self.candidate.fence = None
        if done:
            memory.give_back()
        return done

    def live(self) -> None:
        """Record the timetable's heartbeat, as leader."""
        fence = self.candidate.fence
        if fence is not None:
            with self.store.unit_of_work(System()) as session:
                lease.hold(session, fence)
                heartbeats.succeeded(session, Watched.TIMETABLE, clock.now(), PERIOD)

    def leave(self) -> None:
        """Release the lease for another process."""
        if self.candidate.fence is not None:
            with self.store.unit_of_work(System()) as session:
                self.candidate.release(session)

    # -------------------------------------------------------------------------------------------------- internal

    def _outstanding(self, jobs: Iterable[TimetableJob], fence: int) -> list[tuple[TimetableJob, DueEffect]]:
        moment = clock.now()
        with self.store.reading(System()) as session:
            first = lease.first_ran(session) or moment
            since = max(first, moment - HORIZON)
            if self._known_for != fence:
                self._known, self._known_for = effects.known(session, since - HORIZON), fence
            found = [(job, due) for job in jobs for due in job.dues(session, since, moment)]
        waiting = [
            (job, due)
            for job, due in found
            if (due.job, due.due) not in self._known
            and self._wait_until.get((due.job, due.due), 0) <= self._monotonic()
        ]
        return sorted(waiting, key=lambda each: (each[1].at, each[1].job))

    def _do(self, job: TimetableJob, due: DueEffect, fence: int) -> bool:
        """Run one effect, unless it is done. A failure is logged, reported by the job's `failed`, and retried later."""
        try:
            made = job.work(self.store, due, clock.now()) if job.work else None
            self._watch("worked")
            with self.store.unit_of_work(System()) as session:
                lease.hold(session, fence)
                fresh = session.get(Effect, (due.job, due.due)) is None
                if fresh:
                    moment = clock.now()
                    outcome = {**job.effect(session, due, moment, made), **_late(due, moment)}
                    self._watch("effected")
                    session.add(Effect(job=due.job, due=due.due, fence=fence, done_at=moment, outcome=outcome))
                    session.flush()
                    self._watch("recorded")
            self._watch("done")
        except Superseded:
            raise
        except Exception as error:  # noqa: BLE001 - one job that fails must not hold up the others
            self._fail(job, due, fence, error)
            return False
        self._known.add((due.job, due.due))
        if fresh and (late := due.late(clock.now())):
            _log.warning("%s, due %s, was done %s min late.", due.job, f"{due.at:%Y-%m-%d %H:%M} UTC", late)
        return fresh

    def _fail(self, job: TimetableJob, due: DueEffect, fence: int, error: Exception) -> None:
        self._wait_until[due.job, due.due] = self._monotonic() + TRY_AGAIN
        traces.failed(error)
        if isinstance(error, MusterError):
            _log.error("%s, due %s: %s", due.job, due.due, error)
        else:
            _log.error("%s, due %s, failed.", due.job, due.due, exc_info=error)
        if job.failed is not None:
            with self.store.unit_of_work(System()) as session:
                lease.hold(session, fence)
                job.failed(session, due, clock.now(), error)


def _late(due: DueEffect, moment: datetime) -> dict[str, int]:
    late = due.late(moment)
    return {"late": late} if late else {}
