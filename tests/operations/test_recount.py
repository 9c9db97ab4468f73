"""Totals, steps, recount and raw lines in pandas say the same of every figure; `tests/prove` asks of 100,000 verbs."""

import pytest
from sqlmodel import select

from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.core.people import System
from operations.figures import durations, values
from operations.figures.domain_figures import DOMAIN_FIGURES
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.totals.totals import Total
from tests.evaluations import ENDED
from tests.makers import Running, arrest, form, send
from tests.operations.case_recount import fugitives, teams
from tests.operations.rate_recount import BESIDE, RECOUNTED, RawTables, by_kind
from tests.operations.recount import apart, check, fuzz, holdings, raw_lines, raw_versions, waiting_times
from tests.operations.steps import climb
from tests.operations.test_completeness import hits

pytestmark = pytest.mark.both_storages


@pytest.mark.requirement("R55")
def test_whatever_people_do_figures_are_those_of_the_raw_lines(scene: Running) -> None:
    played = fuzz(scene, 26, verbs=250, every=125)
    assert min(played.done[verb] for verb in ("submit", "verify", "correct", "give back", "withdraw")) > 0, played


def test_every_counted_figure_is_recounted(scene: Running) -> None:
    lines = raw_lines(scene)
    assert set(holdings(lines)) == set(COUNTED)
    assert {*apart(by_kind(lines)), Kpi.OFFICERS} == {
        kpi for kpi, each in CATALOGUE.items() if type(each.measure).__name__ in ("UnitFigure", "PeakFigure")
    }


def test_no_figure_of_an_operation_is_left_out_of_the_recount(scene: Running) -> None:
    """Board, what stands beside it, cases, teams and incidents; `tests/scenarios` asks the same of the programme."""
    raw, lines = RawTables(scene.store, scene.operation), by_kind(raw_lines(scene))
    recounted = {str(kpi) for kpi in (*COUNTED, *apart(lines), *RECOUNTED)} | BESIDE
    recounted |= waiting_times(lines, *raw_versions(scene), ENDED).keys()
    recounted |= {"K22"} | teams(raw, ENDED).keys() | fugitives(raw, ENDED).keys()
    assert recounted == {*map(str, CATALOGUE), *COMPUTED_FIGURES, *DOMAIN_FIGURES}


def test_a_share_that_is_wrong_is_found(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    send(scene, form(scene, lines=[arrest(3), arrest(2, offence="document_fraud")]))
    check(scene)
    monkeypatch.setattr(values, "_per_cent", lambda part, whole: 100 * part / (whole + 1) if whole else None)
    with pytest.raises(AssertionError, match="K13"):
        check(scene)


def test_a_total_that_is_wrong_is_found(scene: Running) -> None:
    send(scene, form(scene, lines=[arrest(3)]))
    check(scene)
    with scene.store.unit_of_work(System()) as session:
        for row in session.exec(select(Total).where(Total.kind == "arrest")).all():
            row.quantity += 1
            session.add(row)
    with pytest.raises(AssertionError):
        check(scene)


def test_the_time_to_confirm_is_recounted_whether_most_hits_are_answered_or_few(scene: Running) -> None:
    def median() -> float | None:
        check(scene)
        return waiting_times(by_kind(raw_lines(scene)), *raw_versions(scene), ENDED)["K07"]

    hits(scene, 3, 2)
    assert median() is not None
    hits(scene, 4, 0)
    assert median() is None, "five of seven wait"


def test_a_waiting_time_that_leaves_out_who_waits_is_found(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _second, _third = (send(scene, form(scene, lines=[arrest(many)])) for many in (3, 4, 5))
    climb(scene, first.id, "boubacar")
    check(scene)
    monkeypatch.setattr(durations, "quantile", lambda over, _waiting, _part: sorted(over)[len(over) // 2])
    with pytest.raises(AssertionError, match="K35"):
        check(scene)
