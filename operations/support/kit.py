"""Kit: equipment that a country can send along, with or without a team; positions are generalised."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, require
from operations.core.store import locked, scoped
from operations.core.vocabulary import InList, Role
from operations.support import teams
from operations.support.states import AssetState
from operations.support.teams import CallSign, Place


class Asset(SQLModel, table=True):
    """A piece of kit. `place` is a town or a site in words; `state` is one of `AssetState`."""

    __table_args__ = (UniqueConstraint("country", "label"), CheckConstraint("version > 0", name="version"))
    id: UUID = Field(primary_key=True)
    country: str = Field(max_length=3, index=True)
    team_id: UUID | None = Field(default=None, foreign_key="team.id", index=True)
    kind: str = Field(max_length=24)
    label: str = Field(max_length=40)
    state: str = Field(max_length=16)
    place: str = Field(default="", max_length=300)
    placed_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class AssetDraft(Draft):
    """Draft of a piece of kit; `label` is a call sign or an inventory number."""

    id: UUID
    kind: Annotated[str, InList("CL-ASSET"), Label(N_("Kind of kit"))]
    label: Annotated[CallSign, Label(N_("Label"))]
    team_id: UUID | None = None
    state: Annotated[AssetState, Label(N_("State"), listed="CL-ASSETSTATE")] = AssetState.AVAILABLE
    place: Annotated[Place, Label(N_("Where, in words"))] = ""


@scoped(Asset)
def _assets_seen(actor: Actor) -> Any:
    """A country sees its own kit; the coordination that of teams offered to it."""
    if actor.national and (actor.role is Role.NATIONAL_COORDINATOR or not actor.bound):
        return col(Asset.country) == actor.country
    if actor.role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.LEADERSHIP):
        return false()
    return teams.seen(actor, Asset.team_id, Asset.country)


def assets(session: Session, team_id: UUID | None = None) -> list[Asset]:
    """Return the kit that the asker may see, by country, kind and label; optionally of one team."""
    query = select(Asset).order_by(Asset.country, Asset.kind, Asset.label)
    return list(session.exec(query if team_id is None else query.where(Asset.team_id == team_id)))


def asset(session: Session, asset_id: UUID) -> Asset:
    """Return a piece of kit. Raises NotFound where the asker may not see it."""
    return rows.one(session, Asset, asset_id)


def keep(session: Session, draft: AssetDraft, by: Actor) -> Asset:
    """Add kit to the own country's list, or change its team, state or place. Idempotent."""
    require(by, Act.TEAM_KEEP, Subject(country=by.country))
    if draft.team_id is not None:
        teams.hold(session, draft.team_id, by)
    content = draft.model_dump(mode="json", exclude={"id", "team_id"}) | {"team_id": draft.team_id}
    found: Asset | None = session.exec(locked(select(Asset).where(Asset.id == draft.id))).one_or_none()
    changed = [name for name, value in content.items() if found is None or getattr(found, name) != value]
    if found is not None and not changed:
        return found
    taken = select(Asset.id).where(Asset.country == by.country, Asset.label == draft.label, Asset.id != draft.id)
    if session.exec(taken).first() is not None:
        raise RuleBroken("label", "Your country has kit of this label already: choose another.")
    if found is None:
        assert by.country is not None  # noqa: S101 - only people of a country keep kit
        found = Asset(id=draft.id, country=by.country, placed_at=now(), version=0, **content)
    for name in changed:
        setattr(found, name, content[name])
    found.version, found.placed_at = found.version + 1, now()
    session.add(found)
    journal.record(
        session, by, "kit.keep", "asset", found.id, country=found.country, kind=found.kind, state=found.state
    )
    return found
