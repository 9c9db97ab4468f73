"""Places of an operation: sites that report, and objects drawn on the plan's map (domain 1.2, 4).

The caller measures geometry with `geodata.ground.shapes` and passes it as a `MeasuredShape`; the rules are here.
Positions are WGS 84 (EPSG:4326); geometry is GeoJSON, longitude first. Objects of the map are versions: moving,
renaming and deleting each add one, so that everything can be undone and nothing is lost.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, false, text, true
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history as past
from operations.core import journal, pulse, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Name, Plain, Words, Zone
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken, Stale, existing
from operations.core.field_labels import N_, Label
from operations.core.people import Actor, Posting, ahead
from operations.core.permissions import Act, require
from operations.core.session_cache import once
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import (
    BorderKind,
    Country,
    MapObjectKind,
    MapState,
    Role,
    SiteType,
)
from operations.policing.map_plan.shapes import MeasuredShape
from operations.policing.operation import plan
from operations.totals import activity

# ----------------------------------------------------------------------------------------------------- sites


@past.versioned()
class Site(SQLModel, table=True):
    """A site: a place that reports, such as a border crossing point or an airport.

    `ref` names the bundled place it came from.
    """

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
    version: int = 1
    placed_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SiteDraft(Draft):
    """Draft of a site: from the bundled places (`ref`) or by hand."""

    id: UUID
    name: Annotated[Name, Label(N_("Name"))]
    country: Annotated[Country, Label(N_("Country"))]
    site_type: Annotated[SiteType, Label(N_("Kind of site"), listed="CL-SITETYPE")]
    border_kind: Annotated[BorderKind | None, Label(N_("Border"), listed="CL-BORDERKIND")] = None
    lat: Annotated[float, Rule(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Rule(ge=-180, le=180, allow_inf_nan=False)]
    zone: Annotated[Zone, Label(N_("Time zone"), draws="text")]
    ref: Annotated[Plain, Rule(max_length=80)] = ""


@scoped(Site)
def _sites_seen(actor: Actor) -> object:
    return plan.within_reach(Site.operation_id, actor)


def open_sites(session: Session) -> Iterable[tuple[UUID, UUID, str, str]]:
    """Return id, operation, name and country of all open sites that the asker may see, by name."""
    query = select(Site.id, Site.operation_id, Site.name, Site.country).where(col(Site.closed_at).is_(None))
    return session.exec(query.order_by(col(Site.name)))


def sites(session: Session, operation_id: UUID) -> list[Site]:
    """Return the open sites of an operation that the asker may see, by country and name."""
    found = past.rows(session, Site, operation_id)
    if found is None:
        query = select(Site).where(Site.operation_id == operation_id, col(Site.closed_at).is_(None))
        return list(once(session, (sites, operation_id), lambda: _sorted(session.exec(query))))
    return _sorted(each for each in found if each.closed_at is None)


def _sorted(found: Iterable[Site]) -> list[Site]:
    return sorted(found, key=lambda each: (each.country, each.name))


def site(session: Session, site_id: UUID) -> Site:
    """Return the site. Raises NotFound."""
    return rows.one(session, Site, site_id)


def place_site(session: Session, operation_id: UUID, draft: SiteDraft, by: Actor) -> Site:
    """Add a site to the operation. Its country must have been invited and not have declined or left.

    Idempotent: the same draft again returns the site; the same id with other content raises Conflict.
    """
    owner = plan.operation(session, operation_id, by)
    require(by, Act.SITE_PLACE, plan.subject(owner, draft.country))
    columns = {**draft.model_dump(mode="json", exclude={"id"}), "id": draft.id, "operation_id": operation_id}
    otherwise = Conflict("This site was already placed with other content. Reload the map to see it.")
    if known := rows.same_draft(session, Site, draft.id, columns, otherwise):
        return known
    _refuse_country_or_name(session, operation_id, draft)
    made = Site(**columns, placed_at=now())
    session.add(made)
    session.flush()
    activity.expect_site(session, operation_id, made.country, made.id)
    about: dict[str, Any] = {"operation": operation_id, "country": made.country, "site_type": made.site_type}
    journal.record(session, by, Act.SITE_PLACE, "site", made.id, **about)
    return made


_ties: list[tuple[Any, frozenset[str], str, Callable[[], Any]]] = []
CORRECTED = ("name", "country", "site_type", "border_kind", "lat", "lon", "zone", "ref")
"""The columns of a site that can be corrected."""


def ties(column: Any, fields: Iterable[str], template: str, where: Callable[[], Any] = true) -> None:
    """Declare that a site keeps these `fields` while a row names it in `column`, and the sentence that says so."""
    _ties.append((column, frozenset(fields), template, where))


def tied(session: Session, site_id: UUID) -> dict[str, Flaw]:
    """The fields of a site that cannot be corrected any more, each with the reason."""
    found: dict[str, Flaw] = {}
    for column, fields, template, where in _ties:
        named = select(column).where(column == site_id, where()).limit(1)
        if not fields <= found.keys() and session.exec(unscoped(named)).first() is not None:
            found |= {name: Flaw(name, template) for name in fields - found.keys()}
    return found


def correct_site(session: Session, draft: SiteDraft, by: Actor, version: int) -> Site:
    """Say anew what a site is; `version` is the one on the screen. Once it has reported, its name alone can be mended.

    Raises Conflict where somebody corrected it meanwhile, RuleBroken with every field that has to stay as it is.
    """
    found = rows.hold(session, Site, draft.id)
    owner = plan.operation(session, found.operation_id, by)
    for country in (found.country, draft.country):
        require(by, Act.SITE_PLACE, plan.subject(owner, country))
    wanted = draft.model_dump(mode="json", include=set(CORRECTED))
    changed = [name for name in CORRECTED if getattr(found, name) != wanted[name]]
    if not changed:
        return found
    if found.version != version:
        raise Stale
    if found.closed_at is not None:
        raise RuleBroken("", "This site was removed from the plan. It can no longer change.")
    kept = tied(session, found.id)
    if refused := [kept[name] for name in changed if name in kept]:
        raise RuleBroken.all(refused)
    if {"country", "name"} & set(changed):
        _refuse_country_or_name(session, found.operation_id, draft)
    country = found.country
    for name in changed:
        setattr(found, name, wanted[name])
    found.version += 1
    session.add(found)
    session.flush()
    if country != found.country:
        activity.release_site(session, found.operation_id, found.id)
        session.flush()
        activity.expect_site(session, found.operation_id, found.country, found.id)
    about: dict[str, Any] = {"operation": found.operation_id, "country": found.country, "changed": changed}
    journal.record(session, by, "site.correct", "site", found.id, **about)
    return found


def _refuse_country_or_name(session: Session, operation_id: UUID, draft: SiteDraft) -> None:
    participation = session.get(plan.Participation, (operation_id, draft.country))
    if participation is None or participation.state in plan.OUT:
        raise RuleBroken("country", "This country does not take part in the operation: invite it first.")
    same = select(Site.id).where(
        Site.operation_id == operation_id, Site.country == draft.country, Site.name == draft.name, Site.id != draft.id
    )
    if session.exec(same).first() is not None:
        raise RuleBroken("name", "The country has a site of this name already: choose another name.")


ties(
    col(Posting.site_id),
    ("country",),
    N_("Somebody is posted here: end the posting first."),
    lambda: ahead(Posting, now()),
)


def close_site(session: Session, site_id: UUID, by: Actor) -> Site:
    """Close a site of the plan. Its reports stay."""
    found = rows.hold(session, Site, site_id)
    owner = plan.operation(session, found.operation_id, by)
    require(by, Act.SITE_PLACE, plan.subject(owner, found.country))
    if found.closed_at is None:
        found.closed_at = now()
        session.add(found)
        activity.release_site(session, found.operation_id, found.id)
        journal.record(session, by, "site.close", "site", found.id, operation=found.operation_id, country=found.country)
    return found


# --------------------------------------------------------------------------------------- objects on the map


class PlanAudience(StrEnum):
    """Readers of an object of the plan beside the coordination and the country that drew it."""

    PARTICIPANTS = "participants"
    COORDINATION = "coordination"


WHO = {
    PlanAudience.PARTICIPANTS.value: N_("All participating countries"),
    PlanAudience.COORDINATION.value: N_("Those who coordinate"),
}
"""The labels of the audiences."""

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


@past.versioned("id", "object_id", "current", "deleted", screened=True)
class MapObject(SQLModel, table=True):
    """A version of an object drawn on the plan. The newest has `current`; a deletion is a version too."""

    __tablename__ = "map_object"
    __table_args__ = (
        UniqueConstraint("object_id", "version"),
        Index("ix_map_object_current", "operation_id", "current"),
        Index(
            "uq_map_object_one_current",
            "object_id",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
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
    """Draft of a map object: `id` names this version, `object_id` the object, `supersedes_id` the version on the
    screen.
    """

    id: UUID
    object_id: UUID
    supersedes_id: UUID | None = None
    name: Annotated[Name, Label(N_("Name"))]
    kind: Annotated[MapObjectKind, Label(N_("Kind"), listed="CL-MAPOBJECT")]
    state: Annotated[MapState, Label(N_("State"), listed="CL-MAPSTATE")] = MapState.PLANNED
    audience: Annotated[PlanAudience, Label(N_("Who sees it"), choices=WHO)] = PlanAudience.PARTICIPANTS
    note: Annotated[Words, Label(N_("Note"))] = ""


@scoped(MapObject)
def _objects_seen(actor: Actor) -> object:
    """The coordination sees all objects of its operations; a country sees its own and those for all participants."""
    if actor.role is Role.AUDITOR:
        return false()
    reach = plan.within_reach(MapObject.operation_id, actor)
    if not actor.national:
        return reach
    return reach & shown_to(actor)


def shown_to(actor: Actor) -> Any:
    """Return an SQL condition: objects visible to a country, for all participants or its own."""
    return (col(MapObject.audience) == PlanAudience.PARTICIPANTS.value) | (col(MapObject.country) == actor.country)


def objects(session: Session, operation_id: UUID) -> list[MapObject]:
    """Return the objects on the map of an operation that the asker may see, now or as of the session's entry."""
    query = select(MapObject).where(MapObject.operation_id == operation_id, standing(session, operation_id))
    query = query.order_by(MapObject.kind, MapObject.name)
    return list(once(session, (objects, operation_id, past.at(session)), lambda: session.exec(query).all()))


