"""Report quality: timeliness, completeness, corrections, silence and confidence of one country, beside its past."""

from collections.abc import Callable, Iterator
from typing import Any

from dash import ALL, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.live_parts import same_for_role
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.parts.figure_text import share_range
from dashboard.parts.form import button
from dashboard.parts.panel import empty_state, panel
from dashboard.parts.table import table, table_row
from dashboard.places import REPORT_QUALITY
from dashboard.wording import N_, UNDEFINED, _, coded, date, ngettext, number, percent
from operations.catalogue.intervals import Share
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.figures.board import countries_known
from operations.figures.report_quality import Lag, ReportQuality, report_quality
from operations.policing.operation import plan
from operations.timetable import reminders

NAV = REPORT_QUALITY
AUDIENCE = same_for_role
DRAWN_EVERY = 2.0
"""Seconds between two redraws: all reports are read, and nobody needs the answer at once."""
CHOSEN, CONTENT, REMIND = "report-quality-country", "report-quality", "report-quality-remind"
Told = tuple[str, str, float | None]
"""A number in words, what stands below it, and the number itself, for the difference to the month before."""


@operation_page(
    NAV, lead=N_("How soon, how complete and how sure the reports of a country are, beside its own last month.")
)
def layout(session: Session, operation: plan.Operation, by: Actor, country: str = "") -> Parts:
    """Return the page of the country in the address; of the reader's own, or the first, without one."""
    return [
        dcc.Store(id=CHOSEN, data=country),
        followed(CONTENT, contents(session, operation, by, country), className="m-stack"),
    ]


def _countries(session: Session, operation: plan.Operation, by: Actor) -> list[str]:
    if by.national:
        return [by.country or ""]
    return sorted(each.country for each in countries_known(session, operation.id) if not each.kept)


def _links(operation: plan.Operation, known: list[str], chosen: str) -> Component:
    links = []
    for code in sorted(known, key=lambda code: coded("CL-COUNTRY", code)):
        current: dict[str, Any] = {"aria-current": "true"} if code == chosen else {}
        href = f"{NAV.href(operation.id)}?country={code}"
        links.append(html.Span(dcc.Link(coded("CL-COUNTRY", code), href=href), **current))
    return html.Nav(links, className="report-quality-countries", **{"aria-label": _("Country")})


def contents(session: Session, operation: plan.Operation, by: Actor, country: str) -> list[Component]:
    """Return the links to the countries, the measures of the one in the address or the first, and its silent sites."""
    known = _countries(session, operation, by)
    chosen = country if country in known else next(iter(known), "")
    links = [_links(operation, known, chosen)] if len(known) > 1 else []
    found = report_quality(session, operation, chosen, by) if chosen else None
    if found is None:
        why = _("No country takes part, or it would give away the figures of one that does not share them.")
        return [*links, empty_state(_("Nothing can be shown"), why, "report-analytics")]
    now_, before = found
    months = [_("30 days to {date}", date=date(each.until.date())) for each in found]
    head = [_("Measure"), *months, _("Difference")]
    rows = [row for title, measures in _GROUPS for row in _group(title, measures, now_, before)]
    basis = _("After Articles 9, 16, 22 and 23 of Regulation (EU) 2021/581.")
    shown = [
        *links,
        panel(
            coded("CL-COUNTRY", chosen),
            table(head, rows, "report-quality-table", _("Report quality")),
            note=basis,
            flush=True,
        ),
    ]
    if now_.silent_sites:
        silent = [table_row(each.name, html.Td(_part(each.days), className="m-num")) for each in now_.silent_sites]
        listed = table([_("Site"), _("Days without a report")], silent, label=_("Silent sites"))
        shown.append(panel(_("Silent sites"), listed, flush=True, actions=_remind(session, operation, by, chosen)))
    return shown


def _remind(session: Session, operation: plan.Operation, by: Actor, country: str) -> list[Component]:
    """Return the button that reminds the country, for who runs the operation, while a report of the day is overdue."""
    runs = may(by, Act.OPERATION_RUN, plan.subject(operation))
    if not runs or country not in {silence.country for silence in reminders.silences(session, operation)}:
        return []
    return [button(_("Remind"), {"type": REMIND, "of": country}, "plain", "bell")]


