"""The roster as a list, a team with all that is known of it, and the status board."""

from collections.abc import Mapping, Sequence
from datetime import date as Date  # noqa: N812 - as in wording
from datetime import datetime
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts.badges import state_badge
from dashboard.parts.form import button
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.irreversible import asks
from dashboard.parts.panel import empty_state
from dashboard.parts.team import words
from dashboard.parts.team.forms import ADDED, adding
from dashboard.wording import _, date, language, moment, number
from operations.core import vocabulary
from operations.support.availability import Absence
from operations.support.certificates import Certificate
from operations.support.kit import Asset
from operations.support.status import Row
from operations.support.teams import Member, Team

SERVICE, SERVICE_WORDS, CLOSE = "teams-service", "teams-service-words", "teams-close"
"""The buttons of a team, and the reason for taking it out of service."""


def columns() -> list[dict[str, Any]]:
    """The columns of the roster."""
    return [
        text_column("call_sign", _("Call sign"), minWidth=120),
        text_column("country", _("Country"), width=140, flex=0),
        text_column("state", _("Status"), width=140, flex=0),
        text_column("kind", _("Kind of team"), minWidth=150),
        text_column("specialisms", _("Specialisms"), minWidth=180),
        text_column("languages", _("Languages"), minWidth=140),
        number_column("persons", _("Persons"), width=105),
        text_column("base", _("Home base"), width=140, flex=0),
        number_column("ready", _("Ready in, h"), width=120),
    ]


def rows(found: Sequence[Team], board: Mapping[Any, Row]) -> list[dict[str, Any]]:
    """One row for each team."""
    return [
        {
            "id": str(each.id),
            "call_sign": each.call_sign,
            "country": vocabulary.label("CL-COUNTRY", each.country, language()),
            "state": words.code("CL-TEAMSTATE", board[each.id].state) if each.id in board else "",
            "kind": words.code("CL-TEAM", each.kind),
            "specialisms": words.codes("CL-SPEC", each.specialisms),
            "languages": words.codes("CL-LANGUAGE", each.languages),
            "persons": each.persons,
            "base": each.base,
            "ready": each.ready_hours,
        }
        for each in found
    ]


def details(
    team: Team | None,
    certificates: Sequence[Certificate],
    absences: Sequence[Absence],
    members: Sequence[Member],
    kit: Sequence[Asset],
    today: Date,
    *,
    may_keep: bool,
) -> list[Component]:
    """All that is known of a team, with the small forms for those who keep it."""
    if team is None:
        return [
            empty_state(
                _("Nothing chosen"),
                _("Choose a team in the list to see its certificates, its calendar and its kit."),
                "users-group",
            )
        ]
    parts = [
        _part(
            "certificate",
            _("Certificates"),
            [_certificate(each, today, may_keep) for each in certificates],
            team,
            may_keep,
        ),
        _part(
            "absence", _("Not available"), [_absence(each, team.zone, may_keep) for each in absences], team, may_keep
        ),
        _part("kit", _("Kit"), [_kit(each, may_keep) for each in kit], team, may_keep),
    ]
    if members or may_keep:
        parts.append(
            _part("member", _("Who is in the team"), [_member(each, may_keep) for each in members], team, may_keep)
        )
    return [html.Div([html.H3(html.Bdi(team.call_sign)), *_acts(team, may_keep)], className="m-stack"), *parts]


def _acts(team: Team, may_keep: bool) -> list[Component]:
    said: list[Component] = [html.P(html.Bdi(team.out_of_service), className="m-small")] if team.out_of_service else []
    if not may_keep:
        return said
    if team.out_of_service:
        return [
            *said,
            button(_("Put back into service"), SERVICE, "plain", "arrow-back-up", n_clicks=0, size="xs"),
            dmc.TextInput(id=SERVICE_WORDS, value="", className="m-visually-hidden", **{"aria-label": _("Reason")}),
        ]
    return [
        html.Details(
            [
                html.Summary(_("Take out of service, or off the roster")),
                dmc.TextInput(id=SERVICE_WORDS, label=_("Reason"), size="xs", autoComplete="off"),
                html.Div(
                    [
                        button(_("Out of service"), SERVICE, "danger", "tool", n_clicks=0, size="xs"),
                        button(
                            _("Off the roster"), CLOSE, "danger", "trash", n_clicks=0, size="xs", **asks("team.close")
                        ),
                    ],
                    className="m-toolbar",
                ),
            ],
            className="teams-more",
        )
    ]


def _part(what: str, title: str, items: Sequence[Component], team: Team, may_keep: bool) -> Component:
    assert what in ADDED  # noqa: S101 - a part of the page has a form
    listed = html.Ul(list(items), className="teams-items") if items else html.P(_("None."), className="m-small m-dim")
    more = (
        [html.Details([html.Summary(_("Add")), *adding(what, team.zone)], className="teams-more")] if may_keep else []
    )
    return html.Section([html.H4(title), listed, *more])


