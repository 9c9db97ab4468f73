"""Countries of an operation: who was invited as what, what they answered, and the sites they have."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts.badges import state_badge
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.wording import UNDEFINED, _, date, language, ngettext
from operations.core import vocabulary
from operations.core.vocabulary import ParticipationState
from operations.policing.map_plan.places import Site
from operations.policing.operation.plan import Participation

P = ParticipationState
TONES = {P.INVITED: "warn", P.CONFIRMED: "accent", P.ACTIVE: "good", P.DECLINED: "muted", P.WITHDRAWN: "muted"}


def participation_table(found: Sequence[Participation]) -> Component:
    """The participations by the country's name."""
    order = {
        choice["value"]: (place, choice["label"])
        for place, choice in enumerate(vocabulary.options("CL-COUNTRY", language()))
    }
    head = [_("Country"), _("Takes part as"), _("State"), _("Invited"), _("Answered"), _("Shares totals")]
    rows = [
        html.Tr(
            [
                html.Th(order[each.country][1], scope="row"),
                html.Td(vocabulary.label("CL-CONTRIBUTION", each.contribution, language())),
                html.Td(
                    state_badge(
                        vocabulary.label("CL-PARTSTATE", each.state, language()), TONES.get(P(each.state), "neutral")
                    )
                ),
                html.Td(date(each.invited_at.date()), className="m-num"),
                html.Td(date(each.answered_at.date()) if each.answered_at else UNDEFINED, className="m-num"),
                html.Td(_("yes") if each.shares_totals else _("no")),
            ]
        )
        for each in sorted(found, key=lambda each: order[each.country][0])
    ]
    return html.Div(
        html.Table(
            [html.Thead(html.Tr([html.Th(words, scope="col") for words in head])), html.Tbody(rows)],
            className="m-table overview-table",
        ),
        className="m-scroll",
        tabIndex=0,
        role="region",
        **{"aria-label": _("Countries")},
    )


def sites_by_country(sites: Sequence[Site], plan_href: str | None) -> list[Component]:
    """The open sites under their countries, with the way to the plan where one may read it."""
    way = (
        [dcc.Link([icon("map", 16), html.Span(_("Open the plan"))], href=plan_href, className="overview-link")]
        if plan_href
        else []
    )
    if not sites:
        return [
            empty_state(
                _("No sites yet"), _("Sites are placed on the plan."), "map-pin-off", action=way[0] if way else None
            )
        ]
    grouped: dict[str, list[Site]] = {}
    for site in sites:
        grouped.setdefault(site.country, []).append(site)
    order = {
        choice["value"]: (place, choice["label"])
        for place, choice in enumerate(vocabulary.options("CL-COUNTRY", language()))
    }
    groups = [
        html.Details(
            [
                html.Summary(
                    [
                        html.Strong(order[country][1]),
                        html.Span(ngettext("{n} site", "{n} sites", len(grouped[country])), className="m-dim m-num"),
                    ]
                ),
                html.Ul(
                    [
                        html.Li(
                            [
                                html.Span(site.name),
                                html.Span(
                                    vocabulary.label("CL-SITETYPE", site.site_type, language()), className="m-dim"
                                ),
                            ]
                        )
                        for site in grouped[country]
                    ]
                ),
            ],
            open=len(grouped) <= 6,
            className="overview-sites",
        )
        for country in sorted(grouped, key=lambda code: order[code][0])
    ]
    return [*groups, *way]
