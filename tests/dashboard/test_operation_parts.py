"""The parts of an operation as functions: operational plan, units, templates, intelligence, results of leads."""

import ast
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from dash import html, no_update
from dash.exceptions import PreventUpdate

from dashboard.frame.interactions import DRAWN
from dashboard.parts import confirmation
from dashboard.screens.countries import page as operation_countries
from dashboard.screens.intelligence import page as operation_intelligence
from dashboard.screens.lead_results import page as lead_results
from dashboard.screens.oplan import page as operation_oplan
from dashboard.screens.oplan.list import marked
from dashboard.screens.overview import page as operation
from dashboard.screens.overview.lifecycle_stepper import Next, lifecycle_actions, lifecycle_stops
from dashboard.screens.templates import instantiation as template_start
from dashboard.screens.templates import page as templates
from dashboard.screens.templates.form import FORM, content_of
from dashboard.screens.units import page as operation_units
from dashboard.screens.units.form import FORM as UNIT
from dashboard.server.access import reading, unit_of_work
from operations.core import clock
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import OperationState
from operations.policing import lifecycle
from operations.policing.lifecycle import LIFE
from operations.policing.operation import oplan, plan
from operations.support import intelligence
from operations.templates import library
from tests.dashboard.conftest import Site
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, press, stores_of, texts
from tests.evaluations import settled
from tests.makers import START, Running, add_task, arrest, form, send
from tests.operations.sweeps import Sweep, sweep_in
from tests.syntax_trees import syntax_tree
from tests.teams import on_site


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def shown(scene: Running, name: str, part: Any, **query: str) -> str:
    with at_desk(scene, name):
        return texts(part.layout(str(scene.operation), **query))


def seen(scene: Running, code: str) -> str:
    with scene.store.reading(scene["ana"]) as session:
        return str(oplan.sections(session, scene.operation)[code].id)


def write(scene: Running, code: str, version: str, typed: dict[str, Any]) -> str:
    """Where the page goes after the section was saved."""
    page = operation_oplan
    return str(press(page.save, page.Ids.SAVE, scene.operation, typed, code=code, version=version)["to"])


def amended(scene: Running) -> None:
    with at_desk(scene, "ana"):
        typed = {"text": "Four more sites.", "state": "complete"}
        write(scene, "area", seen(scene, "area"), typed)


def approval_waits(scene: Running, name: str) -> bool | None:
    """Whether the form that approves an amendment is hidden from somebody; None where there is none."""
    with at_desk(scene, name):
        page = operation_oplan.layout(str(scene.operation))
    found = [each for each in found_in(page, "Div") if getattr(each, "id", None) == operation_oplan.Ids.APPROVAL]
    return found[0].hidden if found else None


def drawn_in(page: Any, part: str) -> str:
    """The mark of a part that follows the pulse, as the page was loaded."""
    [found] = [each for each in found_in(page, "Div") if getattr(each, "id", None) == part]
    return str(found.to_plotly_json()["props"][DRAWN])


def test_versions_and_what_is_to_be_approved_follow_the_pulse(scene: Running) -> None:
    ids, now = operation_oplan.Ids, {"operation_id": str(scene.operation)}
    with at_desk(scene, "lena"):
        page = operation_oplan.layout(str(scene.operation))
        mark = drawn_in(page, ids.STATUS)
        assert operation_oplan.refresh_status(1, **now, drawn=[mark])["shown"] == [no_update]
    amended(scene)
    with at_desk(scene, "lena"):
        [status] = operation_oplan.refresh_status(2, **now, drawn=[mark])["shown"]
        assert "Amendment in preparation: version 1 stays in force" in texts(status)
        waits, read = operation_oplan.refresh_approval(2, **now, drawn=[True, None])["shown"]
        assert waits is False
        press(operation_oplan.approve, operation_oplan.AMEND.send, scene.operation, {"note": ""}, new_id(), read=read)
        after = operation_oplan.refresh_status(3, **now, drawn=[mark])
        assert "Version 2" in texts(after["shown"])
        assert operation_oplan.refresh_approval(3, **now, drawn=[False, read])["shown"][0] is True
        assert after["marks"] == [drawn_in(operation_oplan.layout(str(scene.operation)), ids.STATUS)]


