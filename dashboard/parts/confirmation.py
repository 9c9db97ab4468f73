"""Confirmation dialogs of irreversible steps: a question, and the consequences (`frame/confirm.js`)."""

from typing import Any

from dashboard.parts.confirmation_texts import ASKINGS, ConfirmationText
from dashboard.wording import N_, _
from operations.core.vocabulary import OperationState

_OF_OPERATION = {
    OperationState.APPROVED: ConfirmationText(
        N_("Approve this operation?"),
        N_("Its operational plan is frozen as a version, and the operation's own fields are not edited any more."),
        N_("Yes, approve it"),
    ),
    OperationState.PRE_OPERATIONAL: ConfirmationText(
        N_("Begin the pre-operational work?"),
        N_("Countries can report from now on. There is no way back to the approval; the operation can be suspended."),
        N_("Yes, begin"),
    ),
    OperationState.ACTIVE: ConfirmationText(
        N_("Start the operation?"),
        N_("The countries that confirmed become active. There is no way back; the operation can be suspended."),
        N_("Yes, start it"),
    ),
    OperationState.CONSOLIDATION: ConfirmationText(
        N_("End the operation?"),
        N_("What is missing can still be reported, verified and corrected; the operation itself does not run again."),
        N_("Yes, end it"),
    ),
    OperationState.DEBRIEFED: ConfirmationText(
        N_("Close the debrief?"),
        N_(
            "Reporting ends for good. What was left out stays out, and whatever its country still corrects is marked "
            "as a late change."
        ),
        N_("Yes, close it"),
    ),
    OperationState.FINAL: ConfirmationText(
        N_("Approve the debrief?"),
        N_("It stands as it was written, for everybody who takes part, and is the word of the leadership as well."),
        N_("Yes, approve it"),
    ),
    OperationState.EVALUATED: ConfirmationText(
        N_("Close the evaluation?"),
        N_("What was recommended is still followed up to its end, also when the operation is archived."),
        N_("Yes, close it"),
    ),
    OperationState.ARCHIVED: ConfirmationText(
        N_("Archive this operation?"),
        N_("It is read and handed over as before, and nothing in it is changed but what becomes of recommendations."),
        N_("Yes, archive it"),
    ),
    OperationState.CANCELLED: ConfirmationText(
        N_("Cancel this operation?"),
        N_("It never runs again, and nothing that was reported can be verified, corrected or withdrawn any more."),
        N_("Yes, cancel it for good"),
    ),
}
_STEPS = {f"operation.{state}": asking for state, asking in _OF_OPERATION.items()} | ASKINGS
STEPS = tuple(_STEPS)
"""The steps that ask for confirmation."""


def confirmation_attributes(step: str, before: str = "") -> dict[str, Any]:
    """Return the attributes that make a step's button ask; `before`: the consequences in this very case."""
    asking = _STEPS[step]
    return {
        "data-confirm": _(asking.question),
        "data-follows": f"{before} {_(asking.follows)}".strip(),
        "data-yes": _(asking.yes),
        "data-no": _("No, go back"),
    }
