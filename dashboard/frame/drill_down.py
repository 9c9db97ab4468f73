"""Drill-down: the reports behind a figure, below its definition on any screen, once the reader has given a reason.

Behind coverage are the sites with and without a report; a reader of the figure may read them without a reason.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.parts.badges import level_badge
from dashboard.parts.datetimes import moment_of
from dashboard.parts.kpi_board import OWN, WHOLE, BoardChoice, frame_of
from dashboard.server.access import actor, known_id, unit_of_work
from dashboard.wording import _, coded, date, joined, language, moment, ngettext, number
from operations.core import vocabulary
from operations.core.clock import now
from operations.core.permissions import Act
from operations.core.vocabulary import Level
from operations.disclosure.suppression import BoardFrame
from operations.figures import figure_history
from operations.figures.composition import LineComposition, ReportComposition
from operations.figures.site_coverage import ExpectedSite, covered, of_places
from operations.policing.operation import plan
from operations.results.drill_down import (
    MOST,
    Behind,
    FigureReports,
    composition_of,
    in_catalogue,
    may_drill_down,
    reports_of_figure,
)

OF: Final = "behind-of"
WHY: Final = "behind-why"
FOUND: Final = "behind-found"


def behind_figure(
    session: Session, figure: str, frame: BoardFrame, operation: plan.Operation, at: str | None = ""
) -> list[Component]:
    """Return the drill-down of a figure of the catalogue; an empty list where this reader may read nothing behind it.

    `at`: the address parameter of a past moment at which the frame is read, if it is not now.
    """
    if of_places(figure):
        return _places(covered(session, frame, actor()), operation)
    return _asks_why(figure, frame, operation, at or "") if may_drill_down(figure, frame, operation, actor()) else []


def _asks_why(figure: str, frame: BoardFrame, operation: plan.Operation, at: str) -> list[Component]:
    """Return the select in which a reader gives the reason, and the place for the reports."""
    return [
        dcc.Store(
            id=OF,
            data={
                "figure": figure,
                "operation": str(operation.id),
                "level": frame.level.name,
                "scope": OWN if frame.country else WHOLE,
                "at": at,
            },
        ),
        dmc.Select(
            id=WHY,
            label=_("Reports behind the figure"),
            description=_("Your reason is written into the access trail."),
            placeholder=_("Choose a reason to see them"),
            data=vocabulary.options("CL-BEHIND", language()),
            size="xs",
            className="behind-why",
            comboboxProps={"zIndex": 1400},  # above the definition, which may cover the whole screen
        ),
        html.Div(id=FOUND, **{"aria-live": "polite"}),
    ]


@screen(
    Output(FOUND, "children"),
    Input(WHY, "value"),
    State(OF, "data"),
    act=Act.REPORT_READ,
    prevent_initial_call=True,
)
def look_behind(why: str | None, of: dict[str, str]) -> Any:
    """List the reports once a reason is chosen."""
    figure = str(of["figure"])
    if not why or not in_catalogue(figure):
        raise PreventUpdate
    by = actor()
    with unit_of_work() as session:
        operation = plan.operation(session, known_id(of["operation"]), by)
        seen = figure_history.at(session, operation, by, moment_of(of["at"])) if of["at"] else None
        choice = BoardChoice.of(of["level"], of["scope"], None, by)
        frame = replace(frame_of(operation, choice, by), at=seen.seq if seen else None)
        listed = reports_of_figure(session, frame, figure, why, by)
        told = _(
            "{level}, as of {moment}", level=frame.level.name, moment=moment(seen.at if seen else now(), frame.zone)
        )
        notes = [told]
        if by.national:
            notes.append(_("Only reports of your own country are listed."))
        return _listed(listed, figure, operation, notes)


def _listed(found: FigureReports, figure: str, operation: plan.Operation, notes: Sequence[str]) -> list[Component]:
    if not found.reports:
        return [html.P(_("No report that you may read stands behind it."), className="m-dim"), *_notes(notes)]
    amount = _amount(figure, found.amount)
    if amount:
        head = ngettext("{n} report: {amount}", "{n} reports: {amount}", found.reports, amount=amount)
    else:
        head = ngettext("{n} report", "{n} reports", found.reports)
    more = [_("Only the newest are listed.")] if found.reports > MOST else []
    rows = [_row(each, operation, counted=bool(amount)) for each in found.newest]
    return [html.P(head), *_notes([*notes, *more]), html.Ul(rows, className="behind")]


def _amount(figure: str, sums: int) -> str:
    """Return the sum of the reports in words; empty where the reports themselves are counted."""
    match composition_of(figure):
        case LineComposition(unit=unit) if unit:
            return f"{number(sums)} {_(unit)}"
        case ReportComposition(lines=False):
            return ""
    return ngettext("{n} line", "{n} lines", sums)


def _row(each: Behind, operation: plan.Operation, *, counted: bool) -> Component:
    words = f"{date(each.report.official_day)} · {each.site.name}"
    others = joined(map(number, each.otherwise))
    return html.Li(
        [
            dcc.Link(words, href=f"/operations/{operation.id}/reports?report={each.report.id}", className="m-link"),
            html.Span(number(each.amount) if counted else "", className="behind-amount"),
            *([html.Span(_("another source: {counts}", counts=others), className="m-dim m-small")] if others else []),
            level_badge(Level(each.level), explained=True),
        ]
    )


def _notes(notes: Sequence[str]) -> list[Component]:
    return [html.P(each, className="m-dim m-small") for each in notes]


def _places(found: Sequence[ExpectedSite], operation: plan.Operation) -> list[Component]:
    """Return the sites without a report, then those with one."""
    parts = []
    for heard in (False, True):
        rows = [_place(each, operation) for each in found if each.heard is heard]
        head = (
            ngettext("With a report: {n} place", "With a report: {n} places", len(rows))
            if heard
            else ngettext("Without a report: {n} place", "Without a report: {n} places", len(rows))
        )
        more = _notes([_("Only the first are listed.")] if len(rows) > MOST else [])
        parts += [html.H3(head), *more, html.Ul(rows[:MOST], className="behind")]
    return [html.Section(parts, className="behind-places")]


def _place(each: ExpectedSite, operation: plan.Operation) -> Component:
    last = _("last report: {moment}", moment=moment(each.last, operation.zone)) if each.last else _("no report yet")
    return html.Li(
        [html.Span(f"{each.name} · {coded('CL-COUNTRY', each.country)}"), html.Span(last, className="behind-last")]
    )