def test_an_amendment_shows_what_differs_and_leadership_alone_may_approve_it(scene: Running) -> None:
    assert "Amendment in preparation" not in shown(scene, "lena", operation_oplan)
    amended(scene)
    words = shown(scene, "lena", operation_oplan)
    assert "Amendment in preparation: version 1 stays in force" in words
    assert [approval_waits(scene, name) for name in ("lena", "ana")] == [False, None]
    with scene.store.reading(scene["lena"]) as session:
        read = oplan.content_hash(list(oplan.sections(session, scene.operation).values()))
    with at_desk(scene, "lena"):
        approve, button = operation_oplan.approve, operation_oplan.AMEND.send
        went = press(approve, button, scene.operation, {"note": ""}, new_id(), read=read)
        assert went["to"].endswith("oplan?version=2")
        page = texts(operation_oplan.layout(str(scene.operation), version="2"))
    assert "its fingerprint holds" in page
    assert "1 section differs" in page
    with at_desk(scene, "lena"), pytest.raises(NotFound):
        operation_oplan.layout(str(scene.operation), version="9")


def test_saving_goes_on_to_the_next_open_section_and_flaws_stand_beside_the_text(scene: Running) -> None:
    with at_desk(scene, "ana"):
        write(scene, "logistics", seen(scene, "logistics"), {"text": "", "state": "open"})
        typed = {"text": "Other words.", "state": "complete"}
        assert write(scene, "area", seen(scene, "area"), typed).endswith("oplan?section=logistics")
        with pytest.raises(RuleBroken) as refused:
            write(scene, "area", seen(scene, "area"), {"text": "", "state": "complete"})
        assert refused.value.flaws[0].field == "text"
    with at_desk(scene, "ana") as told:
        page = operation_oplan
        given = {"code": "area", "version": str(new_id()), "base": {"text": "As it was.", "state": "open"}}
        mine = typed | {"text": "My words."}
        result = press(page.save, page.Ids.SAVE, scene.operation, mine, **given)
        assert "Somebody changed this while you were writing" in str(told)
        assert result["to"] is no_update
        version, _base, both, *_rest = result["shown"]
        assert version == seen(scene, "area")
        assert both == {"text": {"mine": "My words.", "theirs": "Other words."}}


def test_what_was_taken_out_is_struck_and_what_was_put_in_is_underlined() -> None:
    parts = marked("Two sites report.", "Four sites report daily.")
    told = [(type(each).__name__, texts(each)) for each in parts]
    assert told == [("Del", "Two"), ("Ins", "Four"), ("str", " sites report"), ("Ins", " daily"), ("str", ".")]


def test_a_country_comments_and_the_coordinator_answers(scene: Running) -> None:
    with at_desk(scene, "chaima"):
        send_, typed = operation_oplan.Ids.SEND, {"text": "We close at ten."}
        press(operation_oplan.comment, send_, scene.operation, typed, new_id(), code="tasks")
    with scene.store.reading(scene["ana"]) as session:
        [said] = oplan.comments(session, scene.operation)
    assert "We close at ten." in shown(scene, "ana", operation_oplan, section="tasks")
    with at_desk(scene, "ana"):
        ids, follow = operation_oplan.Ids, operation_oplan.refresh_comments
        open_ = {
            "operation_id": str(scene.operation),
            "code": "tasks",
            "words": ["Stay"],
            "places": [{"of": str(said.id)}],
        }
        parts = follow(1, **open_, drawn=["before"])
        assert [each.value for each in found_in(parts["shown"], "TextInput")] == ["Stay"]  # what is typed there stays
        with pytest.raises(PreventUpdate):
            follow(2, **open_, drawn=parts["marks"])
        beside = {"type": f"{ids.ANSWER}-text", "of": {str(new_id()): "Another.", str(said.id): "Stay until midnight."}}
        button = {"type": ids.ANSWER, "of": str(said.id)}
        press(operation_oplan.answer, button, scene.operation, beside=beside)
    assert "Stay until midnight." in shown(scene, "chaima", operation_oplan, section="tasks")
    assert "We close at ten." not in shown(scene, "moussa", operation_oplan, section="tasks")


