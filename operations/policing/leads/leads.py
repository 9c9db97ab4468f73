"""Leads: knowledge of a country, the coordination unit or a partner, put as a question to countries (domain 1.3).

A lead is addressed to countries with a time to answer by. Each country's part has a state of its own, and every answer
is stored: "negative" is an answer, silence is not. Only the country it comes from, the countries it is addressed to and
the coordination learn that a lead exists.

A lead may be about an object of another module. That module declares the rules for it (`subjects`). The tables and
their visibility are in `rows`.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from operations.core import journal, proof, rows
from operations.core.clock import now
from operations.core.drafts import reason as checked_reason
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.field_labels import N_
from operations.core.handling_codes import refuse_held
from operations.core.ids import fingerprint
from operations.core.people import Actor, System
from operations.core.permissions import Act, may, require
from operations.core.store import locked
from operations.core.vocabulary import LeadOrigin, LeadState
from operations.policing.leads.drafts import LeadAnswerDraft, LeadDraft
from operations.policing.leads.rows import (
    LIFE,
    OPEN,
    PART,
    RETENTION,
    Lead,
    LeadAnswer,
    LeadCountry,
    LeadVersion,
    answers,
    countries_sent,
    erase,
    kept_between,
    kept_until,
    known_leads,
    lead,
    leads,
    newest_version,
    overdue,
    parts,
    questions,
    refuse_erased,
    subject,
    subjects_sent_to,
    unerased,
)
from operations.policing.leads.subjects import SubjectRules, about, check_subject, needed, rules_of
from operations.policing.operation import plan, withholding

__all__ = [
    "OPEN",
    "PART",
    "RETENTION",
    "Lead",
    "LeadAnswer",
    "LeadAnswerDraft",
    "LeadCountry",
    "LeadDraft",
    "LeadVersion",
    "SubjectRules",
    "about",
    "answer",
    "answers",
    "countries_sent",
    "erase",
    "expire",
    "kept_between",
    "kept_until",
    "known_leads",
    "lead",
    "leads",
    "may_take_back",
    "may_write",
    "newest_version",
    "overdue",
    "parts",
    "questions",
    "refuse_erased",
    "revoke",
    "share",
    "subject",
    "subjects_sent_to",
    "unerased",
    "write",
]  # fmt: skip

_S = LeadState
_ANSWERS = frozenset(step.after for step in PART.steps if step.act is Act.LEAD_ANSWER)

# ----------------------------------------------------------------------------------------------------- verbs


def write(session: Session, operation_id: UUID, draft: LeadDraft, by: Actor) -> Lead:
    """Write a lead, or a new version of one. No country receives it before `share`.

    Idempotent: the same draft again returns the stored row; the same id with other content raises Conflict. Raises
    NotFound for a subject that is not the asker's to ask about.
    """
    owner = plan.operation(session, operation_id, by)
    whose = by.country if by.national else draft.origin_country
    require(by, Act.LEAD_WRITE, plan.subject(owner, whose))
    if by.national and (draft.origin is not LeadOrigin.COUNTRY or draft.origin_country != by.country):
        raise RuleBroken("origin_country", "A country can write only its own leads. Choose your country.")
    digest = fingerprint([draft.model_dump(mode="json"), str(operation_id), str(by.account_id)])
    otherwise = Conflict("This lead was already written with other content. Reload the page to see it.")
    if rows.same_draft(session, LeadVersion, draft.id, {"content_hash": digest}, otherwise):
        return lead(session, draft.lead_id)
    if draft.due <= now():
        raise RuleBroken("due", "The answer must be due later than now.")
    found = rows.find_locked(session, Lead, draft.lead_id)
    if found is None:
        check_subject(session, draft, by)
        found = _first(operation_id, draft)
    else:
        _check_same_subject(found, operation_id, draft, by)
        refuse_erased(found)
        found.version += 1
        found.due = draft.due
    session.add(found)
    session.flush()
    session.add(
        LeadVersion(
            id=draft.id,
            lead_id=found.id,
            version=found.version,
            question=draft.question,
            due=draft.due,
            source=draft.source,
            information=draft.information,
            handling=draft.handling,
            content_hash=digest,
            **rows.author(by),
        )
    )
    _address(session, found, draft)
    _record(session, found, by, Act.LEAD_WRITE, version=found.version)
    return found


@proof.needed
def share(session: Session, lead_id: UUID, by: Actor) -> Lead:
    """Send a lead to those of its addressed countries that do not have it. Idempotent.

    Raises RuleBroken for a country that does not take part, and where the rules of the subject forbid sending it now.
    """
    shared = _hold(session, lead_id)
    require(by, Act.LEAD_WRITE, subject(shared, by.country if by.national else None))
    if by.national and shared.origin_country != by.country:
        raise NotFound
    refuse_erased(shared)
    if not by.national and shared.origin_country is not None:
        refuse_held(
            newest_version(session, lead_id).handling,
            N_("The lead is marked {handling}: its country alone passes it on. Ask it to, or to allow another code."),
        )
    rules = rules_of(shared)
    if rules is not None:
        rules.known(session, needed(shared.subject_id), by)
        rules.before_sharing(session, shared, by)
    going = [part for part in _parts(session, lead_id) if part.shared_at is None or part.revoked_at is not None]
    plan.refuse_outsiders(session, shared.operation_id, [part.country for part in going], "to_countries")
    kept = withholding.partners(session, shared.operation_id, shared.origin_country)
    if refused := sorted({part.country for part in going} & kept):
        raise RuleBroken(
            "to_countries",
            "The country that this lead comes from withholds data from {countries}. That "
            "country must lift the withholding first.",
            countries=list(refused),
        )
    for part in going:
        if part.shared_at is None:
            PART.take(part, shared, _S.SHARED, by)
            part.shared_at = now()
        part.revoked_at, part.revoked_reason = None, ""
        session.add(part)
    if going:
        _settle(session, shared, by, came=[part.state for part in going])
    for part in going:
        _record(session, shared, by, "lead.share", part.country)
    return shared


def unanswered(session: Session, operation_id: UUID, case_id: UUID, by: Actor) -> list[UUID]:
    """Return the leads about a case that wait for the answer of the asker's country, in time or late."""
    part: Any = LeadCountry
    query = select(part.lead_id).where(
        part.operation_id == operation_id,
        part.subject_id == case_id,
        part.country == by.country,
        part.state.in_((*OPEN, LeadState.EXPIRED.value)),
        part.shared_at.is_not(None),
        part.revoked_at.is_(None),
    )
    return list(session.exec(query))


