"""The log of refusals: which act was not granted to which role, for whoever watches for people who try doors.

A line of the log, under the number of its request, and a metric. It names no person, no thing and no content.
"""

import logging

from operations.core import measures
from operations.core.errors import Changed, NotPermitted
from operations.core.people import Actor, System

OTHER = "other"
"""The act of a refusal that another rule than the matrix makes, such as four eyes."""
_log = logging.getLogger("muster.refusals")


def note(refused: NotPermitted, by: Actor | System) -> None:
    """Log a refusal, once. That a session ended meanwhile is none."""
    if refused.noted or isinstance(refused, Changed):
        return
    refused.noted = True
    act, role = refused.act or OTHER, by.role if isinstance(by, Actor) else "system"
    measures.REFUSALS.labels(str(act), str(role)).inc()
    _log.info("Refused", extra={"act": str(act), "role": str(role)})
