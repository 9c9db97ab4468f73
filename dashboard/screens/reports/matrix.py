"""Matrix of sites by official days: what was reported, how far it is verified, and what is missing.

Every cell is a button with site and day as data; `screens/reports/desk.js` tells the page which one was pressed. The
text of a cell says what its colour says.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import wording
from dashboard.parts import tags
from dashboard.parts.markup import Markup
from dashboard.wording import N_, _
from operations.core.clock import official_day
from operations.core.vocabulary import Level, PhaseKind
from operations.policing.map_plan.places import Site
from operations.policing.operation.plan import Operation, Phase
from operations.policing.reports.reports import SiteDay

MOST_DAYS, MOST_SITES = 14, 60
_BEFORE = (PhaseKind.PREPARATION.value, PhaseKind.PRE_OPERATIONAL.value)


class DayStanding(StrEnum):
    """The reporting state of one site on one day."""

    LATER = "later"
    BEFORE = "before"
    MISSING = "missing"
    UNSENT = "unsent"
    RETURNED = "returned"
    NIL = "nil"
    SENT = "sent"


_MEANING = {
    DayStanding.LATER: N_("not due yet"),
    DayStanding.BEFORE: N_("not asked for: before the first day of this site"),
    DayStanding.MISSING: N_("nothing reported"),
    DayStanding.UNSENT: N_("begun, not sent"),
    DayStanding.RETURNED: N_("returned to its author"),
    DayStanding.NIL: N_("nil report"),
}


class MatrixCell(NamedTuple):
    """A cell of the matrix: the state of one site on one day, its level, and the number of its reports."""

    standing: DayStanding
    level: Level
    reports: int


def official_days(
    operation: Operation,
    phases: Sequence[Phase],
    today: date,
    until: date | None = None,
    reported: Iterable[date] = (),
) -> list[date]:
    """Return the official days for reports, up to today or `until`: at most `MOST_DAYS`, the latest ones.

    Once a phase has begun, days of phases before it are left out, except those in `reported`.
    """
    last = until or today
    days = _days(operation, [phase for phase in phases if phase.kind not in _BEFORE], last)
    days = (days or _days(operation, phases, last)) | {day for day in reported if day <= last}
    return sorted(days)[-MOST_DAYS:]


def _days(operation: Operation, phases: Iterable[Phase], latest: date) -> set[date]:
    days: set[date] = set()
    for phase in phases:
        day = official_day(phase.starts, operation.zone, operation.day_cut)
        last = official_day(phase.ends - timedelta(microseconds=1), operation.zone, operation.day_cut)
        last = min(last, latest)
        day = max(day, last - timedelta(days=400))
        while day <= last:
            days.add(day)
            day += timedelta(days=1)
    return days


def cells(
    sent: Iterable[SiteDay],
    unsent: Iterable[tuple[str, str]],
    sites: Iterable[UUID],
    days: Sequence[date],
    today: date,
    since: Mapping[UUID, date] | None = None,
) -> dict[tuple[UUID, date], MatrixCell]:
    """Every site on every day. `sent` is what was reported; `unsent` are (site, day) of forms that were begun.

    `since`: the first day for which each site is asked; one that is not there is asked for none.
    """
    by_place = {(each.site, each.day): each for each in sent}
    begun = set(unsent)

    def nothing(site: UUID, day: date) -> DayStanding:
        if day > today:
            return DayStanding.LATER
        return DayStanding.MISSING if since is None or since.get(site, date.max) <= day else DayStanding.BEFORE

    return {
        (site, day): _cell(by_place.get((site, day)), (str(site), day.isoformat()) in begun, nothing(site, day))
        for site in sites
        for day in days
    }


def _cell(sent: SiteDay | None, begun: bool, nothing: DayStanding) -> MatrixCell:
    if sent is None:
        return MatrixCell(DayStanding.UNSENT if begun else nothing, Level.V0, 0)
    if sent.returned:
        return MatrixCell(DayStanding.RETURNED, Level.V0, sent.reports)
    return MatrixCell(DayStanding.NIL if sent.nil else DayStanding.SENT, sent.level, sent.reports)


def due(found: Mapping[tuple[UUID, date], MatrixCell]) -> tuple[UUID, date] | None:
    """Return the next cell to work on: a returned report, then the earliest missing one; then the latest day."""
    for wanted in (DayStanding.RETURNED, DayStanding.MISSING, DayStanding.UNSENT):
        places = [place for place, cell in found.items() if cell.standing is wanted]
        if places:
            return min(places, key=lambda place: place[1])
    return max(found, key=lambda place: place[1], default=None)


def matrix(
    found: Mapping[tuple[UUID, date], MatrixCell],
    sites: Sequence[Site],
    days: Sequence[date],
    chosen: tuple[UUID, date] | None,
    next_due: tuple[UUID, date] | None,
    folded: Mapping[str, Sequence[Site]],
    address: str,
) -> Component:
    """Return the table of buttons: `chosen` is marked open; `next_due` is in the tab order, arrow keys move on.

    The countries of sites that are `folded` have a row each, with the way to the `address` that unfolds it.
    """
    head = tags.Tr(
        html.Th(_("Site"), scope="col", className="reports-site"),
        *(
            html.Th(
                [html.Span(f"{day.day}", className="m-num"), html.Small(wording.date(day).split(" ")[1])],
                scope="col",
                title=wording.date(day),
            )
            for day in days
        ),
    )
    countries = bool(folded) or len({site.country for site in sites}) > 1
    rows = [
        tags.Tr(
            html.Th(
                [html.Span(site.name), *([html.Small(_country(site.country))] if countries else [])],
                scope="row",
                className="reports-site",
            ),
            *(html.Td(_button(site, day, found[site.id, day], chosen, next_due)) for day in days),
        )
        for site in sites
    ]
    rows += [
        tags.Tr(
            html.Th(
                dcc.Link(_country(country), href=f"{address}?country={country}"), scope="row", className="reports-site"
            ),
            *(html.Td(_share([found[site.id, day] for site in held]), className="m-num") for day in days),
            className="reports-folded",
        )
        for country, held in sorted(folded.items(), key=lambda each: _country(each[0]))
    ]
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(Markup(rows))], className="reports-matrix"),
        className="m-scroll reports-matrix-frame",
    )


def _country(code: str) -> str:
    return wording.coded("CL-COUNTRY", code)


def _share(found: Sequence[MatrixCell]) -> str:
    """Return how many sites have reported of those that are asked, "·" where none is."""
    asked = [cell for cell in found if cell.standing not in (DayStanding.LATER, DayStanding.BEFORE)]
    sent = sum(cell.standing in (DayStanding.NIL, DayStanding.SENT) for cell in asked)
    return f"{sent}/{len(asked)}" if asked else "·"


def _button(
    site: Site, day: date, cell: MatrixCell, chosen: tuple[UUID, date] | None, next_due: tuple[UUID, date] | None
) -> Component:
    here, goes_on = chosen == (site.id, day), next_due == (site.id, day)
    words = f"{site.name}, {wording.date(day)}: {meaning(cell)}"
    return html.Button(
        _mark(cell),
        className=f"reports-cell reports-cell-{cell.standing.value} reports-level-{cell.level.name.lower()}",
        title=words,
        tabIndex=0 if goes_on else -1,
        **{
            "data-site": str(site.id),
            "data-day": day.isoformat(),
            # The accessible name contains the visible label, so that users of speech control can say what they see.
            "aria-label": f"{words}, {_mark(cell)}",
            **({"data-many": f"{cell.reports}"} if cell.reports > 1 else {}),
            **({"aria-current": "true"} if here else {}),
            **({"data-due": "true"} if goes_on else {}),
        },
    )


def meaning(cell: MatrixCell) -> str:
    """Return the state of a cell in words."""
    if cell.standing is DayStanding.SENT:
        return wording.coded("CL-LEVEL", cell.level.name)
    words = _(_MEANING[cell.standing])
    if cell.standing is DayStanding.NIL:
        words = f"{words}, {wording.coded('CL-LEVEL', cell.level.name)}"
    return words


def _mark(cell: MatrixCell) -> str:
    return {
        DayStanding.LATER: "·",
        DayStanding.BEFORE: "/",
        DayStanding.MISSING: "–",
        DayStanding.UNSENT: "…",
        DayStanding.RETURNED: "↩",
        DayStanding.NIL: "0",
    }.get(cell.standing, cell.level.name)


def legend() -> Component:
    """Return the legend of the marks."""
    pairs = [
        (_mark(MatrixCell(standing, Level.V1, 0)), DayStanding(standing), _(words))
        for standing, words in _MEANING.items()
    ]
    levels = [
        (level.name, DayStanding.SENT, wording.coded("CL-LEVEL", level.name))
        for level in (Level.V1, Level.V2, Level.V3)
    ]
    items = []
    for mark, standing, words in [*pairs, *levels]:
        level = mark.lower() if standing is DayStanding.SENT else "v1"
        drawn = html.Span(mark, className=f"reports-cell reports-cell-{standing.value} reports-level-{level}")
        items.append(html.Div([html.Dt(drawn), html.Dd(words)]))
    for name, words in (("open", _("open now")), ("due", _("the next that is due"))):
        drawn = html.Span("–", className=f"reports-cell reports-cell-missing reports-cell-{name}")
        items.append(html.Div([html.Dt(drawn), html.Dd(words)]))
    return html.Dl(items, className="reports-legend")
