"""Problems: refusals for programs (RFC 9457), in the sentences of the screens and without what was refused."""

from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dashboard import wording
from dashboard.server.responses import problem, unavailable
from dashboard.wording import N_, _
from operations.core.drafts import NOT_CHOSEN, flaws_among
from operations.core.errors import HIDDEN, Conflict, Flaw, MusterError, NotFound, RuleBroken, TooMany
from operations.core.storage_errors import Unavailable
from operations.lines.kinds import KINDS
from operations.policing.leads.drafts import LeadAnswerDraft
from operations.policing.reports.reports import ReportDraft
from operations.support.teams import TeamDraft

_MODELS: tuple[type[BaseModel], ...] = (ReportDraft, TeamDraft, LeadAnswerDraft, *KINDS.values())
_FIELDS = frozenset(
    {"reason", "limit", "offset", "version", "bbox", "datetime"}.union(*(model.model_fields for model in _MODELS))
)
"""The names that a path may tell; any other was made up by the program, and may be a name of somebody."""


class FieldFlaw(BaseModel):
    """One thing wrong with what was sent."""

    field: str = Field(description=N_('Where, such as "lines.2.count"; empty for the whole.'))
    error: str = Field(description=N_("What is wrong and what to do, in the language asked for."))


class Problem(BaseModel):
    """A refusal (RFC 9457). Nothing changed."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description=N_("A sentence in the language of Accept-Language: en, fr, es or ar."))
    flaws: list[FieldFlaw] = []


def refused(_request: Request, error: Exception) -> Response:
    """Return the answer to a request that a rule refuses."""
    if isinstance(error, Unavailable):
        return unavailable(error, for_program=True)
    if isinstance(error, TooMany):
        return problem(429, wording.sentence(error), {"Retry-After": str(error.seconds)})
    if isinstance(error, RuleBroken):
        return _with_flaws(error.flaws)
    if not isinstance(error, MusterError):
        raise error
    status = 404 if isinstance(error, NotFound) else 409 if isinstance(error, Conflict) else 422
    return problem(status, wording.sentence(error))


def malformed(request: Request, error: Exception) -> Response:
    """Return the answer to a request that does not fit the description."""
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return problem(400, _("This is not well-formed JSON, or a key stands in it twice."))
    flaws = flaws_among({**each, "loc": each["loc"][1:]} for each in found)
    return _with_flaws(flaws, 400 if by_standard(request.url.path) else 422)


def unknown(_request: Request, error: Exception) -> Response:
    """Return the answer to an address or a method that does not exist."""
    if not isinstance(error, HTTPException):
        raise error
    said = _("This address does not take this method.") if error.status_code == 405 else _(HIDDEN)
    return problem(error.status_code, said, dict(error.headers or {}))


def by_standard(path: str) -> bool:
    """Return whether an address is of OGC API Features, which answers a wrong parameter with 400."""
    return "/ogc/" in f"{path}/"


def _with_flaws(found: Sequence[Flaw], status: int = 422) -> Response:
    flaws = [{"field": _place(each.field), "error": wording.sentence(_quiet(each))} for each in found]
    return problem(status, " ".join(dict.fromkeys(each["error"] for each in flaws)), flaws=flaws)


def _place(path: str) -> str:
    return ".".join(_known(path.split(".")))


def _known(parts: Iterable[str]) -> Iterable[str]:
    for part in parts:
        if not (part.isdecimal() or part in _FIELDS):
            return
        yield part


def _quiet(flaw: Flaw) -> Flaw:
    """Return a flaw without the code or the zone that was sent."""
    params: dict[str, Any] = {name: value for name, value in flaw.params.items() if name != "code"}
    if "code" in flaw.params:
        return Flaw(flaw.field, NOT_CHOSEN, params)
    if flaw.field.rpartition(".")[2] == "zone" and "name" in params:
        return Flaw(flaw.field, "This is not a time zone of the IANA list, such as Africa/Niamey.")
    return flaw
