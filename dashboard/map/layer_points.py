"""The events of a layer in the part of the world that a map shows: counted once for every zoom, then looked up.

A layer's content never changes, so what was counted is kept by the version that brought it, in this process, for the
layers asked for last.
"""

import json
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from dashboard.access import asking
from dashboard.later import later
from dashboard.map.router import box_of
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.store import ScopedSession, Store
from operations.policing import layers, plan

if TYPE_CHECKING:
    from analyses import events
    from geodata import pyramid
    from geodata.pyramid import Pyramid
else:
    events, pyramid = later("analyses.events"), later("geodata.pyramid")


class Pyramids:
    """What was counted, by the version that brought the content. Beyond `points` in all, the oldest go first."""

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


def router(store: Store) -> APIRouter:
    """/data/map/{operation}/layers/{version}: marks as JSON arrays `{"lon", "lat", "n"}` of one length."""
    routes, kept = APIRouter(prefix="/data/map"), Pyramids()

    @routes.get("/{operation_id}/layers/{version_id}")
    def points(
        operation_id: UUID,
        version_id: UUID,
        actor: Annotated[Actor, Depends(asking)],
        bbox: str,
        zoom: Annotated[int, Query(ge=0, le=22)],
    ) -> Response:
        box = box_of(bbox)
        with store.reading(actor) as session:
            owner = plan.operation(session, operation_id, actor)
            layer = layers.version(session, version_id)
            subject = plan.subject(owner, actor.country if actor.national else None)
            if layer.operation_id != operation_id or layer.removed or not may(actor, Act.LAYER_READ, subject):
                raise NotFound
            marks = kept.of(session, layer).view(box, zoom)
        columns = {"lon": marks.lon.round(4).tolist(), "lat": marks.lat.round(4).tolist(), "n": marks.n.tolist()}
        return Response(json.dumps(columns, separators=(",", ":")), media_type="application/json")

    return routes
