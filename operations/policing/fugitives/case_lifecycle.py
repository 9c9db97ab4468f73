"""State machine of a fugitive case (domain 1.6.8): its steps, their guards, and who may take them.

Some steps are taken by other verbs: sending a lead, confirming a location.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, select

from operations.core.clock import now, official_day
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.permissions import Act, may, require
from operations.core.state_machine import Life, Step, StepOffer, ways
from operations.core.vocabulary import Art3Screen, FugitiveState, LegalCheck, LocationState, NoticeStatus
from operations.core.worklist import DAYS, TO_COORDINATOR, TO_LEADERSHIP, CandidateRow, Waits
from operations.policing.fugitives.case_rows import ENDS, FugitiveCase, FugitiveStep, subject
from operations.policing.fugitives.cases import hold, record
from operations.policing.fugitives.sightings import FugitiveLocation
from operations.policing.leads import leads
from operations.policing.operation import outward_acts, plan

S = FugitiveState
_SOUGHT = (S.TARGET, S.UNDER_REVIEW, S.LEAD_OUT, S.LOCATED, S.ARRESTED)
_HERE = (LocationState.CONFIRMED.value, LocationState.ARREST_REPORTED.value, LocationState.ARREST_CONFIRMED.value)


class CaseFacts(NamedTuple):
    """Inputs to the guards of a case's steps, beside the case itself.

    `today`: its notice was looked up on this official day and is valid. `unanswered`: countries have yet to answer
    their leads. `place`: the country where the person was positively located, as far as the asker may know it.
    `outward`: why nothing of the operation goes to another country in its state.
    """

    today: bool
    unanswered: bool
    place: str | None
    outward: Flaw | None = None


_WRONG = {
    Act.FUGITIVE_ACCEPT: "The coordinator of the operation makes this move: ask for it.",
    Act.FUGITIVE_TRACE: "An analyst of the coordination unit makes this move: ask for it.",
    Act.FUGITIVE_CONFIRM: "Only the requesting country can do this.",
    Act.FUGITIVE_FIND: "Only the country where the person is can do this.",
}


def _may(case: FugitiveCase, facts: CaseFacts, step: Step[FugitiveState], by: Actor) -> bool:
    """The country of the place takes the steps that happen there; other steps follow the permission of their act."""
    there = step.act is Act.FUGITIVE_FIND
    if case.erased_at is not None or not may(by, step.act, subject(case, by.country if there else None)):
        return False
    return not there or facts.place == by.country


def _target(case: FugitiveCase, facts: CaseFacts) -> Iterator[Flaw]:
    """The operation is approved, the warrant valid, the Article 3 screen passed, and the notice looked up today."""
    if facts.outward:
        yield facts.outward
    if case.warrant != LegalCheck.HOLDS:
        yield Flaw("warrant", "The requesting country has not confirmed that the warrant is valid.")
    if case.art3 != Art3Screen.PASSED:
        yield Flaw("art3", "The case has not passed the Article 3 screen.")
    yield from _checked(case, facts)


def _checked(case: FugitiveCase, facts: CaseFacts) -> Iterator[Flaw]:
    """The notice was looked up today."""
    if not facts.today:
        yield _notice_flaw(case)


def _answered(_case: FugitiveCase, facts: CaseFacts) -> Iterator[Flaw]:
    """Every country that was asked has answered, or its lead was taken back."""
    if facts.unanswered:
        yield Flaw("leads", "A country has not answered its lead yet: wait for it, or take the lead back.")


_ASTRAY = Flaw("state", "This step is not possible now. Reload the page to see the current state.")
_LEAD = "A lead to a country makes this move: write one and send it."
_YES = "The country of the place reports a location, and the requesting country says yes to it."
_IDENTITY = "The country of the place reports the arrest, and the requesting country confirms the identity."
_REFUTED = "The requesting country says that it is not the person."
_COORDINATOR, _ANALYST = Act.FUGITIVE_ACCEPT, Act.FUGITIVE_TRACE
_REQUESTING, _PLACE = Act.FUGITIVE_CONFIRM, Act.FUGITIVE_FIND
_WHY = N_("Reason")
_BOARD = "/operations/{operation}/fugitives?case={id}"
_LATE: Any = {"within": 3 * DAYS, "late": TO_COORDINATOR}
_NOMINATED = Waits(
    N_("Case {case} is nominated: accept it as a target."),
    _BOARD,
    "user-plus",
    "since",
    within=3 * DAYS,
    late=TO_LEADERSHIP,
)
_TARGET = Waits(N_("Case {case} is a target: take it under review."), _BOARD, "eye", "since", **_LATE)
_REVIEWED = Waits(N_("Case {case} is under review: write a lead to a country."), _BOARD, "send", "since", **_LATE)
_ANSWERS = Waits(
    N_("Every country has answered about case {case}: review the answers."), _BOARD, "eye-check", "replied", **_LATE
)
LIFE: Life[FugitiveState] = Life(
    "fugitive case",
    S.NOMINATED,
    (
        Step(S.NOMINATED, S.TARGET, "fugitive.accept", _COORDINATOR, guard=_target, waits=_NOMINATED),
        Step(S.TARGET, S.UNDER_REVIEW, "fugitive.review", _ANALYST, waits=_TARGET),
        Step(S.UNDER_REVIEW, S.LEAD_OUT, "fugitive.lead", _ANALYST, guard=_checked, elsewhere=_LEAD, waits=_REVIEWED),
        Step(S.LEAD_OUT, S.UNDER_REVIEW, "fugitive.review", _ANALYST, guard=_answered, waits=_ANSWERS),
        Step(S.LEAD_OUT, S.LOCATED, "fugitive.locate", _REQUESTING, elsewhere=_YES),
        Step(S.LOCATED, S.LEAD_OUT, "fugitive.search_on", _REQUESTING, elsewhere=_REFUTED),
        Step(S.LOCATED, S.ARRESTED, "fugitive.arrest", _REQUESTING, elsewhere=_IDENTITY),
        Step(S.ARRESTED, S.SURRENDERED, "fugitive.surrender", _REQUESTING),
        Step(S.SURRENDERED, S.CLOSED, "fugitive.close", _REQUESTING),
        *ways((S.LOCATED, S.ARRESTED), S.NOT_EXTRADITABLE, "fugitive.refuse_extradition", _PLACE, why=_WHY),
        Step(S.ARRESTED, S.RELEASED, "fugitive.release", _PLACE, why=_WHY),
        *ways((S.NOMINATED, *_SOUGHT), S.NOTICE_WITHDRAWN, "fugitive.withdraw", _REQUESTING, why=_WHY),
        *ways(_SOUGHT, S.DECEASED, "fugitive.deceased", _REQUESTING, why=_WHY),
        *ways(_SOUGHT, S.FALSE_IDENTITY, "fugitive.false_identity", _REQUESTING, why=_WHY),
    ),
    ends=tuple(S(each) for each in sorted(ENDS)),
    may=_may,
    astray=_ASTRAY,
    theirs=lambda step: Flaw("state", _WRONG[step.act]),
)
FugitiveCase.__table__.append_constraint(LIFE.known())  # type: ignore[attr-defined]


def checked_today(session: Session, case: FugitiveCase) -> bool:
    """Return whether the notice was looked up on this official day of the operation, and found valid."""
    query = select(col(plan.Operation.zone), col(plan.Operation.day_cut)).where(plan.Operation.id == case.operation_id)
    zone, cut = session.exec(query).one()
    return case.notice_status == NoticeStatus.VALID and case.checked_on == official_day(now(), zone, cut)


def notice_flaws(session: Session, case: FugitiveCase) -> list[Flaw]:
    """Return why nothing may be sent on this notice now: at most one flaw."""
    return [] if checked_today(session, case) else [_notice_flaw(case)]


def _notice_flaw(case: FugitiveCase) -> Flaw:
    if case.notice_status == NoticeStatus.UNCLEAR:
        return Flaw("notice", "The status of the notice is unclear: have the requesting country clear it up first.")
    return Flaw("notice", "The notice was not checked today: look it up first.")


def facts(session: Session, case: FugitiveCase) -> CaseFacts:
    """What the moves of a case depend on now, as far as the asker may know it."""
    refused = outward_acts.obstacle(session, case.operation_id, "fugitive.move")
    return CaseFacts(checked_today(session, case), bool(_waiting(session, case)), _place_of(session, case), refused)


@LIFE.rows
def _in_states(session: Session, _by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    part, place = leads.LeadCountry, FugitiveLocation
    asked = select(func.count()).where(part.subject_id == FugitiveCase.id, *_still_asked()).scalar_subquery()
    replied = select(func.max(part.answered_at)).where(part.subject_id == FugitiveCase.id).scalar_subquery()
    where = select(place.country).where(place.case_id == FugitiveCase.id, col(place.state).in_(_HERE)).limit(1)
    query = select(FugitiveCase, asked, where.scalar_subquery(), replied).where(
        col(FugitiveCase.state).in_(states), col(FugitiveCase.operation_id).in_(owners.keys())
    )
    return [
        CandidateRow(
            case,
            CaseFacts(
                _today(case, owners[case.operation_id]),
                bool(waiting),
                country,
                outward_acts.flaw("fugitive.move", owners[case.operation_id].state),
            ),
            case.operation_id,
            {"case": case.case_no, "replied": answered or case.since},
        )
        for case, waiting, country, answered in session.exec(query)
    ]


def _today(case: FugitiveCase, owner: plan.Operation) -> bool:
    day = official_day(now(), owner.zone, owner.day_cut)
    return case.notice_status == NoticeStatus.VALID and case.checked_on == day


def offers(session: Session, case: FugitiveCase, by: Actor) -> list[StepOffer[FugitiveState]]:
    """Return the steps by hand that `by` may take from here, each with its obstacles."""
    return LIFE.offers(case, facts(session, case), by)


def _place_of(session: Session, case: FugitiveCase) -> str | None:
    query = select(FugitiveLocation.country).where(
        FugitiveLocation.case_id == case.id, col(FugitiveLocation.state).in_(_HERE)
    )
    return session.exec(query).first()


def move(session: Session, case_id: UUID, to: FugitiveState, by: Actor, reason: str = "") -> FugitiveCase:
    """Take a step of a case by hand. Idempotent.

    Raises NotFound where `by` may not know the case, and RuleBroken for a step that does not exist from its state, that
    belongs to somebody else, or that a guard refuses. Final states need a reason.
    """
    case = hold(session, case_id)
    require(by, Act.FUGITIVE_READ, subject(case, by.country if by.national else None))
    now_so = facts(session, case)
    moved = LIFE.step(case.state, to)
    if (
        moved is None
        and case.state == to
        and any(_may(case, now_so, each, by) for each in LIFE.steps if each.after is to)
    ):
        return case
    _step, reason = LIFE.allow(case, now_so, to, by, reason)
    return go(session, case, to, by, reason)


def go(session: Session, case: FugitiveCase, to: FugitiveState, by: Actor | System, reason: str = "") -> FugitiveCase:
    """Write a step down: state, what the case counts as, its moments, the row of the step, and the journal entry."""
    step, moment = LIFE.go(case, to), now()
    case.since = moment
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
    whose = person.country if person and step.act is _PLACE else None
    record(session, case, by, "fugitive.move", whose, before=step.before.value, after=to.value)
    return case


def counted(case: FugitiveCase) -> str:
    """Return which of the sweep's figures a case counts in (domain 0.7, 6.8); "" before it is accepted.

    An arrest keeps counting whatever the courts decide: that is no failure of the police. A case leaves all figures
    when its notice was withdrawn, when it rests on a false identity, or when the person died before being found.
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


def _still_asked() -> tuple[Any, ...]:
    part = leads.LeadCountry
    return col(part.state).in_(leads.OPEN), col(part.shared_at).is_not(None), col(part.revoked_at).is_(None)


def _waiting(session: Session, case: FugitiveCase) -> int:
    """Return how many countries have not answered a lead about the case."""
    part: Any = leads.LeadCountry
    query = (
        select(func.count())
        .select_from(part)
        .where(
            part.subject_id == case.id,
            *_still_asked(),
        )
    )
    waiting: int = session.exec(query).one()
    return waiting
