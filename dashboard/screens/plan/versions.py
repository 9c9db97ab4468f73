"""Versions on the plan page: frozen, approved, compared with each other and with the map; what was deleted restored."""

from typing import Any
from uuid import UUID

from dash import ALL, ClientsideFunction, Input, Output, State, clientside_callback, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.policy import screen
from dashboard.map.rights import drawing_rights
from dashboard.screens.plan import versions_view as shown
from dashboard.screens.plan.ids import SELECTED, Ids
from dashboard.screens.plan.versions_view import FREEZE, FREEZE_IT, NOW
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.live import PULSE
from dashboard.wording import _, number
from operations.core.drafts import parse
from operations.core.errors import NotFound
from operations.core.ids import new_id
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
    """The drawer as the page opens, with what the map draws of it."""
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


def legend() -> Component:
    """What the marks of changes on the map mean; hidden while there are none."""
    return shown.legend()


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
    """What to compare with at first: the version in force, else the newest."""
    in_force = next((each for each in versions if each.state == PlanVersionState.APPROVED), None)
    found = in_force or next(iter(versions), None)
    return str(found.id) if found else None


@screen(
    Output(Ids.VERSIONS, "children"),
    Output(Ids.DELETED, "children"),
    Output(Ids.FROM, "data"),
    Output(Ids.FROM, "value"),
    Output(Ids.TO, "data"),
    Input(PULSE, "data"),
    State(Ids.OPERATION, "data"),
    State(Ids.FROM, "data"),
    State(Ids.FROM, "value"),
    act=Act.PLAN_READ,
    prevent_initial_call=True,
)
def refresh_versions(
    _pulse: int, operation_id: str, before: list[dict[str, str]] | None, chosen: str | None
) -> tuple[Any, ...]:
    """The versions and what was deleted, as they are now. What is compared stays as it was chosen."""
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        versions = plan_versions.versions(session, operation.id)
        gone = _deleted(session, operation)
    offered = shown.choices(versions)
    if offered == before:
        return no_update, gone, no_update, no_update, no_update
    first = no_update if chosen else _first(versions)
    return _listed(operation, versions), gone, offered, first, [shown.now_choice(), *offered]


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
    """What is different, as a table, in one line and on the map."""
    if not since:
        return [], "", {"of": "", "changes": []}
    until_id = None if until in (None, "", NOW) else known_id(until)
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        if plan_versions.version(session, known_id(since)).operation_id != operation.id:
            raise NotFound
        found = plan_changes.difference(session, known_id(since), until_id)
    on_map = {"of": f"{since} {until}", "changes": shown.drawn(found)}
    rows, told = shown.change_rows(found, operation.zone), shown.told(found)
    return rows, told, no_update if on_map == drawn else on_map


@screen(
    Output(Ids.FROM, "value", allow_duplicate=True),
    Output(Ids.TO, "value", allow_duplicate=True),
    Input({"type": "plan-compare", "version": ALL}, "n_clicks"),
    act=Act.PLAN_READ,
    prevent_initial_call=True,
)
def compare_since(clicks: list[int | None]) -> tuple[Any, Any]:
    """Compare a version of the list with the map."""
    if not any(clicks) or not isinstance(ctx.triggered_id, dict):
        return no_update, no_update
    return ctx.triggered_id["version"], NOW


@screen(
    Output(FREEZE.id("note"), "value"),
    Output(FREEZE.id("client-id"), "data"),
    Output(Ids.DONE, "data", allow_duplicate=True),
    Input(FREEZE_IT, "n_clicks"),
    State(Ids.OPERATION, "data"),
    FREEZE.client_id_state(),
    State(FREEZE.id("note"), "value"),
    act=Act.PLAN_FREEZE,
    form=FREEZE,
    prevent_initial_call=True,
    running=[(Output(FREEZE_IT, "loading"), True, False)],
)
def freeze(clicks: int | None, operation_id: str, client: str, note: str | None) -> tuple[Any, Any, Any]:
    """Keep the plan as it stands for approval."""
    if not clicks:
        return no_update, no_update, no_update
    draft = parse(PlanVersionDraft, {"id": known_id(client), "note": note or ""})
    with unit_of_work() as session:
        made = plan_versions.freeze(session, known_id(operation_id), draft, actor())
    words = _("Version {number} is frozen. Leadership can approve it.", number=number(made.number))
    return "", str(new_id()), {"text": words, "object_id": None}


@screen(
    Output(Ids.DONE, "data", allow_duplicate=True),
    Input({"type": "plan-approve", "version": ALL}, "n_clicks"),
    act=Act.PLAN_APPROVE,
    prevent_initial_call=True,
)
def approve(clicks: list[int | None]) -> Any:
    """Put a frozen version in force."""
    if not any(clicks) or not isinstance(ctx.triggered_id, dict):
        return no_update
    return put_in_force(known_id(ctx.triggered_id["version"]))


def put_in_force(version_id: UUID) -> dict[str, Any]:
    """As `approve`, for one version."""
    with unit_of_work() as session:
        made = plan_versions.approve(session, version_id, actor())
    return {"text": _("Version {number} is in force.", number=number(made.number)), "object_id": None}


@screen(
    Output(SELECTED, "data", allow_duplicate=True),
    Output(Ids.DONE, "data", allow_duplicate=True),
    Input({"type": "plan-restore-deleted", "object": ALL}, "n_clicks"),
    act=Act.PLAN_DRAW,
    prevent_initial_call=True,
)
def restore_deleted(clicks: list[int | None]) -> tuple[Any, Any]:
    """Bring something back that was taken off the map."""
    if not any(clicks) or not isinstance(ctx.triggered_id, dict):
        return no_update, no_update
    return bring_back(known_id(ctx.triggered_id["object"]))


def bring_back(object_id: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    """As `restore_deleted`, for one object."""
    with unit_of_work() as session:
        again = plan_versions.restore_object(session, object_id, new_id(), actor())
    chosen = {"type": "object", "id": str(again.object_id), "version": str(again.id), "fly": True}
    return chosen, {"text": _("Restored: {name}", name=again.name), "object_id": str(again.object_id)}


clientside_callback(
    ClientsideFunction("muster_map", "changes"),
    Output(f"{Ids.CHANGES_DRAWN}-drawn", "data"),
    Input(Ids.CHANGES_DRAWN, "data"),
)
clientside_callback(
    ClientsideFunction("muster_map", "fromChanges"), Input(Ids.CHANGES, "selectedRows"), prevent_initial_call=True
)
