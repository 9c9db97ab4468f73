"""Deconfliction without disclosure: countries that work on the same target learn that they should talk, and nothing
else.

The countries of a room share a phrase outside of Muster. A browser computes tags of the values its country works on,
keyed by that phrase, and sends only the tags; phrase and values never leave it. Where two countries sent the same tag,
both are told with whom to talk, and the kind of value. A third country learns nothing, nor do people who work for no
country.

The server holds the members of a room, the number, kind and time of each country's entries, the offices to contact, and
the matches. It cannot tell the values. Remaining attacks, by members who guess and by anybody who has both the phrase
and the database, are described in `docs/deconfliction.md`.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field as Rule
from sqlmodel import Session, col, func, select

from operations.core import journal, pulse, rows, state_machine
from operations.core.clock import now
from operations.core.drafts import Draft, Heading, NeededWords
from operations.core.errors import Conflict, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, require
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import Country, InList, Role
from operations.exchange.deconfliction_rows import (
    MATCH,
    ROOM,
    ROUNDS,
    SIDE,
    STRETCH,
    DeconflictionEntry,
    DeconflictionMatch,
    DeconflictionRoom,
    DeconflictionSide,
    RoomState,
    SideState,
    subject,
)
from operations.policing.operation import plan

AT_ONCE, DAILY = 200, 400
"""How many values a country may enter at once, and in a day: limits for a member that tries out guesses."""
LONGEST = timedelta(days=2 * 365)
_HEX = r"^[0-9a-f]+$"

# ---------------------------------------------------------------------------------------------------- drafts


class RoomDraft(Draft):
    """Draft of a room for countries that share a phrase. `check_value` was computed from it in the browser."""

    id: UUID
    name: Annotated[
        Heading, Label(N_("Name"), N_("All its countries read it: nothing of what you work on."), draws="text")
    ]
    operation_id: Annotated[
        UUID | None, Label(N_("Operation"), N_("Left empty: a standing room of these countries."), draws="one")
    ] = None
    countries: Annotated[
        list[Country], Rule(min_length=1, max_length=50), Label(N_("Countries that know the phrase"), draws="several")
    ]
    until: Annotated[date, Label(N_("Open until"), N_("Then its entries are erased."))]
    check_value: Annotated[str, Rule(min_length=8, max_length=8, pattern=_HEX)]


class TagDraft(Draft):
    """A value as a tag: HMAC-SHA-256 under the key of the room, stretched, as 64 hexadecimal digits."""

    kind: Annotated[str, InList("CL-DECONFLICT"), Label(N_("Kind"))]
    tag: Annotated[str, Rule(min_length=64, max_length=64, pattern=_HEX)]


class EntriesDraft(Draft):
    """Draft of entries of a country. `check_value` is that of the phrase with which the tags were computed."""

    check_value: Annotated[str, Rule(min_length=8, max_length=8, pattern=_HEX)]
    contact: Annotated[
        NeededWords,
        Rule(max_length=160),
        Label(
            N_("Office to talk to"),
            N_("The other country reads it at a match. An office, never a person."),
            draws="text",
        ),
    ]
    values: Annotated[list[TagDraft], Rule(min_length=1, max_length=AT_ONCE)]


class MatchView(NamedTuple):
    """A country's part in a match, with the number of the entry in its own list."""

    side: DeconflictionSide
    number: int | None


class Entered(NamedTuple):
    """The result of an entered tag: its number in the country's list, whether it is new, and matching countries."""

    tag: str
    number: int
    new: bool
    with_: tuple[str, ...]


# ------------------------------------------------------------------------------------------------- questions


def rooms(session: Session) -> list[DeconflictionRoom]:
    """Return the rooms of the asker's country, open ones first, then the newest."""
    found = session.exec(select(DeconflictionRoom).order_by(col(DeconflictionRoom.made_at).desc())).all()
    return sorted(found, key=lambda each: each.state != RoomState.OPEN)


def room(session: Session, room_id: UUID) -> DeconflictionRoom:
    """Return the room. Raises NotFound."""
    return rows.one(session, DeconflictionRoom, room_id)


def entries(session: Session, room_id: UUID) -> Sequence[DeconflictionEntry]:
    """Return the entries of the asker's own country, newest first."""
    query = select(DeconflictionEntry).where(DeconflictionEntry.room_id == room_id)
    found: Sequence[DeconflictionEntry] = session.exec(query.order_by(col(DeconflictionEntry.number).desc())).all()
    return found


def sides(session: Session, room_id: UUID, by: Actor) -> list[tuple[MatchView, DeconflictionSide]]:
    """Return the own part in each match of a room and that of the other country, newest first."""
    query = select(DeconflictionSide).where(DeconflictionSide.room_id == room_id)
    found = session.exec(query.order_by(col(DeconflictionSide.told_at).desc(), col(DeconflictionSide.match_id))).all()
    other = {each.match_id: each for each in found if each.country != by.country}
    numbers = {each.id: each.number for each in entries(session, room_id)}
    return [
        (MatchView(side, numbers.get(side.entry_id)), other[side.match_id])
        for side in found
        if side.country == by.country
    ]


