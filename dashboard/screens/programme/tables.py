"""Programme tables: planned, done and overdue by pillar, country and year; costs of measures; and every post."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.panel import empty_state, panel
from dashboard.parts.programme_figures import PROGRAMME, of_country, own_country, programme_attributes
from dashboard.parts.table import table, table_row
from dashboard.wording import N_, UNDEFINED, _, coded, joined, number
from operations.core.clock import now
from operations.core.vocabulary import Level
from operations.needs.figures import READINESS
from operations.programme.figures import GROWN, PostStanding
from operations.programme.five_years import MONEY, PILLARS, Money, Pillar, PillarYear, Years
from operations.programme.roles import ROLES, CountryRole
from operations.training.figures import CERTIFIED

FOLDED = 5
"""More countries than these, of which nothing but operations is known, are one row."""


def by_year(found: Years) -> Component:
    """Return each pillar in each year, and the sum."""
    if not found.items:
        return _nothing()
    at = now()
    head = [_("Pillar"), *(str(year) for year in found.years), _("All years")]
    rows = [
        table_row(
            _(about.name),
            *(_cell(found.cell(pillar, year), pillar, at, str(year or PROGRAMME)) for year in (*found.years, None)),
        )
        for pillar, about in PILLARS.items()
    ]
    meant = tags.Details(
        html.Summary(_("What is counted")),
        html.Dl(
            [
                part
                for about in PILLARS.values()
                for part in (
                    html.Dt(_(about.name)),
                    html.Dd(_("{planned}. Done: {done}.", planned=_(about.planned), done=_(about.done))),
                )
            ],
            className="m-facts",
        ),
        className="years-more",
    )
    left = [html.P(left_out(found), className="m-dim m-small")] if found.left_out else []
    whole = table(head, rows, "years-table years-first", _("Pillars by year"))
    country = own_country()
    whose = [html.P(of_country(country), className="m-dim m-small")] if country else []
    return panel(_("Pillars by year"), whole, *whose, *left, meant, note=_("Done of planned"))


def left_out(found: Years) -> str:
    """Return the note on the number of measures of earlier and later years."""
    return _("Planned for earlier and later years: {count}.", count=number(found.left_out))


def by_country(found: Years, roles: Mapping[str, CountryRole]) -> list[Component]:
    """Return each country in each pillar over all years; and the centre, where it has measures of its own.

    Countries of which nothing but operations is known, as most of a large one, are one row.
    """
    countries = sorted({*found.countries, *roles}, key=_country)
    if not countries:
        return []
    others = [pillar for pillar in PILLARS if pillar is not Pillar.OPERATIONS]
    alone = [
        code
        for code in countries
        if code not in roles and not any(found.cell(pillar, country=code).planned for pillar in others)
    ]
    alone = alone if len(alone) > FOLDED else []
    at = now()
    head = [_("Country"), _("On the routes"), *(_(about.name) for about in PILLARS.values())]
    rows = [
        table_row(
            html.Bdi(_country(code)),
            role_words(roles.get(code)),
            *(_cell(found.cell(pillar, country=code), pillar, at, code) for pillar in PILLARS),
        )
        for code in countries
        if code not in alone
    ]
    if alone:
        whole = sum((found.cell(Pillar.OPERATIONS, country=code) for code in alone), PillarYear())
        cells = (
            _cell(whole if pillar is Pillar.OPERATIONS else PillarYear(), pillar, at, "others") for pillar in PILLARS
        )
        rows.append(table_row(_("Other countries, operations alone: {count}", count=number(len(alone))), "", *cells))
    if found.cell(country=None).planned:
        of_centre = (_cell(found.cell(pillar, country=None), pillar, at, "centre") for pillar in PILLARS)
        rows.append(table_row(_("The centre"), "", *of_centre))
    drawn = table(head, rows, "years-table", _("Pillars by country"))
    return [panel(_("Pillars by country"), drawn, note=_("Done of planned, all years of the page"))]


def role_words(said: CountryRole | None) -> str:
    """Return a country's role on the routes; a dash where it is not set."""
    return joined(_(ROLES[name]) for name in said.roles) if said else UNDEFINED


