"""A form drawn from a model whose fields say how they are asked (`operations.core.field_labels`), and what was typed
into it.

The type of a field chooses what draws and reads it, unless the field says so itself (`parts/draft_fields.py`); labels,
hints, units, choices, limits, conditions and rows are the field's own. What only one screen knows how to draw, to read
or to offer, it gives along. `parts/form_fields.py` draws; here is what was typed, and where a flaw is said.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from dash import ClientsideFunction, Input, Output, State, clientside_callback
from dash.development.base_component import Component
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from dashboard.parts.datetimes import day_and_time, typed_moment
from dashboard.parts.draft_fields import SEVERAL, limit, look_of, may_be_none, type_of, typed_as
from dashboard.parts.form import Form
from operations.core.drafts import NEEDED, flaws_of
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import NONE, Label, fields_said

D = TypeVar("D", bound=BaseModel)
Drawer = Callable[["DraftForm", str, Any, dict[str, Any]], Component]
"""Draws a field from its name, the value it begins with, and label and hint as its component takes them."""
Reader = Callable[[str, str], Any]
"""Reads a text that was typed into a field. Raises RuleBroken."""
ORDER = "order"
"""The input by whose number rows are put in their order."""
_PLAIN = ("", "few", "one", "text", "words", "zone")
"""What is read without a reader of the screen."""


class DraftForm(Form):
    """The form of a `model`, with fields `beside` it; those named `first` come first, the others in their order.

    `said` are its fields by their names. A window of days "during" has two inputs, "during_first" and "during_last"; a
    moment "starts" has "starts" for its day and "starts_time"; the second of the rows "members" has "members_1_persons"
    and the like. `stands` says at which field a flaw is told of what nobody types, by the names of both.
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
        every = {**(beside or {}), **{name: each for name, each in fields_said(model).items() if each.typed}}
        self.said = {name: every[name] for name in (*first, *(each for each in every if each not in first))}
        self.needed = frozenset(name for name in self.said if self._must_be_filled(name))

    @property
    def identified(self) -> bool:
        """Whether what is made of it has an identifier, which the form keeps from when it is opened."""
        return "id" in self.model.model_fields

    def about(self, name: str) -> FieldInfo | None:
        """What the model knows of a field; None for one beside it."""
        return self.model.model_fields.get(name)

    def look(self, name: str) -> str:
        """What draws and reads a field."""
        return look_of(self.said[name], self.about(name))

    def states(self, *fields: str) -> dict[str, State]:
        """What was typed into `fields`, else into all, as one argument of a callback, by the names of the inputs."""
        found: dict[str, State] = {}
        for name in fields or self.said:
            if self.look(name) == "rows":
                for row in range(self.said[name].rows):
                    found |= {self.in_row(name, row, each): state for each, state in self.row(name, row)._all().items()}
            else:
                ways = "checked" if self.look(name) == "switch" else "value"
                found |= {each: State(self.id(each), ways) for each in self.inputs_of(name)}
        return found

    inputs = states

    def inputs_of(self, name: str) -> tuple[str, ...]:
        """The names of a field's inputs."""
        match self.look(name):
            case "window":
                return (f"{name}_first", f"{name}_last")
            case "moment":
                return (name, f"{name}_time")
        return (name,)

    def while_id(self, name: str) -> str:
        """The id of what holds a field that is asked under a condition."""
        return f"{self.id(name)}-while"

    def wire(self) -> "DraftForm":
        """Show fields while what they are asked under is chosen, without asking the server. Once, where it is made.

        Also as the form comes: what was chosen before it was drawn anew stands in it, which the server does not know.
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
        """What a field holds before somebody types: what it says itself, or the model's default; None for neither."""
        about, said = self.about(name), self.said[name]
        if said.start is not None or about is None or about.is_required():
            return None if said.start == NONE else said.start
        return about.get_default(call_default_factory=True)

    def fresh(self, fields: Iterable[str]) -> dict[str, Any]:
        """What stands in the inputs `fields` before somebody types."""
        begun = self.shown()
        return {name: [] if name in self.said and self.look(name) == "several" else begun.get(name) for name in fields}

    # ------------------------------------------------------------------------------------------------------- rows

    def row(self, name: str, row: int) -> "_Row":
        """The form of one row of a field."""
        if (name, row) not in self._rows:
            self._rows[name, row] = _Row(self, name, row)
        return self._rows[name, row]

    def in_row(self, name: str, row: int, field: str) -> str:
        """The name of a row's input among those of the form."""
        return f"{name}_{row}_{field}"

    def rows_typed(self, name: str, values: Mapping[str, Any]) -> list[int]:
        """The rows of a field that hold something, in their order."""
        said = self.said[name]
        key = said.key or next(iter(fields_said(type_of(self.about(name)))))
        filled = [row for row in range(said.rows) if values.get(self.in_row(name, row, key)) not in (None, "", [])]
        order = {row: values.get(self.in_row(name, row, ORDER)) for row in filled}
        return sorted(filled, key=lambda row: (at if isinstance(at := order[row], int | float) else 0, row))

    # ------------------------------------------------------------------------------------------------- what is shown

    def shown(self, thing: Any = None, zone: str = "UTC") -> dict[str, Any]:
        """What stands in each input, of a thing, a mapping or what was typed; of None as a new one begins.

        Moments stand as the clocks of `zone` show them.
        """
        found: dict[str, Any] = {}
        for name in self.said:
            inputs = self.inputs_of(name)
            if len(inputs) > 1 and isinstance(thing, Mapping) and inputs[1] in thing:
                found |= {each: thing.get(each) for each in inputs}
                continue
            value = self.value(name, thing)
            match self.look(name):
                case "moment":
                    day, at = day_and_time(value, zone)
                    found |= dict(zip(inputs, (day, at or "00:00"), strict=True))
                case "window":
                    found |= dict(zip(inputs, value or (None, None), strict=True))
                case "rows":
                    for row in range(self.said[name].rows):
                        inner = self.row(name, row)
                        shown = inner.shown(value[row] if row < len(value or ()) else None)
                        shown |= {ORDER: (row + 1) * 10} if self.said[name].order else {}
                        found |= {self.in_row(name, row, each): this for each, this in shown.items()}
                case "text" | "words" | "time" | "number":
                    found[name] = "" if value is None else typed_as(value)
                case _:
                    found[name] = typed_as(value)
        return found

    def value(self, name: str, thing: Any = None) -> Any:
        """What a field holds of a thing or a mapping; what it starts with where that says nothing."""
        if isinstance(thing, Mapping):
            return thing[name] if name in thing else self.start(name)
        return getattr(thing, name, None) if hasattr(thing, name) else self.start(name)

    # ------------------------------------------------------------------------------------------------- what was typed

    def content(
        self, values: Mapping[str, Any], readers: Mapping[str, Reader] | None = None, zone: str = "UTC"
    ) -> dict[str, Any]:
        """What was typed as the model takes it, without what was not asked. Raises RuleBroken with every flaw.

        `readers` read what some fields draw; moments are times of `zone`.
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
        """The draft of what was typed and of what nobody types, `more`. Raises RuleBroken with every flaw in its place.

        `turn` makes what the draft takes of what was typed. Fields that are beside the model do not go into it.
        """
        found, flaws = self._read_all(values, readers or {}, zone)
        try:
            found = turn(found) if turn else found
        except RuleBroken as refused:
            flaws += refused.flaws
        content = {name: each for name, each in found.items() if name in kind.model_fields} | more
        try:
            made = kind.model_validate(content)
        except ValidationError as error:
            said = {flaw.field for flaw in flaws}
            flaws += [each for each in self._placed(error, values) if each.field not in said]
        if flaws:
            raise RuleBroken.all(flaws)
        return made

    def made(self, content: Mapping[str, Any]) -> Any:
        """The model of some content. Raises RuleBroken with every flaw, each on the input it was typed into."""
        try:
            return self.model.model_validate(content)
        except ValidationError as error:
            raise RuleBroken.all(self._placed(error, content)) from None

    def _read_all(
        self, values: Mapping[str, Any], readers: Mapping[str, Reader], zone: str
    ) -> tuple[dict[str, Any], list[Flaw]]:
        found: dict[str, Any] = {}
        flaws: list[Flaw] = []
        for name, said in self.said.items():
            if not asked(said, values):
                continue
            try:
                if self.look(name) == "rows":
                    found[name], wrong = self._rows_read(name, values, readers, zone)
                    flaws += wrong
                    continue
                found[name] = self._read(name, said, values, readers.get(said.draws), zone)
            except RuleBroken as refused:
                flaws += refused.flaws
                continue
            if found[name] in (None, (), []) and (said.needed or self._cannot_be_empty(name, found[name])):
                flaws.append(Flaw(self.inputs_of(name)[0], said.needed or NEEDED))
                del found[name]
        return found, flaws

    def _must_be_filled(self, name: str) -> bool:
        """Whether a field that is asked is refused where it is empty."""
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
            return tuple(value) if isinstance(value, list | tuple) else value or ()
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
        return None if value == "" or (value == NONE and NONE in said.choices) else value

    def _placed(self, error: ValidationError, values: Mapping[str, Any]) -> Iterator[Flaw]:
        """What pydantic found, each on the input it was typed into."""
        for flaw in flaws_of(error):
            yield Flaw(self.input_of(flaw.field, values), flaw.template, flaw.params)

    def input_of(self, path: str, values: Mapping[str, Any]) -> str:
        """The input that a flaw of the model is said at: "members.1.persons" is that of the second row typed."""
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
    """One row of a field, as a form: its inputs are named as the row's, `form.in_row`."""

    def __init__(self, form: DraftForm, name: str, row: int) -> None:
        super().__init__(f"{form.prefix}-{name}_{row}", type_of(form.about(name)))
        self.ordered = form.said[name].order

    def id(self, field: str) -> str:
        """The id of a field's input."""
        return f"{self.prefix}_{field}"

    def _all(self) -> dict[str, State]:
        order = {ORDER: State(self.id(ORDER), "value")} if self.ordered else {}
        return order | self.states()


def asked(said: Label, values: Mapping[str, Any]) -> bool:
    """Whether a field is asked, as the others stand."""
    if said.when is None:
        return True
    name, wanted = said.when
    return values.get(name) in (wanted if isinstance(wanted, tuple) else (wanted,))
