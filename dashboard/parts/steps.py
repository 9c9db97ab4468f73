"""Buttons for steps of a state machine: ids of the buttons and reason fields, and their drawing for one row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dash_mantine_components as dmc
from dash import ALL, html
from dash.development.base_component import Component

from dashboard.parts.action_buttons import offer_buttons, offers_with_reason
from dashboard.wording import _
from operations.core.state_machine import Step, StepOffer

LONGEST = 2000


@dataclass(frozen=True)
class StepIds:
    """The ids on one page: a button names its row (`of`) and the next state (`to`)."""

    page: str

    @property
    def buttons(self) -> dict[str, Any]:
        """The pattern of the buttons, for `does`."""
        return {"type": f"{self.page}-step", "of": ALL, "to": ALL}

    @property
    def beside(self) -> dict[str, Any]:
        """The pattern of the reason fields, for `does`."""
        return {"type": f"{self.page}-why", "of": ALL, "to": ALL}

    def drawn(self, row: Any, offers: Sequence[StepOffer[Any]], **more: Any) -> list[Component]:
        """Return the buttons of the row with this id, and folds for steps that need a reason."""

        def button(step: Step[Any]) -> dict[str, str]:
            return {"type": f"{self.page}-step", "of": str(row), "to": step.after.value}

        def field(step: Step[Any]) -> Component:
            words = {"label": _(step.why), "autosize": True, "minRows": 2}
            return dmc.Textarea(
                id={**button(step), "type": f"{self.page}-why"},
                attributes={"input": {"maxLength": LONGEST}},
                **words,
            )

        plain = offer_buttons(offers, button, **more)
        return [
            *([html.Div(plain, className="board-acts")] if plain else []),
            *offers_with_reason(offers, button, field, **more),
        ]
