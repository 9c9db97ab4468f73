"""A country's own sheet: it is mapped once, remembered, and read as the workbook of Muster is."""

import base64
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dashboard.screens.workbook import files, own_sheet, page
from dashboard.screens.workbook import own_sheet_steps as steps
from dashboard.screens.workbook import own_sheet_view as view
from geodata.intake import headed_sheet
from operations.core.errors import NotFound, RuleBroken
from operations.exchange import sheet_mappings
from operations.policing.reports import reports
from tests.dashboard.desks import at_desk, open_scene, press, stored, texts
from tests.makers import START, Running

NOW = START + timedelta(days=2)
DAY = START.date()
HEAD = ["Date", "Poste frontière", "Type de contrôle", "Base", "Nombre", "Nom du chef"]
FIXED = {"check_kind": "value:database_query", "entity_type": "value:document", "channel": "value:fixed_workstation"}


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def book(*rows: Any, head: list[str] = HEAD, name: str = "Contrôles", above: int = 0) -> openpyxl.Workbook:
    """A workbook of a country with one sheet."""
    made = openpyxl.Workbook()
    made.active.title = name
    for number in range(above):
        made.active.append([f"Rapport {number}"])
    for row in (head, *rows):
        made.active.append(row)
    return made


def usual(count: Any = 140, place: str = "Niamey", day: Any = DAY, base: str = "SLTD") -> list[Any]:
    """A row of the sheet."""
    return [day, place, "Passeports", base, count, "A. Person"]


class Desk:
    """An officer at the workbook page."""

    def __init__(self, scene: Running, name: str = "bruno", moment: datetime = NOW) -> None:
        self.scene, self.name, self.moment, self.answer = scene, name, moment, None
        self.brought: dict[str, Any] = {}

    def bring(self, made: openpyxl.Workbook | bytes) -> Any:
        """Drop a file; what stands below the drop area."""
        out = io.BytesIO(made if isinstance(made, bytes) else b"")
        if not isinstance(made, bytes):
            made.save(out)
            out.seek(0)
        with at_desk(self.scene, self.name, self.moment):
            back = files.bring_back(self.scene.store, self.scene.operation, self.scene[self.name], "checks.xlsx", out)
            self.brought = back["read"]
            shown, self.answer = steps.open_sheet(self.brought, str(self.scene.operation))
        return shown

    def said(self, shown: Any, sheet: str = "0", kind: str = "check_tally", **changes: str | None) -> dict[str, Any]:
        """The choices as they stand, with changes; a name such as `check_kind__Passeports` is a word of a field."""
        fields = {each.id["of"]: getattr(each, "value", None) for each in found(shown, view.FIELD)}
        fields |= {code: value for code, value in changes.items() if "__" not in code}
        keys = [{"type": view.FIELD, "of": code} for code in fields]
        with at_desk(self.scene, self.name, self.moment):
            asked = steps.ask_words(list(fields.values()), keys, sheet, kind, self.brought, str(self.scene.operation))
        words = {each.id["of"]: getattr(each, "value", None) for each in found(asked, view.WORD)}
        words |= {code.replace("__", "|"): value for code, value in changes.items() if "__" in code}
        of_words = [{"type": view.WORD, "of": of} for of in words]
        given = {"fields": list(fields.values()), "keys": keys, "meant": list(words.values()), "meant_keys": of_words}
        return {"sheet": sheet, "kind": kind, "dates": "any", **given}

    def read(self, said: dict[str, Any], **changes: str) -> Any:
        """Remember, and preview."""
        with at_desk(self.scene, self.name, self.moment):
            done = press(steps.read, view.READ, self.scene.operation, brought=self.brought, **said | changes)
        shown, _listed, self.answer = done["shown"]
        return shown

    def store(self, reason: str | None = None, confirmed: bool = False, sheet: str = "0") -> Any:
        """Store what the preview showed."""
        said = json.dumps({"sheet": sheet, "reason": reason, "confirmed": confirmed, "token": self.brought["token"]})
        with at_desk(self.scene, self.name, self.moment):
            back = steps.store_kept(
                self.scene.store, self.scene.operation, self.scene[self.name], io.BytesIO(said.encode())
            )
            if "error" in back:
                return back["error"]
            self.answer = back["read"] if "marked" in back["read"] else None
            return steps.stored({name: value for name, value in back["read"].items() if name != "marked"})

    def known(self) -> list[sheet_mappings.SheetMapping]:
        """What is remembered."""
        with self.scene.store.reading(self.scene[self.name]) as session:
            return list(sheet_mappings.remembered(session, self.scene[self.name].country))

    def mapped(self, made: openpyxl.Workbook, **changes: Any) -> Any:
        """Drop a file, map it as usual, and preview."""
        return self.read(self.said(self.bring(made), **FIXED | changes))


