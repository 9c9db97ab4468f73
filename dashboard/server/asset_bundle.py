"""Asset bundle: one script and one style sheet, compressed once, kept in memory, with a content hash in the address.

Our own scripts and styles lie beside the Python that needs them. They are joined in this order: the frame, the map,
shared parts, each screen, and then third-party files.

Files of Dash's packages keep their addresses, because their scripts locate their parts by them; each is read from Dash
once. The largest scripts are loaded with the first component that needs them (`frame/lazy_scripts.js`): they lie in
assets/vendor/later, or are of Dash's packages, and are in no bundle.
"""

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from html import escape
from pathlib import Path
from threading import Lock

import brotli
from dash import Dash
from dash.fingerprint import check_fingerprint
from fastapi import APIRouter, Request
from starlette.responses import Response

from operations.core.errors import NotFound

HOUSE = Path(__file__).parents[1]
ASSETS = HOUSE / "assets"
ROOMS = ("frame", "map", "parts", "screens")
SCRIPT, STYLE, LATE = "/assets/muster.js", "/assets/muster.css", "/assets/vendor/later"
SUITES = "/_dash-component-suites/"

LAZY = ("leaflet.js", "leaflet.css", "geoman.js", "geoman.css", "plotly.js", "timeline.js", "timeline.css")

_RELATIVE = re.compile(r"""url\((['"]?)(?!['"]|data:|/|#|%23|https?:)""")
_SCRIPT_TAG = re.compile(r'<script src="([^"]+)"></script>')
_LEFT_OUT = re.compile(rf"{SUITES}(dash/deps/polyfill@|dash/dash_table/)")
"""Left out: Dash's polyfill, for browsers that cannot show the map anyway (its one part that is needed, regenerator,
comes with our script), and a table component that no page uses."""
_GRID = re.compile(rf"{SUITES}dash_ag_grid/")


