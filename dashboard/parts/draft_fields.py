"""Form field types, read off a draft's types and annotations: input component, limits, choices."""

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

from dashboard.wording import UNDEFINED, _, coded, joined, language
from operations.core import vocabulary
from operations.core.field_labels import NONE, Label, said_of
from operations.core.vocabulary import InList

Look = Literal[
    "window", "moment", "rows", "lines", "text", "words", "several", "one", "few", "switch", "date", "time", "number"
]
"""The kinds of input components."""

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
    """Return the kind of component of a field: its own choice, else that of its type."""
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
    """Return the choices of a field, in the language of the request."""
    if said.draws == "zone":
        return [{"value": each, "label": each} for each in zones()]
    if said.choices:
        return [{"value": each, "label": _(meaning)} for each, meaning in said.choices.items()]
    listed = list_of(said, about)
    return vocabulary.options(listed, language()) if listed else []


def list_of(said: Label, about: FieldInfo | None) -> str:
    """Return the code list that a field takes its values from; "" for none."""
    if said.listed:
        return said.listed
    if said.draws == "countries":
        return "CL-COUNTRY"
    return next((each.name for each in _rules(about) if isinstance(each, InList)), "")


@cache
def zones() -> tuple[str, ...]:
    """Return the names of geographical time zones in order, and UTC."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return (*sorted(places), "UTC")


def type_of(about: FieldInfo | None) -> Any:
    """Return the type of a field, or of its items if it is a list, without "or None"; None where it is unknown."""
    return next(iter(_parts(about.annotation, inside=True)), None) if about else None


def is_many(about: FieldInfo | None) -> bool:
    """Return whether a field holds several items."""
    return about is not None and get_origin(_parts(about.annotation)[0]) in (tuple, list)


def may_be_none(about: FieldInfo | None) -> bool:
    """Return whether a field may be None."""
    return about is not None and type(None) in get_args(about.annotation)


def limit(about: FieldInfo | None, name: str) -> Any:
    """Return a limit of a field, such as "ge", by the last annotation that sets one; None for none."""
    set_by = [found for each in _rules(about, inside=False) if (found := getattr(each, name, None)) is not None]
    return set_by[-1] if set_by else None


def longest(about: FieldInfo | None) -> int | None:
    """Return the maximum length of a field; None for none."""
    found: int | None = limit(about, "max_length")
    return found


def typed_as(value: Any) -> Any:
    """Return a value as its component takes it: codes and days as text, times as HH:MM."""
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


def value_text(model: type[BaseModel], name: str, value: Any) -> str:
    """Return a field's value in words: choices by their label, times as HH:MM; "—" for none."""
    about = model.model_fields[name]
    said = said_of(about) or Label("")
    listed = list_of(said, about)

    def word(each: Any) -> str:
        known = typed_as(each)
        if said.choices:
            return _(said.choices[known])
        return coded(listed, known) if listed else str(known)

    values = value if isinstance(value, list | tuple) else [] if value in (None, "") else [value]
    return joined(map(word, values)) or UNDEFINED


def chosen(said: Label, value: Any) -> Any:
    """Return the option that represents a value."""
    return NONE if value is None and NONE in said.choices else value


def _parts(annotation: Any, *, inside: bool = False) -> list[Any]:
    """Return a type and its annotations, without Annotated and "or None"; `inside` also enters tuples and lists."""
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
    """Return the annotations of a field; `inside` adds those of its items."""
    if about is None:
        return []
    return [
        more
        for part in (*_parts(about.annotation, inside=inside)[1:], *about.metadata)
        for more in (part.metadata if isinstance(part, FieldInfo) else [part])
    ]
