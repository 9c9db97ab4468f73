"""Fugitive cases: nomination, amendment, and consultation with a reason (domain 1.5, 5.1)."""

import re
from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import AfterValidator, model_validator
from pydantic import Field as Rule
from pydantic_core import PydanticCustomError
from sqlalchemy import func
from sqlmodel import Session, col, select

from operations.core import journal, rows
from operations.core.clock import now
from operations.core.drafts import Draft, rule
from operations.core.drafts import reason as checked_reason
from operations.core.errors import Conflict, RuleBroken, Stale, existing
from operations.core.field_labels import N_, Label
from operations.core.ids import fingerprint
from operations.core.people import Actor, System
from operations.core.permissions import Act, may, require
from operations.core.store import alone
from operations.core.vocabulary import Art3Screen, Country, InList, LegalCheck, OperationType
from operations.policing.fugitives.case_rows import (
    ENDS,
    FugitiveBelieved,
    FugitiveCase,
    FugitiveStep,
    FugitiveVersion,
    subject,
)
from operations.policing.leads import leads
from operations.policing.operation import plan

SWEEPING = (OperationType.FUGITIVE.value, OperationType.INTELLIGENCE_DRIVEN.value, OperationType.REGIONAL.value)
"""The kinds of operation that have cases: a border STOP checks everybody and looks for nobody in particular."""

_CONTROL_NUMBER = re.compile(r"[A-Z]-\d{1,6}/\d{1,2}-\d{4}")
_NOTICE = rule(
    "control_number",
    "This is not a notice's control number, such as A-1234/5-2016. Names and documents stay in national systems.",
)
_AT_HOME = rule("believed_at_home", "The requesting country cannot be where the person is believed to be.")

# ---------------------------------------------------------------------------------------------------- drafts


def _control_number(text: str) -> str:
    if not _CONTROL_NUMBER.fullmatch(text):
        raise PydanticCustomError(_NOTICE, "control number")
    return text


class CaseDraft(Draft):
    """Draft of a case, written by the requesting country. `id` names this version, `case_id` the case.

    There is no field for a name, a birth date or a document, and the control number must look like one.
    """

    id: UUID
    case_id: UUID
    requesting_country: Country
    notice_ref: Annotated[
        str,
        AfterValidator(_control_number),
        Label(
            N_("Control number of the notice"),
            N_("No name and no document number: they stay in national systems."),
            placeholder="A-1234/5-2016",
        ),
    ]
    offence: Annotated[str, InList("CL-OFFENCE"), Label(N_("Offence"))]
    wanted_for: Annotated[str, InList("CL-WANTED"), Label(N_("Wanted for"))]
    priority: Annotated[str, InList("CL-CASEPRIORITY"), Label(N_("Priority"))] = "normal"
    believed_in: Annotated[tuple[Country, ...], Rule(max_length=20), Label(N_("Believed to be in"))] = ()
    warrant: Annotated[LegalCheck, Label(N_("Warrant"), listed="CL-LEGALCHECK")] = LegalCheck.NOT_CHECKED
    extradition: Annotated[LegalCheck, Label(N_("Extradition"), listed="CL-LEGALCHECK")] = LegalCheck.NOT_CHECKED
    art3: Annotated[Art3Screen, Label(N_("Article 3"), listed="CL-ART3")] = Art3Screen.NOT_SCREENED
    retain_until: Annotated[
        date | None,
        Label(N_("Kept until"), N_("After this day the texts and the notice are erased; the numbers stay.")),
    ] = None

    @model_validator(mode="after")
    def _abroad(self) -> "CaseDraft":
        if self.requesting_country in self.believed_in:
            raise PydanticCustomError(_AT_HOME, "believed at home")
        return self


# ------------------------------------------------------------------------------------------------- questions


def sweeping(operation: plan.Operation) -> bool:
    """Return whether operations of this kind have cases."""
    return operation.type in SWEEPING


def case(session: Session, case_id: UUID) -> FugitiveCase:
    """Return the case as it is now. Raises NotFound, also where it exists and the asker may not know."""
    query = select(FugitiveCase).where(FugitiveCase.id == case_id).execution_options(populate_existing=True)
    found: FugitiveCase = existing(session.exec(query).one_or_none())
    return found


