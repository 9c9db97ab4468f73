"""The feed groups what was done alike on one day: it counts what the reader is shown, and opens to it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.parts.journal_list import LINES, journal_feed, site_names
from operations.policing.map_plan.entry_visibility import entries_for
from operations.policing.operation import plan
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, texts
from tests.makers import Running, add_task, form, let_out, send, tally
from tests.operations.steps import climb


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    made = open_scene(tmp_path)
    for site, by in (("Niamey", "bruno"), ("Agadez", "binta"), ("Bamako", "mateo")):
        send(made, form(made, site, lines=[tally(10)]), by=by, at=EVENING)
    return made


def feed(scene: Running, name: str, at: Any = EVENING) -> Any:
    with at_desk(scene, name, at), scene.store.reading(scene[name]) as session:
        operation = plan.operation(session, scene.operation, scene[name])
        entries = entries_for(session, operation, scene[name], limit=60)
        return journal_feed(entries, operation, site_names(session, scene.operation))


def groups(shown: Any) -> dict[str, list[str]]:
    return {
        texts(found_in(each, "Summary")[0]): [texts(entry) for entry in found_in(each, "Li")]
        for each in found_in(shown, "Details")
    }


def test_what_several_countries_did_on_a_day_is_one_line_that_opens_to_its_entries(scene: Running) -> None:
    found = groups(feed(scene, "ana"))
    assert len(found["2 countries: 3 reports sent"]) == 3
    assert any("Bamako" in words for words in found["2 countries: 3 reports sent"])


def test_a_group_counts_only_what_its_reader_is_shown(scene: Running) -> None:
    assert len(groups(feed(scene, "chaima"))["Niger: 2 reports sent"]) == 2
    assert "Mali" not in texts(feed(scene, "chaima")).replace("Bamako", "")
    assert not any("reports sent" in words for words in groups(feed(scene, "lena")))  # leadership is told with releases
    let_out(scene)
    assert "2 countries: 3 reports sent" in groups(feed(scene, "lena"))


def test_what_was_done_on_two_days_is_two_lines_and_what_was_done_once_is_no_group(scene: Running) -> None:
    report = send(
        scene,
        form(
            scene,
            lines=[tally(7)],
            period_from=(EVENING + timedelta(hours=16)).isoformat(),
            period_to=(EVENING + timedelta(hours=18)).isoformat(),
        ),
        at=EVENING + timedelta(days=1),
    )
    climb(scene, report.id, "boubacar")
    shown = feed(scene, "ana", EVENING + timedelta(days=1))
    assert "2 countries: 3 reports sent" in groups(shown)
    assert not any("verified locally" in words for words in groups(shown))
    assert "Niamey is now at V2" in texts(shown)


def test_other_acts_say_the_newest_and_how_many_more(scene: Running) -> None:
    for _each in range(3):
        add_task(scene)
    assert any(words.endswith("And 2 more like it.") for words in groups(feed(scene, "ana")))
    [lines] = [each for each in feed(scene, "ana") if getattr(each, "className", "") == "feed"]
    assert len(lines.children) <= LINES
