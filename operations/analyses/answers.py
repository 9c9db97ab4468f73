"""The function that answers each kind of question. Only workers load it: it imports all measuring code."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import select

from geodata.ways.transit_table import hours_between
from operations.analyses.answer import Answer
from operations.analyses.assignment_answer import answer_assignment
from operations.analyses.assignment_input import ground
from operations.analyses.coverage import answer_coverage
from operations.analyses.displacement import answer_displacement
from operations.analyses.event_basis import basis_of
from operations.analyses.hotspots import answer_forecast, answer_hotspots
from operations.analyses.interception import answer_interception
from operations.analyses.placement import answer_placement
from operations.analyses.question import AnswerJob, EventQuestion
from operations.analyses.questions import ASKED, AssignmentQuestion, ShiftsQuestion
from operations.analyses.reach import answer_reach
from operations.analyses.routes import answer_routes
from operations.analyses.shifts import answer_shifts
from operations.core.clock import now
from operations.core.people import System
from operations.policing.operation import plan

Answering = Callable[[Any, AnswerJob], tuple[Answer, bool]]


def _of_events(measure: Callable[..., Answer | tuple[Answer, bool]], *given: str) -> Answering:
    """Return the answering function of a question about events; its answer includes their sources.

    `given` are further arguments of the measure: "persons", or "hear" for one that can be stopped.
    """

    def answer(question: EventQuestion, work: AnswerJob) -> tuple[Answer, bool]:
        basis = basis_of(work.store, work.asked, question)
        told = {"persons": basis.persons, "hear": work.hear}
        found = measure(question, basis.events, now().date(), **{name: told[name] for name in given})
        made, whole = found if isinstance(found, tuple) else (found, True)
        return basis.signed(made), whole

    return answer


def _assignment(question: AssignmentQuestion, work: AnswerJob) -> tuple[Answer, bool]:
    operation_id = work.asked.operation_id
    with work.store.reading(System()) as session:
        zone = session.exec(select(plan.Operation.zone).where(plan.Operation.id == operation_id)).one()
        found = ground(session, operation_id, zone, question, hours_between, now())
    return answer_assignment(question, found, work.hear, work.before())


def _shifts(question: ShiftsQuestion, work: AnswerJob) -> tuple[Answer, bool]:
    with work.store.reading(System()) as session:
        return answer_shifts(session, work.asked.operation_id, question, hours_between, now()), True


ANSWERS: Mapping[str, Answering] = {
    "hotspots": _of_events(answer_hotspots),
    "forecast": _of_events(answer_forecast),
    "coverage": _of_events(answer_coverage, "hear"),
    "displacement": _of_events(answer_displacement, "persons"),
    "routes": lambda question, _work: (answer_routes(question), True),
    "reach": lambda question, _work: (answer_reach(question), True),
    "placement": lambda question, work: answer_placement(question, work.hear, work.before()),
    "interception": answer_interception,
    "assignment": _assignment,
    "shifts": _shifts,
}


def answered(kind: str, content: Mapping[str, Any], work: AnswerJob) -> tuple[Answer, bool]:
    """Return the answer to a stored question, and whether it is complete."""
    asking = ASKED[kind]
    answer = asking.answer or ANSWERS[kind]
    return answer(asking.model.model_validate(content), work)
