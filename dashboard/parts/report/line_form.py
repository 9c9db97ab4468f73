"""The fields of every kind of line, as its model says them: entry form, view, differences and files read them here.

The form itself is drawn in the browser by `screens/reports/form.js` from `declaration`, so that a keyboard never waits
for a server; every word and every choice it shows comes from here, in the reader's language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

from pydantic.fields import FieldInfo

from dashboard.parts.draft_fields import list_of, look_of, type_of
from dashboard.wording import _, coded, language
from operations.core import vocabulary
from operations.core.field_labels import Label, fields_said
from operations.lines.kinds import KINDS
from operations.lines.line import EXACTLY

SEARCHED = frozenset({"CL-COUNTRY", "CL-CURRENCY", "CL-NATIONALITY"})  # too long to unfold: one types and chooses


class FieldEntry(StrEnum):
    """How a field is typed; HIT is chosen of earlier hits."""

    COUNT = "count"
    CODE = "code"
    MOMENT = "moment"
    DAY = "day"
    TEXT = "text"
    HIT = "hit"


_ENTRIES = {"one": FieldEntry.CODE, "number": FieldEntry.COUNT, "moment": FieldEntry.MOMENT, "date": FieldEntry.DAY}


@dataclass(frozen=True)
class LineField:
    """One field of a line. `only` names another field and the values of it for which this one is asked."""

    name: str
    label: str
    entry: FieldEntry
    codes: str = ""
    default: str = ""
    only: tuple[str, tuple[str, ...]] | None = None
    hint: str = ""
    needed: bool = False
    counts: bool = False


def _field(name: str, said: Label, about: FieldInfo, counted: str) -> LineField:
    start = said.start if about.is_required() or about.default is None else about.default
    start = start.value if isinstance(start, Enum) else start
    when = said.when and (said.when[0], said.when[1] if isinstance(said.when[1], tuple) else (said.when[1],))
    return LineField(
        name,
        said.label,
        FieldEntry.HIT if type_of(about) is UUID else _ENTRIES.get(look_of(said, about), FieldEntry.TEXT),
        list_of(said, about),
        "" if start is None else str(start),
        when and (when[0], tuple(str(each) for each in when[1])),
        said.placeholder,
        about.is_required() or bool(said.needed),
        name == counted,
    )


FIELDS: dict[str, tuple[LineField, ...]] = {
    kind: tuple(
        _field(name, said, model.model_fields[name], model.COUNTS)
        for name, said in fields_said(model).items()
        if said.typed
    )
    for kind, model in KINDS.items()
}


def title(kind: str) -> str:
    """The heading above the lines of a kind."""
    return _(KINDS[kind].TITLE)


def label(kind: str, name: str) -> str:
    """How a field of a line is called."""
    return _(next(field.label for field in FIELDS[kind] if field.name == name))


def said(field: LineField, value: Any) -> str:
    """A stored value as a reader reads it; "" for none. Codes get their label, everything else stays as it is."""
    if value is None or value == "":
        return ""
    if field.entry is FieldEntry.CODE:
        known = str(value) in vocabulary.code_list(field.codes)
        return coded(field.codes, str(value)) if known else str(value)
    return str(value)


def values(kind: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """A stored line by the fields of the form. A count that is not exact is text, with its sign before it."""
    found = {field.name: attributes.get(field.name) for field in FIELDS[kind]}
    sign = attributes.get("qualifier", EXACTLY)
    if sign != EXACTLY:
        found |= {field.name: f"{sign}{found[field.name]}" for field in FIELDS[kind] if field.counts}
    return found


def declaration(kinds: Iterable[str]) -> list[dict[str, Any]]:
    """Kinds of line as the browser needs them to draw their fields, in the reader's language."""
    return [
        {
            "kind": str(kind),
            "title": title(kind),
            "add": _(KINDS[kind].ADD),
            "adds": KINDS[kind].ADDS,
            "fields": [
                {
                    "name": field.name,
                    "label": _(field.label),
                    "entry": field.entry.value,
                    "codes": field.codes,
                    "default": field.default,
                    "only": list(field.only) if field.only else None,
                    "hint": field.hint,
                    "needed": field.needed,
                    "counts": field.counts,
                }
                for field in FIELDS[kind]
            ],
        }
        for kind in kinds
    ]


def choices(kinds: Iterable[str]) -> dict[str, Any]:
    """The code lists that these kinds use: name to whether one searches in it, and its options."""
    names = {field.codes for kind in kinds for field in FIELDS[kind] if field.codes}
    return {
        name: {"searched": name in SEARCHED, "options": vocabulary.options(name, language())} for name in sorted(names)
    }