def answer(session: Session, lead_id: UUID, draft: LeadAnswerDraft, by: Actor) -> Lead:
    """Record a country's progress on a lead or its answer: accepted, actioned, negative or positive.

    Idempotent: the same answer again returns the lead; the same id with other content raises Conflict.
    """
    answered = _hold(session, lead_id)
    require(by, Act.LEAD_ANSWER, subject(answered, by.country))
    part: LeadCountry | None = session.exec(
        locked(select(LeadCountry).where(LeadCountry.lead_id == lead_id, LeadCountry.country == by.country))
    ).one_or_none()
    if part is None or part.shared_at is None or part.revoked_at is not None:
        raise NotFound
    said = {"lead_id": lead_id, "country": by.country, "answer": draft.answer, "remark": draft.remark}
    otherwise = Conflict("This answer was already sent with other content. Reload the page to see it.")
    if rows.same_draft(session, LeadAnswer, draft.id, said, otherwise):
        return answered
    refuse_erased(answered)
    if draft.answer not in _ANSWERS:
        raise RuleBroken("answer", "This is not an answer to a lead: choose another.")
    before = part.state
    PART.take(part, answered, draft.answer, by)
    moment = now()
    session.add(
        LeadAnswer(
            id=draft.id,
            lead_id=lead_id,
            country=part.country,
            origin_country=answered.origin_country,
            answer=draft.answer.value,
            remark=draft.remark,
            author_id=by.account_id,
            author_name=by.name,
            made_at=moment,
        )
    )
    if part.state in PART.ends:
        part.answered_at = moment
    session.add(part)
    _settle(session, answered, by, went=[before], came=[part.state])
    _record(session, answered, by, Act.LEAD_ANSWER, part.country, answer=part.state)
    return answered


def revoke(session: Session, lead_id: UUID, country: str, why: str, by: Actor) -> Lead:
    """Revoke a lead from a country that it was sent to, which sees it no more. Its answers are kept.

    Idempotent. Raises NotFound for a country that it was not sent to.
    """
    revoked = _hold(session, lead_id)
    require(by, Act.LEAD_WRITE, subject(revoked, by.country if by.national else None))
    if by.national and revoked.origin_country != by.country:
        raise NotFound
    refuse_erased(revoked)
    if not why.strip():
        raise RuleBroken("reason", "Give the reason. It is shown with the lead.")
    why = checked_reason(why)
    part = next((each for each in _parts(session, lead_id) if each.country == country), None)
    if part is None or part.shared_at is None:
        raise NotFound
    if part.revoked_at is None:
        part.revoked_at, part.revoked_reason = now(), why
        session.add(part)
        _settle(session, revoked, by, went=[part.state])
        _record(session, revoked, by, "lead.revoke", country)
    return revoked


