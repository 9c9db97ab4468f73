"""Adopting the result of an analysis: what it found becomes objects of the plan, by a person's word, never silently.

Objects get their identifiers from the analysis, so that adopting twice draws once.
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
    """One thing to be put on the plan. `ref` is what the result calls it: the same ref is the same object."""

    ref: Name
    kind: MapObjectKind
    name: Name
    note: Words = ""
    audience: PlanAudience = PlanAudience.PARTICIPANTS


class Adopted(NamedTuple):
    """Something to be put on the plan, with its measured shape."""

    draft: AdoptionDraft
    shape: MeasuredShape


def object_of(analysis_id: UUID, ref: str) -> UUID:
    """The identifier of the object of the plan that `ref` of an analysis becomes."""
    return uuid5(analysis_id, f"object {ref}")


def adopt(
    session: Session, operation_id: UUID, analysis_id: UUID, chosen: Iterable[Adopted], by: Actor
) -> list[MapObject]:
    """Put what a done analysis found onto the plan, as planned objects, all or none.

    What was adopted before is answered as before, even where it was changed or deleted since. Raises NotFound, Conflict
    for a ref that was adopted with other words or another shape, RuleBroken for an analysis that has not come to its
    end, an object that such an analysis does not find, and a shape that does not fit.
    """
    found = _hold(session, operation_id, analysis_id, by)
    wanted = list(chosen)
    _refuse(found, wanted)
    drafts = [_draft(analysis_id, each.draft) for each in wanted]
    before = _drawn(session, drafts)
    drawn = [
        places.draw(session, operation_id, draft, each.shape, by) for draft, each in zip(drafts, wanted, strict=True)
    ]
    new = [str(made.object_id) for made in drawn if made.id not in before]
    if new:
        found.adopted_at = found.adopted_at or now()
        session.add(found)
        journal.record(
            session,
            by,
            Act.ANALYSIS_ADOPT,
            "analysis",
            found.id,
            operation=operation_id,
            kind=found.kind,
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
        raise RuleBroken("", "Only the result of an analysis that has come to its end can be adopted.")
    if not wanted:
        raise RuleBroken("", "Nothing was chosen: choose what to adopt.")
    refs = [each.draft.ref for each in wanted]
    if len(set(refs)) != len(refs):
        raise RuleBroken("ref", "The same place was chosen twice: choose it once.")
    if any(each.draft.kind not in ASKED[found.kind].becomes for each in wanted):
        raise RuleBroken("kind", "An analysis of this kind does not find objects of this kind.")


def _drawn(session: Session, drafts: list[MapObjectDraft]) -> set[UUID]:
    """Which of these versions are on the plan's record already."""
    return set(session.exec(select(MapObject.id).where(col(MapObject.id).in_([each.id for each in drafts]))))


def _draft(analysis_id: UUID, draft: AdoptionDraft) -> MapObjectDraft:
    content: dict[str, Any] = draft.model_dump(exclude={"ref"})
    return MapObjectDraft(
        id=uuid5(analysis_id, f"version {draft.ref}"),
        object_id=object_of(analysis_id, draft.ref),
        state=MapState.PLANNED,
        **content,
    )
