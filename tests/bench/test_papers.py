"""What papers cost: the situation report of one operation in every language."""

import time
from pathlib import Path

from dashboard.screens.situation import report
from dashboard.wording import in_language
from operations.core import clock
from operations.core.languages import LOCALES
from operations.policing.operation import plan
from tests.dashboard.desks import open_scene
from tests.dashboard.test_snapshots_page import reported
from tests.evaluations import ENDED

MOST = 1.0
"""Processor seconds for the report in all languages together."""


def test_a_situation_report_in_every_language(tmp_path: Path) -> None:
    scene = reported(open_scene(tmp_path))
    spent = []
    for _round in range(3):  # the first round reads the base map and the fonts
        begun = time.process_time()
        for language in LOCALES:
            with clock.at(ENDED), in_language(language), scene.store.reading(scene["ana"]) as session:
                operation = plan.operation(session, scene.operation, scene["ana"])
                said, order, _taken = report.paper(session, operation, scene["ana"], report.TACTICAL, "V3")
                assert report.file(said, order, "pdf").startswith(b"%PDF")
        spent.append(time.process_time() - begun)
    print(  # noqa: T201 - a bench speaks by printing
        f"situation report in {len(LOCALES)} languages: {min(spent):.2f} CPU s, the first time {spent[0]:.2f}"
    )
    assert min(spent) < MOST
