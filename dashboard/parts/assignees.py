"""Who can be asked to do what was learned: the countries that take part, and roles of the centre."""

from sqlmodel import Session

from dashboard.wording import coded
from operations.evaluation.recommendations import OWNERS
from operations.policing.operation import plan


def owner_words(code: str) -> str:
    """An owner by the name of the country or of the role."""
    return coded("CL-ROLE" if code in OWNERS else "CL-COUNTRY", code)


def owner_choices(session: Session, operation: plan.Operation) -> list[dict[str, str]]:
    """Who can be chosen on a form of this operation."""
    countries = [each.country for each in plan.participations(session, operation.id) if each.state in plan.TAKING_PART]
    return [{"value": code, "label": owner_words(code)} for code in (*countries, *OWNERS)]
