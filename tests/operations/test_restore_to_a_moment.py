"""A restore by two persons, and to a moment between two acknowledged writes, on both storages."""

import gzip
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pyrage
import pytest
import sqlalchemy as sa

from operations.core import backups, clock, encrypted_copies, journal, page_changes, postgres_archive
from operations.core.encrypted_copies import KeyRing
from operations.core.errors import RuleBroken
from operations.core.page_changes import PageChanges, change_files
from operations.core.people import System
from operations.core.schema import upgrade
from operations.core.store import Store, open_store
from operations.timetable import maintenance
from tests import storages
from tests.makers import START, Running, form, put_cast, running, send
from tests.operations.test_backups import contents
from tests.prepared_databases import Shelf, open_scene

pytestmark = [pytest.mark.both_storages, pytest.mark.durable]

NIGHT = START + timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def kept(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


@pytest.fixture
def opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is decrypted once: scrypt takes a second or more for each, and the next time it says the same.

    What a wrong passphrase meets is not kept.
    """
    monkeypatch.setattr(pyrage.passphrase, "decrypt", cache(pyrage.passphrase.decrypt))


@pytest.mark.requirement("R60")
@pytest.mark.usefixtures("opened_once")
def test_a_copy_for_two_persons_is_restored_by_both_and_by_neither_alone(
    scene: Running, shelf: Shelf, tmp_path: Path
) -> None:
    """On both storages: the server knows two public keys, and each person has one private key under a passphrase."""
    send(scene, form(scene))
    first, second = tmp_path / "first", tmp_path / "second"
    layers = [
        [encrypted_copies.make_key(first), encrypted_copies.make_key(tmp_path / "spare")],
        [encrypted_copies.make_key(second, "long words of the second")],
    ]
    secret = {second: "long words of the second"}
    copy = backups.copy(scene.store, tmp_path / "copies", START, layers)
    assert copy.name.endswith(".age.age")
    alone = backups.copy(scene.store, tmp_path / "alone", START, layers[:1])
    plain = backups.copy(scene.store, tmp_path / "plain", START)
    other = shelf.new(shelf.scene)
    before = contents(other)
    for file, keys, why in (
        (copy, [], "is encrypted. Name the file of its key"),
        (copy, [first], "This key does not open"),
        (copy, [second], "takes the keys of two persons"),
        (copy, [first, tmp_path / "spare"], "This key does not open"),
        (alone, [first], "It takes two persons to restore here"),
        (alone, [first, second], "It takes two persons to restore here"),
        (plain, [first, second], "It takes two persons to restore here"),
    ):
        with pytest.raises(RuleBroken, match=why):
            backups.restore(other, file, KeyRing(keys, secret.__getitem__), layers)
        assert contents(other) == before
    with pytest.raises(RuleBroken, match="not the passphrase of second"):
        KeyRing([second], lambda _file: "a guess")
    ring = KeyRing([tmp_path / "spare", second], secret.__getitem__)
    backups.restore(other, copy, ring, layers)
    assert ring.used == {layers[0][1], layers[1][0]}
    assert contents(other) == contents(scene.store)
    other.dispose()


def noted(kept: Running, changes: PageChanges, folder: Path, minute: int) -> None:
    with clock.at(NIGHT + minute * MINUTE):
        backups.note_changes(kept.store, folder, changes)


def reports(store: Store) -> int:
    with store.reading(System()) as session:
        assert journal.verify(session).broken_at is None
        return len(session.execute(sa.text("SELECT id FROM report")).all())


@pytest.mark.requirement("R60")
def test_sqlite_is_restored_to_each_minute_by_two_persons(kept: Running, tmp_path: Path) -> None:
    """A report in each minute; each minute has those before it, whichever copies are left between them."""
    layers = [[encrypted_copies.make_key(tmp_path / "first")], [encrypted_copies.make_key(tmp_path / "second")]]
    changes, folder = PageChanges(tmp_path / "changes", layers), tmp_path / "copies"
    noted(kept, changes, folder, 0)
    for minute in (1, 2, 3, 4):
        send(kept, form(kept))
        noted(kept, changes, folder, minute)
    with clock.at(NIGHT + 4 * MINUTE):  # a copy of the same second is noted a second later
        late = backups.copy(kept.store, folder, None, layers, changes)
    assert backups.moment_of(late) == NIGHT + 4 * MINUTE + timedelta(seconds=1)
    backups.copy(
        kept.store, folder, NIGHT + 2 * MINUTE + timedelta(seconds=30), layers
    )  # by hand: no link of the chain
    keys = [tmp_path / "first", tmp_path / "second"]
    for seconds, many in ((0, 0), (59, 0), (60, 1), (119, 1), (121, 2), (200, 3), (240, 4), (900, 4), (30, 0)):
        moment = NIGHT + timedelta(seconds=seconds)
        backups.restore_at(kept.store, moment, folder, tmp_path / "changes", KeyRing(keys), layers)
        assert reports(kept.store) == many
    with pytest.raises(RuleBroken, match="This key does not open"):
        backups.restore_at(kept.store, NIGHT + MINUTE, folder, tmp_path / "changes", KeyRing(keys[:1]), layers)
    assert all(encrypted_copies.is_encrypted(each.file) for each in change_files(tmp_path / "changes"))


def test_changes_that_do_not_lead_to_a_moment_are_refused_and_the_spans_that_do_are_named(
    kept: Running, tmp_path: Path
) -> None:
    folder, place = tmp_path / "copies", tmp_path / "changes"
    for start in (0, 10):  # another process begins anew: its changes do not follow those of the first
        changes = PageChanges(place)
        for minute in range(start, start + 4):
            send(kept, form(kept))
            noted(kept, changes, folder, minute)
    chain = change_files(place)
    whole = chain[2].file.read_bytes()
    for content, why in ((whole[:-20], "not a whole copy"), (chain[3].file.read_bytes(), "does not follow")):
        chain[2].file.write_bytes(content)
        with pytest.raises(RuleBroken, match=why):
            backups.restore_at(kept.store, NIGHT + 2 * MINUTE, folder, place)
        assert reports(kept.store) == 8
    chain[2].file.unlink()
    began, anew = (f"{NIGHT + start * MINUTE:%Y-%m-%d %H:%M}" for start in (0, 10))
    told = f"there is {began} to {began[:-1]}1 UTC, {anew} to {anew[:-1]}3 UTC"
    with pytest.raises(RuleBroken, match="No copy reaches") as refused:
        backups.restore_at(kept.store, NIGHT + 3 * MINUTE, folder, place)
    assert told in str(refused.value)
    backups.restore_at(kept.store, NIGHT + 12 * MINUTE, folder, place)
    assert reports(kept.store) == 7


def test_where_the_clock_goes_back_the_changes_begin_anew(kept: Running, tmp_path: Path) -> None:
    folder, changes = tmp_path / "copies", PageChanges(tmp_path / "changes")
    for minute in (0, 2880, 2881, 1, 2):
        send(kept, form(kept))
        noted(kept, changes, folder, minute)
    assert len(backups.copies(folder)) == 2
    for minute, many in ((2, 5), (1, 4), (0, 1)):
        backups.restore_at(kept.store, NIGHT + minute * MINUTE, folder, tmp_path / "changes")
        assert reports(kept.store) == many


def test_of_the_changes_those_stay_that_a_copy_leads_to(tmp_path: Path) -> None:
    now, place = datetime(2026, 3, 20, 12, 0, tzinfo=UTC), tmp_path / "changes"
    place.mkdir()
    for number in range(12 * 24 * 4):
        moment = now - number * timedelta(minutes=15)
        (tmp_path / f"muster-{moment:{backups.STAMP}}.sqlite").touch()
        before = page_changes.NOTHING if number in (500, 1100) else f"{number + 1:016x}"
        (place / f"changes-{moment:{backups.STAMP}}-{before}-{number:016x}.pages").touch()
    backups.thin_out(tmp_path, days=7, changes=place)
    kept, chain = {backups.moment_of(each): each for each in backups.copies(tmp_path)}, change_files(place)
    assert min(kept) == chain[0].moment  # the one that begins at 1100 is too old
    assert now - 500 * timedelta(minutes=15) in kept
    assert len(kept) < 46
    for each in chain:
        page_changes.way(chain, kept, each.moment)


@pytest.mark.requirement("R60")
@pytest.mark.postgres
@pytest.mark.rest
def test_postgresql_is_restored_to_between_two_acknowledged_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that archives by the commands of the administrator's page, and two keys that open the archive."""
    if "postgres" not in storages.wanted():
        pytest.skip("MUSTER_TEST_STORAGES leaves PostgreSQL out")
    layers = [[encrypted_copies.make_key(tmp_path / "first")], [encrypted_copies.make_key(tmp_path / "second")]]
    keys = [tmp_path / "first", tmp_path / "second"]
    with storages.postgres_server() as server:
        variables = f"MUSTER_BACKUP_RECIPIENTS={layers[0][0]} MUSTER_BACKUP_SECOND_RECIPIENTS={layers[1][0]}"
        archive = server.archive(f"{variables} MUSTER_ARCHIVE_DIR={{folder}} {sys.executable} -m dashboard archive-log")
        fresh = open_store(server.new_database())
        upgrade(fresh)
        put_cast(fresh)
        scene = running(fresh)
        store = scene.store
        before_all = clock.now()
        for name, value in server.superuser_variables().items():
            monkeypatch.setenv(name, value)
        postgres_archive.keep_base(archive, layers, days=7)
        time.sleep(1.1)  # a base copy counts from the next full second on
        send(scene, form(scene))
        between = clock.now()
        send(scene, form(scene, "Agadez"))
        held = contents(store)
        server.archived()
        with pytest.raises(RuleBroken, match="This key does not open"):
            backups.restore_at(store, between, tmp_path, archive, KeyRing(keys[:1]), layers)
        with pytest.raises(RuleBroken, match="No base copy in"):
            backups.restore_at(store, before_all, tmp_path, archive, KeyRing(keys), layers)
        with pytest.raises(RuleBroken, match="does not reach that moment yet"):
            backups.restore_at(store, clock.now() + MINUTE, tmp_path, archive, KeyRing(keys), layers)
        with (
            pytest.raises(RuleBroken, match="The archive is of another server"),
            postgres_archive.recovered(archive, between, store.url.set(database="elsewhere"), KeyRing(keys)),
        ):
            pass
        assert contents(store) == held
        server.with_a_tablespace()
        with pytest.raises(RuleBroken, match="The server has tablespaces"):
            postgres_archive.keep_base(archive, layers, days=7)
        store.dispose()
        ring = KeyRing(keys)
        backups.restore_at(store, between, tmp_path, archive, ring, layers)
        assert ring.used == {layers[0][0], layers[1][0]}
        assert reports(store) == 1
        assert maintenance.verify_all(store, None).sound
        store.dispose()


def test_what_is_copied_is_the_server_apart_and_never_the_live_one(tmp_path: Path) -> None:
    """The address of the guide names a host and a port: PostgreSQL's programs are led away from both."""
    live = sa.make_url("postgresql+psycopg://muster_owner:secret@127.0.0.1:5433/muster?sslmode=verify-full")
    known = backups._as_environment(postgres_archive.apart(live, tmp_path))
    asked = ("PGHOST", "PGPORT", "PGPASSWORD", "PGSSLMODE", "PGUSER", "PGDATABASE")
    assert {name: known.get(name) for name in asked} == {
        "PGHOST": str(tmp_path),
        "PGPORT": None,
        "PGPASSWORD": None,
        "PGSSLMODE": None,
        "PGUSER": "muster_owner",
        "PGDATABASE": "muster",
    }
    assert backups._as_environment(live)["PGSSLMODE"] == "verify-full"


def test_the_log_of_a_server_is_archived_once_and_never_over_that_of_another(tmp_path: Path) -> None:
    layers = [[encrypted_copies.make_key(tmp_path / "key")]]
    segment, archive = tmp_path / f"{5:024X}", tmp_path / "archive"
    segment.write_bytes(b"what was written")
    kept = postgres_archive.keep_segment(segment, archive, layers)
    assert postgres_archive.keep_segment(segment, archive, layers) == kept
    assert postgres_archive.segments(archive) == {segment.name: kept}
    with KeyRing([tmp_path / "key"]).opened(kept, tmp_path) as plain:
        assert gzip.decompress(plain.read_bytes()) == b"what was written"
    for name in (segment.name, "00000002.history"):
        (tmp_path / name).write_bytes(b"what was written")
        postgres_archive.keep_segment(tmp_path / name, archive, layers)
        (tmp_path / name).write_bytes(b"of another")
        with pytest.raises(RuleBroken, match="already and differs: another server archives there"):
            postgres_archive.keep_segment(tmp_path / name, archive, layers)
    assert sorted(file.suffix for file in archive.iterdir()) == [".age", ".age"]


def test_base_copies_and_log_stay_for_the_days_that_are_kept(tmp_path: Path) -> None:
    for day, segment in ((1, 3), (2, 20), (9, 40), (10, 60)):
        (tmp_path / f"base-202603{day:02}T033000Z-{segment:024X}.tar.gz.age").touch()
    for number in range(1, 80):
        (tmp_path / f"{number:024X}-{'a' * 16}.gz.age").touch()
    (tmp_path / f"00000002.history-{'a' * 16}.gz.age").touch()
    postgres_archive.thin_out(tmp_path, datetime(2026, 3, 5, tzinfo=UTC))
    assert [base.moment.day for base in postgres_archive.bases(tmp_path)] == [2, 9, 10]
    assert list(postgres_archive.segments(tmp_path)) == [
        *(f"{number:024X}" for number in range(20, 80)),
        "00000002.history",
    ]


def test_a_server_that_cannot_be_started_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuleBroken, match="is not installed here: install PostgreSQL"):
        postgres_archive.keep_base(tmp_path, [], days=7)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres_archive.pwd, "getpwuid", lambda _number: SimpleNamespace(pw_uid=0))
    with pytest.raises(RuleBroken, match="PostgreSQL refuses to run as root"):
        postgres_archive._server_user(tmp_path, tmp_path)
