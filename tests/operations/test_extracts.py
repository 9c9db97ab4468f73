"""Extracts of the journal hold without its database against a head that somebody kept; what was changed does not."""

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from operations.core import clock, evidence, installation_key, journal
from operations.core.errors import RuleBroken
from operations.core.journal import AccessEntry, Chain, Entry
from operations.core.people import System
from operations.timetable import extracts, signed_heads
from operations.timetable.extracts import ExtractRequest, ExtractVerdict
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.makers import START, Running, form, send

NOON = START.replace(hour=12)


def taken(scene: Running, tmp_path: Path, wanted: ExtractRequest, name: str = "extract.zip") -> Path:
    """An extract in a file, as the command writes it."""
    with clock.at(NOON), journal.disclosing(scene.store, System()) as session:
        content = extracts.extract(session, wanted, System(), extracts.PAGE)
    (tmp_path / name).write_bytes(content)
    return tmp_path / name


def parts_of(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as made:
        return {name: made.read(name) for name in made.namelist()}


def rewritten(file: Path, change: Callable[[dict[str, Any]], object], **others: bytes) -> Path:
    """The extract as the operator could write it anew who has the key: entries changed, all of it signed again."""
    parts = parts_of(file)
    about = json.loads(parts.pop(evidence.MANIFEST))["statement"]
    told = json.loads(parts[extracts.ENTRIES])
    change(told)
    parts |= {extracts.ENTRIES: json.dumps(told).encode(), **others}
    with zipfile.ZipFile(file, "w") as made:
        for name, content in parts.items():
            made.writestr(zipfile.ZipInfo(name), content)
    more = {name: about[name] for name in ("extract", "at", "head")}
    file.write_bytes(evidence.with_manifest(file.read_bytes(), **more))
    return file


def verified(file: Path, kept: bytes | None = None) -> ExtractVerdict:
    found = extracts.verify(file, evidence.public_key(), kept)
    assert found is not None
    return found


@pytest.fixture
def heads(scene: Running, tmp_path: Path) -> list[bytes]:
    """The heads that left on the first day and on the next; a report was sent between them."""
    job = signed_heads.job([signed_heads.into_folder(tmp_path)])
    keeper = Timetable(scene.store, LeaseCandidate("one"), monotonic=iter(range(0, 10_000, 100)).__next__)
    for days in (0, 1):
        with clock.at(NOON + timedelta(days=days)):
            keeper.beat()
            keeper.tick([job])
        if days == 0:
            send(scene, form(scene), at=NOON + timedelta(minutes=1))
    return [file.read_bytes() for file in sorted(tmp_path.glob("head-*.json"))]


@pytest.mark.both_storages
def test_an_operation_a_thing_and_a_day_are_proven_by_the_first_head_after_them(
    scene: Running, heads: list[bytes], tmp_path: Path
) -> None:
    with scene.store.reading(System()) as session:
        mine = session.exec(select(Entry).where(Entry.operation_id == scene.operation).order_by(col(Entry.seq))).all()
        report = next(entry for entry in mine if entry.act == "report.submit")
    of_operation = taken(scene, tmp_path, ExtractRequest(operation=scene.operation))
    found = verified(of_operation, heads[-1])
    assert (found.chain, found.entries, found.last) == ("journal", len(mine), mine[-1].seq)
    for thing in (report.object_id, report.detail["report"]):
        found = verified(taken(scene, tmp_path, ExtractRequest(thing=thing)), heads[-1])
        assert (found.entries, found.first, found.whole) == (1, report.seq, True)
    with pytest.raises(RuleBroken, match="It was made for another head, of 2026-03-03"):
        verified(of_operation, heads[0])
    first = taken(
        scene, tmp_path, ExtractRequest(first=NOON.date() - timedelta(days=400), last=NOON.date() - timedelta(1))
    )
    assert verified(first, heads[0]).at == NOON
    whole = verified(taken(scene, tmp_path, ExtractRequest()))
    assert (whole.first, whole.whole) == (1, True)


def test_what_has_no_head_yet_is_signed_now_and_says_when(scene: Running, tmp_path: Path) -> None:
    file = taken(scene, tmp_path, ExtractRequest(operation=scene.operation))
    assert verified(file).at == NOON
    with pytest.raises(RuleBroken, match="It was made for another head"):
        verified(file, signed_heads_at(scene, NOON + timedelta(days=1)))


def signed_heads_at(scene: Running, moment: Any) -> bytes:
    with scene.store.reading(System()) as session:
        return signed_heads.statement(session, moment)


def test_it_tells_nothing_of_other_entries_and_is_in_the_access_trail(scene: Running, tmp_path: Path) -> None:
    with scene.store.reading(System()) as session:
        others = session.exec(select(Entry.object_id).where(Entry.object_kind == "site")).all()
    text = b"".join(
        parts_of(taken(scene, tmp_path, ExtractRequest(operation=scene.operation, thing=scene.operation))).values()
    ).decode()
    assert others
    assert not any(str(site) in text for site in others)
    with scene.store.reading(System()) as session:
        last = session.exec(select(AccessEntry).order_by(AccessEntry.seq.desc())).first()  # type: ignore[attr-defined]
    assert last is not None
    assert (last.act, last.operation_id, last.detail["of"]) == ("journal.extract", scene.operation, "journal")
    trail = verified(taken(scene, tmp_path, ExtractRequest(Chain.ACCESS)))
    assert (trail.chain, trail.whole) == ("access", True)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told["entries"][0].update(actor_name="Somebody else"),
        lambda told: told["entries"][0]["detail"].update(reason="other"),
        lambda told: told["entries"].pop(),
        lambda told: told["entries"].append(told["entries"][0]),
        lambda told: told["entries"][0].update(seq=told["entries"][0]["seq"] + 1),
        lambda told: told["proof"].pop(),
        lambda told: told["proof"].append("00" * 32),
        lambda told: told.update(chain="access"),
    ],
    ids=["a name", "a reason", "one dropped", "one twice", "a number", "less proof", "more proof", "another chain"],
)
def test_an_entry_that_the_operator_changed_or_dropped_is_found_although_all_is_signed_anew(
    scene: Running, tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    file = rewritten(taken(scene, tmp_path, ExtractRequest(thing=scene.operation)), change)
    with pytest.raises(RuleBroken, match="These entries are not as they were when the head was signed"):
        verified(file)


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.clear(),
        lambda told: told.update(chain="other"),
        lambda told: told.update(entries=[]),
        lambda told: told.update(proof=["zz"]),
        lambda told: told["entries"][0].update(at="yesterday"),
        lambda told: told["entries"][0].update(more="1"),
        lambda told: told["entries"][0].update(seq="many"),
    ],
)
def test_what_is_no_extract_is_refused_in_a_sentence(
    scene: Running, tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    file = rewritten(taken(scene, tmp_path, ExtractRequest(operation=scene.operation)), change)
    with pytest.raises(RuleBroken, match=r"This is no extract of a journal of Muster|not as they were when the head"):
        verified(file)


@pytest.mark.parametrize("text", [b"[" * 100_000, b"\xff", b"null", b'{"chain": "journal", "entries": 7}'])
def test_damaged_text_is_refused_in_a_sentence(scene: Running, tmp_path: Path, text: bytes) -> None:
    file = rewritten(taken(scene, tmp_path, ExtractRequest()), lambda _told: None, **{extracts.ENTRIES: text})
    with pytest.raises(RuleBroken, match="This is no extract of a journal of Muster"):
        verified(file)


def test_whoever_has_no_key_changes_nothing_and_another_head_is_refused(scene: Running, tmp_path: Path) -> None:
    own, file = evidence.public_key(), taken(scene, tmp_path, ExtractRequest(operation=scene.operation))
    kept = parts_of(file)[extracts.HEAD]
    assert verified(file, kept).entries
    head = json.loads(kept)["statement"]
    head["heads"]["journal"]["tree"] = "00" * 32
    forged = rewritten(file, lambda _told: None, **{extracts.HEAD: evidence.signed(head)})
    with pytest.raises(RuleBroken, match="It was made for another head"):
        verified(forged, kept)
    with pytest.raises(RuleBroken, match="These entries are not as they were"):
        verified(forged)
    installation_key.use(lambda: b"x" * 32)
    with pytest.raises(RuleBroken, match="another installation"):
        extracts.verify(rewritten(file, lambda told: told["entries"].pop()), own)


@pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)
def test_a_past_that_was_rewritten_gives_no_extract_that_fits_a_head_that_left(
    scene: Running, heads: list[bytes], tmp_path: Path
) -> None:
    wanted = ExtractRequest(operation=scene.operation)
    assert verified(taken(scene, tmp_path, wanted), heads[-1])
    with scene.store.engine.begin() as connection:
        names = [row[0] for row in connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))]
        for name in names:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.exec_driver_sql("UPDATE entry SET actor_name = 'Nobody' WHERE act = 'report.submit'")
    with pytest.raises(RuleBroken, match="These entries are not as they were"):
        verified(taken(scene, tmp_path, wanted), heads[-1])
    with scene.store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM entry WHERE act = 'report.submit'")
    with pytest.raises(RuleBroken, match="It was made for another head"):
        verified(taken(scene, tmp_path, wanted), heads[-1])
    with scene.store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM entry WHERE seq = 2")
    with pytest.raises(RuleBroken, match="The chain does not hold: an entry was changed, moved or removed"):
        taken(scene, tmp_path, wanted)


def test_nothing_and_too_much_are_refused(scene: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuleBroken, match="There is no such entry"):
        taken(scene, tmp_path, ExtractRequest(first=NOON.date() + timedelta(days=900)))
    monkeypatch.setattr(extracts, "MOST", 2)
    with pytest.raises(RuleBroken, match="These are more than 2 entries"):
        taken(scene, tmp_path, ExtractRequest())
