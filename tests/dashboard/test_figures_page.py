"""The catalogue says of each figure what it counts and what it is now, and nobody reads more there than on a board."""

from datetime import timedelta
from uuid import uuid4

import pytest

from dashboard.parts.datetimes import address_of
from dashboard.screens.figures import page
from dashboard.screens.situation import page as situation
from operations.catalogue.kpis import CATALOGUE
from operations.core import clock, journal
from operations.figures.domain_figures import DOMAIN_FIGURES
from operations.policing.operation import plan
from operations.results import restatements
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from tests import claim_stories as claims
from tests.claim_stories import NOON, opened, suspected
from tests.dashboard.desks import EVENING, at_desk, found_in, press, texts
from tests.incidents import WAY, brought
from tests.incidents import reported as incident
from tests.makers import Running, arrest, form, hit, let_out, send, tally
from tests.operations.steps import climb, correction
from tests.operations.test_hit_outcomes import answered
from tests.operations.test_lines import line_of
from tests.operations.test_restatements import victims


def shown(scene: Running, who: str, **asked: str) -> str:
    with at_desk(scene, who):
        return texts(page.layout(operation_id=str(scene.operation), **asked))


def reported(scene: Running, *arrests: int) -> None:
    lines = [arrest(many, sex="female" if place else "male", minors=1) for place, many in enumerate(arrests)]
    lines += [line_of("migrant_detection", detections=30, nationality="NGA"), tally(1000), hit(scene.start)]
    made = send(scene, form(scene, lines=lines))
    climb(scene, made.id, "boubacar", "chaima")


def test_every_figure_is_named_with_what_it_is_now(scene: Running) -> None:
    reported(scene, 20, 30)
    found = shown(scene, "ana")
    for each in (*CATALOGUE, *COMPUTED_FIGURES, *DOMAIN_FIGURES):
        assert f" {each} " in found, each
    assert "Arrests 50 arrests" in found
    assert "Arrests per confirmed hit — per hit" in found
    unreliable = "not reliable: age missing in \u2068100\u202f%\u2069 of detections"
    notes = "0 of 30  ·  95 %: \u20680–11\u202f%\u2069  ·  age not stated: 30"
    assert f"Minors among detections 0.0 % {unreliable}  ·  {notes}" in found
    assert "Nationalities 1 nationalities" in found
    assert "Until locally verified 1.0 hours 9 of 10 within 1.0 h; 1 are over" in found


def test_a_figure_is_opened_with_its_definition_and_its_sides(scene: Running) -> None:
    reported(scene, 20, 30)
    found = shown(scene, "ana", figure="K11")
    assert "Sum of persons over arrest events" in found
    assert "One may say “So many arrests were made, for all offences and in all phases.”" in found
    assert "One may not say “So many smugglers were arrested.”" in found
    assert "One may not say “Every hit is answered so soon.”" in shown(scene, "ana", figure="K07")
    assert "Sex Of these Number Share Female 30 60.0" in found
    with at_desk(scene, "ana"):
        drawn = found_in(page.layout(operation_id=str(scene.operation), figure="K11"), "Td")
    told = [each for each in (cell.to_plotly_json()["props"] for cell in drawn) if each.get("data-of") == "sex female"]
    assert [(each["children"], each["data-unit"]) for each in told] == [("30", "arrests"), ("60.0\u202f%", "%")]
    assert all(each[name] for each in told for name in ("data-kpi", "data-level", "data-as-of", "data-status"))
    assert "Minors Of these Number Share yes 2 4.0" in found
    assert "Kind of site" in found
    assert "Median of the time from a hit" in shown(scene, "ana", figure="K07")
    assert shown(scene, "ana", figure="nothing") == shown(scene, "ana")


def test_every_definition_has_its_number_and_unit_before_it(scene: Running) -> None:
    for figure, unit in (("K31", "%"), ("K07", "hours"), ("K45 b", "days")):
        with at_desk(scene, "ana"):
            drawn = page.layout(operation_id=str(scene.operation), figure=figure)
        [named] = [each for each in found_in(drawn, "P") if "kpi-code" in str(each)]
        [chip, told] = named.children
        assert (chip.children, told) == (figure, unit)


