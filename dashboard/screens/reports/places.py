"""Start of the reports page: drafts, the matrix of sites by days, and its legend, as this person may see them."""

from datetime import date
from typing import Any
from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard import wording
from dashboard.parts import tags
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.parts.report import content as report_content
from dashboard.screens.reports import matrix as report_matrix
from dashboard.screens.reports.button_request import asked
from dashboard.screens.reports.due_card import due_card
from dashboard.screens.reports.matrix import MatrixCell
from dashboard.server.access import actor
from dashboard.wording import _, ngettext
from operations.core.clock import now, official_day
from operations.core.errors import NotFound
from operations.core.permissions import Act, may
from operations.policing.map_plan import places
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation
from operations.policing.reports import daily_reports, reports
from operations.policing.reports.reports import SavedForm


def _own_sites(session: Session, operation: Operation) -> list[Site]:
    """Return the sites whose reports this person may read."""
    return [
        site
        for site in places.sites(session, operation.id)
        if may(actor(), Act.REPORT_READ, plan.subject(operation, site.country, site.id))
    ]


def _board(
    session: Session, operation: Operation, sites: list[Site], until: date | None, forms: list[SavedForm]
) -> tuple[list[date], dict[tuple[UUID, date], MatrixCell]]:
    today = official_day(now(), operation.zone, operation.day_cut)
    begun = [
        (str(form.site_id), day.isoformat())
        for form in forms
        if (day := report_content.day_of(form.content, operation.zone, operation.day_cut))
    ]
    reported = reports.latest_days(session, operation.id, until or today, report_matrix.MOST_DAYS)
    days = report_matrix.official_days(operation, plan.phases(session, operation.id), today, until, reported)
    sent = reports.site_days(session, operation.id, days[0], days[-1]) if days else []
    since = {each.site.id: each.since for each in daily_reports.reporting_sites(session, operation)}
    return days, report_matrix.cells(sent, begun, [site.id for site in sites], days, today, since)


def sites_and_days(
    session: Session,
    operation: Operation,
    until: date | None,
    ask: dict[str, Any] | None,
    address: str,
    country: str = "",
) -> tuple[list[Component], list[Component]]:
    """Return what is due and the drafts, and the matrix with its legend. `ask` is what is open.

    Of more sites than a page holds, those of one `country` are shown: of what is open, or else is due next.
    """
    sites, forms = _own_sites(session, operation), reports.saved_forms(session, operation.id)
    days, matrix_cells = _board(session, operation, sites, until, forms)
    chosen, names = _chosen(session, operation, ask, forms), {str(site.id): site.name for site in sites}
    card = due_card(operation, sites, matrix_cells)
    zones = {str(site.id): site.zone for site in sites}
    return [*card, *_unsent(forms, names, zones)], matrix_parts(sites, days, matrix_cells, chosen, address, country)


def matrix_parts(
    sites: list[Site],
    days: list[date],
    found: dict[tuple[UUID, date], MatrixCell],
    chosen: tuple[UUID, date] | None,
    address: str,
    country: str = "",
) -> list[Component]:
    """Return the matrix with its legend; of more sites than a page holds, those of one country."""
    if not sites or not days:
        return [
            empty_state(
                _("No site reports yet"),
                _("Sites appear here when the coordinator or the national coordinator places them."),
                "map-pin-off",
            )
        ]
    shown, folded, next_due = sites, dict[str, list[Site]](), report_matrix.due(found)
    if len(sites) > report_matrix.MOST_SITES:
        of = {site.id: site.country for site in sites}
        here = chosen if chosen and chosen[0] in of else next_due
        country = country if country in of.values() or here is None else of[here[0]]
        shown = [site for site in sites if site.country == country]
        for site in sites:
            folded.setdefault(site.country, []).append(site)
        folded.pop(country, None)
        next_due = report_matrix.due({place: cell for place, cell in found.items() if of[place[0]] == country})
    return [
        report_matrix.matrix(found, shown, days, chosen, next_due, folded, address),
        _days_before(address, days, country),
        report_matrix.legend(),
    ]


def _chosen(
    session: Session, operation: Operation, ask: dict[str, Any] | None, forms: list[SavedForm]
) -> tuple[UUID, date] | None:
    """Return the site and official day of what is open; None where nothing is, or nothing that this person may see."""
    asked_for = ask or {}
    ident = report_content.known_uuid(str(asked_for.get("id", "")))
    site, day = report_content.known_uuid(str(asked_for.get("site", ""))), parsed_day(str(asked_for.get("day", "")))
    if asked_for.get("what") in ("version", "correct") and ident:
        try:
            version = reports.report(session, ident)
        except NotFound:
            return None
        site, day = version.site_id, version.official_day
    elif asked_for.get("what") == "form":
        form = next((each for each in forms if each.id == ident), None)
        site = form.site_id if form else None
        day = report_content.day_of(form.content, operation.zone, operation.day_cut) if form else None
    return (site, day) if site and day else None


def _days_before(address: str, days: list[date], country: str) -> Component:
    """Return the link to earlier days, where there are more than the matrix shows."""
    if len(days) < report_matrix.MOST_DAYS:
        return html.Span()
    return dcc.Link(
        _("Earlier days"), href=f"{address}?until={days[0].isoformat()}&country={country}", className="m-small"
    )


def _unsent(forms: list[SavedForm], names: dict[str, str], zones: dict[str, str]) -> list[Component]:
    """Return the person's own unsent forms, each to be resumed or discarded."""
    if not forms:
        return []
    age = wording.ago(min(form.saved_at for form in forms))
    items = [
        tags.Li(
            tags.Button(
                report_content.described(form.content, names),
                html.Small(_saved(form, zones.get(str(form.site_id), "UTC")), className="m-dim"),
                className="reports-resume",
                **{"data-ask": asked("form", id=str(form.id))},
            ),
            html.Button(
                icon("trash", label=_("Discard")),
                className="reports-drop",
                **{"data-ask": asked("discard", id=str(form.id))},
            ),
        )
        for form in forms
    ]
    heading = ngettext("{n} unsent report, begun {age}", "{n} unsent reports, the oldest {age}", len(forms), age=age)
    return [html.Section([html.H2(heading), html.Ul(items)], className="reports-unsent")]


def _saved(form: SavedForm, zone: str) -> str:
    """Return when a form was saved, on the clocks of its site: by it two drafts of one day are told apart."""
    return _("saved {moment}", moment=wording.moment(form.saved_at, zone).split(" · ")[0])


def parsed_day(text: str) -> date | None:
    """Parse an ISO date; None for other text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
