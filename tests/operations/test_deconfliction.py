"""Deconfliction: two countries learn that they should talk; no third, no centre and no database learns of what."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from operations import worklist_entries
from operations.core import clock, journal, pulse, rows
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.exchange import deconfliction
from operations.exchange.deconfliction_rows import (
    DeconflictionEntry,
    DeconflictionMatch,
    DeconflictionRoom,
    DeconflictionSide,
    SideState,
)
from operations.timetable import jobs
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from scenarios.deconfliction_tags import check, key, tag
from tests.deconfliction_rooms import CONTACT, PHRASE, entered, entries_draft, opened, room_draft, third
from tests.makers import Running
from tests.people import CAST
from tests.programme import BEGUN, does, reads

LEG, NOTICE = ("route", "Dirkou > Séguédine"), ("notice", "A-1234/5-2023")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rooms of these tests are cheap to guess in; what real ones cost is tested apart."""
    monkeypatch.setattr(deconfliction, "ROUNDS", 20)
    monkeypatch.setattr(deconfliction, "STRETCH", 2)


def waits(scene: Running, name: str) -> list[str]:
    found = reads(scene, name, worklist_entries.waiting, scene[name], BEGUN)
    return [each.words.format(**each.params) for each in found if each.noun == "country in a match"]


def seen(scene: Running, name: str) -> dict[str, int]:
    """How many rows of each table a person sees."""
    models = (DeconflictionRoom, DeconflictionEntry, DeconflictionMatch, DeconflictionSide)
    return {each.__name__[13:]: len(reads(scene, name, rows.every, each)) for each in models}


def number(scene: Running, name: str) -> int:
    return reads(scene, name, lambda session: pulse.number(pulse.counts_of(session, scene[name])))


def test_two_countries_are_told_to_talk_and_a_third_learns_nothing(scene: Running) -> None:
    third(scene)
    room = opened(scene)
    [first] = entered(scene, "chaima", room, LEG)
    assert (first.number, first.new, first.with_) == (1, True, ())
    before = {name: (seen(scene, name), number(scene, name)) for name in ("tariq", *CAST)}
    assert entered(scene, "tariq", room, ("route", "Faya > Kufra"))[0].with_ == ()
    mid = number(scene, "tariq")
    found = entered(scene, "moussa", room, NOTICE, ("route", "DIRKOU  →  Seguedine"))
    assert [(each.number, each.with_) for each in found] == [(1, ()), (2, ("NER",))]
    assert waits(scene, "chaima") == [f"MLI and your country work on the same route: talk to each other ({CONTACT})."]
    assert waits(scene, "moussa") == [f"NER and your country work on the same route: talk to each other ({CONTACT})."]
    assert waits(scene, "tariq") == []
    assert seen(scene, "tariq") == {"Room": 1, "Entry": 1, "Match": 0, "Side": 0}
    assert number(scene, "tariq") == mid
    own = reads(scene, "tariq", lambda session: journal.latest(session))
    assert {each.act for each in own if each.object_kind.startswith("deconfliction")} == {
        "deconfliction.open",
        "deconfliction.enter",
    }
    assert [each.country for each in own if each.act == "deconfliction.enter"] == ["TCD"]
    others = set(CAST) - {"chaima", "moussa", "otto"}
    assert {name: (seen(scene, name), number(scene, name)) for name in others} == {n: before[n] for n in others}
    assert {seen(scene, name)["Match"] for name in ("chaima", "moussa")} == {1}
    assert [seen(scene, name)["Entry"] for name in ("chaima", "moussa")] == [1, 2]


def test_no_database_holds_anything_of_what_was_entered(scene: Running) -> None:
    """Every table is read as whoever steals the database reads it; of SQLite the bytes of the file as well."""
    room = opened(scene)
    for name in ("chaima", "moussa"):
        entered(scene, name, room, LEG, NOTICE)
    [(shown, _other), _second] = reads(scene, "chaima", deconfliction.sides, room.id, scene["chaima"])
    does(scene, "chaima", deconfliction.say, shown.side.match_id, SideState.SPOKEN)
    told = []
    with scene.store.reading(System()) as session:
        for table in sa.inspect(session.connection()).get_table_names():
            kept = session.connection().execute(sa.select(sa.text("*")).select_from(sa.table(table))).all()
            told += [str(row) for row in kept]
    if scene.store.engine.dialect.name == "sqlite":
        files = Path(str(scene.store.url.database)).parent.glob("*.sqlite*")
        told += [each.read_bytes().decode("utf-8", "replace") for each in files]
    everything = "\n".join(told).casefold()
    secrets = ("dirkou", "guédine", "seguedine", "1234/5", "1234-5", PHRASE, PHRASE.replace("-", ""))
    assert [secret for secret in secrets if secret.casefold() in everything] == []
    made = key(PHRASE, room.id, room.rounds)
    assert made.hex() not in everything
    assert tag(made, *LEG, room.stretch) in everything  # the tags are all that there is
    assert tag(key("another phrase of twenty letters", room.id, room.rounds), *LEG, room.stretch) not in everything


