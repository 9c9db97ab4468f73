"""Assignment: which team goes where, proposed beside the plan in force; locked, improved and accepted by people.

A proposal stands at once: insertion takes well under a second. "Improve" asks a worker, which tells how far it is; what
was decided meanwhile asks anew.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.refusals import Kind, say
from dashboard.screens.assignment import form as assignment_form
from dashboard.screens.assignment import view as assignment_view
from dashboard.screens.assignment.form import FORM, IMPROVE, NUMBERS, RELEASE, SWITCHES
from dashboard.screens.assignment.proposal import (
    ADOPT,
    RESUME,
    STOP,
    accepted,
    answer_of,
    ground_of,
    mark,
    progress_of,
    waiting,
    written,
)
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.live import PULSE
from dashboard.wording import N_, _, ngettext
from operations.analyses.questions import AssignmentQuestion
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.permissions import Act, may
from operations.core.vocabulary import AnalysisKind
from operations.policing import analyses
from operations.policing.analyses import Analysis, AnalysisDraft
from operations.policing.operation import plan

NAV = Nav(
    name=N_("Assign"),
    path_template="/operations/<operation_id>/assignment",
    icon="switch-horizontal",
    order=27,
    act=Act.ANALYSIS_ASK,
)


class Ids(StrEnum):
    """The elements of this page."""

    OPERATION = "assignment-operation"
    QUESTION = "assignment-question"
    SHOWN = "assignment-shown"
    MARK = "assignment-mark"
    TICKS = "assignment-ticks"
    DECIDED = "assignment-decided"
    HEAD = "assignment-head"
    PROGRESS = "assignment-progress"
    ANSWER = "assignment-answer"


LOCK, OUT = "assignment-lock", "assignment-out"


def layout(operation_id: str = "", **_query: str) -> Component:
    """The page of one operation; it goes on with the newest question that was asked of it."""
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        asked = next(iter(analyses.analyses(session, operation.id, 1, [AnalysisKind.ASSIGNMENT])), None)
        question = AssignmentQuestion() if asked is None else AssignmentQuestion.model_validate(asked.question)
        parts = written(session, operation, question, asked)
        stamp = mark(session, operation.id, question, asked)
        may_ask = may(by, Act.ANALYSIS_ASK, plan.subject(operation))
    return page(
        _("Assignment"),
        html.Div(
            [
                dcc.Store(id=Ids.OPERATION, data=str(operation.id)),
                dcc.Store(id=Ids.QUESTION, data=question.model_dump(mode="json")),
                dcc.Store(id=Ids.SHOWN, data=None if asked is None else str(asked.id)),
                dcc.Store(id=Ids.MARK, data=stamp),
                dcc.Interval(id=Ids.TICKS, interval=1000, disabled=asked is None or asked.ended),
                html.Aside(
                    [
                        *assignment_form.fields(question, may_ask=may_ask),
                        html.Div(parts["decided"], id=Ids.DECIDED, className="assign-decided"),
                    ],
                    className="analysis-ask",
                    **{"aria-label": _("The question")},
                ),
                html.Section(
                    [
                        html.Div(parts["head"], id=Ids.HEAD),
                        html.Div(progress_of(asked), id=Ids.PROGRESS),
                        html.Div(parts["answer"], id=Ids.ANSWER, className="assign-answer"),
                    ],
                    className="analysis-answer",
                    **{"aria-label": _("The proposal")},
                ),
            ],
            className="analysis",
        ),
        full=True,
    )


@screen(
    output={
        "decided": Output(Ids.DECIDED, "children"),
        "head": Output(Ids.HEAD, "children"),
        "answer": Output(Ids.ANSWER, "children"),
        "progress": Output(Ids.PROGRESS, "children"),
        "still": Output(Ids.TICKS, "disabled"),
        "mark": Output(Ids.MARK, "data"),
    },
    inputs={
        "content": Input(Ids.QUESTION, "data"),
        "shown": Input(Ids.SHOWN, "data"),
        "_pulse": Input(PULSE, "data"),
        "_ticks": Input(Ids.TICKS, "n_intervals"),
    },
    state={"operation_id": State(Ids.OPERATION, "data"), "before": State(Ids.MARK, "data")},
    act=NAV.act,
    prevent_initial_call=True,
)
def refresh(
    content: dict[str, Any], shown: str | None, _pulse: int, _ticks: int | None, operation_id: str, before: str
) -> dict[str, Any]:
    """How far it is; and the proposal anew where the question, its answer or the needs are others."""
    question = assignment_form.checked(content)
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        asked = _named(session, operation.id, shown) if shown else None
        now_marked = mark(session, operation.id, question, asked)
        parts = (
            dict.fromkeys(("decided", "head", "answer"), no_update)
            if now_marked == before
            else written(session, operation, question, asked)
        )
    return {
        **parts,
        "progress": progress_of(asked),
        "still": asked is None or asked.ended,
        "mark": now_marked,
    }


def _named(session: Session, operation_id: UUID, text: str | None) -> Analysis:
    found = analyses.analysis(session, known_id(text))
    if found.operation_id != operation_id or found.kind != AnalysisKind.ASSIGNMENT:
        raise NotFound
    return found


# -------------------------------------------------------------------------------------------------- what is decided


@screen(
    output=[Output(Ids.QUESTION, "data"), Output(Ids.SHOWN, "data")],
    inputs={
        "values": {
            **{name: Input(FORM.id(name), "checked") for name in SWITCHES},
            **{name: Input(FORM.id(name), "value") for name in NUMBERS},
        },
        "_locks": Input({"type": LOCK, "need": ALL, "team": ALL}, "n_clicks"),
        "_outs": Input({"type": OUT, "need": ALL, "team": ALL}, "n_clicks"),
        "_release": Input({"type": RELEASE, "all": ALL}, "n_clicks"),
    },
    state={"content": State(Ids.QUESTION, "data")},
    act=NAV.act,
    form=FORM,
    prevent_initial_call=True,
)
def decide(
    values: dict[str, Any], _locks: list[int], _outs: list[int], _release: list[int], content: dict[str, Any]
) -> Any:
    """Ask anew with what was decided or typed; nothing where all is as before."""
    before = assignment_form.checked(content)
    question = assignment_form.typed(before, values)
    pressed = ctx.triggered_id
    if isinstance(pressed, dict) and ctx.triggered and ctx.triggered[0]["value"]:
        if pressed["type"] == LOCK:
            question = assignment_form.with_lock(question, pressed["need"], pressed["team"])
        elif pressed["type"] == OUT:
            question = assignment_form.without(question, pressed["need"], pressed["team"])
        else:
            question = assignment_form.released(question)
    if question == before:
        return [no_update, no_update]
    return [question.model_dump(mode="json"), None]


@screen(
    output=[
        Output(Ids.SHOWN, "data", allow_duplicate=True),
        Output(FORM.id("client-id"), "data", allow_duplicate=True),
    ],
    inputs={"clicks": Input(IMPROVE, "n_clicks")},
    state={
        "operation_id": State(Ids.OPERATION, "data"),
        "client": FORM.client_id_state(),
        "content": State(Ids.QUESTION, "data"),
    },
    act=Act.ANALYSIS_ASK,
    prevent_initial_call=True,
    running=[(Output(IMPROVE, "loading"), True, False)],
)
def improve(clicks: int | None, operation_id: str, client: str, content: dict[str, Any]) -> Any:
    """Ask a worker to look for a better proposal."""
    if not clicks:
        return [no_update, no_update]
    question = assignment_form.checked(content)
    draft = AnalysisDraft(id=known_id(client), kind=AnalysisKind.ASSIGNMENT)
    with unit_of_work("analyses") as session:
        made = analyses.ask(session, known_id(operation_id), draft, question, actor())
    return [str(made.id), str(new_id())]


@screen(
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(STOP, "n_clicks"),
    State(Ids.SHOWN, "data"),
    act=Act.ANALYSIS_ASK,
    prevent_initial_call=True,
)
def stop(clicks: int | None, shown: str) -> Any:
    """Stop the worker; the best so far is kept."""
    if not clicks:
        return no_update
    with unit_of_work() as session:
        analyses.cancel(session, known_id(shown), actor())
    return shown


@screen(
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(RESUME, "n_clicks"),
    State(Ids.SHOWN, "data"),
    act=Act.ANALYSIS_ASK,
    prevent_initial_call=True,
)
def resume(clicks: int | None, shown: str) -> Any:
    """Go on from the best that was found."""
    if not clicks:
        return no_update
    with unit_of_work("analyses") as session:
        return str(analyses.resume(session, known_id(shown), new_id(), actor()).id)


# ------------------------------------------------------------------------------------------------- what is accepted


@screen(
    Output(Ids.SHOWN, "data", allow_duplicate=True),
    Input(ADOPT, "n_clicks"),
    State(Ids.OPERATION, "data"),
    State(Ids.QUESTION, "data"),
    State(Ids.SHOWN, "data"),
    act=Act.SUPPORT_ACCEPT,
    prevent_initial_call=True,
    running=[(Output(ADOPT, "loading"), True, False)],
)
def adopt(clicks: int | None, operation_id: str, content: dict[str, Any], shown: str | None) -> Any:
    """Accept the offers that the proposal takes, all in one; those that need a reason are left to the coordinator."""
    if not clicks:
        return no_update
    question = assignment_form.checked(content)
    with unit_of_work() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        asked = _named(session, operation.id, shown) if shown else None
        ground = ground_of(session, operation, question)
        rows = assignment_view.rows_of(ground, answer_of(session, question, asked, ground)["figures"])
        chosen = [(row, found) for row in rows if (found := waiting(ground, row)) is not None]
        taken = [row for row, found in chosen if accepted(session, found)]
    say(
        ngettext(
            "{n} team is accepted: give its order under Teams.",
            "{n} teams are accepted: give their orders under Teams.",
            len(taken),
        )
    )
    left = [ground.labels[row.proposed] for row, _found in chosen if row not in taken]
    if left:
        say(
            _("Something speaks against {teams}: accept under Teams, with a reason.", teams=", ".join(left)),
            Kind.NOTE,
        )
    return shown
