"""Adoption of the result of an analysis into the plan, by a person and never automatically.

Identifiers of the objects are derived from the analysis, so that adoption is idempotent.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlmodel import Session, col, select

from operations.analyses.questions import ASKED
from operations.core import jobs, journal
from operations.core.clock import now
from operations.core.drafts import Draft, Name, Words
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.vocabulary import JobState, MapObjectKind, MapState
from operations.policing import analyses
from operations.policing.analyses import Analysis
from operations.policing.map_plan import places
from operations.policing.map_plan.places import MapObject, MapObjectDraft, PlanAudience
from operations.policing.map_plan.shapes import MeasuredShape
from operations.policing.operation import plan


class AdoptionDraft(Draft):
    """Draft of an adoption: a part of a result that becomes an object of the plan.

    `ref` is its name in the result: the same ref is the same object.
    """

    ref: Name
    kind: MapObjectKind
    name: Name
    note: Words = ""
    audience: PlanAudience = PlanAudience.PARTICIPANTS


class Adopted(NamedTuple):
    """An adoption with its measured shape."""

    draft: AdoptionDraft
    shape: MeasuredShape


def object_of(analysis_id: UUID, ref: str) -> UUID:
    """Return the identifier of the plan's object that `ref` of an analysis becomes."""
    return uuid5(analysis_id, f"object {ref}")


def adopt(
    session: Session, operation_id: UUID, analysis_id: UUID, chosen: Iterable[Adopted], by: Actor
) -> list[MapObject]:
    """Adopt parts of a finished analysis into the plan, as planned objects, all or none.

    Idempotent: parts adopted before are returned, even where they were changed or deleted since. Raises NotFound,
    Conflict for a ref that was adopted with other words or another shape, RuleBroken for an analysis that is not
    finished, a kind of object that such an analysis does not find, and a shape that does not fit.
    """
    adopted = _hold(session, operation_id, analysis_id, by)
    wanted = list(chosen)
    _refuse(adopted, wanted)
    drafts = [_draft(analysis_id, each.draft) for each in wanted]
    before = _drawn(session, drafts)
    drawn = [
        places.draw(session, operation_id, draft, part.shape, by) for draft, part in zip(drafts, wanted, strict=True)
    ]
    new = [str(made.object_id) for made in drawn if made.id not in before]
    if new:
        adopted.adopted_at = adopted.adopted_at or now()
        session.add(adopted)
        journal.record(
            session,
            by,
            Act.ANALYSIS_ADOPT,
            "analysis",
            adopted.id,
            operation=operation_id,
            kind=adopted.kind,
            count=len(new),
            objects=new,
        )
    return drawn


def _hold(session: Session, operation_id: UUID, analysis_id: UUID, by: Actor) -> Analysis:
    found = jobs.hold(session, Analysis, analysis_id)
    if found is None or found.operation_id != operation_id:
        raise NotFound
    plan.operation(session, operation_id, by)
    require(by, Act.ANALYSIS_ADOPT, analyses.subject(found))
    return found


def _refuse(found: Analysis, wanted: list[Adopted]) -> None:
    if found.state != JobState.DONE:
        raise RuleBroken("", "This analysis has not finished. Wait for its result, then adopt it.")
    if not wanted:
        raise RuleBroken("", "Nothing was chosen: choose what to adopt.")
    refs = [each.draft.ref for each in wanted]
    if len(set(refs)) != len(refs):
        raise RuleBroken("ref", "You chose the same place twice. Choose it once.")
    if any(each.draft.kind not in ASKED[found.kind].becomes for each in wanted):
        raise RuleBroken("kind", "This kind of analysis has no such objects. Choose another part of its result.")


def _drawn(session: Session, drafts: list[MapObjectDraft]) -> set[UUID]:
    """Return which of these versions exist already."""
    return set(session.exec(select(MapObject.id).where(col(MapObject.id).in_([each.id for each in drafts]))))


def _draft(analysis_id: UUID, draft: AdoptionDraft) -> MapObjectDraft:
    content: dict[str, Any] = draft.model_dump(exclude={"ref"})
    return MapObjectDraft(
        id=uuid5(analysis_id, f"version {draft.ref}"),
        object_id=object_of(analysis_id, draft.ref),
        state=MapState.PLANNED,
        **content,
    )
