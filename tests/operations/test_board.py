"""The board: right figures at every level, for each reader no more than that reader may know."""

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from dashboard.parts.report.line_form import FIELDS
from operations.catalogue.intervals import IntervalRate
from operations.catalogue.kpis import CATALOGUE, COUNTED, PERSON_KINDS, Kpi, on_board, on_card
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.vocabulary import Classification, Level, OperationType, codes
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.figures.board import FigureBoard
from operations.figures.values import Figure
from operations.lines import kinds
from operations.lines.line import breakdown_fields
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.policing.reports.reports import Report
from operations.totals import activity, totals
from tests.makers import START, Running, arrest, detection, form, hit, let_out, send, site_draft, tally
from tests.operations.steps import answer, climb, correction, told
from tests.operations.test_lines import line_of
from tests.people import CAST, actor

LATER = START + timedelta(hours=13)
CHAINS = {"NER": ("bruno", "boubacar", "chaima"), "MLI": ("mateo", "marie", "moussa")}


def frame(scene: Running, level: Level = Level.V3, country: str | None = None, **changes: Any) -> BoardFrame:
    return BoardFrame(
        scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level, country=country, **changes
    )


def read(scene: Running, name: str, level: Level = Level.V3, country: str | None = None) -> FigureBoard:
    by = scene[name]
    let_out(scene)
    with clock.at(LATER), scene.store.reading(by) as session:
        return board.read_board(session, frame(scene, level, country), by)


def figure(scene: Running, name: str, kpi: Kpi, level: Level = Level.V3, country: str | None = None) -> Figure:
    return read(scene, name, level, country).figures[kpi]


def countries(
    scene: Running, name: str, kpi: Kpi = Kpi.ARRESTS, level: Level = Level.V3, country: str | None = None
) -> dict[str, tuple[int | None, int | None]]:
    by = scene[name]
    let_out(scene)
    with scene.store.reading(by) as session:
        rows = board.by_country(session, frame(scene, level, country), kpi, by)
    return {row.country: (row.verified, row.unverified) for row in rows}


def report(
    scene: Running, lines: list[dict[str, Any]], country: str = "NER", level: Level = Level.V3, day: int = 0
) -> Report:
    """A report of a country that climbed to `level`."""
    officer, *others = CHAINS[country]
    site = "Niamey" if country == "NER" else "Bamako"
    made = send(scene, form(scene, site, lines=lines, day=day), by=officer)
    return climb(scene, made.id, *others[: level - 1]) if level > Level.V1 else made


def arrests(scene: Running, persons: int, country: str = "NER", level: Level = Level.V3, **changes: Any) -> None:
    report(scene, [arrest(persons, **changes)], country, level)


def detections(scene: Running, count: int, country: str = "NER", level: Level = Level.V3) -> None:
    report(scene, [detection(count)], country, level)


def share(scene: Running, name: str) -> None:
    """A country lets the others see its totals."""
    with scene.store.unit_of_work(scene[name]) as session:
        plan.answer(session, scene.operation, scene[name], accept=True, shares_totals=True)


def third_country(scene: Running, code: str, persons: int, shares: bool = False) -> None:
    """Another country joins and arrests `persons`, validated."""
    people = {
        name: Actor(**vars(actor(cast, scene.operation)) | {"country": code, "account_id": actor(cast).account_id})
        for name, cast in zip(("no", "tl", "nc"), CHAINS["NER"], strict=True)
    }
    with scene.store.unit_of_work(scene["ana"]) as session:
        plan.invite(session, scene.operation, parse(plan.CountryInvitation, {"country": code}), scene["ana"])
        site = places.place_site(session, scene.operation, site_draft(code, code), scene["ana"]).id
    with scene.store.unit_of_work(people["nc"]) as session:
        plan.answer(session, scene.operation, people["nc"], accept=True, shares_totals=shares)
    whole = {**scene.members}
    scene.members.update(people)
    scene.sites[code] = site
    made = send(scene, form(scene, code, lines=[arrest(persons)]), by="no")
    climb(scene, made.id, "tl", "nc")
    scene.members.clear()
    scene.members.update(whole)


# ------------------------------------------------------------------------------------------------------- figures


def test_the_sahel_rate_carries_its_interval(scene: Running) -> None:
    """Domain 2.8 and section 3: 7 hits in 4,800 searches."""
    report(scene, [tally(4800), *(hit(START) for _ in range(7))])
    found = figure(scene, "lena", Kpi.HIT_RATE)
    assert found.value is not None
    assert (round(found.value), found.of) == (1458, 4800)
    rate = found.rates["sltd"]
    assert tuple(round(bound) for bound in rate.interval) == (586, 3005)
    assert (rate.uncertain, rate.per_thousand) == (True, pytest.approx(1.4583, abs=1e-4))


