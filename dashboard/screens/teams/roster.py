"""Roster of the own country: its teams with their certificates, calendar, people and kit."""

from collections.abc import Callable
from typing import Any

from dash import ALL, Input, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows, follows_list
from dashboard.frame.operation_page import OPERATION
from dashboard.frame.policy import screen
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts import tags
from dashboard.parts.form import button
from dashboard.parts.grid import grid
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.parts.row_forms import said_beside
from dashboard.parts.team.forms import ADDED, KIT, TEAM, team_form
from dashboard.screens.teams import roster_view as team_roster
from dashboard.screens.teams.ids import Ids
from dashboard.screens.teams.roster_book import BOOK, OWN, team_draft
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.rows import find
from operations.core.vocabulary import Role
from operations.policing.operation import plan
from operations.support import availability, certificates, kit, status, teams
from operations.support.kit import AssetDraft
from operations.support.teams import Team

Rows = list[dict[str, Any]]
TURNED = Output(Ids.TURN, "data")


def _stands(session: Session, _press: Press, team: str) -> tuple[Team | None, int]:
    found = find(session, Team, known_id(team))
    return found, found.version if found else 0


def _offered(session: Session, _press: Press, **_given: Any) -> dict[str, list[dict[str, str]]]:
    return {"leader_id": _leaders(session)}


ROSTER = Versioned(TEAM, "teams-team-version", _stands, act=Act.TEAM_KEEP, choices=_offered)


def tab(session: Session, operation: plan.Operation, by: Actor) -> list[Component]:
    """Return the roster, the selected team, and the form that adds or changes a team."""
    keeps = may(by, Act.TEAM_KEEP)
    empty = (
        _("No team is on the roster yet: put the first one on it below.")
        if keeps
        else _("No country has offered a team to this operation yet.")
    )
    known = listed(session, operation, by)
    listing = grid(Ids.GRID, known.columns, known.rows, selection="single", export="teams", empty=empty)
    chosen = followed(Ids.DETAILS, details(session, operation, by, None), className="m-stack")
    return [
        html.Div(listing, className="teams-grid"),
        html.Div(
            [panel(_("The team"), chosen, html.Div(id=Ids.ADDING)), *(_keeping(session) if keeps else [])],
            className="teams-below",
        ),
    ]


def _keeping(session: Session) -> list[Component]:
    return [
        tags.Section(
            dcc.Store(id=Ids.TEAM, data=str(new_id())),
            *ROSTER.kept(None, 0),
            html.Div(team_form(None, _leaders(session), Ids.TEAM_SAVE), id=Ids.TEAM_FORM, className="m-stack"),
            button(_("Empty the form for a new team"), Ids.TEAM_NEW, "quiet", "plus", n_clicks=0, size="xs"),
            className="teams-view",
            **{"aria-label": _("Put a team on the roster")},
        ),
        BOOK.panel(OWN),
    ]


def _leaders(session: Session) -> list[dict[str, str]]:
    return [{"value": str(each.id), "label": each.name} for each in teams.leaders(session, actor().country)]


def _chosen(session: Session, rows: Rows | None) -> Team | None:
    if not rows:
        return None
    try:
        return teams.team(session, known_id(rows[0].get("id")))
    except NotFound:
        return None


def _keeps(team: Team, by: Actor) -> bool:
    own = may(by, Act.TEAM_KEEP) and team.country == by.country
    return own and (by.role is not Role.TEAM_LEADER or teams.led(team, by))


# ------------------------------------------------------------------------------------------------- what is shown


def listed(session: Session, operation: plan.Operation, _by: Actor, _turn: Any = None) -> Listing[Any]:
    """Return the rows of the roster."""
    board = {row.team: row for row in status.board(session, operation.id, clock.now())}
    return team_roster.rows(teams.teams(session), board)


def details(
    session: Session, _operation: plan.Operation, by: Actor, rows: Rows | None, _turn: Any = None
) -> list[Component]:
    """Return all that this person may know of the selected team."""
    team = _chosen(session, rows)
    if team is None:
        return [team_roster.nothing_chosen()]
    return team_roster.details(
        team,
        certificates.certificates(session, team.id),
        availability.absences(session, team.id, clock.now()),
        teams.members(session, team.id),
        kit.assets(session, team.id),
        clock.now().date(),
        may_keep=_keeps(team, by),
    )


_turned = Input(Ids.TURN, "data")
refresh_list = follows_list(listed, Ids.GRID, act=Act.TEAM_READ, operation=OPERATION, _turn=_turned)
refresh_details = follows(
    details,
    Ids.DETAILS,
    act=Act.TEAM_READ,
    operation=OPERATION,
    rows=Input(Ids.GRID, "selectedRows"),
    _turn=_turned,
)


