"""Certificates of courses: drawn up by one person, issued by another, revoked with a reason, and verifiable by code.

Verification with the code of a certificate tells whether it is valid, and nothing else: neither whose it is, nor
whether it expired, was revoked or never existed.
"""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import rows
from operations.core.clock import today
from operations.core.errors import RuleBroken
from operations.core.ids import new_id
from operations.core.people import Account, Actor
from operations.core.permissions import Act, Subject, require
from operations.training.enrolment_rows import (
    CERTIFICATE,
    ENROLMENT,
    CertificateState,
    CourseCertificate,
    Enrolment,
    EnrolmentState,
)
from operations.training.rows import Course, CourseRun

_N = EnrolmentState


class CertificateView(NamedTuple):
    """A certificate with its course, its run, and the account's name."""

    certificate: CourseCertificate
    course: Course
    run: CourseRun
    name: str


# ------------------------------------------------------------------------------------------------- questions


def certificates(session: Session, certificate_id: UUID | None = None) -> list[CertificateView]:
    """Return the certificates that the asker may see, or one of them: those to be issued first, then the newest."""
    query = (
        select(CourseCertificate, Course, CourseRun, Account.name)
        .join(CourseRun, col(CourseRun.id) == col(CourseCertificate.run_id))
        .join(Course, col(Course.id) == col(CourseRun.course_id))
        .join(Account, col(Account.id) == col(CourseCertificate.account_id))
        .order_by(col(CourseCertificate.moved_at).desc(), col(CourseCertificate.id))
    )
    if certificate_id is not None:
        query = query.where(CourseCertificate.id == certificate_id)
    found = [CertificateView(*each) for each in session.exec(query)]
    return sorted(found, key=lambda each: each.certificate.state != CertificateState.PROPOSED)


def uncertified(session: Session, run_id: UUID) -> Sequence[Enrolment]:
    """Return the enrolments of a run that passed and have no certificate, as far as the asker may see them."""
    drawn = select(CourseCertificate.enrolment_id).where(col(CourseCertificate.state) != CertificateState.DROPPED.value)
    passed = (Enrolment.run_id == run_id, Enrolment.state == _N.PASSED.value)
    found: Sequence[Enrolment] = session.exec(
        select(Enrolment).where(*passed, col(Enrolment.id).not_in(drawn)).order_by(col(Enrolment.id))
    ).all()
    return found


def valid_code(session: Session, code: str, day: date) -> bool:
    """Return whether a code is that of a certificate valid on a day. Unscoped: for Muster itself."""
    found = session.exec(select(CourseCertificate).where(CourseCertificate.code == code)).one_or_none()
    return found is not None and found.valid(day)


# ----------------------------------------------------------------------------------------------------- verbs


def draw_up(session: Session, enrolment_id: UUID, by: Actor) -> CourseCertificate:
    """Draw up the certificate of an officer who passed. Idempotent.

    Raises RuleBroken for one who was absent, failed, or was not tested.
    """
    enrolment = ENROLMENT.hold(session, enrolment_id)
    require(by, Act.CERTIFICATE_DRAW, Subject(country=enrolment.country))
    if enrolment.state in (_N.ABSENT, _N.WITHDRAWN, _N.ENROLLED):
        raise RuleBroken("", "This officer did not attend the course, so no certificate is possible.")
    if enrolment.state == _N.FAILED:
        raise RuleBroken("", "This officer failed the test after the course, so no certificate is possible.")
    if enrolment.state == _N.ATTENDED:
        raise RuleBroken("", "A certificate needs the test after the course. Enter its points first.")
    standing = select(CourseCertificate).where(
        CourseCertificate.enrolment_id == enrolment.id, col(CourseCertificate.state) != CertificateState.DROPPED.value
    )
    known = session.exec(standing).one_or_none()
    if known is not None:
        if known.state == CertificateState.REVOKED:
            raise RuleBroken("", "The certificate of this run was revoked. The officer must pass another run first.")
        return known
    said = {name: getattr(enrolment, name) for name in ("run_id", "account_id", "country")}
    said |= {"id": new_id(), "enrolment_id": enrolment.id, "code": secrets.token_urlsafe(16)}
    said |= {"proposed_by": by.account_id, "proposed_name": by.name}
    return CERTIFICATE.write(session, by, "certificate.draw", said)


def draw_up_all(session: Session, run_id: UUID, by: Actor) -> list[CourseCertificate]:
    """Draw up the certificates of all who passed in a run and have none. Raises RuleBroken where there are none."""
    require(by, Act.CERTIFICATE_DRAW)
    found = uncertified(session, run_id)
    if not found:
        raise RuleBroken("", "Nobody who passed in this run is without a certificate.")
    return [draw_up(session, each.id, by) for each in found]


def take(session: Session, certificate_id: UUID, to: CertificateState, by: Actor, words: str = "") -> CourseCertificate:
    """Issue, drop or revoke a certificate. Raises RuleBroken with every obstacle, and NotPermitted."""
    found, issued = CERTIFICATE.hold(session, certificate_id), dict[str, Any]()
    if to is CertificateState.ISSUED:
        course = rows.one(session, Course, rows.one(session, CourseRun, found.run_id).course_id)
        issued = {"issued_by": by.account_id, "issued_name": by.name, "issued_on": today()}
        issued["expires_on"] = months_later(today(), course.months)
    return CERTIFICATE.take(session, found, to, by, words, **issued)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of that month.

    >>> months_later(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    at = day.year * 12 + day.month - 1 + months
    first, after = date(at // 12, at % 12 + 1, 1), date((at + 1) // 12, (at + 1) % 12 + 1, 1)
    return date.fromordinal(min(first.toordinal() + day.day - 1, after.toordinal() - 1))
