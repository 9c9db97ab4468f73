"""Responsible roles: the roles to which an act is granted, in words, for a reader who may not do it."""

from dashboard.wording import _, coded, joined
from operations.core.acts import Act
from operations.core.people import Actor
from operations.core.permissions import GRANTS, may


def who_acts(act: Act | None, by: Actor) -> str:
    """Who does an act that `by` may not do; "" where `by` may, or where nothing is known to put it right."""
    if act is None or may(by, act):
        return ""
    return _("To be done by: {roles}", roles=joined(coded("CL-ROLE", role.value) for role in GRANTS[act]))
