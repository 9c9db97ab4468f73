"""Workbooks of drafts: cases, equipment, runs of courses and assessments, each taken along and brought back."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlmodel import select

from dashboard import screens
from dashboard.frame.draft_book import BOOKS, DraftBook
from dashboard.parts.draft_form import DraftForm
from dashboard.screens.courses import run_book, runs
from dashboard.screens.equipment import equipment_book
from dashboard.screens.equipment import page as equipment_page
from dashboard.screens.fugitives import case_book
from dashboard.screens.needs import needs_book
from dashboard.screens.needs import page as needs_page
from dashboard.screens.teams import roster_book
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.infrastructure import equipment
from operations.needs import assessments
from operations.needs.rows import AREAS, Assessment
from operations.policing.fugitives import cases
from operations.policing.fugitives.case_rows import FugitiveCase, FugitiveVersion
from operations.support import kit, teams
from operations.training import enrolments
from tests.dashboard.desks import at_desk, open_scene, stored, texts
from tests.dashboard.filled_books import FilledBook, flaws
from tests.makers import Running
from tests.operations.sweeps import AT, sweep_in
from tests.programme import (
    BEGUN,
    HELD,
    brought,
    course_of,
    delivered,
    does,
    enrolled,
    post_of,
    reads,
    requested,
    run_of,
    score_draft,
    take,
)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def told(new: int = 0, changed: int = 0, same: int = 0) -> dict[str, Any]:
    return {"read": {"name": "filled.xlsx", "rows": True, "new": new, "changed": changed, "same": same}}


def whose(book: FilledBook) -> bytes:
    """The bytes of a workbook that somebody filled in."""
    out = io.BytesIO()
    book.book.save(out)
    return out.getvalue()


def refused(scene: Running, book: DraftBook, of: object, moment: Any, *names: str) -> None:
    for name in names:
        with at_desk(scene, name, moment), pytest.raises(NotFound):
            book.take(scene.store, str(of), "en", scene[name])


def test_every_column_of_every_workbook_is_a_field_of_a_form() -> None:
    screens.modules()
    assert {book.name for book in BOOKS} == {"usage", "cases", "equipment", "run", "needs", "roster"}
    for book in BOOKS:
        for sheet in book.sheets.values():
            assert set(sheet.fields) <= set(sheet.form.said), (book.name, sheet.code)
            looks = {sheet.form.look(name) for name in sheet.fields}
            assert looks <= {"one", "few", "several", "switch", "number", "date", "text", "words"}, (book.name, looks)
            assert isinstance(sheet.form, DraftForm)


def test_a_browser_takes_a_workbook_along_and_brings_it_back(site: Any) -> None:
    coordinator, auditor = site.signed_in(role="operation_coordinator"), site.signed_in(role="auditor")
    taken = coordinator.post("/export/books/equipment/all.xlsx?lang=fr")
    assert taken.status_code == 200
    assert openpyxl.load_workbook(io.BytesIO(taken.content)).sheetnames[0] == "Comment le remplir"
    address = "/data/files/books/equipment/all?name=a.xlsx"
    assert "nothing is filled in" in coordinator.post(address, content=taken.content).text
    for answer in (auditor.post("/export/books/equipment/all.xlsx"), auditor.post(address, content=taken.content)):
        assert "sheet" not in answer.text
        assert answer.status_code != 200 or "error" in answer.text
    for answer in (site.visitor().post("/export/books/equipment/all.xlsx"), site.visitor().post(address, content=b"x")):
        assert answer.status_code in (303, 401, 403)


# ------------------------------------------------------------------------------------------------------------ cases


def test_many_cases_are_nominated_and_a_changed_row_gives_its_reason(scene: Running) -> None:
    sweep_in(scene)
    book = FilledBook(scene, case_book.BOOK, scene.operation, "chaima", AT, "fr")
    book.write("cases", 0, notice_ref="A-71/3-2026", offence="Smuggling of migrants", wanted_for="prosecution")
    book.write("cases", 0, priority="high", believed_in__0="Mali", believed_in__2="DZA", warrant="holds", art3="passed")
    book.write("cases", 1, notice_ref="A-72/3-2026", offence="traite d'êtres humains", wanted_for="sentence")
    assert book.bring() == told(new=2)
    before = stored(scene)
    assert book.bring() == told(same=2)
    again = FilledBook(scene, case_book.BOOK, scene.operation, "chaima", AT)
    assert again.read("cases", 0, "notice_ref") is None, "a case is read with a reason, one by one"
    again.write("cases", 0, notice_ref="A-71/3-2026", offence="other", wanted_for="prosecution", believed_in__0="MLI")
    assert [each[2:] for each in flaws(again.bring())] == [
        (
            "Reason of the change",
            "Your country nominated this notice with other content. Give the reason to change it.",
        )
    ]
    assert stored(scene) == before
    again.write("cases", 0, reason="The warrant was withdrawn.")
    assert again.bring() == told(changed=1)
    assert again.bring() == told(same=1)
    with scene.store.reading(scene["chaima"]) as session:
        made = {each.notice_ref: each for each in session.exec(select(FugitiveCase))}
        assert {ref: (each.offence, each.version) for ref, each in made.items()} == {
            "A-71/3-2026": ("other", 2),
            "A-72/3-2026": ("trafficking_in_persons", 1),
        }
        assert cases.believed_countries(session, made["A-71/3-2026"].id) == ["MLI"]
        first = session.exec(select(FugitiveVersion).where(FugitiveVersion.version == 1)).all()
        assert sorted(first[0].content["believed_in"] + first[1].content["believed_in"]) == ["DZA", "MLI"]


def test_a_name_is_no_case_and_nothing_of_the_workbook_is_stored(scene: Running) -> None:
    sweep_in(scene)
    book = FilledBook(scene, case_book.BOOK, scene.operation, "chaima", AT)
    book.write("cases", 0, notice_ref="A-73/3-2026", offence="other", wanted_for="sentence")
    book.write("cases", 1, notice_ref="Ahmed Diallo", offence="other")
    book.write("cases", 2, notice_ref="A-74/3-2026", offence="other", wanted_for="sentence", believed_in__0="Niger")
    before = stored(scene)
    said = {(row, column): words for _sheet, row, column, words in flaws(book.bring())}
    assert "This is not a notice's control number" in said[4, "Control number of the notice"]
    assert said[4, "Wanted for"] == "This field is needed."
    assert any("cannot be where" in words for (row, _column), words in said.items() if row == 5)
    assert stored(scene) == before
    refused(scene, case_book.BOOK, scene.operation, AT, "ana", "bruno", "dov")


# -------------------------------------------------------------------------------------------------------- equipment


def test_equipment_is_planned_by_the_coordinator_and_signed_for_by_the_country(scene: Running) -> None:
    post = post_of(scene)
    book = FilledBook(scene, equipment_book.BOOK, "all", "ana", BEGUN)
    day = BEGUN.date() + timedelta(days=90)
    book.write("plan", 0, post_id=post.name, kind="Passport reader", donor="IOM", promised=day)
    book.write("plan", 1, post_id=post.name, kind="power_supply", donor="UNDP", promised=day, purpose="Power cuts.")
    wrong = flaws(book.write("plan", 2, post_id="Nowhere", kind="power_supply", donor="UNDP", promised=day).bring())
    assert [each[2] for each in wrong] == ["Post"], wrong
    book.write("plan", 2, post_id=None, kind=None, donor=None, promised=None)
    answer = book.bring()
    assert answer == told(new=2), answer
    assert book.bring() == told(same=2)
    forged = FilledBook(scene, equipment_book.BOOK, "all", "ana", BEGUN).write("plan", 0, donor="IOM")
    mark = next(cell for cell in forged.sheet("plan")[1] if cell.value == "sheet:plan")
    mark.value = "sheet:sign"
    assert forged.bring() == {"error": "A sheet of this workbook cannot be brought in now. Download the workbook anew."}
    changed = flaws(book.write("plan", 0, donor="UNODC").bring())
    assert "already planned with other content" in changed[0][3]
    made = {each.donor: each for each in reads(scene, "ana", equipment.equipment, post.id)}
    for each in made.values():
        delivered(scene, each, "approved", "procured", "shipped")
    later = BEGUN + timedelta(days=100)
    book = FilledBook(scene, equipment_book.BOOK, "all", "chaima", later)
    told_of = [(book.read("sign", row, "post"), book.read("sign", row, "from")) for row in range(2)]
    assert sorted(told_of) == [(post.name, "IOM"), (post.name, "UNDP")]
    row = told_of.index((post.name, "IOM"))
    book.write("sign", row, serial="PR-1", handed_on=later.date(), price=900)
    assert "currency" in flaws(book.bring())[0][3]
    book.write("sign", row, currency="EUR")
    assert book.bring() == told(changed=1, same=1)
    assert book.bring() == told(same=2)
    now = {each.donor: each for each in reads(scene, "ana", equipment.equipment, post.id)}
    assert (now["IOM"].state, now["IOM"].serial, now["IOM"].price, now["UNDP"].state) == (
        "handed_over",
        "PR-1",
        900,
        "shipped",
    )
    refused(scene, equipment_book.BOOK, "all", BEGUN, "bruno", "lena")
    refused(scene, equipment_book.BOOK, "other", BEGUN, "ana")
    with at_desk(scene, "chaima", BEGUN):
        assert "Download the workbook" in texts(equipment_page.layout())


# ------------------------------------------------------------------------------------------------------------- runs


def test_people_are_enrolled_marked_and_tested_in_workbooks(scene: Running) -> None:
    run = run_of(scene, course_of(scene, "accredited"))
    book = FilledBook(scene, run_book.BOOK, run.id, "chaima", BEGUN)
    names = [cell.value for column in book.book["lists"].columns for cell in column if cell.value]
    who = scene["bruno"].name
    assert who in names
    book.write("who", 0, who=who)
    assert book.bring() == told(new=1)
    assert book.bring() == told(same=1)
    enrolled(scene, run, "boubacar")
    book = FilledBook(scene, run_book.BOOK, run.id, "ana", HELD)
    rows = {book.read("marks", row, "name"): row for row in range(2)}
    assert set(rows) == {who, scene["boubacar"].name}
    assert book.bring() == told(same=2)
    book.write("marks", rows[who], there="Was there", before=20, after=41)
    book.write("marks", rows[scene["boubacar"].name], there="absent", after=3)
    assert [each[2] for each in flaws(book.bring())] == ["Points after"]
    with at_desk(scene, "chaima", HELD):
        late = run_book.BOOK.bring(scene.store, str(run.id), scene["chaima"], "a.xlsx", io.BytesIO(whose(book)))
    assert late == {"error": "This is not the workbook of this page. Download it from here."}
    book.write("marks", rows[scene["boubacar"].name], after=None)
    assert book.bring() == told(changed=2)
    assert book.bring() == told(same=2)
    states = {each.name: each.enrolment for each in reads(scene, "ana", enrolments.trainees, run.id)}
    assert {name: (each.state, each.before, each.after) for name, each in states.items()} == {
        who: ("passed", 20, 41),
        scene["boubacar"].name: ("absent", None, None),
    }
    book = FilledBook(scene, run_book.BOOK, run.id, "ana", HELD)
    emptied = flaws(book.write("marks", rows[who], after=None).bring())
    assert emptied[0][2:] == (
        "Points after",
        "What stands here already cannot be emptied. Write what is right instead.",
    )
    with at_desk(scene, "ana", HELD):
        assert "Download the workbook" in texts(runs.layout(show=str(run.id)))
    refused(scene, run_book.BOOK, run.id, BEGUN, "bruno", "dov")


# ----------------------------------------------------------------------------------------------------------- roster


def test_the_roster_of_a_country_is_kept_in_a_workbook(scene: Running) -> None:
    book = FilledBook(scene, roster_book.BOOK, "own", "chaima", BEGUN, "es")
    book.write("teams", 0, call_sign="SAHEL-1", kind="frontline", persons=4, base="Niamey", ready_hours=12)
    speaks = {"specialisms__0": "document_examiner", "languages__0": "French", "languages__2": "Árabe"}
    assert [each[2] for each in flaws(book.write("teams", 0, **speaks, languages__1="Elvish").bring())]
    assert book.write("teams", 0, languages__1=None).bring() == told(new=1)
    assert book.bring() == told(same=1)
    assert book.write("teams", 0, persons=5).bring() == told(changed=1)
    assert "Somebody changed this" in flaws(book.write("teams", 0, persons=6).bring())[0][3]
    book = FilledBook(scene, roster_book.BOOK, "own", "chaima", BEGUN)
    assert (book.read("teams", 0, "persons"), book.read("teams", 0, "languages.1")) == (5, "Arabic")
    book.write("members", 0, team="SAHEL-1", service_ref="NE-0417", role="leader")
    book.write("kit", 0, team="SAHEL-1", kind="mobile_device", label="IMD 7")
    assert book.bring() == told(new=2, same=1)
    assert book.bring() == told(same=3)
    assert book.write("kit", 0, place="Niamey airport").bring() == told(changed=1, same=2)
    [team] = reads(scene, "chaima", teams.teams, "NER")
    assert [each.service_ref for each in reads(scene, "chaima", teams.members, team.id)] == ["NE-0417"]
    assert [each.place for each in reads(scene, "chaima", kit.assets, team.id)] == ["Niamey airport"]
    assert team.zone == "Africa/Niamey"
    book.write("members", 1, service_ref="A B", role="leader")
    assert {each[2] for each in flaws(book.bring())} == {"Team", "Service reference"}
    refused(scene, roster_book.BOOK, "own", BEGUN, "ana", "bruno")
    refused(scene, roster_book.BOOK, "other", BEGUN, "chaima")


# ------------------------------------------------------------------------------------------------------ assessments


@pytest.fixture
def visited(scene: Running) -> Assessment:
    """It is visited, and nothing is scored."""
    return brought(scene, requested(scene, post_of(scene)), "desk_review", "visit")


def whole(book: FilledBook) -> FilledBook:
    """Every area is half there; the airport was visited for two days."""
    for row in range(len(AREAS)):
        said = {"evidence": "Seen on both days.", "gap": "Half of the counters.", "measure": "A line."}
        book.write("scores", row, score=2, cost=4000, currency="EUR", **said)
    days = {"visited_from": BEGUN.date(), "visited_to": BEGUN.date()}
    return book.write("visit", 0, baseline_queries=320, baseline_source="Log of the NCB.", **days)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_assessment_is_what_the_form_would_have_said(scene: Running, visited: Assessment, language: str) -> None:
    book = whole(FilledBook(scene, needs_book.BOOK, visited.id, "bruno", BEGUN, language))
    areas = [book.read("scores", row, "area") for row in range(len(AREAS))]
    assert len(set(areas)) == len(AREAS)
    assert book.bring() == told(new=len(AREAS) + 1)
    assert book.bring() == told(same=len(AREAS) + 1)
    scores = reads(scene, "ana", assessments.scores, visited.id)
    assert {(each.score, each.gap, each.cost, each.currency, each.version) for each in scores.values()} == {
        (2, "Half of the counters.", 4000, "EUR", 1)
    }
    found = reads(scene, "ana", lambda session: session.get_one(Assessment, visited.id))
    assert (found.baseline_queries, found.baseline_source, found.findings) == (320, "Log of the NCB.", 1)
    take(scene, visited, "scored")
    assert take(scene, visited, "validated").baseline_queries == 320


def test_an_area_that_is_not_known_and_what_others_said_meanwhile(scene: Running, visited: Assessment) -> None:
    power = AREAS.index("power")
    book = FilledBook(scene, needs_book.BOOK, visited.id, "bruno", BEGUN)
    old = FilledBook(scene, needs_book.BOOK, visited.id, "bruno", BEGUN)
    book.write("scores", power, score="Not known")
    assert book.bring() == told(new=1, same=len(AREAS))
    newer = FilledBook(scene, needs_book.BOOK, visited.id, "bruno", BEGUN)
    assert newer.read("scores", power, "score") == "Not known"
    assert newer.bring() == told(same=len(AREAS) + 1)
    does(scene, "boubacar", assessments.score, visited.id, score_draft("power", score=4, gap=""))
    assert [(each[1], each[3].split(".")[0]) for each in flaws(whole(old).bring())] == [
        (power + 3, "Somebody changed this after the workbook was made")
    ]
    assert set(reads(scene, "ana", assessments.scores, visited.id)) == {"power"}
    wrong = FilledBook(scene, needs_book.BOOK, visited.id, "bruno", BEGUN).write("scores", 0, score=7)
    assert [each[2] for each in flaws(wrong.bring())] == ["Score"]
    early = FilledBook(scene, needs_book.BOOK, visited.id, "bruno", BEGUN).write("scores", 0, score=2)
    assert "Give the evidence for this score" in flaws(early.bring())[0][3]
    with at_desk(scene, "bruno", BEGUN):
        assert "Download the workbook" in texts(needs_page.layout(show=str(visited.id)))
    refused(scene, needs_book.BOOK, visited.id, BEGUN, "moussa", "lena")


def test_the_day_of_a_cell_is_never_guessed(scene: Running, visited: Assessment) -> None:
    book = FilledBook(scene, needs_book.BOOK, visited.id, "bruno", BEGUN)
    book.write("visit", 0, visited_from="11/12/2026", visited_to=date(2026, 12, 11))
    assert [each[3] for each in flaws(book.bring())] == ["Write the day as a date, such as 2026-11-30."]


# ------------------------------------------------------------------------------------------------------ pasted rows


def pasted(scene: Running, book: DraftBook, name: str, text: str, copy: str = str(new_id())) -> dict[str, Any]:
    with at_desk(scene, name, AT):
        return book.paste(scene.store, str(scene.operation), copy, text, scene[name])


def test_rows_of_a_spreadsheet_are_pasted_in_the_order_of_the_columns(scene: Running) -> None:
    sweep_in(scene)
    rows = (
        "Control number of the notice\tOffence\n"
        "A-81/3-2026\tSmuggling of migrants\tprosecution\thigh\tMali\t\tDZA\t\tholds\tholds\tpassed\n"
        "\n"
        "A-82/3-2026\tother\tsentence\n"
    )
    assert pasted(scene, case_book.BOOK, "chaima", rows) == {"rows": True, "new": 2, "changed": 0, "same": 0}
    before = stored(scene)
    assert pasted(scene, case_book.BOOK, "chaima", rows)["same"] == 2, "the same rows again"
    assert stored(scene) == before
    with scene.store.reading(scene["chaima"]) as session:
        made = {each.notice_ref: each for each in session.exec(select(FugitiveCase))}
        assert cases.believed_countries(session, made["A-81/3-2026"].id) == ["DZA", "MLI"]


def test_of_pasted_rows_with_a_flaw_none_is_stored_and_each_flaw_has_its_place(scene: Running) -> None:
    sweep_in(scene)
    before = stored(scene)
    rows = "A-83/3-2026\tother\tsentence\nAhmed Diallo\tother\tsentence\nA-84/3-2026\tother\tsentence" + "\tx" * 20
    answer = pasted(scene, case_book.BOOK, "chaima", rows)
    said = {(row, words) for _sheet, row, _column, words in answer["flaws"]}
    assert any(row == 4 and "This is not a notice's control number" in words for row, words in said)
    assert (5, "This row has more cells than there are columns.") in said
    assert stored(scene) == before
    with pytest.raises(RuleBroken, match="at most"):
        pasted(scene, case_book.BOOK, "chaima", "A-1/1-2026\tother\n" * 201)
    with pytest.raises(RuleBroken, match="empty"):
        pasted(scene, case_book.BOOK, "chaima", "\n")
    with pytest.raises(NotFound):
        pasted(scene, case_book.BOOK, "bruno", rows)
