"""Deconfliction without disclosure: countries that work on the same learn that they should talk, and nothing else.

The countries of a room share a phrase outside of Muster. A browser makes tags of what its country works on, keyed by
that phrase, and sends the tags alone; phrase and values never leave it. Where two countries sent the same tag, both are
told with whom to talk, and of which kind it is. A third country learns nothing, nor does whoever works for none.

What the server holds: who is in a room, how many entries of which kind each country made and when, the offices to
reach, and who matched with whom. What it cannot tell is of what. What remains possible, for members who guess and for
whoever has both the phrase and the database, is written down in `docs/deconfliction.md`.
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
"""How many values a country enters at once, and in a day: what bounds a member that tries out guesses."""
LONGEST = timedelta(days=2 * 365)
_HEX = r"^[0-9a-f]+$"

# ---------------------------------------------------------------------------------------------------- drafts


class RoomDraft(Draft):
    """A room for countries that share a phrase. `check_value` was made of it in the browser."""

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
    """One value as a tag: HMAC-SHA-256 under the key of the room, stretched, as 64 digits of base 16."""

    kind: Annotated[str, InList("CL-DECONFLICT"), Label(N_("Kind"))]
    tag: Annotated[str, Rule(min_length=64, max_length=64, pattern=_HEX)]


class EntriesDraft(Draft):
    """What a country enters at once. `check_value` is of the phrase with which the tags were made."""

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
    """A country's part in a match with the number that the entry has in its own list."""

    side: DeconflictionSide
    number: int | None


class Entered(NamedTuple):
    """What became of one tag: its number in the country's own list, whether it is new, and who works on the same."""

    tag: str
    number: int
    new: bool
    with_: tuple[str, ...]


# ------------------------------------------------------------------------------------------------- questions


def rooms(session: Session) -> list[DeconflictionRoom]:
    """The rooms that the asker's country is in, open ones first, then the newest."""
    found = session.exec(select(DeconflictionRoom).order_by(col(DeconflictionRoom.made_at).desc())).all()
    return sorted(found, key=lambda each: each.state != RoomState.OPEN)


def room(session: Session, room_id: UUID) -> DeconflictionRoom:
    """The room. Raises NotFound."""
    return rows.one(session, DeconflictionRoom, room_id)


def entries(session: Session, room_id: UUID) -> Sequence[DeconflictionEntry]:
    """The entries of the asker's own country, newest first."""
    query = select(DeconflictionEntry).where(DeconflictionEntry.room_id == room_id)
    found: Sequence[DeconflictionEntry] = session.exec(query.order_by(col(DeconflictionEntry.number).desc())).all()
    return found


def sides(session: Session, room_id: UUID, by: Actor) -> list[tuple[MatchView, DeconflictionSide]]:
    """The own part in each match of a room and that of the other country, newest first."""
    query = select(DeconflictionSide).where(DeconflictionSide.room_id == room_id)
    found = session.exec(query.order_by(col(DeconflictionSide.told_at).desc(), col(DeconflictionSide.match_id))).all()
    other = {each.match_id: each for each in found if each.country != by.country}
    numbers = {each.id: each.number for each in entries(session, room_id)}
    return [
        (MatchView(each, numbers.get(each.entry_id)), other[each.match_id])
        for each in found
        if each.country == by.country
    ]


def left_today(session: Session, room_id: UUID, country: str | None) -> int:
    """How many values the country may still enter in a room on this day (UTC)."""
    midnight = datetime.combine(now().date(), time(0), UTC)
    query = select(func.count(col(DeconflictionEntry.id))).where(
        DeconflictionEntry.room_id == room_id,
        DeconflictionEntry.country == country,
        DeconflictionEntry.made_at >= midnight,
    )
    return max(0, DAILY - session.exec(query).one())


# ----------------------------------------------------------------------------------------------------- verbs


def open_room(session: Session, draft: RoomDraft, by: Actor) -> DeconflictionRoom:
    """Open a room for countries that know its phrase. The same draft again: the same answer.

    Raises RuleBroken for a country that does not take part in the operation, without another country, and for a day
    that is over or more than two years away.
    """
    require(by, Act.DECONFLICT, Subject(country=by.country, operation=draft.operation_id))
    among = sorted({*draft.countries, str(by.country)})
    said = draft.model_dump(exclude={"countries"}) | {"countries": " ".join(among)}
    otherwise = Conflict("This room was already opened with other content. Reload the page to see it.")
    if known := rows.said_before(session, DeconflictionRoom, draft.id, said, otherwise):
        return known
    if len(among) < 2:
        raise RuleBroken("countries", "Choose at least one other country: alone there is nothing to deconflict.")
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
        author_id=by.account_id,
        author_name=by.name,
        made_at=now(),
    )
    session.add(made)
    session.flush()
    _record(session, by, "deconfliction.open", "deconfliction_room", made.id, made, among, number=len(among))
    return made


