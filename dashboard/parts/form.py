"""Forms: named fields, each with a place for the sentence of a broken rule, and buttons."""

from collections.abc import Iterable, Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import State, dcc
from dash.development.base_component import Component

from dashboard.parts.icon import icon
from dashboard.wording import _, language
from operations.core.drafts import Draft
from operations.core.ids import new_id
from operations.core.languages import LANGUAGES


class Form:
    """A form called `prefix`: its field "note" is the input with the id "prefix-note".

    `drafts` are the models made from it: fields that they require are marked.
    """

    def __init__(self, prefix: str, *drafts: type[Draft]) -> None:
        self.prefix = prefix
        fields = {name: field for draft in drafts for name, field in draft.model_fields.items()}
        self.needed = frozenset(name for name, field in fields.items() if field.is_required())
        self.marked = self.needed
        """Of the fields that are needed those with a mark: a row that may be left out altogether bears none."""
        self.stands: Mapping[str, str] = {}
        """Names that nobody types, and the fields where their flaws are shown."""

    def id(self, field: str) -> str:
        """Return the id of a field's input."""
        return f"{self.prefix}-{field}"

    @property
    def send(self) -> str:
        """The id of its button."""
        return self.id("send")

    def field_of(self, identifier: str) -> str | None:
        """Return the field that an id belongs to, or None. The form's client-made identifier is no field."""
        start = f"{self.prefix}-"
        name = identifier[len(start) :] if identifier.startswith(start) else None
        return None if name == _CLIENT_ID else name

    def states(self, *fields: str) -> dict[str, State]:
        """Return the states of fields as one argument of a callback: {"note": State(...), ...}."""
        return {field: State(self.id(field), "value") for field in fields}

    def fresh(self, fields: Iterable[str]) -> dict[str, Any]:
        """Return the initial values of `fields`."""
        return dict.fromkeys(fields, "")

    def client_id_state(self) -> State:
        """Return the state of the identifier made when the form was opened: it makes a second submit idempotent."""
        return State(self.id(_CLIENT_ID), "data")


_CLIENT_ID = "client-id"


def client_id(form: Form) -> Component:
    """Return the store of the form's client-made identifier."""
    return dcc.Store(id=form.id(_CLIENT_ID), data=str(new_id()))


def _common(form: Form, field: str, label: str) -> dict[str, Any]:
    needed = {"required": True} if field in form.marked else {}
    return {"id": form.id(field), "label": label, "errorProps": {"role": "alert"}, **needed}


def said_needed(form: Form, field: str) -> dict[str, str]:
    """What tells a screen reader that a field is needed, where its component marks it for the eye alone."""
    return {"aria-required": "true"} if field in form.marked else {}


def _typed(more: dict[str, Any]) -> dict[str, Any]:
    """Move `maxLength` to the input element itself: the component has no such property."""
    longest = more.pop("maxLength", None)
    return more if longest is None else {**more, "attributes": {"input": {"maxLength": longest}}}


def text_field(form: Form, field: str, label: str, **more: Any) -> Component:
    """Return a line of text; `maxLength` is the most it takes."""
    return dmc.TextInput(**{**_common(form, field, label), "autoComplete": "off", **_typed(more)})


def text_area(form: Form, field: str, label: str, **more: Any) -> Component:
    """Return several lines of text; `maxLength` is the most they take."""
    return dmc.Textarea(**{**_common(form, field, label), "autosize": True, "minRows": 2, **_typed(more)})


def number_field(form: Form, field: str, label: str, **more: Any) -> Component:
    """Return a number input, by default for whole numbers that are not negative."""
    return dmc.NumberInput(
        **{**_common(form, field, label), "allowDecimal": False, "allowNegative": False, "hideControls": True, **more}
    )


def _choosing(more: dict[str, Any]) -> dict[str, Any]:
    return {
        "searchable": True,
        "nothingFoundMessage": _("Nothing found"),
        "comboboxProps": {"withinPortal": True, "shadow": "md"},
        **more,
    }


def select_field(form: Form, field: str, label: str, options: list[Any], **more: Any) -> Component:
    """Return a select for one of `options` ([{"value", "label"}] or strings), searchable."""
    return dmc.Select(**{**_common(form, field, label), "data": options, "clearable": True, **_choosing(more)})


def multi_select_field(form: Form, field: str, label: str, options: list[Any], **more: Any) -> Component:
    """Return a select for any of `options`."""
    return dmc.MultiSelect(
        **{
            **_common(form, field, label),
            **said_needed(form, field),
            "data": options,
            "clearable": True,
            "hidePickedOptions": True,
            **_choosing(more),
        }
    )


def date_field(form: Form, field: str, label: str, **more: Any) -> Component:
    """Return a date input, typed or picked; its value is "YYYY-MM-DD"."""
    return dmc.DateInput(
        **{
            **_common(form, field, label),
            "valueFormat": "D MMM YYYY",
            "clearable": True,
            "clearButtonProps": {"aria-label": _("Clear")},
            "ariaLabels": {"previousMonth": _("Previous month"), "nextMonth": _("Next month")},
            **more,
        }
    )


def time_field(form: Form, field: str, label: str, **more: Any) -> Component:
    """Return a time input, "HH:MM", on a 24-hour clock in every language; "" while it is incomplete."""
    hours, minutes = _("Hours"), _("Minutes")
    named = {"hoursInputLabel": f"{label}, {hours}", "minutesInputLabel": f"{label}, {minutes}"}
    return dmc.TimePicker(**{**_common(form, field, label), "format": "24h", **named, **more})


def password_field(form: Form, field: str, label: str, **more: Any) -> Component:
    """Return a password input with a button that shows the password."""
    named = {"visibilityToggleButtonProps": {"aria-label": _("Show or hide the password")}}
    return dmc.PasswordInput(**{**_common(form, field, label), **named, **more})


def switch_field(form: Form, field: str, label: str, **more: Any) -> Component:
    """Return a switch. Its value is the property "checked": State(form.id(field), "checked")."""
    return dmc.Switch(**{"id": form.id(field), "label": label, **more})


_VARIANTS = {
    "primary": {"variant": "filled"},
    "plain": {"variant": "default"},
    "quiet": {"variant": "subtle", "color": "gray"},
    "danger": {"variant": "outline", "color": "red"},
}


def button(
    label: str,
    id: Any = None,  # noqa: A002 - Dash's own word
    kind: str = "plain",
    icon_name: str | None = None,
    **more: Any,
) -> Component:
    """Return a button: primary (one on a page), plain, quiet or danger."""
    named = {"id": id} if id is not None else {}
    left = {"leftSection": icon(icon_name, size=16)} if icon_name else {}
    return dmc.Button(label, **{**named, **_VARIANTS[kind], **left, "className": f"m-button m-button-{kind}", **more})


def dates_settings() -> dict[str, Any]:
    """Return the settings of `dmc.DatesProvider`: the reader's month names, first day of the week and weekend."""
    found = LANGUAGES[language()]
    return {"locale": found.code, "firstDayOfWeek": found.week_start, "weekendDays": list(found.weekend)}
