"""Rows of drafts: the fields of a draft's form as columns of a sheet, and a filled row as what was typed into the form.

A sheet and a screen read the same declaration: the columns, their lists, limits and hints are those of the fields, and
a row is read by `DraftForm.draft` as the form is. A choice stands in its cell in words of any language.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel

from dashboard.papers.form_book import FormColumn, Given
from dashboard.parts.book.cells import count_of, day_of, text_of
from dashboard.parts.draft_fields import options_of, typed_as
from dashboard.parts.draft_form import DraftForm, is_shown
from dashboard.wording import N_, _, in_language
from operations.core import vocabulary
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import NONE
from operations.core.ids import fingerprint
from operations.core.languages import LOCALES

D = TypeVar("D", bound=BaseModel)
Options = Mapping[str, Sequence[Mapping[str, str]]]
"""Choices of fields that only the workbook's maker knows: [{"value", "label"}] by field name."""

ID, SEEN = "id", "seen"
"""The hidden columns: which thing a row is about, and what the row said when the workbook was made."""
SEVERAL_CELLS = 4
"""The cells of a field that takes several choices, at least."""
_NOT_ASKED = N_("Leave this cell empty: it does not belong to what this row says.")
_NO_CHOICE = N_("This is not on the list of this column. Choose from the list.")
CHANGED = N_("Somebody changed this after the workbook was made. Download the workbook anew.")


@dataclass(frozen=True)
class KnownRow:
    """A thing that a sheet tells of: its identifier, its locked cells by column, and what its form would show."""

    id: UUID
    told: Mapping[str, str] = field(default_factory=dict)
    content: Any = None


@dataclass(frozen=True)
class DraftRow:
    """A filled row: its number, what was typed by field, and its identifiers.

    `id` is that of the thing which the row is about, None for a new one. `made_id` is made of the copy of the workbook
    and of the row's place, `version_id` of these and of what the row says: the same row again has the same ones.
    """

    number: int
    typed: Mapping[str, Any]
    id: UUID | None
    made_id: UUID
    form: DraftForm

    @property
    def mark(self) -> str:
        """The fingerprint of what it says."""
        return fingerprint(self.typed)

    @property
    def version_id(self) -> UUID:
        """The identifier of what it says."""
        return self.version_of(self.mark)

    def version_of(self, mark: str) -> UUID:
        """Return the identifier of what it said with another fingerprint."""
        return uuid5(self.made_id, mark)

    def draft(self, kind: type[D], /, **more: Any) -> D:
        """Return the draft of the row and of `more`. Raises RuleBroken with all flaws at their columns."""
        return self.form.draft(kind, self.typed, **more)


# ------------------------------------------------------------------------------------------------------ columns


def columns(
    form: DraftForm,
    names: Sequence[str],
    told: Mapping[str, str],
    sheet: str,
    known: Sequence[Mapping[str, Given]] = (),
) -> Iterator[FormColumn]:
    """Yield the columns of a sheet: the locked ones `told` (messages by code), the fields, and the hidden ones.

    A field of several choices has a column more than the longest of the `known` rows needs, and SEVERAL_CELLS at least.
    """
    longest = {name: max((len(_several(name, row)) for row in known), default=0) + 1 for name in names}
    yield from (FormColumn(code, _(head), "text", told=True) for code, head in told.items())
    for name in names:
        said = form.said[name]
        needed = name in form.needed and said.when is None
        hint = _("Only where {field} asks for it.", field=form.label(said.when[0])) if said.when else _(said.hint)
        match form.look(name):
            case "one" | "few" | "switch":
                yield FormColumn(name, form.label(name), "choice", list_name(form, name, sheet), hint, needed)
            case "several":
                listed = list_name(form, name, sheet)
                for at in range(max(longest[name], SEVERAL_CELLS)):
                    yield FormColumn(f"{name}.{at}", form.label(name), "choice", listed, hint, needed and not at)
            case "number":
                yield FormColumn(name, form.label(name), "count", "", hint, needed)
            case "date":
                yield FormColumn(name, form.label(name), "day", "", hint, needed)
            case _:
                yield FormColumn(name, form.label(name), "text", "", hint, needed)
    yield from (FormColumn(code, "", "text", hidden=True) for code in (ID, SEEN))


def list_name(form: DraftForm, name: str, sheet: str) -> str:
    """Return the name of the list of choices of a field: that of its code list, else one of this sheet's own."""
    return form.listed(name) or f"{sheet}.{name}"


