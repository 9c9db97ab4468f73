"""Action buttons: the steps that a state machine (`core/state_machine.py`) offers a person for a row now."""

from collections.abc import Callable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.confirmation import STEPS, confirmation_attributes
from dashboard.parts.form import button
from dashboard.parts.responsible_roles import who_acts
from dashboard.server.access import actor
from dashboard.wording import _, sentence
from operations.core.errors import Flaw
from operations.core.state_machine import Step, StepOffer

Ident = Callable[[Step[Any]], Any]


def offer_buttons(found: Sequence[StepOffer[Any]], ident: Ident, kind: str = "plain", **more: Any) -> list[Component]:
    """Return a button for each step that needs no reason; obstacles disable the button and are listed."""
    plain = [offer for offer in found if offer.step.words and not offer.step.why]
    blocked = [flaw for offer in plain for flaw in offer.obstacles]
    return [*(_pressed(offer, ident, kind, **more) for offer in plain), *obstacle_list(blocked)]


def offers_with_reason(
    found: Sequence[StepOffer[Any]],
    ident: Ident,
    field: Ident,
    kind: str = "plain",
    look: str = "board-why",
    **more: Any,
) -> list[Component]:
    """Return the steps that need a reason, each as a fold with the name of its action, a field and a button.

    The ellipsis in the name announces a question, which is the label of the field (`step.why`). `look`: the fold's
    class.
    """
    return [
        tags.Details(
            html.Summary(f"{_(offer.step.words)}…"),
            field(offer.step),
            _pressed(offer, ident, kind, **more),
            *obstacle_list(offer.obstacles),
            className=look,
        )
        for offer in found
        if offer.step.words and offer.step.why
    ]


def obstacle_list(flaws: Sequence[Flaw]) -> list[Component]:
    """What stands in the way, one sentence each, and who can change it where the reader cannot."""
    said = dict.fromkeys(" ".join(filter(None, (sentence(flaw), who_acts(flaw.act, actor())))) for flaw in flaws)
    return [html.Ul([html.Li(each) for each in said], className="m-small m-obstacles")] if said else []


def _pressed(offer: StepOffer[Any], ident: Ident, kind: str, **more: Any) -> Component:
    step = offer.step
    confirm = confirmation_attributes(step.verb) if step.verb in STEPS else {}
    return button(_(step.words), ident(step), kind, step.icon, disabled=bool(offer.obstacles), **confirm, **more)
