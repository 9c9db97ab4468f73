"""What a pulse costs a page that shows reports, home or timeline: asked for, as pages without a socket do, and pushed.

Bytes both ways and processor time, of an act that concerns the page and of one that does not. In one process, without
the gate, which adds to each question and to no push.
"""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import dash
import pytest

from dashboard.app import create_app
from dashboard.server import live_boards
from dashboard.server.access import RequestContext
from dashboard.server.live_boards import DrawnBoard, Sight
from dashboard.server.pulse_socket import PULSE_ASKS
from dashboard.settings import Settings
from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.policing.calendar import tasks
from operations.policing.map_plan import places
from operations.policing.operation import plan
from tests.bench.conftest import Ledger
from tests.dashboard import pushed
from tests.dashboard.desks import EVENING
from tests.dashboard.open_page import Browser, bodies
from tests.makers import START, Running, form, operation_draft, send, site_draft, tally
from tests.prepared_databases import open_scene

SITES, TASKS, OPERATIONS, SCREENS = 60, 150, 30, 1000
PAGES = {"home": "ana", "reports": "chaima", "timeline": "ana"}


def _task(scene: Running) -> None:
    content = {
        "id": new_id(),
        "title": "Brief the posts",
        "due": (START + timedelta(days=2)).isoformat(),
        "country": "NER",
    }
    with scene.store.unit_of_work(scene["ana"]) as session:
        tasks.add(session, scene.operation, parse(tasks.TaskDraft, content), scene["ana"])


def _report(scene: Running) -> None:
    send(scene, form(scene, lines=[tally(500)]))


ACTS: dict[str, dict[str, Callable[[Running], None]]] = {
    "home": {"concerns it": _report, "does not": _task},
    "reports": {"concerns it": _report, "does not": _task},
    "timeline": {"concerns it": _task, "does not": _report},
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Running:
    """A large operation among many."""
    made = open_scene(tmp_path_factory.mktemp("pushed"))
    with clock.at(START - timedelta(days=3)), made.store.unit_of_work(made["ana"]) as session:
        for number in range(SITES):
            places.place_site(session, made.operation, site_draft("NER", f"Post {number}"), made["ana"])
        for number in range(OPERATIONS):
            plan.create(session, operation_draft(id=new_id(), code_name=f"Bench {number}"), made["ana"])
    for _number in range(TASKS):
        with clock.at(EVENING):
            _task(made)
    return made


def _asked(browser: Browser, asking: RequestContext, pool: dict[str, Any]) -> tuple[int, int, float]:
    """Questions, bytes both ways and milliseconds of processor where the page asks."""
    pool[PULSE_ASKS] = {"id": PULSE_ASKS, "data": 1}
    runs, size, begun = 0, 0, time.process_time()
    for callback in browser.hearing([(PULSE_ASKS, "data")]):
        for body in bodies(callback, pool, [(PULSE_ASKS, "data")]):
            runs += 1
            size += len(json.dumps(body)) + len(json.dumps(browser.asks(asking, body)))
    return runs, size, (time.process_time() - begun) * 1000


def _sent(
    browser: Browser, asking: RequestContext, pool: dict[str, Any], before: list[DrawnBoard | None]
) -> tuple[int, int, float, float]:
    """Boards that were drawn, bytes to a screen, milliseconds to draw and compare once, and to tell each further."""
    watches, size, begun = list(pushed.on_page(browser.callbacks, pool)), 0, time.process_time()
    drawn = [
        live_boards.draw_board(Sight.of(each, asking), asking, [each.marks], held)
        for each, held in zip(watches, before, strict=True)
    ]
    anew = sum(
        now is not None and held is not None and now.at != held.at for now, held in zip(drawn, before, strict=True)
    )
    once, begun = (time.process_time() - begun) * 1000, time.process_time()
    for _screen in range(SCREENS):
        size = sum(len(each.since(watch.marks) or "") for each, watch in zip(drawn, watches, strict=True) if each)
    return anew, size, once, (time.process_time() - begun) * 1000 / SCREENS


def test_what_a_pulse_costs_a_page(tmp_path: Path, scene: Running, ledger: Ledger) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'muster.sqlite'}"))
    browser, operation = Browser(app.inside.dash, {}), str(scene.operation)
    for name, who in PAGES.items():
        module, asking = f"dashboard.screens.{name}.page", RequestContext(scene[who], scene.store, theme="light")
        values = {"operation_id": operation} if dash.page_registry[module]["path_template"] else {}
        for which, act in ACTS[name].items():
            with clock.at(EVENING):
                page = browser.loads(asking, module, values)
                boards = list(pushed.on_page(browser.callbacks, page.pool))
                before = [live_boards.draw_board(Sight.of(each, asking), asking) for each in boards]
                act(scene)
                runs, asks, asking_ms = _asked(browser, asking, page.pool)
                drawn, size, once, each = _sent(browser, asking, page.pool, before)
            ledger.note(f"{name}, an act that {which}: asked", f"{runs} questions", asks / 1024, "kB")
            ledger.note(
                f"{name}, an act that {which}: pushed", f"{drawn} of {len(before)} boards drawn", size / 1024, "kB"
            )
            ledger.note(f"{name}, an act that {which}: a screen that asks", "sqlite", asking_ms, "ms of CPU")
            ledger.note(f"{name}, an act that {which}: drawn once for all", "sqlite", once, "ms of CPU")
            ledger.note(f"{name}, an act that {which}: each screen that is told", f"{SCREENS}", each, "ms of CPU")
            assert size < asks
            assert (drawn > 0) == (which == "concerns it")