def left_today(session: Session, room_id: UUID, country: str | None) -> int:
    """Return how many values the country may still enter in a room on this day (UTC)."""
    midnight = datetime.combine(now().date(), time(0), UTC)
    query = select(func.count(col(DeconflictionEntry.id))).where(
        DeconflictionEntry.room_id == room_id,
        DeconflictionEntry.country == country,
        DeconflictionEntry.made_at >= midnight,
    )
    return max(0, DAILY - session.exec(query).one())


# ----------------------------------------------------------------------------------------------------- verbs


def open_room(session: Session, draft: RoomDraft, by: Actor) -> DeconflictionRoom:
    """Open a room for countries that know its phrase. Idempotent.

    Raises RuleBroken for a country that does not take part in the operation, without another country, and for a day
    that is over or more than two years away.
    """
    require(by, Act.DECONFLICT, Subject(country=by.country, operation=draft.operation_id))
    among = sorted({*draft.countries, str(by.country)})
    said = draft.model_dump(exclude={"countries"}) | {"countries": " ".join(among)}
    otherwise = Conflict("This room was already opened with other content. Reload the page to see it.")
    if known := rows.same_draft(session, DeconflictionRoom, draft.id, said, otherwise):
        return known
    if len(among) < 2:
        raise RuleBroken("countries", "Choose at least one other country.")
    today = now().date()
    if not today < draft.until <= today + LONGEST:
        raise RuleBroken("until", "Choose a day to come, and at most two years away.")
    if draft.operation_id is not None:
        plan.refuse_outsiders(session, draft.operation_id, among)
    made = DeconflictionRoom(
        **said,
        country=str(by.country),
        rounds=ROUNDS,
        stretch=STRETCH,
        **rows.author(by),
    )
    session.add(made)
    session.flush()
    _record(session, by, "deconfliction.open", "deconfliction_room", made.id, made, among, number=len(among))
    return made


def enter(session: Session, room_id: UUID, draft: EntriesDraft, by: Actor) -> list[Entered]:
    """Enter values as tags. Tags entered before are returned again and do not count towards the limit.

    Raises RuleBroken with tags of another phrase or room, once the room is over, and beyond the limit of the day.
    """
    entered_room = _hold(session, room_id, by)
    if draft.check_value != entered_room.check_value:
        raise RuleBroken(
            "phrase", "This is not the phrase of this room: it is mistyped, or belongs to another room or operation."
        )
    kinds = {each.tag: each.kind for each in draft.values}
    before = {each.tag: each for each in entries(session, room_id) if each.tag in kinds}
    new = [tag for tag in kinds if tag not in before]
    if len(new) > (left := left_today(session, room_id, by.country)):
        raise RuleBroken("values", "Your country can enter {left} more values in this room today.", left=left)
    first = len(entries(session, room_id)) + 1
    made = {
        tag: DeconflictionEntry(
            id=new_id(),
            room_id=room_id,
            operation_id=entered_room.operation_id,
            country=str(by.country),
            number=number,
            kind=kinds[tag],
            tag=tag,
            contact=draft.contact,
            **rows.author(by),
        )
        for number, tag in enumerate(new, first)
    }
    session.add_all(made.values())
    session.flush()
    for entry in _same(session, entered_room, made, by):
        assert entry.tag is not None  # noqa: S101 - it was found by its tag
        _match(session, made[entry.tag], entry, by)
    if made:
        _record(
            session,
            by,
            "deconfliction.enter",
            "deconfliction_entry",
            room_id,
            next(iter(made.values())),
            [str(by.country)],
            number=len(made),
        )
    known = before | made
    with_ = _others(session, (each.id for each in known.values()), by)
    return [Entered(tag, known[tag].number, tag in made, with_.get(known[tag].id, ())) for tag in kinds]


def withdraw(session: Session, entry_id: UUID, by: Actor) -> DeconflictionEntry:
    """Withdraw an entry: its tag is erased and matches no more. Earlier matches stay. Idempotent."""
    withdrawn = rows.hold(session, DeconflictionEntry, entry_id)
    require(by, Act.DECONFLICT, subject(withdrawn))
    if withdrawn.withdrawn_at is None:
        withdrawn.tag, withdrawn.withdrawn_at = None, now()
        session.add(withdrawn)
        _record(
            session,
            by,
            "deconfliction.withdraw",
            "deconfliction_entry",
            withdrawn.room_id,
            withdrawn,
            [withdrawn.country],
            number=withdrawn.number,
        )
    return withdrawn


def say(session: Session, match_id: UUID, to: SideState, by: Actor) -> DeconflictionSide:
    """Record a country's answer to a match: the two spoke, or have nothing in common. Raises NotFound."""
    match = rows.hold(session, DeconflictionMatch, match_id)
    side = rows.hold(session, DeconflictionSide, match_id, by.country)
    before = side.state
    step, _none = SIDE.take(side, None, to, by)
    side.said_by, side.said_at = by.name, now()
    session.add(side)
    session.flush()
    both = session.exec(select(DeconflictionSide.state).where(DeconflictionSide.match_id == match_id)).all()
    MATCH.settle(match, both)
    session.add(match)
    _record(
        session,
        by,
        step.verb,
        "deconfliction_match",
        match.id,
        side,
        [side.country, side.other],
        kind=side.kind,
        before=before,
        after=to.value,
    )
    return side


