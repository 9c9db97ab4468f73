"""Five years on one page: the strategy loop, plans and results, money, countries, and a map of posts."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from dash import Input, Output, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.address import in_address
from dashboard.frame.area_filter import CHOICES, area_filter, area_of, choice
from dashboard.frame.interactions import followed, follows
from dashboard.frame.live_parts import same_for_role
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
from dashboard.screens.programme import post_map, practice, report, strategy_loop, tables
from dashboard.server.access import actor, reading
from dashboard.wording import N_, _, coded, language, number
from operations.core import vocabulary
from operations.core.clock import now
from operations.core.languages import LOCALES
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.posts.figures import Value
from operations.programme import figures, five_years, roles
from operations.programme.area import Area

NAV = FIVE_YEARS
AUDIENCE = same_for_role
FORM = DraftForm("country-role", roles.RoleDraft)
FIRST = 1990


class Ids(StrEnum):
    """Element ids of this page."""

    UNTIL = "programme-until"
    LOOP = "programme-loop"
    CHANGE = "programme-change"
    FIGURES = "programme-figures"
    YEARS = "programme-years"
    POSTS = "programme-posts"


class PagePart(NamedTuple):
    """The parts of the page, in the order in which they follow the pulse."""

    loop: Component
    change: Component
    figures: Component
    years: list[Component]
    posts: list[Component]
    marks: dict[str, Any]


def layout(until: str = "", region: str = "", country: str = "", **_query: str) -> Component:
    """Return the five years that end with `until`, by default this year, in a region or a country."""
    by, chosen = actor(), _year(until)
    with reading() as session:
        shown = contents(session, by, until, region, country)
    ends = range(now().year + five_years.SPAN, FIRST - 1, -1)
    spans = [{"value": str(year), "label": f"{year - five_years.SPAN + 1}\u2013{year}"} for year in ends]
    years = choice(Ids.UNTIL, _("Years"), spans, str(chosen or ""), placeholder=_("Until this year"))
    return page(
        _("Five years"),
        area_filter(by, years, region=region, country=country),
        followed(Ids.LOOP, shown.loop),
        tags.Div(
            post_map.drawn(shown.marks, followed(Ids.POSTS, shown.posts)),
            followed(Ids.CHANGE, shown.change),
            className="years-where",
        ),
        tags.Div(
            followed(Ids.FIGURES, shown.figures),
            followed(Ids.YEARS, shown.years, className="m-stack"),
            *_role_form(by),
            className="m-stack",
        ),
        lead=_("Assess, connect, train, operate, look again: what was planned, what is done, and what it changed."),
        wide=True,
    )


def contents(
    session: Session, by: Actor, until: str | None, region: str | None = None, country: str | None = None
) -> PagePart:
    """Return the current page; without a chosen year, up to this year."""
    last, at, area = _year(until or "") or now().year, now(), area_of(by, region, country)
    span = five_years.years(session, by, last, area)
    stood, of = figures.post_standings(session, at, area), area.country or area.region or programme_figures.PROGRAMME
    return PagePart(
        strategy_loop.drawn(session, by, span, figures.of_steps(session, by, at, area, stood), of),
        practice.drawn(stood, of),
        _figures(figures.figures(session, by, at), area),
        [
            tables.by_year(span),
            *tables.money(span),
            _papers(last),
            *tables.by_country(span, _roles(session, area)),
        ],
        tables.posts(stood),
        post_map.features(stood),
    )


def _roles(session: Session, area: Area) -> dict[str, roles.CountryRole]:
    return {country: role for country, role in roles.current_roles(session).items() if area.has(country)}


def _figures(values: Sequence[Value], area: Area) -> Component:
    """Return all key figures, folded: the sentences above tell five of them."""
    whole = [html.P(_("Of all countries, whatever is chosen above."), className="m-dim m-small")] if area else []
    fold = tags.Summary(_("All key figures"), " ", html.Span(number(len(values)), className="m-dim m-num"))
    return html.Details([fold, *whole, programme_figures.strip(values)], className="years-more")


def _year(typed: str) -> int | None:
    """Return the year in an address; None where the page has no such year."""
    return int(typed) if typed.isdecimal() and FIRST <= int(typed) <= now().year + five_years.SPAN else None


def _papers(last: int) -> Component:
    """Return links to the annual report, short and long, in every language."""
    rows = [
        tags.Li(
            html.Span(coded("CL-LANGUAGE", code)),
            *(
                file_button(words, report.address(last, length, code), "m-link")
                for length, words in ((report.PAGE, _("One page")), (report.LONG, _("Long")))
            ),
            file_button("Word", report.address(last, report.LONG, code, "docx"), "m-link"),
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
    Ids.CHANGE,
    Ids.FIGURES,
    Ids.YEARS,
    Ids.POSTS,
    (Output(answer_id(post_map.MAP), "data"), post_map.MAPPED),
    act=Act.POST_READ,
    until=Input(Ids.UNTIL, "value"),
    **CHOICES,
)
in_address(Ids.UNTIL, "until", "value")
say = calls(FORM, roles.set_roles, N_("It is written down."), act=Act.POST_KEEP, clears=("basis",))