def test_an_officer_reads_the_tasks_and_nothing_else_of_the_plan(scene: Running) -> None:
    words = shown(scene, "bruno", operation_oplan, section="tasks")
    assert "As agreed: tasks." in words
    assert "As agreed: situation." not in shown(scene, "bruno", operation_oplan, section="situation")
    version = shown(scene, "bruno", operation_oplan, version="1")
    assert "You read the part of it that is for you." in version
    assert "As agreed: situation." not in version


def unit_typed(**changes: Any) -> dict[str, Any]:
    typed: dict[str, Any] = dict.fromkeys(UNIT.states(), "")
    typed |= {"kind": "ocu", "host_country": "NER", "zone": "Africa/Niamey", "days": [], "round_the_clock": False}
    typed |= {"supports": ["NER"], "members_0_function": "head", "members_0_persons": 1}
    return typed | changes


def test_a_unit_is_said_anew_and_its_card_tells_whether_it_is_manned_now(scene: Running) -> None:
    words = shown(scene, "chaima", operation_units)
    assert "OCU Niamey manned now 19:00" in words  # 18:00 UTC
    assert "Change" not in words
    with at_desk(scene, "ana"):
        page = operation_units.layout(str(scene.operation))
        [way] = [link.href for link in found_in(page, "Link") if "?unit=" in link.href]
        object_id = way.split("=")[1]
        form_ = operation_units.layout(str(scene.operation), unit=object_id)
        ids = {getattr(each, "id", None): each for each in found_in(form_, "Store")}
        given = {"object_id": object_id, "version": ids[operation_units.Ids.SEEN].data, "client": new_id()}

        def save(**typed: Any) -> None:
            press(operation_units.save, operation_units.Ids.SAVE, scene.operation, unit_typed(**typed), **given)

        with pytest.raises(RuleBroken) as refused:
            save()
        assert refused.value.flaws[0].field == "days"
        with pytest.raises(RuleBroken) as refused:
            save(members_0_persons=900, round_the_clock=True)
        assert refused.value.flaws[0].field == "members_0_persons"
        again = {"members_5_function": "head", "members_5_persons": 2}
        with pytest.raises(RuleBroken, match="together in one line") as refused:
            save(round_the_clock=True, **again)
        assert refused.value.flaws[0].field == "members_5_function"
        save(days=["0"], opens="08:00", closes="12:00")
    words = shown(scene, "ana", operation_units)
    assert "not manned now" in words
    assert "Monday, ⁨08:00–12:00⁩" in words
    assert "No unit supports: Mali" in words


def start_typed(scene: Running, **changes: Any) -> dict[str, Any]:
    with scene.store.reading(scene["ana"]) as session:
        template = str(library.templates(session)[0].id)
    typed = {"template": template, "code_name": "Adwenpa VIII", "edition": 1, "first_day": "2026-09-07"}
    typed["past_tasks"] = "move"
    return typed | {"zone": "Africa/Niamey", "classification": "for_official_use", "countries": ["NER"]} | changes


def begin(typed: dict[str, Any]) -> Any:
    return press(template_start.create, template_start.Ids.CREATE, None, typed, new_id())["to"]


def test_a_start_shows_the_days_first_and_then_what_is_missing(scene: Running) -> None:
    typed = start_typed(scene)
    with at_desk(scene, "ana"):
        assert "Choose the first day" in texts(template_start.layout())
        days, hidden = template_start.preview(typed["template"], "2026-09-07")
        assert "7 Sep 2026 – 11 Sep 2026" in texts(days)
        assert hidden
        days, hidden = template_start.preview(typed["template"], EVENING.date().isoformat(), "Africa/Niamey")
        assert "tasks of the template would be late at once" in texts(days)
        assert not hidden
        with pytest.raises(RuleBroken) as refused:
            begin(typed | {"code_name": "", "zone": None})
        assert {flaw.field for flaw in refused.value.flaws} == {"code_name", "zone"}
        with pytest.raises(RuleBroken, match="leave both empty") as half:
            begin(typed | {"teams_country": "NER"})
        assert half.value.flaws[0].field == "teams_place"
        for changes, field in (
            ({"teams_place": "Nowhereville"}, "teams_place"),
            ({"countries": []}, "teams_to.country"),
        ):
            wanted = typed | {"teams_country": "NER", "teams_place": "Agadez"} | changes
            with pytest.raises(RuleBroken) as refused:
                begin(wanted)
            assert refused.value.flaws[0].field == field
        assert [each["value"] for each in template_start.offer_countries(["NER"])] == ["NER"]
        assert "Document examiner · 2 teams · 5 days" in texts(template_start.layout())
    with at_desk(scene, "ana") as said:
        went = press(template_start.create, template_start.Ids.CREATE, None, typed, new_id())["to"]
    assert "No teams are asked for yet" in said["shell-notices"]["sendNotifications"][0]["message"]
    made = went.split("/")[2]
    scene.members["ana"] = scene["ana"].__class__(**vars(scene["ana"]) | {"operations": frozenset({UUID(made)})})
    with at_desk(scene, "ana"):
        words = texts(operation.layout(made))
    assert "Still missing before Approved:" in words
    assert "14 of 14 sections are still open" in words
    assert "of at least 50,000" in words


