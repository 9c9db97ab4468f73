"""Layers page: the imported layers of an operation, their sources, and their events on the map."""

from typing import Any

from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.operation_page import OPERATION, Parts, operation_page
from dashboard.map.answers import answer_id, of_layers, points_switch, stores, wire_answers, wire_points
from dashboard.map.component import operation_map
from dashboard.parts import tags
from dashboard.parts.answer import sources
from dashboard.parts.grid import grid
from dashboard.parts.panel import panel
from dashboard.places import LAYERS
from dashboard.screens.layers import files
from dashboard.screens.layers import layer_import as layers_import
from dashboard.screens.layers import list as layer_list
from dashboard.screens.layers.ids import Ids
from dashboard.server.access import known_id
from dashboard.wording import N_, _
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.layers import imports as layer_imports
from operations.policing.layers import layers
from operations.policing.layers.layers import EventLayer
from operations.policing.operation import plan

NAV = LAYERS
MAP = "layers-map"
EMPTY = {"type": "FeatureCollection", "features": []}

wire_answers(MAP)
wire_points(MAP)


@operation_page(
    NAV, N_("Events and totals from elsewhere. Source, licence, period and accuracy stay with every layer."), wide=True
)
def layout(session: Session, operation: plan.Operation, by: Actor) -> Parts:
    """Return the layers of one operation, as a list and on the map."""
    present, all_ = layers.layers(session, operation.id), _all(session, operation)
    adds, listing = may(by, Act.LAYER_ADD, _subject(operation, by)), layer_list.rows(all_)
    if adds:
        files.expect()
    return [
        dcc.Store(id=Ids.TOKEN),
        *stores(MAP, of_layers(operation.id, present)),
        *(layers_import.place(operation.id) if adds else []),
        html.Div(
            grid(
                Ids.GRID,
                listing.columns,
                listing.rows,
                selection="single",
                export="layers",
                empty=_("No layer was brought in yet."),
            ),
            className="layers-grid",
        ),
        tags.Div(
            panel(
                _("The layer"),
                layer_list.details(None, (), operation.zone, may_change=False),
                id=Ids.DETAILS,
                class_name="layers-details",
            ),
            tags.Section(
                html.Div(
                    operation_map(
                        MAP,
                        scene=EMPTY,
                        legend=False,
                        label=_("Map of the layers"),
                        children=[points_switch(MAP)],
                    ),
                    className="layers-map",
                ),
                followed(Ids.SOURCES, _printed(present), className="analysis-sources"),
                **{"aria-label": _("Map")},
            ),
            className="layers-below",
        ),
    ]


def _subject(operation: plan.Operation, by: Actor) -> Any:
    return plan.subject(operation, by.country if by.national else None)


def _all(session: Session, operation: plan.Operation) -> list[EventLayer]:
    return [*layers.layers(session, operation.id), *layers.removed_layers(session, operation.id)]


def _printed(found: list[EventLayer]) -> list[Component]:
    return sources([layer_list.source(each) for each in found])


# ------------------------------------------------------------------------------------------------------ the list


def contents(
    session: Session, operation: plan.Operation, by: Actor, chosen: list[dict[str, Any]] | None
) -> tuple[Any, ...]:
    """Return the current list, and the chosen layer (or all) on the map with its attribution."""
    all_ = _all(session, operation)
    layer = _newest_of(session, all_, chosen)
    versions = layers.history(session, layer.layer_id) if layer is not None else []
    on_map = [each for each in all_ if not each.removed and (layer is None or each.id == layer.id)]
    mine = may(by, Act.LAYER_ADD, _subject(operation, by)) and layer is not None and layer.country == _country(by)
    return (
        layer_list.rows(all_).rows,
        layer_list.details(layer, versions, operation.zone, may_change=mine),
        of_layers(operation.id, on_map),
        _printed(on_map),
    )


show = follows(
    contents,
    Output(Ids.GRID, "rowData"),
    Ids.DETAILS,
    Output(answer_id(MAP), "data"),
    Ids.SOURCES,
    act=Act.LAYER_READ,
    operation=OPERATION,
    chosen=Input(Ids.GRID, "selectedRows"),
)


def _country(by: Actor) -> str | None:
    return by.country if by.national else None


def _newest_of(session: Session, all_: list[EventLayer], chosen: list[dict[str, Any]] | None) -> EventLayer | None:
    """Return the newest version of the chosen layer: its row may name a version that was replaced meanwhile."""
    if not chosen:
        return None
    try:
        layer_id = layers.version(session, known_id(chosen[0].get("id"))).layer_id
    except NotFound:
        return None
    return next((each for each in all_ if each.layer_id == layer_id), None)


def _turned(press: Press, chosen: list[dict[str, Any]] | None, verb: Any, done: str) -> Done:
    """Run `verb` on the chosen layer; do nothing where none is chosen."""
    if not chosen:
        return Done()
    layer = layers.version(press.session, known_id(chosen[0].get("id"))).layer_id
    verb(press.session, layer, new_id(), press.by)
    return Done(done, shown=(False,))


_CHOSEN = {"chosen": State(Ids.GRID, "selectedRows")}


@does(layer_list.REMOVE, act=Act.LAYER_ADD, shows=(Output(layer_list.REMOVE, "loading"),), given=_CHOSEN)
def remove(press: Press, chosen: list[dict[str, Any]] | None) -> Done:
    """Remove the chosen layer; it stays on record."""
    return _turned(press, chosen, layer_imports.remove, _("Removed. It can be restored from the list."))


@does(layer_list.RESTORE, act=Act.LAYER_ADD, shows=(Output(layer_list.RESTORE, "loading"),), given=_CHOSEN)
def restore(press: Press, chosen: list[dict[str, Any]] | None) -> Done:
    """Restore the chosen layer."""
    return _turned(press, chosen, layer_imports.restore, _("Restored."))
