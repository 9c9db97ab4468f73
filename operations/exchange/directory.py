"""The directory of the network of specialists (ISON): offices by country and specialism, and their activities.

It names offices, never persons. Everybody who works with Muster can look up whom to ask; a member's activities are
recorded by its country, and others see only the day of the last one.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from sqlalchemy import CheckConstraint, UniqueConstraint, false, true
from sqlmodel import Field, Session, SQLModel, col, func, select

from operations.core import journal, pulse, rows, state_machine
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, NeededWords, Words
from operations.core.errors import Conflict, Flaw, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import GRANTS, Act, Subject, may, require
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import InList
from operations.posts import register
from operations.posts.figures import ProgrammeFigure, Value, share

ACTIVE_WITHIN = timedelta(days=365)


class MemberState(StrEnum):
    """States of an office in the network."""

    MEMBER = "member"
    LEFT = "left"


_S = MemberState
_ASTRAY = Flaw("", "This office already has this state. Reload the page to see it.")


def _may(found: "DirectoryOffice", _facts: Any, step: state_machine.Step[MemberState], by: Actor) -> bool:
    return may(by, step.act, Subject(country=found.country))


LIFE: state_machine.Life[MemberState] = state_machine.Life(
    "member of the network",
    _S.MEMBER,
    (
        state_machine.Step(
            _S.MEMBER,
            _S.LEFT,
            "directory.leave",
            Act.DIRECTORY_KEEP,
            N_("It has left the network"),
            "arrow-back-up",
            N_("Why it left, or who follows"),
        ),
        state_machine.Step(
            _S.LEFT, _S.MEMBER, "directory.return", Act.DIRECTORY_KEEP, N_("It is a member again"), "check"
        ),
    ),
    ends=(_S.LEFT,),
    may=_may,
    astray=_ASTRAY,
    words={_S.MEMBER: N_("Member"), _S.LEFT: N_("Left")},
)

# ---------------------------------------------------------------------------------------------------- tables


class DirectoryOffice(SQLModel, table=True):
    """An office of the network, with the `number` that its country gave it.

    `last_active`: the day of its last activity.
    """

    __tablename__ = "ison_member"
    __table_args__ = (
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        UniqueConstraint("country", "number"),
        CheckConstraint("(activities = 0) = (last_active IS NULL)", name="active_once"),
    )
    id: UUID = Field(primary_key=True)
    country: str = Field(max_length=3, index=True)
    number: int
    office: str = Field(max_length=160)
    agency: str = Field(max_length=24)
    specialism: str = Field(max_length=32)
    certified_until: date | None = None
    state: str = Field(default=_S.MEMBER.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    activities: int = 0
    last_active: date | None = None
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class Activity(SQLModel, table=True):
    """An activity of a member for the network. Immutable."""

    __tablename__ = "ison_activity"
    id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="ison_member.id", index=True)
    country: str = Field(max_length=3, index=True)
    kind: str = Field(max_length=24)
    held_on: date
    note: str = Field(default="", max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


@scoped(DirectoryOffice)
def _members_seen(actor: Actor) -> Any:
    return true() if may(actor, Act.DIRECTORY_READ) and actor.only is None else false()


register.own_rows(Activity, Act.DIRECTORY_READ)
register.own_entries("ison_member", Act.DIRECTORY_READ)

# ---------------------------------------------------------------------------------------------------- drafts


class OfficeDraft(Draft):
    """Draft of an office in the directory."""

    id: UUID
    office: Annotated[
        NeededWords, Rule(max_length=160), Label(N_("Office"), N_("The office, not the person."), draws="text")
    ]
    agency: Annotated[str, InList("CL-AGENCY"), Label(N_("Kind of agency"))]
    specialism: Annotated[str, InList("CL-SPEC"), Label(N_("Specialism"))]
    certified_until: Annotated[
        date | None, Label(N_("Certified until"), N_("Left empty: its people are not certified as trainers."))
    ] = None


class ActivityDraft(Draft):
    """Draft of an activity."""

    id: UUID
    kind: Annotated[str, InList("CL-ISONACT"), Label(N_("What it did"))]
    held_on: Annotated[date, Label(N_("Day"))]
    note: Annotated[
        Words, Label(N_("Note"), N_("Read by your country, and by who works for all. No names of people."))
    ] = ""


# ------------------------------------------------------------------------------------------------- questions


def members(session: Session) -> list[DirectoryOffice]:
    """Return all members, those who left last, by country and number."""
    found = session.exec(select(DirectoryOffice).order_by(DirectoryOffice.country, col(DirectoryOffice.number))).all()
    return sorted(found, key=lambda each: each.state == _S.LEFT)


def activities(session: Session, member_id: UUID) -> Sequence[Activity]:
    """Return the activities of a member that the asker may read, newest first."""
    query = select(Activity).where(Activity.member_id == member_id)
    found: Sequence[Activity] = session.exec(query.order_by(col(Activity.held_on).desc(), col(Activity.made_at))).all()
    return found


def countries(session: Session) -> set[str]:
    """Return the countries with an office in the network, without those whose offices have all left."""
    return {each.country for each in members(session) if each.state == _S.MEMBER}


def active(found: DirectoryOffice, day: date) -> bool:
    """Return whether a member had an activity in the twelve months before a day."""
    return found.last_active is not None and found.last_active > day - ACTIVE_WITHIN


NETWORK = ProgrammeFigure(
    "K48",
    N_("Network activity"),
    "%",
    N_("Members that did something in the last twelve months, divided by all members."),
    N_("Members who left are in neither: look at how many they are."),
    "S07, S29, S148",
)
COUNTRIES = ProgrammeFigure(
    "K48",
    N_("Countries represented"),
    N_("countries"),
    N_("Countries with at least one member, and of them those with one that was active."),
    N_("A country with many members counts once."),
    "S07, S29, S148",
)
LEFT = ProgrammeFigure(
    "K48",
    N_("Members who left"),
    N_("offices"),
    N_("Offices that were in the network and left it."),
    N_("A network can grow in countries and lose those who know it."),
    "S148",
)


def figures(session: Session) -> list[Value]:
    """Return the current values of K48."""
    found, day = members(session), now().date()
    there = [each for each in found if each.state == _S.MEMBER]
    busy = [each for each in there if active(each, day)]
    represented, awake = {each.country for each in there}, {each.country for each in busy}
    gone = len(found) - len(there)
    return [
        share(NETWORK, len(busy), len(there)),
        Value(COUNTRIES, float(len(represented)) if found else None, len(awake), len(represented)),
        Value(LEFT, float(gone) if found else None),
    ]


# ----------------------------------------------------------------------------------------------------- verbs


def enter(session: Session, draft: OfficeDraft, by: Actor) -> DirectoryOffice:
    """Add an office of the own country to the directory. Idempotent.

    Raises RuleBroken for a duplicate.
    """
    country = str(by.country)
    require(by, Act.DIRECTORY_KEEP, Subject(country=country))
    said = draft.model_dump() | {"country": country}
    otherwise = Conflict("This member was already entered with other content. Reload the page to see it.")
    if known := rows.same_draft(session, DirectoryOffice, draft.id, said, otherwise):
        return known
    same = session.exec(select(DirectoryOffice).where(DirectoryOffice.country == country)).all()
    if any((each.office, each.specialism) == (draft.office, draft.specialism) for each in same):
        raise RuleBroken("office", "The directory has this office with this specialism already.")
    highest = session.exec(
        unscoped(select(func.max(DirectoryOffice.number)).where(DirectoryOffice.country == country))
    ).one()
    made = DirectoryOffice(**said, number=(highest or 0) + 1, **rows.author(by))
    session.add(made)
    session.flush()
    _record(session, by, "directory.enter", made, specialism=made.specialism)
    return made


def record_activity(session: Session, member_id: UUID, draft: ActivityDraft, by: Actor) -> Activity:
    """Record an activity of a member. Idempotent. Raises RuleBroken for a future day."""
    member = rows.hold(session, DirectoryOffice, member_id)
    require(by, Act.DIRECTORY_KEEP, Subject(country=member.country))
    said = draft.model_dump() | {"member_id": member_id}
    otherwise = Conflict("This was already written down with other content. Reload the page to see it.")
    if known := rows.same_draft(session, Activity, draft.id, said, otherwise):
        return known
    if member.state == _S.LEFT:
        raise RuleBroken("", "This office has left the network. You can no longer record activities for it.")
    if draft.held_on > now().date():
        raise RuleBroken("held_on", "This day is in the future. Record it when it has taken place.")
    made = Activity(**said, country=member.country, **rows.author(by))
    member.activities += 1
    member.last_active = max(member.last_active or draft.held_on, draft.held_on)
    session.add_all((made, member))
    _record(session, by, "directory.did", member, what=made.kind)
    return made


def take(session: Session, member_id: UUID, to: MemberState, by: Actor, words: str = "") -> DirectoryOffice:
    """Mark a member as having left, with the reason, or as a member again. Raises RuleBroken, NotPermitted."""
    found = rows.hold(session, DirectoryOffice, member_id)
    before = found.state
    step, words = LIFE.take(found, None, to, by, words)
    found.reason = words if to in LIFE.needing_reason() else ""
    session.add(found)
    _record(session, by, step.verb, found, before=before, after=to.value)
    return found


def offers(found: DirectoryOffice, by: Actor) -> list[state_machine.StepOffer[MemberState]]:
    """Return the steps `by` may take with a member now."""
    return LIFE.offers(found, None, by)


def _record(session: Session, by: Actor, act: str, of: DirectoryOffice, **detail: Any) -> None:
    """Write a journal entry for all readers of the directory; only the country reads what the activity was."""
    heard = pulse.centre(*GRANTS[Act.DIRECTORY_READ])
    journal.record(session, by, act, "ison_member", of.id, country=of.country, audience=heard, **detail)
