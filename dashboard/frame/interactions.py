"""Follow and act: a part of a screen that must stay true, and a button that changes something, each declared.

`follows` draws a part anew at the pulse and sends only what looks otherwise than before. `does` gives a press to the
function that does what it asks, in one unit of work. Both are callbacks with a policy (`policy.screen`).
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
from dashboard.frame.pushed_parts import marked, push
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
"""On an element of an operation's page that shows something of the programme too: the page follows both."""

Part = str | Output | tuple[Output, str]
"""A part of a screen: an element by its id, whose children are drawn, or any other property.

Such a property is its own mark; where it is large, it comes with the element that keeps its mark (`drawn_as`).
"""


# ----------------------------------------------------------------------------------------------------- follow


def pulse_of(what: str) -> Component:
    """Stands on a page only for those to whom some of its parts are drawn: those follow the pulse through it."""
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
    """The element of a part that follows the pulse, as the page first draws it; `seen`: what its `unless` returned."""
    shown = _laid(part, shown)
    return html.Div(shown, id=part, **({DRAWN: _mark(part, shown)} if seen is None else keeps(seen)), **more)


def keeps(seen: Any) -> dict[str, str]:
    """What the element carries `on` which parts keep what their `unless` returned, as the page first draws it."""
    return {DRAWN: fingerprint(seen)}


def drawn_as(shown: Any, on: str = "") -> dict[str, str]:
    """What the element `on` carries that keeps the mark of a property, as the page first draws it."""
    return {DRAWN: marked(on, shown)}


def keeps_typed(shown: Any) -> Any:
    """Let each field of a pattern keep what is typed into it when `shown` is drawn anew, until its act is done.

    The id of such a field names its subject, so that nothing comes to stand with another one.
    """
    for each in shown if isinstance(shown, list | tuple) else [shown]:
        if not isinstance(each, Component):
            continue
        for field_ in (each, *each._traverse()):
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
    """Draw `parts` anew at every pulse; one that looks as before stays as it is, open or closed, with what is typed.

    `draw(session, operation, by, **given)` returns the part, or a tuple with all `parts`; without `operation`, the id
    of the store that names it, `draw(session, by, **given)`. `given`: what else of the page it depends on. `unless`,
    called as `draw`, is for what is dear to draw or to send: nothing is drawn as long as it returns the same, which the
    element `on` keeps where the parts have none. `of`: the parts are on the page only together with `pulse_of(of)`.

    `pushed`: the parts are watched (`server/live_boards.py`): drawn for all who see the same, but for those apart of
    whom it is true (`alike`, `each`), and what differs comes with the pulse. They are asked for only where that cannot
    be. They depend on nothing else of the page but one store that is `given`, of texts with these `choices` as names.
    `whole`: nothing else on the page follows. `every`: they are drawn for others at most once in so many seconds.
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
    """Keep what can be chosen in the fields `names` of a form as it is now.

    `choices` is called as `draw` of `follows`, and returns it by the names of the fields; `how`: what `follows` takes.
    """

    @functools.wraps(choices)
    def draw(*scope: Any, **given: Any) -> Any:
        found = choices(*scope, **given)
        return found[names[0]] if len(names) == 1 else [found[name] for name in names]

    return follows(draw, *(Output(form.id(name), "data") for name in names), **how)


def follows_list(table: Callable[..., Listing[Any]], grid: str, **how: Any) -> Callable[..., Any]:
    """Keep the rows of a list as they are now. `table` is called as `draw` of `follows`; `how`: what that takes."""

    @functools.wraps(table)
    def rows(*scope: Any, **given: Any) -> list[dict[str, Any]]:
        return table(*scope, **given).rows

    return follows(rows, Output(grid, "rowData"), **how)


def _laid(part: Part, shown: Any) -> Any:
    """What Dash is given of a part, whose fields keep what is typed.

    Nothing is an empty list: where None or "" comes in the place of elements, Dash goes on to believe that they are
    there, and fails when an answer that was on its way says something of them.
    """
    keeps_typed(shown)
    return [] if shown in (None, "") and _output(part).component_property == "children" else shown


def _mark(part: Part, shown: Any) -> Any:
    """What changes when a part looks otherwise; a small property is its own mark."""
    keeper = _keeper(part)
    return shown if keeper is None else marked(keeper, shown)


def _keeper(part: Part) -> str | None:
    """The element that keeps the mark of a part; None where it is its own."""
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
    """Declare what a button does: the function gets the `Press` and what is `given`, and returns what is `Done`.

    `buttons`: ids, patterns whose parts are the subject, or a form whose draft its own button sends: as its `form`,
    with its `client` identifier where the draft has one. `beside`: the pattern of the fields beside the buttons;
    the one that names the same subject as the pressed button is read, and emptied once it is done. `typed`: fields of
    `form`; of a draft's all where none are named. Those named in `clears` are emptied where something stood in them,
    and with its `client` identifier the form gets another, unless the press `goes` to another address. `shows`: the
    parts that the function draws. `counted`: see `unit_of_work`.
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
        # Dash calls nothing whose outputs are all patterns that no element matches: fields beside may not be there.
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
                    no_update if each is no_update else _mark(part, each)
                    for part, each in zip(parts, shown, strict=True)
                    if _keeper(part)
                ],
                "said": ["" if _about(place, subject) else no_update for place in places or []],
                "cleared": [value if fields.get(name) else no_update for name, value in emptied.items()],
                "client": str(new_id()),
            }
            return {name: results[name] for name in output} or None  # Dash's word for a callback without outputs

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
    """The id of the button that was pressed. None where none was: buttons that appear call their callback as well."""
    ids = ctx.triggered_prop_ids
    pressed = (ids.get(each["prop_id"]) for each in ctx.triggered if each["value"])
    return next((found for found in pressed if any(_is_of(found, each.component_id) for each in declared)), None)


def _is_of(found: Any, declared: Any) -> bool:
    if not isinstance(declared, dict) or not isinstance(found, dict):
        return bool(found == declared)
    return found.keys() == declared.keys() and all(
        each == found[name] for name, each in declared.items() if isinstance(each, str)
    )


def _beside(subject: Mapping[str, Any], words: Iterable[Any], places: Iterable[Mapping[str, Any]]) -> str:
    """The words beside the pressed button: those of the field whose id names the same subject, as far as it does."""
    for said, place in zip(words, places, strict=True):
        if _about(place, subject):
            return "" if said is None else str(said)
    return ""


def _about(place: Mapping[str, Any], subject: Mapping[str, Any]) -> bool:
    return all(place[name] == subject.get(name, place[name]) for name in place.keys() - {"type"})


def _taking(callback: Callable[..., Any], function: Callable[..., Any], names: Iterable[str]) -> None:
    """`callback` stands for `function` and declares the arguments `names` as that does (see `envelope.fitting`)."""
    functools.update_wrapper(callback, function, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
    declared = inspect.signature(function).parameters
    own = inspect.signature(callback, follow_wrapped=False).parameters
    taken = [each for each in own.values() if each.kind is not each.VAR_KEYWORD]
    rest = [each for each in declared.values() if each.kind is each.VAR_KEYWORD]
    for name in names:
        said = declared[name] if name in declared else rest[0]
        taken.append(said.replace(name=name, kind=inspect.Parameter.KEYWORD_ONLY))
    callback.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
    callback.__annotations__ = {each.name: each.annotation for each in taken if each.annotation is not each.empty}
