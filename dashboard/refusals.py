"""Error messages for users: at the form field where the page has one, otherwise as a notice.

Any error but a refusal is a bug: it is logged under a short reference, which the user is shown. The outputs of the
failed callback are unchanged, so typed text stays.
"""

import json
import logging
import secrets
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from dash import html, set_props
from pydantic import ValidationError
from werkzeug import Response
from werkzeug.exceptions import HTTPException, TooManyRequests

from dashboard.wording import _, sentence, sentences
from operations.core.drafts import flaws_of
from operations.core.errors import Flaw, MusterError, RuleBroken, TooMany
from operations.core.ids import new_id
from operations.core.proof import ProofNeeded
from operations.core.storage_errors import Unavailable

NOTICES = "shell-notices"
PROOF, PROOF_NEEDED = "/prove?next=/signed-in", "shell-proof-needed"
"""The address where a person proves who they are, and the notice that asks for it; what is done next hides that."""
_log = logging.getLogger("muster.dashboard")


class NoticeKind(StrEnum):
    """The kinds of notices."""

    DONE = "done"
    NOTE = "note"
    PARTLY = "partly"
    REFUSED = "refused"
    FAULT = "fault"


class Explained(MusterError):
    """The end of a callback whose refusal the person has been told already."""

    def __init__(self) -> None:
        super().__init__("")


def field_errors(flaws: Iterable[Flaw], fields: Iterable[str]) -> dict[str, str]:
    """Return the sentences of each of `fields`, "" without a flaw. "lines" also takes those of "lines.2.count"."""
    by_field: dict[str, list[str]] = {name: [] for name in fields}
    for flaw in flaws:
        if (name := _place(flaw.field, by_field)) is not None:
            by_field[name].append(sentence(flaw))
    return {name: " ".join(dict.fromkeys(said)) for name, said in by_field.items()}


def general(flaws: Iterable[Flaw], fields: Iterable[str]) -> list[str]:
    """Return the sentences of flaws at none of `fields`."""
    names = tuple(fields)
    return list(dict.fromkeys(sentence(flaw) for flaw in flaws if _place(flaw.field, names) is None))


def _place(field: str, names: Iterable[str]) -> str | None:
    """Return the longest of `names` that is `field` or a part of the form that contains it."""
    holding = [name for name in names if field == name or field.startswith(f"{name}.")]
    return max(holding, key=len, default=None)


def say(message: str | list[Any], kind: NoticeKind | str = NoticeKind.DONE, known: str = "") -> None:
    """Show a notice in the shell. Call it inside a callback; "done" belongs after the end of the unit of work.

    `known`: its id, where there is one of it at a time.
    """
    kind = NoticeKind(kind)
    hidden = {} if kind in (NoticeKind.REFUSED, NoticeKind.FAULT) else {"hideNotifications": [PROOF_NEEDED]}
    set_props(NOTICES, {"sendNotifications": [_notice(message, kind, known)], **hidden})


def _notice(message: str | list[Any], kind: NoticeKind, known: str) -> dict[str, Any]:
    titles = {
        NoticeKind.DONE: _("Done"),
        NoticeKind.NOTE: _("Note"),
        NoticeKind.PARTLY: _("Not all done"),
        NoticeKind.REFUSED: _("Not done"),
        NoticeKind.FAULT: _("Something went wrong"),
    }
    return {
        "action": "show",
        "id": known or str(new_id()),
        "title": titles[kind],
        "message": message,
        "className": f"m-notice m-notice-{kind}",
        "autoClose": 8000 if kind in (NoticeKind.DONE, NoticeKind.NOTE) else False,
        "closeButtonProps": {"aria-label": _("Close")},
    }


def reference_for(error: BaseException) -> str:
    """Log a bug, and return the short reference of the log entry."""
    reference = secrets.token_hex(3).upper()
    _log.error("Fault %s", reference, exc_info=error)
    return reference


def apology(reference: str) -> str:
    """Return the message about a bug."""
    return _("This is a fault in Muster, not yours. Reference {reference}.", reference=reference)


def explain(error: Exception, places: Mapping[str, str] | None = None) -> None:
    """Show an exception of a callback to the user: Dash's `on_error`. HTTP errors and storage errors are raised again;
    TooMany becomes an HTTP error.

    `places` maps the names of a form's fields to the ids of their inputs.
    """
    if isinstance(error, Explained):
        return
    places = places or {}
    if isinstance(error, HTTPException | Unavailable):
        raise error  # a storage error is answered by 503: the page stays, with a banner
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
    elif isinstance(error, ProofNeeded):
        again = html.A(
            _("Give your password in a new tab, then do it again."), href=PROOF, target="_blank", rel="noopener"
        )
        say([sentence(error), " ", again], NoticeKind.REFUSED, PROOF_NEEDED)
    elif isinstance(error, MusterError):
        say(" ".join(sentences(error)), NoticeKind.REFUSED)
    else:
        say(apology(reference_for(error)), NoticeKind.FAULT)
