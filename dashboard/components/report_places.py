"""The start of every report: unsent forms, sites by days, and what the marks mean, as this person may see them."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard import wording
from dashboard.access import actor
from dashboard.components import report_content, report_matrix
from dashboard.components.icon import icon
from dashboard.components.panel import empty_state
from dashboard.components.report_matrix import Cell
from dashboard.wording import _, ngettext
from operations.core.clock import now, official_day
from operations.core.permissions import Act, may
from operations.policing import places, plan, reports
from operations.policing.places import Site
from operations.policing.plan import Operation


def _own_sites(session: Session, operation: Operation) -> list[Site]:
    """The sites whose reports this person may read."""
    return [
        site
        for site in places.sites(session, operation.id)
        if may(actor(), Act.REPORT_READ, plan.subject(operation, site.country, site.id))
    ]


def _board(
    session: Session, operation: Operation, sites: list[Site], until: date | None
) -> tuple[list[date], dict[tuple[UUID, date], Cell]]:
    today = official_day(now(), operation.zone, operation.day_cut)
    begun = [
        (str(form.site_id), day.isoformat())
        for form in reports.saved_forms(session, operation.id)
        if (day := report_content.day_of(form.content, operation.zone, operation.day_cut))
    ]
    newest = reports.newest(session, operation.id, limit=20_000)
    phases, reported = plan.phases(session, operation.id), {each.official_day for each in newest}
    days = report_matrix.official_days(operation, phases, today, until, reported)
    return days, report_matrix.cells(newest, begun, [site.id for site in sites], days, today)


def sites_and_days(
    session: Session, operation: Operation, until: date | None, ask: dict[str, Any] | None, address: str
) -> list[Component]:
    """The matrix, the unsent forms above it, and what its marks mean."""
    sites = _own_sites(session, operation)
    days, found = _board(session, operation, sites, until)
    if not sites or not days:
        return [
            empty_state(
                _("No site reports yet"),
                _("Sites appear here when the coordinator or the national coordinator places them."),
                "map-pin-off",
            )
        ]
    chosen = _chosen(ask, found) or report_matrix.due(found)
    countries = len({site.country for site in sites}) > 1
    return [
        *_unsent(session, operation, {str(site.id): site.name for site in sites}),
        report_matrix.matrix(found, sites, days, chosen, countries),
        _days_before(address, days),
        report_matrix.legend(),
    ]


def _chosen(ask: dict[str, Any] | None, found: dict[tuple[UUID, date], Cell]) -> tuple[UUID, date] | None:
    site, day = report_content.known_uuid(str((ask or {}).get("site", ""))), parsed_day(str((ask or {}).get("day", "")))
    return (site, day) if site and day and (site, day) in found else None


def _days_before(address: str, days: list[date]) -> Component:
    """The way to earlier days, where there are more than the matrix shows."""
    if len(days) < report_matrix.MOST_DAYS:
        return html.Span()
    return dcc.Link(_("Earlier days"), href=f"{address}?until={days[0].isoformat()}", className="m-small")


def _unsent(session: Session, operation: Operation, names: dict[str, str]) -> list[Component]:
    """What was begun and not sent: a person's own forms, to go on with or to discard."""
    forms = reports.saved_forms(session, operation.id)
    if not forms:
        return []
    age = wording.ago(min(form.saved_at for form in forms))
    items = [
        html.Li(
            [
                html.Button(
                    [
                        report_content.described(form.content, names),
                        html.Small(wording.ago(form.saved_at), className="m-dim"),
                    ],
                    className="reports-resume",
                    **{"data-ask": asked("form", id=str(form.id))},
                ),
                html.Button(
                    icon("trash", label=_("Discard")),
                    className="reports-drop",
                    **{"data-ask": asked("discard", id=str(form.id))},
                ),
            ]
        )
        for form in forms
    ]
    heading = ngettext("{n} unsent report, begun {age}", "{n} unsent reports, the oldest {age}", len(forms), age=age)
    return [html.Section([html.H2(heading), html.Ul(items)], className="reports-unsent")]


def asked(what: str, **more: str) -> str:
    """What a button asks for when it is pressed, as `assets/61_report_desk.js` reads it."""
    return json.dumps({"what": what, **more})


def parsed_day(text: str) -> date | None:
    """The date in a text, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
