"""Board of assistance requests: needs on one side, the chosen need with its offers and deployments on the other."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import dash_mantine_components as dmc
from dash import ALL, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.action_buttons import offers_with_reason
from dashboard.parts.badges import state_badge
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.file_button import file_button
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.parts.panel import facts as known_facts
from dashboard.parts.team import text
from dashboard.parts.team.forms import OFFER, ORDER
from dashboard.wording import _, coded, moment, number
from operations.core import state_machine
from operations.core.handling_codes import may_leave
from operations.support import deployment_acts
from operations.support.deployments import LIFE, Deployment, DeploymentEntry
from operations.support.offers import Offer
from operations.support.requests import Need, SupportRequest
from operations.support.states import ON_DUTY, AssistanceState, DeploymentState, OfferState
from operations.support.suitability import Against
from operations.support.teams import Team

_S = DeploymentState
PRIORITY_TONES = {"routine": "muted", "urgent": "warn", "immediate": "bad"}


def act_id(act: Any, of: Any) -> dict[str, Any]:
    """Return the id of a button that acts on an object of the board."""
    return {"type": "teams-act", "act": act, "of": of if of is ALL else str(of)}


def words_id(of: Any) -> dict[str, Any]:
    """Return the id of the text field beside it."""
    return {"type": "teams-words", "of": of if of is ALL else str(of)}


def _press(label: str, ident: Mapping[str, str], kind: str, icon_name: str, **more: Any) -> Component:
    return button(label, ident, kind, icon_name, n_clicks=0, size="xs", **more)


def listed(
    requests: Sequence[SupportRequest], needs: Mapping[UUID, list[Need]], chosen: str | None, *, may_ask: bool
) -> list[Component]:
    """Return the requests, each with its needs as buttons."""
    if not requests:
        what = (
            _("Say what you need with “Ask for assistance”. Countries then offer their teams.")
            if may_ask
            else _("When assistance is asked for, its needs appear here.")
        )
        return [empty_state(_("Nothing is asked for"), what, "users-group")]
    return [_request(each, needs.get(each.id, []), chosen) for each in requests]


def _request(asked: SupportRequest, needs: Sequence[Need], chosen: str | None) -> Component:
    who = coded("CL-COUNTRY", asked.country) if asked.country else _("The coordination")
    badges = [state_badge(coded("CL-PRIORITY", asked.priority), PRIORITY_TONES[asked.priority])]
    if asked.state != AssistanceState.ASKED:
        badges.append(state_badge(coded("CL-REQUESTSTATE", asked.state), "neutral"))
    return tags.Section(
        html.H3(html.Bdi(asked.title)),
        html.P([html.Bdi(asked.place), " · ", who], className="m-small m-dim"),
        html.Div(badges, className="m-row"),
        html.Ul([html.Li(_need(each, chosen)) for each in needs]),
        className="teams-request",
    )


def _need(need: Need, chosen: str | None) -> Component:
    return html.Button(
        [html.Span(text.wanted(need)), html.Small(text.count_of(need), className="m-dim"), text.need_badge(need)],
        id={"type": "teams-need", "need": str(need.id)},
        type="button",
        n_clicks=0,
        className="teams-need",
        **({"aria-current": "true"} if chosen == str(need.id) else {}),
    )


def facts(asked: SupportRequest, need: Need, zone: str) -> list[Component]:
    """Return the facts of a need: what, where and when."""
    rows = (
        (_("Where"), f"{asked.place}, {coded('CL-COUNTRY', asked.host_country)}"),
        (_("When"), text.span(need.starts, need.ends, zone)),
        (_("Teams"), text.count_of(need)),
        (_("Languages"), text.codes("CL-LANGUAGE", need.languages)),
        (_("Certificates"), text.codes("CL-CERT", need.certificates)),
        (_("Note"), asked.note),
        (_("Handling"), text.codes("CL-HANDL", [asked.handling]) if asked.handling != "h0" else ""),
    )
    return [
        html.Div([html.H2(text.wanted(need)), text.need_badge(need)], className="m-row teams-head"),
        known_facts(rows),
    ]


def request_acts(asked: SupportRequest, *, may_put: bool, may_close: bool) -> list[Component]:
    """Return the actions on a request as a whole."""
    acts = []
    if may_put and asked.state == AssistanceState.RAISED and may_leave(asked.handling):
        acts.append(_press(_("Ask the countries"), act_id("ask", asked.id), "primary", "send"))
    if may_close and asked.state != AssistanceState.CLOSED:
        acts.append(_press(_("Close the request"), act_id("close", asked.id), "quiet", "x"))
    return [html.Div(acts, className="m-toolbar")] if acts else []


def offer_card(offer: Offer, team: Team | None, against: Sequence[Against], *, decides: bool, own: bool) -> Component:
    """Return an offered team: its facts, the reasons against it, and the buttons to decide."""
    country = coded("CL-COUNTRY", offer.country)
    call = html.Bdi(team.call_sign) if team else _("a team")
    parts: list[Component] = [
        tags.Div(
            html.H4([call, html.Span(f" · {country}", className="m-dim")]),
            state_badge(coded("CL-OFFERSTATE", offer.state), text.OFFER_TONES.get(OfferState(offer.state), "muted")),
            className="m-row teams-head",
        )
    ]
    if team is not None:
        parts.append(html.P(_team_line(team), className="m-small m-dim"))
    if offer.note:
        parts.append(html.P(html.Bdi(offer.note)))
    if offer.state == OfferState.OFFERED:
        parts.append(text.reasons(against))
        if decides:
            label = (
                _("Why it goes all the same, or why it is declined")
                if against
                else _("Why it is declined, where it is declined")
            )
            parts += [
                dmc.TextInput(id=words_id(offer.id), label=label, autoComplete="off", size="xs"),
                tags.Div(
                    _press(
                        _("Accept"),
                        act_id("accept", offer.id),
                        "primary",
                        "check",
                        **confirmation_attributes("offer.accept"),
                    ),
                    _press(_("Decline"), act_id("decline", offer.id), "plain", "x"),
                    className="m-toolbar",
                ),
            ]
        if own:
            parts.append(_press(_("Take the offer back"), act_id("take_back", offer.id), "quiet", "arrow-back-up"))
    elif offer.decision:
        parts.append(html.P(html.Bdi(offer.decision), className="m-small"))
    return html.Article(parts, className="teams-card")


def _team_line(team: Team) -> str:
    return " · ".join(
        (
            coded("CL-TEAM", team.kind),
            _("{persons} persons", persons=number(team.persons)),
            text.codes("CL-SPEC", team.specialisms),
            text.codes("CL-LANGUAGE", team.languages),
            _("based in {place}, ready in {hours} h", place=f"\u2068{team.base}\u2069", hours=number(team.ready_hours)),
        )
    )


def own_teams(found: Sequence[tuple[Team, Sequence[Against]]], need: Need, zone: str, offering: str) -> list[Component]:
    """Return the country's own teams with the reasons against each, best first, and a button to offer it.

    Times and note are typed in the form of `offering`, and stay until one of the teams is offered.
    """
    if not found:
        return [
            html.P(_("Your country has no team that can be offered: put one on the roster first."), className="m-dim")
        ]
    cards = [
        tags.Article(
            html.H4(html.Bdi(team.call_sign)),
            html.P(_team_line(team), className="m-small m-dim"),
            text.reasons(against),
            _press(_("Offer this team"), {"type": "teams-offer-team", "of": str(team.id)}, "plain", "send"),
            className="teams-card",
        )
        for team, against in found
    ]
    return [
        html.H3(_("Your teams for this need")),
        tags.Details(
            html.Summary(_("Other times, or a note")),
            *drawing(OFFER.of(offering), {"starts": need.starts, "ends": need.ends}, zone=zone)(),
            className="teams-more",
        ),
        *cards,
    ]


def deployment_card(
    found: Deployment,
    log: Sequence[DeploymentEntry],
    zone: str,
    at: datetime,
    *,
    orders: bool,
    stops: bool,
    letter: str,
) -> Component:
    """Return the deployment of an accepted team: its state, its timer, and the coordinator's next steps."""
    state = _S(found.state)
    country = coded("CL-COUNTRY", found.country)
    parts: list[Component] = [
        tags.Div(
            html.H4([html.Bdi(found.call_sign), html.Span(f" · {country}", className="m-dim")]),
            text.stage_badge(found.state),
            text.timer(found.due_at, found.contact_at, at),
            className="m-row teams-head",
        ),
        text.life(found, zone),
    ]
    if found.tasks:
        parts.append(html.P(html.Bdi(found.tasks), className="m-small"))
    if orders and LIFE.step(state, _S.APPROVED):
        parts += _order(found)
    ways = (
        ("stand_down", LIFE.step(state, _S.STOOD_DOWN)),
        ("release", deployment_acts.RELEASE if state in ON_DUTY else None),
    )
    for act, step in ways if stops else ():
        if step is None:
            continue
        parts += offers_with_reason(
            [state_machine.StepOffer(step, ())],
            partial(_act_of, act, found.id),
            lambda step: dmc.TextInput(id=words_id(found.id), label=_(step.why), size="xs", autoComplete="off"),
            "danger",
            "teams-more",
            n_clicks=0,
            size="xs",
        )
    if letter:
        parts.append(
            file_button(
                [icon("file-certificate", 16), _("Accreditation letter (PDF)")], letter, "m-button m-button-plain"
            )
        )
    parts += log_of(log, zone)
    return html.Article(parts, className="teams-card" + (" is-overdue" if found.overdue(at) else ""))


