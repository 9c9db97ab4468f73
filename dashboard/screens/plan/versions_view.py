"""Drawer of plan versions: frozen and approved ones, the differences since, and deleted objects."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.frame.interactions import followed
from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.screens.plan.changes_view import changes_grid, kind_of
from dashboard.wording import _, moment, number
from operations.core.vocabulary import PlanVersionState
from operations.policing.map_plan.places import MapObject
from operations.policing.map_plan.versions import PlanVersion, PlanVersionDraft

FREEZE = DraftForm("plan-freeze", PlanVersionDraft)
FREEZE_IT = "plan-freeze-it"
NOW = "now"
"""Stands for the current plan among the ids of frozen versions."""

_TONES = {PlanVersionState.APPROVED: "good", PlanVersionState.DRAFT: "accent", PlanVersionState.SUPERSEDED: "muted"}


def _state(state: str) -> str:
    return {
        PlanVersionState.APPROVED: _("In force"),
        PlanVersionState.DRAFT: _("Draft, not approved"),
        PlanVersionState.SUPERSEDED: _("Replaced"),
    }[PlanVersionState(state)]


def version_name(number_of: int) -> str:
    """Return the name of a version."""
    return _("Version {number}", number=number(number_of))


# --------------------------------------------------------------------------------------------------- the drawer


def drawer(
    versions: Sequence[Component],
    deleted: Sequence[Component],
    choices: Sequence[Mapping[str, str]],
    chosen: str | None,
    *,
    ids: Mapping[str, str],
    freezes: bool,
) -> Component:
    """Return the whole drawer. `ids` names the elements to fill: versions, deleted, from, to, changes, told."""
    return tags.Section(
        tags.Div(
            html.H2(_("Versions of the plan")),
            *([_freeze_form()] if freezes else []),
            followed(ids["versions"], list(versions)),
            className="plan-versions-list",
        ),
        tags.Div(
            tags.Div(
                _choice(ids["from"], _("What changed since"), choices, chosen),
                _choice(ids["to"], _("until"), [now_choice(), *choices], NOW),
                html.P(id=ids["told"], role="status", className="plan-changes-told"),
                className="plan-changes-head",
            ),
            html.Div(changes_grid(ids["changes"]), className="plan-changes-grid"),
            className="plan-versions-changes",
        ),
        html.Div(
            [html.H2(_("Taken off the map")), followed(ids["deleted"], list(deleted))],
            className="plan-versions-deleted",
        ),
        className="plan-versions",
        id="plan-versions",
        tabIndex="-1",
        **{"aria-label": _("Versions of the plan")},
    )


def now_choice() -> dict[str, str]:
    """Return the current plan as an option."""
    return {"value": NOW, "label": _("The map as it is now")}


def choices(versions: Sequence[PlanVersion]) -> list[dict[str, str]]:
    """Return the frozen versions as options, newest first."""
    return [
        {"value": str(each.id), "label": f"{version_name(each.number)} · {_state(each.state)}"} for each in versions
    ]


def _choice(identifier: str, label: str, options: Sequence[Mapping[str, str]], value: str | None) -> Component:
    return dmc.Select(
        id=identifier,
        label=label,
        data=list(options),
        value=value,
        size="xs",
        placeholder=_("No version yet"),
        comboboxProps={"zIndex": 800},
    )


def _freeze_form() -> Component:
    press = button(
        _("Freeze the plan as it is now"),
        FREEZE_IT,
        "primary",
        "lock",
        n_clicks=0,
        **confirmation_attributes("plan.freeze"),
    )
    note = drawing(FREEZE)(minRows=1, maxRows=4, maxLength=2000)
    return html.Div([client_id(FREEZE), *note, press], className="plan-freeze")


# -------------------------------------------------------------------------------------------------- the versions


def version_list(
    versions: Sequence[PlanVersion], zone: str, *, approves: bool, freezes: bool, reader: UUID
) -> list[Component]:
    """Return each version with its state, who froze and approved it and when, and the approval for those who may."""
    if not versions:
        words = (
            _("No version yet. Freeze the plan when it is ready, so that leadership can approve it.")
            if freezes
            else _("No version of the plan is there for you yet.")
        )
        return [html.P(words, className="m-dim m-small")]
    in_force = next((each for each in versions if each.state == PlanVersionState.APPROVED), None)
    return [
        html.Ol(
            [_version(each, zone, in_force, approves=approves, reader=reader) for each in versions],
            className="plan-versions-all",
        )
    ]


def _version(each: PlanVersion, zone: str, in_force: PlanVersion | None, *, approves: bool, reader: UUID) -> Component:
    told = [_("Frozen by {name}, {moment}", name=_isolated(each.author_name), moment=moment(each.made_at, zone))]
    if each.approved_at is not None:
        approved = moment(each.approved_at, zone)
        told.append(_("Approved by {name}, {moment}", name=_isolated(each.approved_name), moment=approved))
    act: list[Component] = []
    if approves and each.state == PlanVersionState.DRAFT:
        act = [_approval(each, in_force)] if each.author_id != reader else [html.P(_("Somebody else must approve it."))]
    return tags.Li(
        tags.Div(
            html.Strong(version_name(each.number)),
            state_badge(_state(each.state), _TONES[PlanVersionState(each.state)]),
            html.Button(
                _("Changes since"),
                id={"type": "plan-compare", "version": str(each.id)},
                type="button",
                className="plan-link",
                n_clicks=0,
            ),
            className="plan-version-head",
        ),
        *([html.P(html.Bdi(each.note), className="plan-version-note")] if each.note else []),
        *(html.P(words, className="m-small m-dim") for words in told),
        *act,
    )


def _approval(each: PlanVersion, in_force: PlanVersion | None) -> Component:
    """Return the approve button with a confirmation: what comes into force binds all countries."""
    words = (
        _("It comes into force for all countries.")
        if in_force is None
        else _("It comes into force for all countries, in place of version {number}.", number=number(in_force.number))
    )
    return tags.Details(
        html.Summary(_("Approve")),
        html.P(words, className="m-small"),
        button(
            _("Put it in force"),
            {"type": "plan-approve", "version": str(each.id)},
            "primary",
            "rubber-stamp",
            n_clicks=0,
            size="compact-md",
            **confirmation_attributes("plan.approve"),
        ),
        className="plan-approval",
    )


def _isolated(name: str) -> str:
    return f"\u2068{name}\u2069"


# ------------------------------------------------------------------------------------------------------- deleted


def deleted_list(objects: Sequence[MapObject], zone: str, mine: Sequence[UUID]) -> list[Component]:
    """Return the deleted objects, latest first, with time and author; those in `mine` can be restored."""
    if not objects:
        return [html.P(_("Nothing was deleted."), className="m-dim m-small")]
    small = {"n_clicks": 0, "size": "compact-xs"}

    def restore(each: MapObject) -> list[Component]:
        ident = {"type": "plan-restore-deleted", "object": str(each.object_id)}
        return [button(_("Restore"), ident, "plain", "arrow-back-up", **small)] if each.object_id in mine else []

    def deleted(each: MapObject) -> Component:
        words = [html.Strong(html.Bdi(each.name)), html.Span(kind_of(each), className="m-small m-dim")]
        who = _("Deleted by {name}, {moment}", name=_isolated(each.author_name), moment=moment(each.made_at, zone))
        head = html.Div([*words, *restore(each)], className="plan-version-head")
        return html.Li([head, html.P(who, className="m-small m-dim")])

    return [html.Ul([deleted(each) for each in objects], className="plan-versions-all")]
