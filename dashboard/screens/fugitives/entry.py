"""Callbacks of case entry: nominate one or many, amend one, and freeze the list of a public appeal."""

from dash import State

from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.operation_page import OPERATION
from dashboard.screens.fugitives.case_form import AMEND, AMEND_SEND, AMENDED, AMENDING, CASE, NOMINATED, opened_case
from dashboard.screens.fugitives.ids import Ids
from dashboard.wording import _, number
from operations.core.ids import new_id
from operations.core.permissions import Act
from operations.policing.fugitives import appeals, cases


@does(
    Ids.NOMINATE,
    act=Act.FUGITIVE_NOMINATE,
    form=CASE,
    typed=NOMINATED,
    client=True,
    operation=OPERATION,
    clears=("notice_ref",),
)
def nominate(press: Press) -> Done:
    """Nominate one case; the choices stay for the next, only the control number is cleared."""
    draft = press.draft(cases.CaseDraft, case_id=press.client, requesting_country=press.by.country)
    made = cases.nominate(press.session, press.operation_id, draft, press.by)
    return Done(_("{case} is nominated.", case=made.case_no))


@AMENDING.saves(
    AMEND_SEND,
    typed=(*AMENDED, "reason"),
    client=True,
    clears=("reason",),
    given={"opened": State(Ids.OPENED, "data")},
)
def amend(press: Press, opened: dict[str, str] | None, version: int | None) -> Done:
    """Save the requesting country's changes to the open case; refused input stays as typed."""
    case = opened_case(press.session, opened)
    typed = {**press.typed, "notice_ref": case.notice_ref}
    draft = AMEND.draft(
        cases.CaseDraft, typed, id=press.client, case_id=case.id, requesting_country=case.requesting_country
    )
    made = cases.amend(press.session, draft, press.by, seen=version or 0, why=typed["reason"] or "")
    said = _("{case} is changed: version {number}.", case=made.case_no, number=number(made.version))
    return Done(said)


@does(Ids.FREEZE, act=Act.FUGITIVE_ACCEPT, operation=OPERATION)
def freeze(press: Press) -> Done:
    """Freeze the list of all cases whose appeal has both consents."""
    made = appeals.freeze(press.session, press.operation_id, new_id(), press.by)
    return Done(_("List {number} is frozen.", number=number(made.number)))
