"""Form of a drawn object: its fields, its position, and its versions."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, text_area, text_field
from dashboard.parts.form_fields import drawing
from dashboard.parts.icon import icon
from dashboard.screens.plan.changes_view import what_changed
from dashboard.server.lazy_modules import shapes
from dashboard.wording import _, coded, moment, number, sentence
from geodata.ground import formats
from operations.core import vocabulary
from operations.core.errors import Flaw
from operations.policing.map_plan import changes as plan_changes
from operations.policing.map_plan import places
from operations.policing.map_plan.places import SHAPES, MapObjectDraft

OBJECT = DraftForm("plan-object", MapObjectDraft)
WRITINGS: tuple[formats.Style, ...] = ("decimal", "dms", "mgrs")
WRITTEN = "plan-written"
"""The geometry that the texts of a form were made from: a text that is another was typed."""


def head(kind: str, title: str | None = None) -> Component:
    """Return the top of a form: its subject, and the close button."""
    close = html.Button(
        icon("x", label=_("Close")), type="button", className="plan-close", title=_("Close"), **{"data-close": "true"}
    )
    words = [html.Span(kind, className="plan-kind")] + ([html.H2(html.Bdi(title))] if title else [])
    return html.Div([html.Div(words, className="m-grow"), close], className="plan-head")


def object_form(
    thing: Any, geometry: Mapping[str, Any], object_id: UUID | str, *, editable: bool, fresh: bool
) -> list[Component]:
    """Return the form of an object, or of a new one with its defaults; a new one's name has the focus."""
    kind, is_point = OBJECT.value("kind", thing), geometry["type"] == "Point"
    fits = [
        {"value": shape.value, "label": coded("CL-MAPOBJECT", shape)}
        for shape, types in SHAPES.items()
        if geometry["type"] in types
    ]
    draw = drawing(OBJECT, thing, choices={"kind": fits})
    off = {"disabled": not editable}
    fields = [
        html.Div(draw("name", **off), **({"data-focus": "true"} if fresh else {})),
        html.Div(draw("kind", "state", **off), className="plan-pair"),
        *draw("audience", **off),
        *draw("note", maxRows=6, **off),
        where(geometry, editable),
    ]
    acts = [*([_snapping()] if geometry["type"] == "LineString" else []), _actions(fresh, is_point)]
    locked = html.P(_("You can look at this object. Only who drew it can change it."), className="m-dim m-small")
    return [
        head(_("New: {kind}", kind=coded("CL-MAPOBJECT", kind)) if fresh else coded("CL-MAPOBJECT", kind)),
        html.Div(fields, className="plan-fields", **{"data-edit": "true", "data-subject": str(object_id)}),
        *(acts if editable else [locked]),
    ]


def ask_for_team(operation_id: UUID, hotspot_id: UUID) -> Component:
    """Return the link from a hotspot to a team request there."""
    return html.A(
        [icon("users-group", 16), _("Ask for a team here")],
        href=f"/operations/{operation_id}/teams?hotspot={hotspot_id}",
        className="m-link plan-ask",
    )


class WrittenShape(NamedTuple):
    """A shape in words: its position in each of the WRITINGS, its points, its size, its flaw, and whether and why its
    points are shown read-only: a list does not say which outline belongs to which part."""

    decimal: str
    dms: str
    mgrs: str
    points: str
    size: str
    flaw: str
    parted: bool
    why: str


def written(geometry: Mapping[str, Any]) -> WrittenShape:
    """Return a shape in words."""
    measured = shapes.measure(geometry)
    decimal = dms = mgrs = ""
    if geometry["type"] == "Point" and measured.flaw is None:
        lon, lat = geometry["coordinates"][:2]
        decimal, dms, mgrs = (formats.write(formats.Position(lat, lon), style) for style in WRITINGS)
    flaw = sentence(Flaw("geometry", measured.flaw.template, measured.flaw.params)) if measured.flaw else ""
    why = _("This shape has several parts: change its points on the map.") if parted(geometry) else ""
    told = "" if flaw else size(measured)
    return WrittenShape(decimal, dms, mgrs, corners_text(geometry), told, flaw, parted(geometry), why)


def where(geometry: Mapping[str, Any], editable: bool) -> Component:
    """Return the position in every notation. Each can be typed; the others and the map follow."""
    labels = {"decimal": _("Decimal degrees"), "dms": _("Degrees, minutes, seconds"), "mgrs": _("MGRS")}
    is_point, words = geometry["type"] == "Point", written(geometry)
    given = {"disabled": not editable, "className": "m-num"}
    points = [
        text_field(OBJECT, style, labels[style], value=value, **given)
        for style, value in zip(WRITINGS, words, strict=False)
    ]
    corners = text_area(
        OBJECT,
        "geometry",
        _("Points: latitude, longitude, one on a line"),
        value=words.points,
        error=words.flaw,
        readOnly=words.parted,
        description=words.why,
        autosize=True,
        minRows=3,
        maxRows=10,
        **given,
    )
    return tags.Div(
        html.Div(points, className="plan-writings", hidden=not is_point),
        html.Div(corners, className="is-point" if is_point else ""),
        html.P(words.size, id="plan-measured", className="m-small m-dim", role="status"),
        dcc.Store(id=WRITTEN, data=geometry),
        className="plan-where",
    )


