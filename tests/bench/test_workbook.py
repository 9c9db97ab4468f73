"""A workbook of 20,000 rows: read, checked, stored as a whole, and made again with every row in it.

The same rows as a country's own sheet: mapped, previewed, stored, and known again.
"""

import io
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.papers.form_book import FIRST, as_xlsx
from dashboard.screens.workbook import content, files
from operations.policing.map_plan import places
from tests.dashboard.desks import at_desk, open_scene, texts
from tests.dashboard.test_own_sheet import FIXED, HEAD, Desk, book
from tests.makers import START, Running, site_draft

ROWS = 20_000
SECONDS = 30.0


def posts(scene: Running, many: int) -> None:
    """Place sites in Niger."""
    with scene.store.unit_of_work(scene["ana"]) as session:
        for number in range(many):
            places.place_site(session, scene.operation, site_draft("NER", f"Post {number:03}"), scene["ana"])


@pytest.mark.parametrize("of_a_report", [50, 400])
def test_20_000_rows_are_stored_within_half_a_minute(tmp_path: Path, of_a_report: int) -> None:
    scene = open_scene(tmp_path)
    reports = ROWS // of_a_report
    sites, days = -(-reports // 5), 5
    posts(scene, sites)
    now = START + timedelta(days=5)
    with at_desk(scene, "bruno", now):
        with scene.store.reading(scene["bruno"]) as session:
            about = content.context(session, scene.operation, scene["bruno"])
        rows = {
            FIRST + at: {
                "site": f"Post {at // of_a_report // days:03}",
                "day": ["day", (START.date() + timedelta(days=at // of_a_report % days)).isoformat()],
                "check_kind": "Database query",
                "database": "sltd",
                "entity_type": "Document",
                "channel": "Fixed workstation",
                "count": float(at % 90 + 1),
            }
            for at in range(ROWS)
        }
        cpu = time.process_time()
        packed = as_xlsx(content.filled(about, {"check_tally": rows}, {}))
        made = time.process_time() - cpu
        began, cpu = time.perf_counter(), time.process_time()
        answer = files.bring_back(scene.store, scene.operation, scene["bruno"], "large.xlsx", io.BytesIO(packed))
        took, spent = time.perf_counter() - began, time.process_time() - cpu
        assert answer["read"]["new"] == reports, answer
        cpu = time.process_time()
        again = files.bring_back(scene.store, scene.operation, scene["bruno"], "large.xlsx", io.BytesIO(packed))
        known = time.process_time() - cpu
        assert again["read"]["same"] == reports
    print(  # noqa: T201 - a bench speaks by printing
        f"{ROWS:,} rows in {reports} reports ({len(packed) / 2**20:.1f} MB): made in {made:.1f} CPU s, "
        f"stored in {spent:.1f}, known again in {known:.1f}; {took:.1f} s by the clock of a busy machine"
    )
    assert spent < SECONDS


@pytest.mark.parametrize("of_a_report", [50, 400])
def test_20_000_rows_of_a_countrys_own_sheet_are_stored_within_half_a_minute(tmp_path: Path, of_a_report: int) -> None:
    scene = open_scene(tmp_path)
    reports, days = ROWS // of_a_report, 5
    posts(scene, -(-reports // days))
    rows = [
        [
            START.date() + timedelta(days=at // of_a_report % days),
            f"Post {at // of_a_report // days:03}",
            "Passeports",
            "Fichier P",
            at % 90 + 1,
            "A. Person",
        ]
        for at in range(ROWS)
    ]
    made = book(*rows, head=HEAD)
    out = io.BytesIO()
    made.save(out)
    desk = Desk(scene, moment=START + timedelta(days=days))
    spent, began = dict[str, float](), time.perf_counter()

    def step(what: str, act: Callable[[], Any]) -> Any:
        cpu = time.process_time()
        answer = act()
        spent[what] = time.process_time() - cpu
        return answer

    shown = step("opened", lambda: desk.bring(out.getvalue()))
    said = step("asked", lambda: desk.said(shown, **FIXED))
    words = dict(zip([key["of"] for key in said["meant_keys"]], said["meant"], strict=True))
    assert words
    said["meant"] = ["sltd" for _word in said["meant"]]
    told = texts(step("previewed", lambda: desk.read(said)))
    assert f"{reports} reports are new." in told, told
    told = texts(step("stored", desk.store))
    assert f"{reports} reports are new." in told, told
    told = texts(step("known again", lambda: desk.bring(out.getvalue())))
    assert f"{reports} reports are known already." in told, told
    took = time.perf_counter() - began
    print(  # noqa: T201 - a bench speaks by printing
        f"own sheet, {ROWS:,} rows in {reports} reports ({out.tell() / 2**20:.1f} MB), CPU s: "
        + ", ".join(f"{what} {seconds:.1f}" for what, seconds in spent.items())
        + f"; {took:.1f} s by the clock of a busy machine"
    )
    assert max(spent.values()) < SECONDS
