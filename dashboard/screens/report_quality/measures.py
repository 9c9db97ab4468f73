"""Tables of report quality: the measures of a country, and its sites, of one month beside the month before."""

from collections.abc import Callable, Iterator
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts.figure_text import share_range
from dashboard.parts.table import table, table_row
from dashboard.wording import N_, UNDEFINED, _, coded, date, number, percent
from operations.catalogue.intervals import Share
from operations.core.vocabulary import codes
from operations.figures.report_quality import Lag, ReportQuality, SiteQuality

Told = tuple[str, str, float | None]
"""A number in words, what stands below it, and the number itself, for the difference to the month before."""


def measures_table(now_: ReportQuality, before: ReportQuality) -> Component:
    """Return the measures of a country in two months, and their differences."""
    months = [_("30 days to {date}", date=date(each.until.date())) for each in (now_, before)]
    head = [_("Measure"), *months, _("Difference")]
    rows = [row for title, measures in _GROUPS for row in _group(title, measures, now_, before)]
    return table(head, rows, "report-quality-table", _("Report quality"))


def sites_table(now_: ReportQuality, before: ReportQuality) -> Component:
    """Return the sites of a country, each number above that of the month before."""
    head = [_("Site"), _("Days without a report"), _("Fields that figures rest on"), _("Corrections")]
    earlier = {site.site: site for site in before.sites}
    rows = [_site(site, earlier.get(site.site)) for site in now_.sites]
    return table(head, rows, "report-quality-table", _("Sites"))


def _site(site: SiteQuality, before: SiteQuality | None) -> Component:
    """Return the row of a site, each number above that of the month before."""
    months = zip(_site_words(site), _site_words(before), strict=True)
    return table_row(
        site.name,
        *(html.Td([words, html.Div(was, className="m-dim m-small")], className="m-num") for words, was in months),
    )


def _site_words(site: SiteQuality | None) -> tuple[str, str, str]:
    if site is None:
        return UNDEFINED, UNDEFINED, UNDEFINED
    silent, complete = (_part(share) if share.whole else UNDEFINED for share in (site.silent, site.complete))
    return silent, complete, number(site.corrections)


def _group(title: str, measures: Callable[..., Any], now_: ReportQuality, before: ReportQuality) -> Iterator[Component]:
    """Yield a heading, and a row for each measure that either month has."""
    told = [dict(measures(each)) for each in (now_, before)]
    names = list(dict.fromkeys(name for each in told for name in each))
    if names:
        yield html.Tr(html.Td(_(title), colSpan=4), className="report-quality-group")
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
    yield _("Claims that were settled (%)"), _share(claims.settled)


def _silence(found: ReportQuality) -> Iterator[tuple[str, Told]]:
    yield _("Site-days without a report or a nil report (%)"), _share(found.silent)


def _confidence(found: ReportQuality) -> Iterator[tuple[str, Told]]:
    yield _("Reports that the country validated (%)"), _share(found.validated)
    yield _("Leads whose source and information were judged (%)"), _share(found.graded)


def _impact(found: ReportQuality) -> Iterator[tuple[str, Told]]:
    yield _("Single events whose impact was assessed (%)"), _share(found.rated)
    for level in codes("CL-IMPACT-EVENT"):
        if many := found.impacts.get(level):
            yield coded("CL-IMPACT-EVENT", level), (number(many), "", float(many))
    if found.rated.whole:
        yield _("Corrections that changed the impact"), (number(found.rerated), "", float(found.rerated))


_GROUPS = (
    (N_("Timeliness"), _timeliness),
    (N_("Completeness"), _completeness),
    (N_("Corrections and claims"), _corrections),
    (N_("Silence"), _silence),
    (N_("Confidence"), _confidence),
    (N_("Impact"), _impact),
)
