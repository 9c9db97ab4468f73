"""What comes next for whom nothing waits: the next phase of one of their operations."""

from sqlmodel import Session

from dashboard.wording import _, coded, moment
from operations.core import history
from operations.core.clock import now
from operations.core.people import Actor
from operations.policing.operation import plan
from operations.worklist_entries import OVER


def next_phase(session: Session, by: Actor) -> str:
    """Return in a sentence which phase begins next in this person's operations; "" where none is scheduled."""
    at = now()
    owners = {each.id: each for each in plan.operations(session, by) if each.state not in OVER}
    found = history.read(session, plan.Phase, *owners)
    coming = [(phase.starts, owners[phase.operation_id], phase) for phase in found if phase.starts > at]
    if not coming:
        return ""
    starts, operation, phase = min(coming, key=lambda each: (each[0], str(each[2].id)))
    named = coded("CL-PHASE", phase.kind)
    begins = moment(starts, operation.zone)
    return _("Next: {phase} of {operation}, from {moment} on.", phase=named, operation=operation.title, moment=begins)
