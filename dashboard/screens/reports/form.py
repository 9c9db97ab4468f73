"""Data of the entry form for the browser: content, fields, options, texts, and the site's usual values."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard import wording
from dashboard.parts import tags
from dashboard.parts.panel import facts
from dashboard.parts.report import line_form
from dashboard.parts.report import view as report_view
from dashboard.parts.report.article import consult
from dashboard.parts.report.content import ENVELOPE, Content, day_of, known_uuid, of_version, suggested, tidy, wall
from dashboard.parts.report.hit_text import hit_words
from dashboard.server.access import actor
from dashboard.wording import _
from operations.core import vocabulary
from operations.core.clock import day_bounds, now, official_day
from operations.core.errors import NotFound
from operations.core.permissions import Act, may
from operations.core.vocabulary import LineKind, PhaseKind, ReportKind, ReportState
from operations.lines.kinds import KINDS
from operations.lines.kinds.hit import Hit
from operations.policing.map_plan import places
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation, Phase
from operations.policing.reports import desk_queries, reports
from operations.policing.reports import states as report_states
from operations.policing.reports.reports import Report
from operations.policing.reports.states import Deed

ENDED = (ReportState.WITHDRAWN.value, ReportState.REJECTED.value, ReportState.SUPERSEDED.value)
_KINDS = (ReportKind.DAILY, ReportKind.NIL, ReportKind.SINGLE_EVENT, ReportKind.FINAL)


def phase_of(phases: Sequence[Phase], operation: Operation, day: date) -> Phase | None:
    """Return the phase of an official day: action days before others, else the one that began last."""

    def holds(phase: Phase) -> bool:
        last = official_day(phase.ends - timedelta(microseconds=1), operation.zone, operation.day_cut)
        return official_day(phase.starts, operation.zone, operation.day_cut) <= day <= last

    found = [phase for phase in phases if holds(phase)]
    return max(found, key=lambda phase: (phase.kind == PhaseKind.OPERATIONAL, phase.starts), default=None)


def periods(operation: Operation, site: Site, day: date) -> dict[str, list[str]]:
    """Return the default period of each kind of report: the official day; for a single event its last hour."""
    starts, ends = day_bounds(day, operation.zone, operation.day_cut)
    until = max(min(ends, now()), starts + timedelta(hours=1))
    whole = [wall(starts, site.zone), wall(ends, site.zone)]
    event = [wall(max(starts, until - timedelta(hours=1)), site.zone), wall(until, site.zone)]
    return {kind.value: event if kind is ReportKind.SINGLE_EVENT else whole for kind in _KINDS}


def blank(session: Session, operation: Operation, site: Site, day: date, kind: ReportKind) -> Content:
    """Return the content of a new form. The browser assigns the ids of report, version and lines when it opens."""
    phase = phase_of(plan.phases(session, operation.id), operation, day)
    starts, ends = periods(operation, site, day)[kind.value]
    return {
        **dict.fromkeys(ENVELOPE, ""),
        "operation_id": str(operation.id),
        "site_id": str(site.id),
        "phase_id": str(phase.id) if phase else "",
        "kind": kind.value,
        "period_from": starts,
        "period_to": ends,
        "zone": site.zone,
        "confirmed": False,
        "lines": offered(session, operation, site),
    }


def offered(session: Session, operation: Operation, site: Site) -> list[Content]:
    """Return the empty lines that a new form of the site begins with."""
    if LineKind.CHECK_TALLY not in kinds_of(operation):
        return []
    return [
        {**line, "id": ""}
        for line in suggested(list(desk_queries.recent_tallies(session, operation.id, site.id, 1))[:8])
    ]


def kinds_of(operation: Operation) -> list[str]:
    """Return the kinds of line that the operation asks for, in order; all where it does not say."""
    return [kind for kind in KINDS if not operation.line_kinds or kind in operation.line_kinds]


def given(
    session: Session,
    operation: Operation,
    site: Site,
    content: Content,
    day: date | None,
    *,
    title: str,
    stores: dict[str, str],
    notice: str = "",
) -> dict[str, Any]:
    """Return everything that `form.js` and `desk.js` beside this file show, in the reader's language."""
    kinds = kinds_of(operation)
    kinds += [kind for kind in KINDS if kind not in kinds and any(line["kind"] == kind for line in content["lines"])]
    day = day or official_day(now(), operation.zone, operation.day_cut)
    deed = Deed.CORRECT if content.get("supersedes_id") else Deed.REPORT
    closed = report_states.obstacle(operation.state, deed)
    return {
        **declarations(kinds),
        "content": content,
        "stores": stores,
        "title": title,
        "place": _(
            "{site}, {country} · official day {day}",
            site=site.name,
            day=wording.date(day),
            country=wording.coded("CL-COUNTRY", site.country),
        ),
        "zone": site.zone,
        "periods": periods(operation, site, day),
        "phases": phases(session, operation),
        **usual(session, operation, site, kinds, content),
        "notice": notice,
        "other_day": _other_day(operation, content, day),
        "locked": "" if closed is None else wording.sentence(closed),
    }


