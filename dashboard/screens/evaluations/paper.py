"""Report of an evaluation as PDF or Word document, entered in the access trail before it is delivered."""

from uuid import UUID

from sqlmodel import Session

from dashboard.papers.downloads import paper_of
from dashboard.papers.record_content import Record, Section
from dashboard.parts import assignees, costs
from dashboard.screens.evaluations import effort
from dashboard.screens.evaluations.words import (
    about_words,
    change_words,
    criteria_of,
    independence_words,
    operations_of,
    outcome_words,
    posts_of,
    recommendation_state,
    score_words,
    state_words,
    step_words,
)
from dashboard.telling.evaluation import criterion_words
from dashboard.wording import UNDEFINED, _, coded, date, moment, number
from operations.core import journal, rows
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.evaluation import evaluations as verbs
from operations.evaluation import figures
from operations.evaluation.evaluation_states import ZONE
from operations.evaluation.rows import Evaluation, EvaluationMethod
from operations.infrastructure.trend import AFTER
from operations.posts.figures import Value
from operations.programme import sustained_use

Pairs = list[tuple[str, str]]


def written(session: Session, found: Evaluation, by: Actor) -> Record:
    """Return the report: methods, criteria with evidence, recommendations and their state, and figures."""
    judged, recommended = verbs.current_judgements(session, found.id), verbs.recommendations_of(session, found.id)
    posts = posts_of(session, found)
    later = verbs.outcomes(session, found.id).values()
    values = [*sustained_use.figures(posts), *figures.evaluation_figures(found, judged, recommended, later)]
    said = [(step_words(each), each.words) for each in reversed(verbs.past(session, found.id)) if each.country]
    used = [(_("Independence"), own)] if (own := independence_words(found)) else []
    used += [
        (f"{coded('CL-RECSOURCE', method.method)}, {date(method.held_on)}", _used(method))
        for method in verbs.methods(session, found.id)
    ]
    criteria = []
    for criterion in criteria_of(found, judged):
        one = judged.get(criterion)
        more = [one.words, f"{_('Evidence')}: {one.evidence}" if one.evidence else ""] if one else []
        criteria.append((criterion_words(criterion), _lines(score_words(one), *more)))
    advised = [
        (
            _(
                "{owner}, due {day}",
                owner=assignees.owner_words(recommendation.country or recommendation.role or ""),
                day=date(recommendation.due),
            ),
            _lines(recommendation.text, recommendation_state(recommendation), recommendation.reason),
        )
        for recommendation in recommended
    ]
    as_of = _("As of {day}.", day=date(figures.today()))
    counted = [(_(each.figure.name), _value(each)) for each in values]
    counted += [(coded("CL-COUNTRY", each.country), outcome_words(each)) for each in later]
    at_posts = [
        (
            use.post.name,
            _lines(*(f"{_('Month {month}', month=str(month))}: {change_words(use, month)}" for month in AFTER)),
        )
        for use in posts
    ]
    told = [
        Section(_("Methods"), used),
        Section(_("Criteria"), criteria),
        Section(_("The word of the countries"), said),
        Section(_("Recommendations"), advised),
        Section(_("Figures"), [(_("As of"), as_of), *counted]),
        Section(_("Queries at each post"), at_posts),
        *(
            Section(_("What it cost: {operation}", operation=operation.title), pairs)
            for operation in operations_of(session, found)
            if (pairs := costs.cost_facts(session, operation, by))
        ),
        *(
            Section(_("Results by effort: {kind}", kind=coded("CL-OPTYPE", each.kind)), effort.told(each))
            for each in effort.of_region(session, found, by)
        ),
    ]
    return Record(
        title=_("Evaluation"),
        subject=found.title,
        issued=_("Printed {moment}.", moment=moment(now(), ZONE)),
        sections=[
            Section(_("What is evaluated"), _about(session, found)),
            *(told if verbs.is_told(found, by) else ()),
        ],
        classification=found.classification,
    )


def _about(session: Session, found: Evaluation) -> Pairs:
    return [
        (_("State"), state_words(found)),
        (_("What is evaluated"), about_words(session, found)),
        (_("What it is to answer"), found.purpose),
        (_("Final until"), date(found.planned_for)),
        (_("Final on"), date(found.final_at.date()) if found.final_at else ""),
        (_("What came of it"), found.reason),
    ]


def _used(each: EvaluationMethod) -> str:
    return _lines(f"{each.place}. {each.who}", each.finding)


def _lines(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def _value(value: Value) -> str:
    """Return a figure with its unit and its base, or why it cannot be told."""
    if value.why:
        return f"{_('Cannot tell.')} {_(value.why)}"
    said = UNDEFINED if value.number is None else number(value.number, 0 if value.number == round(value.number) else 1)
    unit = "%" if value.figure.unit == "%" else _(value.figure.unit)
    of = ""
    if value.part is not None and value.whole is not None:
        of = f" ({_('{part} of {whole}', part=number(value.part), whole=number(value.whole))})"
    return f"{said} {unit}{of}"


@paper_of("/export/evaluations/{of}", "pdf", "docx")
def paper(session: Session, of: UUID, by: Actor, form: str) -> tuple[Record, str]:
    """Return the report and its file name. Raises NotFound."""
    require(by, Act.EVALUATION_READ)
    found = rows.one(session, Evaluation, of)
    said = written(session, found, by)
    journal.record_download(session, by, "evaluation.paper", found.id, form, operation=found.operation_id)
    return said, f"evaluation-{now():%Y%m%d}"
