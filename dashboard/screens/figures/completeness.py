"""Completeness: for each site the share of lines that have the fields that figures need, so that gaps can be filled."""

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.journal_list import site_names
from dashboard.parts.markup import Markup, StaticElement, element
from dashboard.parts.panel import panel
from dashboard.parts.table import table
from dashboard.wording import UNDEFINED, _, coded, number, percent
from operations.catalogue.definition import MOST_MISSING
from operations.catalogue.kpis import RESTS
from operations.core.people import Actor
from operations.disclosure.suppression import BoardFrame
from operations.figures.completeness import by_site, may_know
from operations.figures.values import Gap
from operations.policing.operation import plan


def completeness(session: Session, operation: plan.Operation, frame: BoardFrame, by: Actor) -> list[Component]:
    """Return the panel; [] for those who cannot complete anything."""
    if not may_know(session, frame, by):
        return []
    gaps_by_site, names = by_site(session, frame, by), site_names(session, operation.id)
    fields = [each for each in RESTS if any(each in site.gaps for site in gaps_by_site)]
    head = [_("Site"), _("Country"), *(html.Th(_(each.told), scope="col", className="m-num") for each in fields)]
    reports = f"/operations/{operation.id}/reports"
    rows = [
        element(
            "tr",
            element("th", element("Link", names.get(site_gaps.site, ""), href=reports), scope="row"),
            element("td", coded("CL-COUNTRY", site_gaps.country)),
            *(_cell(site_gaps.gaps.get(rests)) for rests in fields),
        )
        for site_gaps in gaps_by_site
    ]
    told = _(
        "A figure is called not reliable where a field that it rests on is missing in more than {share} of its lines.",
        share=percent(MOST_MISSING, 0),
    )
    nothing = html.P(_("No line on which such a field stands was reported at this level."), className="m-dim")
    title = _("Completeness by site")
    made = table(head, [Markup(rows)], label=title) if rows else nothing
    return [
        panel(
            title,
            made,
            html.P(told, className="m-dim m-small figures-told"),
            flush=bool(rows),
            class_name="figures-sites",
        )
    ]


def _cell(gap: Gap | None) -> StaticElement:
    """Return how many of the lines have the field, marked where too few do."""
    if gap is None:
        return element("td", UNDEFINED, className="m-num m-dim")
    has = f"\u2068{percent(1 - gap.share, 0)}\u2069"
    said = _("{n} of {whole}", n=number(gap.of - gap.missing), whole=number(gap.of))
    return element("td", f"{has} · {said}", className="m-num kpi-restated" if gap.wide else "m-num")