def found(component: Any, kind: str) -> list[Any]:
    """The elements of a pattern."""
    parts = component if isinstance(component, list) else [component]
    every = [each for part in parts for each in (part, *part._traverse())]
    return [each for each in every if isinstance(getattr(each, "id", None), dict) and each.id["type"] == kind]


# ----------------------------------------------------------------------------------------------------- mapped once


def test_its_first_rows_stand_beside_fields_guessed_by_name(scene: Running) -> None:
    desk = Desk(scene)
    shown = desk.bring(book(usual(), usual(20, "Agadez")))
    assert desk.brought == {"token": desk.brought["token"], "name": "checks.xlsx"}
    guessed = {each.id["of"]: getattr(each, "value", None) for each in found(shown, view.FIELD)}
    assert guessed["day"] == "column:Date"
    assert guessed["count"] == "column:Nombre"
    assert guessed["site"] == "column:Poste frontière"
    assert guessed["database"] == "column:Base"
    told = texts(shown)
    assert "Niamey" in told
    assert "Not read, as about persons: Nom du chef." in told
    assert stored(scene) == (0, 0, 0)


@pytest.mark.parametrize(
    "head",
    [
        ["Day", "Site", "Check", "Database", "Count"],
        ["Jour", "Site", "Contrôle", "Base de données", "Nombre"],
        ["Fecha", "Puesto", "Control", "Base de datos", "Cantidad"],
        ["اليوم", "الموقع", "الفحص", "قاعدة البيانات", "العدد"],
    ],
)
def test_heads_are_guessed_in_four_languages(scene: Running, head: list[str]) -> None:
    shown = Desk(scene).bring(book([DAY, "Niamey", "x", "sltd", 5], head=head))
    guessed = {each.id["of"]: getattr(each, "value", None) for each in found(shown, view.FIELD)}
    assert [guessed[code] for code in ("day", "site", "count")] == [f"column:{head[at]}" for at in (0, 1, 4)]


def test_the_next_file_with_the_same_head_goes_straight_to_the_preview(scene: Running) -> None:
    desk = Desk(scene)
    shown = desk.mapped(book(usual(), usual(20, "Agadez")))
    assert "2 reports are new." in texts(shown)
    assert stored(scene) == (0, 0, 0), "a preview stores no report"
    assert "2 reports are new." in texts(desk.store())
    other = Desk(scene)
    shown = other.bring(book(usual(7, day=DAY + timedelta(days=1))))
    assert "1 report is new." in texts(shown)
    assert "Read as before: version 1 of Bruno" in texts(shown)
    assert "1 report is new." in texts(other.store())
    with scene.store.reading(scene["bruno"]) as session:
        found_lines = [
            line for each in reports.newest(session, scene.operation) for line in reports.lines_of(session, each.id)
        ]
    assert sorted((line.quantity, line.attributes["database"]) for line in found_lines) == [
        (7, "sltd"),
        (20, "sltd"),
        (140, "sltd"),
    ]


def test_a_word_of_the_sheet_is_given_a_code_once_and_a_new_word_is_asked(scene: Running) -> None:
    desk = Desk(scene)
    said = desk.said(desk.bring(book(usual(base="Fichier P"))), **FIXED)
    assert {key["of"] for key in said["meant_keys"]} == {"database|Fichier P"}
    shown = desk.read(said)
    assert "1 cell is wrong" in texts(shown), "a word without a meaning is a flaw"
    desk.mapped(book(usual(base="Fichier P")), **{"database__Fichier P": "sltd"})
    assert "1 report is new." in texts(desk.store())
    shown = desk.bring(book(usual(9, base="Fichier P", day=DAY + timedelta(days=1))))
    assert "What would be stored" in texts(shown)
    shown = desk.bring(book(usual(9, base="Fichier Q", day=DAY + timedelta(days=1))))
    assert "What would be stored" not in texts(shown), "a word that nobody explained is asked about first"


