"""Snapshots through the real verbs: prepared by the analyst, signed by both, published."""

from datetime import datetime
from typing import Any

from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.results import snapshots
from operations.results.snapshot_rows import Snapshot, SnapshotState
from tests.evaluations import ENDED
from tests.makers import Running

S = SnapshotState
SIGNS = {S.COORDINATED: "ana", S.SIGNED: "lena", S.PUBLISHED: "ana", S.DROPPED: "ana"}
"""Who takes a snapshot to a state."""


def snapshot_draft(**changes: Any) -> snapshots.SnapshotDraft:
    """Words for the public, without an embargo."""
    content = {"id": new_id(), "wording": "Five days at three airports.", "method": "Lines at this level, by day."}
    return parse(snapshots.SnapshotDraft, content | changes)


def prepare(scene: Running, by: str = "dov", at: datetime = ENDED, **changes: Any) -> Snapshot:
    """A snapshot is prepared."""
    with clock.at(at), scene.store.unit_of_work(scene[by]) as session:
        return snapshots.prepare(session, scene.operation, snapshot_draft(**changes), scene[by])


def take(scene: Running, made: Snapshot, to: S, by: str = "", words: str = "", at: datetime = ENDED) -> Snapshot:
    """A step further, by whoever does that unless `by` is given."""
    person = scene[by or SIGNS[to]]
    with clock.at(at), scene.store.unit_of_work(person) as session:
        return snapshots.take(session, made.id, to, person, words)


def frozen(scene: Running, to: S = S.SIGNED, at: datetime = ENDED, **changes: Any) -> Snapshot:
    """A snapshot that has come as far as `to`."""
    made = prepare(scene, at=at, **changes)
    for state in (S.COORDINATED, S.SIGNED, S.PUBLISHED):
        made = take(scene, made, state, at=at)
        if state is to:
            break
    return made
