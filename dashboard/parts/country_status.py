"""Silent sites by country: those without a report in 24 hours, as far as the reader may know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state
from dashboard.wording import _, ago, coded, ngettext, number
from operations.core import vocabulary
from operations.figures.board import REPORTING_PHASES
from operations.policing.map_plan.places import Site
from operations.policing.operation.plan import Phase
from operations.totals.activity import SILENT_AFTER


@dataclass(frozen=True)
class CountrySilence:
    """The silent sites of a country, each with the time of its last report; `of` is the number of all its sites."""

    country: str
    sites: tuple[tuple[Site, datetime | None], ...]
    of: int

    @property
    def whole(self) -> bool:
        """Whether all sites of the country are silent."""
        return len(self.sites) == self.of


def silences(
    sites: Sequence[Site], heard: Mapping[UUID, datetime | None], now: datetime, locale: str
) -> list[CountrySilence]:
    """Return countries with silent sites, by name. `heard` has a key for each site that the reader may know of."""
    silent: dict[str, list[tuple[Site, datetime | None]]] = {}
    known: dict[str, int] = {}
    for site in sites:
        if site.id not in heard:
            continue
        known[site.country] = known.get(site.country, 0) + 1
        last = heard[site.id]
        if last is None or now - last > SILENT_AFTER:
            silent.setdefault(site.country, []).append((site, last))
    order = vocabulary.order("CL-COUNTRY", locale)
    return [
        CountrySilence(country, tuple(silent[country]), known[country])
        for country in sorted(silent, key=lambda code: order[code])
    ]


def reports_due(phases: Sequence[Phase], now: datetime) -> bool:
    """Return whether a phase with reports is running."""
    return any(phase.kind in REPORTING_PHASES and phase.starts <= now < phase.ends for phase in phases)


def country_status(
    found: Sequence[CountrySilence],
    sites_known: int,
    due: bool,
    over: bool = False,
    coverage: tuple[int, int] | None = None,
) -> list[Component]:
    """Return the list of silent sites, or a sentence if there are none or reporting is over.

    `coverage` is (sites that reported, all sites of the operation). If it covers more sites than the reader may know by
    name, the sentence is about the known ones, with these numbers beside it.
    """
    if not sites_known:
        return [
            empty_state(
                _("No sites yet"), _("Sites are placed on the plan; then it shows here who is silent."), "map-pin-off"
            )
        ]
    if over:
        return [empty_state(_("The reporting is over"), _("No site has to report any more."), "checks")]
    heard, planned = coverage or (sites_known, sites_known)
    if not found and heard < planned:
        others = _("{heard} of {planned} sites reported in 24 h", heard=number(heard), planned=number(planned))
        said = _(
            "Each site of your country sent a report in the last 24 hours. In the whole operation: {sites}.",
            sites=others,
        )
        return [empty_state(_("Your sites have reported"), said, "checks")]
    if not found:
        return [empty_state(_("Everybody has reported"), _("Each site sent a report in the last 24 hours."), "checks")]
    note = [] if due else [html.P(_("No phase with reports runs now."), className="silent-note m-dim m-small")]
    return [*note, html.Ul([_country(each) for each in found], className="silent")]


def _country(each: CountrySilence) -> Component:
    name = coded("CL-COUNTRY", each.country)
    count = ngettext(
        "{silent} of {all} site",
        "{silent} of {all} sites",
        each.of,
        silent=number(len(each.sites)),
        all=number(each.of),
    )
    return tags.Li(
        html.Span(
            [icon("alert-circle" if each.whole else "clock", size=16), _pick(each.country, name, "silent-name")],
            className="silent-country",
        ),
        html.Span(count, className="silent-count m-num"),
        html.Span(_sites(each.sites), className="silent-sites"),
        className="silent-row silent-row--whole" if each.whole else "silent-row",
        **{"data-of": each.country},
    )


def _sites(sites: tuple[tuple[Site, datetime | None], ...]) -> list[Component | str]:
    never, said = _("never"), list[Component | str]()
    for site, last in sites:
        heard = f" ({never if last is None else ago(last)})"
        said += [" · "] * bool(said) + [_pick(str(site.id), site.name, "silent-site"), heard]
    return said


def _pick(what: str, name: str, class_name: str) -> Component:
    """Return the name of a country or a site as a button that chooses it on the page."""
    pressed = {"data-pick": what, "aria-pressed": "false"}
    return html.Button(html.Bdi(name), type="button", className=f"silent-pick {class_name}", **pressed)
