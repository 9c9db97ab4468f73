"""The roster of the own country: teams put on it and changed, their certificates, calendar, people and kit."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dash import ALL, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from sqlmodel import Session, col, select

from dashboard.frame.policy import screen
from dashboard.parts.form import button
from dashboard.parts.team.forms import ADDED, TEAM, TEAM_FIELDS, team_form, typed, with_moments
from dashboard.parts.towns import town
from dashboard.refusals import say
from dashboard.screens.teams import roster_view as team_roster
from dashboard.screens.teams.ids import Ids
from dashboard.server.access import actor, known_id, reading, unit_of_work
from dashboard.server.later import later
from dashboard.server.live import PULSE
from dashboard.wording import _
from operations.core import clock
from operations.core.drafts import Draft, parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Account, Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import Role
from operations.policing.operation import plan
from operations.support import availability, certificates, kit, status, teams
from operations.support.availability import AbsenceDraft
from operations.support.certificates import CertificateDraft
from operations.support.kit import AssetDraft
from operations.support.teams import MemberDraft, Team, TeamDraft

if TYPE_CHECKING:
    from geodata.ground import reference
else:
    reference = later("geodata.ground.reference")

Rows = list[dict[str, Any]]


def keeping() -> list[Component]:
    """Where a team is put on the roster or changed."""
    with reading() as session:
        leaders = _leaders(session)
    return [
        html.Section(
            [
                dcc.Store(id=Ids.VERSION, data={"id": str(new_id()), "version": 0}),
                html.Div(team_form(None, leaders, Ids.TEAM_SAVE), id=Ids.TEAM_FORM, className="m-stack"),
                button(_("Empty the form for a new team"), Ids.TEAM_NEW, "quiet", "plus", n_clicks=0, size="xs"),
            ],
            className="teams-view",
            **{"aria-label": _("Put a team on the roster")},
        )
    ]


def _leaders(session: Session) -> list[dict[str, str]]:
    query = select(Account).where(Account.role == Role.TEAM_LEADER.value, Account.country == actor().country)
    found = session.exec(query.where(col(Account.disabled_at).is_(None)).order_by(Account.name))
    return [{"value": str(each.id), "label": each.name} for each in found]


def _chosen(session: Session, rows: Rows | None) -> Team | None:
    if not rows:
        return None
    try:
        return teams.team(session, known_id(rows[0].get("id")))
    except NotFound:
        return None


@screen(
    Output(Ids.GRID, "rowData"),
    Output(Ids.DETAILS, "children"),
    Input(PULSE, "data"),
    Input(Ids.GRID, "selectedRows"),
    Input(Ids.TURN, "data"),
    State(Ids.OPERATION, "data"),
    State(Ids.GRID, "rowData"),
    act=Act.TEAM_READ,
    prevent_initial_call=True,
)
def show(_pulse: int, rows: Rows | None, _turn: int, operation_id: str, shown: Rows | None) -> Any:
    """The roster as it is now, and what is known of the chosen team.

    A pulse alone leaves the details as they are, so that what is typed there stays.
    """
    at = clock.now()
    with reading() as session:
        operation = plan.operation(session, known_id(operation_id), actor())
        board = {row.team: row for row in status.board(session, operation.id, at)}
        listed = team_roster.rows(teams.teams(session), board)
        pulse_only = ctx.triggered_id == PULSE
        parts = no_update if pulse_only else details(session, _chosen(session, rows), actor())
    return no_update if listed == shown else listed, parts


def details(session: Session, team: Team | None, by: Actor) -> list[Component]:
    """All that this person may know of a team."""
    today = clock.now().date()
    if team is None:
        return team_roster.details(None, (), (), (), (), today, may_keep=False)
    keeps = may(by, Act.TEAM_KEEP) and team.country == by.country
    keeps = keeps and (by.role is not Role.TEAM_LEADER or teams.led(team, by))
    return team_roster.details(
        team,
        certificates.certificates(session, team.id),
        availability.absences(session, team.id, clock.now()),
        teams.members(session, team.id),
        kit.assets(session, team.id),
        today,
        may_keep=keeps,
    )


# ------------------------------------------------------------------------------------------------ a team itself


@screen(
    Output(Ids.TEAM_FORM, "children"),
    Output(Ids.VERSION, "data"),
    Input(Ids.GRID, "selectedRows"),
    Input(Ids.TEAM_NEW, "n_clicks"),
    act=Act.TEAM_KEEP,
    prevent_initial_call=True,
)
def edit(rows: Rows | None, _new: int | None) -> Any:
    """The form of the chosen team, or an empty one for a new team."""
    with reading() as session:
        team = None if ctx.triggered_id == Ids.TEAM_NEW else _chosen(session, rows)
        form = team_form(team, _leaders(session), Ids.TEAM_SAVE)
    known = {"id": str(new_id()), "version": 0} if team is None else {"id": str(team.id), "version": team.version}
    return form, known


@screen(
    output=[
        Output(Ids.VERSION, "data", allow_duplicate=True),
        Output(Ids.TURN, "data", allow_duplicate=True),
    ],
    inputs={"clicks": Input(Ids.TEAM_SAVE, "n_clicks")},
    state={"known": State(Ids.VERSION, "data"), "values": TEAM.states(*TEAM_FIELDS), "turn": State(Ids.TURN, "data")},
    act=Act.TEAM_KEEP,
    form=TEAM,
    prevent_initial_call=True,
    running=[(Output(Ids.TEAM_SAVE, "loading"), True, False)],
)
def save(clicks: int | None, known: dict[str, Any], values: dict[str, Any], turn: int) -> list[Any]:
    """Put the team on the roster, or change it."""
    if not clicks:
        return [no_update, no_update]
    by, content = actor(), typed(values)
    with reading() as session:
        found = session.get(Team, known_id(known["id"]))
        before = None if found is None else (found.base, {"lat": found.lat, "lon": found.lon}, found.zone)
    if before is not None and before[0] == content.get("base"):
        content |= before[1] | {"zone": before[2]}
    elif content.get("base"):
        position = town(content["base"], by.country, "base")
        content |= position | {"zone": reference.time_zone_at(position["lon"], position["lat"], by.country)}
    try:
        draft = parse(TeamDraft, content | {"id": known_id(known["id"])})
    except RuleBroken as refused:
        raise RuleBroken.all([each for each in refused.flaws if each.field not in ("lat", "lon", "zone")]) from None
    with unit_of_work() as session:
        made = teams.keep(session, draft, by, version=int(known["version"]))
        now_known = {"id": str(made.id), "version": made.version}
    say(_("{name} is on the roster.", name=draft.call_sign))
    return [now_known, turn + 1]


@screen(
    Output(Ids.TURN, "data", allow_duplicate=True),
    Input(team_roster.SERVICE, "n_clicks"),
    State(team_roster.SERVICE_WORDS, "value"),
    State(Ids.GRID, "selectedRows"),
    State(Ids.TURN, "data"),
    act=Act.TEAM_KEEP,
    prevent_initial_call=True,
)
def service(clicks: int | None, words: str | None, rows: Rows | None, turn: int) -> Any:
    """Take the chosen team out of service with a reason, or put it back."""
    if not clicks or not rows:
        return no_update
    with unit_of_work() as session:
        team = teams.team(session, known_id(rows[0].get("id")))
        if team.out_of_service and not words:
            teams.put_back(session, team.id, actor())
        else:
            teams.take_out(session, team.id, words or "", actor())
    say(_("Written down."))
    return turn + 1


@screen(
    Output(Ids.TURN, "data", allow_duplicate=True),
    Input(team_roster.CLOSE, "n_clicks"),
    State(Ids.GRID, "selectedRows"),
    State(Ids.TURN, "data"),
    act=Act.TEAM_KEEP,
    prevent_initial_call=True,
)
def close(clicks: int | None, rows: Rows | None, turn: int) -> Any:
    """Take the chosen team off the roster."""
    if not clicks or not rows:
        return no_update
    with unit_of_work() as session:
        teams.close(session, known_id(rows[0].get("id")), actor())
    say(_("The team is off the roster. What it did stays."))
    return turn + 1


# ------------------------------------------------------------------------------------- what belongs to a team

_DRAFTS: dict[str, tuple[type[Draft], Callable[..., Any]]] = {
    "certificate": (CertificateDraft, certificates.certify),
    "absence": (AbsenceDraft, availability.be_away),
    "member": (MemberDraft, teams.join),
}


def _adding(what: str) -> Any:
    """The callback behind the small form that adds something to the chosen team."""
    form, fields = ADDED[what]

    @screen(
        output=Output(Ids.TURN, "data", allow_duplicate=True),
        inputs={"clicks": Input(f"teams-add-{what}", "n_clicks")},
        state={
            "rows": State(Ids.GRID, "selectedRows"),
            "client": form.client_id_state(),
            "values": form.states(*fields),
            "turn": State(Ids.TURN, "data"),
        },
        act=Act.TEAM_KEEP,
        form=form,
        prevent_initial_call=True,
    )
    def add(clicks: int | None, rows: Rows | None, client: str, values: dict[str, Any], turn: int) -> Any:
        """Add what the form says to the chosen team."""
        if not clicks or not rows:
            return no_update
        with unit_of_work() as session:
            team = teams.team(session, known_id(rows[0].get("id")))
            _add(session, what, team, client, values)
        say(_("Written down."))
        return turn + 1

    return add


def _add(session: Session, what: str, team: Team, client: str, values: dict[str, Any]) -> None:
    content = with_moments(values, team.zone, "starts", "ends") | {"id": known_id(client)}
    if what == "kit":
        kit.keep(session, parse(AssetDraft, content | {"team_id": team.id}), actor())
        return
    draft, verb = _DRAFTS[what]
    try:
        made = parse(draft, content)
    except RuleBroken as refused:
        last = ADDED[what][1][-1]
        raise RuleBroken.all(
            [type(each)(each.field or last, each.template, each.params) for each in refused.flaws]
        ) from None
    verb(session, team.id, made, actor())


add = {what: _adding(what) for what in ADDED}
"""For each thing that is added the function behind its button."""


@screen(
    Output(Ids.TURN, "data", allow_duplicate=True),
    Input({"type": "teams-take", "act": ALL, "of": ALL}, "n_clicks"),
    State(Ids.TURN, "data"),
    act=Act.TEAM_KEEP,
    prevent_initial_call=True,
)
def take(clicks: list[int], turn: int) -> Any:
    """Revoke a certificate, cancel an absence, let a person leave the team."""
    pressed = ctx.triggered_id
    if not any(clicks) or not isinstance(pressed, dict):
        return no_update
    verbs: dict[str, Callable[..., Any]] = {
        "revoke": certificates.revoke,
        "be_back": availability.be_back,
        "leave": teams.leave,
    }
    if pressed["act"] not in verbs:
        raise NotFound
    with unit_of_work() as session:
        verbs[pressed["act"]](session, known_id(pressed["of"]), actor())
    say(_("Written down."))
    return turn + 1


@screen(
    Output(Ids.TURN, "data", allow_duplicate=True),
    Input(team_roster.kit_id("save", ALL), "n_clicks"),
    State(team_roster.kit_id("state", ALL), "value"),
    State(team_roster.kit_id("place", ALL), "value"),
    State(team_roster.kit_id("place", ALL), "id"),
    State(Ids.TURN, "data"),
    act=Act.TEAM_KEEP,
    prevent_initial_call=True,
)
def change_kit(
    clicks: list[int], states: list[str | None], in_words: list[str | None], of: list[dict[str, str]], turn: int
) -> Any:
    """Change the state and the place of a piece of kit; all else of it stays."""
    pressed = ctx.triggered_id
    if not any(clicks) or not isinstance(pressed, dict):
        return no_update
    said = {each["of"]: (state, place) for each, state, place in zip(of, states, in_words, strict=True)}
    if pressed["of"] not in said:
        raise NotFound
    state, place = said[pressed["of"]]
    with unit_of_work() as session:
        found = kit.asset(session, known_id(pressed["of"]))
        content = {"id": found.id, "kind": found.kind, "label": found.label, "team_id": found.team_id}
        kit.keep(session, parse(AssetDraft, content | {"state": state, "place": place or ""}), actor())
    say(_("Written down."))
    return turn + 1
