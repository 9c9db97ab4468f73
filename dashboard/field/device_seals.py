"""Device seals: by its seal a device asks without a session whether it must erase what it keeps for an officer.

A seal holds an account and when it was made, under the key of the installation: it opens nothing, and tells nobody
whose it is.
"""

from datetime import datetime
from uuid import UUID

from operations.core import installation_key, sign_in
from operations.core.clock import now
from operations.core.errors import RuleBroken
from operations.core.people import System
from operations.core.store import Store

_PURPOSE = "field form"


def seal(account_id: UUID) -> str:
    """Return the seal of an account for a device that was in contact now; "" where the server has no key."""
    try:
        return installation_key.sealed(_PURPOSE, f"{account_id} {now().isoformat()}", _PURPOSE)
    except RuleBroken:
        return ""


def ended(store: Store, seal: str) -> bool:
    """Return whether what is kept under a seal must be erased; False for what is no seal."""
    try:
        account_id, _space, since = installation_key.opened(_PURPOSE, seal, _PURPOSE).partition(" ")
    except (RuleBroken, ValueError):
        return False
    with store.reading(System()) as session:
        return sign_in.erased_since(session, UUID(account_id), datetime.fromisoformat(since))
