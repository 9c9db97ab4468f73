"""The interface as an application of its own, mounted under /api/v1: its routes, its refusals, its description."""

from functools import cache, partial
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException

from dashboard.api import features, figures, leads, operations, problems, reports, tables, teams
from dashboard.server import span_export
from dashboard.wording import N_
from operations.core import sign_in
from operations.core.errors import MusterError
from operations.core.store import Store

ABOUT = (
    N_("Send your token in the header `Authorization: Bearer ...`. A cookie opens nothing here."),
    N_("Ids are UUIDs that your system makes. The same content under the same id gets the same answer."),
    N_("Codes are stable. `/code-lists` has their labels in each language (`Accept-Language`)."),
    N_("A moment has an offset, such as `2026-11-30T14:00:00+01:00`."),
    N_("A refusal is `application/problem+json`. It says what is wrong, and never repeats what was sent."),
    N_("Whoever asks too often gets 429. Ask again after `Retry-After` seconds."),
)
"""What holds for all routes."""
REFUSALS = {
    400: N_("The body is not JSON."),
    401: N_("The token is missing, or has ended."),
    404: N_("There is nothing here that this token may see or do."),
    409: N_("The same id with other content, or a version that was replaced meanwhile. Nothing changed."),
    422: N_("A rule refuses what was sent: `flaws` names each field. Nothing changed."),
    429: N_("Too many requests. Ask again after `Retry-After` seconds."),
    503: N_("Nothing can be stored now. Ask again after `Retry-After` seconds."),
}


def application(store: Store | None, origin: str = "") -> FastAPI:
    """Build the application. The gate in front of it knows who asks. Without a store it can only describe itself.

    `origin` is the public origin of the server, "" where that of the request is.
    """
    made = FastAPI(
        title="Muster",
        telemetry=span_export.FASTAPI,
        version="1",
        description="\n".join(f"* {words}" for words in ABOUT),
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        servers=[{"url": sign_in.API}],
        root_path_in_servers=False,
        responses={code: _problem(words) for code, words in REFUSALS.items()},
        separate_input_output_schemas=False,
        generate_unique_id_function=lambda route: route.name,  # what the functions of written clients are called
    )
    made.add_exception_handler(MusterError, problems.refused)
    made.add_exception_handler(RequestValidationError, problems.malformed)
    made.add_exception_handler(HTTPException, problems.unknown)
    held = cast(Store, store)
    for routes in (reports, operations, figures, tables, teams, leads):
        made.include_router(routes.router(held))
    made.include_router(features.router(held, origin))
    made.openapi = partial(_description, made)  # type: ignore[method-assign]
    return made


@cache
def description() -> dict[str, Any]:
    """Return the description (OpenAPI 3.1) of the interface."""
    return application(None).openapi()


def _description(made: FastAPI) -> dict[str, Any]:
    """Return the description (OpenAPI 3.1), with the one schema that no route returns by itself."""
    found = FastAPI.openapi(made)
    _models, refused = models_json_schema(
        [(problems.Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    found["components"]["schemas"].update(refused["$defs"])
    return found


def _problem(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}
