"""Map files: the shapes of a foreign file become objects of the plan in one unit of work, and leave it in one.

The caller reads the file and measures its shapes. Each object keeps the number that it has in the file: with the id of
the import that makes the ids of its object and of its version, so that a second press changes nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID, uuid5

from sqlmodel import Session, col, select

from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.vocabulary import MapObjectKind, MapState
from operations.policing.map_plan import places
from operations.policing.map_plan.places import MapObject, MapObjectDraft, PlanAudience
from operations.policing.map_plan.shapes import MeasuredShape

MOST = 500
"""Objects that one file can bring: a plan with more cannot be read by anybody."""


class FileObject(NamedTuple):
    """One object of a file: its number there, what is said of it, and its measured shape."""

    number: int
    name: str
    kind: MapObjectKind
    note: str
    shape: MeasuredShape


def draft(import_id: UUID, found: FileObject, state: MapState, audience: PlanAudience) -> MapObjectDraft:
    """Return the draft of an object. Raises pydantic's ValidationError for texts that no object may have."""
    return MapObjectDraft(
        id=uuid5(import_id, f"version {found.number}"),
        object_id=uuid5(import_id, f"object {found.number}"),
        name=found.name,
        kind=found.kind,
        state=state,
        audience=audience,
        note=found.note,
    )


def add(
    session: Session, operation_id: UUID, objects: Sequence[tuple[MapObjectDraft, MeasuredShape]], by: Actor
) -> int:
    """Draw the objects of a file on the map, all or none, and return how many. Idempotent.

    Raises RuleBroken for none, for more than `MOST`, and for the first that `places.draw` refuses.
    """
    if not objects:
        raise RuleBroken("", "Nothing in the file can be brought in like this: choose kinds for its shapes.")
    if len(objects) > MOST:
        raise RuleBroken("", "A file can bring {most} objects into the plan at once. Divide it.", most=MOST)
    for made, shape in objects:
        places.draw(session, operation_id, made, shape, by)
    return len(objects)


def take_back(session: Session, import_id: UUID, by: Actor) -> int:
    """Take the objects of an import off the map again, and return how many: what somebody changed since stays.

    Raises RuleBroken where nothing is left to take back.
    """
    numbers = range(1, MOST + 1)
    ids = {uuid5(import_id, f"object {number}"): number for number in numbers}
    query = select(MapObject).where(
        col(MapObject.object_id).in_(ids), col(MapObject.current).is_(True), MapObject.version == 1
    )
    found = session.exec(query).all()
    if not found:
        raise RuleBroken("", "These objects are off the plan already, or somebody changed them since.")
    for each in found:
        places.undo(session, each.object_id, uuid5(import_id, f"back {ids[each.object_id]}"), by)
    return len(found)
