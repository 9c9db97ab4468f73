"""The people page as functions: who sees whom, what a press does, and what is refused."""

import base64
import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from dash import no_update
from sqlmodel import col, select

from dashboard.screens.people import acts, files, page, people_book
from dashboard.screens.people.ids import Ids
from dashboard.server import identity_provider, mail
from dashboard.settings import Settings
from dashboard.wording import in_language
from operations.core import bulk_invitations, invitations
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Account, Actor, System
from operations.policing.operation import membership
from operations.policing.reports import reports
from tests import turns
from tests.dashboard.conftest import Site
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.dashboard.test_mail import Server, serving, settings
from tests.makers import Running, form, send
from tests.people import actor

BATCH = "0192f1c0-0000-7000-8000-0000000000aa"
TYPED = {
    "name": "Aisha Seydou",
    "role": "national_officer",
    "country": "NER",
    "unit": "",
    "language": "en",
    "clearance": "for_official_use",
    "last_day": None,
    "username": "",
    "reason": "",
    "emergency": False,
}


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


@pytest.fixture(autouse=True)
def origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "address", lambda link: f"https://muster.example/invitation#{link.secret}")


def chosen(name: str) -> list[dict[str, str]]:
    return [{"id": str(actor(name).account_id)}]


def account(scene: Running, name: str) -> Account:
    with scene.store.reading(System()) as session:
        return session.get_one(Account, actor(name).account_id)


@pytest.mark.parametrize(("name", "seen"), [("ada", 13), ("chaima", 4), ("moussa", 3)])
def test_administrators_see_all_people_and_coordinators_those_of_their_country(
    scene: Running, name: str, seen: int
) -> None:
    with at_desk(scene, name):
        drawn = page.layout()
    [grid] = found_in(drawn, "AgGrid")
    assert len(grid.rowData) == seen
    assert {row["state"] for row in grid.rowData} == {"Active"}


@pytest.mark.parametrize("name", ["bruno", "boubacar", "ana", "dov", "lena", "otto"])
def test_nobody_else_sees_or_does_anything_here(scene: Running, name: str) -> None:
    with at_desk(scene, name), pytest.raises(NotPermitted):
        page.layout()
    with at_desk(scene, name), pytest.raises(NotPermitted):
        press(acts.invite, Ids.INVITE, typed=TYPED, client=new_id())


def test_a_link_that_names_a_role_opens_the_form_with_it_where_it_may_be_given(scene: Running) -> None:
    for who, role, begins in (
        ("chaima", "team_leader", (True, "team_leader")),
        ("chaima", "leadership", (False, "national_officer")),
        ("chaima", "", (False, "national_officer")),
    ):
        with at_desk(scene, who):
            shown = page.layout(role=role)
        fold = found_in(shown, "Details")[0]
        [field] = [each for each in found_in(fold, "Select") if each.id == "people-invite-role"]
        assert (bool(getattr(fold, "open", False)), field.value) == begins


def test_a_link_is_shown_once_and_in_no_list(scene: Running) -> None:
    with at_desk(scene, "ada"):
        made = press(acts.invite, Ids.INVITE, typed=TYPED, client=new_id())
        secret = texts(made["shown"][0]).partition("#")[2].split()[0]
        assert len(secret) == 43
        assert secret not in str(page.layout())


def test_a_person_s_panel_says_what_can_be_done_and_one_s_own_says_who_else_does_it(scene: Running) -> None:
    def panel(by: str, name: str) -> Any:
        with at_desk(scene, by), scene.store.reading(scene[by]) as session:
            return page.panel_of(session, scene[by], chosen=chosen(name), turn=None)

    words = texts(panel("ada", "bruno"))
    assert all(each in words for each in ("Bruno Issoufou", "New link", "Sign out everywhere", "Close the account"))
    own = texts(panel("ada", "ada"))
    assert ("somebody else changes it" in own, "New link" in own) == (True, False)
    assert "Nobody chosen" in texts(panel("chaima", "mateo"))


