"""The forms of evaluations: one is planned, judged, used methods for, recommended by, and followed in court."""

from collections.abc import Container
from uuid import UUID

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import owners
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.drawn import drawing, pair
from dashboard.parts.form import button, client_id
from dashboard.parts.list_page import folded
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
from operations.evaluation.lives import DAC, KIRKPATRICK
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
    """What can be evaluated, by the field of the form."""
    known = plan.operations(session, by)
    own = independence.coordinated(session, (each.id for each in known), by)
    found = [{"value": str(each.id), "label": _operation_words(each, own)} for each in known]
    held = [{"value": str(each.id), "label": each.title} for each in courses.courses(session)]
    return {"operation_id": found, "operations": found, "course_id": held}


def _operation_words(each: plan.Operation, own: Container[UUID]) -> str:
    return _("{operation} (you coordinated it)", operation=each.title) if each.id in own else each.title


def planning(session: Session, by: Actor) -> list[Component]:
    """The form of a new one, folded, for those who evaluate."""
    if not may(by, Act.EVALUATION_RUN):
        return []
    send = button(_("Plan it"), FORM.send, "primary", "clipboard-check")
    return [
        folded(
            _("Plan an evaluation"), client_id(FORM), *drawing(FORM, choices=subjects(session, by))(), html.Div(send)
        )
    ]


def writes_now(session: Session, by: Actor, shown: str) -> tuple[bool, bool]:
    """Whether this person writes in it now, and says what became of investigations."""
    found = rows.one(session, Evaluation, known_id(shown))
    return verbs.may_write(found, by), verbs.may_update(found, by)


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """What those write who evaluate, and what a country says of its investigations."""
    writes, updates = writes_now(session, by, shown)
    return [*(_written(session, shown) if writes else []), *(_updated() if updates else [])]


def _updated() -> list[Component]:
    said = drawing(OUTCOME)
    return [
        form_panel(
            _("What became of your investigations"),
            client_id(OUTCOME),
            *said("opened"),
            pair(said("charged", "convicted")),
            pair(said("as_of", "source")),
            html.Div(button(_("Say what became of them"), OUTCOME.send, "plain", "gavel")),
        )
    ]


def _written(session: Session, shown: str) -> list[Component]:
    found = rows.one(session, Evaluation, known_id(shown))
    criteria = [{"value": each, "label": criterion_words(each)} for each in (*DAC, *KIRKPATRICK)]
    methods = [{"value": each, "label": coded("CL-RECSOURCE", each)} for each in METHODS]
    who = [{"value": each, "label": owners.owner_words(each)} for each in verbs.owners(session, found.id)]
    judge = drawing(JUDGE, choices={"criterion": criteria})
    used = drawing(METHOD, choices={"method": methods})
    said = drawing(RECOMMEND, choices={"source": methods, "owner": who})
    return [
        form_panel(
            _("Judge a criterion"),
            client_id(JUDGE),
            pair(judge("criterion", "score")),
            *judge("words", "evidence"),
            html.Div(button(_("Write the judgement down"), JUDGE.send, "primary", "list-check")),
        ),
        form_panel(
            _("Write a method down"),
            client_id(METHOD),
            pair(used("method", "held_on")),
            *used("place", "who", "finding"),
            html.Div(button(_("Write it down"), METHOD.send, "plain", "notebook")),
        ),
        form_panel(
            _("Recommend something"),
            client_id(RECOMMEND),
            *said("text", "evidence"),
            pair(said("source", "area")),
            pair(said("owner", "due")),
            html.Div(button(_("Recommend it"), RECOMMEND.send, "plain", "bulb")),
        ),
    ]