def nominated(session: Session, operation_id: UUID, country: str, notice_ref: str) -> FugitiveCase | None:
    """Return the case that a country nominated for an operation by a notice, as far as the asker may know it."""
    mine = (FugitiveCase.operation_id == operation_id, FugitiveCase.requesting_country == country)
    found: FugitiveCase | None = session.exec(
        select(FugitiveCase).where(*mine, FugitiveCase.notice_ref == notice_ref)
    ).one_or_none()
    return found


def hold(session: Session, case_id: UUID) -> FugitiveCase:
    """Return the case, locked for update. Raises NotFound, and RuleBroken once it is erased."""
    found = rows.hold(session, FugitiveCase, case_id)
    refuse_erased(found)
    return found


def refuse_erased(case: FugitiveCase) -> None:
    """Raise RuleBroken where a case was erased: no verb applies to it any more."""
    if case.erased_at is not None:
        raise RuleBroken("", "The retention of this case has ended. It was erased and can no longer be used.")


def versions(session: Session, case_id: UUID) -> list[FugitiveVersion]:
    """Return the versions of a case, newest first, for those who may see them."""
    query = select(FugitiveVersion).where(FugitiveVersion.case_id == case_id)
    return list(session.exec(query.order_by(col(FugitiveVersion.version).desc())))


def may_amend(case: FugitiveCase, by: Actor) -> bool:
    """Return whether this person may amend the case now."""
    return may(by, Act.FUGITIVE_NOMINATE, subject(case)) and case.state not in ENDS and case.erased_at is None


def believed_countries(session: Session, case_id: UUID) -> list[str]:
    """Return the countries where the person is believed to be, for those who may see them."""
    query = select(FugitiveBelieved.country).where(FugitiveBelieved.case_id == case_id)
    return sorted(session.exec(query))


def steps(session: Session, case_id: UUID) -> list[FugitiveStep]:
    """Return the steps of the case, newest first."""
    query = select(FugitiveStep).where(FugitiveStep.case_id == case_id)
    return list(session.exec(query.order_by(col(FugitiveStep.made_at).desc())))


# ----------------------------------------------------------------------------------------------------- verbs


def nominate(session: Session, operation_id: UUID, draft: CaseDraft, by: Actor) -> FugitiveCase:
    """Nominate a case of the coordinator's country for the sweep.

    Idempotent: the same draft again returns the stored row; the same id with other content raises Conflict. Raises
    RuleBroken for a notice that the country has nominated already.
    """
    owner = plan.operation(session, operation_id, by)
    require(by, Act.FUGITIVE_NOMINATE, plan.subject(owner, draft.requesting_country))
    if not sweeping(owner):
        raise RuleBroken("", "An operation of this kind has no fugitive cases.")
    digest = _digest(draft, operation_id, by)
    if (known := _as_before(session, draft, digest)) is not None:
        return known
    alone(session, uuid5(operation_id, draft.requesting_country))
    mine = (FugitiveCase.operation_id == operation_id, FugitiveCase.requesting_country == draft.requesting_country)
    if session.exec(select(FugitiveCase.id).where(*mine, FugitiveCase.notice_ref == draft.notice_ref)).first():
        raise RuleBroken("notice_ref", "Your country has nominated this notice already.")
    moment = now()
    made = FugitiveCase(
        id=draft.case_id,
        operation_id=operation_id,
        requesting_country=draft.requesting_country,
        number=(session.exec(select(func.max(FugitiveCase.number)).where(*mine)).one() or 0) + 1,
        retain_until=_retention(session, operation_id, draft),
        since=moment,
        nominated_at=moment,
        **_facts(draft),
    )
    session.add(made)
    session.flush()
    _write(session, made, draft, digest, by)
    record(session, made, by, Act.FUGITIVE_NOMINATE)
    return made