def enter(session: Session, room_id: UUID, draft: EntriesDraft, by: Actor) -> list[Entered]:
    """Enter what the country works on, as tags. What it entered before is answered as before, and costs nothing.

    Raises RuleBroken with tags of another phrase or room, once the room is over, and beyond the limit of the day.
    """
    found = _hold(session, room_id, by)
    if draft.check_value != found.check_value:
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
            operation_id=found.operation_id,
            country=str(by.country),
            number=number,
            kind=kinds[tag],
            tag=tag,
            contact=draft.contact,
            author_id=by.account_id,
            author_name=by.name,
            made_at=now(),
        )
        for number, tag in enumerate(new, first)
    }
    session.add_all(made.values())
    session.flush()
    for entry in _same(session, found, made, by):
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
    """Take an entry back: its tag is erased and matches no more. What it matched stays. Again: nothing happens."""
    found = rows.hold(session, DeconflictionEntry, entry_id)
    require(by, Act.DECONFLICT, subject(found))
    if found.withdrawn_at is None:
        found.tag, found.withdrawn_at = None, now()
        session.add(found)
        _record(
            session,
            by,
            "deconfliction.withdraw",
            "deconfliction_entry",
            found.room_id,
            found,
            [found.country],
            number=found.number,
        )
    return found


def say(session: Session, match_id: UUID, to: SideState, by: Actor) -> DeconflictionSide:
    """A country says of a match that the two spoke, or that they have nothing in common. Raises NotFound."""
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
    """Close a room and erase the tags of all its countries: by the country that opened it, or when it is over.

    Raises RuleBroken where it is closed already.
    """
    found = rows.hold(session, DeconflictionRoom, room_id)
    before = found.state
    if isinstance(by, Actor):
        ROOM.take(found, None, RoomState.CLOSED, by)
    else:
        ROOM.go(found, RoomState.CLOSED)
    found.closed_at = now()
    session.add(found)
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
        found.id,
        found,
        found.members,
        before=before,
        after=found.state,
    )
    return found


def over(session: Session, day: date) -> list[DeconflictionRoom]:
    """The open rooms whose last day is before `day`: for the timetable."""
    query = select(DeconflictionRoom).where(
        DeconflictionRoom.state == RoomState.OPEN.value, DeconflictionRoom.until < day
    )
    return list(session.exec(query))


def offers(found: DeconflictionRoom, by: Actor) -> list[state_machine.StepOffer[RoomState]]:
    """What `by` may do with a room now."""
    return ROOM.offers(found, None, by)


def answers(side: DeconflictionSide, by: Actor) -> list[state_machine.StepOffer[SideState]]:
    """What `by` may say of a match now."""
    return SIDE.offers(side, None, by)


# ---------------------------------------------------------------------------------------------------- inside


def _hold(session: Session, room_id: UUID, by: Actor) -> DeconflictionRoom:
    """The room, kept from whoever else enters, so that of two who come at once the second finds the first."""
    found = rows.hold(session, DeconflictionRoom, room_id)
    require(by, Act.DECONFLICT, Subject(country=by.country, operation=found.operation_id))
    if found.state != RoomState.OPEN or found.until < now().date():
        raise RuleBroken("", "This room is over: nothing is entered in it any more.")
    return found


def _same(session: Session, found: DeconflictionRoom, tags: Iterable[str], by: Actor) -> list[DeconflictionEntry]:
    """Entries of other countries with these tags: for the server alone."""
    entry = DeconflictionEntry
    query = select(entry).where(entry.room_id == found.id, col(entry.tag).in_(set(tags)), entry.country != by.country)
    with unfenced(session):
        return list(session.exec(unscoped(query.order_by(col(entry.country)))))


def _match(session: Session, mine: DeconflictionEntry, theirs: DeconflictionEntry, by: Actor) -> None:
    """Tell both countries that they should talk."""
    both: dict[str, Any] = {
        "id": new_id(),
        "room_id": mine.room_id,
        "operation_id": mine.operation_id,
        "kind": mine.kind,
    }
    match = DeconflictionMatch(**both, country=mine.country, other=theirs.country, made_at=now())
    session.add(match)
    session.flush()
    for one, two in ((mine, theirs), (theirs, mine)):
        session.add(
            DeconflictionSide(
                match_id=match.id,
                country=one.country,
                other=two.country,
                room_id=one.room_id,
                operation_id=one.operation_id,
                entry_id=one.id,
                kind=mine.kind,
                contact=two.contact,
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
    """Which countries work on the same as each own entry."""
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
    """Journal what happened, without any content: for the coordinators of the countries that it concerns."""
    heard = pulse.centre(Role.AUDITOR) | pulse.countries(*told, role=Role.NATIONAL_COORDINATOR)
    journal.record(
        session, by, act, what, of, operation=row.operation_id, country=row.country, audience=heard, **detail
    )
