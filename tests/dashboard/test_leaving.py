"""Leaving an operation on the screen: what follows in numbers, and the page of what was the country's own."""

from pathlib import Path
from typing import Any

import pytest

from dashboard.screens.account import own_figures as page
from dashboard.screens.countries import page as countries
from dashboard.screens.home import page as home
from operations.core.errors import NotFound
from operations.core.people import Account, System
from operations.core.vocabulary import Level
from operations.policing.operation import membership, plan
from operations.policing.reports import reports
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import START, Running, arrest, hit, tally
from tests.operations.test_board import report
from tests.people import actor


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    found = open_scene(tmp_path)
    report(found, [arrest(30), tally(1000), hit(START)], "MLI")
    report(found, [arrest(12)], "MLI", Level.V1)
    return found


def leave(scene: Running, figures: str) -> None:
    with at_desk(scene, "moussa"):
        button = {"type": countries.Ids.WITHDRAW, "of": figures}
        assert press(countries.withdraw, button, scene.operation) == {"shown": [[True] * 3]}
    with scene.store.reading(System()) as session:
        for name in ("moussa", "mateo", "chaima"):
            found = membership.actor(session, session.get(Account, actor(name).account_id))
            assert found is not None
            scene.members[name] = found


def asked(scene: Running, figures: str) -> dict[str, Any]:
    with at_desk(scene, "moussa"):
        drawn = countries.layout(str(scene.operation))
    wanted = {"type": countries.Ids.WITHDRAW, "of": figures}
    [found] = [each for each in found_in(drawn, "Button") if getattr(each, "id", None) == wanted]
    return found.to_plotly_json()["props"]


@pytest.mark.parametrize(
    ("figures", "follows"),
    [
        ("shown", "Validated: 1 report with 3 lines. Waiting: 1 report with 1 line."),
        ("totals", "Waiting, and withdrawn: 1 report with 1 line."),
        ("erased", "Withdrawn: 2 reports with 4 lines. This cannot be undone."),
    ],
)
def test_each_way_out_asks_and_says_what_follows_in_numbers(scene: Running, figures: str, follows: str) -> None:
    props = asked(scene, figures)
    assert props["data-confirm"] == "Leave the operation?"
    assert follows in props["data-follows"]
    assert "go on reading" in props["data-follows"]


@pytest.mark.parametrize(("figures", "number"), [("totals", "30"), ("erased", "0")])
def test_its_people_find_their_own_figures_from_the_list_of_operations(
    scene: Running, figures: str, number: str
) -> None:
    leave(scene, figures)
    for name in ("moussa", "mateo"):
        with at_desk(scene, name):
            [way] = [each for each in found_in(home.layout(), "Link") if page.PATH in (each.href or "")]
            assert way.href == f"{page.PATH}?operation={scene.operation}"
            drawn = page.layout(operation=str(scene.operation))
            [arrests] = [texts(row) for row in found_in(drawn, "Tr") if texts(row).startswith("Arrests")]
            assert f"Arrests {number} " in arrests
            stated = [each for each in drawn._traverse() if getattr(each, "data-kpi", "")]
            assert {getattr(each, "data-level") for each in stated} == {"V3"}
            assert all(getattr(each, "data-as-of") and getattr(each, "data-unit") for each in stated)
            assert texts(drawn).count("2 Mar 2026 Bamako Daily") == 2
            report_ways = [each.href for each in found_in(drawn, "Link") if "report=" in each.href]
            with scene.store.reading(scene[name]) as session:
                own = {each.level: each.id for each in reports.newest(session, scene.operation)}
            for ident in own.values():
                assert f"{page.PATH}?operation={scene.operation}&report={ident}" in report_ways
            opened = texts(page.layout(operation=str(scene.operation), report=str(own[max(own)])))
            assert "Persons arrested" in opened
            assert not found_in(drawn, "Button")


def test_nobody_else_finds_them_there(scene: Running) -> None:
    leave(scene, "shown")
    for name in ("chaima", "ana", "lena"):
        with at_desk(scene, name):
            assert page.PATH not in str(home.layout())
            with pytest.raises(NotFound):
                page.layout(operation=str(scene.operation))
    with at_desk(scene, "moussa"), pytest.raises(NotFound):
        countries.layout(str(scene.operation))


def test_a_report_of_another_country_is_not_opened(scene: Running) -> None:
    made = report(scene, [tally(5)])
    leave(scene, "shown")
    with at_desk(scene, "moussa"), pytest.raises(NotFound):
        page.layout(operation=str(scene.operation), report=str(made.id))


def test_the_coordinator_reads_what_became_of_the_figures(scene: Running) -> None:
    leave(scene, "totals")
    with at_desk(scene, "ana"):
        assert "Figures stay in totals only" in texts(countries.layout(str(scene.operation)))
    with scene.store.reading(scene["ana"]) as session:
        assert [each.kept for each in plan.participations(session, scene.operation) if each.country == "MLI"] == [
            "totals"
        ]
