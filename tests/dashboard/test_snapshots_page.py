"""The pages of snapshots: prepared, agreed to, signed and published by callbacks; the official board; the pack."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from dashboard.papers import plan_drawing, release
from dashboard.screens.official import page as official
from dashboard.screens.snapshots import files, page
from dashboard.screens.snapshots.page import Ids
from operations.core import clock, evidence, installation_key, journal
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.operation import plan
from operations.results import snapshot_rows
from operations.results.snapshot_rows import Snapshot, SnapshotState
from tests import pdf_text
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.evaluations import ENDED, evaluated
from tests.makers import Running, arrest, form, send, tally
from tests.operations.steps import climb
from tests.operations.test_board import share
from tests.people import CAST
from tests.snapshot_stories import frozen, prepare, take

S = SnapshotState
TYPED = {"level": "V4", "wording": "Five days at three airports.", "qualifier": ">", "method": "By official day."}


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return reported(open_scene(tmp_path))


def reported(scene: Running) -> Running:
    """Niger sent 13 arrests and Mali 40, and both share; an analyst has consolidated them."""
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).line_kinds = ["check_tally", "hit", "arrest"]
    for name in ("chaima", "moussa"):
        share(scene, name)
    first = send(scene, form(scene, lines=[tally(100), arrest(13)]))
    climb(scene, first.id, "boubacar", "chaima", "dov")
    other = send(scene, form(scene, "Bamako", lines=[tally(900), arrest(40)]), by="mateo")
    climb(scene, other.id, "marie", "moussa", "dov")
    return evaluated(scene)


def shown(scene: Running, name: str, of: Any = page, **query: str) -> str:
    with at_desk(scene, name, ENDED):
        return texts(of.layout(str(scene.operation), **query))


def step(scene: Running, name: str, made: Snapshot, to: S) -> None:
    with at_desk(scene, name, ENDED):
        press(page.take, {"type": "snapshot-step", "of": str(made.id), "to": to.value}, scene.operation)


def test_it_is_prepared_agreed_signed_and_published_on_the_page(scene: Running) -> None:
    assert "No figures are published yet" in shown(scene, "bruno", official)
    with at_desk(scene, "dov", ENDED):
        press(
            page.prepare,
            Ids.PREPARE,
            scene.operation,
            TYPED | {"embargo": None, "embargo_time": "00:00"},
            client=str(new_id()),
        )
        with scene.store.reading(scene["dov"]) as session:
            [made] = snapshot_rows.snapshots(session, scene.operation)
    assert (made.wording, made.qualifier) == (TYPED["wording"], ">")
    with at_desk(scene, "chaima", ENDED):
        press(
            page.speak, {"type": Ids.SPEAK, "of": str(made.id)}, None, {"agrees": "no", "words": "Agadez is missing."}
        )
    for name, to in (("ana", S.COORDINATED), ("lena", S.SIGNED), ("ana", S.PUBLISHED)):
        step(scene, name, made, to)
    said = shown(scene, "ana", show=str(made.id))
    assert "Does not agree: Niger" in said
    assert "Agadez is missing." in said
    assert "more than \u2068" in said
    assert "Snapshot 1" in shown(scene, "bruno", official)
    assert "Preliminary" in shown(scene, "bruno", official)


def test_each_reads_the_own_figures(scene: Running) -> None:
    made = frozen(scene, S.PUBLISHED)
    of = {name: shown(scene, name, show=str(made.id)) for name in ("ana", "lena", "moussa", "bruno")}
    assert "As told to the public" in of["ana"]
    assert "As told to the public" in of["lena"]
    assert "Our country" in of["moussa"]
    assert "40" in of["moussa"]
    assert "As told to the public" not in of["bruno"]
    for name in ("ana", "lena", "moussa", "bruno"):
        assert "Arrests" in shown(scene, name, official)


def test_the_form_is_there_for_those_who_prepare_and_the_list_for_all(scene: Running) -> None:
    frozen(scene, S.PUBLISHED)
    prepare(scene)

    def part(name: str) -> tuple[bool, int]:
        with at_desk(scene, name, ENDED):
            found = page.layout(str(scene.operation))
        [form_] = [each for each in found_in(found, "Div") if getattr(each, "id", "") == page.PAGE.id("new")]
        [grid] = found_in(found, "AgGrid")
        return "Prepare a snapshot" in texts(form_), len(grid.rowData)

    assert {name: part(name) for name in ("ana", "dov", "lena", "chaima", "bruno")} == {
        "ana": (True, 2),
        "dov": (True, 2),
        "lena": (False, 2),
        "chaima": (False, 2),
        "bruno": (False, 1),
    }


def test_a_refusal_stands_at_its_field(scene: Running) -> None:
    made = send(scene, form(scene, "Agadez", lines=[tally(7)]))
    climb(scene, made.id, "boubacar", "chaima")
    with at_desk(scene, "dov", ENDED), pytest.raises(RuleBroken) as refused:
        press(page.prepare, Ids.PREPARE, scene.operation, TYPED | {"embargo": None}, client=str(new_id()))
    assert refused.value.flaws[0].field == "level"


def pack(scene: Running, made: Snapshot, ending: str, by: str = "ana", beside: str = "") -> bytes:
    with clock.at(ENDED):
        return files.pack(scene.store, scene.operation, made.number, ending, beside, scene[by])[0]


def test_the_pack_tells_what_the_public_is_told_and_leaves_a_trace(scene: Running) -> None:
    made = frozen(scene, S.PUBLISHED, qualifier=">", embargo=ENDED.replace(day=20))
    book = openpyxl.load_workbook(io.BytesIO(pack(scene, made, "xlsx", "lena")))
    assert book.sheetnames == ["Key figures", "By country", "Breakdowns", "Further figures", "Method"]
    cells = [tuple(cell.value for cell in row) for row in book["Key figures"].iter_rows()]
    assert ("Arrests", "more than \u206853\u2069", "arrests", None) in cells
    assert any(row[0] == "Embargo until" for row in cells)
    assert any(row[1] == made.content_hash for row in cells)
    said = pdf_text.words(pack(scene, made, "pdf"))
    for words in ("Official figures", "Five days at three airports.", "Method", "Ana Ferreira, Lena Okafor"):
        assert words in said, words
    assert made.content_hash in said.replace(" ", ""), "whole, or nobody can compare it"
    assert "INTERPOL" in said, "its embargo is not over"
    with scene.store.reading(System()) as session:
        assert journal.count(session, journal.Chain.ACCESS) == 2


def test_the_pack_has_a_map_and_charts(scene: Running) -> None:
    made = frozen(scene, S.PUBLISHED, qualifier=">")
    content = pack(scene, made, "pdf")
    figures = [alt for kind, alt in pdf_text.tags(content) if kind == "Figure" and alt]
    assert "Map of the countries that took part: Mali, Niger" in figures
    assert "Chart" in pdf_text.words(content)
    row = snapshot_rows.SnapshotFigure(kpi="K15", dimension="country", code="MLI", value=40.0)
    other = snapshot_rows.SnapshotFigure(kpi="K15", dimension="country", code="NER", value=10.0)
    hidden = snapshot_rows.SnapshotFigure(kpi="K15", dimension="country", code="TGO", value=None)
    assert files._charts([row, other, hidden]) == {"By country": [1.0, 0.25, 0.0]}


@pytest.mark.parametrize(
    ("countries", "maps"),
    [
        ("MLI NER", {"": ("MLI", "NER")}),
        ("BRA CHN FRA NER", {"africa": ("NER",), "americas": ("BRA",), "asia_pacific": ("CHN",), "europe": ("FRA",)}),
        ("", {}),
    ],
)
def test_countries_all_over_the_world_have_a_map_for_each_region(countries: str, maps: dict[str, Any]) -> None:
    drawn = plan_drawing.country_maps(countries.split(), "en", *release.MAP)
    assert {region: part for region, (_map, part) in drawn.items()} == maps
    assert all("<path" in map_ for map_, _part in drawn.values())


def test_the_pack_is_signed_naming_both_signers_and_one_changed_byte_breaks_it(scene: Running) -> None:
    made = frozen(scene, S.SIGNED)
    content = pack(scene, made, "pdf")
    given = pem.unarmor(evidence.certificate().encode())[2]
    context = ValidationContext(trust_roots=[x509.Certificate.load(given)], allow_fetching=False)

    def judged(file: bytes) -> tuple[PdfSignatureStatus, str]:
        [signature] = PdfFileReader(io.BytesIO(file)).embedded_signatures
        status = validate_pdf_signature(signature, signer_validation_context=context)
        return status, str(signature.sig_object["/Reason"])

    found, reason = judged(content)
    assert (found.bottom_line, found.coverage) == (True, SignatureCoverageLevel.ENTIRE_FILE)
    assert reason == (
        f"Signed by {made.signed_name} for the coordination and by {made.approved_name} for the leadership. "
        f"Fingerprint {made.content_hash[:16]}."
    )
    stream = content.index(b"stream") + 20
    for place in (stream, content.index(b"/Reason") + 40):
        changed = bytearray(content)
        changed[place] ^= 1
        assert not judged(bytes(changed))[0].bottom_line, place
    assert evidence.certificate().encode() == pem.armor("CERTIFICATE", given), "it is handed over once"
    installation_key.use(lambda: b"x" * 32)
    assert not judged(pack_again(scene, made))[0].trusted, "another installation is another signer"


def pack_again(scene: Running, made: Snapshot) -> bytes:
    """The pack under another key; its entry of the trail is left out, as the journal is of the first."""
    with scene.store.reading(System()) as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        sheets = files.tables(session, made, operation, "")
    return files.signed_paper.signed(files.typesetter.pdf(files.release.paper(sheets, "")), "Signed.")


def test_a_pack_has_the_marking_of_the_operation_until_it_is_public(scene: Running) -> None:
    made = frozen(scene, S.SIGNED)
    assert "INTERPOL" in pdf_text.words(pack(scene, made, "pdf"))
    made = take(scene, made, S.PUBLISHED)
    said = pdf_text.words(pack(scene, made, "pdf"))
    assert "INTERPOL" not in said
    assert "Marking" not in said
    book = openpyxl.load_workbook(io.BytesIO(pack(scene, made, "xlsx")))
    assert all(row[0].value != "Marking" for sheet in book for row in sheet.iter_rows())


def test_what_is_told_exactly_is_a_number_in_the_workbook(scene: Running) -> None:
    made = frozen(scene, S.PUBLISHED)
    book = openpyxl.load_workbook(io.BytesIO(pack(scene, made, "xlsx")))
    values = {row[0].value: row[1].value for row in book["Key figures"].iter_rows()}
    assert values["Arrests"] == 53
    assert values["Irregular migrants detected"] == 0
    assert isinstance(values["Core-crime share"], str)


def test_there_is_no_pack_before_both_have_signed_nor_for_a_country(scene: Running) -> None:
    made = take(scene, prepare(scene), S.COORDINATED)
    with pytest.raises(NotFound):
        pack(scene, made, "pdf")
    made = take(scene, made, S.SIGNED)
    for name in sorted(set(CAST) - {"ana", "lena"}):
        with pytest.raises(NotFound):
            pack(scene, made, "xlsx", name)


def test_a_comparison_is_like_for_like_or_says_why_not(scene: Running) -> None:
    first = frozen(scene, S.PUBLISHED)
    more = send(scene, form(scene, "Agadez", lines=[tally(1000)]))
    climb(scene, more.id, "boubacar", "chaima", "dov")
    second = frozen(scene, S.PUBLISHED, qualifier=">")
    assert "Compared with an earlier one" not in shown(scene, "ana", show=str(first.id))
    with clock.at(ENDED), scene.store.reading(scene["ana"]) as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        sheet = files.tables(session, snapshot_rows.numbered(session, operation.id, second.number), operation, "")[-1]
    compared = next(row for row in sheet.rows if row[0] == "Arrests")
    assert compared[1:3] == ["53", "more than \u206853\u2069"], "as each was told"
    assert "+100.0\u202f%" in shown(scene, "ana", show=str(second.id))
    other = send(scene, form(scene, "Agadez", lines=[tally(5, database="nominal")]))
    climb(scene, other.id, "boubacar", "chaima", "dov")
    third = frozen(scene, S.PUBLISHED)
    assert "other checks or databases were counted" in shown(scene, "ana", show=str(third.id))
    chosen = shown(scene, "ana", show=str(third.id), beside=str(first.id))
    assert "other checks or databases were counted" in chosen
    with clock.at(ENDED), scene.store.unit_of_work(scene["moussa"]) as session:
        plan.withdraw(session, scene.operation, plan.Leaving(figures="shown"), scene["moussa"])
    fourth = frozen(scene, S.PUBLISHED)
    assert "only those of both are compared, Niger" in shown(scene, "ana", show=str(fourth.id))
    preliminary = frozen(scene, S.PUBLISHED, level="V3")
    assert "of level V4 and the other of level V3" in shown(scene, "ana", show=str(preliminary.id))


def test_another_reader_finds_nothing(scene: Running) -> None:
    made = prepare(scene)
    for name in ("bruno", "ada"):
        with at_desk(scene, name, ENDED), pytest.raises(NotFound):
            page.layout(str(scene.operation), show=str(made.id))
