"""Live parts and buttons of a screen, both declared: `follows` redraws a part, `does` runs a button's verb.

`follows` draws a part again at every pulse and sends only what has changed. `does` passes a press to a function that
runs in one unit of work. Both are callbacks with a policy (`policy.screen`).
"""

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, State, clientside_callback, ctx, dcc, html, no_update
from dash.dependencies import DashDependency
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate
from sqlmodel import Session

from dashboard.frame.button_press import Done as Done
from dashboard.frame.button_press import Press as Press
from dashboard.frame.policy import screen
from dashboard.frame.pushed_parts import DRAWN as DRAWN
from dashboard.frame.pushed_parts import part_hash, push
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import Form
from dashboard.parts.listing import Listing
from dashboard.refusals import NoticeKind, say
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.pulse_socket import PULSE, PULSE_ASKS
from operations.core.ids import fingerprint, new_id
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.policing.operation import plan

LOCATION = "_pages_location"  # Dash's own
OF_PROGRAMME = {"data-programme": "true"}
"""On an element of an operation's page that also shows data of the programme: the page follows both."""

Part = str | Output | tuple[Output, str]
"""A part of a screen: the id of an element, whose children are drawn, or the output of any other property.

A property is compared by its value; a large one comes with the id of an element that stores its hash (`property_hash`).
"""


# ----------------------------------------------------------------------------------------------------- follow


def pulse_of(what: str) -> Component:
    """Return a store that relays the pulse to optional parts; it is on the page only for users who see those parts."""
    return dcc.Store(id=_pulse_id(what))


def _pulse_id(what: Any) -> dict[str, Any]:
    return {"type": "pulse-of", "of": what}


clientside_callback(
    ClientsideFunction("muster", "hand_on"),
    Output(_pulse_id(ALL), "data"),
    Input(PULSE, "data"),
    State(_pulse_id(ALL), "id"),
    prevent_initial_call=True,
)


def followed(part: str, shown: Any, seen: Any = None, **more: Any) -> Component:
    """Return the element of a live part for the first drawing of the page; `seen`: the result of its `unless`."""
    shown = _laid(part, shown)
    return html.Div(shown, id=part, **({DRAWN: _mark(part, shown)} if seen is None else unless_hash(seen)), **more)


def unless_hash(seen: Any) -> dict[str, str]:
    """Return the attribute of the element `on` with the hash of the result of `unless`, for the first drawing."""
    return {DRAWN: fingerprint(seen)}


def property_hash(shown: Any, on: str = "") -> dict[str, str]:
    """Return the attribute of the element `on` with the hash of a property, for the first drawing."""
    return {DRAWN: part_hash(on, shown)}


def keeps_typed(shown: Any) -> Any:
    """Let fields with a pattern id keep what is typed when `shown` is drawn again, until their action is done.

    Their ids name their subject, so that the text cannot move to another one.
    """
    for component in shown if isinstance(shown, list | tuple) else [shown]:
        if not isinstance(component, Component):
            continue
        for field_ in (component, *component._traverse()):
            if (
                isinstance(getattr(field_, "id", None), dict)
                and "persistence" in field_.available_properties
                and not hasattr(field_, "persistence")
            ):
                field_.persistence, field_.persistence_type = True, "memory"
    return shown


