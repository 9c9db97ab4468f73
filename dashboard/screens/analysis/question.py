"""Questions of the analysis page: the form of each, and the question that was typed into it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dashboard.parts.draft_form import DraftForm
from dashboard.parts.question_defaults import OWN
from dashboard.screens.analysis.input_parsing import READERS
from operations.analyses.question import EventQuestion, Question
from operations.analyses.questions import ASKED
from operations.core.errors import RuleBroken
from operations.policing.layers import layers

FORMS = {
    kind: DraftForm(f"analysis-{kind}", question.model, question.first, question.beside)
    for kind, question in ASKED.items()
    if question.words
}
"""The questions of this page. Assignments and shifts have pages of their own."""

SITES = {
    kind: fields
    for kind, form in FORMS.items()
    if (fields := tuple(name for name, said in form.said.items() if said.draws in ("crossings", "closable")))
}
"""Fields whose options are known crossings, loaded when the question is chosen."""


def find_out_id(kind: str) -> str:
    """Return the id of the button that asks a question."""
    return f"analysis-find-out-{kind}"


def typed(kind: str, values: Mapping[str, Any], session: Session, operation_id: UUID) -> Question:
    """Return the question that was typed into a form. Raises RuleBroken with every flaw, each on its field."""
    form = FORMS[kind]
    content = form.content(values, READERS)
    if issubclass(form.model, EventQuestion):
        own = [each.removeprefix(OWN) for each in content.pop("layers") if each.startswith(OWN)]
        content["own"] = own[0] if own else None
    asked: Question = form.made(ASKED[kind].read(content, session, operation_id))
    return asked


def chosen_layers(session: Session, operation_id: UUID, values: Mapping[str, Any]) -> tuple[UUID, ...]:
    """Return the ids of the layer versions to analyse; empty for own results. Raises RuleBroken on `layers`."""
    named = list(values.get("layers") or ())
    own = [each for each in named if each.startswith(OWN)]
    known = {str(each.id): each for each in layers.layers(session, operation_id)}
    chosen = [known[each] for each in named if each in known]
    if not chosen and not own:
        raise RuleBroken("layers", "Choose at least one layer: without events there is nothing to compute.")
    if len({each.kind for each in chosen}) + len(own) > 1:
        raise RuleBroken(
            "layers", "Choose layers of one kind: places of danger, totals and offences are never counted together."
        )
    return tuple(each.id for each in chosen)
