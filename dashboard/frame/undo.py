"""Undo: the act that leads straight back from what was just done, as a button in its notice.

Nothing is delayed: the act stands, and its undoing is an act of its own, with its own permission, rule and entry. Only
what has a way back without a reason, and which this person may take now, is offered.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dash import Input, State
from sqlmodel import Session

from dashboard.frame.button_press import Done, Press, Undo
from dashboard.frame.interactions import does
from dashboard.wording import _
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.state_machine import StepOffer

PRESSED = "shell-undo"
"""The store of the shell that holds the undo that was pressed."""
Verb = Callable[[Session, Actor, Undo], None]
_verbs: dict[str, Verb] = {}


def undoes(name: str) -> Callable[[Verb], Verb]:
    """Register the function that takes back what was done, for undos with this name."""

    def register(verb: Verb) -> Verb:
        _verbs[name] = verb
        return verb

    return register


def way_back(name: str, before: str, offers: Iterable[StepOffer[Any]], of: Any, operation: Any = "") -> Undo | None:
    """Return the undo of a step out of `before`: the one of the `offers` straight back that needs no reason, if any."""
    back = (offer.step for offer in offers if not offer.obstacles and not offer.step.why)
    found = next((step.after.value for step in back if step.after == before), None)
    return None if found is None else Undo(name=name, of=str(of), to=found, operation=str(operation))


@does(Input(PRESSED, "data"), act=Act.OWN_ACCOUNT, given={"what": State(PRESSED, "data")})
def undo(press: Press, what: Mapping[str, Any]) -> Done:
    """Do the act that undoes another; it checks who may, and whether it still leads back."""
    found = Undo.model_validate(what)
    if found.name not in _verbs:
        raise NotFound
    _verbs[found.name](press.session, press.by, found)
    return Done(_("Undone."))