def follows(
    draw: Callable[..., Any],
    *parts: Part,
    act: Act,
    operation: str | None = None,
    unless: Callable[..., Any] | None = None,
    on: str | None = None,
    of: str | None = None,
    pushed: Callable[[Actor], bool] | None = None,
    whole: bool = False,
    choices: tuple[str, ...] = (),
    every: float = 0.0,
    **given: DashDependency,
) -> Callable[..., dict[str, list[Any]]]:
    """Draw `parts` again at every pulse; an unchanged part is not sent, so folds and typed text in it stay.

    `draw(session, operation, by, **given)` returns the part, or a tuple of all `parts`; without `operation`, which is
    the id of the store with the operation's id, it is `draw(session, by, **given)`. `given`: further dependencies on
    the page. `unless` has the signature of `draw`, and serves parts that are expensive to draw or to send: nothing is
    drawn while its result stays the same. The element `on` stores its hash where the parts have no element of their
    own. `of`: the parts are on the page only together with `pulse_of(of)`.

    `pushed`: the parts are a live board (`server/live_boards.py`), drawn once for all users with the same view, and
    alone for a user of whom it is true (`alike`, `each`); diffs come with the pulse. The callback runs only where that
    fails. Such parts may depend on one more store only, which is `given` and holds texts named `choices`. `whole`:
    nothing else on the page follows the pulse. `every`: seconds between two drawings of the board, at least.
    """
    keepers = [on or _keeper(part) for part in parts]
    kept = list(dict.fromkeys(keeper for keeper in keepers if keeper))

    def shown_by(*scope: Any, **more: Any) -> list[Any]:
        made = draw(*scope, **more)
        return [_laid(part, each) for part, each in zip(parts, [made] if len(parts) == 1 else made, strict=True)]

    if pushed:
        places = dict(zip(kept, _outputs(parts), strict=True))
        chosen = next(((name, store, choices) for name, store in given.items() if isinstance(store, State)), None)
        push(shown_by, places, act=act, operation=operation, apart=pushed, whole=whole, chosen=chosen, every=every)

    def refresh(
        _pulse: int, operation_id: str | None = None, drawn: list[Any] | None = None, **more: Any
    ) -> dict[str, list[Any]]:
        before = drawn or [None] * len(parts)
        by = actor()
        with reading() as session:
            scope = (plan.operation(session, known_id(operation_id), by), by) if operation else (by,)
            seen = [fingerprint(unless(session, *scope, **more))] * len(kept) if unless else None
            if seen == before:
                raise PreventUpdate
            shown = shown_by(session, *scope, **more)
        if seen:
            return {"shown": shown, "marks": seen}
        now = [_mark(part, each) for part, each in zip(parts, shown, strict=True)]
        same = [old == new for old, new in zip(before, now, strict=True)]
        return {
            "shown": [no_update if as_before else each for as_before, each in zip(same, shown, strict=True)],
            "marks": [
                no_update if as_before else mark
                for keeper, as_before, mark in zip(keepers, same, now, strict=True)
                if keeper
            ],
        }

    _taking(refresh, draw, given)
    screen(
        output={"shown": _outputs(parts), "marks": [Output(each, DRAWN) for each in kept]},
        inputs={"_pulse": Input(_pulse_id(of) if of else PULSE_ASKS if pushed else PULSE, "data")}
        | {n: each for n, each in given.items() if isinstance(each, Input)},
        state={
            **({"operation_id": State(operation, "data")} if operation else {}),
            "drawn": [State(each, DRAWN) for each in kept]
            if unless
            else [State(k, DRAWN) if k else State(*_place(_output(p))) for k, p in zip(keepers, parts, strict=True)],
            **{name: each for name, each in given.items() if isinstance(each, State)},
        },
        act=act,
        prevent_initial_call=True,
    )(refresh)
    return refresh


def follows_choices(
    form: DraftForm, choices: Callable[..., Mapping[str, Any]], *names: str, **how: Any
) -> Callable[..., Any]:
    """Keep the options of the fields `names` of a form up to date.

    `choices` has the signature of `draw` of `follows`, and returns options by field name; `how`: options of `follows`.
    """

    @functools.wraps(choices)
    def draw(*scope: Any, **given: Any) -> Any:
        options = choices(*scope, **given)
        return options[names[0]] if len(names) == 1 else [options[name] for name in names]

    return follows(draw, *(Output(form.id(name), "data") for name in names), **how)


def follows_list(table: Callable[..., Listing[Any]], grid: str, **how: Any) -> Callable[..., Any]:
    """Keep the rows of a list up to date. `table` has the signature of `draw` of `follows`; `how`: options of that."""

    @functools.wraps(table)
    def rows(*scope: Any, **given: Any) -> list[dict[str, Any]]:
        return table(*scope, **given).rows

    return follows(rows, Output(grid, "rowData"), **how)


