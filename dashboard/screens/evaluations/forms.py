"""Forms of evaluations: planning, judgements, methods, recommendations, and the outcome of investigations."""

from collections.abc import Container
from uuid import UUID

from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import assignees
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.panel import form_panel
from dashboard.server.access import known_id
from dashboard.telling.evaluation import criterion_words
from dashboard.wording import _, coded
from operations.core import rows
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.evaluation import evaluations as verbs
from operations.evaluation import independence
from operations.evaluation.drafts import METHODS, EvaluationDraft, JudgementDraft, MethodDraft, OutcomeDraft
from operations.evaluation.evaluation_states import DAC, KIRKPATRICK
from operations.evaluation.recommendations import RecommendationDraft
from operations.evaluation.rows import Evaluation
from operations.policing.operation import plan
from operations.training import courses

FORM = DraftForm("evaluation", EvaluationDraft).wire()
METHOD = DraftForm("evaluation-method", MethodDraft)
JUDGE = DraftForm("evaluation-judgement", JudgementDraft)
OUTCOME = DraftForm("evaluation-outcome", OutcomeDraft)
RECOMMEND = DraftForm("evaluation-recommendation", RecommendationDraft)


def subjects(session: Session, by: Actor) -> dict[str, list[dict[str, str]]]:
    """Return what can be evaluated as options, by the field of the form."""
    known = plan.operations(session, by)
    own = independence.coordinated_operations(session, (each.id for each in known), by)
    found = [{"value": str(each.id), "label": _operation_words(each, own)} for each in known]
    held = [{"value": str(each.id), "label": each.title} for each in courses.courses(session)]
    return {"operation_id": found, "operations": found, "course_id": held}


def _operation_words(each: plan.Operation, own: Container[UUID]) -> str:
    return _("{operation} (you coordinated it)", operation=each.title) if each.id in own else each.title


def planning(session: Session, by: Actor) -> list[Component]:
    """Return the form of a new evaluation, folded, for those who evaluate."""
    if not may(by, Act.EVALUATION_RUN):
        return []
    fields = whole_form(FORM, _("Plan it"), "clipboard-check", choices=subjects(session, by))
    return [new_row_form(_("Plan an evaluation"), *fields)]


def writes_now(session: Session, by: Actor, shown: str) -> tuple[bool, bool]:
    """Return whether this person may write in it now, and whether they may report the outcome of investigations."""
    found = rows.one(session, Evaluation, known_id(shown))
    return verbs.may_write(found, by), verbs.may_update(found, by)


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the forms of the evaluators, and the form in which a country reports on its investigations."""
    writes, updates = writes_now(session, by, shown)
    return [*(_written(session, shown) if writes else []), *(_updated() if updates else [])]


def _updated() -> list[Component]:
    lines = "opened", ("charged", "convicted"), ("as_of", "source")
    fields = whole_form(OUTCOME, _("Say what became of them"), "gavel", *lines, kind="plain")
    return [form_panel(_("What became of your investigations"), *fields)]


def _written(session: Session, shown: str) -> list[Component]:
    evaluation = rows.one(session, Evaluation, known_id(shown))
    criteria = [{"value": each, "label": criterion_words(each)} for each in (*DAC, *KIRKPATRICK)]
    methods = [{"value": each, "label": coded("CL-RECSOURCE", each)} for each in METHODS]
    who = [{"value": each, "label": assignees.owner_words(each)} for each in verbs.owners(session, evaluation.id)]
    judged = whole_form(
        JUDGE,
        _("Write the judgement down"),
        "list-check",
        ("criterion", "score"),
        "words",
        "evidence",
        choices={"criterion": criteria},
    )
    used = whole_form(
        METHOD,
        _("Write it down"),
        "notebook",
        ("method", "held_on"),
        "place",
        "who",
        "finding",
        kind="plain",
        choices={"method": methods},
    )
    recommended = whole_form(
        RECOMMEND,
        _("Recommend it"),
        "bulb",
        "text",
        "evidence",
        ("source", "area"),
        ("owner", "due"),
        kind="plain",
        choices={"source": methods, "owner": who},
    )
    return [
        form_panel(_("Judge a criterion"), *judged),
        form_panel(_("Write a method down"), *used),
        form_panel(_("Recommend something"), *recommended),
    ]
