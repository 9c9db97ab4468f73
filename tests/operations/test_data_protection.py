"""What persons ask about their data: all copies are found, each owner decides on the own, nothing else is told."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select

import operations.tables  # noqa: F401 - every table
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.journal import AccessEntry, Entry
from operations.core.people import System
from operations.core.store import unscoped
from operations.data_protection import copies, requests
from operations.data_protection.purposes import ABOUT, KEPT
from operations.data_protection.register import KINDS, PLACES, UNSEARCHED
from operations.data_protection.rows import (
    CopyState,
    DataCopy,
    DataRequest,
    SubjectRequestState,
    SubjectRight,
)
from operations.policing.fugitives import cases
from operations.policing.fugitives.case_rows import FugitiveCase, FugitiveVersion
from operations.policing.leads import leads
from operations.timetable import jobs
from operations.timetable.lease import LeaseCandidate
from operations.timetable.maintenance import Copies
from operations.timetable.runner import Timetable
from operations.worklist_entries import waiting
from tests.incidents import reported
from tests.makers import Running, add_task, lead_of, task_draft
from tests.operations.files import bytes_of
from tests.operations.sweeps import Sweep, case_draft, sweep_in
from tests.people import CAST
from tests.programme import BEGUN, certified, does, reads

NOTICE = "A-4711/5-2026"
LONGEST_CODE = 100
"""Characters of columns that hold no words."""


def received(scene: Running, by: str = "chaima", asked: str = "deletion", **changes: Any) -> DataRequest:
    content = {"id": new_id(), "asked": asked, "file_ref": "2026/14", "received": BEGUN.date() - timedelta(days=2)}
    return does(scene, by, requests.receive, parse(requests.SubjectRequestDraft, content | changes))


def searched(scene: Running, request: DataRequest, wanted: str = NOTICE, by: str = "chaima") -> int:
    draft = parse(requests.SearchDraft, {"wanted": wanted})
    found = reads(scene, by, requests.find_copies, request.id, draft, scene[by])
    return does(scene, by, requests.search, request.id, found)


def own(scene: Running, name: str) -> list[DataCopy]:
    return list(reads(scene, name, requests.copies))


def decided(scene: Running, name: str, copy: DataCopy, to: str, words: str = "") -> DataCopy:
    return does(scene, name, lambda session, by: requests.decide(session, copy.id, CopyState(to), by, words))


def taken(scene: Running, name: str, request: DataRequest, to: str, words: str = "") -> DataRequest:
    return does(scene, name, lambda session, by: requests.take(session, request.id, SubjectRequestState(to), by, words))


def sought(scene: Running) -> Any:
    """Somebody whom Niger seeks: in a case, in a lead of Mali about it, in a task of the centre, in an incident."""
    case = Sweep(sweep_in(scene)).nominate(notice_ref=NOTICE)
    lead_of(scene, "moussa", origin_country="MLI", to_countries=["NER"], question=f"Does notice {NOTICE} cross at Gao?")
    add_task(scene, task_draft(title=f"Ask about {NOTICE}", country=None, role="ocu_analyst"))
    reported(scene, facts=f"The holder of notice {NOTICE} was let go.")
    return case


# ---------------------------------------------------------------------------------------------------- the register


@pytest.mark.requirement("ASVS 14.1.1", "R68", "R72")
def test_every_table_has_its_purpose_and_every_column_of_words_is_searched_or_says_why_not() -> None:
    tables = SQLModel.metadata.tables
    named = [each for kept in KEPT for each in kept.tables]
    assert sorted(named) == sorted(tables), "each table once"
    assert all(kept.about in ABOUT for kept in KEPT)
    searched_here = {(place.model.__tablename__, text) for place in PLACES for text in place.texts}
    skipped = {(table, column) for table, columns in UNSEARCHED.items() for column in columns}
    assert not searched_here & skipped
    words = set()
    for table in tables.values():
        for column in table.columns:
            length = getattr(column.type, "length", None)
            wide = isinstance(column.type, sa.JSON | sa.LargeBinary) or (length is not None and length >= LONGEST_CODE)
            if wide and not column.name.endswith(("_name", "_by")):  # who acted: it is kept as long as what was done
                words.add((table.name, column.name))
    assert words - searched_here - skipped == set()
    assert (searched_here | skipped) - {(t.name, c.name) for t in tables.values() for c in t.columns} == set()
    assert {place.kind for place in PLACES} <= set(KINDS)


@pytest.mark.parametrize(
    ("wanted", "text", "there"),
    [
        (NOTICE, "the notice a 4711/5 2026, again", True),
        ("el zorro", "Known as «El  ZORRO».", True),
        ("Émile Zola", "emile zola", True),
        ("4711", "A-47110/5-2026", False),
        ("أبو خالد", "يعرف باسم أبو خالد هنا", True),
    ],
)
def test_words_are_compared_whole_without_capitals_and_accents(wanted: str, text: str, there: bool) -> None:
    assert (copies.normal(wanted) in copies.normal(text)) is there


# ------------------------------------------------------------------------------------------------------- the journey


def test_each_owner_finds_the_own_copies_and_nobody_learns_of_those_of_others(scene: Running) -> None:
    case = sought(scene)
    request = received(scene)
    assert searched(scene, request) == 1
    assert [(each.kind, each.object_id) for each in own(scene, "chaima")] == [("case", case.id)]
    assert [(each.kind, each.country) for each in own(scene, "moussa")] == [("lead", "MLI")]
    assert [each.kind for each in own(scene, "ana")] == ["plan"]
    assert [each.kind for each in own(scene, "frida")] == ["incident"]
    for name in CAST:
        if name not in ("chaima", "moussa", "ana", "frida", "otto"):
            assert own(scene, name) == [], name
        if name not in ("chaima", "otto"):
            assert reads(scene, name, requests.requests) == [], name
    assert len(own(scene, "otto")) == 4
    mine = reads(
        scene, "chaima", lambda session: session.exec(select(Entry).where(Entry.object_kind == "data_copy")).all()
    )
    assert {each.object_id for each in mine} == {own(scene, "chaima")[0].id}
    for name, copy in (("chaima", own(scene, "moussa")[0]), ("moussa", own(scene, "chaima")[0])):
        with pytest.raises(NotFound):
            decided(scene, name, copy, "kept", "Not ours.")


@pytest.mark.parametrize("wanted", ["Bruno Issoufou", "bruno", "number"])
def test_an_officer_s_enrolment_certificate_and_trainer_file_are_found_by_name_and_number(
    scene: Running, wanted: str
) -> None:
    [held] = certified(scene, "bruno")
    said = held.number if wanted == "number" else wanted
    with scene.store.reading(System()) as session:
        found = {each.thing.id for each in copies.search(session, said) if each.thing.kind == "training"}
    assert held.id in found
    assert (held.enrolment_id in found) is (wanted != "number")


def test_what_is_looked_for_is_kept_nowhere(scene: Running) -> None:
    case = sought(scene)
    request = received(scene)
    searched(scene, request, "nobody at all")
    searched(scene, request)
    for table in SQLModel.metadata.tables.values():
        if table.name in ("data_request", "data_copy", "entry", "access_entry", "message", "delivery", "row_step"):
            with scene.store.engine.connect() as connection:
                said = str(connection.execute(sa.select(table)).all())
            assert NOTICE not in said, table.name
            assert "nobody at all" not in said, table.name
    looks = reads(
        scene, "chaima", lambda session: session.exec(select(AccessEntry).where(AccessEntry.act == "data.look")).all()
    )
    assert [each.detail["number"] for each in looks] == [0, 1]
    assert case.notice_ref == NOTICE


def test_deletion_erases_the_case_of_the_country_and_of_nobody_else(scene: Running) -> None:
    case = sought(scene)
    request = received(scene)
    searched(scene, request)
    with pytest.raises(RuleBroken, match="Still open: 1"):
        taken(scene, "chaima", request, "answered", "All is erased.")
    decided(scene, "chaima", own(scene, "chaima")[0], "erased")
    row = reads(scene, "chaima", lambda session: session.get_one(FugitiveCase, case.id))
    assert (row.notice_ref, row.erased_at is not None) == (f"erased {case.number}", True)
    versions = reads(scene, "chaima", lambda session: session.exec(select(FugitiveVersion)).all())
    assert [each.content for each in versions] == [{}]
    asked = reads(scene, "moussa", lambda session: session.exec(unscoped(select(leads.LeadVersion))).all())
    assert NOTICE in asked[0].question, "Mali decides on its own lead"
    decided(scene, "moussa", own(scene, "moussa")[0], "erased")
    asked = reads(scene, "moussa", lambda session: session.exec(unscoped(select(leads.LeadVersion))).all())
    assert asked[0].question == ""
    assert taken(scene, "chaima", request, "answered", "All of ours is erased.").state == "answered"
    assert searched_again_is_refused(scene, request)


@pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)  # the log beside the file is SQLite's
def test_what_a_person_had_erased_leaves_the_file_and_the_log_beside_it(scene: Running, tmp_path: Path) -> None:
    keeper = Timetable(scene.store, LeaseCandidate("one"))
    with clock.at(BEGUN - timedelta(days=1)):
        keeper.beat()
    Sweep(sweep_in(scene)).nominate(notice_ref=NOTICE)
    lead_of(scene, "moussa", origin_country="MLI", to_countries=["NER"], question=f"Does notice {NOTICE} cross at Gao?")
    searched(scene, received(scene))
    for name in ("chaima", "moussa"):
        decided(scene, name, own(scene, name)[0], "erased")
    assert NOTICE.encode() in bytes_of(scene)
    wiping = [job for job in jobs.long(Copies(tmp_path)) if job.name == "erasure.wipe"]
    with clock.at(BEGUN + timedelta(days=1)):
        assert (keeper.tick(wiping), keeper.tick(wiping)) == (2, 0)
    assert NOTICE.encode() not in bytes_of(scene)


def searched_again_is_refused(scene: Running, request: DataRequest) -> bool:
    with pytest.raises(RuleBroken, match="This step is not possible now"):
        searched(scene, request)
    return True


def test_what_muster_does_not_erase_is_changed_where_it_stands_first(scene: Running) -> None:
    sought(scene)
    searched(scene, received(scene))
    copy = own(scene, "frida")[0]
    with pytest.raises(RuleBroken, match="The text still contains the term"):
        decided(scene, "frida", copy, "erased")
    kept = decided(scene, "frida", copy, "kept", "The file is open: it is evidence.")
    assert (kept.state, kept.mark) == ("kept", "")
    with pytest.raises(RuleBroken, match="decided on already"):
        decided(scene, "frida", copy, "erased")


@pytest.mark.parametrize(("asked", "to"), [("access", "given"), ("access", "withheld"), ("correction", "kept")])
def test_what_was_asked_says_what_can_be_decided(scene: Running, asked: str, to: str) -> None:
    sought(scene)
    searched(scene, received(scene, asked=asked))
    copy = own(scene, "chaima")[0]
    other = "erased" if asked == "access" else "given"
    with pytest.raises(NotFound):
        decided(scene, "chaima", copy, other, "Otherwise.")
    assert decided(scene, "chaima", copy, to, "By law.").state == to


def test_a_correction_is_believed_once_the_words_are_other_ones(scene: Running) -> None:
    case = sought(scene)
    searched(scene, received(scene, asked="correction"))
    copy = own(scene, "chaima")[0]
    with pytest.raises(RuleBroken, match="still contains"):
        decided(scene, "chaima", copy, "corrected")
    draft = case_draft(case_id=case.id, notice_ref=NOTICE, believed_in=["DZA"])
    does(scene, "chaima", cases.amend, draft, seen=case.version, why="Another notice.")
    assert decided(scene, "chaima", copy, "corrected").state == "corrected"


def test_the_same_found_again_is_not_doubled(scene: Running) -> None:
    sought(scene)
    request = received(scene)
    searched(scene, request)
    decided(scene, "chaima", own(scene, "chaima")[0], "kept", "By law.")
    assert searched(scene, request, "4711/5-2026") == 0
    assert [each.state for each in own(scene, "chaima")] == ["kept"]


# -------------------------------------------------------------------------------------------------- bad input, time


@pytest.mark.parametrize(("wanted", "said"), [("A-1", "4 letters or digits"), ("...--..", "4 letters or digits")])
def test_what_is_too_short_is_not_looked_for(scene: Running, wanted: str, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        searched(scene, received(scene), wanted)


def test_what_half_of_all_records_say_is_no_search_for_a_person(scene: Running, monkeypatch: Any) -> None:
    monkeypatch.setattr(copies, "MOST", 2)
    sought(scene)
    request = received(scene)
    with pytest.raises(RuleBroken, match="only one person has"):
        searched(scene, request)
    assert own(scene, "chaima") == []


def test_a_request_is_written_down_once_and_not_before_it_came(scene: Running) -> None:
    ident = new_id()
    assert received(scene, id=ident).id == received(scene, id=ident).id
    with pytest.raises(Conflict):
        received(scene, id=ident, file_ref="2026/15")
    with pytest.raises(RuleBroken, match="in the future"):
        received(scene, received=BEGUN.date() + timedelta(days=1))
    with pytest.raises(RuleBroken):
        received(scene, file_ref="+33 6 12 34 56 78")


def test_more_time_is_taken_once_and_for_three_months_at_most(scene: Running) -> None:
    request = received(scene)

    def extended(days: int) -> DataRequest:
        content = {"until": request.received + timedelta(days=days), "extended": "Many files to look at."}
        return does(scene, "chaima", requests.extend, request.id, parse(requests.ExtensionDraft, content))

    assert request.until == request.received + timedelta(days=30)
    for days in (30, 91):
        with pytest.raises(RuleBroken, match="no later than"):
            extended(days)
    assert extended(60).until == request.received + timedelta(days=60)
    with pytest.raises(RuleBroken, match="This deadline was already extended"):
        extended(70)
    late = received(scene, file_ref="2026/15", received=BEGUN.date() - timedelta(days=40))
    content = parse(requests.ExtensionDraft, {"until": BEGUN.date() + timedelta(days=9), "extended": "Many files."})
    with pytest.raises(RuleBroken, match="A deadline can only be extended before it ends"):
        does(scene, "chaima", requests.extend, late.id, content)


def test_one_request_is_searched_for_a_bounded_number_of_times(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    request = received(scene)
    monkeypatch.setattr(requests, "SEARCHES", 1)
    searched(scene, request)
    with pytest.raises(RuleBroken, match="This request has reached its limit of 1 searches"):
        searched(scene, request, "A-4712/5-2026")


def test_who_must_act_finds_it_in_the_list(scene: Running) -> None:
    def waits(name: str, of: UUID | None = None) -> list[str]:
        found = reads(scene, name, lambda session: waiting(session, scene[name], BEGUN), at=BEGUN)
        return [each.noun for each in found if each.noun in ("data request", "copy of data")]

    sought(scene)
    request = received(scene)
    assert waits("chaima") == ["data request"]
    searched(scene, request)
    for name in ("chaima", "moussa", "ana", "frida"):
        assert waits(name) == ["copy of data"], name
    decided(scene, "chaima", own(scene, "chaima")[0], "kept", "By law.")
    assert waits("chaima") == ["data request"]
    taken(scene, "chaima", request, "answered", "Told what is kept.")
    assert waits("chaima") == []
    assert waits("moussa") == ["copy of data"], "Mali's own decision is still open"


def test_nobody_else_takes_a_step(scene: Running) -> None:
    sought(scene)
    request = received(scene)
    for name in CAST:
        if name == "chaima":
            continue
        with pytest.raises(NotFound):
            searched(scene, request, by=name)
        with pytest.raises(NotFound):
            taken(scene, name, request, "refused", "Not here.")
        if name not in ("moussa", "ana"):
            with pytest.raises(NotFound):
                received(scene, name)
    assert received(scene, "ana", file_ref="HQ/9").country is None
    assert [each.asked for each in reads(scene, "ana", requests.requests)] == [SubjectRight.DELETION.value]
