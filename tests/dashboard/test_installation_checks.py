"""`muster check`: an installation that is sound passes, and each thing that is wrong is named with what to do."""

import os
import shutil
import stat
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from dashboard.server import installation_checks
from dashboard.server.installation_checks import Verdict
from dashboard.settings import Settings
from operations.core import backups, clock, encrypted_copies, schema
from operations.core.errors import RuleBroken
from operations.core.page_changes import PageChanges
from operations.core.people import Account, System
from operations.core.store import Store, open_store
from tests.makers import Running
from tests.prepared_databases import Shelf
from tests.storages import PostgresServer

pytestmark = pytest.mark.both_storages
PUBLIC = {"host": "0.0.0.0", "public_origin": "https://muster.example", "trusted_proxies": "192.0.2.9"}  # noqa: S104


KEYS_OF_ROOT = [
    (0o640, 1, 0, False),
    (0o640, 1, 1, True),
    (0o640, 0, 0, True),
    (0o660, 1, 0, True),
    (0o644, 1, 0, True),
    (0o600, 0, 0, False),
]
"""Mode, whether another owns it, whether it has another group, and whether that is too much."""


@pytest.fixture
def sound(scene: Running, tmp_path: Path) -> Iterator[tuple[Settings, Store]]:
    """An installation with nothing wrong: its data in folders of its own, a copy of this minute."""
    for name in ("data", "copies"):
        (tmp_path / name).mkdir(mode=0o700)
    settings = Settings(data_dir=tmp_path / "data", backup_dir=tmp_path / "copies", smtp_host="mail.example", **PUBLIC)
    with clock.at(clock.now()):
        backups.copy(scene.store, settings.backups, clock.now())
        yield settings, scene.store


def said(settings: Settings, store: Store, subject: str = "") -> list[str]:
    """What is wrong, of one subject or of all."""
    return [
        finding.words
        for finding in installation_checks.run(settings, store)
        if finding.verdict is Verdict.WRONG and subject in ("", finding.subject)
    ]


def changed(settings: Settings, **given: object) -> Settings:
    return settings.model_copy(update=given)


def test_a_sound_installation_has_nothing_wrong(sound: tuple[Settings, Store]) -> None:
    assert said(*sound) == []


@pytest.mark.parametrize(
    ("given", "subject", "why"),
    [
        ({"public_origin": ""}, "settings", "MUSTER_PUBLIC_ORIGIN, and MUSTER_TRUSTED_PROXIES"),
        ({"public_origin": "http://muster.example"}, "settings", "Passwords travel in the open"),
        ({"secure_cookies": False}, "settings", "Cookies are sent in the open"),
        ({"smtp_security": "none"}, "settings", "Mail travels in the open"),
        ({"trusted_proxies": "*"}, "proxy", "believes everybody's X-Forwarded-For"),
        ({"trusted_proxies": "192.0.2.9,0.0.0.0/0"}, "proxy", "believes everybody's X-Forwarded-For"),
        ({"trusted_proxies": "proxy.example"}, "proxy", "is no address"),
        ({"trusted_proxies": "none"}, "proxy", "speaks no TLS itself"),
        ({"demo": True}, "demo data", "MUSTER_DEMO is set"),
    ],
)
def test_settings_that_do_not_fit_are_named(
    given: dict[str, object], subject: str, why: str, sound: tuple[Settings, Store]
) -> None:
    settings, store = sound
    [told] = said(changed(settings, **given), store, subject)
    assert why in told


@pytest.mark.requirement("ASVS 12.3.1", "ASVS 12.3.2")
@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("db.example/muster", "may travel in the open"),
        ("db.example/muster?sslmode=prefer", "may travel in the open"),
        ("192.0.2.7/muster?sslmode=require", "Nobody asks whether"),
        ("db.example/muster?sslmode=verify-full", ""),
        ("127.0.0.1/muster", ""),
        ("/muster?host=/run/postgresql", ""),
        ("/muster?host=db.example", "may travel in the open"),
    ],
)
def test_a_database_beyond_this_machine_is_reached_by_tls(address: str, word: str, monkeypatch) -> None:
    monkeypatch.delenv("PGSSLMODE", raising=False)
    store = open_store(f"postgresql+psycopg://muster:x@{address}")
    told = [words for verdict, words in installation_checks.database_link(Settings(), store) if verdict]
    assert [word in each for each in told] == ([True] if word else [])
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert bool(list(installation_checks.database_link(Settings(), store))) == ("sslmode=" in address and bool(word))
    store.dispose()


