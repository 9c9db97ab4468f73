"""My team: the phone page of a team leader, with one next button within reach of the thumb.

Everything else (a note, an earlier time, notes of earlier teams) is folded. Pressing twice submits the same report: it
is idempotent.
"""

from enum import StrEnum
from functools import partial
from typing import Any

from dash import ALL, Input, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.operation_page import OPERATION, operation_page
from dashboard.parts import tags
from dashboard.parts.action_buttons import offer_buttons
from dashboard.parts.form import Form, button, text_area, text_field
from dashboard.parts.panel import empty_state
from dashboard.parts.team import text
from dashboard.parts.team.board import log_of
from dashboard.parts.team.forms import with_moments
from dashboard.places import MY_TEAM
from dashboard.server.access import actor, known_id
from dashboard.wording import N_, _, moment
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.state_machine import Step
from operations.core.vocabulary import Role
from operations.policing.operation import plan
from operations.support import deployment_acts, deployments
from operations.support.deployments import LIFE, Deployment, DutyDraft
from operations.support.states import DeploymentState

NAV = MY_TEAM
DUTY = Form("my-team")
_S = DeploymentState


class Ids(StrEnum):
    """Element ids of this page."""

    PRESS = "my-team-press"
    VIEW = "my-team-view"
    FIELDS = "my-team-fields"
    ACTS = "my-team-acts"
    MORE = "my-team-more"


def do_id(verb: Any, of: Any) -> dict[str, Any]:
    """Return the id of the button that reports `verb` of a deployment."""
    return {"type": "my-team-do", "verb": verb, "of": of if of is ALL else str(of)}


Parts = tuple[list[Component], bool, list[Component], list[Component]]
"""The card, whether the fields are hidden, the buttons, and the other deployments."""


_DONE = {
    "deployment.mobilising": N_("Reported: your team is on its way."),
    "deployment.on_site": N_("Reported: your team is on site."),
    "deployment.check_in": N_("Checked in."),
    "deployment.withdrawn": N_("Reported: your team has left the place."),
    "deployment.debriefed": N_("The debriefing is kept."),
    "deployment.hand_over": N_("The note is kept for who comes next."),
}


@operation_page(NAV)
def layout(session: Session, operation: plan.Operation, _by: Actor) -> list[Component]:
    """Return the page of one operation."""
    own_deployments = mine(session, operation)
    card, fields, acts, more = view(session, operation, own_deployments)
    return [
        dcc.Store(id=Ids.PRESS, data=str(new_id())),
        tags.Div(
            followed(Ids.VIEW, card, className="m-stack"),
            html.Div(_fields(operation), id=Ids.FIELDS, className="m-stack", hidden=fields),
            followed(Ids.ACTS, acts, className="my-team-acts"),
            followed(Ids.MORE, more, className="m-stack"),
            className="my-team",
        ),
    ]


def mine(session: Session, operation: plan.Operation) -> list[Deployment]:
    """Return the deployments in this operation that this person reports for, current ones first."""
    by = actor()
    if by.role is Role.TEAM_LEADER:
        return [each for each in deployments.led_by(session, by) if each.operation_id == operation.id]
    found = [each for each in deployments.deployments(session, operation.id) if each.country == by.country]
    return [each for each in found if each.state not in LIFE.ends]


def view(session: Session, operation: plan.Operation, found: list[Deployment]) -> Parts:
    """Return the first deployment with its next report, and the names of the others."""
    if not found:
        nothing = [
            empty_state(
                _("Your team is not deployed"),
                _("When the coordinator accepts a team that you lead, what to do next appears here."),
                "users-group",
            )
        ]
        return nothing, True, [], []
    first, *others = found
    rest = [
        html.Li([html.Bdi(deployment.call_sign), " · ", html.Bdi(deployment.place), text.stage_badge(deployment.state)])
        for deployment in others
    ]
    card, hidden, acts, more = _card(session, operation, first)
    if rest:
        more += [html.H2(_("Next")), html.Ul(rest, className="teams-items")]
    return card, hidden, acts, more