def expire(session: Session, lead_id: UUID, country: str, by: Actor | System) -> Lead:
    """Mark a country's part as expired once its due time has passed; before, do nothing.

    The country may still answer.
    """
    found = _hold(session, lead_id)
    if isinstance(by, Actor):
        require(by, Act.LEAD_WRITE, subject(found, by.country if by.national else None))
    for part in _parts(session, lead_id):
        late = part.country == country and part.state in OPEN and part.due <= now()
        if late and part.revoked_at is None and found.erased_at is None:
            before = part.state
            PART.go(part, _S.EXPIRED)
            session.add(part)
            _settle(session, found, by, went=[before], came=[part.state])
            _record(session, found, by, "lead.expire", country)
    return found


def may_take_back(found: Lead, by: Actor) -> bool:
    """Return whether this person may revoke a lead: of the country it comes from, or of the coordination."""
    whose = by.country if by.national else None
    own = not by.national or found.origin_country == by.country
    return own and found.erased_at is None and may(by, Act.LEAD_WRITE, subject(found, whose))


def may_write(operation: plan.Operation, by: Actor) -> bool:
    """Return whether this person may write leads in this operation."""
    return may(by, Act.LEAD_WRITE, plan.subject(operation, by.country))


# --------------------------------------------------------------------------------------------------- internal


def _address(session: Session, found: Lead, draft: LeadDraft) -> None:
    """Update the parts to the countries that the newest version is addressed to.

    Countries that have the lead already keep it.
    """
    parts = {part.country: part for part in _parts(session, found.id)}
    for part in parts.values():
        if part.shared_at is None and part.country not in draft.to_countries:
            session.delete(part)
        elif part.shared_at is None or part.state in OPEN:
            part.due = draft.due
            session.add(part)
    for country in dict.fromkeys(draft.to_countries):
        if country not in parts:
            session.add(
                LeadCountry(
                    lead_id=found.id,
                    country=country,
                    operation_id=found.operation_id,
                    origin_country=found.origin_country,
                    subject_id=found.subject_id,
                    due=draft.due,
                )
            )


def _first(operation_id: UUID, draft: LeadDraft) -> Lead:
    return Lead(
        id=draft.lead_id,
        operation_id=operation_id,
        origin=draft.origin.value,
        origin_country=draft.origin_country,
        subject_kind=draft.subject_kind.value,
        subject_id=draft.subject_id,
        due=draft.due,
        made_at=now(),
    )


def _check_same_subject(found: Lead, operation_id: UUID, draft: LeadDraft, by: Actor) -> None:
    if by.national and found.origin_country != by.country:
        raise NotFound
    same = (found.operation_id, found.origin, found.origin_country, found.subject_kind, found.subject_id)
    if same != (operation_id, draft.origin, draft.origin_country, draft.subject_kind, draft.subject_id):
        raise RuleBroken("", "You cannot change the subject or the country of a lead. Write a new lead.")


def _hold(session: Session, lead_id: UUID) -> Lead:
    return rows.hold(session, Lead, lead_id)


def _parts(session: Session, lead_id: UUID) -> list[LeadCountry]:
    """Return the parts, locked for update.

    For the country the lead comes from and the coordination, who see all of them.
    """
    query = select(LeadCountry).where(LeadCountry.lead_id == lead_id).order_by(LeadCountry.country)
    return list(session.exec(locked(query)))


def _settle(
    session: Session, found: Lead, by: Actor | System, went: Sequence[str] = (), came: Sequence[str] = ()
) -> None:
    """Derive the lead's state from those of its parts, and call the subject's rules.

    `went` and `came`: states of parts that leave and enter the tally.
    """
    tally = Counter(found.tally)
    tally.update(came)
    tally.subtract(went)
    found.tally = dict(sorted((+tally).items()))
    LIFE.settle(found, found.tally)
    session.add(found)
    session.flush()
    rules = rules_of(found)
    if rules is not None:
        rules.after(session, found, by)


def _record(
    session: Session, found: Lead, by: Actor | System, act: str, country: str | None = None, **detail: Any
) -> None:
    journal.record(
        session,
        by,
        act,
        "lead",
        found.id,
        operation=found.operation_id,
        country=country or found.origin_country,
        subject=found.subject_kind,
        **detail,
    )
