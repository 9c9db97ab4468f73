"""Five years on one page: the strategy loop, plans and results, money, countries, and a map of posts."""

from enum import StrEnum
from typing import Any, NamedTuple

from dash import Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import followed, follows
from dashboard.frame.shell import page
from dashboard.frame.verb_buttons import calls
from dashboard.map.answers import answer_id
from dashboard.parts import programme_figures, tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.file_button import file_button
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.panel import panel
from dashboard.places import FIVE_YEARS
from dashboard.screens.programme import post_map, report, strategy_loop, tables
from dashboard.server.access import actor, reading
from dashboard.wording import N_, _, coded, language
from operations.core import vocabulary
from operations.core.clock import now
from operations.core.languages import LOCALES
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.programme import figures, five_years, roles

NAV = FIVE_YEARS
FORM = DraftForm("country-role", roles.RoleDraft)
FIRST = 1990


class Ids(StrEnum):
    """Element ids of this page."""

    UNTIL = "programme-until"
    LOOP = "programme-loop"
    FIGURES = "programme-figures"
    YEARS = "programme-years"
    POSTS = "programme-posts"
    OTHERS = "programme-others"


class PagePart(NamedTuple):
    """The parts of the page, in the order in which they follow the pulse."""

    loop: Component
    figures: Component
    years: list[Component]
    posts: list[Component]
    others: list[Component]
    marks: dict[str, Any]


def layout(until: str = "", **_query: str) -> Component:
    """Return the five years that end with `until`, by default this year."""
    by, chosen = actor(), _year(until)
    with reading() as session:
        shown = contents(session, by, chosen)
    return page(
        _("Five years"),
        dcc.Store(id=Ids.UNTIL, data=chosen),
        followed(Ids.LOOP, shown.loop),
        followed(Ids.FIGURES, shown.figures),
        tags.Div(
            followed(Ids.YEARS, shown.years, className="m-stack"),
            post_map.drawn(shown.marks, followed(Ids.POSTS, shown.posts)),
            *_role_form(by),
            className="m-stack",
        ),
        actions=[followed(Ids.OTHERS, shown.others, className="m-row")],
        lead=_("Assess, connect, train, operate, look again: what was planned, what is done, and what it changed."),
        wide=True,
    )


def contents(session: Session, by: Actor, until: int | None) -> PagePart:
    """Return the current page; without a chosen year, up to this year."""
    last, at = until if isinstance(until, int) else now().year, now()
    span = five_years.years(session, by, last)
    values, stood = figures.figures(session, by, at), figures.post_standings(session, at)
    return PagePart(
        strategy_loop.drawn(session, by, span, values),
        programme_figures.strip(values),
        [
            tables.by_year(span),
            *tables.by_country(span, roles.current_roles(session)),
            *tables.money(span),
            _papers(last),
        ],
        tables.posts(stood),
        _other_years(last),
        post_map.features(stood),
    )


def _year(typed: str) -> int | None:
    """Return the year in an address; None where the page has no such year."""
    return int(typed) if typed.isdecimal() and FIRST <= int(typed) <= now().year + five_years.SPAN else None


def _other_years(last: int) -> list[Component]:
    found = ((_("Earlier"), last - five_years.SPAN), (_("Later"), last + five_years.SPAN))
    return [
        dcc.Link(words, href=f"{NAV.href()}?until={year}", className="file-way")
        for words, year in found
        if FIRST <= year <= now().year + five_years.SPAN
    ]


def _papers(last: int) -> Component:
    """Return links to the annual report, short and long, in every language."""
    rows = [
        tags.Li(
            html.Span(coded("CL-LANGUAGE", code)),
            *(
                file_button(words, report.address(last, length, code), "m-link")
                for length, words in ((report.PAGE, _("One page")), (report.LONG, _("Long")))
            ),
            className="m-row",
        )
        for code in LOCALES
    ]
    return panel(_("Annual report {year}", year=str(last)), html.Ul(rows, className="years-papers"))


def _role_form(by: Actor) -> list[Component]:
    """Return the form that sets a country's role on the routes, for those who keep the register of posts."""
    if not may(by, Act.POST_KEEP):
        return []
    own = by.country if by.national else None
    named = [each for each in vocabulary.options("CL-COUNTRY", language()) if own in (None, each["value"])]
    fields = whole_form(
        FORM,
        _("Say it"),
        "route",
        "country",
        ("source", "transit"),
        "destination",
        "basis",
        thing={"country": own},
        choices={"country": named},
    )
    return [new_row_form(_("Say what a country is on the routes"), *fields)]


refresh = follows(
    contents,
    Ids.LOOP,
    Ids.FIGURES,
    Ids.YEARS,
    Ids.POSTS,
    Ids.OTHERS,
    (Output(answer_id(post_map.MAP), "data"), post_map.MAPPED),
    act=Act.POST_READ,
    until=State(Ids.UNTIL, "data"),
)
say = calls(FORM, roles.set_roles, N_("It is written down."), act=Act.POST_KEEP, clears=("basis",))
