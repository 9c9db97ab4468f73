"""What a lead may be about: the module of an object says who asks about it, and what follows."""

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
    """What the module of a kind of subject says about leads: who may ask, when one may go out, and what follows.

    `known` raises NotFound for a subject that this person may not ask about. `before_sharing` raises RuleBroken when
    the lead may not go out now; `after` is told of every change of a lead's state.
    """

    known: Callable[[Session, UUID, Actor], object]
    before_sharing: Callable[[Session, Lead, Actor], object]
    after: Callable[[Session, Lead, Actor | System], object]


_about: dict[LeadSubject, SubjectRules] = {}


def about(kind: LeadSubject, rules: SubjectRules) -> None:
    """Declare the rules for leads about objects of `kind`. Without a declaration no lead names such an object."""
    _about[kind] = rules


def rules_of(lead: Lead) -> SubjectRules | None:
    """The rules for what a lead is about; None where it is about no object."""
    return _about.get(LeadSubject(lead.subject_kind)) if lead.subject_id is not None else None


def check_subject(session: Session, draft: LeadDraft, by: Actor) -> None:
    """What a draft is about may be asked about by `by`. Raises NotFound, and RuleBroken where it names nothing."""
    rules = _about.get(draft.subject_kind)
    if draft.subject_id is None:
        if rules is not None:
            raise RuleBroken("subject_id", "Choose what this lead is about.")
        return
    if rules is None:
        raise NotFound
    rules.known(session, draft.subject_id, by)


def needed(subject_id: UUID | None) -> UUID:
    """The object that a lead is about. Raises NotFound where it names none."""
    if subject_id is None:
        raise NotFound
    return subject_id
