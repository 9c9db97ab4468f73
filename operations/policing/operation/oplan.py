"""The operational plan (domain 1.3): a checklist of sections, each with a text and a state.

Sections are versions: writing adds one. Leadership's approval freezes a version of the whole, whose fingerprint proves
that it is unchanged. Later writing is an amendment until it is approved in turn. Countries comment on sections; the
coordinator answers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import func
from sqlmodel import Session, col, select

from operations.core import journal, pulse, rows, vocabulary
from operations.core.clock import now
from operations.core.drafts import FIELD, Draft, Prose, Words, parse, rule
from operations.core.errors import Conflict, Flaw, RuleBroken, Stale
from operations.core.field_labels import N_, Label
from operations.core.ids import fingerprint, new_id
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import locked, unscoped
from operations.core.vocabulary import InList, PlanVersionState, Role, SectionState
from operations.policing.operation import plan
from operations.policing.operation.oplan_rows import (
    LIFE,
    TASKS,
    OplanComment,
    OplanItem,
    OplanSection,
    OplanVersion,
)

__all__ = [
    "ALWAYS_NEEDED",
    "SECTIONS",
    "TASKS",
    "UNFINISHED",
    "AmendmentDraft",
    "OplanComment",
    "OplanItem",
    "OplanSection",
    "OplanVersion",
    "SectionChange",
    "SectionCommentDraft",
    "SectionDraft",
    "answer",
    "approve",
    "changes",
    "comment",
    "comments",
    "content_hash",
    "freeze",
    "in_force",
    "intact",
    "sections",
    "sections_of",
    "unfinished",
    "versions",
    "write",
]

SECTIONS = vocabulary.codes("CL-OPLAN")
ALWAYS_NEEDED = frozenset({"aim_objectives", TASKS, "command_control", "incident_reporting", "fundamental_rights"})
"""Sections that every kind of operation needs: they cannot be marked as not applicable."""

_READERS_MEANWHILE = pulse.CENTRE | pulse.centre(Role.NATIONAL_COORDINATOR)
"""The audience of sections before they are approved."""

UNFINISHED = Flaw("oplan", "The operational plan is not complete: {count} of {all} sections are still open.")
_NOTHING_SAID = rule("section_empty", "Write the section first, or say why it does not apply.")
_UNFILLED = rule("section_unfilled", "Fill in what stands in [brackets] first, or take the brackets away.")
_TO_FILL_IN = re.compile(r"\[[^\[\]\n]+\]")
_ALWAYS_NEEDED = rule("section_needed", "Every operation needs this section. Write it.")

# ---------------------------------------------------------------------------------------------------- drafts


class SectionDraft(Draft):
    """Draft of a section: `id` names this version, `supersedes_id` the one that was on the screen."""

    id: UUID
    section: Annotated[str, InList("CL-OPLAN")]
    supersedes_id: UUID | None = None
    text: Annotated[Prose, Label(N_("Text"), N_("No names of persons, no telephone numbers: functions and ranks."))] = (
        ""
    )
    state: Annotated[SectionState, Label(N_("How far is it?"), draws="few", listed="CL-OPLANSTATE")] = SectionState.OPEN

    @model_validator(mode="after")
    def _says_something(self) -> "SectionDraft":
        if self.state is not SectionState.OPEN and not self.text:
            raise PydanticCustomError(_NOTHING_SAID, "empty", {FIELD: "text"})
        if self.state is SectionState.COMPLETE and _TO_FILL_IN.search(self.text):
            raise PydanticCustomError(_UNFILLED, "unfilled", {FIELD: "text"})
        if self.state is SectionState.NOT_APPLICABLE and self.section in ALWAYS_NEEDED:
            raise PydanticCustomError(_ALWAYS_NEEDED, "needed", {FIELD: "state"})
        return self


class AmendmentDraft(Draft):
    """Draft of an approval: `content_hash` is the fingerprint of what was read, so that nothing else is approved."""

    id: UUID
    content_hash: Annotated[str, Rule(min_length=64, max_length=64)]
    note: Annotated[Words, Label(N_("Note on the amendment"))] = ""


class SectionCommentDraft(Draft):
    """Draft of a country's comment on a section."""

    id: UUID
    section: Annotated[str, InList("CL-OPLAN")]
    text: Annotated[
        Words,
        Rule(min_length=1),
        Label(N_("Comment of your country"), N_("Seen by those who coordinate and leadership.")),
    ]


class CommentAnswerDraft(Draft):
    """Draft of the coordinator's answer to a comment."""

    text: Annotated[Words, Rule(min_length=1)]


# ------------------------------------------------------------------------------------------------- questions


def sections(session: Session, operation_id: UUID) -> dict[str, OplanSection]:
    """Return the sections as currently written, by code in the order of the list, without those never written."""
    found = session.exec(_current(operation_id)).all()
    return {each.section: each for each in sorted(found, key=_order)}


