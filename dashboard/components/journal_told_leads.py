"""What happened to leads, in sentences. They name countries and states; what a lead asks stays in the lead."""

from typing import Any

from dashboard.wording import _
from operations.core.journal import Entry


def _written(entry: Entry, names: Any) -> str:
    if entry.detail.get("version", 1) > 1:
        return _("{country}: a lead was written anew.", country=names.country(entry.country))
    return _("{country}: a lead was written.", country=names.country(entry.country))


def _shared(entry: Entry, names: Any) -> str:
    return _("A lead was sent to {country}.", country=names.country(entry.country))


def _answered(entry: Entry, names: Any) -> str:
    return _(
        "{country} answered a lead: {answer}.",
        country=names.country(entry.country),
        answer=names.code("CL-LEADSTATE", entry.detail.get("answer")),
    )


def _revoked(entry: Entry, names: Any) -> str:
    return _(
        "A lead was taken back from {country}. Reason: {reason}",
        country=names.country(entry.country),
        reason=entry.detail.get("reason", ""),
    )


def _expired(entry: Entry, names: Any) -> str:
    return _("{country} let the time for a lead pass.", country=names.country(entry.country))


TELLERS = {
    "lead.write": _written,
    "lead.share": _shared,
    "lead.answer": _answered,
    "lead.revoke": _revoked,
    "lead.expire": _expired,
}
ICONS = {"lead": "send", "lead.answer": "message", "lead.revoke": "arrow-back-up", "lead.expire": "hourglass"}
