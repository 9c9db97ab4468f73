"""Jobs of training: warnings before certificates end, trainers who lapse or become inactive, and messages about gaps.

A gap is officers who were certified for a post and work elsewhere. It is reported once, and gaps are looked for once a
day.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import midnight
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.ids import fingerprint
from operations.core.people import System
from operations.core.vocabulary import MessageKind, Role
from operations.notices.messages import To, tell
from operations.posts import register
from operations.timetable.effects import DueEffect, Outcome, TimetableJob, every
from operations.training import trained_officers
from operations.training.enrolment_rows import CertificateState, CourseCertificate
from operations.training.rows import Course, CourseRun
from operations.training.trainer_rows import STANDING, TRAINER, Trainer, TrainerState

DAY = timedelta(days=1)
WARNING = 90 * DAY
"""The time before its end at which a certificate is reported as ending."""
_COORDINATION = To(roles=frozenset({Role.OPERATION_COORDINATOR}))


def _of(session: Session, words: str, course: UUID) -> Flaw:
    return Flaw("", words, {"course": session.get_one(Course, course).title})


def _country(country: str) -> To:
    return To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country=country)


def _ending(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Yield certificates that end soon, once each: three months before, or on the day of issue where that is later."""
    query = select(CourseCertificate).where(
        CourseCertificate.state == CertificateState.ISSUED.value,
        col(CourseCertificate.expires_on) >= moment.date(),
        col(CourseCertificate.expires_on) <= (moment + WARNING).date(),
    )
    for certificate in session.exec(query):
        if certificate.expires_on is None or certificate.issued_on is None:  # never, in this state
            continue
        at = max(midnight(certificate.expires_on + DAY) - WARNING, midnight(certificate.issued_on))
        yield DueEffect(f"certificate.ending:{certificate.id}", at, max(at, since), certificate)


def _warn(session: Session, due: DueEffect, moment: datetime, _made: Any) -> Outcome:
    found: CourseCertificate = due.about
    days = (found.expires_on - moment.date()).days + 1 if found.expires_on else 1
    link, key = f"/courses/certificates?show={found.id}", due.job
    to = (To.those(found.account_id), _country(found.country))
    return {
        "told": tell(
            session,
            to,
            MessageKind.CERTIFICATE_ENDING,
            link,
            days,
            key=key,
            by=System(),
            about=_of(
                session,
                N_("A certificate of {course} ends: renew it with another run of the course."),
                session.get_one(CourseRun, found.run_id).course_id,
            ),
            until=midnight(found.expires_on + DAY) if found.expires_on else None,
        )
    }


def _lapsing(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Yield trainers whose certification is over, and those who have not taught for a year."""
    query = select(Trainer).where(col(Trainer.state).in_([each.value for each in STANDING]))
    for trainer in session.exec(query):
        over, idle = trainer.ends_at, trainer.idle_from
        if over is not None and over <= moment:
            yield DueEffect(f"trainer.expired:{trainer.id}", over, max(over, since), (trainer, TrainerState.EXPIRED))
        elif idle is not None and midnight(idle) <= moment and trainer.state != TrainerState.INACTIVE:
            at = midnight(idle)
            yield DueEffect(f"trainer.inactive:{trainer.id}", at, max(at, since), (trainer, TrainerState.INACTIVE))


def _lapse(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    found, to = due.about
    people = (To.those(found.account_id), _country(found.country), _COORDINATION)
    link, key = f"/courses/trainers?show={found.id}", f"{due.job}:{due.due.isoformat()}"
    told = tell(
        session,
        people,
        MessageKind.TRAINER_LAPSED,
        link,
        key=key,
        by=System(),
        about=_of(session, N_("A trainer of {course} is not active any more."), found.course_id),
    )
    TRAINER.go(session, found, to, System())
    return {"told": told}


def _gaps(session: Session, _due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    told = 0
    for each in trained_officers.trained(session, register.posts(session)):
        if each.moved:
            gap = fingerprint([str(each.post.id), str(each.course.id), each.here, each.moved])
            to, key = (_country(each.post.country), _COORDINATION), f"training.gap:{gap}"
            told += tell(
                session,
                to,
                MessageKind.TRAINING_GAP,
                "/courses/trained",
                each.moved,
                key=key,
                by=System(),
                about=Flaw(
                    "",
                    N_("{post} has lost officers who were trained in {course}."),
                    {"post": each.post.name, "course": each.course.title},
                ),
            )
    return {"told": told}


JOBS: Sequence[TimetableJob] = (
    TimetableJob("certificates of training", _ending, _warn),
    TimetableJob("trainers", _lapsing, _lapse),
)
GAPS = TimetableJob("gaps of training", every("training.gaps", DAY), _gaps)
"""The job that looks at every post and course once a day."""
