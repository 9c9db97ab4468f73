"""Needs assessments: as a list, as a board, and each in full; here they are requested, scored and validated."""

from enum import StrEnum
from typing import Any

from dash import Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.acts import Done, Press, does, followed, follows
from dashboard.frame.shell import page
from dashboard.navigation import Nav
from dashboard.parts import programme_figures
from dashboard.parts.board_page import Card, board
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.drawn import drawing, pair
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.form import button, client_id
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.list_page import HREF, folded, listed, opens, ways
from dashboard.parts.panel import panel
from dashboard.parts.programme_tabs import NEEDS, post_choices, programme_tabs
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table as table_of
from dashboard.screens.needs import paper, workbook_panel
from dashboard.screens.needs.paper import score_words
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import N_, _, date, language, number
from operations.core import rows, vocabulary
from operations.core.clock import now, official_day
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.needs import assessments as verbs
from operations.needs import figures
from operations.needs.readiness import readiness
from operations.needs.rows import AREAS, LIFE, OPEN, Assessment, AssessmentScore, AssessmentState, scores_of
from operations.posts import register

NAV = Nav(name=N_("Needs assessment"), path="/needs", icon="clipboard-check", order=7, act=Act.NEEDS_READ, place=False)
FORM = DraftForm("needs-request", verbs.RequestDraft)
FINDINGS = DraftForm("needs-findings", verbs.FindingsDraft)
SCORE = DraftForm("needs-score", verbs.ScoreDraft)
STEPS = StepIds("needs")


class Ids(StrEnum):
    """The elements of this page."""

    FIGURES = "needs-figures"
    BOARD = "needs-board"
    LIST = "needs-list"
    SHOWN = "needs-shown"
    FILE = "needs-file"
    FORMS = "needs-forms"
    SEEN = "needs-seen"
    REQUEST = "needs-request-send"
    FIND = "needs-find"
    ANSWER = "needs-answer"


opens(Ids.LIST)


def layout(show: str = "", **_query: str) -> Component:
    """All of them; with `show`, one in full."""
    by = actor()
    with reading() as session:
        if show:
            shown = dcc.Store(id=Ids.SHOWN, data=str(known_id(show)))
            full = followed(Ids.FILE, file(session, by, show), className="m-stack")
            answers = followed(
                Ids.FORMS, forms(session, by, show), seen=answers_now(session, by, show), className="m-stack"
            )
            back = dcc.Link(_("All assessments"), href=NAV.href(), className="file-way")
            return page(_("Needs assessment"), shown, full, answers, actions=[back])
        tiles, columned, found = strip(session, by), contents(session, by), table(session, by)
        asks = _form(session, by)
    tabs = {
        "list": (_("List"), listed(Ids.LIST, columns(), found, _("No assessment is requested yet."))),
        "board": (_("Board"), followed(Ids.BOARD, columned)),
    }
    return page(
        _("Needs assessment"),
        programme_tabs(by, NEEDS),
        followed(Ids.FIGURES, tiles),
        *asks,
        ways(tabs, "list"),
        lead=_("What posts lack, scored with evidence, validated by their country, with measures and what they cost."),
        wide=True,
    )


# ------------------------------------------------------------------------------------------------ list and board


def strip(session: Session, _by: Actor) -> Component:
    """K50 to K52."""
    return programme_figures.strip(figures.figures(session))


def contents(session: Session, by: Actor) -> Component:
    """The board."""
    found = verbs.assessments(session)
    names = register.names(session, (each.post_id for each in found))
    cards: dict[AssessmentState, list[Card]] = {}
    for each in found:
        late = _("Overdue") if overdue(each) else ""
        facts = [country_words(each), _("Planned until {day}", day=date(each.planned_for))]
        acts = STEPS.drawn(each.id, verbs.offers(session, each, by), size="compact-sm")
        cards.setdefault(LIFE.now(each), []).append(Card(names[each.post_id], href_of(each), facts, late, acts))
    return board(LIFE, cards, _("Board of needs assessments"))