def test_a_rate_joins_hits_and_queries_of_the_same_database(scene: Running) -> None:
    report(scene, [tally(1000), tally(500, database="nominal"), hit(START, database="nominal")])
    report(scene, [tally(300, check_kind="police_check", database=None), hit(START, database="sltd")])
    rates = figure(scene, "ana", Kpi.HIT_RATE).rates
    assert rates == {"sltd": IntervalRate(1, 1000), "nominal": IntervalRate(1, 500)}
    assert list(rates) == ["sltd", "nominal"]


def test_a_rate_or_share_of_nothing_is_undefined(scene: Running) -> None:
    report(scene, [hit(START)])
    found = read(scene, "ana").figures
    assert (found[Kpi.HIT_RATE].value, found[Kpi.HIT_RATE].rates) == (None, {})
    assert (found[Kpi.CORE_SHARE].value, found[Kpi.CORE_SHARE].hidden) == (None, False)
    assert found[Kpi.RAW_HITS].value == 1


def test_no_hit_has_a_rate_of_zero_and_an_upper_bound(scene: Running) -> None:
    report(scene, [tally(1000)])
    low, high = figure(scene, "ana", Kpi.HIT_RATE).rates["sltd"].interval
    assert low == 0
    assert round(high) == 3689  # 3.689 of 1,000: minus the logarithm of 0.025


def test_pending_hits_stand_beside_the_confirmed_ones(scene: Running) -> None:
    hits = [hit(START), hit(START), hit(START)]
    made = report(scene, hits)
    for line, said in zip(hits, ("confirmed", "refuted"), strict=False):
        made = answer(scene, made.id, UUID(line["id"]), told(said))
    found = figure(scene, "lena", Kpi.CONFIRMED_HITS)
    assert (found.value, found.pending) == (1, 1)
    assert figure(scene, "lena", Kpi.RAW_HITS).value == 3


def test_the_core_share_is_of_all_arrests(scene: Running) -> None:
    arrests(scene, 3)
    arrests(scene, 1, offence="trafficking_in_persons")
    arrests(scene, 4, offence="drugs")
    found = figure(scene, "ana", Kpi.CORE_SHARE)
    assert (found.value, found.of) == (50.0, 8)


def test_queries_and_hits_of_the_training_are_left_out(scene: Running) -> None:
    report(scene, [tally(100), tally(900, phase_id=str(scene.training)), hit(START, phase_id=str(scene.training))])
    found = read(scene, "ana").figures
    assert (found[Kpi.DATABASE_CHECKS].value, found[Kpi.RAW_HITS].value) == (100, 0)
    assert found[Kpi.HIT_RATE].of == 100


def test_detections_victims_and_arrests_are_three_counts(scene: Running) -> None:
    detection = {"kind": "migrant_detection", "id": "00000000-0000-4000-8000-000000000001", "detections": 40}
    victims = {"kind": "potential_victim", "persons": 12}
    report(
        scene,
        [
            detection | {"detection_kind": codes("CL-DETECTKIND")[0]},
            victims | {"id": "00000000-0000-4000-8000-000000000002"},
            victims | {"id": "00000000-0000-4000-8000-000000000003", "status": "not_a_victim", "persons": 5},
            arrest(2),
        ],
    )
    found = read(scene, "ana").figures
    assert [found[kpi].value for kpi in (Kpi.DETECTIONS, Kpi.POTENTIAL_VICTIMS, Kpi.ARRESTS)] == [40, 12, 2]


def test_levels_part_what_is_verified_from_what_waits(scene: Running) -> None:
    for level, count in ((Level.V1, 1), (Level.V2, 20), (Level.V3, 300)):
        report(scene, [tally(count)], level=level)
    seen = {level: figure(scene, "ana", Kpi.DATABASE_CHECKS, level) for level in (Level.V1, Level.V2, Level.V3)}
    assert {level.name: (found.value, found.unverified) for level, found in seen.items()} == {
        "V1": (321, 0),
        "V2": (320, 1),
        "V3": (300, 21),
    }


def test_a_board_is_as_of_one_entry(scene: Running) -> None:
    first, again = read(scene, "lena"), read(scene, "lena")
    assert first == again
    report(scene, [tally(1)], level=Level.V1)
    assert read(scene, "lena").seq == first.seq + 2, "the report, and that it is told"