def standing(session: Session, operation_id: UUID) -> Any:
    """Return an SQL condition: the version of an object that is on the map, now or as of the session's entry."""
    earlier = past.contents(session, MapObject, operation_id)
    if earlier is None:
        return col(MapObject.current).is_(True) & col(MapObject.deleted).is_(False)
    return col(MapObject.id).in_(
        [UUID(each["id"]) for each in earlier.values() if each["current"] and not each["deleted"]]
    )


def history(session: Session, object_id: UUID) -> list[MapObject]:
    """Return all versions of an object, newest first."""
    query = select(MapObject).where(MapObject.object_id == object_id).order_by(col(MapObject.version).desc())
    return list(session.exec(query))


def draw(session: Session, operation_id: UUID, draft: MapObjectDraft, shape: MeasuredShape, by: Actor) -> MapObject:
    """Draw an object on the map, or a new version of one.

    Idempotent for the same version. Raises Conflict where the version on the screen is not the newest any more,
    RuleBroken on `geometry` for a shape that does not fit.
    """
    owner = plan.operation(session, operation_id, by)
    country = by.country if by.national else None
    require(by, Act.PLAN_DRAW, plan.subject(owner, country))
    said = draft.model_dump() | {"operation_id": operation_id, "author_id": by.account_id, "geometry": shape.geometry}
    otherwise = Conflict("This version was already drawn with other content. Reload the map to see it.")
    if known := rows.same_draft(session, MapObject, draft.id, said, otherwise):
        return known
    newest = rows.newest(session, MapObject, MapObject.object_id == draft.object_id)
    if newest is not None:
        _require_drawer(newest, operation_id, by)
        if draft.supersedes_id != newest.id:
            raise Stale("Somebody changed this object while you were drawing. Reload the map to see the change.")
    elif draft.supersedes_id is not None:
        raise NotFound
    refuse_shape(draft.kind, shape, country)
    made = MapObject(
        **draft.model_dump(exclude={"supersedes_id"}),
        version=newest.version + 1 if newest else 1,
        supersedes_id=newest.id if newest else None,
        operation_id=operation_id,
        country=newest.country if newest else country,
        geometry=shape.geometry,
        area_km2=shape.area_km2 or None,
        length_km=shape.length_km or None,
        **rows.author(by),
    )
    return _succeed(session, newest, made, by, Act.PLAN_DRAW)


