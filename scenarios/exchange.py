"""Steps of exchange between countries of a story: directory, messages, and deconfliction rooms.

Functions on a story, as those of `assistance`. Times are months after its first day; a story's data say who did what.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from operations.core.drafts import parse
from operations.core.people import Actor
from operations.exchange import deconfliction, directory, dispatches
from operations.exchange.deconfliction_rows import ROUNDS, SideState
from operations.exchange.directory import MemberState
from operations.exchange.dispatch_rows import PassingState
from scenarios.courses import Programme
from scenarios.deconfliction_tags import check, key, tag
from scenarios.script_language import Verb


def _nation(country: str) -> str:
    return f"coordinator.{country.lower()}"


# --------------------------------------------------------------------------------------------------- directory


@dataclass(frozen=True)
class Office:
    """An office of the network: the month it entered, its activities, and the month and reason of its leaving."""

    country: str
    name: str
    agency: str
    specialism: str
    month: float
    did: Sequence[tuple[float, str, str]] = ()
    certified: float | None = None
    left: tuple[float, str] | None = None


def enter(story: Programme, told: Office) -> None:
    """Enter an office into the directory by its country, record its activities, and its leaving."""
    by, ident = _nation(told.country), story.identifier("office", told.country, told.name)
    content = {
        "id": ident,
        "office": told.name,
        "agency": told.agency,
        "specialism": told.specialism,
        "certified_until": story.on(told.certified) if told.certified else None,
    }
    draft = parse(directory.OfficeDraft, content)
    story.does(
        story.when(told.month), by, f"enter {told.name}", lambda session, actor: directory.enter(session, draft, actor)
    )
    for month, kind, note in told.did:
        said = {"id": story.identifier("activity", ident, month), "kind": kind, "note": note}
        done = parse(directory.ActivityDraft, said | {"held_on": story.on(month)})
        story.does(story.when(month + 0.1), by, f"{told.name}: {kind}", _did(ident, done))
    if told.left:
        month, words = told.left
        story.does(story.when(month), by, f"{told.name} leaves", _leaves(ident, words))


def _did(office: UUID, draft: directory.ActivityDraft) -> Verb:
    return lambda session, by: directory.record_activity(session, office, draft, by)


def _leaves(office: UUID, words: str) -> Verb:
    return lambda session, by: directory.take(session, office, MemberState.LEFT, by, words)


# ---------------------------------------------------------------------------------------------------- messages


@dataclass(frozen=True)
class Passed:
    """A request to pass a message on: days after it was sent, recipient, purpose, and decision."""

    country: str
    days: float
    to: Sequence[str]
    purpose: str
    decided: tuple[float, PassingState, str] | None = None


@dataclass(frozen=True)
class StoryMessage:
    """A message: time, sender, recipients, text with markings, and who read or answered it after how many days.

    `due` counts days as well; None: no answer is wanted. An answer is its delay in days, and its text.
    """

    month: float
    country: str
    to: Sequence[str]
    title: str
    body: str
    marks: str = "b2h0"
    due: int | None = None
    read: Sequence[tuple[str, float]] = ()
    answers: Sequence[tuple[str, float, str]] = ()
    passed: Sequence[Passed] = ()
    of_operation: bool = False
    answers_read: bool = True


def write(story: Programme, told: StoryMessage) -> None:
    """Send a message by a country; the others read and answer it, or ask to pass it on."""
    ident, sent = story.identifier("message", told.title), story.when(told.month)
    marks = {"source": told.marks[0], "information": told.marks[1], "handling": told.marks[2:]}
    content: dict[str, Any] = {
        "id": ident,
        "countries": told.to,
        "title": told.title,
        "body": told.body,
        **marks,
        "operation_id": story.middle.operation if told.of_operation else None,
        "due": (sent + timedelta(days=told.due)).date() if told.due else None,
    }
    draft = parse(dispatches.DispatchDraft, content)
    story.does(
        sent,
        _nation(told.country),
        f"send: {told.title}",
        lambda session, by: dispatches.send(session, draft, by),
    )
    for country, days in told.read:
        story.does(sent + timedelta(days=days), _nation(country), f"read: {told.title}", _reads(ident))
    for country, days, words in told.answers:
        said = {"id": story.identifier("answer", told.title, country), "body": words, **marks}
        answer = parse(dispatches.MessageAnswerDraft, said)
        at = story.does(sent + timedelta(days=days), _nation(country), f"answer: {told.title}", _answers(ident, answer))
        if told.answers_read:
            read = _reads(answer.id)
            story.does(at + timedelta(hours=20), _nation(told.country), f"read the answer of {country}", read)
    for passed in told.passed:
        said = {"countries": passed.to, "purpose": passed.purpose}
        passing = story.identifier("passing", told.title, passed.country)
        asked = parse(dispatches.PassingDraft, {"id": passing, **said})
        at = sent + timedelta(days=passed.days)
        story.does(at, _nation(passed.country), f"pass on: {told.title}", _passes(ident, asked))
        if passed.decided:
            days, to, words = passed.decided
            verb = _decides(passing, to, words)
            story.does(sent + timedelta(days=days), _nation(told.country), f"{to.value}: {told.title}", verb)


def _reads(message: UUID) -> Verb:
    return lambda session, by: dispatches.confirm(session, message, by)


def _answers(message: UUID, draft: dispatches.MessageAnswerDraft) -> Verb:
    return lambda session, by: dispatches.answer(session, message, draft, by)


def _passes(message: UUID, draft: dispatches.PassingDraft) -> Verb:
    return lambda session, by: dispatches.pass_on(session, message, draft, by)


def _decides(passing: UUID, to: PassingState, words: str) -> Verb:
    return lambda session, by: dispatches.decide(session, passing, to, by, words)


# ----------------------------------------------------------------------------------------------- deconfliction


@dataclass(frozen=True)
class Room:
    """A room: who opened it when for whom, its phrase, and what each country `entered` in which month, by kind.

    `said` are a country's answers to its match with another, by month; `closed` the month in which it was closed.
    """

    name: str
    country: str
    month: float
    others: Sequence[str]
    phrase: str
    until: float
    entered: Sequence[tuple[str, float, str, Sequence[tuple[str, str]]]]
    said: Sequence[tuple[str, str, float, SideState]] = ()
    closed: float | None = None


def deconflict(story: Programme, told: Room) -> None:
    """Open a room, enter tags, and answer the matches, by its countries."""
    ident = story.identifier("room", told.name)

    def opens(session: Session, by: Actor) -> object:
        made = key(told.phrase, ident, ROUNDS)
        content = {
            "id": ident,
            "name": told.name,
            "countries": told.others,
            "until": story.on(told.until),
            "check_value": check(made),
        }
        return deconfliction.open_room(session, parse(deconfliction.RoomDraft, content), by)

    story.does(story.when(told.month), _nation(told.country), f"open room {told.name}", opens)
    for country, month, office, values in told.entered:
        verb = _enters(ident, told.phrase, office, values)
        story.does(story.when(month), _nation(country), f"enter values in {told.name}", verb)
    for country, other, month, to in told.said:
        verb = _speaks(ident, other, to)
        story.does(story.when(month), _nation(country), f"{to.value}: match in {told.name}", verb)
    if told.closed:
        story.does(
            story.when(told.closed),
            _nation(told.country),
            f"close room {told.name}",
            lambda session, by: deconfliction.close(session, ident, by),
        )


def _enters(room: UUID, phrase: str, office: str, values: Sequence[tuple[str, str]]) -> Verb:
    def enters(session: Session, by: Actor) -> object:
        found = deconfliction.room(session, room)
        made = key(phrase, room, found.rounds)
        tags = [{"kind": kind, "tag": tag(made, kind, value, found.stretch)} for kind, value in values]
        content = {"check_value": check(made), "contact": office, "values": tags}
        return deconfliction.enter(session, room, parse(deconfliction.EntriesDraft, content), by)

    return enters


def _speaks(room: UUID, other: str, to: SideState) -> Verb:
    def speaks(session: Session, by: Actor) -> object:
        [match] = [
            theirs.match_id for _own, theirs in deconfliction.sides(session, room, by) if theirs.country == other
        ]
        return deconfliction.say(session, match, to, by)

    return speaks