def test_coverage_is_of_the_sites_that_are_waited_for(scene: Running) -> None:
    assert (read(scene, "lena").sites_reporting, read(scene, "lena").sites_planned) == (0, 3)
    report(scene, [tally(1)], level=Level.V1)
    found = read(scene, "lena")
    assert (found.sites_reporting, found.sites_planned) == (1, 3)
    assert found.figures[Kpi.COVERAGE].value == pytest.approx(100 / 3)
    with scene.store.unit_of_work(scene["moussa"]) as session:
        plan.withdraw(session, scene.operation, plan.Leaving(figures="shown"), scene["moussa"])
    left = read(scene, "lena")
    assert (left.sites_reporting, left.sites_planned, left.countries_taking_part) == (1, 2, 1)


def test_a_site_is_silent_after_a_day(scene: Running) -> None:
    made = send(scene, form(scene, lines=[], kind="nil"))
    for passed, heard in ((timedelta(hours=24), 1), (timedelta(hours=24, seconds=1), 0)):
        with clock.at(made.received_at + passed), scene.store.reading(scene["lena"]) as session:
            assert board.read_board(session, frame(scene), scene["lena"]).sites_reporting == heard


def test_today_and_yesterday_are_official_days(scene: Running) -> None:
    report(scene, [tally(10)], day=0)
    report(scene, [tally(5)], day=1)
    with clock.at(START + timedelta(days=1, hours=3)), scene.store.reading(scene["ana"]) as session:
        found = board.read_board(session, frame(scene), scene["ana"]).figures[Kpi.DATABASE_CHECKS]
        days = board.by_day(session, frame(scene), Kpi.DATABASE_CHECKS, scene["ana"])
    assert (found.today, found.yesterday) == (5, 10)
    assert found.trend == (("2026-03-02", 10), ("2026-03-03", 5))
    assert days == [("2026-03-02", 10, 0), ("2026-03-03", 5, 0)]


def inspection(count: int, **changes: Any) -> dict[str, Any]:
    return tally(count, check_kind="border_inspection", database=None, entity_type="person", **changes)


def documents(count: int, fraud: str = "forged") -> dict[str, Any]:
    return {
        "kind": "document_seizure",
        "id": str(new_id()),
        "count": count,
        "doc_type": "passport",
        "fraud_kind": fraud,
    }


def test_inspections_and_documents_are_counted_and_broken_down(scene: Running) -> None:
    training = inspection(500, phase_id=str(scene.training))
    police = tally(5, check_kind="police_check", database=None, entity_type="vehicle")
    report(scene, [tally(100), inspection(20), police, training])
    report(scene, [documents(169), documents(1, "impostor")], day=1)
    found = read(scene, "ana").figures
    assert found[Kpi.DATABASE_CHECKS].value == 100
    assert (found[Kpi.INSPECTIONS].value, found[Kpi.DOCUMENTS].value) == (25, 170)
    assert found[Kpi.INSPECTIONS].parts == {"border_inspection": 20, "police_check": 5}
    assert found[Kpi.DOCUMENTS].parts == {"forged": 169, "impostor": 1}
    assert countries(scene, "lena", Kpi.DOCUMENTS) == {"NER": (170, 0), "MLI": (0, 0)}  # documents are no persons
    with scene.store.reading(scene["lena"]) as session:
        assert board.by_day(session, frame(scene), Kpi.INSPECTIONS, scene["lena"]) == [("2026-03-02", 25, 0)]
        assert board.by_day(session, frame(scene), Kpi.DOCUMENTS, scene["lena"]) == [("2026-03-03", 170, 0)]


def test_the_confirmation_rate_leaves_out_what_nobody_answered(scene: Running) -> None:
    """Domain K06: confirmed of confirmed and refuted, never of all hits."""
    hits = [hit(START + timedelta(minutes=each)) for each in range(6)]
    made = report(scene, hits, level=Level.V2)
    for each, said in zip(hits, ("confirmed", "confirmed", "confirmed", "refuted"), strict=False):
        made = answer(scene, made.id, UUID(each["id"]), told(said))
    found = figure(scene, "ana", Kpi.CONFIRMATION_RATE, Level.V1)
    assert (found.value, found.part, found.of) == (75.0, 3, 4)
    assert dict(found.parts) == {"Confirmed": 3, "Refuted": 1}
    assert not found.hidden


def test_a_share_of_nothing_is_undefined_and_not_hidden(scene: Running) -> None:
    report(scene, [hit(START)])
    found = figure(scene, "ana", Kpi.CONFIRMATION_RATE)
    assert (found.value, found.of, found.hidden) == (None, 0, False)


