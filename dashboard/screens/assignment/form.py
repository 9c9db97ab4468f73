"""Assignment form: a few switches, one button, and every parameter under "More"; and the coordinator's decisions."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import button, client_id
from dashboard.parts.form_fields import drawing
from dashboard.parts.icon import icon
from dashboard.wording import _, ngettext
from operations.analyses.questions import AssignmentQuestion, TeamNeedPair

FORM = DraftForm("assignment", AssignmentQuestion)
FIRST = ("keep_accepted", "offered_only", "budget")
IMPROVE, RELEASE = "assignment-improve", "assignment-release"


def fields(question: AssignmentQuestion, *, may_ask: bool) -> list[Component]:
    """Return the form, filled from `question`."""
    draw = drawing(FORM, question)
    numbers = [name for name in FORM.said if name not in FIRST]
    press = button(_("Improve"), IMPROVE, "primary", "trending-up", n_clicks=0, fullWidth=True, disabled=not may_ask)
    words = _("The proposal stands at once. “Improve” looks for a better one and shows how good one can be at most.")
    return [
        client_id(FORM),
        *draw(*FIRST[:2]),
        *draw(FIRST[2], debounce=400),
        press,
        html.P(words, className="m-small m-dim"),
        tags.Details(
            html.Summary([icon("adjustments", size=16), html.Span(_("More: every parameter"))]),
            html.Div(draw(*numbers, debounce=400), className="analysis-more"),
            className="analysis-details",
        ),
    ]


def decided(question: AssignmentQuestion) -> list[Component]:
    """Return how many decisions the coordinator has made, and the button that clears them."""
    if not question.locked and not question.ruled_out:
        return []
    told = []
    if question.locked:
        told.append(ngettext("{n} assignment is locked.", "{n} assignments are locked.", len(question.locked)))
    if question.ruled_out:
        told.append(ngettext("{n} is ruled out.", "{n} are ruled out.", len(question.ruled_out)))
    return [
        html.P([icon("lock", 16), html.Span(" ".join(told))], className="analysis-basis"),
        button(_("Release all"), {"type": RELEASE, "all": True}, "quiet", "lock-open", n_clicks=0, size="compact-sm"),
    ]


def typed(before: AssignmentQuestion, values: Mapping[str, Any]) -> AssignmentQuestion:
    """Return the question with the values of the form. Raises RuleBroken with every flaw, each on its field."""
    return FORM.draft(AssignmentQuestion, values, locked=before.locked, ruled_out=before.ruled_out)


def checked(content: Mapping[str, Any]) -> AssignmentQuestion:
    """Return the question that a page holds, validated. Raises RuleBroken."""
    found: AssignmentQuestion = FORM.made(content)
    return found


def with_lock(question: AssignmentQuestion, need: str, team: str) -> AssignmentQuestion:
    """Return the question with a team locked for a need, or unlocked where it was."""
    pair = TeamNeedPair(need=need, team=team)
    others = tuple(each for each in question.locked if each.need != need)
    locked = others if pair in question.locked else (*others, pair)
    return question.model_copy(
        update={"locked": locked, "ruled_out": tuple(each for each in question.ruled_out if each != pair)}
    )


def without(question: AssignmentQuestion, need: str, team: str) -> AssignmentQuestion:
    """Return the question with a team ruled out for a need, or allowed again where it was ruled out."""
    pair = TeamNeedPair(need=need, team=team)
    others = tuple(each for each in question.ruled_out if each != pair)
    ruled_out = others if pair in question.ruled_out else (*others, pair)
    return question.model_copy(
        update={"ruled_out": ruled_out, "locked": tuple(each for each in question.locked if each != pair)}
    )


def released(question: AssignmentQuestion) -> AssignmentQuestion:
    """Return the question without any decision."""
    return question.model_copy(update={"locked": (), "ruled_out": ()})
