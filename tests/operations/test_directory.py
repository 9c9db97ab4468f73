"""The directory of the network: who keeps it, what others see of it, and how active it is (K48)."""

from datetime import timedelta
from typing import Any

import pytest

from operations.core import journal, pulse, rows
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.permissions import Act, may
from operations.exchange import directory
from operations.exchange.directory import MemberState
from tests.directory import activity_draft, member, member_draft
from tests.makers import Running
from tests.people import CAST
from tests.programme import BEGUN, does, reads

DAY = timedelta(days=1)


def test_everybody_looks_up_offices_and_notes_stay_with_their_country(scene: Running) -> None:
    made = member(scene)
    does(scene, "chaima", directory.record_activity, made.id, activity_draft())
    for name in ("moussa", "bruno", "marie", "dov", "ana", "lena", "otto"):
        [seen] = reads(scene, name, directory.members)
        assert (seen.office, seen.last_active, seen.activities) == (made.office, BEGUN.date(), 1)
    notes = {n: len(reads(scene, n, directory.activities, made.id)) for n in ("chaima", "ana", "moussa", "mateo")}
    assert notes == {"chaima": 1, "ana": 1, "moussa": 0, "mateo": 0}
    assert [reads(scene, name, directory.members) for name in ("ada", "frida")] == [[], []]


def test_whoever_looks_up_offices_hears_that_one_came(scene: Running) -> None:
    def heard(name: str) -> int:
        return int(reads(scene, name, lambda session: pulse.number(pulse.counts_of(session, scene[name]))))

    readers = {name for name in CAST if may(scene[name], Act.DIRECTORY_READ)}
    before = {name: heard(name) for name in CAST}
    made = member(scene)
    does(scene, "chaima", directory.record_activity, made.id, activity_draft())
    assert {name: heard(name) - before[name] for name in CAST} == {name: 2 * (name in readers) for name in CAST}
    kept = {n: [each.act for each in reads(scene, n, rows.every, journal.Entry)] for n in ("moussa", "chaima")}
    assert ("directory.did" in kept["moussa"], "directory.did" in kept["chaima"]) == (False, True)


def test_a_country_keeps_its_own_alone(scene: Running) -> None:
    made = member(scene)
    for name in ("moussa", "bruno", "ana", "lena"):
        with pytest.raises(NotFound):
            does(scene, name, directory.record_activity, made.id, activity_draft())
        with pytest.raises(NotFound):
            does(scene, name, directory.take, made.id, MemberState.LEFT, words="So it is.")
    with pytest.raises(NotFound):
        member(scene, "ana")
    assert [member(scene, "moussa").number, member(scene, specialism="forensic").number] == [1, 2]


def test_activity_of_the_network_is_of_members_and_twelve_months(scene: Running) -> None:
    def figures(at: Any = BEGUN) -> list[tuple[Any, ...]]:
        return [(each.number, each.part, each.whole) for each in reads(scene, "lena", directory.figures, at=at)]

    assert figures() == [(None, 0, 0), (None, 0, 0), (None, None, None)]
    first, other = member(scene), member(scene, office="Analysis unit", specialism="intelligence_analyst")
    third = member(scene, "moussa")
    does(scene, "chaima", directory.record_activity, first.id, activity_draft())
    does(scene, "moussa", directory.record_activity, third.id, activity_draft(held_on=(BEGUN - 364 * DAY).date()))
    assert figures() == [(pytest.approx(200 / 3), 2, 3), (2, 2, 2), (0, None, None)]
    assert figures(BEGUN + DAY) == [(pytest.approx(100 / 3), 1, 3), (2, 1, 2), (0, None, None)]
    does(scene, "chaima", directory.take, other.id, MemberState.LEFT, words="Merged with another.")
    assert figures() == [(100, 2, 2), (2, 2, 2), (1, None, None)]


def test_what_cannot_be_written_down_is_said(scene: Running) -> None:
    draft = member_draft()
    made = does(scene, "chaima", directory.enter, draft)
    assert does(scene, "chaima", directory.enter, draft).id == made.id
    with pytest.raises(Conflict):
        does(scene, "chaima", directory.enter, draft.model_copy(update={"office": "Another"}))
    with pytest.raises(RuleBroken, match="this office with this specialism already"):
        member(scene)
    with pytest.raises(RuleBroken, match="personal data"):
        member(scene, office="Mr Amadou Diallo, born 3 March 1985")
    with pytest.raises(RuleBroken, match="This day is in the future"):
        does(scene, "chaima", directory.record_activity, made.id, activity_draft(held_on=(BEGUN + 2 * DAY).date()))
    with pytest.raises(RuleBroken, match="reason"):
        does(scene, "chaima", directory.take, made.id, MemberState.LEFT)
    does(scene, "chaima", directory.take, made.id, MemberState.LEFT, words="Closed.")
    with pytest.raises(RuleBroken, match="has left the network"):
        does(scene, "chaima", directory.record_activity, made.id, activity_draft())
    assert does(scene, "chaima", directory.take, made.id, MemberState.MEMBER).reason == ""
