"""Recommendations of all operations: what was learned anywhere, who is to do it, and what is overdue."""

from typing import Any

from dash import Output, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import followed, follows
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts.grid import text_column
from dashboard.parts.list_page import listed, opens
from dashboard.parts.programme_tabs import RECOMMENDATIONS, programme_tabs
from dashboard.screens.recommendations.page import columns, row_of, today
from dashboard.server.access import actor, reading
from dashboard.wording import N_, _, number, percent
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.evaluation import recommendations as verbs
from operations.policing.operation import plan

NAV = Nav(
    name=N_("Recommendations of all operations"),
    path="/recommendations",
    icon="bulb",
    order=6,
    act=Act.RECOMMENDATION_READ,
    place=False,
)
LIST, SUMS = "recommendations-all", "recommendations-sums"
opens(LIST)


def layout(**_query: str) -> Component:
    """The list, and how many of all are carried out."""
    by = actor()
    with reading() as session:
        rows, said = table(session, by), sums(session, by)
    return page(
        _("Recommendations of all operations"),
        programme_tabs(by, RECOMMENDATIONS),
        followed(SUMS, said),
        listed(
            LIST, [text_column("operation", _("Operation"), minWidth=150), *columns()], rows,
            _("Nothing is recommended yet."),
        ),
        wide=True,
    )  # fmt: skip


def table(session: Session, by: Actor) -> list[dict[str, Any]]:
    """One row each, what is due first at the head."""
    titles = {each.id: each for each in plan.operations(session, by)}
    return [
        {**row_of(each, today(titles[each.operation_id])), "operation": titles[each.operation_id].title}
        for each in verbs.recommendations(session)
        if each.operation_id in titles
    ]


def sums(session: Session, by: Actor) -> Component:
    """How many were accepted, carried out and are overdue (K66)."""
    found, accepted, done, late = verbs.recommendations(session), 0, 0, 0
    for operation in plan.operations(session, by):
        own = [each for each in found if each.operation_id == operation.id]
        counted = verbs.sums(own, today(operation))
        accepted, done, late = accepted + counted.accepted, done + counted.carried_out, late + counted.overdue
    said = _(
        "Accepted: {accepted}. Carried out: {done}. Overdue: {late}.",
        accepted=number(accepted), done=number(done), late=number(late),
    )  # fmt: skip
    share = _("Carried out of those accepted: {share}.", share=percent(done / accepted)) if accepted else ""
    return html.P([said, f" {share}"], className="m-num")


refresh = follows(table, Output(LIST, "rowData"), act=Act.RECOMMENDATION_READ)
refresh_sums = follows(sums, SUMS, act=Act.RECOMMENDATION_READ)
