"""The road of a fugitive case (domain 1.6.8): one table says which state follows which, and who may move it.

Guards explain themselves: `obstacles` lists every reason at once, `offers` what a person may do from here and why not
yet. Some moves follow from what somebody does elsewhere (a lead goes out, a location is confirmed): `elsewhere` says
what that is.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from operations.core.clock import now, official_day
from operations.core.drafts import reason as checked_reason
from operations.core.errors import Flaw, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import Art3Screen, FugitiveState, LegalCheck, LocationState, NoticeStatus
from operations.policing.fugitives.cases import ENDS, FugitiveCase, FugitiveStep, hold, record, subject
from operations.policing.fugitives.found import FugitiveLocation
from operations.policing.leads import leads
from operations.policing.operation import plan

S = FugitiveState
_SOUGHT = (S.TARGET, S.UNDER_REVIEW, S.LEAD_OUT, S.LOCATED, S.ARRESTED)
_HERE = (LocationState.CONFIRMED.value, LocationState.ARREST_REPORTED.value, LocationState.ARREST_CONFIRMED.value)


class Mover(StrEnum):
    """Who makes a move."""

    COORDINATOR = "coordinator"
    ANALYST = "analyst"
    REQUESTING = "requesting"
    PLACE = "place"


_ACTS = {
    Mover.COORDINATOR: Act.FUGITIVE_ACCEPT,
    Mover.ANALYST: Act.FUGITIVE_TRACE,
    Mover.REQUESTING: Act.FUGITIVE_CONFIRM,
    Mover.PLACE: Act.FUGITIVE_FIND,
}
_WRONG = {
    Mover.COORDINATOR: "The coordinator of the operation makes this move: ask for it.",
    Mover.ANALYST: "An analyst of the coordination unit makes this move: ask for it.",
    Mover.REQUESTING: "Only the requesting country makes this move.",
    Mover.PLACE: "Only the country where the person is makes this move.",
}


@dataclass(frozen=True)
class Step:
    """A move: from one state to another, by whom. `elsewhere` says what brings it about; "" is a move by hand."""

    before: FugitiveState
    after: FugitiveState
    mover: Mover
    elsewhere: str = ""


_LEAD = "A lead to a country makes this move: write one and send it."
_YES = "The country of the place reports a location, and the requesting country says yes to it."
_IDENTITY = "The country of the place reports the arrest, and the requesting country confirms the identity."
_REFUTED = "The requesting country says that it is not the person."
STEPS: tuple[Step, ...] = (
    Step(S.NOMINATED, S.TARGET, Mover.COORDINATOR),
    Step(S.TARGET, S.UNDER_REVIEW, Mover.ANALYST),
    Step(S.UNDER_REVIEW, S.LEAD_OUT, Mover.ANALYST, _LEAD),
    Step(S.LEAD_OUT, S.UNDER_REVIEW, Mover.ANALYST),
    Step(S.LEAD_OUT, S.LOCATED, Mover.REQUESTING, _YES),
    Step(S.LOCATED, S.LEAD_OUT, Mover.REQUESTING, _REFUTED),
    Step(S.LOCATED, S.ARRESTED, Mover.REQUESTING, _IDENTITY),
    Step(S.ARRESTED, S.SURRENDERED, Mover.REQUESTING),
    Step(S.SURRENDERED, S.CLOSED, Mover.REQUESTING),
    Step(S.LOCATED, S.NOT_EXTRADITABLE, Mover.PLACE),
    Step(S.ARRESTED, S.NOT_EXTRADITABLE, Mover.PLACE),
    Step(S.ARRESTED, S.RELEASED, Mover.PLACE),
    *(Step(state, S.NOTICE_WITHDRAWN, Mover.REQUESTING) for state in (S.NOMINATED, *_SOUGHT)),
    *(Step(state, S.DECEASED, Mover.REQUESTING) for state in _SOUGHT),
    *(Step(state, S.FALSE_IDENTITY, Mover.REQUESTING) for state in _SOUGHT),
)
_NEEDS_REASON = frozenset({S.NOT_EXTRADITABLE, S.RELEASED, S.NOTICE_WITHDRAWN, S.DECEASED, S.FALSE_IDENTITY})


@dataclass(frozen=True)
class Offer:
    """A move that a person may make by hand, and what must be true first and is not."""

    after: FugitiveState
    needs_reason: bool
    obstacles: tuple[Flaw, ...]


def step_of(before: str, after: FugitiveState) -> Step | None:
    """The move from one state to another, where there is one."""
    return next((each for each in STEPS if each.before == before and each.after is after), None)


def checked_today(session: Session, case: FugitiveCase) -> bool:
    """Whether the notice was looked up on this official day of the operation, and found valid."""
    query = select(col(plan.Operation.zone), col(plan.Operation.day_cut)).where(plan.Operation.id == case.operation_id)
    zone, cut = session.exec(query).one()
    return case.notice_status == NoticeStatus.VALID and case.checked_on == official_day(now(), zone, cut)


def notice_flaws(session: Session, case: FugitiveCase) -> list[Flaw]:
    """Why nothing may go out on this notice now: at most one sentence."""
    if checked_today(session, case):
        return []
    if case.notice_status == NoticeStatus.UNCLEAR:
        return [Flaw("notice", "The status of the notice is unclear: have the requesting country clear it up first.")]
    return [Flaw("notice", "The notice was not checked today: look it up first.")]


def obstacles(session: Session, case: FugitiveCase, to: FugitiveState) -> list[Flaw]:
    """Everything that must be true before `to` and is not, as sentences."""
    found = []
    if to is S.TARGET:
        if case.warrant != LegalCheck.HOLDS:
            found.append(Flaw("warrant", "The requesting country has not confirmed that the warrant is valid."))
        if case.art3 != Art3Screen.PASSED:
            found.append(Flaw("art3", "The case has not passed the Article 3 screen."))
        found += notice_flaws(session, case)
    if to is S.UNDER_REVIEW and case.state == S.LEAD_OUT and _waiting(session, case):
        found.append(Flaw("leads", "A country has not answered its lead yet: wait for it, or take the lead back."))
    return found


def is_mover(session: Session, case: FugitiveCase, step: Step, by: Actor) -> bool:
    """Whether `by` is who makes this move."""
    country = by.country if step.mover is Mover.PLACE else None
    if not may(by, _ACTS[step.mover], subject(case, country)):
        return False
    return step.mover is not Mover.PLACE or place_of(session, case) == by.country


def place_of(session: Session, case: FugitiveCase) -> str | None:
    """The country where the person was positively located, as far as the asker may know it."""
    query = select(FugitiveLocation.country).where(
        FugitiveLocation.case_id == case.id, col(FugitiveLocation.state).in_(_HERE)
    )
    return session.exec(query).first()


def offers(session: Session, case: FugitiveCase, by: Actor) -> list[Offer]:
    """The moves by hand that `by` may make from here, each with what stands in its way."""
    if case.erased_at is not None:
        return []
    return [
        Offer(step.after, step.after in _NEEDS_REASON, tuple(obstacles(session, case, step.after)))
        for step in STEPS
        if step.before == case.state and not step.elsewhere and is_mover(session, case, step, by)
    ]


def move(session: Session, case_id: UUID, to: FugitiveState, by: Actor, reason: str = "") -> FugitiveCase:
    """Move a case by hand. Where it already is, nothing more happens.

    Raises NotFound for who may not know the case, and RuleBroken for a move that is not on the road, that somebody
    else makes, or that a guard holds back. The ends need a reason.
    """
    case = hold(session, case_id)
    require(by, Act.FUGITIVE_READ, subject(case, by.country if by.national else None))
    step = step_of(case.state, to)
    if (
        case.state == to
        and step is None
        and any(is_mover(session, case, each, by) for each in STEPS if each.after is to)
    ):
        return case
    if step is None:
        raise RuleBroken("state", "The case cannot make this step from where it is. Reload the page to see where.")
    if step.elsewhere:
        raise RuleBroken("state", step.elsewhere)
    if not is_mover(session, case, step, by):
        raise RuleBroken("state", _WRONG[step.mover])
    if reason or to in _NEEDS_REASON:
        reason = checked_reason(reason)
    if blocked := obstacles(session, case, to):
        raise RuleBroken.all(blocked)
    return go(session, case, to, by, reason)


def go(session: Session, case: FugitiveCase, to: FugitiveState, by: Actor | System, reason: str = "") -> FugitiveCase:
    """Write the move down: state, what the case counts as from now on, the step, and the journal."""
    step = step_of(case.state, to)
    if step is None:
        raise RuleBroken("state", "The case cannot make this step from where it is. Reload the page to see where.")
    moment = now()
    case.state, case.since = to.value, moment
    if to is S.TARGET:
        case.accepted_at = moment
    elif to is S.UNDER_REVIEW:
        case.reviewed_at = moment
    elif to is S.LOCATED:
        case.located_at = moment
        case.news_at = case.news_at or moment
    elif to is S.LEAD_OUT:
        case.located_at = None
    elif to is S.ARRESTED:
        case.arrested_at = moment
    elif to is S.SURRENDERED:
        case.surrendered_at = moment
    if to.value in ENDS or to in (S.LOCATED, S.ARRESTED):
        case.appeal_asked_at = case.appeal_agreed_at = None
    case.counts_as = counted(case)
    session.add(case)
    person = by if isinstance(by, Actor) else None
    session.add(
        FugitiveStep(
            id=new_id(),
            case_id=case.id,
            requesting_country=case.requesting_country,
            country=person.country if person else None,
            before=step.before.value,
            after=to.value,
            reason=reason,
            author_id=person.account_id if person else None,
            author_name=by.name,
            made_at=moment,
        )
    )
    whose = person.country if person and step.mover is Mover.PLACE else None
    record(session, case, by, "fugitive.move", whose, before=step.before.value, after=to.value)
    return case


def counted(case: FugitiveCase) -> str:
    """In which of the sweep's numbers a case is (domain 0.7, 6.8).

    Who was arrested stays arrested whatever the courts decide: that is no failure of the police. A case whose notice
    was withdrawn, that rests on a false identity, or whose person died before being found leaves all numbers.
    """
    if case.accepted_at is None:
        return ""
    if case.state in (S.NOTICE_WITHDRAWN, S.FALSE_IDENTITY):
        return "left"
    if case.arrested_at is not None:
        return "arrested"
    if case.located_at is not None:
        return "located"
    return "left" if case.state == S.DECEASED else "outstanding"


def _waiting(session: Session, case: FugitiveCase) -> int:
    """How many countries have not answered a lead about the case."""
    part: Any = leads.LeadCountry
    query = (
        select(func.count())
        .select_from(part)
        .where(
            part.subject_id == case.id,
            col(part.state).in_(leads.OPEN),
            col(part.shared_at).is_not(None),
            col(part.revoked_at).is_(None),
        )
    )
    waiting: int = session.exec(query).one()
    return waiting