def _group(title: str, measures: Callable[..., Any], now_: ReportQuality, before: ReportQuality) -> Iterator[Component]:
    """Yield a heading, and a row for each measure that either month has."""
    told = [dict(measures(each)) for each in (now_, before)]
    names = list(dict.fromkeys(name for each in told for name in each))
    if names:
        yield html.Tr(html.Th(_(title), colSpan=4, scope="rowgroup"), className="report-quality-group")
    nothing: Told = (UNDEFINED, "", None)
    for name in names:
        months = [each.get(name, nothing) for each in told]
        value, value_before = (number_ for _words, _note, number_ in months)
        change = UNDEFINED if value is None or value_before is None else _signed(value - value_before)
        cells = [
            [words, *([html.Div(note, className="m-dim m-small")] if note else [])] for words, note, _number in months
        ]
        yield table_row(name, *(html.Td(cell, className="m-num") for cell in (*cells, change)))


def _signed(change: float) -> str:
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return f"\u2066{sign}{number(abs(change), 0 if change == round(change) else 1)}\u2069"


def _part(share: Share) -> str:
    return _("{part} of {whole}", part=number(share.part), whole=number(share.whole))


def _share(share: Share) -> Told:
    if share.per_cent is None:
        return UNDEFINED, "", None
    return percent(share.per_cent / 100), " · ".join((_part(share), *share_range(share.interval))), share.per_cent


def _lag(lag: Lag) -> Told:
    if lag.median is None or lag.most is None:
        return UNDEFINED, "", None
    return number(lag.median, 1), _("9 of 10 within {hours} h", hours=number(lag.most, 1)), lag.median


def _timeliness(found: ReportQuality) -> Iterator[tuple[str, Told]]:
    yield _("Single events written within 24 hours (%)"), _share(found.timely)
    yield _("From the event to the report (median hours)"), _lag(found.told)
    yield _("From the device to the server (median hours)"), _lag(found.arrived)


def _completeness(found: ReportQuality) -> Iterator[tuple[str, Told]]:
    for rests, share in found.complete.items():
        yield f"{_(rests.told)} (%)", _share(share)


def _corrections(found: ReportQuality) -> Iterator[tuple[str, Told]]:
    rate, reasons = found.corrections_per_hundred, found.corrections
    said: Told = (UNDEFINED, "", None)
    if rate is not None:
        several = _("{part} for {whole} reports", part=number(sum(reasons.values())), whole=number(found.received))
        said = number(rate, 1), several, rate
    yield _("Corrections (for 100 reports)"), said
    for reason, many in reasons.items():
        yield coded("CL-CORRECTION", reason), (number(many), "", float(many))
    claims = found.claims
    for name, many in (
        (_("Claims: one event"), claims.same),
        (_("Claims: several events"), claims.other),
        (_("Claims: open"), claims.open),
    ):
        yield name, (number(many), "", float(many))


def _silence(found: ReportQuality) -> Iterator[tuple[str, Told]]:
    yield _("Site-days without a report or a nil report (%)"), _share(found.silent)


def _confidence(found: ReportQuality) -> Iterator[tuple[str, Told]]:
    yield _("Reports that the country validated (%)"), _share(found.validated)
    yield _("Leads whose source and information were judged (%)"), _share(found.graded)


_GROUPS = (
    (N_("Timeliness"), _timeliness),
    (N_("Completeness"), _completeness),
    (N_("Corrections and claims"), _corrections),
    (N_("Silence"), _silence),
    (N_("Confidence"), _confidence),
)

_WHOSE = State(CHOSEN, "data")
show: Any = follows(
    contents, CONTENT, act=Act.TOTALS_UNSUPPRESSED, operation=OPERATION, every=DRAWN_EVERY, country=_WHOSE
)


@does({"type": REMIND, "of": ALL}, act=Act.OPERATION_RUN, operation=OPERATION)
def remind(press: Press) -> Done:
    """Remind the country of its overdue reports."""
    reminders.remind(press.session, press.operation_id, press.subject["of"], press.by)
    return Done(ngettext("{n} country is reminded.", "{n} countries are reminded.", 1))