def _fields(operation: plan.Operation) -> list[Component]:
    """Return the optional fields of a report, outside the parts that are redrawn, so that typed text survives."""
    return [
        text_area(DUTY, "words", _("Note"), description=_("No names of persons."), maxLength=2000),
        tags.Details(
            html.Summary(_("It happened earlier, or elsewhere")),
            text_field(
                DUTY,
                "at",
                _("Time, on the clocks of {zone}", zone=operation.zone),
                placeholder="YYYY-MM-DD HH:MM",
            ),
            text_field(DUTY, "place", _("Where, in words"), maxLength=120),
            className="teams-more",
        ),
    ]


def _card(session: Session, operation: plan.Operation, found: Deployment) -> Parts:
    at, zone = clock.now(), operation.zone
    acts = LIFE.offers(found, deployments.facts(session, found, actor()), actor())
    main = [
        *offer_buttons(acts[:1], partial(_do, found), "primary", size="xl", fullWidth=True),
        *offer_buttons(acts[1:], partial(_do, found), size="lg", fullWidth=True),
    ]
    notes = found.approved_at is not None and _S(found.state) is not _S.WITHDRAWN
    if notes:
        note = do_id("deployment.hand_over", found.id)
        main.append(
            button(_("Keep as handover note"), note, "plain", "notebook", n_clicks=0, size="lg", fullWidth=True)
        )
    waits = (
        [html.P(_("Accepted. Wait for the order to go: it appears here."), className="m-dim")]
        if found.state == _S.REQUESTED
        else []
    )
    before = [each for each in deployments.handovers(session, found.request_id) if each.deployment_id != found.id]
    card: list[Component] = [
        tags.Section(
            html.Div([html.H2(html.Bdi(found.call_sign)), text.stage_badge(found.state)], className="m-row"),
            html.P([html.Strong(html.Bdi(found.place)), html.Br(), *text.stay(found.starts, found.ends, zone)]),
            *([html.P(html.Bdi(found.tasks))] if found.tasks else []),
            text.timer(found.due_at, found.contact_at, at),
            *waits,
            className="teams-card" + (" is-overdue" if found.overdue(at) else ""),
        ),
    ]
    more = [*_before(before, zone), *log_of(deployments.log(session, found.id), zone)]
    return card, not acts, main, more


def _do(found: Deployment, step: Step[DeploymentState]) -> dict[str, Any]:
    return do_id(step.verb, found.id)


def _before(notes: list[Any], zone: str) -> list[Component]:
    """Return the handover notes of earlier teams."""
    if not notes:
        return []
    rows = [
        html.Li([html.P(html.Bdi(each.words)), html.Small(moment(each.at, zone), className="m-dim")]) for each in notes
    ]
    return [html.H2(_("Handover notes of the team before")), html.Ul(rows, className="teams-log")]


def contents(session: Session, operation: plan.Operation, _by: Actor, _press: str) -> Parts:
    """Return the current page; unchanged parts are not sent, so that typed text and focus survive."""
    return view(session, operation, mine(session, operation))


refresh = follows(
    contents,
    Ids.VIEW,
    Output(Ids.FIELDS, "hidden"),
    Ids.ACTS,
    Ids.MORE,
    act=Act.DEPLOYMENT_REPORT,
    operation=OPERATION,
    _press=Input(Ids.PRESS, "data"),
)


@does(
    do_id(ALL, ALL),
    act=Act.DEPLOYMENT_REPORT,
    form=DUTY,
    typed=("words", "at", "place"),
    operation=OPERATION,
    shows=(Output(Ids.PRESS, "data"),),
    clears=("words", "at"),
    given={"serial": State(Ids.PRESS, "data")},
)
def report(press: Press, serial: str) -> Done:
    """Submit the pressed report; only the fields that were sent are cleared, as the next note may be under way."""
    verb = press.subject["verb"]
    if verb not in _DONE:
        raise NotFound
    content = with_moments(press.typed, press.operation.zone, "at") | {"id": known_id(serial)}
    deployment_acts.REPORTS[verb](press.session, press.of, parse(DutyDraft, content), press.by)
    return Done(_(_DONE[verb]), shown=(str(new_id()),))
