"""Opening a case from a card or a row: the reader gives a reason, which is entered in the access trail."""

from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, State, clientside_callback, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.policy import screen
from dashboard.parts.panel import empty_state
from dashboard.screens.fugitives import case as fugitive_case
from dashboard.screens.fugitives import case_leads as fugitive_asked
from dashboard.screens.fugitives import file as fugitive_file
from dashboard.screens.fugitives.case_form import AMEND, AMENDED, AMENDING, amendable
from dashboard.screens.fugitives.case_leads import FIND, LEAD
from dashboard.screens.fugitives.ids import CASES, Ids
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.wording import _
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.policing.fugitives import cases
from operations.policing.operation import plan


@screen(Output(Ids.CHOSEN, "data"), Input(Ids.GRID, "selectedRows"), act=Act.FUGITIVE_READ, prevent_initial_call=True)
def choose_row(rows: list[dict[str, Any]] | None) -> Any:
    """Select the case of a single selected row; several rows serve bulk actions and open none."""
    return rows[0]["id"] if rows and len(rows) == 1 else no_update


@does({"type": "fugitives-card", "case": ALL}, act=Act.FUGITIVE_READ, shows=(Output(Ids.CHOSEN, "data"),))
def choose_card(press: Press) -> Done:
    """Select the case of a pressed card."""
    return Done(shown=(press.subject["case"],))


OPENING: dict[str, Any] = {
    "opened": Output(Ids.OPENED, "data"),
    "why": Output(Ids.WHY, "error"),
    "countries": Output(LEAD.id("to_countries"), "data"),
    "believed": Output(LEAD.id("to_countries"), "value"),
    "question": Output(LEAD.id("question"), "value"),
    "remark": Output(FIND.id("remark"), "value"),
    "amended": {name: Output(AMEND.id(name), "value") for name in (*AMENDED, "reason")},
    "versions": AMENDING.opens,
    "clients": [Output(form.id("client-id"), "data") for form in (LEAD, FIND, AMEND)],
}


@screen(
    output=OPENING,
    inputs={"chosen": Input(Ids.CHOSEN, "data"), "why": Input(Ids.WHY, "value")},
    state={"opened": State(Ids.OPENED, "data"), "operation_id": State(OPERATION, "data")},
    act=Act.FUGITIVE_READ,
    prevent_initial_call=True,
)
def open_case(chosen: str | None, why: str | None, opened: dict[str, Any] | None, operation_id: str) -> dict[str, Any]:
    """Open the selected case once its reader has given a reason: enter it in the access trail and reset the forms."""
    now_opened = {"case": chosen, "why": why}
    if not chosen or now_opened == opened:
        raise PreventUpdate
    same = {name: _unchanged(part) for name, part in OPENING.items()}
    if not why:
        return {**same, "why": _("Say why you open this case: it is written into the access trail.")}
    by = actor()
    with unit_of_work() as session:
        cases.consult(session, known_id(chosen), why, by)
    with reading() as session:
        file = _file(session, plan.operation(session, known_id(operation_id), by), by, chosen)
        versions = AMENDING.opened(*amendable(session, file.case))
    said = {**same, "opened": now_opened, "why": None}
    if opened is not None and opened["case"] == chosen:
        return said
    options, believed = fugitive_asked.asked_countries(file)
    return {
        **said,
        "countries": options,
        "believed": believed,
        "question": "",
        "remark": "",
        "amended": {name: versions[1][name] for name in (*AMENDED, "reason")},
        "versions": versions,
        "clients": [str(new_id()) for _each in OPENING["clients"]],
    }


def _unchanged(part: Any) -> Any:
    if isinstance(part, dict):
        return dict.fromkeys(part, no_update)
    return [no_update] * len(part) if isinstance(part, list) else no_update


def _file(session: Session, operation: plan.Operation, by: Actor, case_id: str) -> fugitive_file.CaseFile:
    """Return the file of a case of this operation. Raises NotFound."""
    case = cases.case(session, known_id(case_id))
    if case.operation_id != operation.id:
        raise NotFound
    return fugitive_file.read_file(session, operation, case, by)


def nothing_chosen(*, asked: bool = False) -> Component:
    """Return the placeholder: no case is selected, or no reason was given for opening the case `asked`."""
    words = (
        _("Say above why you open it: the case opens here.")
        if asked
        else _("Choose a card or a row: the case opens here.")
    )
    return empty_state(_("No case is open"), words, "user-search")


def case_parts(
    session: Session, operation: plan.Operation, by: Actor, opened: dict[str, Any] | None
) -> tuple[Any, Any, bool, bool, bool]:
    """Return panel and facts of the open case, and which of the forms between them are hidden."""
    if not opened:
        return nothing_chosen(), [], True, True, True
    file = _file(session, operation, by, opened["case"])
    return (
        fugitive_case.panel_of(file, operation, by),
        fugitive_case.facts_of(file, operation, by),
        not fugitive_asked.may_ask(file, by),
        not fugitive_asked.may_find(file, by),
        not cases.may_amend(file.case, by),
    )


follow_case = follows(
    case_parts,
    Ids.CASE,
    Ids.FACTS,
    Output(Ids.ASKING, "hidden"),
    Output(Ids.FINDING, "hidden"),
    Output(Ids.AMENDING, "hidden"),
    act=Act.FUGITIVE_READ,
    operation=OPERATION,
    of=CASES,
    opened=Input(Ids.OPENED, "data"),
)

clientside_callback(
    ClientsideFunction("muster", "case_opened"),
    Output(Ids.CASE, "data-shown"),
    Input(Ids.OPENED, "data"),
    State(Ids.CASE, "data-shown"),
    prevent_initial_call=True,
)
