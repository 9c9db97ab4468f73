"""Leads about cases: permission to send, conditions, and their effect on the case (domain 1.6.8, 6.8)."""

from collections.abc import Iterable, Mapping
from textwrap import shorten
from typing import Any, cast
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import now
from operations.core.errors import Flaw, RuleBroken
from operations.core.people import Actor, System
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import FugitiveState, LeadState, LeadSubject
from operations.core.worklist import CandidateRow
from operations.policing.fugitives import case_lifecycle
from operations.policing.fugitives.case_rows import FugitiveCase, subject
from operations.policing.fugitives.cases import case, hold
from operations.policing.leads import leads
from operations.policing.operation import outward_acts

_S = FugitiveState
_TRACED = (_S.UNDER_REVIEW.value, _S.LEAD_OUT.value)


def send(session: Session, draft: leads.LeadDraft, by: Actor) -> leads.Lead:
    """Write a lead about a case and send it at once; the case moves to the state "lead out"."""
    if draft.subject_kind is not LeadSubject.FUGITIVE_CASE or draft.subject_id is None:
        raise RuleBroken("subject_id", "Choose what this lead is about.")
    about = case(session, draft.subject_id)
    made = leads.write(session, about.operation_id, draft, by)
    return leads.share(session, made.id, by)


def lead_flaws(session: Session, about: FugitiveCase, by: Actor) -> list[Flaw]:
    """Return the reasons why `by` cannot send a lead about a case now; none where they can."""
    if not may(by, Act.FUGITIVE_TRACE, subject(about)):
        return [Flaw("", "An analyst of the coordination unit sends leads about cases.")]
    if refused := outward_acts.obstacle(session, about.operation_id, "lead.share"):
        return [refused]
    if about.state not in _TRACED or about.erased_at is not None:
        return [Flaw("", "You can send a lead only while the case is under review or has a lead out.")]
    return case_lifecycle.notice_flaws(session, about)


def _known(session: Session, case_id: UUID, by: Actor) -> FugitiveCase:
    """Return the case for an analyst who may ask about it. Raises NotFound for everybody else."""
    found = case(session, case_id)
    require(by, Act.FUGITIVE_TRACE, subject(found))
    return found


def _before_sharing(session: Session, lead: leads.Lead, by: Actor) -> None:
    about = hold(session, _subject(lead))
    if lead.origin_country != about.requesting_country:
        raise RuleBroken("origin_country", "A lead about a case is a lead of the country that asks for the person.")
    if flaws := lead_flaws(session, about, by):
        raise RuleBroken.all(flaws)


def _after(session: Session, lead: leads.Lead, by: Actor | System) -> None:
    """Update the case after a change of a lead: "lead out" when one was sent, `news_at` when an answer is positive."""
    if lead.tally.get(LeadState.SHARED.value) and isinstance(by, Actor) and not by.national:
        about = hold(session, _subject(lead))
        if about.state == _S.UNDER_REVIEW:
            case_lifecycle.go(session, about, _S.LEAD_OUT, by)
    if lead.state == LeadState.POSITIVE:
        about = hold(session, _subject(lead))
        if about.news_at is None:
            about.news_at = now()
            session.add(about)


def _subject(lead: leads.Lead) -> UUID:
    if lead.subject_id is None:
        raise RuleBroken("subject_id", "Choose what this lead is about.")
    return lead.subject_id


@leads.PART.rows
def _asked(session: Session, _by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    """Return parts of leads as worklist candidates, with the case of a lead about one: the board of cases answers
    these.
    """
    part = leads.LeadCountry
    query = (
        select(part, leads.Lead, FugitiveCase)
        .join(leads.Lead, col(leads.Lead.id) == col(part.lead_id))
        .join(FugitiveCase, col(FugitiveCase.id) == col(part.subject_id), isouter=True)
        .where(col(part.state).in_(states), col(part.operation_id).in_(owners.keys()))
    )
    found = [
        each
        for each in cast(Iterable[tuple[Any, leads.Lead, FugitiveCase | None]], session.exec(query))
        if each[2] is not None or each[1].subject_kind != LeadSubject.FUGITIVE_CASE
    ]
    questions = leads.questions(session, [lead.id for _part, lead, about in found if about is None])
    return [
        CandidateRow(
            part_row,
            lead,
            part_row.operation_id,
            {
                "id": lead.id,
                "of": part_row.subject_id,
                "case": about.case_no if about else "",
                "words": shorten(questions.get(lead.id, ""), 90, placeholder="…"),
            },
        )
        for part_row, lead, about in found
    ]


leads.about(LeadSubject.FUGITIVE_CASE, leads.SubjectRules(_known, _before_sharing, _after))
