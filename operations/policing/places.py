"""Places of an operation: sites that report, and objects drawn on the plan's map (domain 1.2, 4).

Geometry is measured by the caller with `geodata.shapes` and handed over as a `Measured`; the rules about it are here.
Positions are WGS 84 (EPSG:4326); geometry is GeoJSON, longitude first. Objects of the map are versions: moving,
renaming and deleting each add one, so that everything can be undone and nothing is lost.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Protocol
from uuid import UUID

from pydantic import Field as Rule
from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, true
from sqlmodel import Field, Session, SQLModel, select

from operations.core import journal
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Name, Words, Zone
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.people import Account, Actor, Posting
from operations.core.permissions import Act, require
from operations.core.store import scoped
from operations.core.vocabulary import BorderKind, Country, MapObjectKind, MapState, ParticipationState, Role, SiteType
from operations.measures import totals
from operations.policing import plan

# ----------------------------------------------------------------------------------------------------- sites


class Site(SQLModel, table=True):
    """A place that reports: a border crossing point, an airport, a hotspot. `ref` names the bundled place it came from."""

    __table_args__ = (
        UniqueConstraint("operation_id", "country", "name"),
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon"),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3, index=True)
    name: str = Field(max_length=120)
    site_type: str = Field(max_length=24)
    border_kind: str | None = Field(default=None, max_length=8)
    lat: float
    lon: float
    zone: str = Field(max_length=64)
    ref: str = Field(default="", max_length=80)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SiteDraft(Draft):
    """A site to be placed: from the bundled places (`ref`) or by hand."""

    id: UUID
    country: Country
    name: Name
    site_type: SiteType
    border_kind: BorderKind | None = None
    lat: Annotated[float, Rule(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Rule(ge=-180, le=180, allow_inf_nan=False)]
    zone: Zone
    ref: Annotated[str, Rule(max_length=80)] = ""


@scoped(Site)
def _sites_seen(actor: Actor) -> object:
    if actor.role is Role.ADMINISTRATOR:
        return ~true()
    if actor.role in (Role.LEADERSHIP, Role.AUDITOR):
        return true()
    return Site.operation_id.in_(actor.operations)  # type: ignore[attr-defined]


def sites(session: Session, operation_id: UUID) -> list[Site]:
    """The open sites of an operation by country and name, as far as the asker is a member."""
    query = select(Site).where(Site.operation_id == operation_id, Site.closed_at == None)  # noqa: E711 - SQL's IS NULL
    return list(session.exec(query.order_by(Site.country, Site.name)).all())


def site(session: Session, site_id: UUID) -> Site:
    """The site. Raises NotFound."""
    found = session.exec(select(Site).where(Site.id == site_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def place_site(session: Session, operation_id: UUID, draft: SiteDraft, by: Actor) -> Site:
    """Put a site into the operation. Its country must have been invited and not have declined or left."""
    owner = plan.operation(session, operation_id, by)
    require(by, Act.SITE_PLACE, plan.subject(owner, draft.country))
    known = session.get(Site, draft.id)
    if known is not None:
        return known
    participation = session.get(plan.Participation, (operation_id, draft.country))
    if participation is None or participation.state in (ParticipationState.DECLINED, ParticipationState.WITHDRAWN):
        raise RuleBroken("country", "This country does not take part in the operation: invite it first.")
    taken = session.exec(
        select(Site.id).where(Site.operation_id == operation_id, Site.country == draft.country, Site.name == draft.name)
    ).first()
    if taken is not None:
        raise RuleBroken("name", "The country has a site of this name already: choose another name.")
    columns = draft.model_dump()
    columns["site_type"] = draft.site_type.value
    columns["border_kind"] = draft.border_kind.value if draft.border_kind else None
    made = Site(**columns, operation_id=operation_id)
    session.add(made)
    session.flush()
    totals.expect_site(session, operation_id, made.country, made.id)
    journal.record(
        session,
        by,
        Act.SITE_PLACE,
        "site",
        made.id,
        operation=operation_id,
        country=made.country,
        site_type=made.site_type,
    )
    return made


def close_site(session: Session, site_id: UUID, by: Actor) -> Site:
    """Take a site out of the plan. What it reported stays."""
    found = site(session, site_id)
    owner = plan.operation(session, found.operation_id, by)
    require(by, Act.SITE_PLACE, plan.subject(owner, found.country))
    if found.closed_at is None:
        found.closed_at = now()
        session.add(found)
        activity = session.get(totals.SiteActivity, found.id)
        if activity is not None:
            session.delete(activity)
        journal.record(session, by, "site.close", "site", found.id, operation=found.operation_id, country=found.country)
    return found


def post(session: Session, account_id: UUID, site_id: UUID, by: Actor) -> None:
    """Post an officer to a site: from now on that officer works for posted sites only."""
    found = site(session, site_id)
    owner = plan.operation(session, found.operation_id, by)
    require(by, Act.SITE_PLACE, plan.subject(owner, found.country))
    officer = session.get(Account, account_id)
    if officer is None or officer.country != found.country:
        raise NotFound
    if session.get(Posting, (account_id, site_id)) is None:
        session.add(Posting(account_id=account_id, site_id=site_id))
        journal.record(
            session, by, "site.post", "account", account_id, operation=found.operation_id, country=found.country
        )


# --------------------------------------------------------------------------------------- objects on the map


class Audience(StrEnum):
    """Who sees an object of the plan beside those who coordinate and the country that drew it."""

    PARTICIPANTS = "participants"
    COORDINATION = "coordination"


SHAPES: dict[MapObjectKind, tuple[str, ...]] = {
    MapObjectKind.AREA: ("Polygon", "MultiPolygon"),
    MapObjectKind.CHECKPOINT: ("Point",),
    MapObjectKind.OBSERVATION_POST: ("Point",),
    MapObjectKind.ROUTE: ("LineString", "MultiLineString"),
    MapObjectKind.HOTSPOT: ("Point", "Polygon", "MultiPolygon"),
    MapObjectKind.COORDINATION_UNIT: ("Point",),
}
GROUPS = {
    "operational": (
        MapObjectKind.AREA,
        MapObjectKind.CHECKPOINT,
        MapObjectKind.OBSERVATION_POST,
        MapObjectKind.COORDINATION_UNIT,
    ),
    "analysis": (MapObjectKind.ROUTE, MapObjectKind.HOTSPOT),
}


class MapObject(SQLModel, table=True):
    """One version of an object drawn on the plan. The newest has `current`; a deleted one is a version too."""

    __tablename__ = "map_object"
    __table_args__ = (
        UniqueConstraint("object_id", "version"),
        Index("ix_map_object_current", "operation_id", "current"),
    )
    id: UUID = Field(primary_key=True)
    object_id: UUID = Field(index=True)
    version: int
    supersedes_id: UUID | None = Field(default=None, foreign_key="map_object.id")
    current: bool = True
    deleted: bool = False
    operation_id: UUID = Field(foreign_key="operation.id")
    country: str | None = Field(default=None, max_length=3)
    audience: str = Field(max_length=16)
    kind: str = Field(max_length=24)
    state: str = Field(max_length=12)
    name: str = Field(max_length=120)
    note: str = Field(default="", max_length=2000)
    geometry: dict[str, Any] = Field(sa_type=JSON)
    area_km2: float | None = None
    length_km: float | None = None
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class MapObjectDraft(Draft):
    """What a coordinator draws. `id` is this version's; `object_id` the object's; `supersedes_id` the version on the screen."""

    id: UUID
    object_id: UUID
    supersedes_id: UUID | None = None
    kind: MapObjectKind
    state: MapState = MapState.PLANNED
    name: Name
    note: Words = ""
    audience: Audience = Audience.PARTICIPANTS


class FlawInShape(Protocol):
    """Why a shape cannot be used: a template and its parameters."""

    template: str
    params: Mapping[str, Any]


class Measured(Protocol):
    """A shape as `geodata.shapes.measure` answers: cleaned GeoJSON, its size, and the countries it touches."""

    @property
    def geometry(self) -> dict[str, Any]:
        """GeoJSON geometry, EPSG:4326."""

    @property
    def flaw(self) -> FlawInShape | None:
        """Why the shape cannot be used, or None."""

    @property
    def area_km2(self) -> float:
        """Geodesic area in square kilometres; 0 for points and lines."""

    @property
    def length_km(self) -> float:
        """Geodesic length in kilometres; 0 for points."""

    @property
    def countries(self) -> Sequence[str]:
        """ISO 3166-1 alpha-3 codes of the countries it touches."""


@scoped(MapObject)
def _objects_seen(actor: Actor) -> object:
    """Those who coordinate see all of their operations; a country sees its own and what is for all participants."""
    if actor.role in (Role.ADMINISTRATOR, Role.AUDITOR):
        return ~true()
    if actor.role is Role.LEADERSHIP:
        return true()
    member = MapObject.operation_id.in_(actor.operations)  # type: ignore[attr-defined]
    if not actor.national:
        return member
    return member & ((MapObject.audience == Audience.PARTICIPANTS.value) | (MapObject.country == actor.country))


def objects(session: Session, operation_id: UUID) -> list[MapObject]:
    """The objects now on the map of an operation, as far as the asker may see them."""
    query = select(MapObject).where(
        MapObject.operation_id == operation_id, MapObject.current == True, MapObject.deleted == False
    )  # noqa: E712
    return list(session.exec(query.order_by(MapObject.kind, MapObject.name)).all())


def history(session: Session, object_id: UUID) -> list[MapObject]:
    """All versions of an object, newest first."""
    return list(
        session.exec(select(MapObject).where(MapObject.object_id == object_id).order_by(MapObject.version.desc())).all()
    )  # type: ignore[attr-defined]


def has(session: Session, operation_id: UUID, kind: MapObjectKind) -> bool:
    """Whether an object of this kind is on the operation's map."""
    return any(each.kind == kind for each in objects(session, operation_id))


