"""What a field of a draft takes, read off its type and its annotations: what draws and reads it, limits, choices."""

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from dashboard.wording import UNDEFINED, _, coded, language
from operations.core import vocabulary
from operations.core.field_labels import NONE, Label, said_of
from operations.core.vocabulary import InList

Look = Literal[
    "window", "moment", "rows", "lines", "text", "words", "several", "one", "few", "switch", "date", "time", "number"
]
"""How a field is drawn and read."""

LINES = frozenset({"around", "journeys", "places", "required", "skills"})
TEXTS = frozenset({"numbers", "place", "text"})
SEVERAL = frozenset({"closable", "countries", "crossings", "layers", "several"})
_LONGEST_LINE = 300
_BY_TYPE: dict[Any, Look] = {
    bool: "switch",
    int: "number",
    float: "number",
    date: "date",
    time: "time",
    datetime: "moment",
    AwareDatetime: "moment",
    UUID: "one",
}


def look_of(said: Label, about: FieldInfo | None) -> Look:
    """What draws and reads a field: what it says itself, else its type."""
    kind, many = type_of(about), is_many(about)
    if said.rows:
        return "rows"
    if any(said.parts) and kind not in (datetime, AwareDatetime):
        return "window"
    if said.draws in LINES:
        return "lines"
    if said.draws in TEXTS:
        return "text"
    if said.draws in SEVERAL:
        return "several"
    if said.draws == "words" or said.draws == "few":
        return said.draws
    if said.choices or said.draws in ("one", "zone"):
        return "one"
    if list_of(said, about):
        return "several" if many else "one"
    if kind is str:
        return "text" if (longest(about) or 0) <= _LONGEST_LINE else "words"
    return _BY_TYPE.get(kind, "number")


def options_of(said: Label, about: FieldInfo | None) -> list[dict[str, str]]:
    """What can be chosen, with its words in the language of the request."""
    if said.draws == "zone":
        return [{"value": each, "label": each} for each in zones()]
    if said.choices:
        return [{"value": each, "label": _(meaning)} for each, meaning in said.choices.items()]
    listed = list_of(said, about)
    return vocabulary.options(listed, language()) if listed else []


def list_of(said: Label, about: FieldInfo | None) -> str:
    """The code list of which something is chosen; "" for none."""
    if said.listed:
        return said.listed
    if said.draws == "countries":
        return "CL-COUNTRY"
    return next((each.name for each in _rules(about) if isinstance(each, InList)), "")


@cache
def zones() -> tuple[str, ...]:
    """The time zones of places, by name, and UTC."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return (*sorted(places), "UTC")


def type_of(about: FieldInfo | None) -> Any:
    """The type of a field, or of each thing it holds, without "or None"; None where nothing is known."""
    return next(iter(_parts(about.annotation, inside=True)), None) if about else None


def is_many(about: FieldInfo | None) -> bool:
    """Whether a field holds several."""
    return about is not None and get_origin(_parts(about.annotation)[0]) in (tuple, list)


def may_be_none(about: FieldInfo | None) -> bool:
    """Whether a field takes no value."""
    return about is not None and type(None) in get_args(about.annotation)


def limit(about: FieldInfo | None, name: str) -> Any:
    """A limit of a field, such as "ge", by the last that sets one; None for none."""
    set_by = [found for each in _rules(about, inside=False) if (found := getattr(each, name, None)) is not None]
    return set_by[-1] if set_by else None


def longest(about: FieldInfo | None) -> int | None:
    """How many a field holds at most."""
    found: int | None = limit(about, "max_length")
    return found


def typed_as(value: Any) -> Any:
    """A value as the component of its field takes it: codes and days as text, times as HH:MM."""
    match value:
        case Enum():
            return value.value
        case time():
            return f"{value:%H:%M}"
        case datetime() | BaseModel():
            return value
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case tuple() | list():
            return [typed_as(each) for each in value]
    return value


def told(model: type[BaseModel], name: str, value: Any) -> str:
    """A value of a field as people read it: what was chosen by its words, times as HH:MM; "—" for none."""
    about = model.model_fields[name]
    said = said_of(about) or Label("")
    listed = list_of(said, about)

    def word(each: Any) -> str:
        known = typed_as(each)
        if said.choices:
            return _(said.choices[known])
        return coded(listed, known) if listed else str(known)

    values = value if isinstance(value, list | tuple) else [] if value in (None, "") else [value]
    return ", ".join(map(word, values)) or UNDEFINED


def chosen(said: Label, value: Any) -> Any:
    """The choice that stands for a value."""
    return NONE if value is None and NONE in said.choices else value


def _parts(annotation: Any, *, inside: bool = False) -> list[Any]:
    """A type and what it is annotated with, out of Annotated and "or None"; `inside` also out of tuples and lists."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return [*_parts(inner, inside=inside), *more]
    if get_origin(annotation) in (Union, UnionType):
        parts = [each for each in get_args(annotation) if each is not type(None)]
        return [part for each in parts for part in _parts(each, inside=inside)]
    if inside and get_origin(annotation) in (tuple, list):
        return _parts(get_args(annotation)[0], inside=True)
    return [annotation]


def _rules(about: FieldInfo | None, *, inside: bool = True) -> Sequence[Any]:
    """What a field is annotated with; `inside` also what each thing that it holds is."""
    if about is None:
        return []
    return [
        more
        for part in (*_parts(about.annotation, inside=inside)[1:], *about.metadata)
        for more in (part.metadata if isinstance(part, FieldInfo) else [part])
    ]
