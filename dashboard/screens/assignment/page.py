"""Assignment page: a proposal of which team goes where, beside the plan in force; people lock, improve and accept it.

The first proposal is immediate: insertion takes well under a second. "Improve" starts a worker and shows its progress;
a decision made meanwhile starts a new question.
"""

from enum import StrEnum
from typing import Any

from dash import ALL, Input, Output, State, dcc, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.places import ASSIGNMENT
from dashboard.screens.assignment import form as assignment_form
from dashboard.screens.assignment import view as assignment_view
from dashboard.screens.assignment.form import FORM, IMPROVE, RELEASE
from dashboard.screens.assignment.proposal import (
    ADOPT,
    RESUME,
    STOP,
    accepted,
    answer_of,
    ground_of,
    mark,
    progress_of,
    travel,
    waiting,
    written,
)
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, joined, ngettext
from operations.analyses.questions import AssignmentQuestion
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import AnalysisKind
from operations.policing import analyses
from operations.policing.analyses import Analysis, AnalysisDraft
from operations.policing.operation import plan

NAV = ASSIGNMENT


class Ids(StrEnum):
    """Element ids of this page."""

    QUESTION = "assignment-question"
    SHOWN = "assignment-shown"
    TICKS = "assignment-ticks"
    DECIDED = "assignment-decided"
    HEAD = "assignment-head"
    PROGRESS = "assignment-progress"
    ANSWER = "assignment-answer"


LOCK, OUT = "assignment-lock", "assignment-out"


def layout(operation_id: str = "", **_query: str) -> Component:
    """Return the page of one operation; it resumes the newest question that was asked of it."""
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
        tags.Div(
            dcc.Store(id=Ids.QUESTION, data=question.model_dump(mode="json")),
            dcc.Store(id=Ids.SHOWN, data=None if asked is None else str(asked.id)),
            dcc.Interval(id=Ids.TICKS, interval=2000, disabled=asked is None or asked.ended),
            tags.Aside(
                *assignment_form.fields(question, may_ask=may_ask),
                followed(Ids.DECIDED, parts[0], stamp, className="assign-decided"),
                className="analysis-ask",
                **{"aria-label": _("The question")},
            ),
            tags.Section(
                followed(Ids.HEAD, parts[1], stamp),
                followed(Ids.PROGRESS, progress_of(asked)),
                followed(Ids.ANSWER, parts[2], stamp, className="assign-answer"),
                className="analysis-answer",
                **{"aria-label": _("The proposal")},
            ),
            className="analysis",
        ),
        full=True,
    )


# -------------------------------------------------------------------------------------------------- what is shown


def _asked(session: Session, operation: plan.Operation, shown: str | None) -> Analysis | None:
    """Return the analysis that is shown. Raises NotFound where it does not belong to this page."""
    if not shown:
        return None
    found = analyses.analysis(session, known_id(shown))
    if found.operation_id != operation.id or found.kind != AnalysisKind.ASSIGNMENT:
        raise NotFound
    return found


def proposal(
    session: Session, operation: plan.Operation, _by: Actor, content: dict[str, Any], shown: str | None, _ticks: Any
) -> tuple[Any, ...]:
    """Return the decisions, the head and the proposal."""
    return written(session, operation, assignment_form.checked(content), _asked(session, operation, shown))


def state(
    session: Session, operation: plan.Operation, _by: Actor, content: dict[str, Any], shown: str | None, _ticks: Any
) -> str:
    """Return a marker that changes with the question, its answer or the needs."""
    return mark(session, operation.id, assignment_form.checked(content), _asked(session, operation, shown))


def progress(
    session: Session, operation: plan.Operation, _by: Actor, shown: str | None, _ticks: Any
) -> tuple[list[Component], bool]:
    """Return the worker's progress, and whether polling can stop."""
    asked = _asked(session, operation, shown)
    return progress_of(asked), asked is None or asked.ended


_shown = Input(Ids.SHOWN, "data")
refresh = follows(
    proposal,
    Ids.DECIDED,
    Ids.HEAD,
    Ids.ANSWER,
    act=NAV.act,
    operation=OPERATION,
    unless=state,
    content=Input(Ids.QUESTION, "data"),
    shown=_shown,
    _ticks=Input(Ids.TICKS, "disabled"),  # the worker is done
)
refresh_progress = follows(
    progress,
    Ids.PROGRESS,
    Output(Ids.TICKS, "disabled"),
    act=NAV.act,
    operation=OPERATION,
    shown=_shown,
    _ticks=Input(Ids.TICKS, "n_intervals"),
)

