"""What a person may do with a thing now, as buttons: made from the steps that its life offers
(`core/state_machine.py`).
"""

from collections.abc import Callable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.confirmation import STEPS, asks
from dashboard.parts.form import button
from dashboard.wording import _, sentence
from operations.core.errors import Flaw
from operations.core.state_machine import Step, StepOffer

Ident = Callable[[Step[Any]], Any]


def offer_buttons(found: Sequence[StepOffer[Any]], ident: Ident, kind: str = "plain", **more: Any) -> list[Component]:
    """A button for each step that needs no reason. What stands in the way of one is said, and the button waits."""
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
    """The steps that need a reason, each folded under the name of its act with its field and its button.

    The dots say that something is asked first; what, stands over the field (`step.why`). `look`: the class of the fold.
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
    """What stands in the way, one sentence each; nothing where nothing does."""
    said = dict.fromkeys(sentence(flaw) for flaw in flaws)
    return [html.Ul([html.Li(each) for each in said], className="m-small m-obstacles")] if said else []


def _pressed(offer: StepOffer[Any], ident: Ident, kind: str, **more: Any) -> Component:
    step = offer.step
    confirm = asks(step.verb) if step.verb in STEPS else {}
    return button(_(step.words), ident(step), kind, step.icon, disabled=bool(offer.obstacles), **confirm, **more)
