"""One evaluation in full: subject, methods, judgements, comments of countries, and recommendations."""

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import assignees, costs, programme_figures
from dashboard.parts.file_button import file_button
from dashboard.parts.file_page import Past, file_page
from dashboard.parts.panel import facts as fact_list
from dashboard.parts.panel import panel
from dashboard.parts.steps import StepIds
from dashboard.parts.table import table, table_row
from dashboard.screens.evaluations import effort
from dashboard.screens.evaluations.paper import paper
from dashboard.screens.evaluations.words import (
    about_words,
    change_words,
    criteria_of,
    independence_words,
    linked,
    operations_of,
    posts_of,
    recommendation_state,
    score_words,
    state_words,
    step_words,
)
from dashboard.server.access import known_id
from dashboard.telling.evaluation import criterion_words
from dashboard.wording import _, coded, date, number
from operations.core import rows
from operations.core.people import Actor
from operations.evaluation import evaluations as verbs
from operations.evaluation import figures
from operations.evaluation.evaluation_states import WORDS, ZONE
from operations.evaluation.recommendations import Recommendation, overdue, place_of
from operations.evaluation.rows import EVALUATION, Evaluation, EvaluationCountry, EvaluationOutcome, Judged
from operations.infrastructure.trend import AFTER
from operations.programme import sustained_use
from operations.programme.sustained_use import Sustained

STEPS, SAYS = StepIds("evaluation"), StepIds("evaluation-word")


def drawn(session: Session, by: Actor, shown: str) -> list[Component]:
    """One of them in full. Raises NotFound."""
    found = rows.one(session, Evaluation, known_id(shown))
    judged, recommended = verbs.current_judgements(session, found.id), verbs.recommendations_of(session, found.id)
    facts = [
        (_("State"), state_words(found)),
        (_("What is evaluated"), html.Bdi(about_words(session, found))),
        (_("What it is to answer"), html.Bdi(found.purpose)),
        (_("Final until"), date(found.planned_for)),
        (_("Final on"), date(found.final_at.date()) if found.final_at else ""),
        (_("Planned by"), html.Bdi(found.author_name)),
        (_("What came of it"), found.reason and html.Bdi(found.reason)),
    ]
    past = [
        Past(each.made_at, step_words(each), each.author_name, each.words) for each in verbs.past(session, found.id)
    ]
    taken = [
        file_button(_("Report as PDF"), paper.address(found.id)),
        file_button(_("Report as Word document"), paper.address(found.id, "docx")),
    ]
    acts = [*STEPS.drawn(found.id, EVALUATION.offers(session, found, by)), html.Div(taken, className="m-row")]
    says, can, happened = file_page(found.title, facts, acts, past, ZONE)
    words = verbs.countries(session, found.id)
    said = [panel(_("The word of the countries"), *(_word(each, by) for each in words))] if words else []
    if not verbs.is_told(found, by):
        hint = _("What is found, judged and recommended is told to your country with the draft.")
        return [says, can, *said, panel(_("Criteria"), html.P(hint, className="m-dim")), happened]
    return [
        says,
        can,
        *said,
        panel(_("Criteria"), _criteria(found, judged), flush=True),
        panel(_("Methods"), *_independence(found), _methods(session, found), flush=True),
        panel(_("Recommendations"), _recommended(recommended), flush=True),
        figure_panel(session, found, judged, recommended),
        *_costs(session, found, by),
        *effort.panels(effort.of_region(session, found, by)),
        happened,
    ]


def _independence(found: Evaluation) -> list[Component]:
    words = independence_words(found)
    return [html.P(words, className="board-late evaluation-none")] if words else []


def _word(word: EvaluationCountry, by: Actor) -> Component:
    said = [html.Strong(coded("CL-COUNTRY", word.country)), " ", html.Span(_(WORDS.words[WORDS.now(word)]))]
    return html.Div([html.P(said), *SAYS.drawn(word.id, WORDS.offers(word, by, by))], className="evaluation-word")


