"""The forms of teams: a request, a team, its certificates, calendar, people and kit; and times as they are typed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard.parts.form import (
    Form,
    button,
    client_id,
    date_field,
    multi_select_field,
    number_field,
    select_field,
    text_area,
    text_field,
)
from dashboard.parts.report.content import moment_typed
from dashboard.wording import _, language
from operations.core import vocabulary
from operations.support.availability import AbsenceDraft
from operations.support.certificates import CertificateDraft
from operations.support.kit import AssetDraft
from operations.support.requests import NeedDraft, RequestDraft
from operations.support.teams import MemberDraft, Team, TeamDraft

REQUEST = Form("teams-request", RequestDraft, NeedDraft)
OFFER = Form("teams-offer")
TEAM = Form("teams-team", TeamDraft)
CERTIFICATE = Form("teams-certificate", CertificateDraft)
ABSENCE = Form("teams-absence", AbsenceDraft)
MEMBER = Form("teams-member", MemberDraft)
KIT = Form("teams-kit", AssetDraft)
REQUEST_FIELDS = (
    "title",
    "priority",
    "host_country",
    "site_id",
    "place",
    "note",
    "specialism",
    "team_kind",
    "teams",
    "languages",
    "certificates",
    "starts",
    "ends",
)
TEAM_FIELDS = (
    "call_sign",
    "unit",
    "kind",
    "persons",
    "specialisms",
    "languages",
    "base",
    "ready_hours",
    "leader_id",
    "note",
)
ADDED: dict[str, tuple[Form, tuple[str, ...]]] = {
    "certificate": (CERTIFICATE, ("kind", "issued_on", "expires_on")),
    "absence": (ABSENCE, ("kind", "starts", "ends")),
    "member": (MEMBER, ("service_ref", "role")),
    "kit": (KIT, ("kind", "label", "state", "place")),
}
"""What is added to a team: its form and its fields."""


def shown_moment(when: datetime, zone: str) -> str:
    """A moment as it stands in a field, on the clocks of a zone."""
    return f"{when.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, without what was left empty."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def with_moments(values: Mapping[str, Any], zone: str, *names: str) -> dict[str, Any]:
    """What was typed, its times read on the clocks of a zone; raises RuleBroken beside the field."""
    found = typed(values)
    return found | {name: moment_typed(str(found[name]), zone, name) for name in names if name in found}


def request_form(
    countries: Sequence[str], sites: Sequence[Any], zone: str, values: Mapping[str, Any], save: str
) -> list[Component]:
    """What is needed and where. A site, or a town found by its name."""
    here = language()
    named = [{"value": code, "label": vocabulary.label("CL-COUNTRY", code, here)} for code in countries]
    places = [{"value": str(each.id), "label": f"{each.name} ({each.country})"} for each in sites]
    when = _("From, on the clocks of {zone}", zone=zone)
    return [
        client_id(REQUEST),
        html.Div(
            [
                text_field(
                    REQUEST, "title", _("What for"), value=values.get("title", ""), maxLength=120, required=True
                ),
                select_field(
                    REQUEST,
                    "priority",
                    _("Priority"),
                    vocabulary.options("CL-PRIORITY", here),
                    value="routine",
                    clearable=False,
                ),
                select_field(
                    REQUEST,
                    "host_country",
                    _("In which country"),
                    named,
                    value=values.get("host_country"),
                    required=True,
                ),
                select_field(REQUEST, "site_id", _("At which site"), places, value=values.get("site_id")),
                text_field(
                    REQUEST,
                    "place",
                    _("Or in which town"),
                    value=values.get("place", ""),
                    description=_("All participating countries read it: a town, no exact place."),
                ),
                select_field(
                    REQUEST, "specialism", _("Specialism"), vocabulary.options("CL-SPEC", here), required=True
                ),
                select_field(REQUEST, "team_kind", _("Kind of team"), vocabulary.options("CL-TEAM", here)),
                number_field(REQUEST, "teams", _("How many teams"), value=1, min=1, max=50),
                multi_select_field(REQUEST, "languages", _("Languages"), vocabulary.options("CL-LANGUAGE", here)),
                multi_select_field(REQUEST, "certificates", _("Certificates"), vocabulary.options("CL-CERT", here)),
                text_field(REQUEST, "starts", when, value=values.get("starts", ""), placeholder="YYYY-MM-DD HH:MM"),
                text_field(REQUEST, "ends", _("To"), value=values.get("ends", ""), placeholder="YYYY-MM-DD HH:MM"),
                text_area(REQUEST, "note", _("Note"), maxLength=2000),
            ],
            className="teams-fields",
        ),
        html.Div(button(_("Ask for assistance"), save, "primary", "send", n_clicks=0), className="m-toolbar"),
    ]


def team_form(team: Team | None, leaders: Sequence[dict[str, str]], save: str) -> list[Component]:
    """What a country says of a team: empty for a new one."""
    here = language()

    def said(name: str, default: Any = "") -> Any:
        return getattr(team, name) if team is not None else default

    leader = str(team.leader_id) if team is not None and team.leader_id else None
    return [
        html.H3(_("Change {name}", name=team.call_sign) if team else _("Put a team on the roster")),
        client_id(TEAM),
        html.Div(
            [
                text_field(TEAM, "call_sign", _("Call sign"), value=said("call_sign"), maxLength=40, required=True),
                text_field(TEAM, "unit", _("Unit"), value=said("unit"), maxLength=120),
                select_field(
                    TEAM,
                    "kind",
                    _("Kind of team"),
                    vocabulary.options("CL-TEAM", here),
                    value=said("kind", "frontline"),
                    clearable=False,
                ),
                number_field(TEAM, "persons", _("Persons"), value=said("persons", 4), min=1, max=500),
                multi_select_field(
                    TEAM,
                    "specialisms",
                    _("Specialisms"),
                    vocabulary.options("CL-SPEC", here),
                    value=said("specialisms", []),
                ),
                multi_select_field(
                    TEAM,
                    "languages",
                    _("Languages"),
                    vocabulary.options("CL-LANGUAGE", here),
                    value=said("languages", []),
                ),
                text_field(
                    TEAM,
                    "base",
                    _("Home base: a town"),
                    value=said("base"),
                    required=True,
                    description=_("Its position is kept to about 10 km."),
                ),
                number_field(
                    TEAM,
                    "ready_hours",
                    _("Wheels up within so many hours"),
                    value=said("ready_hours", 12),
                    min=0,
                    max=720,
                ),
                select_field(TEAM, "leader_id", _("Team leader"), list(leaders), value=leader),
                text_area(TEAM, "note", _("Note"), value=said("note"), maxLength=2000),
            ],
            className="teams-fields",
        ),
        html.Div(button(_("Save the team"), save, "primary", "check", n_clicks=0), className="m-toolbar"),
    ]


def adding(what: str, zone: str) -> list[Component]:
    """The small form that adds a certificate, an absence, a person or kit to the chosen team."""
    here = language()
    form, _fields = ADDED[what]
    fields = {
        "certificate": lambda: [
            select_field(form, "kind", _("Certificate"), vocabulary.options("CL-CERT", here)),
            date_field(form, "issued_on", _("Issued on")),
            date_field(form, "expires_on", _("Expires on")),
        ],
        "absence": lambda: [
            select_field(form, "kind", _("Why"), vocabulary.options("CL-ABSENCE", here)),
            text_field(
                form,
                "starts",
                _("From, on the clocks of {zone}", zone=zone),
                placeholder="YYYY-MM-DD HH:MM",
            ),
            text_field(form, "ends", _("To"), placeholder="YYYY-MM-DD HH:MM"),
        ],
        "member": lambda: [
            text_field(
                form,
                "service_ref",
                _("Service reference"),
                description=_("As NE-0417: no name of a person."),
                maxLength=24,
            ),
            select_field(form, "role", _("Role in the team"), vocabulary.options("CL-TEAMROLE", here)),
        ],
        "kit": lambda: [
            select_field(form, "kind", _("Kind of kit"), vocabulary.options("CL-ASSET", here)),
            text_field(form, "label", _("Label"), maxLength=40),
            select_field(
                form, "state", _("State"), vocabulary.options("CL-ASSETSTATE", here), value="available", clearable=False
            ),
            text_field(form, "place", _("Where, in words"), maxLength=120),
        ],
    }[what]()
    return [
        client_id(form),
        html.Div(fields, className="teams-pair"),
        button(_("Add"), f"teams-add-{what}", "plain", "plus", n_clicks=0, size="xs"),
    ]
