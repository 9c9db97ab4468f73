"""Report quality: timeliness, completeness, corrections, silence and confidence of one country, beside its past."""

from collections.abc import Callable, Iterator
from typing import Any

from dash import State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import followed, follows
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.parts.figure_text import share_range
from dashboard.parts.panel import empty_state, panel
from dashboard.parts.table import table, table_row
from dashboard.places import REPORT_QUALITY
from dashboard.wording import N_, UNDEFINED, _, coded, date, number, percent
from operations.catalogue.intervals import Share
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.figures.board import countries_known
from operations.figures.report_quality import Lag, ReportQuality, report_quality
from operations.policing.operation import plan

NAV = REPORT_QUALITY
DRAWN_EVERY = 2.0
"""Seconds between two redraws: all reports are read, and nobody needs the answer at once."""
CHOSEN, CONTENT = "report-quality-country", "report-quality"
Told = tuple[str, float | None]
"""A number in words, and the number itself, for the change since the month before."""


@operation_page(
    NAV, lead=N_("How soon, how complete and how sure the reports of a country are, beside its own last month.")
)
def layout(session: Session, operation: plan.Operation, by: Actor, country: str = "") -> Parts:
    """Return the page of the country in the address; of the reader's own, or the first, without one."""
    known = _countries(session, operation, by)
    chosen = country if country in known else next(iter(known), "")
    shown = contents(session, operation, by, chosen)
    return [
        dcc.Store(id=CHOSEN, data=chosen),
        *([_links(operation, known, chosen)] if len(known) > 1 else []),
        followed(CONTENT, shown, className="m-stack"),
    ]


def _countries(session: Session, operation: plan.Operation, by: Actor) -> list[str]:
    if by.national:
        return [by.country or ""]
    return sorted(each.country for each in countries_known(session, operation.id) if not each.kept)


def _links(operation: plan.Operation, known: list[str], chosen: str) -> Component:
    links = []
    for code in sorted(known, key=lambda code: coded("CL-COUNTRY", code)):
        current: dict[str, Any] = {"aria-current": "true"} if code == chosen else {}
        way = dcc.Link(coded("CL-COUNTRY", code), href=f"{NAV.href(operation.id)}?country={code}")
        links.append(html.Span(way, className="m-badge" if code == chosen else "", **current))
    return html.Nav(links, className="m-toolbar", **{"aria-label": _("Country")})


def contents(session: Session, operation: plan.Operation, by: Actor, chosen: str) -> list[Component]:
    """Return the measures of a country, and its silent sites."""
    found = report_quality(session, operation, chosen, by) if chosen else None
    if found is None:
        why = _("No country takes part, or it would give away the figures of one that does not share them.")
        return [empty_state(_("Nothing can be shown"), why, "report-analytics")]
    now_, before = found
    head = [
        _("Measure"),
        _("30 days to {date}", date=date(now_.until.date())),
        _("30 days to {date}", date=date(before.until.date())),
        _("Difference"),
    ]
    rows = [row for title, measures in _GROUPS for row in _group(title, measures, now_, before)]
    country = coded("CL-COUNTRY", chosen)
    basis = _("After Articles 9, 16, 22 and 23 of Regulation (EU) 2021/581.")
    shown = [panel(country, table(head, rows, label=_("Report quality")), note=basis, flush=True)]
    if now_.silent_sites:
        silent = [table_row(each.name, html.Td(_part(each.days), className="m-num")) for each in now_.silent_sites]
        heads = [_("Site"), _("Days without a report")]
        shown.append(panel(_("Silent sites"), table(heads, silent, label=_("Silent sites")), flush=True))
    return shown


def _group(title: str, measures: Callable[..., Any], now_: ReportQuality, before: ReportQuality) -> Iterator[Component]:
    """Yield a heading, and a row for each measure that either month has."""
    told = [dict(measures(each)) for each in (now_, before)]
    names = list(dict.fromkeys(name for each in told for name in each))
    if names:
        yield html.Tr(html.Th(_(title), colSpan=4, scope="rowgroup", className="m-dim"))
    nothing: Told = (UNDEFINED, None)
    for name in names:
        (words, value), (words_before, value_before) = (each.get(name, nothing) for each in told)
        change = UNDEFINED if value is None or value_before is None else _signed(value - value_before)
        yield table_row(name, *(html.Td(cell, className="m-num") for cell in (words, words_before, change)))


def _signed(change: float) -> str:
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return f"\u2066{sign}{number(abs(change), 1)}\u2069"


def _part(share: Share) -> str:
    return _("{part} of {whole}", part=number(share.part), whole=number(share.whole))


def _share(share: Share) -> Told:
    if share.per_cent is None:
        return UNDEFINED, None
    words = (f"\u2068{percent(share.per_cent / 100)}\u2069", _part(share), *share_range(share.interval))
    return " · ".join(words), share.per_cent


def _lag(lag: Lag) -> Told:
    if lag.median is None or lag.most is None:
        return UNDEFINED, None
    words = _("median {hours} h, 9 of 10 within {most} h", hours=number(lag.median, 1), most=number(lag.most, 1))
    return words, lag.median


def _timeliness(found: ReportQuality) -> Iterator[tuple[str, Told]]:
    yield _("Single events written within 24 hours (%)"), _share(found.timely)
    yield _("From the event to the report (hours)"), _lag(found.told)
    yield _("From the device to the server (hours)"), _lag(found.arrived)


def _completeness(found: ReportQuality) -> Iterator[tuple[str, Told]]:
    for rests, share in found.complete.items():
        yield f"{_(rests.told)} (%)", _share(share)


def _corrections(found: ReportQuality) -> Iterator[tuple[str, Told]]:
    rate, reasons = found.corrections_per_hundred, found.corrections
    words = UNDEFINED
    if rate is not None:
        several = _("{part} for {whole} reports", part=number(sum(reasons.values())), whole=number(found.received))
        words = f"\u2068{number(rate, 1)}\u2069 · {several}"
    yield _("Corrections (for 100 reports)"), (words, rate)
    for reason, many in reasons.items():
        yield coded("CL-CORRECTION", reason), (number(many), float(many))
    claims = found.claims
    for name, many in (
        (_("Claims: one event"), claims.same),
        (_("Claims: several events"), claims.other),
        (_("Claims: open"), claims.open),
    ):
        yield name, (number(many), float(many))


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

show: Any = follows(
    contents,
    CONTENT,
    act=Act.TOTALS_UNSUPPRESSED,
    operation=OPERATION,
    every=DRAWN_EVERY,
    chosen=State(CHOSEN, "data"),
)