def amend(session: Session, draft: CaseDraft, by: Actor, *, seen: int, why: str) -> FugitiveCase:
    """Amend a case, with the reason: the requesting country writes a new version. The state stays.

    `seen` is the version that was on the screen. Idempotent. Raises Conflict where somebody else has written a version
    since, and RuleBroken for a case in a final state.
    """
    amended = hold(session, draft.case_id)
    require(by, Act.FUGITIVE_NOMINATE, subject(amended))
    if not why.strip():
        raise RuleBroken("reason", "Give the reason. It is shown with the new version.")
    why = checked_reason(why)
    digest = _digest(draft, amended.operation_id, by, why)
    if (known := _as_before(session, draft, digest)) is not None:
        return known
    if amended.version != seen:
        raise Stale
    if amended.requesting_country != draft.requesting_country:
        raise RuleBroken("requesting_country", "You cannot change the country of a case. Nominate a new case.")
    if amended.notice_ref != draft.notice_ref:
        raise RuleBroken("notice_ref", "You cannot change the notice of a case. Nominate a new case.")
    if amended.state in ENDS:
        raise RuleBroken("", "This case has ended. It can no longer change.")
    for name, value in _facts(draft).items():
        setattr(amended, name, value)
    amended.version += 1
    amended.retain_until = _retention(session, amended.operation_id, draft)
    session.add(amended)
    for each in session.exec(select(FugitiveBelieved).where(FugitiveBelieved.case_id == amended.id)):
        session.delete(each)
    session.flush()
    _write(session, amended, draft, digest, by, why)
    record(session, amended, by, "fugitive.amend", version=amended.version)
    return amended


def consult(session: Session, case_id: UUID, why: str, by: Actor) -> FugitiveCase:
    """Open a case: the reason, a code of CL-CONSULT, goes into the access trail (domain 5.1). Raises NotFound."""
    opened = case(session, case_id)
    require(by, Act.FUGITIVE_READ, subject(opened, by.country if by.national else None))
    try:
        InList("CL-CONSULT").check(why)
    except PydanticCustomError:
        raise RuleBroken("why", "Say why you open this case: it is written into the access trail.") from None
    journal.record(
        session,
        by,
        "case.consult",
        "fugitive_case",
        opened.id,
        operation=opened.operation_id,
        country=opened.requesting_country,
        chain=journal.Chain.ACCESS,
        reason=why,
    )
    return opened


def record(
    session: Session, case: FugitiveCase, by: Actor | System, act: str, country: str | None = None, **detail: Any
) -> None:
    """Write a journal entry about a case; `country` is the country whose part it was, by default the requesting one."""
    journal.record(
        session,
        by,
        act,
        "fugitive_case",
        case.id,
        operation=case.operation_id,
        country=country or case.requesting_country,
        **detail,
    )


# --------------------------------------------------------------------------------------------------- internal


def _facts(draft: CaseDraft) -> dict[str, Any]:
    return {
        "notice_ref": draft.notice_ref,
        "offence": draft.offence,
        "wanted_for": draft.wanted_for,
        "priority": draft.priority,
        "warrant": draft.warrant.value,
        "extradition": draft.extradition.value,
        "art3": draft.art3.value,
    }


def _digest(draft: CaseDraft, operation_id: UUID, by: Actor, why: str = "") -> str:
    return fingerprint([draft.model_dump(mode="json"), str(operation_id), str(by.account_id), *([why] if why else [])])


def _as_before(session: Session, draft: CaseDraft, digest: str) -> FugitiveCase | None:
    """Return the case where this very version is stored already. Raises Conflict where its id has other content."""
    otherwise = Conflict("This case was already written with other content. Reload the page to see it.")
    known = rows.same_draft(session, FugitiveVersion, draft.id, {"content_hash": digest}, otherwise)
    return case(session, draft.case_id) if known else None


def _write(session: Session, made: FugitiveCase, draft: CaseDraft, digest: str, by: Actor, why: str = "") -> None:
    content = draft.model_dump(mode="json", exclude={"id", "case_id"})
    session.add(
        FugitiveVersion(
            id=draft.id,
            case_id=made.id,
            requesting_country=made.requesting_country,
            version=made.version,
            content=content | {"reason": why} if why else content,
            content_hash=digest,
            **rows.author(by),
        )
    )
    for country in dict.fromkeys(draft.believed_in):
        session.add(FugitiveBelieved(case_id=made.id, country=country, requesting_country=made.requesting_country))


def _retention(session: Session, operation_id: UUID, draft: CaseDraft) -> date:
    """Return the end of retention: five years after the operation, or earlier where the country says so."""
    longest = leads.kept_until(session, operation_id) or (now() + leads.RETENTION).date()
    if draft.retain_until is None:
        return longest
    if draft.retain_until > longest:
        raise RuleBroken("retain_until", "A case is kept until {longest} at most.", longest=longest.isoformat())
    if draft.retain_until <= now().date():
        raise RuleBroken("retain_until", "The day until which the case is kept must be later than today.")
    return draft.retain_until
