"""Permissions to draw on the map of an operation."""

from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.operation import plan


def drawing_rights(operation: plan.Operation, by: Actor) -> tuple[bool, bool]:
    """Return whether this person may draw on the plan, and whether they may place sites."""
    own = plan.subject(operation, by.country if by.national else None)
    return may(by, Act.PLAN_DRAW, own), may(by, Act.SITE_PLACE, own)