def _laid(part: Part, shown: Any) -> Any:
    """Return a drawn part as Dash takes it, with fields that keep what is typed.

    None or "" becomes an empty list: for elements replaced by None or "", Dash still believes that they exist, and
    fails when a late response refers to them.
    """
    keeps_typed(shown)
    return [] if shown in (None, "") and _output(part).component_property == "children" else shown


def _mark(part: Part, shown: Any) -> Any:
    """Return the value that changes when a part does: a hash, or a small property itself."""
    keeper = _keeper(part)
    return shown if keeper is None else part_hash(keeper, shown)


def _keeper(part: Part) -> str | None:
    """Return the id of the element that stores the hash of a part; None for a small property."""
    return part if isinstance(part, str) else part[1] if isinstance(part, tuple) else None


def _output(part: Part) -> DashDependency:
    return Output(part, "children") if isinstance(part, str) else part[0] if isinstance(part, tuple) else part


def _outputs(parts: Iterable[Part], **more: Any) -> list[Output]:
    return [Output(*_place(_output(part)), **more) for part in parts]


def _place(each: DashDependency) -> tuple[Any, str]:
    return each.component_id, each.component_property


# -------------------------------------------------------------------------------------------------------- act


def does(
    *buttons: str | Mapping[str, Any] | Input | DraftForm,
    act: Act,
    form: Form | None = None,
    typed: Iterable[str] | Mapping[str, State] = (),
    client: bool = False,
    operation: str | None = None,
    beside: Mapping[str, Any] | None = None,
    goes: bool = False,
    shows: Iterable[Part] = (),
    clears: Iterable[str] = (),
    counted: str = "writes",
    given: Mapping[str, State | Mapping[str, State]] | None = None,
    **options: Any,
) -> Callable[[Callable[..., Done]], Callable[..., dict[str, Any] | None]]:
    """Declare what a button does: the decorated function gets the `Press` and the `given` states, and returns `Done`.

    `buttons`: ids, patterns whose parts are the subject, or a form whose own button sends its draft; it is then also
    the `form`, with its `client` identifier where the draft has one. `beside`: the pattern of text fields beside the
    buttons; the field with the same subject as the pressed button is read, and emptied afterwards. `typed`: fields of
    `form`, by default all of a draft. Fields named in `clears` are emptied if they were filled, and a form with a
    `client` identifier gets a new one, unless the press `goes` to another address. `shows`: the parts that the function
    draws. `counted`: see `unit_of_work`.
    """
    inputs = [_input(each) for each in buttons]
    if isinstance(buttons[0], DraftForm):
        form, client = buttons[0], buttons[0].identified
    emptied, stays = form.fresh(clears) if form else {}, client and not goes
    if not isinstance(typed, Mapping):
        typed = form.states(*typed) if form else {}
    parts = tuple(shows)
    keepers = [_keeper(part) for part in parts]
    output: dict[str, Any] = {
        # Dash calls no callback whose outputs are all patterns without a match: fields beside the button may be absent.
        **({"to": Output(LOCATION, "href", allow_duplicate=True)} if goes or beside else {}),
        **({"shown": _outputs(parts, allow_duplicate=True)} if parts else {}),
        **({"marks": [Output(each, DRAWN, allow_duplicate=True) for each in keepers if each]} if any(keepers) else {}),
        **({"said": Output(dict(beside), "value", allow_duplicate=True)} if beside else {}),
        **({"cleared": [Output(*_place(typed[name]), allow_duplicate=True) for name in emptied]} if emptied else {}),
        **({"client": Output(*_place(form.client_id_state()), allow_duplicate=True)} if form and stays else {}),
    }

    def declare(function: Callable[..., Done]) -> Callable[..., dict[str, Any] | None]:
        def deed(
            clicks: list[Any],
            operation_id: str | None = None,
            client_id: str | None = None,
            typed: dict[str, Any] | None = None,
            words: list[Any] | None = None,
            places: list[dict[str, Any]] | None = None,
            **given: Any,
        ) -> dict[str, Any] | None:
            button = _pressed(inputs)
            if button is None:
                raise PreventUpdate
            subject = button if isinstance(button, dict) else {}
            said, fields = _beside(subject, words or [], places or []), typed or {}
            with ExitStack() as stack:
                opening = functools.partial(_entered, stack, counted)
                done = function(
                    Press(actor(), button, subject, said, fields, client_id or "", operation_id, opening, form), **given
                )
            for sentence, kind in (
                (done.said, NoticeKind.DONE),
                (done.note, NoticeKind.NOTE),
                (done.partly, NoticeKind.PARTLY),
            ):
                if sentence:
                    say(sentence, kind)
            made = done.shown or [no_update] * len(parts)
            shown = [_laid(part, each) for part, each in zip(parts, made, strict=True)]
            results = {
                "to": done.to or no_update,
                "shown": shown,
                "marks": [
                    no_update if content is no_update else _mark(part, content)
                    for part, content in zip(parts, shown, strict=True)
                    if _keeper(part)
                ],
                "said": ["" if _about(place, subject) else no_update for place in places or []],
                "cleared": [value if fields.get(name) else no_update for name, value in emptied.items()],
                "client": str(new_id()),
            }
            return {name: results[name] for name in output} or None  # Dash expects None from a callback without outputs

        _taking(deed, function, given or {})
        screen(
            output=output,
            inputs={"clicks": inputs},
            state={
                **({"operation_id": State(operation, "data")} if operation else {}),
                **({"client_id": form.client_id_state()} if form and client else {}),
                **({"typed": dict(typed)} if typed else {}),
                **({"words": State(dict(beside), "value"), "places": State(dict(beside), "id")} if beside else {}),
                **(given or {}),
            },
            act=act,
            form=form,
            prevent_initial_call=True,
            **options,
        )(deed)
        return deed

    return declare


