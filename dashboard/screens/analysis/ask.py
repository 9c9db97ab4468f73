"""The question on the analysis page: which form is shown, and its button."""

from typing import Any

from dash import Input, Output, State, no_update

from dashboard.frame.policy import screen
from dashboard.map.rights import taking_part
from dashboard.parts import answer_basis as analysis_defaults
from dashboard.screens.analysis import question as analysis_question
from dashboard.screens.analysis.ids import Ids, fields_id
from dashboard.screens.analysis.question import FORMS, SITES, find_out_id
from dashboard.server.access import actor, known_id, reading, unit_of_work
from operations.core.ids import new_id
from operations.core.permissions import Act, require
from operations.core.vocabulary import AnalysisKind
from operations.policing import analyses
from operations.policing.analyses import AnalysisDraft
from operations.policing.operation import plan


@screen(
    *[Output(fields_id(kind), "hidden") for kind in FORMS],
    Input(Ids.KIND, "value"),
    act=Act.ANALYSIS_ASK,
    prevent_initial_call=True,
)
def ask_for(chosen: str) -> list[bool]:
    """Show the form of the chosen question."""
    return [kind.value != chosen for kind in FORMS]


def _showing(kind: AnalysisKind, asked: str) -> Any:
    """The callback that shows the fields of one form that are asked under a choice in the field `asked`."""
    form = FORMS[kind]
    wanted = {name: said.when[1] for name, said in form.said.items() if said.when and said.when[0] == asked}

    @screen(
        output=[Output(form.while_id(name), "hidden") for name in wanted],
        inputs={"chosen": Input(form.id(asked), "value")},
        act=Act.ANALYSIS_ASK,
        prevent_initial_call=True,
    )
    def show(chosen: str | None) -> list[bool]:
        """Hide what is not asked now."""
        return [chosen != value for value in wanted.values()]

    return show


show = {
    (kind, asked): _showing(kind, asked)
    for kind, form in FORMS.items()
    for asked in {said.when[0] for said in form.said.values() if said.when}
}
"""For each field that others are asked under, the function that shows them."""


def _offering(kind: AnalysisKind) -> Any:
    """The callback that brings the known crossings into one form, when its question is chosen."""
    fields = SITES[kind]
    options = analysis_defaults.closable_options if kind is AnalysisKind.ROUTES else analysis_defaults.site_options

    @screen(
        output=[Output(FORMS[kind].id(field), "data") for field in fields],
        inputs={"chosen": Input(Ids.KIND, "value")},
        state={
            "operation_id": State(Ids.OPERATION, "data"),
            "values": [State(FORMS[kind].id(field), "value") for field in fields],
        },
        act=Act.ANALYSIS_ASK,
        prevent_initial_call=True,
    )
    def offer(chosen: str, operation_id: str, values: list[list[str] | None]) -> list[Any]:
        """The crossings of the countries that take part, and those chosen already."""
        if chosen != kind:
            return [no_update] * len(fields)
        with reading() as session:
            countries = taking_part(session, plan.operation(session, known_id(operation_id), actor()).id)
        return [options(countries, each or ()) for each in values]

    return offer


offer = {kind: _offering(kind) for kind in SITES}
"""For each question about sites the function that brings them."""


def _asking(kind: AnalysisKind) -> Any:
    """The callback of one question's button."""
    form = FORMS[kind]

    @screen(
        output=[
            Output(Ids.SHOWN, "data", allow_duplicate=True),
            Output(form.id("client-id"), "data", allow_duplicate=True),
        ],
        inputs={"clicks": Input(find_out_id(kind), "n_clicks")},
        state={
            "operation_id": State(Ids.OPERATION, "data"),
            "client": form.client_id_state(),
            "values": form.inputs(),
        },
        act=Act.ANALYSIS_ASK,
        form=form,
        prevent_initial_call=True,
        running=[(Output(find_out_id(kind), "loading"), True, False)],
    )
    def find_out(clicks: int | None, operation_id: str, client: str, values: dict[str, Any]) -> Any:
        """Ask; the new analysis is shown at once, and its answer when it is there."""
        if not clicks:
            return [no_update, no_update]
        with reading() as session:
            operation = plan.operation(session, known_id(operation_id), actor())
            require(actor(), Act.ANALYSIS_ASK, plan.subject(operation))
            of_layers = "layers" in form.said
            asked_of = analysis_question.chosen_layers(session, operation.id, values) if of_layers else ()
            question = analysis_question.typed(kind, values, session, operation.id)
        with unit_of_work("analyses") as session:
            draft = AnalysisDraft(id=known_id(client), kind=kind, layer_versions=asked_of)
            made = analyses.ask(session, known_id(operation_id), draft, question, actor())
        return [str(made.id), str(new_id())]

    return find_out


find_out = {kind: _asking(kind) for kind in FORMS}
"""For each question the function behind its button."""
