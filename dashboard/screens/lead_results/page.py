"""Lead results: the results of one operation that came from leads, and the flow of leads between operations."""

from enum import StrEnum
from typing import Any

from dash import Output, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows, pulse_of
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import Form, button, client_id, select_field, text_field
from dashboard.parts.form_fields import drawing
from dashboard.parts.lead_recall import kept_line
from dashboard.parts.panel import folded_form, panel
from dashboard.places import RESULTS
from dashboard.screens.lead_results.funnel import funnel
from dashboard.screens.lead_results.links import FOUND, links_of, links_table, matrix
from dashboard.server.access import actor, known_id
from dashboard.wording import N_, _, coded, date, moment_utc, number
from operations.core.clock import now
from operations.core.drafts import NEEDED
from operations.core.errors import RuleBroken
from operations.core.field_labels import Label
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.fugitives import lead_hits
from operations.policing.leads import leads
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import desk_queries, reports
from operations.support import lead_funnel, lead_results

NAV = RESULTS
FORM = DraftForm(
    "lead-result",
    lead_results.ResultDraft,
    first=("lead_id", "line"),
    beside={"line": Label(N_("Result"), draws="one", needed=NEEDED)},
    stands={"version_id": "line", "line_id": "line", "location_id": "line"},
)
WRONG = Form("lead-result-wrong")
_LATEST = 60


class Ids(StrEnum):
    """Element ids of this page."""

    SHOWN = "lead-results-shown"
    CONNECTING = "lead-results-connecting"
    UNDOING = "lead-results-undoing"
    UNDO = "lead-results-undo"


@operation_page(NAV, N_("Which leads became results, here or in another operation. Counts only."))
def layout(session: Session, operation: plan.Operation, by: Actor) -> Parts:
    """Return the links of this operation, the form for a new one, and the comparison across operations."""
    shown = contents(session, operation, by)
    forms = _forms(session, operation, by) if may(by, Act.RESULT_LINK, _subject(operation, by)) else []
    return [
        followed(Ids.SHOWN, shown, className="m-stack"),
        *forms,
    ]


def _subject(operation: plan.Operation, by: Actor) -> Any:
    return plan.subject(operation, by.country if by.national else None)


