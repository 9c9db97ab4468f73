"""The situation of the past as functions: to the byte what was drawn then, its sentences, the ways between moments."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dash._callback_context import context_value
from dash._utils import AttributeDict
from dash.exceptions import PreventUpdate
from plotly.io.json import to_json_plotly
from sqlmodel import Session, select

from dashboard.map.scene import scene as map_scene
from dashboard.map.scene import site_values
from dashboard.parts.kpi_board import BoardChoice, frame_of, read_situation
from dashboard.screens.situation import ids, page, past
from dashboard.screens.situation.parts import written
from dashboard.server.access import reading
from dashboard.server.pulse_socket import PULSE_ASKS
from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import RuleBroken
from operations.core.history import as_of
from operations.core.people import System
from operations.core.vocabulary import Level
from operations.policing.map_plan import places
from operations.policing.operation import boards, participations, plan, targets
from operations.policing.reports import verification
from operations.totals.activity import DepartureChoice
from tests.dashboard.desks import at_desk, found_in, open_scene, texts
from tests.makers import START, Running, arrest, detection, form, hit, phase_draft, send, site_draft, tally

READERS = (("lena", "V1"), ("ana", "V3"), ("chaima", "V1"), ("mateo", "V1"))
AS_OF_NOW = {"past", "signs"}
"""Of the live screen alone: nobody needs them to look back."""


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def drawn(scene: Running, name: str, level: str, at: datetime, entry: int | None = None) -> dict[str, str]:
    """Every part of the screen as the browser gets it."""
    with at_desk(scene, name, at=at), reading() as session:
        by = scene[name]
        operation = plan.operation(session, scene.operation, by)
        choice = BoardChoice.of(level, "", "K11", by)
        with as_of(session, entry):
            read = read_situation(session, operation, choice, by)
            made = written(read, ({}, site_values(session, frame_of(operation, choice, by), by)))
            made["scene"] = map_scene(session, operation, by)
    return {part: to_json_plotly(what, engine="json") for part, what in made.items() if part not in AS_OF_NOW}


def played(scene: Running) -> list[Callable[[], Any]]:
    """A week of an operation, act by act."""

    def at(hours: float, name: str, verb: Callable[[Session], Any]) -> Callable[[], Any]:
        def act() -> Any:
            with clock.at(START + timedelta(hours=hours)), scene.store.unit_of_work(scene[name]) as session:
                return verb(session)

        return act

    def newest(session: Session) -> Any:
        from operations.policing.reports.reports import Report

        return max(session.exec(select(Report)), key=lambda each: (each.version, each.received_at)).id

    operation = scene.operation
    first = form(scene, lines=[arrest(13), tally(700), hit(START + timedelta(hours=1))])
    corrected = first | {
        "id": str(site_draft("NER", "x").id),
        "supersedes_id": first["id"],
        "correction_reason": "typing",
    }
    lines = [arrest(14), tally(700), hit(START + timedelta(hours=1))]
    leaves = participations.Leaving(figures=DepartureChoice.SHOWN)
    longer = phase_draft("operational", START, START + timedelta(days=9), id=scene.phase)
    post = site_draft("NER", "Dosso")
    aim = parse(targets.TargetDraft, {"kpi": "K11", "value": 20})
    return [
        lambda: send(scene, first, by="bruno", at=START + timedelta(hours=12)),
        at(13, "boubacar", lambda s: verification.verify(s, newest(s), scene["boubacar"])),
        at(14, "chaima", lambda s: verification.verify(s, newest(s), scene["chaima"])),
        at(
            15,
            "ana",
            lambda s: (
                targets.aim(s, operation, aim, scene["ana"])
                and boards.show(s, operation, page.Kpi.CONFIRMED_HITS, False, scene["ana"])
            ),
        ),
        at(16, "ana", lambda s: places.place_site(s, operation, post, scene["ana"])),
        lambda: send(scene, form(scene, "Bamako", kind="nil", lines=[]), by="mateo", at=START + timedelta(hours=20)),
        at(40, "ana", lambda s: plan.schedule(s, operation, longer, scene["ana"])),
        lambda: send(scene, corrected | {"lines": lines}, by="chaima", at=START + timedelta(hours=60)),
        at(61, "boubacar", lambda s: verification.verify(s, newest(s), scene["boubacar"])),
        at(62, "cheikh", lambda s: verification.verify(s, newest(s), scene["cheikh"])),
        at(70, "ana", lambda s: places.close_site(s, post.id, scene["ana"])),
        at(80, "moussa", lambda s: participations.withdraw(s, operation, leaves, scene["moussa"])),
    ]


def newest_entry(scene: Running) -> tuple[int, datetime]:
    with scene.store.reading(System()) as session:
        entry = session.get(journal.Entry, journal.pulse(session))
        assert entry is not None
        return entry.seq, entry.at


def test_the_screen_of_an_entry_is_to_the_byte_what_each_reader_was_shown(scene: Running) -> None:
    kept: dict[tuple[int, str], dict[str, str]] = {}
    for number, act in enumerate(played(scene)):
        act()
        entry, moment = newest_entry(scene)
        for name, level in READERS if number in (2, 9) else ():
            kept[entry, name] = drawn(scene, name, level, moment)
    assert len({json.dumps(each) for each in kept.values()}) > 7  # something moved
    later = START + timedelta(days=200)
    for (entry, name), before in kept.items():
        assert drawn(scene, name, dict(READERS)[name], later, entry) == before, (entry, name)


def looked(scene: Running, name: str, at: str, now: datetime, level: str = "V1") -> Any:
    with at_desk(scene, name, at=now):
        return page.layout(str(scene.operation), level=level, figure="K11", at=at)


def test_the_past_says_so_and_names_both_clocks_and_who_moved_the_figure(scene: Running) -> None:
    for act in played(scene)[:9]:
        act()
    now, then = START + timedelta(hours=90), past.address_of(START + timedelta(hours=13))
    shown = looked(scene, "ana", then, now)
    [bar] = [each for each in found_in(shown, "Section") if getattr(each, "id", None) == ids.Ids.PAST]
    said = texts(bar)
    assert "The past" in said
    assert "Known: 2 Mar 2026, \u206820:00\u2069 local" in said  # hour 13 of an operation that began at 06:00 UTC
    assert "Happened: Arrests of 2 Mar 2026" in said
    assert "What moved Arrests: 1" in said  # to verify moves nothing at V1, and the correction waits
    assert "\u2066+13\u2069" in said
    assert "The past" not in texts(looked(scene, "ana", "", now))


def test_what_moved_a_figure_is_told_to_nobody_for_whom_it_is_guarded(scene: Running) -> None:
    send(scene, form(scene, lines=[detection(13)]), by="bruno", at=START + timedelta(hours=12))
    then = past.address_of(START + timedelta(hours=14))
    for name, told in (("ana", True), ("lena", False)):
        with at_desk(scene, name, at=START + timedelta(hours=20)):
            said = texts(page.layout(str(scene.operation), level="V1", figure="K15", at=then))
        assert ("What moved Irregular migrants detected: 1" in said) == told
        assert ("\u2066+13\u2069" in said) == told
        for untold in ("Which entries moved Irregular migrants detected is not told.", "are not told"):
            assert (untold in said) != told


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("2001-01-01T00:00:00Z", "The operation did not exist at that time"),
        ("2999-01-01T00:00:00Z", "This time is in the future. Choose an earlier one."),
        ("yesterday", "The time in this address is not valid. Choose one on the screen."),
    ],
)
def test_a_moment_at_which_nothing_was_known_has_its_sentence(scene: Running, address: str, sentence: str) -> None:
    shown = looked(scene, "ana", address, START + timedelta(hours=1))
    assert sentence in texts(shown)
    assert "Back to live" in texts(shown)


def travelled(scene: Running, source: Any, value: Any, at: str | None, now: datetime, name: str = "ana") -> Any:
    prop = json.dumps(source, separators=(",", ":"), sort_keys=True) if isinstance(source, dict) else str(source)
    what = "value" if source in (ids.Ids.ENTRY, ids.Ids.DAY) else "n_clicks"
    entry, day = (value if source == each else None for each in (ids.Ids.ENTRY, ids.Ids.DAY))
    with at_desk(scene, name, at=now):
        triggered = [{"prop_id": f"{prop}.{what}", "value": value}]
        token = context_value.set(AttributeDict(context_value.get(), triggered_inputs=triggered, triggered_id=source))
        try:
            return past.travel(None, None, entry, day, [], at, str(scene.operation))
        finally:
            context_value.reset(token)


def test_button_slider_calendar_and_entries_lead_to_moments(scene: Running) -> None:
    for act in played(scene)[:8]:
        act()
    now = START + timedelta(hours=90)
    last = travelled(scene, ids.Ids.LOOK_BACK, 1, None, now)
    assert last == past.address_of(START + timedelta(hours=60))
    with at_desk(scene, "ana", at=now), reading() as session:
        owner = plan.operation(session, scene.operation, scene["ana"])
        number = past.figure_history.at(session, owner, scene["ana"], past.moment_of(last)).number
    before = travelled(scene, ids.Ids.ENTRY, number - 1, last, now)
    assert before == past.address_of(START + timedelta(hours=40))
    assert travelled(scene, ids.Ids.DAY, "2026-03-02", last, now) == past.address_of(START + timedelta(hours=16))
    assert travelled(scene, {"type": "situation-moment", "place": "0", "at": before}, 1, last, now) == before
    assert travelled(scene, ids.Ids.LIVE, 1, last, now) is None
    with pytest.raises(PreventUpdate):  # the slider stands where the screen does
        travelled(scene, ids.Ids.ENTRY, number, last, now)
    with pytest.raises(RuleBroken, match="There is no such entry"):
        travelled(scene, ids.Ids.ENTRY, number + 50, last, now)
    with pytest.raises(RuleBroken, match="The operation did not exist at that time"):
        travelled(scene, ids.Ids.DAY, "2020-01-01", last, now)


def test_the_slider_leads_to_an_entry_that_was_written_after_a_clock_was_set_back(scene: Running) -> None:
    made = [send(scene, form(scene, day=day)) for day in range(3)]
    for hours, report in ((90, made[0]), (80, made[1]), (81, made[2])):
        with clock.at(START + timedelta(hours=hours)), scene.store.unit_of_work(scene["boubacar"]) as session:
            verification.verify(session, report.id, scene["boubacar"])
    now = START + timedelta(hours=91)
    with at_desk(scene, "ana", at=now), reading() as session:
        owner = plan.operation(session, scene.operation, scene["ana"])
        number = past.figure_history.last(session, owner.id, scene["ana"]).number - 1  # type: ignore[union-attr]
    there = travelled(scene, ids.Ids.ENTRY, number, past.address_of(START + timedelta(hours=81)), now)
    assert there == past.address_of(START + timedelta(hours=80))
    with at_desk(scene, "ana", at=now), reading() as session:
        found = past.figure_history.at(session, owner, scene["ana"], past.moment_of(there))
    assert (found.number, found.at) == (number, START + timedelta(hours=80))


def test_the_pulse_does_not_touch_the_past(scene: Running) -> None:
    for act in played(scene)[:3]:
        act()
    with at_desk(scene, "ana", at=START + timedelta(hours=20)):
        pulse = [{"prop_id": f"{PULSE_ASKS}.data", "value": 9}]
        token = context_value.set(AttributeDict(context_value.get(), triggered_inputs=pulse))
        try:
            then = past.address_of(START + timedelta(hours=13))
            with pytest.raises(PreventUpdate):
                page.refresh(9, str(scene.operation), None, level="V1", scope="", figure="K11", at=then)
        finally:
            context_value.reset(token)


def test_nobody_writes_while_looking_back(scene: Running) -> None:
    aim = parse(targets.TargetDraft, {"kpi": "K11", "value": 3})
    entry, _moment = newest_entry(scene)
    with (
        scene.store.reading(scene["ana"]) as session,
        as_of(session, entry),
        pytest.raises(RuntimeError, match="changes nothing"),
    ):
        targets.aim(session, scene.operation, aim, scene["ana"])


def test_leadership_sees_the_levels_of_then(scene: Running) -> None:
    for act in played(scene)[:3]:
        act()
    now = START + timedelta(hours=20)
    with at_desk(scene, "ana", at=now), reading() as session:
        by = scene["ana"]
        operation = plan.operation(session, scene.operation, by)
        choice = BoardChoice.of("V3", "", "K11", by)
        moment = past.look(session, operation, choice, by, past.address_of(START + timedelta(hours=13)))
        assert moment is not None
        with as_of(session, moment.told.seq):
            then = read_situation(session, operation, choice, by).board
        today = read_situation(session, operation, choice, by).board
    assert (then.figures[page.Kpi.ARRESTS].value, then.figures[page.Kpi.ARRESTS].unverified) == (0, 13)
    assert (today.figures[page.Kpi.ARRESTS].value, today.figures[page.Kpi.ARRESTS].unverified) == (13, 0)
    assert then.frame.level is Level.V3
