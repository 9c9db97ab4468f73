"""What the timetable did, in sentences of the journal."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from dashboard import wording
from dashboard.wording import _, ngettext
from operations.core.journal import Entry

if TYPE_CHECKING:
    from dashboard.telling.sentences import Names


def _late(said: str, entry: Entry) -> str:
    """The sentence, with a word where the timetable had stopped and made up for it."""
    late = entry.detail.get("late", 0)
    if not late:
        return said
    added = ngettext("Done {n} minute late.", "Done {n} minutes late.", late)
    return f"{said} {added}"


def _day(entry: Entry) -> str:
    return wording.date(date.fromisoformat(entry.detail["day"]))


def _begun(entry: Entry, names: "Names") -> str:
    said = _("A phase began: {phase}.", phase=names.code("CL-PHASE", entry.detail.get("phase")))
    if entry.detail.get("waits"):
        said += " " + _("The operation waits: something is missing before it can begin.")
    return _late(said, entry)


def _ended(entry: Entry, names: "Names") -> str:
    return _late(_("A phase ended: {phase}.", phase=names.code("CL-PHASE", entry.detail.get("phase"))), entry)


def _asked(entry: Entry, names: "Names") -> str:
    said = ngettext(
        "{country} was asked for the daily report of {day}: {n} site.",
        "{country} was asked for the daily reports of {day}: {n} sites.",
        entry.detail.get("sites", 0),
        country=names.country(entry.country),
        day=_day(entry),
    )
    return _late(said, entry)


def _reminded(entry: Entry, names: "Names") -> str:
    sites, stage = entry.detail.get("sites", 0), entry.detail.get("stage")
    words = {"country": names.country(entry.country), "day": _day(entry)}
    if stage == "national":
        said = ngettext(
            "{country}: {n} site is silent for {day}; its national coordinator was told.",
            "{country}: {n} sites are silent for {day}; its national coordinator was told.",
            sites,
            **words,
        )
    elif stage == "coordinator":
        said = ngettext(
            "{country}: {n} site is silent for {day}; the coordinator of the operation was told.",
            "{country}: {n} sites are silent for {day}; the coordinator of the operation was told.",
            sites,
            **words,
        )
    else:
        said = ngettext(
            "{country}: {n} site is silent for {day}; its officers were reminded.",
            "{country}: {n} sites are silent for {day}; their officers were reminded.",
            sites,
            **words,
        )
    return _late(said, entry)


def _rules(entry: Entry, names: "Names") -> str:
    return _("The times at which reports are asked for and people are reminded were set.")


def _expired(entry: Entry, names: "Names") -> str:
    return _("A mandate ended; the account can no longer be used.")


def _verified(entry: Entry, names: "Names") -> str:
    if entry.outcome == "done":
        return _("The journal was verified: all is as it was written.")
    return _("The journal was verified and is NOT as it was written. Change nothing and ask the auditor.")


def _restored(entry: Entry, names: "Names") -> str:
    return _("The database was put back from a copy.")


TELLERS: dict[str, Callable[[Entry, "Names"], str]] = {
    "phase.begin": _begun,
    "phase.end": _ended,
    "report.ask": _asked,
    "report.remind": _reminded,
    "reminders.set": _rules,
    "account.expire": _expired,
    "journal.verify": _verified,
    "store.restore": _restored,
}
ICONS = {
    "phase.begin": "player-play",
    "phase.end": "player-stop",
    "report.ask": "clipboard-list",
    "report.remind": "bell",
    "reminders.set": "clock",
    "account.expire": "hourglass",
    "journal.verify": "shield-check",
    "store.restore": "database",
}
