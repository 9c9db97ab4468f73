"""Forms of intelligence: the hypothesis, a part of the network, a link, and a tasking."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Press
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing, pair
from dashboard.parts.panel import folded_form
from dashboard.screens.intelligence.ids import Ids
from dashboard.wording import N_, _
from operations.core import clock
from operations.core.field_labels import Label
from operations.core.ids import new_id
from operations.core.permissions import Act
from operations.policing.leads import leads
from operations.support import intelligence

SUPPOSE = DraftForm("hypothesis", intelligence.HypothesisDraft)
PART = DraftForm("network-part", intelligence.EntityDraft)
LINK = DraftForm("network-link", intelligence.TargetLinkDraft, stands={"": "to_id"})
TASK = DraftForm("tasking", leads.LeadDraft, beside={"entity_id": Label(N_("About"), draws="one")})
GRADE = ("source", "information", "handling")
Choices = list[dict[str, str]]


def supposed(session: Session, operation_id: UUID) -> intelligence.Hypothesis | None:
    """Return the current hypothesis; None where none is stated."""
    return next((each for each in intelligence.hypotheses(session, operation_id) if each.current), None)


def part_of(session: Session, operation_id: UUID, entity: str) -> intelligence.NetworkEntity | None:
    """Return the current version of a part of the network; None for a new one."""
    return next((part for part in intelligence.network(session, operation_id) if str(part.entity_id) == entity), None)


def _hypothesis_stands(session: Session, press: Press) -> tuple[intelligence.Hypothesis | None, str | None]:
    now = supposed(session, press.operation_id)
    return now, str(now.id) if now else None


def _part_stands(session: Session, press: Press, entity: str) -> tuple[intelligence.NetworkEntity | None, str | None]:
    part = part_of(session, press.operation_id, entity)
    return part, str(part.id) if part else None


SUPPOSITION = Versioned(SUPPOSE, Ids.HYPOTHESIS_SEEN, _hypothesis_stands, act=Act.INTELLIGENCE_WRITE)
PARTS = Versioned(PART, Ids.PART_SEEN, _part_stands, act=Act.INTELLIGENCE_WRITE)


def suppose_form(now: intelligence.Hypothesis | None, title: str) -> list[Component]:
    """Return the form that states the hypothesis, or states it anew."""
    draw = drawing(SUPPOSE, now)
    return [
        *SUPPOSITION.kept(now, str(now.id) if now else None),
        folded_form(
            html.Span(title, id=Ids.SUPPOSE_TITLE),
            *draw("statement", "state"),
            pair(draw(*GRADE)),
            html.Div(button(_("Save"), id=Ids.SUPPOSE, kind="primary", icon_name="check"), className="m-row"),
            opened=now is None,
        ),
    ]


def part_form(part: intelligence.NetworkEntity | None) -> list[Component]:
    """Return the form of a part of the network, or of a new one."""
    draw = drawing(PART, part)
    out = [button(_("Take out"), id=Ids.PART_OUT, kind="quiet")] if part else []
    return [
        *PARTS.kept(part, str(part.id) if part else None),
        dcc.Store(id=Ids.PART_ENTITY, data=str(part.entity_id) if part else str(new_id())),
        folded_form(
            _("Change {code}", code=part.code) if part else _("Add a part"),
            *draw("kind", disabled=part is not None),
            *draw("description"),
            pair(draw(*GRADE)),
            html.Div([button(_("Save"), id=Ids.PART_SAVE, icon_name="check"), *out], className="m-row"),
            opened=part is not None,
        ),
    ]


def link_form(codes: Choices) -> list[Component]:
    """Return the form that links two parts."""
    draw = drawing(LINK, choices={"from_id": codes, "to_id": codes})
    return [
        folded_form(
            _("Link two parts"),
            html.Div(draw("from_id", "kind", "to_id"), className="unit-seat"),
            pair(draw(*GRADE)),
            html.Div(button(_("Link"), id=Ids.LINK, icon_name="link"), className="m-row"),
        )
    ]


def task_form(codes: Choices, countries: Choices, zone: str) -> list[Component]:
    """Return the form that derives a tasking."""
    evening = clock.now().astimezone(ZoneInfo(zone)).replace(hour=18, minute=0) + timedelta(days=1)
    draw = drawing(TASK, {"due": evening}, choices={"entity_id": codes, "to_countries": countries}, zone=zone)
    return [
        client_id(TASK),
        folded_form(
            _("Derive a tasking"),
            *draw("question"),
            pair(draw("entity_id", "to_countries")),
            *draw("due"),
            pair(draw(*GRADE)),
            html.Div(button(_("Send"), id=Ids.TASK, kind="primary", icon_name="send"), className="m-row"),
        ),
    ]
