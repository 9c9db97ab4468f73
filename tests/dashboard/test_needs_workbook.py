"""An assessment as a workbook: filled in without a network, taken over whole, and each flaw named by its cell."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest

from dashboard.screens.needs import page, workbook, workbook_panel
from dashboard.screens.needs.workbook_panel import Ids
from dashboard.wording import in_language, sentence
from geodata.intake import sheet
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.languages import LOCALES
from operations.needs import assessments
from operations.needs.rows import AREAS, Assessment
from tests.dashboard.desks import at_desk, open_scene, press, texts
from tests.makers import Running
from tests.programme import BEGUN, brought, does, findings_draft, post_of, reads, requested, score_draft, take

POWER = 7 + AREAS.index("power")
"""The row of an area: five rows about the workbook, a blank one and the headings stand above the first."""
QUERIES = 7 + len(AREAS) + 4


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


@pytest.fixture
def made(scene: Running) -> Assessment:
    """It is visited, and nothing is scored."""
    return brought(scene, requested(scene, post_of(scene)), "desk_review", "visit")


def filled(scene: Running, made: Assessment, fill: Callable[[Any], None], code: str = "en") -> list[list[str]]:
    """What comes back of a workbook that somebody filled in."""
    with at_desk(scene, "bruno", BEGUN):
        content, _name = workbook.assessment_workbook(scene.store, made.id, code, scene["bruno"])
    book = openpyxl.load_workbook(io.BytesIO(content))
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return sheet.rows(out.getvalue())


def whole(page_: Any) -> None:
    """Every area is half there; the airport was visited for two days."""
    for row in range(7, 7 + len(AREAS)):
        for column, value in enumerate((2, "Seen on both days.", "Half of the counters.", "A line.", 4000, "eur"), 2):
            page_.cell(row + 1, column, value)
    for at, value in enumerate((BEGUN.date(), BEGUN.date(), 320, "Log of the NCB.")):
        page_.cell(QUERIES - 2 + at, 2, value)


def taken(scene: Running, made: Assessment, rows: list[list[str]], name: str = "bruno") -> str:
    with at_desk(scene, name, BEGUN) as said:
        press(workbook_panel.take_over, Ids.TAKE, shown=str(made.id), read={"name": "Niamey.xlsx", "rows": rows})
    return str(said)


@pytest.mark.parametrize("code", LOCALES)
def test_what_was_filled_in_at_the_post_is_what_the_form_would_have_said(
    scene: Running, made: Assessment, code: str
) -> None:
    rows = filled(scene, made, whole, code)
    taken(scene, made, rows)
    scores = reads(scene, "ana", assessments.scores, made.id)
    assert {each.area for each in scores.values()} == set(AREAS)
    assert {(each.score, each.gap, each.cost, each.currency) for each in scores.values()} == {
        (2, "Half of the counters.", 4000, "EUR")
    }
    found = reads(scene, "ana", lambda session: session.get_one(Assessment, made.id))
    assert (found.baseline_queries, found.baseline_source, found.findings) == (320, "Log of the NCB.", 1)
    # Brought back twice it is the same, and what it says can be validated as if it had been typed.
    taken(scene, made, rows)
    assert {each.version for each in reads(scene, "ana", assessments.scores, made.id).values()} == {1}
    take(scene, made, "scored")
    assert take(scene, made, "validated").baseline_queries == 320


def test_each_flaw_is_named_by_its_cell_and_nothing_is_stored(scene: Running, made: Assessment) -> None:
    def wrong(page_: Any) -> None:
        whole(page_)
        page_.cell(POWER + 1, 2, 7)
        page_.cell(POWER + 2, 3).value = None
        page_.cell(POWER + 3, 6, "dear")
        page_.cell(QUERIES, 2, "many")

    with pytest.raises(RuleBroken) as refused:
        taken(scene, made, filled(scene, made, wrong))
    said = [sentence(each) for each in refused.value.flaws]
    assert [each.split(":")[0] for each in said] == [
        f"Cell {letter}{row}" for letter, row in (("B", POWER + 1), ("C", POWER + 2), ("F", POWER + 3), ("B", QUERIES))
    ]
    assert "Give the evidence for this score" in said[1]
    assert not reads(scene, "ana", assessments.scores, made.id)


def test_an_area_that_is_not_known_and_one_that_was_not_looked_at(scene: Running, made: Assessment) -> None:
    def little(page_: Any) -> None:
        page_.cell(POWER + 1, 2, "?")

    taken(scene, made, filled(scene, made, little))
    assert {area: each.score for area, each in reads(scene, "ana", assessments.scores, made.id).items()} == {
        "power": None
    }
    with at_desk(scene, "bruno", BEGUN):
        assert "Download the workbook" in texts(page.layout(show=str(made.id)))


def test_what_somebody_else_said_meanwhile_is_not_overwritten(scene: Running, made: Assessment) -> None:
    rows = filled(scene, made, whole)
    does(scene, "boubacar", assessments.score, made.id, score_draft("power", score=4, gap=""))
    with pytest.raises(RuleBroken) as refused:
        taken(scene, made, rows)
    [flaw] = refused.value.flaws
    assert sentence(flaw).startswith(f"Cell A{POWER + 1}: Somebody scored this area after")
    assert set(reads(scene, "ana", assessments.scores, made.id)) == {"power"}
    does(scene, "boubacar", assessments.score, made.id, score_draft("staff"))
    newer = filled(scene, made, whole)
    does(scene, "boubacar", assessments.record_findings, made.id, findings_draft(), 0)
    with pytest.raises(Conflict, match="filled this in while"):
        taken(scene, made, newer)
    assert set(reads(scene, "ana", assessments.scores, made.id)) == {"power", "staff"}


def test_another_workbook_and_an_empty_one_are_refused(scene: Running, made: Assessment) -> None:
    other = requested(scene, post_of(scene, name="Gaya", ref=""))
    with pytest.raises(RuleBroken, match="not the workbook of this assessment"):
        taken(scene, made, filled(scene, other, whole))
    with pytest.raises(RuleBroken, match="nothing is filled in"):
        taken(scene, made, filled(scene, made, lambda _page: None))
    with pytest.raises(RuleBroken, match="Choose the filled workbook first"), at_desk(scene, "bruno", BEGUN):
        press(workbook_panel.take_over, Ids.TAKE, shown=str(made.id), read=None)
    for rows in ([], [[]], [["Assessment"]], [["x"] * 3] * 9):
        with pytest.raises(RuleBroken):
            workbook.drafts_of(rows, uuid4())


def test_who_may_not_see_the_post_gets_no_workbook_and_who_may_not_score_takes_none_over(
    scene: Running, made: Assessment
) -> None:
    with at_desk(scene, "moussa", BEGUN), pytest.raises(NotFound):
        workbook.assessment_workbook(scene.store, made.id, "en", scene["moussa"])
    with pytest.raises(NotFound):
        taken(scene, made, filled(scene, made, whole), "moussa")


def test_a_file_is_read_apart_and_what_is_none_is_said() -> None:
    with in_language("en"):
        found = workbook.read("a.csv", io.BytesIO(b"Assessment;1\nPower;2"))
        assert found["read"] == {"name": "a.csv", "rows": [["Assessment", "1"], ["Power", "2"]]}
        assert "error" in workbook.read("a.xlsx", io.BytesIO(b"PK\x03\x04 is no workbook"))
        assert "more than 500 rows" in workbook.read("a.csv", io.BytesIO(b"a;b\n" * 600))["error"]
