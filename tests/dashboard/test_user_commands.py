"""`muster user` does what the people page does, by the same verbs."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from dashboard.__main__ import cli
from operations.core import clock, evidence, invitations, journal, second_factor
from operations.core.journal import Entry
from operations.core.people import Account, System
from operations.core.store import open_store
from operations.timetable import signed_heads
from tests.prepared_databases import DATABASE, empty_store

PASSWORD = "quiet harbour, slow tide 4"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    empty_store(tmp_path).dispose()
    monkeypatch.setenv("MUSTER_DATABASE_URL", f"sqlite:///{tmp_path / DATABASE}")
    monkeypatch.setenv("MUSTER_PUBLIC_ORIGIN", "https://muster.example")
    return lambda *words: CliRunner().invoke(cli, list(words))


def _account(tmp_path: Path, username: str) -> Account:
    with open_store(f"sqlite:///{tmp_path / DATABASE}").reading(System()) as session:
        return session.exec(select(Account).where(Account.username == username)).one()


@pytest.mark.requirement("ASVS 6.3.2")
def test_the_first_administrators_come_from_init_by_links(run: Run, tmp_path: Path) -> None:
    said = run("init", "--administrator", "Ada Nowak", "--administrator", "Adil Benali")
    assert said.exit_code == 0, said.output
    links = dict(re.findall(r"(\S+): https://muster\.example/invitation#(\S{43})", said.output))
    assert links.keys() == {"ada.nowak", "adil.benali"}
    invitations.accept(open_store(f"sqlite:///{tmp_path / DATABASE}"), links["ada.nowak"], PASSWORD, "en")
    ada = _account(tmp_path, "ada.nowak")
    assert (ada.may_enter, ada.in_other_hands, ada.role) == (True, False, "administrator")


@pytest.mark.requirement("ASVS 7.4.5")
def test_an_account_is_invited_changed_signed_out_closed_and_opened_again(run: Run, tmp_path: Path) -> None:
    given = ("--role", "national_officer", "--country", "NER", "--last-day", "2099-12-31")
    assert run("user", "invite", "Omar Idi", *given).exit_code == 0
    for words in (
        ("link", "omar.idi"),
        ("change", "omar.idi", "--role", "team_leader", "--unit", "Gao", "--reason", "Promoted."),
        ("sign-out", "omar.idi"),
        ("close", "omar.idi", "--reason", "On leave."),
        ("reopen", "omar.idi"),
        ("end-country", "NER", "--reason", "The operation is over.", "--close"),
    ):
        said = run("user", *words)
        assert said.exit_code == 0, (words, said.output)
    omar = _account(tmp_path, "omar.idi")
    assert (omar.role, omar.unit, omar.disabled_at is None) == ("team_leader", "Gao", False)
    assert "omar.idi\tteam_leader\tNER\tclosed\tuntil 2099-12-31" in run("user", "list").output
    with open_store(f"sqlite:///{tmp_path / DATABASE}").reading(System()) as session:
        acts = session.exec(select(Entry.act).where(Entry.object_id == omar.id).order_by(Entry.seq)).all()
    assert acts == [
        "account.invite",
        "account.link",
        "account.change",
        "account.end_sessions",
        "account.disable",
        "account.reopen",
        "account.disable",
    ]


def test_what_a_rule_refuses_is_a_sentence_and_nothing_is_done(run: Run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("Omar Idi;national_officer;NER\nMusa Ba;national_officer;Atlantis\n", encoding="utf-8")
    for words, said in (
        (("invite", "Omar Idi", "--role", "national_officer"), "An officer of a country needs that country."),
        (("close", "nobody"), "There is no account called nobody."),
        (("invite-many", str(rows)), "row 2: country: Atlantis is not one of the choices"),
        (("invite", "Omar Idi", "--role", "auditor", "--last-day", "1999-01-01"), "ends after it begins"),
    ):
        refused = run("user", *words)
        assert refused.exit_code == 1
        assert said in refused.output
    assert run("user", "list").output == ""
    rows.write_text("Omar Idi;national_officer;NER\nMusa Ba;national_officer;MLI\n", encoding="utf-8")
    assert run("user", "invite-many", str(rows)).output.count("/invitation#") == 2
    refused = run("user", "confirm", "omar.idi")
    assert (refused.exit_code, "nothing left to confirm" in refused.output) == (1, True)


def test_the_keeper_removes_the_second_factor_of_who_lost_it(run: Run, tmp_path: Path) -> None:
    assert run("user", "invite", "Omar Idi", "--role", "national_officer", "--country", "NER").exit_code == 0
    refused = run("user", "factor-reset", "omar.idi")
    assert (refused.exit_code, "has no second factor" in refused.output) == (1, True)
    account = _account(tmp_path, "omar.idi")
    with open_store(f"sqlite:///{tmp_path / DATABASE}").unit_of_work(System()) as session:
        secret = second_factor.begin(session, account)
        assert second_factor.confirm(session, account.id, pyotp.TOTP(secret).at(clock.now()))
    assert run("user", "factor-reset", "omar.idi").exit_code == 0
    assert not _account(tmp_path, "omar.idi").in_other_hands, "the keeper of the server is nobody's other eyes"


@pytest.mark.requirement("R86")
def test_heads_and_archives_are_checked_by_the_key_that_was_noted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = run("evidence-key").output.strip()
    assert re.fullmatch("[0-9a-f]{64}", key)
    with open_store(f"sqlite:///{tmp_path / DATABASE}").reading(System()) as session:
        head = tmp_path / "head.json"
        head.write_bytes(signed_heads.statement(session, clock.now()))
    held = run("verify-heads", str(head), "--key", key)
    assert (held.exit_code, "1 heads hold" in held.output) == (0, True)
    head.write_bytes(head.read_bytes().replace(b'"entry": ', b'"entry": 1'))
    assert run("verify-heads", str(head), "--key", key).exit_code == 1
    file = tmp_path / "operation.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("README.txt", "read me")
    file.write_bytes(evidence.with_manifest(file.read_bytes(), at="today", head="ab"))
    monkeypatch.setenv("MUSTER_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    held = run("verify-archive", str(file), "--key", key)
    assert (held.exit_code, "1 files are as they were signed" in held.output) == (0, True), held.output
    assert run("verify-archive", str(file), "--key", "0" * 64).exit_code == 1


def test_an_extract_is_written_here_and_checked_without_the_database(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, file, head = run("evidence-key").output.strip(), tmp_path / "extract.zip", tmp_path / "head.json"
    with open_store(f"sqlite:///{tmp_path / DATABASE}").unit_of_work(System()) as session:
        journal.record(session, System(), "account.add", "account")
    assert run("extract", str(file), "--from", "2999-01-01").exit_code == 1
    assert run("extract", str(file)).exit_code == 0
    with zipfile.ZipFile(file) as made:
        head.write_bytes(made.read("head.json"))
    monkeypatch.setenv("MUSTER_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    held = run("verify-archive", str(file), "--key", key, "--head", str(head))
    assert held.exit_code == 0, held.output
    assert "entries of the chain journal, 1 to " in held.output
    assert "Between them none is missing.\nThe head is the one that you kept." in held.output
    assert run("verify-archive", str(file), "--key", "0" * 64).exit_code == 1
