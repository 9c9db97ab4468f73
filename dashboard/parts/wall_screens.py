"""Wall screens as a list, each with a button that closes it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.wording import _, moment_utc
from operations.policing.operation.wall_screens import Wall


def wall_list(walls: Sequence[Wall], closes: str, titles: Mapping[UUID, str], named: bool = False) -> list[Component]:
    """Return the list; `closes` is the type of the buttons' ids. `titles`: of operations that the reader may know.

    `named`: with the person who opened each.
    """
    if not walls:
        return [
            empty_state(
                _("No screen shows a situation"), _("Screens are opened on the situation page."), "device-desktop"
            )
        ]
    return [html.Ul([_item(each, closes, titles, named) for each in walls], className="account-sessions")]


def _item(wall: Wall, closes: str, titles: Mapping[UUID, str], named: bool) -> Component:
    begun = moment_utc(wall.entry.created_at)
    said = (
        _("shows the situation since {moment}", moment=begun)
        if wall.shows
        else _("a link of {moment} waits for its screen", moment=begun)
    )
    about: list[Any] = [html.Bdi(wall.opened_by.name), " · "] if named else []
    where: list[Any] = [html.Bdi(wall.entry.source), " · "] if wall.shows else []
    end = button(
        _("Close"),
        {"type": closes, "session": str(wall.entry.id)},
        "plain",
        size="compact-sm",
        **{"aria-label": _("Close the screen of {moment}", moment=begun)},
    )
    return tags.Li(
        icon("device-desktop", size=20),
        tags.Div(
            html.Strong(titles.get(wall.operation) or _("Screen on a wall")),
            html.Span([*about, *where, said], className="m-dim m-small"),
            className="account-session-words",
        ),
        end,
    )
