"""People page: the list of accounts, the selected person or several, and the forms that invite and end accounts."""

from typing import Any

from dash import Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import followed, follows, follows_list, pulse_of
from dashboard.frame.policy import screen
from dashboard.frame.shell import page
from dashboard.parts import tags
from dashboard.parts.grid import grid
from dashboard.parts.life_signs import life_signs
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.parts.wall_screens import wall_list
from dashboard.places import PEOPLE
from dashboard.screens.people import acts, forms, people_book, view
from dashboard.screens.people.ids import CHANGE, MANY, Ids
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, sentence
from operations.core import account_admin, bulk_invitations, invitations
from operations.core.account_admin import AccountState
from operations.core.clock import now
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.policing.operation import wall_screens
from operations.timetable import heartbeats

NAV = PEOPLE
take_form = people_book.take_form

Rows = list[dict[str, Any]]


def layout(role: str = "", **_query: str) -> Component:
    """Return the page. `role`: of whom an account is missing; the form that invites one is open."""
    by = actor()
    with reading() as session:
        listed = view.rows(account_admin.people(session, by))
        nobody = view.nothing_chosen(account_admin.confirmable(session, by))
        administers = may(by, Act.ACCOUNT_MANAGE, Subject())
        on_walls = walls_of(session, by, turn=None) if administers else None
        lives = life_signs(heartbeats.health(session, now())) if administers else []
    return page(
        _("People"),
        dcc.Store(id=Ids.TURN, data=0),
        html.Div([forms.invite_form(by, role), forms.many_form(), forms.country_form(by)], className="people-folds"),
        html.Div(id=Ids.LINK, role="status"),
        tags.Div(
            html.Section(
                grid(
                    Ids.GRID,
                    listed.columns,
                    listed.rows,
                    selection="multiple",
                    export="people",
                    empty=_("Nobody has an account here yet"),
                ),
                className="people-list",
                **{"aria-label": _("The list of people")},
            ),
            panel(
                _("The person"),
                followed(Ids.PANEL, nobody, className="m-stack"),
                forms.change_form(by, acts.CHANGES.kept(None, None)),
                class_name="people-one",
            ),
            className="people-desk",
        ),
        *(
            [
                pulse_of(Ids.WALLS),
                panel(_("Screens on walls"), followed(Ids.WALLS, on_walls), flush=True),
                panel(_("Background work"), html.Div(lives, className="m-stack")),
            ]
            if on_walls is not None
            else []
        ),
        lead=_("Who has an account. What you change holds from the person's next request on."),
        wide=True,
    )


def list_rows(session: Session, by: Actor, *, turn: int | None) -> Listing[Any]:
    """Return the current list."""
    return view.rows(account_admin.people(session, by))


follow_list = follows_list(list_rows, Ids.GRID, act=Act.ACCOUNT_MANAGE, turn=Input(Ids.TURN, "data"))


def panel_of(session: Session, by: Actor, *, chosen: Rows | None, turn: int | None) -> list[Component]:
    """Return the selected person, or the bulk actions on several."""
    found = []
    for row in chosen or []:
        try:
            found.append(account_admin.person(session, known_id(row.get("id")), by))
        except NotFound:
            continue
    if not found:
        return view.nothing_chosen(account_admin.confirmable(session, by))
    if len(found) > 1:
        return view.several(found)
    [only] = found
    link = invitations.waiting(session, only.account.id)
    return view.details(only, link, account_admin.history(session, only.account.id, by), by)


follow_person = follows(
    panel_of, Ids.PANEL, act=Act.ACCOUNT_MANAGE, chosen=Input(Ids.GRID, "selectedRows"), turn=Input(Ids.TURN, "data")
)


def walls_of(session: Session, by: Actor, *, turn: int | None) -> list[Component]:
    """Return the open wall screens, for administrators, who are not told which operation each shows."""
    return wall_list(wall_screens.all_walls(session, by), Ids.CLOSE_WALL, {}, named=True)


follow_walls = follows(walls_of, Ids.WALLS, act=Act.ACCOUNT_MANAGE, of=Ids.WALLS, turn=Input(Ids.TURN, "data"))


@screen(
    Output(MANY.id("rows"), "value", allow_duplicate=True),
    Output(Ids.WORKBOOK_NAME, "children"),
    Output(Ids.FOUND, "children", allow_duplicate=True),
    Input(Ids.WORKBOOK_READ, "data"),
    State(MANY.id("rows"), "value"),
    State(Ids.BATCH, "data"),
    act=Act.ACCOUNT_MANAGE,
    prevent_initial_call=True,
)
def take_workbook(file: dict[str, Any] | None, typed: str | None, batch: str) -> tuple[Any, Any, Any]:
    """Append the rows of a workbook to the pasted ones, and check each for whether its person can be invited."""
    if not file:
        return no_update, no_update, no_update
    text = "\n".join(filter(None, [typed, str(file.get("rows", ""))]))
    said = [_("The rows of the file stand above:"), " ", html.Bdi(str(file.get("name", "")))]
    try:
        with reading() as session:
            found = forms.found_rows(bulk_invitations.read(session, text, known_id(batch), actor()))
    except RuleBroken as refused:
        found = [html.P(" ".join(sentence(each) for each in refused.flaws), role="alert")]
    return text, said, found


@screen(
    output={
        "values": {name: Output(CHANGE.id(name), "value") for name in CHANGE.said},
        "of": Output(Ids.OF, "data"),
        "kept": acts.CHANGES.opens,
        "hidden": Output(Ids.CHANGING, "hidden"),
    },
    inputs={"chosen": Input(Ids.GRID, "selectedRows")},
    act=Act.ACCOUNT_MANAGE,
    prevent_initial_call=True,
)
def fill(chosen: Rows | None) -> dict[str, Any]:
    """Fill the form from the selected account; hide it where none can be changed."""
    empty = {"values": CHANGE.shown(), "of": None, "kept": acts.CHANGES.opened(None, None), "hidden": True}
    if not chosen or len(chosen) != 1:
        return empty
    with reading() as session:
        person = account_admin.person(session, known_id(chosen[0].get("id")), actor())
    account = person.account
    if account.id == actor().account_id or person.state is AccountState.CLOSED:
        return empty
    content = acts.content(account)
    kept = acts.CHANGES.opened(content, account.version)
    return {"values": CHANGE.shown(content), "of": str(account.id), "kept": kept, "hidden": False}
