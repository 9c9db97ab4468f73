"""Recommendations of all operations and evaluations: the lesson, the owner, and what is overdue.

One that belongs to an operation has its file there; the others have it here.
"""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.life_page import LifePage, Titles
from dashboard.parts.figure_text import share_range
from dashboard.parts.listing import Listing
from dashboard.places import ALL_RECOMMENDATIONS
from dashboard.screens.recommendations.page import PAGE, describe, file, href_of, today
from dashboard.server.access import known_id
from dashboard.wording import N_, _, number, percent
from operations.catalogue.intervals import share_interval
from operations.core.people import Actor
from operations.evaluation import evaluations
from operations.evaluation import recommendations as verbs
from operations.evaluation.recommendation_rows import RECOMMENDATION
from operations.evaluation.recommendations import Recommendation
from operations.policing.operation import plan

NAV = ALL_RECOMMENDATIONS
ALL = LifePage(
    "recommendations-all",
    NAV,
    RECOMMENDATION,
    Titles(
        N_("Recommendations of all operations"),
        N_("Recommendation"),
        N_("All recommendations"),
        N_("Nothing is recommended yet."),
        N_("What the debrief and the evaluation say should change, and what became of it."),
    ),
)
layout = ALL.layout


def table(session: Session, by: Actor) -> Listing[Any]:
    """Return a row for each, earliest due day first."""
    known = {each.id: each for each in plan.operations(session, by)}
    titles = {each.id: each.title for each in evaluations.evaluations(session)}
    found = [each for each in verbs.recommendations(session) if each.operation_id is None or each.operation_id in known]

    def of(each: Recommendation) -> str:
        return known[each.operation_id].title if each.operation_id else titles.get(each.evaluation_id, "")

    made = Listing(found, href_of)
    made.text("operation", _("Operation or evaluation"), of, minWidth=150)
    return describe(made, lambda each: today(known[each.operation_id] if each.operation_id else None))


def sums(session: Session, by: Actor) -> Component:
    """Return how many were accepted, implemented and are overdue (K66)."""
    found, accepted, done, late = verbs.recommendations(session), 0, 0, 0
    for operation in (*plan.operations(session, by), None):
        own = [each for each in found if each.operation_id == (operation.id if operation else None)]
        counted = verbs.sums(own, today(operation))
        accepted, done, late = accepted + counted.accepted, done + counted.carried_out, late + counted.overdue
    said = _(
        "Accepted: {accepted}. Carried out: {done}. Overdue: {late}.",
        accepted=number(accepted),
        done=number(done),
        late=number(late),
    )
    if not accepted:
        return html.P(said, className="m-num")
    share = _("Carried out of those accepted: {share}.", share=percent(done / accepted))
    return html.P(" ".join((said, share, *share_range(share_interval(done, accepted)))), className="m-num")


def whole(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return one without an operation in full, with the store that its note is sent with. Raises NotFound."""
    return [dcc.Store(id=PAGE.id("shown"), data=str(known_id(shown))), *file(session, None, by, shown)]


ALL.draws(table, whole, figures=sums)