def test_a_changed_template_keeps_words_in_four_languages_that_nobody_touched(scene: Running) -> None:
    with scene.store.reading(scene["ana"]) as session:
        before = library.templates(session)[0]
        content = library.content_of(before)
    with at_desk(scene, "ana"):
        page = templates.layout(edit=str(before.id))
    typed = dict.fromkeys(FORM.states())
    for kind in ("TextInput", "Textarea", "NumberInput", "Select", "MultiSelect", "TimePicker"):
        for each in found_in(page, kind):
            typed[each.id.removeprefix("template-")] = each.value
    with at_desk(scene, "ana"):
        assert content_of(typed, content) == content

        stores = stores_of(page)
        given = {"version": stores[templates.Ids.SEEN], "base": stores[templates.VERSIONS.base]}
        given["template"] = stores[templates.Ids.TEMPLATE]

        def save(changes: dict[str, Any]) -> Any:
            return press(templates.save, templates.Ids.SAVE, None, typed | changes, new_id(), **given)

        with pytest.raises(RuleBroken) as refused:
            save({"phases_1_days": 0})
        assert refused.value.flaws[0].field == "phases_1_days"
        with pytest.raises(RuleBroken) as refused:
            save({"needs_0_days": ""})
        assert refused.value.flaws[0].field == "needs_0_days"
        save({"tasks_0_title": "Brief every desk", "phases_4_order": 1})
        with reading() as session:
            saved = library.history(session, before.template_id)[0]
        met = save({"tasks_0_title": "Brief no desk", "aim": "To test."})
    assert met["to"] is no_update
    version, _base, both, place, *fields = met["shown"]
    filled = dict(zip(FORM.states(), fields, strict=True))
    assert version == str(saved.id)
    assert both == {"tasks_0_title": {"mine": "Brief no desk", "theirs": "Brief every desk"}}
    assert (filled["aim"], filled["tasks_0_title"]) == (no_update, no_update)
    assert "Brief no desk" in texts(place)
    again = library.content_of(saved)
    assert (saved.version, again.tasks[0].title) == (2, "Brief every desk")
    assert again.phases[0].kind == "evaluation"
    assert again.tasks[0].phase == 1  # it follows its phase, which is the second now
    assert again.needs[0].phase == 3  # so do the teams


def test_a_template_is_made_new_on_the_screen_with_its_own_texts_for_the_plan(scene: Running) -> None:
    with at_desk(scene, "ana"):
        assert "Make a new template" in texts(templates.layout())
        page = templates.layout(new="regional")
        assert "Make a new template" not in texts(page)
        typed = dict.fromkeys(FORM.states())
        for kind in ("TextInput", "Textarea", "NumberInput", "Select", "MultiSelect", "TimePicker"):
            for each in found_in(page, kind):
                typed[each.id.removeprefix("template-")] = getattr(each, "value", None)
        assert "[countries]" in typed["oplan_area"]

        def keep(**changes: Any) -> None:
            asked = typed | changes
            press(templates.create, templates.Ids.CREATE, None, asked, client, kind="regional")

        client = new_id()
        with pytest.raises(RuleBroken) as refused:
            keep()
        assert {"name", "crime_scope", "phases_0_kind"} <= {flaw.field for flaw in refused.value.flaws}
        keep(
            name="Autumn in the region",
            crime_scope=["migrant_smuggling"],
            oplan_area="The whole coast.",
            phases_0_kind="operational",
            phases_0_days=7,
        )
        with pytest.raises(NotFound):
            press(templates.create, templates.Ids.CREATE, None, typed, new_id(), kind="no_such_kind")
        with reading() as session:
            [made] = library.history(session, client)
        content = library.content_of(made)
        assert (made.version, content.name, content.oplan["area"]) == (1, "Autumn in the region", "The whole coast.")
        assert "Autumn in the region" in texts(templates.layout())
    with at_desk(scene, "lena"):
        assert "Make a new template" not in texts(templates.layout())


