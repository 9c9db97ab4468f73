"""Callbacks of the question forms: which form is shown, its current options, and its button."""

from typing import Any

from dash import Input, Output, State, no_update
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.policy import screen
from dashboard.parts import question_defaults as analysis_defaults
from dashboard.screens.analysis import question as analysis_question
from dashboard.screens.analysis.form import CHOICES, QUESTION, choices
from dashboard.screens.analysis.ids import Ids, fields_id
from dashboard.screens.analysis.question import FORMS, SITES, find_out_id
from dashboard.server.access import known_id, reading
from operations.core.people import Actor
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
    return [kind != chosen for kind in FORMS]


def _showing(kind: str, asked: str) -> Any:
    """Register the callback that shows the fields of one form that depend on the choice in the field `asked`."""
    form = FORMS[kind]
    wanted = {name: said.when[1] for name, said in form.said.items() if said.when and said.when[0] == asked}

    @screen(
        output=[Output(form.while_id(name), "hidden") for name in wanted],
        inputs={"chosen": Input(form.id(asked), "value")},
        act=Act.ANALYSIS_ASK,
        prevent_initial_call=True,
    )
    def show(chosen: str | None) -> list[bool]:
        """Hide the fields that do not apply to the choice."""
        return [chosen != value for value in wanted.values()]

    return show


show = {
    (kind, asked): _showing(kind, asked)
    for kind, form in FORMS.items()
    for asked in {said.when[0] for said in form.said.values() if said.when}
}
"""The callback for each field that other fields depend on."""

offer_choices = follows(choices, *CHOICES, act=Act.ANALYSIS_ASK, operation=OPERATION, of=QUESTION)


def _offering(kind: str) -> Any:
    """Register the callback that loads the known crossings into one form.

    It runs when the question is chosen and when the participating countries change.
    """
    fields = SITES[kind]
    options = analysis_defaults.closable_options if kind == AnalysisKind.ROUTES else analysis_defaults.site_options

    def offered(
        session: Session, operation: plan.Operation, _by: Actor, chosen: str, **values: list[str] | None
    ) -> Any:
        """Return the crossings of the participating countries, and those chosen already."""
        countries = plan.countries(session, operation.id) if chosen == kind else []
        found = tuple(options(countries, each or ()) if chosen == kind else no_update for each in values.values())
        return found if len(found) > 1 else found[0]

    def seen(session: Session, operation: plan.Operation, _by: Actor, chosen: str, **_values: Any) -> Any:
        return plan.countries(session, operation.id) if chosen == kind else None

    return follows(
        offered,
        *(Output(FORMS[kind].id(field), "data") for field in fields),
        act=Act.ANALYSIS_ASK,
        operation=OPERATION,
        unless=seen,
        on=fields_id(kind),
        of=QUESTION,
        chosen=Input(Ids.KIND, "value"),
        **{field: State(FORMS[kind].id(field), "value") for field in fields},
    )


offer = {kind: _offering(kind) for kind in SITES}
"""The callback that loads crossings, for each question about sites."""


def _asking(kind: str) -> Any:
    """Register the callback of one question's button."""
    form = FORMS[kind]

    @does(
        find_out_id(kind),
        act=Act.ANALYSIS_ASK,
        form=form,
        client=True,
        operation=OPERATION,
        shows=(Output(Ids.SHOWN, "data"),),
        counted="analyses",
        running=[(Output(find_out_id(kind), "loading"), True, False)],
    )
    def find_out(press: Press) -> Done:
        """Submit the question; the new analysis is shown at once, and its answer when the worker has it."""
        with reading() as session:
            operation = plan.operation(session, press.operation_id, press.by)
            require(press.by, Act.ANALYSIS_ASK, plan.subject(operation))
            of_layers = "layers" in form.said
            asked_of = analysis_question.chosen_layers(session, operation.id, press.typed) if of_layers else ()
            question = analysis_question.typed(kind, press.typed, session, operation.id)
        draft = AnalysisDraft(id=known_id(press.client), kind=kind, layer_versions=asked_of)
        made = analyses.ask(press.session, press.operation_id, draft, question, press.by)
        return Done(shown=(str(made.id),))

    return find_out


find_out = {kind: _asking(kind) for kind in FORMS}
"""The callback of each question's button."""
