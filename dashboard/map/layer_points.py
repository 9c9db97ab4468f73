"""The events of a layer in the part of the world that a map shows: what was counted when it came in, looked up.

The answer is what the browser draws from, little-endian: four uint32 (how many marks; 1 where numbers follow; how many
events they are; 1 where these are all places of the view, one by one), then `x` and `y` of each mark as int32 in steps
of 1/100,000 of a degree east and north, then its number of events as uint32 where it is not 1 for all.

No browser keeps it (`dashboard.server.gate`): who loses sight of a layer finds nothing of it in a cache either.
"""

import gzip
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from dashboard.map.router import box_of
from dashboard.server.access import asking
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
"""So many places are drawn one by one where somebody wants to see every one of them."""

OWN_ZOOM = 6
"""The one grid on which own results are shown, 150 km wide at the equator: two grids could be compared."""

_PACKED_FROM = 1024


class Pyramids:
    """What this process counted of layers that came in before counts were kept, until the worker has kept theirs.

    Beyond `points` in all, the oldest go first.
    """

    def __init__(self, points: int = 3_000_000) -> None:
        self._most, self._kept, self._lock = points, OrderedDict[UUID, "Pyramid"](), Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, session: ScopedSession, layer: layers.EventLayer) -> "Pyramid":
        """The events of a layer that the session's actor may see. Raises NotFound."""
        with self._lock:
            found = self._kept.get(layer.content_id)
            if found is not None:
                self._kept.move_to_end(layer.content_id)
                return found
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
        """What a view shows, and whether these are all places in it: they are while they are at most `every`.

        Own results are shown as cells with their number, small ones and what would give them away left out, whatever is
        wanted.
        """
        if self._layer.kind == LayerKind.OWN_RESULTS:
            return self._sheltered(box), False
        if every and (found := self._every(box, every)) is not None:
            return found, True
        return pyramid.view(self._read, box, pyramid.fitting_zoom(box, zoom)), False

    def _every(self, box: "Bounds", most: int) -> "Marks | None":
        """Every place in a box; None where they are more than `most`."""
        places = pyramid.PLACES
        if self._counted and layers.marks_inside(self._session, self._layer.content_id, places, box) > most:
            return None
        found = pyramid.every(self._read, box)
        return found if len(found) <= most else None

    def _sheltered(self, box: "Bounds") -> "Marks":
        """Of the cells of the whole world those that may be shown and that a box touches: moving it tells nothing."""
        cells = pyramid.cells_of(self._read, OWN_ZOOM)
        told = small_numbers.protect(dict(enumerate(cells.n.tolist()))).cells
        shown = cells.chosen(at for at, count in told.items() if count is not None)
        return shown.within(grid.whole_cells(box, OWN_ZOOM))


def packed(marks: "Marks", *, every: bool) -> bytes:
    """What goes over the wire, as this module says."""
    body = marks.packed()
    numbered = len(body) > 8 * len(marks)
    header = (len(marks), int(numbered), marks.events, int(every))
    return b"".join(number.to_bytes(4, "little") for number in header) + body


def router(store: Store) -> APIRouter:
    """/data/map/{operation}/layers/{version}: the marks of a view; with `every` each place while there are so many."""
    routes, older = APIRouter(prefix="/data/map"), Pyramids()

    @routes.get("/{operation_id}/layers/{version_id}")
    def points(
        operation_id: UUID,
        version_id: UUID,
        request: Request,
        actor: Annotated[Actor, Depends(asking)],
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
            # Here and not on the way out, where everybody waits for it.
            body, headers["content-encoding"] = gzip.compress(body, 1, mtime=0), "gzip"
        return Response(body, headers=headers, media_type="application/octet-stream")

    return routes
