"""What happened to leads and cases, in sentences. They name countries and states; what was said stays where it is."""

from datetime import datetime
from typing import Any

from dashboard.wording import _, date, number
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
    if not entry.detail.get("reason"):
        return _("A lead was taken back from {country}.", country=names.country(entry.country))
    return _(  # entries of before kept the reason; now it stands with the lead and goes with it
        "A lead was taken back from {country}. Reason: {reason}",
        country=names.country(entry.country),
        reason=entry.detail.get("reason", ""),
    )


def _expired(entry: Entry, names: Any) -> str:
    return _("{country} let the time for a lead pass.", country=names.country(entry.country))


def _lead_erased(entry: Entry, names: Any) -> str:
    return _("What a lead said is erased: it was kept until {day}.", day=_until(entry))


def _until(entry: Entry) -> str:
    return date(datetime.fromisoformat(entry.detail["until"]).date())


def _erased(entry: Entry, names: Any) -> str:
    return _(
        "{country}: a fugitive case is erased: it was kept until {day}. Its numbers stay.",
        country=names.country(entry.country),
        day=_until(entry),
    )


def _found_linked(entry: Entry, names: Any) -> str:
    return _("{country}: a location was linked to the lead that it came from.", country=names.country(entry.country))


def _found_unlinked(entry: Entry, names: Any) -> str:
    return _("{country}: the link of a location to a lead was undone.", country=names.country(entry.country))


def _nominated(entry: Entry, names: Any) -> str:
    return _("{country} nominated a fugitive case.", country=names.country(entry.country))


def _amended(entry: Entry, names: Any) -> str:
    return _("{country} corrected a fugitive case.", country=names.country(entry.country))


def _moved(entry: Entry, names: Any) -> str:
    return _(
        "{country}: a fugitive case went from {before} to {after}.",
        country=names.country(entry.country),
        before=names.code("CL-FUGITIVE", entry.detail.get("before")),
        after=names.code("CL-FUGITIVE", entry.detail.get("after")),
    )


def _located(entry: Entry, names: Any) -> str:
    return _("{country} reported that a wanted person is there.", country=names.country(entry.country))


def _location_answered(entry: Entry, names: Any) -> str:
    return _(
        "{country}: a location was answered: {answer}.",
        country=names.country(entry.country),
        answer=names.code("CL-LOCATION", entry.detail.get("answer")),
    )


def _arrested(entry: Entry, names: Any) -> str:
    return _("{country} reported an arrest; the identity waits for an answer.", country=names.country(entry.country))


def _checked(entry: Entry, names: Any) -> str:
    return _(
        "{country}: notices looked up: {count} ({status}).",
        country=names.country(entry.country),
        count=number(entry.detail.get("count", 0)),
        status=names.code("CL-NOTICESTATUS", entry.detail.get("status")),
    )


def _appealed(entry: Entry, names: Any) -> str:
    if not entry.detail.get("wanted"):
        return _("{country}: a case is not for the public any more.", country=names.country(entry.country))
    if entry.detail.get("agreed"):
        return _("{country}: a public appeal on a case was agreed.", country=names.country(entry.country))
    return _("{country} asked for a public appeal on a case.", country=names.country(entry.country))


def _list_frozen(entry: Entry, names: Any) -> str:
    return _(
        "{country}: appeal list {number} was frozen; cases of the country on it: {count}.",
        country=names.country(entry.country),
        number=number(entry.detail.get("number", 0)),
        count=number(entry.detail.get("count", 0)),
    )


def _list_published(entry: Entry, names: Any) -> str:
    return _(
        "{country}: appeal list {number} was published; cases of the country on it: {count}.",
        country=names.country(entry.country),
        number=number(entry.detail.get("number", 0)),
        count=number(entry.detail.get("count", 0)),
    )


def _tips(entry: Entry, names: Any) -> str:
    return _(
        "{country}: tips counted on a case: {count}.",
        country=names.country(entry.country),
        count=number(entry.detail.get("received", 0)),
    )


TELLERS = {
    "lead.write": _written,
    "lead.share": _shared,
    "lead.answer": _answered,
    "lead.revoke": _revoked,
    "lead.expire": _expired,
    "lead.erase": _lead_erased,
    "fugitive.erase": _erased,
    "fugitive.link": _found_linked,
    "fugitive.unlink": _found_unlinked,
    "fugitive.nominate": _nominated,
    "fugitive.amend": _amended,
    "fugitive.move": _moved,
    "fugitive.locate": _located,
    "fugitive.answer": _location_answered,
    "fugitive.arrest": _arrested,
    "fugitive.check": _checked,
    "fugitive.appeal": _appealed,
    "fugitive.freeze": _list_frozen,
    "fugitive.publish": _list_published,
    "fugitive.tips": _tips,
}
ICONS = {
    "fugitive": "user-search",
    "fugitive.check": "clipboard-check",
    "fugitive.appeal": "world",
    "fugitive.publish": "world",
    "fugitive.freeze": "lock",
    "fugitive.erase": "trash",
    "fugitive.link": "link",
    "fugitive.unlink": "arrow-back-up",
    "lead": "send",
    "lead.answer": "message",
    "lead.revoke": "arrow-back-up",
    "lead.expire": "hourglass",
    "lead.erase": "trash",
}