def test_a_country_that_keeps_its_totals_back_is_in_no_share_and_no_breakdown(scene: Running) -> None:
    report(scene, [documents(30), hit(START), tally(10)])
    report(scene, [documents(50, "impostor"), hit(START), tally(10)], country="MLI")
    for kpi in (Kpi.DOCUMENTS, Kpi.CONFIRMATION_RATE):
        found = figure(scene, "chaima", kpi)
        assert (found.value, found.hidden, found.keeps_back) == (None, True, True)
        assert (found.of, found.part, dict(found.parts), found.trend) == (None, None, {}, ())
    assert figure(scene, "chaima", Kpi.DOCUMENTS, country="NER").parts == {"forged": 30}
    assert not figure(scene, "lena", Kpi.DOCUMENTS).hidden


@pytest.mark.parametrize(("refuted", "hidden"), [(0, True), (1, True), (40, False)])
def test_a_part_of_a_share_tells_nothing_of_a_country_that_keeps_its_totals_back(
    scene: Running, refuted: int, hidden: bool
) -> None:
    """The sums of all hits may be told: that none was refuted, or few were, would tell it of Mali."""
    with scene.store.unit_of_work(System()) as session:
        activity.expect_country(session, scene.operation, "TCD", shares_totals=True)
        for country, said, count in (
            ("NER", "confirmed", 30),
            ("TCD", "confirmed", 80),
            ("MLI", "confirmed", 60),
            ("MLI", "refuted", refuted),
            ("TCD", "refuted", refuted),
        ):
            facet = totals.Facet("hit", "operational", database="sltd", status=said)
            line = totals.CountedLine(scene.operation, country, UUID(int=1), "2026-03-02", facet, 1)
            totals.move(session, [line] * count, into=Level.V3)
    found = read(scene, "chaima").figures
    assert (found[Kpi.RAW_HITS].value, found[Kpi.CONFIRMED_HITS].value) == (170 + 2 * refuted, 170)
    share = found[Kpi.CONFIRMATION_RATE]
    assert (share.hidden, share.keeps_back, share.of is None) == (hidden, hidden, hidden)
    assert read(scene, "ana").figures[Kpi.CONFIRMATION_RATE].part == 170


def test_each_figure_names_what_lines_have_and_totals_keep() -> None:
    """A side of the totals holds different fields of different kinds: a figure names the field, never the side."""
    for kind, model in kinds.KINDS.items():
        sides = [by.side for by in breakdown_fields(model).values() if by.side]
        assert len(sides) == len(set(sides)), f"{kind}: one side cannot hold two fields"
        assert set(sides) <= set(totals.SIDES) - {"kind", "phase_kind", "unit"}, kind
    for kpi in COUNTED:
        found = CATALOGUE[kpi].lines
        for held, accepted in found.where.items():
            listed = {field.name: field.codes for field in FIELDS[found.kind]}.get(held, "CL-UNIT")
            assert set(map(str, accepted)) <= set(codes(listed)), (kpi, held)
    assert PERSON_KINDS == kinds.PERSON_KINDS


def test_a_board_is_chosen_by_the_kind_of_operation_and_by_what_it_reports() -> None:
    reported = [*kinds.KINDS]
    for kind in OperationType:
        assert on_card(kind) in on_board(kind, ())
        assert set(on_board(kind, ())) <= set(on_board(kind, reported))
        assert list(on_board(kind, reported)) == [kpi for kpi in Kpi if kind in CATALOGUE[kpi].boards]
    assert Kpi.INSPECTIONS in on_board(OperationType.BORDER_STOP, reported)
    assert Kpi.INSPECTIONS not in on_board(OperationType.FUGITIVE, reported)
    assert Kpi.LOCATED not in on_board(OperationType.FUGITIVE, ("hit",))


def test_every_figure_is_on_every_board(scene: Running) -> None:
    assert set(read(scene, "lena").figures) == set(CATALOGUE) == set(Kpi)


# ------------------------------------------------------------------------------------------------- small counts


@pytest.mark.parametrize(("persons", "shown"), [(0, 0), (1, None), (10, None), (11, 11), (257, 257)])
def test_leadership_sees_no_count_of_one_to_ten_persons(scene: Running, persons: int, shown: int | None) -> None:
    if persons:
        detections(scene, persons)
    found = figure(scene, "lena", Kpi.DETECTIONS)
    assert (found.value, found.hidden, found.few) == (shown, shown is None, shown is None)
    assert figure(scene, "ana", Kpi.DETECTIONS).value == persons
    assert countries(scene, "lena", Kpi.DETECTIONS)["NER"] == (shown, 0)
    if shown is None:
        assert (found.trend, found.today, found.unverified) == ((), None, 0)


