"""The phases of an operation on one time axis, with a mark for now.

Drawn with boxes, so that it follows the reading direction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.panel import empty_state
from dashboard.wording import _, coded, day_span
from operations.core import vocabulary
from operations.core.clock import official_day
from operations.core.languages import LOCALES
from operations.policing.operation.plan import Phase


@dataclass(frozen=True)
class Stretch:
    """A phase on the timeline axis: its start and width in per cent, and whether it is past, current or coming."""

    phase: Phase
    begins: float
    width: float
    tense: str


def stretches(phases: Sequence[Phase], now: datetime) -> tuple[list[Stretch], float | None]:
    """Return the phases in per cent of the time from first start to last end, and the position of now (None: outside).

    `tense` is "past", "present" or "future".
    """
    if not phases:
        return [], None
    start, end = min(phase.starts for phase in phases), max(phase.ends for phase in phases)
    whole = (end - start).total_seconds()

    def at(moment: datetime) -> float:
        return (moment - start).total_seconds() / whole * 100

    placed = [
        Stretch(phase, at(phase.starts), at(phase.ends) - at(phase.starts), _tense(phase, now))
        for phase in sorted(phases, key=lambda phase: phase.starts)
    ]
    return placed, at(now) if start <= now <= end else None


def _tense(phase: Phase, now: datetime) -> str:
    if phase.ends <= now:
        return "past"
    return "present" if phase.starts <= now else "future"


def phase_timeline(phases: Sequence[Phase], zone: str, now: datetime) -> Component:
    """Return one row for each phase: its name, its days in the operation's zone, and its bar."""
    found, present = stretches(phases, now)
    if not found:
        return empty_state(_("No phase is scheduled"), _("Phases say when training and reporting happen."), "timeline")
    rows = [_row(each, zone, present) for each in found]
    return html.Ol(rows, className="phases")


def last_day(phase: Phase, zone: str) -> date:
    """Return the last day of a phase in `zone`: its end is exclusive."""
    return official_day(phase.ends - timedelta(microseconds=1), zone)


def phase_label(phase: Phase) -> str:
    """Return the name of a phase: its kind in the reader's language, and its own name where that differs."""
    kind = coded("CL-PHASE", phase.kind)
    plain = {vocabulary.label("CL-PHASE", phase.kind, locale).casefold() for locale in LOCALES}
    return kind if phase.name.casefold() in plain else f"{kind}: {phase.name}"


def _tense_words(tense: str) -> str:
    return {"past": _("over"), "present": _("now"), "future": _("to come")}[tense]


def _row(each: Stretch, zone: str, present: float | None) -> Component:
    phase = each.phase
    days = day_span(official_day(phase.starts, zone), last_day(phase, zone))
    return tags.Li(
        tags.Span(
            html.Span(phase_label(phase), className="phases-name"),
            html.Span(f"{days} · {_tense_words(each.tense)}", className="phases-days m-num"),
            className="phases-label",
        ),
        tags.Span(
            html.Span(
                className=f"phases-bar phases-bar--{each.tense}",
                style={"insetInlineStart": f"{each.begins:.2f}%", "inlineSize": f"{max(each.width, 0.8):.2f}%"},
            ),
            *([] if present is None else [_now_line(present)]),
            className="phases-track",
            **{"aria-hidden": "true"},
        ),
        className=f"phases-row phases-row--{each.tense}",
        **({"aria-current": "step"} if each.tense == "present" else {}),
    )


def _now_line(at: float) -> Component:
    return html.Span(className="phases-now", style={"insetInlineStart": f"{at:.2f}%"})
