"""Every list of the strategy that is of countries is narrowed by the region and the country of its address."""

from pathlib import Path
from typing import Any

import pytest

from dashboard.screens.courses import cascades, certificates, runs, trained_officers, trainers
from dashboard.screens.directory import page as directory
from dashboard.screens.equipment import links, projects, reviews
from dashboard.screens.equipment import page as equipment
from dashboard.screens.evaluations import page as evaluations
from dashboard.screens.needs import investment_ranking, stakeholders
from dashboard.screens.needs import page as needs
from dashboard.screens.posts import page as posts
from operations.core import vocabulary
from operations.needs.stakeholders import engage
from operations.programme.area import EVERYWHERE, REGIONS, Area
from tests import evaluations as evaluations_made
from tests.dashboard.desks import at_desk, found_in, open_scene, texts
from tests.makers import Running
from tests.programme import (
    BEGUN,
    OVER,
    cascade_of,
    certified,
    course_of,
    does,
    planned,
    post_of,
    requested,
    talk_draft,
    trainer_of,
)

PAGES = (posts, needs, equipment, links, reviews, projects, trainers, directory, investment_ranking)
TRAINING = (runs, cascades, certificates, trained_officers)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def rows(page: Any, **area: str) -> int:
    [grid] = found_in(page.layout(**area), "AgGrid")
    return len(grid.rowData)


def test_each_list_is_narrowed(scene: Running) -> None:
    post = post_of(scene)
    requested(scene, post)
    planned(scene, post)
    does(scene, "chaima", engage, talk_draft())
    with at_desk(scene, "ana", BEGUN):
        for page in PAGES:
            whole = rows(page)
            assert whole == (page in (posts, needs, equipment, investment_ranking)), page
            assert rows(page, region="africa", country="NER") == whole, page
            assert rows(page, region="europe") == 0, page
        for area, shown in (({"region": "africa"}, True), ({"country": "MLI"}, False)):
            assert ("Directorate of border police" in texts(stakeholders.layout(**area))) is shown, area


def test_training_is_narrowed_to_a_region_a_country_and_a_year(scene: Running) -> None:
    certified(scene, "bruno", post_id=post_of(scene).id)
    cascade_of(scene, trainer_of(scene, course_of(scene, title="Faces")))
    with at_desk(scene, "ana", OVER):
        for page in TRAINING:
            assert rows(page, region="africa", country="NER") == rows(page) == 1, page
            assert rows(page, country="MLI") == rows(page, region="europe") == 0, page
        for page in (runs, cascades, certificates):
            assert rows(page, year=str(OVER.year)) == 1, page
            assert rows(page, year=str(OVER.year - 1)) == 0, page
            [years] = [each for each in found_in(page.layout(), "Select") if each.id == "area-year"]
            assert years.data == [str(OVER.year)], page


def test_every_list_and_board_with_days_is_narrowed_to_a_year(scene: Running) -> None:
    post = post_of(scene)
    requested(scene, post)
    planned(scene, post)
    evaluations_made.planned(scene)
    with at_desk(scene, "ana", BEGUN):
        for page in (needs, evaluations):
            [years] = [each for each in found_in(page.layout(), "Select") if each.id == "area-year"]
            [year] = years.data
            assert rows(page, year=year) == rows(page) == 1, page
            assert rows(page, year=str(int(year) - 1)) == 0, page
            cards = [len(found_in(page.layout(year=of), "Article")) for of in (year, str(int(year) - 1))]
            assert cards[0] == cards[1] + 1, page  # the card of the board
        for page in (equipment, links, reviews, projects, trainers):
            assert [each.id for each in found_in(page.layout(), "Select") if each.id == "area-year"], page
            assert rows(page, year="1999") == 0, page


def test_a_country_lies_in_one_region_and_the_centre_in_none() -> None:
    every = [country for region in REGIONS.values() for country in region]
    assert len(every) == len(set(every))
    assert set(every) <= set(vocabulary.codes("CL-COUNTRY"))
    assert Area("africa").has("NER")
    assert not Area("africa").has("MEX")
    assert not Area("africa", "MEX").has("MEX")
    assert EVERYWHERE.has(None)
    assert not Area("africa").has(None)
