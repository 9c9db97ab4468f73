"""Serious incidents: everybody who works for an operation reports here and follows the state; handlers see files."""

from typing import Any

from dash import ALL, Output, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows, follows_list
from dashboard.frame.shell import page
from dashboard.frame.verb_buttons import calls
from dashboard.parts import tags
from dashboard.parts.form import button, select_field, text_area
from dashboard.parts.grid import grid
from dashboard.parts.list_page import link_rows
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel, stat
from dashboard.parts.table import table as table_of
from dashboard.parts.table import table_row
from dashboard.places import INCIDENTS
from dashboard.screens.incidents import addition, file, report_form
from dashboard.screens.incidents.ids import FORM, RESTRICT, Ids
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import UNDEFINED, _, moment_utc, number
from operations.core.clock import now
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.rows import by_id
from operations.incidents import consultations as file_reading
from operations.incidents import incidents as verbs
from operations.incidents.rows import LIFE, SUPERVISORS, SeriousIncident
from operations.policing.operation import plan

NAV = INCIDENTS
LIFTING = {"type": "incident-lift", "operation": ALL}

link_rows(Ids.LIST)


def layout(show: str = "", **_query: str) -> Component:
    """Return what this person reported or handles; with `show`, the file of one."""
    by = actor()
    with reading() as session:
        if show:
            back = dcc.Link(_("All serious incidents"), href=NAV.href(), className="file-way")
            return page(
                _("Serious incident"), html.Div(file.parts(session, by, show), className="m-stack"), actions=[back]
            )
        parts = [*_report(session, by), *_own(session, by), *_handled(session, by), *_restricting(session, by)]
    return page(
        _("Serious incidents"),
        html.Div(parts, className="m-stack"),
        lead=_("A channel of its own: nobody who verifies or commands in the operation sees that anything was sent."),
        wide=by.role in SUPERVISORS,
    )


# ------------------------------------------------------------------------------------------------------ reporting


def _report(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.INCIDENT_REPORT):
        return []
    return [followed(Ids.REPORT, report_form.form(session, by), seen=report_form.works(session, by))]


def _own(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.INCIDENT_REPORT):
        return []
    return [
        panel(_("What you reported"), followed(Ids.OWN, own_reports_table(session, by)), flush=True),
        *addition.parts(session, by),
    ]


def own_reports_table(session: Session, by: Actor) -> Component:
    """Return the state of each own report and its additions, and nothing else of it."""
    found = file_reading.additions(session, by)
    if not found:
        return html.P(_("You have reported nothing."), className="m-dim incident-none")
    rows = [
        table_row(
            html.Bdi(report.incident.reference),
            moment_utc(report.incident.made_at),
            state_words(report.incident),
            html.Td(addition.added(report)),
        )
        for report in found
    ]
    head = [_("Reference"), _("Received (UTC)"), _("State"), _("What you added")]
    return table_of(head, rows, label=_("What you reported"))


# ------------------------------------------------------------------------------------------------------- handling


def _handled(session: Session, by: Actor) -> list[Component]:
    if not may(by, Act.INCIDENT_READ):
        return []
    return [followed(Ids.HANDLED, handled_table(session, by), seen=knows_any(session, by))]


def knows_any(session: Session, by: Actor) -> bool:
    """Return whether this person knows of an incident other than as its reporter."""
    return bool(verbs.handled_incidents(session, by))


def handled_table(session: Session, by: Actor) -> list[Component]:
    """Return the list, for supervisors and for those who were granted access to one."""
    found = table(session, by)
    if not found and by.national | may(by, Act.INCIDENT_REPORT):
        return []  # not even an empty list
    return [
        followed(Ids.SUMS, strip(session, by)),
        html.Div(  # no export: readers open a single file, with a reason
            grid(
                Ids.LIST, found.columns, found.rows, selection="single", empty=_("No serious incident is known to you.")
            ),
            className="list-page",
        ),
    ]


def strip(session: Session, by: Actor) -> Component:
    """Return the tile of K22, for the incidents this person knows."""
    sums = file_reading.sums(verbs.handled_incidents(session, by), now())
    in_time = UNDEFINED if sums.in_time is None else f"{number(100 * sums.in_time)} %"
    waits = UNDEFINED if sums.days_open is None else number(sums.days_open, 1)
    caution = _("More reports can mean better reporting.")
    return tags.Div(
        stat(_("Serious incidents"), number(sums.number), caution),
        stat(_("First told within 24 hours"), in_time),
        stat(_("Days that open ones wait (median)"), waits),
        className="incident-sums",
    )