def unfinished(session: Session, operation_id: UUID) -> list[str]:
    """Return the sections that are neither complete nor marked as not applicable.

    Unscoped, since a guard counts them.
    """
    found = session.exec(unscoped(_current(operation_id))).all()
    done = {each.section for each in found if each.state != SectionState.OPEN}
    return [code for code in SECTIONS if code not in done]


def versions(session: Session, operation_id: UUID) -> list[OplanVersion]:
    """Return the approved versions, newest first."""
    query = select(OplanVersion).where(OplanVersion.operation_id == operation_id)
    return list(session.exec(query.order_by(col(OplanVersion.number).desc())))


def in_force(session: Session, operation_id: UUID) -> OplanVersion | None:
    """Return the version in force, None before the first approval."""
    return next((each for each in versions(session, operation_id) if each.state == PlanVersionState.APPROVED), None)


def sections_of(session: Session, version: OplanVersion) -> dict[str, OplanSection]:
    """Return the sections of an approved version that the asker may read."""
    query = select(OplanSection).join(OplanItem, col(OplanItem.section_id) == col(OplanSection.id))
    found = session.exec(query.where(OplanItem.version_id == version.id)).all()
    return {each.section: each for each in sorted(found, key=_order)}


def comments(session: Session, operation_id: UUID) -> list[OplanComment]:
    """Return the comments of countries, oldest first."""
    query = select(OplanComment).where(OplanComment.operation_id == operation_id)
    return list(session.exec(query.order_by(col(OplanComment.made_at), col(OplanComment.id))))


def content_hash(found: Sequence[OplanSection]) -> str:
    """Return the fingerprint of sections: equal texts and states give an equal fingerprint."""
    return fingerprint([[each.section, each.state, each.text] for each in sorted(found, key=_order)])


def intact(session: Session, version: OplanVersion) -> bool:
    """Return whether an approved version still has its fingerprint. For readers of the whole plan."""
    return content_hash(list(sections_of(session, version).values())) == version.content_hash


@dataclass(frozen=True)
class SectionChange:
    """A section that differs between two states of the plan; None where one of them has no such section."""

    section: str
    before: OplanSection | None
    after: OplanSection | None


def changes(before: dict[str, OplanSection], after: dict[str, OplanSection]) -> list[SectionChange]:
    """Return the sections that differ between two states of the plan, in the order of the list."""
    found = (SectionChange(code, before.get(code), after.get(code)) for code in SECTIONS)
    return [each for each in found if _wording(each.before) != _wording(each.after)]


def _wording(section: OplanSection | None) -> tuple[str, str]:
    return (section.state, section.text) if section is not None else (SectionState.OPEN.value, "")


def _order(section: OplanSection) -> int:
    return SECTIONS.index(section.section)


def _current(operation_id: UUID) -> Any:
    return select(OplanSection).where(OplanSection.operation_id == operation_id, col(OplanSection.current).is_(True))


# ----------------------------------------------------------------------------------------------------- verbs


def write(session: Session, operation_id: UUID, drafts: Sequence[SectionDraft], by: Actor) -> dict[str, OplanSection]:
    """Write sections of the plan and return all current ones. An unchanged section adds no version.

    After the approval this is an amendment: the approved version stays in force until leadership approves again.
    Raises Conflict when a section changed since it was on the screen.
    """
    owner = plan.hold(session, operation_id, by)
    require(by, Act.OPLAN_WRITE, plan.subject(owner))
    if owner.state in plan.ENDED:
        raise RuleBroken("", "The operation has ended. Its plan can no longer change.")
    written = [draft.section for draft in drafts if _written(session, owner, draft, by)]
    session.flush()
    if written:
        journal.record(
            session,
            by,
            Act.OPLAN_WRITE,
            "oplan",
            operation_id,
            operation=operation_id,
            audience=_READERS_MEANWHILE,
            sections=written,
        )
    return sections(session, operation_id)


def _written(session: Session, owner: plan.Operation, draft: SectionDraft, by: Actor) -> bool:
    """Add a version of one section. Return False where nothing changed."""
    said = {"operation_id": owner.id, "section": draft.section, "state": draft.state, "text": draft.text}
    otherwise = Conflict("This version of the section was already saved with other content. Reload the page to see it.")
    if rows.same_draft(session, OplanSection, draft.id, said, otherwise):
        return False
    newest = session.exec(_current(owner.id).where(OplanSection.section == draft.section)).one_or_none()
    if (newest.id if newest else None) != draft.supersedes_id:
        raise Stale
    if _wording(newest) == (draft.state.value, draft.text):
        return False
    if newest is not None:
        newest.current = False
        session.add(newest)
        session.flush()
    made = OplanSection(
        **draft.model_dump(exclude={"state"}),
        state=draft.state.value,
        operation_id=owner.id,
        version=newest.version + 1 if newest else 1,
        **rows.author(by),
    )
    session.add(made)
    return True


