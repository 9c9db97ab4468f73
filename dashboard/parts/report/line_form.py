"""Fields of each kind of line, read off its model, for the entry form, the view, differences and files.

The browser draws the form from `declaration` (`screens/reports/form.js`), so that typing never waits for a server; all
its texts and options come from here, in the reader's language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

from pydantic.fields import FieldInfo

from dashboard.parts.draft_fields import list_of, look_of, type_of
from dashboard.wording import _, coded, language, number
from operations.core import vocabulary
from operations.core.field_labels import Label, labels_of
from operations.lines.kinds import KINDS
from operations.lines.line import EXACT

SEARCHED = frozenset({"CL-COUNTRY", "CL-CURRENCY", "CL-NATIONALITY"})  # too long for a plain list: a search field


class FieldEntry(StrEnum):
    """The input of a field; HIT chooses from earlier hits."""

    COUNT = "count"
    CODE = "code"
    MOMENT = "moment"
    DAY = "day"
    TEXT = "text"
    HIT = "hit"


_ENTRIES = {"one": FieldEntry.CODE, "number": FieldEntry.COUNT, "moment": FieldEntry.MOMENT, "date": FieldEntry.DAY}


@dataclass(frozen=True)
class LineField:
    """One field of a line. `only` names another field, and its values for which this field is shown."""

    name: str
    label: str
    entry: FieldEntry
    codes: str = ""
    default: str = ""
    only: tuple[str, tuple[str, ...]] | None = None
    hint: str = ""
    needed: bool = False
    counts: bool = False
    limits: tuple[int, int] | None = None


def _field(name: str, said: Label, about: FieldInfo, counted: str) -> LineField:
    start = about.default if said.start is None and not about.is_required() else said.start
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
        _bounds(about) if name == counted else None,
    )


def _bounds(about: FieldInfo) -> tuple[int, int]:
    """Return the least and the greatest count that a field takes."""
    least, most = ([getattr(each, end) for each in about.metadata if hasattr(each, end)] for end in ("ge", "le"))
    return least[-1], most[-1]


FIELDS: dict[str, tuple[LineField, ...]] = {
    kind: tuple(
        _field(name, said, model.model_fields[name], model.COUNTS)
        for name, said in labels_of(model).items()
        if said.typed
    )
    for kind, model in KINDS.items()
}


def title(kind: str) -> str:
    """Return the heading above the lines of a kind."""
    return _(KINDS[kind].TITLE)


def label(kind: str, name: str) -> str:
    """Return the label of a field of a line."""
    return _(next(field.label for field in FIELDS[kind] if field.name == name))


def value_text(field: LineField, value: Any) -> str:
    """Return a stored value in words; "" for none. Codes get their label, other values are unchanged."""
    if value is None or value == "":
        return ""
    if field.entry is FieldEntry.CODE:
        known = str(value) in vocabulary.code_list(field.codes)
        return coded(field.codes, str(value)) if known else str(value)
    return str(value)


def values(kind: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored line's values by field. A count that is not exact is a text that begins with its qualifier."""
    values = {field.name: attributes.get(field.name) for field in FIELDS[kind]}
    sign = attributes.get("qualifier", EXACT)
    if sign != EXACT:
        values |= {field.name: f"{sign}{values[field.name]}" for field in FIELDS[kind] if field.counts}
    return values


def declaration(kinds: Iterable[str]) -> list[dict[str, Any]]:
    """Return the kinds of line with all that the browser needs to draw their fields, in the reader's language."""
    return [
        {
            "kind": str(kind),
            "title": title(kind),
            "add": _(KINDS[kind].ADD),
            "key": KINDS[kind].KEY,
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
                    "limits": _limits(kind, field),
                }
                for field in FIELDS[kind]
            ],
        }
        for kind in kinds
    ]


def _limits(kind: str, field: LineField) -> str:
    """Return the unit and the limits of a count in words: "Persons, 1 to 1,000,000"; "" for other fields."""
    if field.limits is None:
        return ""
    model, (least, most) = KINDS[kind], map(number, field.limits)
    if not model.ADDS or model.UNIT == "count":  # each line says its own unit, or the name of the field does
        return _("{least} to {most}", least=least, most=most)
    return _("{unit}, {least} to {most}", unit=coded("CL-UNIT", model.UNIT), least=least, most=most)


def choices(kinds: Iterable[str]) -> dict[str, Any]:
    """Return the code lists of these kinds: by name, whether it is a search field, and the options."""
    names = {field.codes for kind in kinds for field in FIELDS[kind] if field.codes}
    return {
        name: {"searched": name in SEARCHED, "options": vocabulary.options(name, language())} for name in sorted(names)
    }
