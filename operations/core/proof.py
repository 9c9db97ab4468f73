"""Proof of the person before an act that cannot be undone or that takes data out: the password, given a moment ago.

A verb declares it: `@proof.needed`. Muster itself proves nothing; nor does who asks without a browser.
"""

import functools
import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import ParamSpec, TypeVar

from operations.core.clock import now
from operations.core.errors import MusterError
from operations.core.field_labels import N_
from operations.core.people import Actor, System

FRESH = timedelta(minutes=15)
"""How long a proof holds."""
VERBS: list[str] = []
"""The verbs that need one."""
_ASKED = N_("Muster asks for your password before this step. Nothing was done yet.")
P = ParamSpec("P")
T = TypeVar("T")


class ProofNeeded(MusterError):
    """The person has to prove who they are, and then does the same again."""

    def __init__(self) -> None:
        super().__init__(_ASKED)


def fresh(by: Actor | System) -> bool:
    """Return whether the person has proven who they are a moment ago."""
    if isinstance(by, System) or by.sign_in_id is None or by.proven_at is None:
        return True
    return by.proven_at > now() - FRESH


def needed(verb: Callable[P, T]) -> Callable[P, T]:
    """Declare that the person `by` whom a verb is done has to have proven who they are. Raises ProofNeeded."""
    place = list(inspect.signature(verb).parameters).index("by")

    @functools.wraps(verb)
    def done(*given: P.args, **named: P.kwargs) -> T:
        by = named["by"] if "by" in named else given[place]
        if not fresh(by):  # type: ignore[arg-type]  # of the verb's own signature
            raise ProofNeeded
        return verb(*given, **named)

    VERBS.append(f"{verb.__module__}.{verb.__qualname__}")
    return done
