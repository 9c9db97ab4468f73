"""Maintenance jobs: verification of chains and totals, a copy of the journal's head outside the database, backups.

All of them take long and block nobody's work: they run beside the short jobs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlmodel import Session, select

from operations.core import backups, file_permissions, history, journal
from operations.core.errors import Flaw, MusterError
from operations.core.field_labels import N_
from operations.core.journal import Chain, Entry
from operations.core.page_changes import PageChanges
from operations.core.people import System
from operations.core.store import Store
from operations.core.vocabulary import MessageKind, Role
from operations.notices.messages import To, tell
from operations.policing.operation.plan import Operation
from operations.policing.reports import verification
from operations.timetable import heartbeats
from operations.timetable.effects import DueEffect, Outcome, TimetableJob, every
from operations.timetable.heartbeats import Watched

DAY = timedelta(days=1)
HEADS = "heads.txt"
_GUARDIANS = To(roles=frozenset({Role.LEADERSHIP, Role.AUDITOR, Role.ADMINISTRATOR}))


class IntegrityCheck(NamedTuple):
    """The result of an integrity check: head of the journal, first break of each broken chain, and other
    differences.
    """

    head: str
    broken: dict[str, int]
    differing: int

    @property
    def sound(self) -> bool:
        """Whether no chain is broken and nothing differs."""
        return not self.broken and not self.differing


def verify_all(store: Store, noted: tuple[int, str] | None) -> IntegrityCheck:
    """Verify both chains, with the head of the journal noted earlier; recompute every total; and compare rows that
    change in place with their history.
    """
    broken: dict[str, int] = {}
    head, differing = "", 0
    with store.reading(System()) as session:
        for chain in Chain:
            verdict = journal.verify(session, chain, noted if chain is Chain.JOURNAL else None)
            if verdict.broken_at is not None:
                broken[chain.value] = verdict.broken_at
            if chain is Chain.JOURNAL:
                head = f"{verdict.entries}:{verdict.head}"
        for operation in session.exec(select(Operation.id)).all():
            differing += len(verification.differences(session, operation)) + len(
                history.differences(session, operation)
            )
        differing += len(history.differences(session))
    return IntegrityCheck(head, broken, differing)


def _judge(session: Session, due: DueEffect, moment: datetime, made: IntegrityCheck) -> Outcome:
    """Record that the journal is sound; otherwise alert its guardians."""
    if made.sound:
        heartbeats.succeeded(session, Watched.CHAIN, moment, DAY, made.head)
    else:
        heartbeats.failed(session, Watched.CHAIN, moment, DAY, made.head)
        _alarm(session, due, len(made.broken) + made.differing)
    journal.record(
        session,
        System(),
        "journal.verify",
        "journal",
        outcome="done" if made.sound else "broken",
        broken=made.broken,
        totals=made.differing,
    )
    return {"sound": made.sound, "head": made.head, "broken": made.broken, "totals": made.differing}


@dataclass(frozen=True)
class Copies:
    """The backups of the database: folder, period, keys that open them, and how many are kept.

    `changes`: what notes the changes between two of them, on SQLite.
    """

    folder: Path
    period: timedelta = timedelta(minutes=15)
    keys: tuple[tuple[str, ...], ...] = ()
    days: int = backups.DAYS
    weeks: int = backups.WEEKS
    changes: PageChanges | None = None

    def jobs(self) -> Sequence[TimetableJob]:
        """Return the jobs: backups, a nightly proof that one can be restored, and the checks of the journal."""
        return (
            TimetableJob("backup", every("backup", self.period), self._note, self._copy, self._failed),
            TimetableJob(
                "backup.prove", every("backup.prove", DAY, timedelta(hours=3)), _proved, self._prove, self._failed
            ),
            TimetableJob("journal.head", every("journal.head", timedelta(hours=1)), self._note_head),
            TimetableJob("journal.verify", every("journal.verify", DAY, timedelta(hours=2)), _judge, self._verify),
        )

    def note(self, session: Session, moment: datetime) -> int:
        """Append the journal's head to the file beside the backups, unless it has one of this moment; return its
        number.

        It detects an older copy put in the place of the database, unless the file is replaced as well.
        """
        head = session.exec(select(journal.Head).where(journal.Head.chain == Chain.JOURNAL.value)).one()
        file_permissions.folder(self.folder)
        when = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        if not any(line.startswith(when) for line in self._lines()):
            with file_permissions.file(self.folder / HEADS).open("a", encoding="ascii") as lines:
                lines.write(f"{when} {head.seq}:{head.hash}\n")
        return head.seq

    def noted(self) -> tuple[int, str] | None:
        """Return the head that was noted last."""
        number, colon, digest = (self._lines() or [""])[-1].partition(" ")[2].partition(":")
        return (int(number), digest) if colon and number.isdigit() and len(digest) == 64 else None

    def _lines(self) -> list[str]:
        file = self.folder / HEADS
        return file.read_text(encoding="ascii").splitlines() if file.exists() else []

    def _verify(self, store: Store, _due: DueEffect, _moment: datetime) -> IntegrityCheck:
        return verify_all(store, self.noted())

    def note_changes(self, store: Store) -> None:
        """Write down what changed since the last copy or look, where changes are noted here."""
        if self.changes is not None:
            backups.note_changes(store, self.folder, self.changes)

    def look(self, store: Store) -> None:
        """Read what was committed in the log of the database, where changes are noted here, before it begins again."""
        if self.changes is not None and self.changes.begun:
            self.changes.look(backups.database_file(store))

    def _copy(self, store: Store, _due: DueEffect, _moment: datetime) -> str:
        made = backups.copy(store, self.folder, None, self.keys, self.changes)
        backups.thin_out(self.folder, self.days, self.weeks, self.changes.folder if self.changes is not None else None)
        return made.name

    def _note(self, session: Session, _due: DueEffect, moment: datetime, made: str) -> Outcome:
        heartbeats.succeeded(session, Watched.BACKUP, moment, self.period, made)
        return {"file": made}

    def _failed(self, session: Session, due: DueEffect, moment: datetime, error: Exception) -> None:
        why = str(error) if isinstance(error, MusterError) else type(error).__name__
        number = heartbeats.failed(session, Watched.BACKUP, moment, self.period, why)
        key = f"{due.job}:failed:{due.due.isoformat()}"
        about = Flaw("", N_("The backup of {day} failed."), {"day": due.due.date()})
        tell(session, _GUARDIANS, MessageKind.BACKUP_FAILED, "/today", number, key=key, by=System(), about=about)

    def _prove(self, store: Store, _due: DueEffect, _moment: datetime) -> int:
        if store.url.get_backend_name() != "sqlite":
            return 0
        return len(backups.prove(store, backups.database_file(store).parent if self.keys else self.folder))

    def _note_head(self, session: Session, due: DueEffect, moment: datetime, _made: Any) -> Outcome:
        """Note the head where the journal contains the one noted before; otherwise keep that one and alert."""
        before = self.noted()
        if before is not None and session.exec(select(Entry.hash).where(Entry.seq == before[0])).first() != before[1]:
            heartbeats.failed(session, Watched.CHAIN, moment, DAY, f"{before[0]}:{before[1]}")
            _alarm(session, due, 1)
            return {"sound": False}
        return {"sound": True, "head": self.note(session, due.due)}


def _alarm(session: Session, due: DueEffect, number: int) -> None:
    """Alert the guardians of the journal."""
    key = f"chain:{due.job}:{due.due.isoformat()}"
    about = Flaw("", N_("The journal was not whole when it was checked on {day}."), {"day": due.due.date()})
    tell(session, _GUARDIANS, MessageKind.CHAIN_BROKEN, "/today", number, key=key, by=System(), about=about)


def _proved(_session: Session, _due: DueEffect, _moment: datetime, made: int) -> Outcome:
    return {"tables": made}
