"""What was written down once, stands, and can be withdrawn with a reason: never changed, and never gone."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from operations.core import life
from operations.core.errors import Flaw
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.said import N_
from operations.posts import register


class Standing(StrEnum):
    """Whether it stands."""

    STANDS = "stands"
    WITHDRAWN = "withdrawn"


def life_of(
    noun: str, verb: str, act: Act, why: str, while_: Callable[[Any], bool], button: str = N_("Withdraw it")
) -> life.Life[Standing]:
    """The life of it; what it belongs to is the facts of its step, and `while_` says how long it can be taken."""

    def may_(found: Any, whole: Any, step: life.Step[Standing], by: Actor) -> bool:
        return while_(whole) and may(by, step.act, register.subject(found))

    step = life.Step(Standing.STANDS, Standing.WITHDRAWN, verb, act, button, "arrow-back-up", why)
    return life.Life(
        noun,
        Standing.STANDS,
        (step,),
        ends=(Standing.WITHDRAWN,),
        may=may_,
        astray=Flaw("", "This was withdrawn already: reload the page to see it."),
        words={Standing.STANDS: N_("Stands"), Standing.WITHDRAWN: N_("Withdrawn")},
    )


def once(found: life.Life[Standing]) -> Any:
    """The database's rule that what is withdrawn says why, and nothing else does."""
    return found.exactly((Standing.WITHDRAWN,), "reason <> ''", "reason_given")