# -------------------------------------------------------------------------------------------------- what is decided

_ASKED_ANEW = (Output(Ids.QUESTION, "data"), Output(Ids.SHOWN, "data"))
_CONTENT = {"content": State(Ids.QUESTION, "data")}


@screen(
    output=list(_ASKED_ANEW),
    inputs={
        "values": {name: Input(each.component_id, each.component_property) for name, each in FORM.states().items()}
    },
    state={"content": State(Ids.QUESTION, "data")},
    act=NAV.act,
    form=FORM,
    prevent_initial_call=True,
)
def change(values: dict[str, Any], content: dict[str, Any]) -> Any:
    """Ask anew with the typed values; do nothing where they have not changed."""
    before = assignment_form.checked(content)
    question = assignment_form.typed(before, values)
    return [no_update, no_update] if question == before else [question.model_dump(mode="json"), None]


@does(
    {"type": LOCK, "need": ALL, "team": ALL},
    {"type": OUT, "need": ALL, "team": ALL},
    {"type": RELEASE, "all": ALL},
    act=NAV.act,
    shows=_ASKED_ANEW,
    given=_CONTENT,
)
def decide(press: Press, content: dict[str, Any]) -> Done:
    """Lock a team for a need, rule it out, or clear all decisions; pressing lock or rule out again takes it back."""
    question = assignment_form.checked(content)
    match press.subject:
        case {"type": "assignment-lock", "need": need, "team": team}:
            question = assignment_form.with_lock(question, need, team)
        case {"type": "assignment-out", "need": need, "team": team}:
            question = assignment_form.without(question, need, team)
        case _:
            question = assignment_form.released(question)
    return Done(shown=(question.model_dump(mode="json"), None))


_SHOWN = (Output(Ids.SHOWN, "data"),)


@does(
    IMPROVE,
    act=Act.ANALYSIS_ASK,
    form=FORM,
    client=True,
    operation=OPERATION,
    shows=_SHOWN,
    counted="analyses",
    given=_CONTENT,
    running=[(Output(IMPROVE, "loading"), True, False)],
)
def improve(press: Press, content: dict[str, Any]) -> Done:
    """Start a worker that looks for a better proposal."""
    question = assignment_form.checked(content)
    draft = AnalysisDraft(id=known_id(press.client), kind=AnalysisKind.ASSIGNMENT)
    return Done(shown=(str(analyses.ask(press.session, press.operation_id, draft, question, press.by).id),))


@does(STOP, act=Act.ANALYSIS_ASK, shows=_SHOWN, given={"shown": State(Ids.SHOWN, "data")})
def stop(press: Press, shown: str) -> Done:
    """Stop the worker; its best answer so far is kept."""
    analyses.cancel(press.session, known_id(shown), press.by)
    return Done(shown=(shown,))


@does(RESUME, act=Act.ANALYSIS_ASK, shows=_SHOWN, counted="analyses", given={"shown": State(Ids.SHOWN, "data")})
def resume(press: Press, shown: str) -> Done:
    """Resume from the best answer so far."""
    return Done(shown=(str(analyses.resume(press.session, known_id(shown), new_id(), press.by).id),))


# ------------------------------------------------------------------------------------------------- what is accepted


@does(
    ADOPT,
    act=Act.SUPPORT_ACCEPT,
    operation=OPERATION,
    shows=_SHOWN,
    given=_CONTENT | {"shown": State(Ids.SHOWN, "data")},
    running=[(Output(ADOPT, "loading"), True, False)],
)
def adopt(press: Press, content: dict[str, Any], shown: str | None) -> Done:
    """Accept all offers that the proposal uses at once; those that need a reason are left to the coordinator."""
    question = assignment_form.checked(content)
    with reading() as session:  # what takes long is worked out before the turn to write
        operation = plan.operation(session, press.operation_id, press.by)
        ground = ground_of(session, operation, question)
        answer = answer_of(session, question, _asked(session, operation, shown), ground)
        rows = assignment_view.rows_of(ground, answer["figures"])
        chosen = waiting(ground, rows)
        hours = {found: travel(session, found) for _row, found in chosen}
    taken = [row for row, found in chosen if accepted(press.session, found, hours[found])]
    left = [ground.labels[row.proposed] for row, _found in chosen if row not in taken]
    said = ngettext(
        "{n} team is accepted: give its order under Teams.",
        "{n} teams are accepted: give their orders under Teams.",
        len(taken),
    )
    against = _("Something speaks against {teams}: accept under Teams, with a reason.", teams=joined(left))
    return Done(said, note=against if left else "", shown=(shown,))