def test_a_large_count_is_hidden_when_it_would_give_a_small_one_away(scene: Running) -> None:
    detections(scene, 3)
    detections(scene, 30, country="MLI")
    assert countries(scene, "lena", Kpi.DETECTIONS) == {"NER": (None, 0), "MLI": (None, 0)}
    assert figure(scene, "lena", Kpi.DETECTIONS).value == 33
    for country in ("NER", "MLI"):
        assert figure(scene, "lena", Kpi.DETECTIONS, country=country).value is None
    assert not figure(scene, "lena", Kpi.DETECTIONS, country="MLI").few
    assert countries(scene, "ana", Kpi.DETECTIONS) == {"NER": (3, 0), "MLI": (30, 0)}


def test_the_total_is_hidden_where_it_would_give_both_parts_away(scene: Running) -> None:
    detections(scene, 10)
    detections(scene, 10, country="MLI")
    found = figure(scene, "lena", Kpi.DETECTIONS)
    assert (found.value, found.hidden, found.few) == (None, True, False)


def test_the_level_switch_gives_no_small_count_away(scene: Running) -> None:
    detections(scene, 20)
    detections(scene, 5, level=Level.V1)
    shown = {level: figure(scene, "lena", Kpi.DETECTIONS, level).value for level in (Level.V1, Level.V2, Level.V3)}
    assert shown == {Level.V3: 20, Level.V2: 20, Level.V1: None}
    assert figure(scene, "lena", Kpi.DETECTIONS).unverified is None
    assert countries(scene, "lena", Kpi.DETECTIONS, level=Level.V1)["NER"] == (None, 0)


def test_days_give_no_small_count_away(scene: Running) -> None:
    report(scene, [detection(20)], day=0)
    report(scene, [detection(4)], day=1)
    report(scene, [detection(90)], day=2)
    let_out(scene)
    with clock.at(START + timedelta(days=2, hours=13)), scene.store.reading(scene["lena"]) as session:
        days = {day: count for day, count, _ in board.by_day(session, frame(scene), Kpi.DETECTIONS, scene["lena"])}
        alone = board.by_day(session, frame(scene, country="NER"), Kpi.DETECTIONS, scene["lena"])
    assert days == {"2026-03-02": None, "2026-03-03": None, "2026-03-04": 90}
    assert alone == []


def test_a_share_gives_no_small_count_away(scene: Running) -> None:
    victims(scene, 40, "potential")
    victims(scene, 4, "identified")
    assert figure(scene, "lena", Kpi.IDENTIFIED_SHARE).hidden
    assert figure(scene, "lena", Kpi.IDENTIFIED_SHARE).of is None
    assert figure(scene, "ana", Kpi.IDENTIFIED_SHARE).of == 44


def test_a_share_of_many_is_told_of_all_and_of_no_country(scene: Running) -> None:
    for status, country in product(("potential", "identified"), ("NER", "MLI")):
        victims(scene, 20, status, country)
    assert figure(scene, "lena", Kpi.IDENTIFIED_SHARE).value == 50.0
    assert figure(scene, "lena", Kpi.IDENTIFIED_SHARE, country="NER").hidden


def victims(scene: Running, persons: int, status: str, country: str = "NER") -> None:
    line = {"kind": "potential_victim", "id": str(new_id()), "persons": persons, "status": status}
    report(scene, [line | {"exploitation": "unknown"}], country)


@pytest.mark.parametrize("kpi", [kpi for kpi in Kpi if kpi not in COUNTED])
def test_a_rate_is_not_shown_by_country_or_day(scene: Running, kpi: Kpi) -> None:
    for ask in (board.by_country, board.by_day):
        with scene.store.reading(scene["ana"]) as session, pytest.raises(RuleBroken, match="Rates and shares"):
            ask(session, frame(scene), kpi, scene["ana"])


def test_a_silent_country_is_not_worked_out_from_the_days(scene: Running) -> None:
    report(scene, [arrest(5), tally(100)], day=0)
    report(scene, [arrest(14), tally(70)], country="MLI", day=0)
    report(scene, [arrest(23), tally(30)], country="MLI", day=1)
    for kpi in (Kpi.ARRESTS, Kpi.DATABASE_CHECKS):
        found = figure(scene, "chaima", kpi)
        assert (found.value, found.trend, found.today, found.keeps_back) == (None, (), None, True)
        with clock.at(LATER), scene.store.reading(scene["chaima"]) as session:
            assert board.by_day(session, frame(scene), kpi, scene["chaima"]) == []
    assert figure(scene, "chaima", Kpi.HIT_RATE).hidden


