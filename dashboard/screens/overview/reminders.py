"""The part of the overview where a coordinator says when reports are asked for and who is reminded when."""

from dash import Output, State, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does
from dashboard.parts.form import Form, button, number_field, switch_field
from dashboard.parts.panel import panel
from dashboard.wording import _
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.policing.operation import plan
from operations.timetable import rules
from operations.timetable.rules import RulesDraft

FORM = Form("operation-reminders")
SAVE = "operation-reminders-save"
OPERATION = "operation-id"
_FIELDS = ("ask_before", "remind_after", "national_after", "coordinator_after")


def reminders(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """The panel, for whoever runs the operation; nothing for others."""
    if not may(by, Act.OPERATION_RUN, plan.subject(operation)):
        return []
    chosen = rules.rules(session, operation.id)
    labels = {
        "ask_before": _("Ask for reports before, in minutes"),
        "remind_after": _("Remind officers after"),
        "national_after": _("Tell national coordinators after"),
        "coordinator_after": _("Tell you after"),
    }
    return [
        panel(
            _("Daily reports and calendar"),
            html.P(
                _("Minutes around the hour at which the daily report is due. Sites that reported are left alone."),
                className="m-dim",
            ),
            html.Div(
                [
                    number_field(FORM, name, words, value=getattr(chosen, name), max=2880)
                    for name, words in labels.items()
                ],
                className="reminders",
            ),
            switch_field(
                FORM,
                "by_calendar",
                _("The operation begins and enters consolidation by its calendar, where nothing stands in the way"),
                checked=chosen.by_calendar,
            ),
            html.Div(button(_("Save the times"), SAVE, "plain", "check")),
            class_name="operation-reminders",
        )
    ]


@does(
    SAVE,
    act=Act.OPERATION_RUN,
    form=FORM,
    typed=_FIELDS,
    operation=OPERATION,
    shows=(Output(SAVE, "data-saved"),),
    given={"by_calendar": State(FORM.id("by_calendar"), "checked")},
)
def save(press: Press, by_calendar: bool | None) -> Done:
    """Keep the times as typed."""
    draft = parse(RulesDraft, {**press.typed, "by_calendar": bool(by_calendar)})
    rules.set_rules(press.session, press.operation_id, draft, press.by)
    return Done(_("The times are saved."), shown=(new_id().hex,))