SNAP, UNSNAP, SNAPPED = "plan-snap", "plan-unsnap", "plan-snapped"
"""The button that snaps a line onto roads and lanes, the one that undoes it, and the result."""


def _snapping() -> Component:
    """Return the snapping controls for a drawn line; the line as drawn is kept."""
    small = {"n_clicks": 0, "size": "xs"}
    follow = button(_("Follow roads and lanes"), id=SNAP, icon_name="route", **small)
    back = button(_("As it was drawn"), id=UNSNAP, kind="quiet", icon_name="arrow-back-up", **small)
    return tags.Div(
        html.Div([follow, html.Span(back, id=f"{UNSNAP}-place", hidden=True)], className="plan-snap"),
        html.P(id=f"{SNAPPED}-words", className="m-small m-dim", role="status"),
        dcc.Store(id=SNAPPED),
    )


def _actions(fresh: bool, is_point: bool) -> Component:
    move = button(_("Move as a whole"), icon_name="zoom-pan", **{"data-move": "true", "aria-pressed": "false"})
    delete = button(_("Delete"), id="plan-delete", kind="danger", icon_name="trash", **{"data-delete": "true"})
    return tags.Div(
        button(_("Save"), id="plan-save", kind="primary", icon_name="device-floppy", **{"data-save": "true"}),
        button(_("Discard"), kind="plain", **{"data-close": "true"}),
        *([] if is_point else [move]),
        *([] if fresh else [delete]),
        className="plan-actions",
    )


def corners_text(geometry: Mapping[str, Any]) -> str:
    """Return the points of a line or area, one per line, with an empty line between outlines."""
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return ""
    parts = {
        "LineString": lambda: [coordinates],
        "MultiPolygon": lambda: [ring for area in coordinates for ring in area],
    }
    lines = parts.get(kind, lambda: coordinates)()
    closed = "Polygon" in kind
    return "\n\n".join(
        "\n".join(f"{lat:.5f}, {lon:.5f}" for lon, lat in (line[:-1] if closed else line)) for line in lines
    )


def parted(geometry: Mapping[str, Any]) -> bool:
    """Return whether a shape has several parts, so that its points cannot be typed."""
    return str(geometry["type"]).startswith("Multi")


def corners_geometry(kind: str, text: str) -> dict[str, Any]:
    """Parse `corners_text` into a LineString or Polygon. Raises CoordinateError for a line that is no coordinate."""
    parts = [[_corner(line) for line in part.splitlines() if line.strip()] for part in text.strip().split("\n\n")]
    rings = [part for part in parts if part]
    if kind == "LineString":
        return {"type": kind, "coordinates": [corner for ring in rings for corner in ring]}
    return {"type": "Polygon", "coordinates": [ring if ring[0] == ring[-1] else [*ring, ring[0]] for ring in rings]}


def _corner(line: str) -> list[float]:
    position = formats.parse(line)
    return [round(position.lon, 6), round(position.lat, 6)]


def size(measured: "shapes.CheckedShape") -> str:
    """Return the size of a shape and the countries it meets, in words."""
    told = []
    if measured.area_km2:
        told.append(area_words(measured.area_km2))
    if measured.length_km:
        outline = number(measured.length_km, 0 if measured.length_km >= 100 else 1)
        told.append(_("outline {number} km", number=outline) if measured.area_km2 else _("{number} km", number=outline))
    told += [
        coded("CL-COUNTRY", iso3) if iso3 in vocabulary.codes("CL-COUNTRY") else iso3 for iso3 in measured.countries
    ] or [_("at sea")]
    return " · ".join(told)


def area_words(km2: float) -> str:
    """Return an area in words, from square kilometres."""
    return _("{number} km²", number=number(km2, 0 if km2 >= 100 else 1))


# ------------------------------------------------------------------------------------------------------- history


def history_list(versions: Sequence[places.MapObject], zone: str, *, editable: bool) -> list[Component]:
    """Return the versions of an object, newest first, with authors; an earlier one can be restored."""
    rows, steps = [], plan_changes.steps(versions)
    for k, version in enumerate(versions):
        done = _("Deleted") if version.deleted else _("Drawn") if version.version == 1 else _("Changed")
        state = coded("CL-MAPSTATE", version.state)
        back = html.Button(
            _("Bring back"),
            type="button",
            className="plan-link",
            title=_("Make this version the newest again"),
            id={"type": "plan-restore", "version": str(version.id)},
        )
        rows.append(
            tags.Li(
                html.Div(
                    [html.Strong(f"{version.version}. {done}"), html.Span([html.Bdi(version.name), f" · {state}"])]
                ),
                tags.Div(
                    html.Span(f"{version.author_name} · {moment(version.made_at, zone)}", className="m-small m-dim"),
                    *([back] if editable and k and not version.deleted else []),
                ),
                *([html.Div(html.Span(words))] if (words := _step(steps.get(version.id), version)) else []),
            )
        )
    return [html.Details([html.Summary(_("History")), html.Ol(rows)], className="plan-history")] if rows else []


def _step(change: plan_changes.PlanChange | None, version: places.MapObject) -> str:
    """Return what a version changed; "" where it changed nothing but the removal from the map."""
    return "" if change is None or version.deleted else what_changed(change)
