"""Field labels: label, hint and limits of a draft's field, declared with the field in its model.

A field declares them in its annotation, `hours: Annotated[int, Field(ge=1), Label(N_("Hours"))]`. Forms are drawn from
the declaration, input is read by it, and records name the field as the form did. Every text is a message of the
catalogues.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

Draws = Literal[
    "",
    "areas",
    "around",
    "closable",
    "countries",
    "crossings",
    "few",
    "journeys",
    "layers",
    "number",
    "numbers",
    "one",
    "owner",
    "place",
    "places",
    "required",
    "routes",
    "seed",
    "several",
    "skills",
    "text",
    "words",
    "zone",
]
"""The widget that draws and reads a field, where its type is not enough to choose one.

"one" and "several" choose from what the screen provides, "few" are choices side by side; "text" is one line, "words"
are several lines.
"""


SOME: tuple[str, ...] = ()
"""A value of `when`: any value except nothing and 0."""
NONE = "none"
"""The choice that leaves a field without a value."""


def N_(message: str) -> str:  # noqa: N802 - the name that gettext has for it
    """Mark a message that is translated later, in the language of its reader."""
    return message


def N_plural(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as N_
    """Mark a message with a count (`n`), for one and for many."""
    return one, many


@dataclass(frozen=True)
class FieldSource:
    """The source from which a field is filled before somebody types.

    `none` says that there is nothing, `there` how much there is, by its `count`, or by `n` for one and for many
    (`N_plural`). `link` leads to the `page` of the operation where it is made.
    """

    icon: str
    none: str
    link: str
    page: str
    there: str | tuple[str, str] = ""


@dataclass(frozen=True)
class Label:
    """The label of a field and how it is asked for.

    `choices`: the values to choose from, with their words; NONE is no value. `listed`: the code list to choose from,
    where the type does not name one. `parts`: labels of the ends of a window of days, or of the day and the time of a
    moment. `given`: the value of the operation that fills it, as a path of names; `start`: its initial value, where
    that is not the model's default (NONE: nothing). `step`: the increment of a decimal number. `unit`: the unit of a
    number. `when`: another field and the value (or a tuple of values; SOME is any but nothing) that it must have for
    this one to be asked. `needed`: the message where it is left empty. `basis`: its `FieldSource`. `rows`: how many
    drafts can be typed one below the other; a row with an empty `key` (or first field) is left out; `order` labels the
    number that orders them. Labels in rows may name their {line}.

    For records: `typed` is False for fields that no form asks. `told` is False for fields named only where unusual, or
    a condition on the whole record. `codes`: words of values, where they differ from `choices`; `unset`: the word for
    no value.
    """

    label: str
    hint: str = ""
    draws: Draws = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    listed: str = ""
    parts: tuple[str, str] = ("", "")
    placeholder: str = ""
    given: str = ""
    start: Any = None
    step: float | None = None
    unit: str = ""
    when: tuple[str, Any] | None = None
    needed: str = ""
    basis: FieldSource | None = None
    rows: int = 0
    key: str = ""
    order: str = ""
    typed: bool = True
    told: bool | Callable[[Mapping[str, Any]], bool] = True
    codes: Mapping[str, str] = field(default_factory=dict)
    unset: str = ""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema of the field with its English label, hint and unit."""
        said = {"title": self.label, "description": self.hint, "x-unit": self.unit}
        return {**handler(schema), **{name: words for name, words in said.items() if words}}


def said_of(about: FieldInfo) -> Label | None:
    """Return the label of a field, the last one if there are several; None if there is none."""
    return next((each for each in reversed(about.metadata) if isinstance(each, Label)), None)


def labels_of(model: type[BaseModel]) -> dict[str, Label]:
    """Return every field of a model with a label, in order."""
    return {name: said for name, about in model.model_fields.items() if (said := said_of(about)) is not None}