def test_a_setting_that_nobody_knows_is_warned_of(sound: tuple[Settings, Store], monkeypatch) -> None:
    monkeypatch.setenv("MUSTER_PUBLIC_ORIGN", "https://muster.example")
    assert any("MUSTER_PUBLIC_ORIGN is no setting" in str(each) for each in installation_checks.run(*sound))


@pytest.mark.requirement("ASVS 16.2.2")
def test_a_clock_behind_the_journal_or_the_database_is_named(sound: tuple[Settings, Store]) -> None:
    settings, store = sound
    with clock.at(clock.now() - timedelta(days=4000)):
        told = said(settings, store, "clock")
    assert any("The newest entry of the journal is of" in each for each in told)
    assert any("differs from the database's" in each for each in told) is (store.engine.dialect.name == "postgresql")


def test_no_key_and_another_than_the_one_of_the_journal_are_named(sound: tuple[Settings, Store]) -> None:
    settings, store = sound
    [none] = said(changed(settings, key=SecretStr("")), store, "key")
    assert "There is none: nobody can sign in, and nothing is entered" in none
    [other] = said(changed(settings, key=SecretStr("o" * 32)), store, "key")
    assert "Another key seals the journal" in other
    [short] = said(changed(settings, old_keys=SecretStr("short")), store, "key")
    assert "too short" in short


def test_a_full_disk_is_named(sound: tuple[Settings, Store], monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(1, 1, 1000))
    assert all("1,000 bytes free" in each for each in said(*sound, "disk"))
    assert said(*sound, "disk")


def test_copies_that_are_missing_or_old_are_named(sound: tuple[Settings, Store]) -> None:
    settings, store = sound
    with clock.at(clock.now() + timedelta(hours=2)):
        [old] = said(settings, store, "copies")
    assert "The newest is 2:00:0" in old
    for copy in backups.copies(settings.backups):
        copy.unlink()
    [none] = said(settings, store, "copies")
    assert "There is none" in none


def test_who_opens_copies_alone_and_what_no_longer_leads_to_a_moment_is_named(
    sound: tuple[Settings, Store], tmp_path: Path
) -> None:
    settings, store = sound
    one, two = (encrypted_copies.make_key(tmp_path / name) for name in ("one", "two"))

    def told(**given: object) -> list[str]:
        asked = changed(settings, **given)
        return [each.words for each in installation_checks.run(asked, store) if each.subject == "copies"]

    assert "One person alone opens" in " ".join(told(backup_recipients=one))
    assert "One person alone opens" not in " ".join(told(backup_recipients=one, backup_second_recipients=two))
    with pytest.raises(ValueError, match="are other keys than those of"):
        Settings(backup_recipients=one, backup_second_recipients=f"{two},{one}")
    settings.archive.mkdir()
    if store.engine.dialect.name == "sqlite":
        backups.note_changes(store, settings.backups, PageChanges(settings.archive))
    else:
        assert "There is no base copy" in " ".join(told())
        (settings.archive / f"base-{clock.now():%Y%m%dT%H%M%SZ}-{'0' * 24}.tar.gz").touch()
        (settings.archive / f"{'0' * 24}-{'a' * 16}.gz").touch()
    assert said(settings, store, "copies") == []
    with clock.at(clock.now() + timedelta(days=3)):
        late = said(settings, store, "copies")
    assert "What changed is kept until" in " ".join(late)
    assert store.engine.dialect.name == "sqlite" or "The newest base copy is of" in " ".join(late)


@pytest.mark.requirement("ASVS 15.2.3", "ASVS 6.3.2", "R85")
def test_the_people_and_operations_of_a_demo_are_named(sound: tuple[Settings, Store]) -> None:
    settings, store = sound
    with store.unit_of_work(System()) as session:
        [account, *_rest] = session.execute(sa.select(Account)).scalars().all()
        kept = account.model_dump(exclude={"id", "username"})
        session.add_all(
            [
                Account(id=sa.Uuid().python_type(int=number), username=name, **kept)
                for number, (name, _words) in enumerate(installation_checks.WHO)
            ]
        )
        session.execute(sa.text("UPDATE operation SET invented = 'all of it'"))
    people, operations = said(settings, store, "demo data")
    assert "coordinator.mex" in people
    assert "operations are invented" in operations
    assert said(changed(settings, host="127.0.0.1", public_origin=""), store, "demo data") == []