def test_hundreds_of_rows_of_a_site_and_a_day_are_one_report(scene: Running) -> None:
    rows = [usual(1 + number, place) for number in range(150) for place in ("Niamey", "Agadez")]
    desk = Desk(scene)
    assert "2 reports are new." in texts(desk.mapped(book(*rows)))
    assert "2 reports are new." in texts(desk.store())
    with scene.store.reading(scene["bruno"]) as session:
        found_reports = reports.newest(session, scene.operation)
        assert [len(reports.lines_of(session, each.id)) for each in found_reports] == [150, 150]


def test_rows_of_a_word_are_left_out_and_told(scene: Running) -> None:
    desk = Desk(scene)
    shown = desk.mapped(book(usual(), [None, "Total", None, None, 140, None]), site__Total=own_sheet.LEFT_OUT)
    assert "1 row is left out" in texts(shown)
    assert "1 report is new." in texts(desk.store())


# --------------------------------------------------------------------------------------- the same verbs and flaws


def test_the_same_file_again_changes_nothing_and_a_changed_row_is_a_correction_with_its_reason(scene: Running) -> None:
    desk = Desk(scene)
    desk.mapped(book(usual()))
    desk.store()
    before = stored(scene)
    assert "1 report is known already." in texts(desk.bring(book(usual())))
    desk.store()
    assert stored(scene) == before
    assert "1 report would be corrected." in texts(desk.bring(book(usual(150))))
    assert "reason of the correction" in texts(desk.store())
    assert stored(scene) == before
    assert "1 report was corrected." in texts(desk.store("typing"))
    with scene.store.reading(scene["bruno"]) as session:
        [newest] = reports.newest(session, scene.operation)
        assert (newest.version, newest.correction_reason) == (2, "typing")


def test_what_is_wrong_comes_back_marked_in_the_countrys_own_sheet_and_nothing_is_stored(scene: Running) -> None:
    desk = Desk(scene)
    wrong = book(usual(), usual("many"), usual(day="32.10.2026"), usual(5, "Atlantis"), above=2)
    shown = desk.mapped(wrong)
    assert "Nothing was stored: 3 cells are wrong." in texts(shown)
    places = [(sheet, row, column) for sheet, row, column, _words in desk.answer["flaws"]]
    assert sorted(places) == [
        ("Contrôles", 5, "Nombre"),
        ("Contrôles", 6, "Date"),
        ("Contrôles", 7, "Poste frontière"),
    ]
    back = openpyxl.load_workbook(io.BytesIO(base64.b64decode(desk.answer["marked"]["content"])))
    sheet = back["Contrôles"]
    assert [cell.value for cell in sheet[2]][: len(HEAD)] == HEAD
    assert sheet["E4"].value == "many"
    assert sheet["E4"].fill.fgColor.rgb == "FFF8D7DA"
    assert (sheet["E3"].value, sheet["F3"].value) == (140, None), "who it is about does not come back"
    sheet["E4"], sheet["A4"], sheet["A5"], sheet["B6"] = 30, DAY + timedelta(days=1), DAY, "Agadez"
    shown = desk.bring(back)
    assert "What would be stored" in texts(shown), "the marked file is known by its head"
    desk.store()
    assert stored(scene)[1] == 4


def test_a_formula_a_doubtful_date_and_a_foreign_token_are_refused_in_words(scene: Running) -> None:
    desk = Desk(scene)
    assert "This cell holds a formula" in texts(desk.mapped(book(usual("=1+1"))))
    assert "Write the day as a date" in texts(desk.mapped(book(usual(day="03/04/2025"))))
    desk.bring(book(usual(day=f"{DAY:%m/%d/%Y}")))
    said = desk.said(desk.bring(book(usual(day=f"{DAY:%m/%d/%Y}"))), **FIXED)
    assert "1 report is new." in texts(desk.read(said, dates="month"))
    other = Desk(scene, "mateo")
    other.brought = desk.brought
    assert "no longer stored" in other.store()
    other.brought = {"token": "nonsense"}
    assert "nothing here that you can see" in other.store()
    with at_desk(scene, "bruno", NOW):
        for order in (b"", b"[1]", b"\xff", b'{"token": 5}'):
            back = steps.store_kept(scene.store, scene.operation, scene["bruno"], io.BytesIO(order))
            assert set(back) == {"error"}, order
    assert stored(scene) == (0, 0, 0)


