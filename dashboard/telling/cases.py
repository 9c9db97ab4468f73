"""Sentences for entries about leads and fugitive cases. They name countries and states, never content."""

from dashboard.telling.names import coded, day_of, number_of, raw_value
from dashboard.telling.sentence_rows import row
from dashboard.wording import N_
from operations.core.journal import Entry


def _written(entry: Entry) -> str:
    if entry.detail.get("version", 1) > 1:
        return N_("{country}: a lead was written anew.")
    return N_("{country}: a lead was written.")


def _revoked(entry: Entry) -> str:
    if not entry.detail.get("reason"):
        return N_("A lead was taken back from {country}.")
    # Early entries kept the reason; it is now stored with the lead, and erased with it.
    return N_("A lead was taken back from {country}. Reason: {reason}")


def _appealed(entry: Entry) -> str:
    if not entry.detail.get("wanted"):
        return N_("{country}: a case is not for the public any more.")
    if entry.detail.get("agreed"):
        return N_("{country}: a public appeal on a case was agreed.")
    return N_("{country} asked for a public appeal on a case.")


LEADS = {
    "lead.write": row("send", _written),
    "lead.share": row("send", N_("A lead was sent to {country}.")),
    "lead.answer": row("message", N_("{country} answered a lead: {answer}."), answer=coded("CL-LEADSTATE", "answer")),
    "lead.revoke": row("arrow-back-up", _revoked, reason=raw_value("reason")),
    "lead.expire": row("hourglass", N_("{country} let the time for a lead pass.")),
    "lead.erase": row("trash", N_("What a lead said is erased: it was kept until {day}."), day=day_of("until")),
}
FUGITIVES = {
    "fugitive.nominate": row("user-search", N_("{country} nominated a fugitive case.")),
    "fugitive.amend": row("user-search", N_("{country} corrected a fugitive case.")),
    "fugitive.move": row(
        "user-search", N_("{country}: a fugitive case went from {before} to {after}."),
        before=coded("CL-FUGITIVE", "before"), after=coded("CL-FUGITIVE", "after"),
    ),
    "fugitive.locate": row("user-search", N_("{country} reported that a wanted person is there.")),
    "fugitive.answer": row(
        "user-search", N_("{country}: a location was answered: {answer}."), answer=coded("CL-LOCATION", "answer")
    ),
    "fugitive.arrest": row(
        "user-search", N_("{country} reported an arrest; the identity waits for an answer.")
    ),
    "fugitive.check": row(
        "clipboard-check", N_("{country}: notices looked up: {count} ({status})."),
        status=coded("CL-NOTICESTATUS", "status"),
    ),
    "fugitive.appeal": row("world", _appealed),
    "fugitive.freeze": row(
        "lock", N_("{country}: appeal list {number} was frozen; cases of the country on it: {count}."),
    ),
    "fugitive.publish": row(
        "world", N_("{country}: appeal list {number} was published; cases of the country on it: {count}."),
    ),
    "fugitive.tips": row(
        "user-search", N_("{country}: tips counted on a case: {count}."), count=number_of("received")
    ),
    "fugitive.link": row("link", N_("{country}: a location was linked to the lead that it came from.")),
    "fugitive.unlink": row("arrow-back-up", N_("{country}: the link of a location to a lead was undone.")),
    "fugitive.erase": row(
        "trash", N_("{country}: a fugitive case is erased: it was kept until {day}. Its numbers stay."),
        day=day_of("until"),
    ),
}  # fmt: skip
