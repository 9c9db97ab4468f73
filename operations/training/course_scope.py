"""Course scope: who sees courses and the people in them, and the audience of their journal entries.

All readers of courses learn of every change: an entry names a country and a state, never a person or a result.
"""

from typing import Any

from sqlalchemy import false, true
from sqlmodel import col

from operations.core import journal
from operations.core.people import NATIONAL_ROLES, Actor
from operations.core.permissions import GRANTS, Act, may
from operations.core.vocabulary import Role

READERS = tuple(GRANTS[Act.COURSE_READ])


def course_condition(actor: Actor) -> Any:
    """Return the SQL condition of courses and runs: they belong to no country, and all readers of courses see them."""
    return true() if may(actor, Act.COURSE_READ) and actor.only is None else false()


def person_condition(model: Any, act: Act = Act.ENROLMENT_READ) -> Any:
    """Return a visibility condition: officers see their own rows, a country's coordinators its own, central ones
    all.
    """

    def seen(actor: Actor) -> Any:
        if not may(actor, act) or actor.only is not None:
            return false()
        if actor.role in NATIONAL_ROLES - {Role.NATIONAL_COORDINATOR}:
            return col(model.account_id) == actor.account_id
        return col(model.country) == actor.country if actor.national else true()

    return seen


def entries_of(*kinds: str) -> None:
    """Declare that entries about these kinds of objects are visible to all readers of courses."""
    for kind in kinds:
        journal.need_to_know(
            kind, seen=course_condition, countries=lambda _session, _id, _country: frozenset(), roles=frozenset(READERS)
        )