def columns() -> list[dict[str, Any]]:
    """What the list says of each."""
    return [
        text_column("post", _("Post"), flex=2, minWidth=200),
        text_column("country", _("Country"), minWidth=130),
        text_column("state", _("State"), minWidth=140),
        number_column("readiness", _("Readiness"), width=120),
        text_column("gaps", _("Gaps"), flex=3, minWidth=180, tooltipField="gaps"),
        number_column("baseline", _("Queries a month today"), width=185),
        text_column("feasibility", _("I-24/7"), minWidth=150),
        text_column("planned", _("Planned until"), flex=0, width=125),
        text_column("late", _("Overdue"), flex=0, width=100),
    ]


def table(session: Session, _by: Actor) -> list[dict[str, Any]]:
    """The rows of the list."""
    found = verbs.assessments(session)
    names, scores = register.names(session, (each.post_id for each in found)), scores_of(session, (e.id for e in found))
    return [_row(each, names[each.post_id], scores.get(each.id, {})) for each in found]


def _row(each: Assessment, name: str, scores: dict[str, AssessmentScore]) -> dict[str, Any]:
    ready = readiness(scores, AREAS)
    return {
        "id": str(each.id), HREF: href_of(each), "post": name, "country": country_words(each),
        "state": state_words(each), "readiness": None if ready.score is None else round(ready.score, 1),
        "gaps": ", ".join(map(area_words, ready.gaps)), "baseline": each.baseline_queries,
        "feasibility": vocabulary.label("CL-FEASIBILITY", each.feasibility, language()),
        "planned": each.planned_for.isoformat(), "late": _("Overdue") if overdue(each) else "",
    }  # fmt: skip


def overdue(each: Assessment) -> bool:
    """Whether its visit was planned for a day that is over, and it is not scored."""
    return each.state in OPEN and each.state != AssessmentState.SCORED and each.planned_for < official_day(now(), "UTC")


def href_of(each: Assessment) -> str:
    """Where its file is."""
    return f"{NAV.href()}?show={each.id}"


def country_words(each: Assessment) -> str:
    """Whose post it is."""
    return vocabulary.label("CL-COUNTRY", each.country, language())


def state_words(each: Assessment) -> str:
    """How far it is."""
    return _(LIFE.words[LIFE.now(each)])


def area_words(area: str) -> str:
    """An area by its name."""
    return vocabulary.label("CL-NEEDAREA", area, language())


# ---------------------------------------------------------------------------------------------------- one of them


