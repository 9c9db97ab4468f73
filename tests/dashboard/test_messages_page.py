"""Messages between countries on the screen, as functions: typed, sent, read, answered, passed on, and on paper."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.screens.messages import file, page, paper
from dashboard.screens.messages.file import DECIDES, READS
from operations.core.errors import NotFound, RuleBroken
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.deconfliction_rooms import third
from tests.makers import Running
from tests.messages import WORDS, answered, dispatch_draft, passed, sent
from tests.programme import BEGUN


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def shown(scene: Running, name: str, of: Any) -> str:
    with at_desk(scene, name, BEGUN):
        return texts(page.layout(show=str(of.id)))


def listed(scene: Running, name: str) -> list[tuple[str, ...]]:
    with at_desk(scene, name, BEGUN):
        [grid] = found_in(page.layout(), "AgGrid")
    return [(row["way"], row["title"], row["with"], row["state"]) for row in grid.rowData]


def step(screen: Any, ids: Any, of: Any, to: str, words: str = "") -> Any:
    beside = {"type": ids.beside["type"], "to": to, "of": {str(of): words}}
    return press(screen, {"type": ids.buttons["type"], "of": str(of), "to": to}, beside=beside)


def test_what_is_typed_is_sent_and_stands_in_both_lists(scene: Running) -> None:
    typed = dispatch_draft().model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "chaima", BEGUN):
        assert "Write a message" in texts(page.layout())
        press(page.send, page.FORM.send, None, typed, uuid4())
        with pytest.raises(RuleBroken) as refused:
            press(page.send, page.FORM.send, None, typed | {"body": " ", "title": "", "countries": []}, uuid4())
    assert {flaw.field for flaw in refused.value.flaws} == {"body", "title", "countries"}
    assert listed(scene, "chaima") == [("Sent", "Lorries at the yard", "Mali", "Delivered")]
    assert listed(scene, "moussa") == [("Received", "Lorries at the yard", "Niger", "Delivered")]
    third(scene)
    assert listed(scene, "tariq") == []


def test_the_mailbox_begins_with_what_waits_and_keeps_what_was_sent_apart(scene: Running) -> None:
    made = sent(scene)

    def folders(name: str) -> list[str]:
        with at_desk(scene, name, BEGUN):
            shown = page.layout()
        [box] = [each for each in found_in(shown, "Div") if getattr(each, "id", None) == page.PAGE.id("board")]
        return [" ".join(texts(each).split()) for each in found_in(box, "Section")]

    [box] = folders("moussa")
    assert box.startswith("To read 1 Lorries at the yard Niger ")
    [box] = folders("chaima")
    assert box.startswith("Sent 1 Lorries at the yard Mali ")
    with at_desk(scene, "moussa", BEGUN):
        step(file.confirm, READS, made.id, "read")
    [box] = folders("moussa")
    assert box.startswith(("To answer 1", "Received 1"))


def test_it_is_read_answered_and_passed_on_with_consent(scene: Running) -> None:
    third(scene)
    made = sent(scene, handling="h2")
    with at_desk(scene, "moussa", BEGUN):
        assert "Ask the originator" in texts(page.layout(show=str(made.id)))
        step(file.confirm, READS, made.id, "read")
        typed = {"body": "Two were weighed.", "source": "b", "information": "2", "handling": "h0"}
        typed |= {"classification": "for_official_use"}
        press(file.answer, file.ANSWER.send, None, typed, uuid4(), shown=str(made.id))
        passing = {"countries": ["TCD"], "purpose": "They cross there next."}
        press(file.pass_on, file.PASS.send, None, passing, uuid4(), shown=str(made.id))
    told = shown(scene, "chaima", made)
    assert all(words in told for words in ("Answered", "Moussa Traore", "Consent, and pass it on", "Chad"))
    with at_desk(scene, "chaima", BEGUN):
        buttons = found_in(page.layout(show=str(made.id)), "Button")
        ids = [each.id for each in buttons if isinstance(getattr(each, "id", None), dict)]
        [consent] = [each for each in ids if each["to"] == "consented"]
        with pytest.raises(RuleBroken):
            step(file.decide, DECIDES, consent["of"], "refused", " ")
        step(file.decide, DECIDES, consent["of"], "consented")
    with at_desk(scene, "tariq", BEGUN):
        told = texts(page.layout(show=str(made.id)))
    assert all(words in told for words in (WORDS, "Passed on by", "Mali", "Niger"))
    assert "Print as PDF" not in told


def test_nobody_else_opens_it(scene: Running) -> None:
    made = sent(scene)
    third(scene)
    for name in ("tariq", "ana", "lena", "otto", "bruno"):
        with at_desk(scene, name, BEGUN), pytest.raises(NotFound):
            page.layout(show=str(made.id))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_paper_is_a_pdf_where_its_code_lets_it_out(scene: Running, language: str) -> None:
    made, held = sent(scene), sent(scene, handling="h3")
    content, name = paper.paper(scene.store, made.id, language, scene["moussa"])
    assert (content[:4], name.endswith(".pdf")) == (b"%PDF", True)
    with pytest.raises(RuleBroken, match="marked H3"):
        paper.paper(scene.store, held.id, language, scene["moussa"])
    said = paper.written(made)
    assert ("Message", WORDS) in said.sections[0].pairs
    assert "H0 – police use under applicable law" in dict(said.sections[0].pairs)["Handling"]


def test_an_answer_stands_beside_what_it_answers(scene: Running) -> None:
    made = sent(scene)
    answer = answered(scene, made)
    passed(scene, made, "moussa", "TCD")
    assert "Answers" in shown(scene, "chaima", made)
    told = shown(scene, "chaima", answer)
    assert all(words in told for words in ("What it answers", "Answer: Lorries at the yard", "Ask the originator"))
