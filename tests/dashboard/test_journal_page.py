"""The journal page as functions: who reads which entries, paging, and the chain's check."""

from pathlib import Path
from typing import Any

import pytest
from dash.exceptions import PreventUpdate
from sqlalchemy import text
from sqlmodel import col, select

from dashboard.screens.journal import files, page
from dashboard.server.access import reading
from operations.analyses import adoption
from operations.analyses import job_steps as analysis_work
from operations.catalogue.kpis import Kpi
from operations.core import clock, evidence, journal
from operations.core.drafts import parse
from operations.core.errors import NotFound, NotPermitted
from operations.core.ids import new_id
from operations.core.journal import AccessEntry
from operations.core.people import System
from operations.policing.map_plan import places
from operations.policing.map_plan import versions as plan_versions
from operations.policing.map_plan.entry_visibility import numbered
from operations.policing.operation import plan, targets
from operations.policing.reports import verification
from operations.timetable import extracts
from tests.dashboard.desks import EVENING, at_desk, open_scene, texts
from tests.makers import START, Running, Shape, add_layer, adoption_draft, ask, form, freeze, hit, let_out, send


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def told(scene: Running, name: str, language: str = "en") -> list[str]:
    """All sentences, oldest first."""
    return [row["what"] for row in reversed(rows_for(scene, name, language))]


def rows_for(scene: Running, name: str, language: str = "en") -> list[dict[str, Any]]:
    """The rows with which the page opens."""
    with at_desk(scene, name, language=language), reading() as session:
        return page.contents(session, plan.operation(session, scene.operation, scene[name]), scene[name])[0]


def test_the_story_is_told_in_sentences_with_labels(scene: Running) -> None:
    first = send(scene, form(scene, lines=[hit(START)]), at=EVENING)
    send(scene, form(scene, "Bamako", kind="nil", lines=[]), by="mateo", at=EVENING)
    with at_desk(scene, "boubacar"), scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, first.id, scene["boubacar"])
    with at_desk(scene, "chaima"), scene.store.unit_of_work(scene["chaima"]) as session:
        verification.give_back(session, first.id, parse(verification.Return, {"reason": "unclear"}), scene["chaima"])
    story = told(scene, "dov")
    assert story[0] == "The operation was created: Border STOP."
    for sentence in (
        "Niger was invited.",
        "Mali confirmed that it takes part.",
        "On the plan: Coordination unit was drawn.",
        "The operation went from Pre-operational to Active.",
        "Niger: Niamey sent a report.",
        "Mali: Bamako sent a nil report.",
        "Niger: a report of Niamey is now at V2, Locally verified.",
        "Niger: a report of Niamey went back to its author (Unclear).",
    ):
        assert sentence in story, sentence


def test_layers_analyses_and_frozen_plans_are_told_in_every_language(scene: Running) -> None:
    add_layer(scene)
    asked = ask(scene)
    with scene.store.unit_of_work(System()) as session:
        claimed = analysis_work.claim(session, "worker", START)
        assert claimed is not None
        analysis_work.finish(session, claimed.turn, analysis_work.Outcome({"sites": ["N1"]}), START)
    with scene.store.unit_of_work(scene["ana"]) as session:
        chosen = [adoption.Adopted(adoption_draft(), Shape({"type": "Point", "coordinates": [2.1, 13.5]}))]
        adoption.adopt(session, scene.operation, asked.id, chosen, scene["ana"])
    made = freeze(scene)
    with scene.store.unit_of_work(scene["lena"]) as session:
        plan_versions.approve(session, made.id, scene["lena"])
    assert told(scene, "dov")[-7:] == [
        "The coordination: a layer was imported (Events). Rows kept: 3, left out: 1.",
        "An analysis was asked for: Placement of teams.",
        "An analysis came to its end: Placement of teams.",
        "On the plan: Checkpoint was drawn.",
        "On the plan: objects adopted from an analysis (Placement of teams): 1.",
        "Version 1 of the plan was frozen. Objects: 2, sites: 3.",
        "Version 1 of the plan was approved.",
    ]
    for language in ("fr", "es", "ar"):
        assert not set(told(scene, "dov", language)[-7:]) & set(told(scene, "dov")[-7:])


def test_the_feed_of_the_wall_names_no_person(scene: Running) -> None:
    send(scene, form(scene), at=EVENING)
    names = ("Bruno", "Ana", "Chaima", "Moussa", "Lena")
    assert not any(name in sentence for sentence in told(scene, "lena") for name in names)


def test_a_country_reads_what_concerns_it_or_everybody(scene: Running) -> None:
    send(scene, form(scene), at=EVENING)
    send(scene, form(scene, "Bamako"), by="mateo", at=EVENING)
    words = " ".join(told(scene, "moussa"))
    assert "Bamako" in words
    assert "Niger" not in words
    assert "Niamey sent" not in words
    assert "Niamey sent" in " ".join(told(scene, "ana"))
    assert "Niamey sent" not in " ".join(told(scene, "otto"))
    let_out(scene)
    assert "Niamey sent" in " ".join(told(scene, "otto"))
    with at_desk(scene, "ada"), pytest.raises(NotFound):
        page.layout(str(scene.operation))