def draw(session: Session, operation_id: UUID, draft: MapObjectDraft, shape: Measured, by: Actor) -> MapObject:
    """Put an object on the map, or a new version of one.

    The same version again is answered as before. Raises Conflict when the version on the screen is not the newest
    any more, RuleBroken on `geometry` for a shape that does not fit.
    """
    owner = plan.operation(session, operation_id, by)
    country = by.country if by.national else None
    require(by, Act.PLAN_DRAW, plan.subject(owner, country))
    known = session.exec(select(MapObject).where(MapObject.id == draft.id)).one_or_none()
    if known is not None:
        return known
    newest = _newest(session, draft.object_id)
    if newest is not None:
        _require_drawer(newest, operation_id, by)
        if draft.supersedes_id != newest.id:
            raise Conflict("Somebody changed this object while you were drawing. Reload the map to see the change.")
    elif draft.supersedes_id is not None:
        raise NotFound
    _refuse_shape(draft.kind, shape, country)
    made = MapObject(
        id=draft.id,
        object_id=draft.object_id,
        version=newest.version + 1 if newest else 1,
        supersedes_id=newest.id if newest else None,
        operation_id=operation_id,
        country=newest.country if newest else country,
        audience=draft.audience.value,
        kind=draft.kind.value,
        state=draft.state.value,
        name=draft.name,
        note=draft.note,
        geometry=shape.geometry,
        area_km2=shape.area_km2 or None,
        length_km=shape.length_km or None,
        author_id=by.account_id,
        author_name=by.name,
        made_at=now(),
    )
    return _succeed(session, newest, made, by, Act.PLAN_DRAW)


