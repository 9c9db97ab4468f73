"""The workbook of a country's roster: its teams, their people by service reference, and their kit."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from dashboard.frame.book_rows import BookContent, DraftSheet, RowOutcome
from dashboard.frame.draft_book import DraftBook
from dashboard.parts.book.draft_rows import CHANGED, DraftRow, KnownRow
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.team.forms import TEAM
from dashboard.parts.towns import town
from dashboard.server.access import known_id
from dashboard.server.lazy_modules import reference
from dashboard.wording import N_, _, coded
from operations.core import rows
from operations.core.errors import Flaw, NotFound, RuleBroken
from operations.core.field_labels import Label
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, require
from operations.support import kit, teams
from operations.support.teams import Team, TeamDraft, TeamMember

OWN = "own"
"""The workbook is of the reader's country."""
_OF = {"team": Label(N_("Team"), draws="one", needed=N_("Choose the team."))}
MEMBER = DraftForm("roster-book-member", teams.TeamMemberDraft, first=("team",), beside=_OF)
KIT = DraftForm("roster-book-kit", kit.AssetDraft, first=("team",), beside=_OF)


def team_draft(session: Session, typed: Mapping[str, Any], country: str | None, ident: UUID) -> TeamDraft:
    """Return the draft of a team, with the position of its base. Raises RuleBroken with every flaw on its field."""
    base, given, flaws = typed.get("base"), {}, list[Flaw]()
    team = rows.find(session, Team, ident)
    if team is not None and team.base == base:
        given = {"lat": team.lat, "lon": team.lon, "zone": team.zone}
    elif base:
        try:
            given = town(base, country, "base")
            given["zone"] = reference.time_zone_at(given["lon"], given["lat"], country)
        except RuleBroken as refused:
            flaws += refused.flaws
    try:
        draft: TeamDraft = TEAM.made(TEAM.content(typed) | given | {"id": ident})
    except RuleBroken as refused:
        flaws += [flaw for flaw in refused.flaws if flaw.field not in ("lat", "lon", "zone")]
    if flaws:
        raise RuleBroken.all(flaws)
    return draft


def _content(session: Session, of: str, by: Actor) -> BookContent:
    require(by, Act.TEAM_KEEP, Subject(country=by.country))
    if of != OWN:
        raise NotFound
    found = teams.teams(session, by.country)
    members = [each for team in found for each in teams.members(session, team.id) if each.left_at is None]
    pieces = [each for team in found for each in kit.assets(session, team.id)]
    sheets = {
        "teams": [KnownRow(each.id, content=each) for each in found],
        "members": [KnownRow(each.id, content=each.model_dump() | {"team": each.team_id}) for each in members],
        "kit": [KnownRow(each.id, content=each.model_dump() | {"team": each.team_id}) for each in pieces],
    }
    leaders = [{"value": str(each.id), "label": each.name} for each in teams.leaders(session, by.country)]
    ours = {"team": [{"value": str(each.id), "label": each.call_sign} for each in found]}
    options = {"teams": {"leader_id": leaders}, "members": ours, "kit": ours}
    title = _("Roster of {country}", country=coded("CL-COUNTRY", by.country or ""))
    return BookContent(title, sheets, options, {"country": by.country})


def _keep(session: Session, _of: str, row: DraftRow, by: Actor) -> RowOutcome:
    ident = row.id or row.made_id
    found = rows.find(session, Team, ident)
    if found is not None and ident == row.made_id and found.version > 1:  # not by this row alone
        raise RuleBroken("", CHANGED)
    version = found.version if found else 0
    teams.keep(session, team_draft(session, row.typed, by.country, ident), by, version)
    return RowOutcome.CHANGED if version else RowOutcome.NEW


def _join(session: Session, _of: str, row: DraftRow, by: Actor) -> RowOutcome:
    known = rows.find(session, TeamMember, row.id or row.made_id)
    draft = row.draft(teams.TeamMemberDraft, id=row.made_id, languages=known.languages if known else [])
    teams.join(session, known_id(row.typed["team"]), draft, by)
    return RowOutcome.CHANGED if known else RowOutcome.NEW


def _equip(session: Session, _of: str, row: DraftRow, by: Actor) -> RowOutcome:
    ident = row.id or row.made_id
    known = rows.find(session, kit.Asset, ident)
    kit.keep(session, row.draft(kit.AssetDraft, id=ident, team_id=row.typed["team"]), by)
    return RowOutcome.CHANGED if known else RowOutcome.NEW


BOOK = DraftBook(
    "roster",
    Act.TEAM_KEEP,
    _content,
    [
        DraftSheet("teams", N_("Teams"), TEAM, tuple(TEAM.said), _keep),
        DraftSheet("members", N_("People of teams"), MEMBER, tuple(MEMBER.said), _join),
        DraftSheet("kit", N_("Kit of teams"), KIT, tuple(KIT.said), _equip),
    ],
    (N_("A new team comes first: its people and its kit are for the next workbook."),),
)