def test_days_never_cost_the_total_nor_give_it_away(scene: Running) -> None:
    report(scene, [detection(10)], day=0)
    report(scene, [detection(10)], day=1)
    found = figure(scene, "lena", Kpi.DETECTIONS)
    assert (found.value, found.trend) == (20, ())
    let_out(scene)
    with clock.at(LATER), scene.store.reading(scene["lena"]) as session:
        assert board.by_day(session, frame(scene), Kpi.DETECTIONS, scene["lena"]) == []


def test_a_sum_of_many_small_parts_is_not_called_small(scene: Running) -> None:
    for code in ("TCD", "NGA", "BEN", "BFA", "SEN"):
        third_country(scene, code, 1, shares=True)
    assert figure(scene, "chaima", Kpi.ARRESTS).few
    third_country(scene, "GHA", 1, shares=True)
    arrests(scene, 1, country="MLI")
    found = figure(scene, "chaima", Kpi.ARRESTS)  # seven parts of ten at most: each would be four at most
    assert (found.hidden, found.few) == (True, False)


def test_leadership_sees_suspects_and_targets_exactly_and_located_persons_are_no_hits(scene: Running) -> None:
    report(scene, [{"kind": "positive_location", "id": "00000000-0000-4000-8000-000000000001", "persons": 3}])
    report(scene, [arrest(1), arrest(2, offence="drugs")], country="MLI", level=Level.V2)
    found = read(scene, "lena", Level.V1).figures
    assert (found[Kpi.LOCATED].value, found[Kpi.ARRESTS].value, found[Kpi.CORE_SHARE].of) == (3, 3, 3)
    assert (found[Kpi.RAW_HITS].value, found[Kpi.CONFIRMED_HITS].value) == (0, 0)
    assert countries(scene, "lena", Kpi.LOCATED) == {"NER": (3, 0), "MLI": (0, 0)}
    assert countries(scene, "lena", Kpi.ARRESTS) == {"NER": (0, 0), "MLI": (0, 3)}
    assert figure(scene, "lena", Kpi.ARRESTS, Level.V2, "MLI").value == 3
    with clock.at(LATER), scene.store.reading(scene["lena"]) as session:
        assert board.by_day(session, frame(scene, Level.V1), Kpi.ARRESTS, scene["lena"]) == [("2026-03-02", 3, 0)]
    assert figure(scene, "chaima", Kpi.ARRESTS).hidden


def test_counts_of_things_are_never_hidden(scene: Running) -> None:
    report(scene, [tally(3), hit(START)])
    found = read(scene, "lena").figures
    assert [found[kpi].value for kpi in (Kpi.DATABASE_CHECKS, Kpi.RAW_HITS)] == [3, 1]


# ---------------------------------------------------------------------------------------------------- countries


def test_a_country_sees_its_own_in_full_at_every_level(scene: Running) -> None:
    arrests(scene, 1)
    arrests(scene, 2, level=Level.V1)
    found = figure(scene, "chaima", Kpi.ARRESTS, country="NER")
    assert (found.value, found.unverified) == (1, 2)
    assert figure(scene, "bruno", Kpi.ARRESTS, Level.V1, "NER").value == 3
    assert countries(scene, "chaima") == {"NER": (1, 2)}


def test_of_the_operation_a_country_sees_what_is_validated(scene: Running) -> None:
    share(scene, "moussa")
    report(scene, [tally(100)], level=Level.V3)
    report(scene, [tally(50)], country="MLI", level=Level.V1)
    found = figure(scene, "chaima", Kpi.DATABASE_CHECKS)
    assert (found.value, found.unverified) == (100, None)
    for level in (Level.V1, Level.V2):
        with pytest.raises(NotFound):
            read(scene, "chaima", level)


@pytest.mark.parametrize("name", ["bruno", "boubacar", "chaima"])
def test_the_board_of_another_country_is_not_there(scene: Running, name: str) -> None:
    with pytest.raises(NotFound):
        read(scene, name, country="MLI")


def test_the_only_other_country_is_not_worked_out_by_subtraction(scene: Running) -> None:
    arrests(scene, 40)
    arrests(scene, 30, country="MLI")
    assert figure(scene, "chaima", Kpi.ARRESTS).hidden
    assert countries(scene, "chaima") == {"NER": (40, 0)}
    share(scene, "moussa")
    assert figure(scene, "chaima", Kpi.ARRESTS).hidden, "everybody who reads it would know what Niger holds"
    assert countries(scene, "chaima") == {"NER": (40, 0), "MLI": (None, None)}
    assert countries(scene, "moussa") == {"MLI": (30, 0)}
    share(scene, "chaima")
    assert figure(scene, "chaima", Kpi.ARRESTS).value == 70
    assert countries(scene, "chaima") == {"NER": (40, 0), "MLI": (30, None)}


