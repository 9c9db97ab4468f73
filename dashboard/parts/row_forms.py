"""A form that stands beside each of several things, and flaws said beside the one that was pressed."""

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from dash import ALL, State, set_props
from dash.exceptions import PreventUpdate

from dashboard import refusals
from dashboard.parts.draft_form import DraftForm
from operations.core.errors import RuleBroken


class EachForm(DraftForm):
    """The form of a model beside each of several things; the ids of its inputs name the thing.

    What is typed beside one stays with it when the part is drawn anew (`frame.interactions.keeps_typed`).
    """

    thing: Any = ALL

    def of(self, thing: Any) -> Self:
        """The form beside one thing."""
        found = copy.copy(self)
        found.thing = str(thing)
        return found

    def id(self, field: str) -> Any:
        """The id of a field's input."""
        return {"type": f"{self.prefix}-{field}", "of": self.thing}

    def client_id_state(self) -> State:
        """The identifier of what is made next, in a store of the page."""
        return State(f"{self.prefix}-client-id", "data")

    def states(self, *fields: str) -> dict[str, State]:
        """What was typed beside all of them; "of" names the things in the same order."""
        found = super().states(*fields)
        return found | {"of": State(next(iter(found.values())).component_id, "id")}

    def typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What was typed beside this one; nothing where it does not stand on the page."""
        things = [each["of"] for each in values["of"]]
        if self.thing not in things:
            return {}
        return {name: every[things.index(self.thing)] for name, every in values.items() if name != "of"}

    def places(self) -> dict[str, Any]:
        """The ids of this one's inputs by their names."""
        return {each: self.id(each) for name in self.said for each in self.inputs_of(name)}


@contextmanager
def said_beside(places: Mapping[str, Any]) -> Iterator[None]:
    """Say what is refused inside beside the inputs `places`, ids by the names of fields: nothing is done then."""
    for each in places.values():
        set_props(each, {"error": None})
    try:
        yield
    except RuleBroken as refused:
        refusals.explain(refused, places)
        raise PreventUpdate from None
