"""Second map of the analysis page: another variant beside the one on the first map."""

from typing import Any

from dash import Input, Output, State, dcc, no_update

from dashboard.frame.operation_page import OPERATION
from dashboard.frame.policy import screen
from dashboard.map.answers import answer_id, wire_answers
from dashboard.map.component import operation_map, wire
from dashboard.map.scene import scene
from dashboard.screens.analysis import variants as analysis_variants
from dashboard.screens.analysis.ids import BESIDE_MAP, MAP, Ids
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _
from operations.core.permissions import Act
from operations.policing.operation import plan

ALONE, _BESIDE = "analysis-no-map", "analysis-map"
"""The class of the container, without and with the second map."""

wire(BESIDE_MAP)
wire_answers(BESIDE_MAP, Ids.EVENTS, analysis_variants.BESIDE, store=answer_id(MAP))


@screen(
    Output(Ids.BESIDE, "children"),
    Output(Ids.BESIDE, "className"),
    Input(analysis_variants.BESIDE, "value"),
    State(OPERATION, "data"),
    State(Ids.BESIDE, "className"),
    act=Act.ANALYSIS_READ,
    prevent_initial_call=True,
)
def show_beside(chosen: str | None, operation_id: str, before: str) -> tuple[Any, Any]:
    """Draw a second map as long as a variant is chosen for it."""
    if not chosen:
        return [], ALONE
    if before == _BESIDE:
        return no_update, no_update
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        stage = scene(session, operation, actor())
    drawn_there = dcc.Store(id=f"{answer_id(BESIDE_MAP)}-drawn")
    second = operation_map(
        BESIDE_MAP,
        scene=stage,
        operation_id=operation.id,
        legend=False,
        label=_("Map of what is beside it"),
        children=[drawn_there],
    )
    return second, _BESIDE