def _input(button: str | Mapping[str, Any] | Input | DraftForm) -> Input:
    return (
        button
        if isinstance(button, Input)
        else Input(button.send if isinstance(button, DraftForm) else button, "n_clicks")
    )


def _entered(stack: ExitStack, counted: str) -> Session:
    return stack.enter_context(unit_of_work(counted))


def _pressed(declared: Iterable[Input]) -> Any:
    """Return the id of the pressed button; None if there was none, as when a button is added to the page."""
    ids = ctx.triggered_prop_ids
    pressed = (ids.get(each["prop_id"]) for each in ctx.triggered if each["value"])
    return next((found for found in pressed if any(_is_of(found, each.component_id) for each in declared)), None)


def _is_of(found: Any, declared: Any) -> bool:
    if not isinstance(declared, dict) or not isinstance(found, dict):
        return bool(found == declared)
    return found.keys() == declared.keys() and all(
        value == found[name] for name, value in declared.items() if isinstance(value, str)
    )


def _beside(subject: Mapping[str, Any], words: Iterable[Any], places: Iterable[Mapping[str, Any]]) -> str:
    """Return the text of the field beside the pressed button: the one whose id has the same subject."""
    for said, place in zip(words, places, strict=True):
        if _about(place, subject):
            return "" if said is None else str(said)
    return ""


def _about(place: Mapping[str, Any], subject: Mapping[str, Any]) -> bool:
    return all(place[name] == subject.get(name, place[name]) for name in place.keys() - {"type"})


def _taking(callback: Callable[..., Any], function: Callable[..., Any], names: Iterable[str]) -> None:
    """`callback` stands for `function` and declares the arguments `names` as that does (see `envelope.fitting`)."""
    own = inspect.signature(callback, follow_wrapped=False).parameters
    functools.update_wrapper(callback, function, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
    declared = inspect.signature(function).parameters
    taken = [each for each in own.values() if each.kind is not each.VAR_KEYWORD]
    rest = [each for each in declared.values() if each.kind is each.VAR_KEYWORD]
    for name in names:
        said = declared[name] if name in declared else rest[0]
        taken.append(said.replace(name=name, kind=inspect.Parameter.KEYWORD_ONLY))
    callback.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
    callback.__annotations__ = {each.name: each.annotation for each in taken if each.annotation is not each.empty}
