"""OGC API Features of a plan: landing page, conformance, collections and their items (Part 1: Core, as GeoJSON).

Each operation is a data set with an address of its own, and each kind of object a collection of it. Programs for maps
(QGIS, GDAL, ArcGIS) read it with a token as they read any other; they see what the plan as one file holds.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError
from starlette.responses import JSONResponse, Response

from dashboard.api.access import PlanReader
from dashboard.api.data_package import utc
from dashboard.parts import plan_paper
from dashboard.server.lazy_modules import geojson
from dashboard.wording import N_, _, coded
from operations.core import journal, vocabulary
from operations.core.clock import now
from operations.core.drafts import rule
from operations.core.errors import NotFound, existing
from operations.core.permissions import Act, require
from operations.core.sign_in import API
from operations.core.store import ScopedSession, Store
from operations.policing.map_plan import places
from operations.policing.operation import plan

SITES = "site"
CollectionName = Annotated[str, Path(max_length=40)]
MOST = 1000
"""The most items of one page."""
DATA_SET = "/operations/{operation_id}/ogc"
CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GEOJSON = "application/geo+json"
_OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
_WORLD = (-180.0, -90.0, 180.0, 90.0)
_LANDING = N_("The plan of an operation for programs that read maps (OGC API Features). Begin here.")
_COLLECTIONS = N_("Sites, and drawn objects of each kind.")
_ITEMS = N_(
    "The objects of one kind as they stand, in pages: follow the link `next`. `since` says since when an object "
    "stands as it does. This is written into the access trail."
)
_BBOX = N_("Only what touches this box: west, south, east, north in degrees. Where west is greater, it crosses 180°.")
_DATETIME = N_("Only what stood at a moment or in an interval, such as `2026-11-30T00:00:00Z/..`.")
_BOX_RULE = rule("map_box", "Give west, south, east and north in degrees, such as 1.5,11,9,15.")
_TIME_RULE = rule(
    "time_interval", "Give a moment with its offset, such as 2026-11-30T00:00:00Z, or two with a / between."
)


class ServiceLink(BaseModel):
    """A link to another answer."""

    href: str
    rel: str
    type: str = "application/json"
    title: str = ""


class LandingPage(BaseModel):
    """Where a program begins to read a plan."""

    title: str
    description: str
    attribution: str = Field(description=N_("The marking: whoever shows the objects shows it."))
    links: list[ServiceLink]


class Conformance(BaseModel):
    """The parts of the standard that are kept."""

    conformsTo: list[str]  # noqa: N815 - the standard's name


class SpatialExtent(BaseModel):
    """The boxes that hold everything: west, south, east, north."""

    bbox: list[list[float]]
    crs: str


class TemporalExtent(BaseModel):
    """The intervals that hold everything: begin and end, null where open."""

    interval: list[list[str | None]]


class Extent(BaseModel):
    """Where and when the items of a collection are."""

    spatial: SpatialExtent
    temporal: TemporalExtent


class Collection(BaseModel):
    """The sites of a plan, or its objects of one kind."""

    id: str
    title: str
    itemType: Literal["feature"] = "feature"  # noqa: N815 - the standard's name
    crs: list[str]
    extent: Extent
    links: list[ServiceLink]


class Collections(BaseModel):
    """All collections of a plan."""

    links: list[ServiceLink]
    collections: list[Collection]


# ------------------------------------------------------------------------------------------------- what is asked


class Box(NamedTuple):
    """A box in degrees; where `west` is greater than `east`, it crosses 180°."""

    west: float
    south: float
    east: float
    north: float

    def touches(self, bounds: Sequence[float]) -> bool:
        """Return whether bounds (west, south, east, north) touch it."""
        west, south, east, north = bounds
        if south > self.north or north < self.south:
            return False
        if self.west <= self.east:
            return west <= self.east and east >= self.west
        return east >= self.west or west <= self.east


def box_of(text: str) -> Box | None:
    """Return the box that a text names: of four numbers, or six with heights; None for no text.

    >>> box_of("1,11,0,9,15,100")
    Box(west=1.0, south=11.0, east=9.0, north=15.0)
    """
    if not text:
        return None
    try:
        found = [float(each) for each in text.split(",")]
    except ValueError:
        found = []
    if len(found) == 6:
        found = [*found[:2], *found[3:5]]
    whole = len(found) == 4 and all(map(math.isfinite, found))
    if not whole or not (-90 <= found[1] <= found[3] <= 90) or max(abs(found[0]), abs(found[2])) > 180:
        raise PydanticCustomError(_BOX_RULE, "map box")
    return Box(*found)


def until(text: str) -> datetime | None:
    """Return the end of a moment or an interval (RFC 3339), before which an object must stand; None where open.

    >>> until("2026-11-30T00:00:00Z/2026-12-01T00:00:00+01:00").isoformat()
    '2026-11-30T23:00:00+00:00'
    """
    if not text:
        return None
    ends = [None if each in ("", "..") else _moment(each) for each in text.split("/")]
    begin, end = (ends[0], ends[-1])
    open_ = len(ends) == 1 and end is None
    if open_ or len(ends) > 2 or (begin and end and begin > end) or ends == [None, None]:
        raise PydanticCustomError(_TIME_RULE, "time interval")
    return end


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError(_TIME_RULE, "time interval") from None
    if found.tzinfo is None or "T" not in text.upper():
        raise PydanticCustomError(_TIME_RULE, "time interval")
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError(_TIME_RULE, "time interval") from None


def _checked(parse: Any) -> AfterValidator:
    def check(text: str) -> str:
        parse(text)
        return text

    return AfterValidator(check)


def _only_known(request: Request) -> None:
    """Refuse a parameter that the route does not know, as the standard demands. Raises RequestValidationError."""
    known = {each.name for each in fields(_Page)} if request.url.path.endswith("/items") else set()
    if set(request.query_params) - known:
        raise RequestValidationError([{"type": "extra_forbidden", "loc": ("query",), "msg": "", "input": None}])


@dataclass(frozen=True)
class _Page:
    """Which items are asked for."""

    bbox: Annotated[str, Query(max_length=200, description=_BBOX), _checked(box_of)] = ""
    datetime: Annotated[str, Query(max_length=100, description=_DATETIME), _checked(until)] = ""
    limit: Annotated[int, Query(ge=1, description=N_("Items of one page, 1000 at most."))] = 100
    offset: Annotated[
        int, Query(ge=0, le=2**31, description=N_("How many items to leave out: the link `next` says."))
    ] = 0


# ------------------------------------------------------------------------------------------------------- answers


@dataclass(frozen=True)
class _Item:
    """An object of the plan, its bounds (west, south, east, north), and since when it stands as it does."""

    kind: str
    bounds: tuple[float, float, float, float]
    since: datetime
    feature: Mapping[str, Any]


@dataclass(frozen=True)
class _DataSet:
    """The plan of an operation as its reader sees it, at an address."""

    operation: plan.Operation
    address: str
    items: Sequence[_Item]
    attribution: str

    def link(self, path: str, rel: str, type_: str = "application/json", title: str = "") -> ServiceLink:
        return ServiceLink(href=f"{self.address}{path}", rel=rel, type=type_, title=title)

    def of(self, collection: str) -> list[_Item]:
        """Return the items of a collection. Raises NotFound where there is no such collection."""
        if collection not in collections():
            raise NotFound
        return [each for each in self.items if each.kind == collection]

    def collection(self, name: str) -> Collection:
        found, path = self.of(name), f"/collections/{name}"
        boxes = [each.bounds for each in found]
        whole = (
            [f(axis) for f, axis in zip((min, min, max, max), zip(*boxes, strict=True), strict=True)] if boxes else []
        )
        began = utc(min(each.since for each in found)) if found else None
        title = _("Sites") if name == SITES else coded("CL-MAPOBJECT", name)
        return Collection(
            id=name,
            title=title,
            crs=[CRS84],
            extent=Extent(
                spatial=SpatialExtent(bbox=[whole or list(_WORLD)], crs=CRS84),
                temporal=TemporalExtent(interval=[[began, None]]),
            ),
            links=[self.link(path, "self"), self.link(f"{path}/items", "items", GEOJSON, title)],
        )


def collections() -> tuple[str, ...]:
    """Return the names of all collections: "site", and the codes of CL-MAPOBJECT."""
    return (SITES, *vocabulary.codes("CL-MAPOBJECT"))


def router(store: Store, origin: str = "") -> APIRouter:
    """Return the routes of OGC API Features, whose links begin with the public `origin` where there is one."""
    routes = APIRouter(tags=["plan"], prefix=DATA_SET, dependencies=[Depends(_only_known)])

    def read(session: ScopedSession, operation_id: UUID, by: PlanReader, request: Request) -> _DataSet:
        operation = plan.operation(session, operation_id, by)
        require(by, Act.PLAN_READ, plan.subject(operation))
        found, about = plan_paper.objects_of(session, operation, by)
        since = {str(each.id): each.placed_at for each in places.sites(session, operation.id)}
        since |= {str(each.object_id): each.made_at for each in places.objects(session, operation.id)}
        items = [
            _Item(each.kind, each.shape.bounds, since[each.id], _dated(geojson.feature(each), since[each.id]))
            for each in found
        ]
        return _DataSet(operation, f"{root(request)}operations/{operation.id}/ogc", items, about.classification)

    def root(request: Request) -> str:
        return f"{origin.rstrip('/') or f'{request.url.scheme}://{request.url.netloc}'}{API}/"

    @routes.get("/", include_in_schema=False)
    @routes.get("", summary=N_("Begin to read a plan as a map service"), description=_LANDING)
    def read_landing_page(operation_id: UUID, by: PlanReader, request: Request) -> LandingPage:
        """Read where a program begins."""
        with store.reading(by) as session:
            of = read(session, operation_id, by, request)
        return LandingPage(
            title=of.operation.title,
            description=of.attribution,
            attribution=of.attribution,
            links=[
                of.link("", "self"),
                ServiceLink(href=f"{root(request)}openapi.json", rel="service-desc", type=_OPENAPI),
                of.link("/conformance", "conformance"),
                of.link("/collections", "data"),
            ],
        )

    @routes.get("/conformance", summary=N_("Read which parts of the standard are kept"), description="")
    def read_conformance(operation_id: UUID, by: PlanReader, request: Request) -> Conformance:
        """Read the conformance."""
        with store.reading(by) as session:
            read(session, operation_id, by, request)
        return Conformance(conformsTo=list(CONFORMANCE))

    @routes.get("/collections", summary=N_("Read the collections of a plan"), description=_COLLECTIONS)
    def read_collections(operation_id: UUID, by: PlanReader, request: Request) -> Collections:
        """Read all collections."""
        with store.reading(by) as session:
            of = read(session, operation_id, by, request)
            links = [of.link("/collections", "self")]
            return Collections(links=links, collections=[of.collection(name) for name in collections()])

    @routes.get("/collections/{collection}", summary=N_("Read one collection of a plan"), description="")
    def read_collection(operation_id: UUID, collection: CollectionName, by: PlanReader, request: Request) -> Collection:
        """Read one collection."""
        with store.reading(by) as session:
            return read(session, operation_id, by, request).collection(collection)

    @routes.get(
        "/collections/{collection}/items",
        summary=N_("Read the items of a collection"),
        description=_ITEMS,
        response_class=Response,
        responses={200: {"content": {GEOJSON: {"schema": {"type": "object"}}}}},
    )
    def read_items(
        operation_id: UUID,
        collection: CollectionName,
        by: PlanReader,
        page: Annotated[_Page, Depends()],
        request: Request,
    ) -> Response:
        """Read the items of a collection."""
        box, end = box_of(page.bbox), until(page.datetime)
        with journal.disclosing(store, by) as session:
            of = read(session, operation_id, by, request)
            matched = [
                each
                for each in of.of(collection)
                if (box is None or box.touches(each.bounds)) and (end is None or each.since <= end)
            ]
            shown = matched[page.offset : page.offset + min(page.limit, MOST)]
            on = {"operation": of.operation.id, "country": by.country}
            journal.record_download(session, by, "api.read", None, "geojson", **on, what="plan", objects=len(shown))
        path = f"/collections/{collection}/items"
        asked = dict(request.query_params)
        links = [of.link(_with(path, asked), "self", GEOJSON), of.link(f"/collections/{collection}", "collection")]
        if shown and (after := page.offset + len(shown)) < len(matched):
            links.append(of.link(_with(path, asked | {"offset": str(after)}), "next", GEOJSON))
        return _geojson(
            {
                "type": "FeatureCollection",
                "features": [each.feature for each in shown],
                "numberMatched": len(matched),
                "numberReturned": len(shown),
                "timeStamp": utc(now()),
                "attribution": of.attribution,
                "links": [each.model_dump() for each in links],
            }
        )

    @routes.get(
        "/collections/{collection}/items/{item}",
        summary=N_("Read one item"),
        description="",
        response_class=Response,
        responses={200: {"content": {GEOJSON: {"schema": {"type": "object"}}}}},
    )
    def read_item(
        operation_id: UUID, collection: CollectionName, item: UUID, by: PlanReader, request: Request
    ) -> Response:
        """Read one item."""
        with journal.disclosing(store, by) as session:
            of = read(session, operation_id, by, request)
            found = existing(next((each for each in of.of(collection) if each.feature["id"] == str(item)), None))
            on = {"operation": of.operation.id, "country": by.country}
            journal.record_download(session, by, "api.read", None, "geojson", **on, what="plan", objects=1)
        path = f"/collections/{collection}"
        links = [of.link(f"{path}/items/{item}", "self", GEOJSON), of.link(path, "collection")]
        return _geojson({**found.feature, "links": [each.model_dump() for each in links]})

    return routes


def _with(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _dated(feature: Mapping[str, Any], since: datetime) -> dict[str, Any]:
    return {**feature, "properties": {**feature["properties"], "since": utc(since)}}


def _geojson(content: Mapping[str, Any]) -> Response:
    return JSONResponse(content, media_type=GEOJSON)
