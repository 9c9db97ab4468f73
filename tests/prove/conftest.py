"""Muster as it is: what is proved here stands on what a password costs."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Commits wait for the disk here."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("durable")


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> None:
    """Not here."""
