"""Reminder settings on the overview: when reports are due, and who is reminded when."""

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.operation_page import OPERATION
from dashboard.frame.stored_forms import follows_stored, stored_values
from dashboard.frame.verb_buttons import calls
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.panel import panel
from dashboard.wording import N_, _
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.operation import plan
from operations.timetable import rules
from operations.timetable.rules import ReminderRules, RulesDraft

FORM = DraftForm("operation-reminders", RulesDraft)
SAVE = "operation-reminders-save"


def reminders(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the panel, for those who run the operation; [] for others."""
    if not may(by, Act.OPERATION_RUN, plan.subject(operation)):
        return []
    chosen = _chosen(session, operation, by)
    draw = drawing(FORM, chosen)
    words = _("Minutes around the hour at which the daily report is due. Sites that reported are left alone.")
    *times, by_calendar = draw()
    return [
        panel(
            _("Daily reports and calendar"),
            stored_values(FORM, chosen),
            html.P(words, className="m-dim"),
            html.Div(times, className="reminders"),
            by_calendar,
            html.Div(button(_("Save the times"), SAVE, "plain", "check")),
            class_name="operation-reminders",
        )
    ]


def _chosen(session: Session, operation: plan.Operation, _by: Actor) -> ReminderRules:
    return rules.rules(session, operation.id)


refresh = follows_stored(FORM, _chosen, act=Act.OPERATION_RUN, operation=OPERATION)


save = calls(SAVE, rules.set_rules, N_("The times are saved."), act=Act.OPERATION_RUN, form=FORM, operation=OPERATION)
