"""The state of a connection with a centre, and the key by which this Muster signs."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts.panel import empty_state, facts
from dashboard.places import CENTRE
from dashboard.screens.centre import words
from dashboard.wording import _, moment_utc, ngettext
from operations.core import evidence
from operations.core.people import Actor
from operations.exchange import centres
from operations.exchange.centre_rows import CentreConnection
from operations.policing.operation import plan


def about(found: CentreConnection, waits: int) -> list[Component]:
    """Return the state of a connection: what is known of the centre, why it takes nothing, and what waits."""
    there = centres.plan_of(found)
    fails = words.failure(found.failure)
    known = [
        (_("Operation at the centre"), there.title if there else _("not known yet: the centre is asked")),
        (_("Address"), html.Code(found.address, dir="ltr")),
        (_("Last answer about it"), moment_utc(found.asked_at) if found.asked_at else ""),
        (_("On its way"), ngettext("{n} report waits", "{n} reports wait", waits) if waits else ""),
        (_("Tried again"), moment_utc(found.due_at) if fails else ""),
        *keys(),
        (_("Connected by"), found.author_name),
    ]
    alert = [html.P(fails, className="reports-set-aside", role="status")] if fails else []
    return [*alert, facts(known)]


def choice(session: Session, by: Actor, found: Sequence[CentreConnection], chosen: str) -> Component:
    """Return links to the connections of a country, the chosen one marked."""
    titles = {each.id: each.title for each in plan.operations(session, by)}
    links = [
        html.A(
            titles.get(each.operation_id, each.address),
            href=f"{CENTRE.href()}?show={each.id}",
            **({"aria-current": "page"} if str(each.id) == chosen else {}),
        )
        for each in found
    ]
    return html.Nav(links, className="m-row", **{"aria-label": _("Connections")})


def none() -> list[Component]:
    """Return what a country without a connection does first, and the key that it needs for that."""
    hint = _("Your country makes a token at the centre, for the key below. Then connect the operation here.")
    return [empty_state(_("No operation is connected"), hint, "plug-connected"), facts(keys())]


def keys() -> list[tuple[str, Any]]:
    """Return the key by which this installation signs: the centre's token names it, and people compare it."""
    key = evidence.public_key()
    return [
        (_("Public key of this Muster"), html.Code(key, dir="ltr")),
        (_("Fingerprint, to compare by telephone"), html.Code(evidence.key_fingerprint(key), dir="ltr")),
    ]
