"""Map files page: a file of another program is brought in, its names and kinds are mapped, and its shapes are drawn."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dash import ALL, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.button_press import Undo
from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.policy import screen
from dashboard.frame.shell import page, page_link
from dashboard.frame.undo import undoes
from dashboard.map.component import scene_id, wire
from dashboard.parts import tags
from dashboard.parts.file_drop import file_place
from dashboard.parts.icon import icon
from dashboard.parts.panel import facts, panel
from dashboard.places import MAP_FILES, PLAN
from dashboard.screens.map_files import content, view
from dashboard.screens.map_files.content import Candidate, MapFileChoices
from dashboard.screens.map_files.view import DRAW, FILE, GROUP, GROUPS, MAP, PREVIEW, TOKEN, UNDO, WORK
from dashboard.server.access import actor, known_id, reading
from dashboard.server.gate import STREAMED
from dashboard.settings import Settings
from dashboard.wording import N_, _, ngettext
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.vocabulary import MapState
from operations.policing.layers import uploads
from operations.policing.map_plan import map_files
from operations.policing.map_plan.places import PlanAudience
from operations.policing.operation import plan

NAV = MAP_FILES
_SAID = {name: State(FILE.id(name), "value") for name in ("names", "notes", "kinds", "state", "audience")}
_STEPS = (
    N_("Say which words of the file name a shape, and what each kind becomes in the plan."),
    N_("Look at the shapes on the map. What is in the plan already is marked, and what cannot be drawn is named."),
    N_("Draw them. Until then nothing is in the plan, and one undo takes all of them back."),
)
_SOURCES = (
    ("Google Earth", N_("Right-click the folder, choose Save place as, and keep it as KMZ.")),
    ("QGIS, ArcGIS", N_("Export the layer as GeoPackage, GeoJSON or a zipped shapefile.")),
    ("ATAK, WinTAK", N_("Put the shapes into a data package, and save that as a file.")),
    (N_("GPS device"), N_("Connect it, and copy the GPX files from its folder.")),
)
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
            className="layers-drop map-files-drop",
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
        html.Div(
            [
                panel(_("What happens next"), html.Ol([html.Li(_(step)) for step in _STEPS])),
                panel(_("Where the file comes from"), facts((_(name), _(how)) for name, how in _SOURCES)),
            ],
            id=WORK,
            className="map-files-work",
        ),
        lead=_("Shapes from other programs become objects of the plan: all of them, or none."),
        actions=page_link(PLAN, by, operation),
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
    operation = known_id(operation_id)
    with reading() as session:
        file = content.opened(session, operation, token)
        found = content.candidates(session, operation, file, content.suggested(file), new_id(), actor())
    return view.work(file, found)


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
        return view.groups(content.opened(session, known_id(operation_id), token), kinds)


def _choices(said: dict[str, Any], kinds: Sequence[Any], keys: Sequence[dict[str, str]]) -> MapFileChoices:
    of_group = {key["of"]: str(kind) for key, kind in zip(keys, kinds, strict=True)}
    state, audience = MapState(said["state"]), PlanAudience(said["audience"])
    return MapFileChoices(said["names"], said["notes"], said["kinds"], of_group, state, audience)


_GIVEN = {"kinds": State({"type": GROUP, "of": ALL}, "value"), "keys": State({"type": GROUP, "of": ALL}, "id")}


@screen(
    output=[
        Output(scene_id(MAP), "data"),
        Output(PREVIEW, "children"),
        Output(DRAW, "children"),
        Output(DRAW, "disabled"),
    ],
    inputs={
        "said": {name: Input(FILE.id(name), "value") for name in _SAID},
        "kinds": Input({"type": GROUP, "of": ALL}, "value"),
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
    return view.scene_of(found), view.listed(found), words, not good


def _candidates(
    session: Session, operation_id: UUID, token: str | None, choices: MapFileChoices, import_id: UUID, by: Actor
) -> list[Candidate]:
    file = content.opened(session, operation_id, token)
    return content.candidates(session, operation_id, file, choices, import_id, by)


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
    uploads.drop(press.session, known_id(token))
    done = ngettext("{n} object is on the plan.", "{n} objects are on the plan.", count)
    back = Undo(name=UNDO, of=str(import_id), operation=str(press.operation_id))
    told = html.P(back.beside(done), className="map-files-done", role="status")
    return Done(done, undo=back, shown=([told], None))


@undoes(UNDO)
def take_back(session: Session, by: Actor, undo: Undo) -> None:
    """Take the objects of a file off the plan again."""
    map_files.take_back(session, known_id(undo.of), by)
