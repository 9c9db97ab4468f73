"""Identifiers: made by the browser or device that creates a record, so that a retry is recognised."""

import hashlib
import json
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa


def new_id() -> UUID:
    """Return a fresh random identifier."""
    return uuid4()


def hexadecimal(column: Any) -> sa.ColumnElement[str]:
    """Return a column of identifiers as text of 32 digits, like `UUID.hex`, the same on both storages."""
    return sa.func.replace(sa.cast(column, sa.String), "-", "", type_=sa.String())


def fingerprint(content: Any) -> str:
    """Return the SHA-256 (hex) of a JSON-like value in canonical form: equal content, equal fingerprint."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