def table(session: Session, by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    found = verbs.handled_incidents(session, by)
    titles = file_reading.titles(session, found)
    made = Listing(found, lambda each: f"{NAV.href()}?show={each.id}")
    made.text("reference", _("Reference"), flex=0, width=140)
    made.text("operation", _("Operation"), lambda each: titles[each.operation_id], flex=2, minWidth=160)
    made.field(FORM, "category", flex=3, minWidth=220, tooltipField="category")
    made.code("concerns", _("Concerns"), "CL-COUNTRY", flex=1, minWidth=120)
    made.text("channel", _("Channel"), file.channel_words, flex=0, width=130)
    made.text("state", _("State"), state_words, flex=1, minWidth=140)
    made.text("handler", _("Handler"), lambda each: each.handler_name or _("Nobody yet"), flex=1, minWidth=130)
    made.text("received", _("Received (UTC)"), lambda each: moment_utc(each.made_at), flex=0, width=170)
    return made


def state_words(each: SeriousIncident) -> str:
    """Return the label of the state."""
    return _(LIFE.words[LIFE.now(each)])


# ---------------------------------------------------------------------------------------------------- restricting


def _restricting(session: Session, by: Actor) -> list[Component]:
    """Return the form in which a country restricts its people's reports; it does not reveal whether there are any."""
    if not may(by, Act.INCIDENT_RESTRICT):
        return []
    options = restrictable(session, by)
    return [
        panel(
            _("Restrict what your people report"),
            html.P(
                _(
                    "You are not told whether anything was reported. The content is hidden from everybody; the handler "
                    "and the auditor still see that a file exists."
                ),
                className="m-dim m-small",
            ),
            tags.Div(
                select_field(RESTRICT, "operation", _("Operation"), options),
                text_area(RESTRICT, "reason", _("Why it is restricted")),
                html.Div(button(_("Restrict it"), Ids.HIDE, "plain", "lock")),
                className="m-stack",
            ),
            followed(Ids.RESTRICTED, restricted(session, by)),
        )
    ]


def restrictable(session: Session, by: Actor) -> list[dict[str, str]]:
    """Return the operations that this country takes part in, as options."""
    return [
        {"value": str(operation.id), "label": operation.title}
        for operation in plan.operations(session, by)
        if operation.id in by.operations
    ]


def restricted(session: Session, by: Actor) -> list[Component]:
    """Return the restrictions of this country, each with a button that lifts it."""
    restrictions = file_reading.restrictions(session)
    titles = by_id(session, plan.Operation, (each.operation_id for each in restrictions))
    return [
        tags.Div(
            tags.P(
                html.Strong(titles[restriction.operation_id].title),
                " · ",
                moment_utc(restriction.made_at),
                " · ",
                html.Bdi(restriction.reason),
            ),
            button(
                _("Lift the restriction"), {**LIFTING, "operation": str(restriction.operation_id)}, "quiet", "lock-open"
            ),
        )
        for restriction in restrictions
        if restriction.operation_id in titles and restriction.country == by.country
    ]


# --------------------------------------------------------------------------------------------------- callbacks

refresh_handled = follows(handled_table, Ids.HANDLED, act=Act.INCIDENT_READ, unless=knows_any)
refresh_restrictable = follows(restrictable, Output(RESTRICT.id("operation"), "data"), act=Act.INCIDENT_RESTRICT)
refresh_own = follows(own_reports_table, Ids.OWN, act=Act.INCIDENT_REPORT)
refresh_sums = follows(strip, Ids.SUMS, act=Act.INCIDENT_READ)
refresh_list = follows_list(table, Ids.LIST, act=Act.INCIDENT_READ)
refresh_restricted = follows(restricted, Ids.RESTRICTED, act=Act.INCIDENT_RESTRICT)
send = calls(
    Ids.SEND,
    verbs.report,
    lambda made: _("Received as {reference}. You see here how far it is.", reference=made.reference),
    act=Act.INCIDENT_REPORT,
    form=FORM,
    client=True,
    clears=("facts", "allegations", "measures", "resources", "place", "lat", "lon", "concerned"),
)


@does(Ids.HIDE, act=Act.INCIDENT_RESTRICT, form=RESTRICT, typed=("operation", "reason"), clears=("reason",))
def restrict(press: Press) -> Done:
    """Restrict the reports of the country's people."""
    if not press.typed["operation"]:
        raise RuleBroken("operation", "Choose the operation.")
    file_reading.restrict(press.session, known_id(press.typed["operation"]), press.typed["reason"] or "", press.by)
    return Done(_("It is restricted."))


@does(LIFTING, act=Act.INCIDENT_RESTRICT)
def lift(press: Press) -> Done:
    """Lift the restriction."""
    file_reading.lift(press.session, known_id(press.subject["operation"]), press.by)
    return Done(_("The restriction is lifted."))
