"""Events of a layer in a map view: lookups in counts that were computed at import.

The response is binary, little-endian: four uint32 (the number of marks; 1 if event counts follow; the number of events;
1 if these are all places of the view, ungrouped), then `x` and `y` of each mark as int32 in units of 1/100,000 degree
east and north, then the number of events of each as uint32, unless it is 1 for all.

Browsers may not cache it (`dashboard.server.gate`): a user who loses access to a layer finds nothing in a cache.
"""

import gzip
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from dashboard.map.router import box_of
from dashboard.server.access import current_user
from dashboard.server.lazy_modules import events, grid, pyramid
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.store import ScopedSession, Store
from operations.core.vocabulary import LayerKind
from operations.disclosure import small_numbers
from operations.policing.layers import layers
from operations.policing.operation import plan

if TYPE_CHECKING:
    from geodata.events.pyramid import Marks, Pyramid, Read
    from geodata.ground.grid import Bounds

MOST_DRAWN = 100_000
"""The largest number of places that are drawn one by one on request."""

OWN_ZOOM = 6
"""The only grid on which own results are shown, 150 km wide at the equator: two grids could be compared."""

_PACKED_FROM = 1024


class Pyramids:
    """Cache of counts for layers imported before counts were stored, until the worker has stored them.

    Beyond `points` events in all, the least recently used layers are evicted.
    """

    def __init__(self, points: int = 3_000_000) -> None:
        self._most, self._kept, self._lock = points, OrderedDict[UUID, "Pyramid"](), Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, session: ScopedSession, layer: layers.EventLayer) -> "Pyramid":
        """Return the counted events of a layer that the session's actor may see. Raises NotFound."""
        with self._lock:
            cached = self._kept.get(layer.content_id)
            if cached is not None:
                self._kept.move_to_end(layer.content_id)
                return cached
        made = pyramid.Pyramid(*events.positions(layers.content(session, layer.id)))
        with self._lock:
            self._kept[layer.content_id] = made
            while len(self._kept) > 1 and sum(map(len, self._kept.values())) > self._most:
                self._kept.popitem(last=False)
        return made


class LayerPoints:
    """The events of one layer, as far as the session's actor may see them."""

    def __init__(self, session: ScopedSession, layer: layers.EventLayer, older: Pyramids) -> None:
        self._session, self._layer = session, layer
        self._counted = layer.west is None or layers.counted(session, layer.content_id)
        self._read: Read = self._kept if self._counted else older.of(session, layer).read

    def _kept(self, zoom: int, box: "Bounds") -> "Marks":
        return pyramid.unpacked(layers.marks(self._session, self._layer.content_id, zoom, box))

    def seen(self, box: "Bounds", zoom: int, every: int) -> tuple["Marks", bool]:
        """Return the marks of a view, and whether they are all its places: they are if there are at most `every`.

        Own results are always shown as grid cells with counts, without small counts and those that would disclose them.
        """
        if self._layer.kind == LayerKind.OWN_RESULTS:
            return self._sheltered(box), False
        if every and (found := self._every(box, every)) is not None:
            return found, True
        return pyramid.view(self._read, box, pyramid.fitting_zoom(box, zoom)), False

    def _every(self, box: "Bounds", most: int) -> "Marks | None":
        """Return every place in a box; None if there are more than `most`."""
        places = pyramid.PLACES
        if self._counted and layers.marks_inside(self._session, self._layer.content_id, places, box) > most:
            return None
        found = pyramid.every(self._read, box)
        return found if len(found) <= most else None

    def _sheltered(self, box: "Bounds") -> "Marks":
        """Return disclosable cells that touch a box. Suppression is global, so moving the box reveals nothing."""
        cells = pyramid.cells_of(self._read, OWN_ZOOM)
        told = small_numbers.protect(dict(enumerate(cells.n.tolist()))).cells
        shown = cells.chosen(at for at, count in told.items() if count is not None)
        return shown.within(grid.whole_cells(box, OWN_ZOOM))


def packed(marks: "Marks", *, every: bool) -> bytes:
    """Return the marks in the binary form described above."""
    body = marks.packed()
    numbered = len(body) > 8 * len(marks)
    header = (len(marks), int(numbered), marks.events, int(every))
    return b"".join(number.to_bytes(4, "little") for number in header) + body


def router(store: Store) -> APIRouter:
    """Return the route /data/map/{operation}/layers/{version}: the marks of a view; `every` asks for single places."""
    routes, older = APIRouter(prefix="/data/map"), Pyramids()

    @routes.get("/{operation_id}/layers/{version_id}")
    def points(
        operation_id: UUID,
        version_id: UUID,
        request: Request,
        actor: Annotated[Actor, Depends(current_user)],
        bbox: str,
        zoom: Annotated[int, Query(ge=0, le=22)],
        every: Annotated[int, Query(ge=0, le=MOST_DRAWN)] = 0,
    ) -> Response:
        box = box_of(bbox)
        with store.reading(actor) as session:
            owner = plan.operation(session, operation_id, actor)
            layer = layers.version(session, version_id)
            subject = plan.subject(owner, actor.country if actor.national else None)
            if layer.operation_id != operation_id or layer.removed or not may(actor, Act.LAYER_READ, subject):
                raise NotFound
            seen, whole = LayerPoints(session, layer, older).seen(box, zoom, every)
        body, headers = packed(seen, every=whole), {"vary": "accept-encoding"}
        if len(body) >= _PACKED_FROM and "gzip" in request.headers.get("accept-encoding", ""):
            # Compressed here, in the worker thread, and not in the middleware on the event loop.
            body, headers["content-encoding"] = gzip.compress(body, 1, mtime=0), "gzip"
        return Response(body, headers=headers, media_type="application/octet-stream")

    return routes
