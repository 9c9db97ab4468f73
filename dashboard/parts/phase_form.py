"""Phases on the overview: the list with local and UTC times, and the form that schedules or moves one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import html
from dash.development.base_component import Component

from dashboard.parts.form import Form, button, date_field, select_field, text_field, time_field
from dashboard.parts.phase_timeline import phase_label
from dashboard.wording import _, language, moment, moment_utc
from operations.core import clock, vocabulary
from operations.core.clock import Which
from operations.core.drafts import parse
from operations.core.errors import Flaw, RuleBroken
from operations.policing.operation.plan import Phase, PhaseDraft

FIELDS = ("kind", "name", "starts", "starts_time", "ends", "ends_time")
_NO_TIME = Flaw("", "Give both the day and the time.")


def phase_list(phases: Sequence[Phase], zone: str, move_type: str | None) -> Component:
    """The phases in their order; with `move_type` each has a button with the id {type, phase}."""
    rows = [
        html.Li(
            [
                html.Strong(phase_label(phase)),
                html.Span(moment(phase.starts, zone), className="m-num"),
                html.Span(moment(phase.ends, zone), className="m-num"),
                *(
                    [
                        button(
                            _("Move"),
                            id={"type": move_type, "phase": str(phase.id)},
                            kind="quiet",
                            icon_name="edit",
                            size="compact-sm",
                        )
                    ]
                    if move_type
                    else []
                ),
            ],
            className="overview-phase",
        )
        for phase in phases
    ]
    return html.Ul(rows, className="overview-phases")


def phase_form(form: Form, zone: str, utc_id: str, values: Mapping[str, str] | None = None) -> Component:
    """Kind, name, and the two ends as local times of the operation's zone; the element `utc_id` says them in UTC.

    `values` are what stands in it first, as `values_of` gives them.
    """
    known = {"starts": None, "ends": None, "starts_time": "00:00", "ends_time": "00:00", **(values or {})}
    local = _("local time in {zone}", zone=zone)
    return html.Div(
        [
            html.Div(
                [
                    select_field(
                        form,
                        "kind",
                        _("Kind of phase"),
                        vocabulary.options("CL-PHASE", language()),
                        required=True,
                        value=known.get("kind"),
                    ),
                    text_field(
                        form,
                        "name",
                        _("Name"),
                        maxLength=120,
                        description=_("Empty: the name of its kind."),
                        value=known.get("name", ""),
                    ),
                ],
                className="overview-pair",
            ),
            html.Div(
                [
                    date_field(
                        form, "starts", _("Begins on"), required=True, description=local, value=known.get("starts")
                    ),
                    time_field(form, "starts_time", _("Begins at"), value=known["starts_time"], description=local),
                ],
                className="overview-pair",
            ),
            html.Div(
                [
                    date_field(form, "ends", _("Ends on"), required=True, description=local, value=known["ends"]),
                    time_field(form, "ends_time", _("Ends at"), value=known["ends_time"], description=local),
                ],
                className="overview-pair",
            ),
            html.P(id=utc_id, className="m-dim m-small m-num", role="status"),
        ],
        className="overview-phase-form",
    )


def typed_moment(day: str | None, at: str | None, zone: str, field: str, which: str | None = None) -> datetime:
    """The UTC moment of a day and a time typed for `zone`; `which` of two that the clocks show.

    Raises RuleBroken on `field`.
    """
    try:
        wall = datetime.fromisoformat(f"{(day or '')[:10]}T{at or ''}")
    except ValueError:
        raise RuleBroken(field, _NO_TIME.template) from None
    return clock.from_local(wall, zone, field, Which(which) if which else None)


def draft_of(typed: Mapping[str, Any], phase_id: str | None, zone: str) -> PhaseDraft:
    """The draft of what was typed. A flaw of the phase as a whole is said beside its end."""
    moments: dict[str, datetime] = {}
    flaws: list[Flaw] = []
    for end in ("starts", "ends"):
        try:
            moments[end] = _typed(typed, end, zone)
        except RuleBroken as broken:
            flaws += broken.flaws
    kind = typed.get("kind")
    if not kind:
        flaws.append(Flaw("kind", "This field is needed."))
    if flaws:
        raise RuleBroken.all(flaws)
    name = typed.get("name") or (vocabulary.label("CL-PHASE", kind) if kind in vocabulary.codes("CL-PHASE") else "")
    try:
        return parse(PhaseDraft, {"id": phase_id, "kind": kind, "name": name, **moments})
    except RuleBroken as broken:
        raise RuleBroken.all(Flaw(flaw.field or "ends", flaw.template, flaw.params) for flaw in broken.flaws) from None


def _typed(typed: Mapping[str, Any], end: str, zone: str) -> datetime:
    return typed_moment(typed.get(end), typed.get(f"{end}_time"), zone, end, typed.get("which"))


def utc_words(typed: Mapping[str, Any], zone: str) -> str:
    """Both ends in UTC, as far as they can be read so far."""
    said = []
    for end, words in (("starts", _("Begins")), ("ends", _("Ends"))):
        try:
            said.append(f"{words} {moment_utc(_typed(typed, end, zone))}")
        except RuleBroken:
            continue
    return " · ".join(said)


def values_of(phase: Phase, zone: str) -> dict[str, str]:
    """What the form shows of a phase that is to be moved."""
    starts, ends = (end.astimezone(UTC).astimezone(ZoneInfo(zone)) for end in (phase.starts, phase.ends))
    return {
        "kind": phase.kind, "name": phase.name,
        "starts": starts.date().isoformat(), "starts_time": f"{starts:%H:%M}",
        "ends": ends.date().isoformat(), "ends_time": f"{ends:%H:%M}",
    }  # fmt: skip
