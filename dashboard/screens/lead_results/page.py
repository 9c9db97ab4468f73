"""Results that came from leads: those of one operation, and across operations whose leads became whose results."""

from enum import StrEnum
from typing import Any

from dash import Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.form import Form, button, client_id, select_field, text_field
from dashboard.parts.lead_back import kept_line
from dashboard.parts.operation_tabs import RESULTS, operation_tabs
from dashboard.parts.panel import panel
from dashboard.refusals import say
from dashboard.screens.lead_results.links import FOUND, links_of, links_table, matrix
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.live import PULSE
from dashboard.wording import N_, _, date, language, moment_utc, number
from operations.core import vocabulary
from operations.core.drafts import parse
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.fugitives import finds
from operations.policing.fugitives.finds import LeadFind
from operations.policing.leads import leads
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import desk, reports
from operations.support import lead_results
from operations.support.lead_results import LeadResult

NAV = Nav(
    name=N_("Results of leads"),
    path_template="/operations/<operation_id>/lead-results",
    icon="git-merge",
    order=5,
    act=Act.RESULT_READ,
    place=False,
)
FORM = Form("lead-result")
WRONG = Form("lead-result-wrong")
_LATEST = 60


class Ids(StrEnum):
    """The elements of this page."""

    OPERATION = "lead-results-operation"
    SHOWN = "lead-results-shown"
    CONNECT = "lead-results-connect"
    UNDO = "lead-results-undo"


def layout(operation_id: str = "", **_query: str) -> Component:
    """The links of this operation, the way to make one, and the comparison across operations."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        shown = contents(session, operation, by)
        links = may(by, Act.RESULT_LINK, _subject(operation, by))
        form = _form(session, operation, by) if links else []
        choices = undoable(session, operation) if links else []
    return page(
        _("Results of leads"),
        operation_tabs(operation, by, RESULTS),
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        html.Div(shown, id=Ids.SHOWN, className="m-stack"),
        *form,
        *([_undo_form(choices)] if choices else []),
        lead=_("Which leads became results, here or in another operation. Counts only."),
    )


def _subject(operation: plan.Operation, by: Actor) -> Any:
    return plan.subject(operation, by.country if by.national else None)


def contents(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """What follows the pulse: the links that the reader may see, and the comparison."""
    titles = {each.id: each.title for each in plan.operations(session, by)}
    crossings = lead_results.crossings(session, by)
    return [
        panel(_("This operation"), *links_table(links_of(session, operation), titles)),
        panel(_("Across operations"), *matrix(crossings, titles)),
        *kept_line(leads.kept_until(session, operation.id)),
    ]


def _form(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    lead_choices, line_choices = _choices(session, operation, by)
    if not lead_choices or not line_choices:
        return []
    return [
        html.Details(
            [
                html.Summary(_("Link a result to a lead")),
                html.Div(
                    [
                        client_id(FORM),
                        select_field(FORM, "lead_id", _("Lead"), lead_choices, required=True),
                        select_field(FORM, "line", _("Result"), line_choices, required=True),
                        text_field(FORM, "note", _("Note"), maxLength=500),
                        html.Div(
                            button(_("Link"), id=Ids.CONNECT, kind="primary", icon_name="link"), className="m-row"
                        ),
                    ],
                    className="m-stack",
                ),
            ],
            className="overview-editor",
        )
    ]


def _undo_form(choices: list[dict[str, str]]) -> Component:
    """Which link was wrong, and why; closed until somebody needs it."""
    return html.Details(
        [
            html.Summary(_("Undo a wrong link")),
            html.Div(
                [
                    select_field(WRONG, "link", _("Link"), choices, required=True),
                    text_field(WRONG, "reason", _("Reason"), maxLength=500, required=True),
                    html.Div(button(_("Undo the link"), id=Ids.UNDO, icon_name="arrow-back-up"), className="m-row"),
                ],
                className="m-stack",
            ),
        ],
        className="overview-editor",
    )


def undoable(session: Session, operation: plan.Operation) -> list[dict[str, str]]:
    """The links of the operation's own results that the asker sees, as choices."""
    titles = {each.id: each.title for each in plan.operations(session, actor())}
    return [
        {
            "value": each.value,
            "label": f"{titles.get(each.lead_operation, _('another operation'))} · "
            f"{vocabulary.label('CL-COUNTRY', each.country, language())} · "
            f"{each.kind} · {moment_utc(each.made_at)}",
        }
        for each in links_of(session, operation)
        if each.operation == operation.id
    ]


