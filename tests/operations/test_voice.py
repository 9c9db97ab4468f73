"""A report said on the telephone: keyed for the officer, marked so, verified by the country; wrong digits are found."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from sqlmodel import Session

from operations.core import clock, vocabulary
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.people import Posting
from operations.core.vocabulary import CheckKind, Level, ReportKind, ReportState
from operations.policing.reports import reports, verification, voice
from operations.policing.reports.reports import Report
from tests.makers import START, Running, form, send

NOW = START + timedelta(days=2, hours=10)
DAY = (START + timedelta(days=1)).date()


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(NOW):
        yield


def posting(scene: Running, name: str = "bruno") -> UUID:
    """The posting of an officer to Niamey, made the first time that it is asked for."""
    made = uuid5(scene.operation, name)
    with scene.store.unit_of_work(scene["chaima"]) as session:
        if session.get(Posting, made) is None:
            session.add(Posting(id=made, account_id=scene[name].account_id, site_id=scene.sites["Niamey"]))
    return made


def code(scene: Running, row: int = 11, count: int = 140, day: date = DAY, name: str = "bruno") -> str:
    return voice.code_of(posting(scene, name), day, row, count)


def keyed(scene: Running, text: str, by: str = "ana", *, read_back: bool = True) -> Report:
    with scene.store.unit_of_work(scene[by]) as session:
        made = voice.key(session, scene.operation, text, scene[by], read_back=read_back)
        session.expunge(made)
        return made


def stored(scene: Running) -> list[Report]:
    with scene.store.reading(scene["ana"]) as session:
        return voice.keyed(session, scene.operation)


@pytest.mark.both_storages
def test_a_code_becomes_the_report_of_its_officer_marked_as_keyed_and_is_verified_as_any_other(scene: Running) -> None:
    made = keyed(scene, code(scene))
    assert (made.author_id, made.author_name) == (scene["bruno"].account_id, scene["bruno"].name)
    assert (made.keyed_by, made.country, made.official_day) == (scene["ana"].account_id, "NER", DAY)
    assert (made.kind, made.level, made.counted) == (ReportKind.DAILY, Level.V1, True)
    with scene.store.reading(scene["bruno"]) as session:
        [line] = reports.lines_of(session, made.id)
    assert (line.kind, line.quantity, line.attributes["check_kind"], line.attributes["database"]) == (
        "check_tally",
        140,
        CheckKind.DATABASE_QUERY,
        "sltd",
    )
    with scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, made.id, scene["boubacar"])
    [found] = stored(scene)
    assert found.state == ReportState.LOCALLY_VERIFIED


def test_a_number_that_two_cards_bear_is_refused(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    said = code(scene)
    posting(scene, "binta")
    number = voice.card_number(posting(scene))
    monkeypatch.setattr(voice, "card_number", lambda _posting: number)
    with pytest.raises(RuleBroken, match="Two cards bear this number"):
        keyed(scene, said)


def test_a_nil_report_has_no_count_and_contradicts_no_report(scene: Running) -> None:
    assert keyed(scene, code(scene, voice.NIL, 0)).kind == ReportKind.NIL
    keyed(scene, code(scene, 52, 7, START.date()))
    with pytest.raises(RuleBroken, match="which a nil report would contradict"):
        keyed(scene, code(scene, voice.NIL, 0, START.date()))
    assert len(stored(scene)) == 2


def test_digits_may_be_of_any_script_and_parted_in_any_way(scene: Running) -> None:
    text = code(scene)
    arabic = "".join(chr(0x0660 + int(digit)) for digit in text)
    parted = f" {arabic[:4]}-{arabic[4:8]} / {arabic[8:]} "
    assert keyed(scene, parted).official_day == DAY


def test_every_wrong_digit_and_every_exchange_of_neighbours_is_found(scene: Running) -> None:
    right = code(scene)
    wrong = {
        right[:place] + str(digit) + right[place + 1 :]
        for place in range(len(right))
        for digit in range(10)
        if str(digit) != right[place]
    }
    wrong |= {
        right[:place] + right[place + 1] + right[place] + right[place + 2 :]
        for place in range(len(right) - 1)
        if right[place] != right[place + 1]
    }
    with scene.store.reading(scene["ana"]) as session:
        for text in wrong:
            with pytest.raises(RuleBroken, match=r"wrong digit|No post of this operation"):
                voice.said(session, scene.operation, text, scene["ana"])
        assert voice.said(session, scene.operation, right, scene["ana"]).count == 140


def test_what_cannot_be_right_is_refused_in_a_sentence_and_nothing_is_stored(scene: Running) -> None:
    card = voice.card_number(posting(scene))

    def of_card(number: str, message: str) -> str:
        return f"{number}{message}{voice.check_digit(message, int(number[-1]))}"

    stranger = "1234567" + str(voice.check_digit("1234567"))
    for text, why in (
        ("", "This is no whole code"),
        ("one two", "A code has digits alone"),
        ("1" * 61, "A code has digits alone"),
        (f"{int(card[0]) ^ 1}{card[1:]}{of_card(card, '0211140')[8:]}", "number of the card has a wrong digit"),
        (of_card(stranger, "0211140"), "No post of this operation has this card"),
        (of_card(card, f"{DAY.day:02d}99140"), "The card has no row 99"),
        (of_card(card, f"{DAY.day:02d}110"), "Row 00 says that nothing happened"),
        (of_card(card, f"{DAY.day:02d}007"), "Row 00 says that nothing happened"),
        (of_card(card, "0011140"), "The last 31 days have no day 00"),
        (of_card(card, f"{(START - timedelta(days=9)).day:02d}11140"), "No phase of the operation lies on"),
    ):
        with pytest.raises(RuleBroken, match=why):
            keyed(scene, text)
    with pytest.raises(RuleBroken, match="Read the report back first"):
        keyed(scene, code(scene), read_back=False)
    assert stored(scene) == []


def test_a_code_keyed_twice_is_told_and_another_count_is_left_to_the_country(scene: Running) -> None:
    keyed(scene, code(scene))
    with pytest.raises(Conflict, match="This code was keyed already"):
        keyed(scene, code(scene))
    with pytest.raises(RuleBroken, match="This card has said 140 for this day and row already"):
        keyed(scene, code(scene, count=150))
    other = keyed(scene, code(scene, row=12))
    assert len({report.report_id for report in stored(scene)}) == 2
    assert other.report_id in {report.report_id for report in stored(scene)}


def test_a_card_says_nothing_of_days_on_which_its_officer_was_not_posted(scene: Running) -> None:
    text = code(scene)
    with scene.store.unit_of_work(scene["ana"]) as session:
        _end(session, posting(scene))
    with pytest.raises(RuleBroken, match=r"Bruno.* was not posted to Niamey on"):
        keyed(scene, text)


def _end(session: Session, posting_id: UUID) -> None:
    found = session.get_one(Posting, posting_id)
    found.ends = START
    session.add(found)


def test_the_coordination_alone_keys_and_no_country_does_it_for_another(scene: Running) -> None:
    text = code(scene)
    for name in ("bruno", "boubacar", "chaima", "dov", "lena"):
        with pytest.raises(NotFound):
            keyed(scene, text, by=name)
    assert stored(scene) == []


def test_an_unlikely_count_is_a_doubt_to_be_read_back(scene: Running) -> None:
    text = code(scene, count=60_000)
    with scene.store.reading(scene["ana"]) as session:
        meant = voice.said(session, scene.operation, text, scene["ana"])
    assert any("More than 50,000 database queries and no hit" in str(doubt) for doubt in meant.doubts)


def test_every_check_of_the_lists_has_one_row_that_keeps_its_number() -> None:
    checks = [
        *((CheckKind.DATABASE_QUERY.value, database) for database in vocabulary.codes("CL-DB")),
        *((check, None) for check in vocabulary.codes("CL-CHECKKIND") if check != CheckKind.DATABASE_QUERY),
    ]
    assert sorted(voice.ROWS.values(), key=str) == sorted(checks, key=str)
    assert (voice.ROWS[11], voice.ROWS[28], voice.ROWS[52]) == (
        ("database_query", "sltd"),
        ("database_query", "national"),
        ("police_check", None),
    )


def test_a_report_that_nobody_keyed_bears_no_mark(scene: Running) -> None:
    assert send(scene, form(scene, "Niamey"), by="bruno").keyed_by is None