def test_what_is_shared_passes_disclosure_control_in_every_frame(scene: Running) -> None:
    third_country(scene, "TCD", 4, shares=True)
    third_country(scene, "NGA", 60, shares=True)
    third_country(scene, "BEN", 70, shares=True)
    arrests(scene, 2)
    for country in (None, "NER"):
        assert countries(scene, "chaima", country=country) == {
            "NER": (2, 0),
            "BEN": (70, None),
            "NGA": (None, None),
            "TCD": (None, None),
        }
    assert figure(scene, "chaima", Kpi.ARRESTS).value == 136


def test_sharing_shows_validated_figures_only(scene: Running) -> None:
    share(scene, "moussa")
    share(scene, "chaima")
    third_country(scene, "TCD", 40, shares=True)
    scene.members["no"] = Actor(**vars(scene["bruno"]) | {"country": "TCD"})
    send(scene, form(scene, "TCD", lines=[arrest(25)]), by="no")
    assert countries(scene, "chaima", level=Level.V1, country="NER")["TCD"] == (40, None)


def test_a_share_that_is_taken_back_is_gone_at_once(scene: Running) -> None:
    third_country(scene, "TCD", 40, shares=True)
    assert "TCD" in countries(scene, "chaima")
    own = Actor(**vars(scene["chaima"]) | {"country": "TCD"})
    with scene.store.unit_of_work(own) as session:
        plan.answer(session, scene.operation, own, accept=True, shares_totals=False)
    assert "TCD" not in countries(scene, "chaima")
    assert countries(scene, "ana")["TCD"] == (40, 0)


def test_a_posted_officer_is_shown_the_country_as_a_stranger_is(scene: Running) -> None:
    scene.members["bruno"] = actor("bruno", scene.operation, sites=frozenset({scene.sites["Niamey"]}))
    arrests(scene, 4)
    assert figure(scene, "bruno", Kpi.ARRESTS, country="NER").hidden
    assert countries(scene, "bruno") == {"NER": (None, None)}
    arrests(scene, 40)
    assert figure(scene, "bruno", Kpi.ARRESTS, country="NER").value == 44


def test_sites_are_known_to_their_country_and_the_desks(scene: Running) -> None:
    report(scene, [tally(10), hit(START)], level=Level.V3)
    report(scene, [tally(10), hit(START), hit(START)], country="MLI")
    niamey, agadez, bamako = (scene.sites[name] for name in ("Niamey", "Agadez", "Bamako"))
    for name, hits, active in (
        ("lena", {niamey: 1, bamako: 2}, {niamey, agadez, bamako}),
        ("chaima", {niamey: 1}, {niamey, agadez}),
        ("mateo", {bamako: 2}, {bamako}),
    ):
        with scene.store.reading(scene[name]) as session:
            assert board.site_hits(session, frame(scene), scene[name]) == hits
            assert board.site_activity(session, frame(scene), scene[name]).keys() == active


@pytest.mark.parametrize("name", ["otto", "ada"])
@pytest.mark.parametrize("ask", ["board", "country", "day", "activity", "hits"])
def test_auditors_and_administrators_have_no_board(scene: Running, name: str, ask: str) -> None:
    by = scene[name]
    asked = {
        "board": lambda session: board.read_board(session, frame(scene), by),
        "country": lambda session: board.by_country(session, frame(scene), Kpi.ARRESTS, by),
        "day": lambda session: board.by_day(session, frame(scene), Kpi.ARRESTS, by),
        "activity": lambda session: board.site_activity(session, frame(scene), by),
        "hits": lambda session: board.site_hits(session, frame(scene), by),
    }
    with scene.store.reading(by) as session, pytest.raises(NotFound):
        asked[ask](session)


@pytest.mark.parametrize("name", ["ana", "dov", "chaima", "bruno", "lena"])
def test_the_stored_marking_decides_and_not_the_one_in_the_frame(scene: Running, name: str) -> None:
    with scene.store.unit_of_work(System()) as session:
        found = session.get(plan.Operation, scene.operation)
        assert found is not None
        found.classification = Classification.CONFIDENTIAL.value
        session.add(found)
    scene.members[name] = Actor(**vars(scene[name]) | {"clearance": Classification.FOR_OFFICIAL_USE})
    with pytest.raises(NotFound):
        read(scene, name)


def test_strangers_to_the_operation_have_no_board(scene: Running) -> None:
    for name in CAST:
        if name != "lena":
            scene.members[name] = actor(name)
            with pytest.raises(NotFound):
                read(scene, name)