def test_goals_stand_beside_the_figures_and_hidden_numbers_have_no_bar(scene: Running) -> None:
    with at_desk(scene, "ana"):
        set_, drop = operation.Ids.TARGET_SET, operation.Ids.TARGET_DROP
        press(operation.aim, set_, scene.operation, {"kpi": "K11", "value": 20})
        with pytest.raises(RuleBroken):
            press(operation.aim, set_, scene.operation, {"kpi": "K31", "value": 200})
    assert "Arrests" in shown(scene, "lena", operation)
    assert "of at least 20" in shown(scene, "lena", operation)
    with at_desk(scene, "ana"):
        press(operation.aim, drop, scene.operation, {"kpi": "K11", "value": None})
    assert "No target is set" in shown(scene, "ana", operation)


def send_task(scene: Running, typed: dict[str, Any], client: Any) -> None:
    page, graded = operation_intelligence, {"source": "b", "information": "3", "handling": "h0"}
    empty = dict.fromkeys(("question", "entity_id", "to_countries", "due", "due_time"))
    press(page.task, page.Ids.TASK, scene.operation, empty | graded | typed, client)


def tasked(scene: Running) -> str:
    ident, graded, page = new_id(), {"source": "b", "information": "3", "handling": "h0"}, operation_intelligence
    with at_desk(scene, "dov"):
        stated = {"statement": "One group.", "state": "open", **graded}
        press(page.suppose, page.Ids.SUPPOSE, scene.operation, stated, version=None)
        part, typed = str(new_id()), {"kind": "group", "description": "Night drivers.", **graded}
        press(page.keep_part, page.Ids.PART_SAVE, scene.operation, typed, version=None, entity=part)
        due = (EVENING + timedelta(days=1)).date().isoformat()
        asked = {"question": "Seen where?", "entity_id": part, "to_countries": ["NER"], "due": due, "due_time": "18:00"}
        send_task(scene, asked, ident)
    return str(ident)


def test_who_changes_the_hypothesis_or_a_part_of_the_network_meets_both_versions(scene: Running) -> None:
    tasked(scene)
    page = operation_intelligence
    with scene.store.reading(scene["dov"]) as session:
        [now], [part] = (
            intelligence.hypotheses(session, scene.operation),
            intelligence.network(session, scene.operation),
        )
    entity = str(part.entity_id)
    for act, button, was, changes, given in (
        (page.suppose, page.Ids.SUPPOSE, now, {"statement": ("Two groups.", "No group.")}, {}),
        (page.keep_part, page.Ids.PART_SAVE, part, {"description": ("Day drivers.", "Boats.")}, {"entity": entity}),
    ):
        [(field, (theirs, mine))] = changes.items()
        typed = page.SUPPOSE.shown(was) if field == "statement" else page.PART.shown(was)
        given = {**given, "version": str(was.id), "base": typed}
        with at_desk(scene, "dov") as told:
            assert press(act, button, scene.operation, typed | {field: theirs, "source": "a"}, **given)["to"]
            met = press(act, button, scene.operation, typed | {field: mine}, **given)
        assert "Somebody changed this while you were writing" in str(told)
        assert met["to"] is no_update
        version, _base, both, _place, *fields = met["shown"]
        assert both == {field: {"mine": mine, "theirs": theirs}}
        assert "a" in fields, "what only the other changed is filled in"
        with at_desk(scene, "dov"):
            again = {**given, "version": version}
            assert press(act, button, scene.operation, typed | {field: mine}, **again)["to"]
    with at_desk(scene, "dov"):
        with scene.store.reading(scene["dov"]) as session:
            [part] = intelligence.network(session, scene.operation)
        given = {"version": str(part.id), "base": typed, "entity": entity}
        press(page.keep_part, page.Ids.PART_OUT, scene.operation, page.PART.shown(part), **given)
        with pytest.raises(Conflict, match="took this part out of the network"):
            press(page.keep_part, page.Ids.PART_SAVE, scene.operation, typed, **given)


