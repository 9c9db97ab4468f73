"""HTTP routes of the map: base map layers, gazetteer search, and hits in view. All are behind the gate."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

import geodata
from dashboard.map import scene
from dashboard.server.access import current_user
from dashboard.server.lazy_modules import clusters, gazetteer, map_layers, prepared, reference
from operations.core.errors import NotFound, RuleBroken
from operations.core.languages import LOCALES
from operations.core.people import Actor
from operations.core.store import Store

if TYPE_CHECKING:
    import geopandas as gpd

    from geodata.ground.grid import Bounds

BASE = "/data/map/base"
SEARCH = "/data/map/search"
_MAKERS = [Path(geodata.__file__).parent / "ground" / name for name in ("basemap.py", "map_layers.py")]
_YEAR = "private, max-age=31536000, immutable"


def base_urls(locale: str) -> dict[str, str]:
    """Return the address of each base map layer. It changes with the bundled data, so browsers may cache it for good.

    No layer is built for it: the first page does not wait for layers that it may never show.
    """
    return {name: f"{BASE}/{name}?v={_stamp()}&lang={locale}" for name in map_layers.LAYERS}


@cache
def _stamp() -> str:
    """Return a hash of the bundled files' metadata and of the code that makes layers of them."""
    files = sorted([*(path for path in reference.DATA.rglob("*") if path.is_file()), *_MAKERS])
    told = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def warm() -> None:
    """Read the index of the search, and have every layer made by another process, ahead of the first request."""
    gazetteer.warm()
    prepared.prepare(LOCALES)


def packed_marks(points: "gpd.GeoDataFrame", bbox: "Bounds", zoom: int) -> bytes:
    """Return the points in view, with a column `total`, as JSON arrays; many points are clustered on a grid.

    `{"lon", "lat", "n", "total"}`, all of one length: `n` points with the sum `total` at each mark. Four decimals of a
    degree (11 m) place a mark within a pixel up to zoom 13.
    """
    marks = clusters.cluster(points, bbox, zoom, sums=["total"])
    at = marks.geometry
    columns = {
        "lon": at.x.round(4).tolist(),
        "lat": at.y.round(4).tolist(),
        "n": marks["n"].tolist(),
        "total": marks["total"].astype(int).tolist(),
    }
    return json.dumps(columns, separators=(",", ":")).encode()


def router(store: Store) -> APIRouter:
    """Return the routes under /data/map."""
    routes = APIRouter(prefix="/data/map")

    @routes.get("/base/{layer}")
    def base(
        layer: str, request: Request, _actor: Annotated[Actor, Depends(current_user)], lang: str = "en", v: str = ""
    ) -> Response:
        if layer not in map_layers.LAYERS:
            raise NotFound
        built = map_layers.layer(layer, _known(lang))
        kept = v == _stamp()
        headers = {
            "etag": built.etag,
            "vary": "accept-encoding",
            "cache-control": _YEAR if kept else "private, no-cache",
        }
        if request.headers.get("if-none-match") == built.etag:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                built.packed, headers=headers | {"content-encoding": "gzip"}, media_type="application/geo+json"
            )
        return Response(built.body, headers=headers, media_type="application/geo+json")

    @routes.get("/search")
    def search(
        _actor: Annotated[Actor, Depends(current_user)], q: Annotated[str, Query(max_length=120)], lang: str = "en"
    ) -> Response:
        hits = gazetteer.search(q, limit=10, locale=_known(lang))
        kept = ("kind", "ref", "name", "iso3", "country", "lat", "lon", "zoom")
        return JSONResponse([{name: getattr(each, name) for name in kept} for each in hits])

    @routes.get("/{operation_id}/events")
    def events(
        operation_id: UUID,
        actor: Annotated[Actor, Depends(current_user)],
        bbox: str,
        zoom: Annotated[int, Query(ge=0, le=22)],
    ) -> Response:
        box = box_of(bbox)
        with store.reading(actor) as session:
            points = scene.events(session, operation_id, actor)
        return Response(packed_marks(points, box, zoom), media_type="application/json")

    return routes


def _known(lang: str) -> str:
    if lang not in LOCALES:
        raise NotFound
    return lang


def box_of(text: str) -> "Bounds":
    """Parse a box, "west,south,east,north" in degrees. Raises RuleBroken."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
        if -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90:
            return west, south, east, north
    except ValueError:
        pass
    raise RuleBroken("bbox", "The box must be west, south, east and north in degrees.")
