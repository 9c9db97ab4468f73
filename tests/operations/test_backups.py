"""Copies that hold, are put back and compared; what was damaged is refused; the watch over the journal."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from operations.core import backups, clock, encrypted_copies, installation_key, journal
from operations.core.encrypted_copies import KeyRing
from operations.core.errors import RuleBroken
from operations.core.people import System
from operations.core.store import Store
from operations.notices import inbox
from operations.timetable import heartbeats, jobs
from operations.timetable.heartbeats import Sign, Watched
from operations.timetable.lease import LeaseCandidate
from operations.timetable.maintenance import HEADS, Copies
from operations.timetable.runner import Timetable
from tests import incidents
from tests.makers import START, Running, form, send
from tests.prepared_databases import Shelf, open_scene
from tests.schema_report import report, without_casts
from tests.storages import KEY

pytestmark = [pytest.mark.both_storages, pytest.mark.durable]

NIGHT = START + timedelta(days=1)


@pytest.fixture
def kept(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def tables(file: Path) -> dict[str, str]:
    with closing(sqlite3.connect(file)) as connection:
        return backups.hashes(connection)


def test_a_copy_made_while_people_write_is_put_back_and_equal_in_every_table(kept: Running, tmp_path: Path) -> None:
    send(kept, form(kept))
    live = backups.database_file(kept.store)
    with kept.store.unit_of_work(System()) as session:  # somebody is writing
        journal.record(session, System(), "test", "test")
        copy = backups.copy(kept.store, tmp_path / "backups", START)
    send(kept, form(kept, "Agadez"))
    backups.put_back(copy, tmp_path / "again.sqlite")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM report").fetchone() == (1,)
    assert tables(copy) == tables(tmp_path / "again.sqlite")
    assert len(tables(copy)) > 40
    differing = {name for name, value in tables(copy).items() if tables(live)[name] != value}
    assert {"report", "entry", "total"} <= differing
    assert [each.name for each in (tmp_path / "backups").iterdir()] == [copy.name]


@pytest.mark.requirement("R59")
def test_the_nightly_proof_finds_every_table_equal_and_leaves_nothing_behind(kept: Running, tmp_path: Path) -> None:
    send(kept, form(kept))
    proved = backups.prove(kept.store, tmp_path / "backups")
    assert proved == tables(backups.database_file(kept.store))
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_copy_that_does_not_come_back_the_same_is_found(
    kept: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = backups.put_back

    def spoilt(file: Path, target: Path) -> None:
        whole(file, target)
        with closing(sqlite3.connect(target)) as connection:
            connection.execute("UPDATE account SET name = 'x' WHERE username = 'ana'")
            connection.commit()

    monkeypatch.setattr(backups, "put_back", spoilt)
    with pytest.raises(RuleBroken, match="differs in account"):
        backups.prove(kept.store, tmp_path / "backups")


@pytest.mark.parametrize("damage", ["torn", "flipped", "foreign"])
def test_a_damaged_copy_is_refused_and_the_database_stays(kept: Running, tmp_path: Path, damage: str) -> None:
    copy = backups.copy(kept.store, tmp_path / "backups", START)
    content = bytearray(copy.read_bytes())
    if damage == "torn":
        copy.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        for place in range(4096, len(content), 4096):
            content[place : place + 64] = bytes(64)
        copy.write_bytes(content)
    else:
        copy.unlink()
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("CREATE TABLE something (else_ TEXT)")
    before = tables(backups.database_file(kept.store))
    with pytest.raises(RuleBroken, match="not a whole copy"):
        backups.put_back(copy, backups.database_file(kept.store))
    assert tables(backups.database_file(kept.store)) == before


@pytest.mark.requirement("R59")
def test_copies_are_thinned_out_to_hours_and_days(tmp_path: Path) -> None:
    now = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
    for number in range(4 * 24 * 12):
        (tmp_path / f"muster-{now - number * timedelta(minutes=15):{backups.STAMP}}.sqlite").touch()
    backups.thin_out(tmp_path)
    ages = [now - backups.moment_of(each) for each in backups.copies(tmp_path)]
    assert ages[: backups.NEWEST] == [number * timedelta(minutes=15) for number in range(backups.NEWEST)]
    assert len(ages) < 45
    assert sum(age < timedelta(days=1) for age in ages) >= 24
    assert timedelta(days=5) < max(ages) < timedelta(days=7)
    (tmp_path / "muster-20260320T120000Z.part").touch()
    assert backups.thin_out(tmp_path) == []
    with clock.at(clock.now() + timedelta(days=2)):
        assert [each.suffix for each in backups.thin_out(tmp_path)] == [".part"]


def test_a_copy_is_restored_and_every_row_and_every_rule_is_what_it_was(
    scene: Running, shelf: Shelf, tmp_path: Path
) -> None:
    """The drill, on both storages: another database is emptied, filled from the copy, and holds the same."""
    send(scene, form(scene))
    incidents.reported(scene)  # what only single persons see is copied too
    copy = backups.copy(scene.store, tmp_path / "copies", START)
    other = shelf.new(shelf.scene)
    with other.unit_of_work(System()) as session:
        session.execute(sa.text("CREATE TABLE later (id INTEGER)"))
    backups.restore(other, copy)
    assert without_casts(report(other.engine)) == without_casts(report(scene.store.engine))
    assert contents(other) == contents(scene.store)
    assert contents(other)["report"]
    assert contents(other)["serious_incident"]
    with other.reading(System()) as session:
        assert journal.verify(session).broken_at is None
    other.dispose()


@pytest.mark.requirement("R59")
def test_an_encrypted_copy_is_restored_by_its_key_and_every_row_is_what_it_was(
    scene: Running, shelf: Shelf, tmp_path: Path
) -> None:
    """The drill with a key, on both storages: the server has its public half alone."""
    send(scene, form(scene))
    incidents.reported(scene)
    public = encrypted_copies.make_key(tmp_path / "key")
    copy = backups.copy(scene.store, tmp_path / "copies", START, [[public]])
    assert [file.name for file in (tmp_path / "copies").iterdir()] == [copy.name]
    assert encrypted_copies.is_encrypted(copy)
    assert not any(word in copy.read_bytes() for word in (b"SQLite format", b"PGDMP", b"Agadez"))
    assert (backups.copies(tmp_path / "copies"), backups.moment_of(copy)) == ([copy], START)
    other = shelf.new(shelf.scene)
    before = contents(other)
    encrypted_copies.make_key(tmp_path / "another")
    (tmp_path / "none").write_text("no key")
    whole = copy.read_bytes()
    for key, content, why in (
        (None, whole, "is encrypted. Name the file of its key"),
        (tmp_path / "another", whole, "This key does not open"),
        (tmp_path / "none", whole, "holds no key that opens copies"),
        (tmp_path / "key", whole[:-20], "not a whole copy"),
        (tmp_path / "key", whole[:-20] + bytes(20), "not a whole copy"),
    ):
        copy.write_bytes(content)
        with pytest.raises(RuleBroken, match=why):
            backups.restore(other, copy, KeyRing([key] if key else []))
        assert contents(other) == before
    copy.write_bytes(whole)
    backups.restore(other, copy, KeyRing([tmp_path / "key"]))
    assert contents(other) == contents(scene.store)
    assert contents(other)["serious_incident"]
    with other.reading(System()) as session:
        assert journal.verify(session).broken_at is None
    other.dispose()


def test_a_key_of_copies_is_for_its_owner_alone_and_never_written_over(tmp_path: Path) -> None:
    public = encrypted_copies.make_key(tmp_path / "key")
    assert encrypted_copies.recipients(f"{public}, {public}") == (public, public)
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    with pytest.raises(RuleBroken, match="is there already"):
        encrypted_copies.make_key(tmp_path / "key")
    with pytest.raises(RuleBroken, match="is no public key for copies"):
        encrypted_copies.recipients("age1nothing")


@pytest.mark.parametrize(("days", "weeks", "oldest"), [(7, 0, 12), (3, 0, 12), (30, 8, 56)])
def test_copies_are_kept_for_as_many_days_and_weeks_as_are_set(
    tmp_path: Path, days: int, weeks: int, oldest: int
) -> None:
    now = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)  # the newest for each hour reach twelve days back, two a day
    for number in range(2 * 365):
        moment = now - number * timedelta(hours=12)
        (tmp_path / f"muster-{moment:{backups.STAMP}}.sqlite{'.age' if number % 2 else ''}").touch()
    backups.thin_out(tmp_path, days, weeks)
    ages = [(now - backups.moment_of(file)).days for file in backups.copies(tmp_path)]
    assert set(range(days)) <= set(ages) | {days - 1}
    assert oldest - 14 < max(ages) <= oldest
    assert len([age for age in ages if age >= max(days, 12)]) <= weeks


@pytest.mark.requirement("ASVS 11.3.3")
def test_a_damaged_copy_is_not_restored_and_the_database_stays(scene: Running, shelf: Shelf, tmp_path: Path) -> None:
    send(scene, form(scene))
    copy = backups.copy(scene.store, tmp_path / "copies", START)
    whole = copy.read_bytes()
    other = shelf.new(shelf.scene)
    before = contents(other)
    for part in (len(whole) // 2, len(whole) - len(whole) // 10):
        copy.write_bytes(whole[:part])
        with pytest.raises(RuleBroken, match=r"did not finish|not a whole copy"):
            backups.restore(other, copy)
        assert contents(other) == before
    other.dispose()


def test_a_copy_under_another_key_is_refused_before_anything_is_replaced(
    scene: Running, shelf: Shelf, tmp_path: Path
) -> None:
    send(scene, form(scene))
    copy = backups.copy(scene.store, tmp_path / "copies", START)
    other, here = shelf.new(shelf.scene), installation_key.name()
    before = contents(other)
    try:
        installation_key.use(lambda: b"another key of this server, 32 bytes", lambda: [KEY.encode()])
        with pytest.raises(RuleBroken, match=f"is sealed under the key {here}, and this server has the key") as refused:
            backups.restore(other, copy)
        assert installation_key.name() in str(refused.value)
        assert contents(other) == before
    finally:
        installation_key.use(KEY.encode)
    backups.restore(other, copy)
    other.dispose()


def test_a_copy_of_the_other_storage_is_refused(scene: Running, tmp_path: Path) -> None:
    foreign = tmp_path / "copy"
    foreign.write_bytes(b"PGDMP" if scene.store.url.get_backend_name() == "sqlite" else b"SQLite format 3")
    with pytest.raises(RuleBroken, match="copy of the other storage"):
        backups.restore(scene.store, foreign)


def test_a_database_is_not_restored_from_itself(kept: Running) -> None:
    file = backups.database_file(kept.store)
    with pytest.raises(RuleBroken, match="it is the database itself"):
        backups.put_back(file, file)


def contents(store: Store) -> dict[str, list[str]]:
    """Every row of every table of the models, as text."""
    with store.reading(System()) as session:
        return {
            name: sorted(map(repr, session.execute(sa.select(table)).all()))
            for name, table in SQLModel.metadata.tables.items()
        }


@pytest.mark.postgres
def test_postgresql_is_copied_and_restored_by_its_own_programs_or_says_that_there_are_none(
    scene: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if scene.store.url.get_backend_name() != "postgresql":
        pytest.skip("for PostgreSQL")
    made = backups.copy(scene.store, tmp_path, START)
    assert made.suffix == ".dump"
    assert made.read_bytes().startswith(b"PGDMP")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RuleBroken, match="pg_dump is not installed here"):
        backups.copy(scene.store, tmp_path, START)
    with pytest.raises(RuleBroken, match="pg_restore is not installed here"):
        backups.restore(scene.store, made)


def test_a_copy_of_the_same_second_is_not_replaced_by_one_that_is_made_before_it_is_put_back(tmp_path: Path) -> None:
    store, folder = open_scene(tmp_path).store, tmp_path / "copies"
    with clock.at(START):
        first = backups.copy(store, folder)
        (folder / "muster-before the upgradeZ.sqlite").touch()  # somebody's own name
        there = first.read_bytes()
        with store.unit_of_work(System()) as session:
            journal.record(session, System(), "store.restore", "store", entry=0)
        second = backups.copy(store, folder)
    assert first.read_bytes() == there != second.read_bytes()
    assert backups.copies(folder)[1:] == [second, first]
    store.dispose()


# --------------------------------------------------------------------------------------------------- the watch


def keeping(store: Store, folder: Path) -> tuple[Timetable, Copies]:
    return Timetable(store, LeaseCandidate("one"), monotonic=lambda: 0.0), Copies(folder)


def sign(store: Store, watched: Watched) -> Sign:
    with store.reading(System()) as session:
        return session.get_one(Sign, watched.value)


def test_at_its_first_start_and_then_in_time_all_is_copied_proved_and_verified(kept: Running, tmp_path: Path) -> None:
    keeper, copies = keeping(kept.store, tmp_path / "b")
    for at in (NIGHT, NIGHT + timedelta(minutes=14), NIGHT + timedelta(minutes=15), NIGHT + timedelta(hours=20)):
        with clock.at(at):
            keeper.beat()
            keeper.tick(jobs.long(copies))
    made = [backups.moment_of(each) for each in backups.copies(tmp_path / "b")]
    assert made == [NIGHT + timedelta(hours=20), NIGHT + timedelta(minutes=15), NIGHT]
    heads = (tmp_path / "b" / HEADS).read_text().splitlines()
    assert len(heads) == 2
    found = sign(kept.store, Watched.CHAIN)
    assert (found.succeeded_at, found.failures) == (NIGHT + timedelta(hours=20), 0)
    with kept.store.reading(System()) as session:
        number, _colon, digest = heads[-1].partition(" ")[2].partition(":")
        assert journal.verify(session, head=(int(number), digest)).broken_at is None


def test_an_older_copy_in_the_place_of_the_database_is_found_and_its_guardians_are_told(
    kept: Running, tmp_path: Path
) -> None:
    keeper, copies = keeping(kept.store, tmp_path / "b")
    old = backups.copy(kept.store, tmp_path / "old", START)
    send(kept, form(kept))
    with clock.at(NIGHT):
        keeper.beat()
        keeper.tick(jobs.long(copies))
    backups.put_back(old, backups.database_file(kept.store))  # not by `muster restore`, which notes the new head
    keeper, copies = keeping(kept.store, tmp_path / "b")
    with clock.at(NIGHT + timedelta(days=1)):
        keeper.beat()
        keeper.tick(jobs.long(copies))
    found = sign(kept.store, Watched.CHAIN)
    assert (found.succeeded_at, found.failures) == (None, 2)  # by the head that was noted, and by the walk
    assert len((tmp_path / "b" / HEADS).read_text().splitlines()) == 1
    for name in ("lena", "otto", "ada"):
        with kept.store.reading(kept[name]) as session:
            kinds = [(each.message.kind, each.message.urgent) for each in inbox.messages(session, kept[name])]
        assert kinds == [("chain_broken", True)] * 2


def test_a_copy_that_fails_is_told_with_how_often(kept: Running, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("a file where the folder should be")
    keeper, copies = keeping(kept.store, tmp_path / "b")
    for at in (NIGHT, NIGHT + timedelta(minutes=15)):
        with clock.at(at):
            keeper.beat()
            keeper.tick([job for job in jobs.long(copies) if job.name == "backup"])
    assert sign(kept.store, Watched.BACKUP).failures == 2
    with kept.store.reading(kept["lena"]) as session:
        numbers = [each.message.number for each in inbox.messages(session, kept["lena"])]
        assert {health.watched for health in heartbeats.health(session, NIGHT) if health.red} == set(
            Watched
        ) - heartbeats.OPTIONAL
    assert sorted(numbers) == [1, 2]


def test_a_right_passphrase_that_a_busy_machine_refuses_is_tried_again_and_never_called_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, decrypt, asked = tmp_path / "key", pyrage.passphrase.decrypt, list[str]()
    encrypted_copies.make_key(key, "long words")
    monkeypatch.setattr(encrypted_copies, "_PAUSES_S", (0.01, 0.01))

    with pytest.raises(pyrage.DecryptError) as excessive:  # age's own words for more work than any machine does
        decrypt(re.sub(rb"(-> scrypt \S+ )\d+", rb"\g<1>40", key.read_bytes(), count=1), "long words")

    def busy(times: int) -> None:
        def decrypted(content: bytes, passphrase: str) -> bytes:
            asked.append(passphrase)
            if len(asked) <= times:
                raise excessive.value
            return decrypt(content, passphrase)

        asked.clear()
        monkeypatch.setattr(pyrage.passphrase, "decrypt", decrypted)

    busy(2)
    KeyRing([key], lambda _file: "long words")
    assert asked == ["long words"] * 3
    busy(3)
    with pytest.raises(RuleBroken, match="This machine is too busy or too slow to open key"):
        KeyRing([key], lambda _file: "long words")
