"""Withholding on the page of the countries: what is withheld since when, and both buttons."""

from pathlib import Path

import pytest

from dashboard.screens.countries import page
from operations.core.errors import NotFound
from tests.dashboard.desks import at_desk, open_scene, press, texts
from tests.makers import Running

KEPT = "Withheld by your country"


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def withhold(scene: Running, country: str = "MLI") -> None:
    with at_desk(scene, "chaima"):
        assert press(page.withhold, page.Ids.WITHHOLD, scene.operation, {"partner": country}) == {"cleared": [None]}


def test_a_country_withholds_sees_since_when_and_lifts_it(scene: Running) -> None:
    with at_desk(scene, "chaima"):
        assert "Your country withholds nothing from anybody here." in texts(page.layout(str(scene.operation)))
    withhold(scene)
    with at_desk(scene, "chaima"):
        [kept] = page.refresh_withheld(0, str(scene.operation))["shown"]
        assert "Mali" in texts(kept)
        assert "since 2 Mar 2026" in texts(kept).replace("\u2068", "").replace("\u2069", "")
        assert "Chaima" in texts(kept)
        press(page.lift, {"type": page.Ids.LIFT, "of": "MLI"}, scene.operation)
        assert "withholds nothing" in texts(page.layout(str(scene.operation)))


def test_others_have_no_such_panel_and_no_such_button(scene: Running) -> None:
    withhold(scene)
    for name in ("moussa", "ana", "lena", "bruno"):
        with at_desk(scene, name):
            words = texts(page.layout(str(scene.operation)))
            assert (KEPT in words) is (name == "moussa")
            if name == "moussa":
                assert "Your country withholds nothing from anybody here." in words
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        press(page.withhold, page.Ids.WITHHOLD, scene.operation, {"partner": "MLI"})
