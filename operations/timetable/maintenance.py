"""What keeps Muster trustworthy: chains and totals are verified, the head is noted elsewhere, the database is copied.

All of it takes long and touches nothing that people work with: it is done beside the short jobs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlmodel import Session, select

from operations.core import backups, file_permissions, history, journal
from operations.core.errors import MusterError
from operations.core.journal import Chain, Entry
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
    """What a walk along both chains found: the head of the journal, where a chain broke, how much else differs."""

    head: str
    broken: dict[str, int]
    differing: int

    @property
    def sound(self) -> bool:
        """Whether all is as it was written."""
        return not self.broken and not self.differing


def verify_all(store: Store, noted: tuple[int, str] | None) -> IntegrityCheck:
    """Walk both chains, looking for a head of the journal that was noted earlier, recompute every total, and compare
    what changes in place with what was remembered of it.
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
    """Note that the journal is sound; of any other, tell whoever guards it."""
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
    """Where copies of the database go, and how often they are made."""

    folder: Path
    period: timedelta = timedelta(minutes=15)

    def jobs(self) -> Sequence[TimetableJob]:
        """The copies, each night the proof that one can be put back, and the watch over the journal."""
        return (
            TimetableJob("backup", every("backup", self.period), self._note, self._copy, self._failed),
            TimetableJob(
                "backup.prove", every("backup.prove", DAY, timedelta(hours=3)), _proved, self._prove, self._failed
            ),
            TimetableJob("journal.head", every("journal.head", timedelta(hours=1)), self._note_head),
            TimetableJob("journal.verify", every("journal.verify", DAY, timedelta(hours=2)), _judge, self._verify),
        )

    def note(self, session: Session, moment: datetime) -> int:
        """Add the journal's head to the file beside the copies, unless it has one of this moment; returns its number.

        An older copy put in the place of the database is found by it, as long as the file is not put back as well.
        """
        head = session.exec(select(journal.Head).where(journal.Head.chain == Chain.JOURNAL.value)).one()
        file_permissions.folder(self.folder)
        when = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        if not any(line.startswith(when) for line in self._lines()):
            with file_permissions.file(self.folder / HEADS).open("a", encoding="ascii") as lines:
                lines.write(f"{when} {head.seq}:{head.hash}\n")
        return head.seq

    def noted(self) -> tuple[int, str] | None:
        """The head that was noted last."""
        number, colon, digest = (self._lines() or [""])[-1].partition(" ")[2].partition(":")
        return (int(number), digest) if colon and number.isdigit() and len(digest) == 64 else None

    def _lines(self) -> list[str]:
        file = self.folder / HEADS
        return file.read_text(encoding="ascii").splitlines() if file.exists() else []

    def _verify(self, store: Store, _due: DueEffect, _moment: datetime) -> IntegrityCheck:
        return verify_all(store, self.noted())

    def _copy(self, store: Store, due: DueEffect, _moment: datetime) -> str:
        made = backups.copy(store, self.folder, due.due)
        backups.thin_out(self.folder)
        return made.name

    def _note(self, session: Session, _due: DueEffect, moment: datetime, made: str) -> Outcome:
        heartbeats.succeeded(session, Watched.BACKUP, moment, self.period, made)
        return {"file": made}

    def _failed(self, session: Session, due: DueEffect, moment: datetime, error: Exception) -> None:
        why = str(error) if isinstance(error, MusterError) else type(error).__name__
        number = heartbeats.failed(session, Watched.BACKUP, moment, self.period, why)
        key = f"{due.job}:failed:{due.due.isoformat()}"
        tell(session, _GUARDIANS, MessageKind.BACKUP_FAILED, "/inbox", number, key=key, by=System())

    def _prove(self, store: Store, _due: DueEffect, _moment: datetime) -> int:
        if store.url.get_backend_name() != "sqlite":
            return 0
        return len(backups.prove(store, self.folder))

    def _note_head(self, session: Session, due: DueEffect, moment: datetime, _made: Any) -> Outcome:
        """Note the head where the journal goes on from the one noted before; otherwise keep that one and tell."""
        before = self.noted()
        if before is not None and session.exec(select(Entry.hash).where(Entry.seq == before[0])).first() != before[1]:
            heartbeats.failed(session, Watched.CHAIN, moment, DAY, f"{before[0]}:{before[1]}")
            _alarm(session, due, 1)
            return {"sound": False}
        return {"sound": True, "head": self.note(session, due.due)}


def _alarm(session: Session, due: DueEffect, number: int) -> None:
    """Tell whoever guards the journal."""
    key = f"chain:{due.job}:{due.due.isoformat()}"
    tell(session, _GUARDIANS, MessageKind.CHAIN_BROKEN, "/inbox", number, key=key, by=System())


def _proved(_session: Session, _due: DueEffect, _moment: datetime, made: int) -> Outcome:
    return {"tables": made}
