"""Sentences for reports and hits."""

from dashboard.telling.names import Names, coded, raw_value
from dashboard.telling.sentence_rows import composed_row, row
from dashboard.wording import N_, _
from operations.core.journal import Entry
from operations.core.vocabulary import ReportKind


def _site(entry: Entry, names: Names) -> str:
    return names.site_of(entry)


def _submitted(entry: Entry, names: Names) -> str:
    country, site = names.country(entry.country), names.site_of(entry)
    if entry.detail.get("report_kind") == ReportKind.NIL:
        return _("{country}: {site} sent a nil report.", country=country, site=site)
    return _("{country}: {site} sent a report.", country=country, site=site)


_RETURN = coded("CL-RETURN", "reason")
_CLIMBED = N_("{country}: a report of {site} is now at {level}, {state}.")
_RUNG = {"site": _site, "level": raw_value("level"), "state": coded("CL-REPORTSTATE", "after")}

REPORTS = {
    "report.submit": composed_row("file-text", _submitted),
    "report.key": row("phone", N_("{country}: a report of {site} was keyed for the officer from a code."), site=_site),
    "report.correct": row(
        "file-text", N_("{country}: {site} corrected a report ({reason})."),
        site=_site, reason=coded("CL-CORRECTION", "reason"),
    ),
    "report.verify": row("check", _CLIMBED, **_RUNG),
    "report.validate": row("checks", _CLIMBED, **_RUNG),
    "report.consolidate": row("git-merge", _CLIMBED, **_RUNG),
    "report.return": row(
        "arrow-back-up", N_("{country}: a report of {site} went back to its author ({reason})."),
        site=_site, reason=_RETURN,
    ),
    "report.reject": row(
        "ban", N_("{country}: a report of {site} was rejected ({reason})."), site=_site, reason=_RETURN
    ),
    "report.withdraw": row(
        "file-alert", N_("{country}: a report of {site} was withdrawn. Reason: {reason}"), site=_site
    ),
    "hit.confirm": row(
        "target", N_("{country}: a hit of {site} is now {answer}."), site=_site, answer=coded("CL-CONFIRM", "after")
    ),
}  # fmt: skip
