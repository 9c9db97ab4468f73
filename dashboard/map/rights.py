"""Who may put something on an operation's map, and for which countries."""

from uuid import UUID

from sqlmodel import Session

from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import ParticipationState
from operations.policing.operation import plan


def taking_part(session: Session, operation_id: UUID) -> list[str]:
    """The countries that may have sites, as far as the asker knows them."""
    out = (ParticipationState.DECLINED, ParticipationState.WITHDRAWN)
    return [each.country for each in plan.participations(session, operation_id) if each.state not in out]


def drawing_rights(operation: plan.Operation, by: Actor) -> tuple[bool, bool]:
    """Whether this person may draw on the plan, and place sites."""
    own = plan.subject(operation, by.country if by.national else None)
    return may(by, Act.PLAN_DRAW, own), may(by, Act.SITE_PLACE, own)
