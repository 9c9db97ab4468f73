"""Callbacks of case entry: nominate one or many, amend one, and freeze the list of a public appeal."""

from dataclasses import replace
from typing import Any

from dash import Output, State
from dash.development.base_component import Component

from dashboard.frame.bulk_actions import bulk_action
from dashboard.frame.interactions import Done, Press, does
from dashboard.frame.operation_page import OPERATION
from dashboard.screens.fugitives.case_form import AMEND, AMEND_SEND, AMENDED, AMENDING, CASE, NOMINATED, opened_case
from dashboard.screens.fugitives.forms import findings
from dashboard.screens.fugitives.ids import Ids
from dashboard.server.access import known_id, reading
from dashboard.wording import _, ngettext, number
from operations.core import rows
from operations.core.ids import new_id
from operations.core.permissions import Act
from operations.policing.fugitives import appeals, cases, nominations
from operations.policing.fugitives.case_rows import FugitiveCase
from operations.policing.operation import plan

ROWS = {"text": State(Ids.TABLE, "value"), "batch": State(Ids.BATCH, "data")}


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


@does(Ids.READ, act=Act.FUGITIVE_NOMINATE, operation=OPERATION, shows=(Output(Ids.FOUND, "children"),), given=ROWS)
def read_rows(press: Press, text: str | None, batch: str) -> Done:
    """Check every pasted row for whether it can be nominated. Nothing is stored."""
    with reading() as session:
        operation = plan.operation(session, press.operation_id, press.by)
        found = nominations.read(session, operation.id, text or "", known_id(batch), press.by)
    return Done(shown=(findings(Ids, found),))


@does(
    Ids.SEND,
    act=Act.FUGITIVE_NOMINATE,
    operation=OPERATION,
    shows=(Output(Ids.FOUND, "children"), Output(Ids.TABLE, "value"), Output(Ids.BATCH, "data")),
    given=ROWS,
)
def nominate_rows(press: Press, text: str | None, batch: str) -> Done:
    """Nominate every valid row; the others stay in the field, with their flaws."""
    with reading() as session:
        operation = plan.operation(session, press.operation_id, press.by)
        found = nominations.read(session, operation.id, text or "", known_id(batch), press.by)
    drafts = [each.draft for each in found if each.draft is not None]
    done = (
        bulk_action(
            [(draft.notice_ref, draft) for draft in drafts],
            lambda session, draft: cases.nominate(session, operation.id, draft, press.by),
            lambda n: ngettext("{n} case is nominated.", "{n} cases are nominated.", n),
        )
        if drafts
        else Done()
    )
    with reading() as session:
        made = rows.by_id(session, FugitiveCase, (draft.case_id for draft in drafts))
    left = [each for each in found if each.draft is None or each.draft.case_id not in made]
    shown: Component | list[Any] = findings(Ids, left) if left else []
    return replace(done, shown=(shown, "\n".join(each.line for each in left), str(new_id())))


@does(Ids.FREEZE, act=Act.FUGITIVE_ACCEPT, operation=OPERATION)
def freeze(press: Press) -> Done:
    """Freeze the list of all cases whose appeal has both consents."""
    made = appeals.freeze(press.session, press.operation_id, new_id(), press.by)
    return Done(_("List {number} is frozen.", number=number(made.number)))
