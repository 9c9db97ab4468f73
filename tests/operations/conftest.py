"""What tests of operations ask for besides the prepared databases of tests/conftest.py."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from operations.core.store import Store
from tests.makers import Running, put_cast
from tests.prepared_databases import Shelf


@pytest.fixture
def twin(shelf: Shelf) -> Iterator[Running]:
    """A second store with the very same operation in it."""
    with shelf.take(shelf.scene) as taken:
        yield replace(shelf.running, store=taken, members={})


@pytest.fixture
def cast(store: Store) -> Store:
    """A store with the cast's accounts and no operation."""
    put_cast(store)
    return store
