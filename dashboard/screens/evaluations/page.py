"""Evaluations: as a list and as a board, with their figures; each in full, where it is judged, answered and closed."""

from typing import Any

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does, follows_choices
from dashboard.frame.life_page import LifePage, Titles, takes
from dashboard.navigation import Nav
from dashboard.parts import programme_figures
from dashboard.parts.board_page import Card, board
from dashboard.parts.grid import text_column
from dashboard.parts.list_page import HREF
from dashboard.parts.programme_tabs import EVALUATIONS
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
from dashboard.server.access import known_id
from dashboard.wording import N_, _, date
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.evaluation import evaluations as verbs
from operations.evaluation import figures
from operations.evaluation.drafts import EvaluationDraft, JudgementDraft, MethodDraft, OutcomeDraft
from operations.evaluation.lives import LIFE, WORDS, EvaluationState
from operations.evaluation.recommendations import RecommendationDraft

NAV = Nav(
    name=N_("Evaluations"), path="/evaluations", icon="report-analytics", order=7, act=Act.EVALUATION_READ, place=False
)

PAGE = LifePage(
    "evaluation", NAV, LIFE, EVALUATIONS,
    Titles(
        N_("Evaluations"), N_("Evaluation"), N_("All evaluations"), N_("No evaluation is planned yet."),
        N_("Whether it worked: four methods, six criteria with evidence, and what is recommended to its end."),
    ),
)  # fmt: skip
layout = PAGE.layout


# ------------------------------------------------------------------------------------------------ list and board


def strip(session: Session, by: Actor) -> Component:
    """K64, K66 and K68."""
    return programme_figures.strip(figures.figures(session, by))


def contents(session: Session, by: Actor) -> Component:
    """The board."""
    cards: dict[EvaluationState, list[Card]] = {}
    for each in verbs.evaluations(session):
        late = _("Overdue") if verbs.on_time(each) is False and each.final_at is None else ""
        facts = [html.Bdi(about_words(session, each)), _("Final until {day}", day=date(each.planned_for))]
        acts = STEPS.drawn(each.id, verbs.offers(session, each, by), size="compact-sm")
        cards.setdefault(LIFE.now(each), []).append(Card(each.title, PAGE.href(each), facts, late, acts))
    return board(LIFE, cards, _("Board of evaluations"))


def columns() -> list[dict[str, Any]]:
    """What the list says of each."""
    return [
        text_column("title", _("Title"), flex=3, minWidth=220),
        text_column("about", _("What is evaluated"), flex=3, minWidth=220, tooltipField="about"),
        text_column("state", _("State"), minWidth=215),
        text_column("planned", _("Final until"), flex=0, width=125),
        text_column("final", _("Final on"), flex=0, width=125),
        text_column("late", _("Overdue"), flex=0, width=110),
    ]


def table(session: Session, _by: Actor) -> list[dict[str, Any]]:
    """The rows of the list."""
    return [
        {
            "id": str(each.id), HREF: PAGE.href(each), "title": each.title, "about": about_words(session, each),
            "state": state_words(each), "planned": each.planned_for.isoformat(),
            "final": each.final_at.date().isoformat() if each.final_at else "",
            "late": _("Overdue") if verbs.on_time(each) is False else "",
        }
        for each in verbs.evaluations(session)
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------------- callbacks

_READ, _RUN = Act.EVALUATION_READ, Act.EVALUATION_RUN
PAGE.draws(
    columns, table, full.drawn, forms=forms, seen=writes_now, figures=strip, new=planning,
    board=(N_("Board"), contents),
)  # fmt: skip
take = PAGE.takes(verbs.take)
say = takes(SAYS, WORDS, verbs.say, _READ)
"""Have the word of a country, answer it, or go on without it."""
refresh_subjects = follows_choices(FORM, subjects, "operation_id", "operations", "course_id", act=_RUN)


@does(FORM, act=_RUN, clears={"title": "", "purpose": ""})
def plan_one(press: Press) -> Done:
    """Plan an evaluation."""
    made = verbs.plan_one(press.session, press.draft(EvaluationDraft), press.by)
    return Done(_("The evaluation is planned."), note=independence_words(made))


@does(
    JUDGE, act=_RUN, given=PAGE.here,
    clears={"criterion": None, "score": None, "words": "", "evidence": ""},
)  # fmt: skip
def judge(press: Press, shown: str) -> Done:
    """Judge a criterion."""
    draft = press.draft(JudgementDraft)
    verbs.judge(press.session, known_id(shown), draft, press.by)
    return Done(_("The judgement is written down."))


@does(
    METHOD, act=_RUN, given=PAGE.here,
    clears={"method": None, "held_on": None, "place": "", "who": "", "finding": ""},
)  # fmt: skip
def use(press: Press, shown: str) -> Done:
    """Write a method down."""
    draft = press.draft(MethodDraft)
    verbs.use(press.session, known_id(shown), draft, press.by)
    return Done(_("It is written down."))


@does(
    OUTCOME, act=Act.EVALUATION_COMMENT, given=PAGE.here,
    clears={"opened": "", "charged": "", "convicted": ""},
)  # fmt: skip
def update(press: Press, shown: str) -> Done:
    """Say what became of the country's investigations."""
    draft = press.draft(OutcomeDraft)
    verbs.update(press.session, known_id(shown), draft, press.by)
    return Done(_("It is written down."))


@does(RECOMMEND, act=_RUN, given=PAGE.here, clears={"text": "", "evidence": ""})
def recommend(press: Press, shown: str) -> Done:
    """Recommend something."""
    draft = press.draft(RecommendationDraft)
    verbs.recommend(press.session, known_id(shown), draft, press.by)
    return Done(_("It is recommended; it is decided when the evaluation is final."))
