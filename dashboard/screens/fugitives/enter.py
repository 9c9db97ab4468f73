"""Bringing cases in, one or many, and freezing the list of a public appeal."""

from typing import Any

from dash import Input, Output, State, no_update

from dashboard.frame.policy import screen
from dashboard.refusals import say
from dashboard.screens.fugitives import amend as fugitive_amend
from dashboard.screens.fugitives import forms as fugitive_forms
from dashboard.screens.fugitives.amend import AMEND, AMEND_SEEN, AMEND_SEND
from dashboard.screens.fugitives.forms import CASE, FIELDS
from dashboard.screens.fugitives.ids import Ids
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.wording import _, ngettext, number
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.permissions import Act
from operations.policing.fugitives import appeals, cases, nominations
from operations.policing.operation import plan


@screen(
    output=[
        Output(Ids.DONE, "data", allow_duplicate=True),
        Output(CASE.id("notice_ref"), "value"),
        Output(CASE.id("client-id"), "data"),
    ],
    inputs={"clicks": Input(Ids.NOMINATE, "n_clicks")},
    state={
        "typed": CASE.states(*FIELDS),
        "client": CASE.client_id_state(),
        "operation_id": State(Ids.OPERATION, "data"),
        "done": State(Ids.DONE, "data"),
    },
    act=Act.FUGITIVE_NOMINATE,
    form=CASE,
    prevent_initial_call=True,
)
def nominate(clicks: int | None, typed: dict[str, Any], client: str, operation_id: str, done: int) -> Any:
    """Nominate one case; what was chosen stays for the next, only the control number is new."""
    if not clicks:
        return [no_update] * 3
    by = actor()
    content = {name: value for name, value in typed.items() if value not in (None, "")}
    content |= {"id": known_id(client), "case_id": known_id(client), "requesting_country": by.country}
    with unit_of_work() as session:
        made = cases.nominate(session, known_id(operation_id), parse(cases.CaseDraft, content), by)
        case_no = made.case_no
    say(_("{case} is nominated.", case=case_no))
    return [done + 1, "", str(new_id())]


@screen(
    output=[
        Output(Ids.DONE, "data", allow_duplicate=True),
        Output(AMEND_SEEN, "data", allow_duplicate=True),
        Output(AMEND.id("client-id"), "data", allow_duplicate=True),
        Output(AMEND.id("reason"), "value", allow_duplicate=True),
    ],
    inputs={"clicks": Input(AMEND_SEND, "n_clicks")},
    state={
        "typed": AMEND.states(*fugitive_amend.FIELDS, "reason"),
        "client": AMEND.client_id_state(),
        "opened": State(Ids.OPENED, "data"),
        "seen": State(AMEND_SEEN, "data"),
        "done": State(Ids.DONE, "data"),
    },
    act=Act.FUGITIVE_NOMINATE,
    form=AMEND,
    prevent_initial_call=True,
)
def amend(
    clicks: int | None, typed: dict[str, Any], client: str, opened: dict[str, str] | None, seen: int | None, done: int
) -> Any:
    """Save what the requesting country now says of the open case; what is refused stays as it was typed."""
    if not clicks or not opened or seen is None:
        return [no_update] * 4
    by = actor()
    content = {name: value for name, value in typed.items() if value not in (None, "") and name != "reason"}
    with unit_of_work() as session:
        case = cases.case(session, known_id(opened["case"]))
        content |= {
            "id": known_id(client),
            "case_id": case.id,
            "requesting_country": case.requesting_country,
            "notice_ref": case.notice_ref,
        }
        made = cases.amend(session, parse(cases.CaseDraft, content), by, seen=seen, why=typed["reason"] or "")
        case_no, version = made.case_no, made.version
    say(_("{case} is changed: version {number}.", case=case_no, number=number(version)))
    return [done + 1, version, str(new_id()), ""]


@screen(
    Output(Ids.FOUND, "children"),
    Input(Ids.READ, "n_clicks"),
    State(Ids.TABLE, "value"),
    State(Ids.BATCH, "data"),
    State(Ids.OPERATION, "data"),
    act=Act.FUGITIVE_NOMINATE,
    prevent_initial_call=True,
)
def read_rows(clicks: int | None, text: str | None, batch: str, operation_id: str) -> Any:
    """Say of every pasted row whether it can be nominated. Nothing is stored."""
    if not clicks:
        return no_update
    by = actor()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        found = nominations.read(session, operation.id, text or "", known_id(batch), by)
    return fugitive_forms.findings(Ids, found)


@screen(
    Output(Ids.FOUND, "children", allow_duplicate=True),
    Output(Ids.TABLE, "value"),
    Output(Ids.BATCH, "data"),
    Output(Ids.DONE, "data", allow_duplicate=True),
    Input(Ids.SEND, "n_clicks"),
    State(Ids.TABLE, "value"),
    State(Ids.BATCH, "data"),
    State(Ids.OPERATION, "data"),
    State(Ids.DONE, "data"),
    act=Act.FUGITIVE_NOMINATE,
    prevent_initial_call=True,
)
def nominate_rows(clicks: int | None, text: str | None, batch: str, operation_id: str, done: int) -> Any:
    """Nominate every row that is right; the others stay in the field, with what is wrong with them."""
    if not clicks:
        return no_update, no_update, no_update, no_update
    by = actor()
    with unit_of_work() as session:
        operation = plan.operation(session, known_id(operation_id), by)
        found = nominations.read(session, operation.id, text or "", known_id(batch), by)
        made = nominations.nominate_all(session, operation.id, found, by)
    left = [each for each in found if each.draft is None]
    say(ngettext("{n} case is nominated.", "{n} cases are nominated.", len(made)))
    return (
        fugitive_forms.findings(Ids, left) if left else [],
        "\n".join(each.line for each in left),
        str(new_id()),
        done + 1,
    )


@screen(
    Output(Ids.DONE, "data", allow_duplicate=True),
    Input(Ids.FREEZE, "n_clicks"),
    State(Ids.OPERATION, "data"),
    State(Ids.DONE, "data"),
    act=Act.FUGITIVE_ACCEPT,
    prevent_initial_call=True,
)
def freeze(clicks: int | None, operation_id: str, done: int) -> Any:
    """Freeze the list of all cases that both agreed on."""
    if not clicks:
        return no_update
    with unit_of_work() as session:
        made = appeals.freeze(session, known_id(operation_id), new_id(), actor())
        number = made.number
    say(_("List {number} is frozen.", number=number))
    return done + 1
