"""The situation report: the figures of the screen on paper, in two cuts and four languages."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from docx import Document
from docx.oxml.ns import qn

from dashboard.screens.situation import page, report
from dashboard.screens.situation.report import EXECUTIVE, TACTICAL
from operations.core import clock, journal
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.languages import LOCALES
from operations.core.people import System
from operations.policing.operation import plan
from operations.timetable import situation_reports
from tests import pdf_text
from tests.claim_stories import NOON, suspected, two_countries
from tests.dashboard.desks import at_desk, found_in, open_scene
from tests.dashboard.test_papers import check_accessible
from tests.dashboard.test_snapshots_page import reported
from tests.evaluations import ENDED
from tests.makers import START, Running, add_task

EARLY = START.replace(hour=5)
"""A morning before anything was reported."""


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return reported(open_scene(tmp_path))


def made(scene: Running, cut: str = TACTICAL, by: str = "ana", language: str = "en", level: str = "V3") -> bytes:
    with clock.at(ENDED):
        return report.report(scene.store, scene.operation, cut, level, language, scene[by])[0]


def test_it_tells_figures_with_level_and_status_who_is_silent_and_what_comes(scene: Running) -> None:
    said = pdf_text.words(made(scene))
    for words in (
        "Situation report",
        "Key figures",
        "Arrests 53 arrests",
        "V3 · Preliminary",
        "Map",
        "Results by country Database checks",
        "Niger 100 0",
        "Mali 900 0",
        "Results by official day",
        "What just happened",
        "Claims",
        "Next 24 hours",
    ):
        assert words in said, words


def test_the_short_cut_has_what_leaders_ask_for_alone(scene: Running) -> None:
    short, whole = (pdf_text.pages(made(scene, cut)) for cut in (EXECUTIVE, TACTICAL))
    said = " ".join(short)
    assert len(short) < len(whole)
    assert "Short situation report" in said
    assert "Results by country" in said
    assert "What just happened" not in said


def test_below_v3_the_paper_says_that_no_country_has_validated(scene: Running) -> None:
    warning = "Includes results that no country has validated"
    assert warning in pdf_text.words(made(scene, level="V1"))
    assert warning not in pdf_text.words(made(scene))


@pytest.mark.parametrize("language", LOCALES)
def test_it_can_be_read_by_everybody(scene: Running, language: str) -> None:
    content = made(scene, language=language)
    check_accessible(content, language)
    said = pdf_text.words(content)
    assert {
        "en": "Situation report",
        "fr": "Rapport de situation",
        "es": "Informe de situación",
        "ar": "تقرير عن الموقف",
    }[language] in said


def test_while_it_runs_it_names_the_silent_the_claims_and_what_comes_within_a_day(tmp_path: Path) -> None:
    scene = open_scene(tmp_path)
    two_countries(scene)
    suspected(scene)
    add_task(scene, title="Brief the night shift", due=NOON + timedelta(hours=6))
    with clock.at(NOON):
        content, _name = report.report(scene.store, scene.operation, TACTICAL, "V1", "en", scene["ana"])
    said = pdf_text.words(content)
    claims, ahead = said.partition("Next 24 hours")[0].rpartition("Claims")[2], said.rpartition("Next 24 hours")[2]
    assert "Mali" in claims
    assert "Niger" in claims
    assert "Task due: Brief the night shift" in ahead
    with clock.at(NOON + timedelta(days=2)):
        content, _name = report.report(scene.store, scene.operation, EXECUTIVE, "V3", "en", scene["ana"])
    silent = pdf_text.words(content).partition("Silent for 24 hours")[2].partition("Results by country")[0]
    assert "Niger" in silent
    assert "of" in silent


def test_the_screen_offers_it_to_those_who_may_take_it_along(scene: Running) -> None:
    for name, offered in (("ana", 3), ("lena", 3), ("chaima", 0)):
        with at_desk(scene, name, ENDED):
            made_of = found_in(page.layout(str(scene.operation)), "Form")
            assert sum("/situation/" in form.action for form in made_of) == offered


def test_it_is_for_those_who_take_figures_along_and_is_written_to_the_trail(scene: Running) -> None:
    made(scene)
    with scene.store.reading(System()) as session:
        assert journal.count(session, journal.Chain.ACCESS) == 1
    for name in ("chaima", "moussa"):
        with pytest.raises((NotFound, NotPermitted)):
            made(scene, by=name)
    with pytest.raises(NotFound):
        made(scene, cut="whole")
    with pytest.raises(NotFound):
        report.report(scene.store, uuid4(), TACTICAL, "V3", "en", scene["ana"])
    with scene.store.reading(System()) as session:
        assert journal.count(session, journal.Chain.ACCESS) == 1


@pytest.mark.parametrize("language", LOCALES)
def test_it_is_a_word_document_too_with_heads_that_repeat_its_language_and_the_map_in_words(
    scene: Running, language: str
) -> None:
    with clock.at(ENDED):
        content, name = report.report(scene.store, scene.operation, TACTICAL, "V3", language, scene["ana"], "docx")
    assert name.endswith(".docx")
    read = Document(io.BytesIO(content))
    words = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    assert any(words_of.startswith("53 ") for words_of in words)
    heads = [table for table in read.tables if table._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader")]
    assert len(heads) >= 3
    [spoken] = read.styles.element.xpath("./w:docDefaults//w:lang")
    assert spoken.get(qn("w:val")) == language
    assert all(shape._inline.docPr.get("descr") for shape in read.inline_shapes)
    assert len(read.inline_shapes) == 1


def test_a_report_of_a_moment_says_what_was_known_then_for_ever(scene: Running) -> None:
    with scene.store.reading(scene["ana"]) as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        early = situation_reports.address(operation, EARLY).partition("?at=")[2]
    with clock.at(ENDED):
        now_known, _name = report.report(scene.store, scene.operation, TACTICAL, "V1", "en", scene["ana"])
        then, name = report.report(scene.store, scene.operation, TACTICAL, "V1", "en", scene["ana"], at=early)
    assert "53 arrests" in pdf_text.words(now_known)
    assert "53 arrests" not in pdf_text.words(then)
    assert name == f"muster-situation-tactical-{EARLY:%Y%m%d-%H%M}.pdf"
    with at_desk(scene, "ana", ENDED):
        offered = [form.action for form in found_in(page.layout(str(scene.operation), at=early), "Form")]
    assert sum(f"at={early.replace(':', '%3A')}" in action for action in offered) == 3
    with clock.at(ENDED), pytest.raises(RuleBroken):
        report.report(scene.store, scene.operation, TACTICAL, "V1", "en", scene["ana"], at="yesterday")
