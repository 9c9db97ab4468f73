"""Views of the roster: the list, and the details of a team."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date as Date  # noqa: N812 - as in wording
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.listing import Listing
from dashboard.parts.panel import empty_state
from dashboard.parts.team import text
from dashboard.parts.team.forms import ADDED, KIT, adding
from dashboard.wording import N_, _, coded, date, number
from operations.support.availability import Absence
from operations.support.certificates import Certificate
from operations.support.kit import Asset
from operations.support.status import TeamStatus
from operations.support.teams import Team, TeamMember

Taking = Callable[[str, Any, str], list[Component]]
"""Draws the button that removes something from a team, where the reader may; [] otherwise."""
TITLES = {
    "certificate": N_("Certificates"),
    "absence": N_("Not available"),
    "kit": N_("Kit"),
    "member": N_("Who is in the team"),
}
"""The headings of what belongs to a team."""


def keep_id(act: Any, of: Any) -> dict[str, Any]:
    """Return the id of a button that acts on a team, or on what belongs to it."""
    return {"type": "teams-keep", "act": act, "of": of if of is ALL else str(of)}


def words_id(of: Any) -> dict[str, Any]:
    """Return the id of the text field beside that button."""
    return {"type": "teams-why", "of": of if of is ALL else str(of)}


def rows(found: Sequence[Team], board: Mapping[Any, TeamStatus]) -> Listing[Any]:
    """Return a row for each team."""
    made = Listing(found)
    made.text("call_sign", _("Call sign"), minWidth=120)
    made.code("country", _("Country"), "CL-COUNTRY", width=140, flex=0)
    made.text(
        "state",
        _("Status"),
        lambda each: coded("CL-TEAMSTATE", board[each.id].state) if each.id in board else "",
        width=140,
        flex=0,
    )
    made.code("kind", _("Kind of team"), "CL-TEAM", minWidth=150)
    made.text("specialisms", _("Specialisms"), lambda each: text.codes("CL-SPEC", each.specialisms), minWidth=180)
    made.text("languages", _("Languages"), lambda each: text.codes("CL-LANGUAGE", each.languages), minWidth=140)
    made.number("persons", _("Persons"), width=105)
    made.text("base", _("Home base"), width=140, flex=0)
    made.number("ready", _("Ready in, h"), "ready_hours", width=120)
    return made


def details(
    team: Team,
    certificates: Sequence[Certificate],
    absences: Sequence[Absence],
    members: Sequence[TeamMember],
    kit: Sequence[Asset],
    today: Date,
    *,
    may_keep: bool,
) -> list[Component]:
    """Return the facts of a team, with actions for those who keep it."""
    take = _take if may_keep else lambda *_about: []
    items = {
        "certificate": [_certificate(each, today, take) for each in certificates],
        "absence": [_absence(each, team.zone, take) for each in absences],
        "kit": [_kit(each, may_keep) for each in kit],
        "member": [_member(each, take) for each in members],
    }
    return [
        html.Div([html.H3(html.Bdi(team.call_sign)), *_acts(team, may_keep)], className="m-stack"),
        *(
            html.Section([html.H4(_(TITLES[what])), _listed(parts)])
            for what, parts in items.items()
            if parts or may_keep or what != "member"
        ),
    ]


def folds(zone: str) -> list[Component]:
    """Return the small forms that add something to a team, each folded."""
    return [
        html.Details([html.Summary(f"{_('Add')}: {_(TITLES[what])}"), *adding(what, zone)], className="teams-more")
        for what in ADDED
    ]


def nothing_chosen() -> Component:
    """Return the placeholder shown before a team is selected."""
    return empty_state(
        _("Nothing chosen"),
        _("Choose a team in the list to see its certificates, its calendar and its kit."),
        "users-group",
    )


def _acts(team: Team, may_keep: bool) -> list[Component]:
    said: list[Component] = [html.P(html.Bdi(team.out_of_service), className="m-small")] if team.out_of_service else []
    if not may_keep:
        return said
    if team.out_of_service:
        return [*said, _press(_("Put back into service"), keep_id("put_back", team.id), "plain", "arrow-back-up")]
    reason = dmc.TextInput(id=words_id(team.id), label=_("Reason"), size="xs", autoComplete="off")
    acts = [
        _press(_("Out of service"), keep_id("take_out", team.id), "danger", "tool"),
        _press(
            _("Off the roster"), keep_id("close", team.id), "danger", "trash", **confirmation_attributes("team.close")
        ),
    ]
    words = _("Take out of service, or off the roster")
    return [html.Details([html.Summary(words), reason, html.Div(acts, className="m-toolbar")], className="teams-more")]


def _press(label: str, ident: dict[str, Any], kind: str, icon_name: str, size: str = "xs", **more: Any) -> Component:
    return button(label, ident, kind, icon_name, n_clicks=0, size=size, **more)


def _listed(items: Sequence[Component]) -> Component:
    return html.Ul(list(items), className="teams-items") if items else html.P(_("None."), className="m-small m-dim")


def _take(act: str, of: Any, label: str) -> list[Component]:
    return [_press(label, keep_id(act, of), "quiet", "x", "compact-xs")]


def _item(name: str | Component, *more: Any, badge: Sequence[Component] = ()) -> Component:
    """Return one thing of a team: name, details, badge, and actions."""
    said = [html.Span(each, className="m-dim") for each in more if isinstance(each, (str, html.Bdi))]
    acts = [act for each in more if isinstance(each, list) for act in each]
    return html.Li([html.Span(name), *said, *badge, *acts])


def _certificate(each: Certificate, today: Date, take: Taking) -> Component:
    left = (each.expires_on - today).days
    badge = (
        [state_badge(_("Expired"), "bad")]
        if left < 0
        else [state_badge(_("{days} days left", days=number(left)), "warn")]
        if left < 60
        else []
    )
    until = _("until {date}", date=date(each.expires_on))
    return _item(coded("CL-CERT", each.kind), until, take("revoke", each.id, _("Revoke")), badge=badge)


def _absence(each: Absence, zone: str, take: Taking) -> Component:
    when = text.span(each.starts, each.ends, zone)
    return _item(coded("CL-ABSENCE", each.kind), when, take("be_back", each.id, _("Cancel")))


def _member(each: TeamMember, take: Taking) -> Component:
    role = coded("CL-TEAMROLE", each.role)
    return _item(html.Bdi(each.service_ref), role, take("leave", each.id, _("Leaves")))


def _kit(each: Asset, may_keep: bool) -> Component:
    tone = {"available": "good", "deployed": "accent", "degraded": "warn"}.get(each.state, "bad")
    badge = [state_badge(coded("CL-ASSETSTATE", each.state), tone)]
    kind = coded("CL-ASSET", each.kind)
    return _item(html.Bdi(each.label), kind, html.Bdi(each.place), [_changing(each)] if may_keep else [], badge=badge)


def _changing(each: Asset) -> Component:
    fields = drawing(KIT.of(each.id), each)("state", "place", size="xs")
    return tags.Details(
        html.Summary(_("Change"), **{"aria-label": _("Change {name}", name=each.label)}),
        html.Div(fields, className="teams-pair"),
        _press(_("Save"), keep_id("kit", each.id), "plain", "check"),
        className="teams-more",
    )
