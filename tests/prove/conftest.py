"""Muster as it is: what is proved here stands on what a password costs."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> None:
    """Not here."""
