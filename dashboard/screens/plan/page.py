"""Plan page: the operation's objects and sites on the map, drawn, typed, searched for and listed."""

from typing import Any
from uuid import UUID

from dash import ClientsideFunction, Input, Output, State, clientside_callback, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.map import scene
from dashboard.map.component import operation_map, scene_id, values_id, wire
from dashboard.map.packing import packed_scene, packed_values
from dashboard.map.rights import drawing_rights
from dashboard.parts import tags
from dashboard.parts.grid import whole
from dashboard.parts.icon import icon
from dashboard.parts.page_keys import declared_keys
from dashboard.places import PLAN
from dashboard.screens.plan import changes_view
from dashboard.screens.plan import panel as plan_panel
from dashboard.screens.plan import print_options as plan_print
from dashboard.screens.plan import rings as plan_around
from dashboard.screens.plan import versions as plan_versions
from dashboard.screens.plan.ids import SELECTED, Ids
from dashboard.screens.plan.keys import KEYS
from dashboard.server.access import actor, known_id, reading
from dashboard.server.pulse_socket import PULSE
from dashboard.wording import _
from operations.core.permissions import Act
from operations.policing.operation import plan

NAV = PLAN


wire(Ids.MAP)


def layout(operation_id: str = "", **_query: str) -> Component:
    """Return the page of one operation. Raises NotFound."""
    asking = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), asking)
        stage = scene.scene(session, operation, asking)
        values = scene.site_values(session, scene.frame(operation, asking), asking)
        invited = plan.countries(session, operation.id)
        versions = plan_versions.drawer(session, operation)
    features = stage["features"]
    draws, places_sites = drawing_rights(operation, asking)
    over = [
        plan_panel.search(),
        html.Div(className="atlas-hint", hidden=True, role="status", **{"data-hint": "true"}),
        plan_panel.toast(),
        changes_view.legend(),
        plan_around.remover(),
        plan_panel.tools(draws=draws, places_sites=places_sites),
    ]
    return page(
        _("Plan"),
        tags.Div(
            plan_panel.layers(features, invited, places_sites=places_sites),
            html.Div(
                operation_map(
                    Ids.MAP,
                    scene=stage,
                    drawing=bool(draws),
                    values=values,
                    operation_id=operation.id,
                    countries=invited,
                    legend=False,
                    label=_("Map of the plan"),
                    children=over,
                ),
                className="plan-map",
            ),
            html.Aside(
                [html.Div(id=Ids.DETAILS), html.Div(id=Ids.AROUND), html.Div(id=Ids.HISTORY)],
                className="plan-details",
                **{
                    "aria-label": _("Chosen object"),
                    "data-empty": _("Choose something on the map, in the list or in the table."),
                },
            ),
            html.Div(plan_panel.table(features), className="plan-table", id="plan-drawer"),
            versions,
            _tabs(len(features), plan_print.panel(operation, draws=draws)),
            *_stores(operation.id),
            className="plan",
            **{"data-plan": "true", "data-sheet": "", "data-form": "", **declared_keys(KEYS)},
        ),
        full=True,
    )


def _tabs(count: int, files: Component) -> Component:
    """Return the buttons that open panels: all of them on a narrow screen, table and versions on a wide one."""
    tabs = (
        ("layers", "stack-2", _("Layers"), None),
        ("details", "edit", _("Details"), None),
        ("table", "table", plan_panel.counted(count), Ids.TABLE_TAB),
        ("versions", "versions", _("Versions"), None),
    )
    named = [
        html.Button(
            [icon(symbol, size=16), html.Span(words, **({"id": identifier} if identifier else {}))],
            type="button",
            className=f"plan-tab is-{name}",
            **{"data-open": name, "aria-expanded": "false"},
        )
        for name, symbol, words, identifier in tabs
    ]
    return html.Div([*named, files], className="plan-tabs")


def _stores(operation_id: UUID) -> list[Component]:
    of_choice = (Ids.DRAFT, Ids.GEOMETRY, Ids.VERSION, Ids.UNDO, Ids.DONE, Ids.ASKED, Ids.ANSWERED)
    kept = [dcc.Store(id=store) for store in (*of_choice, "plan-draft-drawn", "plan-layers-drawn")]
    return [dcc.Store(id=Ids.OPERATION, data=str(operation_id)), *kept, *plan_around.stores()]


_WHOLE = whole(Ids.TABLE)


@screen(
    Output(scene_id(Ids.MAP), "data"),
    Output(values_id(Ids.MAP), "data"),
    Output(Ids.TABLE, "rowData"),
    Output(Ids.TABLE_TAB, "children"),
    Output("plan-list-operational", "children"),
    Output("plan-list-analysis", "children"),
    Input(PULSE, "data"),
    State(Ids.OPERATION, "data"),
    State(scene_id(Ids.MAP), "data"),
    State(_WHOLE.component_id, _WHOLE.component_property),
    act=Act.PLAN_READ,
    prevent_initial_call=True,
)
def refresh(_pulse: int, operation_id: str, shown: dict[str, Any] | None, whole_table: bool = False) -> tuple[Any, ...]:
    """Return what changed since it was shown. After new reports alone, geometry is not sent again."""
    asking = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), asking)
        stage = scene.scene(session, operation, asking)
        values = scene.site_values(session, scene.frame(operation, asking), asking)
    values, packed = packed_values(values), packed_scene(stage)
    if packed == shown:
        return no_update, values, no_update, no_update, no_update, no_update
    features = stage["features"]
    return (
        packed,
        values,
        plan_panel.rows(features if whole_table else features[: plan_panel.FIRST]),
        plan_panel.counted(len(features)),
        plan_panel.objects(features, "operational"),
        plan_panel.objects(features, "analysis"),
    )


@screen(
    Output(Ids.TABLE, "rowData", allow_duplicate=True),
    _WHOLE,
    State(Ids.OPERATION, "data"),
    act=Act.PLAN_READ,
    prevent_initial_call=True,
)
def all_rows(_wanted: bool | None, operation_id: str) -> list[dict[str, Any]]:
    """Return every row of the table, once it is opened."""
    asking = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), asking)
        return plan_panel.rows(scene.scene(session, operation, asking)["features"])


clientside_callback(
    ClientsideFunction("muster_map", "draft"),
    Output("plan-draft-drawn", "data"),
    Input(Ids.DRAFT, "data"),
    Input(Ids.GEOMETRY, "data"),
)
clientside_callback(ClientsideFunction("muster_map", "version"), Output(Ids.VERSION, "data"), Input(Ids.DRAFT, "data"))
clientside_callback(
    ClientsideFunction("muster_map", "layers"),
    Output("plan-layers-drawn", "data"),
    *[Input(f"plan-layers-{group}", "value") for group in ("events", "operational", "analysis")],
)
clientside_callback(
    ClientsideFunction("muster_map", "fromTable"), Input(Ids.TABLE, "selectedRows"), prevent_initial_call=True
)
clientside_callback(
    ClientsideFunction("muster_map", "answered"),
    Output(SELECTED, "data"),
    Input(Ids.ANSWERED, "data"),
    prevent_initial_call=True,
)
clientside_callback(ClientsideFunction("muster_map", "chosen"), Input(SELECTED, "data"), prevent_initial_call=True)
clientside_callback(ClientsideFunction("muster_map", "done"), Input(Ids.DONE, "data"), prevent_initial_call=True)
clientside_callback(
    ClientsideFunction("muster_map", "focusName"), Input(Ids.DETAILS, "children"), prevent_initial_call=True
)
