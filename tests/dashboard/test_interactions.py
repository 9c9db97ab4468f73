"""Follow and act: what is sent at a pulse, which subject and which words a press is about, when it is stored."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
import pytest
from dash import ALL, Input, Output, State, html, no_update
from dash._callback import GLOBAL_CALLBACK_LIST, GLOBAL_CALLBACK_MAP
from dash.exceptions import PreventUpdate
from sqlmodel import Session, select

from dashboard.frame.interactions import DRAWN, Done, Press, does, followed, follows
from dashboard.frame.verb_buttons import calls
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form import Form
from dashboard.server import access, callback_validation
from operations.core.drafts import parse
from operations.core.errors import NotFound, NotPermitted, RuleBroken, Taken, TooMany
from operations.core.ids import new_id
from operations.core.journal import Entry
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.policing.operation import oplan, plan
from tests.dashboard.desks import at_desk, open_scene, press, texts
from tests.makers import Running

TEXT = Form("acts-test")
ANSWER = {"type": "acts-test-answer", "of": ALL}
WORDS = {"type": "acts-test-words", "of": ALL}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Running]:
    """A running operation; what a test declares is forgotten afterwards."""
    listed, mapped = list(GLOBAL_CALLBACK_LIST), dict(GLOBAL_CALLBACK_MAP)
    made = open_scene(tmp_path)
    yield made
    made.store.dispose()
    GLOBAL_CALLBACK_LIST[:] = listed
    GLOBAL_CALLBACK_MAP.clear()
    GLOBAL_CALLBACK_MAP.update(mapped)


def declared(part: str) -> Any:
    """What Dash calls for the output in whose name `part` is."""
    [entry] = [each for name, each in GLOBAL_CALLBACK_MAP.items() if part in name]
    return entry["callback"].__wrapped__


def journal(scene: Running) -> int:
    with scene.store.reading(scene["ana"]) as session:
        return len(session.exec(select(Entry)).all())


# ----------------------------------------------------------------------------------------------------- follow


def test_a_part_that_looks_as_before_is_not_sent_and_one_that_changed_is(scene: Running) -> None:
    words = {"first": "as ever", "second": "before"}

    def parts(_session: Session, operation: plan.Operation, _by: Actor) -> tuple[list[Any], list[Any], bool]:
        return [operation.title, words["first"]], [words["second"]], words["second"] == "after"

    refresh = follows(
        parts, "acts-one", "acts-two", Output("acts-two", "hidden"), act=Act.ANALYSIS_ASK, operation="acts-operation"
    )
    ident = str(scene.operation)
    with at_desk(scene, "ana"):
        first = refresh(1, ident)
        assert [texts(each) for each in first["shown"][:2]] == [f"{scene_title(scene)} as ever", "before"]
        drawn = [*first["marks"], False]
        same = refresh(2, ident, drawn)
        assert [each is no_update for each in (*same["shown"], *same["marks"])] == [True] * 5
        words["second"] = "after"
        other = refresh(3, ident, drawn)
        assert other["shown"] == [no_update, ["after"], True]
        assert other["marks"][0] is no_update
        assert other["marks"][1] != drawn[1]
        with pytest.raises(NotFound):
            refresh(4, str(new_id()))
        with pytest.raises(NotFound):
            refresh(4, "no id")
    guarded = declared("acts-one.children")
    assert guarded._act is Act.ANALYSIS_ASK
    with at_desk(scene, "otto"), pytest.raises(NotPermitted):
        guarded(_pulse=1, operation_id=ident, drawn=drawn)


def scene_title(scene: Running) -> str:
    with scene.store.reading(scene["ana"]) as session:
        return session.get_one(plan.Operation, scene.operation).title


def test_the_page_draws_a_part_with_the_mark_that_the_pulse_compares(scene: Running) -> None:
    def part(_session: Session, _by: Actor) -> list[str]:
        return ["one", "two"]

    refresh = follows(part, "acts-alone", act=Act.OPERATION_READ)
    with at_desk(scene, "ana"):
        mark = followed("acts-alone", ["one", "two"]).to_plotly_json()["props"][DRAWN]
        assert refresh(1, drawn=[mark])["shown"] == [no_update]
        assert refresh(1, drawn=["another"])["shown"] == [["one", "two"]]


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_drawn_as_an_empty_list_so_that_dash_forgets_what_stood_there(
    scene: Running, nothing: str | None
) -> None:
    def part(_session: Session, _by: Actor) -> tuple[Any, Any]:
        return nothing, nothing

    def leave(_press: Press) -> Done:
        return Done(shown=(nothing, nothing))

    parts = ("acts-gone", Output("acts-gone", "title"))
    refresh = follows(part, *parts, act=Act.OPERATION_READ)
    deed = does("acts-leave", act=Act.OPERATION_READ, shows=parts)(leave)
    with at_desk(scene, "ana"):
        mark = followed("acts-gone", nothing).to_plotly_json()["props"][DRAWN]
        assert refresh(1, drawn=[mark, nothing])["shown"] == [no_update, no_update]
        assert refresh(1, drawn=["another", "other"])["shown"] == [[], nothing]
        assert press(deed, "acts-leave")["shown"] == [[], nothing]


def test_a_field_about_a_subject_keeps_what_is_typed_when_its_part_is_drawn_anew(scene: Running) -> None:
    def part(_session: Session, _by: Actor) -> list[Any]:
        return [html.Div([dmc.TextInput(id={**WORDS, "of": "first"}), dmc.TextInput(id="acts-no-subject")])]

    refresh = follows(part, "acts-typed", act=Act.OPERATION_READ)
    with at_desk(scene, "ana"):
        page, pulse = part(None, scene["ana"]), refresh(1, drawn=["another"])["shown"][0]  # type: ignore[arg-type]
        mark = followed("acts-typed", page).to_plotly_json()["props"][DRAWN]
        assert refresh(1, drawn=[mark])["shown"] == [no_update]
    for [drawn] in (page, pulse):
        about, no_subject = drawn.children
        assert (about.persistence, about.persistence_type) == (True, "memory")
        assert not hasattr(no_subject, "persistence")


def test_what_is_dear_to_draw_is_not_drawn_while_its_own_mark_is_the_same(scene: Running) -> None:
    drawn, state = [], {"now": "waits"}

    def part(_session: Session, _by: Actor, chosen: str) -> str:
        drawn.append(chosen)
        return state["now"]

    refresh = follows(
        part,
        "acts-dear",
        act=Act.OPERATION_READ,
        chosen=Input("acts-chosen", "data"),
        unless=lambda _session, _by, chosen: [chosen, state["now"]],
    )
    with at_desk(scene, "ana"):
        first = refresh(1, chosen="a")
        with pytest.raises(PreventUpdate):
            refresh(2, drawn=first["marks"], chosen="a")
        assert drawn == ["a"]
        assert refresh(2, drawn=first["marks"], chosen="b")["shown"] == ["waits"]
        state["now"] = "is there"
        assert refresh(3, drawn=first["marks"], chosen="a")["shown"] == ["is there"]


# -------------------------------------------------------------------------------------------------------- act


def answers() -> tuple[Any, list[tuple[Any, str]]]:
    """A button and words beside it for each of several subjects, as a page declares them, and what was done."""
    done: list[tuple[Any, str]] = []

    @does(ANSWER, act=Act.OPLAN_WRITE, operation="acts-operation", beside=WORDS, shows=("acts-answers",))
    def answer(press: Press) -> Done:
        done.append((press.subject["of"], press.words))
        return Done("Answered.", shown=(["present state"],))

    return answer, done


def test_a_press_takes_its_own_subject_and_the_words_beside_it(scene: Running) -> None:
    answer, done = answers()
    beside = {"first": "Words of the first.", "second": "Words of the second.", "third": None}
    with at_desk(scene, "ana") as said:
        for subject in ("second", "first", "third"):
            shown = press(answer, {**ANSWER, "of": subject}, beside={**WORDS, "of": beside})
        assert said["shell-notices"]["sendNotifications"][0]["message"] == "Answered."
    assert done == [("second", "Words of the second."), ("first", "Words of the first."), ("third", "")]
    assert shown["shown"] == [["present state"]]
    assert len(shown["marks"]) == 1
    assert shown["said"] == [no_update, no_update, ""]  # what was said is gone before the next act, no other words


def test_a_press_that_draws_nothing_and_goes_nowhere_answers_nothing(scene: Running) -> None:
    """Dash takes no other answer of a callback without outputs: {} is an error of the server."""

    @does({"type": "acts-silent", "of": ALL}, act=Act.OPLAN_WRITE)
    def silent(_press: Press) -> Done:
        return Done("Done.")

    with at_desk(scene, "ana") as said:
        assert press(silent, {"type": "acts-silent", "of": "first"}) is None
        assert said["shell-notices"]["sendNotifications"][0]["message"] == "Done."


def test_words_of_no_subject_of_the_page_are_nobody_s(scene: Running) -> None:
    answer, done = answers()
    with at_desk(scene, "ana"):
        press(answer, {**ANSWER, "of": "fourth"}, beside={**WORDS, "of": {"first": "Words of the first."}})
    assert done == [("fourth", "")]


@pytest.mark.parametrize(
    ("button", "value"),
    [
        ({**ANSWER, "of": "first"}, None),  # a button that was just drawn
        ({**ANSWER, "of": "first"}, 0),
        ({"type": "another", "of": "first"}, 1),
        ({**ANSWER, "of": "first", "and": "more"}, 1),
        ("acts-answers", 1),
    ],
)
def test_nothing_is_done_where_nothing_was_pressed(scene: Running, button: Any, value: int | None) -> None:
    answer, done = answers()
    with at_desk(scene, "ana"), pytest.raises(PreventUpdate):
        press(answer, button, value=value, beside={**WORDS, "of": {"first": "Words."}})
    assert done == []


def test_a_pressed_button_counts_though_others_appeared_in_the_same_moment(scene: Running) -> None:
    answer, done = answers()
    with at_desk(scene, "ana"):
        press(answer, {**ANSWER, "of": "second"}, drawn=[{**ANSWER, "of": "first"}])
    assert done == [("second", "")]


def test_a_verb_is_given_what_its_button_has(scene: Running) -> None:
    given: list[Any] = []

    def verb(_session: Session, *rest: Any) -> int:
        given.append(rest[:-1])
        return len(given)

    text, first, here = (
        DraftForm("acts-form", oplan.SectionCommentDraft),
        new_id(),
        {"shown": State("acts-shown", "data")},
    )
    row = {"type": "acts-row", "of": ALL}
    words = {"type": "acts-said", "of": ALL}
    said = f"Done {{n}}: {new_id()}"
    takes_row = calls(row, verb, lambda made: Done(said.format(n=made), to="/there"), act=Act.OPLAN_WRITE, beside=words)
    takes_shown = calls("acts-shown-send", verb, said, act=Act.OPLAN_WRITE, given=here)
    takes_operation = calls("acts-whole", verb, said, act=Act.OPLAN_WRITE, operation="acts-operation")
    with at_desk(scene, "ana") as shown:
        beside = {"type": "acts-said", "of": {str(first): "Why."}}
        assert press(takes_row, {**row, "of": str(first)}, beside=beside)["to"] == "/there"
        assert shown["shell-notices"]["sendNotifications"][0]["message"] == said.format(n=1)
        press(takes_shown, "acts-shown-send", shown=str(first))
        press(takes_operation, "acts-whole", scene.operation)
        with pytest.raises(NotFound):
            press(takes_shown, "acts-shown-send", shown="nothing")
        sends = calls(text, verb, said, act=Act.OPLAN_WRITE, clears=("text",))
        with pytest.raises(RuleBroken):
            press(sends, text.send, typed={"text": "", "section": "tasks"}, client=new_id())
    assert given == [(first, "Why."), (first,), (scene.operation,)]


def comments() -> Any:
    @does(
        "acts-send",
        act=Act.OPLAN_COMMENT,
        form=TEXT,
        typed=("text",),
        client=True,
        operation="acts-operation",
        clears=("text",),
        given={"code": State("acts-section", "data")},
    )
    def comment(press: Press, code: str) -> Done:
        draft = parse(oplan.SectionCommentDraft, {"id": press.client, "section": code, "text": press.typed["text"]})
        oplan.comment(press.session, press.operation_id, draft, press.by)
        if press.typed["text"] == "Not after all.":
            raise RuleBroken("text", "This field is needed.")
        return Done(f"Sent for {press.operation.title}.")

    return comment


def test_what_was_typed_is_stored_once_then_said_and_the_form_begins_anew(scene: Running) -> None:
    comment, ident = comments(), str(new_id())
    before = journal(scene)
    with at_desk(scene, "chaima") as said:
        typed: dict[str, Any] = {"typed": {"text": "We close at ten."}, "client": ident, "code": "tasks"}
        after = press(comment, "acts-send", scene.operation, **typed)
        assert after["cleared"] == [""]
        assert after["client"] != ident
        assert scene_title(scene) in said["shell-notices"]["sendNotifications"][0]["message"]
        press(comment, "acts-send", scene.operation, **typed)
    assert journal(scene) == before + 1, "a second press of the same form is the same"


def test_what_is_refused_leaves_nothing_and_nothing_is_said(scene: Running) -> None:
    comment, before = comments(), journal(scene)
    with at_desk(scene, "chaima") as said:
        for text in ("Not after all.", ""):
            with pytest.raises(RuleBroken):
                press(comment, "acts-send", scene.operation, {"text": text}, new_id(), code="tasks")
        with pytest.raises(NotFound):
            press(comment, "acts-send", "no id", typed={"text": "x"}, client=str(new_id()), code="tasks")
    assert "shell-notices" not in said
    assert journal(scene) == before


def test_what_cannot_be_parsed_counts_as_no_work_and_too_much_is_refused(scene: Running) -> None:
    comment, spent = comments(), []

    def spend(what: str) -> None:
        spent.append(what)
        raise TooMany("Too much.", 7)

    with at_desk(scene, "chaima"):
        asking = access.RequestContext(scene["chaima"], scene.store, spend=spend)
        token = access._acting.set(asking)
        with pytest.raises(RuleBroken):
            press(comment, "acts-send", scene.operation, typed={"text": ""}, client=str(new_id()), code="tasks")
        assert spent == []
        with pytest.raises(TooMany):
            press(comment, "acts-send", scene.operation, typed={"text": "x"}, client=str(new_id()), code="tasks")
        access._acting.reset(token)
    assert spent == ["writes"]


def test_who_was_slower_is_answered_with_what_is_there(scene: Running) -> None:
    tries = []

    @does("acts-taken", act=Act.OPERATION_READ, goes=True, shows=(Output("acts-twice", "data"),))
    def take(_press: Press) -> Done:
        tries.append(1)
        if len(tries) == 1:
            raise Taken("Somebody saved the same thing at the same moment. Nothing changed: reload the page.")
        return Done(to="/there", shown=(2,))

    with at_desk(scene, "ana"):
        guarded = declared("acts-twice.data")
        assert press(guarded, "acts-taken") == {"to": "/there", "shown": [2]}
    assert guarded._act is Act.OPERATION_READ


@pytest.mark.requirement("ASVS 15.3.5")
def test_values_of_another_kind_are_judged_by_what_the_function_declares(scene: Running) -> None:
    comment = comments()
    assert callback_validation.fitting(comment, (), {"clicks": [1], "code": "tasks", "typed": {"text": "x"}})
    assert not callback_validation.fitting(comment, (), {"clicks": [1], "code": {"a": "b"}, "typed": {"text": "x"}})
    assert not callback_validation.fitting(comment, (), {"clicks": [1], "code": "tasks", "typed": "x"})
