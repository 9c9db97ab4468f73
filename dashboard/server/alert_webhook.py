"""The webhook of alerts: a POST of JSON for each, signed; repeated under the same identifier until it was accepted.

It says which alert of docs/administrator.md it is, and where to look: no words of the database.
"""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from dashboard.settings import Settings
from operations.core.errors import MusterError
from operations.timetable.signals import AlertNotice

PATIENCE = 10
"""Seconds that the receiver has to answer."""
SIGNATURE = "Muster-Signature"
"""The header with "sha256=" and the HMAC of the body under MUSTER_ALERT_SECRET."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An alert goes where the settings say and nowhere else."""

    def redirect_request(self, *_given: Any, **_named: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def poster(settings: Settings) -> Callable[[AlertNotice], None] | None:
    """Return the function that posts an alert; None where no webhook is set.

    It raises MusterError where the alert does not arrive.
    """
    if not settings.alert_webhook:
        return None

    return lambda notice: post(settings, settings.alert_webhook, body_of(notice, settings), notice.id)


def post(settings: Settings, address: str, body: bytes, identifier: str) -> None:
    """Post a body, signed. Raises MusterError where it does not arrive."""
    request = urllib.request.Request(address, body, method="POST")  # noqa: S310 - the settings allow http and https alone
    request.add_header("Content-Type", "application/json")
    request.add_header("Idempotency-Key", identifier)
    if secret := settings.alert_secret.get_secret_value():
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        request.add_header(SIGNATURE, f"sha256={digest}")
    try:
        with _opener.open(request, timeout=PATIENCE):
            return
    except urllib.error.HTTPError as refused:
        raise MusterError("The webhook of alerts answered {status}.", status=refused.code) from None
    except OSError as broken:
        reason = type(getattr(broken, "reason", broken)).__name__
        raise MusterError("The webhook of alerts cannot be reached ({reason}).", reason=reason) from None


def body_of(notice: AlertNotice, settings: Settings) -> bytes:
    """Return the body of a notice."""
    told = notice._asdict() | {"at": notice.at.isoformat(), "address": f"{settings.address}/installation"}
    return json.dumps(told, sort_keys=True).encode()
