"""Imported layers of events and indicators: their metadata, content and map marks.

A layer's metadata (source, licence, period, accuracy) is printed on every map that shows it. A layer is a chain of
versions, so that nothing is lost: `imports` adds them. The events are one packed table in a row of their own, so that
lists never load it; the marks that the map shows are counted at import and stored in blocks.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, false, text
from sqlmodel import Field, Session, SQLModel, col, func, select

from operations.core import rows
from operations.core.clock import UtcDateTime
from operations.core.errors import existing
from operations.core.people import Actor
from operations.core.store import scoped
from operations.core.vocabulary import Classification, LayerKind, Role
from operations.policing.map_plan.places import PlanAudience
from operations.policing.operation import plan
from operations.policing.operation.withholding import withheld

# ---------------------------------------------------------------------------------------------------- tables


class EventLayer(SQLModel, table=True):
    """One version of a layer. The newest has `current`; a removal is a version too.

    `content_id` names the version that brought the content. `accepted` and `refused` count rows of the file; `west` to
    `north` are its bounds (EPSG:4326, degrees; west is greater than east across 180°; None where no row has a
    position); `findings` are stored sentences about the file; `size` (bytes) and `sha256` are those of the content.
    """

    __tablename__ = "event_layer"
    __table_args__ = (
        UniqueConstraint("layer_id", "version"),
        CheckConstraint("period_to >= period_from", name="period_in_order"),
        CheckConstraint("accepted > 0 AND refused >= 0", name="counts"),
        Index("ix_event_layer_current", "operation_id", "current"),
        Index(
            "uq_event_layer_one_current",
            "layer_id",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )
    id: UUID = Field(primary_key=True)
    layer_id: UUID = Field(index=True)
    version: int
    supersedes_id: UUID | None = Field(default=None, foreign_key="event_layer.id")
    content_id: UUID = Field(foreign_key="event_layer.id", index=True)
    current: bool = True
    removed: bool = False
    operation_id: UUID = Field(foreign_key="operation.id")
    country: str | None = Field(default=None, max_length=3)
    audience: str = Field(max_length=16)
    classification: str = Field(max_length=20)
    kind: str = Field(max_length=24)
    name: str = Field(max_length=120)
    source: str = Field(max_length=300)
    licence: str = Field(max_length=300)
    period_from: date
    period_to: date
    accuracy: str = Field(default="", max_length=300)
    accuracy_m: float | None = None
    retrieved: date
    mapping: dict[str, Any] = Field(sa_type=JSON)
    accepted: int
    refused: int
    west: float | None = None
    south: float | None = None
    east: float | None = None
    north: float | None = None
    findings: list[dict[str, Any]] = Field(sa_type=JSON)
    size: int
    sha256: str = Field(max_length=64)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class LayerContent(SQLModel, table=True):
    """The events of a layer as one packed table, encoded and decoded by the caller (Arrow IPC). Immutable."""

    __tablename__ = "layer_content"
    version_id: UUID = Field(primary_key=True, foreign_key="event_layer.id")
    data: bytes


class LayerMarks(SQLModel, table=True):
    """A block of a layer's precomputed map marks, encoded and decoded by the caller. Immutable.

    `zoom` is the level, `number` the block's index in it; `west` to `north` are its bounds (EPSG:4326, degrees), and
    `marks` how many it holds. Content without positions has no block.
    """

    __tablename__ = "layer_marks"
    content_id: UUID = Field(primary_key=True, foreign_key="event_layer.id")
    zoom: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    west: float
    south: float
    east: float
    north: float
    marks: int
    data: bytes


# ------------------------------------------------------------------------------------------------ visibility


def cleared(column: Any, actor: Actor) -> Any:
    """Return an SQL condition: `column` holds a classification that the actor is cleared for."""
    return col(column).in_([level.value for level in Classification if level.rank <= actor.clearance.rank])


@scoped(EventLayer)
def _layers_seen(actor: Actor) -> Any:
    """Visible as objects of the map are: a country sees its own layers and those for all participants.

    Leadership sees no results of its operations in single events; auditors see no layers at all.
    """
    if actor.role is Role.AUDITOR:
        return false()
    reach = plan.within_reach(EventLayer.operation_id, actor) & cleared(EventLayer.classification, actor)
    if actor.role is Role.LEADERSHIP:
        return reach & (col(EventLayer.kind) != LayerKind.OWN_RESULTS.value)
    if not actor.national:
        return reach
    shown = (col(EventLayer.audience) == PlanAudience.PARTICIPANTS.value) & ~withheld(
        EventLayer.operation_id, EventLayer.country, actor.country
    )
    return reach & (shown | (col(EventLayer.country) == actor.country))


@scoped(LayerContent)
def _contents_seen(actor: Actor) -> Any:
    return col(LayerContent.version_id).in_(select(EventLayer.content_id).where(_layers_seen(actor)))


@scoped(LayerMarks)
def _marks_seen(actor: Actor) -> Any:
    return col(LayerMarks.content_id).in_(select(EventLayer.content_id).where(_layers_seen(actor)))


# ------------------------------------------------------------------------------------------------- questions


def layers(session: Session, operation_id: UUID) -> list[EventLayer]:
    """Return the current layers of an operation that the asker may see, by kind and name."""
    return _current(session, operation_id, removed=False)


def removed_layers(session: Session, operation_id: UUID) -> list[EventLayer]:
    """Return the removed layers that the asker may see; they can be restored."""
    return _current(session, operation_id, removed=True)


def _current(session: Session, operation_id: UUID, *, removed: bool) -> list[EventLayer]:
    query = select(EventLayer).where(
        EventLayer.operation_id == operation_id, col(EventLayer.current).is_(True), EventLayer.removed == removed
    )
    return list(session.exec(query.order_by(EventLayer.kind, EventLayer.name, col(EventLayer.id))))


def history(session: Session, layer_id: UUID) -> list[EventLayer]:
    """Return all versions of a layer, newest first."""
    query = select(EventLayer).where(EventLayer.layer_id == layer_id).order_by(col(EventLayer.version).desc())
    return list(session.exec(query))


def version(session: Session, version_id: UUID) -> EventLayer:
    """Return a version of a layer. Raises NotFound."""
    return rows.one(session, EventLayer, version_id)


def content(session: Session, layer_version_id: UUID) -> bytes:
    """Return the packed events of a version. Raises NotFound, also for a version that records a removal."""
    query = (
        select(LayerContent.data)
        .join(EventLayer, col(EventLayer.content_id) == col(LayerContent.version_id))
        .where(EventLayer.id == layer_version_id, col(EventLayer.removed).is_(False))
    )
    found = existing(session.exec(query).one_or_none())
    return bytes(found)


Box = tuple[float, float, float, float]
"""Bounds: west, south, east, north in degrees (EPSG:4326); west is greater than east across 180°."""


def counted(session: Session, content_id: UUID) -> bool:
    """Return whether map marks of some content are stored."""
    query = select(LayerMarks.zoom).where(LayerMarks.content_id == content_id).limit(1)
    return session.exec(query).first() is not None


def marks(session: Session, content_id: UUID, zoom: int, box: Box) -> list[tuple[int, bytes]]:
    """Return the blocks that a box touches, of the nearest level as fine as `zoom` or finer: count of marks, and
    bytes.
    """
    level = (
        select(func.min(LayerMarks.zoom))
        .where(LayerMarks.content_id == content_id, col(LayerMarks.zoom) >= zoom)
        .scalar_subquery()
    )
    query = (
        select(LayerMarks.marks, LayerMarks.data)
        .where(LayerMarks.content_id == content_id, LayerMarks.zoom == level, _touched(box))
        .order_by(col(LayerMarks.number))
    )
    return [(many, bytes(data)) for many, data in session.exec(query)]


def marks_inside(session: Session, content_id: UUID, zoom: int, box: Box) -> int:
    """Return a lower bound of the marks of a level inside a box: those of the blocks wholly inside it."""
    west, south, east, north = box
    whole = [col(LayerMarks.south) >= south, col(LayerMarks.north) <= north]
    if west <= east:
        whole += [col(LayerMarks.west) >= west, col(LayerMarks.east) <= east]
    else:
        whole.append((col(LayerMarks.west) >= west) | (col(LayerMarks.east) <= east))
    query = select(func.sum(LayerMarks.marks)).where(LayerMarks.content_id == content_id, LayerMarks.zoom == zoom)
    return int(session.exec(query.where(*whole)).one() or 0)


def _touched(box: Box) -> Any:
    west, south, east, north = box
    after, before = col(LayerMarks.east) >= west, col(LayerMarks.west) <= east
    across = after & before if west <= east else after | before
    return across & (col(LayerMarks.south) <= north) & (col(LayerMarks.north) >= south)


def content_of(session: Session, content_id: UUID) -> bytes:
    """Return packed events, whether or not their layer was removed since. Raises NotFound."""
    return bytes(rows.one(session, LayerContent, content_id).data)


def uncounted(session: Session) -> list[UUID]:
    """Return the content that has positions but no stored marks: imported before marks existed."""
    kept = select(LayerMarks.content_id).where(LayerMarks.content_id == EventLayer.id)
    query = select(EventLayer.id).where(
        EventLayer.id == EventLayer.content_id, col(EventLayer.west).is_not(None), ~kept.exists()
    )
    return list(session.exec(query.order_by(col(EventLayer.made_at), col(EventLayer.id))))
