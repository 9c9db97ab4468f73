"""Callbacks of drawn objects on the plan page: select, type, save, delete, undo."""

from typing import Annotated, Any
from uuid import UUID

from dash import ALL, Input, Output, State, ctx, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows
from dashboard.frame.policy import screen
from dashboard.map.rights import drawing_rights
from dashboard.screens.plan import form as plan_form
from dashboard.screens.plan import typed_points
from dashboard.screens.plan.form import OBJECT, WRITINGS
from dashboard.screens.plan.ids import ASKED, CHOSEN, NOTHING, SELECTED, TOAST, Ids, chosen_object, toast
from dashboard.screens.plan.sites import candidate_panel, place_panel, site_panel
from dashboard.server.access import actor, known_id, reading
from dashboard.server.callback_validation import having
from dashboard.server.lazy_modules import reference, shapes
from dashboard.wording import _, sentence
from geodata.ground import formats
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import MapObjectKind
from operations.policing.map_plan import places
from operations.policing.operation import plan

Geometry = Annotated[dict[str, Any], having("type", "coordinates")]
"""A GeoJSON geometry (WGS 84), as the map sends it."""

PLACES = (*WRITINGS, "geometry")
"""The fields that say where an object stands."""


@screen(
    Output(Ids.DETAILS, "children"),
    Output(Ids.DRAFT, "data"),
    Output(Ids.GEOMETRY, "data"),
    Input(SELECTED, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.PLAN_READ,
    prevent_initial_call=True,
)
def show_chosen(chosen: dict[str, Any] | None, operation_id: str) -> tuple[Any, Any, Any]:
    """Return the form of the object that was clicked, found or just drawn; its draft, and its geometry for the map."""
    chosen = chosen or NOTHING
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        match chosen.get("type"):
            case "new":
                return _new_object(operation, chosen)
            case "object":
                return _object(session, operation, known_id(chosen.get("id")))
            case "site":
                return site_panel(session, operation, known_id(chosen.get("id"))), None, no_update
            case "candidate":
                wanted = str(chosen.get("ref")), str(chosen.get("country") or "")
                return candidate_panel(session, operation, *wanted), None, no_update
            case "typed":
                return typed_points.panel(operation, chosen), None, no_update
            case "place":
                return place_panel(session, operation, chosen), None, no_update
    return [], None, no_update


def _new_object(
    operation: plan.Operation, chosen: dict[str, Any]
) -> tuple[list[Component], dict[str, Any], dict[str, Any]]:
    draws, _sites = drawing_rights(operation, actor())
    geometry = chosen.get("geometry")
    if (
        not draws
        or chosen.get("kind") not in list(MapObjectKind)
        or not isinstance(geometry, dict)
        or not {"type", "coordinates"} <= geometry.keys()
    ):
        raise NotFound
    if chosen["kind"] == MapObjectKind.COORDINATION_UNIT:
        geometry = _on_land(geometry)
    draft = {"object_id": str(known_id(chosen.get("id"))), "supersedes_id": None, "editable": True, "fresh": True}
    form = plan_form.object_form({"kind": chosen["kind"]}, geometry, draft["object_id"], editable=True, fresh=True)
    return form, draft, geometry


def _on_land(geometry: dict[str, Any]) -> dict[str, Any]:
    """A point that was drawn at sea, in the nearest town instead: a unit stands in a building."""
    measured = shapes.measure(geometry)
    if measured.flaw or geometry["type"] != "Point" or measured.countries:
        return geometry
    town = reference.nearest_town(*geometry["coordinates"][:2])
    return {"type": "Point", "coordinates": [town.lon, town.lat]}


def _object(
    session: Session, operation: plan.Operation, object_id: UUID
) -> tuple[list[Component], dict[str, Any], dict[str, Any]]:
    newest, editable = _newest(session, operation, object_id)
    draft = {"object_id": str(object_id), "supersedes_id": str(newest.id), "editable": editable, "fresh": False}
    form = plan_form.object_form(newest, newest.geometry, object_id, editable=editable, fresh=False)
    own = plan.subject(operation, actor().country)
    if newest.kind == MapObjectKind.HOTSPOT and may(actor(), Act.SUPPORT_REQUEST, own):
        form.append(plan_form.ask_for_team(operation.id, object_id))
    return form, draft, newest.geometry


def _newest(session: Session, operation: plan.Operation, object_id: UUID) -> tuple[places.MapObject, bool]:
    """Return the newest version that the asker may see, and whether the asker may change it."""
    versions = places.history(session, object_id)
    if not versions or versions[0].operation_id != operation.id or versions[0].deleted:
        raise NotFound
    asking = actor()
    draws, _sites = drawing_rights(operation, asking)
    return versions[0], draws and versions[0].country == (asking.country if asking.national else None)


# ---------------------------------------------------------------------------------------------- where it stands


@screen(
    Output(plan_form.WRITTEN, "data"),
    *[Output(OBJECT.id(field), "value") for field in PLACES],
    Output("plan-measured", "children"),
    Output(OBJECT.id("geometry"), "error"),
    Output(OBJECT.id("geometry"), "readOnly"),
    Output(OBJECT.id("geometry"), "description"),
    Input(Ids.GEOMETRY, "data"),
    act=Act.PLAN_READ,
    prevent_initial_call=True,
)
def describe(geometry: Geometry) -> tuple[Any, ...]:
    """Return the map's shape in words: coordinates in every notation, its size, and why it cannot be saved."""
    return geometry, *plan_form.written(geometry)


@screen(
    Output(Ids.GEOMETRY, "data", allow_duplicate=True),
    *[Output(OBJECT.id(field), "error", allow_duplicate=True) for field in WRITINGS],
    Output(OBJECT.id("geometry"), "error", allow_duplicate=True),
    *[Input(OBJECT.id(field), "n_blur") for field in PLACES],
    *[State(OBJECT.id(field), "value") for field in PLACES],
    State(Ids.GEOMETRY, "data"),
    act=Act.PLAN_DRAW,
    prevent_initial_call=True,
)
def type_place(
    decimal_left: int | None,
    dms_left: int | None,
    mgrs_left: int | None,
    points_left: int | None,
    decimal: str | None,
    dms: str | None,
    mgrs: str | None,
    points: str | None,
    geometry: Geometry | None,
) -> tuple[Any, ...]:
    """Update map and other notations from a typed coordinate or list of points, or show the flaw at the field.

    A form that has just appeared also triggers this before its fields are filled: then nothing changes.
    """
    left, texts = (decimal_left, dms_left, mgrs_left, points_left), (decimal, dms, mgrs, points)
    place = next((k for k, name in enumerate(PLACES) if left[k] and ctx.triggered_id == OBJECT.id(name)), None)
    if place is None or not geometry:
        return no_update, *[no_update] * 4
    return typed(PLACES[place], texts[place] or "", geometry)


def typed(field: str, text: str, geometry: dict[str, Any]) -> tuple[Any, ...]:
    """Return the geometry of a text, and the error of each of the four fields. Unchanged text changes nothing."""
    try:
        moved = _typed_geometry(field, text, geometry)
    except RuleBroken as refused:
        return no_update, *[sentence(refused.flaws[0]) if name == field else no_update for name in PLACES]
    if moved is None:
        return no_update, *[no_update] * 4
    return moved, *["" if name != "geometry" else no_update for name in PLACES]


def _typed_geometry(field: str, text: str, written: dict[str, Any]) -> dict[str, Any] | None:
    """The geometry of a text that is not the one of `written`; else None. Raises RuleBroken where it is no position."""
    if text.strip() == _as_written(field, written) or (field == "geometry" and plan_form.parted(written)):
        return None
    try:
        if field == "geometry":
            return plan_form.corners_geometry(written["type"], text)
        position = formats.parse(text)
    except formats.CoordinateError as error:
        raise RuleBroken(field, error.template, **error.params) from None
    return {"type": "Point", "coordinates": [round(position.lon, 6), round(position.lat, 6)]}


def _as_written(field: str, geometry: dict[str, Any]) -> str:
    if field == "geometry":
        return plan_form.corners_text(geometry)
    if geometry["type"] != "Point":
        return ""
    lon, lat = geometry["coordinates"][:2]
    return formats.write(formats.Position(lat, lon), next(style for style in WRITINGS if style == field))


# ------------------------------------------------------------------------------------------------ saved, deleted


_ON_SCREEN = {"draft": State(Ids.DRAFT, "data"), "version": State(Ids.VERSION, "data"), **ASKED}


@does(
    "plan-save",
    act=Act.PLAN_DRAW,
    form=OBJECT,
    typed={**OBJECT.states(), **{name: State(OBJECT.id(name), "value") for name in PLACES}},
    operation=Ids.OPERATION,
    shows=(Output(Ids.DRAFT, "data"), TOAST, CHOSEN),
    given={**_ON_SCREEN, "geometry": State(Ids.GEOMETRY, "data"), "written": State(plan_form.WRITTEN, "data")},
)
def save(
    press: Press,
    draft: dict[str, Any] | None,
    version: str,
    geometry: dict[str, Any],
    written: Geometry,
    asked: int | None = None,
) -> Done:
    """Store the drawn object as a new version. On refusal the drawing stays on the map and in the form.

    A position that was typed a moment ago counts, also while the map still waits for the answer that moves it there:
    its text is not what the form was given of the geometry `written`.
    """
    if not draft:
        return Done()
    texts = [(name, text) for name in PLACES if (text := press.typed.get(name))]
    geometry = next((there for name, text in texts if (there := _typed_geometry(name, text, written))), geometry)
    of = {"object_id": draft["object_id"], "supersedes_id": draft["supersedes_id"]}
    made_from = OBJECT.draft(places.MapObjectDraft, press.typed, id=version, **of)
    made = places.draw(press.session, press.operation_id, made_from, shapes.measure(geometry), press.by)
    saved = {"object_id": str(made.object_id), "supersedes_id": str(made.id), "editable": True, "fresh": False}
    said = toast(_("Saved: {name}", name=made.name), None if made.version == 1 else made.object_id)
    chosen = {"type": "object" if draft.get("fresh") else "kept", "id": str(made.object_id), "asked": asked}
    return Done(shown=(saved, said, chosen))


@does("plan-delete", act=Act.PLAN_DRAW, shows=(CHOSEN, TOAST), given=_ON_SCREEN)
def delete(press: Press, draft: dict[str, Any] | None, version: str, asked: int | None = None) -> Done:
    """Remove the selected object from the map."""
    if not draft:
        return Done()
    gone = places.delete(press.session, known_id(draft["object_id"]), known_id(version), press.by)
    return Done(shown=({**NOTHING, "asked": asked}, toast(_("Deleted: {name}", name=gone.name), gone.object_id)))


@does(
    Input(Ids.UNDO, "data"),
    act=Act.PLAN_DRAW,
    shows=(CHOSEN, TOAST),
    given={"wish": State(Ids.UNDO, "data"), **ASKED},
)
def undo(
    press: Press, wish: Annotated[dict[str, str], having("object_id", "version_id")], asked: int | None = None
) -> Done:
    """Undo the last step on an object: a deletion, a move, or a change of its fields."""
    again = places.undo(press.session, known_id(wish["object_id"]), known_id(wish["version_id"]), press.by)
    chosen = {**NOTHING, "asked": asked} if again.deleted else chosen_object(again, asked)
    return Done(shown=(chosen, toast(_("Taken back: {name}", name=again.name))))


def _history(session: Session, operation: plan.Operation, _by: Actor, draft: dict[str, Any] | None) -> list[Component]:
    """Return the versions of the selected object."""
    if not draft or draft["fresh"]:
        return []
    versions = [
        each for each in places.history(session, known_id(draft["object_id"])) if each.operation_id == operation.id
    ]
    return plan_form.history_list(versions, operation.zone, editable=draft["editable"])


show_history = follows(
    _history, Ids.HISTORY, act=Act.PLAN_READ, operation=Ids.OPERATION, draft=Input(Ids.DRAFT, "data")
)


@does(
    {"type": "plan-restore", "version": ALL},
    act=Act.PLAN_DRAW,
    operation=Ids.OPERATION,
    shows=(CHOSEN, TOAST),
    given={"draft": State(Ids.DRAFT, "data"), **ASKED},
)
def bring_back(press: Press, draft: dict[str, Any] | None, asked: int | None = None) -> Done:
    """Make an earlier version of the selected object the newest again."""
    if not draft:
        return Done()
    versions = places.history(press.session, known_id(draft["object_id"]))
    old = next((each for each in versions if each.id == known_id(press.subject["version"])), None)
    if old is None:
        raise RuleBroken("", "This version is not there any more: reload the page.")
    of = {"object_id": old.object_id, "supersedes_id": draft["supersedes_id"]}
    again = OBJECT.draft(places.MapObjectDraft, OBJECT.shown(old), id=new_id(), **of)
    made = places.draw(press.session, press.operation_id, again, shapes.measure(old.geometry), press.by)
    return Done(shown=(chosen_object(made, asked), toast(_("Saved: {name}", name=made.name), made.object_id)))
