"""The operational plan: written in versions, commented on by countries, frozen by leadership's approval."""

import pytest
import sqlalchemy as sa
from sqlmodel import select

from operations.core import journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import OperationState
from operations.policing import lifecycle
from operations.policing.operation import oplan, plan
from operations.policing.operation.oplan import OplanComment, OplanSection, OplanVersion
from tests.makers import Running


def write(
    scene: Running, section: str = "situation", text: str = "Another situation.", by: str = "ana", **more: object
):
    with scene.store.reading(System()) as session:
        before = oplan.sections(session, scene.operation).get(section)
    content = {"id": new_id(), "section": section, "state": "complete", "text": text}
    draft = parse(oplan.SectionDraft, content | {"supersedes_id": before.id if before else None} | more)
    with scene.store.unit_of_work(scene[by]) as session:
        return oplan.write(session, scene.operation, [draft], scene[by])[section]


def amend(scene: Running, by: str = "lena", **more: object) -> OplanVersion:
    with scene.store.reading(System()) as session:
        read = oplan.content_hash(list(oplan.sections(session, scene.operation).values()))
    draft = parse(oplan.AmendmentDraft, {"id": new_id(), "content_hash": read, "note": "More sites."} | more)
    with scene.store.unit_of_work(scene[by]) as session:
        return oplan.approve(session, scene.operation, draft, scene[by])


def comment(scene: Running, by: str = "chaima", text: str = "Our desk closes at ten.") -> OplanComment:
    draft = parse(oplan.SectionCommentDraft, {"id": new_id(), "section": "tasks", "text": text})
    with scene.store.unit_of_work(scene[by]) as session:
        return oplan.comment(session, scene.operation, draft, scene[by])


def test_the_approval_of_the_operation_froze_the_first_version(scene: Running) -> None:
    with scene.store.reading(scene["lena"]) as session:
        version = oplan.in_force(session, scene.operation)
        assert version is not None
        assert (version.number, version.approved_name) == (1, "Lena Okafor")
        assert list(oplan.sections_of(session, version)) == list(oplan.SECTIONS)
        assert oplan.intact(session, version)


def test_what_is_written_later_is_an_amendment_until_leadership_approves_it(scene: Running) -> None:
    write(scene)
    with scene.store.reading(scene["ana"]) as session:
        first = oplan.in_force(session, scene.operation)
        assert first is not None
        before, after = oplan.sections_of(session, first), oplan.sections(session, scene.operation)
        [change] = oplan.changes(before, after)
        assert change.before is not None
        assert change.after is not None
        assert (change.section, change.before.text, change.after.text) == (
            "situation",
            "As agreed: situation.",
            "Another situation.",
        )
    second = amend(scene)
    with scene.store.reading(scene["ana"]) as session:
        assert [(each.number, each.state) for each in oplan.versions(session, scene.operation)] == [
            (2, "approved"),
            (1, "superseded"),
        ]
        assert oplan.sections_of(session, first)["situation"].text == "As agreed: situation."
        assert oplan.intact(session, second)
    with pytest.raises(RuleBroken, match="nothing to approve"):
        amend(scene)


def test_nobody_approves_what_they_have_not_read(scene: Running) -> None:
    write(scene)
    with pytest.raises(Conflict, match="while you were reading"):
        amend(scene, content_hash="0" * 64)


def test_an_amendment_with_an_open_section_waits(scene: Running) -> None:
    write(scene, text="", state="open")
    with pytest.raises(RuleBroken, match="1 of 14 sections are still open"):
        amend(scene)


@pytest.mark.parametrize("name", ["ana", "dov", "chaima", "otto", "ada"])
def test_leadership_alone_approves(scene: Running, name: str) -> None:
    write(scene)
    with pytest.raises(NotFound):
        amend(scene, by=name)


