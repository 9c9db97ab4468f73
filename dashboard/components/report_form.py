"""What the browser needs to draw the entry form: its content, fields, choices, words, and what the site usually reports."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dashboard import wording
from dashboard.components import line_form
from dashboard.components.report_content import Content, suggested, wall
from dashboard.wording import _
from operations.core import vocabulary
from operations.core.clock import day_bounds, now, official_day
from operations.core.vocabulary import LineKind, PhaseKind, ReportKind
from operations.policing import desk, plan
from operations.policing.places import Site
from operations.policing.plan import Operation, Phase
from operations.policing.reports import REPORTING_OPEN

_KINDS = (ReportKind.DAILY, ReportKind.NIL, ReportKind.SINGLE_EVENT, ReportKind.FINAL)


def phase_of(phases: Sequence[Phase], operation: Operation, day: date) -> Phase | None:
    """The phase in which an official day lies: the action days before others, else the one that began last."""

    def holds(phase: Phase) -> bool:
        last = official_day(phase.ends - timedelta(microseconds=1), operation.zone, operation.day_cut)
        return official_day(phase.starts, operation.zone, operation.day_cut) <= day <= last

    found = [phase for phase in phases if holds(phase)]
    return max(found, key=lambda phase: (phase.kind == PhaseKind.OPERATIONAL, phase.starts), default=None)


def periods(operation: Operation, site: Site, day: date) -> dict[str, list[str]]:
    """The period that each kind of report covers unless it is changed: the official day; for one event its last hour."""
    starts, ends = day_bounds(day, operation.zone, operation.day_cut)
    until = max(min(ends, now()), starts + timedelta(hours=1))
    whole = [wall(starts, site.zone), wall(ends, site.zone)]
    event = [wall(max(starts, until - timedelta(hours=1)), site.zone), wall(until, site.zone)]
    return {kind.value: event if kind is ReportKind.SINGLE_EVENT else whole for kind in _KINDS}


def blank(session: Session, operation: Operation, site: Site, day: date, kind: ReportKind) -> Content:
    """The content of a new form. The browser names it: report, version and lines get their ids when it opens."""
    phase = phase_of(plan.phases(session, operation.id), operation, day)
    starts, ends = periods(operation, site, day)[kind.value]
    return {
        "id": "",
        "report_id": "",
        "supersedes_id": "",
        "correction_reason": "",
        "operation_id": str(operation.id),
        "site_id": str(site.id),
        "phase_id": str(phase.id) if phase else "",
        "kind": kind.value,
        "period_from": starts,
        "period_to": ends,
        "zone": site.zone,
        "remarks": "",
        "recorded_at": "",
        "confirmed": False,
        "lines": _offered(session, operation, site),
    }


def _offered(session: Session, operation: Operation, site: Site) -> list[Content]:
    if LineKind.CHECK_TALLY not in kinds_of(operation):
        return []
    return [{**line, "id": ""} for line in suggested(list(desk.recent_tallies(session, operation.id, site.id, 1))[:8])]


def kinds_of(operation: Operation) -> list[LineKind]:
    """The kinds of line that the operation asks for, in their order; all where it does not say."""
    return [kind for kind in LineKind if not operation.line_kinds or kind.value in operation.line_kinds]


def given(session: Session, operation: Operation, site: Site, content: Content, day: date | None, *, title: str,
          stores: dict[str, str], notice: str = "") -> dict[str, Any]:  # fmt: skip
    """Everything that `assets/60_report_form.js` and `61_report_desk.js` draw and say, in the reader's language."""
    kinds = kinds_of(operation)
    kinds += [kind for kind in LineKind if kind not in kinds and any(line["kind"] == kind for line in content["lines"])]
    day = day or official_day(now(), operation.zone, operation.day_cut)
    language = wording.language()
    return {
        "content": content,
        "stores": stores,
        "language": language,
        "title": title,
        "place": _("{site}, {country} · official day {day}", site=site.name, day=wording.date(day),
                   country=vocabulary.label("CL-COUNTRY", site.country, language)),
        "zone": site.zone,
        "periods": periods(operation, site, day),
        "declaration": line_form.declaration(kinds),
        "choices": line_form.choices(kinds),
        "envelope": {
            "kinds": [{"value": kind.value, "label": vocabulary.label("CL-REPORTKIND", kind.value, language)} for kind in _KINDS],
            "phases": [{"value": str(phase.id), "label": phase.name} for phase in plan.phases(session, operation.id)],
            "reasons": vocabulary.options("CL-CORRECTION", language),
        },
        "history": _history(session, operation.id, site.id),
        "notice": notice,
        "locked": "" if operation.state in REPORTING_OPEN else _("Reporting is not open: the operation is not running."),
        "words": words(),
    }  # fmt: skip


def _history(session: Session, operation_id: UUID, site_id: UUID) -> dict[str, list[str]]:
    found = desk.recent_tallies(session, operation_id, site_id)
    return {"|".join(key): [wording.number(count) for count in counts] for key, counts in found.items()}


def words() -> dict[str, str]:
    """What the form says besides its fields."""
    return {
        "new": _("not saved yet"),
        "typing": _("writing"),
        "saving": _("saving"),
        "sending": _("sending"),
        "waiting": _("waiting for the network: kept on this page, tried again"),
        "kind": _("Kind of report"),
        "phase": _("Phase"),
        "period_from": _("From"),
        "period_to": _("To"),
        "local": _("Local times of {zone}", zone="{zone}"),
        "remarks": _("Remarks"),
        "remarks_hint": _("No names, documents or telephone numbers: they stay in national systems."),
        "correction_reason": _("Reason of the correction"),
        "send": _("Send report"),
        "save": _("Save draft"),
        "discard": _("Discard"),
        "remove": _("Remove this line"),
        "nil": _("Nil report: it says that this site worked and that there was nothing to report."),
        "confirm": _("Yes, the figures are right"),
        "usual": _("The last counts of this site, newest first"),
        "last": _("Last:"),
    }