def test_a_tag_of_another_phrase_room_or_kind_matches_nothing(scene: Running) -> None:
    room, other = opened(scene), opened(scene, name="Another")
    entered(scene, "chaima", room, LEG)
    with pytest.raises(RuleBroken, match="another room or operation"):
        entered(scene, "moussa", room, LEG, phrase="K7TQ2-9MXWA-4HZRD-VB06E-YN3PD")
    with pytest.raises(RuleBroken, match="another room or operation"):
        does(scene, "moussa", deconfliction.enter, room.id, entries_draft(other, [LEG]))
    forged = entries_draft(other, [LEG]).model_copy(update={"check_value": room.check_value})
    assert does(scene, "moussa", deconfliction.enter, room.id, forged)[0].with_ == ()
    assert entered(scene, "moussa", room, ("site", LEG[1]))[0].with_ == ()
    assert entered(scene, "moussa", other, LEG)[0].with_ == ()
    assert entered(scene, "moussa", room, LEG, phrase=PHRASE.lower().replace("-", " "))[0].with_ == ("NER",)


def test_the_same_again_costs_nothing_and_a_day_has_its_limit(scene: Running) -> None:
    room = opened(scene)
    values = [("site", f"Post {each}") for each in range(deconfliction.AT_ONCE)]
    first = entered(scene, "chaima", room, *values)
    again = entered(scene, "chaima", room, *values)
    assert [each.number for each in again] == [each.number for each in first]
    assert not any(each.new for each in again)
    entered(scene, "chaima", room, *(("group", value) for _kind, value in values))
    with pytest.raises(RuleBroken, match="can enter 0 more values"):
        entered(scene, "chaima", room, LEG)
    entries = reads(scene, "chaima", deconfliction.entries, room.id)
    does(scene, "chaima", deconfliction.withdraw, entries[0].id)
    with pytest.raises(RuleBroken, match="can enter 0 more values"):  # what is withdrawn was entered all the same
        entered(scene, "chaima", room, LEG)
    assert entered(scene, "moussa", room, LEG)[0].new
    assert entered(scene, "chaima", room, LEG, at=BEGUN + DAY)[0].with_ == ("MLI",)


def test_what_is_withdrawn_or_of_a_closed_room_is_erased_and_matches_no_more(scene: Running) -> None:
    room = opened(scene)
    entered(scene, "chaima", room, LEG, NOTICE)
    entries = reads(scene, "chaima", deconfliction.entries, room.id)
    gone = next(each for each in entries if each.kind == "route")
    with pytest.raises(NotFound):
        does(scene, "moussa", deconfliction.withdraw, gone.id)
    assert does(scene, "chaima", deconfliction.withdraw, gone.id).tag is None
    assert [each.with_ for each in entered(scene, "moussa", room, LEG, NOTICE)] == [(), ("NER",)]
    with pytest.raises(NotFound):
        does(scene, "moussa", deconfliction.close, room.id)
    does(scene, "chaima", deconfliction.close, room.id)
    everything = reads(scene, "system", lambda session: session.exec(select(DeconflictionEntry)).all())
    assert {each.tag for each in everything} == {None}
    assert len(everything) == 4
    with pytest.raises(RuleBroken, match="This room is closed"):
        entered(scene, "moussa", room, LEG)
    assert seen(scene, "moussa")["Match"] == 1  # what was told stays told


