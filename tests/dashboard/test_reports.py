"""The reports page's callbacks, as functions: what is shown to whom, what is kept, sent, refused and never written."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from dash import no_update
from sqlmodel import select

from dashboard.parts.report.content import of_version
from dashboard.screens.reports import entry, open_item, page
from dashboard.screens.reports.acts import WITHDRAW
from dashboard.server.access import RequestContext, request_scope
from operations.core import clock
from operations.core.errors import NotFound, RuleBroken, TooMany
from operations.core.people import System
from operations.core.vocabulary import codes
from operations.policing.reports import reports, verification
from operations.policing.reports.reports import Report, SavedForm
from operations.policing.reports.verification import Return
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, press, stored, texts
from tests.makers import START, Running, form, hit, post, send, tally
from tests.operations.test_lines import line_of
from tests.people import actor

DAY = "2026-03-02"


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def opened(
    scene: Running, name: str = "bruno", what: str = "cell", site: str = "Niamey", day: str = DAY
) -> dict[str, Any]:
    """The form that opens for a cell, named as the browser names it."""
    with at_desk(scene, name):
        given, _view, _side, _shown = open_item.open_asked(
            {"what": what, "site": str(scene.sites[site]), "day": day}, str(scene.operation)
        )
    assert isinstance(given, dict), "no form was opened"
    given["content"].update(id=str(uuid4()), report_id=str(uuid4()))
    for line in given["content"]["lines"]:
        line["id"] = str(uuid4())
    return given


def filled(content: dict[str, Any], count: str = "142") -> dict[str, Any]:
    """The first check of a form, counted."""
    content["lines"][0]["count"] = count
    content["lines"][0].pop("offered", None)
    return content


def sent(scene: Running, content: dict[str, Any], name: str = "bruno") -> dict[str, Any]:
    with at_desk(scene, name):
        return entry.send({"content": content, "turn": 1})[0]


# --------------------------------------------------------------------------------------------------- opening


@pytest.mark.parametrize(("name", "writes"), [("bruno", True), ("chaima", True), ("boubacar", True), ("ana", False)])
def test_nothing_that_asks_for_writing_stands_before_those_who_only_read(
    scene: Running, name: str, writes: bool
) -> None:
    """A store of what is typed makes the browser call the writing callbacks, which would refuse with a notice."""
    with at_desk(scene, name):
        shown = page.layout(str(scene.operation))
    laid_out = {getattr(each, "id", None) for each in shown._traverse()}
    asking = {page.Ids.TYPED, page.Ids.SEND, page.Ids.DISCARD}
    assert (asking <= laid_out) is writes
    assert bool(asking & laid_out) is writes
    assert {page.Ids.SAVED, page.Ids.ANSWER, page.Ids.DISCARDED} <= laid_out


def test_a_cell_opens_a_form_prefilled_from_the_official_day(scene: Running) -> None:
    given = opened(scene)
    content = given["content"]
    assert (content["period_from"], content["period_to"], content["zone"]) == (
        "2026-03-02 00:00",
        "2026-03-03 00:00",
        "Africa/Niamey",
    )
    assert content["phase_id"] == str(scene.phase), "the action day, not the training that ends on it"
    assert content["kind"] == "daily"
    assert content["lines"][0]["offered"] is True
    assert [each["kind"] for each in given["declaration"]] == ["check_tally", "hit"], (
        "only the kinds that the operation asks for"
    )
    assert given["locked"] == ""


def test_a_form_is_sent_and_the_same_form_again_is_answered_as_before(scene: Running) -> None:
    content = filled(opened(scene)["content"])
    first = sent(scene, content)
    assert first["sent"] == content["id"]
    before = stored(scene)
    assert sent(scene, content) == first
    assert stored(scene) == before


def test_the_same_form_with_other_content_locks_and_changes_nothing(scene: Running) -> None:
    content = filled(opened(scene)["content"])
    sent(scene, content)
    before = stored(scene)
    answer = sent(scene, filled(content, "999"))
    assert "already sent" in answer["locked"]
    assert stored(scene) == before


def test_a_nil_report_needs_nothing_but_to_be_sent(scene: Running) -> None:
    content = opened(scene, what="nil")["content"]
    assert content["kind"] == "nil"
    assert sent(scene, content)["sent"] == content["id"]


def test_what_this_site_usually_reports_is_offered_and_hinted(scene: Running) -> None:
    for number in range(3):
        send(
            scene,
            form(
                scene,
                lines=[tally(100 + number, database="nominal", entity_type="person", channel="mobile_device")],
                period_from=(scene.start + timedelta(hours=number)).isoformat(),
            ),
            at=EVENING,
        )
    given = opened(scene, what="new")
    offered = given["content"]["lines"]
    assert [(line["database"], line["channel"], line["count"]) for line in offered] == [
        ("nominal", "mobile_device", "")
    ]
    assert given["history"]["database_query|nominal|person|mobile_device"] == ["102", "101", "100"] or set(
        given["history"]["database_query|nominal|person|mobile_device"]
    ) == {"100", "101", "102"}


# ------------------------------------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"period_from": "2027-01-01 00:00", "period_to": "2027-01-02 00:00"}, "period_from", "future"),
        ({"period_from": "2026-02-20 00:00", "period_to": "2026-02-21 00:00"}, "period_from", "outside the phase"),
        ({"period_to": "2026-04-20 00:00"}, "period_to", "after the end of the phase"),
        ({"period_from": "half past nine"}, "period_from", "not a date and time"),
        ({"zone": ""}, "period_from", "no time zone"),
        ({"kind": "carrier"}, "kind", "not one of the choices"),
        ({"remarks": "born 3.4.1991"}, "remarks", "personal data"),
        ({"remarks": "x" * 2500}, "remarks", "2,000"),
    ],
)
def test_a_bad_report_is_refused_beside_its_field_and_nothing_is_written(
    scene: Running, changes: dict[str, Any], field: str, words: str
) -> None:
    before = stored(scene)
    content = filled(opened(scene)["content"]) | changes
    typed = {**content, "lines": [dict(line) for line in content["lines"]]}
    answer = sent(scene, content)
    assert words in " ".join(answer["found"]["fields"][field])
    assert content == typed, "what was typed stays"
    assert stored(scene) == before


def test_a_hit_outside_the_period_is_refused_beside_its_time(scene: Running) -> None:
    content = filled(opened(scene)["content"])
    line = {
        "id": str(uuid4()),
        "kind": "hit",
        "database": "sltd",
        "hit_kind": "stolen",
        "raw_at": "2026-03-01 10:00",
        "action_taken": "questioned",
        "confirmation": "pending",
        "confirming_country": "",
        "confirmed_at": "",
    }
    content["lines"].append(line)
    answer = sent(scene, content)
    assert "outside the period" in answer["found"]["fields"][f"{line['id']}.raw_at"][0]


def test_an_unlikely_figure_is_asked_about_once_and_then_taken(scene: Running) -> None:
    content = filled(opened(scene)["content"], "60 000")
    answer = sent(scene, content)
    assert answer["says"] == "please confirm"
    assert "50,000" in answer["found"]["questions"][0]
    assert sent(scene, content | {"confirmed": True})["sent"] == content["id"]


# ------------------------------------------------------------------------------------------------ forged ids


@pytest.mark.parametrize("field", ["site_id", "operation_id", "phase_id"])
def test_another_countrys_id_is_refused_like_a_random_one(scene: Running, field: str) -> None:
    forged = {"site_id": str(scene.sites["Bamako"]), "operation_id": str(uuid4()), "phase_id": str(uuid4())}[field]
    before = stored(scene)
    content = filled(opened(scene)["content"])
    answer = sent(scene, content | {field: forged})
    assert answer["found"] == sent(scene, content | {field: str(uuid4())})["found"]
    assert stored(scene) == before


def test_another_countrys_report_opens_like_a_random_one(scene: Running) -> None:
    theirs = send(scene, form(scene, "Bamako"), by="mateo")
    for ident in (str(theirs.id), str(uuid4()), "rubbish"):
        for what in ("version", "correct", "form"):
            with at_desk(scene, "bruno"), pytest.raises(NotFound):
                open_item.open_asked({"what": what, "id": ident}, str(scene.operation))
    for site in (str(scene.sites["Bamako"]), str(uuid4())):
        with at_desk(scene, "bruno"), pytest.raises(NotFound):
            open_item.open_asked({"what": "cell", "site": site, "day": DAY}, str(scene.operation))


def test_another_countrys_version_cannot_be_corrected_or_withdrawn(scene: Running) -> None:
    theirs = send(scene, form(scene, "Bamako"), by="mateo")
    before = stored(scene)
    for supersedes in (str(theirs.id), str(uuid4())):
        content = filled(opened(scene)["content"]) | {
            "report_id": str(theirs.report_id),
            "supersedes_id": supersedes,
            "correction_reason": "typing",
        }
        answer = sent(scene, content)
        assert answer["found"]["general"] == ["There is nothing here that you can see."], answer
        with at_desk(scene, "bruno"), pytest.raises(NotFound):
            press(entry.withdraw, WITHDRAW, typed={"reason": "no reason"}, shown={"id": supersedes, "mark": ""})
    assert stored(scene) == before


def test_a_country_sees_its_own_sites_and_reports_only(scene: Running) -> None:
    send(scene, form(scene, "Bamako"), by="mateo")
    with at_desk(scene, "bruno"):
        said = texts(page.layout(str(scene.operation)))
    assert "Niamey" in said
    assert "Agadez" in said
    assert "Bamako" not in said
    with at_desk(scene, "dov"):
        assert "Bamako" in texts(page.layout(str(scene.operation)))


def test_a_posted_officer_writes_for_posted_sites_only(scene: Running) -> None:
    scene.members["bruno"] = actor("bruno", scene.operation, sites=frozenset({scene.sites["Agadez"]}))
    content = filled(opened(scene, site="Agadez")["content"])
    before = stored(scene)
    assert sent(scene, content | {"site_id": str(scene.sites["Niamey"])})["found"]["general"]
    with at_desk(scene, "bruno"), pytest.raises(NotFound):
        open_item.open_asked({"what": "cell", "site": str(scene.sites["Niamey"]), "day": DAY}, str(scene.operation))
    assert stored(scene) == before


def test_whoever_sends_or_types_too_fast_is_told_when_to_go_on(scene: Running) -> None:
    """What is repeated where the storage was away counts as what is written once."""

    def spend(what: str) -> None:
        raise TooMany("Too many {what}: wait {seconds} s.", 3, what=what)

    content, before = filled(opened(scene)["content"]), stored(scene)
    with request_scope(RequestContext(scene["bruno"], scene.store, spend=spend)):
        for callback in (
            lambda: entry.send({"content": content, "turn": 1}),
            lambda: entry.save({"content": content, "serial": 3}, str(scene.operation)),
        ):
            with pytest.raises(TooMany, match="writes"):
                callback()
    assert stored(scene) == before


# ------------------------------------------------------------------------------------------------- autosave


def saved(scene: Running, content: dict[str, Any], name: str = "bruno") -> Any:
    with at_desk(scene, name):
        return entry.save({"content": content, "serial": 3}, str(scene.operation))


def test_a_second_window_is_told_what_the_first_has_saved_and_saves_nothing_over_it(scene: Running) -> None:
    content = filled(opened(scene)["content"])

    def save(window: str, count: str, known: str = "") -> Any:
        typed = {"content": filled(content, count), "serial": 1, "window": window, "known": known}
        with at_desk(scene, "bruno"):
            return entry.save(typed, str(scene.operation))

    known = save("one", "10")["known"]
    told = save("two", "20")
    assert told["parted"] == "This report was changed in another window meanwhile. Both are kept until you choose."
    assert told["other"]["known"] == known
    assert told["other"]["content"]["lines"][0]["count"] == "10"
    assert "window" not in told["other"]["content"]
    assert "parted" not in save("two", "20", told["other"]["known"])  # it has seen what it replaces


def test_what_is_due_is_a_card_with_its_post_its_day_and_until_when(scene: Running) -> None:
    def card(name: str) -> str:
        with at_desk(scene, name):
            sections = found_in(page.layout(str(scene.operation)), "Section")
            [found] = [each for each in sections if "due" in (getattr(each, "className", "") or "")]
            return texts(found).translate({0x2068: None, 0x2069: None})

    first = card("bruno")
    assert "Agadez 1 Mar 2026 until 1 Mar 2026, 20:00" in first
    assert "3 more are due." in first
    saved(scene, filled(opened(scene, day="2026-03-01")["content"]))  # who began a report goes on with it
    assert "Niamey 1 Mar 2026" in card("bruno")
    with at_desk(scene, "ana"):
        sections = found_in(page.layout(str(scene.operation)), "Section")
    assert not [each for each in sections if "due" in (getattr(each, "className", "") or "")], (
        "who only reads owes nothing"
    )


def discard(asked: dict[str, Any]) -> Any:
    """Press the button that discards an unsent form; the page says which."""
    return press(entry.discard, "reports-discard", value=asked, asked=asked)["shown"]


def test_what_is_typed_is_kept_as_typed_and_can_be_resumed_or_discarded(scene: Running) -> None:
    content = filled(opened(scene)["content"], "about 12")
    answer = saved(scene, content)
    assert answer["serial"] == 3
    assert "saved" in answer["says"]
    assert "1 field to check" in answer["says"]
    assert list(answer["found"]["fields"]) == [f"{content['lines'][0]['id']}.count"]
    with at_desk(scene, "bruno", EVENING + timedelta(hours=9)):
        told = texts(page.layout(str(scene.operation)))
        assert "1 unsent report, begun 9 hours ago" in told
        assert "Niamey, 2 Mar 2026 · Daily · Checks: 1" in told, "told apart by what is in it"
        resumed = open_item.open_asked({"what": "form", "id": content["id"]}, str(scene.operation))[0]
        again = open_item.open_asked({"what": "cell", "site": content["site_id"], "day": DAY}, str(scene.operation))[0]
    assert resumed["content"]["lines"][0]["count"] == "about 12"
    assert resumed["content"]["id"] == content["id"]
    assert again["content"] == resumed["content"], "the cell leads to what was begun"
    with at_desk(scene, "bruno"):
        discard({"id": content["id"]})
    assert stored(scene) == (0, 0, 0)


def test_nobody_elses_form_is_there(scene: Running) -> None:
    content = opened(scene)["content"]
    saved(scene, content)
    with at_desk(scene, "binta"):
        assert "unsent" not in texts(page.layout(str(scene.operation)))
        with pytest.raises(NotFound):
            open_item.open_asked({"what": "form", "id": content["id"]}, str(scene.operation))
        discard({"id": content["id"]})
    assert stored(scene)[2] == 1


@pytest.mark.parametrize("site", ["Bamako", "random"])
def test_a_form_for_a_site_of_another_country_is_not_kept(scene: Running, site: str) -> None:
    content = opened(scene)["content"] | {"site_id": str(scene.sites.get(site, uuid4()))}
    with pytest.raises(NotFound):
        saved(scene, content)
    assert stored(scene) == (0, 0, 0)


def test_personal_data_stay_in_the_page_and_are_not_kept(scene: Running) -> None:
    content = filled(opened(scene)["content"]) | {"remarks": "passport AB1234567"}
    answer = saved(scene, content)
    assert "personal data" in answer["found"]["fields"]["remarks"][0]
    with scene.store.reading(System()) as session:
        assert session.exec(select(SavedForm)).one().content["remarks"] == ""


def test_a_save_that_arrives_after_the_report_was_sent_keeps_nothing(scene: Running) -> None:
    content = filled(opened(scene)["content"])
    saved(scene, content)
    sent(scene, content)
    assert saved(scene, content) == {"id": content["id"], "locked": "This report was sent."}
    assert stored(scene)[2] == 0


# ----------------------------------------------------------------------------------------- states and corrections


def shown(scene: Running, ident: Any, name: str = "bruno") -> tuple[str, str]:
    with at_desk(scene, name):
        _form, view, side, _shown = open_item.open_asked({"what": "version", "id": str(ident)}, str(scene.operation))
        return texts(view), texts(side)


def test_a_returned_report_says_who_and_why_and_is_corrected_with_its_old_content(scene: Running) -> None:
    made = send(scene, form(scene, lines=[tally(100), hit(scene.start + timedelta(hours=3))]))
    with at_desk(scene, "boubacar"), scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.give_back(session, made.id, Return(reason="implausible", note="Count again."), scene["boubacar"])
    view, _side = shown(scene, made.id)
    assert "Returned by Boubacar Idi: Implausible. Count again." in view
    assert "Correct" in view
    given = opened_correction(scene, made.id)
    content = given["content"]
    assert given["notice"] == "Returned by Boubacar Idi: Implausible. Count again."
    assert content["lines"][0]["count"] == "100"
    assert content["lines"][1]["raw_at"] == "2026-03-02 10:00"
    content["lines"][0]["count"] = "80"
    assert "reason" in " ".join(sent(scene, content)["found"]["fields"]["correction_reason"])
    answer = sent(scene, content | {"correction_reason": "typing", "confirmed": True})
    view, side = shown(scene, answer["sent"])
    assert "was  100" in view
    assert "now  80" in view
    assert "changed" in view
    assert "Version 2" in side
    assert "Version 1" in side
    assert "returned  ·  Boubacar Idi" in side
    assert "2 Mar 2026" in side, "when, on the site's clocks"


def opened_correction(scene: Running, ident: Any, name: str = "bruno") -> dict[str, Any]:
    with at_desk(scene, name):
        return open_item.open_asked({"what": "correct", "id": str(ident)}, str(scene.operation))[0]


def test_the_impact_of_a_single_event_is_asked_for_stored_and_corrected(scene: Running) -> None:
    given = opened(scene)
    assert [each["value"] for each in given["impacts"]] == list(codes("CL-IMPACT-EVENT"))
    content = filled(given["content"])
    [flaw] = sent(scene, content | {"impact": "high"})["found"]["fields"]["impact"]
    assert "Only a single event has an impact" in flaw
    starts, ends = given["periods"]["single_event"]
    event = {"kind": "single_event", "impact": "low", "period_from": starts, "period_to": ends, "confirmed": True}
    again = opened_correction(scene, sent(scene, content | event)["sent"])["content"]
    assert again["impact"] == "low"
    changed = again | {"impact": "high", "correction_reason": "impact_changed", "confirmed": True}
    view, _side = shown(scene, sent(scene, changed)["sent"])
    assert "Impact of the event was Low impact now High impact" in " ".join(view.split())


def test_a_correction_keeps_the_ids_of_lines_and_an_unchanged_one_says_the_same(scene: Running) -> None:
    made = send(scene, form(scene, lines=[tally(7), hit(scene.start + timedelta(hours=1, seconds=30))]))
    with scene.store.reading(scene["bruno"]) as session:
        rows = reports.lines_of(session, made.id)
        content = of_version(made, rows) | {"correction_reason": "typing", "confirmed": True}
    answer = sent(scene, content)
    with scene.store.reading(scene["bruno"]) as session:
        again = reports.lines_of(session, UUID(answer["sent"]))
    assert [(row.id, row.attributes) for row in again] == [(row.id, row.attributes) for row in rows]


def test_who_corrects_after_somebody_else_sees_their_correction_and_sends_the_own_on_top(scene: Running) -> None:
    made = send(scene, form(scene, lines=[tally(100)]))
    mine, theirs = (
        opened_correction(scene, made.id)["content"] | {"correction_reason": "typing"} for _writer in range(2)
    )
    mine["lines"], theirs["lines"] = ([line | {"count": count} for line in mine["lines"]] for count in ("70", "80"))
    other = sent(scene, theirs, "boubacar")["sent"]
    with at_desk(scene, "bruno"):
        answer, view = entry.send({"content": mine, "turn": 1})
    assert "locked" not in answer, "what was typed stays in the form"
    assert "Somebody corrected this report while you were writing" in " ".join(answer["found"]["general"])
    assert "was  100" in texts(view)
    assert "now  80" in texts(view)
    assert answer["onto"] == other
    again = sent(scene, mine | {"supersedes_id": answer["onto"]})
    assert "now  70" in shown(scene, again["sent"])[0]


def test_two_versions_of_a_report_are_compared(scene: Running) -> None:
    first = send(scene, form(scene, lines=[tally(5)]))
    versions = [first.id]
    for count in ("6", "7"):
        content = opened_correction(scene, versions[-1])["content"] | {"correction_reason": "typing"}
        content["lines"][0]["count"] = count
        versions.append(sent(scene, content)["sent"])
    with at_desk(scene, "bruno"):
        _form, view, _side, mark = open_item.open_asked({"what": "version", "id": versions[2]}, str(scene.operation))
        assert "was  6" in texts(view)
        assert "was  5" in texts(open_item.compare(str(first.id), mark, str(scene.operation))[0])
        assert "was" not in texts(open_item.compare(None, mark, str(scene.operation))[0])
        assert open_item.compare(mark["with"], mark, str(scene.operation)) == (no_update,) * 2, "already there"


def test_the_sum_of_a_kind_keeps_what_its_lines_say_of_it_and_units_have_no_sum(scene: Running) -> None:
    lines = [
        line_of("migrant_detection", detections=43, qualifier="~"),
        line_of("migrant_detection", detections=1957),
        line_of("arrest", persons=42, qualifier="≥"),
        line_of("arrest", persons=8, qualifier=">"),
        line_of("group", count=3, qualifier="<"),
        line_of("group", count=4, qualifier=">"),
        line_of("document_seizure", count=7),
        line_of("seizure", amount=9),
        line_of("officers", count=53, counted="officer_day"),
    ]
    made = send(scene, form(scene, lines=lines))
    with at_desk(scene, "bruno"):
        _form, view, _side, _mark = open_item.open_asked({"what": "version", "id": str(made.id)}, str(scene.operation))
    heads = [texts(each).translate(str.maketrans("\u202f", " ", "\u2066\u2069")) for each in found_in(view, "H3")]
    assert heads == [
        "Arrests > 50",
        "Detections ~ 2,000",
        "Documents seized 7",
        "Seizures and recoveries",
        "Criminal groups ~ 7",
        "Officers deployed",
    ]


def test_withdrawing_needs_a_reason_and_leaves_the_report_readable(scene: Running) -> None:
    made = send(scene, form(scene))
    with at_desk(scene, "bruno"):
        with pytest.raises(RuleBroken) as refused:
            press(entry.withdraw, WITHDRAW, typed={"reason": " "}, shown={"id": str(made.id), "mark": ""})
        assert refused.value.flaws[0].field == "reason"
        press(entry.withdraw, WITHDRAW, typed={"reason": "Sent twice."}, shown={"id": str(made.id), "mark": ""})
    view, _side = shown(scene, made.id)
    assert "Withdrawn" in view
    assert "Correct" not in view


def test_the_page_follows_what_others_do_and_stays_still_otherwise(scene: Running) -> None:
    made = send(scene, form(scene))
    with at_desk(scene, "bruno"):
        mark = open_item.open_asked({"what": "version", "id": str(made.id)}, str(scene.operation))[3]
        assert open_item.follow(5, mark, str(scene.operation)) == (no_update,) * 3
    with scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, made.id, scene["boubacar"])
    with at_desk(scene, "bruno"):
        assert "Locally verified" in texts(open_item.follow(6, mark, str(scene.operation))[0])


def test_a_coordinator_reads_and_gets_no_form(scene: Running) -> None:
    made = send(scene, form(scene))
    with at_desk(scene, "ana"):
        given, view, _side, _shown = open_item.open_asked(
            {"what": "cell", "site": str(scene.sites["Niamey"]), "day": DAY}, str(scene.operation)
        )
        assert given is None
        assert "Bruno Issoufou" in texts(view)
        assert not found_in(view, "Details")
        given, view, _side, _shown = open_item.open_asked(
            {"what": "new", "site": str(scene.sites["Agadez"]), "day": DAY}, str(scene.operation)
        )
        assert given is None
        assert "sent no report" in texts(view)
        with pytest.raises(NotFound):
            open_item.open_asked({"what": "correct", "id": str(made.id)}, str(scene.operation))


def test_a_coordinator_keeps_and_sends_nothing(scene: Running) -> None:
    content = filled(opened(scene)["content"])
    with pytest.raises(NotFound):
        saved(scene, content, "ana")
    assert sent(scene, content, "ana")["found"]["general"] == ["There is nothing here that you can see."]
    assert stored(scene) == (0, 0, 0)


def test_the_matrix_follows_a_report_sent(scene: Running) -> None:
    send(scene, form(scene))
    with at_desk(scene, "bruno"):
        buttons = [
            each for each in found_in(places_of(scene), "Button") if "data-site" in each.to_plotly_json()["props"]
        ]
    said = {
        (each.to_plotly_json()["props"]["data-site"], each.to_plotly_json()["props"]["data-day"]): each.title
        for each in buttons
    }
    assert said[str(scene.sites["Niamey"]), DAY] == "Niamey, 2 Mar 2026: Submitted"
    assert said[str(scene.sites["Agadez"]), DAY] == "Agadez, 2 Mar 2026: nothing reported"
    assert date.fromisoformat(max(day for _site, day in said)) == date(2026, 3, 2), "no day that has not begun"
    assert sum(each.tabIndex == 0 for each in buttons) == 1


def test_a_day_before_a_site_was_staffed_is_not_asked_for_and_the_next_is_due(scene: Running) -> None:
    with clock.at(START + timedelta(days=1)):
        post(scene, "chaima", "binta", "Agadez")
    with at_desk(scene, "bruno", at=EVENING + timedelta(days=1)):
        shown = places_of(scene)
    buttons = [each.to_plotly_json()["props"] for each in found_in(shown, "Button")]
    said = {each["title"]: "data-due" in each for each in buttons if "data-site" in each}
    assert said["Agadez, 2 Mar 2026: not asked for: before the first day of this site"] is False
    assert said["Agadez, 3 Mar 2026: nothing reported"] is False
    assert [title for title, due in said.items() if due] == ["Niamey, 1 Mar 2026: nothing reported"]


def test_the_form_of_another_day_says_which_day_is_reported(scene: Running) -> None:
    assert opened(scene)["other_day"] == ""
    with at_desk(scene, "bruno", at=EVENING + timedelta(days=1)):
        asks = {"what": "cell", "site": str(scene.sites["Niamey"]), "day": DAY}
        given = open_item.open_asked(asks, str(scene.operation))[0]
    assert given["other_day"] == "You are reporting for 2 Mar 2026, not for today."
    made = send(scene, form(scene))
    with at_desk(scene, "bruno", at=EVENING + timedelta(days=1)):
        given = open_item.open_asked({"what": "correct", "id": str(made.id)}, str(scene.operation))[0]
    assert given["other_day"] == "", "the title of a correction says what it corrects"


def test_words_are_in_the_readers_language_and_versions_in_the_store_are_whole(scene: Running) -> None:
    given = opened(scene)
    with at_desk(scene, "bruno", language="fr"):
        french = open_item.open_asked(
            {"what": "new", "site": str(scene.sites["Niamey"]), "day": DAY}, str(scene.operation)
        )[0]
    labels = [option["label"] for option in french["choices"]["CL-CHECKKIND"]["options"]]
    assert labels != [option["label"] for option in given["choices"]["CL-CHECKKIND"]["options"]]
    sent(scene, filled(given["content"]))
    with scene.store.reading(System()) as session:
        assert session.exec(select(Report)).one().author_name == "Bruno Issoufou"


def places_of(scene: Running, marks: list[str] | None = None, ask: dict[str, Any] | None = None) -> Any:
    """What the places show after a pulse, on a page that shows `marks`; without these, the matrix alone."""
    signs = dict.fromkeys(("_form", "_answer", "_gone"))
    answer = page.show_places(3, str(scene.operation), marks or ["", ""], until="", ask=ask, **signs)
    return answer["shown"][1] if marks is None else (*answer["shown"], answer["marks"])


def drawn(scene: Running, marks: list[str], ask: dict[str, Any] | None = None, name: str = "bruno") -> Any:
    """What the places show after a pulse, to a page that shows `marks`."""
    with at_desk(scene, name):
        return places_of(scene, marks, ask)


def test_the_matrix_is_sent_again_only_when_it_changed(scene: Running) -> None:
    _unsent, matrix, marks = drawn(scene, ["", ""])
    assert found_in(matrix, "Button")
    assert drawn(scene, marks) == (no_update, no_update, [no_update] * 2)
    saved(scene, filled(opened(scene)["content"]))
    unsent, matrix, after = drawn(scene, marks)
    assert "1 unsent report" in texts(unsent)
    assert found_in(matrix, "Button"), "its cell says so too"
    send(scene, form(scene, day=0))
    due, matrix, last = drawn(scene, after)
    assert texts(due) != texts(unsent), "one less is due"
    assert matrix is not no_update
    assert drawn(scene, last)[:2] == (no_update, no_update)


@pytest.mark.parametrize("what", ["version", "correct", "cell", "form"])
def test_the_mark_of_the_matrix_stands_on_what_is_open(scene: Running, what: str) -> None:
    made = send(scene, form(scene, "Agadez"))
    content = filled(opened(scene, site="Niamey")["content"])
    saved(scene, content)
    ask = {
        "cell": {"what": "cell", "site": str(scene.sites["Agadez"]), "day": DAY},
        "form": {"what": "form", "id": content["id"]},
    }.get(what, {"what": what, "id": str(made.id)})

    def marked(name: str, attribute: str) -> list[tuple[str, str]]:
        buttons = [each.to_plotly_json()["props"] for each in found_in(drawn(scene, ["", ""], ask, name)[1], "Button")]
        return [(each["data-site"], each["data-day"]) for each in buttons if attribute in each]

    open_site = "Niamey" if what == "form" else "Agadez"
    assert marked("bruno", "aria-current") == [(str(scene.sites[open_site]), DAY)]
    assert [day for _site, day in marked("bruno", "data-due")] == ["2026-03-01"], "the earliest that is missing"
    assert marked("mateo", "aria-current") == [], "nothing of another country is marked"


def test_what_is_open_besides_stays_open_when_another_form_is_discarded(scene: Running) -> None:
    content = opened(scene)["content"]
    saved(scene, filled(content))
    with at_desk(scene, "bruno"):
        assert discard({"id": content["id"]})[1:] == [no_update] * 3
        _id, view, _side, ask = discard({"id": content["id"], "open": True})
    assert "Discarded" in texts(view)
    assert ask is None
