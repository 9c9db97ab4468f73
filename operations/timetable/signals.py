"""Signals of an installation: its heartbeats, queues and ages, as the database knows them, and which of it is bad.

One table for `/metrics`, the page *Installation* and the alerts to administrators, who are told of what became bad, and
again each day until it is well.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.journal import Head
from operations.core.people import Actor, System
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.core.vocabulary import JobState, MessageKind, MessageWay, Role
from operations.notices.messages import Delivery, Message, To, tell
from operations.policing.analyses import Analysis
from operations.programme.connection_rows import ConnectionPlan
from operations.timetable import heartbeats
from operations.timetable.effects import DueEffect, Effect, Outcome, TimetableJob, every
from operations.timetable.heartbeats import Watched
from operations.timetable.lease import Lease

EVERY = timedelta(minutes=5)
AGAIN = timedelta(days=1)
"""How long an administrator is left alone with what is bad still."""
MAIL_PATIENCE, QUESTION_PATIENCE = timedelta(minutes=30), timedelta(minutes=15)
PERIODS = {
    "backup.prove": timedelta(days=1),
    "journal.head": timedelta(hours=1),
    "release": timedelta(hours=1),
    "access.look": timedelta(hours=1),
    "installation.check": timedelta(minutes=15),
    "journal.signed_head": timedelta(days=1),
}
"""Jobs without a heartbeat of their own, and how often each is due; late after two of these periods."""
CHECK = "installation.check"
_NAME = "signals.look"
_NO_ADDRESS = "no address"  # of whoever took it out meanwhile, or whose account is closed: nothing is broken


@dataclass(frozen=True)
class Signal:
    """A signal: its name, its metric with one label or none, and what the metric means.

    `alert` is the sentence that administrators are told where it is bad; "" where nobody is.
    """

    name: str
    metric: str
    help: str
    label: str = ""
    alert: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the metric's labels."""
        return (self.label,) if self.label else ()


SILENT = Signal(
    "silent",
    "muster_heartbeat_age_seconds",
    "Seconds since a process or a lasting job last succeeded.",
    "process",
    N_("A part of Muster gives no sign of life any more."),
)
FAILURES = Signal("failures", "muster_heartbeat_failures", "Failures in a row.", "process")
LATE = Signal(
    "late",
    "muster_job_age_seconds",
    "Seconds since a job of the timetable was last done.",
    "task",
    N_("A job of the timetable was not done in time."),
)
MAIL_AGE = Signal(
    "mail_waits",
    "muster_mail_age_seconds",
    "Seconds for which the oldest mail that is due waits.",
    alert=N_("Mail does not leave."),
)
MAIL = Signal("mail", "muster_mail_waiting", "Mails that are due and have not left.")
MAIL_REFUSED = Signal(
    "mail_refused", "muster_mail_refused", "Mails of the last day that were given up.", alert=N_("Mail was given up.")
)
QUESTION_AGE = Signal(
    "questions_wait",
    "muster_question_age_seconds",
    "Seconds for which the oldest question waits for a worker.",
    alert=N_("Nobody answers questions."),
)
QUESTIONS = Signal("questions", "muster_questions_waiting", "Questions without a worker.")
JOURNAL = Signal("journal", "muster_journal_entries", "Entries of a chain of the journal.", "chain")
SIZE = Signal("size", "muster_database_bytes", "Size of the database.")
LEADER = Signal("leader", "muster_timetable_leaders", "Leaders of the timetable so far.")
WRONG = Signal(
    "check",
    "muster_check",
    "What `muster check` found: 0 fine, 1 a warning, 2 wrong.",
    "subject",
    N_("Something is wrong with the installation."),
)
SIGNALS = (
    *(SILENT, FAILURES, LATE),
    *(MAIL_AGE, MAIL, MAIL_REFUSED),
    *(QUESTION_AGE, QUESTIONS),
    *(JOURNAL, SIZE, LEADER, WRONG),
)
OTHER_ALERTS = {"chain_broken": MessageKind.CHAIN_BROKEN, "backup_failed": MessageKind.BACKUP_FAILED}
"""Alerts that the jobs concerned send themselves."""
ALERTS = frozenset({MessageKind.INSTALLATION, *OTHER_ALERTS.values()})


class Reading(NamedTuple):
    """The value of a signal now, `of` which process, job, chain or subject, and whether somebody has to look."""

    signal: Signal
    value: float
    of: str = ""
    bad: bool = False

    @property
    def key(self) -> str:
        """The name of the signal, with what it is of."""
        return f"{self.signal.name}:{self.of}" if self.of else self.signal.name


def readings(session: Session, moment: datetime) -> list[Reading]:
    """Return the value of every signal, in the order of the table."""
    found = [*_lives(session, moment), *_jobs(session, moment), *_mail(session, moment), *_questions(session, moment)]
    found += [Reading(JOURNAL, float(head.seq), head.chain) for head in session.exec(select(Head))]
    found.append(
        Reading(SIZE, float(session.connection().execute(_SIZES[session.get_bind().dialect.name]).scalar_one()))
    )
    found.append(Reading(LEADER, float(session.exec(select(func.coalesce(func.max(Lease.fence), 0))).one())))
    found += [Reading(WRONG, float(value), subject, value > 1) for subject, value in sorted(_checks(session).items())]
    return sorted(found, key=lambda reading: (SIGNALS.index(reading.signal), reading.of))


def seen(store: Store, by: Actor, moment: datetime) -> list[Reading]:
    """Return what an administrator sees: all but the length of the journal, which moves with entries of others."""
    require(by, Act.INSTALLATION_READ)
    with store.reading(System()) as session:
        return [reading for reading in readings(session, moment) if reading.signal is not JOURNAL]


