"""What must be told with a figure is told wherever it stands: that it cannot be relied on, and that it was restated."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from dashboard.papers import paper_process
from dashboard.papers.tables import TableFormat
from dashboard.parts.datetimes import address_of
from dashboard.parts.kpi_board import BoardChoice, read_situation
from dashboard.parts.targets import target_list
from dashboard.screens.figures import page as figures
from dashboard.screens.hand_over import files as hand_over
from dashboard.screens.history import running_comparison
from dashboard.screens.home.operation_card import operation_card, summary
from dashboard.screens.official import page as official
from dashboard.screens.partners import content as partners
from dashboard.screens.reports import exports
from dashboard.screens.situation import page as situation
from dashboard.screens.situation.ids import Ids
from dashboard.screens.situation.parts import written
from dashboard.screens.snapshots import files as snapshot_files
from dashboard.screens.snapshots import page as snapshots
from dashboard.screens.training import page as training
from operations.catalogue.kpis import Kpi
from operations.core import clock
from operations.core.people import Actor, System
from operations.core.vocabulary import Level
from operations.exchange import packages
from operations.figures import board
from operations.notices import inbox
from operations.policing.operation import plan, targets
from operations.results.snapshot_rows import SnapshotState
from operations.timetable import restatements as timetable
from operations.timetable.effects import DueEffect
from tests.dashboard.desks import at_desk, found_in, open_scene, texts
from tests.evaluations import ENDED, evaluated
from tests.makers import START, Running, arrest, form, send, tally
from tests.operations.steps import climb
from tests.operations.test_completeness import hits
from tests.operations.test_restatements import climb as climb_at
from tests.operations.test_restatements import correct
from tests.operations.test_training_phases import held_for
from tests.partners import BEGUN, admitted
from tests.people import CAST
from tests.snapshot_stories import frozen, take


def captioned(shown: Any) -> list[tuple[Any, Any]]:
    """The tables of key figures, each with its caption."""
    return [(found_in(each, "Caption")[0], each) for each in found_in(shown, "Table") if found_in(each, "Caption")]


MISSING = "not reliable: outcome missing in \u206875\u202f%\u2069 of hits"
EVENING = START + timedelta(hours=14)


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Running:
    """Of four hits one is answered, and goals are set; what countries have is told to all."""
    monkeypatch.setattr(paper_process, "run_in_process", lambda make, *given: make(*given))
    made = open_scene(tmp_path)
    with made.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, made.operation).line_kinds = ["hit", "arrest", "check_tally"]
        for country in ("NER", "MLI"):
            session.get_one(board.CountryActivity, (made.operation, country)).shares_totals = True
    for kpi in (Kpi.CONFIRMED_HITS, Kpi.DATABASE_CHECKS):
        with made.store.unit_of_work(made["ana"]) as session:
            targets.aim(session, made.operation, targets.TargetDraft(kpi=kpi, value=5), made["ana"])
    climb(made, hits(made, 4, 1).id, "chaima", "dov")
    return made


def test_tiles_charts_tables_goals_and_exports_say_that_it_is_not_reliable(scene: Running) -> None:
    with at_desk(scene, "ana", EVENING), scene.store.reading(scene["ana"]) as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        read = read_situation(session, operation, BoardChoice.of("V3", None, "K05", scene["ana"]), scene["ana"])
        parts = written(read, ({}, {}))
        goals = texts(target_list(session, operation, scene["ana"]))
    assert [tile.kpi for tile in read.tiles if tile.unreliable] == [Kpi.CONFIRMED_HITS, Kpi.CONFIRMATION_RATE]
    for part in ("restated", "countries_table", "days_table"):
        assert MISSING in texts(parts[part]), part
    assert MISSING in goals
    assert goals.count("not reliable") == 1
    with at_desk(scene, "ana", EVENING):
        catalogue = texts(figures.layout(str(scene.operation), figure="K05"))
    assert f"Confirmed hits 1 hits {MISSING}" in catalogue
    assert f"Can it be relied on? {MISSING}" in catalogue
    by_site = "Completeness by site Site Country Hits with an outcome Niamey Niger"
    assert f"{by_site} \u206825\u202f%\u2069 · 1 of 4" in catalogue
    book = load_workbook(io.BytesIO(hand_over.workbook(scene.store, scene.operation, Level.V3, scene["ana"])[0]))
    for name in ("Key figures", "By country", "By day"):
        rows = [row for row in book[name].iter_rows(values_only=True) if any(MISSING in str(cell) for cell in row)]
        assert rows, name
        assert all("Confirmed hits" in row or "Confirmation rate" in row for row in rows), name


@pytest.mark.parametrize(("name", "told"), [("ana", True), ("dov", True), ("chaima", True), ("lena", False)])
def test_completeness_is_drawn_for_whoever_can_have_it_completed(scene: Running, name: str, told: bool) -> None:
    with at_desk(scene, name, EVENING):
        assert ("Completeness by site" in texts(figures.layout(str(scene.operation)))) == told


def test_boards_open_at_the_level_of_the_final_figures_once_they_are_published(scene: Running) -> None:
    """Then they tell of what differs from them; an address of the past shows what it showed."""
    base = str(scene.operation)
    signed = frozen(evaluated(scene), level="V4")
    for level in ("V3", "V4"):
        for name in ("lena", "ana", "chaima"):
            with at_desk(scene, name, ENDED):
                assert level_of(situation.layout(base)) == level
                assert level_of(situation.layout(base, level="V2")) == "V2"
                assert texts(figures.layout(base)) == texts(figures.layout(base, level=level))
        if level == "V3":
            take(scene, signed, SnapshotState.PUBLISHED)
    with at_desk(scene, "lena", ENDED):
        assert level_of(situation.layout(base, at=address_of(ENDED))) == "V3"


def test_what_differs_from_the_final_figures_is_said_where_a_page_opens(scene: Running) -> None:
    """No address asks for a level: the situation, the catalogue, the cards and the goals open at V4 then."""
    content = form(scene, day=1, lines=[arrest(20), tally(500)])
    climb(scene, send(scene, content).id, "boubacar", "chaima", "dov")
    frozen(evaluated(scene), SnapshotState.PUBLISHED)
    again = correct(scene, content, [arrest(20), tally(400)], "boubacar", "typing", 200)
    scene.members["binta"] = Actor(**vars(scene["binta"]) | {"role": CAST["boubacar"][1]})
    base, after, said = str(scene.operation), ENDED + timedelta(days=20), "restated \u2066−100\u2069 on"

    def pages() -> dict[str, str]:
        with at_desk(scene, "ana", after), scene.store.reading(scene["ana"]) as session:
            operation = plan.operation(session, scene.operation, scene["ana"])
            return {
                "situation": texts(situation.layout(base)),
                "catalogue": texts(figures.layout(base, figure="K01")),
                "card": texts(operation_card(summary(session, operation, scene["ana"]))),
                "goals": texts(target_list(session, operation, scene["ana"])),
            }

    assert not any("restated" in told for told in pages().values())
    for name in ("binta", "chaima", "dov"):
        climb_at(scene, again, name, hours=201)
    assert {name: said in told for name, told in pages().items()} == dict.fromkeys(pages(), True)


def level_of(shown: Any) -> str:
    """The level that is chosen on a page."""
    [level] = [each.value for each in found_in(shown, "SegmentedControl") if each.id == Ids.LEVEL]
    return str(level)


def test_the_official_board_and_the_pack_keep_it(scene: Running) -> None:
    made = frozen(evaluated(scene), SnapshotState.PUBLISHED)
    with at_desk(scene, "lena", ENDED):
        shown = official.layout(str(scene.operation))
        assert MISSING in texts(shown)
        in_full = snapshots.layout(str(scene.operation), show=str(made.id))
        assert MISSING in texts(in_full)
    crossed = {texts(each): texts(table) for page in (shown, in_full) for each, table in captioned(page)}
    assert {"Results by country", "Results by official day", "Key figures"} <= set(crossed)
    for caption, words in crossed.items():
        assert MISSING in words or "Confirmed hits" not in words, caption
    packed = snapshot_files.pack(scene.store, scene.operation, made.number, "xlsx", "", scene["lena"])[0]
    rows = list(load_workbook(io.BytesIO(packed))["Key figures"].iter_rows(values_only=True))
    assert [row[3] for row in rows if row[0] == "Confirmed hits"] == [MISSING]


def test_cards_goals_and_the_next_edition_say_that_a_figure_was_restated(scene: Running) -> None:
    content = form(scene, day=1, lines=[arrest(20), tally(500)])
    climb(scene, send(scene, content).id, "boubacar", "chaima")
    first = frozen(evaluated(scene), SnapshotState.PUBLISHED, level="V3")
    again = correct(scene, content, [arrest(20), tally(400)], "chaima", "typing", 24 * 7)
    climb(scene, again.id, "boubacar", "cheikh")
    after = ENDED + timedelta(days=2)
    said = "restated \u2066−100\u2069 on"
    with at_desk(scene, "ana", after), scene.store.reading(scene["ana"]) as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        goals = texts(target_list(session, operation, scene["ana"]))
        card = texts(operation_card(summary(session, operation, scene["ana"])))
    assert said in goals
    assert said in card
    with at_desk(scene, "ana", after):
        assert said in texts(running_comparison.layout(str(scene.operation)))
        assert said not in texts(official.layout(str(scene.operation)))  # what is published stays as it was told
    second = frozen(scene, SnapshotState.PUBLISHED, at=after, level="V3")
    with at_desk(scene, "ana", after):
        assert said in texts(official.layout(str(scene.operation)))
        assert said in texts(snapshots.layout(str(scene.operation), show=str(second.id)))
        assert said not in texts(snapshots.layout(str(scene.operation), show=str(first.id)))
    packed = snapshot_files.pack(scene.store, scene.operation, second.number, "xlsx", "", scene["lena"])[0]
    rows = list(load_workbook(io.BytesIO(packed))["Key figures"].iter_rows(values_only=True))
    [told] = [row[3] for row in rows if row[0] == "Database checks"]
    assert told.startswith("restated on "), "outside learns no amount of countries that did not share them"


def test_who_took_a_pack_or_the_own_reports_along_is_told_once_they_are_corrected(scene: Running) -> None:
    content = form(scene, day=1, lines=[tally(500)])
    climb(scene, send(scene, content).id, "boubacar", "chaima")
    first = frozen(evaluated(scene), SnapshotState.SIGNED, level="V3")
    after = ENDED + timedelta(days=8)
    with clock.at(after):
        snapshot_files.pack(scene.store, scene.operation, first.number, "xlsx", "", scene["ana"])
        exports.export(scene.store, scene.operation, TableFormat.CSV, Level.V3, scene["chaima"])
    again = correct(scene, content, [tally(400)], "chaima", "typing", 24 * 7)
    climb(scene, again.id, "boubacar", "cheikh")
    with clock.at(EVENING), scene.store.unit_of_work(System()) as session:
        timetable._tell(
            session, DueEffect("restated", START, START), clock.now(), timetable.changed(session, clock.now())
        )
    for name in ("ana", "chaima"):
        with scene.store.reading(scene[name]) as session:
            assert "restated" in [each.message.kind for each in inbox.messages(session, scene[name])], name
    with at_desk(scene, "chaima", after):
        meaning = texts(situation.definition_of(Kpi.DATABASE_CHECKS, str(scene.operation), "V3", "own"))
    assert "Since it was last taken along restated \u2066\u2212100\u2069 on" in meaning


def test_what_is_put_beside_other_figures_or_given_to_partners_says_so_too(scene: Running) -> None:
    held_for(scene, "bruno")
    for _edition in range(2):
        made = frozen(evaluated(scene) if not _edition else scene, SnapshotState.PUBLISHED, level="V3")
    with at_desk(scene, "ana", ENDED):
        assert f"Now: {MISSING}" in texts(snapshots.layout(str(scene.operation), show=str(made.id)))
        assert MISSING in texts(training.layout(str(scene.operation)))
    with at_desk(scene, "chaima", ENDED):
        shown = texts(official.layout(str(scene.operation)))
        assert f"Confirmed hits (hits) 1 {MISSING}" in shown
    packed = load_workbook(
        io.BytesIO(snapshot_files.pack(scene.store, scene.operation, made.number, "xlsx", "", scene["lena"])[0])
    )
    told = [row for row in packed["By country"].iter_rows(values_only=True) if row[0] == "Confirmed hits"]
    assert told
    assert {row[3] for row in told} == {MISSING}
    admission = admitted(scene, sees=["figures"], sections=[])
    with at_desk(scene, "ana", BEGUN), scene.store.reading(scene["ana"]) as session:
        told = partners.parts(packages.package(session, admission.id, scene["ana"]))
    [hits_told] = [said for part in told for name, said in part.pairs if name == "Confirmed hits (hits)"]
    assert hits_told.endswith(MISSING)
