"""Sentences for the access trail: who looked at what. The person's name stands beside them."""

from datetime import datetime

from dashboard.telling.names import Names, coded, raw_value
from dashboard.telling.sentence_rows import SentenceRow, composed_row, row
from dashboard.wording import N_, _, moment_utc, ngettext
from operations.core import access_trail
from operations.core.journal import AccessEntry, Entry
from operations.results.drill_down import name_of


def _signed_in(entry: Entry, _names: Names) -> str:
    if "tries" in entry.detail:
        return ngettext(
            "{n} attempt to sign in from this address was refused since {moment}.",
            "{n} attempts to sign in from this address were refused since {moment}.",
            entry.detail["tries"],
            moment=moment_utc(_moment(entry)),
        )
    if entry.detail.get("federated"):
        if entry.outcome == "failed":
            return _("Came from the identity provider to an account that may not enter.")
        return _("Signed in at the identity provider.")
    if entry.outcome == "failed":
        return _("Somebody tried to sign in with a wrong password.")
    return _("Signed in.")


def _moment(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.detail["since"])


def _signed_out_everywhere(entry: Entry, _names: Names) -> str:
    return ngettext(
        "Was signed out of {n} session.", "Was signed out of {n} sessions.", entry.detail.get("sessions", 0)
    )


def _figure(entry: Entry, _names: Names) -> str:
    return _(name_of(entry.detail["figure"]))


def _changed_password(entry: Entry) -> str:
    if entry.outcome == "failed":
        return N_("Tried to change the password and did not know the present one.")
    if entry.outcome == "denied":
        return N_("Tried too often to change the password and had to wait.")
    return N_("Changed the password.")


def _proved(entry: Entry) -> str:
    if entry.outcome == "failed":
        return N_("Was asked for the password again and did not know it, or not the code.")
    if entry.outcome == "denied":
        return N_("Tried too often to give the password again and had to wait.")
    return N_("Gave the password again.")


def _exported(entry: Entry) -> str:
    """Return the sentence of an export: a list, figures, or the whole operation."""
    if entry.detail.get("format") == "zip":
        return N_("Took along the whole operation as an archive.")
    return N_("Took along the figures of the operation at {level} ({format}).")


def _read_by_program(entry: Entry, _names: Names) -> str:
    what = str(entry.detail.get("what", "reports"))
    return _(_BY_PROGRAM.get(what, what))


_BY_PROGRAM = {
    "reports": N_("reports"),
    "figures": N_("key figures"),
    "plan": N_("the plan"),
    "tables": N_("tables"),
    "teams": N_("teams"),
    "leads": N_("leads"),
}


def _format(entry: Entry, _names: Names) -> str:
    return {
        "cot": "Cursor on Target",
        "gpkg": "GeoPackage",
        "geojson": "GeoJSON",
        "shp": "Shapefile",
        "tak": "TAK data package",
    }.get((form := str(entry.detail.get("format", ""))), form.upper())