def test_intelligence_is_read_by_those_who_coordinate_and_by_no_country(scene: Running) -> None:
    tasked(scene)
    words = shown(scene, "lena", operation_intelligence)
    assert "One group." in words
    assert "G1" in words
    assert "Derive a tasking" not in words
    assert "G1 Seen where?" in shown(scene, "dov", operation_intelligence).replace("G1  ", "G1 ")
    assert "Intelligence" not in shown(scene, "chaima", operation)
    with at_desk(scene, "dov"), pytest.raises(RuleBroken) as refused:
        send_task(scene, {"due": None}, new_id())
    assert {flaw.field for flaw in refused.value.flaws} == {"question", "to_countries", "due"}


def connected(scene: Running, typed: dict[str, Any]) -> None:
    went = press(lead_results.connect, lead_results.FORM.send, scene.operation, typed, new_id())
    assert went["to"].startswith(f"/operations/{scene.operation}/lead-results?link=")


def undone(scene: Running, typed: dict[str, Any]) -> None:
    went = press(lead_results.undo, lead_results.Ids.UNDO, scene.operation, typed)
    assert went["to"].startswith(f"/operations/{scene.operation}/lead-results?undone=")


def test_a_country_links_its_result_and_leadership_reads_how_many(scene: Running) -> None:
    lead = tasked(scene)
    version = send(scene, form(scene, lines=[arrest(2)]))
    with at_desk(scene, "chaima"):
        page = lead_results.layout(str(scene.operation))
        choices = {each.id: each.data for each in found_in(page, "Select")}
        [line] = [each["value"] for each in choices["lead-result-line"] if str(version.id) in each["value"]]
        assert [each["value"] for each in choices["lead-result-lead_id"]] == [lead]
        connected(scene, {"lead_id": lead, "line": line, "note": ""})
    assert "1 lead Arrest: 2" in shown(scene, "chaima", lead_results)
    assert "1 lead Arrest: 2" in shown(scene, "lena", lead_results)
    assert "Nothing crosses yet" in shown(scene, "moussa", lead_results)
    assert "From lead to result" in shown(scene, "chaima", lead_results)
    assert "From lead to result" not in shown(scene, "lena", lead_results)
    with at_desk(scene, "chaima"):
        page = lead_results.layout(str(scene.operation))
        [link] = next(each.data for each in found_in(page, "Select") if each.id == "lead-result-wrong-link")
        for typed, field in (({"link": link["value"]}, "reason"), ({"reason": "Another lead."}, "link")):
            with pytest.raises(RuleBroken) as refused:
                undone(scene, typed)
            assert refused.value.flaws[0].field == field
        undone(scene, {"link": link["value"], "reason": "Another lead."})
    assert "No result is linked to a lead" in shown(scene, "chaima", lead_results)
    assert "Undo a wrong link" not in shown(scene, "lena", lead_results)


def test_a_part_can_be_added_while_there_is_none_to_take_out(site: Site) -> None:
    """The button that takes a part out stands only beside an open part: the browser must not insist on it."""
    asked = {
        name: entry
        for name, entry in site.app.inside.dash.callback_map.items()
        if "intelligence-part-out" in str(entry["inputs"])
    }
    (entry,) = asked.values()
    optional = {each["id"]: each.get("allow_optional", False) for each in entry["inputs"]}
    assert optional == {"intelligence-part-save": False, "intelligence-part-out": True}


