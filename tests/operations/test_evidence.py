"""Evidence against the operator: what was signed holds without a database, and what was changed afterwards does not."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from operations.core import clock, evidence, installation_key
from operations.core.errors import NotPermitted, RuleBroken
from operations.core.people import System
from operations.timetable import signed_heads
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.makers import START, Running

NOON = START.replace(hour=12)


def archive(tmp_path: Path, files: dict[str, bytes]) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name), content)
    file = tmp_path / "operation.zip"
    file.write_bytes(evidence.with_manifest(out.getvalue(), at="2026-03-02", head="ab" * 32, operation="x", level="V3"))
    return file


def changed(file: Path, change: dict[str, bytes | None]) -> Path:
    with zipfile.ZipFile(file) as made:
        parts: dict[str, bytes | None] = {name: made.read(name) for name in made.namelist()}
    with zipfile.ZipFile(file, "w") as made:
        for name, content in {**parts, **change}.items():
            if content is not None:
                made.writestr(name, content)
    return file


FILES = {"README.txt": b"read me", "tables/a.csv": b"1;2", "SHA256SUMS": b"..."}


@pytest.mark.requirement("ASVS 11.6.1")
def test_an_archive_as_it_was_signed_holds_and_says_at_which_head(tmp_path: Path) -> None:
    found = evidence.verify_archive(archive(tmp_path, FILES), evidence.public_key())
    assert (found["head"], sorted(found["files"])) == ("ab" * 32, sorted(FILES))


@pytest.mark.parametrize(
    "change",
    [{"tables/a.csv": b"1;3"}, {"tables/a.csv": None}, {"tables/b.csv": b"4"}, {"SHA256SUMS": b"new sums"}],
    ids=["a number", "a file gone", "a file more", "new sums"],
)
@pytest.mark.requirement("ASVS 11.4.3")
def test_an_archive_that_was_changed_is_refused_by_name(tmp_path: Path, change: dict[str, bytes | None]) -> None:
    file = changed(archive(tmp_path, FILES), change)
    with pytest.raises(RuleBroken, match=f"not as they were signed: {next(iter(change))}"):
        evidence.verify_archive(file, evidence.public_key())


@pytest.mark.requirement("ASVS 11.6.1")
def test_whoever_writes_the_manifest_anew_has_another_key(tmp_path: Path) -> None:
    own = evidence.public_key()
    installation_key.use(lambda: b"x" * 32)
    with pytest.raises(RuleBroken, match="another installation"):
        evidence.verify_archive(archive(tmp_path, FILES), own)
    with zipfile.ZipFile(archive(tmp_path, FILES)) as made:
        whole = json.loads(made.read(evidence.MANIFEST))
    forged = json.dumps({**whole, "key": own}).encode()
    with pytest.raises(RuleBroken, match="signature does not hold"):
        evidence.verify_archive(changed(archive(tmp_path, FILES), {evidence.MANIFEST: forged}), own)


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b'{"statement": {}, "key": "", "signature": "?"}'])
def test_what_is_no_archive_of_muster_is_refused(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(RuleBroken, match="no signed statement"):
        evidence.opened(text, evidence.public_key())
    plain = tmp_path / "plain.zip"
    plain.write_bytes(text)
    with pytest.raises(RuleBroken, match="no archive"):
        evidence.verify_archive(plain, evidence.public_key())
    with zipfile.ZipFile(plain, "w") as made:
        made.writestr("README.txt", "x")
    with pytest.raises(RuleBroken, match="no signed manifest"):
        evidence.verify_archive(plain, evidence.public_key())


@pytest.mark.requirement("ASVS 5.2.3")
def test_an_archive_that_grows_beyond_measure_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "_LARGEST", 10)
    with pytest.raises(RuleBroken, match="The archive is larger than any that Muster makes"):
        evidence.verify_archive(archive(tmp_path, FILES), evidence.public_key())


def test_a_server_without_a_key_signs_nothing() -> None:
    installation_key.use(lambda: b"")
    with pytest.raises(RuleBroken, match="This server has no key"):
        evidence.public_key()


# --------------------------------------------------------------------------------------------------------- heads


@pytest.mark.requirement("ASVS 16.4.3", "R44")
def test_heads_leave_once_a_day_by_every_way_and_what_failed_is_tried_again(scene: Running, tmp_path: Path) -> None:
    fails = [OSError("no room")]

    def narrow(text: bytes, _moment: object) -> None:
        if fails:
            raise fails.pop()
        (tmp_path / "narrow").write_bytes(text)

    job = signed_heads.job([signed_heads.into_folder(tmp_path), narrow])
    keeper = Timetable(scene.store, LeaseCandidate("one"), monotonic=iter(range(0, 10_000, 100)).__next__)
    for minutes in (0, 5, 10, 60, 60 * 24):
        with clock.at(NOON + timedelta(minutes=minutes)):
            keeper.beat()
            keeper.tick([job])
    left = sorted(file.name for file in tmp_path.glob("head-*.json"))
    assert left == ["head-20260302T120000Z.json", "head-20260302T120500Z.json", "head-20260303T120000Z.json"]
    assert signed_heads.last_left(scene.store, scene["ada"]) == NOON + timedelta(days=1)
    with pytest.raises(NotPermitted):
        signed_heads.last_left(scene.store, scene["bruno"])
    own = evidence.public_key()
    with scene.store.reading(System()) as session:
        times = [signed_heads.compare(session, (tmp_path / name).read_bytes(), own) for name in left]
    assert times[0] == NOON


@pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)
def test_a_past_that_was_rewritten_with_its_whole_chain_is_found_by_a_head_that_left(
    scene: Running, tmp_path: Path
) -> None:
    with scene.store.reading(System()) as session:
        text = signed_heads.statement(session, NOON)
    with scene.store.engine.begin() as connection:
        names = [row[0] for row in connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))]
        for name in names:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.exec_driver_sql("UPDATE entry SET hash = prev_hash WHERE seq = (SELECT max(seq) FROM entry)")
    with scene.store.reading(System()) as session, pytest.raises(RuleBroken, match="is not what it was at entry"):
        signed_heads.compare(session, text, evidence.public_key())
