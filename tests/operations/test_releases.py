"""What is guarded moves in releases: for whom, when, and what stands meanwhile."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel import col, select

from dashboard.parts.figure_text import tile
from operations.catalogue.kpis import Kpi
from operations.core import clock, history, journal
from operations.core.journal import Entry
from operations.core.people import System
from operations.core.vocabulary import Level
from operations.disclosure import releases as releases_told
from operations.disclosure import suppression
from operations.disclosure.releases import Release
from operations.figures import board, figure_history
from operations.figures.releases import decision
from operations.figures.releases.judge import AudienceAttack, AudienceState, Cell, ReportHolding
from operations.figures.releases.solver import Judge
from operations.policing.map_plan.entry_visibility import entries_for
from operations.policing.operation import plan
from operations.timetable import releases
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.makers import START, Running, arrest, detection, form, let_out, send, tally
from tests.operations.test_board import LATER, frame, report, share

pytestmark = pytest.mark.both_storages


def seen(scene: Running, name: str, kpi: Kpi = Kpi.DETECTIONS) -> float | None:
    with clock.at(LATER), scene.store.reading(scene[name]) as session:
        return board.read_board(session, frame(scene), scene[name]).figures[kpi].value


# -------------------------------------------------------------------------------------------------- who sees what


@pytest.mark.requirement("R74")
def test_leadership_sees_what_was_let_out_until_the_next_release(scene: Running) -> None:
    report(scene, [detection(40)])
    assert (seen(scene, "ana"), seen(scene, "lena")) == (40, 0), "as it was when reporting opened"
    let_out(scene)
    assert seen(scene, "lena") == 40
    report(scene, [detection(3)], day=1)
    assert (seen(scene, "ana"), seen(scene, "lena")) == (43, 40)
    let_out(scene)
    assert seen(scene, "lena") == 40, "the three persons of the second day would follow from the difference"
    report(scene, [detection(30)], "MLI", day=1)
    let_out(scene)
    assert seen(scene, "lena") == 73


def test_what_does_not_count_persons_in_need_is_live_for_leadership_and_guarded_from_others(scene: Running) -> None:
    share(scene, "moussa")
    share(scene, "chaima")
    let_out(scene)
    report(scene, [arrest(2)], "MLI")
    report(scene, [arrest(1)])
    assert (seen(scene, "lena", Kpi.ARRESTS), seen(scene, "chaima", Kpi.ARRESTS)) == (3, 0)


def test_before_the_first_release_a_tile_says_so_and_afterwards_since_when_it_stands(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def words(name: str) -> tuple[str, str]:
        with clock.at(LATER), scene.store.reading(scene[name]) as session:
            read = board.read_board(session, frame(scene), scene[name])
            told = tile(read.figures[Kpi.DETECTIONS], read, "en")
        return told.why, told.released

    report(scene, [detection(40)])
    why, released = words("lena")
    assert (why, "27 Feb 2026" in released) == ("", True), "that there is nothing is told when reporting opens"
    with monkeypatch.context() as none_yet:
        none_yet.setattr(suppression, "released_figures", lambda *_of: {})
        why, released = words("lena")
    assert why == "Hidden: it is shown once nobody can work a number of 1 to 10 persons out of it."
    assert released.endswith("Nothing could be shown yet.")
    with clock.at(LATER):
        let_out(scene)
    why, released = words("lena")
    assert (why, "2 Mar 2026" in released, "20:00" in released) == ("", True, True)
    assert words("ana") == ("", "")


def test_nobody_is_told_what_moved_a_figure_meanwhile(scene: Running) -> None:
    report(scene, [detection(40)])
    for name, told in (("lena", 0), ("ana", 1)):
        with scene.store.reading(scene[name]) as session:
            assert len(figure_history.movers(session, frame(scene, Level.V1), Kpi.DETECTIONS, scene[name])) == told


def test_a_country_that_begins_to_keep_its_figures_back_hides_the_whole_until_the_next_release(scene: Running) -> None:
    share(scene, "moussa")
    share(scene, "chaima")
    report(scene, [detection(40)])
    report(scene, [detection(50)], "MLI")
    let_out(scene)
    assert seen(scene, "chaima") == 90
    with scene.store.unit_of_work(scene["moussa"]) as session:
        plan.answer(session, scene.operation, scene["moussa"], accept=True, shares_totals=False)
    assert seen(scene, "chaima") is None


def test_a_day_whose_numbers_are_all_hidden_since_is_not_told_as_nothing(scene: Running) -> None:
    """Ten persons of each of two countries: their sum would tell both, so that no total and no day can be told."""
    sent = {
        site: send(scene, form(scene, site, lines=[detection(60)]), by=officer)
        for site, officer in (("Niamey", "bruno"), ("Bamako", "mateo"))
    }

    def day() -> dict[str, int | None]:
        let_out(scene)
        with scene.store.reading(System()) as session:
            told = releases_told.history(session, scene.operation, "leadership", "K15")[-1].content
        found: dict[str, int | None] = told["days"]["2026-03-02"]
        return found

    assert day() == {"1": 120}
    for (site, first), officer in zip(sent.items(), ("bruno", "mateo"), strict=True):
        again = {"report_id": str(first.report_id), "supersedes_id": str(first.id), "correction_reason": "typing"}
        send(scene, form(scene, site, lines=[detection(10)]) | again, by=officer)
    assert day() == {"1": None}


# ------------------------------------------------------------------------------------------------------- when


def test_the_timetable_releases_once_an_hour_to_leadership_and_once_a_day_to_others(scene: Running) -> None:
    keeper = Timetable(scene.store, LeaseCandidate("one"))
    at = START + timedelta(hours=2)

    def ticked(moment_: timedelta) -> None:
        with clock.at(at + moment_):
            keeper.beat()
            keeper.tick(releases.JOBS)

    def audiences() -> list[str]:
        with scene.store.reading(System()) as session:
            found = session.exec(select(Release).where(Release.kpi == "K15").order_by(col(Release.seq))).all()
        return [each.audience for each in found if each.audience in ("leadership", "outside")]

    share(scene, "chaima")
    assert sorted(audiences()) == ["leadership", "outside"], "that there is nothing yet, when reporting opens"
    ticked(timedelta(0))
    assert sorted(audiences()) == ["leadership", "outside", "outside"], "and which countries keep theirs back since"
    report(scene, [detection(40)])
    ticked(timedelta(minutes=30))
    assert len(audiences()) == 3
    for hour, leadership in ((1, 2), (2, 2)):  # nothing moves in the second hour
        ticked(timedelta(hours=hour))
        assert (audiences().count("leadership"), audiences().count("outside")) == (leadership, 2)
    ticked(timedelta(days=1))
    assert (audiences().count("leadership"), audiences().count("outside")) == (2, 3)
    with scene.store.reading(scene["lena"]) as session:
        told = session.exec(select(Entry).where(Entry.act == "figures.release")).all()
    assert [each.country for each in told] == [None] * 3


def test_a_figure_that_cannot_be_judged_in_time_stands_as_it_was_told_and_says_so(scene: Running) -> None:
    def released(work: float) -> None:
        with scene.store.unit_of_work(System()) as session:
            owner = session.get_one(plan.Operation, scene.operation)
            decision.record(session, decision.decide(session, owner, most=work))

    def words() -> str:
        with clock.at(LATER), scene.store.reading(scene["lena"]) as session:
            read = board.read_board(session, frame(scene), scene["lena"])
            return tile(read.figures[Kpi.DETECTIONS], read, "en").released

    late = "The newest numbers could not be checked in time."
    report(scene, [detection(40)])
    report(scene, [detection(4)], "MLI")
    released(0)
    assert (seen(scene, "lena"), late in words()) == (0, True)
    released(0)
    with scene.store.reading(System()) as session:
        asked = select(Release).where(Release.kpi == "K15", Release.scope == releases_told.UNDECIDED)
        assert len(session.exec(asked).all()) == 1, "it is said once"
    released(decision.WORK)
    assert (seen(scene, "lena"), late in words()) == (44, False)


# ------------------------------------------------------------------------------------- what happened to reports


def told_of_reports(scene: Running, name: str) -> int:
    with scene.store.reading(scene[name]) as session:
        return sum(each.object_kind == "report" for each in journal.latest(session, scene.operation, limit=500))


def test_what_happened_to_reports_is_told_with_the_releases_and_to_the_own_chain_at_once(scene: Running) -> None:
    report(scene, [detection(4)])
    assert [told_of_reports(scene, each) for each in ("ana", "chaima", "lena", "otto", "moussa")] == [3, 3, 0, 0, 0]
    let_out(scene)
    assert [told_of_reports(scene, each) for each in ("lena", "otto", "moussa")] == [3, 3, 0]
    seq = last_entry(scene)
    report(scene, [tally()], day=1)  # of nobody: it is told no sooner
    assert told_of_reports(scene, "lena") == 3
    let_out(scene)
    assert told_of_reports(scene, "lena") == 6
    with scene.store.reading(scene["lena"]) as session, history.as_of(session, seq):
        known = entries_for(session, session.get_one(plan.Operation, scene.operation), scene["lena"], limit=500)
    assert sum(each.object_kind == "report" for each in known) == 3, "looking back tells no more than was told then"


def last_entry(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return journal.pulse(session)


def test_the_timetable_tells_leadership_hourly_and_auditors_daily_what_happened_to_reports(scene: Running) -> None:
    keeper = Timetable(scene.store, LeaseCandidate("one"))
    report(scene, [tally()])

    def after(time: timedelta) -> tuple[int, int]:
        with clock.at(START + timedelta(hours=10) + time):
            keeper.beat()
            keeper.tick(releases.JOBS)
        return told_of_reports(scene, "lena"), told_of_reports(scene, "otto")

    assert after(timedelta(0)) == (3, 3), "the first time is of a day that had none yet"
    report(scene, [tally()], day=1)
    assert after(timedelta(hours=1)) == (6, 3)
    assert after(timedelta(days=1)) == (6, 6)


# -------------------------------------------------------------------------------------------------------- judge


def held(country: str, amount: int, *levels: tuple[int, int], day: str = "d") -> ReportHolding:
    return ReportHolding(country, day, "", amount, levels)


def verdict(reports: list[ReportHolding], *states: AudienceState) -> set[str]:
    return {name for _kind, name, _level in given_away(reports, states)}


def given_away(
    reports: list[ReportHolding], states: Sequence[AudienceState], home: str | None = None, least: int = 3
) -> list[Cell]:
    *before, last = states
    homes = [home] if home else []
    return Judge(AudienceAttack(reports, before, last.seq, homes, least, last.kept_back)).given_away(last)


FULL = {3: True}


@pytest.mark.parametrize(
    ("second", "away"),
    [
        ([held("A", 3, (5, 3), day="e")], {""}),  # the only one that came between two totals
        ([held("A", 3, (5, 3), day="e"), held("B", 7, (6, 3), day="e")], {""}),  # fewer than eleven came
        ([held("A", 3, (5, 3), day="e"), held("B", 9, (6, 3), day="e")], set()),
        ([held("A", 30, (5, 3), day="e")], set()),  # it is known, and it is not small
    ],
)
def test_what_came_between_two_totals_is_their_difference(second: list[ReportHolding], away: set[str]) -> None:
    first = [held("A", 40, (1, 3)), held("B", 50, (2, 3))]
    assert verdict(first + second, AudienceState(4, FULL), AudienceState(9, FULL)) == away


def test_what_climbs_is_what_left_the_level_below() -> None:
    small = held("A", 7, (1, 2), (5, 3))
    rest = [held("A", 20, (1, 3)), held("B", 30, (1, 3)), held("B", 12, (1, 2), (6, 3))]
    one = AudienceState(4, {2: True, 3: True}, {"B": {2: True, 3: True}, "A": {2: False, 3: True}})
    two = AudienceState(9, {2: True, 3: True}, {"A": {2: True, 3: True}, "B": {2: True, 3: True}})
    found = given_away([small, *rest], [one, two], least=2)
    assert {name for _kind, name, _level in found} == {"A"}


def test_what_a_country_holds_itself_is_known_to_it() -> None:
    reports = [held("A", 8, (1, 3)), held("B", 4, (1, 3))]
    assert given_away(reports, [AudienceState(2, FULL)]) == []
    assert ("both", "B d", 3) in given_away(reports, [AudienceState(2, FULL)], "A"), "what is not its own"
