"""Layers: what was brought into an operation, where it comes from, and the way to bring in more.

A file goes to the server once. What it holds waits there, under a token that is worth something to its owner only,
until it is imported or discarded.
"""

import base64
import binascii
from dataclasses import asdict, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.access import actor, known_id, reading, unit_of_work
from dashboard.components import layer_findings, layer_import, layer_list
from dashboard.components.analysis_answer import sources
from dashboard.components.grid import grid
from dashboard.components.layer_import import DISCARD, IMPORT, LAYER, MAPPED, MOST_BYTES, SAID, SWITCHES, Upload
from dashboard.components.panel import panel
from dashboard.later import later
from dashboard.live import PULSE
from dashboard.map.answers import answer_id, of_layers, stores, wire_answers
from dashboard.map.component import operation_map
from dashboard.navigation import Nav
from dashboard.policy import screen
from dashboard.refusals import say
from dashboard.shell import page
from dashboard.uploads import Uploads
from dashboard.wording import N_, _
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.sentences import plain
from operations.policing import layer_imports, layers, plan
from operations.policing.layer_imports import LayerDraft
from operations.policing.layers import EventLayer

if TYPE_CHECKING:
    from analyses import events as packing
    from geodata.intake import files, mapping, table
    from geodata.intake.mapping import Mapping
else:
    packing = later("analyses.events")
    files, mapping = later("geodata.intake.files"), later("geodata.intake.mapping")
    table = later("geodata.intake.table")

NAV = Nav(
    name=N_("Layers"),
    path_template="/operations/<operation_id>/layers",
    icon="stack-2",
    order=24,
    act=Act.LAYER_READ,
)
MAP = "layers-map"
EMPTY = {"type": "FeatureCollection", "features": []}

uploads: Uploads[Upload] = Uploads()
"""The files that are being brought in now, in this process."""


class Ids(StrEnum):
    """The elements of this page."""

    OPERATION = "layers-operation"
    GRID = "layers-grid"
    DETAILS = "layers-details"
    SOURCES = "layers-sources"
    UPLOAD = "layers-upload"
    TOKEN = "layers-token"  # noqa: S105 - the name of a store
    REFUSED = "layers-refused"
    WORK = "layers-work"
    CHECKED = "layers-checked"


wire_answers(MAP)


