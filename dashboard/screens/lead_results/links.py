"""Tables of lead results: the links of one operation, and a matrix across operations."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.figure_text import hidden_count
from dashboard.parts.panel import empty_state
from dashboard.parts.table import table, table_row
from dashboard.wording import _, coded, moment_utc, ngettext, number
from operations.policing.fugitives import lead_hits
from operations.policing.operation import plan
from operations.support import lead_results
from operations.support.lead_results import Crossing

FOUND = "found"
"""Prefix that marks the id of a location, or of its link, among options."""


class ResultLink(NamedTuple):
    """A link from a result (a report line, or a location of a case) to a lead, as the page shows it."""

    value: str
    lead_operation: UUID
    operation: UUID
    country: str
    kind: str
    made_at: datetime


def links_of(session: Session, operation: plan.Operation) -> list[ResultLink]:
    """Return the current links of an operation's results or leads that the asker may see, in order."""
    lines = [
        ResultLink(
            str(result.id),
            result.lead_operation_id,
            result.operation_id,
            result.country,
            coded("CL-LINE", result.kind),
            result.made_at,
        )
        for result in lead_results.of_operation(session, operation.id)
    ]
    places = [
        ResultLink(
            f"{FOUND} {hit.id}",
            hit.lead_operation_id,
            hit.operation_id,
            hit.country,
            f"{case.case_no}: {coded('CL-LOCATION', place.state)}",
            hit.made_at,
        )
        for hit, place, case in lead_hits.standing(session, operation.id)
    ]
    return sorted([*lines, *places], key=lambda each: each.made_at)


def links_table(found: Sequence[ResultLink], titles: Mapping[UUID, str]) -> list[Component]:
    """Return a row for each link; where there is none, a hint on who creates one."""
    if not found:
        return [
            empty_state(
                _("No result is linked to a lead"),
                _("A country or the coordination unit says here which result came from which lead."),
                "git-merge",
            )
        ]
    head = [_("Lead of"), _("Result of"), _("Country"), _("Kind of result"), _("Linked at")]
    rows = [
        tags.Tr(
            html.Td(html.Bdi(titles.get(link.lead_operation, _("another operation")))),
            html.Td(html.Bdi(titles.get(link.operation, _("another operation")))),
            html.Td(coded("CL-COUNTRY", link.country)),
            html.Td(link.kind),
            html.Td(moment_utc(link.made_at), className="m-num"),
        )
        for link in found
    ]
    return [table(head, rows, "network", _("This operation"))]


def matrix(found: Sequence[Crossing], titles: Mapping[UUID, str]) -> list[Component]:
    """Return a matrix: operations with leads as rows, with results as columns; cells give leads and results."""
    if not found:
        return [empty_state(_("Nothing crosses yet"), _("Links between operations appear here."), "git-merge")]
    first = sorted({each.lead_operation for each in found}, key=lambda each: titles[each])
    second = sorted({each.operation for each in found}, key=lambda each: titles[each])
    cells = {(each.lead_operation, each.operation): each for each in found}
    head = [_("Leads of"), *(titles[each] for each in second)]
    rows = [table_row(html.Bdi(titles[row]), *(html.Td(_cell(cells.get((row, to)))) for to in second)) for row in first]
    return [table(head, rows, "network", _("Across operations"))]


def _cell(crossing: Crossing | None) -> list[Component]:
    if crossing is None:
        return []
    results = [
        html.Li(f"{_kind(kind)}: {hidden_count() if count is None else number(count)}")
        for kind, count in crossing.results.items()
    ]
    return [html.Strong(ngettext("{n} lead", "{n} leads", crossing.leads)), html.Ul(results)]


def _kind(kind: str) -> str:
    """Return the label of a kind of result: a report line, or a state of a case."""
    return coded("CL-FUGITIVE" if kind in ("located", "arrested") else "CL-LINE", kind)