@dataclass(frozen=True)
class PackedFile:
    """A file in memory with its compressed forms, each made on first use; `kind` is its media type."""

    content: bytes
    kind: str

    @cached_property
    def mark(self) -> str:
        """The first 12 hexadecimal digits of the content's SHA-256."""
        return sha256(self.content).hexdigest()[:12]

    @cached_property
    def brotli(self) -> bytes:
        """The content compressed by brotli, at a level that takes a tenth of a second for the largest file."""
        packed: bytes = brotli.compress(self.content, quality=5)
        return packed

    @cached_property
    def gzip(self) -> bytes:
        """The content compressed by gzip, for browsers that accept brotli over TLS only."""
        return gzip.compress(self.content, compresslevel=6, mtime=0)

    def answer(self, request: Request) -> Response:
        """Return the file in the best encoding that the browser accepts, or 304 where it has this version."""
        headers = {"etag": f'"{self.mark}"', "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        taken = {each.partition(";")[0].strip() for each in request.headers.get("accept-encoding", "").split(",")}
        for name in ("br", "gzip"):
            if name in taken:
                body = self.brotli if name == "br" else self.gzip
                return Response(body, headers=headers | {"content-encoding": name}, media_type=self.kind)
        return Response(self.content, headers=headers, media_type=self.kind)


def _ours(suffix: str) -> list[Path]:
    """Return the files with a suffix in all folders, without those of the sign-in page, which is no part of the app."""
    outside = HOUSE / "frame" / "templates"
    own = [file for room in ROOMS for file in sorted((HOUSE / room).rglob(f"*{suffix}")) if file.parent != outside]
    return [*own, *sorted((ASSETS / "vendor").glob(f"*{suffix}"))]


@cache
def script() -> PackedFile:
    """Return all scripts but Dash's own, joined."""
    parts = [f"/* {file.relative_to(HOUSE).as_posix()} */\n{file.read_text(encoding='utf-8')}" for file in _ours(".js")]
    return PackedFile("\n;\n".join(parts).encode(), "text/javascript")


@cache
def style() -> PackedFile:
    """Return all style sheets, joined; relative addresses in them are made absolute."""
    parts = []
    for file in _ours(".css"):
        folder = f"/{file.parent.relative_to(HOUSE).as_posix()}/"
        parts.append(_RELATIVE.sub(rf"url(\1{folder}", file.read_text(encoding="utf-8")))
    return PackedFile("\n".join(parts).encode(), "text/css")


@cache
def lazy_script_address(name: str) -> str:
    """Return the address of a script that pages load on demand, with a hash of its content."""
    content = (ASSETS / "vendor" / "later" / name).read_bytes()
    return f"{LATE}/{name}?v={sha256(content).hexdigest()[:12]}"


def style_tag() -> str:
    """Return the link tag of the style sheet for the head of a page."""
    return f'<link rel="stylesheet" href="{STYLE}?v={style().mark}">'


def script_tags(of_dash: str) -> str:
    """Return Dash's script tags that every page needs, then ours, which carries the addresses of lazy scripts."""
    lazy = {name: lazy_script_address(name) for name in LAZY} | {"dash_ag_grid.js": grid_script(of_dash)}
    tags = [line for line in of_dash.splitlines() if not _LEFT_OUT.search(line) and not _GRID.search(line)]
    regenerator, addresses = lazy_script_address("regenerator.js"), escape(json.dumps(lazy, separators=(",", ":")))
    ours = f'<script src="{SCRIPT}?v={script().mark}" id="muster-script" data-lazy="{addresses}"></script>'
    return "\n".join([f'<script src="{regenerator}"></script>', *tags, ours])


def grid_script(of_dash: str) -> str:
    """Return the address of the grid's script, from Dash's script tags."""
    return next(path for path in _SCRIPT_TAG.findall(of_dash) if _GRID.search(path))


class Files:
    """Routes for the joined files and for the files of Dash's packages."""

    def __init__(self, dash: Dash) -> None:
        self._dash, self._kept, self._lock = dash, dict[str, PackedFile](), Lock()

    def suite(self, path: str) -> PackedFile:
        """A file of one of Dash's packages. Raises NotFound."""
        package, _slash, name = path.removeprefix(SUITES).partition("/")
        if check_fingerprint(name)[0] not in self._dash.registered_paths.get(package, ()):
            raise NotFound
        with self._lock:
            if path not in self._kept:
                response = self._dash.server.test_client().get(path)
                if response.status_code != 200:
                    raise NotFound
                self._kept[path] = PackedFile(response.data, response.mimetype)
            return self._kept[path]

    def pack(self) -> None:
        """Compress the files that every page loads, and the grid's script, before the first request for them."""
        with self._dash.server.app_context():
            tags = self._dash._generate_scripts_html()
        loaded = [*_SCRIPT_TAG.findall(script_tags(tags)), grid_script(tags)]
        suites = [self.suite(path) for path in loaded if path.startswith(SUITES)]
        for file in (script(), style(), *suites):
            _ = file.brotli

    def router(self) -> APIRouter:
        """Return the routes; the gate sets how long browsers may cache the responses."""
        routes = APIRouter()

        @routes.get(SCRIPT)
        def our_script(request: Request) -> Response:
            return script().answer(request)

        @routes.get(STYLE)
        def our_style(request: Request) -> Response:
            return style().answer(request)

        @routes.get(f"{LATE}/{{name}}")
        def later(request: Request, name: str) -> Response:
            return _late_file(name).answer(request)

        @routes.get(f"{SUITES}{{path:path}}")
        def suite(request: Request, path: str) -> Response:
            return self.suite(SUITES + path).answer(request)

        return routes


_KINDS = {".js": "text/javascript", ".css": "text/css"}


@cache
def _late_file(name: str) -> PackedFile:
    file = ASSETS / "vendor" / "later" / name
    if name not in {each.name for each in file.parent.iterdir()}:
        raise NotFound
    return PackedFile(file.read_bytes(), _KINDS[file.suffix])