@screen(Output(Ids.ADDING, "children"), Input(Ids.GRID, "selectedRows"), act=Act.TEAM_READ, prevent_initial_call=True)
def fill(rows: Rows | None) -> list[Component]:
    """Return the small forms of the selected team, where this person keeps it; a change by others redraws none."""
    with reading() as session:
        team = _chosen(session, rows)
        return team_roster.folds(team.zone) if team is not None and _keeps(team, actor()) else []


_OPENS = (Output(Ids.TEAM_FORM, "children"), Output(Ids.TEAM, "data"), *ROSTER.opens)


@screen(*_OPENS, Input(Ids.GRID, "selectedRows"), act=Act.TEAM_KEEP, prevent_initial_call=True)
def edit(rows: Rows | None) -> tuple[Any, ...]:
    """Return the form of the selected team, or an empty one."""
    with reading() as session:
        return _form_of(session, _chosen(session, rows))


@does(Ids.TEAM_NEW, act=Act.TEAM_KEEP, shows=_OPENS)
def empty_form(_press: Press) -> Done:
    """Empty the form for a new team."""
    with reading() as session:
        return Done(shown=_form_of(session, None))


def _form_of(session: Session, team: Team | None) -> tuple[Any, ...]:
    form = team_form(team, _leaders(session), Ids.TEAM_SAVE)
    return form, str(team.id if team else new_id()), *ROSTER.opened(team, team.version if team else 0)


# ------------------------------------------------------------------------------------------------ what is done


@ROSTER.saves(
    Ids.TEAM_SAVE,
    shows=(TURNED,),
    given={"team": State(Ids.TEAM, "data")},
    running=[(Output(Ids.TEAM_SAVE, "loading"), True, False)],
)
def save(press: Press, team: str, version: int) -> Done:
    """Add the team to the roster, or change it."""
    draft = team_draft(press.session, press.typed, press.by.country, known_id(team))
    teams.keep(press.session, draft, press.by, version)
    return Done(_("{name} is on the roster.", name=draft.call_sign), shown=(str(new_id()),))


_ADDS: dict[str, Callable[..., Any]] = {
    "certificate": certificates.certify,
    "absence": availability.add_absence,
    "member": teams.join,
}


def _adding(what: str) -> Any:
    """Register the callback of a small form that adds something to the selected team."""
    form = ADDED[what]

    @does(
        f"teams-add-{what}",
        act=Act.TEAM_KEEP,
        form=form,
        client=True,
        shows=(TURNED,),
        clears=[name for name in form.said if form.start(name) in (None, "")],
        given={"rows": State(Ids.GRID, "selectedRows")},
    )
    def add(press: Press, rows: Rows | None) -> Done:
        """Add what the form says to the selected team."""
        if not rows:
            return Done()
        team = teams.team(press.session, known_id(rows[0].get("id")))
        about = {"team_id": team.id} if what == "kit" else {}
        draft: Any = form.draft(form.model, press.typed, zone=team.zone, id=known_id(press.client), **about)
        if what == "kit":
            kit.keep(press.session, draft, press.by)
        else:
            _ADDS[what](press.session, team.id, draft, press.by)
        return Done(_("Written down."), shown=(str(new_id()),))

    return add


add = {what: _adding(what) for what in ADDED}
"""The callback of each small form."""
_TAKES: dict[str, Callable[..., Any]] = {
    "revoke": certificates.revoke,
    "be_back": availability.cancel_absence,
    "leave": teams.leave,
    "put_back": teams.put_back,
    "close": teams.close,
}


@does(
    team_roster.keep_id(ALL, ALL),
    act=Act.TEAM_KEEP,
    beside=team_roster.words_id(ALL),
    typed=KIT.states("state", "place"),
    shows=(TURNED,),
)
def keep(press: Press) -> Done:
    """Run the action of a pressed button on the selected team, or on what belongs to it."""
    verb, of = press.subject["act"], press.subject["of"]
    ident, form, said = known_id(of), KIT.of(of), _("Written down.")
    with said_beside(form.places() | {"reason": team_roster.words_id(of)}):
        if verb == "take_out":
            teams.take_out(press.session, ident, press.words, press.by)
        elif verb == "kit":
            asset = kit.asset(press.session, ident)
            content = {name: getattr(asset, name) for name in ("id", "kind", "label", "team_id")}
            kit.keep(press.session, parse(AssetDraft, content | form.typed(press.typed)), press.by)
        elif verb in _TAKES:
            _TAKES[verb](press.session, ident, press.by)
            said = _("The team is off the roster. What it did stays.") if verb == "close" else said
        else:
            raise NotFound
    return Done(said, shown=(str(new_id()),))
