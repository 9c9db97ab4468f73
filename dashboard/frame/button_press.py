"""A press of a button, as the function that does what it asks gets it, and what it came to (`interactions.does`)."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import Form
from dashboard.server.access import known_id
from operations.core.people import Actor
from operations.policing.operation import plan

D = TypeVar("D", bound=BaseModel)


@dataclass
class Press:
    """A button that was pressed, by whom, and what stood on the page then.

    `subject`: the parts of the button's id, where it is one of a pattern. `words`: what was typed beside this very
    button. `typed`: the fields of the form. `client`: the identifier that the form has had since it was
    opened; empty where the button asks for none.
    """

    by: Actor
    button: Any
    subject: Mapping[str, Any]
    words: str
    typed: dict[str, Any]
    client: str
    page: str | None
    opening: Callable[[], Session] = field(repr=False)
    form: Form | None = field(default=None, repr=False)

    @property
    def of(self) -> UUID:
        """What the pressed button names as `of`. Raises NotFound."""
        return known_id(self.subject["of"])

    def draft(self, kind: type[D], **more: Any) -> D:
        """The draft of what was typed, under the identifier of the form where it has one (see `DraftForm.draft`).

        Raises RuleBroken with every flaw in its place.
        """
        if not isinstance(self.form, DraftForm):
            raise TypeError("This press has no form that makes drafts.")
        return self.form.draft(kind, self.typed, **({"id": self.client} if self.client else {}), **more)

    @property
    def operation_id(self) -> UUID:
        """The operation of the page. Raises NotFound."""
        return known_id(self.page)

    @functools.cached_property
    def session(self) -> Session:
        """The unit of work, opened where it is first asked for: what cannot be parsed opens none and counts as none."""
        return self.opening()

    @functools.cached_property
    def operation(self) -> plan.Operation:
        """The operation of the page, in the unit of work. Raises NotFound."""
        return plan.operation(self.session, self.operation_id, self.by)


@dataclass(frozen=True)
class Done:
    """What a press came to: what is said of it once it is stored, where to go, and what the parts show then.

    `partly` is said where some of many were refused, and stays until it is closed.
    """

    said: str = ""
    note: str = ""
    partly: str = ""
    to: str | None = None
    shown: tuple[Any, ...] = ()