def test_a_tasking_is_taken_back_with_a_reason_and_what_is_typed_outlives_the_pulse(scene: Running) -> None:
    lead = tasked(scene)
    ident, page = str(scene.operation), operation_intelligence
    assert "Take it back from Niger" in shown(scene, "dov", page)
    assert "Take it back from Niger" not in shown(scene, "lena", page)
    button = {"type": page.Ids.BACK, "lead": lead, "country": "NER"}

    def beside(words: str | None) -> dict[str, Any]:
        return {"type": page.Ids.WHY, "lead": {str(new_id()): "Another lead's.", lead: words}}

    with at_desk(scene, "dov"):
        drawn = {
            each.id: each.to_plotly_json()["props"].get(DRAWN)
            for each in found_in(page.layout(ident), "Div")
            if getattr(each, "id", None)
        }
        parts = (page.Ids.HYPOTHESIS, page.Ids.NETWORK, page.Ids.TASKINGS, page.Ids.KEPT)
        marks = [drawn[part] for part in parts]
        assert page.refresh(1, ident, marks) == {"shown": [no_update] * 4, "marks": [no_update] * 4}
        with pytest.raises(RuleBroken, match="Give the reason"):
            press(page.take_back, button, ident, beside=beside(None))
        after = press(page.take_back, button, ident, beside=beside("Asked the wrong country."))
        assert "Niger Taken back Asked the wrong country." in " ".join(texts(after["shown"]).split())
        changed = page.refresh(2, ident, marks)
        assert [each is no_update for each in changed["shown"]] == [True, True, False, True]
        assert changed["marks"][2] == after["marks"][0]


def test_a_location_of_a_case_is_linked_and_undone_on_the_page_of_results(scene: Running) -> None:
    with clock.at(EVENING):
        case, place = Sweep(sweep_in(scene)).located()
    with at_desk(scene, "moussa"):
        page = lead_results.layout(str(scene.operation))
        choices = {each.id: each.data for each in found_in(page, "Select")}
        assert choices["lead-result-line"] == [{"value": f"found {place}", "label": f"{case.case_no}, Mali: Confirmed"}]
        [lead] = [each["value"] for each in choices["lead-result-lead_id"]]
        for typed, field in (({"lead_id": lead}, "line"), ({"line": f"found {place}"}, "lead_id")):
            with pytest.raises(RuleBroken) as refused:
                connected(scene, typed)
            assert refused.value.flaws[0].field == field
        connected(scene, {"lead_id": lead, "line": f"found {place}", "note": "By this."})
    for name in ("moussa", "chaima", "dov", "ana"):
        assert f"Mali {case.case_no}: Confirmed" in shown(scene, name, lead_results), name
    assert "1 lead Positively located: 1" in shown(scene, "chaima", lead_results)
    assert "1 lead Positively located: 1" in shown(scene, "lena", lead_results)
    assert case.case_no not in shown(scene, "lena", lead_results)
    with at_desk(scene, "chaima"):
        page = lead_results.layout(str(scene.operation))
        [link] = next(each.data for each in found_in(page, "Select") if each.id == "lead-result-wrong-link")
        undone(scene, {"link": link["value"], "reason": "Another lead."})
    assert "No result is linked to a lead" in shown(scene, "dov", lead_results)
    assert "Kept until" in shown(scene, "dov", lead_results)


# ------------------------------------------------------------------------------------ steps that nobody can undo


def asking(component: Any) -> dict[str, str]:
    """The buttons that ask before they act, by their label, with what they say follows."""
    found = {}
    for each in found_in(component, "Button"):
        said = each.to_plotly_json()["props"]
        if "data-confirm" in said:
            assert all(said[part] for part in ("data-confirm", "data-follows", "data-yes", "data-no"))
            found[texts(each)] = said["data-follows"]
    return found


def test_exactly_the_steps_without_a_way_back_ask_first(scene: Running) -> None:
    for step in LIFE.steps:
        action = lifecycle_actions([Next(step, ())], "step") + lifecycle_stops([Next(step, ())], "step")
        back = (step.after, step.before) in {(each.before, each.after) for each in LIFE.steps}
        with at_desk(scene, "ana"):
            assert bool(asking(html.Div(action))) == (not back), step


def test_every_step_that_asks_has_its_words(scene: Running) -> None:
    with at_desk(scene, "ana"):
        for step in confirmation.STEPS:
            assert confirmation.confirmation_attributes(step)["data-follows"], step


