"""Identifiers. Whoever creates a record names it: browsers and devices make the id, so a re-send is recognised."""

import hashlib
import json
from typing import Any
from uuid import UUID, uuid4


def new_id() -> UUID:
    """A fresh random identifier."""
    return uuid4()


def fingerprint(content: Any) -> str:
    """SHA-256 (hex) of a JSON-like value in canonical form: equal content, equal fingerprint."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
