"""Callbacks of plan versions: freeze, approve, compare with each other or with the map, and restore deleted objects."""

from typing import Any

from dash import ALL, ClientsideFunction, Input, Output, State, clientside_callback, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows
from dashboard.frame.policy import screen
from dashboard.map.rights import drawing_rights
from dashboard.screens.plan import changes_view
from dashboard.screens.plan import versions_view as shown
from dashboard.screens.plan.ids import ASKED, CHOSEN, TOAST, Ids, chosen_object, toast
from dashboard.screens.plan.versions_view import FREEZE, FREEZE_IT, NOW
from dashboard.server.access import actor, known_id, reading
from dashboard.server.pulse_socket import PULSE
from dashboard.wording import _, number
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import PlanVersionState
from operations.policing.map_plan import changes as plan_changes
from operations.policing.map_plan import versions as plan_versions
from operations.policing.map_plan.versions import PlanVersion, PlanVersionDraft
from operations.policing.operation import plan

_FILLED = {
    "versions": Ids.VERSIONS,
    "deleted": Ids.DELETED,
    "from": Ids.FROM,
    "to": Ids.TO,
    "changes": Ids.CHANGES,
    "told": Ids.CHANGES_TOLD,
}


def drawer(session: Session, operation: plan.Operation) -> Component:
    """Return the drawer as the page opens, with the diff that the map draws."""
    versions = plan_versions.versions(session, operation.id)
    freezes = may(actor(), Act.PLAN_FREEZE, plan.subject(operation))
    made = shown.drawer(
        _listed(operation, versions),
        _deleted(session, operation),
        shown.choices(versions),
        _first(versions),
        ids=_FILLED,
        freezes=freezes,
    )
    stores = [dcc.Store(id=Ids.CHANGES_DRAWN), dcc.Store(id=f"{Ids.CHANGES_DRAWN}-drawn")]
    return html.Div([made, *stores], className="plan-versions-place")


def _listed(operation: plan.Operation, versions: list[PlanVersion]) -> list[Component]:
    by, subject = actor(), plan.subject(operation)
    return shown.version_list(
        versions,
        operation.zone,
        approves=may(by, Act.PLAN_APPROVE, subject),
        freezes=may(by, Act.PLAN_FREEZE, subject),
        reader=by.account_id,
    )


def _deleted(session: Session, operation: plan.Operation) -> list[Component]:
    by = actor()
    gone = plan_versions.deleted_objects(session, operation.id)
    draws, _sites = drawing_rights(operation, by)
    own = by.country if by.national else None
    mine = [each.object_id for each in gone if draws and each.country == own]
    return shown.deleted_list(gone, operation.zone, mine)


def _first(versions: list[PlanVersion]) -> str | None:
    """Return the version to compare with by default: the one in force, else the newest."""
    in_force = next((each for each in versions if each.state == PlanVersionState.APPROVED), None)
    found = in_force or next(iter(versions), None)
    return str(found.id) if found else None


def _now(session: Session, operation: plan.Operation, _by: Actor, chosen: str | None) -> tuple[Any, ...]:
    """Return the current versions and deleted objects. The chosen comparison stays."""
    versions = plan_versions.versions(session, operation.id)
    offered = shown.choices(versions)
    return (
        _listed(operation, versions),
        _deleted(session, operation),
        offered,
        [shown.now_choice(), *offered],
        chosen or _first(versions),
    )


refresh_versions = follows(
    _now,
    *(Ids.VERSIONS, Ids.DELETED),
    *(Output(Ids.FROM, "data"), Output(Ids.TO, "data"), Output(Ids.FROM, "value")),
    act=Act.PLAN_READ,
    operation=Ids.OPERATION,
    chosen=State(Ids.FROM, "value"),
)


@screen(
    Output(Ids.CHANGES, "rowData"),
    Output(Ids.CHANGES_TOLD, "children"),
    Output(Ids.CHANGES_DRAWN, "data"),
    Input(Ids.FROM, "value"),
    Input(Ids.TO, "value"),
    Input(PULSE, "data"),
    State(Ids.OPERATION, "data"),
    State(Ids.CHANGES_DRAWN, "data"),
    act=Act.PLAN_READ,
)
def compare(
    since: str | None, until: str | None, _pulse: int, operation_id: str, drawn: dict[str, Any] | None
) -> tuple[Any, Any, Any]:
    """Return the differences as a table, in one line and on the map."""
    if not since:
        return [], "", {"of": "", "changes": []}
    until_id = None if until in (None, "", NOW) else known_id(until)
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        if plan_versions.version(session, known_id(since)).operation_id != operation.id:
            raise NotFound
        found = plan_changes.difference(session, known_id(since), until_id)
    on_map = {"of": f"{since} {until}", "changes": changes_view.drawn(found)}
    rows, told = changes_view.change_rows(found, operation.zone), changes_view.told(found)
    return rows, told, no_update if on_map == drawn else on_map


@does(
    {"type": "plan-compare", "version": ALL},
    act=Act.PLAN_READ,
    shows=(Output(Ids.FROM, "value"), Output(Ids.TO, "value")),
)
def compare_since(press: Press) -> Done:
    """Compare a version of the list with the map."""
    return Done(shown=(press.subject["version"], NOW))


@does(
    FREEZE_IT,
    act=Act.PLAN_FREEZE,
    form=FREEZE,
    client=True,
    operation=Ids.OPERATION,
    clears=("note",),
    shows=(TOAST,),
    running=[(Output(FREEZE_IT, "loading"), True, False)],
)
def freeze(press: Press) -> Done:
    """Freeze the current plan as a version for approval."""
    draft = FREEZE.draft(PlanVersionDraft, press.typed, id=known_id(press.client))
    made = plan_versions.freeze(press.session, press.operation_id, draft, press.by)
    words = _("Version {number} is frozen. Leadership can approve it.", number=number(made.number))
    return Done(shown=(toast(words),))


@does({"type": "plan-approve", "version": ALL}, act=Act.PLAN_APPROVE, shows=(TOAST,))
def approve(press: Press) -> Done:
    """Approve a frozen version, which puts it in force."""
    made = plan_versions.approve(press.session, known_id(press.subject["version"]), press.by)
    return Done(shown=(toast(_("Version {number} is in force.", number=number(made.number))),))


@does({"type": "plan-restore-deleted", "object": ALL}, act=Act.PLAN_DRAW, shows=(CHOSEN, TOAST), given=ASKED)
def restore_deleted(press: Press, asked: int | None = None) -> Done:
    """Restore an object that was deleted from the map."""
    again = plan_versions.restore_object(press.session, known_id(press.subject["object"]), new_id(), press.by)
    return Done(
        shown=(chosen_object(again, asked, fly=True), toast(_("Restored: {name}", name=again.name), again.object_id))
    )


clientside_callback(
    ClientsideFunction("muster_map", "changes"),
    Output(f"{Ids.CHANGES_DRAWN}-drawn", "data"),
    Input(Ids.CHANGES_DRAWN, "data"),
)
clientside_callback(
    ClientsideFunction("muster_map", "fromChanges"), Input(Ids.CHANGES, "selectedRows"), prevent_initial_call=True
)
