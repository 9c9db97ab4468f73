"""The two pages of a state machine's rows: all rows as a list (and a board), and one row with the forms of its state.

A screen declares the functions that draw them. Every part follows the pulse, and buttons take a row to its next state.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from dash import Input, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.address import in_address
from dashboard.frame.area_filter import CHOICES, YEAR, area_filter, area_of, year_choice
from dashboard.frame.button_press import Undo
from dashboard.frame.interactions import Done, Press, does, followed, follows, follows_list
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.shell import page
from dashboard.frame.undo import undoes, way_back
from dashboard.navigation import Nav
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.list_page import FIRST, link_rows, list_view, view_tabs
from dashboard.parts.listing import Listing
from dashboard.parts.steps import StepIds
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import N_, _
from dashboard.wording import coded as coded
from operations.core import rows
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.state_machine import Life
from operations.policing.operation import plan

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
    """The two pages of a noun, mostly one with a life. Ids of elements begin with `prefix`.

    Where `nav` is a page of an operation, all functions that draw them get the operation after the session. `asked`
    are the parameters of the query, besides `show`, that the page of one row gets. `area`: its rows are of a country,
    and the list can be narrowed to a region or a country. `country` and `day` name the attributes of a row: where it
    is, and, if the list can be narrowed to a year, when. A board is then given the `Area` that is chosen.
    """

    def __init__(
        self,
        prefix: str,
        nav: Nav,
        of: Noun[Any] | Life[Any],
        titles: Titles,
        asked: tuple[str, ...] = (),
        area: bool = False,
        country: str = "country",
        day: str = "",
    ) -> None:
        self.among = (CHOICES if area else {}) | ({"year": Input(YEAR, "value")} if day else {})
        self.country, self.day = country, day
        self.prefix, self.nav, self.of, self.titles, self.asked = prefix, nav, of, titles, asked
        self.life: Any = of.life if isinstance(of, Noun) else of
        self.steps = StepIds(prefix)
        self.here = {name: State(self.id(name), "data") for name in ("shown", *asked)}
        self.how: dict[str, Any] = {"act": nav.act} | ({"operation": OPERATION} if nav.of_operation else {})
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
        between: Draw | None = None,
        figures: Draw | None = None,
        above: Mapping[str, Draw] | None = None,
        new: Draw | None = None,
        offered: Draw | None = None,
        board: tuple[str, Draw] | None = None,
        first: str = "list",
        named: Callable[[Session, str], str] | None = None,
        actions: Draw | None = None,
        wide: bool = False,
        taken: bool = True,
    ) -> None:
        """Declare the function that draws each part, and make the parts follow the pulse.

        `forms` below the file are drawn again when the result of `seen` changes, or what they show; `between` the two
        stands what no pulse draws again. `figures`, the parts `above`, by name, and the form of a `new` row stand over
        the list; that form is drawn again when the result of `offered` changes. `board`, with its title, is the other
        view of the list, and `first` names the one that is open; `named` returns the title of a row's page, by session
        and id, where a row has a name; `actions` stand beside the title of the list; `wide`: the file needs the full
        width; `taken`: the list can be exported.
        """
        self.table, self.file, self.wide, self.between, self.first = table, file, wide, between, first
        self.forms, self.seen, self.new, self.board = forms, seen, new, board
        self.above = ({"figures": figures} if figures else {}) | dict(above or {})
        self.offered, self.taken, self.named, self.actions = offered, taken, named, actions
        shown = self._listing if self.among else table
        self.refresh = follows_list(shown, self.id("list"), FIRST, **self.how, **self.among)
        follows(file, self.id("file"), **self.how, **self.here)
        if forms:
            follows(forms, self.id("forms"), unless=seen, **self.how, **self.here)
        if new and offered:
            follows(new, self.id("new"), unless=offered, **self.how)
        for part, drawn in self.above.items():
            follows(drawn, self.id(part), **self.how)
        if board:
            in_address(self.id("view"), "view", "value", first)
            follows(self._board if self.among else board[1], self.id("board"), **self.how, **self.among)

    def _listing(self, session: Session, by: Actor, **chosen: str | None) -> Listing[Any]:
        return self._narrowed(self.table(session, by), by, **chosen)

    def _narrowed(self, made: Listing[Any], by: Actor, **chosen: str | None) -> Listing[Any]:
        made.things = area_of(by, **chosen, day=self.day).of(made.things, self.country)
        return made

    def _board(self, session: Session, by: Actor, **chosen: str | None) -> Any:
        return self.board and self.board[1](session, by, area_of(by, **chosen, day=self.day))

    def layout(self, operation_id: str = "", show: str = "", **query: str) -> Component:
        """Return the page of all rows, or with `show` that of one. Raises NotFound."""
        by = actor()
        with reading() as session:
            here = [plan.operation(session, known_id(operation_id), by)] if self.nav.of_operation else []
            if show:
                return self._one(session, here, by, show, {name: query.get(name, "") for name in self.asked})
            scope = (session, *here, by)
            chosen = {name: query.get(name) for name in self.among}
            listed = self.table(*scope)
            days = map(attrgetter(self.day), listed.things) if self.day else ()
            years = [year_choice(days, chosen["year"])] if self.day else []
            listed = self._narrowed(listed, by, **chosen) if self.among else listed
            shown = list_view(self.id("list"), listed, _(self.titles.empty), taken=self.taken, first=FIRST)
            above = [followed(self.id(part), drawn(*scope), className="m-stack") for part, drawn in self.above.items()]
            made = self.new(*scope) if self.new else []
            above += [followed(self.id("new"), made, seen=self.offered(*scope))] if self.offered else made
            if self.board:
                words, draw = self.board
                drawn = self._board(*scope, **chosen) if self.among else draw(*scope)
                views = {"list": (_("List"), shown), "board": (_(words), followed(self.id("board"), drawn))}
                ordered = {self.first: views.pop(self.first)} | views
                opened = query.get("view", "")
                shown = view_tabs(ordered, opened if opened in ordered else self.first, self.id("view"))
            actions = self.actions(*scope) if self.actions else []
            above += [area_filter(by, *years, **chosen)] if self.among else []
        return page(_(self.titles.all), *above, shown, lead=_(self.titles.lead), actions=actions, wide=True)

    def _one(self, session: Session, here: Sequence[Any], by: Actor, show: str, asked: dict[str, str]) -> Component:
        scope = (session, *here, by, show)
        parts = [dcc.Store(id=self.id("shown"), data=str(known_id(show)))]
        parts += [dcc.Store(id=self.id(name), data=value) for name, value in asked.items()]
        parts.append(followed(self.id("file"), self.file(*scope, **asked), className="m-stack"))
        parts += self.between(*scope, **asked) if self.between else []
        if self.forms:
            seen = self.seen(*scope, **asked) if self.seen else None
            parts.append(followed(self.id("forms"), self.forms(*scope, **asked), seen=seen, className="m-stack"))
        back = dcc.Link(_(self.titles.back), href=self.nav.href(*(each.id for each in here)), className="file-way")
        title = html.Bdi(self.named(session, show)) if self.named else _(self.titles.one)
        return page(title, html.Div(parts, className="m-stack"), actions=[back], wide=self.wide)

    # ------------------------------------------------------------------------------------------- what a row says

    def href(self, row: Any) -> str:
        """Return the address of a row's page."""
        where = self.nav.href(row.operation_id if self.nav.of_operation else None)
        return f"{where}?show={row.id}"

    def state(self, row: Any) -> str:
        """Return the state of a row in words."""
        return _(self.life.words[self.life.now(row)])

    def filed(
        self,
        session: Session,
        by: Actor,
        row: Any,
        says: str,
        facts: Sequence[tuple[str, Any]],
        zone: str,
        *also: Component,
        panels: Iterable[Component] = (),
    ) -> list[Component]:
        """Return the parts of the page of a noun's row: `also` stands below its actions, `panels` above its past."""
        noun: Any = self.of
        named = self.life.words
        past = [
            Past(step.made_at, _(named[self.life.states(step.state)]), step.author_name, step.words)
            for step in noun.past(session, row.id)
        ]
        acts = self.steps.drawn(row.id, noun.offers(session, row, by))
        *above, history = file_page(says, facts, [*acts, *also], past, zone)
        return [*above, *panels, history]

    def takes(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        """Declare the button that takes a row to another state by `verb` (see `takes`)."""
        return takes(self.steps, self.life, verb, self.nav.act, noun=self.of if isinstance(self.of, Noun) else None)


def takes(
    steps: StepIds,
    life: Life[Any],
    verb: Callable[..., Any],
    act: Act,
    said: str | Callable[[Any], str] = _NOW,
    noun: Noun[Any] | None = None,
) -> Callable[..., Any]:
    """Declare the buttons of `steps`, which take a row of a `life` to another state, with the words beside the button.

    `verb(session, id, to, by, words)` does it; `said` is the sentence shown afterwards, or returns it from the verb's
    result. A step of a `noun` can be undone where one leads straight back.
    """

    def take(press: Press) -> Done:
        """Take the row to another state, with the words beside the button."""
        to, back = life.states(press.subject["to"]), None
        before = life.now(rows.one(press.session, noun.model, press.of)) if noun else ""
        made = verb(press.session, press.of, to, press.by, press.words)
        if noun:
            offers = noun.offers(press.session, rows.one(press.session, noun.model, press.of), press.by)
            back = way_back(steps.page, before, offers, press.of)
        return Done(said(made) if callable(said) else _(said, state=_(life.words[to])), undo=back)

    @undoes(steps.page)
    def take_back(session: Session, by: Actor, back: Undo) -> None:
        """Take the row straight back."""
        verb(session, known_id(back.of), life.states(back.to), by, "")

    return does(steps.buttons, act=act, beside=steps.beside)(take)


# ------------------------------------------------------------------------------------------------------- words