def _take(act: str, of: Any, label: str) -> Component:
    return button(label, {"type": "teams-take", "act": act, "of": str(of)}, "quiet", "x", n_clicks=0, size="compact-xs")


def _certificate(each: Certificate, today: Date, may_keep: bool) -> Component:
    left = (each.expires_on - today).days
    badge = (
        [state_badge(_("Expired"), "bad")]
        if left < 0
        else [state_badge(_("{days} days left", days=number(left)), "warn")]
        if left < 60
        else []
    )
    return html.Li(
        [
            html.Span(words.code("CL-CERT", each.kind)),
            html.Span(_("until {date}", date=date(each.expires_on)), className="m-dim"),
            *badge,
            *([_take("revoke", each.id, _("Revoke"))] if may_keep else []),
        ]
    )


def _absence(each: Absence, zone: str, may_keep: bool) -> Component:
    return html.Li(
        [
            html.Span(words.code("CL-ABSENCE", each.kind)),
            html.Span(words.span(each.starts, each.ends, zone), className="m-dim"),
            *([_take("be_back", each.id, _("Cancel"))] if may_keep else []),
        ]
    )


def _member(each: Member, may_keep: bool) -> Component:
    return html.Li(
        [
            html.Span(html.Bdi(each.service_ref)),
            html.Span(words.code("CL-TEAMROLE", each.role), className="m-dim"),
            *([_take("leave", each.id, _("Leaves"))] if may_keep else []),
        ]
    )


def kit_id(part: str, of: Any) -> dict[str, str]:
    """The id of a field, or of the button, that changes a piece of kit."""
    return {"type": f"teams-kit-{part}", "of": str(of)}


def _kit(each: Asset, may_keep: bool) -> Component:
    tone = {"available": "good", "deployed": "accent", "degraded": "warn"}.get(each.state, "bad")
    return html.Li(
        [
            html.Span(html.Bdi(each.label)),
            html.Span(words.code("CL-ASSET", each.kind), className="m-dim"),
            state_badge(words.code("CL-ASSETSTATE", each.state), tone),
            html.Span(html.Bdi(each.place), className="m-dim"),
            *([_changing(each)] if may_keep else []),
        ]
    )


def _changing(each: Asset) -> Component:
    return html.Details(
        [
            html.Summary(_("Change"), **{"aria-label": _("Change {name}", name=each.label)}),
            html.Div(
                [
                    dmc.Select(
                        id=kit_id("state", each.id),
                        label=_("State"),
                        data=vocabulary.options("CL-ASSETSTATE", language()),
                        value=each.state,
                        allowDeselect=False,
                        size="xs",
                    ),
                    dmc.TextInput(
                        id=kit_id("place", each.id),
                        label=_("Where, in words"),
                        value=each.place,
                        autoComplete="off",
                        size="xs",
                    ),
                ],
                className="teams-pair",
            ),
            button(_("Save"), kit_id("save", each.id), "plain", "check", n_clicks=0, size="xs"),
        ],
        className="teams-more",
    )


# ------------------------------------------------------------------------------------------------ the status board


def status_board(found: Sequence[Row], zone: str, at: datetime) -> list[Component]:
    """One line for each team: who, doing what, where, until when, and its timer."""
    if not found:
        return [
            empty_state(
                _("No team is known here"),
                _("Teams appear when a country puts them on its roster or offers them to this operation."),
                "users-group",
            )
        ]
    head = [_("Team"), _("Status"), _("Where"), _("Until"), _("Check-in")]
    body = [
        html.Tr(
            [
                html.Th(
                    [
                        html.Bdi(row.call_sign),
                        html.Small(vocabulary.label("CL-COUNTRY", row.country, language()), className="m-dim"),
                    ],
                    scope="row",
                ),
                html.Td(_status(row)),
                html.Td(html.Bdi(row.place)),
                html.Td(moment(row.until, zone) if row.until else ""),
                html.Td(words.timer(row.due_at, row.contact_at, at)),
            ],
            className="is-overdue" if row.overdue else "",
        )
        for row in found
    ]
    table = html.Table(
        [html.Thead(html.Tr([html.Th(name, scope="col") for name in head])), html.Tbody(body)],
        className="m-table teams-status",
    )
    return [html.Div(table, className="m-scroll", tabIndex=0, role="region", **{"aria-label": _("Status board")})]


def _status(row: Row) -> list[Component]:
    parts = [state_badge(words.code("CL-TEAMSTATE", row.state), words.TEAM_TONES[row.state])]
    if row.stage is not None:
        parts.append(words.stage_badge(row.stage))
    if row.why:
        known = row.why in vocabulary.code_list("CL-ABSENCE")
        parts.append(html.Small(words.code("CL-ABSENCE", row.why) if known else html.Bdi(row.why), className="m-dim"))
    return [html.Div(parts, className="teams-states")]
