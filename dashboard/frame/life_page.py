"""A page of what lives: all of it as a list, and as a board where it has one; one in full, with the forms of its state.

A screen says what stands there. Here both pages are drawn, each of their parts follows the pulse, and steps are taken.
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
from dashboard.parts.list_page import listed, opens, ways
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
    """What the pages say (message ids): the name of all and of one, the way back, what to do where there is none."""

    all: str
    one: str
    back: str
    empty: str
    lead: str


class LifePage:
    """The two pages of a life. Its elements are named after `prefix`; `tab` is its place in the programme."""

    def __init__(
        self, prefix: str, nav: Nav, life: Life[Any], tab: programme_tabs.ProgrammePage, titles: Titles
    ) -> None:
        self.prefix, self.nav, self.life, self.tab, self.titles = prefix, nav, life, tab, titles
        self.steps = StepIds(prefix)
        self.here = {"shown": State(self.id("shown"), "data")}
        opens(self.id("list"))

    def id(self, part: str) -> str:
        """The id of an element."""
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
        """Say what draws each part, and let it follow.

        `forms` under the file are drawn anew where `seen` of it changes; `figures` and the form of a `new` one stand
        over the list, that form drawn anew where what is `offered` in it changes; `board` with its words stands beside
        the list; `named`: what the page of one is called, by session and what is shown, where it has a name of its own;
        `wide`: the file needs the whole width; `taken`: the list can be taken along as a file.
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
        """All of them; with `show`, one in full. Raises NotFound."""
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
            found = listed(self.id("list"), self.table(session, by), _(self.titles.empty), taken=self.taken)
            above = [followed(self.id("figures"), self.figures(session, by))] if self.figures else []
            above += self._new(session, by) if self.new else []
            if self.board:
                words, draw = self.board
                columned = followed(self.id("board"), draw(session, by))
                found = ways({"list": (_("List"), found), "board": (_(words), columned)}, "list")
        tabs = programme_tabs.programme_tabs(by, self.tab)
        return page(_(self.titles.all), tabs, *above, found, lead=_(self.titles.lead), wide=True)

    def _new(self, session: Session, by: Actor) -> list[Component]:
        made: list[Component] = self.new(session, by) if self.new else []
        return [followed(self.id("new"), made, seen=self.offered(session, by))] if self.offered else made

    # ------------------------------------------------------------------------------------------- what a row says

    def href(self, row: Any) -> str:
        """Where the file of a row is."""
        return f"{self.nav.href()}?show={row.id}"

    def state(self, row: Any) -> str:
        """How far a row is, in words."""
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
        """The parts of its file (`parts.file_page`): `also` stands under what can be done, `steps` are its history."""
        named = self.life.words
        past = [
            Past(each.made_at, _(named[self.life.states(each.state)]), each.author_name, each.words) for each in steps
        ]
        return file_page(says, facts, [*self.steps.drawn(row.id, offers), *also], past, zone)

    def takes(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        """The press that takes a row a step further by `verb` (see `takes`)."""
        return takes(self.steps, self.life, verb, self.nav.act)


def takes(
    steps: StepIds, life: Life[Any], verb: Callable[..., Any], act: Act, said: str | Callable[[Any], str] = _NOW
) -> Callable[..., Any]:
    """The press of a button of `steps` that takes a row of a `life` a step further, with the words beside the button.

    `verb(session, id, to, by, words)` takes it; `said` is what is told then, or tells it of what the verb returned.
    """

    def take(press: Press) -> Done:
        """Take it a step further, with the words beside the button."""
        to = life.states(press.subject["to"])
        made = verb(press.session, press.of, to, press.by, press.words)
        return Done(said(made) if callable(said) else _(said, state=_(life.words[to])))

    return does(steps.buttons, act=act, beside=steps.beside)(take)


# ------------------------------------------------------------------------------------------------------- words
