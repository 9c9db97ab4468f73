"""Diffs between versions of the plan: objects and sites added, changed and removed, by whom and when."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import journal
from operations.core.errors import NotFound
from operations.core.permissions import Act
from operations.policing.map_plan import places
from operations.policing.map_plan.places import MapObject, Site
from operations.policing.map_plan.versions import PlanVersion, objects_of, sites_of, version


class PlanChange(NamedTuple):
    """The change of one object or site; `before` is None for one added, `after` for one removed.

    `fields` are the names of the fields that differ; `moved` says whether the geometry does. `by` and `at` say who
    changed it last and when ("" and None where the journal is not the asker's to read).
    """

    before: MapObject | Site | None
    after: MapObject | Site | None
    fields: tuple[str, ...] = ()
    moved: bool = False
    by: str = ""
    at: datetime | None = None


class PlanDifference(NamedTuple):
    """The diff between two plans."""

    added: tuple[PlanChange, ...]
    changed: tuple[PlanChange, ...]
    removed: tuple[PlanChange, ...]


_FIELDS = ("kind", "state", "name", "note", "audience")
_SITE_FIELDS = ("name", "country", "site_type", "border_kind", "zone")


def difference(session: Session, a: UUID, b: UUID | None = None) -> PlanDifference:
    """Return the diff from the frozen plan `a` to the frozen plan `b`, or to the current plan.

    It holds only changes that the asker may see. Raises NotFound, also for two plans of different operations.
    """
    first = version(session, a)
    second = None if b is None else version(session, b)
    if second is not None and second.operation_id != first.operation_id:
        raise NotFound
    before = {each.object_id: each for each in objects_of(session, a)}
    now_on = places.objects(session, first.operation_id) if second is None else objects_of(session, second.id)
    after = {each.object_id: each for each in now_on}
    gone = _deletions(session, before.keys() - after.keys(), None if second is None else second.made_at)
    drawn = PlanDifference(
        added=tuple(_added(after[each]) for each in after if each not in before),
        changed=tuple(
            _changed(before[object_id], after[object_id])
            for object_id in after
            if object_id in before and _differ(before, after, object_id)
        ),
        removed=tuple(_removed(before[each], gone.get(each)) for each in before if each not in after),
    )
    placed = _sites_changed(session, first, second)
    return PlanDifference(*(one + other for one, other in zip(drawn, placed, strict=True)))


def steps(versions: Sequence[MapObject]) -> dict[UUID, PlanChange]:
    """Return the change of each version of one object against the version before it, by the version's id.

    `versions` are newest first, as `places.history` returns them; the first version is not among the keys.
    """
    return {newer.id: _changed(older, newer) for newer, older in pairwise(versions)}


def _differ(before: dict[UUID, MapObject], after: dict[UUID, MapObject], object_id: UUID) -> bool:
    """Return whether the visible fields differ: a change that was undone leaves no difference."""
    change = _changed(before[object_id], after[object_id])
    return bool(change.fields) or change.moved


def _added(after: MapObject) -> PlanChange:
    return PlanChange(None, after, by=after.author_name, at=after.made_at)


def _changed(before: MapObject, after: MapObject) -> PlanChange:
    fields = tuple(name for name in _FIELDS if getattr(before, name) != getattr(after, name))
    return PlanChange(before, after, fields, before.geometry != after.geometry, after.author_name, after.made_at)


def _removed(before: MapObject, deletion: MapObject | None) -> PlanChange:
    if deletion is None:
        return PlanChange(before, None)
    return PlanChange(before, None, by=deletion.author_name, at=deletion.made_at)


def _deletions(session: Session, object_ids: Iterable[UUID], until: datetime | None) -> dict[UUID, MapObject]:
    """Return the last version that deleted each object, by `until` where given."""
    query = select(MapObject).where(col(MapObject.object_id).in_(list(object_ids)), col(MapObject.deleted).is_(True))
    if until is not None:
        query = query.where(MapObject.made_at <= until)
    return {each.object_id: each for each in session.exec(query.order_by(col(MapObject.version)))}


def _sites_changed(session: Session, first: PlanVersion, second: PlanVersion | None) -> PlanDifference:
    before = {each.id: each for each in sites_of(session, first.id)}
    now_open = places.sites(session, first.operation_id) if second is None else sites_of(session, second.id)
    after = {each.id: each for each in now_open}
    new, closed = [each for each in after if each not in before], [each for each in before if each not in after]
    mended = [each for each in after if each in before and after[each].version != before[each].version]
    query = select(journal.Entry).where(
        col(journal.Entry.object_id).in_([*new, *closed, *mended]),
        col(journal.Entry.act).in_([Act.SITE_PLACE, "site.correct", "site.close"]),
    )
    told = {(each.object_id, each.act): each for each in session.exec(query.order_by(col(journal.Entry.seq)))}
    corrected = (_corrected(before[each], after[each], told.get((each, "site.correct"))) for each in mended)
    return PlanDifference(
        added=tuple(PlanChange(None, after[each], **_who(told.get((each, Act.SITE_PLACE.value)))) for each in new),
        changed=tuple(each for each in corrected if each.fields or each.moved),
        removed=tuple(PlanChange(before[each], None, **_who(told.get((each, "site.close")))) for each in closed),
    )


def _corrected(before: Site, after: Site, entry: journal.Entry | None) -> PlanChange:
    fields = tuple(name for name in _SITE_FIELDS if getattr(before, name) != getattr(after, name))
    return PlanChange(before, after, fields, (before.lat, before.lon) != (after.lat, after.lon), **_who(entry))


def _who(entry: journal.Entry | None) -> dict[str, Any]:
    return {} if entry is None else {"by": entry.actor_name, "at": entry.at}
