"""The drawer of versions: what was frozen and approved, what is different since, what was taken off the map."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts.badges import state_badge
from dashboard.parts.form import Form, button, client_id, text_area
from dashboard.parts.grid import grid, text_column
from dashboard.parts.irreversible import asks
from dashboard.wording import UNDEFINED, _, language, moment, ngettext, number
from operations.core import vocabulary
from operations.core.vocabulary import PlanVersionState
from operations.policing.map_plan.changes import Change, Difference
from operations.policing.map_plan.places import Audience, MapObject, Site
from operations.policing.map_plan.versions import PlanVersion

FREEZE = Form("plan-freeze")
FREEZE_IT = "plan-freeze-it"
NOW = "now"
"""Stands for the plan as it is on the map, beside the ids of frozen versions."""

SIGNS = {"added": "+", "changed": "≠", "removed": "−"}
_TONES = {PlanVersionState.APPROVED: "good", PlanVersionState.DRAFT: "accent", PlanVersionState.SUPERSEDED: "muted"}


def _state(state: str) -> str:
    return {
        PlanVersionState.APPROVED: _("In force"),
        PlanVersionState.DRAFT: _("Draft, not approved"),
        PlanVersionState.SUPERSEDED: _("Replaced"),
    }[PlanVersionState(state)]


def version_name(number_of: int) -> str:
    """What a version is called."""
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
    """The whole drawer. `ids` names what callbacks fill: versions, deleted, from, to, changes, told."""
    return html.Section(
        [
            html.Div(
                [
                    html.H2(_("Versions of the plan")),
                    *([_freeze_form()] if freezes else []),
                    html.Div(list(versions), id=ids["versions"]),
                ],
                className="plan-versions-list",
            ),
            html.Div(
                [
                    html.Div(
                        [
                            _choice(ids["from"], _("What changed since"), choices, chosen),
                            _choice(ids["to"], _("until"), [now_choice(), *choices], NOW),
                            html.P(id=ids["told"], role="status", className="plan-changes-told"),
                        ],
                        className="plan-changes-head",
                    ),
                    html.Div(_changes_grid(ids["changes"]), className="plan-changes-grid"),
                ],
                className="plan-versions-changes",
            ),
            html.Div(
                [html.H2(_("Taken off the map")), html.Div(list(deleted), id=ids["deleted"])],
                className="plan-versions-deleted",
            ),
        ],
        className="plan-versions",
        id="plan-versions",
        tabIndex="-1",
        **{"aria-label": _("Versions of the plan")},
    )


def now_choice() -> dict[str, str]:
    """The plan as it is on the map, as a choice."""
    return {"value": NOW, "label": _("The map as it is now")}


def choices(versions: Sequence[PlanVersion]) -> list[dict[str, str]]:
    """Frozen versions as choices, newest first."""
    return [
        {"value": str(each.id), "label": f"{version_name(each.number)} · {_state(each.state)}"} for each in versions
    ]


def _choice(identifier: str, label: str, options: Sequence[Mapping[str, str]], value: str | None) -> Component:
    return dmc.Select(
        id=identifier,
        label=label,
        data=list(options),
        value=value,
        allowDeselect=False,
        size="xs",
        placeholder=_("No version yet"),
        comboboxProps={"zIndex": 800},
    )


def _freeze_form() -> Component:
    return html.Div(
        [
            client_id(FREEZE),
            text_area(
                FREEZE,
                "note",
                _("What is to be said of this version"),
                minRows=1,
                maxRows=4,
                maxLength=2000,
            ),
            button(_("Freeze the plan as it is now"), FREEZE_IT, "primary", "lock", n_clicks=0, **asks("plan.freeze")),
        ],
        className="plan-freeze",
    )


# -------------------------------------------------------------------------------------------------- the versions


def version_list(
    versions: Sequence[PlanVersion], zone: str, *, approves: bool, freezes: bool, reader: UUID
) -> list[Component]:
    """Each version: its state, who froze and approved it and when; the way to approve it for those who may."""
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
    return html.Li(
        [
            html.Div(
                [
                    html.Strong(version_name(each.number)),
                    state_badge(_state(each.state), _TONES[PlanVersionState(each.state)]),
                    html.Button(
                        _("Changes since"),
                        id={"type": "plan-compare", "version": str(each.id)},
                        type="button",
                        className="plan-link",
                        n_clicks=0,
                    ),
                ],
                className="plan-version-head",
            ),
            *([html.P(html.Bdi(each.note), className="plan-version-note")] if each.note else []),
            *(html.P(words, className="m-small m-dim") for words in told),
            *act,
        ]
    )


def _approval(each: PlanVersion, in_force: PlanVersion | None) -> Component:
    """Asked twice: what comes into force binds all countries."""
    words = (
        _("It comes into force for all countries.")
        if in_force is None
        else _("It comes into force for all countries, in place of version {number}.", number=number(in_force.number))
    )
    return html.Details(
        [
            html.Summary(_("Approve")),
            html.P(words, className="m-small"),
            button(
                _("Put it in force"),
                {"type": "plan-approve", "version": str(each.id)},
                "primary",
                "rubber-stamp",
                n_clicks=0,
                size="compact-md",
                **asks("plan.approve"),
            ),
        ],
        className="plan-approval",
    )


def _isolated(name: str) -> str:
    return f"\u2068{name}\u2069"


# --------------------------------------------------------------------------------------------------- the changes


def words_of(how: str) -> str:
    """ "added", "changed" or "removed" for the reader."""
    return {"added": _("Added"), "changed": _("Changed"), "removed": _("Removed")}[how]


def _changes_grid(identifier: str) -> Component:
    wrapped = {"wrapText": True, "autoHeight": True}
    columns = [
        text_column("how", _("Change"), minWidth=108, width=108, flex=0),
        text_column("name", _("Name"), flex=2, minWidth=100, **wrapped),
        text_column("what", _("What is different"), flex=3, minWidth=130, **wrapped),
        text_column("by", _("Who and when"), flex=3, minWidth=120, **wrapped),
    ]
    return grid(
        identifier,
        columns,
        [],
        search=False,
        selection="single",
        export="plan-changes",
        empty=_("Nothing is different."),
    )


def change_rows(found: Difference, zone: str) -> list[dict[str, Any]]:
    """The differences as rows: added, changed, removed."""
    return [
        {
            "id": str(_id(each)),
            "type": "site" if isinstance(_it(each), Site) else "object",
            "change": how,
            "how": f"{SIGNS[how]} {words_of(how)}",
            "name": _it(each).name,
            "what": what_changed(each) or _kind(_it(each)),
            "by": f"{_isolated(each.by)} · {moment(each.at, zone)}" if each.by else UNDEFINED,
        }
        for how, changes in found._asdict().items()
        for each in changes
    ]


def told(found: Difference) -> str:
    """How much is different, in one line."""
    if not any(found):
        return _("Nothing is different.")
    return " · ".join(
        [
            ngettext("{n} added", "{n} added", len(found.added)),
            ngettext("{n} changed", "{n} changed", len(found.changed)),
            ngettext("{n} removed", "{n} removed", len(found.removed)),
        ]
    )


def what_changed(change: Change) -> str:
    """The fields of an object that differ, with what they were and are; "" for one that was added or removed."""
    before, after = change.before, change.after
    if not isinstance(before, MapObject) or not isinstance(after, MapObject):
        return ""
    said = [_("Place or shape")] if change.moved else []
    for name in change.fields:
        label = {
            "kind": _("Kind"),
            "state": _("State"),
            "name": _("Name"),
            "note": _("Note"),
            "audience": _("Who sees it"),
        }[name]
        said.append(
            label
            if name == "note"
            else _(
                "{field}: {before} → {after}",
                field=label,
                before=_isolated(_value(before, name)),
                after=_isolated(_value(after, name)),
            )
        )
    return "; ".join(said)


def _value(of: MapObject, name: str) -> str:
    value = str(getattr(of, name))
    if name == "kind":
        return vocabulary.label("CL-MAPOBJECT", value, language())
    if name == "state":
        return vocabulary.label("CL-MAPSTATE", value, language())
    if name == "audience":
        everybody = value == Audience.PARTICIPANTS
        return _("All participating countries") if everybody else _("Those who coordinate")
    return value


def _it(change: Change) -> MapObject | Site:
    found = change.after or change.before
    if found is None:
        raise ValueError("A change concerns something.")
    return found


def _id(change: Change) -> UUID:
    it = _it(change)
    return it.object_id if isinstance(it, MapObject) else it.id


def _kind(it: MapObject | Site) -> str:
    if isinstance(it, Site):
        return vocabulary.label("CL-SITETYPE", it.site_type, language())
    return vocabulary.label("CL-MAPOBJECT", it.kind, language())


def drawn(found: Difference) -> list[dict[str, Any]]:
    """The differences for the map: `how`, the geometry now and before, and words for each."""
    return [
        {
            "id": str(_id(each)),
            "type": "site" if isinstance(_it(each), Site) else "object",
            "how": how,
            "before": _geometry(each.before) if how == "removed" or each.moved else None,
            "after": _geometry(each.after),
            "name": f"{SIGNS[how]} {words_of(how)}: {_it(each).name}",
            "note": what_changed(each) or _kind(_it(each)),
        }
        for how, changes in found._asdict().items()
        for each in changes
    ]


def _geometry(it: MapObject | Site | None) -> dict[str, Any] | None:
    if isinstance(it, Site):
        return {"type": "Point", "coordinates": [it.lon, it.lat]}
    return None if it is None else it.geometry


def legend() -> Component:
    """What the marks of changes mean: line, sign and word."""
    rows = [
        html.Li(
            [
                html.Span(SIGNS[how], className=f"change-key is-{how}", **{"aria-hidden": "true"}),
                words_of(how),
            ]
        )
        for how in SIGNS
    ]
    return html.Ul(
        rows, className="atlas-legend plan-changes-legend", hidden=True, **{"aria-label": _("Legend of the changes")}
    )


# ------------------------------------------------------------------------------------------------------- deleted


def deleted_list(objects: Sequence[MapObject], zone: str, mine: Sequence[UUID]) -> list[Component]:
    """What was taken off the map, the last first, by whom and when; `mine` can be brought back."""
    if not objects:
        return [html.P(_("Nothing was deleted."), className="m-dim m-small")]
    return [html.Ul([_deleted(each, zone, each.object_id in mine) for each in objects], className="plan-versions-all")]


def _deleted(each: MapObject, zone: str, may_restore: bool) -> Component:
    return html.Li(
        [
            html.Div(
                [
                    html.Strong(html.Bdi(each.name)),
                    html.Span(_kind(each), className="m-small m-dim"),
                    *(
                        [
                            button(
                                _("Restore"),
                                {"type": "plan-restore-deleted", "object": str(each.object_id)},
                                "plain",
                                "arrow-back-up",
                                n_clicks=0,
                                size="compact-xs",
                            )
                        ]
                        if may_restore
                        else []
                    ),
                ],
                className="plan-version-head",
            ),
            html.P(_who(each.author_name, each.made_at, zone), className="m-small m-dim"),
        ]
    )


def _who(name: str, at: datetime, zone: str) -> str:
    return _("Deleted by {name}, {moment}", name=_isolated(name), moment=moment(at, zone))
