"""Evaluations on the screen, as functions: what each role is offered, what a press does, and the report."""

import io
from pathlib import Path
from uuid import uuid4

import pytest
from docx import Document

from dashboard.screens.evaluations import page, paper
from dashboard.screens.evaluations.file import SAYS, STEPS
from dashboard.screens.recommendations import across
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.evaluation.evaluation_states import DAC
from operations.evaluation.rows import Evaluation
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.evaluations import (
    ENDED,
    collected,
    consulted,
    does,
    draft,
    evaluated,
    evaluation_draft,
    evaluation_step,
    judgement_draft,
    method_draft,
    planned,
    words_of,
)
from tests.makers import Running
from tests.programme import course_of


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return evaluated(open_scene(tmp_path))


def offered(scene: Running, name: str, made: Evaluation) -> set[str]:
    """To which states the buttons of its file lead."""
    with at_desk(scene, name, ENDED):
        shown = page.layout(show=str(made.id))
    ids = [each.id for each in found_in(shown, "Button") if isinstance(getattr(each, "id", None), dict)]
    return {each["to"] for each in ids if "to" in each}


def test_what_is_typed_becomes_an_evaluation_in_list_and_board(scene: Running) -> None:
    typed = evaluation_draft(scene).model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "ana", ENDED) as said:
        assert "Plan an evaluation" in texts(page.layout())
        assert "(you coordinated it)" in str(found_in(page.layout(), "Select"))
        press(page.plan_one, page.FORM.send, None, typed, uuid4())
        assert "Not independent" in str(said)
        shown = page.layout()
        with pytest.raises(RuleBroken) as refused:
            press(page.plan_one, page.FORM.send, None, typed | {"operation_id": None}, uuid4())
    assert {flaw.field for flaw in refused.value.flaws} == {"operation_id"}
    [grid] = found_in(shown, "AgGrid")
    assert [(row["title"], row["state"], row["late"]) for row in grid.rowData] == [
        ("Did the counters change?", "Planned", "")
    ]
    assert "Did the counters change?" in texts(found_in(shown, "Section"))
    with at_desk(scene, "lena", ENDED):
        assert "Plan an evaluation" not in texts(page.layout())


def test_each_is_offered_what_the_own_role_does(scene: Running) -> None:
    made = planned(scene)
    assert [offered(scene, name, made) for name in ("ana", "lena", "chaima")] == [
        {"collecting", "cancelled"},
        set(),
        set(),
    ]
    collected(scene, made)
    does(scene, "ana", evaluation_step(made.id, "draft"))
    assert [offered(scene, name, made) for name in ("chaima", "lena")] == [{"agreed", "commented"}, set()]
    with at_desk(scene, "bruno", ENDED), pytest.raises(NotFound):
        page.layout(show=str(made.id))


def test_it_is_judged_answered_and_recommended_on_the_page(scene: Running) -> None:
    made = planned(scene)
    does(scene, "ana", evaluation_step(made.id, "collecting"))
    shown = str(made.id)
    advice = draft(owner="NER", source="visit").model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "ana", ENDED):
        assert "Judge a criterion" in texts(page.layout(show=shown))
        for each in DAC:
            said = judgement_draft(each).model_dump(mode="json", exclude={"id"}) | {"score": "3"}
            press(page.judge, page.JUDGE.send, None, said, uuid4(), shown=shown)
        used = method_draft().model_dump(mode="json", exclude={"id"})
        press(page.use, page.METHOD.send, None, used, uuid4(), shown=shown)
        press(page.recommend, page.RECOMMEND.send, None, advice, uuid4(), shown=shown)
        with pytest.raises(RuleBroken, match="A score needs evidence"):
            press(page.judge, page.JUDGE.send, None, said | {"evidence": ""}, uuid4(), shown=shown)
        press(page.take, {"type": STEPS.buttons["type"], "of": shown, "to": "draft"}, beside=None)
        told = texts(page.layout(show=shown))
    assert "Judge a criterion" not in told
    assert all(words in told for words in ("3 of 4", "Log of the NCB.", "Hits are answered within the hour.", "Asked"))
    word = str(words_of(scene, made)["NER"].id)
    with at_desk(scene, "chaima", ENDED):
        beside = {"type": SAYS.beside["type"], "to": "commented", "of": {word: "One counter, not two."}}
        press(page.say, {"type": SAYS.buttons["type"], "of": word, "to": "commented"}, beside=beside)
        told = texts(page.layout(show=shown))
    assert "One counter, not two." in told
    assert "Mali" not in texts(list(found_in(page_of(scene, "chaima", shown), "Strong")))


def page_of(scene: Running, name: str, shown: str) -> object:
    with at_desk(scene, name, ENDED):
        return page.layout(show=shown)


def test_what_cannot_be_told_is_said_and_no_number_stands_in_its_place(scene: Running) -> None:
    told = texts(page_of(scene, "ana", str(planned(scene).id)))
    assert told.count("Cannot tell.") == 3  # K63 at two months, and K67
    assert "No post of the register is joined to what is evaluated." in told


def test_what_an_evaluation_of_no_operation_recommends_has_its_file_too(scene: Running) -> None:
    made = planned(scene, about="course", operation_id=None, course_id=course_of(scene).id)
    made = consulted(scene, made, "operation_coordinator")
    with at_desk(scene, "lena", ENDED):
        [grid] = found_in(across.layout(), "AgGrid")
        [row] = grid.rowData
        assert (row["operation"], row["href"].split("?")[0]) == ("Did the counters change?", "/recommendations")
        told = texts(across.layout(show=row["id"]))
    assert "The evaluation that recommends this is not final. Decide when it is." in told


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_report_is_a_pdf_and_a_word_document_and_is_written_to_the_trail(scene: Running, language: str) -> None:
    made = consulted(scene, planned(scene), "NER")
    with at_desk(scene, "chaima", ENDED):
        pdf, _name = paper.paper(scene.store, made.id, language, scene["chaima"])
        content, name = paper.paper(scene.store, made.id, language, scene["chaima"], "docx")
        with pytest.raises(NotFound):
            paper.paper(scene.store, made.id, language, scene["bruno"])
    assert pdf.startswith(b"%PDF")
    assert name.endswith(".docx")
    read = Document(io.BytesIO(content))
    words = [each.text for table in read.tables for row in table.rows for each in row.cells]
    assert any("Log of the NCB." in each for each in words)
    assert any("Connect the second line of Niamey airport to I-24/7." in each for each in words)
    assert "OFFICIAL" in read.sections[0].header.paragraphs[0].text or language == "ar"
    right_to_left = [each for each in read.paragraphs if each._p.xpath("./w:pPr/w:bidi")]
    assert bool(right_to_left) is (language == "ar")
    with scene.store.reading(System()) as session:
        said = paper.written(session, session.get_one(Evaluation, made.id), scene["ana"])
    *headings, costs = [each.heading for each in said.sections if any(pair[1] for pair in each.pairs)]
    assert headings == [
        "What is evaluated",
        "Methods",
        "Criteria",
        "The word of the countries",
        "Recommendations",
        "Figures",
    ]
    assert costs.startswith("What it cost: ")
    [methods] = [each for each in said.sections if each.heading == "Methods"]
    assert methods.pairs[0][0] == "Independence"
    with at_desk(scene, "chaima", ENDED):
        assert "Not independent" in texts(page.layout(show=str(made.id)))