def test_every_dangerous_button_asks_or_has_a_way_back() -> None:
    """A button is red because something ends: then it asks, or its end can be undone by whoever pressed it."""
    way_back = {
        "assignment/proposal.py",  # a search that is stopped keeps its best answer and can be asked again
        "analysis/state.py",
        "needs/connection_question.py",  # as is a plan of connections
        "timeline/calendar_panels.py",  # a new address is made with one press
        "layers/list.py",  # a removed layer is restored
        "fugitives/case.py",  # a check of a notice is written again
        "teams/roster_view.py",  # a team out of service is put back
        "people/view.py",  # a closed account is opened again
    }
    for path in sorted(Path("dashboard").rglob("*.py")):
        for call in (node for node in ast.walk(syntax_tree(path)) if isinstance(node, ast.Call)):
            words = [
                part.value
                for part in [*call.args, *(each.value for each in call.keywords)]
                if isinstance(part, ast.Constant)
            ]
            if "danger" in words and getattr(call.func, "id", "") in ("button", "_act"):
                asks = any(each.arg is None for each in call.keywords)
                assert asks or "/".join(path.parts[-2:]) in way_back, (path, call.lineno)


def test_what_was_left_out_is_named_on_the_pages(scene: Running) -> None:
    send(scene, form(scene))
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = "consolidation"
    with at_desk(scene, "ana"):
        before = operation_countries.layout(str(scene.operation))
        assert "Waiting below V3 Niger · 1 report" in words_of(before)
        assert "Leave them out" in asking(before)
        typed = {"country": "NER", "reason": "The team leader is ill."}
        assert press(operation_countries.leave_out, operation_countries.Ids.LEAVE_OUT, scene.operation, typed) == {
            "cleared": [""]
        }
    settled(scene)
    with at_desk(scene, "ana"), unit_of_work() as session, clock.at(EVENING):
        lifecycle.move(session, scene.operation, OperationState.DEBRIEFED, scene["ana"])
    for name in ("ana", "lena", "chaima"):
        for page in (operation, operation_countries):
            said = words_of(shown_page(scene, name, page))
            assert "Left out of the figures Niger · 1 report The team leader is ill." in said, (name, page.__name__)
    assert "The team leader is ill." not in texts(shown_page(scene, "moussa", operation))


def words_of(page: Any) -> str:
    return " ".join(texts(page).split())


def shown_page(scene: Running, name: str, page: Any) -> Any:
    with at_desk(scene, name):
        return page.layout(str(scene.operation))


# ------------------------------------------------------------------------------------------------- the early end


def test_the_early_end_tells_what_it_does_in_its_question_and_does_it_at_one_press(scene: Running) -> None:
    there = on_site(scene)
    add_task(scene, phase_id=scene.phase, due=START + timedelta(days=4))
    with at_desk(scene, "ana"):
        whole = operation.layout(str(scene.operation))
        [button] = [each for each in found_in(whole, "Button") if getattr(each, "id", "") == operation.END.send]
        asked = getattr(button, "data-follows")
        told = ["1 phase ends now.", "1 open task is kept.", "1 team on site is released."]
        assert all(words in asked for words in told)
        assert there.call_sign in texts(whole)
        other = operation.refresh_end(1, str(scene.operation), None, tasks="drop", teams="stay")["shown"]
        assert "1 open task is dropped." in texts(other)
        assert "1 team stays on site." in texts(other)
        typed = {"reason": "", "tasks": "keep", "teams": "release"}
        with pytest.raises(RuleBroken) as refused:
            press(operation.end_now, operation.END.send, scene.operation, typed)
        assert [flaw.field for flaw in refused.value.flaws] == ["reason"]
        press(operation.end_now, operation.END.send, scene.operation, typed | {"reason": "A flood."})
        assert operation.refresh_end(2, str(scene.operation), None, tasks="keep", teams="release")["shown"] == [[]]
    with scene.store.reading(scene["ana"]) as session:
        assert session.get_one(plan.Operation, scene.operation).state == OperationState.CONSOLIDATION


def test_who_does_not_run_the_operation_is_offered_no_early_end(scene: Running) -> None:
    for name in ("lena", "chaima", "bruno", "dov"):
        with at_desk(scene, name):
            whole = operation.layout(str(scene.operation))
        assert operation.END.send not in [getattr(each, "id", "") for each in found_in(whole, "Button")]