def file(session: Session, by: Actor, shown: str) -> list[Component]:
    """One of them in full. Raises NotFound."""
    found = rows.one(session, Assessment, known_id(shown))
    post, scores = register.post(session, found.post_id), verbs.scores(session, found.id)
    ready = readiness(scores, AREAS)
    visit = f"{date(found.visited_from)} – {date(found.visited_to)}" if found.visited_from and found.visited_to else ""
    baseline = number(found.baseline_queries) if found.baseline_queries is not None else _("Not filled in yet")
    facts = [
        (_("State"), state_words(found)),
        (_("Post"), dcc.Link(html.Bdi(post.name), href=f"/posts?show={post.id}")),
        (_("Country"), country_words(found)),
        (_("Planned until"), date(found.planned_for)),
        (_("Visit"), visit),
        (
            _("Readiness"),
            score_words(ready),
        ),
        (_("Gaps"), ", ".join(map(area_words, ready.gaps))),
        (_("Not known"), ", ".join(map(area_words, ready.unknown))),
        (_("Queries a month today"), baseline),
        (_("Where that was read"), html.Bdi(found.baseline_source)),
        (_("I-24/7 at this post"), vocabulary.label("CL-FEASIBILITY", found.feasibility, language())),
        (_("Works that come first"), html.Bdi(found.works)),
    ]
    past = [
        Past(each.made_at, _(LIFE.words[AssessmentState(each.state)]), each.author_name, each.words)
        for each in verbs.past(session, found.id)
    ]
    acts = STEPS.drawn(found.id, verbs.offers(session, found, by))
    printed = html.A(_("Print as PDF"), href=paper.address(found.id), className="file-way", download="")
    return [
        dcc.Store(id=Ids.SEEN, data=found.findings),
        *file_page(found.purpose, facts, [*acts, printed], past, post.zone),
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
    """Whether this person scores it now."""
    return verbs.may_answer(rows.one(session, Assessment, known_id(shown)), by)


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """The forms of an area and of what the visit found, for those who assess."""
    if not answers_now(session, by, shown):
        return []
    score, found = drawing(SCORE), drawing(FINDINGS, rows.one(session, Assessment, known_id(shown)))
    return [
        panel(
            _("Score an area"),
            client_id(SCORE),
            pair(score("area", "score")),
            *score("evidence"),
            pair(score("gap", "measure")),
            pair(score("cost", "currency")),
            html.Div(button(_("Write the score down"), Ids.ANSWER, "primary", "list-check")),
        ),
        panel(
            _("What the visit found"),
            pair(found("visited_from", "visited_to")),
            *found("baseline_queries", "baseline_source", "feasibility", "works"),
            html.Div(button(_("Write it down"), Ids.FIND, "plain", "notebook")),
        ),
        workbook_panel.panel_of(shown),
    ]


def _form(session: Session, by: Actor) -> list[Component]:
    """The form of a new one, folded, for those who request."""
    if not may(by, Act.NEEDS_REQUEST):
        return []
    fields = drawing(FORM, choices={"post_id": post_choices(session, by)})()
    send = button(_("Request it"), Ids.REQUEST, "primary", "clipboard-check")
    return [folded(_("Request an assessment"), client_id(FORM), *fields, html.Div(send))]


# --------------------------------------------------------------------------------------------------- callbacks

_HERE = {"shown": State(Ids.SHOWN, "data")}


refresh_figures = follows(strip, Ids.FIGURES, act=Act.NEEDS_READ)
refresh = follows(contents, Ids.BOARD, act=Act.NEEDS_READ)
refresh_list = follows(table, Output(Ids.LIST, "rowData"), act=Act.NEEDS_READ)
refresh_posts = follows(post_choices, Output(FORM.id("post_id"), "data"), act=Act.NEEDS_REQUEST)
refresh_file = follows(file, Ids.FILE, act=Act.NEEDS_READ, **_HERE)
refresh_forms = follows(forms, Ids.FORMS, act=Act.NEEDS_READ, unless=answers_now, **_HERE)


@does(
    Ids.REQUEST, act=Act.NEEDS_REQUEST, form=FORM, typed=FORM.inputs(), client=True,
    clears={"purpose": "", "post_id": None},
)  # fmt: skip
def request(press: Press) -> Done:
    """Ask for the assessment of a post."""
    draft = FORM.draft(verbs.RequestDraft, press.typed, id=press.client)
    verbs.request(press.session, draft, press.by)
    return Done(_("The assessment is requested; it waits for the desk review."))


@does(STEPS.buttons, act=Act.NEEDS_READ, beside=STEPS.beside)
def take(press: Press) -> Done:
    """Take an assessment a step further, with the words beside the button."""
    to = AssessmentState(press.subject["to"])
    verbs.take(press.session, known_id(press.subject["of"]), to, press.by, press.words)
    return Done(_("It is now: {state}.", state=_(LIFE.words[to])))


@does(
    Ids.ANSWER, act=Act.NEEDS_ANSWER, form=SCORE, typed=SCORE.inputs(), client=True, given=_HERE,
    clears={"area": None, "score": None, "evidence": "", "gap": "", "measure": "", "cost": "", "currency": ""},
)  # fmt: skip
def answer(press: Press, shown: str) -> Done:
    """Write down how an area stands."""
    draft = SCORE.draft(verbs.ScoreDraft, press.typed, id=press.client)
    verbs.score(press.session, known_id(shown), draft, press.by)
    return Done(_("The score is written down."))


@does(
    Ids.FIND, act=Act.NEEDS_ANSWER, form=FINDINGS, typed=FINDINGS.inputs(),
    given={**_HERE, "seen": State(Ids.SEEN, "data")},
)  # fmt: skip
def find(press: Press, shown: str, seen: int) -> Done:
    """Write down what the visit found."""
    draft = FINDINGS.draft(verbs.FindingsDraft, press.typed)
    verbs.find(press.session, known_id(shown), draft, seen, press.by)
    return Done(_("It is written down."))
