"""The two pages of a state machine's rows: all rows as a list (and a board), and one row with the forms of its state.

A screen declares the functions that draw them. Every part follows the pulse, and buttons take a row to its next state.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from dash import State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows, follows_list
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts import programme_tabs
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.list_page import link_rows, list_view, view_tabs
from dashboard.parts.listing import Listing
from dashboard.parts.steps import StepIds
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import N_, _
from dashboard.wording import coded as coded
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.state_machine import Life, StepOffer

Draw = Callable[..., Any]
"""(session, by) for the list's page; (session, by, shown) for the file's."""

_NOW = N_("It is now: {state}.")


class Titles(NamedTuple):
    """Message ids of the pages: the names of all and of one, the link back, the sentence for an empty list."""

    all: str
    one: str
    back: str
    empty: str
    lead: str


class LifePage:
    """The two pages of a state machine. Ids of elements begin with `prefix`; `tab` is the place in the programme."""

    def __init__(
        self, prefix: str, nav: Nav, life: Life[Any], tab: programme_tabs.ProgrammePage, titles: Titles
    ) -> None:
        self.prefix, self.nav, self.life, self.tab, self.titles = prefix, nav, life, tab, titles
        self.steps = StepIds(prefix)
        self.here = {"shown": State(self.id("shown"), "data")}
        link_rows(self.id("list"))

    def id(self, part: str) -> str:
        """Return the id of an element."""
        return f"{self.prefix}-{part}"

    def draws(
        self,
        table: Callable[..., Listing[Any]],
        file: Draw,
        *,
        forms: Draw | None = None,
        seen: Draw | None = None,
        figures: Draw | None = None,
        new: Draw | None = None,
        offered: Draw | None = None,
        board: tuple[str, Draw] | None = None,
        named: Callable[[Session, str], str] | None = None,
        wide: bool = False,
        taken: bool = True,
    ) -> None:
        """Declare the function that draws each part, and make the parts follow the pulse.

        `forms` below the file are drawn again when the result of `seen` changes; `figures` and the form of a `new` row
        stand above the list, and that form is drawn again when the result of `offered` changes; `board`, with its
        title, is the other view of the list; `named` returns the title of a row's page, by session and id, where a row
        has a name; `wide`: the file needs the full width; `taken`: the list can be exported.
        """
        self.table, self.file, self.wide = table, file, wide
        self.forms, self.seen, self.figures, self.new, self.board = forms, seen, figures, new, board
        self.offered, self.taken, self.named = offered, taken, named
        follows_list(table, self.id("list"), act=self.nav.act)
        follows(file, self.id("file"), act=self.nav.act, **self.here)
        if forms:
            follows(forms, self.id("forms"), act=self.nav.act, unless=seen, **self.here)
        if new and offered:
            follows(new, self.id("new"), act=self.nav.act, unless=offered)
        if figures:
            follows(figures, self.id("figures"), act=self.nav.act)
        if board:
            follows(board[1], self.id("board"), act=self.nav.act)

    def layout(self, show: str = "", **_query: str) -> Component:
        """Return the page of all rows, or with `show` that of one. Raises NotFound."""
        by = actor()
        with reading() as session:
            if show:
                parts = [dcc.Store(id=self.id("shown"), data=str(known_id(show)))]
                parts.append(followed(self.id("file"), self.file(session, by, show), className="m-stack"))
                if self.forms and self.seen:
                    typed, seen = self.forms(session, by, show), self.seen(session, by, show)
                    parts.append(followed(self.id("forms"), typed, seen=seen, className="m-stack"))
                back = dcc.Link(_(self.titles.back), href=self.nav.href(), className="file-way")
                whole = html.Div(parts, className="m-stack")
                title = html.Bdi(self.named(session, show)) if self.named else _(self.titles.one)
                return page(title, whole, actions=[back], wide=self.wide)
            shown = list_view(self.id("list"), self.table(session, by), _(self.titles.empty), taken=self.taken)
            above = [followed(self.id("figures"), self.figures(session, by))] if self.figures else []
            above += self._new(session, by) if self.new else []
            if self.board:
                words, draw = self.board
                columned = followed(self.id("board"), draw(session, by))
                shown = view_tabs({"list": (_("List"), shown), "board": (_(words), columned)}, "list")
        tabs = programme_tabs.programme_tabs(by, self.tab)
        return page(_(self.titles.all), tabs, *above, shown, lead=_(self.titles.lead), wide=True)

    def _new(self, session: Session, by: Actor) -> list[Component]:
        made: list[Component] = self.new(session, by) if self.new else []
        return [followed(self.id("new"), made, seen=self.offered(session, by))] if self.offered else made

    # ------------------------------------------------------------------------------------------- what a row says

    def href(self, row: Any) -> str:
        """Return the address of a row's page."""
        return f"{self.nav.href()}?show={row.id}"

    def state(self, row: Any) -> str:
        """Return the state of a row in words."""
        return _(self.life.words[self.life.now(row)])

    def filed(
        self,
        row: Any,
        says: str,
        facts: Sequence[tuple[str, Any]],
        offers: Sequence[StepOffer[Any]],
        steps: Iterable[Any],
        zone: str,
        *also: Component,
    ) -> list[Component]:
        """Return the parts of a row's page (`parts.file_page`): `also` stands below its actions, `steps` are past."""
        named = self.life.words
        past = [
            Past(step.made_at, _(named[self.life.states(step.state)]), step.author_name, step.words) for step in steps
        ]
        return file_page(says, facts, [*self.steps.drawn(row.id, offers), *also], past, zone)

    def takes(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        """Declare the button that takes a row to another state by `verb` (see `takes`)."""
        return takes(self.steps, self.life, verb, self.nav.act)


def takes(
    steps: StepIds, life: Life[Any], verb: Callable[..., Any], act: Act, said: str | Callable[[Any], str] = _NOW
) -> Callable[..., Any]:
    """Declare the buttons of `steps`, which take a row of a `life` to another state, with the words beside the button.

    `verb(session, id, to, by, words)` does it; `said` is the sentence shown afterwards, or returns it from the verb's
    result.
    """

    def take(press: Press) -> Done:
        """Take the row to another state, with the words beside the button."""
        to = life.states(press.subject["to"])
        made = verb(press.session, press.of, to, press.by, press.words)
        return Done(said(made) if callable(said) else _(said, state=_(life.words[to])))

    return does(steps.buttons, act=act, beside=steps.beside)(take)


# ------------------------------------------------------------------------------------------------------- words