def layout(operation_id: str = "", **_query: str) -> Component:
    """The layers of one operation on a list and on the map."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        present, all_ = layers.layers(session, operation.id), _all(session, operation)
    adds = may(by, Act.LAYER_ADD, _subject(operation, by))
    return page(
        _("Layers"),
        dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
        dcc.Store(id=Ids.TOKEN),
        *stores(MAP, of_layers(operation.id, present)),
        *(_bringing_in() if adds else []),
        html.Div(
            grid(
                Ids.GRID,
                layer_list.columns(),
                layer_list.rows(all_),
                selection="single",
                export="layers",
                empty=_("No layer was brought in yet."),
            ),
            className="layers-grid",
        ),
        html.Div(
            [
                panel(
                    _("The layer"),
                    layer_list.details(None, (), operation.zone, may_change=False),
                    id=Ids.DETAILS,
                    class_name="layers-details",
                ),
                html.Section(
                    [
                        html.Div(
                            operation_map(MAP, scene=EMPTY, legend=False, label=_("Map of the layers")),
                            className="layers-map",
                        ),
                        html.Div(_printed(present), id=Ids.SOURCES, className="analysis-sources"),
                    ],
                    **{"aria-label": _("Map")},
                ),
            ],
            className="layers-below",
        ),
        lead=_("Events and totals from elsewhere. Source, licence, period and accuracy stay with every layer."),
        wide=True,
    )


def _bringing_in() -> list[Component]:
    too_large = too_large_words()
    return [
        html.Div(
            layer_import.drop(Ids.UPLOAD),
            className="layers-drop-place",
            **{"data-most": MOST_BYTES, "data-refuse": too_large},
        ),
        html.Div(id=Ids.REFUSED, role="alert", className="layers-refused"),
        html.Div(id=Ids.WORK, className="layers-work"),
    ]


def too_large_words() -> str:
    """Said of a file that is too large, here and in the browser, which does not send it."""
    return _("The file is larger than {most} MB. Divide it.", most=MOST_BYTES // 2**20)


def _subject(operation: plan.Operation, by: Actor) -> Any:
    return plan.subject(operation, by.country if by.national else None)


def _all(session: Session, operation: plan.Operation) -> list[EventLayer]:
    return [*layers.layers(session, operation.id), *layers.removed_layers(session, operation.id)]


def _printed(found: list[EventLayer]) -> list[Component]:
    return sources([layer_list.source(each) for each in found])


# ------------------------------------------------------------------------------------------------------ the list


@screen(
    Output(Ids.GRID, "rowData"),
    Output(Ids.DETAILS, "children"),
    Output(answer_id(MAP), "data"),
    Output(Ids.SOURCES, "children"),
    Input(PULSE, "data"),
    Input(Ids.GRID, "selectedRows"),
    State(Ids.OPERATION, "data"),
    State(Ids.GRID, "rowData"),
    State(answer_id(MAP), "data"),
    act=Act.LAYER_READ,
    prevent_initial_call=True,
)
def show(
    _pulse: int,
    chosen: list[dict[str, Any]] | None,
    operation_id: str,
    shown: list[dict[str, Any]] | None,
    drawn: dict[str, Any] | None,
) -> Any:
    """The list as it is now; the chosen layer, or all of them, on the map with their sources."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        all_ = _all(session, operation)
        layer = _newest_of(session, all_, chosen)
        versions = layers.history(session, layer.layer_id) if layer is not None else []
    on_map = [each for each in all_ if not each.removed and (layer is None or each.id == layer.id)]
    rows, stored = layer_list.rows(all_), of_layers(operation.id, on_map)
    mine = may(by, Act.LAYER_ADD, _subject(operation, by)) and layer is not None and layer.country == _country(by)
    return (
        no_update if rows == shown else rows,
        layer_list.details(layer, versions, operation.zone, may_change=mine),
        no_update if stored == drawn else stored,
        _printed(on_map),
    )


def _country(by: Actor) -> str | None:
    return by.country if by.national else None


def _newest_of(session: Session, all_: list[EventLayer], chosen: list[dict[str, Any]] | None) -> EventLayer | None:
    """The newest version of the layer whose row is chosen: its row may name one that was replaced meanwhile."""
    if not chosen:
        return None
    try:
        layer_id = layers.version(session, known_id(chosen[0].get("id"))).layer_id
    except NotFound:
        return None
    return next((each for each in all_ if each.layer_id == layer_id), None)


@screen(
    Output(layer_list.REMOVE, "loading"),
    Input(layer_list.REMOVE, "n_clicks"),
    State(Ids.GRID, "selectedRows"),
    act=Act.LAYER_ADD,
    prevent_initial_call=True,
)
def remove(clicks: int | None, chosen: list[dict[str, Any]] | None) -> Any:
    """Take the chosen layer away; it stays on record."""
    return _turn(clicks, chosen, layer_imports.remove, _("Removed. It can be restored from the list."))


@screen(
    Output(layer_list.RESTORE, "loading"),
    Input(layer_list.RESTORE, "n_clicks"),
    State(Ids.GRID, "selectedRows"),
    act=Act.LAYER_ADD,
    prevent_initial_call=True,
)
def restore(clicks: int | None, chosen: list[dict[str, Any]] | None) -> Any:
    """Bring the chosen layer back."""
    return _turn(clicks, chosen, layer_imports.restore, _("Restored."))


def _turn(clicks: int | None, chosen: list[dict[str, Any]] | None, verb: Any, done: str) -> Any:
    if not clicks or not chosen:
        return no_update
    with unit_of_work() as session:
        verb(session, layers.version(session, known_id(chosen[0].get("id"))).layer_id, new_id(), actor())
    say(done)
    return False


# ------------------------------------------------------------------------------------------------ bringing one in