def test_a_closed_account_keeps_its_reason_and_is_opened_again(scene: Running) -> None:
    of, beside = str(actor("bruno").account_id), {"type": Ids.WHY}
    with at_desk(scene, "chaima"):
        button = {"type": Ids.ACT, "act": "close", "of": of}
        with pytest.raises(RuleBroken, match="Give the reason"):
            press(acts.act, button, beside={**beside, "of": {of: ""}})
        press(acts.act, button, beside={**beside, "of": {of: "Left the service."}})
        assert account(scene, "bruno").disabled_at is not None
        with scene.store.reading(scene["chaima"]) as session:
            words = texts(page.panel_of(session, scene["chaima"], chosen=chosen("bruno"), turn=None))
        assert "Left the service." in words
        assert "Closed" in words
        press(acts.act, {"type": Ids.ACT, "act": "reopen", "of": of}, beside={**beside, "of": {of: ""}})
        assert account(scene, "bruno").disabled_at is None
        for act, whose in (("frobnicate", of), ("close", str(actor("mateo").account_id))):
            with pytest.raises(NotFound):
                press(acts.act, {"type": Ids.ACT, "act": act, "of": whose}, beside={**beside, "of": {whose: "x"}})


def test_an_identity_is_bound_and_taken_away_on_the_page_where_there_is_a_provider(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = str(actor("bruno").account_id)
    bind, beside = {"type": Ids.BIND, "of": of}, {"type": Ids.SUBJECT, "of": {of: "bruno@id"}}

    def shown() -> str:
        with scene.store.reading(scene["chaima"]) as session:
            return texts(page.panel_of(session, scene["chaima"], chosen=chosen("bruno"), turn=None))

    with at_desk(scene, "chaima"):
        assert "Sign-in at" not in shown()
        with pytest.raises(NotFound):
            press(acts.bind, bind, beside=beside)
        monkeypatch.setattr(identity_provider, "known", lambda: ("https://id.example", "Police ID"))
        assert "Sign-in at Police ID" in shown()
        press(acts.bind, bind, beside=beside)
        assert "bruno@id" in shown()
        assert "Take the identity away" in shown()
        press(acts.act, {"type": Ids.ACT, "act": "unbind", "of": of}, beside={"type": Ids.WHY, "of": {of: ""}})
        assert "bruno@id" not in shown()


def test_of_two_who_change_an_account_the_second_meets_both_versions_and_keeps_what_was_typed(scene: Running) -> None:
    bruno = account(scene, "bruno")
    typed = {
        "role": bruno.role,
        "country": "NER",
        "unit": "Gao",
        "clearance": bruno.clearance,
        "last_day": None,
        "reason": "",
    }
    with at_desk(scene, "ada"):
        version, base, *_rest = page.fill(chosen("bruno"))["kept"]
        given: dict[str, Any] = {"of": str(bruno.id), "version": version, "base": base}
        made = press(acts.change, Ids.SAVE, typed=typed, **given)
        assert made["shown"][1] == bruno.version + 1
        with pytest.raises(Conflict, match="Choose the person again"):
            press(acts.change, Ids.SAVE, typed=typed, **{**given, "version": None})
    mine = {**typed, "unit": "Dosso", "last_day": "2027-01-31"}
    with at_desk(scene, "ada") as told:
        _turn, version, _base, both, place, *_fields = press(acts.change, Ids.SAVE, typed=mine, **given)["shown"]
        assert "Somebody changed this while you were writing" in str(told)
        assert both == {"unit": {"mine": "Dosso", "theirs": "Gao"}}
        assert "Take the other" in texts(place)
        assert account(scene, "bruno").unit == "Gao"
        press(acts.change, Ids.SAVE, typed=mine, **{**given, "version": version})
    assert account(scene, "bruno").unit == "Dosso"


def test_the_file_of_links_holds_one_for_each_and_no_cell_that_runs(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_turn = turns.noted(monkeypatch, bulk_invitations, "read")
    batch, rows = str(new_id()), "=Aisha Seydou;national_officer;NER\nOmar Idi;team_leader;NER"
    with at_desk(scene, "ada"):
        press(acts.read_rows, Ids.READ, typed={"rows": rows}, batch=batch)
        made = press(acts.send_rows, Ids.SEND, typed={"rows": rows}, batch=batch)
    assert in_turn == [False, False], "rows are read before others wait"
    file = made["shown"][2]
    found = list(csv.reader(io.StringIO(file["content"].removeprefix("\ufeff"))))
    assert [row[0] for row in found] == ["Name", "'=Aisha Seydou", "Omar Idi"]
    assert all("/invitation#" in row[4] for row in found[1:])


def test_several_people_are_confirmed_at_once_as_far_as_they_wait(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        for name in ("bruno", "binta"):
            session.get_one(Account, actor(name).account_id).handed_by = actor("chaima").account_id
    several = [*chosen("bruno"), *chosen("binta"), *chosen("boubacar")]
    with at_desk(scene, "ada"):
        with scene.store.reading(scene["ada"]) as session:
            words = texts(page.panel_of(session, scene["ada"], chosen=several, turn=None))
        assert "3 people are chosen; 2 of them wait" in words
        press(acts.confirm_all, Ids.CONFIRM_ALL, chosen=several, these=None)
    assert account(scene, "bruno").vouched_by == account(scene, "binta").vouched_by == actor("ada").account_id
    assert account(scene, "boubacar").vouched_by is None


def test_those_who_wait_are_named_before_anybody_is_chosen_and_they_alone_are_confirmed(scene: Running) -> None:
    def handed(*names: str) -> None:
        with scene.store.unit_of_work(System()) as session:
            for name in names:
                session.get_one(Account, actor(name).account_id).handed_by = actor("chaima").account_id

    handed("bruno", "binta")
    with at_desk(scene, "ada"):
        with scene.store.reading(scene["ada"]) as session:
            shown = page.panel_of(session, scene["ada"], chosen=[], turn=None)
        assert "Bruno Issoufou" in texts(shown)
        [these] = [each.data for each in found_in(shown, "Store")]
        handed("boubacar")  # meanwhile: nobody has read that name
        press(acts.confirm_all, Ids.CONFIRM_ALL, chosen=[], these=these)
    assert account(scene, "bruno").vouched_by == account(scene, "binta").vouched_by == actor("ada").account_id
    assert account(scene, "boubacar").vouched_by is None


def test_the_country_s_act_needs_a_country_and_a_reason(scene: Running) -> None:
    with at_desk(scene, "ada"):
        with pytest.raises(RuleBroken) as refused:
            press(acts.end_country, Ids.SIGN_OUT_COUNTRY, typed={"country": None, "reason": "x"})
        assert refused.value.flaws[0].field == "country"
        press(acts.end_country, Ids.CLOSE_COUNTRY, typed={"country": "NER", "reason": "The operation is over."})
    assert account(scene, "bruno").disabled_at is not None
    assert account(scene, "mateo").disabled_at is None


def test_the_form_of_a_change_is_for_one_account_that_is_open_and_not_one_s_own(scene: Running) -> None:
    with at_desk(scene, "ada"):
        filled = page.fill(chosen("bruno"))
        assert (filled["hidden"], filled["values"]["role"], filled["kept"][0]) == (False, "national_officer", 1)
        for rows in ([], chosen("ada"), [*chosen("bruno"), *chosen("binta")]):
            assert page.fill(rows)["hidden"] is True


def workbook(*rows: Sequence[Any]) -> bytes:
    file, made = io.BytesIO(), openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    made.save(file)
    return file.getvalue()


def test_a_workbook_comes_below_the_pasted_rows_and_each_row_says_what_is_wrong(scene: Running) -> None:
    sent = workbook(
        ("Name", "Role", "Country", "Unit", None, None, None, None, None),
        ("Hadiza Sani", "national_officer", "NER", 'Airport "one"'),
        (None,),
        ("Ousmane Ba", "general", "NER"),
    )
    with at_desk(scene, "ada"):
        read = files.read("staff.xlsx", io.BytesIO(sent))["read"]
        text, said, found = page.take_workbook(read, "Omar Idi;team_leader;NER", str(new_id()))
        assert "staff.xlsx" in texts(said)
        words = texts(found)
    assert text.splitlines()[0] == "Omar Idi;team_leader;NER"
    assert "Hadiza Sani" in words
    assert 'Airport "one"' in words
    assert "1 of 3 rows have a flaw" in words
    assert text.splitlines()[4].startswith("Ousmane Ba")  # where it stood, below the row that was pasted


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_form_has_lists_and_what_is_wrong_and_comes_back_as_it_was_filled_in(scene: Running, language: str) -> None:
    with at_desk(scene, "ada"), in_language(language):
        file = people_book.take_form(1, "Hadiza Sani;national_officer;NER;;;;2027-01-31\nOusmane Ba;general;NER", BATCH)
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(file["content"])))
        sheet = book.worksheets[2]
        assert {str(each.sqref).split(":")[0][0] for each in sheet.data_validations.dataValidation} >= set("BCEFG")
        assert [sheet["A3"].value, sheet["A4"].value] == ["Hadiza Sani", "Ousmane Ba"]
        assert sheet["B3"].value in [cell.value for cell in book["lists"]["A"]], "the word of its code"
        assert not sheet["J3"].value
        assert sheet["J4"].value
        sheet["B4"].value = book["lists"]["A1"].value
        filled = io.BytesIO()
        book.save(filled)
        filled.seek(0)
        text, _said, found = page.take_workbook(files.read("people.xlsx", filled)["read"], "", BATCH)
        assert "Ousmane Ba" in texts(found)
        with scene.store.reading(actor("ada")) as session:
            rows = bulk_invitations.read(session, text, UUID(BATCH), actor("ada"))
    assert [(row.number, row.flaws) for row in rows] == [(3, ()), (4, ())]
    assert rows[0].draft is not None
    assert rows[0].draft.last_day == date(2027, 1, 31)


def test_a_file_that_is_no_table_or_too_long_is_refused_in_words_and_what_was_typed_stays(scene: Running) -> None:
    with at_desk(scene, "ada"):
        assert "archive" in files.read("a.xlsx", io.BytesIO(b"PK\x03\x04 of nothing"))["error"]
        long = "\n".join(f"Person {n};national_officer;NER" for n in range(502)).encode()
        assert "500 rows" in files.read("a.csv", io.BytesIO(long))["error"]
        assert page.take_workbook(None, "typed", str(new_id())) == (no_update,) * 3
        text, _said, found = page.take_workbook({"name": "b", "rows": "A;B\n" * 400}, "A;B\n" * 200, str(new_id()))
        assert "500 rows" in texts(found)
        assert text.count("A;B") == 600


def test_only_who_keeps_accounts_sends_a_workbook(site: Site) -> None:
    sent = workbook(("Hadiza Sani", "national_officer", "NER"))
    for role, country, status in (
        ("administrator", None, 200),
        ("national_coordinator", "NER", 200),
        ("ocu_analyst", None, 404),
    ):
        account = site.account(role=role, country=country)
        visitor = site.signed_in(account)
        assert visitor.post(files.ADDRESS + "?name=a.xlsx", content=sent).status_code == status, role


# ------------------------------------------------------------------------------------------------------ bad input


def test_the_last_administrator_does_not_close_the_own_account_and_is_told_what_to_do_first(scene: Running) -> None:
    button = {"type": Ids.ACT, "act": "close", "of": str(actor("ada").account_id)}
    with at_desk(scene, "ada"), pytest.raises(RuleBroken, match="invite another administrator first"):
        press(acts.act, button, beside={"type": Ids.WHY, "of": {button["of"]: "I leave."}})
    assert account(scene, "ada").disabled_at is None


def test_a_paste_with_doubled_names_names_both_rows_and_invites_nobody_until_it_is_put_right(scene: Running) -> None:
    batch, rows = (
        str(new_id()),
        "Omar Idi;team_leader;NER\nAisha Seydou;national_officer;NER\nomar  IDI;team_leader;MLI",
    )
    with at_desk(scene, "ada"):
        words = texts(press(acts.read_rows, Ids.READ, typed={"rows": rows}, batch=batch)["shown"])
        assert "This name stands in row 3 as well" in words
        assert "This name stands in row 1 as well" in words
        assert "2 of 3 rows have a flaw" in words
        with pytest.raises(RuleBroken, match="Row 1 has an error"):
            press(acts.send_rows, Ids.SEND, typed={"rows": rows}, batch=batch)
        right = rows.replace("MLI", "MLI;;;;;omar.idi.two")
        with pytest.raises(RuleBroken, match="Row 1 has an error"):
            press(acts.send_rows, Ids.SEND, typed={"rows": right}, batch=batch)
        right = right.replace("leader;NER", "leader;NER;;;;;omar.idi")
        press(acts.send_rows, Ids.SEND, typed={"rows": right}, batch=batch)
    with scene.store.reading(System()) as session:
        names = session.exec(select(Account.username).where(col(Account.username).like("omar.idi%"))).all()
    assert sorted(names) == ["omar.idi", "omar.idi.two"]


@pytest.mark.parametrize("field", ["invite", "change"])
def test_a_mandate_that_ends_before_it_begins_is_refused_beside_its_field(scene: Running, field: str) -> None:
    said = {"role": "national_officer", "country": "NER", "unit": "", "clearance": "confidential", "reason": ""}
    of, seen, over = str(actor("bruno").account_id), account(scene, "bruno").version, {"last_day": "2020-01-01"}
    presses = {
        "invite": lambda: press(acts.invite, Ids.INVITE, typed=TYPED | over, client=new_id()),
        "change": lambda: press(acts.change, Ids.SAVE, typed=said | over, of=of, version=seen),
    }
    with at_desk(scene, "ada"), pytest.raises(RuleBroken) as refused:
        presses[field]()
    assert [flaw.field for flaw in refused.value.flaws] == ["last_day"]
    assert account(scene, "bruno").expires_at is None


def test_who_is_closed_while_writing_is_told_keeps_what_was_sent_and_sends_the_same_form_when_open_again(
    scene: Running,
) -> None:
    sent, writing = form(scene), form(scene, site="Agadez")
    kept = send(scene, sent)
    button = {"type": Ids.ACT, "act": "close", "of": str(actor("bruno").account_id)}
    with at_desk(scene, "ada"):
        press(acts.act, button, beside={"type": Ids.WHY, "of": {button["of"]: "Moved to Dosso."}})

    def bruno() -> Actor | None:
        with scene.store.reading(System()) as session:
            return membership.actor(session, session.get_one(Account, actor("bruno").account_id))

    assert bruno() is None
    with at_desk(scene, "ada"):
        press(acts.act, {**button, "act": "reopen"}, beside={"type": Ids.WHY, "of": {button["of"]: ""}})
    assert bruno() is not None
    send(scene, writing)
    with scene.store.reading(scene["chaima"]) as session:
        found = {each.id for each in reports.newest(session, scene.operation)}
    assert found == {kept.id, UUID(str(writing["id"]))}


# ---------------------------------------------------------------------------------------------------- links by mail


@pytest.fixture
def post() -> Iterator[Server]:
    """A mail server on loopback that this process sends links through."""
    with serving() as (server, port):
        mail.serve(settings(port))
        yield server
        mail.serve(Settings())


def secret_in(text: str) -> str:
    found = re.search(r"invitation#(\S+)", text)
    assert found, text
    return found.group(1)


def test_a_link_goes_by_mail_works_and_is_neither_shown_nor_stored_nor_logged(
    scene: Running, post: Server, caplog: pytest.LogCaptureFixture
) -> None:
    typed = TYPED | {"mail": "aisha@police.example", "language": "fr"}
    with at_desk(scene, "ada") as said, caplog.at_level("DEBUG"):
        shown = press(acts.invite, Ids.INVITE, typed=typed, client=new_id())
        assert shown["shown"][0] == []
        assert "sent by mail" in str(said)
    [letter] = post.mails
    assert letter["To"] == "aisha@police.example"
    assert letter["Content-Language"] == "fr"
    secret = secret_in(letter.get_content())
    assert "Aisha" not in letter.as_string()
    with scene.store.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        everything = "\n".join(raw.iterdump())
    everything += "\n".join(each.getMessage() for each in caplog.records if each.name != "mail.log")  # the server's own
    assert secret not in everything
    assert "aisha@police.example" not in everything
    with at_desk(scene, "ada"):
        assert invitations.accept(scene.store, secret, "harbour, quick tide 5", "fr").username == "aisha.seydou"


def test_a_mail_that_does_not_leave_shows_the_link_as_without_mail(scene: Running, post: Server) -> None:
    with at_desk(scene, "ada") as said:
        shown = press(acts.invite, Ids.INVITE, typed=TYPED | {"mail": "nobody@police.example"}, client=new_id())
        assert "hand the link over yourself" in str(said)
    assert secret_in(texts(shown["shown"][0]))
    assert post.mails == []


def test_of_many_those_with_an_address_are_sent_their_link_and_the_file_holds_the_others(
    scene: Running, post: Server
) -> None:
    rows = (
        "Aisha Seydou;national_officer;NER;;;;;;aisha@police.example\nOmar Idi;team_leader;NER\n"
        "Zara Moussa;team_leader;NER;;;;;;nobody@police.example"
    )
    with at_desk(scene, "ada") as said:
        shown = press(acts.send_rows, Ids.SEND, typed={"rows": rows}, batch=str(new_id()))["shown"]
        assert "1 link was sent by mail" in str(said)
        assert "could not be sent: 1" in str(said)
    assert [each["To"] for each in post.mails] == ["aisha@police.example"]
    names = [line[0] for line in csv.reader(io.StringIO(shown[2]["content"].removeprefix("\ufeff")))][1:]
    assert names == ["Omar Idi", "Zara Moussa"]


@pytest.mark.requirement("ASVS 1.3.11")
def test_what_is_no_address_is_said_beside_its_field_and_without_a_server_no_field_asks_for_one(
    scene: Running, post: Server
) -> None:
    with at_desk(scene, "ada"), pytest.raises(RuleBroken, match="not a mail address"):
        press(acts.invite, Ids.INVITE, typed=TYPED | {"mail": "aisha at police"}, client=new_id())

    def hidden() -> bool:
        with at_desk(scene, "ada"):
            boxes = [each for each in found_in(page.layout(), "Div") if "people-invite-mail" in str(each.children)]
        return any(getattr(each, "hidden", False) for each in boxes)

    assert not hidden()
    mail.serve(Settings())
    assert hidden()
