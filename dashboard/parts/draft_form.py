"""A form drawn from a pydantic model: how its fields are drawn, and how typed values become a draft.

The type of a field chooses its component and parser, unless the field names them (`parts/draft_fields.py`); labels,
hints, units, choices, limits, conditions and rows are declared on the field (`operations.core.field_labels`). A screen
may pass its own drawers, readers and choices. `parts/form_fields.py` draws the fields; this module parses them and
places their flaws.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from dash import ClientsideFunction, Input, Output, State, clientside_callback, html
from dash.development.base_component import Component
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from dashboard import wording
from dashboard.parts.datetimes import day_and_time, typed_moment, typed_time
from dashboard.parts.draft_fields import SEVERAL, limit, list_of, look_of, may_be_none, type_of, typed_as, value_text
from dashboard.parts.form import Form
from dashboard.wording import _, number
from operations.core.drafts import NEEDED, flaws_of
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import NONE, Label, labels_of
from operations.core.vocabulary import Choices, code_for

D = TypeVar("D", bound=BaseModel)
Drawer = Callable[["DraftForm", str, Any, dict[str, Any]], Component]
"""Draws a field from its name, its initial value, and the label and hint as arguments of the component."""
Reader = Callable[[str, str], Any]
"""Parses the text typed into a field. Raises RuleBroken."""
ORDER = "order"
"""The input whose number sets the order of rows."""
_PLAIN = ("", "few", "one", "text", "words", "zone")
"""Kinds that need no reader of the screen."""


class DraftForm(Form):
    """The form of a `model`, with extra fields `beside` it; fields in `first` come first, the others in their order.

    `said` are the labels of its fields by name. A window of days "during" has two inputs, "during_first" and
    "during_last"; a moment "starts" has "starts" for its day and "starts_time"; the second row of "members" has
    "members_1_persons" and the like. `stands` maps names that nobody types to the fields where their flaws are shown.
    """

    def __init__(
        self,
        prefix: str,
        model: type[BaseModel],
        first: tuple[str, ...] = (),
        beside: Mapping[str, Label] | None = None,
        stands: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(prefix)
        self.model, self.stands = model, dict(stands or {})
        self._rows: dict[tuple[str, int], _Row] = {}
        every = {**(beside or {}), **{name: each for name, each in labels_of(model).items() if each.typed}}
        self.said = {name: every[name] for name in (*first, *(each for each in every if each not in first))}
        self.needed = self.marked = frozenset(name for name in self.said if self._must_be_filled(name))

    @property
    def identified(self) -> bool:
        """Whether its draft has an identifier, which the form creates when it is opened."""
        return "id" in self.model.model_fields

    def about(self, name: str) -> FieldInfo | None:
        """Return pydantic's information on a field; None for an extra field."""
        return self.model.model_fields.get(name)

    def label(self, name: str) -> str:
        """Return the label of a field."""
        return _(self.said[name].label)

    def facts(self, row: Any, *names: str) -> list[tuple[str, Any]]:
        """Return fields as the page of a row says them: each with its label and its value, "" where there is none."""
        return [(self.label(name), self._fact(name, getattr(row, name))) for name in names]

    def _fact(self, name: str, value: Any) -> Any:
        if value is None or value == "":
            return ""
        if isinstance(value, date):
            return wording.date(value)
        if isinstance(value, int):
            return number(value)
        said = value_text(self.model, name, value)
        return said if self.listed(name) else html.Bdi(said)

    def listed(self, name: str) -> str:
        """Return the code list that a field takes its values from; "" for none."""
        return list_of(self.said[name], self.about(name))

    def look(self, name: str) -> str:
        """Return the kind of a field's component."""
        return look_of(self.said[name], self.about(name))

    def states(self, *fields: str) -> dict[str, State]:
        """Return the states of `fields`, or of all fields, as one argument of a callback, by input name."""
        states: dict[str, State] = {}
        for name in fields or self.said:
            if self.look(name) == "rows":
                for row in range(self.said[name].rows):
                    states |= {self.in_row(name, row, n): state for n, state in self.row(name, row)._all().items()}
            else:
                ways = "checked" if self.look(name) == "switch" else "value"
                states |= {each: State(self.id(each), ways) for each in self.inputs_of(name)}
        return states

    inputs = states

    def inputs_of(self, name: str) -> tuple[str, ...]:
        """Return the names of a field's inputs."""
        match self.look(name):
            case "window":
                return (f"{name}_first", f"{name}_last")
            case "moment":
                return (name, f"{name}_time")
        return (name,)

    def while_id(self, name: str) -> str:
        """Return the id of the container of a conditional field."""
        return f"{self.id(name)}-while"

    def wire(self) -> "DraftForm":
        """Show conditional fields in the browser, as other fields are chosen. Call it once, where the form is made.

        It also runs when the form is drawn again: the browser then holds earlier choices, which the server does not
        know.
        """
        for name, said in self.said.items():
            if said.when is not None:
                asked = next(iter(self.states(said.when[0]).values()))
                clientside_callback(
                    ClientsideFunction("muster", "asked_while"),
                    Output(self.while_id(name), "hidden"),
                    Input(asked.component_id, asked.component_property),
                    State(self.while_id(name), "data-while"),
                )
        return self

    def start(self, name: str) -> Any:
        """Return the initial value of a field: its own, else the model's default; None for neither."""
        about, said = self.about(name), self.said[name]
        if said.start is not None or about is None or about.is_required():
            return None if said.start == NONE else said.start
        return about.get_default(call_default_factory=True)

    def fresh(self, fields: Iterable[str]) -> dict[str, Any]:
        """Return the initial values of the inputs `fields`."""
        begun = self.shown()
        return {name: [] if name in self.said and self.look(name) == "several" else begun.get(name) for name in fields}

    # ------------------------------------------------------------------------------------------------------- rows

    def row(self, name: str, row: int) -> "_Row":
        """Return the form of one row of a field."""
        if (name, row) not in self._rows:
            self._rows[name, row] = _Row(self, name, row)
        return self._rows[name, row]

    def in_row(self, name: str, row: int, field: str) -> str:
        """Return the name of a row's input in the form."""
        return f"{name}_{row}_{field}"

    def rows_typed(self, name: str, values: Mapping[str, Any]) -> list[int]:
        """Return the indices of the filled rows of a field, in their order."""
        said = self.said[name]
        key = said.key or next(iter(labels_of(type_of(self.about(name)))))
        filled = [row for row in range(said.rows) if values.get(self.in_row(name, row, key)) not in (None, "", [])]
        order = {row: values.get(self.in_row(name, row, ORDER)) for row in filled}
        return sorted(filled, key=lambda row: (at if isinstance(at := order[row], int | float) else 0, row))

    # ------------------------------------------------------------------------------------------------- what is shown

    def shown(self, thing: Any = None, zone: str = "UTC") -> dict[str, Any]:
        """Return the value of each input, from an object, a mapping or typed values; for None the initial values.

        Times are wall-clock times of `zone`.
        """
        values: dict[str, Any] = {}
        for name in self.said:
            inputs = self.inputs_of(name)
            if len(inputs) > 1 and isinstance(thing, Mapping) and inputs[1] in thing:
                values |= {each: thing.get(each) for each in inputs}
                continue
            value = self.value(name, thing)
            match self.look(name):
                case "moment":
                    day, at = day_and_time(value, zone)
                    values |= dict(zip(inputs, (day, at or "00:00"), strict=True))
                case "window":
                    values |= dict(zip(inputs, value or (None, None), strict=True))
                case "rows":
                    for row in range(self.said[name].rows):
                        inner = self.row(name, row)
                        shown = inner.shown(value[row] if row < len(value or ()) else None)
                        shown |= {ORDER: (row + 1) * 10} if self.said[name].order else {}
                        values |= {self.in_row(name, row, each): this for each, this in shown.items()}
                case "text" | "words" | "time" | "number":
                    values[name] = "" if value is None else typed_as(value)
                case _:
                    values[name] = typed_as(value)
        return values

    def value(self, name: str, thing: Any = None) -> Any:
        """Return the value of a field in an object or mapping; its initial value where that has none."""
        if isinstance(thing, Mapping):
            return thing[name] if name in thing else self.start(name)
        return getattr(thing, name, None) if hasattr(thing, name) else self.start(name)

    # ------------------------------------------------------------------------------------------------- what was typed

    def content(
        self, values: Mapping[str, Any], readers: Mapping[str, Reader] | None = None, zone: str = "UTC"
    ) -> dict[str, Any]:
        """Return the typed values as the model takes them, without hidden fields. Raises RuleBroken with all flaws.

        `readers` parse fields with drawers of the screen; times are wall-clock times of `zone`.
        """
        found, flaws = self._read_all(values, readers or {}, zone)
        if flaws:
            raise RuleBroken.all(flaws)
        return found

    def draft(
        self,
        kind: type[D],
        values: Mapping[str, Any],
        /,
        readers: Mapping[str, Reader] | None = None,
        zone: str = "UTC",
        turn: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
        **more: Any,
    ) -> D:
        """Return the draft of the typed values and of `more`. Raises RuleBroken with all flaws at their fields.

        `turn` converts the typed values before they are validated. Extra fields beside the model are left out.
        """
        typed, flaws = self._read_all(values, readers or {}, zone)
        try:
            typed = turn(typed) if turn else typed
        except RuleBroken as refused:
            flaws += refused.flaws
        content = {name: each for name, each in typed.items() if name in kind.model_fields} | more
        try:
            made = kind.model_validate(content)
        except ValidationError as error:
            said = {flaw.field for flaw in flaws}
            flaws += [each for each in self._placed(error, values) if each.field not in said]
        if flaws:
            raise RuleBroken.all(flaws)
        return made

    def made(self, content: Mapping[str, Any]) -> Any:
        """Validate some content as the model. Raises RuleBroken with all flaws, each on the input it was typed into."""
        try:
            return self.model.model_validate(content)
        except ValidationError as error:
            raise RuleBroken.all(self._placed(error, content)) from None

    def _read_all(
        self, values: Mapping[str, Any], readers: Mapping[str, Reader], zone: str
    ) -> tuple[dict[str, Any], list[Flaw]]:
        content: dict[str, Any] = {}
        flaws: list[Flaw] = []
        for name, said in self.said.items():
            if not is_shown(said, values):
                continue
            try:
                if self.look(name) == "rows":
                    content[name], wrong = self._rows_read(name, values, readers, zone)
                    flaws += wrong
                    continue
                content[name] = self._read(name, said, values, readers.get(said.draws), zone)
            except RuleBroken as refused:
                flaws += refused.flaws
                continue
            if content[name] in (None, (), []) and (said.needed or self._cannot_be_empty(name, content[name])):
                flaws.append(Flaw(self.inputs_of(name)[0], said.needed or NEEDED))
                del content[name]
        return content, flaws

    def _must_be_filled(self, name: str) -> bool:
        """Return whether a field is required while it is shown."""
        about, look = self.about(name), self.look(name)
        if about is None or self.said[name].needed:
            behind = (each for each, field in self.stands.items() if field == name and each in self.model.model_fields)
            return bool(self.said[name].needed) or any(self.model.model_fields[each].is_required() for each in behind)
        if look == "switch" or may_be_none(about):
            return False
        if look in ("several", "rows", "lines") or self.said[name].draws in SEVERAL:
            return (limit(about, "min_length") or 0) > 0
        return about.is_required() or look in ("number", "date", "time", "moment")

    def _cannot_be_empty(self, name: str, value: Any) -> bool:
        about = self.about(name)
        return value is None and about is not None and not may_be_none(about) and self.said[name].draws in _PLAIN

    def _rows_read(
        self, name: str, values: Mapping[str, Any], readers: Mapping[str, Reader], zone: str
    ) -> tuple[list[dict[str, Any]], list[Flaw]]:
        found, flaws = [], []
        for row in self.rows_typed(name, values):
            inner = self.row(name, row)
            typed = {each: values.get(self.in_row(name, row, each)) for each in inner._all()}
            content, wrong = inner._read_all(typed, readers, zone)
            found.append(content)
            flaws += [Flaw(self.in_row(name, row, each.field), each.template, each.params) for each in wrong]
        return found, flaws

    def _read(self, name: str, said: Label, values: Mapping[str, Any], reader: Reader | None, zone: str) -> Any:
        value, look = values.get(name), self.look(name)
        first, *last = (values.get(each) or None for each in self.inputs_of(name))
        if look == "window":
            none = first is last[0] is None and may_be_none(self.about(name))
            return None if none else {"first": first, "last": last[0]}
        if look == "moment":
            if first is None and may_be_none(self.about(name)):
                return None
            return typed_moment(first, last[0], zone, name, values.get("which")) if first or last[0] else None
        if said.draws in SEVERAL or look == "several":
            listed = list_of(said, self.about(name))
            if not isinstance(value, list | tuple):
                return value or ()
            return tuple(code_for(listed, each) if listed and isinstance(each, str) else each for each in value)
        if reader is not None:
            return reader(name, str(value or ""))
        if look == "switch":
            return bool(value)
        if (
            look in ("text", "words")
            and said.draws in _PLAIN
            and self.about(name)
            and not may_be_none(self.about(name))
        ):
            return str(value or "").strip() or (None if name in self.needed else "")
        if look == "time" and isinstance(value, str):
            value = typed_time(value) or value
        if isinstance(value, str) and (listed := list_of(said, self.about(name))):
            value = code_for(listed, value)
        return None if value == "" or (value == NONE and NONE in said.choices) else value

    def _placed(self, error: ValidationError, values: Mapping[str, Any]) -> Iterator[Flaw]:
        """Yield pydantic's errors as flaws, each on the input it was typed into."""
        for flaw in flaws_of(error):
            said = self.said.get(flaw.field.split(".")[0])
            named = {"choices": Choices(said.choices.values())} if said and said.choices else {}
            params = flaw.params | named if "choices" in flaw.params else flaw.params
            yield Flaw(self.input_of(flaw.field, values), flaw.template, params)

    def input_of(self, path: str, values: Mapping[str, Any]) -> str:
        """Return the input at which a flaw is shown: "members.1.persons" is that of the second filled row."""
        name, *rest = path.split(".")
        name = self.stands.get(path, self.stands.get(name, name))
        if name not in self.said or not (rest or self.said[name].rows):
            return name
        match self.look(name):
            case "rows":
                row = self.rows_typed(name, values)[int(rest[0])] if rest else 0
                field = rest[1] if len(rest) > 1 else next(iter(self.row(name, row).said))
                return self.in_row(name, row, field)
            case "window":
                return f"{name}_{rest[0]}"
        return path


class _Row(DraftForm):
    """One row of a field, as a form; its inputs are named by `form.in_row`."""

    def __init__(self, form: DraftForm, name: str, row: int) -> None:
        super().__init__(f"{form.prefix}-{name}_{row}", type_of(form.about(name)))
        self.ordered = form.said[name].order
        if row >= (limit(form.about(name), "min_length") or 0):
            self.marked = frozenset()

    def id(self, field: str) -> str:
        """Return the id of a field's input."""
        return f"{self.prefix}_{field}"

    def _all(self) -> dict[str, State]:
        order = {ORDER: State(self.id(ORDER), "value")} if self.ordered else {}
        return order | self.states()


def is_shown(said: Label, values: Mapping[str, Any]) -> bool:
    """Return whether a field is shown, given the values of the others."""
    if said.when is None:
        return True
    name, wanted = said.when
    return values.get(name) in (wanted if isinstance(wanted, tuple) else (wanted,))
