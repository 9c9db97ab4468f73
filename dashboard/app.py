"""Assembly of the application, the only place that builds it: ASGI outside, Dash inside, the gate around both.

    gate > FastAPI (sign-in, pulse, data, exports) > Dash on Flask, through a2wsgi

One application per process: Dash hands callbacks to the first application that serves a request.
"""

import contextlib
import gc
import os
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import cache
from inspect import signature
from types import ModuleType
from typing import Any
from urllib.parse import quote

import dash
import flask
from a2wsgi import WSGIMiddleware
from dash._pages import _path_to_page
from dash.development.base_component import Component
from fastapi import APIRouter, FastAPI, Request
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from dashboard import places, refusals, screens, wording
from dashboard.api.application import application
from dashboard.field import routes as field_form
from dashboard.frame import (
    file_request,
    invitation,
    not_found,
    page_change,
    palette,
    second_factor,
    shell,
    sign_in,
    sign_on,
    wall,
)
from dashboard.frame.draft_book import BOOKS
from dashboard.frame.operation_page import with_operation
from dashboard.map import layer_points
from dashboard.map import router as map_router
from dashboard.map import tiles as map_tiles
from dashboard.papers.downloads import PAPERS
from dashboard.parts import documents
from dashboard.server import (
    access,
    asset_bundle,
    callback_validation,
    health,
    identity_provider,
    logs,
    mail,
    metrics,
    span_export,
    upload_queue,
)
from dashboard.server import change_listener as watching
from dashboard.server.gate import Gate
from dashboard.server.idle import Quiet
from dashboard.server.observation import Observer
from dashboard.server.rate_limits import RateLimits, open_doors
from dashboard.server.request_context import Receive, Scope, Send, navigates
from dashboard.server.responses import content_security_policy, unavailable
from dashboard.settings import Settings
from dashboard.wording import N_, _, direction, language
from operations import lazy_import
from operations.core import memory, passwords, storage_errors, traces
from operations.core import sign_in as core_sign_in
from operations.core.errors import Changed, Conflict, MusterError, NotFound, NotPermitted, TooMany
from operations.core.permissions import require
from operations.core.proof import ProofNeeded
from operations.core.storage_errors import Unavailable
from operations.core.store import Store, open_store

_NOT_FOUND = "not_found_404"  # Dash's own name for the page of unknown addresses


WEB_PATIENCE = 5.0
"""Seconds that a write waits for other writers before it is refused."""


@dataclass(frozen=True)
class Inside:
    """The applications behind the gate, for tests that enumerate their routes."""

    fastapi: FastAPI
    dash: dash.Dash
    watcher: watching.Watcher


class Muster(Gate):
    """The application: an ASGI callable; `inside` is what the gate guards."""

    inside: Inside
    observer: Observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, observed. HEAD is asked as GET, which the routers know; the server sends no body."""
        scope = {**scope, "method": "GET"} if scope.get("method") == "HEAD" else scope
        await self.observer(super().__call__, scope, receive, send)


class _Dash(dash.Dash):
    """Dash with the reader's language, direction and theme on its HTML page, and status 404 for unknown addresses."""

    def index(self, *parts: Any, **named: Any) -> Any:
        """Return the HTML page at an address."""
        lazy_import.load_beside()  # a server that nobody opens needs none of it
        page = super().index(*parts, **named)
        known, _values = _path_to_page(flask.request.path.strip("/"))
        return page if known and known["module"] != _NOT_FOUND else (page, 404)

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        """Return the HTML of the page, which is the same at every address."""
        chosen = access.theme()
        look = ' data-look="auto"' if chosen == "auto" else f' data-mantine-color-scheme="{chosen}"'
        return (
            f'<!DOCTYPE html>\n<html lang="{language()}" dir="{direction()}"{look}'
            f' data-locale="{wording.locale_code()}">\n<head>\n{parts["metas"]}\n'
            f"<title>Muster</title>\n"
            f'<link rel="icon" href="{sign_in.stamp("/sign-in/logo.svg")}" type="image/svg+xml">\n'
            f'<link rel="stylesheet" href="{sign_in.stamp(sign_in.THEME)}">\n'
            f"{parts['css']}\n{asset_bundle.style_tag()}\n"
            # What Dash asks for first is on its way while its scripts are still being read.
            f'<link rel="preload" href="/_dash-layout" as="fetch" crossorigin>\n'
            f'<link rel="preload" href="/_dash-dependencies" as="fetch" crossorigin>\n</head>\n<body>\n'
            f'<div id="react-entry-point"><div class="m-opening">Muster</div></div>\n'
            f"<footer>\n{parts['config']}\n{asset_bundle.script_tags(parts['scripts'])}\n{parts['renderer']}\n</footer>\n"
            f"</body>\n</html>"
        )


