"""The countries page: silent countries are chosen together and reminded in one act, each once."""

from pathlib import Path

from dashboard.screens.countries import page, silence
from operations.notices import inbox
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import START


def test_the_chosen_countries_are_reminded_together_and_who_was_already_is_named(tmp_path: Path) -> None:
    scene, night = open_scene(tmp_path), START.replace(hour=22)
    with at_desk(scene, "ana", night) as said:
        [grid] = found_in(page.layout(str(scene.operation)), "AgGrid")
        assert [(row["id"], row["reminded"]) for row in grid.rowData] == [("MLI", "not yet"), ("NER", "not yet")]
        press(silence.remind, silence.REMIND, scene.operation, chosen=[{"id": "MLI"}])
        press(silence.remind, silence.REMIND, scene.operation, chosen=grid.rowData)
        assert "1 country is reminded." in str(said)
        assert "was reminded at 22:00 UTC" in str(said)
        again = silence.follow_silent(1, str(scene.operation))["shown"][0]
        assert [row["reminded"] == "not yet" for row in again] == [False, False]
    with scene.store.reading(scene["mateo"]) as session:
        assert len(inbox.messages(session, scene["mateo"])) == 1
    with at_desk(scene, "chaima", night):
        assert "Silent countries" not in texts(page.layout(str(scene.operation)))