def test_a_needed_field_without_a_column_is_asked_for(scene: Running) -> None:
    desk = Desk(scene)
    with pytest.raises(RuleBroken, match="Choose a column or a value for Day"):
        desk.mapped(book(usual()), day=None)
    assert desk.known() == []


# ------------------------------------------------------------------------------------------------------ remembered


def test_a_mapping_has_versions_and_can_be_changed_and_forgotten(scene: Running) -> None:
    desk = Desk(scene)
    desk.mapped(book(usual()))
    desk.mapped(book(usual()))
    assert [each.version for each in desk.known()] == [1], "the same again is no new version"
    desk.mapped(book(usual()), entity_type="value:person")
    [known] = desk.known()
    assert (known.version, known.fixed["entity_type"]) == (2, "person")
    with at_desk(scene, "bruno", NOW):
        assert "Contrôles" in texts(page.layout(operation_id=str(scene.operation)))
        press(steps.forget, {"type": view.FORGET, "of": str(known.id)}, scene.operation)
        assert "None yet." in texts(page.layout(operation_id=str(scene.operation)))
    assert desk.known() == []
    assert "forgotten meanwhile" in desk.store()
    desk.mapped(book(usual()))
    assert [each.version for each in desk.known()] == [4]


def test_a_mapping_is_of_its_country_alone(scene: Running) -> None:
    Desk(scene).mapped(book(usual()))
    mali = Desk(scene, "mateo")
    assert mali.known() == []
    assert "What would be stored" not in texts(mali.bring(book(usual(place="Bamako"))))
    [known] = Desk(scene).known()
    with at_desk(scene, "mateo", NOW), pytest.raises(NotFound):
        press(steps.forget, {"type": view.FORGET, "of": str(known.id)}, scene.operation)
    with at_desk(scene, "chaima", NOW), pytest.raises(NotFound):
        press(steps.forget, {"type": view.FORGET, "of": str(known.id)}, scene.operation)


def test_a_mapping_of_too_many_words_is_refused(scene: Running) -> None:
    words = {"database": {f"word {number}": "sltd" for number in range(sheet_mappings.MOST_WORDS + 1)}}
    made = sheet_mappings.SheetMappingDraft(
        head="0" * 64, sheet="S", kind="check_tally", columns={}, fixed={}, words=words
    )
    with (
        scene.store.unit_of_work(scene["bruno"]) as session,
        pytest.raises(RuleBroken, match="holds at most 2000 words"),
    ):
        sheet_mappings.remember(session, made, scene["bruno"])


def test_columns_about_persons_are_never_taken(scene: Running) -> None:
    desk = Desk(scene)
    shown = desk.bring(book([*usual(), "AB123"], head=[*HEAD, "Passport No."]))
    assert "Not read, as about persons: Nom du chef, Passport No." in texts(shown)
    assert "AB123" not in texts(shown)
    assert "A. Person" not in texts(shown)
    options = found(shown, view.FIELD)[0].data[0]["items"]
    assert "Passport No." not in [each["label"] for each in options]
    with at_desk(scene, "bruno", NOW), scene.store.reading(scene["bruno"]) as session:
        [kept] = headed_sheet.unpacked(steps.uploads.content(session, steps.known_id(desk.brought["token"])))
    assert "AB123" not in str(kept.rows)
    assert "A. Person" not in str(kept.rows)


def test_another_sheet_of_the_file_and_another_kind_can_be_chosen(scene: Running) -> None:
    made = book(usual())
    second = made.create_sheet("Trafic")
    second.append(["Date", "Poste", "Nombre"])
    second.append([DAY, "Agadez", 3])
    desk = Desk(scene)
    shown = desk.bring(made)
    assert "The workbook has 2 sheets." in texts(shown)
    with at_desk(scene, "bruno", NOW):
        fields, preview = steps.choose("1", "check_tally", desk.brought, str(scene.operation))
        hits, _preview = steps.choose("1", "hit", desk.brought, str(scene.operation))
    assert preview == [], "what is shown belongs to the other sheet"
    assert [each.value for each in found(fields, view.FIELD)[:2]] == ["column:Poste", "column:Date"]
    assert "hit_kind" in [each.id["of"] for each in found(hits, view.FIELD)]