def create_app(settings: Settings, store: Store | None = None) -> Muster:
    """Build the application. Raises RuntimeError while Dash's debug or MCP mode is on: both bypass the gate."""
    for variable in ("DASH_MCP_ENABLED", "DASH_DEBUG"):
        if os.environ.get(variable, "").lower() not in ("", "0", "false"):
            raise RuntimeError(f"Muster does not start while {variable} is set: it opens a way around the gate.")
    settings.use_keys()
    span_export.begin(settings)
    store = store or open_store(settings.database, patience=WEB_PATIENCE)
    doors = open_doors(settings)
    watcher = watching.Watcher(store)
    inner = _dash()
    files, quiet = asset_bundle.Files(inner), Quiet()
    outer = _fastapi(store, settings, watcher, files, quiet, doors)
    outer.include_router(files.router())
    outer.mount(core_sign_in.API, application(store, settings.public_origin), name="api")
    outer.mount("/assets", StaticFiles(directory=asset_bundle.ASSETS), name="assets")
    outer.mount(documents.PICTURES, StaticFiles(directory=documents.FOLDER / "pictures"), name="pictures")
    outer.mount("/", WSGIMiddleware(inner.server, workers=settings.threads))

    @cache
    def csp() -> str:
        return content_security_policy([digest.strip("'") for digest in inner.csp_hashes()])

    packed = GZipMiddleware(quiet.around(outer), minimum_size=1024, compresslevel=5)
    made = Muster(packed, store, settings, sign_in.PUBLIC, csp, doors, sign_in.apology)
    made.inside = Inside(outer, inner, watcher)
    made.observer = Observer([module.NAV for module in screens.pages()])
    _set_up(inner)
    audiences = {module.__name__: module.AUDIENCE for module in screens.pages() if hasattr(module, "AUDIENCE")}
    page_change.answer_whole(inner, audiences, watcher.told_alone)
    mail.serve(settings)
    identity_provider.serve(settings)
    map_tiles.serve(settings.maps)
    callback_validation.judge(inner)
    passwords.warm_up()
    return made


def from_environment() -> Muster:
    """Build the application from MUSTER_* variables, in each worker process."""
    settings = Settings()
    logs.configure(settings.log)
    return create_app(settings)


def _fastapi(
    store: Store,
    settings: Settings,
    watcher: watching.Watcher,
    files: asset_bundle.Files,
    quiet: Quiet,
    doors: RateLimits,
) -> FastAPI:
    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=_warm, args=(files, quiet, settings.warm), name="muster-warm", daemon=True).start()
        async with watcher.running(), sign_in.counting(store):
            yield
        traces.flush()  # a process that is told to end runs nothing after this

    outer = FastAPI(
        title="Muster",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        telemetry=span_export.FASTAPI,
    )
    outer.add_exception_handler(MusterError, _refused)
    outer.include_router(sign_in.router(store, settings, doors))
    outer.include_router(sign_on.router(store, settings, doors))
    outer.include_router(second_factor.router(store, settings, doors))
    outer.include_router(invitation.router(store, settings, doors))
    outer.include_router(wall.router(store, settings, doors))
    outer.include_router(file_request.router())
    outer.include_router(watching.router(store, watcher))
    outer.include_router(map_tiles.router())
    outer.include_router(field_form.router(store))
    outer.include_router(metrics.router(store, settings.metrics_token.get_secret_value()))
    for router in (health.router, map_router.router, layer_points.router, palette.router):
        outer.include_router(router(store))
    for old, new in places.OLD_ADDRESSES.items():
        outer.add_api_route(old, _moved(new), methods=["GET"], include_in_schema=False)
    line = upload_queue.UploadQueue(folder=settings.spool)
    given = {"store": store, "limit": settings.import_limit, "line": line, "origin": settings.address}
    of_files: list[Callable[..., APIRouter]] = [*(paper.router for paper in PAPERS), *(book.router for book in BOOKS)]
    for routes in [*screens.having("router"), *of_files]:
        outer.include_router(routes(**{name: given[name] for name in signature(routes).parameters}))
    return outer


def _moved(new: str) -> Callable[[Request], Response]:
    """Return the answer of an address that a page had before: the page's own, with the query."""

    def redirect(request: Request) -> Response:
        query = request.url.query
        return RedirectResponse(f"{new}?{query}" if query else new, 308)

    return redirect


def _warm(files: asset_bundle.Files, quiet: Quiet, layers: bool) -> None:
    """Make ready in a background thread what first requests will need: the bundle, and the map's layers."""
    files.pack()
    gc.freeze()  # modules loaded by now stay: exempt them from garbage collection
    gc.enable()  # `muster serve` collects none while it imports
    if layers:
        quiet.wait()
        map_router.warm()
    memory.give_back()


