"""Two countries deconflict in two browsers with one phrase: both are told to talk, and nothing of it leaves a browser."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Request, expect

from operations.core import clock
from operations.core.people import Account, System
from operations.exchange import deconfliction
from scenarios.deconfliction_tags import check, key, normal, plain, tag
from tests.browser.conftest import Open, Server
from tests.deconfliction_rooms import PHRASE, third
from tests.programme import reads

VALUES = [
    "Agadez > Sébha",
    "agadez -> SEBHA ",
    "A-1234/05-2023",
    "a 1234 5 2023",
    "٣٤ ب",
    "أكادير ← إنزكان",
    "Straße 7",
    "ﬁn ½",
    "İstanbul",
    "Ouagadougou–Pô",
    "०७ नगर",
    "ߡߊߟߌ ߁",
    "1 000 000",
    "007",
    "Ｆｕｌｌ　１２",
    "x",
    "Ǆ ŉ ΐ",
    "مـــالي",
]


def sent_by(page: Page) -> list[str]:
    """Everything that a page sends from now on: addresses and bodies."""
    said: list[str] = []

    def note(request: Request) -> None:
        said.append(request.url + (request.post_data or ""))

    page.on("request", note)
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: said.append(str(frame))))
    return said


def type_in(page: Page, phrase: str, *values: str) -> None:
    page.get_by_label("Phrase of the room").fill(phrase)
    page.get_by_label("Office to talk to").fill("Smuggling desk of the NCB")
    page.get_by_label("Values, one a line").fill("\n".join(values))
    page.get_by_role("button", name="Enter", exact=True).click()


@pytest.mark.requirement("R77")
def test_two_browsers_one_phrase_and_a_match_for_both(server: Server, browser_page: Open) -> None:
    third(server.scene)
    with server.scene.store.unit_of_work(System()) as session:
        like, other = (session.get_one(Account, server.scene[name].account_id) for name in ("chaima", "tariq"))
        other.password_hash = like.password_hash
    niger = browser_page("chaima", "/deconfliction")
    sent = sent_by(niger)
    script = {each: niger.evaluate("(each) => window.muster_deconfliction.normal(each)", each) for each in VALUES}
    assert script == {each: normal(each) for each in VALUES}
    niger.get_by_text("Open a room").click()
    niger.get_by_role("button", name="Make a phrase").click()
    expect(niger.get_by_label("Phrase", exact=True)).not_to_be_empty()
    phrase = niger.get_by_label("Phrase", exact=True).input_value()
    assert len(plain(phrase)) == 25
    niger.get_by_label("Name").fill("Central route")
    niger.get_by_role("textbox", name="Countries that know the phrase").fill("Mali")
    niger.get_by_role("option", name="Mali", exact=True).click()
    until = clock.now() + timedelta(days=30)
    niger.get_by_role("textbox", name="Countries that know the phrase").fill("Chad")
    niger.get_by_role("option", name="Chad", exact=True).click()
    niger.get_by_label("Open until").fill(f"{until.day} {until:%b} {until.year}")
    niger.get_by_label("Name").click()
    niger.get_by_role("button", name="Open the room").click()
    niger.wait_for_url("**/deconfliction?show=*")
    [room] = reads(server.scene, "chaima", deconfliction.rooms)
    made = key(phrase, room.id, room.rounds)
    assert room.check_value == check(made)
    type_in(niger, phrase, "Dirkou > Toummo", "Séguédine > Dao Timmi")
    expect(niger.locator("#deconfliction-result")).to_contain_text("Séguédine > Dao Timmi")
    entries = reads(server.scene, "chaima", deconfliction.entries, room.id)
    legs = ("SEGUEDINE DAO TIMMI", "dirkou - toummo")
    assert {each.tag for each in entries} == {tag(made, "route", each, room.stretch) for each in legs}

    mali = browser_page("moussa", f"/deconfliction?show={room.id}")
    sent_too = sent_by(mali)
    type_in(mali, PHRASE, "Dirkou > Toummo")
    expect(mali.get_by_role("alert").filter(has_text="This is not the phrase of this room")).to_be_visible()
    type_in(mali, phrase.lower().replace("-", " "), "DIRKOU – TOUMMO", "Faya > Kufra")
    expect(mali.locator("#deconfliction-result")).to_contain_text("Niger: talk to each other.")
    for page, other in ((niger, "Mali"), (mali, "Niger")):
        expect(page.get_by_text(f"{other} and your country work on the same: talk to each other")).to_be_visible()
    mali.get_by_role("button", name="We spoke to each other").click()
    expect(niger.get_by_text("Spoken").first).to_be_visible()  # the open page followed

    chad = browser_page("tariq", f"/deconfliction?show={room.id}")
    expect(chad.get_by_text("No match")).to_be_visible()
    expect(chad.get_by_text("work on the same: talk")).to_have_count(0)

    said = json.dumps([*sent, *sent_too], ensure_ascii=False).casefold()
    kept = [page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])") for page in (niger, mali)]
    for secret in (phrase, plain(phrase), PHRASE, "Dirkou", "Toummo", "Faya", "guédine", "guedine", made.hex()):
        assert secret.casefold() not in said, secret
        assert secret.casefold() not in "".join(kept).casefold(), secret