def _choices(
    session: Session, operation: plan.Operation, by: Actor
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Leads of all operations that this person sees, and the latest counted results of this one, locations first."""
    lead_choices = [
        {"value": str(lead.id), "label": f"{each.title}: {leads.said(session, lead.id).question[:70]}"}
        for each in plan.operations(session, by)
        for lead in leads.leads(session, each.id)
        if lead.erased_at is None
    ]
    sites = {site.id: site.name for site in places.sites(session, operation.id)}
    counted = [
        each
        for each in reports.newest(session, operation.id, limit=_LATEST)
        if each.counted and may(by, Act.RESULT_LINK, plan.subject(operation, each.country, each.site_id))
    ]
    lines = desk.lines_by_version(session, [each.id for each in counted])
    line_choices = [
        {
            "value": f"{FOUND} {place.id}",
            "label": f"{case.case_no}, {vocabulary.label('CL-COUNTRY', place.country, language())}: "
            f"{vocabulary.label('CL-LOCATION', place.state, language())}",
        }
        for place, case in finds.linkable(session, operation.id, by)[:_LATEST]
    ]
    line_choices += [
        {
            "value": f"{each.id} {line.id}",
            "label": f"{sites.get(each.site_id, '')}, {date(each.official_day)}: "
            f"{vocabulary.label('CL-LINE', line.kind, language())} {number(line.quantity)}",
        }
        for each in counted
        for line in lines[each.id]
    ]
    return lead_choices, line_choices


# --------------------------------------------------------------------------------------------------- callbacks


@screen(
    Output(Ids.SHOWN, "children"),
    Input(PULSE, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.RESULT_READ,
    prevent_initial_call=True,
)
def refresh(_pulse: int, operation_id: str) -> list[Component]:
    """Read the links anew; what is being chosen stays."""
    by = actor()
    with reading() as session:
        return contents(session, plan.operation(session, known_id(operation_id), by), by)


@screen(
    output=Output("_pages_location", "href", allow_duplicate=True),
    inputs={"clicks": Input(Ids.CONNECT, "n_clicks")},
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "link_id": FORM.client_id_state(),
        "typed": FORM.states("lead_id", "line", "note"),
    },
    act=Act.RESULT_LINK,
    form=FORM,
    prevent_initial_call=True,
)
def connect(clicks: int | None, operation_id: str, link_id: str, typed: dict[str, Any]) -> Any:
    """Link the chosen result to the chosen lead."""
    if not clicks:
        return no_update
    connected(link_id, typed)
    say(_("The result is linked to the lead."))
    return f"{NAV.href(operation_id)}?link={link_id[:6]}"


def connected(link_id: str, typed: dict[str, Any]) -> LeadResult | LeadFind:
    """The link as chosen."""
    if not typed.get("line"):
        raise RuleBroken("line", "This field is needed.")
    version, _space, line = typed["line"].partition(" ")
    content = {"id": link_id, "lead_id": typed.get("lead_id"), "note": typed.get("note") or ""}
    if version == FOUND:
        found = parse(finds.FindDraft, {**content, "location_id": line})
        with unit_of_work() as session:
            return finds.connect(session, found, actor())
    draft = parse(lead_results.ResultDraft, {**content, "version_id": version, "line_id": line})
    with unit_of_work() as session:
        return lead_results.connect(session, draft, actor())


@screen(
    output=Output("_pages_location", "href", allow_duplicate=True),
    inputs={"clicks": Input(Ids.UNDO, "n_clicks")},
    state={"operation_id": State(Ids.OPERATION, "data"), "typed": WRONG.states("link", "reason")},
    act=Act.RESULT_LINK,
    form=WRONG,
    prevent_initial_call=True,
)
def undo(clicks: int | None, operation_id: str, typed: dict[str, Any]) -> Any:
    """Take the chosen link back."""
    if not clicks:
        return no_update
    undone(typed)
    say(_("The link is undone."))
    return f"{NAV.href(operation_id)}?undone={str(typed['link'])[:6]}"


def undone(typed: dict[str, Any]) -> LeadResult | LeadFind:
    """The chosen link, taken back with the reason."""
    if not typed.get("link"):
        raise RuleBroken("link", "This field is needed.")
    kind, _space, link = typed["link"].rpartition(" ")
    undo_one = finds.disconnect if kind == FOUND else lead_results.disconnect
    with unit_of_work() as session:
        return undo_one(session, known_id(link), typed.get("reason") or "", actor())
