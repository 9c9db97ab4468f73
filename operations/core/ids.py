"""Identifiers: made by the browser or device that creates a record, so that a retry is recognised."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

_noted: ContextVar[list[UUID] | None] = ContextVar("muster_noted_ids", default=None)


@contextmanager
def noted_ids() -> Iterator[list[UUID]]:
    """Note the identifiers made inside the block, in a list that grows."""
    made: list[UUID] = []
    token = _noted.set(made)
    try:
        yield made
    finally:
        _noted.reset(token)


def new_id() -> UUID:
    """Return a fresh random identifier."""
    made = uuid4()
    if (noted := _noted.get()) is not None:
        noted.append(made)
    return made


def hexadecimal(column: Any) -> sa.ColumnElement[str]:
    """Return a column of identifiers as text of 32 digits, like `UUID.hex`, the same on both storages."""
    return sa.func.replace(sa.cast(column, sa.String), "-", "", type_=sa.String())


def fingerprint(content: Any) -> str:
    """Return the SHA-256 (hex) of a JSON-like value in canonical form: equal content, equal fingerprint."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