def test_how_hits_were_answered_says_in_the_source_what_it_is_told_with(scene: Running) -> None:
    answered(scene, ("sltd", "confirmed", "ITA", 4))
    with at_desk(scene, "ana"):
        drawn = page.layout(operation_id=str(scene.operation), figure="K07", level="V1")
    cells = [each.to_plotly_json()["props"] for each in found_in(drawn, "Td")]
    told = [each for each in cells if str(each.get("data-of", "")).startswith(("database", "hour"))]
    assert [each["data-unit"] for each in told] == ["hits", "%", "hours"] * 2
    assert all(each[name] for each in told for name in ("data-level", "data-as-of", "data-status"))


def test_how_hits_were_answered_is_told_by_database_and_by_country(scene: Running) -> None:
    answered(scene, ("sltd", "confirmed", "ITA", 4), ("sltd", "refuted", "ITA", 8))
    for figure in ("K06", "K07"):
        found = shown(scene, "ana", figure=figure, level="V1")
        share = "\u20681\u2069 · \u206850.0\u202f%\u2069 · 95 %: \u20689–91\u202f%\u2069"
        assert f"SLTD (travel documents) 2 {share} 6.0" in found
        assert "Country that answered Of these Answered Confirmed Median (hours) Italy 2 \u20681\u2069" in found
    assert "Country that answered Of these" not in shown(scene, "ana", figure="K05", level="V1")


def test_leadership_reads_the_sides_of_suspects_and_of_nobody_in_need_of_protection(scene: Running) -> None:
    reported(scene, 20, 4)
    let_out(scene)
    assert "Sex Of these Number Share Male 20" in shown(scene, "lena", figure="K11")
    found = shown(scene, "lena", figure="K15")
    assert "Irregular migrants detected 30 detections" in found
    assert "Nationality Of these" not in found
    assert "Kind of site" not in found


@pytest.mark.requirement("R76")
def test_what_is_hidden_on_the_board_is_hidden_here(scene: Running) -> None:
    reported(scene, 3)
    found = shown(scene, "lena", figure="K15")
    assert "Irregular migrants detected 0 detections" in found
    assert "This figure moves by eleven or more" in found
    assert "Minors among detections — %" in found, "of none that were shown yet"
    assert "Arrests 3 arrests" in found


def test_the_catalogue_of_an_earlier_moment_is_what_it_was(scene: Running) -> None:
    """The breakdown and what no board has included."""
    reported(scene, 20, 30)
    before, then = shown(scene, "ana", figure="K11"), address_of(EVENING)
    with at_desk(scene, "ana", EVENING + timedelta(hours=1)):
        now = texts(page.layout(operation_id=str(scene.operation), figure="K11"))
        assert now.count("30 60.0") == before.count("30 60.0") == 1
    send(scene, form(scene, "Agadez", lines=[arrest(50, sex="female")]), at=EVENING + timedelta(hours=2))
    with at_desk(scene, "ana", EVENING + timedelta(hours=3)):
        live = texts(page.layout(operation_id=str(scene.operation), figure="K11", level="V1"))
        past = texts(page.layout(operation_id=str(scene.operation), figure="K11", level="V1", at=then))
        early = texts(page.layout(operation_id=str(scene.operation), at="2020-01-01T00:00:00Z"))
    assert "Sex Of these Number Share Female 80 80.0" in live
    assert "Sex Of these Number Share Female 30 60.0" in past
    assert "Minors Of these Number Share yes 2 4.0" in past
    assert "The past Back to live" in past
    assert "Until locally verified 0.0 hours" not in past
    assert "Correction rate 0.0 %" in past
    assert "Nationalities 1 nationalities" in past
    assert "Nothing to look back at" in early


