"""Parts of a project: its items, its money and its milestones, each with its possible actions."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.money import cost_words, sum_words
from dashboard.parts.panel import panel
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table as table_of
from dashboard.parts.table import table_row
from dashboard.places import PROJECTS
from dashboard.wording import _, coded, date, number
from operations.core.people import Actor
from operations.modernisation import project_parts
from operations.modernisation import projects as verbs
from operations.modernisation.project_rows import (
    GATHERED,
    MILESTONES,
    MONEY,
    OWNERS,
    PAID,
    PARTS,
    Milestone,
    Project,
    ProjectMoney,
)
from operations.modernisation.withdrawal import Validity
from operations.posts import register

PART, SUM, MARK = StepIds("project-part"), StepIds("project-sum"), StepIds("milestone")
_WAYS = {
    "measure": "/needs",
    "finding": "/equipment/reviews",
    "equipment": "/equipment?show={id}",
    "link": "/equipment/links?show={id}",
}


def inside(session: Session, by: Actor, project: Project) -> list[Component]:
    """Return all three parts."""
    return [_parts(session, by, project), _money(session, by, project), _milestones(session, by, project)]


def _parts(session: Session, by: Actor, project: Project) -> Component:
    current = [each for each in project_parts.parts(session, project.id) if each.state == Validity.STANDS]
    if not current:
        return panel(_("What belongs to it"), html.P(_("Nothing belongs to it yet."), className="m-dim"))
    things = project_parts.part_items(session, project)
    posts = register.names(session, (each.post_id for each in current))
    lines = []
    for part in current:
        thing = things.get(part.id)
        what = thing_words(thing) if thing else _("It is not there any more.")
        lines.append(
            table_row(
                _(PARTS[part.kind]),
                dcc.Link(html.Bdi(what), href=_WAYS[part.kind].format(id=part.part_id)),
                html.Bdi(posts.get(part.post_id, "")),
                html.Td(cost_words(thing.cost if thing else None, thing.currency if thing else ""), className="m-num"),
                html.Td(PART.drawn(part.id, GATHERED.offers(part, project, by), size="compact-sm")),
            )
        )
    head = [_("Kind"), _("In words"), _("Post"), _("Cost"), ""]
    whole = table_of(head, lines, "equipment-table", _("What belongs to it"))
    return panel(_("What belongs to it"), whole, flush=True, note=number(len(current)))


def thing_words(thing: project_parts.ProjectContent) -> str:
    """Return the description of an item, or the label of its kind."""
    return coded(thing.listed, thing.what) if thing.listed else thing.what


def money_bars(told: Mapping[str, Mapping[str, float]]) -> list[Component]:
    """Return what is spent and committed of what is planned, a bar for each currency; [] without any plan."""
    bars = list[Component]()
    for currency, planned in sorted(told["planned"].items()):
        spent, committed = (told[kind].get(currency, 0) for kind in ("spent", "committed"))
        widths = (min(100.0, 100 * amount / planned) if planned else 0.0 for amount in (committed, spent))
        parts = zip(("spent-committed", "spent-spent"), widths, strict=True)
        said = _(
            "{spent} spent of {planned} planned; {committed} committed.",
            spent=cost_words(spent, currency),
            planned=cost_words(planned, currency),
            committed=cost_words(committed, currency),
        )
        bar = [html.Span(className=look, style={"inlineSize": f"{width:.1f}%"}) for look, width in parts]
        over = "spent-bar is-over" if spent > planned else "spent-bar"
        bars += [html.Span(bar, className=over, **{"aria-hidden": "true"}), html.Span(said, className="m-small m-num")]
    return bars


def spent(session: Session, _by: Actor) -> list[Component]:
    """Return what is spent of what is planned, of each project that has a plan."""
    sums = verbs.sums_by_project(session)
    rows = [
        html.Li(
            [
                dcc.Link(html.Bdi(each.title), href=f"{PROJECTS.href()}?show={each.id}", className="m-link"),
                html.Span(coded("CL-COUNTRY", each.country), className="m-dim m-small"),
                html.Div(bars, className="spent"),
            ]
        )
        for each in verbs.projects(session)
        if (bars := money_bars(sums[each.id]))
    ]
    return [panel(_("Plan against spent"), html.Ul(rows, className="spent-list"))] if rows else []


def withdrawn(each: Any) -> list[Component]:
    """Return why an item was withdrawn; [] for a valid one."""
    if each.state == Validity.STANDS:
        return []
    return [html.P([_("Withdrawn"), ": ", html.Bdi(each.reason)], className="m-dim m-small")]


def _money(session: Session, by: Actor, project: Project) -> Component:
    recorded = verbs.money(session, project.id)
    if not recorded:
        return panel(_("Money"), html.P(_("No money is written down yet."), className="m-dim"))
    told = verbs.sums(recorded)
    sums = "; ".join(f"{_(MONEY[kind])}: {sum_words(each)}" for kind, each in told.items() if each)
    over = [
        html.P(_("More is spent than committed in {currency}.", currency=code), className="board-late")
        for code in verbs.overspent(told)
    ]

    def row(each: ProjectMoney) -> Component:
        return table_row(
            date(each.day),
            _(MONEY[each.kind]),
            html.Td(cost_words(each.amount, each.currency), className="m-num"),
            html.Td([html.Bdi(each.words), *withdrawn(each)]),
            html.Td(SUM.drawn(each.id, PAID.offers(each, project, by), size="compact-sm")),
        )

    head = [_("Day"), _("How far"), _("Amount"), _("What for, and where that is written"), ""]
    whole = table_of(head, [row(each) for each in recorded], "equipment-table", _("Money"))
    return panel(_("Money"), html.Div(money_bars(told), className="spent"), *over, whole, note=sums)


def _milestones(session: Session, by: Actor, project: Project) -> Component:
    milestones = verbs.milestones(session, project.id)
    if not milestones:
        return panel(_("Milestones"), html.P(_("No milestone is set yet."), className="m-dim"))

    def row(each: Milestone) -> Component:
        late = [html.Span(f" {_('Overdue')}", className="board-late")] if verbs.overdue(each) else []
        return table_row(
            html.Bdi(each.title),
            _(OWNERS[each.owner]),
            html.Td([html.Span(date(each.due)), *late]),
            _(MILESTONES.words[MILESTONES.now(each)]),
            html.Bdi(each.reason),
            html.Td(MARK.drawn(each.id, MILESTONES.offers(each, project, by), size="compact-sm")),
        )

    head = [_("Milestone"), _("Whose it is"), _("Due"), _("State"), _("What was said of it"), ""]
    return panel(
        _("Milestones"),
        table_of(head, [row(each) for each in milestones], "equipment-table", _("Milestones")),
        flush=True,
    )