def delete(session: Session, object_id: UUID, version_id: UUID, by: Actor) -> MapObject:
    """Delete an object from the map; `undo` brings it back. `version_id` names the new version that records it.

    Idempotent.
    """
    newest = rows.newest(session, MapObject, MapObject.object_id == object_id)
    if newest is None or (newest.deleted and newest.id != version_id):
        raise NotFound
    _require_drawer(newest, newest.operation_id, by, session)
    if newest.id == version_id:
        return newest
    return _succeed(session, newest, _copy(newest, version_id, by, deleted=True), by, "plan.delete")


def undo(session: Session, object_id: UUID, version_id: UUID, by: Actor) -> MapObject:
    """Undo the newest version of an object, be it a move, a change of texts or a deletion: the version before becomes
    the newest.

    An object with one version only is deleted from the map. Idempotent.
    """
    newest = existing(rows.newest(session, MapObject, MapObject.object_id == object_id))
    _require_drawer(newest, newest.operation_id, by, session)
    if newest.id == version_id:
        return newest
    versions = history(session, object_id)
    if len(versions) == 1:
        return _succeed(session, newest, _copy(newest, version_id, by, deleted=True), by, "plan.undo")
    before = versions[1]
    again = _copy(before, version_id, by, deleted=before.deleted)
    again.version, again.supersedes_id = newest.version + 1, newest.id
    return _succeed(session, newest, again, by, "plan.undo")


