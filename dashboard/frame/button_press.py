"""The press of a button, as passed to the function behind it, and the result of the press (`interactions.does`)."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from dash import html
from pydantic import BaseModel
from sqlmodel import Session

from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import Form
from dashboard.parts.icon import icon
from dashboard.server.access import known_id
from dashboard.wording import _
from operations.core.people import Actor
from operations.policing.operation import plan

D = TypeVar("D", bound=BaseModel)


@dataclass
class Press:
    """A pressed button, the person who pressed it, and the state of the page at that moment.

    `subject`: the parts of the button's pattern id. `words`: the text of the field beside this button. `typed`: the
    fields of the form. `client`: the identifier that the form got when it was opened (it makes a second press
    idempotent); empty where the button has none.
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
        """The subject's `of` as an identifier. Raises NotFound."""
        return known_id(self.subject["of"])

    def draft(self, kind: type[D], **more: Any) -> D:
        """Parse the form into a draft, under the form's identifier where it has one (see `DraftForm.draft`).

        Raises RuleBroken with the flaws of all fields.
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
        """The unit of work, opened on first use: a press that cannot be parsed opens none and is not counted."""
        return self.opening()

    @functools.cached_property
    def operation(self) -> plan.Operation:
        """The operation of the page, read in the unit of work. Raises NotFound."""
        return plan.operation(self.session, self.operation_id, self.by)


class Undo(BaseModel):
    """An act that undoes another: its `name` (see `frame.undo.undoes`), its subject, and the state to go back `to`."""

    name: str
    of: str
    to: str = ""
    operation: str = ""

    def beside(self, said: str) -> list[Any]:
        """Return a notice with the sentence `said` and the button."""
        inside, what = [icon("arrow-back-up", 16), _("Undo")], {"data-undoes": self.model_dump_json()}
        return [html.Span(said), html.Button(inside, type="button", className="m-button-plain m-undo", **what)]


@dataclass(frozen=True)
class Done:
    """The result of a press: the sentence shown once it is stored, the address to go to, and the parts to draw.

    `partly` is a sentence for a bulk action of which some were refused; it stays until it is closed. `stays`: nothing
    is stored, and the fields that the press would clear keep what was typed. `undo`: what leads straight back.
    """

    said: str = ""
    note: str = ""
    partly: str = ""
    to: str | None = None
    shown: tuple[Any, ...] = ()
    stays: bool = False
    undo: Undo | None = None
