"""Drawing of form fields from a model (`parts/draft_form.py`), by the label of each field."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.parts import form as fields
from dashboard.parts.draft_fields import chosen, limit, longest, may_be_none, options_of, type_of, typed_as
from dashboard.parts.draft_form import ORDER, DraftForm, Drawer, is_shown
from dashboard.wording import _
from operations.core.field_labels import NONE, Label

_MOST_LISTED = 60
Choices = Mapping[str, Sequence[Any] | Mapping[str, Any]]
"""Choices of fields that only the screen knows, by name: [{"value", "label"}], or properties with these as `data`."""


def drawing(
    form: DraftForm,
    thing: Any = None,
    *,
    drawers: Mapping[str, Drawer] | None = None,
    choices: Choices | None = None,
    zone: str = "UTC",
    **told: Any,
) -> Callable[..., list[Component]]:
    """Return a function that draws fields of a form by name, with the values of `thing` (`DraftForm.shown`).

    Called without names it draws all fields; its keyword arguments go to every component. `told` fills placeholders in
    labels and hints, and so does `zone`.
    """
    shown = form.shown(thing, zone)

    def draw(*names: str, **more: Any) -> list[Component]:
        return [
            _drawn(form, name, shown, drawers or {}, choices or {}, {"zone": zone, **told}, more)
            for name in names or form.said
        ]

    return draw


def drawn(form: DraftForm, name: str, value: Any, drawers: Mapping[str, Drawer] | None = None) -> Component:
    """Return the input of a field with its initial value."""
    values = (
        dict(zip(form.inputs_of(name), value or (None, None), strict=True))
        if _window(form, name)
        else {name: typed_as(value)}
    )
    return _drawn(form, name, values, drawers or {}, {}, {}, {})


def whole_form(
    form: DraftForm,
    send: str,
    icon_name: str,
    *rows: str | tuple[str, ...],
    kind: str = "primary",
    thing: Any = None,
    **how: Any,
) -> list[Component]:
    """Return a form with its button, labelled `send`: the fields in `rows`, by default all in their order.

    Fields in a tuple stand side by side. The form keeps the identifier of its draft, where that has one. `how`: further
    options of `drawing`.
    """
    draw = drawing(form, thing, **how)
    drawn_rows = [draw(each) if isinstance(each, str) else [pair(draw(*each))] for each in rows] or [draw()]
    kept = [fields.client_id(form)] if form.identified else []
    press = fields.button(send, form.send, kind, icon_name)
    return [*kept, *(part for row in drawn_rows for part in row), html.Div(press)]


def fieldset(legend: str, *parts: Any, note: str = "") -> Component:
    """Return fields that belong together under a heading, with a note on all of them."""
    said = [html.P(note, className="m-dim m-small")] if note else []
    return html.Fieldset([html.Legend(legend), *said, *parts], className="operation-fields")


def pair(parts: Sequence[Component]) -> Component:
    """Return fields side by side."""
    return html.Div(list(parts), className="form-pair")


def _window(form: DraftForm, name: str) -> bool:
    return form.look(name) == "window"


def _drawn(
    form: DraftForm,
    name: str,
    shown: Mapping[str, Any],
    drawers: Mapping[str, Drawer],
    choices: Choices,
    told: Mapping[str, Any],
    more: Mapping[str, Any],
) -> Component:
    said = form.said[name]
    words: dict[str, Any] = {"label": _(said.label, **told)}
    words |= {"description": _(said.hint, **told)} if said.hint else {}
    words |= {"placeholder": _(said.placeholder, **told)} if said.placeholder else {}
    words |= {**found} if isinstance(found := choices.get(name), Mapping) else {}
    words |= more
    if said.draws in drawers:
        field = drawers[said.draws](form, name, shown.get(name), words)
    elif form.look(name) == "rows":
        rows = [_row(form, name, row, shown, choices, told, more) for row in range(said.rows)]
        field = html.Div(rows, className="form-rows")
    else:
        field = _DRAWN[form.look(name)](form, name, shown, choices, words)
    if said.when is None:
        return field
    wanted = said.when[1] if isinstance(said.when[1], tuple) else (said.when[1],)
    values = {said.when[0]: shown.get(said.when[0], form.start(said.when[0]))}
    return html.Div(field, id=form.while_id(name), hidden=not is_shown(said, values), **{"data-while": list(wanted)})


def _row(
    form: DraftForm,
    name: str,
    row: int,
    shown: Mapping[str, Any],
    choices: Choices,
    told: Mapping[str, Any],
    more: Mapping[str, Any],
) -> Component:
    inner, told = form.row(name, row), {**told, "line": row + 1}
    of_row = {each: shown.get(form.in_row(name, row, each)) for each in (ORDER, *inner.states())}
    order = form.said[name].order
    number = fields.number_field(inner, ORDER, _(order, **told), value=of_row[ORDER], min=1, max=999) if order else None
    parts = [_drawn(inner, each, of_row, {}, choices, told, more) for each in inner.said]
    return html.Div([*([] if number is None else [number]), *parts], className=f"form-row form-row--{name}")


# ------------------------------------------------------------------------------------------------ each kind of field

Drawing = Callable[[DraftForm, str, Mapping[str, Any], Choices, dict[str, Any]], Component]


def _lines(form: DraftForm, name: str, shown: Mapping[str, Any], _choices: Choices, words: dict[str, Any]) -> Component:
    return fields.text_area(form, name, value=shown[name], **{"maxRows": 8, "className": "m-num", **words})


def _text(form: DraftForm, name: str, shown: Mapping[str, Any], _choices: Choices, words: dict[str, Any]) -> Component:
    figures = {"className": "m-num"} if form.said[name].draws == "numbers" else {}
    most = {"maxLength": longest(form.about(name))} if type_of(form.about(name)) is str else {}
    return fields.text_field(form, name, **{"value": shown[name], **figures, **most, **words})


def _words(form: DraftForm, name: str, shown: Mapping[str, Any], _choices: Choices, words: dict[str, Any]) -> Component:
    return fields.text_area(form, name, **{"value": shown[name], "maxRows": 12, **words})


def _several(
    form: DraftForm, name: str, shown: Mapping[str, Any], choices: Choices, words: dict[str, Any]
) -> Component:
    options = _options(form, name, choices)
    known = {"limit": _MOST_LISTED} if len(options) > _MOST_LISTED else {}
    return fields.multi_select_field(
        form, name, **{"options": options, "value": list(shown[name] or ()), **known, **words}
    )


def _one(form: DraftForm, name: str, shown: Mapping[str, Any], choices: Choices, words: dict[str, Any]) -> Component:
    said, about, options = form.said[name], form.about(name), _options(form, name, choices)
    known = {"limit": _MOST_LISTED} if len(options) > _MOST_LISTED and said.draws != "zone" else {}
    empty = NONE not in said.choices and (about is None or may_be_none(about))
    value = chosen(said, shown[name])
    return fields.select_field(form, name, **{"options": options, "value": value, "clearable": empty, **known, **words})


def _few(form: DraftForm, name: str, shown: Mapping[str, Any], choices: Choices, words: dict[str, Any]) -> Component:
    """Return radio buttons side by side."""
    choices_shown = [dmc.Radio(**each) for each in _options(form, name, choices)]
    more = {"errorProps": {"role": "alert"}, **_needed(form, name), **fields.said_needed(form, name)}
    return dmc.RadioGroup(
        html.Div(choices_shown, className="m-row form-few"), id=form.id(name), value=shown[name], **more, **words
    )


def _options(form: DraftForm, name: str, choices: Choices) -> list[Any]:
    given = choices.get(name)
    if isinstance(given, Mapping):
        return given["data"]
    return options_of(form.said[name], form.about(name)) if given is None else list(given)


def _switch(
    form: DraftForm, name: str, shown: Mapping[str, Any], _choices: Choices, words: dict[str, Any]
) -> Component:
    return fields.switch_field(form, name, checked=shown[name], **words)


def _date(form: DraftForm, name: str, shown: Mapping[str, Any], _choices: Choices, words: dict[str, Any]) -> Component:
    return fields.date_field(form, name, **{"value": shown[name], **words})


def _time(form: DraftForm, name: str, shown: Mapping[str, Any], _choices: Choices, words: dict[str, Any]) -> Component:
    return fields.time_field(form, name, **{"value": shown[name] or "", **words})


def _number(
    form: DraftForm, name: str, shown: Mapping[str, Any], _choices: Choices, words: dict[str, Any]
) -> Component:
    """Return a number input; limits are checked on submit, and never replace what was typed."""
    about, value = form.about(name), shown[name]
    found: dict[str, Any] = {} if value is None else {"value": value}
    found |= _counted(form.said[name], type_of(about))
    limits = {side: most for rule, side in (("ge", "min"), ("le", "max")) if (most := limit(about, rule)) is not None}
    found |= limits | ({"clampBehavior": "none"} if limits else {})
    found |= {"allowNegative": True} if limits.get("min", 0) < 0 else {}
    return fields.number_field(form, name, **{**found, **words})


def _counted(said: Label, kind: Any) -> dict[str, Any]:
    """Return the options for decimals and unit."""
    step = {} if said.step is None else {"allowDecimal": True, "step": said.step}
    decimal = {"allowDecimal": True} if kind is float else {}
    return decimal | step | ({"suffix": f"\u202f{_(said.unit)}"} if said.unit else {})


def _ends(form: DraftForm, name: str, shown: Mapping[str, Any], _choices: Choices, words: dict[str, Any]) -> Component:
    """Return date inputs for the first and last day of a window, side by side."""
    rest = _needed(form, name) | {k: value for k, value in words.items() if k not in ("label", "description")}
    ends = zip(form.inputs_of(name), form.said[name].parts, strict=True)
    return pair([fields.date_field(form, each, _(label), value=_day(shown.get(each)), **rest) for each, label in ends])


def _moment(
    form: DraftForm, name: str, shown: Mapping[str, Any], _choices: Choices, words: dict[str, Any]
) -> Component:
    """Return inputs for the day and the time of a moment, side by side."""
    rest = {key: value for key, value in words.items() if key != "label"}
    (day, at), (on, time) = form.said[name].parts, form.inputs_of(name)
    return pair(
        [
            fields.date_field(form, on, _(day), value=_day(shown.get(on)), **_needed(form, name), **rest),
            fields.time_field(form, time, _(at), value=shown.get(time) or "", **rest),
        ]
    )


def _needed(form: DraftForm, name: str) -> dict[str, bool]:
    """The mark of a field that is needed, for the inputs that do not bear its name."""
    return {"required": True} if name in form.marked else {}


def _day(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else value.isoformat()


_DRAWN: Mapping[str, Drawing] = {
    "lines": _lines,
    "text": _text,
    "words": _words,
    "several": _several,
    "one": _one,
    "few": _few,
    "switch": _switch,
    "date": _date,
    "time": _time,
    "number": _number,
    "window": _ends,
    "moment": _moment,
}