def close(session: Session, room_id: UUID, by: Actor | System) -> DeconflictionRoom:
    """Close a room and erase the tags of all its countries: by the country that opened it, or by Muster at its end.

    Raises RuleBroken where it is closed already.
    """
    closed_room = rows.hold(session, DeconflictionRoom, room_id)
    before = closed_room.state
    if isinstance(by, Actor):
        ROOM.take(closed_room, None, RoomState.CLOSED, by)
    else:
        ROOM.go(closed_room, RoomState.CLOSED)
    closed_room.closed_at = now()
    session.add(closed_room)
    session.flush()
    entry = DeconflictionEntry
    erased = {"tag": None, "withdrawn_at": now()}
    with unfenced(session):
        session.execute(
            unscoped(sa.update(entry).where(col(entry.room_id) == room_id, col(entry.tag).is_not(None)).values(erased))
        )
    _record(
        session,
        by,
        "deconfliction.close",
        "deconfliction_room",
        closed_room.id,
        closed_room,
        closed_room.members,
        before=before,
        after=closed_room.state,
    )
    return closed_room


def over(session: Session, day: date) -> list[DeconflictionRoom]:
    """Return the open rooms whose last day is before `day`, for the timetable."""
    query = select(DeconflictionRoom).where(
        DeconflictionRoom.state == RoomState.OPEN.value, DeconflictionRoom.until < day
    )
    return list(session.exec(query))


def offers(found: DeconflictionRoom, by: Actor) -> list[state_machine.StepOffer[RoomState]]:
    """Return the steps `by` may take with a room now."""
    return ROOM.offers(found, None, by)


def answers(side: DeconflictionSide, by: Actor) -> list[state_machine.StepOffer[SideState]]:
    """Return the answers `by` may give to a match now."""
    return SIDE.offers(side, None, by)


# -------------------------------------------------------------------------------------------------- internal


def _hold(session: Session, room_id: UUID, by: Actor) -> DeconflictionRoom:
    """Return the room, locked for update, so that of two simultaneous entries the second finds the first."""
    found = rows.hold(session, DeconflictionRoom, room_id)
    require(by, Act.DECONFLICT, Subject(country=by.country, operation=found.operation_id))
    if found.state != RoomState.OPEN or found.until < now().date():
        raise RuleBroken("", "This room is closed. You can no longer add entries.")
    return found


def _same(session: Session, found: DeconflictionRoom, tags: Iterable[str], by: Actor) -> list[DeconflictionEntry]:
    """Return entries of other countries with these tags: for the server alone."""
    entry = DeconflictionEntry
    query = select(entry).where(entry.room_id == found.id, col(entry.tag).in_(set(tags)), entry.country != by.country)
    with unfenced(session):
        return list(session.exec(unscoped(query.order_by(col(entry.country)))))


def _match(session: Session, mine: DeconflictionEntry, theirs: DeconflictionEntry, by: Actor) -> None:
    """Store a match, and tell both countries."""
    both: dict[str, Any] = {
        "id": new_id(),
        "room_id": mine.room_id,
        "operation_id": mine.operation_id,
        "kind": mine.kind,
    }
    match = DeconflictionMatch(**both, country=mine.country, other=theirs.country, made_at=now())
    session.add(match)
    session.flush()
    for own, other in ((mine, theirs), (theirs, mine)):
        session.add(
            DeconflictionSide(
                match_id=match.id,
                country=own.country,
                other=other.country,
                room_id=own.room_id,
                operation_id=own.operation_id,
                entry_id=own.id,
                kind=mine.kind,
                contact=other.contact,
                told_at=now(),
            )
        )
    _record(
        session,
        by,
        "deconfliction.match",
        "deconfliction_match",
        match.id,
        mine,
        [mine.country, theirs.country],
        other=theirs.country,
        kind=mine.kind,
    )


def _others(session: Session, ids: Iterable[UUID], by: Actor) -> dict[UUID, tuple[str, ...]]:
    """Return the countries that match each own entry."""
    query = select(DeconflictionSide).where(
        col(DeconflictionSide.entry_id).in_(set(ids)), DeconflictionSide.country == by.country
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for each in session.exec(query.order_by(DeconflictionSide.other)):
        found[each.entry_id] = (*found.get(each.entry_id, ()), each.other)
    return found


def _record(
    session: Session, by: Actor | System, act: str, what: str, of: UUID, row: Any, told: Iterable[str], **detail: Any
) -> None:
    """Write a journal entry without any content, for the coordinators of the countries concerned."""
    heard = pulse.centre(Role.AUDITOR) | pulse.countries(*told, role=Role.NATIONAL_COORDINATOR)
    journal.record(
        session, by, act, what, of, operation=row.operation_id, country=row.country, audience=heard, **detail
    )
