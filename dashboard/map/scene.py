"""Data of an operation's map, as far as the reader may see it: sites, drawn objects, and states of sites."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dashboard.map.extent import Span, around, together
from dashboard.server.lazy_modules import crs, reference, shapes
from dashboard.server.lazy_modules import geopandas as gpd
from dashboard.server.lazy_modules import sites as known_places
from dashboard.wording import _, coded, ngettext, number
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Classification, Level, MapObjectKind
from operations.disclosure import suppression
from operations.figures import board
from operations.policing.map_plan import places, versions
from operations.policing.operation import plan
from operations.totals import activity

Feature = dict[str, Any]
Box = list[list[float]]
"""South-west and north-east corner, each (latitude, longitude), as Leaflet expects them."""

_MARGIN, _LEAST = 0.05, 0.02
"""Around what a view holds: a share of its longer side, and so many degrees (2 km) at least."""

_GROUP = {kind: group for group, kinds in places.GROUPS.items() for kind in kinds}


def scene(session: Session, operation: plan.Operation, by: Actor) -> dict[str, Any]:
    """Return open sites and drawn objects as a GeoJSON FeatureCollection (EPSG:4326, longitude first).

    Properties: `kind` ("site" or a code of CL-MAPOBJECT), `group`, `name`, `label`, `state`, `country`, `country_name`,
    `centre` (lon, lat), `bounds` (of shapes), `editable` (by this person), `note` of an object; `aside` of a site at
    the same point as another country's: the direction to its own side (east, north).
    """
    return _scene(places.sites(session, operation.id), places.objects(session, operation.id), operation, by)


def of_version(session: Session, operation: plan.Operation, version_id: UUID, by: Actor) -> dict[str, Any]:
    """Return the same for the state that was frozen as a version."""
    return _scene(versions.sites_of(session, version_id), versions.objects_of(session, version_id), operation, by)


def _scene(
    standing: Sequence[places.Site], drawn: Sequence[places.MapObject], operation: plan.Operation, by: Actor
) -> dict[str, Any]:
    own = by.country if by.national else None
    draws = may(by, Act.PLAN_DRAW, plan.subject(operation, own))
    edits = {c: may(by, Act.SITE_PLACE, plan.subject(operation, c)) for c in {each.country for each in standing}}
    found = [_site(each, editable=edits[each.country]) for each in standing]
    for feature, aside in zip(found, _sides(standing), strict=True):
        feature["properties"] |= aside
    found += [_object(each, editable=draws and each.country == own) for each in drawn]
    return {"type": "FeatureCollection", "features": found}


def _sides(standing: Sequence[places.Site]) -> list[dict[str, Any]]:
    """Return the offset direction of each site's sign: the sites on both sides of a crossing have the same point."""
    here: dict[tuple[float, float], set[str]] = {}
    for site in standing:
        here.setdefault((round(site.lon, 3), round(site.lat, 3)), set()).add(site.country)
    sides: list[dict[str, Any]] = []
    for site in standing:
        others = here[round(site.lon, 3), round(site.lat, 3)] - {site.country}
        way = known_places.own_side(site.lon, site.lat, site.country, tuple(sorted(others))) if others else None
        sides.append({"aside": list(way)} if way else {})
    return sides


def _site(site: places.Site, *, editable: bool) -> Feature:
    return {
        "type": "Feature",
        "id": str(site.id),
        "geometry": {"type": "Point", "coordinates": [site.lon, site.lat]},
        "properties": {
            "kind": "site",
            "group": "operational",
            "name": site.name,
            "label": coded("CL-SITETYPE", site.site_type),
            "state": "active",
            "site_type": site.site_type,
            "country": site.country,
            "country_name": country_name(site.country),
            "centre": [site.lon, site.lat],
            "bounds": None,
            "editable": editable,
        },
    }


def _object(each: places.MapObject, *, editable: bool) -> Feature:
    feature = preview(str(each.object_id), each.kind, each.name, each.state, each.geometry)
    owner = {"country": each.country, "country_name": country_name(each.country)}
    feature["properties"] |= {**owner, "editable": editable, "note": each.note}
    return feature


def preview(ident: str, kind: str, name: str, state: str, geometry: Mapping[str, Any]) -> Feature:
    """Return an object that is not drawn yet as the map shows it."""
    centre, bounds = _where(json.dumps(geometry))
    return {
        "type": "Feature",
        "id": ident,
        "geometry": geometry,
        "properties": {
            "kind": kind,
            "group": _GROUP[MapObjectKind(kind)],
            "name": name,
            "label": coded("CL-MAPOBJECT", kind),
            "state": state,
            "country": None,
            "country_name": "",
            "centre": list(centre),
            "bounds": bounds,
            "editable": False,
            "note": "",
        },
    }


