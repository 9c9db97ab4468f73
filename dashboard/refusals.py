"""What was refused becomes words: beside the field where the page has a place for it, otherwise as a notice.

Anything that is no refusal is a fault of ours: it is written to the log under a short reference, and the person is told
the reference. The outputs of a callback that raised stay as they were, so what was typed stays too.
"""

import json
import logging
import secrets
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from dash import set_props
from pydantic import ValidationError
from werkzeug import Response
from werkzeug.exceptions import HTTPException, TooManyRequests

from dashboard.wording import _, sentence, sentences
from operations.core.drafts import flaws_of
from operations.core.errors import Flaw, MusterError, RuleBroken, TooMany
from operations.core.ids import new_id
from operations.core.storage_errors import Unavailable

NOTICES = "shell-notices"
_log = logging.getLogger("muster.dashboard")


class NoticeKind(StrEnum):
    """What a notice is about."""

    DONE = "done"
    NOTE = "note"
    PARTLY = "partly"
    REFUSED = "refused"
    FAULT = "fault"


def field_errors(flaws: Iterable[Flaw], fields: Iterable[str]) -> dict[str, str]:
    """The sentences for each of `fields`, "" where nothing is wrong. "lines" also takes those of "lines.2.count"."""
    found: dict[str, list[str]] = {name: [] for name in fields}
    for flaw in flaws:
        if (name := _place(flaw.field, found)) is not None:
            found[name].append(sentence(flaw))
    return {name: " ".join(dict.fromkeys(said)) for name, said in found.items()}


def general(flaws: Iterable[Flaw], fields: Iterable[str]) -> list[str]:
    """The sentences that concern none of `fields`."""
    names = tuple(fields)
    return list(dict.fromkeys(sentence(flaw) for flaw in flaws if _place(flaw.field, names) is None))


def _place(field: str, names: Iterable[str]) -> str | None:
    """The longest of `names` that is `field` or a part of the form that holds it."""
    holding = [name for name in names if field == name or field.startswith(f"{name}.")]
    return max(holding, key=len, default=None)


def say(message: str, kind: NoticeKind | str = NoticeKind.DONE) -> None:
    """Show a notice in the shell. Only inside a callback; "done" belongs after the unit of work has been left."""
    kind = NoticeKind(kind)
    set_props(NOTICES, {"sendNotifications": [_notice(message, kind)]})


def _notice(message: str, kind: NoticeKind) -> dict[str, Any]:
    titles = {
        NoticeKind.DONE: _("Done"),
        NoticeKind.NOTE: _("Note"),
        NoticeKind.PARTLY: _("Not all done"),
        NoticeKind.REFUSED: _("Not done"),
        NoticeKind.FAULT: _("Something went wrong"),
    }
    return {
        "action": "show",
        "id": str(new_id()),
        "title": titles[kind],
        "message": message,
        "className": f"m-notice m-notice-{kind}",
        "autoClose": 6000 if kind in (NoticeKind.DONE, NoticeKind.NOTE) else False,
        "closeButtonProps": {"aria-label": _("Close")},
    }


def reference_for(error: BaseException) -> str:
    """Log a fault and return the short reference under which it stands in the log."""
    reference = secrets.token_hex(3).upper()
    _log.error("Fault %s", reference, exc_info=error)
    return reference


def apology(reference: str) -> str:
    """What a person reads about a fault of ours."""
    return _("This is a fault in Muster, not yours. Reference {reference}.", reference=reference)


def explain(error: Exception, places: Mapping[str, str] | None = None) -> None:
    """Dash's `on_error`: turn what a callback raised into words. HTTP errors and a failing storage go on as they
    are, and too much is an HTTP error.

    `places` maps the names of a form's fields to the ids of their inputs.
    """
    places = places or {}
    if isinstance(error, HTTPException | Unavailable):
        raise error  # the second is answered with 503: nothing changes on the page, which says so in its banner
    if isinstance(error, TooMany):
        answer = Response(json.dumps({"error": sentence(error)}), 429, {"Retry-After": str(error.seconds)})
        raise TooManyRequests(response=answer) from error
    if isinstance(error, ValidationError):
        error = RuleBroken.all(flaws_of(error))
    if isinstance(error, RuleBroken):
        for name, said in field_errors(error.flaws, places).items():
            if said:
                set_props(places[name], {"error": said})
        rest = general(error.flaws, places)
        if rest:
            say(" ".join(rest), NoticeKind.REFUSED)
    elif isinstance(error, MusterError):
        say(" ".join(sentences(error)), NoticeKind.REFUSED)
    else:
        say(apology(reference_for(error)), NoticeKind.FAULT)
