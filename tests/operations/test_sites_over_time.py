"""Answers tell leadership of no site how many persons in need were met there: two of them would tell what came between.

What is released to it is judged over all that it saw before, by country, day and level, and not by site.
"""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel
from sqlmodel import select

from operations.analyses.answer import Answer, AnswerTable
from operations.core import clock
from operations.core.errors import NotFound
from operations.core.people import System
from operations.core.vocabulary import AnalysisKind, LineKind
from operations.policing import analyses
from operations.policing.analyses import Analysis, AnalysisResult
from operations.policing.reports.own_results import at_sites
from tests.makers import START, Running, analysis_draft, ask, detection, form, let_out, send


class Own(BaseModel):
    """A question about what sites reported."""

    own: str | None


def kept(scene: Running, kind: AnalysisKind, own: str | None, answer: Answer) -> Analysis:
    """A question that was answered so."""
    asked = ask(scene, analysis_draft(kind=kind, layer_versions=[]), Own(own=own))
    with scene.store.unit_of_work(System()) as session:
        found = answer.outcome().result
        session.add(AnalysisResult(analysis_id=asked.id, complete=True, result=found, sha256="", made_at=clock.now()))
    return asked


def sites_told(scene: Running, hours: float) -> Analysis:
    """What sites detected stands in an answer, after it was let out."""
    with clock.at(START + timedelta(hours=hours)):
        let_out(scene)
        with scene.store.reading(System()) as session:
            sites = at_sites(session, scene.operation, LineKind.MIGRANT_DETECTION)
        rows = [[each.name, each.amount, each.days, 5] for each in sites]
        table = AnswerTable("sites", ("place", "observed", "days", "of"), rows)
        return kept(scene, AnalysisKind.INTERCEPTION, None, Answer((), tables=(table,), guarded=GUARDED))


GUARDED = {"sites": ("observed",)}


def read(scene: Running, asked: Analysis, by: str) -> dict[str, Any]:
    """How much each site detected, as somebody reads it."""
    with scene.store.reading(scene[by]) as session:
        found = analyses.result(session, asked.id)
        assert found is not None
        return {row[0]: row[1] for row in found.result["tables"][0]["rows"]}


def test_what_a_site_reports_anew_is_not_the_difference_of_two_answers(scene: Running) -> None:
    for site, by, many in (("Niamey", "bruno", 40), ("Agadez", "bruno", 30), ("Bamako", "mateo", 50)):
        send(scene, form(scene, site, lines=[detection(many)]), by=by)
    before = sites_told(scene, 14)
    for site, many in (("Niamey", 3), ("Agadez", 30)):
        send(scene, form(scene, site, day=1, lines=[detection(many)]))
    after = sites_told(scene, 38)
    for by in ("dov", "ana"):
        differences = {name: many - read(scene, before, by)[name] for name, many in read(scene, after, by).items()}
        assert differences == {"Niamey": 3, "Agadez": 30, "Bamako": 0}
    assert set(read(scene, before, "lena").values()) | set(read(scene, after, "lena").values()) == {None}


@pytest.mark.parametrize(
    ("own", "reads"), [("migrant_detection", False), ("arrest", True), ("hit", True), (None, True)]
)
def test_leadership_reads_no_answer_about_where_persons_in_need_were_met(
    scene: Running, own: str | None, reads: bool
) -> None:
    asked = kept(scene, AnalysisKind.HOTSPOTS, own, Answer(()))
    for by, may in (("lena", reads), ("dov", True), ("ana", True), ("moussa", False)):
        with scene.store.reading(scene[by]) as session:
            assert (asked.id in session.exec(select(Analysis.id)).all()) == may, by
            if may:
                assert analyses.result(session, asked.id) is not None
            else:
                with pytest.raises(NotFound):
                    analyses.result(session, asked.id)