def declarations(kinds: Sequence[str]) -> dict[str, Any]:
    """Return what the form of any report says, in the reader's language: fields, choices, kinds of report, words."""
    language = wording.language()
    return {
        "language": language,
        "declaration": line_form.declaration(kinds),
        "choices": line_form.choices(kinds),
        "report_kinds": [
            {"value": kind.value, "label": vocabulary.label("CL-REPORTKIND", kind.value, language)} for kind in _KINDS
        ],
        "reasons": vocabulary.options("CL-CORRECTION", language),
        "impacts": vocabulary.options("CL-IMPACT-EVENT", language),
        "signs": {each["value"]: each["label"] for each in vocabulary.options("CL-QUAL", language)},
        "words": words(),
    }


def phases(session: Session, operation: Operation) -> list[dict[str, str]]:
    """Return the phases of the operation as options."""
    return [{"value": str(phase.id), "label": phase.name} for phase in plan.phases(session, operation.id)]


def usual(session: Session, operation: Operation, site: Site, kinds: Sequence[str], content: Content) -> dict[str, Any]:
    """Return the last counts of the site, and the hits that a hit can repeat."""
    return {
        "history": _history(session, operation.id, site.id),
        "earlier": _earlier(session, operation.id, site, content) if LineKind.HIT in kinds else [],
    }


def _other_day(operation: Operation, content: Content, day: date) -> str:
    """What tells who writes a first report that it is not of today; "" where it is."""
    today = official_day(now(), operation.zone, operation.day_cut)
    if day == today or content.get("supersedes_id"):
        return ""
    return _("You are reporting for {day}, not for today.", day=wording.date(day))


def _history(session: Session, operation_id: UUID, site_id: UUID) -> dict[str, list[str]]:
    found = desk_queries.recent_tallies(session, operation_id, site_id)
    return {"|".join(key): [wording.number(count) for count in counts] for key, counts in found.items()}


def _earlier(session: Session, operation_id: UUID, site: Site, content: Content) -> list[dict[str, str]]:
    """Return the hits that a hit of this form can repeat, as options; those of other sites with their site."""
    named = {each for line in content["lines"] if (each := known_uuid(line.get(Hit.REPEATS, "")))}
    found = desk_queries.recent_documents(session, operation_id, site.id, named)
    sites = {each.id: each.name for each in places.sites(session, operation_id) if each.id != site.id}
    words = {each.line.id: hit_words(each, sites) for each in found}
    words |= dict.fromkeys(named - words.keys(), _("a hit that was taken back, or is not yours to see"))
    return [{"value": str(ident), "label": label} for ident, label in words.items()]


