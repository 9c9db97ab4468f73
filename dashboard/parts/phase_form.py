"""Phases: the list with local and UTC times, and the form that schedules or moves one."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.datetimes import typed_moment as typed_moment
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import Form, button
from dashboard.parts.form_fields import drawing, pair
from dashboard.parts.phase_timeline import phase_label
from dashboard.wording import _, moment, moment_utc
from operations.core.errors import RuleBroken
from operations.policing.operation.plan import Phase, PhaseDraft

_FORM = DraftForm("phase", PhaseDraft)


def phase_list(phases: Sequence[Phase], zone: str, move_type: str | None) -> Component:
    """Return the phases in order; with `move_type` each has a button with the id {type, phase}."""

    def move(phase: Phase) -> list[Component]:
        ident = {"type": move_type, "phase": str(phase.id)}
        return [button(_("Move"), ident, "quiet", "edit", size="compact-sm")] if move_type else []

    rows = [
        tags.Li(
            html.Strong(phase_label(phase)),
            html.Span(moment(phase.starts, zone), className="m-num"),
            html.Span(moment(phase.ends, zone), className="m-num"),
            *move(phase),
            className="overview-phase",
        )
        for phase in phases
    ]
    return html.Ul(rows, className="overview-phases")


def phase_form(form: Form, zone: str, utc_id: str, values: Mapping[str, Any] | Phase | None = None) -> Component:
    """Return the form of a phase: kind, name, both ends in the operation's zone; element `utc_id` shows them in UTC.

    `values` are its initial values: a phase, or the result of `values_of`.
    """
    draw = drawing(DraftForm(form.prefix, PhaseDraft), values, zone=zone)
    utc = html.P(id=utc_id, className="m-dim m-small m-num", role="status")
    return html.Div([pair(draw("kind", "name")), *draw("starts", "ends"), utc], className="overview-phase-form")


def draft_of(typed: Mapping[str, Any], phase_id: str | None, zone: str) -> PhaseDraft:
    """Parse the form. Raises RuleBroken with the flaws of all fields."""
    return _FORM.draft(PhaseDraft, typed, zone=zone, id=phase_id)


def utc_words(typed: Mapping[str, Any], zone: str) -> str:
    """Return both ends in UTC, as far as they can be parsed yet."""
    said = []
    for end, words in (("starts", _("Begins")), ("ends", _("Ends"))):
        try:
            at = typed_moment(typed.get(end), typed.get(f"{end}_time"), zone, end, typed.get("which"))
            said.append(f"{words} {moment_utc(at)}")
        except RuleBroken:
            continue
    return " · ".join(said)


def values_of(phase: Phase, zone: str) -> dict[str, Any]:
    """Return the form's values for a phase to be moved."""
    return _FORM.shown(phase, zone)
