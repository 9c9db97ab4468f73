"""From a figure to the reports behind it: for those who may read them, for a reason, and written down."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from dashboard.frame import drill_down as screen
from dashboard.parts.datetimes import address_of
from dashboard.screens.figures import page as catalogue
from dashboard.screens.situation import page
from operations.catalogue.kpis import Kpi
from operations.core import vocabulary
from operations.core.errors import NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.journal import AccessEntry
from operations.core.people import System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.policing.reports import verification
from operations.results.drill_down import reports_of_figure
from tests.claim_stories import answered, event, opened, suspected
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, texts
from tests.makers import START, Running, arrest, form, hit, send, tally


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    found = open_scene(tmp_path)
    niamey = send(found, form(found, lines=[tally(400), arrest(3), arrest(2)]))
    send(found, form(found, "Bamako", lines=[arrest(20)]), by="mateo")
    with found.store.unit_of_work(found["boubacar"]) as session:
        verification.verify(session, niamey.id, found["boubacar"])
    return found


def _behind(scene: Running, name: str, level: Level = Level.V1, why: str = "check", kpi: Kpi = Kpi.ARRESTS) -> Any:
    frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level)
    if scene[name].national:
        frame = BoardFrame(
            scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level, country=scene[name].country
        )
    with scene.store.unit_of_work(scene[name]) as session:
        return [
            (each.site.name, each.lines, each.amount)
            for each in reports_of_figure(session, frame, kpi, why, scene[name]).newest
        ]


def _listed(scene: Running, figure: str, why: str, at: str = "", scope: str = "own") -> Any:
    of = {"figure": str(figure), "operation": str(scene.operation), "level": "V1", "scope": scope, "at": at}
    return screen.look_behind(why, of)


def _consulted(scene: Running) -> list[dict[str, Any]]:
    with scene.store.reading(System()) as session:
        query = select(AccessEntry).where(AccessEntry.act == "figure.consult")
        return [{"country": each.country, **each.detail} for each in session.exec(query)]


def test_a_country_reads_its_own_reports_and_the_trail_says_why(scene: Running) -> None:
    assert _behind(scene, "chaima") == [("Niamey", 2, 5)]
    assert _consulted(scene) == [{"country": "NER", "reason": "check", "figure": "K11", "reports": 1}]


def test_the_analyst_reads_what_stands_at_the_level(scene: Running) -> None:
    assert sorted(_behind(scene, "dov")) == [("Bamako", 1, 20), ("Niamey", 2, 5)]
    assert _behind(scene, "dov", Level.V2) == [("Niamey", 2, 5)]
    assert _behind(scene, "dov", Level.V3) == []


def test_a_coordinator_has_sums_of_persons_and_no_lines(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="You cannot read any report of this figure"):
        _behind(scene, "ana")
    assert _behind(scene, "ana", kpi=Kpi.DATABASE_CHECKS) == [("Niamey", 1, 400)]


def test_behind_a_share_a_rate_and_amounts_stand_the_lines_that_they_are_made_of(scene: Running) -> None:
    money = {"id": str(new_id()), "kind": "seizure", "commodity": "cash", "action": "seized", "amount": 9000}
    held = [hit(START + timedelta(hours=1)), money | {"measure": "money", "currency": "EUR"}]
    send(scene, form(scene, "Agadez", lines=[tally(100), *held]))
    agadez = [("Agadez", 1, 1)]
    for kpi, amounts in ((Kpi.CORE_SHARE, [("Niamey", 2, 5)]), (Kpi.HIT_RATE, agadez), (Kpi.ASSETS, agadez)):
        assert _behind(scene, "chaima", kpi=kpi) == amounts, kpi
    with at_desk(scene, "chaima"):
        listed = _listed(scene, Kpi.ASSETS, "asked")
    assert "1 report: 1 line" in texts(listed)


def test_leadership_reads_no_report(scene: Running) -> None:
    with pytest.raises(NotPermitted):
        _behind(scene, "lena", Level.V3)
    assert _consulted(scene) == []


def test_without_a_reason_nothing_is_shown_and_nothing_written(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="Say why"):
        _behind(scene, "chaima", why="curious")
    with pytest.raises(RuleBroken, match="You cannot read any report of this figure"):
        _behind(scene, "chaima", kpi=Kpi.COVERAGE)
    assert _consulted(scene) == []


def test_the_panel_asks_why_and_lists_with_links(scene: Running) -> None:
    operation = str(scene.operation)
    with at_desk(scene, "chaima"):
        panel = page.definition_of(Kpi.ARRESTS, operation, "V1", "own")
        [asked] = found_in(panel, "Select")
        assert [each["value"] for each in asked.data] == list(vocabulary.codes("CL-BEHIND"))
        listed = _listed(scene, Kpi.ARRESTS, "asked")
    assert "1 report: 5 arrests" in texts(listed)
    link, level = found_in(listed, "Link")
    assert level.href == "/glossary?word=V2"
    assert link.href.startswith(f"/operations/{operation}/reports?report=")
    with at_desk(scene, "lena"):
        assert not list(found_in(page.definition_of(Kpi.ARRESTS, operation, "V3", ""), "Select"))


def test_of_one_event_it_is_told_what_another_source_says(scene: Running) -> None:
    for people, by in ((14, "bruno"), (12, "binta")):
        event(scene, START + timedelta(hours=2), people, by=by)
    [claim] = suspected(scene)
    opened(scene, claim)
    answered(scene, claim, "chaima")
    with at_desk(scene, "chaima"):
        listed = texts(_listed(scene, Kpi.DETECTIONS, "check"))
    first, other = (14, 12) if "14 detections" in listed else (12, 14)
    assert f"1 report: {first} detections" in listed
    assert f"another source: {other}" in listed


def test_looking_back_lists_what_the_figure_rested_on_then(scene: Running) -> None:
    """The correction of that report came later; what is listed then is the version that counted, at its level."""
    first = send(scene, form(scene, "Agadez", day=1, lines=[tally(40)]), at=START + timedelta(days=1, hours=13))
    then = START + timedelta(days=1, hours=14)
    replaces = {"report_id": str(first.report_id), "supersedes_id": str(first.id), "correction_reason": "count_revised"}
    send(scene, form(scene, "Agadez", day=1, lines=[tally(70)]) | replaces, at=START + timedelta(days=1, hours=15))
    now = START + timedelta(days=1, hours=16)
    for at, amount in (("", 470), (address_of(then), 440)):
        with at_desk(scene, "ana", now):
            panel = page.definition_of(Kpi.DATABASE_CHECKS, str(scene.operation), "V1", "", at)
            assert len(found_in(panel, "Select")) == 1
            [store] = found_in(panel, "Store")
            assert bool(store.data["at"]) == bool(at)
            listed = screen.look_behind("check", store.data)
        assert f"2 reports: {amount} queries" in texts(listed)
    assert [each["figure"] for each in _consulted(scene)] == ["K01", "K01"]


def test_the_catalogue_asks_of_figures_beside_the_board_too_now_and_then(scene: Running) -> None:
    def asks(name: str, figure: str, at: str = "") -> int:
        with at_desk(scene, name):
            return len(found_in(catalogue.layout(str(scene.operation), figure=figure, level="V1", at=at), "Select"))

    past = address_of(EVENING)
    for figure in ("K07", "K12", "K14", "K35", "K37"):
        assert asks("chaima", figure) == asks("chaima", figure, past) == 1, figure
        assert asks("lena", figure) == asks("lena", figure, past) == 0, figure
    assert [asks("ana", figure) for figure in ("K07", "K12", "K14", "K36", "K37")] == [1, 0, 0, 1, 0]
    for figure in ("K30", "K38", "K39", "K40", "K49", "K99", ""):
        assert asks("chaima", figure) == asks("ana", figure) == 0, figure
    with at_desk(scene, "chaima"):
        assert "1 report: 5 arrests" in texts(_listed(scene, "K12", "check"))
        assert texts(_listed(scene, "K35", "check")).startswith("1 report V1, as of")


def test_behind_coverage_stand_places_and_nobody_is_asked_why(scene: Running) -> None:
    for name, own in (("lena", ("Niamey", "Bamako")), ("chaima", ("Niamey",))):
        with at_desk(scene, name):
            shown = page.definition_of(Kpi.COVERAGE, str(scene.operation), "V3", "own")
        [places] = [each for each in shown if getattr(each, "className", "") == "behind-places"]
        without, with_one = found_in(places, "Ul")
        assert not found_in(shown, "Select")
        assert all(place in texts(with_one) for place in own)
        assert "Agadez · Niger no report yet" in texts(without)
        assert ("Bamako" in texts(places)) == ("Bamako" in own)
    assert _consulted(scene) == []