def money(found: Years) -> list[Component]:
    """Return the sums proposed, planned, committed, spent and delivered, by year and currency; [] without any sum."""
    at = now()
    rows = [
        table_row(
            str(year),
            code,
            *(
                html.Td(
                    _amount(sums[kind].get(code)),
                    className="m-num",
                    **programme_attributes(f"money.{kind}", code, at, str(year)),
                )
                for kind in MONEY
            ),
        )
        for year, sums in found.money.items()
        for code in _currencies(sums)
    ]
    if not rows:
        return []
    head = [_("Year"), _("Currency"), *(_(words) for words in MONEY.values())]
    note = _(
        "Measures in the year their assessment was validated, sums of projects by their day, equipment by its "
        "handover; currencies are not added up."
    )
    return [panel(_("Money"), table(head, rows, "years-table", _("Money")), note=note)]


def money_words(sums: Money) -> list[tuple[str, str]]:
    """Return the sums in words, by currency."""
    return [
        (code, " · ".join(f"{_(MONEY[kind])}: {number(each[code])}" for kind, each in sums.items() if code in each))
        for code in _currencies(sums)
    ]


def _currencies(sums: Money) -> list[str]:
    return sorted({code for each in sums.values() for code in each})


def _amount(count: int | None) -> str:
    return UNDEFINED if count is None else number(count)


def cell_words(cell: PillarYear) -> str:
    """Return the share of a plan that is done; a dash where nothing was planned."""
    if not cell.planned:
        return UNDEFINED
    told = _("{part} of {whole}", part=number(cell.done), whole=number(cell.planned))
    return _("{done}, overdue: {count}", done=told, count=number(cell.overdue)) if cell.overdue else told


def _cell(cell: PillarYear, pillar: Pillar, at: datetime, of: str) -> Any:
    if not cell.planned:
        return html.Td(UNDEFINED, className="m-num m-dim")
    done = _("{part} of {whole}", part=number(cell.done), whole=number(cell.planned))
    late = (
        [html.Span(_("Overdue: {count}", count=number(cell.overdue)), className="years-late")] if cell.overdue else []
    )
    stated = html.Span(done, **programme_attributes(f"pillar.{pillar}", _("Done of planned"), at, of))
    return html.Td([stated, *late], className="m-num")


MOST_POSTS = 50
"""The posts in the table: the map shows all of them, and a country has fewer."""


def posts(found: Sequence[PostStanding]) -> list[Component]:
    """Return the first posts with the values of the map."""
    if not found:
        return []
    at = now()
    head = [
        _("Post"),
        _("Country"),
        _("Readiness"),
        _("Connected"),
        _("Certified officers"),
        _("Queries against first"),
    ]
    rows = [
        table_row(
            dcc.Link(html.Bdi(standing.post.name), href=f"/posts?show={standing.post.id}", className="m-link"),
            html.Bdi(_country(standing.post.country)),
            *(
                html.Td(words, className="m-num", **_of_post(figure, standing, at))
                for words, figure in zip(standing_words(standing), _STANDING, strict=True)
            ),
        )
        for standing in found[:MOST_POSTS]
    ]
    whole = [table(head, rows, "years-table", _("Posts as they stand"))]
    if len(found) > MOST_POSTS:
        shown, of_all = number(MOST_POSTS), number(len(found))
        words = _("The first {shown} of {all} posts. Choose a country to see the others.", shown=shown, all=of_all)
        whole.append(html.P(words, className="m-dim m-small"))
    return [html.Details([html.Summary(_("As a table")), *whole], className="years-more")]


_STANDING = (
    (READINESS.code, READINESS.unit, READINESS.level),
    None,
    (CERTIFIED.code, CERTIFIED.unit, CERTIFIED.level),
    (GROWN.code, N_("times"), GROWN.level),
)
"""Figure, unit and verification level of each of `standing_words`; None where it is no number."""


def standing_words(each: PostStanding) -> tuple[str, str, str, str]:
    """Return readiness, connection, training and results of a post; a dash for unknown ones."""
    asks = UNDEFINED if each.connected is None else _("Yes") if each.connected else _("No")
    return (
        UNDEFINED if each.readiness is None else number(each.readiness),
        asks,
        UNDEFINED if each.certified is None else number(each.certified),
        UNDEFINED if each.grown is None else _("{times} times", times=number(each.grown, 1)),
    )


def _of_post(figure: tuple[str, str, Level] | None, each: PostStanding, at: datetime) -> dict[str, str]:
    if figure is None:
        return {}
    kpi, unit, level = figure
    return programme_attributes(kpi, _(unit), at, str(each.post.id), level)


def _country(code: str) -> str:
    return coded("CL-COUNTRY", code)


def _nothing() -> Component:
    action = dcc.Link(_("Register a post"), href="/posts", className="home-new-link")
    return empty_state(
        _("Nothing is planned in these years"),
        _("Begin with the border posts: register them, and request the assessment of one."),
        "building",
        action=action,
    )
