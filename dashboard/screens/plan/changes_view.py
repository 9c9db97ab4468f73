"""Diff of two versions of the plan: as rows, in words, and as marks on the map with their legend."""

from typing import Any
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.draft_fields import value_text as value_told
from dashboard.parts.grid import grid, text_column
from dashboard.wording import UNDEFINED, _, coded, moment, ngettext
from operations.core.field_labels import labels_of
from operations.policing.map_plan.changes import PlanChange, PlanDifference
from operations.policing.map_plan.places import MapObject, MapObjectDraft, Site, SiteDraft

SIGNS = {"added": "+", "changed": "≠", "removed": "−"}


def words_of(how: str) -> str:
    """Return the label of "added", "changed" or "removed"."""
    return {"added": _("Added"), "changed": _("Changed"), "removed": _("Removed")}[how]


def changes_grid(identifier: str) -> Component:
    """Return the table of differences."""
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


def change_rows(found: PlanDifference, zone: str) -> list[dict[str, Any]]:
    """Return the differences as rows: added, changed, removed."""
    return [
        {
            "id": str(_id(change)),
            "type": "site" if isinstance(_it(change), Site) else "object",
            "change": how,
            "how": f"{SIGNS[how]} {words_of(how)}",
            "name": _it(change).name,
            "what": what_changed(change) or kind_of(_it(change)),
            "by": f"\u2068{change.by}\u2069 · {moment(change.at, zone)}" if change.by else UNDEFINED,
        }
        for how, changes in found._asdict().items()
        for change in changes
    ]


def told(found: PlanDifference) -> str:
    """Return the number of differences in one line."""
    if not any(found):
        return _("Nothing is different.")
    return " · ".join(
        [
            ngettext("{n} added", "{n} added", len(found.added)),
            ngettext("{n} changed", "{n} changed", len(found.changed)),
            ngettext("{n} removed", "{n} removed", len(found.removed)),
        ]
    )


def what_changed(change: PlanChange) -> str:
    """The fields of an object or a site that differ, with what they were and are; "" for one added or removed."""
    before, after = change.before, change.after
    if before is None or after is None:
        return ""
    draft = SiteDraft if isinstance(after, Site) else MapObjectDraft
    said = labels_of(draft)

    def isolated(of: MapObject | Site, name: str) -> str:
        return f"\u2068{value_told(draft, name, getattr(of, name))}\u2069"

    def differs(name: str) -> str:
        field = _(said[name].label)
        if name == "note":
            return field
        words = {"before": isolated(before, name), "after": isolated(after, name)}
        return _("{field}: {before} → {after}", field=field, **words)

    return "; ".join([*([_("Place or shape")] if change.moved else []), *map(differs, change.fields)])


def _it(change: PlanChange) -> MapObject | Site:
    found = change.after or change.before
    if found is None:
        raise ValueError("A change concerns something.")
    return found


def _id(change: PlanChange) -> UUID:
    it = _it(change)
    return it.object_id if isinstance(it, MapObject) else it.id


def kind_of(it: MapObject | Site) -> str:
    """Return the label of the kind of an object or site."""
    if isinstance(it, Site):
        return coded("CL-SITETYPE", it.site_type)
    return coded("CL-MAPOBJECT", it.kind)


def drawn(found: PlanDifference) -> list[dict[str, Any]]:
    """Return the differences for the map: `how`, the geometries now and before, and a text for each."""
    return [
        {
            "id": str(_id(change)),
            "type": "site" if isinstance(_it(change), Site) else "object",
            "how": how,
            "before": _geometry(change.before) if how == "removed" or change.moved else None,
            "after": _geometry(change.after),
            "name": f"{SIGNS[how]} {words_of(how)}: {_it(change).name}",
            "note": what_changed(change) or kind_of(_it(change)),
        }
        for how, changes in found._asdict().items()
        for change in changes
    ]


def _geometry(it: MapObject | Site | None) -> dict[str, Any] | None:
    if isinstance(it, Site):
        return {"type": "Point", "coordinates": [it.lon, it.lat]}
    return None if it is None else it.geometry


def legend() -> Component:
    """Return the legend of the change marks: line, sign and word."""
    rows = [
        tags.Li(
            html.Span(SIGNS[how], className=f"change-key is-{how}", **{"aria-hidden": "true"}),
            words_of(how),
        )
        for how in SIGNS
    ]
    return html.Ul(
        rows, className="atlas-legend plan-changes-legend", hidden=True, **{"aria-label": _("Legend of the changes")}
    )