@screen(
    Output(Ids.WORK, "children"),
    Output(Ids.TOKEN, "data"),
    Output(Ids.REFUSED, "children"),
    Output(Ids.UPLOAD, "contents"),
    Input(Ids.UPLOAD, "contents"),
    State(Ids.UPLOAD, "filename"),
    State(Ids.OPERATION, "data"),
    State(Ids.TOKEN, "data"),
    act=Act.LAYER_ADD,
    prevent_initial_call=True,
)
def read_file(contents: str | None, name: str | None, operation_id: str, before: str | None) -> Any:
    """Read a dropped file and propose what its columns mean; what cannot be read is refused in a sentence."""
    if not contents:
        return no_update, no_update, no_update, no_update
    by = actor()
    uploads.drop(by.account_id, before)
    try:
        upload = opened(_bytes_of(contents), name or "")
    except table.Refused as refused:
        return [], None, layer_findings.told(refused), None
    token = uploads.keep(by.account_id, upload)
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        own = [each for each in layers.layers(session, operation.id) if each.country == _country(by)]
    return _work(upload, own, operation), token, None, None


def _bytes_of(contents: str) -> bytes:
    """The bytes of a data URL. Raises Refused for what is too large or none."""
    _head, _comma, packed = contents.partition(",")
    if len(packed) > MOST_BYTES * 4 // 3 + 4:
        raise table.Refused("The file is larger than {most} MB. Divide it.", most=MOST_BYTES // 2**20)
    try:
        return base64.b64decode(packed, validate=True)
    except binascii.Error:
        raise table.Refused("The file did not arrive whole: choose it again.") from None


def opened(data: bytes, name: str) -> Upload:
    """A file as it waits to be imported, read with the mapping that its headings suggest. Raises Refused."""
    found = files.read(data, name)
    made = Upload(name, found, replace(mapping.proposed(found), source=None, note=None))
    made.read_as(made.mapping, clock.now().date())
    return made


def _work(upload: Upload, replaceable: list[EventLayer], operation: plan.Operation) -> list[Component]:
    known = layer_import.recognised(upload.mapping)
    today = clock.now().date().isoformat()
    return [
        html.H2([_("Import"), " ", html.Bdi(upload.file)]),
        *([known] if known else []),
        html.Div(
            [
                html.Section(
                    [html.H3(_("What the columns mean")), *layer_import.mapping_form(upload)], className="m-stack"
                ),
                html.Section(
                    [html.H3(_("What the file then says")), html.Div(layer_findings.checked(upload), id=Ids.CHECKED)],
                    className="m-stack",
                ),
                html.Section(
                    [
                        html.H3(_("Where it comes from")),
                        *layer_import.provenance_form(upload, replaceable, operation.classification, today),
                        layer_import.acts(),
                    ],
                    className="m-stack",
                ),
            ],
            className="layers-steps",
        ),
    ]


MAPPED_INPUTS = {name: (LAYER.id(name), "checked" if name in SWITCHES else "value") for name in MAPPED}


@screen(
    output=Output(Ids.CHECKED, "children"),
    inputs={"values": {name: Input(*place) for name, place in MAPPED_INPUTS.items()}},
    state={"token": State(Ids.TOKEN, "data")},
    act=Act.LAYER_ADD,
    prevent_initial_call=True,
)
def remap(values: dict[str, Any], token: str | None) -> Any:
    """Read the file again with the mapping that is shown."""
    upload = uploads.find(actor().account_id, token)
    upload.read_as(layer_import.mapping_of(values, upload.mapping), clock.now().date())
    return layer_findings.checked(upload)


@screen(
    output={name: Output(*place, allow_duplicate=True) for name, place in MAPPED_INPUTS.items()},
    inputs={"clicks": Input({"type": "layers-offer", "finding": ALL, "offer": ALL}, "n_clicks")},
    state={"token": State(Ids.TOKEN, "data")},
    act=Act.LAYER_ADD,
    prevent_initial_call=True,
)
def take_offer(clicks: list[int], token: str | None) -> dict[str, Any]:
    """Do what a finding offers: its mapping stands in the form then, and the file is read with it."""
    pressed = ctx.triggered_id
    if not any(clicks) or not isinstance(pressed, dict):
        return dict.fromkeys(MAPPED_INPUTS, no_update)
    upload = uploads.find(actor().account_id, token)
    found = () if upload.layer is None else upload.layer.findings
    try:
        return layer_import.values_of(found[pressed["finding"]].offers[pressed["offer"]])
    except IndexError:
        raise RuleBroken("", "This offer is out of date: look at the findings again.") from None


@screen(
    output=[
        Output(Ids.WORK, "children", allow_duplicate=True),
        Output(Ids.TOKEN, "data", allow_duplicate=True),
    ],
    inputs={"clicks": Input(IMPORT, "n_clicks")},
    state={
        "token": State(Ids.TOKEN, "data"),
        "operation_id": State(Ids.OPERATION, "data"),
        "client": LAYER.client_id_state(),
        "mapped": {name: State(*place) for name, place in MAPPED_INPUTS.items()},
        "said": {name: State(LAYER.id(name), "value") for name in SAID},
    },
    act=Act.LAYER_ADD,
    form=LAYER,
    prevent_initial_call=True,
    running=[(Output(IMPORT, "loading"), True, False)],
)
def import_(
    clicks: int | None, token: str | None, operation_id: str, client: str, mapped: dict[str, Any], said: dict[str, Any]
) -> Any:
    """Keep the events of the file as a layer, with all that was said of it."""
    if not clicks:
        return [no_update, no_update]
    by = actor()
    upload = uploads.find(by.account_id, token)
    upload.read_as(layer_import.mapping_of(mapped, upload.mapping), clock.now().date())
    if upload.layer is None:
        raise _flaw_of(upload)
    content = packing.packed(upload.layer)
    with unit_of_work() as session:
        draft = _draft(session, client, upload.mapping, said)
        made = layer_imports.add(session, known_id(operation_id), draft, content, by)
        name = made.name
    uploads.drop(by.account_id, token)
    say(_("{name} is in the operation now.", name=name))
    return [[], None]


def _flaw_of(upload: Upload) -> RuleBroken:
    """Why a file cannot be imported with its mapping."""
    refused = upload.flaw or table.Refused("The file cannot be read.")
    return RuleBroken("", refused.template, **refused.params)


def _draft(session: Session, client: str, wanted: "Mapping", said: dict[str, Any]) -> LayerDraft:
    """The draft of a layer out of what was typed. Raises RuleBroken on the fields of the form."""
    older = layers.version(session, known_id(said["replaces"])) if said.get("replaces") else None
    content = {name: value for name, value in said.items() if value not in (None, "") and name != "replaces"}
    if "accuracy_words" in content:
        content["accuracy"] = content.pop("accuracy_words")
    content |= {
        "id": known_id(client),
        "layer_id": known_id(client) if older is None else older.layer_id,
        "supersedes_id": None if older is None else older.id,
        "kind": layer_import.KINDS[wanted.nature.value],
        "mapping": {name: value for name, value in plain(asdict(wanted)).items() if value not in (None, "", [], False)},
    }
    try:
        return parse(LayerDraft, content)
    except RuleBroken as refused:
        backwards = str(said.get("period_to") or "9") < str(said.get("period_from") or "0")
        whole = "period_to" if backwards else "accuracy_words"
        raise RuleBroken.all(
            [
                replace(flaw, field=layer_import.field_name(flaw.field) if flaw.field else whole)
                for flaw in refused.flaws
            ]
        ) from None


@screen(
    Output(Ids.WORK, "children", allow_duplicate=True),
    Output(Ids.TOKEN, "data", allow_duplicate=True),
    Input(DISCARD, "n_clicks"),
    State(Ids.TOKEN, "data"),
    act=Act.LAYER_ADD,
    prevent_initial_call=True,
)
def discard(clicks: int | None, token: str | None) -> Any:
    """Forget the file."""
    if not clicks:
        return no_update, no_update
    uploads.drop(actor().account_id, token)
    return [], None
