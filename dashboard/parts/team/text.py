"""Text of teams: states, timers, reasons against a team, needs."""

from collections.abc import Iterable, Mapping
from datetime import date as Date  # noqa: N812 - as in wording
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts.badges import state_badge
from dashboard.parts.icon import icon
from dashboard.parts.panel import facts
from dashboard.wording import _, ago, coded, date, joined, moment, ngettext, sentence
from operations.core.errors import Flaw
from operations.support.deployments import Deployment
from operations.support.requests import Need
from operations.support.states import DeploymentState, NeedState, OfferState, TeamState, TeamsTogether
from operations.support.suitability import Against

_S = DeploymentState
STAGE_TONES = {
    _S.REQUESTED: "neutral",
    _S.APPROVED: "accent",
    _S.MOBILISING: "accent",
    _S.ON_SITE: "good",
    _S.OFFLINE: "bad",
    _S.WITHDRAWN: "muted",
    _S.DEBRIEFED: "muted",
    _S.STOOD_DOWN: "muted",
}
NEED_TONES = {NeedState.OPEN: "warn", NeedState.PARTLY_MET: "accent", NeedState.MET: "good"}
OFFER_TONES = {OfferState.OFFERED: "warn", OfferState.ACCEPTED: "good"}
TEAM_TONES = {
    TeamState.AVAILABLE: "good",
    TeamState.ASSIGNED: "accent",
    TeamState.UNAVAILABLE: "muted",
    TeamState.OUT_OF_SERVICE: "bad",
}
_LISTED = {"specialisms": "CL-SPEC", "languages": "CL-LANGUAGE", "certificates": "CL-CERT"}
"""Parameters of reasons that are codes, and their code lists."""


def codes(name: str, values: Iterable[str]) -> str:
    """Return the labels of codes, joined."""
    return joined(coded(name, each) for each in values)


def stage_badge(state: str) -> Component:
    """Return the state of a deployment."""
    return state_badge(coded("CL-DEPLOYSTATE", state), STAGE_TONES[_S(state)])


def need_badge(need: Need) -> Component:
    """Return the state of a need: open, partly met or met."""
    return state_badge(coded("CL-NEEDSTATE", need.state), NEED_TONES[need.state])


def wanted(need: Need) -> str:
    """Return what a need asks for, in one line."""
    kind = f" · {coded('CL-TEAM', need.team_kind)}" if need.team_kind else ""
    return f"{coded('CL-SPEC', need.specialism)}{kind}"


def count_of(need: Need) -> str:
    """Return the accepted teams of a need and how they come: "1 of 2 teams · All at the same time"."""
    said = ngettext("{accepted} of {n} team", "{accepted} of {n} teams", need.teams, accepted=str(need.accepted))
    return said if need.together == TeamsTogether.APART else f"{said} · {coded('CL-TOGETHER', need.together)}"


def span(starts: datetime, ends: datetime, zone: str) -> str:
    """Return a period, in a zone."""
    return f"{moment(starts, zone)} – {moment(ends, zone)}"


def stay(starts: datetime, ends: datetime, zone: str) -> list[Component | str]:
    """Return the beginning and the end of a deployment on two lines, for a narrow card."""
    return [moment(starts, zone), " –", html.Br(), moment(ends, zone)]


def reason(template: str, params: Mapping[str, Any]) -> str:
    """Return a reason against a team as a sentence, with codes, days and times in words."""
    said = dict(params)
    for name, listed in _LISTED.items():
        if name in said:
            said[name] = codes(listed, str(said[name]).split(", "))
    if "date" in said:
        said["date"] = date(Date.fromisoformat(said["date"]))
    return sentence(Flaw("", template, said))


def reasons(found: Iterable[Against]) -> Component:
    """Return the reasons against a team, or that there are none."""
    items = [
        html.Li([icon("alert-triangle", 16), html.Span(reason(flaw.template, flaw.params))], className="is-against")
        for flaw in found
    ]
    if not items:
        items = [html.Li([icon("circle-check", 16), html.Span(_("Nothing speaks against this team."))])]
    return html.Ul(items, className="teams-reasons")


def timer(due: datetime | None, contact: datetime | None, at: datetime) -> Component:
    """Return the timer of a team on duty: when its check-in is due, or that it is overdue, with text and icon."""
    if due is None:
        return html.Span()
    if at > due:
        return html.Span(
            [icon("alert-hexagon", 16), html.Strong(_("Overdue")), html.Span(ago(due))],
            className="teams-timer is-overdue",
        )
    soon = (due - at).total_seconds() < 3600
    words = [html.Span(_("Due {when}", when=ago(due)))]
    if contact is not None:
        words.append(html.Span(_("last heard {when}", when=ago(contact)), className="m-dim"))
    return html.Span([icon("clock", 16), *words], className="teams-timer" + (" is-soon" if soon else ""))


def life(found: Deployment, zone: str) -> Component:
    """Return the steps that a deployment has taken, with their times."""
    steps = (
        (_("Asked for"), found.requested_at),
        (_("Ordered to go"), found.approved_at),
        (_("Left its base"), found.left_base_at),
        (_("On site"), found.on_site_at),
        (_("Last check-in"), found.contact_at if found.contact_at != found.on_site_at else None),
        (_("Left the place"), found.left_at),
    )
    return facts(((name, moment(when, zone)) for name, when in steps if when), "m-facts teams-life")