def test_a_room_ends_by_itself(scene: Running) -> None:
    room = opened(scene)
    entered(scene, "moussa", room, LEG)
    keeper, end = Timetable(scene.store, LeaseCandidate("rooms")), BEGUN + 91 * DAY
    with pytest.raises(RuleBroken, match="This room is closed"):
        entered(scene, "chaima", room, LEG, at=end)
    for at, state in ((end - 2 * DAY, "open"), (end, "closed")):
        with clock.at(at):
            keeper.beat()
            keeper.tick(jobs.SHORT)
        assert reads(scene, "moussa", deconfliction.room, room.id).state == state
    assert [each.tag for each in reads(scene, "moussa", deconfliction.entries, room.id)] == [None]


def test_a_match_is_over_when_both_have_said_something(scene: Running) -> None:
    room = opened(scene)
    entered(scene, "chaima", room, LEG)
    entered(scene, "moussa", room, LEG)
    [(shown, _other)] = reads(scene, "chaima", deconfliction.sides, room.id, scene["chaima"])
    match = shown.side.match_id

    def state() -> str:
        return str(reads(scene, "system", lambda session: session.get_one(DeconflictionMatch, match).state))

    third(scene)
    with pytest.raises(NotFound):
        does(scene, "tariq", deconfliction.say, match, SideState.SPOKEN)
    does(scene, "chaima", deconfliction.say, match, SideState.SPOKEN)
    assert (state(), waits(scene, "chaima"), len(waits(scene, "moussa"))) == ("told", [], 1)
    [(shown, other)] = reads(scene, "moussa", deconfliction.sides, room.id, scene["moussa"])
    assert (shown.side.state, shown.number, other.state, other.said_by) == ("told", 1, "spoken", "Chaima Abdou")
    does(scene, "moussa", deconfliction.say, match, SideState.NOTHING)
    assert state() == "spoken"
    does(scene, "chaima", deconfliction.say, match, SideState.NOTHING)
    assert state() == "nothing"
    with pytest.raises(RuleBroken, match="Your country has already answered this match"):
        does(scene, "chaima", deconfliction.say, match, SideState.NOTHING)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"countries": ["NER"]}, "at least one other country"),
        ({"until": BEGUN.date()}, "Choose a day to come"),
        ({"until": (BEGUN + 800 * DAY).date()}, "at most two years away"),
        ({"countries": []}, "At least 1 must be given"),
        ({"name": "Mr Amadou Diallo, born 3 March 1985"}, "personal data"),
        ({"check_value": "12345"}, "This"),
    ],
)
def test_what_is_no_room_is_said(scene: Running, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        opened(scene, **changes)


def test_a_room_of_an_operation_is_for_those_who_work_there(scene: Running) -> None:
    third(scene)
    with pytest.raises(RuleBroken, match="does not take part"):
        opened(scene, operation_id=scene.operation)
    room = opened(scene, operation_id=scene.operation, countries=["MLI"])
    with pytest.raises(NotFound):
        entered(scene, "tariq", room, LEG)
    assert seen(scene, "tariq") == {"Room": 0, "Entry": 0, "Match": 0, "Side": 0}
    for name in ("ana", "dov", "lena", "otto", "bruno", "boubacar", "frida", "ada"):
        with pytest.raises(NotFound):
            entered(scene, name, room, LEG)
        assert set(seen(scene, name).values()) == {0}, name
    entered(scene, "chaima", room, LEG)
    assert entered(scene, "moussa", room, LEG)[0].with_ == ("NER",)


def test_the_database_itself_keeps_countries_apart_and_tags_as_they_were(scene: Running) -> None:
    third(scene)
    room = opened(scene)
    entered(scene, "chaima", room, LEG)
    entered(scene, "moussa", room, LEG)
    with pytest.raises(DBAPIError), scene.store.unit_of_work(System()) as session:
        session.execute(sa.update(DeconflictionEntry).values(tag="0" * 64))
    if scene.store.engine.dialect.name == "postgresql":
        for name, number_ in (("tariq", 0), ("ana", 0), ("lena", 0), ("otto", 0), ("chaima", 1)):
            with scene.store.reading(scene[name]) as session:
                counted = [
                    session.connection().execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
                    for table in ("deconfliction_entry", "deconfliction_match")
                ]
            assert counted == [number_, number_], name


def test_real_rooms_make_every_guess_dear(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    draft = room_draft()
    made = does(scene, "chaima", deconfliction.open_room, draft)
    assert (made.rounds, made.stretch) == (600_000, 20_000)
    assert made.check_value == check(key(PHRASE, made.id, 600_000))