async def _refused(request: Request, error: Exception) -> Response:
    """Return a refusal as JSON, in the reader's language."""
    assert isinstance(error, MusterError)  # noqa: S101 - the handler is registered for these only
    if isinstance(error, ProofNeeded) and navigates(request.scope):
        return RedirectResponse(f"{second_factor.PROVE}?next={quote(sign_in.page_before(request))}", 303)
    if isinstance(error, Unavailable):
        return sign_in.apology(request.scope) if navigates(request.scope) else unavailable(error)
    if isinstance(error, TooMany):
        return JSONResponse({"error": wording.sentence(error)}, 429, {"Retry-After": str(error.seconds)})
    access.note_refusal(error, request.scope.get(access.SCOPE))
    status = 404 if isinstance(error, NotFound) else 409 if isinstance(error, Conflict) else 422
    flaws = [{"field": flaw.field, "error": wording.sentence(flaw)} for flaw in getattr(error, "flaws", ())]
    return JSONResponse({"error": " ".join(wording.sentences(error)), "flaws": flaws}, status)


def _dash() -> dash.Dash:
    made = _Dash(
        "dashboard",
        assets_folder=str(asset_bundle.ASSETS),
        include_assets_files=False,  # they are served as one file, see dashboard.server.asset_bundle
        use_pages=True,
        pages_folder="",
        use_async=False,
        enable_mcp=False,
        suppress_callback_exceptions=True,
        compress=True,
        serve_locally=True,
        update_title="",  # no "Updating..." in the title during callbacks
        title="Muster",
        on_error=_explained,
        routing_callback_inputs=shell.SHOWN,
        meta_tags=[
            {"name": "viewport", "content": "width=device-width, initial-scale=1"},
            {"name": "robots", "content": "noindex"},
        ],
    )
    made.server.register_error_handler(Unavailable, _unavailable_inside)
    made.server.register_error_handler(Changed, _changed_inside)
    made.server.secret_key = secrets.token_hex(32)
    made.layout = shell.layout
    for module in screens.pages():
        _register(module)
    dash.register_page(
        _NOT_FOUND, path=None, layout=not_found.layout, title=_titled(N_("Nothing here")), name="not_found"
    )
    return made


def _explained(error: Exception) -> None:
    """Show an exception of a callback to the person, and log a refusal that no session has logged."""
    access.note_refusal(error)
    refusals.explain(error)


def _unavailable_inside(error: Unavailable) -> flask.Response:
    """Return the response for a storage failure inside Dash (503)."""
    answer = flask.jsonify({"error": wording.sentence(error)})
    answer.status_code, answer.headers["Retry-After"] = 503, str(storage_errors.RETRY_AFTER)
    return answer


def _changed_inside(error: Changed) -> flask.Response:
    """Return the response where the session ended while Dash made the page (401), as the gate answers the next one."""
    answer = flask.jsonify({"error": wording.sentence(error)})
    answer.status_code = 401
    return answer


def _set_up(inner: dash.Dash) -> None:
    """Run Dash's set-up for the first request now, so that all callbacks and the hashes of its scripts are known."""
    with inner.server.test_request_context("/"):
        inner.server.preprocess_request()


def _register(module: ModuleType) -> None:
    nav = module.NAV
    dash.register_page(
        module.__name__,
        path=nav.path,
        path_template=nav.path_template,
        name=nav.name,
        title=_titled(nav.name),
        nav=nav,
        layout=_guarded(module),
    )


def _titled(name: str) -> Callable[..., str]:
    """Return the title of a page, in the reader's language.

    It never names an operation: browsers keep titles in their history.
    """
    return lambda **_values: f"{_(name)} · Muster"


def _guarded(module: ModuleType) -> Callable[..., Component]:
    """Return a page's layout behind its policy; a missing page and one that the person may not see look the same."""

    def layout(**values: Any) -> Component:
        try:
            require(access.actor(), module.NAV.act)
            values = {name: value for name, value in values.items() if name not in shell.SHOWN}
            only = access.current_request().only
            if only is not None and module.NAV.href(values.get("operation_id") or "-") != only:
                raise NotPermitted
            shown = module.layout(**values)
            return with_operation(shown, values["operation_id"]) if module.NAV.of_operation else shown
        except NotFound as refused:
            access.note_refusal(refused)
            page_change.keep_nothing()
            return not_found.layout()
        except Unavailable as error:
            page_change.keep_nothing()
            return shell.page(_("Nothing can be read"), not_found.waiting(wording.sentence(error)))
        except Exception as error:  # noqa: BLE001 - the page shows the error inside the shell
            page_change.keep_nothing()
            said = refusals.apology(refusals.reference_for(error))
            return shell.page(_("Something went wrong"), not_found.message(said))

    return layout
