"""Files of the field form: its page, scripts and styles, what the service worker keeps of them, and the manifest."""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from dashboard.server.asset_bundle import ASSETS, HOUSE

PAGE, FOLDER = "/field", "/field/"
WORKER, MANIFEST, FORM, STYLE = (
    f"{FOLDER}worker.js",
    f"{FOLDER}manifest.webmanifest",
    f"{FOLDER}form.js",
    f"{FOLDER}form.css",
)
_HERE = Path(__file__).parent
_REPORTS = HOUSE / "screens" / "reports"
_SCRIPTS = ("app.js", "duties.js", "keeping.js", "sending.js", "views.js")
_ELSEWHERE = (
    "/sign-in/theme.css",
    "/sign-in/logo.svg",
    "/sign-in/icon.png",
    "/sign-in/scheme.js",
    "/assets/vendor/later/idb.js",
    "/assets/vendor/05_fonts.css",
    *(f"/assets/vendor/fonts/{file.name}" for file in sorted((ASSETS / "vendor" / "fonts").glob("*.woff2"))),
)
"""What the page needs of other parts of Muster."""


@cache
def files() -> Mapping[str, tuple[str, str]]:
    """Return content and media type of each file by its address.

    The form itself is the one of the reports page, script and style.
    """
    form = "\n;\n".join(_text(_REPORTS / name) for name in ("entry_lines.js", "entry_steps.js", "form.js"))
    style = f"{_text(_REPORTS / 'reports.css')}\n{_text(_HERE / 'field.css')}"
    return {
        PAGE: (_text(_HERE / "field.html"), "text/html"),
        FORM: (form, "text/javascript"),
        STYLE: (style, "text/css"),
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
