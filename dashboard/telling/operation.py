"""Sentences for operations, their phases and their countries."""

from dashboard.telling.names import REASON, Names, coded, field_label, moment_of, number_of
from dashboard.telling.sentence_rows import row
from dashboard.wording import N_, joined
from operations.core.journal import Entry
from operations.core.vocabulary import OperationState, ParticipationState
from operations.totals.activity import DepartureChoice

_EARLY = N_("The operation was ended before its planned end. Reason: {reason}")


def _fields(entry: Entry, _names: Names) -> str:
    return joined(field_label(name) for name in entry.detail.get("changed", ()))


def _moved(entry: Entry) -> str:
    return {
        OperationState.SUSPENDED.value: N_("The operation was suspended. Reason: {reason}"),
        OperationState.CANCELLED.value: N_("The operation was cancelled. Reason: {reason}"),
        **({OperationState.CONSOLIDATION.value: _EARLY} if entry.detail.get("reason") else {}),
    }.get(str(entry.detail.get("after")), N_("The operation went from {before} to {after}."))


def _assigned(entry: Entry) -> str:
    if entry.detail.get("changed"):
        return N_("The days of somebody who works for the operation were changed.")
    if entry.detail.get("deputy"):
        return N_("A person was assigned to the operation, to stand in for some days.")
    return N_("A person was assigned to the operation.")


def _scheduled(entry: Entry) -> str:
    if entry.detail.get("before") is None:
        return N_("A phase was scheduled: {phase}, {begins} to {ends}.")
    return N_("A phase was moved: {phase}, now {begins} to {ends}.")


def _answered(entry: Entry) -> str:
    return {
        ParticipationState.CONFIRMED.value: N_("{country} confirmed that it takes part."),
        ParticipationState.DECLINED.value: N_("{country} declined to take part."),
    }.get(
        str(entry.detail.get("state")), _LEFT.get(str(entry.detail.get("figures")), N_("{country} left the operation."))
    )


_LEFT = {
    DepartureChoice.SHOWN.value: N_("{country} left the operation. Its figures stay shown as before."),
    DepartureChoice.TOTALS.value: N_(
        "{country} left the operation. Its figures stay in the totals, and it is not shown any more."
    ),
    DepartureChoice.ERASED.value: N_("{country} left the operation. Its figures were taken out of the totals."),
}


_MOVE = row("flag", _moved, before=coded("CL-OPSTATE", "before"), after=coded("CL-OPSTATE", "after"), reason=REASON)
OPERATION = {
    "operation.create": row("flag", N_("The operation was created: {type}."), type=coded("CL-OPTYPE", "type")),
    "operation.edit": row("flag", N_("The description was changed: {fields}."), fields=_fields),
    "operation.run": _MOVE,
    "operation.approve": _MOVE,
    "operation.suspend": _MOVE,
    "operation.cancel": _MOVE,
    "operation.leave_out": row(
        "flag", N_("{country}: reports left out of the figures: {count}. Reason: {reason}"),
        count=number_of("reports"),
    ),
    "operation.assign": row("user-check", _assigned),
    "operation.relieve": row("logout", N_("A person was relieved from the operation.")),
    "phase.schedule": row(
        "calendar-event", _scheduled,
        phase=coded("CL-PHASE", "phase"), begins=moment_of("starts"), ends=moment_of("ends"),
    ),
    "phase.drop": row("calendar-event", N_("A phase was dropped: {phase}."), phase=coded("CL-PHASE", "phase")),
    "participation.invite": row("users-group", N_("{country} was invited.")),
    "participation.answer": row("users-group", _answered),
    "participation.final": row("checks", N_("{country} said that its figures are final.")),
    "participation.reopen": row("arrow-back-up", N_("{country} took its final word back.")),
    "participation.withhold": row("eye-off", N_("{country} withholds what is its own from {partner}.")),
    "participation.lift": row("eye", N_("{country} withholds nothing from {partner} any more.")),
    "participation.close": row("rubber-stamp", N_("{country} was closed: nothing more is expected from it.")),
    "participation.without": row(
        "arrow-forward-up", N_("The debriefing does not wait for the final word of {country}. Reason: {reason}"),
    ),
    "participation.unanswered": row(
        "question-mark", N_("{country}: hits that stay without an answer: {count}. Reason: {reason}"),
        count=number_of("hits"),
    ),
}  # fmt: skip