@pytest.mark.requirement("ASVS 13.3.2")
def test_what_others_can_read_is_named(sound: tuple[Settings, Store], tmp_path: Path, monkeypatch) -> None:
    settings, store = sound
    [copy] = backups.copies(settings.backups)
    secret = tmp_path / "secret"
    secret.write_text("x")
    monkeypatch.setenv("MUSTER_SMTP_PASSWORD_FILE", str(secret))
    for path in (copy, secret):
        path.chmod(0o644)
    settings.data_dir.chmod(0o755)
    assert {each.split()[0] for each in said(settings, store, "files")} == set(
        map(str, (copy, secret, settings.data_dir))
    )
    for path in (copy, secret, settings.data_dir):
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert said(settings, store, "files") == []


@pytest.mark.parametrize(("mode", "owner", "group", "open_to_others"), KEYS_OF_ROOT)
def test_a_secret_of_root_that_the_group_of_muster_reads_is_as_it_should_be(
    mode: int, owner: int, group: int, open_to_others: bool, tmp_path: Path, monkeypatch
) -> None:
    """As the guide makes the key: whoever serves reads it, and cannot replace it."""
    secret = tmp_path / "key"
    secret.touch()
    found = [*secret.stat()[:10]]
    found[0], found[4], found[5] = stat.S_IFREG | mode, os.geteuid() + owner, os.getegid() + group
    monkeypatch.setattr(Path, "stat", lambda _path, **_how: os.stat_result(found))
    assert installation_checks.others_read(secret) is open_to_others


def test_an_empty_database_and_a_newer_one_are_named(shelf: Shelf, sound: tuple[Settings, Store]) -> None:
    settings, store = sound
    empty = shelf.bare()
    assert said(settings, empty, "schema") == ["The database is empty: run muster init."]
    empty.dispose()
    with store.unit_of_work(System()) as session:
        session.execute(sa.text("UPDATE schema_version SET number = 9999"))
    assert "newer Muster" in said(settings, store, "schema")[0]
    with store.unit_of_work(System()) as session:
        session.execute(sa.text("UPDATE schema_version SET number = 1"))


@pytest.mark.postgres
@pytest.mark.parametrize("shelf", ["postgres"], indirect=True)
class TestRole:
    """What PostgreSQL lets the role of `serve` do."""

    @pytest.mark.requirement("ASVS 13.2.1")
    def test_one_that_owns_nothing_serves_and_row_security_holds_for_it(
        self, sound: tuple[Settings, Store], postgres: PostgresServer
    ) -> None:
        settings, store = sound
        assert any("It owns the tables" in str(each) for each in installation_checks.run(settings, store))
        served = _as_another(store, postgres)
        assert not [
            str(each)
            for each in installation_checks.run(settings, served)
            if each.subject == "database role" and each.verdict is not Verdict.FINE
        ]
        assert served.ready().write
        with pytest.raises(sa.exc.ProgrammingError, match="must be owner"), served.unit_of_work(System()) as session:
            session.execute(sa.text("ALTER TABLE report NO FORCE ROW LEVEL SECURITY"))
        served.dispose()

    @pytest.mark.requirement("ASVS 13.2.2")
    def test_one_above_row_security_is_named(self, sound: tuple[Settings, Store], postgres: PostgresServer) -> None:
        settings, store = sound
        served = _as_another(store, postgres, "BYPASSRLS CREATEDB")
        [told] = said(settings, served, "database role")
        assert "It is above row-level security" in told
        served.dispose()

    def test_tables_on_which_it_is_not_forced_are_named(self, sound: tuple[Settings, Store]) -> None:
        settings, store = sound
        with store.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE report NO FORCE ROW LEVEL SECURITY")
        try:
            [told] = said(settings, store, "database role")
            assert "does not hold for report" in told
        finally:
            with store.engine.begin() as connection:
                connection.exec_driver_sql("ALTER TABLE report FORCE ROW LEVEL SECURITY")

    def test_one_that_owns_nothing_is_told_who_makes_the_tables(self, shelf: Shelf, postgres: PostgresServer) -> None:
        empty = shelf.bare()
        served = _as_another(empty, postgres)
        with pytest.raises(RuleBroken, match=r"may not make tables\. Set MUSTER_OWNER_URL"):
            schema.require(served)
        served.dispose()
        empty.dispose()


def _as_another(store: Store, postgres: PostgresServer, rights: str = "NOBYPASSRLS") -> Store:
    """The store as a role that owns nothing and was granted what it needs."""
    role = f"served_{os.urandom(4).hex()}"
    with postgres._superuser() as connection:
        connection.execute(psycopg.sql.SQL(f"CREATE ROLE {role} LOGIN PASSWORD '{role}' {rights}"))
    served = store.url.set(username=role, password=role)
    schema.grant(store, served.render_as_string(hide_password=False))
    return open_store(served)
