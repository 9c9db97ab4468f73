"""A country that leaves chooses what becomes of its figures, and goes on reading its own."""

from dataclasses import replace

import pytest

from operations.catalogue.kpis import COUNTED, Kpi
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.people import Account, Actor, System
from operations.core.vocabulary import Level, LineKind, OperationState, ReportState
from operations.figures import board
from operations.policing import lifecycle
from operations.policing.operation import membership, plan
from operations.policing.reports import departure, reports, verification
from operations.policing.reports.own_results import own_results
from operations.totals.activity import DepartureChoice
from tests.makers import START, Running, arrest, hit, tally
from tests.operations.test_board import countries, figure, frame, read, report, third_country
from tests.people import actor


def leave(scene: Running, figures: str, name: str = "moussa") -> None:
    by = scene[name]
    with scene.store.unit_of_work(by) as session:
        plan.withdraw(session, scene.operation, plan.Leaving(figures=figures), by)


def asks(scene: Running, name: str) -> Actor:
    """The person as the next request finds them."""
    with scene.store.reading(System()) as session:
        found = membership.actor(session, session.get(Account, actor(name).account_id))
    assert found is not None
    scene.members[name] = found
    return found


def sound(scene: Running) -> bool:
    with scene.store.reading(System()) as session:
        return not verification.differences(session, scene.operation)


@pytest.fixture
def reported(scene: Running) -> Running:
    """Mali: 30 arrests validated, 12 waiting. Niger, Chad and Benin: 40, 50, 60."""
    report(scene, [arrest(30), tally(1000), hit(START)], "MLI")
    report(scene, [arrest(12)], "MLI", Level.V1)
    report(scene, [arrest(40), tally(2000), hit(START)])
    third_country(scene, "TCD", 50)
    third_country(scene, "BEN", 60)
    return scene


def test_figures_that_stay_shown_are_seen_as_before_by_everybody(reported: Running) -> None:
    with reported.store.unit_of_work(reported["moussa"]) as session:
        plan.answer(session, reported.operation, reported["moussa"], accept=True, shares_totals=True)
    before = countries(reported, "lena"), countries(reported, "chaima")
    leave(reported, "shown")
    assert (countries(reported, "lena"), countries(reported, "chaima")) == before
    assert figure(reported, "ana", Kpi.ARRESTS).value == 180
    assert read(reported, "lena").countries_taking_part == 3
    with reported.store.reading(reported["dov"]) as session:
        assert {each.country for each in reports.newest(session, reported.operation)} == {"NER", "MLI", "TCD", "BEN"}
    assert sound(reported)


@pytest.mark.parametrize("name", ["ana", "dov", "lena", "chaima"])
def test_a_country_that_stays_in_totals_is_not_shown_and_not_to_be_worked_out(reported: Running, name: str) -> None:
    leave(reported, "totals")
    shown = countries(reported, name, country="NER" if name == "chaima" else None)
    assert "MLI" not in shown
    assert figure(reported, name, Kpi.ARRESTS).value == 180
    told = sum(verified for verified, _waiting in shown.values() if verified is not None)
    hidden = [country for country, (verified, _waiting) in shown.items() if verified is None]
    assert 180 - told > 30 + 10  # Mali and at least one more, which is none of the small ones
    if name != "chaima":
        assert hidden == ["NER"]
        for country in hidden:
            assert figure(reported, name, Kpi.ARRESTS, country=country).hidden
        assert figure(reported, name, Kpi.ARRESTS, country="BEN").value == 60
        assert figure(reported, name, Kpi.ARRESTS, country="BEN").trend == ()
    assert sound(reported)


@pytest.mark.parametrize("name", ["ana", "dov", "lena"])
def test_no_figure_of_one_country_gives_the_hidden_one_away(reported: Running, name: str) -> None:
    leave(reported, "totals")
    whole = read(reported, name)
    parts = {country: read(reported, name, country=country) for country in ("NER", "TCD", "BEN")}
    true = {Kpi.ARRESTS: 30, Kpi.DATABASE_CHECKS: 1000, Kpi.RAW_HITS: 1}
    for kpi in COUNTED:
        values = [each.figures[kpi].value for each in parts.values()]
        if whole.figures[kpi].value is not None and None not in values:
            assert whole.figures[kpi].value - sum(values) != true.get(kpi, 0), kpi
    for each in parts.values():
        assert not any(found.parts or found.pending or found.rates or found.trend for found in each.figures.values())
    by = reported[name]
    with reported.store.reading(by) as session:
        assert reported.sites["Niamey"] not in board.site_hits(session, frame(reported), by)
        assert reported.sites["Bamako"] not in board.site_activity(session, frame(reported), by)
        with pytest.raises(NotPermitted):
            board.read_board(session, frame(reported, country="MLI"), by)
        days = {day: verified for day, verified, _waiting in board.by_day(session, frame(reported), Kpi.ARRESTS, by)}
    assert days == {"2026-03-02": 180}


