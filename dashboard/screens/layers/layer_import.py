"""Callbacks of the layer import: a file is uploaded, its columns mapped, its source entered, and imported.

The file itself is sent to `dashboard.screens.layers.files`; the page holds a token for it, which only its owner can
use, in every process.
"""

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dash import ALL, Input, Output, State, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.policy import screen
from dashboard.parts import tags
from dashboard.parts.file_drop import file_place
from dashboard.screens.layers import findings as layer_findings
from dashboard.screens.layers import import_view as layer_import
from dashboard.screens.layers.files import OPENED
from dashboard.screens.layers.ids import Ids
from dashboard.screens.layers.import_view import DISCARD, IMPORT, LAYER, MAPPED, SAID, SWITCHES, Upload
from dashboard.server.access import actor, known_id, reading
from dashboard.server.gate import STREAMED
from dashboard.server.lazy_modules import events as packing
from dashboard.server.lazy_modules import table
from dashboard.settings import Settings
from dashboard.wording import _
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import RuleBroken
from operations.core.permissions import Act
from operations.core.stored_sentences import plain
from operations.policing.layers import imports as layer_imports
from operations.policing.layers import layers
from operations.policing.layers.imports import LayerDraft
from operations.policing.layers.layers import EventLayer
from operations.policing.operation import plan

if TYPE_CHECKING:
    from geodata.intake.mapping import Mapping


def place(operation_id: UUID) -> list[Component]:
    """Return the drop area, and the container for the steps of the import."""
    most = Settings().import_limit
    drop = layer_import.drop(Ids.UPLOAD, most)
    return [
        *file_place(drop, f"{STREAMED}{operation_id}", Ids.TOKEN, Ids.REFUSED, most, layer_import.too_large(most)),
        html.P(_("Reading the rows"), id=Ids.READING, className="layers-sending", role="status", hidden=True),
        html.Div(id=Ids.WORK, className="layers-work"),
    ]


WORKING = (Output(Ids.READING, "hidden"), False, True)
TOKEN = {"token": State(Ids.TOKEN, "data")}
LEFT = (Output(Ids.WORK, "children"), Output(Ids.TOKEN, "data"))
"""The outputs that are cleared once an import is finished or discarded."""


@screen(
    Output(Ids.WORK, "children"),
    Input(Ids.TOKEN, "data"),
    State(OPERATION, "data"),
    act=Act.LAYER_ADD,
    prevent_initial_call=True,
    running=[WORKING],
)
def open_file(token: str | None, operation_id: str) -> list[Component]:
    """Return what was read of a file, with the suggested mapping."""
    if not token:
        return []
    by, upload = actor(), OPENED.of(token)
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        country = by.country if by.national else None
        own = [each for each in layers.layers(session, operation.id) if each.country == country]
    return _work(upload, own, operation)


def _work(upload: Upload, replaceable: list[EventLayer], operation: plan.Operation) -> list[Component]:
    known = layer_import.recognised(upload.mapping)
    today = clock.now().date().isoformat()
    return [
        html.H2([_("Import"), " ", html.Bdi(upload.file)]),
        *([known] if known else []),
        tags.Div(
            html.Section(
                [html.H3(_("What the columns mean")), *layer_import.mapping_form(upload)], className="m-stack"
            ),
            html.Section(
                [html.H3(_("What the file then says")), html.Div(layer_findings.checked(upload), id=Ids.CHECKED)],
                className="m-stack",
            ),
            tags.Section(
                html.H3(_("Where it comes from")),
                *layer_import.provenance_form(upload, replaceable, operation.classification, today),
                layer_import.acts(),
                className="m-stack",
            ),
            className="layers-steps",
        ),
    ]


MAPPED_INPUTS = {name: (LAYER.id(name), "checked" if name in SWITCHES else "value") for name in MAPPED}


def _read_as(token: str | None, values: dict[str, Any]) -> Upload:
    """Return the file of a token, read with the mapping that is shown."""
    return OPENED.of(token, layer_import.mapping_of(values, OPENED.of(token).mapping))


@screen(
    output=Output(Ids.CHECKED, "children"),
    inputs={"values": {name: Input(*place) for name, place in MAPPED_INPUTS.items()}},
    state=dict(TOKEN),
    act=Act.LAYER_ADD,
    prevent_initial_call=True,
    running=[WORKING],
)
def remap(values: dict[str, Any], token: str | None) -> Any:
    """Read the file again with the mapping that is shown."""
    return layer_findings.checked(_read_as(token, values))


@does(
    {"type": "layers-offer", "finding": ALL, "offer": ALL},
    act=Act.LAYER_ADD,
    shows=tuple(Output(*place) for place in MAPPED_INPUTS.values()),
    given={**TOKEN, "values": {name: State(*place) for name, place in MAPPED_INPUTS.items()}},
    running=[WORKING],
)
def take_offer(press: Press, token: str | None, values: dict[str, Any]) -> Done:
    """Apply the remedy of a finding: put its mapping into the form, and read the file with it."""
    upload = _read_as(token, values)
    found = () if upload.layer is None else upload.layer.findings
    try:
        offered = found[press.subject["finding"]].offers[press.subject["offer"]]
    except IndexError:
        raise RuleBroken("", "The findings have changed. Check them again.") from None
    shown = layer_import.values_of(offered)
    return Done(shown=tuple(shown[name] for name in MAPPED_INPUTS))


@does(
    IMPORT,
    act=Act.LAYER_ADD,
    form=LAYER,
    typed=SAID,
    operation=OPERATION,
    shows=LEFT,
    given={
        **TOKEN,
        "version": LAYER.client_id_state(),
        "mapped": {name: State(*place) for name, place in MAPPED_INPUTS.items()},
    },
    running=[(Output(IMPORT, "loading"), True, False), WORKING],
)
def import_(press: Press, token: str | None, version: str, mapped: dict[str, Any]) -> Done:
    """Store the events of the file as a layer, with its provenance."""
    upload = _read_as(token, mapped)
    if upload.layer is None:
        raise _flaw_of(upload)
    content = packing.packed_of(upload.layer)
    draft = _draft(press.session, version, upload.mapping, press.typed)
    made = layer_imports.add(press.session, press.operation_id, draft, content, press.by)
    OPENED.drop(press.session, token)
    return Done(_("{name} is in the operation now.", name=made.name), shown=([], None))


@does(DISCARD, act=Act.LAYER_ADD, shows=LEFT, given=TOKEN)
def discard(press: Press, token: str | None) -> Done:
    """Delete the uploaded file."""
    OPENED.drop(press.session, token)
    return Done(shown=([], None))


def _flaw_of(upload: Upload) -> RuleBroken:
    """Return why a file cannot be imported with its mapping."""
    refused = upload.flaw or table.RefusedFile("The file cannot be read.")
    return RuleBroken("", refused.template, **refused.params)


def _draft(session: Session, client: str, wanted: "Mapping", said: dict[str, Any]) -> LayerDraft:
    """Return the draft of a layer from the form. Raises RuleBroken on the fields of the form."""
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
