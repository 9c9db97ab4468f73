"""Forms beside each row of a list, and flaws shown at the form that was sent."""

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from dash import ALL, State, set_props

from dashboard import refusals
from dashboard.parts.draft_form import DraftForm
from operations.core.errors import RuleBroken


class EachForm(DraftForm):
    """The form of a model beside each of several objects; the ids of its inputs name the object.

    Typed text stays with its object when the part is drawn again (`frame.interactions.keeps_typed`).
    """

    thing: Any = ALL

    def of(self, thing: Any) -> Self:
        """Return the form beside one object."""
        found = copy.copy(self)
        found.thing = str(thing)
        return found

    def id(self, field: str) -> Any:
        """Return the id of a field's input."""
        return {"type": f"{self.prefix}-{field}", "of": self.thing}

    def client_id_state(self) -> State:
        """Return the state of the next draft's identifier, in a store of the page."""
        return State(f"{self.prefix}-client-id", "data")

    def states(self, *fields: str) -> dict[str, State]:
        """Return the states of all these forms; "of" lists the objects in the same order."""
        found = super().states(*fields)
        return found | {"of": State(next(iter(found.values())).component_id, "id")}

    def typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values typed beside this object; empty if it is not on the page."""
        things = [each["of"] for each in values["of"]]
        if self.thing not in things:
            return {}
        return {name: every[things.index(self.thing)] for name, every in values.items() if name != "of"}

    def places(self) -> dict[str, Any]:
        """Return the ids of this form's inputs by name."""
        return {each: self.id(each) for name in self.said for each in self.inputs_of(name)}


@contextmanager
def said_beside(places: Mapping[str, Any]) -> Iterator[None]:
    """Show a refusal inside the block at the inputs `places` (ids by field name), and stop the callback.

    It ends as `Explained`: of a callback that ends as PreventUpdate Dash sends nothing, the refusal included.
    """
    for each in places.values():
        set_props(each, {"error": None})
    try:
        yield
    except RuleBroken as refused:
        refusals.explain(refused, places)
        raise refusals.Explained from None
