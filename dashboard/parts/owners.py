"""Who can be asked to do what was learned: the countries that take part, and roles of the centre."""

from typing import Any

from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.draft_form import DraftForm, Drawer
from dashboard.parts.form import select_field
from dashboard.wording import language
from operations.core import vocabulary
from operations.evaluation.recommendations import OWNERS
from operations.policing.operation import plan


def owner_words(code: str) -> str:
    """An owner by the name of the country or of the role."""
    return vocabulary.label("CL-ROLE" if code in OWNERS else "CL-COUNTRY", code, language())


def owner_drawers(session: Session, operation: plan.Operation) -> dict[str, Drawer]:
    """What draws the field of an owner on a form of this operation."""
    countries = [each.country for each in plan.participations(session, operation.id) if each.state in plan.TAKING_PART]
    options = [{"value": code, "label": owner_words(code)} for code in (*countries, *OWNERS)]

    def draw(form: DraftForm, name: str, value: Any, words: dict[str, Any]) -> Component:
        return select_field(form, name, options=options, **words)

    return {"owner": draw}
