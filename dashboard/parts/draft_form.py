"""A form drawn from a model whose fields say how they are asked (`operations.core.said`), and what was typed into it.

The type of a field chooses what draws it, unless the field says so itself; labels, hints, choices and limits are the
field's own. What only one screen knows how to draw or to read, it gives along.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from dash import State, html
from dash.development.base_component import Component
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from dashboard.parts.form import (
    Form,
    date_field,
    multi_select_field,
    number_field,
    select_field,
    switch_field,
    text_area,
    text_field,
)
from dashboard.wording import _, language
from operations.core import vocabulary
from operations.core.drafts import flaws_of
from operations.core.errors import Flaw, RuleBroken
from operations.core.said import NONE, Said, fields_said

Drawer = Callable[["DraftForm", str, Any, dict[str, Any]], Component]
"""Draws a field from its name, the value it begins with, and label and hint as its component takes them."""
Reader = Callable[[str, str], Any]
"""Reads a text that was typed into a field. Raises RuleBroken."""

_LINES = frozenset({"around", "journeys", "places", "required", "skills"})
_TEXTS = frozenset({"numbers", "place", "text"})
_SEVERAL = frozenset({"closable", "countries", "crossings", "layers", "several"})
_MOST_LISTED = 60


class DraftForm(Form):
    """The form of a `model`, with fields `beside` it; those named `first` come first, the others in their order.

    `said` are its fields by their names. A window of days "during" has two inputs, "during_first" and "during_last".
    """

    def __init__(
        self,
        prefix: str,
        model: type[BaseModel],
        first: tuple[str, ...] = (),
        beside: Mapping[str, Said] | None = None,
    ) -> None:
        super().__init__(prefix)
        self.model = model
        every = {**(beside or {}), **{name: each for name, each in fields_said(model).items() if each.typed}}
        self.said = {name: every[name] for name in (*first, *(each for each in every if each not in first))}

    def about(self, name: str) -> FieldInfo | None:
        """What the model knows of a field; None for one beside it."""
        return self.model.model_fields.get(name)

    def inputs(self) -> dict[str, State]:
        """What was typed, as one argument of a callback, by the names of the inputs."""
        return {
            each: State(self.id(each), "checked" if _type_of(self.about(name)) is bool else "value")
            for name in self.said
            for each in self.inputs_of(name)
        }

    def inputs_of(self, name: str) -> tuple[str, ...]:
        """The names of a field's inputs."""
        return (f"{name}_first", f"{name}_last") if any(self.said[name].parts) else (name,)

    def while_id(self, name: str) -> str:
        """The id of what holds a field that is asked under a condition."""
        return f"{self.prefix}-{name}-while"

    def start(self, name: str) -> Any:
        """What a field holds before somebody types: what it says itself, or the model's default; None for neither."""
        about, said = self.about(name), self.said[name]
        if said.start is not None or about is None or about.is_required():
            return None if said.start == NONE else said.start
        return about.default

    def content(self, values: Mapping[str, Any], readers: Mapping[str, Reader]) -> dict[str, Any]:
        """What was typed as the model takes it, without what was not asked. Raises RuleBroken with every flaw.

        `readers` read what some fields draw.
        """
        found: dict[str, Any] = {}
        flaws: list[Flaw] = []
        for name, said in self.said.items():
            if said.when is not None and values.get(said.when[0]) != said.when[1]:
                continue
            try:
                found[name] = self._read(name, said, values, readers.get(said.draws))
            except RuleBroken as refused:
                flaws += refused.flaws
                continue
            if said.needed and found[name] in (None, (), []):
                flaws.append(Flaw(name, said.needed))
        if flaws:
            raise RuleBroken.all(flaws)
        return found

    def _read(self, name: str, said: Said, values: Mapping[str, Any], reader: Reader | None) -> Any:
        first, *last = (values.get(each) or None for each in self.inputs_of(name))
        value = values.get(name)
        if last:
            return (
                None
                if first is last[0] is None and _may_be_none(self.about(name))
                else {"first": first, "last": last[0]}
            )
        if said.draws in _SEVERAL:
            return tuple(value or ())
        if reader is not None:
            return reader(name, str(value or ""))
        return None if value == "" or (value == NONE and NONE in said.choices) else value

    def made(self, content: Mapping[str, Any]) -> Any:
        """The model of some content. Raises RuleBroken with every flaw, each on the input it was typed into."""
        try:
            return self.model.model_validate(content)
        except ValidationError as error:
            ends = {each.replace("_", "."): each for name in self.said for each in self.inputs_of(name) if each != name}
            raise RuleBroken.all(
                Flaw(ends.get(each.field, each.field), each.template, each.params) for each in flaws_of(error)
            ) from None


