"""Live parts of a screen: where each stands, what it is drawn from, and who sees the same.

A screen declares them with `follows`. How a change reaches them is decided here (`_is_pushed`): a part whose screen
says who sees the same (`audience`) is a live board (`server/live_boards.py`), drawn by the server once for each
audience, and what differs comes with the pulse. Any other part is asked for by its browser: its callback draws it when
the pulse moves, and returns nothing where it looks as before. A board has the same callback, which runs for a choice on
the page, and where pushing fails.
"""

import functools
import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from dash import ALL, ClientsideFunction, Input, Output, State, clientside_callback, ctx, dcc, html, no_update
from dash.dependencies import DashDependency
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.frame.policy import screen
from dashboard.parts.choices import search_inputs, search_places
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.grid import whole
from dashboard.parts.listing import Listing
from dashboard.server import live_boards
from dashboard.server.access import actor, known_id, reading
from dashboard.server.pulse_socket import PULSE, PULSE_ASKS
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.pulse import counts_of
from operations.core.pulse import number as number_of
from operations.core.store import ScopedSession
from operations.policing.operation import plan

DRAWN = "data-drawn"  # on an element: the hash of the part that it shows, so that it is not drawn twice
OF_PROGRAMME = {"data-programme": "true"}
"""On an element of an operation's page that also shows data of the programme: the page follows both."""

Part = str | Output | tuple[Output, str]
"""A part of a screen: the id of an element, whose children are drawn, or the output of any other property.

A property is compared by its value; a large one comes with the id of an element that stores its hash (`property_hash`).
"""
Audience = Callable[[Actor], bool]
"""Who sees the same in a part: whether this person sees content of their own there, or what all of an audience see.

An audience is everybody with the same role, country, reach, language and theme.
"""
_pushed: set[str] = set()  # the elements that keep hashes of boards


def same_for_role(_by: Actor) -> bool:
    """For `audience` of `follows`: all users of one role, country and reach see the same parts."""
    return False


def own_for_user(_by: Actor) -> bool:
    """For `audience` of `follows`: each user sees content of their own in the parts."""
    return True


def _is_pushed(audience: Audience | None, unless: Any, of: str | None) -> bool:
    """Return whether the server draws the parts for each audience and pushes them, or the browser asks for them.

    It asks where nobody has said who sees the same, for what only some users have on the page, and for what is not to
    be drawn under the hands of somebody who types.
    """
    return audience is not None and not unless and not of


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
    shown = laid(part, shown)
    return html.Div(shown, id=part, **({DRAWN: mark(part, shown)} if seen is None else unless_hash(seen)), **more)


def unless_hash(seen: Any) -> dict[str, str]:
    """Return the attribute of the element `on` with the hash of the result of `unless`, for the first drawing."""
    return {DRAWN: fingerprint(seen)}


def property_hash(shown: Any, on: str = "") -> dict[str, str]:
    """Return the attribute of the element `on` with the hash of a property, for the first drawing."""
    return {DRAWN: _hash(on, shown)}


def named_hashes(shown: Mapping[str, Any], number: int) -> dict[str, str]:
    """Return the attribute of the element `on` with the hashes of named parts, for the first drawing.

    `number`: the reader's own number of the operation, at which they were drawn.
    """
    return {DRAWN: _kept({name: live_boards.mark(part) for name, part in shown.items()}, number)}


def _kept(hashes: Mapping[str, str], number: int) -> str:
    """Return them as one text: for each property that is set Dash scans the whole page."""
    return json.dumps({"number": number, "parts": hashes})