def country_name(iso3: str | None) -> str:
    """Return a country's name in the reader's language; "Coordination" for None."""
    return coded("CL-COUNTRY", iso3) if iso3 else _("Coordination")


@lru_cache(maxsize=20_000)
def _where(geometry: str) -> tuple[tuple[float, float], Box | None]:
    """Return a point on the shape (lon, lat), and its bounding box if it has one that does not cross 180°."""
    measured = shapes.measure(json.loads(geometry))
    if measured.centre is None or measured.bbox is None:
        raise ValueError("A stored shape is not valid: it was not stored through its verb.")
    west, south, east, north = measured.bbox
    boxed = (west, south) != (east, north) and west <= east
    return measured.centre, [[south, west], [north, east]] if boxed else None


def view(features: Sequence[Feature], countries: Iterable[str] = ()) -> Box | None:
    """Return the initial extent: around most features, else around the label points of the countries."""
    return _box(together(_spans(features, countries)))


def whole(features: Sequence[Feature], countries: Iterable[str] = ()) -> Box | None:
    """Return the extent of all features, else of the label points of the countries."""
    return _box(_spans(features, countries))


def _spans(features: Sequence[Feature], countries: Iterable[str]) -> list[Span]:
    spans = []
    for feature in features:
        lon, lat = feature["properties"]["centre"]
        (south, west), (north, east) = feature["properties"]["bounds"] or [[lat, lon], [lat, lon]]
        spans.append((west, south, east, north))
    if not spans:
        facts = reference.country_facts()
        known = facts.loc[[iso3 for iso3 in countries if iso3 in facts.index]]
        spans = [(lon, lat, lon, lat) for lon, lat in known[["label_lon", "label_lat"]].to_numpy().tolist()]
    return spans


def _box(spans: Sequence[Span]) -> Box | None:
    if not spans:
        return None
    west, south, east, north = around(spans)
    aside = max(_LEAST, _MARGIN * max(east - west, north - south))
    return [[south - aside, west - aside], [north + aside, east + aside]]


# ------------------------------------------------------------------------------------------- what sites reported


def frame(operation: plan.Operation, by: Actor, level: Level = Level.V1) -> suppression.BoardFrame:
    """Return the frame of the map's figures: everything submitted; for a country's people, in their country."""
    return suppression.BoardFrame(
        operation.id,
        operation.zone,
        Classification(operation.classification),
        operation.day_cut,
        level,
        by.country if by.national else None,
    )


def site_values(session: Session, of: suppression.BoardFrame, by: Actor) -> dict[str, dict[str, Any]]:
    """Return what the reader may know of each site, by its id: `state`, `hits` and `words`.

    `state` is "planned" before the first report, "silent" without a report in the last 24 hours while reports are due,
    and else "hits" or "reporting".
    """
    hits, over = board.site_hits(session, of, by), board.reports_over(plan.phases(session, of.operation), now())
    sites = {}
    for site, last in board.site_activity(session, of, by).items():
        count = hits.get(site, 0)
        counted = ngettext("{n} raw hit", "{n} raw hits", count)
        if last is None:
            state, words = "planned", _("has not reported yet")
        elif over:
            state, words = ("hits" if count else "reporting"), _("has reported") + " · " + counted
        elif now() - last > activity.SILENT_AFTER:
            state, words = "silent", _("silent for 24 hours or more") + " · " + counted
        else:
            state, words = ("hits" if count else "reporting"), _("reporting") + " · " + counted
        sites[str(site)] = {"state": state, "hits": count, "hits_text": number(count), "words": words}
    return sites


def events(session: Session, operation_id: UUID, by: Actor) -> "gpd.GeoDataFrame":
    """Return sites with raw hits as points with the column `total`, as far as the reader may know. Raises NotFound."""
    operation = plan.operation(session, operation_id, by)
    if not may(by, Act.PLAN_READ, plan.subject(operation)):
        raise NotFound
    hits = board.site_hits(session, frame(operation, by), by)
    seen = [(site, hits[site.id]) for site in places.sites(session, operation_id) if hits.get(site.id)]
    at = gpd.points_from_xy([site.lon for site, _hits in seen], [site.lat for site, _hits in seen])
    return gpd.GeoDataFrame({"total": [float(count) for _site, count in seen]}, geometry=at, crs=crs.WGS84)