ACCESSES: dict[str, SentenceRow] = {
    "account.sign_in": composed_row("login", _signed_in),
    "account.sign_out": row("logout", N_("Signed out.")),
    "account.end_session": row("logout", N_("Ended a session.")),
    "account.sign_out_everywhere": composed_row("logout", _signed_out_everywhere),
    "account.change_password": row("key", _changed_password),
    "api.open": row("key", N_("Made an API token of {country} for {system}."), system=raw_value("system")),
    "api.end": row("key", N_("Ended the API token of {country} for {system}."), system=raw_value("system")),
    "webhook.open": row("broadcast", N_("Made a webhook of {country} for {system}."), system=raw_value("system")),
    "webhook.end": row("broadcast", N_("Ended the webhook of {country} for {system}."), system=raw_value("system")),
    "api.read": row("file-export", N_("Read {what} through the interface for programs."), what=_read_by_program),
    "account.factor_set": row("device-mobile", N_("Set up a second factor.")),
    "account.factor_named": row("device-mobile", N_("Gave a passkey another name.")),
    "account.factor_removed": row("device-mobile", N_("Removed the second factor.")),
    "account.prove": row("password", _proved),
    "calendar.open": row("calendar", N_("Opened a calendar that other programs read.")),
    "calendar.revoke": row("calendar", N_("Closed a calendar that other programs read.")),
    "case.consult": row(
        "eye", N_("Opened a fugitive case of {country}. Reason: {reason}."), reason=coded("CL-CONSULT", "reason")
    ),
    "claim.compare": row("eye", N_("Compared the lines of claim {number}."), number=raw_value("number")),
    "data.look": row("search", N_("Looked for data about a person who asked. Own copies found: {number}.")),
    "figure.consult": row(
        "eye", N_("Looked at the reports behind {figure}: {reports}. Reason: {reason}."), figure=_figure,
        reason=coded("CL-BEHIND", "reason"),
    ),
    access_trail.SAW: row(
        "eye", N_("Saw reports of {country} behind {figure}. Reason: {reason}."), figure=_figure,
        reason=coded("CL-BEHIND", "reason"),
    ),
    "deployment.letter": row(
        "file-export", N_("Took along letter {number} of a team of {country}."), number=raw_value("number")
    ),
    "certificate.print": row(
        "file-export", N_("Took along certificate of training {number} of {country}."), number=raw_value("number")
    ),
    "equipment.certificate": row(
        "file-export", N_("Took along handover certificate {number} of {country}."), number=raw_value("number")
    ),
    "data.paper": row("file-export", N_("Took along what became of request {number}."), number=raw_value("number")),
    "erasure.paper": row("file-export", N_("Took along a certificate of erasure. Entries: {number}.")),
    "evaluation.paper": row("file-export", N_("Took along the report of an evaluation ({format})."), format=_format),
    "needs.paper": row("file-export", N_("Took along a needs assessment of {country} ({format})."), format=_format),
    "dispatch.paper": row(
        "file-export", N_("Took along a message of {country}, marked {code} ({format})."),
        code=coded("CL-HANDL", "handling"), format=_format,
    ),
    "partner.package": row("file-export", N_("Took along what {partner} may see ({format})."), format=_format),
    "programme.report": row(
        "file-export", N_("Took along the annual report {year} ({format})."), year=raw_value("number"), format=_format
    ),
    "incident.consult": row(
        "eye", N_("Opened the file of serious incident {about}. Reason: {reason}."), about=raw_value("about"),
        reason=coded("CL-INCIDENTWHY", "reason"),
    ),
    "journal.extract": row("shield-check", N_("Took along an extract of the journal that can be proven.")),
    "operation.export": row("file-export", _exported, level=raw_value("level"), format=_format),
    "plan.export": row("file-export", N_("Took along the plan ({format})."), format=_format),
    "report.consult": row(
        "eye", N_("Opened a report of {country} with lines about persons. Reason: {reason}."),
        reason=coded("CL-OPENED", "reason"),
    ),
    "voice.card": row("phone", N_("Took along the card of an officer for reports by voice.")),
    "workbook.take": row("file-export", N_("Took along the empty workbook of reports of {country}.")),
    "workbook.take_drafts": row("file-export", N_("Took along a workbook with what is known.")),
    "report.export": row(
        "file-export", N_("Took along the reports of {country} at {level} ({format})."), level=raw_value("level"),
        format=_format,
    ),
    "wall.open": row("device-desktop", N_("Made a link that shows the situation on a wall.")),
    "wall.enter": row("device-desktop", N_("A screen on a wall began to show the situation.")),
}  # fmt: skip


def told_access(entry: AccessEntry, names: Names) -> str:
    """Return an entry of the access trail as a sentence; both chains have the same columns."""
    if (sentence_row := ACCESSES.get(entry.act)) is None:
        return _("Something was recorded: {act}.", act=entry.act)
    return sentence_row.told(Entry(**{name: getattr(entry, name) for name in Entry.model_fields}), names)