def freeze(session: Session, operation: plan.Operation, by: Actor) -> OplanVersion:
    """Approve the plan as written, together with the operation itself: `lifecycle` has checked its guards."""
    require(by, Act.OPLAN_APPROVE, plan.subject(operation))
    return _approve(session, operation, new_id(), "", by)


def approve(session: Session, operation_id: UUID, draft: AmendmentDraft, by: Actor) -> OplanVersion:
    """Approve an amendment: the current sections come into force in place of the version before.

    Idempotent. Raises Conflict where a section was written since it was read.
    """
    owner = plan.hold(session, operation_id, by)
    require(by, Act.OPLAN_APPROVE, plan.subject(owner))
    said = {"operation_id": operation_id, "note": draft.note, "content_hash": draft.content_hash}
    otherwise = Conflict("This version of the plan was already approved with other content. Reload the page to see it.")
    if known := rows.same_draft(session, OplanVersion, draft.id, said, otherwise):
        return known
    if in_force(session, operation_id) is None:
        raise RuleBroken("", "The first version is approved with the operation itself, on its overview.")
    if owner.state in plan.ENDED:
        raise RuleBroken("", "The operation has ended. Its plan can no longer change.")
    left = unfinished(session, operation_id)
    if left:
        raise RuleBroken("", UNFINISHED.template, count=len(left), all=len(SECTIONS))
    if content_hash(list(sections(session, operation_id).values())) != draft.content_hash:
        raise Stale("Somebody wrote in the plan while you were reading. Reload the page to see the change.")
    return _approve(session, owner, draft.id, draft.note, by)


def _approve(session: Session, owner: plan.Operation, version_id: UUID, note: str, by: Actor) -> OplanVersion:
    written = sections(session, owner.id)
    hashed = content_hash(list(written.values()))
    before = session.exec(
        locked(
            select(OplanVersion).where(
                OplanVersion.operation_id == owner.id, OplanVersion.state == PlanVersionState.APPROVED.value
            )
        )
    ).one_or_none()
    if before is not None and before.content_hash == hashed:
        raise RuleBroken("", "The plan has not changed since the last approval. There is nothing to approve.")
    if any(each.author_id == by.account_id for each in written.values()):
        raise RuleBroken("", "Somebody else must approve this plan: you wrote a part of it.")
    if before is not None:
        LIFE.go(before, PlanVersionState.SUPERSEDED)
        session.add(before)
        session.flush()
    last = session.exec(
        unscoped(select(func.max(OplanVersion.number)).where(OplanVersion.operation_id == owner.id))
    ).one()
    made = OplanVersion(
        id=version_id,
        operation_id=owner.id,
        number=(last or 0) + 1,
        note=note,
        content_hash=hashed,
        approved_by=by.account_id,
        approved_name=by.name,
        approved_at=now(),
    )
    session.add(made)
    session.flush()
    session.add_all(OplanItem(version_id=made.id, section_id=each.id) for each in written.values())
    journal.record(
        session,
        by,
        Act.OPLAN_APPROVE,
        "oplan",
        made.id,
        operation=owner.id,
        audience=pulse.EVERYBODY,
        number=made.number,
        hash=hashed[:12],
    )
    return made


def comment(session: Session, operation_id: UUID, draft: SectionCommentDraft, by: Actor) -> OplanComment:
    """Comment on a section, for a country. Idempotent."""
    owner = plan.operation(session, operation_id, by)
    require(by, Act.OPLAN_COMMENT, plan.subject(owner, by.country))
    said = {"operation_id": operation_id, "section": draft.section, "text": draft.text}
    otherwise = Conflict("This comment was already sent with other words. Reload the page to see it.")
    if known := rows.same_draft(session, OplanComment, draft.id, said, otherwise):
        return known
    made = OplanComment(
        **draft.model_dump(),
        operation_id=operation_id,
        country=by.country or "",
        **rows.author(by),
    )
    session.add(made)
    journal.record(
        session,
        by,
        Act.OPLAN_COMMENT,
        "oplan_comment",
        made.id,
        operation=operation_id,
        country=made.country,
        section=made.section,
    )
    return made


def answer(session: Session, comment_id: UUID, words: str, by: Actor) -> OplanComment:
    """Answer a comment, once. Idempotent for the same answer."""
    commented = rows.hold(session, OplanComment, comment_id)
    require(by, Act.OPLAN_WRITE, plan.subject(plan.operation(session, commented.operation_id, by)))
    words = parse(CommentAnswerDraft, {"text": words}).text
    if commented.answer == words:
        return commented
    if commented.answered_at is not None:
        raise Conflict("Somebody answered this comment already. Reload the page to see the answer.")
    commented.answer, commented.answered_name, commented.answered_at = words, by.name, now()
    session.add(commented)
    journal.record(
        session,
        by,
        "oplan.answer",
        "oplan_comment",
        commented.id,
        operation=commented.operation_id,
        country=commented.country,
        section=commented.section,
    )
    return commented