def test_what_the_coordination_drew_for_itself_is_not_told_to_countries(scene: Running) -> None:
    drawing = parse(
        places.MapObjectDraft,
        {"id": new_id(), "object_id": new_id(), "kind": "hotspot", "name": "Secret", "audience": "coordination"},
    )
    with scene.store.unit_of_work(scene["ana"]) as session:
        places.draw(
            session, scene.operation, drawing, Shape({"type": "Point", "coordinates": [2.0, 13.0]}), scene["ana"]
        )
    assert any("Hotspot" in sentence for sentence in told(scene, "dov"))
    assert not any("Hotspot" in sentence for sentence in told(scene, "bruno"))


def test_auditors_take_along_what_proves_the_entries_and_nobody_else_does(scene: Running, tmp_path: Path) -> None:
    words, file = "Extract that can be proven (ZIP)", tmp_path / "extract.zip"
    for name in ("dov", "lena", "moussa", "ada"):
        with pytest.raises((NotFound, NotPermitted)):
            files.extract(scene.store, scene.operation, scene[name])
    with at_desk(scene, "dov"):
        assert words not in texts(page.layout(str(scene.operation)))
    with at_desk(scene, "otto"):
        assert words in texts(page.layout(str(scene.operation)))
    content, title = files.extract(scene.store, scene.operation, scene["otto"])
    file.write_bytes(content)
    found = extracts.verify(file, evidence.public_key())
    assert found is not None
    assert found.entries > 10
    assert title.endswith(".zip")
    with scene.store.reading(System()) as session:
        last = session.exec(select(AccessEntry).order_by(col(AccessEntry.seq).desc())).first()
    assert last is not None
    assert (last.act, last.actor_id, last.detail["rows"]) == (
        "journal.extract",
        scene["otto"].account_id,
        found.entries,
    )


def test_older_entries_come_page_by_page_and_new_ones_on_top(scene: Running) -> None:
    with at_desk(scene, "dov"), reading() as session:
        operation = plan.operation(session, scene.operation, scene["dov"])
        newest = numbered(session, operation, scene["dov"], limit=5)
        rest = numbered(session, operation, scene["dov"], limit=500, before=newest[-1][0])
        every = numbered(session, operation, scene["dov"], limit=500)
        assert numbered(session, operation, scene["dov"], limit=5, before=1) == []
    assert len(newest) == 5
    assert newest + rest == every
    assert [number for number, _entry in every] == list(range(len(every), 0, -1))
    shown = rows_for(scene, "dov")
    send(scene, form(scene), at=EVENING)
    with at_desk(scene, "dov"):
        told = page.show_new(1, str(scene.operation), shown=shown)
        with pytest.raises(PreventUpdate):
            page.show_new(2, str(scene.operation), told["marks"], shown=shown)
    rows, older, all_shown = told["shown"]
    assert (older, all_shown) == (None, True)
    assert len(rows) == len(shown) + 1
    assert "sent a report" in rows[0]["what"]


def test_of_two_entries_of_one_moment_about_one_thing_the_second_comes_as_well(scene: Running) -> None:
    def aim(value: int) -> None:
        with clock.at(EVENING), scene.store.unit_of_work(scene["ana"]) as session:
            targets.aim(
                session, scene.operation, targets.TargetDraft(kpi=Kpi.DATABASE_CHECKS, value=value), scene["ana"]
            )

    aim(500)
    before = rows_for(scene, "ana")
    aim(600)
    after = rows_for(scene, "ana")
    assert after[0]["reference"] == before[0]["reference"]
    assert [each["id"] for each in after[1:]] == [each["id"] for each in before]
    assert len({each["id"] for each in after}) == len(after) == len(before) + 1


def test_the_check_says_how_far_the_chain_holds_and_where_it_breaks(scene: Running) -> None:
    with at_desk(scene, "otto"):
        holds = texts(page.verdict(str(scene.operation)))
    with scene.store.reading(System()) as session:
        assert f"verified up to entry {journal.count(session)}" in holds
    with at_desk(scene, "lena"):
        assert texts(page.verdict(str(scene.operation))) == (
            "The chain holds to its end: nothing was changed, moved or inserted."
        )
    with at_desk(scene, "chaima"), pytest.raises(NotFound):
        page.verdict(str(scene.operation))
    with scene.store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER IF EXISTS entry_keeps"))
        connection.execute(text("UPDATE entry SET actor_name = 'Somebody' WHERE seq = 3"))
    with at_desk(scene, "otto"):
        assert "entry 3 was changed" in texts(page.verdict(str(scene.operation)))
    with at_desk(scene, "lena"):
        assert "an entry was changed" in texts(page.verdict(str(scene.operation)))
