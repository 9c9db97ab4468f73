"""The end of an operation on the screens, as functions: final words, the debrief, and what comes after it."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dash import no_update
from dash._callback_context import context_value
from dash._utils import AttributeDict

from dashboard.screens.countries import final_word
from dashboard.screens.countries import page as countries
from dashboard.screens.debrief import page
from dashboard.screens.debrief.page import Ids
from dashboard.screens.home import page as home
from dashboard.screens.overview import page as overview
from operations.catalogue.kpis import Kpi
from operations.core.errors import RuleBroken
from operations.core.people import System
from operations.core.vocabulary import OperationState
from operations.evaluation import debrief
from operations.policing.operation import participations, plan, targets
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.evaluations import ENDED, archived, debriefed, draft, evaluated, signed, went_on, wrote
from tests.makers import Running, form, send

TYPED = {"worked": "Searching by routine.", "failed": "Hits waited overnight."}
LESSON: dict[str, Any] = draft().model_dump(mode="json", exclude={"id", "source"})


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return evaluated(open_scene(tmp_path))


def shown(scene: Running, name: str, of: Any = page) -> Any:
    with at_desk(scene, name, ENDED):
        return of.layout(str(scene.operation))


def said(scene: Running, name: str, of: Any = page) -> str:
    return " ".join(texts(shown(scene, name, of)).split())


def offered(scene: Running, name: str, of: Any) -> set[tuple[str, str]]:
    """The buttons of steps: of what, and to which state."""
    found = [each.id for each in found_in(shown(scene, name, of), "Button") if isinstance(getattr(each, "id", 0), dict)]
    return {(each["of"], each["to"]) for each in found if "to" in each and "of" in each}


def test_a_country_says_its_final_word_on_the_page_and_the_coordinator_closes_it(scene: Running) -> None:
    final, closed = "reported_final", "closed"
    assert offered(scene, "chaima", countries) == {("NER", final)}
    assert offered(scene, "ana", countries) == offered(scene, "otto", countries) == set()
    with at_desk(scene, "chaima", ENDED):
        press(final_word.say_final, {"type": "country-step", "of": "NER", "to": final}, scene.operation)
    assert offered(scene, "chaima", countries) == {("NER", "active")}
    assert offered(scene, "ana", countries) == {("NER", closed)}
    with at_desk(scene, "ana", ENDED):
        press(final_word.say_final, {"type": "country-step", "of": "NER", "to": closed}, scene.operation)
        typed = {"country": "MLI", "reason": "Its ministry does not answer."}
        press(countries.leave_out, countries.Ids.WITHOUT, scene.operation, typed)
    assert offered(scene, "ana", countries) == set()
    assert "The debriefing does not wait for it: Its ministry does not answer." in said(scene, "moussa", countries)


def test_what_waits_stands_beside_the_final_word_with_the_way_to_it(scene: Running) -> None:
    send(scene, form(scene), at=ENDED)
    assert "wait below V3 or came back: 1" in said(scene, "chaima", countries)
    ways = {each.href for each in found_in(shown(scene, "chaima", countries), "Link")}
    assert f"/operations/{scene.operation}/verify" in ways


def test_the_debrief_is_written_and_a_lesson_becomes_a_recommendation(scene: Running) -> None:
    with at_desk(scene, "ana", ENDED), scene.store.unit_of_work(scene["ana"]) as session:
        targets.aim(session, scene.operation, targets.TargetDraft(kpi=Kpi.DATABASE_CHECKS, value=500), scene["ana"])
    with at_desk(scene, "dov", ENDED):
        assert press(page.save, Ids.SAVE, scene.operation, TYPED, version=0)["shown"][0] == 1
        press(page.learn, page.LESSON.send, scene.operation, LESSON, uuid4())
        kpi = Kpi.DATABASE_CHECKS.value
        field = {"type": Ids.REMARK_WORDS, "of": kpi}
        remarked = {"words": ["Two airports reported late."], "places": [field]}
        press(page.remark, {"type": Ids.REMARK, "of": kpi}, scene.operation, **remarked)
    read = said(scene, "lena")
    for words in (*TYPED.values(), "Two airports reported late.", "of at least 500", LESSON["text"]):
        assert words in read
    assert "Searching by routine." not in said(scene, "chaima")  # not closed yet
    with scene.store.reading(System()) as session:
        (lesson,) = debrief.lessons(session, scene.operation)
    with at_desk(scene, "dov", ENDED):
        press(page.use, {"type": Ids.RECOMMEND, "of": str(lesson.id)})
    assert "It is recommended" in said(scene, "dov")


def test_who_was_slower_sees_both_versions_chooses_and_saves(scene: Running) -> None:
    base = {"worked": "Old.", "failed": "Old."}
    wrote(scene)
    with scene.store.reading(System()) as session:
        found = debrief.debrief(session, scene.operation)
        assert found is not None
        theirs = {"worked": found.worked, "failed": found.failed}
    mine = {"worked": "Mine.", "failed": "Old."}
    with at_desk(scene, "ana", ENDED) as told:
        shown = press(page.save, Ids.SAVE, scene.operation, mine, version=0, base=base)["shown"]
        version, kept, both, drawn, worked, failed = shown
        assert "Choose between the two versions" in str(told)
        assert (version, kept) == (1, theirs)
        assert both == {"worked": {"mine": "Mine.", "theirs": theirs["worked"]}}
        assert "Mine." in texts(drawn)
        assert theirs["worked"] in texts(drawn)
        assert (worked is no_update, failed) == (True, theirs["failed"])  # mine stays; what I had not touched is theirs
        choice = {"type": page.DEBRIEFING.both, "field": "worked", "whose": "theirs"}
        assert chosen(choice, both)["worked"] == theirs["worked"]
        assert chosen(choice | {"whose": "mine"}, both)["worked"] == "Mine."
        saved = press(page.save, Ids.SAVE, scene.operation, mine | {"failed": failed}, version=1, base=kept)["shown"]
        assert saved[:4] == [2, mine | {"failed": failed}, None, []]


def chosen(ident: dict[str, str], both: dict[str, Any]) -> dict[str, Any]:
    triggered = [{"prop_id": f"{json.dumps(ident, separators=(',', ':'), sort_keys=True)}.n_clicks", "value": 1}]
    token = context_value.set(AttributeDict(context_value.get(), triggered_inputs=triggered))
    try:
        return dict(page.DEBRIEFING.choose([1], both))
    finally:
        context_value.reset(token)


def test_the_debrief_is_not_closed_over_a_lesson_that_was_typed_and_not_written_down(scene: Running) -> None:
    close = {"type": "debrief-step", "of": str(scene.operation), "to": "debriefed"}
    with at_desk(scene, "ana", ENDED):
        for field in ("text", "evidence"):
            with pytest.raises(RuleBroken, match="This lesson is not saved") as refused:
                press(page.take_step, close, scene.operation, {"text": "", "evidence": "", field: "Ask."})
            assert refused.value.flaws[0].field == field
        with pytest.raises(RuleBroken) as other:
            press(page.take_step, close, scene.operation, {"text": " ", "evidence": None})
        assert "not saved" not in str(other.value)  # the life of the operation is asked then


def test_a_debrief_without_its_words_is_refused_at_its_fields(scene: Running) -> None:
    with at_desk(scene, "dov", ENDED), pytest.raises(RuleBroken) as refused:
        press(page.save, Ids.SAVE, scene.operation, {"worked": " ", "failed": ""}, version=0)
    assert {flaw.field for flaw in refused.value.flaws} == {"worked", "failed"}


def test_the_forms_are_there_for_those_who_write_as_long_as_they_may(scene: Running) -> None:
    def hidden(name: str) -> bool:
        (found,) = [each for each in found_in(shown(scene, name), "Div") if getattr(each, "id", "") == Ids.WRITING]
        return bool(found.hidden)

    assert [hidden(name) for name in ("ana", "dov", "lena", "chaima")] == [False, False, True, True]
    debriefed_again(scene)
    assert hidden("dov")


def debriefed_again(scene: Running) -> None:
    for name, country in (("chaima", "NER"), ("moussa", "MLI")):
        with at_desk(scene, name, ENDED), scene.store.unit_of_work(scene[name]) as session:
            final = participations.ParticipationState.REPORTED_FINAL
            participations.final_word(session, scene.operation, country, final, scene[name])
    went_on(wrote(scene), OperationState.DEBRIEFED)


def test_the_overview_says_what_is_missing_and_leads_there(scene: Running) -> None:
    words = said(scene, "ana", overview)
    assert "Still missing before Debriefed:" in words
    assert "Mali, Niger did not declare the figures final yet" in words
    ways = {each.href for each in found_in(shown(scene, "ana", overview), "Link")}
    assert {f"/operations/{scene.operation}/debrief", f"/operations/{scene.operation}/countries"} <= ways


def test_the_end_is_walked_on_the_page(tmp_path: Path) -> None:
    scene = signed(debriefed(open_scene(tmp_path)))
    operation = str(scene.operation)
    for name, to in (("lena", "final"), ("ana", "evaluated"), ("lena", "archived")):
        assert (operation, to) in offered(scene, name, page)
        with at_desk(scene, name, ENDED):
            if to == "evaluated":
                field = {"type": Ids.NONE_WORDS, "of": "all"}
                none = {"words": ["All is well."], "places": [field]}
                press(page.say_none, {"type": Ids.NONE, "of": "all"}, scene.operation, **none)
            press(page.take_step, {"type": "debrief-step", "of": operation, "to": to}, scene.operation)
    with scene.store.reading(System()) as session:
        assert session.get_one(plan.Operation, scene.operation).state == OperationState.ARCHIVED
    for name in ("ana", "lena", "chaima"):
        assert offered(scene, name, page) == offered(scene, name, countries) == set()
        assert "All is well." in said(scene, name)


def test_home_keeps_what_is_archived_folded(tmp_path: Path) -> None:
    scene = archived(open_scene(tmp_path))
    with at_desk(scene, "ana", ENDED):
        found = [each for each in found_in(home.layout(), "Details") if "Archived" in texts(each)]
        with scene.store.reading(scene["ana"]) as session:
            title = plan.operation(session, scene.operation, scene["ana"]).title
        assert [title in texts(each) for each in found] == [True]
