"""Assignees of recommendations: the participating countries, and roles of the coordination centre."""

from sqlmodel import Session

from dashboard.wording import coded
from operations.evaluation.recommendations import OWNERS
from operations.policing.operation import plan


def owner_words(code: str) -> str:
    """Return an assignee as the name of the country or the role."""
    return coded("CL-ROLE" if code in OWNERS else "CL-COUNTRY", code)


def owner_choices(session: Session, operation: plan.Operation) -> list[dict[str, str]]:
    """Return the assignees that a form of this operation offers."""
    countries = [each.country for each in plan.participations(session, operation.id) if each.state in plan.TAKING_PART]
    return [{"value": code, "label": owner_words(code)} for code in (*countries, *OWNERS)]
