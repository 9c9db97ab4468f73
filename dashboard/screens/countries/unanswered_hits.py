"""Hits without an answer, by country, and the form that names those of a country with the reason."""

from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.operation_page import OPERATION
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.panel import facts, panel
from dashboard.parts.tags import Div
from dashboard.wording import _, coded, language, ngettext
from operations.core import vocabulary
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.evaluation import unanswered_hits
from operations.policing.operation import plan

PART = "countries-unanswered-hits"
FORM = DraftForm("operation-unanswered", unanswered_hits.UnansweredDraft)


def part(session: Session, operation: plan.Operation, by: Actor) -> Component:
    """Return the live part with the panel."""
    return followed(PART, hits(session, operation, by), className="m-together")


def hits(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the countries with unanswered hits once an operation has ended, and the form for who coordinates it.

    A country reads its own, the coordination those of all.
    """
    runs = may(by, Act.OPERATION_RUN, plan.subject(operation))
    found = unanswered_hits.open_hits(session, operation.id) if runs or by.national else {}
    if operation.state not in unanswered_hits.NAMED_IN or not found:
        return []
    told = facts(
        [(coded("CL-COUNTRY", country), ngettext("{n} hit", "{n} hits", count)) for country, count in found.items()],
        "overview-facts",
    )
    form: list[Component] = []
    if runs:
        options = vocabulary.options("CL-COUNTRY", language(), list(found))
        asked = confirmation_attributes("hits.unanswered")
        send = button(_("Leave them unanswered"), FORM.send, "danger", "question-mark", **asked)
        form = [Div(*drawing(FORM, choices={"country": options})(), send, className="overview-invite")]
    return [panel(_("Hits without an answer"), told, *form)]


follows(hits, PART, act=Act.OPERATION_READ, operation=OPERATION)


@does(FORM, act=Act.OPERATION_RUN, operation=OPERATION, clears=("reason",))
def leave_unanswered(press: Press) -> Done:
    """Name the hits of the chosen country as unanswered."""
    unanswered_hits.name(press.session, press.operation_id, press.draft(unanswered_hits.UnansweredDraft), press.by)
    return Done(_("Named as unanswered, with your reason."))
