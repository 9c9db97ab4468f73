"""Subjects of leads: rules that the module of an object declares for leads about it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from operations.core.errors import NotFound, RuleBroken
from operations.core.people import Actor, System
from operations.core.vocabulary import LeadSubject
from operations.policing.leads.drafts import LeadDraft
from operations.policing.leads.rows import Lead


@dataclass(frozen=True)
class SubjectRules:
    """Rules of a kind of subject: who may ask about it, when a lead may be sent, and the effect of a change.

    `known` raises NotFound for a subject that this person may not ask about. `before_sharing` raises RuleBroken when
    the lead may not be sent now; `after` is called after every change of a lead's state.
    """

    known: Callable[[Session, UUID, Actor], object]
    before_sharing: Callable[[Session, Lead, Actor], object]
    after: Callable[[Session, Lead, Actor | System], object]


_about: dict[LeadSubject, SubjectRules] = {}


def about(kind: LeadSubject, rules: SubjectRules) -> None:
    """Declare the rules for leads about objects of `kind`. Without a declaration no lead names such an object."""
    _about[kind] = rules


def rules_of(lead: Lead) -> SubjectRules | None:
    """Return the rules for the subject of a lead; None where it has no subject."""
    return _about.get(LeadSubject(lead.subject_kind)) if lead.subject_id is not None else None


def check_subject(session: Session, draft: LeadDraft, by: Actor) -> None:
    """Check that `by` may ask about the subject of a draft.

    Raises NotFound, and RuleBroken where a subject is missing.
    """
    rules = _about.get(draft.subject_kind)
    if draft.subject_id is None:
        if rules is not None:
            raise RuleBroken("subject_id", "Choose what this lead is about.")
        return
    if rules is None:
        raise NotFound
    rules.known(session, draft.subject_id, by)


def needed(subject_id: UUID | None) -> UUID:
    """Return the subject's identifier. Raises NotFound where there is none."""
    if subject_id is None:
        raise NotFound
    return subject_id