def lists(form: DraftForm, names: Sequence[str], options: Options, sheet: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the choices of each field that has any, by the name of the list, in the language of the request."""
    for name in names:
        if form.look(name) in ("one", "few", "several", "switch"):
            yield list_name(form, name, sheet), [each["label"] for each in _options(form, name, options)]


def _options(form: DraftForm, name: str, options: Options) -> Sequence[Mapping[str, str]]:
    if form.look(name) == "switch":
        return [{"value": "yes", "label": _("Yes")}, {"value": "", "label": _("No")}]
    return options[name] if name in options else options_of(form.said[name], form.about(name))


def cells(form: DraftForm, names: Sequence[str], known: KnownRow, options: Options) -> dict[str, Given]:
    """Return the cells of a thing that is known, with the hidden ones."""
    shown = form.shown(known.content) if known.content is not None else dict.fromkeys(names)
    found: dict[str, Given] = dict(known.told)
    for name in names:
        value, look = typed_as(shown.get(name)), form.look(name)
        words = {each["value"]: each["label"] for each in _options(form, name, options)} if _chosen(look) else {}
        if value is None and known.content is not None and NONE in form.said[name].choices:
            found[name] = words[NONE]
        elif look == "several":
            found |= {f"{name}.{at}": words.get(each, each) for at, each in enumerate(value or ())}
        elif value in (None, ""):
            found[name] = None
        elif look == "date":
            found[name] = ["day", str(value)]
        elif look == "number":
            found[name] = float(value)
        else:
            found[name] = words.get("yes" if value is True else str(value), str(value))
    typed, _flaws = typed_in(form, names, found, options)
    return {**found, ID: str(known.id), SEEN: fingerprint(typed)}


def _chosen(look: str) -> bool:
    return look in ("one", "few", "several", "switch")


# --------------------------------------------------------------------------------------------------------- rows


def read(
    form: DraftForm, names: Sequence[str], place: tuple[UUID, str, int], said: Mapping[str, Given], options: Options
) -> tuple[DraftRow, dict[str, Flaw]]:
    """Return a filled row, and its flaws by column. `place`: the copy of the workbook, the sheet, and the row."""
    copy, sheet, number = place
    typed, flaws = typed_in(form, names, said, options)
    try:
        known = UUID(str(said[ID])) if ID in said else None
    except ValueError:
        known = None
    return DraftRow(number, typed, known, uuid5(copy, f"{sheet} {known or number}"), form), flaws


def to_write(row: DraftRow, said: Mapping[str, Given], known: Mapping[UUID, Mapping[str, Given]]) -> DraftRow | None:
    """Return a row with the thing that it changes, if any; None where it says what is stored.

    `known` are the cells of what is stored by now. What this very row stored earlier is what it changes. Raises
    RuleBroken where somebody else changed the thing after the workbook was made.
    """
    if row.version_id in known:
        return None
    if row.id is not None and row.id in known:
        stands, seen = known[row.id][SEEN], said.get(SEEN)
        if row.mark in (stands, seen):
            return None
        if stands != seen:
            raise RuleBroken("", CHANGED)
        return row
    for ident, stored in known.items():
        if ident.version == 5 and ident == row.version_of(str(stored[SEEN])):
            return replace(row, id=ident)
    if row.id is not None:
        if row.mark == said.get(SEEN):
            return None
        raise RuleBroken("", CHANGED)
    if row.made_id not in known:
        return row
    return None if known[row.made_id][SEEN] == row.mark else replace(row, id=row.made_id)


def typed_in(
    form: DraftForm, names: Sequence[str], said: Mapping[str, Given], options: Options
) -> tuple[dict[str, Any], dict[str, Flaw]]:
    """Return what a row says as the form's inputs hold it, and the flaws of its cells by column."""
    typed, flaws = form.shown(), dict[str, Flaw]()
    for name in names:
        look, cell = form.look(name), said.get(name)
        if look == "several":
            given = [text_of(said[code]) for code in _several(name, said)]
            typed[name] = [_choice(form, name, each, options, flaws, f"{name}.{at}") for at, each in enumerate(given)]
        elif cell is None:
            continue
        elif _chosen(look):
            typed[name] = _choice(form, name, text_of(cell), options, flaws, name)
        elif look == "date":
            day = day_of(cell)
            typed[name] = day.isoformat() if isinstance(day, date) else None
            if isinstance(day, str):
                flaws[name] = Flaw("", day)
        elif look == "number":
            typed[name] = count_of(cell)
        else:
            typed[name] = text_of(cell)
    for name in names:
        if said.get(name) is not None and not is_shown(form.said[name], typed):
            flaws.setdefault(name, Flaw("", _NOT_ASKED))
    return typed, flaws


def _several(name: str, said: Mapping[str, Given]) -> list[str]:
    found = [code for code, cell in said.items() if code.rpartition(".")[0] == name and cell is not None]
    return sorted(found, key=lambda code: (len(code), code))


def _choice(form: DraftForm, name: str, words: str, options: Options, flaws: dict[str, Flaw], column: str) -> Any:
    """Return the value of a choice in words of any language; words without one are left, and a flaw."""
    wanted = " ".join(words.casefold().split())
    if listed := form.listed(name):
        return vocabulary.code_for(listed, words)
    for language in LOCALES:
        with in_language(language):
            for each in _options(form, name, options):
                if wanted in (each["label"].casefold(), each["value"].casefold()):
                    return each["value"]
        if name in options:
            break
    flaws[column] = Flaw("", _NO_CHOICE)
    return words