def test_a_correction_moves_every_table_alike(scene: Running) -> None:
    made = send(scene, form(scene, lines=[tally(100)]))
    send(scene, correction(made, scene, lines=[tally(60)]))
    assert countries(scene, "ana", Kpi.DATABASE_CHECKS, Level.V1)["NER"] == (60, 0)


# ------------------------------------------------------------------------------------- what coverage rests on (K31)


def taken_back(scene: Running, made: Report, verb: str) -> None:
    """A report ceases to stand: returned or rejected by the analyst, or withdrawn by its country."""
    who = "chaima" if verb == "withdraw" else "dov"
    with clock.at(LATER), scene.store.unit_of_work(scene[who]) as session:
        if verb == "withdraw":
            reports.withdraw(session, made.id, "Sent by mistake.", scene[who])
        else:
            answer_of = parse(verification.Return, {"reason": "incomplete"})
            getattr(verification, verb)(session, made.id, answer_of, scene[who])


@pytest.mark.parametrize("verb", ["withdraw", "give_back", "reject"])
def test_coverage_and_validated_countries_fall_with_what_they_rest_on(scene: Running, verb: str) -> None:
    first, second = report(scene, [tally()]), report(scene, [tally(7)])
    found = read(scene, "ana")
    assert (found.sites_reporting, found.countries_validated) == (1, 1)
    taken_back(scene, first, verb)
    found = read(scene, "ana")
    assert (found.sites_reporting, found.countries_validated) == (1, 1)
    taken_back(scene, second, verb)
    found = read(scene, "ana")
    assert (found.sites_reporting, found.countries_validated) == (0, 0)
    with scene.store.reading(System()) as session:
        activity = session.get_one(board.CountryActivity, (scene.operation, "NER"))
        assert activity.last_report_at is None


def test_a_correction_that_waits_is_heard_and_validates_nothing(scene: Running) -> None:
    first = report(scene, [tally()])
    send(scene, correction(first, scene, lines=[tally(90)]), by="boubacar")
    assert read(scene, "ana").countries_validated == 1
    taken_back(scene, first, "give_back")
    found = read(scene, "ana")
    assert (found.sites_reporting, found.countries_validated) == (1, 0)


def test_a_report_of_an_old_day_does_not_make_a_site_report_now(scene: Running) -> None:
    now = START + timedelta(days=4, hours=13)
    send(scene, form(scene, day=0), at=now)
    by = scene["ana"]
    with clock.at(now), scene.store.reading(by) as session:
        found = board.read_board(session, frame(scene), by)
        heard = board.site_activity(session, frame(scene), by)[scene.sites["Niamey"]]
    assert found.sites_reporting == 0
    assert heard == START + timedelta(hours=12)
    send(scene, form(scene, day=3), at=now)  # it ended 25 hours ago
    send(scene, form(scene, day=3, period_to=(now - timedelta(hours=24)).isoformat()), at=now)
    with clock.at(now), scene.store.reading(by) as session:
        assert board.read_board(session, frame(scene), by).sites_reporting == 1


def officers(count: int, **changes: Any) -> dict[str, Any]:
    return line_of("officers", count=count, counted="officer", **changes)


def test_the_officers_of_one_site_on_three_days_are_not_three_times_as_many(scene: Running) -> None:
    """The same hundred come each day: the largest day of each site and agency counts."""
    for day, count in enumerate((100, 104, 98)):
        report(scene, [officers(count), line_of("officers", count=count, counted="officer_day")], day=day)
    found = figure(scene, "ana", Kpi.OFFICERS)
    assert (found.value, figure(scene, "ana", Kpi.OFFICER_DAYS).value) == (104, 302)
    report(scene, [officers(20, agency="customs", qualifier="~")], day=2)
    report(scene, [officers(7)], "MLI")
    found = figure(scene, "ana", Kpi.OFFICERS)
    assert (found.value, found.qualifier) == (131, "~")
    assert figure(scene, "chaima", Kpi.OFFICERS, country="NER").value == 124
    assert figure(scene, "lena", Kpi.OFFICERS, Level.V4).value == 0


def test_officers_of_two_reports_of_one_day_are_added_up_and_a_correction_replaces(scene: Running) -> None:
    first = report(scene, [officers(30)], level=Level.V1)
    report(scene, [officers(12)], level=Level.V1)
    assert figure(scene, "ana", Kpi.OFFICERS, Level.V1).value == 42
    send(scene, correction(first, scene, lines=[officers(3)]))
    assert figure(scene, "ana", Kpi.OFFICERS, Level.V1).value == 15