def _criteria(found: Evaluation, judged: Judged) -> Component:
    head = [_("Criterion"), _("Score"), _("Judgement"), _("Evidence")]
    body = []
    for criterion in criteria_of(found, judged):
        one = judged.get(criterion)
        words = (html.Bdi(one.words), html.Bdi(one.evidence)) if one else ("", "")
        body.append(table_row(criterion_words(criterion), score_words(one), *words))
    return table(head, body, "evaluation-table", label=_("Criteria"))


def _methods(session: Session, found: Evaluation) -> Component:
    used = verbs.methods(session, found.id)
    if not used:
        return html.P(_("No method has a finding yet."), className="m-dim evaluation-none")
    head = [_("Method"), _("Day"), _("Place"), _("With whom"), _("What it found")]
    body = [
        table_row(
            coded("CL-RECSOURCE", method.method),
            date(method.held_on),
            *map(html.Bdi, (method.place, method.who, method.finding)),
        )
        for method in used
    ]
    return table(head, body, "evaluation-table", label=_("Methods"))


def _recommended(found: list[Recommendation]) -> Component:
    if not found:
        return html.P(_("Nothing is recommended yet."), className="m-dim evaluation-none")
    head = [_("Recommendation"), _("Owner"), _("Due"), _("State"), _("What was said of it")]
    return table(head, [_row(each) for each in found], "evaluation-table", label=_("Recommendations"))


def _row(each: Recommendation) -> Component:
    state: list[Component | str] = [recommendation_state(each)]
    if overdue(each, figures.today()):
        state += [" ", html.Span(_("Overdue"), className="board-late")]
    cells = (
        assignees.owner_words(each.country or each.role or ""),
        date(each.due),
        html.Td(state),
        html.Bdi(each.reason),
    )
    return table_row(linked(each.text, f"{place_of(each)}?show={each.id}"), *cells)


# -------------------------------------------------------------------------------------------------- figures


def figure_panel(session: Session, found: Evaluation, judged: Judged, recommended: list[Recommendation]) -> Component:
    """Return K63 and K65 to K67 of this evaluation, and the change at each of its posts."""
    posts = posts_of(session, found)
    later = verbs.outcomes(session, found.id)
    values = [*sustained_use.figures(posts), *figures.evaluation_figures(found, judged, recommended, later.values())]
    as_of = html.P(_("As of {day}.", day=date(figures.today())), className="m-dim m-small")
    parts = [*([_posts(posts)] if posts else []), *([_later(later)] if later else [])]
    return panel(_("Figures"), programme_figures.strip(values, str(found.id)), as_of, *parts)


def _costs(session: Session, found: Evaluation, by: Actor) -> list[Component]:
    """Return the costs of each of its operations that the reader may know: the basis for judging efficiency."""
    told = [(each, costs.cost_facts(session, each, by)) for each in operations_of(session, found)]
    said = [html.Div([html.H3(html.Bdi(each.title)), fact_list(pairs)]) for each, pairs in told if pairs]
    return [panel(_("What it cost"), html.Div(said, className="m-stack"), note=_("Efficiency"))] if said else []


def _later(found: dict[str, EvaluationOutcome]) -> Component:
    head = [
        _("Country"),
        _("Investigations opened"),
        _("With charges"),
        _("With a conviction"),
        _("As of"),
        _("Source"),
    ]
    body = [
        table_row(
            coded("CL-COUNTRY", outcome.country),
            *(
                html.Td(number(count), className="m-num")
                for count in (outcome.opened, outcome.charged, outcome.convicted)
            ),
            date(outcome.as_of),
            html.Bdi(outcome.source),
        )
        for outcome in found.values()
    ]
    return table(head, body, "evaluation-table", label=_("What became of investigations"))


def _posts(found: list[Sustained]) -> Component:
    head = [_("Post"), _("Compared before and after"), *(_("Month {month}", month=str(each)) for each in AFTER)]
    body = [
        table_row(
            dcc.Link(html.Bdi(use.post.name), href=f"/posts?show={use.post.id}"),
            html.Bdi(_(use.occasion.words, **use.occasion.params)) if use.occasion else "",
            *(change_words(use, month) for month in AFTER),
        )
        for use in found
    ]
    return table(head, body, "evaluation-table", label=_("Queries at each post"))
