"""Participation table: which countries were invited in which role, their answers, and their sites."""

from collections.abc import Mapping, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.icon import icon
from dashboard.parts.markup import Markup
from dashboard.parts.panel import empty_state
from dashboard.parts.table import table, table_row
from dashboard.wording import UNDEFINED, _, coded, date, language, ngettext
from operations.core import vocabulary
from operations.core.field_labels import labels_of
from operations.core.vocabulary import ParticipationState
from operations.policing.map_plan.places import Site
from operations.policing.operation.plan import Leaving, Participation

P = ParticipationState
TONES = {
    P.INVITED: "warn",
    P.CONFIRMED: "accent",
    P.ACTIVE: "good",
    P.REPORTED_FINAL: "accent",
    P.DECLINED: "muted",
    P.WITHDRAWN: "muted",
}


def participation_table(found: Sequence[Participation], acts: Mapping[str, Sequence[Component]]) -> Component:
    """Return the participations by country name, with the actions on each; `acts` are by country."""
    order = _names()
    head = [_("Country"), _("Takes part as"), _("State"), _("Invited"), _("Answered"), _("Shares totals")]
    head += [_("Final word")] if acts else []

    def row(each: Participation) -> Component:
        state = coded("CL-PARTSTATE", each.state)
        cells = [
            html.Td(coded("CL-CONTRIBUTION", each.contribution)),
            html.Td([state_badge(state, TONES.get(P(each.state), "neutral")), *_reasons(each), *_kept(each)]),
            html.Td(date(each.invited_at.date()), className="m-num"),
            html.Td(date(each.answered_at.date()) if each.answered_at else UNDEFINED, className="m-num"),
            html.Td(_("yes") if each.shares_totals else _("no")),
            *([html.Td(list(acts.get(each.country, ())))] if acts else []),
        ]
        return table_row(order[each.country], *cells)

    rows = [row(each) for each in sorted(found, key=lambda each: list(order).index(each.country))]
    return table(head, rows, "overview-table", _("Countries"), cards=True)


def _reasons(each: Participation) -> list[Component]:
    """Return why the debriefing does not wait for a country, and why its hits stay without an answer."""
    said = (
        (_("The debriefing does not wait for it:"), each.without),
        (_("Its hits stay without an answer:"), each.unanswered),
    )
    return [html.P([words, " ", html.Bdi(why)], className="m-small") for words, why in said if why]


def _kept(each: Participation) -> list[Component]:
    if not each.kept:
        return []
    return [html.P(_(labels_of(Leaving)["figures"].choices[each.kept]), className="m-small")]


def sites_by_country(sites: Sequence[Site], plan_href: str | None) -> list[Component]:
    """Return the open sites under their countries, with links to the plan for those who may read it."""
    link = [icon("map", 16), html.Span(_("Open the plan"))]
    way = [dcc.Link(link, href=plan_href, className="overview-link")] if plan_href else []
    if not sites:
        where = _("Sites are placed on the plan.")
        return [empty_state(_("No sites yet"), where, "map-pin-off", action=way[0] if way else None)]
    grouped: dict[str, list[Site]] = {}
    for site in sites:
        grouped.setdefault(site.country, []).append(site)

    def kind(site: Site) -> Component:
        return html.Span(coded("CL-SITETYPE", site.site_type), className="m-dim")

    def group(country: str, name: str) -> Component:
        count = ngettext("{n} site", "{n} sites", len(grouped[country]))
        return tags.Details(
            html.Summary([html.Strong(name), " ", html.Span(count, className="m-dim m-num")]),
            html.Ul([html.Li([html.Span(site.name), kind(site)]) for site in grouped[country]]),
            open=len(grouped) <= 6,
            className="overview-sites",
        )

    return [Markup(group(country, name) for country, name in _names().items() if country in grouped), *way]


def _names() -> dict[str, str]:
    """Return the names of all countries by code, sorted by name."""
    return {each["value"]: each["label"] for each in vocabulary.options("CL-COUNTRY", language())}
