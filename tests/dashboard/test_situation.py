"""The situation screen as functions: who sees which number, one entry number for all, and only differences are sent."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from dash import no_update

from dashboard.parts.country_status import country_status, reports_due, silences
from dashboard.parts.figure_text import Tile
from dashboard.parts.kpi_board import OWN, WHOLE, BoardChoice, chart_figures, read_numbers, read_situation
from dashboard.parts.phase_timeline import stretches
from dashboard.screens.situation import ids, page
from dashboard.screens.situation import parts as parts_drawn
from dashboard.screens.situation.headlines import sweep_cases
from dashboard.server.access import reading
from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.core import clock
from operations.core.errors import NotFound
from operations.core.vocabulary import Level
from operations.policing.map_plan import places
from operations.policing.operation import boards, plan, targets
from operations.policing.reports import verification
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, texts
from tests.makers import START, Running, arrest, detection, form, hit, let_out, send, tally
from tests.operations.steps import answer, told
from tests.operations.sweeps import AT, Sweep, sweep_in


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def part_of(layout: Any, ident: str) -> Any:
    """The element of a page with this id."""
    [found] = [each for each in layout._traverse() if getattr(each, "id", None) == ident]
    return found


def climb(scene: Running, report: Any, *people: str) -> None:
    for name in people:
        with clock.at(EVENING), scene.store.unit_of_work(scene[name]) as session:
            verification.verify(session, report.id, scene[name])


def tiles(scene: Running, name: str, level: str = "V3", scope: str = "", language: str = "en") -> dict[Kpi, Tile]:
    with at_desk(scene, name, language=language), reading() as session:
        by = scene[name]
        operation = plan.operation(session, scene.operation, by)
        return {
            each.kpi: each
            for each in read_situation(session, operation, BoardChoice.of(level, scope, None, by), by).tiles
        }


def test_a_small_number_of_persons_is_hidden_from_leadership_and_shown_to_the_coordinator(scene: Running) -> None:
    climb(scene, send(scene, form(scene, lines=[detection(7)]), at=EVENING), "boubacar", "chaima")
    let_out(scene)
    hidden, shown = tiles(scene, "lena")[Kpi.DETECTIONS], tiles(scene, "ana")[Kpi.DETECTIONS]
    assert (hidden.number, hidden.trend, hidden.change) == ("<11", (), ())
    assert "1 to 10 persons" in hidden.why
    assert (shown.number, shown.why) == ("7", "")
    with at_desk(scene, "lena"):
        everything = texts(page.layout(str(scene.operation)))
    assert "<11" in everything


def test_a_sweep_begins_with_its_cases_and_no_other_operation_does(scene: Running) -> None:
    def shown(name: str) -> str:
        with at_desk(scene, name), clock.at(AT), reading() as session:
            return texts(sweep_cases(session, plan.operation(session, scene.operation, scene[name]), scene[name]))

    assert not shown("lena")
    cast = Sweep(sweep_in(scene))
    with clock.at(AT):
        cast.arrested()
    for name in ("lena", "ana"):
        assert shown(name) == "Fugitives 1 case 1 Arrested 0 Positively located 0 Outstanding"
    with at_desk(scene, "lena"), clock.at(AT):
        assert "Positively located" in texts(page.layout(str(scene.operation)))


@pytest.mark.requirement("R76")
def test_no_part_of_the_screen_gives_leadership_the_hidden_number(scene: Running) -> None:
    climb(scene, send(scene, form(scene, lines=[detection(7)]), at=EVENING), "boubacar", "chaima")
    let_out(scene)
    with at_desk(scene, "lena"):
        sent = page.refresh(1, str(scene.operation), None, level="V3", scope="", figure="K15")["shown"]
    figures = [part for part in sent if isinstance(part, dict) and {"data", "layout"} <= part.keys()]
    assert len(figures) == 2
    assert all(7 not in trace["y"] for figure in figures for trace in figure["data"])
    assert "hidden" in texts(sent[:13])


def test_a_country_sees_its_own_in_full_and_the_whole_from_v3_up_only(scene: Running) -> None:
    send(scene, form(scene, lines=[tally(300), arrest(2)]), at=EVENING)
    own = tiles(scene, "chaima", "V1", OWN)
    assert own[Kpi.DATABASE_CHECKS].number == "300"
    assert own[Kpi.ARRESTS].number == "2"
    assert own[Kpi.ARRESTS].level is Level.V1
    whole = tiles(scene, "chaima", "V1", WHOLE)
    assert whole[Kpi.DATABASE_CHECKS].level is Level.V3
    assert whole[Kpi.DATABASE_CHECKS].number == "hidden"  # Mali does not share, and would be the rest
    assert "country that does not share" in whole[Kpi.DATABASE_CHECKS].why
    assert "1 to 10" not in whole[Kpi.DATABASE_CHECKS].why
    assert whole[Kpi.DATABASE_CHECKS].unverified == ""  # what waits in other countries is theirs
    assert tiles(scene, "moussa", "V1", OWN)[Kpi.DATABASE_CHECKS].number == "0"


def test_what_is_not_verified_stands_beside_the_number_and_never_in_it(scene: Running) -> None:
    send(scene, form(scene, lines=[tally(1234)]), at=EVENING)
    words = tiles(scene, "lena")[Kpi.DATABASE_CHECKS]
    assert (words.number, words.unverified) == ("0", "1,234 unverified")
    assert tiles(scene, "lena", "V1")[Kpi.DATABASE_CHECKS].unverified == ""


def test_a_goal_stands_in_the_tile_and_tells_no_hidden_number(scene: Running) -> None:
    with scene.store.unit_of_work(scene["ana"]) as session:
        for kpi, value in (("K11", 20), ("K01", 7)):
            targets.aim(session, scene.operation, targets.TargetDraft(kpi=kpi, value=value), scene["ana"])
    send(scene, form(scene, lines=[arrest(3)]))
    said = {
        name: {tile.kpi: tile.goal for tile in tiles(scene, name, level="V1").values()}
        for name in ("ana", "lena", "chaima")
    }
    assert said["ana"][Kpi.ARRESTS] == "goal \u206820\u2069 · V3: \u20680\u202f%\u2069"  # no country validated it
    assert said["lena"][Kpi.ARRESTS] == said["ana"][Kpi.ARRESTS]
    assert set(said["chaima"].values()) == {""}  # the goal is the whole operation's
    assert said["ana"][Kpi.CORE_SHARE] == ""


def test_a_rate_of_nothing_is_undefined_and_a_rate_has_its_interval_and_counts(scene: Running) -> None:
    assert tiles(scene, "lena")[Kpi.HIT_RATE].number == "—"
    assert tiles(scene, "lena")[Kpi.CORE_SHARE].number == "—"
    lines = [tally(4800), *(hit(START + timedelta(hours=1)) for _each in range(7))]
    climb(scene, send(scene, form(scene, lines=lines), at=EVENING), "boubacar", "chaima")
    rate = tiles(scene, "lena")[Kpi.HIT_RATE]
    assert rate.number == "1,458"
    assert rate.unit == "per million"
    assert rate.change[0] == "7 of 4,800"
    assert "586–3,005" in rate.notes[0]
    assert tiles(scene, "lena")[Kpi.CONFIRMED_HITS].notes == ("7 pending",)


def test_a_small_rate_keeps_two_digits_and_every_database_is_named(scene: Running) -> None:
    hits = [hit(START + timedelta(hours=1)), hit(START + timedelta(hours=1), database="smv")]
    lines = [tally(2_500_000), tally(900_000, database="nominal"), *hits]
    climb(scene, send(scene, form(scene, lines=lines), at=EVENING), "boubacar", "chaima")
    rate = tiles(scene, "lena")[Kpi.HIT_RATE]
    assert rate.number == "0.40"
    assert rate.more == "2 more databases"
    said = dict(rate.parts)
    assert len(said) == 3
    both = "1 of 2,500,000 · \u20680.00040\u2069 per thousand · \u20680.40\u2069 per million · 95 %"
    assert any(text.startswith(both) for text in said.values())
    assert any("0 of 900,000" in text for text in said.values())
    assert any("1 hit" in text and "nobody reported a query" in text for text in said.values())


def test_gates_and_people_are_not_mixed_in_one_rate(scene: Running) -> None:
    lines = [tally(4_000, channel="e_gate"), tally(300), hit(START + timedelta(hours=1))]
    climb(scene, send(scene, form(scene, lines=lines), at=EVENING), "boubacar", "chaima")
    rate = tiles(scene, "lena")[Kpi.HIT_RATE]
    assert (rate.number, rate.notes) == ("—", ("1 database without a rate",))
    assert "4,000" in rate.parts[0][1]
    assert "300" in rate.parts[0][1]


def test_offences_that_nobody_named_stand_apart(scene: Running) -> None:
    """Weka II: 300 arrests, 88 and 83 core, some 100 others."""
    lines = [arrest(88), arrest(83, offence="trafficking_in_persons"), arrest(100, offence="drugs")]
    lines.append(arrest(29, offence="unspecified"))
    climb(scene, send(scene, form(scene, lines=lines), at=EVENING), "boubacar", "chaima")
    core = tiles(scene, "lena")[Kpi.CORE_SHARE]
    assert core.number == "57.0"
    assert [part.replace("\u2068", "").replace("\u2069", "") for part in core.change] == [
        "33.3\u202f% other",
        "9.7\u202f% not specified",
    ]
    assert [text.split(" ")[0].strip("\u2068\u2069") for _name, text in core.parts] == ["171", "100", "29"]


def test_a_count_is_broken_down_and_a_share_of_answers_says_its_parts(scene: Running) -> None:
    forged, posed = (
        {"kind": "document_seizure", "id": str(uuid4()), "count": count, "doc_type": "passport", "fraud_kind": kind}
        for count, kind in ((169, "forged"), (2, "impostor"))
    )
    hits = [hit(START + timedelta(hours=1)) for _each in range(3)]
    made = send(scene, form(scene, lines=[forged, posed, *hits]), at=EVENING)
    for each, said in zip(hits, ("confirmed", "refuted"), strict=False):
        made = answer(scene, made.id, UUID(each["id"]), told(said))
    found = tiles(scene, "lena", "V1")
    assert (found[Kpi.DOCUMENTS].number, found[Kpi.DOCUMENTS].unit) == ("171", "documents")
    assert found[Kpi.DOCUMENTS].parts == (("Forged", "169"), ("Impostor", "2"))
    rate = found[Kpi.CONFIRMATION_RATE]
    assert (rate.number, rate.notes) == ("50.0", ("of 2 answered hits", "95 %: \u20689–91\u202f%\u2069"))
    assert [each.replace("\u2068", "").replace("\u2069", "") for each in rate.change] == ["50.0\u202f% refuted"]
    assert [name for name, _text in rate.parts] == ["Confirmed", "Refuted"]


@pytest.mark.parametrize(("tiles", "wide"), [(1, 1), (9, 9), (12, 12), (13, 7), (20, 10), (25, 9)])
def test_rows_of_tiles_are_as_long_as_one_another(tiles: int, wide: int) -> None:
    assert ids.columns(tiles) == wide


def test_nobody_says_that_all_have_reported_where_only_the_own_sites_did() -> None:
    said = texts(country_status([], 2, True, coverage=(44, 45)))
    assert "Everybody" not in said
    assert "44 of 45 sites" in said
    assert "Everybody has reported" in texts(country_status([], 45, True, coverage=(45, 45)))


def test_a_refresh_sends_only_what_differs(scene: Running) -> None:
    with at_desk(scene, "lena"):
        first = page.refresh(1, str(scene.operation), None, level="V1", scope="", figure="K01")
        again = page.refresh(2, str(scene.operation), first["marks"], level="V1", scope="", figure="K01")
    parts = dict(zip(ids.PARTS, again["shown"], strict=False))
    assert all(parts[name] is no_update for name in ids.PARTS)
    send(scene, form(scene, lines=[tally(50)]), at=EVENING)
    with at_desk(scene, "lena"):
        third = page.refresh(3, str(scene.operation), again["marks"], level="V1", scope="", figure="K01")
    parts = dict(zip(ids.PARTS, third["shown"], strict=False))
    assert parts["days"] is not no_update
    assert parts["values"] is not no_update
    assert parts["as_of"] is not no_update
    assert parts["phases"] is no_update
    assert parts["scene"] is no_update
    new = {name for name in ids.PARTS if name.startswith("tile ") and parts[name] is not no_update}
    assert {"tile K01", "tile K11"} & new == {"tile K01"}  # of arrests nothing is new


def test_two_readers_of_the_same_entry_read_the_same_numbers(scene: Running) -> None:
    climb(scene, send(scene, form(scene, lines=[tally(500)]), at=EVENING), "boubacar", "chaima")
    let_out(scene)
    one, other = tiles(scene, "lena"), tiles(scene, "ana")
    assert {kpi: words.number for kpi, words in one.items()} == {kpi: words.number for kpi, words in other.items()}
    with at_desk(scene, "lena"):
        sent = page.refresh(1, str(scene.operation), None, level="V3", scope="", figure="K01")
    with scene.store.reading(scene["lena"]) as session:
        from operations.core import journal

        assert f"entry {journal.pulse(session)}" in texts(sent["shown"][0])


def test_a_chosen_country_or_site_is_told_with_its_results_and_its_silence(scene: Running) -> None:
    climb(scene, send(scene, form(scene, lines=[tally(50)]), at=EVENING), "boubacar", "chaima")
    let_out(scene)
    with scene.store.reading(scene["ana"]) as session:
        [niamey] = [str(site.id) for site in places.sites(session, scene.operation) if site.name.startswith("Niamey")]
    for name in ("ana", "lena"):
        with at_desk(scene, name):
            drawn = {
                chosen: part_of(page.layout(str(scene.operation), chosen=chosen), ids.Ids.CHOSEN_FIGURES)
                for chosen in ("NER", niamey, "", "XXX", str(uuid4()))
            }
        of_country, of_site, *nothing = [" ".join(texts(each).split()) for each in drawn.values()]
        assert "Niger" in of_country
        assert "Database checks 50" in of_country
        assert "Silent for 24 hours 1 of 2" in of_country
        assert "Niamey" not in of_country
        assert "Niamey" in of_site
        assert "Last report" in of_site
        assert nothing == ["", "", ""], "what is no choice chooses nothing"


def test_the_address_of_a_choice_is_read_and_a_senseless_one_forgotten(scene: Running) -> None:
    with at_desk(scene, "ana"):
        stores = [
            part_of(page.layout(str(scene.operation), chosen=chosen), ids.Ids.CHOSEN).data for chosen in ("NER", "XXX")
        ]
        named = [each for each in found_in(page.layout(str(scene.operation)), "Button") if hasattr(each, "data-pick")]
    assert stores == ["NER", ""]
    assert {"NER", "MLI"} <= {getattr(each, "data-pick") for each in named}, "who is silent can be chosen"


def test_unknown_choices_become_the_defaults(scene: Running) -> None:
    lena, chaima = scene["lena"], scene["chaima"]
    assert BoardChoice.of("V9", "x", "K99", lena) == BoardChoice(Level.V3, WHOLE, Kpi.DATABASE_CHECKS)
    assert BoardChoice.of("V0", OWN, "K31", lena) == BoardChoice(Level.V3, WHOLE, Kpi.DATABASE_CHECKS)
    assert BoardChoice.of("V1", "", "K11", chaima) == BoardChoice(Level.V1, OWN, Kpi.ARRESTS)


def test_charts_begin_with_what_fits_the_operation_and_what_it_reports(scene: Running) -> None:
    lena = scene["lena"]
    with scene.store.reading(lena) as session:
        found = plan.operation(session, scene.operation, lena).model_copy()

        def charts(kind: str, *kinds: str) -> tuple[Kpi, ...]:
            return chart_figures(session, found.model_copy(update={"type": kind, "line_kinds": [*kinds]}))

        sweep = charts("fugitive", "hit", "arrest", "positive_location")
        assert sweep[:4] == (Kpi.ARRESTS, Kpi.RAW_HITS, Kpi.CONFIRMED_HITS, Kpi.LOCATED)
        assert BoardChoice.of(None, None, None, lena, sweep).figure is Kpi.ARRESTS
        assert BoardChoice.of(None, None, "K01", lena, sweep).figure is Kpi.DATABASE_CHECKS
        assert charts("intelligence_driven", "check_tally", "arrest")[0] is Kpi.ARRESTS
        always = tuple(kpi for kpi in COUNTED if not CATALOGUE[kpi].reported)
        assert charts("regional", "document_seizure") == (Kpi.DOCUMENTS, *always)
        assert charts("regional") == always


def test_the_board_shows_what_its_coordinator_put_on_it(scene: Running) -> None:
    """At once, though nothing was reported of it; and what was taken off has no tile and no chart."""
    lena = scene["lena"]
    with scene.store.unit_of_work(scene["ana"]) as session:
        boards.show(session, scene.operation, Kpi.CASUALTIES, True, scene["ana"])
        boards.show(session, scene.operation, Kpi.RAW_HITS, False, scene["ana"])
    with scene.store.reading(lena) as session:
        operation = plan.operation(session, scene.operation, lena)
        read = read_numbers(session, operation, BoardChoice.of(None, None, None, lena), lena)
    assert [read.stands(kpi) for kpi in (Kpi.CASUALTIES, Kpi.RAW_HITS, Kpi.CONFIRMED_HITS)] == [True, False, True]
    assert Kpi.RAW_HITS not in read.charted
    drawn = parts_drawn.figures(read)
    assert (drawn["tile K04"], drawn["no K04"], drawn["no K21"]) == ([], True, False)


def test_once_reporting_is_over_nobody_is_silent_and_no_coverage_is_asked_for(scene: Running) -> None:
    send(scene, form(scene, lines=[tally(12)]), at=EVENING)
    lena = scene["lena"]
    with scene.store.reading(lena) as session:
        last = max(phase.ends for phase in plan.phases(session, scene.operation))

    def seen(moment: Any) -> tuple[Tile, Tile, str]:
        with clock.at(moment), at_desk(scene, "lena", at=moment), reading() as session:
            operation = plan.operation(session, scene.operation, lena)
            read = read_situation(session, operation, BoardChoice.of("V1", WHOLE, None, lena), lena)
            found = {each.kpi: each for each in read.tiles}
            words = texts(parts_drawn.written(read, ({"features": []}, {}))["silent"])
        return found[Kpi.COVERAGE], found[Kpi.DATABASE_CHECKS], words

    coverage, checks, words = seen(last - timedelta(hours=1))
    assert coverage.number != "—"
    assert checks.change != ()
    assert "The reporting is over" not in words
    coverage, checks, words = seen(last + timedelta(days=2))
    assert (coverage.number, coverage.notes) == ("—", ("reporting is over",))
    assert (checks.number, checks.change) == ("12", ())
    assert "The reporting is over" in words


def test_a_forged_operation_is_not_found(scene: Running) -> None:
    with at_desk(scene, "lena"), pytest.raises(NotFound):
        page.refresh(1, str(uuid4()), None, level="V3", scope="", figure="K01")
    with at_desk(scene, "ada"), pytest.raises(NotFound):
        page.layout(str(scene.operation))


def test_every_definition_says_formula_caution_and_source(scene: Running) -> None:
    with at_desk(scene, "lena"):
        for kpi in Kpi:
            words = texts(page.definition_of(kpi, str(scene.operation), "V3", ""))
            assert CATALOGUE[kpi].formula in words
            assert CATALOGUE[kpi].caution in words
            assert CATALOGUE[kpi].source.split()[0] in words


def test_who_is_silent_is_told_as_far_as_the_reader_may_know(scene: Running) -> None:
    send(scene, form(scene), at=EVENING)
    for name, said, unsaid in (
        ("lena", ("Agadez", "Mali", "Bamako"), ("Niamey",)),
        ("moussa", ("Bamako",), ("Agadez", "Niger")),
    ):
        with at_desk(scene, name):
            sent = page.refresh(1, str(scene.operation), None, level="V3", scope="", figure="K01")
        words = texts(dict(zip(ids.PARTS, sent["shown"], strict=False))["silent"])
        assert all(each in words for each in said)
        assert not any(each in words for each in unsaid)


def test_a_site_is_silent_after_24_hours(scene: Running) -> None:
    with scene.store.reading(scene["ana"]) as session:
        phases = plan.phases(session, scene.operation)
        sites = places.sites(session, scene.operation)
    heard = {site.id: START for site in sites}
    assert silences(sites, heard, START + timedelta(hours=24), "en") == []
    found = silences(sites, heard, START + timedelta(hours=24, seconds=1), "en")
    assert [(each.country, each.of, each.whole) for each in found] == [("MLI", 1, True), ("NER", 2, True)]
    assert reports_due(phases, START)
    assert not reports_due(phases, START + timedelta(days=30))


def test_phases_stand_on_one_line_of_time(scene: Running) -> None:
    with scene.store.reading(scene["ana"]) as session:
        phases = plan.phases(session, scene.operation)
    found, now = stretches(phases, START + timedelta(days=2))
    assert [(round(each.begins, 1), round(each.width, 1), each.tense) for each in found] == [
        (0.0, 16.7, "past"),
        (16.7, 83.3, "present"),
    ]
    assert now == pytest.approx(50)
    assert stretches(phases, START + timedelta(days=60))[1] is None
    assert stretches([], START) == ([], None)


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_the_screen_is_drawn_in_every_language(scene: Running, language: str) -> None:
    send(scene, form(scene, lines=[tally(1200), arrest(3)]), at=EVENING)
    with at_desk(scene, "lena", language=language):
        words = texts(page.layout(str(scene.operation), level="V1"))
    assert {"fr": "mars 2026", "es": "mar 2026", "ar": "مارس 2026"}[language] in words


def test_what_only_some_report_has_a_tile_once_there_is_something_of_it(scene: Running) -> None:
    def away(name: str = "ana") -> set[str]:
        with at_desk(scene, name), reading() as session:
            operation = plan.operation(session, scene.operation, scene[name])
            choice = BoardChoice.of("V1", "", None, scene[name])
            drawn = parts_drawn.written(read_situation(session, operation, choice, scene[name]), ({"features": []}, {}))
        return {kpi.value for kpi in Kpi if drawn[f"no {kpi.value}"]}

    with scene.store.unit_of_work(scene["ana"]) as session:
        session.get_one(plan.Operation, scene.operation).line_kinds = ["check_tally", "hit", "arrest"]
    assert {Kpi.INSPECTIONS, Kpi.PERSONS_CHECKED, Kpi.LOCATED} <= away()
    assert not {Kpi.DATABASE_CHECKS, Kpi.RAW_HITS, Kpi.ARRESTS} & away()
    send(scene, form(scene, lines=[tally(80, check_kind="border_inspection", database=None)]))
    assert Kpi.INSPECTIONS not in away()
    assert Kpi.PERSONS_CHECKED in away()
