"""Responses of the gate itself, and headers of all responses: cache lifetimes and the content security policy."""

import re
from html import escape
from http import HTTPStatus
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from dashboard import wording
from dashboard.wording import N_, _
from operations.core import storage_errors
from operations.core.errors import TooMany
from operations.core.storage_errors import Unavailable

_FINGERPRINTED = re.compile(r"^/_dash-component-suites/.+\.v[0-9_a-z]+m\d+\.")
_VENDORED = ("/assets/vendor/fonts/", "/assets/vendor/icons/")


def content_security_policy(script_hashes: list[str]) -> str:
    """Return the Content-Security-Policy header: our own files only; inline scripts only by their hash."""
    scripts = " ".join(["'self'", *(f"'{digest}'" for digest in script_hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "worker-src 'self' blob:; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


def problem(status: int, said: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """Return a refusal for a program (RFC 9457): the sentence in the reader's language, and nothing that was sent."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": said, **more}
    told = {"Content-Language": wording.language(), **(headers or {})}
    return JSONResponse(content, status, told, media_type="application/problem+json")


def unavailable(error: Unavailable, *, for_program: bool = False) -> Response:
    """Return the 503 response for machines and scripts while the storage is unavailable."""
    said, headers = wording.sentence(error), {"Retry-After": str(storage_errors.RETRY_AFTER)}
    return problem(503, said, headers) if for_program else JSONResponse({"error": said}, 503, headers=headers)


def caching(path: str, query: bytes, status: int) -> str:
    """Return the Cache-Control header: files with a version in their address are cached for good, pages never."""
    stamped = path.startswith(("/assets/", "/sign-in/", "/data/map/base/", "/data/map/tiles/")) and query.startswith(
        (b"m=", b"v=")
    )
    if status in (200, 204, 304) and (_FINGERPRINTED.match(path) or stamped):
        return "private, max-age=31536000, immutable"
    if status in (200, 304) and path.startswith(_VENDORED):
        return "private, max-age=604800"
    if status in (200, 304) and path.startswith("/_dash-component-suites/"):
        return "private, no-cache"
    return "no-store"


def refused(status: int, why: str, headers: dict[str, str] | None = None) -> Response:
    """Return a refusal with its reason."""
    return JSONResponse({"error": why}, status, headers)


def too_much(status: int, *, for_program: bool = False) -> Response:
    """A refusal of a body that is too long (413), too slow (408), or for which there is no room (503)."""
    said = {
        413: N_("This is more than Muster takes at once."),
        408: N_("This took too long to arrive."),
        503: N_("Muster has no room for this just now: send it again in a minute."),
    }
    if for_program:
        return problem(status, _(said[status]), {"Connection": "close"})
    return PlainTextResponse(said[status], status, {"Connection": "close"})


TOO_MANY_TRIES = PlainTextResponse("Too many tries from your network. Try again in 5 s.", 429, {"Retry-After": "5"})
"""A refusal that costs next to nothing: nobody's page is drawn for it."""


def rate_refusal(refused: TooMany, navigates: bool, *, for_program: bool = False) -> Response:
    """Return a refusal (429) with the time after which to retry: a page where a person navigates, else JSON."""
    said, headers = wording.sentence(refused), {"Retry-After": str(refused.seconds)}
    if for_program:
        return problem(429, said, headers)
    if not navigates:
        return JSONResponse({"error": said}, 429, headers)
    page = (
        f'<!DOCTYPE html><html lang="{wording.language()}" dir="{wording.direction()}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>Muster</title>'
        f'<link rel="stylesheet" href="/sign-in/theme.css"><link rel="stylesheet" href="/sign-in/sign-in.css">'
        f'<main><section class="card"><h1>{escape(_("Not done"))}</h1><p class="lead">{escape(said)}</p>'
        f"</section></main></html>"
    )
    return HTMLResponse(page, 429, headers)
