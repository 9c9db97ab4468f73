"""Needs assessments: list, board and file; here they are requested, scored and validated."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import follows_search
from dashboard.frame.life_page import LifePage, Titles
from dashboard.frame.verb_buttons import calls
from dashboard.parts import programme_figures
from dashboard.parts.board_page import Card, board
from dashboard.parts.choices import post_choice
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.file_button import file_button
from dashboard.parts.form_fields import whole_form
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.parts.table import table as table_of
from dashboard.places import NEEDS
from dashboard.screens.needs import findings
from dashboard.screens.needs.needs_book import BOOK
from dashboard.screens.needs.paper import paper, score_words
from dashboard.server.access import known_id
from dashboard.wording import N_, _, coded, date, joined, number
from operations.core import rows
from operations.core.clock import now, official_day
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.needs import assessments as verbs
from operations.needs import figures
from operations.needs.readiness import readiness
from operations.needs.rows import AREAS, ASSESSMENT, LIFE, OPEN, Assessment, AssessmentScore, AssessmentState, scores_of
from operations.posts import register
from operations.programme.area import EVERYWHERE, Area

NAV = NEEDS
PAGE = LifePage(
    "needs",
    NAV,
    ASSESSMENT,
    Titles(
        N_("Needs assessment"),
        N_("Needs assessment"),
        N_("All assessments"),
        N_("No assessment is requested yet."),
        N_("What posts lack, scored with evidence, validated by their country, with measures and what they cost."),
    ),
    area=True,
    day="planned_for",
)
STEPS = PAGE.steps
FORM = DraftForm("needs-request", verbs.AssessmentRequestDraft)
SCORE = DraftForm("needs-score", verbs.ScoreDraft)


layout = PAGE.layout


# ------------------------------------------------------------------------------------------------ list and board


def strip(session: Session, _by: Actor) -> Component:
    """Return the tiles of K50 to K52."""
    return programme_figures.strip(figures.figures(session))


def contents(session: Session, by: Actor, area: Area = EVERYWHERE) -> Component:
    """Return the board."""
    found = area.of(verbs.assessments(session))
    names = register.names(session, (each.post_id for each in found))

    def card(each: Assessment) -> Card:
        late = _("Overdue") if overdue(each) else ""
        facts = [coded("CL-COUNTRY", each.country), _("Planned until {day}", day=date(each.planned_for))]
        acts = STEPS.drawn(each.id, ASSESSMENT.offers(session, each, by), size="compact-sm")
        return Card(names[each.post_id], PAGE.href(each), facts, late, acts)

    return board(LIFE, found, card, _("Board of needs assessments"))


def table(session: Session, _by: Actor) -> Listing[Any]:
    """Return the rows of the list."""
    assessments = verbs.assessments(session)
    names = register.names(session, (each.post_id for each in assessments))
    scores = scores_of(session, (each.id for each in assessments))
    ready = {each.id: readiness(scores.get(each.id, {}), AREAS) for each in assessments}
    made = Listing(assessments, PAGE.href)
    made.text("post", _("Post"), lambda each: names[each.post_id], flex=2, minWidth=200)
    made.code("country", _("Country"), "CL-COUNTRY", minWidth=130)
    made.text("state", _("State"), PAGE.state, minWidth=140)
    made.number("readiness", _("Readiness"), lambda each: _rounded(ready[each.id].score), width=120)
    made.text(
        "gaps",
        _("Gaps"),
        lambda each: joined(map(area_words, ready[each.id].gaps)),
        flex=3,
        minWidth=180,
        tooltipField="gaps",
    )
    made.number("baseline", _("Queries a month today"), "baseline_queries", width=185)
    made.code("feasibility", _("I-24/7"), "CL-FEASIBILITY", minWidth=150)
    made.day("planned", _("Planned until"), "planned_for", width=125)
    made.mark("late", _("Overdue"), overdue, width=100)
    return made


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 1)


def overdue(each: Assessment) -> bool:
    """Return whether its planned visit is past and it is not scored."""
    return each.state in OPEN and each.state != AssessmentState.SCORED and each.planned_for < official_day(now(), "UTC")


def area_words(area: str) -> str:
    """Return the name of an area."""
    return coded("CL-NEEDAREA", area)


# ---------------------------------------------------------------------------------------------------- one of them


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """One of them in full. Raises NotFound."""
    found = rows.one(session, Assessment, known_id(shown))
    post, scores = register.post(session, found.post_id), verbs.scores(session, found.id)
    ready = readiness(scores, AREAS)
    visit = f"{date(found.visited_from)} – {date(found.visited_to)}" if found.visited_from and found.visited_to else ""
    baseline = number(found.baseline_queries) if found.baseline_queries is not None else _("Not filled in yet")
    facts = [
        (_("State"), PAGE.state(found)),
        (_("Post"), dcc.Link(html.Bdi(post.name), href=f"/posts?show={post.id}")),
        (_("Country"), coded("CL-COUNTRY", found.country)),
        *FORM.facts(found, "planned_for"),
        (_("Visit"), visit),
        (_("Readiness"), score_words(ready)),
        (_("Gaps"), joined(map(area_words, ready.gaps))),
        (_("Not known"), joined(map(area_words, ready.unknown))),
        (_("Queries a month today"), baseline),
        *findings.FORM.facts(found, "baseline_source", "feasibility", "works"),
    ]
    printed = file_button(_("Print as PDF"), paper.address(found.id))
    return [
        *PAGE.filed(session, by, found, found.purpose, facts, post.zone, printed),
        panel(_("Scores"), _scores(scores), flush=True),
    ]


def _scores(scores: dict[str, AssessmentScore]) -> Component:
    head = [_("Area"), _("Score"), _("What proves it"), _("Gap"), _("Proposed measure"), _("Cost")]
    return table_of(head, [_score(area, scores.get(area)) for area in AREAS], "needs-scores", label=_("Scores"))


def _score(area: str, found: AssessmentScore | None) -> Component:
    said = _("Not scored") if found is None else _("Not known") if found.score is None else number(found.score)
    cost = "" if found is None or found.cost is None else f"{number(found.cost)} {found.currency}"
    words = [found.evidence, found.gap, found.measure] if found else ["", "", ""]
    cells = [html.Td(html.Bdi(each)) for each in words]
    return html.Tr([html.Th(area_words(area), scope="row"), html.Td(said), *cells, html.Td(cost, className="m-num")])


def answers_now(session: Session, by: Actor, shown: str) -> bool:
    """Return whether this person may score it now."""
    return verbs.may_answer(rows.one(session, Assessment, known_id(shown)), by)


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the forms of an area and of the visit's findings, for assessors."""
    if not answers_now(session, by, shown):
        return []
    score = whole_form(
        SCORE,
        _("Write the score down"),
        "list-check",
        ("area", "score"),
        "evidence",
        ("gap", "measure"),
        ("cost", "currency"),
    )
    return [
        panel(_("Score an area"), *score),
        findings.findings_form(session, shown),
        BOOK.panel(shown),
    ]


def _form(session: Session, by: Actor) -> list[Component]:
    """Return the form of a new assessment, folded, for those who may request one."""
    if not may(by, Act.NEEDS_REQUEST):
        return []
    posts = {"post_id": post_choice(session, FORM)}
    return [
        new_row_form(_("Request an assessment"), *whole_form(FORM, _("Request it"), "clipboard-check", choices=posts))
    ]


# --------------------------------------------------------------------------------------------------- callbacks

PAGE.draws(table, file, forms=forms, seen=answers_now, figures=strip, new=_form, board=(N_("Board"), contents))
take = PAGE.takes(verbs.take)
refresh_posts = follows_search(post_choice, FORM, "post_id", Act.NEEDS_REQUEST)
request = calls(
    FORM,
    verbs.request,
    N_("The assessment is requested; it waits for the desk review."),
    act=Act.NEEDS_REQUEST,
    clears=("purpose", "post_id"),
)
answer = calls(
    SCORE,
    verbs.score,
    N_("The score is written down."),
    act=Act.NEEDS_ANSWER,
    given=PAGE.here,
    clears=("area", "score", "evidence", "gap", "measure", "cost", "currency"),
)