@pytest.mark.parametrize("name", ["lena", "dov", "chaima", "bruno", "otto"])
def test_the_coordinator_alone_writes(scene: Running, name: str) -> None:
    with pytest.raises(NotFound):
        write(scene, by=name)


def test_the_same_again_is_answered_as_before_and_the_slower_one_is_told(scene: Running) -> None:
    made = write(scene)
    again = {"id": made.id, "section": made.section, "state": made.state, "text": made.text}
    with scene.store.unit_of_work(scene["ana"]) as session:
        pulse = journal.pulse(session)
        oplan.write(session, scene.operation, [parse(oplan.SectionDraft, again)], scene["ana"])
        assert journal.pulse(session) == pulse
        with pytest.raises(Conflict, match="This version of the section was already saved with other content"):
            oplan.write(session, scene.operation, [parse(oplan.SectionDraft, again | {"text": "x"})], scene["ana"])
    with pytest.raises(Conflict, match="while you were writing"):
        write(scene, text="Late.", supersedes_id=made.supersedes_id)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"state": "complete", "text": ""}, "Write the section first"),
        (
            {"section": "fundamental_rights", "state": "not_applicable", "text": "None."},
            "Every operation needs this section",
        ),
        ({"section": "weather", "text": "Rain."}, "weather is not one of the choices"),
        ({"text": "Call +227 90 12 34 56"}, "telephone number"),
    ],
)
def test_a_section_says_what_it_claims(content: dict[str, str], sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        parse(oplan.SectionDraft, {"id": new_id(), "section": "situation"} | content)


READ = {"ana": 14, "dov": 14, "lena": 14, "chaima": 14, "boubacar": 14, "bruno": 1, "otto": 0, "ada": 0}


@pytest.mark.parametrize("name", READ)
def test_who_reads_how_much(scene: Running, name: str) -> None:
    write(scene, "tasks", "Instructions nobody has approved.")
    with scene.store.reading(scene[name]) as session:
        seen = session.exec(select(OplanSection)).all()
        texts = {each.text for each in seen}
    written = name in ("ana", "dov", "lena", "chaima")
    assert len(seen) == READ[name] + written
    assert ("Instructions nobody has approved." in texts) == written


def test_a_country_comments_and_reads_its_own_comments_only(scene: Running) -> None:
    said = comment(scene)
    comment(scene, "moussa", "Bamako agrees.")
    with scene.store.unit_of_work(scene["ana"]) as session:
        oplan.answer(session, said.id, "The desk stays open.", scene["ana"])
        assert len(oplan.comments(session, scene.operation)) == 2
        with pytest.raises(Conflict, match="Somebody answered this comment already"):
            oplan.answer(session, said.id, "It closes.", scene["ana"])
    with scene.store.reading(scene["chaima"]) as session:
        [seen] = oplan.comments(session, scene.operation)
        assert (seen.country, seen.answer) == ("NER", "The desk stays open.")
    for name in ("bruno", "dov", "lena"):
        with pytest.raises(NotFound):
            comment(scene, name)


def test_a_frozen_version_cannot_be_changed_below_the_verbs_either(scene: Running) -> None:
    for statement in (
        "UPDATE oplan_section SET text = 'other'",
        "UPDATE oplan_version SET content_hash = 'other'",
        "DELETE FROM oplan_item",
    ):
        with scene.store.unit_of_work(System()) as session, pytest.raises(sa.exc.DBAPIError, match="never changed"):
            session.execute(sa.text(statement))


@pytest.mark.parametrize("name", ["bruno", "moussa", "lena"])
def test_a_guard_blocks_or_not_whoever_asks(scene: Running, name: str) -> None:
    with scene.store.reading(scene[name]) as session:
        operation = session.get(plan.Operation, scene.operation)
        assert operation is not None
        guards = lifecycle.guards(session, operation, OperationState.APPROVED)
    assert [guard.field for guard in guards if guard.blocks] == []
    assert {guard.field for guard in guards} >= {"oplan", "art3_screen", "participations", "line_kinds"}
