"""A form of something that others may change meanwhile: what both wrote stands side by side, and nothing is lost.

Where a version was replaced while somebody was writing, fields that only the other changed are filled in, fields that
only the writer changed stay, and of those that both changed the two versions are shown, to choose between.
"""

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.frame.interactions import Done, Part, Press, does
from dashboard.frame.policy import screen
from dashboard.parts.draft_fields import options_of
from dashboard.parts.draft_form import ORDER, DraftForm
from dashboard.parts.form import button
from dashboard.parts.panel import facts
from dashboard.server.access import reading
from dashboard.wording import UNDEFINED, _, joined
from operations.core.errors import Stale
from operations.core.permissions import Act

Read = Callable[..., tuple[Any, Any]]
"""The thing as it stands, or what its form shows of it, and its version: `read(session, press, **given)`."""
Choices = Callable[..., Mapping[str, Iterable[Mapping[str, Any]]]]
"""The options of fields that have them from the page: `choices(session, press, **given)`."""
_MINE, _THEIRS = "mine", "theirs"


class Versioned:
    """A `form` of a thing whose version the store `version` keeps; `read` gives the thing as it stands now.

    The page holds `kept` with the form. Its act is declared by `saves`, as `does` declares others. A callback that puts
    another thing into the form gives `opened` to the outputs `opens`. `fields`: those of the thing, by default all.
    `choices`: what the page offers in fields; a version is shown in its words.
    """

    def __init__(
        self,
        form: DraftForm,
        version: str,
        read: Read,
        *,
        act: Act,
        fields: Iterable[str] = (),
        choices: Choices | None = None,
    ) -> None:
        self.form, self.version, self.read, self.act, self.choices = form, version, read, act, choices
        self.base, self.both, self.place = (f"{name}-of-{form.prefix}" for name in ("base", "both", "versions"))
        self._fields = form.states(*fields)
        self.opens = [
            *(Output(each, "data") for each in (version, self.base, self.both)),
            Output(self.place, "children"),
        ]
        self.choose = self._declare_choice()

    def kept(self, thing: Any, version: Any) -> list[Component]:
        """What the page holds with the form: the version that is shown, what it says, and room for two versions."""
        return [
            dcc.Store(id=self.version, data=version),
            dcc.Store(id=self.base, data=self.form.shown(thing)),
            dcc.Store(id=self.both),
            html.Div(id=self.place, role="status"),
        ]

    def opened(self, thing: Any, version: Any) -> list[Any]:
        """What `opens` holds when a thing is put into the form."""
        return [version, self.form.shown(thing), None, []]

    def saves(
        self, *buttons: Any, closes: bool = False, **how: Any
    ) -> Callable[[Callable[..., Done]], Callable[..., Any]]:
        """Declare what saves the form: `function(press, version=...)`. `how`: what `does` takes.

        `closes`: the form leaves the page when it is saved.
        """
        own = tuple(how.pop("shows", ()))
        given = {**how.pop("given", {}), "version": State(self.version, "data"), "base": State(self.base, "data")}
        fields: tuple[Part, ...] = tuple(
            Output(each.component_id, each.component_property) for each in self._fields.values()
        )

        def declare(function: Callable[..., Done]) -> Callable[..., Any]:
            def save(press: Press, version: Any, base: dict[str, Any] | None = None, **more: Any) -> Done:
                try:
                    done = function(press, version=version, **more)
                except Stale:
                    said, shown = self._met(press, base or {}, more)
                    return Done(note=said, shown=(*(no_update for _part in own), *shown), stays=True)
                shown = done.shown or tuple(no_update for _part in own)
                return replace(done, shown=(*shown, *self._saved(press, more, goes=closes or bool(done.to))))

            functools.update_wrapper(save, function, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
            own_base = inspect.signature(save, follow_wrapped=False).parameters["base"]
            taken = [*inspect.signature(function).parameters.values(), own_base]
            save.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
            shown = (*own, *self.opens, *fields)
            return does(*buttons, act=self.act, form=self.form, shows=shown, given=given, **how)(save)

        return declare

    def _saved(self, press: Press, more: Mapping[str, Any], *, goes: bool) -> tuple[Any, ...]:
        untouched = tuple(no_update for _field in self._fields)
        if goes:
            return (no_update, no_update, no_update, no_update, *untouched)
        thing, version = self.read(press.session, press, **more)
        return (*self.opened(thing, version), *untouched)

    def _met(self, press: Press, base: Mapping[str, Any], more: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """What is said, and what the parts show, where somebody was faster."""
        with reading() as session:
            thing, version = self.read(session, press, **more)
            offered = self.choices(session, press, **more) if self.choices else {}
        theirs, mine = self.form.shown(thing), press.typed
        fields: dict[str, Any] = dict.fromkeys(self._fields, no_update)
        both: dict[str, dict[str, Any]] = {}
        for name in self._fields:
            if _alike(mine.get(name), theirs.get(name)) or _alike(theirs.get(name), base.get(name)):
                continue
            if _alike(mine.get(name), base.get(name)):
                fields[name] = theirs.get(name)
            else:
                both[name] = {_MINE: mine.get(name), _THEIRS: theirs.get(name)}
        said = (
            _("Somebody changed this while you were writing. Choose between the two versions, then save again.")
            if both
            else _("Somebody changed this while you were writing. Their changes are filled in: look, then save again.")
        )
        return said, (version, theirs, both, self._drawn(both, offered), *fields.values())

    def _drawn(self, both: Mapping[str, Mapping[str, Any]], offered: Mapping[str, Any]) -> list[Component]:
        """Each field that both changed, with the two versions side by side and a button for each."""
        if not both:
            return []
        owners = {_MINE: _("Yours"), _THEIRS: _("The other")}
        takes = {_MINE: _("Take yours"), _THEIRS: _("Take the other")}

        def version(name: str, whose: str) -> Component:
            ident = {"type": self.both, "field": name, "whose": whose}
            told = facts([(owners[whose], html.Bdi(self._words(name, both[name][whose], offered)))], "overview-facts")
            return html.Div([told, button(takes[whose], ident, "plain", "check", size="compact-sm")])

        return [
            html.Fieldset(
                [
                    html.Legend(self._label(name)),
                    html.Div([version(name, _MINE), version(name, _THEIRS)], className="form-pair"),
                ],
                className="operation-fields both-versions",
            )
            for name in both
        ]

    def _field(self, name: str) -> tuple[DraftForm, str, str, int]:
        """The form, the field, the label and the line to which an input belongs: those of a row for one of a row."""
        for field, said in self.form.said.items():
            if name in self.form.inputs_of(field):
                return self.form, field, said.label, 0
            if self.form.look(field) == "rows":
                for row in range(said.rows):
                    inner = self.form.row(field, row)
                    if name == self.form.in_row(field, row, ORDER):
                        return inner, ORDER, said.order, row + 1
                    for each in inner.said:
                        if name in (self.form.in_row(field, row, part) for part in inner.inputs_of(each)):
                            return inner, each, inner.said[each].label, row + 1
        return self.form, name, name, 0

    def _label(self, name: str) -> str:
        _form, _named, label, line = self._field(name)
        return _(label, line=line or "")

    def _words(self, name: str, value: Any, offered: Mapping[str, Any]) -> str:
        form, field, _label, _line = self._field(name)
        listed = options_of(form.said[field], form.about(field)) if field in form.said else []
        options = offered.get(name, listed)
        words: dict[Any, str] = {each["value"]: each["label"] for each in options}
        values = value if isinstance(value, list | tuple) else [] if value in (None, "") else [value]
        words |= {True: _("Yes"), False: _("No")}
        said = [words.get(each, str(each)) for each in values]
        return joined(said) or UNDEFINED

    def _declare_choice(self) -> Callable[..., dict[str, Any]]:
        fields = self._fields

        @screen(
            output={
                name: Output(each.component_id, each.component_property, allow_duplicate=True)
                for name, each in fields.items()
            },
            inputs={"_clicks": Input({"type": self.both, "field": ALL, "whose": ALL}, "n_clicks")},
            state={"both": State(self.both, "data")},
            act=self.act,
            prevent_initial_call=True,
        )
        def choose(_clicks: list[int | None], both: dict[str, dict[str, Any]] | None) -> dict[str, Any]:
            """Put the version that was chosen into its field."""
            pressed = ctx.triggered_id
            if not pressed or not any(_clicks) or not both or pressed["field"] not in both:
                raise PreventUpdate
            taken = both[pressed["field"]].get(pressed["whose"])
            return {name: taken if name == pressed["field"] else no_update for name in fields}

        return choose


def _alike(one: Any, other: Any) -> bool:
    """Whether two inputs hold the same; nothing is nothing, however its component says so."""
    empty: tuple[Any, ...] = (None, "", [])
    return one == other or (one in empty and other in empty)
