"""Card of an invitation that a country has not answered."""

from dataclasses import dataclass

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.form import button
from dashboard.wording import _, coded, date
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import ParticipationState
from operations.policing.operation import plan


@dataclass(frozen=True)
class OpenInvitation:
    """An operation whose invitation the country has not answered."""

    operation: plan.Operation
    participation: plan.Participation


def waiting_for(session: Session, by: Actor) -> list[OpenInvitation]:
    """Return the unanswered invitations that `by` may answer."""
    return [
        OpenInvitation(operation, participation)
        for operation in plan.operations(session, by)
        if may(by, Act.PARTICIPATION_ANSWER, plan.subject(operation, by.country))
        for participation in plan.participations(session, operation.id)
        if participation.country == by.country and participation.state == ParticipationState.INVITED
    ]


def invitation_card(waiting: OpenInvitation, answer_type: str, shares_type: str) -> Component:
    """Return the invitation with the switch for shared totals and two buttons; ids are {type, operation, answer}."""
    operation, asked = waiting.operation, waiting.participation
    key = str(operation.id)
    return tags.Div(
        tags.Div(
            html.Strong(operation.title),
            html.Span(coded("CL-OPTYPE", operation.type), className="m-dim"),
            html.Span(
                _(
                    "invited on {day} as {role}",
                    day=date(asked.invited_at.date()),
                    role=coded("CL-CONTRIBUTION", asked.contribution),
                ),
                className="m-dim m-small",
            ),
            className="invitation-what",
        ),
        html.P(operation.aim, className="invitation-aim") if operation.aim else None,
        dmc.Switch(
            id={"type": shares_type, "operation": key},
            size="sm",
            label=_("Other participating countries may see our totals (from V3 on)"),
        ),
        tags.Div(
            button(
                _("Take part"),
                id={"type": answer_type, "operation": key, "answer": "confirm"},
                kind="primary",
                icon_name="check",
            ),
            button(
                _("Decline"),
                id={"type": answer_type, "operation": key, "answer": "decline"},
                kind="plain",
                icon_name="x",
                **confirmation_attributes("invitation.decline"),
            ),
            className="m-row",
        ),
        className="invitation",
    )