def _act_of(act: str, ident: UUID, _step: state_machine.Step[Any]) -> Any:
    return act_id(act, ident)


def _order(found: Deployment) -> list[Component]:
    draw = drawing(ORDER.of(found.id), {"check_in_hours": found.check_in_hours})
    return [
        *draw("tasks"),
        html.Div(draw("check_in_hours", "executive_powers"), className="teams-pair"),
        button(_("Order it to go"), act_id("order", found.id), "primary", "plane-departure", n_clicks=0, size="sm"),
    ]


def log_of(log: Sequence[DeploymentEntry], zone: str) -> list[Component]:
    """Return the log of a deployment, newest first; handover notes are highlighted."""
    if not log:
        return []
    kinds = {"moved": "", "checked_in": _("Check-in"), "handover": _("Handover note")}
    rows = [
        tags.Li(
            html.Strong(kinds[entry.kind] or coded("CL-DEPLOYSTATE", entry.state)),
            html.Span(f" · {moment(entry.at, zone)} · ", className="m-dim"),
            html.Bdi(entry.place),
            *([html.P(html.Bdi(entry.words))] if entry.words else []),
            className=f"is-{entry.kind}",
        )
        for entry in log
    ]
    return [html.Details([html.Summary(_("Log")), html.Ol(rows, className="teams-log")], className="teams-more")]


def nothing_chosen() -> Component:
    """Return the empty state beside the list while no need is chosen."""
    return empty_state(
        _("Nothing chosen"), _("Choose a need on the list to see its teams and what comes next."), "pointer"
    )


def alarm(rows: Sequence[Any], at: datetime) -> list[Component]:
    """Return the alert for teams whose check-in is overdue; empty where there is none."""
    if not rows:
        return []
    items = [
        tags.Li(
            html.Strong(html.Bdi(row.call_sign)),
            " · ",
            html.Bdi(row.place),
            " ",
            text.timer(row.due_at, row.contact_at, at),
            html.Span(_("Call the team leader now."), className="m-small"),
        )
        for row in rows
    ]
    return [
        html.Div(
            [icon("alert-hexagon", 22), html.H2(_("Check-in overdue")), html.Ul(items)],
            className="teams-alarm",
            role="alert",
        )
    ]
