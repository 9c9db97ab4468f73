"""What is asked about assignment: a few switches, one button, and every parameter under "More"."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component
from pydantic import ValidationError

from dashboard.parts.form import Form, button, client_id, number_field, switch_field
from dashboard.parts.icon import icon
from dashboard.wording import _, ngettext
from operations.analyses.questions import AssignmentQuestion, Pair
from operations.core.drafts import flaws_of
from operations.core.errors import RuleBroken

FORM = Form("assignment")
SWITCHES = ("offered_only", "keep_accepted")
NUMBERS = ("budget", "per_person_day", "per_travel_hour", "notice_hours", "seconds", "seed")
IMPROVE, RELEASE = "assignment-improve", "assignment-release"


def fields(question: AssignmentQuestion, *, may_ask: bool) -> list[Component]:
    """The form, as `question` has it."""
    press = button(_("Improve"), IMPROVE, "primary", "trending-up", n_clicks=0, fullWidth=True, disabled=not may_ask)
    return [
        client_id(FORM),
        switch_field(
            FORM,
            "keep_accepted",
            _("Accepted teams stay"),
            checked=question.keep_accepted,
            description=_("Off: see what would be if those that have not left could be sent elsewhere."),
        ),
        switch_field(
            FORM,
            "offered_only",
            _("Only where a team was offered"),
            checked=question.offered_only,
            description=_("Off: teams are also proposed for needs that their country must still offer them for."),
        ),
        _number(
            "budget",
            _("Budget"),
            question.budget,
            allowDecimal=True,
            placeholder=_("No limit"),
            description=_("For days and travel of all teams proposed, in one currency."),
        ),
        press,
        html.P(
            _("The proposal stands at once. “Improve” looks for a better one and shows how good one can be at most."),
            className="m-small m-dim",
        ),
        html.Details(
            [
                html.Summary([icon("adjustments", size=16), html.Span(_("More: every parameter"))]),
                html.Div(
                    [
                        _number("per_person_day", _("Cost of a person and day"), question.per_person_day),
                        _number("per_travel_hour", _("Cost of an hour of travel of a team"), question.per_travel_hour),
                        _number(
                            "notice_hours",
                            _("Hours before anybody can be there"),
                            question.notice_hours,
                            description=_("Needs that begin sooner are planned from then on."),
                        ),
                        _number("seconds", _("Time to improve, in seconds"), question.seconds),
                        _number(
                            "seed",
                            _("Seed"),
                            question.seed,
                            description=_("Another number looks in another order."),
                        ),
                    ],
                    className="analysis-more",
                ),
            ],
            className="analysis-details",
        ),
    ]


def _number(name: str, label: str, value: float | None, **more: Any) -> Component:
    whole = value is None or float(value).is_integer()
    shown = "" if value is None else int(value) if whole else value
    return number_field(FORM, name, label, value=shown, debounce=400, **more)


def decided(question: AssignmentQuestion) -> list[Component]:
    """How much the coordinator has decided, and the way back."""
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
    """The question with what the form says; raises RuleBroken with every flaw, each on its field."""
    content = before.model_dump() | {
        name: None if values[name] in ("", None) else values[name] for name in NUMBERS if name in values
    }
    content |= {name: bool(values[name]) for name in SWITCHES if name in values}
    for name, field in AssignmentQuestion.model_fields.items():
        if content.get(name) is None and name != "budget":
            content[name] = field.default
    return checked(content)


def checked(content: Mapping[str, Any]) -> AssignmentQuestion:
    """The question; raises RuleBroken with every flaw, each on its field."""
    try:
        return AssignmentQuestion.model_validate(content)
    except ValidationError as error:
        raise RuleBroken.all(flaws_of(error)) from None


def with_lock(question: AssignmentQuestion, need: str, team: str) -> AssignmentQuestion:
    """The question with a team locked for a need, or released where it was."""
    pair = Pair(need=need, team=team)
    others = tuple(each for each in question.locked if each.need != need)
    locked = others if pair in question.locked else (*others, pair)
    return question.model_copy(
        update={"locked": locked, "ruled_out": tuple(each for each in question.ruled_out if each != pair)}
    )


def without(question: AssignmentQuestion, need: str, team: str) -> AssignmentQuestion:
    """The question with a team ruled out for a need, or allowed again where it was ruled out."""
    pair = Pair(need=need, team=team)
    others = tuple(each for each in question.ruled_out if each != pair)
    ruled_out = others if pair in question.ruled_out else (*others, pair)
    return question.model_copy(
        update={"ruled_out": ruled_out, "locked": tuple(each for each in question.locked if each != pair)}
    )


def released(question: AssignmentQuestion) -> AssignmentQuestion:
    """The question without anything decided."""
    return question.model_copy(update={"locked": (), "ruled_out": ()})
