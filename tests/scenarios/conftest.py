"""All scenarios played into one database, as the demo does: once in a run, and copied for whoever asks."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from operations.core.store import Store, open_store
from scenarios import NAMES, catalogue, programme
from scenarios.player import Played, play
from tests.prepared_databases import shared


def play_all(store: Store, names: Sequence[str] = NAMES) -> dict[str, Played]:
    """What the player says of each; nobody is refused."""
    said = {name: play(store, catalogue()[name]) for name in names}
    refused = [(name, each.step.by, each.step.what, each.sentence) for name in names for each in said[name].refused]
    assert refused == []
    return said


@pytest.fixture(scope="session")
def played(of_run: Path) -> tuple[Path, dict[str, Played]]:
    """An SQLite file to be copied, and what the player said of each scenario."""
    return shared(of_run, "scenarios", _play_into)


def _play_into(file: Path) -> dict[str, Played]:
    store = open_store(f"sqlite:///{file}")
    said = play_all(store)
    store.dispose()
    return said


@pytest.fixture(scope="session")
def programme_played(of_run: Path) -> tuple[Path, Played]:
    """The programme in an SQLite file to be copied, and what the player said of it."""
    return shared(of_run, "programme", play_programme)


def play_programme(file: Path) -> Played:
    """Play the programme into a file; nobody is refused."""
    store = open_store(f"sqlite:///{file}")
    said = play(store, programme())
    store.dispose()
    assert [(each.step.by, each.step.what, each.sentence) for each in said.refused] == []
    return said
