"""Every list of the strategy that is of countries is narrowed by the region and the country of its address."""

from pathlib import Path
from typing import Any

import pytest

from dashboard.screens.courses import trainers
from dashboard.screens.directory import page as directory
from dashboard.screens.equipment import links, projects, reviews
from dashboard.screens.equipment import page as equipment
from dashboard.screens.needs import page as needs
from dashboard.screens.needs import stakeholders
from dashboard.screens.posts import page as posts
from operations.core import vocabulary
from operations.needs.stakeholders import engage
from operations.programme.area import EVERYWHERE, REGIONS, Area
from tests.dashboard.desks import at_desk, found_in, open_scene, texts
from tests.makers import Running
from tests.programme import BEGUN, does, planned, post_of, requested, talk_draft

PAGES = (posts, needs, equipment, links, reviews, projects, trainers, directory)


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
            assert whole == (page in (posts, needs, equipment)), page
            assert rows(page, region="africa", country="NER") == whole, page
            assert rows(page, region="europe") == 0, page
        for area, shown in (({"region": "africa"}, True), ({"country": "MLI"}, False)):
            assert ("Directorate of border police" in texts(stakeholders.layout(**area))) is shown, area


def test_a_country_lies_in_one_region_and_the_centre_in_none() -> None:
    every = [country for region in REGIONS.values() for country in region]
    assert len(every) == len(set(every))
    assert set(every) <= set(vocabulary.codes("CL-COUNTRY"))
    assert Area("africa").has("NER")
    assert not Area("africa").has("MEX")
    assert not Area("africa", "MEX").has("MEX")
    assert EVERYWHERE.has(None)
    assert not Area("africa").has(None)
