"""What a pulse brings to open screens is the same whether a report holds persons who are guarded or nobody."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dashboard.screens.situation import page
from dashboard.server import live_boards
from dashboard.server.access import RequestContext
from dashboard.server.live_boards import Sight, Watch
from operations.core import clock
from operations.core.people import System
from operations.policing.operation import plan
from tests.dashboard.desks import EVENING, open_scene
from tests.makers import Running, detection, form, let_out, send, tally
from tests.operations.test_board import share

_ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")


def opened(folder: Path) -> Running:
    """A scene whose countries share their totals, of which everything was let out."""
    folder.mkdir()
    scene = open_scene(folder)
    with scene.store.unit_of_work(System()) as session:
        owner = session.get_one(plan.Operation, scene.operation)
        owner.line_kinds = [*owner.line_kinds, "migrant_detection"]
    for name in ("chaima", "moussa"):
        share(scene, name)
    send(scene, form(scene, lines=[detection(40), tally()]))
    with clock.at(EVENING):
        let_out(scene)
    return scene


def pushed(scene: Running, by: str, lines: list[dict[str, Any]]) -> list[Any]:
    """What comes to a situation that is open while a report does: its parts, without ids of what was made."""
    chosen = [str(scene.operation), "V1", "whole", "K15"]
    shown = {"board": "situation-shown", "chosen": chosen, "marks": {}, "number": -1, "since": 0, "turn": 1}
    watch = Watch.read(shown)
    assert watch is not None
    asking = RequestContext(scene[by], scene.store)
    sight = Sight.of(watch, asking)
    with clock.at(EVENING):
        before = live_boards.draw_board(sight, asking)
        send(scene, form(scene, "Agadez", lines=lines), at=EVENING)
        after = live_boards.draw_board(sight, asking)
    assert before is not None
    assert after is not None
    said = json.loads(f"{{{after.since(before.marks) or ''}}}")
    parts = [(name, element, prop, json.dumps(value)) for name, _mark, element, prop, value, *_more in said["parts"]]
    assert {name for name, *_part in parts} <= set(page.PARTS)
    return [said["number"], *((*part[:3], _ID.sub("", part[3])) for part in parts)]


@pytest.mark.parametrize("by", ["lena", "moussa"])
def test_a_pulse_brings_no_more_of_a_report_with_persons_than_of_one_without(tmp_path: Path, by: str) -> None:
    nobody, some = (
        pushed(opened(tmp_path / name), by, [tally(), *lines])
        for name, lines in (("nobody", []), ("some", [detection(4), detection(30)]))
    )
    assert nobody == some
    assert len(nobody) > 1, "something came, as a site reported"
    own = pushed(opened(tmp_path / "own"), "ana", [tally(), detection(4)])
    assert "situation-tile-K15" in {element for _name, element, *_value in own[1:]}
