"""The pages of claims: looked for, opened, compared, answered and decided by callbacks; each sees what is theirs."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.parts.figure_text import tile
from dashboard.screens.claims import page
from dashboard.screens.claims.page import Ids
from operations.catalogue.kpis import Kpi
from operations.claims import claim_rows, claims
from operations.claims.claim_pointers import PointerState
from operations.claims.claim_states import ClaimState
from operations.core import clock
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.policing.reports import reports
from tests.claim_stories import (
    LATE,
    NOON,
    ON_NOTICE,
    answered,
    apart,
    event,
    found_by_muster,
    lines,
    opened,
    settled,
    suspected,
    taken,
    two_countries,
    two_operations,
)
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import START, Running, arrest, form, let_out, send
from tests.operations.test_lines import line_of

S, P, HOUR = ClaimState, PointerState, timedelta(hours=1)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def shown(scene: Running, name: str, **query: str) -> str:
    with at_desk(scene, name, NOON):
        return texts(page.layout(str(scene.operation), **query))


def pressed(scene: Running, name: str, act: Any, button: Any, typed: Any = None, at: Any = NOON, **more: Any) -> Any:
    with at_desk(scene, name, at):
        return press(act, button, scene.operation, typed, **more)


def test_it_is_looked_for_opened_compared_and_agreed_on_the_page(scene: Running) -> None:
    two_countries(scene)
    assert "Look for what was told twice" in shown(scene, "dov")
    pressed(scene, "dov", page.look, Ids.LOOK)
    with scene.store.reading(System()) as session:
        [claim] = claim_rows.claims(session, scene.operation)
    ident = str(claim.id)
    said = shown(scene, "dov", show=ident)
    assert "One event, two countries" in said
    assert "the same control number of a notice" in said
    assert "A-1234/11-2025" not in said
    pressed(
        scene,
        "dov",
        page.open_it,
        {"type": Ids.OPEN, "of": ident},
        {"counts": claims.key_of(lines(scene, claim.id)[0]), "role": "requesting"},
    )
    drawn = pressed(scene, "chaima", page.compare, {"type": Ids.COMPARE, "of": ident})
    beside = texts(drawn["shown"][0])
    for words in ("Line 1: Mali", "Line 2: Niger", "Bamako", "A-1234/11-2025", "Nigeria", "V1"):
        assert words in beside
    for name in ("chaima", "moussa"):
        pressed(scene, name, page.answer, {"type": Ids.ANSWER, "of": ident}, {"same": "yes", "words": ""})
    said = shown(scene, "moussa", show=ident)
    for words in ("One event, agreed", "They are one: Niger", "Arresting: acted at the place", "Requesting"):
        assert words in said


def test_the_coordinator_decides_with_words_and_a_country_never_sees_what_is_suspected(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    for name in ("chaima", "moussa"):
        with pytest.raises(NotFound):
            shown(scene, name, show=str(claim.id))
    opened(scene, claim)
    assert "can still answer" in shown(scene, "ana", show=str(claim.id))
    button = {"type": "claim-step", "of": str(claim.id), "to": S.DECIDED.value}
    beside = {"type": "claim-why", "of": str(claim.id), "to": {S.DECIDED.value: "The fingerprints are the same."}}
    with pytest.raises(RuleBroken, match="can still answer"):
        pressed(scene, "ana", page.take, button, beside=beside)
    pressed(scene, "ana", page.take, button, at=LATE, beside=beside)
    said = shown(scene, "chaima", show=str(claim.id))
    assert "One event, decided" in said
    assert "The fingerprints are the same." in said


def test_the_coordinator_opens_a_settled_claim_again_with_a_reason(scene: Running) -> None:
    claim, _asked, _made = settled(scene)
    button = {"type": "claim-step", "of": str(claim.id), "to": S.OPEN.value}
    beside = {"type": "claim-why", "of": str(claim.id), "to": {S.OPEN.value: "The prints differ."}}
    assert "Open it again" not in shown(scene, "dov", show=str(claim.id))
    offered = shown(scene, "ana", show=str(claim.id))
    assert "Open it again" in offered
    assert "Open it for the countries" not in offered, "which is what the analyst does with a suspicion"
    pressed(scene, "ana", page.take, button, beside=beside)
    said = shown(scene, "chaima", show=str(claim.id))
    for words in ("With the countries", "The prints differ.", "One event, agreed", "They are one: Mali", "Say it"):
        assert words in said


def test_a_country_reads_why_it_cannot_answer_where_a_line_was_withdrawn_meanwhile(scene: Running) -> None:
    asked, _made = two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    with clock.at(NOON), scene.store.unit_of_work(scene["bruno"]) as session:
        reports.withdraw(session, asked.id, "By mistake.", scene["bruno"])
    said = shown(scene, "moussa", show=str(claim.id))
    assert "A line of this claim was withdrawn or corrected. Only the other line counts." in said
    assert "Say it" not in said


def test_one_person_in_two_operations_is_shown_in_each_and_tells_nothing_else(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    ident, title = str(claim.id), "another operation"
    with at_desk(other, "moussa", NOON):
        [grid] = found_in(page.layout(str(other.operation)), "AgGrid")
    assert [(each["number"], each["kind"]) for each in grid.rowData] == [("P1", "One person in two operations")]
    said = shown(other, "moussa", show=ident)
    for words in ("One person in two operations", f"in {title}", "days that lie within three of each other", "Say it"):
        assert words in said
    drawn = pressed(other, "moussa", page.compare, {"type": Ids.COMPARE, "of": ident})
    beside = texts(drawn["shown"][0])
    for words in (title, "2 Mar 2026", "A-1234/11-2025", "France", "Bamako", "stands"):
        assert words in beside
    for words in ("Niamey", "Nigeria"):
        assert words not in beside
    pressed(other, "moussa", page.answer, {"type": Ids.ANSWER, "of": ident}, {"same": "yes", "words": ""})
    pressed(scene, "chaima", page.answer, {"type": Ids.ANSWER, "of": ident}, {"same": "yes", "words": ""})
    assert "One person, agreed" in shown(scene, "chaima", show=ident)


def test_each_sees_the_list_of_the_own_claims(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)

    def rows(name: str) -> int:
        with at_desk(scene, name, NOON):
            [grid] = found_in(page.layout(str(scene.operation)), "AgGrid")
        return len(grid.rowData)

    assert {name: rows(name) for name in ("dov", "ana", "otto", "chaima")} == {
        "dov": 1,
        "ana": 1,
        "otto": 0,
        "chaima": 0,
    }
    let_out(scene)
    assert rows("otto") == 1
    opened(scene, claim)
    assert (rows("chaima"), rows("moussa")) == (1, 1)


def test_a_tile_tells_what_is_under_review_and_a_role_elsewhere(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim, role="requesting")
    assert "± 1 under review" in arrests(scene, "ana")


def test_a_tile_of_a_country_tells_in_which_role_it_has_a_part(scene: Running) -> None:
    settled(scene)
    assert "and 1 in another role. Requesting: asked for the person" in arrests(scene, "chaima", "NER")


def arrests(scene: Running, name: str, country: str | None = None) -> tuple[str, ...]:
    with at_desk(scene, name, NOON), scene.store.reading(scene[name]) as session:
        frame = BoardFrame(scene.operation, "Africa/Niamey", scene[name].clearance, level=Level.V1, country=country)
        board = read_board(session, frame, scene[name])
        return tile(board.figures[Kpi.ARRESTS], board, "en").notes


def test_of_operations_that_share_no_analyst_each_page_tells_its_own_part_and_takes_its_word(scene: Running) -> None:
    other, _first, _second = apart(scene)
    claim = found_by_muster(scene)
    said = shown(scene, "dov")
    for words in ("Claim P1: One person in two operations", "Niamey", "no analyst works for both", "Not said yet"):
        assert words in said
    for words in ("Bamako", "Mali", "Let its countries be asked"):
        assert (words in said) is (words == "Let its countries be asked")
    assert "Close it" not in said
    assert "Claim P1" not in shown(scene, "ana")
    button = {"type": "claim-pointer-step", "of": str(claim.id), "to": P.REFUSED.value}
    beside = {"type": "claim-pointer-why", "of": str(claim.id), "to": {P.REFUSED.value: "Of a source."}}
    pressed(scene, "dov", page.say, button, beside=beside)
    said = shown(scene, "dov")
    for words in ("Not asked", "Of a source.", "Dov Lindqvist", "Suspect it again"):
        assert words in said
    assert "Claim P1" not in shown(other, "dov")
    pressed(
        scene, "dov", page.say, button | {"to": P.TOLD.value}, beside=beside | {"to": {P.TOLD.value: "It is safe."}}
    )
    for each in (scene, other):
        pressed(each, "dov", page.say, button | {"to": P.LET.value}, beside=beside | {"to": {}})
    assert "With the countries" in shown(scene, "chaima", show=str(claim.id))


def test_a_claim_says_that_one_of_the_same_lines_was_dismissed_before_and_why(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    taken(scene, claim, S.DISMISSED, "dov", "Two men.")
    assert "Suspect it again" in shown(scene, "dov", show=str(claim.id))
    assert "Open it again" in shown(scene, "ana", show=str(claim.id))
    send(scene, form(scene, "Bamako", lines=[arrest(**ON_NOTICE)]), "mateo")
    fresh, *_more = suspected(scene)
    said = shown(scene, "dov", show=str(fresh.id))
    for words in ("Looked at before", "Claim 1: No claim", "Two men."):
        assert words in said


def test_who_settles_chooses_which_line_leads_beside_the_lines(scene: Running) -> None:
    for after, people, by in ((0, 14, "bruno"), (50, 12, "binta")):
        event(scene, START + timedelta(hours=2, minutes=after), people, by=by)
    [claim] = suspected(scene)
    look, send = ({"type": each, "of": str(claim.id)} for each in (Ids.COMPARE, Ids.CHOOSE))
    assert "Where another line leads" not in texts(pressed(scene, "dov", page.compare, look)["shown"][0])
    opened(scene, claim)
    for name, offered in (("dov", True), ("ana", True), ("chaima", False)):
        said = texts(pressed(scene, name, page.compare, look)["shown"][0])
        assert ("Where another line leads" in said) is offered, name
    code = f"count_of={claims.key_of(lines(scene, claim.id)[1])}"
    pressed(scene, "dov", page.choose, send, {"leads": [code]})
    for name in ("dov", "chaima"):
        assert "Where another line leads Count: line 2" in shown(scene, name, show=str(claim.id))
    pressed(scene, "dov", page.choose, send, {"leads": []})
    assert "Count: line 2" not in shown(scene, "dov", show=str(claim.id))


def test_a_claim_that_was_opened_once_asks_nobody_anew(scene: Running) -> None:
    """By a clock that goes on while it is opened."""
    two_countries(scene)
    [claim] = suspected(scene)
    draft = claims.suggested(lines(scene, claim.id))
    with scene.store.unit_of_work(scene["dov"]) as session:
        claims.open_claim(session, claim.id, draft, scene["dov"])
    assert "Its countries answer anew." not in shown(scene, "dov", show=str(claim.id))


def test_the_files_of_one_case_are_spoken_of_as_such(scene: Running) -> None:
    of_case = line_of("investigation", count=1, reach="transnational", case_ref="EJ-2026/0123")
    for site, by in (("Niamey", "bruno"), ("Bamako", "mateo")):
        send(scene, form(scene, site, lines=[of_case | {"id": str(uuid4())}]), by)
    [claim] = suspected(scene)
    said = shown(scene, "dov", show=str(claim.id))
    for words in (
        "One case, several files",
        "the same reference of the case",
        "Leads the case",
        "They are several cases",
    ):
        assert words in said
    assert ("EJ-2026/0123" in said, "Requesting" in said, "event" in said.replace("it happened", "")) == (False,) * 3
    opened(scene, claim)
    drawn = pressed(scene, "chaima", page.compare, {"type": Ids.COMPARE, "of": str(claim.id)})
    assert "Reference of the case EJ-2026/0123 EJ-2026/0123" in texts(drawn["shown"][0])
    for name in ("chaima", "moussa"):
        answered(scene, claim, name)
    said = shown(scene, "moussa", show=str(claim.id))
    assert ("One case, agreed" in said, "event" in said) == (True, False)


def test_a_country_that_is_asked_again_reads_why_and_that_its_answer_is_over(scene: Running) -> None:
    for by in ("bruno", "binta"):
        send(scene, form(scene, lines=[arrest(2 + (by == "binta"), **ON_NOTICE)]), by)
    send(scene, form(scene, "Bamako", lines=[arrest(2, **ON_NOTICE)]), "mateo")
    [claim] = suspected(scene)
    places = [each.country for each in lines(scene, claim.id)]
    claim = opened(scene, claim, places.index("NER"))
    answered(scene, claim, "chaima")
    again = "What your country said no longer counts"
    assert again not in shown(scene, "chaima", show=str(claim.id))
    [other] = [each for each in lines(scene, claim.id)[1:] if each.country == "NER"]
    press = {"type": Ids.CHOOSE, "of": str(claim.id)}
    pressed(scene, "dov", page.choose, press, {"leads": [f"count_of={claims.key_of(other)}"]}, at=NOON + HOUR)
    said = shown(scene, "chaima", show=str(claim.id))
    assert again in said
    assert said.index("Its countries answer anew.") < said.index("They are one: Niger"), "the newest is said first"
    assert again not in shown(scene, "moussa", show=str(claim.id)), "Mali has not answered yet"
    answered(scene, claim, "chaima", at=NOON + 2 * HOUR)
    assert again not in shown(scene, "chaima", show=str(claim.id))
