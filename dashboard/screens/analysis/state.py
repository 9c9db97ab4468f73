"""State of an analysis: its progress, the actions that are possible now, and the earlier analyses."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.answer import stored_sentence
from dashboard.parts.badges import state_badge
from dashboard.parts.form import button
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state, stat
from dashboard.wording import UNDEFINED, _, ago, coded, number, percent
from operations.analyses.questions import ASKED
from operations.core.vocabulary import JobState
from operations.policing.analyses import Analysis, AnalysisResult

STOP, AGAIN, RESUME, ADOPT = "analysis-stop", "analysis-again", "analysis-resume", "analysis-adopt"
"""The buttons of an analysis."""

_TONES = {
    JobState.QUEUED: "neutral",
    JobState.RUNNING: "accent",
    JobState.CANCELLING: "warn",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "muted",
}


def badge(asked: Analysis) -> Component:
    """Return the state of an analysis as a badge."""
    return state_badge(coded("CL-JOBSTATE", asked.state), _TONES[JobState(asked.state)])


def nothing_asked(*, may_ask: bool) -> Component:
    """Return the placeholder shown before the first question."""
    what = (
        _("Choose a question and press “Find out”. The answer appears here.")
        if may_ask
        else _("When somebody asks a question of this operation, its answer appears here.")
    )
    return empty_state(_("Nothing was asked yet"), what, "help-circle")


def head(asked: Analysis, found: AnalysisResult | None, *, may_ask: bool, may_adopt: bool, plan_href: str) -> Component:
    """Return the question, its state, and the buttons for the actions that are possible now."""
    title = _(ASKED[asked.kind].name)
    return tags.Div(
        html.H2(title),
        badge(asked),
        html.Span(_("{name}, {ago}", name=asked.author_name, ago=ago(asked.asked_at)), className="m-dim m-small"),
        html.Div(
            _acts(asked, found, may_ask=may_ask, may_adopt=may_adopt, plan_href=plan_href),
            className="analysis-acts",
        ),
        className="analysis-head",
    )


def _acts(
    asked: Analysis, found: AnalysisResult | None, *, may_ask: bool, may_adopt: bool, plan_href: str
) -> list[Component]:
    acts, asking = [], ASKED[asked.kind]
    if not asked.ended:
        if may_ask:
            stopping = asked.state == JobState.CANCELLING
            acts.append(button(_("Stop"), STOP, "danger", "player-stop", n_clicks=0, disabled=stopping, size="xs"))
        return acts
    if asking.adopts and asked.state == JobState.DONE:
        if may_adopt:
            kind = "primary" if asked.adopted_at is None else "plain"
            acts.append(button(_(asking.adopts), ADOPT, kind, "map-pin-plus", n_clicks=0, size="xs"))
        if asked.adopted_at is not None:
            acts.append(html.A([icon("map-2", 16), _("Adopted: see the plan")], href=plan_href, className="m-link"))
    if asking.calls_teams and found is not None and may_adopt:
        here = f"{plan_href.removesuffix('/plan')}/teams?analysis={asked.id}"
        acts.append(html.A([icon("users-group", 16), _("Ask for a team here")], href=here, className="m-link"))
    if may_ask:
        if asking.proves and found is not None and not (found.complete and _proven(found)):
            acts.append(button(_("Resume"), RESUME, "plain", "player-play", n_clicks=0, size="xs"))
        acts.append(button(_("Ask again"), AGAIN, "plain", "refresh", n_clicks=0, size="xs"))
    return acts


def _proven(found: AnalysisResult) -> bool:
    return bool(found.result["figures"].get("proven"))


def progress(asked: Analysis, at: datetime) -> list[Component]:
    """Return the current step and the time it has taken; of a placement also value and upper bound of the best plan."""
    if asked.ended:
        failed = stored_sentence(asked.failure)
        if failed:
            return [html.P([icon("alert-circle", 18), html.Span(failed)], className="analysis-failed", role="alert")]
        return []
    asking = ASKED[asked.kind]
    if asked.state == JobState.QUEUED:
        doing, since = _("Waiting for its turn"), asked.asked_at
    else:
        doing = stored_sentence(asked.progress.get("words")) or _(asking.doing)
        since = asked.started_at or asked.asked_at
    if asked.state == JobState.CANCELLING:
        doing = _("Stopping: the best so far is kept")
    seconds = max(0, int((at - since).total_seconds()))
    told = [stat(doing, _("{seconds} s", seconds=number(seconds)))]
    if asked.progress.get("gap") is not None and asking.proves:
        told += _gap(asked.progress, asked.question)
    return [html.Div(told, className="analysis-progress", role="status")]


def _gap(progress: Mapping[str, Any], question: Mapping[str, Any]) -> list[Component]:
    total = sum(each["share"] for each in question.get("journeys", ())) or 1.0
    passes, least = (progress[name] / total for name in ("objective", "bound"))
    gap = progress["gap"]
    return [
        stat(_("Passes unseen"), percent(passes)),
        stat(_("No plan below"), percent(least)),
        stat(_("Gap"), percent(gap) if gap is not None else UNDEFINED, _("0 is proven")),
    ]


def history(found: Sequence[Analysis], shown: UUID | None) -> list[Component]:
    """Return all analyses of the operation, newest first, each as a button that shows it."""
    if not found:
        return []
    rows = [
        html.Li(
            tags.Button(
                html.Span(_(ASKED[analysis.kind].name), className="analysis-item-name"),
                badge(analysis),
                html.Small(f"{analysis.author_name} · {ago(analysis.asked_at)}", className="m-dim"),
                id={"type": "analysis-item", "analysis": str(analysis.id)},
                type="button",
                n_clicks=0,
                className="analysis-item",
                **({"aria-current": "true"} if analysis.id == shown else {}),
            )
        )
        for analysis in found
    ]
    return [html.H2(_("Asked before")), html.Ul(rows)]