def contents(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the parts that follow the pulse: the links that the reader may see, and the comparison."""
    titles = {each.id: each.title for each in plan.operations(session, by)}
    crossings = lead_results.crossings(session, by)
    return [
        panel(_("This operation"), *links_table(links_of(session, operation), titles)),
        *_funnel(session, operation, by),
        panel(_("Across operations"), *matrix(crossings, titles)),
        *kept_line(leads.kept_until(session, operation.id)),
    ]


def _funnel(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the lead funnel, for readers of leads."""
    if not may(by, Act.LEAD_READ, _subject(operation, by)):
        return []
    stages = funnel(lead_funnel.funnel(session, operation.id, now()))
    return [panel(_("From lead to result"), html.Div(stages, className="m-stack"))]


def offered(session: Session, operation: plan.Operation, by: Actor) -> tuple[Any, ...]:
    """Return the options of the two forms (leads, results, removable links), and whether each form is hidden."""
    lead_choices, line_choices = _choices(session, operation, by)
    wrong = undoable(session, operation)
    return lead_choices, line_choices, wrong, not lead_choices or not line_choices, not wrong


def _forms(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the form that links, and the form that removes a wrong link with a reason; both folded."""
    lead_choices, line_choices, wrong, nothing, none = offered(session, operation, by)
    draw = drawing(FORM, choices={"lead_id": lead_choices, "line": line_choices})
    connecting = folded_form(
        _("Link a result to a lead"),
        client_id(FORM),
        *draw("lead_id", "line", required=True),
        *draw("note", maxLength=500),
        html.Div(button(_("Link"), id=FORM.send, kind="primary", icon_name="link"), className="m-row"),
    )
    undoing = folded_form(
        _("Undo a wrong link"),
        select_field(WRONG, "link", _("Link"), wrong, required=True),
        text_field(WRONG, "reason", _("Reason"), maxLength=500, required=True),
        html.Div(button(_("Undo the link"), id=Ids.UNDO, icon_name="arrow-back-up"), className="m-row"),
    )
    return [
        pulse_of(FORM.send),
        html.Div(connecting, id=Ids.CONNECTING, hidden=nothing),
        html.Div(undoing, id=Ids.UNDOING, hidden=none),
    ]


def undoable(session: Session, operation: plan.Operation) -> list[dict[str, str]]:
    """Return the links of the operation's own results that the asker sees, as options."""
    titles = {each.id: each.title for each in plan.operations(session, actor())}
    return [
        {
            "value": link.value,
            "label": f"{titles.get(link.lead_operation, _('another operation'))} · "
            f"{coded('CL-COUNTRY', link.country)} · "
            f"{link.kind} · {moment_utc(link.made_at)}",
        }
        for link in links_of(session, operation)
        if link.operation == operation.id
    ]


def _choices(
    session: Session, operation: plan.Operation, by: Actor
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return the leads of all operations that this person sees, and this one's counted results: locations first."""
    lead_choices = [
        {"value": str(lead.id), "label": f"{owner.title}: {leads.newest_version(session, lead.id).question[:70]}"}
        for owner in plan.operations(session, by)
        for lead in leads.leads(session, owner.id)
        if lead.erased_at is None
    ]
    sites = {site.id: site.name for site in places.sites(session, operation.id)}
    counted = [
        report
        for report in reports.newest(session, operation.id, limit=_LATEST)
        if report.counted and may(by, Act.RESULT_LINK, plan.subject(operation, report.country, report.site_id))
    ]
    lines = desk_queries.lines_by_version(session, [each.id for each in counted])
    line_choices = [
        {
            "value": f"{FOUND} {place.id}",
            "label": f"{case.case_no}, {coded('CL-COUNTRY', place.country)}: {coded('CL-LOCATION', place.state)}",
        }
        for place, case in lead_hits.linkable(session, operation.id, by)[:_LATEST]
    ]
    line_choices += [
        {
            "value": f"{counted_report.id} {line.id}",
            "label": f"{sites.get(counted_report.site_id, '')}, {date(counted_report.official_day)}: "
            f"{coded('CL-LINE', line.kind)} {number(line.quantity)}",
        }
        for counted_report in counted
        for line in lines[counted_report.id]
    ]
    return lead_choices, line_choices


# --------------------------------------------------------------------------------------------------- callbacks


refresh = follows(contents, Ids.SHOWN, act=Act.RESULT_READ, operation=OPERATION)
refresh_forms = follows(
    offered,
    *(Output(FORM.id(name), "data") for name in ("lead_id", "line")),
    Output(WRONG.id("link"), "data"),
    *(Output(form, "hidden") for form in (Ids.CONNECTING, Ids.UNDOING)),
    act=Act.RESULT_LINK,
    operation=OPERATION,
    of=FORM.send,
)


@does(FORM, act=Act.RESULT_LINK, operation=OPERATION, goes=True)
def connect(press: Press) -> Done:
    """Link the chosen result to the chosen lead."""
    version, _space, line = (press.typed.get("line") or "").partition(" ")
    if version == FOUND:
        lead_hits.connect(press.session, press.draft(lead_hits.FindDraft, location_id=line), press.by)
    else:
        result = {"id": press.client, "version_id": version, "line_id": line}
        lead_results.connect(press.session, FORM.draft(lead_results.ResultDraft, press.typed, **result), press.by)
    return Done(_("The result is linked to the lead."), to=f"{NAV.href(press.operation_id)}?link={press.client[:6]}")


@does(Ids.UNDO, act=Act.RESULT_LINK, form=WRONG, typed=("link", "reason"), operation=OPERATION, goes=True)
def undo(press: Press) -> Done:
    """Remove the chosen link, with the reason."""
    if not press.typed.get("link"):
        raise RuleBroken("link", NEEDED)
    kind, _space, link = press.typed["link"].rpartition(" ")
    undo_one = lead_hits.disconnect if kind == FOUND else lead_results.disconnect
    undo_one(press.session, known_id(link), press.typed.get("reason") or "", press.by)
    return Done(_("The link is undone."), to=f"{NAV.href(press.operation_id)}?undone={press.typed['link'][:6]}")
