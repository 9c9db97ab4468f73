"""Sentences for acts of the timetable and the server."""

from dashboard.telling.names import Names, day_of
from dashboard.telling.sentence_rows import composed_row, row
from dashboard.wording import N_, _, ngettext
from operations.core.journal import Entry


def _late(said: str, entry: Entry) -> str:
    """Return the sentence, with the delay where the timetable did it late."""
    late = entry.detail.get("late", 0)
    if not late:
        return said
    added = ngettext("Done {n} minute late.", "Done {n} minutes late.", late)
    return f"{said} {added}"


def _begun(entry: Entry, names: Names) -> str:
    said = _("A phase began: {phase}.", phase=names.code("CL-PHASE", entry.detail.get("phase")))
    if entry.detail.get("waits"):
        said += " " + _("The operation waits: something is missing before it can begin.")
    return _late(said, entry)


def _ended(entry: Entry, names: Names) -> str:
    return _late(_("A phase ended: {phase}.", phase=names.code("CL-PHASE", entry.detail.get("phase"))), entry)


def _asked(entry: Entry, names: Names) -> str:
    said = ngettext(
        "{country} was asked for the daily report of {day}: {n} site.",
        "{country} was asked for the daily reports of {day}: {n} sites.",
        entry.detail.get("sites", 0),
        country=names.country(entry.country),
        day=day_of("day")(entry, names),
    )
    return _late(said, entry)


def _reminded(entry: Entry, names: Names) -> str:
    sites, stage = entry.detail.get("sites", 0), entry.detail.get("stage")
    words = {"country": names.country(entry.country), "day": day_of("day")(entry, names)}
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


def _reminded_now(entry: Entry, names: Names) -> str:
    return ngettext(
        "{country}: {n} site is silent for {day}; its people were reminded by hand.",
        "{country}: {n} sites are silent for {day}; their people were reminded by hand.",
        entry.detail.get("sites", 0),
        country=names.country(entry.country),
        day=day_of("day")(entry, names),
    )


def _verified(entry: Entry) -> str:
    if entry.outcome == "done":
        return N_("The journal was verified: all is as it was written.")
    return N_("The journal was verified and is NOT as it was written. Change nothing and ask the auditor.")


TIMETABLE = {
    "phase.begin": composed_row("player-play", _begun),
    "phase.end": composed_row("player-stop", _ended),
    "report.ask": composed_row("clipboard-list", _asked),
    "report.remind": composed_row("bell", _reminded),
    "figures.release": row("eye", N_("Reports and figures of persons were released to more readers.")),
    "report.remind_now": composed_row("bell", _reminded_now),
    "reminders.set": row("clock", N_("The times at which reports are asked for and people are reminded were set.")),
}
SERVER = {
    "journal.verify": row("shield-check", _verified),
    "journal.key": row("key", N_("From here on the journal is sealed under a new key.")),
    "store.restore": row("database", N_("The database was put back from a copy.")),
    "generator.fill": row("database", N_("The operation was filled with invented reports.")),
}
