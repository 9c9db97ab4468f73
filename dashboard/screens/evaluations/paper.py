"""The report of an evaluation, as PDF or Word document: written to the access trail before it is handed over."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlmodel import Session

from dashboard.parts import owners
from dashboard.screens.evaluations import effort
from dashboard.screens.evaluations.words import (
    about_words,
    change_words,
    criteria_of,
    independence_words,
    outcome_words,
    posts_of,
    recommendation_state,
    score_words,
    state_words,
    step_words,
)
from dashboard.server.access import asking, known_id
from dashboard.server.later import later
from dashboard.telling.evaluation import criterion_words
from dashboard.wording import UNDEFINED, _, coded, date, in_language, moment, number
from operations.core import journal, rows
from operations.core.clock import now
from operations.core.errors import NotFound
from operations.core.journal import Chain
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import Store
from operations.core.vocabulary import LOCALES
from operations.evaluation import evaluations as verbs
from operations.evaluation import figures
from operations.evaluation.lives import ZONE
from operations.evaluation.rows import Evaluation, EvaluationMethod
from operations.infrastructure.trend import AFTER
from operations.posts.figures import Value
from operations.programme import sustained

if TYPE_CHECKING:
    from dashboard.papers import document, record
else:
    record, document = later("dashboard.papers.record"), later("dashboard.papers.document")

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
Pairs = list[tuple[str, str]]


def address(evaluation_id: UUID | str, form: str) -> str:
    """Where the report of an evaluation is."""
    return f"/export/evaluations/{evaluation_id}.{form}"


def written(session: Session, found: Evaluation, by: Actor, code: str) -> "record.Record":
    """The report in a language: methods, criteria with evidence, recommendations and their state, and figures."""
    with in_language(code):
        judged, recommended = verbs.judged(session, found.id), verbs.recommended(session, found.id)
        posts = posts_of(session, found)
        later = verbs.outcomes(session, found.id).values()
        values = [*sustained.figures(posts), *figures.of_one(found, judged, recommended, later)]
        said = [(step_words(each), each.words) for each in reversed(verbs.past(session, found.id)) if each.country]
        used = [(_("Independence"), own)] if (own := independence_words(found)) else []
        used += [
            (f"{coded('CL-RECSOURCE', each.method)}, {date(each.held_on)}", _used(each))
            for each in verbs.methods(session, found.id)
        ]
        criteria = []
        for each in criteria_of(found, judged):
            one = judged.get(each)
            more = [one.words, f"{_('Evidence')}: {one.evidence}" if one.evidence else ""] if one else []
            criteria.append((criterion_words(each), _lines(score_words(one), *more)))
        advised = [
            (
                _("{owner}, due {day}", owner=owners.owner_words(each.country or each.role or ""), day=date(each.due)),
                _lines(each.text, recommendation_state(each), each.reason),
            )
            for each in recommended
        ]
        as_of = _("As of {day}.", day=date(figures.today()))
        counted = [(_(each.figure.name), _value(each)) for each in values]
        counted += [(coded("CL-COUNTRY", each.country), outcome_words(each)) for each in later]
        at_posts = [
            (
                each.post.name,
                _lines(*(f"{_('Month {month}', month=str(month))}: {change_words(each, month)}" for month in AFTER)),
            )
            for each in posts
        ]
        told = [
            record.Section(_("Methods"), used),
            record.Section(_("Criteria"), criteria),
            record.Section(_("The word of the countries"), said),
            record.Section(_("Recommendations"), advised),
            record.Section(_("Figures"), [(_("As of"), as_of), *counted]),
            record.Section(_("Queries at each post"), at_posts),
            *(
                record.Section(_("Results by effort: {kind}", kind=coded("CL-OPTYPE", each.kind)), effort.told(each))
                for each in effort.of_region(session, found, by)
            ),
        ]
        return record.Record(
            marking=coded("CL-CLASS", found.classification),
            title=_("Evaluation"),
            subject=found.title,
            issued=_("Printed {moment}.", moment=moment(now(), ZONE)),
            sections=[
                record.Section(_("What is evaluated"), _about(session, found)),
                *(told if verbs.is_told(found, by) else ()),
            ],
            language=code,
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
    """A figure with its unit, and of what it is; why it cannot be told where it cannot."""
    if value.why:
        return f"{_('Cannot tell.')} {_(value.why)}"
    said = UNDEFINED if value.number is None else number(value.number, 0 if value.number == round(value.number) else 1)
    unit = "%" if value.figure.unit == "%" else _(value.figure.unit)
    of = ""
    if value.part is not None and value.whole is not None:
        of = f" ({_('{part} of {whole}', part=number(value.part), whole=number(value.whole))})"
    return f"{said} {unit}{of}"


def paper(store: Store, evaluation_id: UUID, form: str, code: str, by: Actor) -> tuple[bytes, str]:
    """The report and its name. Raises NotFound."""
    with store.unit_of_work(by) as session:
        require(by, Act.EVALUATION_READ)
        found = rows.one(session, Evaluation, evaluation_id)
        said = written(session, found, by, code)
        journal.record(
            session, by, "evaluation.paper", "export", found.id, operation=found.operation_id, chain=Chain.ACCESS,
            format=form, recipients=[str(by.account_id)],
        )  # fmt: skip
    made = record.pdf(said) if form == "pdf" else document.docx(said)
    return made, f"muster-evaluation-{now():%Y%m%d}.{form}"


def router(store: Store) -> APIRouter:
    """GET /export/evaluations/{id}.pdf and .docx. `lang` is en, fr, es or ar (default: the reader's)."""
    routes = APIRouter()

    @routes.get("/export/evaluations/{evaluation_id}.{form}")
    def report(evaluation_id: str, form: str, by: Annotated[Actor, Depends(asking)], lang: str = "") -> Response:
        """The report."""
        if form not in TYPES:
            raise NotFound
        code = lang if lang in LOCALES else by.language
        content, name = paper(store, known_id(evaluation_id), form, code, by)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return Response(content, media_type=TYPES[form], headers=headers)

    return routes