def test_what_is_not_validated_does_not_stay_in_totals_alone(reported: Running) -> None:
    assert figure(reported, "ana", Kpi.ARRESTS, Level.V1).value == 192
    leave(reported, "totals")
    assert figure(reported, "ana", Kpi.ARRESTS, Level.V1).value == 180
    assert sound(reported)


def test_the_desks_read_no_report_of_a_country_that_is_not_shown(reported: Running) -> None:
    leave(reported, "totals")
    for name in ("ana", "dov"):
        with reported.store.reading(reported[name]) as session:
            assert {each.country for each in reports.newest(session, reported.operation)} == {"NER", "TCD", "BEN"}


def test_erased_figures_are_in_no_total_and_the_sums_still_prove(reported: Running) -> None:
    leave(reported, "erased")
    assert figure(reported, "ana", Kpi.ARRESTS, Level.V1).value == 150
    assert countries(reported, "lena") == {"NER": (40, 0), "TCD": (50, 0), "BEN": (60, 0)}
    assert sound(reported)
    with reported.store.reading(System()) as session:
        states = {each.state for each in session.exec(reports.select(reports.Report)).all() if each.country == "MLI"}
    assert states == {ReportState.WITHDRAWN}


def test_nothing_is_taken_out_while_the_operation_is_suspended(reported: Running) -> None:
    with reported.store.unit_of_work(reported["lena"]) as session:
        lifecycle.move(session, reported.operation, OperationState.SUSPENDED, reported["lena"], "Unrest.")
    with pytest.raises(RuleBroken, match="suspended"):
        leave(reported, "erased")
    leave(reported, "shown")


def test_what_leaving_means_is_counted_before(reported: Running) -> None:
    with reported.store.reading(reported["moussa"]) as session:
        assert departure.standing(session, reported.operation, "MLI") == departure.CountryTotals(1, 3, 1, 1)


@pytest.mark.parametrize("figures", list(DepartureChoice))
def test_a_country_reads_its_own_figures_after_it_left_and_nothing_else(
    reported: Running, figures: DepartureChoice
) -> None:
    leave(reported, figures.value)
    for name in ("moussa", "marie", "mateo"):
        by = asks(reported, name)
        assert (by.operations, by.left) == (frozenset(), {reported.operation})
        with reported.store.reading(by) as session:
            found = departure.left_operation(session, reported.operation, by)
            assert (found.kept, list(found.sites.values())) == (figures, ["Bamako"])
            own = reports.newest(session, reported.operation)
            assert [each.country for each in own] == ["MLI", "MLI"]
            assert all(reports.lines_of(session, each.id) for each in own)
            value = read(reported, name, country="MLI").figures[Kpi.ARRESTS].value
            assert value == (0 if figures is DepartureChoice.ERASED else 30)
            for other in (None, "NER"):
                with pytest.raises(NotFound):
                    board.read_board(session, frame(reported, country=other), by)
            with pytest.raises(NotFound):
                plan.operation(session, reported.operation, by)
            assert not plan.operations(session, by)
    boss = reported["moussa"]
    with reported.store.unit_of_work(boss) as session, pytest.raises(NotFound):
        reports.withdraw(session, own[0].id, "By mistake.", boss)
    with reported.store.unit_of_work(boss) as session, pytest.raises(NotFound):
        verification.verify(session, own[0].id, boss)


def test_others_do_not_read_them_so(reported: Running) -> None:
    leave(reported, "shown")
    for name in ("chaima", "bruno"):
        by = asks(reported, name)
        with reported.store.reading(by) as session, pytest.raises(NotFound):
            departure.left_operation(session, reported.operation, by)
    low = replace(asks(reported, "moussa"), left=frozenset())
    with reported.store.reading(low) as session:
        assert not reports.newest(session, reported.operation)


def test_a_country_that_comes_back_is_shown_again(reported: Running) -> None:
    leave(reported, "totals")
    with reported.store.unit_of_work(reported["ana"]) as session:
        plan.invite(session, reported.operation, plan.CountryInvitation(country="MLI"), reported["ana"])
    assert "MLI" not in countries(reported, "ana")
    with reported.store.unit_of_work(reported["moussa"]) as session:
        plan.answer(session, reported.operation, reported["moussa"], accept=True)
    assert countries(reported, "ana")["MLI"] == (30, 0)
    assert asks(reported, "moussa").left == frozenset()


def test_an_analysis_of_hits_leaves_out_what_would_give_the_hidden_country_away(reported: Running) -> None:
    with reported.store.reading(System()) as session:
        before = own_results(session, reported.operation, LineKind.HIT)
    assert ({row.country for row in before.rows}, before.withheld) == ({"NER", "MLI"}, 0)
    leave(reported, "totals")
    with reported.store.reading(System()) as session:
        after = own_results(session, reported.operation, LineKind.HIT)
    assert (list(after.rows), after.withheld) == ([], 2)
