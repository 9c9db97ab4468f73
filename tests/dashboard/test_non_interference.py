"""Twins: what a reader may not know changes no byte of any answer at any door (the program is `twin`)."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.prepared_databases import once

pytestmark = [pytest.mark.rest, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def twins(of_run: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every answer of the house without the secret and of the one with it, each from a process of its own."""
    return once(of_run, "twins", partial(_asked, of_run))


def _asked(
    folder: Path, sides: tuple[str, str] = ("plain", "secret"), url: Callable[[], str] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    made = [url() if url else f"sqlite:///{folder / which}.sqlite" for which in sides]
    running = [
        subprocess.Popen(_command(folder, which, at), env=os.environ | {"PYTHONHASHSEED": "0"})
        for which, at in zip(sides, made, strict=True)
    ]
    assert [each.wait() for each in running] == [0, 0]
    plain, secret = (json.loads((folder / f"{which}.json").read_text()) for which in sides)
    return plain, secret


def _command(folder: Path, which: str, url: str) -> list[str]:
    out = str(folder / f"{which}.json")
    return [sys.executable, "-m", "tests.dashboard.twin", url, out, which]


@pytest.mark.requirement("ASVS 8.2.2", "R18")
def test_what_one_may_not_know_changes_no_byte_of_any_answer(twins: tuple[dict[str, Any], dict[str, Any]]) -> None:
    plain, secret = twins
    assert {door for door in _differing(plain, secret) if not door.startswith("watching: ")} == set()


@pytest.mark.requirement("ASVS 8.2.3", "R19")
def test_until_its_release_nothing_that_counts_persons_in_need_changes_a_byte_for_those_it_is_guarded_from(
    twins: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    """Reports of one house hold persons, those of the other none: they come, climb, are corrected and withdrawn."""
    plain, secret = twins
    assert {door for door in _differing(plain, secret) if door.startswith("watching: ")} == set()
    for name in ("lena", "otto", "moussa"):
        assert sum(door.startswith(f"watching: {name} /operations/") for door in plain) > 20, name
    assert any(
        "40" in said for door, said in plain.items() if door.startswith("watching: lena") and "situation" in door
    )


@pytest.mark.postgres
def test_on_postgresql_too_a_third_country_sees_no_byte_of_what_is_withheld_from_another(
    of_run: Path, postgres_url: Callable[[], str]
) -> None:
    """It reads the message that it passed on, the countries, the journal and its number; rows are kept apart there."""
    plain, withheld = once(of_run, "withheld-twins", partial(_asked, of_run, ("open", "withheld"), postgres_url))
    assert _differing(plain, withheld) == set()
    assert any("?show=" in door and "Passed on" in said for door, said in plain.items())


def _differing(plain: dict[str, Any], secret: dict[str, Any]) -> set[str]:
    """Return the doors whose answers differ.

    The extract of an auditor holds hashes of entries that it does not show: they differ, as those of any other content
    would. Each is of random identifiers too, and of the hash before it, so that no content can be tried out.
    """
    return {
        door
        for door in plain.keys() | secret.keys()
        if plain.get(door) != secret.get(door) and not door.endswith("/journal.zip")
    }


@pytest.mark.requirement("R18")
def test_every_door_was_asked(twins: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """So that the comparison compares something: pages, their callbacks, files, the pulse and its socket."""
    plain, _secret = twins
    answered = [door for door, said in plain.items() if isinstance(said, str) and said.startswith("200")]
    assert len(answered) > 400
    for part in ("GET /pulse/now", "reports.csv", "reports.xlsx", "plan.pdf", ".ics", "/data/map/search"):
        assert any(part in door for door in answered), part
    pages = ("situation", "journal", "reports", "timeline", "plan", "teams", "fugitives", "oplan", "verify")
    for page in pages:
        assert sum(f"/{page} " in door for door in answered) > 3, page
    heard = plain["moussa socket"]
    assert [len(said["operations"]) for said in heard[1::2]] == [1, 1, 1]
    assert heard[1]["seq"] < heard[3]["seq"] < heard[5]["seq"]
