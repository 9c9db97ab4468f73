"""Map of a post for a device without a network: the ground around it and what the plan has there, in one file.

Nothing is in it that the officer does not see on the map of the plan. How sites report is not: it would be old.
"""

import base64
import json
import math
from typing import TYPE_CHECKING
from uuid import UUID

from dashboard import wording
from dashboard.map import component, scene, tiles
from dashboard.parts import plan_paper
from dashboard.server.lazy_modules import reference
from dashboard.server.lazy_modules import tiles as tile_files
from dashboard.wording import _, in_language
from operations.core import journal
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.policing.map_plan import places
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_GROUND = 2**20
"""Bytes of ground in a pack. At none of 1,392 border crossings were more than 340,000 measured."""
MOST_OBJECTS = 500
"""Sites and drawn objects in a pack, the nearest."""
_WIDER = 2
"""The ground reaches so many times as far as the surroundings: a phone that is held upright shows more."""


def pack(store: Store, site_id: UUID, by: Actor) -> bytes:
    """Return the map of a site's surroundings as JSON, and enter it in the access trail. Raises NotFound, NotPermitted.

    `settings` and `scene` are those of a map of the desk; `tiles` holds vector tiles by "level/column/row", packed by
    gzip and written in base64, "" for an empty one. A level that found no room is left out: a coarser one stands in.
    """
    with in_language(by.language):
        with store.reading(by) as session:
            site = places.site(session, site_id)
            operation = plan.operation(session, site.operation_id, by)
            require(by, Act.PLAN_READ, plan.subject(operation))
            everything = scene.scene(session, operation, by)["features"]
            countries = list(plan.countries(session, operation.id))
        found = [each for each in everything if plan_paper.is_near(each["geometry"], site)]
        found = sorted(found, key=lambda each: _apart(each["properties"]["centre"], site))[:MOST_OBJECTS]
        west, south, east, north = plan_paper.surroundings(site)
        made = {
            "made": now().isoformat(),
            "name": site.name,
            "settings": {
                "tiles": [source for source in tiles.sources() if source["name"] == tiles.GROUND],
                "locale": wording.language(),
                "countries": countries,
                "view": [[south, west], [north, east]],
                "words": component.words(),
            },
            "scene": {"type": "FeatureCollection", "features": found},
            "tiles": _tiles(site),
            "notice": [_(reference.DISCLAIMER), _(reference.ATTRIBUTION), _(reference.GROUND_ATTRIBUTION)],
        }
    with store.unit_of_work(by) as session:  # a screen that a device keeps: it is renewed where nobody proves anything
        more = {"operation": operation.id, "country": by.country if by.national else None, "objects": len(found)}
        recipients = [str(by.account_id)]
        journal.record(
            session,
            by,
            "plan.export",
            "export",
            None,
            chain=journal.Chain.ACCESS,
            format="map",
            recipients=recipients,
            **more,
        )
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode()


def _apart(centre: list[float], site: Site) -> float:
    return math.hypot(centre[0] - site.lon, centre[1] - site.lat)


def _tiles(site: Site) -> dict[str, str]:
    """Return the ground around a site, the coarse levels first, as far as there is room."""
    ground, found, room = tile_files.TileFile(tile_files.GROUND), dict[str, str](), MOST_GROUND
    for level, column, row in _places(site, ground.levels):
        body = ground.tile(level, column, row) or b""
        room -= len(body)
        if room < 0:
            break
        found[f"{level}/{column}/{row}"] = base64.b64encode(body).decode()
    return found


def _places(site: Site, levels: tuple[int, int]) -> "Iterator[tuple[int, int, int]]":
    """Yield level, column and row of the tiles that touch the surroundings."""
    west, south, east, north = plan_paper.surroundings(site, _WIDER)
    least, most = levels
    for level in range(least, most + 1, tiles.LEVELS):
        across = 2**level
        rows = range(_row(north, across), _row(south, across) + 1)
        columns = range(math.floor((west / 360 + 0.5) * across), math.floor((east / 360 + 0.5) * across) + 1)
        yield from ((level, column % across, row) for row in rows for column in columns)


def _row(lat: float, across: int) -> int:
    """Return the row of tiles of a latitude, counted from the north (Web Mercator)."""
    within = max(-85.0, min(85.0, lat))
    return math.floor((0.5 - math.asinh(math.tan(math.radians(within))) / (2 * math.pi)) * across)
