"""Withdrawal: records that are written once, never changed or deleted, and can be withdrawn with a reason."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from operations.core import state_machine
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.posts import register


class Validity(StrEnum):
    """States of such a record: valid or withdrawn."""

    STANDS = "stands"
    WITHDRAWN = "withdrawn"


def life_of(
    noun: str, verb: str, act: Act, why: str, while_: Callable[[Any], bool], button: str = N_("Withdraw it")
) -> state_machine.Life[Validity]:
    """Return the state machine of such a record.

    The facts of its step are the owner; `while_` says as long as what it is allowed, in words.
    """

    def may_(found: Any, whole: Any, step: state_machine.Step[Validity], by: Actor) -> bool:
        return while_(whole) and may(by, step.act, register.subject(found))

    step = state_machine.Step(Validity.STANDS, Validity.WITHDRAWN, verb, act, button, "arrow-back-up", why)
    return state_machine.Life(
        noun,
        Validity.STANDS,
        (step,),
        ends=(Validity.WITHDRAWN,),
        may=may_,
        astray=Flaw("", "This was withdrawn already: reload the page to see it."),
        words={Validity.STANDS: N_("Stands"), Validity.WITHDRAWN: N_("Withdrawn")},
    )


def reason_constraint(found: state_machine.Life[Validity]) -> Any:
    """Return the CHECK constraint: a withdrawn record has a reason, and no other has one."""
    return found.exactly((Validity.WITHDRAWN,), "reason <> ''", "reason_given")
