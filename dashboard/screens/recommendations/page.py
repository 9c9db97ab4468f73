"""Recommendations of one operation: board, list and file; here they are proposed and decided."""

from collections.abc import Callable
from datetime import date as Date  # noqa: N812 - `date` is how a day is said
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.life_page import LifePage, Titles
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.verb_buttons import calls
from dashboard.parts import assignees
from dashboard.parts.board_page import Card, board
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing, whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.panel import empty_state
from dashboard.places import RECOMMENDATIONS
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date, number
from operations.core import rows
from operations.core.clock import now, official_day
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.evaluation import recommendations as verbs
from operations.evaluation.evaluation_states import ZONE
from operations.evaluation.recommendation_rows import RECOMMENDATION
from operations.evaluation.recommendations import LIFE, Recommendation, RecommendationState
from operations.evaluation.rows import Evaluation
from operations.policing.operation import plan

NAV = RECOMMENDATIONS
FORM = DraftForm("recommendation", verbs.RecommendationDraft)
NOTE = DraftForm("recommendation-note", verbs.NoteDraft)
PAGE = LifePage(
    "recommendation",
    NAV,
    RECOMMENDATION,
    Titles(
        N_("Recommendations"),
        N_("Recommendation"),
        N_("All recommendations"),
        N_("Nothing is recommended yet."),
        N_("What the debrief and the evaluation say should change, and what became of it."),
    ),
)
STEPS, layout = PAGE.steps, PAGE.layout


def sums(session: Session, operation: plan.Operation, _by: Actor) -> Component:
    """Return the sentence over the board."""
    made = verbs.recommendations(session, operation.id)
    if not made:
        return html.P()
    counts = verbs.sums(made, today(operation))
    said = _(
        "Accepted: {accepted}. Carried out: {done}. Overdue: {late}.",
        accepted=number(counts.accepted),
        done=number(counts.carried_out),
        late=number(counts.overdue),
    )
    return html.P(said, className="m-num")


def contents(session: Session, operation: plan.Operation, by: Actor) -> Component:
    """Return the board."""
    made, day = verbs.recommendations(session, operation.id), today(operation)
    if not made:
        hint = _("The coordination writes them down once the operation has ended.")
        return empty_state(_("Nothing is recommended yet"), hint, "bulb")

    def card(each: Recommendation) -> Card:
        due = _("Due {day}", day=date(each.due))
        facts = [owner_words(each), coded("CL-RECAREA", each.area), html.Bdi(each.reason), due]
        acts = STEPS.drawn(each.id, RECOMMENDATION.offers(session, each, by), size="compact-sm")
        late = _("Overdue") if verbs.overdue(each, day) else ""
        return Card(each.text, href_of(each), facts, late, acts)

    return board(LIFE, made, card, _("Board of recommendations"))


def describe(made: Listing[Recommendation], days: Callable[[Recommendation], Date]) -> Listing[Recommendation]:
    """Return the columns of a list of recommendations; `days` gives today's date for each."""
    made.field(FORM, "text", flex=4, minWidth=260, tooltipField="text")
    made.text("owner", _("Owner"), owner_words, flex=1, minWidth=130)
    made.field(FORM, "area", flex=1, minWidth=130)
    made.text("state", _("State"), lambda each: _(LIFE.words[LIFE.now(each)]), flex=0, width=140)
    made.field(FORM, "due")
    made.mark("late", _("Overdue"), lambda each: verbs.overdue(each, days(each)))
    return made


def table(session: Session, operation: plan.Operation, _by: Actor) -> Listing[Any]:
    """Return the list."""
    day = today(operation)
    return describe(Listing(verbs.recommendations(session, operation.id), href_of), lambda _each: day)


def today(operation: plan.Operation | None) -> Date:
    """Return today's date in the operation's zone; in UTC for one without an operation."""
    return official_day(now(), operation.zone if operation else ZONE)


def href_of(each: Recommendation) -> str:
    """Return the URL of its file."""
    return f"{verbs.place_of(each)}?show={each.id}"


def owner_words(each: Recommendation) -> str:
    """Return the name of its owner."""
    return assignees.owner_words(each.country or each.role or "")


def file(session: Session, operation: plan.Operation | None, by: Actor, shown: str) -> list[Component]:
    """Return one of them in full, with or without an operation. Raises NotFound."""
    recommendation = rows.one(session, Recommendation, known_id(shown))
    late = verbs.overdue(recommendation, today(operation))
    facts = [
        (_("State"), _(LIFE.words[LIFE.now(recommendation)])),
        (_("Owner"), owner_words(recommendation)),
        (
            _("Due"),
            [date(recommendation.due), " ", html.Span(_("Overdue"), className="board-late")]
            if late
            else date(recommendation.due),
        ),
        *FORM.facts(recommendation, "evidence", "source", "area"),
        (_("Evaluation"), _evaluation(session, recommendation)),
    ]
    past = [
        *(
            Past(
                follow_up.made_at,
                _(LIFE.words[RecommendationState(follow_up.state)]) if follow_up.state else _("Note"),
                follow_up.author_name,
                follow_up.words,
            )
            for follow_up in verbs.follow_ups(session, recommendation.id)
        ),
        Past(recommendation.made_at, _("Proposed"), recommendation.author_name),
    ]
    notes = [client_id(NOTE), *drawing(NOTE)(), button(_("Write it down"), NOTE.send, "plain", "notebook")]
    acts = STEPS.drawn(recommendation.id, RECOMMENDATION.offers(session, recommendation, by))
    beside = [html.Div(notes, className="m-stack")] if verbs.may_note(recommendation, operation, by) else []
    return file_page(recommendation.text, facts, acts, past, operation.zone if operation else ZONE, beside)


def _evaluation(session: Session, found: Recommendation) -> Any:
    """Return the evaluation that recommends it, as far as the reader may know it."""
    evaluation = rows.find(session, Evaluation, found.evaluation_id) if found.evaluation_id else None
    return dcc.Link(html.Bdi(evaluation.title), href=f"/evaluations?show={evaluation.id}") if evaluation else ""


def proposes(_session: Session, operation: plan.Operation, by: Actor) -> bool:
    """Return whether `by` can propose one now: this shows the form."""
    return operation.state in verbs.DEBRIEFED_STATES and may(by, Act.RECOMMENDATION_PROPOSE, plan.subject(operation))


def _form(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the form of a new one, folded, for those who propose."""
    if not proposes(session, operation, by):
        return []
    fields = whole_form(FORM, _("Propose"), "bulb", choices={"owner": assignees.owner_choices(session, operation)})
    return [new_row_form(_("Propose a recommendation"), *fields)]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(table, file, figures=sums, new=_form, offered=proposes, board=(N_("Board"), contents), first="board")
propose = calls(
    FORM,
    verbs.propose,
    N_("The recommendation is proposed; it waits for a decision."),
    act=Act.RECOMMENDATION_PROPOSE,
    operation=OPERATION,
    clears=("text", "evidence"),
)
take = PAGE.takes(verbs.take)
write = calls(
    NOTE,
    verbs.note,
    N_("It is written down."),
    act=Act.RECOMMENDATION_WORK,
    clears=("words",),
    given=PAGE.here,
)