def test_an_earlier_moment_calls_restated_what_was_called_so_then(scene: Running) -> None:
    made = send(scene, form(scene, lines=[arrest(20), tally(400)]))
    with at_desk(scene, "ana"), scene.store.unit_of_work(scene["ana"]) as session:
        operation = plan.operation(session, scene.operation, scene["ana"])
        restatements.take_along(session, operation, scene["ana"], level="V1", entry=journal.pulse(session))
    corrected = EVENING + timedelta(hours=1)
    send(scene, correction(made, scene, lines=[arrest(25), tally(410)]), at=corrected)
    live = "restated \u2066+5\u2069 on"
    with at_desk(scene, "ana", EVENING + timedelta(hours=2)):
        assert live in texts(page.layout(operation_id=str(scene.operation), level="V1"))
        told = [
            texts(page.layout(operation_id=str(scene.operation), level="V1", at=address_of(at)))
            for at in (EVENING, corrected)
        ]
    assert [live in each for each in told] == [False, True]
    assert ["Correction rate 0.0 %" in told[0], "Correction rate 100.0 %" in told[1]] == [True, True]


def test_the_page_follows_what_is_reported(scene: Running) -> None:
    reported(scene, 20, 30)
    chosen = {"figure": "K11", "level": ""}
    with at_desk(scene, "ana"):
        moved = page.show(1, str(scene.operation), None, chosen=chosen)
    assert texts(moved["shown"]) in shown(scene, "ana", figure="K11")
    assert len(moved["marks"]) == 1


def test_where_nobody_found_out_how_much_was_detected_the_way_to_it_stands(scene: Running) -> None:
    assert "Find it out on the analysis page" in shown(scene, "ana")
    assert "Interception share" not in shown(scene, "chaima")


def test_the_board_is_edited_from_the_catalogue(scene: Running) -> None:
    def buttons(who: str, **asked: str) -> dict[str, str]:
        with at_desk(scene, who):
            drawn = found_in(page.layout(operation_id=str(scene.operation), **asked), "Button")
        return {each.id["figure"]: each.id["to"] for each in drawn}

    assert buttons("ana")["K04"] == "off"
    assert set(buttons("ana")) == set(CATALOGUE)
    with at_desk(scene, "ana"):
        press(page.place, {"type": page.BOARD, "figure": "K04", "to": "off"}, scene.operation)
    assert buttons("ana")["K04"] == "on"
    assert buttons("lena") == buttons("ana", at=address_of(EVENING)) == {}
    assert "Raw hits 0 hits yes" in shown(scene, "lena", at=address_of(scene.start))
    assert "Raw hits 0 hits Confirmed" not in shown(scene, "lena")


def test_the_reports_behind_a_figure_are_asked_for_here_too_by_those_who_read_them(scene: Running) -> None:
    reported(scene, 20, 30)
    for who, figure, asks in (("chaima", "K11", 1), ("chaima", "K31", 0), ("chaima", "", 0), ("lena", "K11", 0)):
        with at_desk(scene, who):
            drawn = page.layout(operation_id=str(scene.operation), figure=figure, level="V1")
        assert len(list(found_in(drawn, "Select"))) == asks, (who, figure)


def test_arrests_after_a_hit_are_told_by_database_with_all_that_a_figure_says(scene: Running) -> None:
    made = answered(scene, ("sltd", "confirmed", "ITA", 4), ("sltd", "confirmed", "ITA", 5))
    lines = [arrest(4, after_hit=1, hit_database="sltd"), arrest(2, after_hit=2)]
    climb(scene, send(scene, form(scene, "Agadez", lines=lines)).id, "boubacar", "chaima")
    found = shown(scene, "ana", figure="K14")
    assert "Database Of these Arrests after a hit Confirmed hits Arrests per confirmed hit" in found
    assert "SLTD (travel documents) 1 2 0.50 Not told 2 — —" in found
    assert made.level == 3
    with at_desk(scene, "ana"):
        drawn = page.layout(operation_id=str(scene.operation), figure="K14")
    cells = [each.to_plotly_json()["props"] for each in found_in(drawn, "Td")]
    told = [each for each in cells if str(each.get("data-of", "")).startswith("database")]
    assert [each["data-unit"] for each in told] == ["persons", "hits", "per hit"] * 2
    assert all(each[name] for each in told for name in ("data-level", "data-as-of", "data-status"))
    assert "Database of the hit Of these Number Share SLTD (travel documents) 1" in shown(scene, "ana", figure="K11")
    assert "Arrests after a hit Confirmed hits" not in shown(scene, "moussa", figure="K14")


