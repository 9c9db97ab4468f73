"""The part of the overview where a coordinator says when reports are asked for and who is reminded when."""

from typing import Any

from dash import Input, Output, State, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.parts.form import Form, button, number_field, switch_field
from dashboard.parts.panel import panel
from dashboard.refusals import say
from dashboard.server.access import actor, known_id, unit_of_work
from dashboard.wording import _
from operations.core.drafts import parse
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


@screen(
    output=Output(SAVE, "data-saved"),
    inputs={"clicks": Input(SAVE, "n_clicks")},
    state={
        "operation_id": State(OPERATION, "data"),
        "typed": FORM.states(*_FIELDS),
        "by_calendar": State(FORM.id("by_calendar"), "checked"),
    },
    act=Act.OPERATION_RUN,
    form=FORM,
    prevent_initial_call=True,
)
def save(clicks: int | None, operation_id: str, typed: dict[str, Any], by_calendar: bool | None) -> Any:
    """Keep the times as typed."""
    if not clicks:
        return no_update
    draft = parse(RulesDraft, {**typed, "by_calendar": bool(by_calendar)})
    with unit_of_work() as session:
        rules.set_rules(session, known_id(operation_id), draft, actor())
    say(_("The times are saved."))
    return str(clicks)