def delete(session: Session, object_id: UUID, version_id: UUID, by: Actor) -> MapObject:
    """Take an object off the map; `undo` brings it back. `version_id` names the new version that says so."""
    newest = _newest(session, object_id)
    if newest is None or newest.deleted:
        raise NotFound
    _require_drawer(newest, newest.operation_id, by, session)
    return _succeed(session, newest, _copy(newest, version_id, by, deleted=True), by, "plan.delete")


def undo(session: Session, object_id: UUID, version_id: UUID, by: Actor) -> MapObject:
    """Make the version before the newest the newest again: a move, a change of words or a deletion is taken back."""
    versions = history(session, object_id)
    if not versions:
        raise NotFound
    newest = versions[0]
    _require_drawer(newest, newest.operation_id, by, session)
    if len(versions) == 1:
        return _succeed(session, newest, _copy(newest, version_id, by, deleted=True), by, "plan.undo")
    before = versions[1]
    again = _copy(before, version_id, by, deleted=before.deleted)
    again.version, again.supersedes_id = newest.version + 1, newest.id
    return _succeed(session, newest, again, by, "plan.undo")


def _newest(session: Session, object_id: UUID) -> MapObject | None:
    query = select(MapObject).where(MapObject.object_id == object_id, MapObject.current == True)  # noqa: E712
    return session.exec(query.with_for_update()).one_or_none()


def _require_drawer(newest: MapObject, operation_id: UUID, by: Actor, session: Session | None = None) -> None:
    """Coordinators change what coordinators drew, a country what it drew; nobody changes a country's drawing."""
    if newest.operation_id != operation_id or newest.country != (by.country if by.national else None):
        raise NotFound
    if session is not None:
        require(by, Act.PLAN_DRAW, plan.subject(plan.operation(session, operation_id, by), newest.country))


def _refuse_shape(kind: MapObjectKind, shape: Measured, country: str | None) -> None:
    if shape.flaw is not None:
        raise RuleBroken("geometry", shape.flaw.template, **shape.flaw.params)
    if shape.geometry["type"] not in SHAPES[kind]:
        raise RuleBroken(
            "geometry", "This kind of object cannot have this shape: draw a point, a line or an area as the kind asks."
        )
    if country is not None and country not in shape.countries:
        raise RuleBroken("geometry", "A country draws on its own territory: move the object there.")


def _copy(source: MapObject, version_id: UUID, by: Actor, *, deleted: bool) -> MapObject:
    columns = source.model_dump(
        exclude={"id", "version", "supersedes_id", "current", "deleted", "author_id", "author_name", "made_at"}
    )
    return MapObject(
        **columns,
        id=version_id,
        version=source.version + 1,
        supersedes_id=source.id,
        deleted=deleted,
        author_id=by.account_id,
        author_name=by.name,
        made_at=now(),
    )


def _succeed(session: Session, newest: MapObject | None, made: MapObject, by: Actor, act: str) -> MapObject:
    if newest is not None:
        newest.current = False
        session.add(newest)
    session.add(made)
    session.flush()
    journal.record(
        session,
        by,
        act,
        "map_object",
        made.object_id,
        operation=made.operation_id,
        country=made.country,
        kind=made.kind,
        version=made.version,
    )
    return made