def test_hits_of_a_document_that_hit_before_are_a_side_of_hits(scene: Running) -> None:
    first = hit(scene.start)
    send(scene, form(scene, lines=[first, hit(scene.start + timedelta(hours=2), repeats=first["id"])]))
    found = shown(scene, "ana", figure="K04", level="V1")
    assert "Same document as an earlier hit Of these Number Share yes 1 50.0" in found


def test_concluded_incidents_are_told_by_category_to_leadership_and_to_nobody_else(scene: Running) -> None:
    for category in ("staff", "staff", "activity"):
        brought(scene, incident(scene, category=category), *WAY[:-1])
    incident(scene, category="high_relevance")
    with at_desk(scene, "lena"):
        drawn = page.layout(operation_id=str(scene.operation), figure="K22")
    assert "Category Of these Number Share Incident that involves staff 2 66.7" in texts(drawn)
    assert "Incident not related to staff 1 33.3" in texts(drawn)
    assert "High political" not in texts(drawn)
    cells = [each.to_plotly_json()["props"] for each in found_in(drawn, "Td")]
    told = [each for each in cells if str(each.get("data-of", "")).startswith("category")]
    assert [(each["data-kpi"], each["data-unit"]) for each in told] == [("K22", "incidents"), ("K22", "%")] * 2
    assert all(each[name] for each in told for name in ("data-level", "data-as-of", "data-status"))
    for name in ("ana", "dov", "chaima"):
        assert "Category Of these" not in shown(scene, name, figure="K22")


def test_a_case_of_several_countries_is_told_with_its_national_files(scene: Running) -> None:
    """Beside the figure, and not as of before; each country reads its own."""
    of_case = line_of("investigation", count=1, reach="transnational", case_ref="EJ-2026/0123")
    for site, by in (("Niamey", "bruno"), ("Bamako", "mateo")):
        send(scene, form(scene, site, lines=[of_case | {"id": str(uuid4())}]), by)
    [claim] = suspected(scene)
    claim = opened(scene, claim)
    for name in ("chaima", "moussa"):
        claims.answered(scene, claim, name, at=NOON + timedelta(hours=1))

    def case(name: str, **at: str) -> str:
        with at_desk(scene, name, NOON + timedelta(hours=2)):
            drawn = page.layout(operation_id=str(scene.operation), level="V1", **at)
        [row] = [each for each in found_in(drawn, "Tr") if texts(each).startswith("K27")]
        return texts(row)

    assert "1 cases opened national files: 2" in case("ana")
    then = case("ana", at=address_of(NOON))
    assert ("2 cases opened \u00b1 1 under review" in then, "national files" in then) == (True, False)
    own = sorted(case(name) for name in ("chaima", "moussa"))
    assert "0 cases opened and 1 in another role. Assisted  \u00b7  national files: 1" in own[0]
    assert ("1 cases opened" in own[1], "national files" in own[1]) == (True, False)


def test_how_old_numbers_of_persons_are_is_told_to_those_for_whom_they_move_in_releases(scene: Running) -> None:
    said = (
        "Half of the numbers of persons are of {} or later (at most {} old), nine of ten of {} or later (at most {})."
    )
    reported(scene, 20)
    with clock.at(EVENING - timedelta(hours=3)):
        let_out(scene)
    made = send(scene, form(scene, lines=[victims(40)]))
    climb(scene, made.id, "boubacar", "chaima")
    old, new = (moment.strftime("%H:%M") for moment in (EVENING + timedelta(hours=-2), EVENING + timedelta(minutes=20)))
    with clock.at(EVENING - timedelta(minutes=40)):
        let_out(scene)
    base = str(scene.operation)
    for draw in (page.layout, situation.layout):
        with at_desk(scene, "lena"):
            drawn = texts(draw(operation_id=base))
        assert said.format(new, "40 minutes", old, "3 hours") in drawn
        with at_desk(scene, "ana"):
            assert "Half of the numbers of persons" not in texts(draw(operation_id=base))
