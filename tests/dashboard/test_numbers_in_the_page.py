"""Every key figure in the source of a page carries its level, its moment with the day, its unit and its status; and the
same figure at one entry is the same text on every page."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.parts.kpi_board import WHOLE, BoardChoice, default_level, frame_of
from dashboard.parts.markup import Markup
from dashboard.parts.targets import target_list
from dashboard.screens.courses import page as courses
from dashboard.screens.debrief import page as debrief
from dashboard.screens.equipment import page as equipment
from dashboard.screens.evaluations import page as evaluations
from dashboard.screens.figures import page as figures
from dashboard.screens.history import running_comparison
from dashboard.screens.home import page as home
from dashboard.screens.needs import page as needs
from dashboard.screens.official import page as official
from dashboard.screens.overview import page as overview
from dashboard.screens.products import page as products
from dashboard.screens.programme import five_years
from dashboard.screens.situation import page as situation
from dashboard.server.access import reading
from operations.catalogue.kpis import Kpi
from operations.core import clock, vocabulary
from operations.figures import board
from operations.policing.operation import plan, targets
from tests.dashboard.desks import EVENING, at_desk, open_scene, texts
from tests.evaluations import ENDED
from tests.makers import Running, arrest, detection, form, hit, send, tally
from tests.programme import brought, post_of, requested
from tests.snapshot_stories import S, frozen

ROLES = ("ana", "dov", "lena", "chaima", "moussa", "bruno")
TOLD = ("kpi", "level", "as-of", "unit", "status", "of")
NUMBERS = {"kpi-number", "operation-card-number", "target-now", "past-here", "kpi-cell"}
"""Classes of elements that hold the number of a key figure."""
PROGRAMME = ("programme", "needs", "equipment", "courses", "evaluations", "products")
"""Pages that are of no operation: all that looks like a number in a cell there is one."""


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    made = open_scene(tmp_path)
    lines = [tally(1200), hit(EVENING), arrest(3), detection(14)]
    send(made, form(made, lines=lines))
    with clock.at(EVENING), made.store.unit_of_work(made["ana"]) as session:
        for kpi, value in ((Kpi.COVERAGE, 95), (Kpi.ARRESTS, 200)):
            targets.aim(session, made.operation, targets.TargetDraft(kpi=kpi, value=value), made["ana"])
    brought(made, requested(made, post_of(made)), "desk_review", "visit", "scored", "validated")
    return made


def every(shown: Any) -> Iterator[Any]:
    """Every part of a page, those of static markup as well."""
    for each in shown._traverse():
        yield each
        for part in each.elements() if isinstance(each, Markup) else ():
            yield part
            yield from every(part)


def numbers(shown: Any) -> list[Any]:
    """The elements of key figures."""
    return [each for each in every(shown) if getattr(each, "data-kpi", None)]


def holds_number(element: Any, page: str) -> bool:
    """Whether the number of a key figure stands in it; on pages of the programme, any number of a tile or a table."""
    classes, words = set(str(getattr(element, "className", "")).split()), texts(element)
    if element is None or getattr(element, "_type", "") == "Th" or words in ("—", ""):
        return False
    if page in PROGRAMME:
        return words[:1].isdigit() and ("m-stat-value" in classes or (element._type == "Td" and "m-num" in classes))
    return bool(NUMBERS & classes)


def told(element: Any) -> dict[str, str]:
    return {name: getattr(element, f"data-{name}") for name in TOLD}


def pages(scene: Running, level: str) -> dict[str, Any]:
    ident = str(scene.operation)
    return {
        "home": home.layout(),
        "situation": situation.layout(ident, level=level),
        "figures": figures.layout(ident, level=level),
        "overview": overview.layout(ident),
        "debrief": debrief.layout(ident),
        "beside": running_comparison.layout(ident),
        "programme": five_years.layout(),
        "needs": needs.layout(),
        "equipment": equipment.layout(),
        "courses": courses.layout(),
        "evaluations": evaluations.layout(),
        "products": products.layout(),
    }


@pytest.mark.sample(6)
@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("level", ["V1", "V3"])
@pytest.mark.parametrize("moment", [EVENING, ENDED], ids=["running", "over"])
def test_each_number_says_what_it_is_and_is_the_same_on_every_page(
    scene: Running, name: str, level: str, moment: datetime
) -> None:
    with at_desk(scene, name, moment):
        shown = pages(scene, level)
    said: dict[tuple[str, ...], set[tuple[str, str, str]]] = {}
    for page, content in shown.items():
        found = numbers(content)
        assert found or page in ("home", "overview", "debrief"), page
        for each in found:
            about = told(each)
            assert about["kpi"], page
            assert about["level"] in {"V1", "V2", "V3", "V4", "VF"}, (page, about)
            assert datetime.fromisoformat(about["as-of"]).tzinfo is not None, (page, about)
            assert about["status"] in vocabulary.code_list("CL-STATUS"), (page, about)
            assert about["unit"], (page, about)
            key = (about["kpi"], about["level"], about["of"], getattr(each, "data-below", ""))
            said.setdefault(key, set()).add((texts(each), about["unit"], about["as-of"]))
        bare = [each for each in every(content) if holds_number(each, page)]
        assert [texts(each) for each in bare if not hasattr(each, "data-kpi") and not numbers(each)] == [], page
        if page == "situation":
            rows = {getattr(each, "data-of") for each in found} - {"operation"}
            assert any(each.startswith("NER") for each in rows) or name == "moussa", rows
            assert any(each.startswith("2026-03-02") for each in rows) or name == "moussa" or level == "V3", rows
    assert {key: ways for key, ways in said.items() if len(ways) > 1} == {}


def test_no_two_people_read_two_numbers_under_equal_words_level_and_moment(scene: Running) -> None:
    """A number of another hour says so: in its source, and in words where a goal stands."""
    said: dict[tuple[str, ...], dict[str, str]] = {}
    for name in ("ana", "lena", "dov", "chaima", "bruno"):
        with at_desk(scene, name, EVENING):
            for content in pages(scene, "V1").values():
                for each in numbers(content):
                    about, words = told(each), texts(each)
                    if words[:1].isdigit():  # what is hidden is no number
                        key = (*about.values(), getattr(each, "data-below", ""), about["of"])
                        said.setdefault(key, {})[words] = name
    assert said
    assert {key: ways for key, ways in said.items() if len(ways) > 1} == {}


def test_a_goal_says_that_its_number_is_that_of_a_release(scene: Running) -> None:
    words = {}
    for name in ("ana", "chaima"):
        with at_desk(scene, name, EVENING), reading() as session:
            owner = plan.operation(session, scene.operation, scene[name])
            shown = target_list(session, owner, scene[name])
            frame = frame_of(
                owner, BoardChoice.of(default_level(session, owner), WHOLE, None, scene[name]), scene[name]
            )
            figure = board.read_board(session, frame, scene[name]).figures[Kpi.ARRESTS]
            words[name] = (texts(shown[0]), figure.released is not None and figure.released.sums is not None)
    for said, moves_in_releases in words.values():
        assert ("as released at" in said) is moves_in_releases


def test_an_official_number_has_the_status_of_its_snapshot(scene: Running) -> None:
    made = frozen(scene, S.PUBLISHED)
    for name in ("ana", "lena", "chaima"):
        with at_desk(scene, name, ENDED):
            shown = official.layout(str(scene.operation))
            found = numbers(shown)
        assert found
        boards = [each for each in every(shown) if type(each).__name__ == "Table" and numbers(each)]
        assert len(boards) == 2  # by country and by day; details are tables of words
        cells = [each for board in boards for each in every(board) if type(each).__name__ == "Td"]
        assert [texts(each) for each in cells if not numbers(each) and texts(each) != "—"] == [], name
        assert {told(each)["status"] for each in found} == {made.status}, name
        assert all(datetime.fromisoformat(told(each)["as-of"]) for each in found)
