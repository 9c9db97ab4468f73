"""Map files page: a file of another program is brought in, its names and kinds are mapped, and its shapes are drawn."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.button_press import Undo
from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.frame.undo import undoes
from dashboard.map import scene
from dashboard.map.component import operation_map, scene_id, wire
from dashboard.parts import tags
from dashboard.parts.file_drop import file_place
from dashboard.parts.form import Form, button, client_id, select_field
from dashboard.parts.icon import icon
from dashboard.parts.panel import panel
from dashboard.parts.table import table
from dashboard.places import MAP_FILES, PLAN
from dashboard.screens.map_files import content
from dashboard.screens.map_files.content import FORMS, LEFT_OUT, SHAPE_ALONE, Candidate, Choices, MapFile
from dashboard.server.access import actor, known_id, reading
from dashboard.server.gate import STREAMED
from dashboard.settings import Settings
from dashboard.wording import _, coded, ngettext, number, sentence
from operations.core import vocabulary
from operations.core.errors import Flaw
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.vocabulary import MapState
from operations.policing.map_plan import map_files
from operations.policing.map_plan.places import WHO, PlanAudience
from operations.policing.operation import plan

NAV = MAP_FILES
MAP = "map-files-map"
FILE = Form("map-files")
"""The form of the mapping: the columns, and what is true of all objects."""

TOKEN, WORK, GROUPS, PREVIEW, DRAW = (
    "map-files-token",
    "map-files-work",
    "map-files-groups",
    "map-files-preview",
    "map-files-draw",
)
SHOWN = 100
"""Objects and rows that the page lists; the map shows all."""

UNDO = "map_file"
_GROUP = "map-files-group"
_SAID = {name: State(FILE.id(name), "value") for name in ("names", "notes", "kinds", "state", "audience")}
_TOKEN = {"token": State(TOKEN, "data")}

wire(MAP)


def layout(operation_id: str = "", **_query: str) -> Component:
    """Return the place for a file, and for what is in it. Raises NotFound."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        require(by, Act.PLAN_DRAW, plan.subject(operation, by.country if by.national else None))
    most = Settings().import_limit
    drop = dcc.Upload(
        tags.Div(
            icon("file-import", 28),
            html.Strong(_("Drop a map file here, or choose it")),
            html.Span(
                _("KML, KMZ, GeoJSON, GPX, zipped shapefile, GeoPackage, Cursor on Target, TAK data package"),
                className="m-small m-dim",
            ),
            className="layers-drop",
        ),
        id="map-files-file",
        className="layers-upload",
        className_active="is-over",
    )
    too_large = _("The file is larger than {most} MB. Zip it, save it as CSV, or divide it.", most=most // 2**20)
    return page(
        _("Map files"),
        dcc.Store(id=TOKEN),
        *file_place(drop, f"{STREAMED}{operation.id}", TOKEN, "map-files-refused", most, too_large),
        html.Div(id=WORK, className="map-files-work"),
        lead=_("Shapes from other programs become objects of the plan: all of them, or none."),
        actions=[dcc.Link([icon("map-2", 16), _("Plan")], href=PLAN.href(operation.id))],
        wide=True,
    )


@screen(
    Output(WORK, "children"),
    Input(TOKEN, "data"),
    State(OPERATION, "data"),
    act=Act.PLAN_DRAW,
    prevent_initial_call=True,
)
def open_file(token: str | None, operation_id: str) -> Any:
    """Return what was read of a file, with the suggested mapping."""
    if not token:
        return no_update
    with reading() as session:
        file = content.opened(session, known_id(operation_id), token)
    choices = content.suggested(file)
    columns = [{"value": name, "label": name} for name in file.columns]
    alone = {"value": SHAPE_ALONE, "label": _("The shape alone")}
    keeps = {"clearable": False, "allowDeselect": False}
    states = [{"value": code, "label": coded("CL-MAPSTATE", code)} for code in vocabulary.codes("CL-MAPSTATE")]
    who = [{"value": code, "label": _(label)} for code, label in WHO.items()]
    return [
        client_id(FILE),
        panel(
            _("What the file holds"),
            html.H2(html.Bdi(file.name)),
            _told(file),
            html.Div(
                [
                    select_field(FILE, "names", _("Names from"), columns, value=choices.names),
                    select_field(FILE, "notes", _("Notes from"), columns, value=choices.notes),
                    select_field(FILE, "kinds", _("Kinds from"), [alone, *columns], value=choices.kinds, **keeps),
                    select_field(FILE, "state", _("State"), states, value=MapState.PLANNED.value, **keeps),
                    select_field(
                        FILE, "audience", _("Who sees it"), who, value=PlanAudience.PARTICIPANTS.value, **keeps
                    ),
                ],
                className="layers-pairs",
            ),
            html.Div(_groups(file, choices.kinds), id=GROUPS, className="m-stack"),
            class_name="map-files-file",
        ),
        panel(
            _("What it would be on the plan"),
            html.Div(
                operation_map(MAP, scene=_scene(()), legend=False, label=_("Map of the file")),
                className="layers-map",
            ),
            html.Div(id=PREVIEW, role="status", className="m-stack"),
            html.Div(button(_("Bring in"), DRAW, "primary", "file-import", disabled=True)),
        ),
    ]


def _told(file: MapFile) -> Component:
    """Return how many shapes were read, how the file was understood, and the rows that were left out."""
    out = list(content.left_out(file))
    many = file.table.refused_total + len(out) - len(file.table.refused)
    notes = [html.Li(sentence(Flaw("", note.template, note.params))) for note in file.table.notes]
    rows = [html.Li(_("Row {row}: {why}", row=row, why=why)) for row, why in out[:SHOWN]]
    return tags.Div(
        html.P(
            [
                html.Strong(ngettext("{n} shape was read", "{n} shapes were read", len(file.shapes))),
                " · ",
                ngettext("{n} row is left out", "{n} rows are left out", many),
            ]
        ),
        *([html.Ul(notes, className="layers-findings")] if notes else []),
        *([tags.Details(html.Summary(_("Why rows are left out")), html.Ul(rows))] if rows else []),
        className="m-stack",
    )


def _groups(file: MapFile, kinds: str | None) -> list[Component]:
    """Return a choice of kind for each group of shapes."""
    found = content.groups(file, kinds)
    if len(found) > content.GROUPS:
        return [html.P(_("This column holds {count} different texts. Choose another one.", count=number(len(found))))]
    leave = {"value": LEFT_OUT, "label": _("Leave out")}
    fields = []
    for key, count in found.items():
        form, _bar, text = key.partition("|")
        label = " · ".join(filter(None, (text, _(FORMS[form]), number(count))))
        fits = [{"value": kind.value, "label": coded("CL-MAPOBJECT", kind)} for kind in content.fitting(key)]
        fields.append(
            dmc.Select(
                id={"type": _GROUP, "of": key},
                label=html.Bdi(label),
                data=[*fits, leave],
                value=content.usual(key),
                allowDeselect=False,
            )
        )
    return [html.H3(_("What the shapes are")), html.Div(fields, className="layers-pairs")]


@screen(
    Output(GROUPS, "children"),
    Input(FILE.id("kinds"), "value"),
    State(TOKEN, "data"),
    State(OPERATION, "data"),
    act=Act.PLAN_DRAW,
    prevent_initial_call=True,
)
def regroup(kinds: str | None, token: str | None, operation_id: str) -> list[Component]:
    """Return the groups of another column."""
    with reading() as session:
        return _groups(content.opened(session, known_id(operation_id), token), kinds)


def _choices(said: dict[str, Any], kinds: Sequence[Any], keys: Sequence[dict[str, str]]) -> Choices:
    of_group = {key["of"]: str(kind) for key, kind in zip(keys, kinds, strict=True)}
    state, audience = MapState(said["state"]), PlanAudience(said["audience"])
    return Choices(said["names"], said["notes"], said["kinds"], of_group, state, audience)


_GIVEN = {"kinds": State({"type": _GROUP, "of": ALL}, "value"), "keys": State({"type": _GROUP, "of": ALL}, "id")}


@screen(
    output=[
        Output(scene_id(MAP), "data"),
        Output(PREVIEW, "children"),
        Output(DRAW, "children"),
        Output(DRAW, "disabled"),
    ],
    inputs={
        "said": {name: Input(FILE.id(name), "value") for name in _SAID},
        "kinds": Input({"type": _GROUP, "of": ALL}, "value"),
    },
    state={"keys": _GIVEN["keys"], **_TOKEN, "operation_id": State(OPERATION, "data")},
    act=Act.PLAN_DRAW,
)
def preview(
    said: dict[str, Any], kinds: list[Any], keys: list[dict[str, str]], token: str | None, operation_id: str
) -> tuple[Any, ...]:
    """Return the objects on the map and in a list, and how many can be brought in."""
    by, operation = actor(), known_id(operation_id)
    with reading() as session:
        found = _candidates(session, operation, token, _choices(said, kinds, keys), new_id(), by)
    good = [candidate for candidate in found if candidate.made is not None]
    words = ngettext("Bring in {n} object", "Bring in {n} objects", len(good))
    return _scene(found), _listed(found), words, not good


def _candidates(
    session: Session, operation_id: UUID, token: str | None, choices: Choices, import_id: UUID, by: Actor
) -> list[Candidate]:
    file = content.opened(session, operation_id, token)
    return content.candidates(session, operation_id, file, choices, import_id, by)


def _scene(found: Sequence[Candidate]) -> dict[str, Any]:
    """Return the objects as the map draws them; those with a flaw as closed ones."""
    features = [
        scene.preview(f"{place}", one.kind, one.name, "closed" if one.flaw else "planned", one.geometry)
        for place, one in enumerate(found)
        if one.geometry
    ]
    return {"type": "FeatureCollection", "features": features}


def _listed(found: Sequence[Candidate]) -> list[Component]:
    """Return the objects as a table, those with a flaw first."""
    bad = [one for one in found if one.flaw]
    parts: list[Component] = []
    if bad:
        told = ngettext("{n} object stays out", "{n} objects stay out", len(bad))
        parts = [html.P([icon("alert-triangle", 16), html.Strong(told)], className="map-files-flawed")]
    rows = [
        html.Tr(
            [
                html.Td(number(one.row), className="m-num"),
                html.Td(html.Bdi(one.name)),
                html.Td(coded("CL-MAPOBJECT", one.kind)),
                html.Td(one.flaw),
            ]
        )
        for one in sorted(found, key=lambda one: not one.flaw)[:SHOWN]
    ]
    heads = (_("Row"), _("Name"), _("Kind"), _("What is wrong"))
    return [*parts, *([table(heads, rows, "layers-preview", _("Objects of the file"))] if rows else [])]


@does(
    DRAW,
    act=Act.PLAN_DRAW,
    form=FILE,
    typed=_SAID,
    operation=OPERATION,
    shows=(Output(WORK, "children"), Output(TOKEN, "data")),
    given={**_TOKEN, **_GIVEN, "version": FILE.client_id_state()},
    running=[(Output(DRAW, "loading"), True, False)],
)
def bring_in(press: Press, token: str | None, kinds: list[Any], keys: list[dict[str, str]], version: str) -> Done:
    """Draw the objects of the file that nothing stands against, all or none."""
    import_id, choices = known_id(version), _choices(press.typed, kinds, keys)
    found = _candidates(press.session, press.operation_id, token, choices, import_id, press.by)
    made = [one.made for one in found if one.made is not None]
    count = map_files.add(press.session, press.operation_id, made, press.by)
    content.uploads.drop(press.session, known_id(token))
    done = ngettext("{n} object is on the plan.", "{n} objects are on the plan.", count)
    back = Undo(name=UNDO, of=str(import_id), operation=str(press.operation_id))
    told = html.P(back.beside(done), className="map-files-done", role="status")
    return Done(done, undo=back, shown=([told], None))


@undoes(UNDO)
def take_back(session: Session, by: Actor, undo: Undo) -> None:
    """Take the objects of a file off the plan again."""
    map_files.take_back(session, known_id(undo.of), by)