def _hash(keeper: str | None, shown: Any) -> str:
    return live_boards.mark(shown) if keeper in _pushed else fingerprint(live_boards.json_of(shown))


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
    *parts: Part | Mapping[str, Output],
    act: Act,
    operation: str | None = None,
    unless: Callable[..., Any] | None = None,
    on: str | None = None,
    of: str | None = None,
    audience: Audience | None = None,
    opening: Callable[..., Mapping[str, Any]] | None = None,
    every: float = 0.0,
    wall: bool = False,
    **given: DashDependency,
) -> Callable[..., dict[str, list[Any]]]:
    """Keep `parts` up to date; an unchanged part is not sent, so folds and typed text in it stay.

    `draw(session, operation, by, **given)` returns the part, or a tuple of all `parts`; without `operation`, which is
    the id of the store with the operation's id, it is `draw(session, by, **given)`. Many parts of a board can be named
    in one mapping: `draw` returns a mapping of the same names, and the element `on` keeps all hashes (`named_hashes`).

    `given`: what the parts depend on beside the operation. They are drawn at once when an Input of these changes; a
    name that begins with an underscore is no more than such a sign. One named `at` is a moment of the past, which no
    pulse moves. `audience`: who sees the same; None where nobody has said so. `opening` returns the named parts pushed
    before the rest is drawn. `every`: seconds between two drawings for an audience, at least. `wall`: wall
    screens may have them.

    `unless` has the signature of `draw`, and serves parts that are expensive to draw or to send: nothing is drawn while
    its result stays the same. The element `on` stores its hash where the parts have no element of their own. `of`: the
    parts are on the page only together with `pulse_of(of)`.
    """
    places = _Places.of(parts, on)
    pushed = audience if _is_pushed(audience, unless, of) else None

    def scope(session: ScopedSession, operation_id: str | None) -> tuple[Any, ...]:
        return (plan.operation(session, known_id(operation_id), actor()), actor()) if operation else (actor(),)

    def refresh(
        pulse: int | str, operation_id: str | None = None, drawn: list[Any] | None = None, **more: Any
    ) -> dict[str, list[Any]]:
        if (
            more.get("at")
            and isinstance(pulse, int)
            and all(trigger in (PULSE, PULSE_ASKS) for trigger in ctx.triggered_prop_ids.values())
        ):
            raise PreventUpdate
        with reading() as session:
            known = (session, *scope(session, operation_id))
            seen = [fingerprint(unless(*known, **more))] * len(places.kept) if unless else None
            if seen and seen == drawn:
                raise PreventUpdate
            shown = places.laid(draw(*known, **more))
            if seen:
                return {"shown": shown, "marks": seen}
            return places.differing(
                shown, drawn, number_of(counts_of(session, actor(), known[1].id)) if places.named else 0
            )

    if pushed:
        signs = [name for name in given if name.startswith("_") or name == "at"]
        chosen = [
            n for kind in (State, Input) for n, each in given.items() if isinstance(each, kind) and n not in signs
        ]

        def board(operation_id: str | None = None, **texts: Any) -> live_boards.Parts:
            with reading() as session:
                made = draw(session, *scope(session, operation_id), **dict.fromkeys(signs), **texts)
            return dict(zip(places.names, places.laid(made), strict=True))

        def begins(operation_id: str | None = None, **texts: Any) -> live_boards.Parts:
            with reading() as session:
                return opening(session, *scope(session, operation_id), **texts)  # type: ignore[misc]

        taking(board, draw, chosen)
        _pushed.update(places.kept)
        live_boards.BOARDS[places.kept[0]] = live_boards.BoardDefinition(
            board,
            dict(zip(places.names, places.outputs, strict=True)),
            act,
            chosen=("operation_id", *chosen) if operation else tuple(chosen),
            first=opening and begins,
            apart=pushed,
            wall=wall,
            every=every,
        )
        clientside_callback(
            ClientsideFunction("muster", "watch_present" if "at" in given else "watch_parts"),
            Output(places.kept[0], "data-watched"),  # an output, so that it is called when the page opens
            *(Input(keeper, DRAWN) for keeper in places.kept),
            *([Input(operation, "data")] if operation else []),
            # A choice that the callback draws is watched when its answer is there, any other at once.
            *((State if places.named and isinstance(given[n], Input) else Input)(*place_of(given[n])) for n in chosen),
            *([State(*place_of(given["at"]))] if "at" in given else []),
        )

    taking(refresh, draw, given)
    screen(
        output={"shown": places.outputs, "marks": [Output(each, DRAWN) for each in places.kept]},
        inputs={"pulse": Input(_pulse_id(of) if of else PULSE_ASKS if pushed else PULSE, "data")}
        | {n: each for n, each in given.items() if isinstance(each, Input)},
        state={
            **({"operation_id": State(operation, "data")} if operation else {}),
            "drawn": [State(each, DRAWN) for each in places.kept] if unless or places.named else places.states,
            **{name: each for name, each in given.items() if isinstance(each, State)},
        },
        act=act,
        wall=wall,
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


def follows_search(search: Callable[..., Mapping[str, Any]], form: DraftForm, field: str, act: Act) -> Any:
    """Keep a searched choice up to date: `search(session, form, typed, chosen)` returns its properties."""

    def draw(session: ScopedSession, _by: Actor, **asked: Any) -> tuple[Any, ...]:
        return tuple(search(session, form, **asked).values())

    return follows(draw, *search_places(form, field), act=act, **search_inputs(form, field))


def follows_list(
    table: Callable[..., Listing[Any]], grid: str, first: int | None = None, **how: Any
) -> Callable[..., Any]:
    """Keep the rows of a list up to date. `table` has the signature of `draw` of `follows`; `how`: options of that.

    `first`: the number of rows that `list_view` sent with the page; all follow once their reader needs them.
    """

    @functools.wraps(table)
    def rows(*scope: Any, all_rows: bool | None = None, **given: Any) -> list[dict[str, Any]]:
        return table(*scope, **given).first(None if all_rows else first)

    return follows(rows, Output(grid, "rowData"), **how, **({"all_rows": whole(grid)} if first else {}))


class _Places(NamedTuple):
    """Where parts stand, their names among them, and the elements that keep their hashes, None for a small property."""

    outputs: list[Output]
    names: list[str]
    keepers: list[str | None]
    named: bool

    @classmethod
    def of(cls, parts: Iterable[Part | Mapping[str, Output]], on: str | None) -> "_Places":
        """Return the places of the parts of `follows`."""
        first, *_others = parts
        if isinstance(first, Mapping):
            return cls([*first.values()], [*first], [on] * len(first), named=True)
        plain = [part for part in parts if not isinstance(part, Mapping)]
        keepers = [on or keeper_of(part) for part in plain]
        return cls(outputs_of(plain), [each or "" for each in keepers], keepers, named=False)

    @property
    def kept(self) -> list[str]:
        """The elements that keep hashes."""
        return list(dict.fromkeys(keeper for keeper in self.keepers if keeper))

    @property
    def states(self) -> list[State]:
        """What is known of each part: its hash, or a small property itself."""
        return [
            State(keeper, DRAWN) if keeper else State(*place_of(output))
            for keeper, output in zip(self.keepers, self.outputs, strict=True)
        ]

    def laid(self, made: Any) -> list[Any]:
        """Return what was drawn in the order of the parts, as Dash takes it; nobody types in named parts."""
        if self.named:
            return [made[name] for name in self.names]
        shown = [made] if len(self.names) == 1 else made
        return [laid(output, each) for output, each in zip(self.outputs, shown, strict=True)]

    def differing(self, shown: list[Any], drawn: list[Any] | None, number: int) -> dict[str, list[Any]]:
        """Return the parts that differ from what was `drawn`, and their hashes."""
        now = [_hash(keeper, each) if keeper else each for keeper, each in zip(self.keepers, shown, strict=True)]
        if self.named:
            known = json.loads(drawn[0])["parts"] if drawn and drawn[0] else {}
            before: list[Any] = [known.get(name) for name in self.names]
        else:
            before = drawn or [None] * len(shown)
        same = [old == new for old, new in zip(before, now, strict=True)]
        return {
            "shown": [no_update if as_before else each for as_before, each in zip(same, shown, strict=True)],
            "marks": [_kept(dict(zip(self.names, now, strict=True)), number)]
            if self.named
            else [
                no_update if as_before else mark
                for keeper, as_before, mark in zip(self.keepers, same, now, strict=True)
                if keeper
            ],
        }


def laid(part: Part, shown: Any) -> Any:
    """Return a drawn part as Dash takes it, with fields that keep what is typed.

    None or "" becomes an empty list: for elements replaced by None or "", Dash still believes that they exist, and
    fails when a late response refers to them.
    """
    keeps_typed(shown)
    return [] if shown in (None, "") and _output(part).component_property == "children" else shown


def mark(part: Part, shown: Any) -> Any:
    """Return the value that changes when a part does: a hash, or a small property itself."""
    keeper = keeper_of(part)
    return shown if keeper is None else _hash(keeper, shown)


def keeper_of(part: Part) -> str | None:
    """Return the id of the element that stores the hash of a part; None for a small property."""
    return part if isinstance(part, str) else part[1] if isinstance(part, tuple) else None


def _output(part: Part) -> DashDependency:
    return Output(part, "children") if isinstance(part, str) else part[0] if isinstance(part, tuple) else part


def outputs_of(parts: Iterable[Part], **more: Any) -> list[Output]:
    """Return the outputs of parts."""
    return [Output(*place_of(_output(part)), **more) for part in parts]


def place_of(each: DashDependency) -> tuple[Any, str]:
    """Return the element and the property of a dependency."""
    return each.component_id, each.component_property


def taking(callback: Callable[..., Any], function: Callable[..., Any], names: Iterable[str]) -> None:
    """`callback` stands for `function` and declares the arguments `names` as that does (see `envelope.fitting`)."""
    own = inspect.signature(callback, follow_wrapped=False).parameters
    functools.update_wrapper(callback, function, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
    added = inspect.signature(function, follow_wrapped=False).parameters  # a wrapper's own, beside those it hands on
    declared = {**added, **inspect.signature(function).parameters}
    taken = [each for each in own.values() if each.kind is not each.VAR_KEYWORD]
    rest = [each for each in declared.values() if each.kind is each.VAR_KEYWORD]
    for name in names:
        said = declared[name] if name in declared else rest[0]
        taken.append(said.replace(name=name, kind=inspect.Parameter.KEYWORD_ONLY))
    callback.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
    callback.__annotations__ = {each.name: each.annotation for each in taken if each.annotation is not each.empty}