def drawn(form: DraftForm, name: str, value: Any, drawers: Mapping[str, Drawer] | None = None) -> Component:
    """The input of a field with the value it begins with, as its component takes it."""
    said, about = form.said[name], form.about(name)
    words: dict[str, Any] = {"label": _(said.label)}
    words |= {"description": _(said.hint)} if said.hint else {}
    words |= {"placeholder": _(said.placeholder)} if said.placeholder else {}
    if drawers and said.draws in drawers:
        field = drawers[said.draws](form, name, value, words)
    elif any(said.parts):
        field = _window(form, name, value)
    elif said.draws in _LINES:
        field = text_area(form, name, value=value, minRows=2, maxRows=8, className="m-num", **words)
    elif said.draws in _TEXTS:
        field = text_field(
            form, name, value=value, **words, **({"className": "m-num"} if said.draws == "numbers" else {})
        )
    elif said.draws == "countries":
        known = vocabulary.options("CL-COUNTRY", language())
        field = multi_select_field(form, name, options=known, value=list(value or ()), limit=_MOST_LISTED, **words)
    elif said.choices:
        options = [{"value": each, "label": _(meaning)} for each, meaning in said.choices.items()]
        if said.draws == "several":
            field = multi_select_field(form, name, options=options, value=list(value or ()), **words)
        else:
            chosen = NONE if value is None and NONE in said.choices else value
            field = select_field(form, name, options=options, value=chosen, clearable=False, **words)
    elif _type_of(about) is bool:
        field = switch_field(form, name, checked=value, **words)
    elif _type_of(about) is date:
        field = date_field(form, name, value=value and value.isoformat(), **words)
    else:
        field = number_field(form, name, **_number(said, about, value), **words)
    if said.when is None:
        return field
    hidden = form.start(said.when[0]) != said.when[1]
    return html.Div(field, id=form.while_id(name), hidden=hidden)


def _number(said: Said, about: FieldInfo | None, value: Any) -> dict[str, Any]:
    """A number's value, decimals and limits: said when it is sent, never put in the place of what was typed."""
    found: dict[str, Any] = {} if value is None else {"value": value}
    found |= {} if said.step is None else {"allowDecimal": True, "step": said.step}
    limits = {
        side: limit for name, side in (("ge", "min"), ("le", "max")) if (limit := _limit(about, name)) is not None
    }
    return found | limits | ({"clampBehavior": "none"} if limits else {})


def _window(form: DraftForm, name: str, days: tuple[date, date] | None) -> Component:
    """The first and the last day of a window, beside each other."""
    labels = [_(each) for each in form.said[name].parts]
    shown = [None, None] if days is None else [day.isoformat() for day in days]
    ends = zip(form.inputs_of(name), labels, shown, strict=True)
    return html.Div([date_field(form, each, label, value=day) for each, label, day in ends], className="form-pair")


# --------------------------------------------------------------------------------------------- what a model knows


def _parts(annotation: Any) -> list[Any]:
    """A type and what it is annotated with, taken out of Annotated and of "or None"."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return [*_parts(inner), *more]
    if get_origin(annotation) in (Union, UnionType):
        return [part for each in get_args(annotation) if each is not type(None) for part in _parts(each)]
    return [annotation]


def _type_of(about: FieldInfo | None) -> Any:
    return None if about is None else _parts(about.annotation)[0]


def _may_be_none(about: FieldInfo | None) -> bool:
    return about is not None and type(None) in get_args(about.annotation)


def _limit(about: FieldInfo | None, name: str) -> Any:
    """A limit of a field, such as "ge", by the last that sets one; None for none."""
    if about is None:
        return None
    inside = [
        more
        for part in _parts(about.annotation)[1:]
        for more in (part.metadata if isinstance(part, FieldInfo) else [part])
    ]
    set_by = [limit for each in (*inside, *about.metadata) if (limit := getattr(each, name, None)) is not None]
    return set_by[-1] if set_by else None


def longest(about: FieldInfo | None) -> int | None:
    """How many a field holds at most."""
    found: int | None = _limit(about, "max_length")
    return found
