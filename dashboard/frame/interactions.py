"""Live buttons and parts of a screen, both declared: `does` runs a button's verb, `follows` keeps a part up to date.

`does` passes a press to a function that runs in one unit of work, as a callback with a policy (`policy.screen`).
`follows` stands in `live_parts`.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from typing import Any

from dash import Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate
from sqlmodel import Session

from dashboard.frame.button_press import Done as Done
from dashboard.frame.button_press import Press as Press
from dashboard.frame.live_parts import DRAWN as DRAWN
from dashboard.frame.live_parts import OF_PROGRAMME as OF_PROGRAMME
from dashboard.frame.live_parts import Part as Part
from dashboard.frame.live_parts import followed as followed
from dashboard.frame.live_parts import follows as follows
from dashboard.frame.live_parts import follows_choices as follows_choices
from dashboard.frame.live_parts import follows_list as follows_list
from dashboard.frame.live_parts import follows_search as follows_search
from dashboard.frame.live_parts import keeper_of, laid, mark, outputs_of, place_of, taking
from dashboard.frame.live_parts import keeps_typed as keeps_typed
from dashboard.frame.live_parts import property_hash as property_hash
from dashboard.frame.live_parts import pulse_of as pulse_of
from dashboard.frame.live_parts import unless_hash as unless_hash
from dashboard.frame.policy import screen
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import Form
from dashboard.refusals import NoticeKind, say
from dashboard.server.access import actor, unit_of_work
from operations.core.ids import new_id
from operations.core.permissions import Act

LOCATION = "_pages_location"  # Dash's own


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
    keepers = [keeper_of(part) for part in parts]
    output: dict[str, Any] = {
        # Dash calls no callback whose outputs are all patterns without a match: fields beside the button may be absent.
        **({"to": Output(LOCATION, "href", allow_duplicate=True)} if goes or beside else {}),
        **({"shown": outputs_of(parts, allow_duplicate=True)} if parts else {}),
        **({"marks": [Output(each, DRAWN, allow_duplicate=True) for each in keepers if each]} if any(keepers) else {}),
        **({"said": Output(dict(beside), "value", allow_duplicate=True)} if beside else {}),
        **({"cleared": [Output(*place_of(typed[name]), allow_duplicate=True) for name in emptied]} if emptied else {}),
        **({"client": Output(*place_of(form.client_id_state()), allow_duplicate=True)} if form and stays else {}),
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
                    offered = done.undo is not None and kind is NoticeKind.DONE
                    say(done.undo.beside(sentence) if offered and done.undo else sentence, kind)
            made = done.shown or [no_update] * len(parts)
            shown = [laid(part, each) for part, each in zip(parts, made, strict=True)]
            results = {
                "to": done.to or no_update,
                "shown": shown,
                "marks": [
                    no_update if content is no_update else mark(part, content)
                    for part, content in zip(parts, shown, strict=True)
                    if keeper_of(part)
                ],
                "said": ["" if _about(place, subject) else no_update for place in places or []],
                "cleared": [
                    value if fields.get(name) and not done.stays else no_update for name, value in emptied.items()
                ],
                "client": str(new_id()),
            }
            return {name: results[name] for name in output} or None  # Dash expects None from a callback without outputs

        taking(deed, function, given or {})
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
