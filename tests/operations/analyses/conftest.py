"""A store for every test of analyses, on each storage, as those of operations have it."""

from tests.operations.conftest import _postgres_shelf, _sqlite_shelf, scene, shelf

__all__ = ["_postgres_shelf", "_sqlite_shelf", "scene", "shelf"]