def _require_drawer(newest: MapObject, operation_id: UUID, by: Actor, session: Session | None = None) -> None:
    """Require the author: coordinators change objects that coordinators drew, a country those it drew.

    Raises NotFound.
    """
    if newest.operation_id != operation_id or newest.country != (by.country if by.national else None):
        raise NotFound
    if session is not None:
        require(by, Act.PLAN_DRAW, plan.subject(plan.operation(session, operation_id, by), newest.country))


def refuse_shape(kind: MapObjectKind, shape: MeasuredShape, country: str | None) -> None:
    """Raise RuleBroken on `geometry` where a shape does not fit its kind, or the country that draws it."""
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
        **rows.author(by),
    )


def _succeed(session: Session, newest: MapObject | None, made: MapObject, by: Actor, act: str) -> MapObject:
    if newest is not None:
        newest.current = False
        session.add(newest)
        session.flush()
    session.add(made)
    session.flush()
    about: dict[str, Any] = {
        "operation": made.operation_id,
        "country": made.country,
        "kind": made.kind,
        "version": made.version,
    }
    journal.record(session, by, act, "map_object", made.object_id, audience=_heard_by(newest, made), **about)
    return made


def heard_by(session: Session, object_id: UUID) -> pulse.Audience:
    """Return the audience of an object of the map: the readers of its current version."""
    query = select(MapObject).where(MapObject.object_id == object_id, col(MapObject.current).is_(True))
    return _heard_by(session.exec(unscoped(query)).one())


def _heard_by(*versions: MapObject | None) -> pulse.Audience:
    """Return the audience of these versions of an object: the readers of any of them."""
    found = [each for each in versions if each is not None]
    if any(each.audience == PlanAudience.PARTICIPANTS for each in found):
        return pulse.EVERYBODY
    return pulse.CENTRE | pulse.countries(found[0].country)
