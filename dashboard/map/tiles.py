"""Tiles of the map: the bundled ground, and every `.pmtiles` file in the folder of maps."""

import hashlib
import logging
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from dashboard.server.access import current_user
from dashboard.server.lazy_modules import tiles
from operations.core.errors import NotFound
from operations.core.people import Actor

if TYPE_CHECKING:
    from geodata.ground.tiles import TileFile

ADDRESS = "/data/map/tiles"
GROUND = "ground"
_YEAR = "private, max-age=31536000, immutable"
LEVELS = 2
"""The ground has a level of tiles for so many steps of zoom."""

_log = logging.getLogger(__name__)


class _Folder:
    """The folder of maps that operators add, once a server has named it."""

    path: Path | None = None


def serve(folder: Path) -> None:
    """Take added maps from this folder, which need not exist."""
    _Folder.path = folder


def sources() -> list[dict[str, Any]]:
    """Return what the browser draws, from the bottom up: each source's address, version, kind, levels and bounds."""
    drawn = []
    for name, path in _files().items():
        if (file := _open(path)) is None:
            continue
        source: dict[str, Any] = {
            "name": name,
            "url": f"{ADDRESS}/{name}",
            "version": _version(path),
            "kind": file.kind,
        }
        source |= {"levels": file.levels, "every": LEVELS if name == GROUND else 1}
        drawn.append(source | ({} if name == GROUND else {"bounds": file.bounds}))
    return drawn


def router() -> APIRouter:
    """Return the route of the tiles: 204 where a map is empty."""
    routes = APIRouter(prefix=ADDRESS)

    @routes.get("/{name}/{z}/{x}/{y}")
    def tile(
        name: str, z: int, x: int, y: int, _actor: Annotated[Actor, Depends(current_user)], v: str = ""
    ) -> Response:
        path = _files().get(name)
        file = path and _open(path)
        if not path or not file:
            raise NotFound
        headers = {"cache-control": _YEAR if v == _version(path) else "private, no-cache"}
        body = file.tile(z, x, y)
        if body is None:
            return Response(status_code=204, headers=headers)
        if file.gzipped:
            headers["content-encoding"] = "gzip"
        return Response(body, headers=headers, media_type=file.media_type)

    return routes


def _files() -> dict[str, Path]:
    """Return the files by name. Whoever adds a map need not restart the server."""
    added = sorted(_Folder.path.glob("*.pmtiles")) if _Folder.path else []
    return {GROUND: tiles.GROUND} | {path.stem: path for path in added if path.stem != GROUND}


def _open(path: Path) -> "TileFile | None":
    return _opened(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _opened(path: Path, _written: int) -> "TileFile | None":
    try:
        return tiles.TileFile(path)
    except (OSError, ValueError) as error:
        _log.warning("A map is not drawn: %s", error)
        return None


def _version(path: Path) -> str:
    stat = path.stat()
    return hashlib.sha256(repr((stat.st_size, stat.st_mtime_ns)).encode()).hexdigest()[:12]