_SIZES = {
    "sqlite": sa.text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"),
    "postgresql": sa.text("SELECT pg_database_size(current_database())"),
}


def _lives(session: Session, moment: datetime) -> Iterator[Reading]:
    for health in heartbeats.health(session, moment):
        if health.succeeded_at is not None:
            yield Reading(SILENT, _age(moment, health.succeeded_at), health.watched.value, health.red)
        never = health.succeeded_at is None
        yield Reading(FAILURES, float(health.failures), health.watched.value, never or health.failures > 0)


def _jobs(session: Session, moment: datetime) -> Iterator[Reading]:
    for name, period in PERIODS.items():
        done = session.exec(select(Effect.done_at).where(Effect.job == name).order_by(col(Effect.due).desc())).first()
        if done is not None:
            yield Reading(LATE, _age(moment, done), name, abs(moment - done) > 2 * period)


def _mail(session: Session, moment: datetime) -> Iterator[Reading]:
    by_mail = col(Delivery.way) == MessageWay.MAIL.value
    waits = by_mail & col(Delivery.sent_at).is_(None) & col(Delivery.given_up_at).is_(None)
    number, oldest = session.exec(
        select(func.count(), func.min(Delivery.made_at)).where(waits, Delivery.due_at <= moment)
    ).one()
    refused = by_mail & (col(Delivery.given_up_at) > moment - AGAIN) & (col(Delivery.failure) != _NO_ADDRESS)
    given_up = session.exec(select(func.count()).select_from(Delivery).where(refused)).one()
    age = _age(moment, oldest)
    yield Reading(MAIL_AGE, age, bad=age > MAIL_PATIENCE.total_seconds())
    yield Reading(MAIL, float(number))
    yield Reading(MAIL_REFUSED, float(given_up), bad=given_up > 0)


def _questions(session: Session, moment: datetime) -> Iterator[Reading]:
    asked = [
        asked_at
        for kind in (Analysis, ConnectionPlan)
        for asked_at in session.exec(select(kind.asked_at).where(kind.state == JobState.QUEUED.value))
    ]
    age = _age(moment, min(asked, default=None))
    yield Reading(QUESTION_AGE, age, bad=age > QUESTION_PATIENCE.total_seconds())
    yield Reading(QUESTIONS, float(len(asked)))


def _checks(session: Session) -> Mapping[str, int]:
    """Return what the last check of the installation found, by subject."""
    query = select(Effect.outcome).where(Effect.job == CHECK).order_by(col(Effect.due).desc())
    found: Mapping[str, int] = (session.exec(query).first() or {}).get("found", {})
    return found


def _age(moment: datetime, since: datetime | None) -> float:
    return 0.0 if since is None else max((moment - since).total_seconds(), 0.0)


# ------------------------------------------------------------------------------------------------------- alerts


def _look(session: Session, due: DueEffect, moment: datetime, _made: Any) -> Outcome:
    """Tell administrators what became bad since the last look, and each day what is bad still."""
    query = select(Effect.outcome).where(Effect.job == _NAME).order_by(col(Effect.due).desc())
    before: Mapping[str, str] = (session.exec(query).first() or {}).get("bad", {})
    own = Reading(SILENT, 0, Watched.TIMETABLE.value).key  # it looks, so it lives
    bad = [
        reading for reading in readings(session, moment) if reading.bad and reading.signal.alert and reading.key != own
    ]
    since = {reading.key: before.get(reading.key, moment.isoformat()) for reading in bad}
    told = sum(_tell(session, reading, since[reading.key], moment) for reading in bad)
    return {"bad": since, "told": told}


def _tell(session: Session, reading: Reading, since: str, moment: datetime) -> int:
    days = (moment - datetime.fromisoformat(since)) // AGAIN
    return tell(
        session,
        To(roles=frozenset({Role.ADMINISTRATOR})),
        MessageKind.INSTALLATION,
        "/installation",
        key=f"signal:{reading.key}:{since}:{days}",
        by=System(),
        about=Flaw("", reading.signal.alert),
    )


JOBS: Sequence[TimetableJob] = (TimetableJob(_NAME, every(_NAME, EVERY), _look),)


class AlertNotice(NamedTuple):
    """What a webhook is told: the identifier of the message, the same at every attempt, its kind and name, and when."""

    id: str
    kind: str
    alert: str
    at: datetime


def notices(post: Callable[[AlertNotice], None]) -> TimetableJob:
    """Return the job that hands each alert to `post`, until that took it; who receives it twice knows it by its id.

    The outbox is the messages themselves: what was handed over has an effect of the timetable.
    """

    def dues(session: Session, since: datetime, moment: datetime) -> Iterator[DueEffect]:
        query = select(Message).where(
            col(Message.kind).in_(sorted(ALERTS)), Message.made_at >= since, Message.made_at <= moment
        )
        for message in session.exec(query):
            notice = AlertNotice(str(message.id), message.kind, alert_of(message), message.made_at)
            yield DueEffect(f"alert.post:{message.id}", message.made_at, message.made_at, notice)

    def work(_store: object, due: DueEffect, _moment: datetime) -> None:
        post(due.about)

    return TimetableJob("alert.post", dues, lambda *_given: {}, work)


def alert_of(message: Message) -> str:
    """Return the name of the alert that a message is about."""
    if message.kind != MessageKind.INSTALLATION:
        return message.kind
    return message.key.split(":")[1]
