"""How a field of a draft is asked for and named: label, hint and limits stand with the field, in its model.

A field says so in its annotation, `hours: Annotated[int, Field(ge=1), Said(N_("Hours"))]`. Forms are drawn from it,
what was typed is read by it, and records name the field as the form did. Every text is a message of the catalogues.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

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
"""What draws and reads a field where its type alone does not tell.

"one" and "several" are chosen of what the screen gives, "few" are choices beside each other; "text" is one line,
"words" are several.
"""


SOME: tuple[str, ...] = ()
"""Whatever a field of a line says that is not nothing, nor 0."""
NONE = "none"
"""The choice that leaves a field without a value."""


def N_(message: str) -> str:  # noqa: N802 - the name that gettext has for it
    """Marks a message that is said elsewhere, in the language of whoever reads it then."""
    return message


def N_plural(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as N_
    """Marks a message that counts (`n`), for one and for many."""
    return one, many


@dataclass(frozen=True)
class FieldSource:
    """What a field is taken from before somebody types: `none` says that nothing is there, and
    `there` how much is, by its `count`, or by `n` for one and for many (`N_plural`).

    `link` leads to the `page` of the operation where it is made.
    """

    icon: str
    none: str
    link: str
    page: str
    there: str | tuple[str, str] = ""


@dataclass(frozen=True)
class Label:
    """How a field is asked for.

    `choices`: what can be chosen, with its words; NONE is no value. `listed`: the code list of which something is
    chosen, where the type does not name one. `parts`: labels of the ends of a window of days, or of the day and the
    time of a moment. `given`: what of the operation fills it, a path of names; `start`: what does otherwise, where that
    is not the model's default (NONE: nothing). `step`: between numbers with decimals. `unit`: what a number counts.
    `when`: another field and its value (one of several, in a tuple; SOME is whatever is not nothing), without which it
    is not asked. `needed`: what is
    said where it is left empty. `basis`: see there. `rows`: how many drafts can be typed one under the other; one in
    which `key` (else its first field) is left empty is left out; `order` labels the number by which they are put in
    their order. Labels in rows may name their {line}.

    Of records: `typed` is False for what no form asks. `told` is False for what is named only where it is not as usual,
    or a condition on the whole record. `codes`: words of values, where `choices` are not those; `unset`: of no value.
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


def said_of(about: FieldInfo) -> Label | None:
    """What a field says of itself, the last where it says several things; None for nothing."""
    return next((each for each in reversed(about.metadata) if isinstance(each, Label)), None)


def fields_said(model: type[BaseModel]) -> dict[str, Label]:
    """Every field of a model that says how it is asked for, in their order."""
    return {name: said for name, about in model.model_fields.items() if (said := said_of(about)) is not None}
