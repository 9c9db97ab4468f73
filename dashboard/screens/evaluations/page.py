"""Evaluations: list, board and figures; each in full, where it is judged, answered and closed."""

from typing import Any

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, follows_choices
from dashboard.frame.life_page import LifePage, Titles, takes
from dashboard.frame.verb_buttons import calls
from dashboard.parts import programme_figures
from dashboard.parts.board_page import Card, board
from dashboard.parts.listing import Listing
from dashboard.places import EVALUATIONS
from dashboard.screens.evaluations import file as full
from dashboard.screens.evaluations.file import SAYS, STEPS
from dashboard.screens.evaluations.forms import (
    FORM,
    JUDGE,
    METHOD,
    OUTCOME,
    RECOMMEND,
    forms,
    planning,
    subjects,
    writes_now,
)
from dashboard.screens.evaluations.words import about_words, independence_words, state_words
from dashboard.wording import N_, _, date
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.evaluation import evaluations as verbs
from operations.evaluation import figures
from operations.evaluation.evaluation_states import LIFE, WORDS
from operations.evaluation.rows import EVALUATION, Evaluation
from operations.programme.area import EVERYWHERE, Area

NAV = EVALUATIONS

PAGE = LifePage(
    "evaluation",
    NAV,
    EVALUATION,
    Titles(
        N_("Evaluations"),
        N_("Evaluation"),
        N_("All evaluations"),
        N_("No evaluation is planned yet."),
        N_("Whether it worked: four methods, six criteria with evidence, and what is recommended to its end."),
    ),
    day="planned_for",
)
layout = PAGE.layout


# ------------------------------------------------------------------------------------------------ list and board


def strip(session: Session, by: Actor) -> Component:
    """Return the tiles of K64, K66 and K68."""
    return programme_figures.strip(figures.figures(session, by))


def contents(session: Session, by: Actor, area: Area = EVERYWHERE) -> Component:
    """Return the board."""

    def card(each: Evaluation) -> Card:
        late = _("Overdue") if verbs.on_time(each) is False and each.final_at is None else ""
        facts = [html.Bdi(about_words(session, each)), _("Final until {day}", day=date(each.planned_for))]
        acts = STEPS.drawn(each.id, EVALUATION.offers(session, each, by), size="compact-sm")
        return Card(each.title, PAGE.href(each), facts, late, acts)

    return board(LIFE, area.of(verbs.evaluations(session)), card, _("Board of evaluations"))


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    made = Listing(verbs.evaluations(session), PAGE.href)
    made.text("title", _("Title"), flex=3, minWidth=220)
    made.text(
        "about",
        _("What is evaluated"),
        lambda each: about_words(session, each),
        flex=3,
        minWidth=220,
        tooltipField="about",
    )
    made.text("state", _("State"), state_words, minWidth=215)
    made.day("planned", _("Final until"), "planned_for", width=125)
    made.day("final", _("Final on"), lambda each: each.final_at.date() if each.final_at else None, width=125)
    made.mark("late", _("Overdue"), lambda each: verbs.on_time(each) is False)
    return made


# --------------------------------------------------------------------------------------------------- callbacks

_READ, _RUN = Act.EVALUATION_READ, Act.EVALUATION_RUN
PAGE.draws(
    table,
    full.drawn,
    forms=forms,
    seen=writes_now,
    figures=strip,
    new=planning,
    board=(N_("Board"), contents),
)
take = PAGE.takes(verbs.take)
say = takes(SAYS, WORDS, verbs.step_comment, _READ)
"""Request the comment of a country, answer it, or go on without it."""
refresh_subjects = follows_choices(FORM, subjects, "operation_id", "operations", "course_id", act=_RUN)
plan_one = calls(
    FORM,
    verbs.plan_one,
    lambda made: Done(_("The evaluation is planned."), note=independence_words(made)),
    act=_RUN,
    clears=("title", "purpose"),
)
judge = calls(
    JUDGE,
    verbs.judge,
    N_("The judgement is written down."),
    act=_RUN,
    given=PAGE.here,
    clears=("criterion", "score", "words", "evidence"),
)
use = calls(
    METHOD,
    verbs.record_method,
    N_("It is written down."),
    act=_RUN,
    given=PAGE.here,
    clears=("method", "held_on", "place", "who", "finding"),
)
update = calls(
    OUTCOME,
    verbs.report_outcome,
    N_("It is written down."),
    act=Act.EVALUATION_COMMENT,
    given=PAGE.here,
    clears=("opened", "charged", "convicted"),
)
recommend = calls(
    RECOMMEND,
    verbs.recommend,
    N_("It is recommended; it is decided when the evaluation is final."),
    act=_RUN,
    given=PAGE.here,
    clears=("text", "evidence"),
)
