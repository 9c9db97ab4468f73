"""Files of the field form: its page, scripts and styles, what the service worker keeps of them, and the manifest."""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from dashboard.server.asset_bundle import ASSETS, HOUSE

PAGE, FOLDER = "/field", "/field/"
WORKER, MANIFEST, FORM, STYLE, ATLAS = (
    f"{FOLDER}worker.js",
    f"{FOLDER}manifest.webmanifest",
    f"{FOLDER}form.js",
    f"{FOLDER}form.css",
    f"{FOLDER}atlas.js",
)
_HERE = Path(__file__).parent
_REPORTS = HOUSE / "screens" / "reports"
_MAP = HOUSE / "map"
_SCRIPTS = ("app.js", "duties.js", "keeping.js", "post_map.js", "sending.js", "views.js")
_ATLAS = ("core.js", "vector_tile.js", "ground.js", "labels.js", "symbols.js", "scene.js")
SIGNS = ("anchor", "building", "bus", "eye", "flame", "hand-stop", "map-pin", "plane", "road", "ship", "train")
"""Icons of the signs that `map/scene.js` draws."""
_ELSEWHERE = (
    "/sign-in/theme.css",
    "/sign-in/logo.svg",
    "/sign-in/icon.png",
    "/sign-in/scheme.js",
    "/assets/vendor/later/idb.js",
    "/assets/vendor/later/leaflet.js",
    "/assets/vendor/later/leaflet.css",
    *(f"/assets/vendor/icons/{name}.svg" for name in SIGNS),
    "/assets/vendor/05_fonts.css",
    *(f"/assets/vendor/fonts/{file.name}" for file in sorted((ASSETS / "vendor" / "fonts").glob("*.woff2"))),
)
"""What the page needs of other parts of Muster."""


@cache
def files() -> Mapping[str, tuple[str, str]]:
    """Return content and media type of each file by its address.

    The form itself is the one of the reports page, script and style; the map is drawn by the scripts of every map.
    """
    form = "\n;\n".join(_text(_REPORTS / name) for name in ("entry_lines.js", "entry_steps.js", "form.js"))
    style = "\n".join(map(_text, (_REPORTS / "reports.css", _MAP / "map.css", _HERE / "field.css")))
    atlas = "\n;\n".join(_text(_MAP / name) for name in _ATLAS)
    return {
        PAGE: (_text(_HERE / "field.html"), "text/html"),
        FORM: (form, "text/javascript"),
        STYLE: (style, "text/css"),
        ATLAS: (atlas, "text/javascript"),
        MANIFEST: (_text(_HERE / "manifest.json"), "application/manifest+json"),
        **{f"{FOLDER}{name}": (_text(_HERE / name), "text/javascript") for name in _SCRIPTS},
    }


@cache
def worker() -> str:
    """Return the service worker, which knows the addresses of the files and a mark of their content."""
    kept = [*files(), *_ELSEWHERE]
    mark = sha256("".join(content for content, _kind in files().values()).encode()).hexdigest()[:12]
    known = f"const MARK = {json.dumps(mark)};\nconst KEPT = {json.dumps(kept)};\n"
    return known + _text(_HERE / "worker.js")


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