def words() -> dict[str, str]:
    """Return the texts of the form other than its fields."""
    return {
        "new": _("not saved yet"),
        "typing": _("writing"),
        "saving": _("saving"),
        "sending": _("sending"),
        "waiting": _("waiting for the network: kept on this page, tried again"),
        "unstored": _("Muster cannot store it yet: kept on this page, sent again by itself"),
        "kind": _("Kind of report"),
        "phase": _("Phase"),
        "period_from": _("From"),
        "period_to": _("To"),
        "local": _("Local times of {zone}", zone="{zone}"),
        "remarks": _("Remarks"),
        "impact": _("Impact of the event"),
        "remarks_hint": _("No names, documents or telephone numbers: they stay in national systems."),
        "correction_reason": _("Reason of the correction"),
        "send": _("Send report"),
        "save": _("Save draft"),
        "discard": _("Discard"),
        "remove": _("Remove this line"),
        "again": _("Another like this"),
        "change": _("Change"),
        "back": _("Back"),
        "next": _("Next"),
        "summary": _("Summary"),
        "way": _("Questions of the report"),
        "step": _("{n} of {all}", n="{n}", all="{all}"),
        "also_open": _("This report is open in another window too. Write in one of them only."),
        "close_here": _("Close it here"),
        "parted": _("written in two windows"),
        "both": _("Keep both"),
        "take": _("Take the other one"),
        "anything": _("Is there anything else to report?"),
        "left": _("Not filled in, so not sent:"),
        "flawed": _("To check"),
        "less": _("One less"),
        "more_by_one": _("One more"),
        "nil": _("Nil report: it says that this site worked and that there was nothing to report."),
        "confirm": _("Yes, the figures are right"),
        "exact": _("The figure is"),
        "usual": _("The last counts of this site, newest first"),
        "last": _("Last:"),
    }


def resumed(session: Session, operation: Operation, form_id: UUID, stores: dict[str, str]) -> dict[str, Any]:
    """Return an unsent form of this person as they left it. Raises NotFound for anybody else's."""
    kept = next((form for form in reports.saved_forms(session, operation.id) if form.id == form_id), None)
    if kept is None or kept.site_id is None:
        raise NotFound
    content = tidy(kept.content)
    day = day_of(content, operation.zone, operation.day_cut)
    title = _("Correction") if content["supersedes_id"] else _("Unsent report")
    made = given(session, operation, places.site(session, kept.site_id), content, day, title=title, stores=stores)
    return made | {"known": kept.saved_at.isoformat()}


def correction(session: Session, operation: Operation, found: Report, stores: dict[str, str]) -> dict[str, Any]:
    """Return a form filled from a sent report, to be corrected. Raises NotFound where this person does not write."""
    if not may_correct(session, operation, found):
        raise NotFound
    consult(found)
    content = of_version(found, reports.lines_of(session, found.id))
    notice = report_view.why_set_aside(found, desk_queries.steps_of(session, [found]))
    if not notice and found.signed_key:
        notice = _(
            "Another Muster sent this report. Correct it there: what you write here has to be decided there as well."
        )
    title = _("Correction of version {number}", number=found.version)
    return given(
        session,
        operation,
        places.site(session, found.site_id),
        content,
        found.official_day,
        title=title,
        stores=stores,
        notice=notice,
    )


def may_correct(session: Session, operation: Operation, found: Report) -> bool:
    """Return whether this person may correct this version: it is the newest, it stands, and it is theirs to correct."""
    chain = reports.versions(session, found.report_id)
    place = plan.subject(operation, found.country, found.site_id)
    newest = chain[0].id == found.id and found.state not in ENDED
    open_ = report_states.obstacle(operation.state, Deed.CORRECT) is None
    return newest and open_ and may(actor(), Act.REPORT_CORRECT, place) and not reports.beyond_officer(chain, actor())


def guards() -> Component:
    """Return the panel that explains the form's checks and its keyboard shortcuts."""
    keys = [
        ("Tab, Enter", _("next field")),
        ("H, A", _("add a hit, an arrest")),
        ("D", _("another line like this one: same choices, new time and count")),
        ("Ctrl+Enter", _("send the report")),
        ("Ctrl+S", _("save the draft")),
        ("F2", _("change what a line of checks counts")),
        ("Ctrl+Delete", _("remove the line")),
        ("Ctrl+V", _("an Excel block pasted into a count fills the checks")),
    ]
    guards = [
        _("Hits are raw until the country that issued the record has answered."),
        _("More than 5 hits in 1,000 database queries, or more than 50,000 without a hit, are asked about once."),
        _("Detections and potential victims are counted apart and never added up."),
        _("Not exact? Type >, ≥, ~ (about) or < before a count."),
        _("Names, birth dates, document numbers and exact places of persons stay in national systems."),
    ]
    return tags.Div(
        html.H2(_("Keys")),
        facts(((html.Kbd(key), words) for key, words in keys), "reports-keys"),
        html.H2(_("Guards")),
        html.Ul([html.Li(words) for words in guards], className="reports-guards"),
    )
