"""Of one event one line counts, and for each field another line of its country can lead (story 6.3)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from operations.catalogue.kpis import Kpi
from operations.claims import claim_masters, claim_sides
from operations.claims.claim_rows import Claim
from operations.claims.claim_states import ANSWER_WITHIN, ClaimState
from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import Level
from operations.figures.board import read_board
from operations.figures.derived_figures import disclosed_value
from operations.figures.durations import FigureRequest
from operations.notices import inbox
from operations.policing.reports import reports, verification
from operations.policing.reports.versions import Report
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.timetable import worklist_messages
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from operations.totals import margins
from operations.totals.totals import Grain, read
from operations.worklist_entries import waiting
from tests.claim_stories import LATE, NOON, ON_NOTICE, answered, detection, lines, opened, suspected, taken
from tests.makers import START, Running, arrest, form, send
from tests.operations.steps import climb, correction, counted
from tests.operations.test_reopened_claims import cells
from tests.operations.test_stories_of_claims import beside, figure, frame, reports_behind

S = ClaimState
K15 = Kpi.DETECTIONS


def bus(scene: Running, people: int, after: int = 0, by: str = "bruno", **said: Any) -> Report:
    """A bus as one source sends it: so many people, of whom some are minors."""
    at = START + timedelta(hours=2, minutes=after)
    period = {"period_from": at.isoformat(), "period_to": (at + timedelta(minutes=30)).isoformat()}
    line = detection(people, **said)
    line = {
        key: value
        for key, value in line.items()
        if key
        in ("kind", "id", "detections", "detection_kind", "means", "minors", "uam", "nationality", "sex", "age_group")
    }
    return send(scene, form(scene, lines=[line], kind="single_event") | period, by)


def three(scene: Running) -> tuple[Claim, list[Report]]:
    """The bus of the story: border police, customs and a file sent it; the claim of it is open."""
    made = [bus(scene, 14, minors=3), bus(scene, 12, 50, "binta", minors=2, nationality="MLI"), bus(scene, 14, 20)]
    [claim] = suspected(scene)
    return opened(scene, claim), made


def code(scene: Running, claim: Claim, name: str, of: Report) -> str:
    [line] = [each for each in lines(scene, claim.id) if each.report_id == of.report_id]
    return f"{name}={line.report_id}:{line.line_id}"


def choose(scene: Running, claim: Claim, *leads: str, by: str = "dov", at: Any = NOON) -> Claim:
    draft = parse(claim_masters.MasterDraft, {"leads": leads})
    with clock.at(at), scene.store.unit_of_work(scene[by]) as session:
        return claim_masters.choose(session, claim.id, draft, scene[by])


def decided(scene: Running, claim: Claim) -> Claim:
    return taken(scene, claim, S.DECIDED, "ana", "The plate is the same.", at=LATE)


def held(scene: Running) -> tuple[int, int, dict[tuple[str, str], int]]:
    """What totals hold of detections, records and persons, and their margins; they are steps and recount."""
    with scene.store.reading(System()) as session:
        assert verification.differences(session, scene.operation) == []
        rows = [row for row in read(session, scene.operation, Grain.OPERATION) if row.facet.kind == "migrant_detection"]
        sides = margins.read(session, scene.operation, "migrant_detection")
    found = {(each.dimension, each.code): each.quantity for each in sides if each.dimension in ("minor", "nationality")}
    return sum(row.records for row in rows), sum(row.quantity for row in rows), found


def test_for_each_field_the_line_leads_that_was_chosen(scene: Running) -> None:
    claim, (first, second, _third) = three(scene)
    choose(scene, claim, code(scene, claim, "count_of", second), code(scene, claim, "nationality", second))
    decided(scene, claim)
    assert held(scene) == (1, 12, {("minor", "yes"): 3, ("nationality", "MLI"): 12})
    assert figure(scene, K15).value == 12
    assert sum(amount for amount, _otherwise in reports_behind(scene, "dov", K15)) == 12
    [(_amount, otherwise)] = reports_behind(scene, "dov", K15)
    assert 14 in otherwise, "the other sources say so"
    assert [str(each) for each in beside(scene, "K37").notes] == ["2 of 3"]
    with scene.store.reading(System()) as session:
        said = [reports.lines_of(session, each.id)[0].quantity for each in (first, second)]
    assert said == [14, 12], "each line stays as it is"


def test_what_is_under_review_is_what_agreeing_changes(scene: Running) -> None:
    claim, (first, second, _third) = three(scene)
    assert (figure(scene, K15).value, figure(scene, K15).review) == (40, 26)
    choose(scene, claim, code(scene, claim, "count_of", second))
    before = figure(scene, K15)
    assert before.review == 28, "the line that counts will count as many as the one that leads"
    climb(scene, second.id, "boubacar")
    assert figure(scene, K15).review == 28, "the one that has climbed counts"
    climb(scene, first.id, "boubacar")
    decided(scene, claim)
    assert before.value is not None
    assert (figure(scene, K15).value, figure(scene, K15).review) == (before.value - 28, 0)


def test_nobody_has_to_choose_the_line_that_counts_leads(scene: Running) -> None:
    claim, _made = three(scene)
    decided(scene, claim)
    assert held(scene) == (1, 14, {("minor", "yes"): 3})


def test_the_day_is_that_of_the_line_that_leads_for_the_time(scene: Running) -> None:
    """A bus met about midnight: one source reports it of the day before."""
    late = 14 * 60 + 20  # after the first bus: 23:20 in Niamey
    made = [bus(scene, 14, late + each) for each in (0, 50)]
    assert made[0].official_day != made[1].official_day
    [claim] = suspected(scene, at=LATE)
    opened(scene, claim, at=LATE)

    def days() -> set[str]:
        with scene.store.reading(System()) as session:
            assert verification.differences(session, scene.operation) == []
            return {row.day for row in read(session, scene.operation, Grain.DAY) if row.records}

    assert len(days()) == 2
    choose(scene, claim, code(scene, claim, "time", made[1]), at=LATE)
    taken(scene, claim, S.DECIDED, "ana", "The plate is the same.", at=LATE + ANSWER_WITHIN)
    assert days() == {made[1].official_day.isoformat()}


def test_a_part_that_is_larger_than_its_whole_is_refused_and_changes_nothing(scene: Running) -> None:
    made = [bus(scene, 14, minors=13), bus(scene, 12, 20)]
    [claim] = suspected(scene)
    opened(scene, claim)
    with pytest.raises(RuleBroken, match=r"The leading lines contradict each other. Of these, minors: .*"):
        choose(scene, claim, code(scene, claim, "count_of", made[1]))
    assert [each.leads for each in lines(scene, claim.id)] == [[], []]
    choose(scene, claim, *(code(scene, claim, name, made[1]) for name in ("count_of", "minors")))
    decided(scene, claim)
    assert held(scene) == (1, 12, {})


def test_for_a_field_one_line_leads_and_only_one_that_says_something_else(scene: Running) -> None:
    claim, (first, second, third) = three(scene)
    for leads, words in (
        (
            [code(scene, claim, "minors", second), code(scene, claim, "minors", third)],
            "Choose one leading line for each field",
        ),
        ([code(scene, claim, "count_of", third)], "This choice is no longer available"),
        ([code(scene, claim, "count_of", first)], "This choice is no longer available"),
        (["count_of"], "This choice is no longer available"),
    ):
        with pytest.raises(RuleBroken, match=words):
            choose(scene, claim, *leads)


def test_a_country_owns_its_figures(scene: Running) -> None:
    """Of two countries' lines that one leads for all where it happened: the other keeps its own, with its role."""
    of = ON_NOTICE | {"sex": "male"}
    asked = send(scene, form(scene, lines=[arrest(2, **of)]))
    send(scene, form(scene, "Bamako", lines=[arrest(2, **ON_NOTICE)]), "mateo")
    [claim] = suspected(scene)
    opened(scene, claim)
    with scene.store.reading(scene["dov"]) as session:
        assert claim_masters.choices(claim_sides.sides(session, claim, lines(scene, claim.id), scene["dov"])) == []
    with pytest.raises(RuleBroken, match="This choice is no longer available"):
        choose(scene, claim, code(scene, claim, "sex", asked))


@pytest.mark.parametrize("name", ["chaima", "moussa", "bruno", "lena", "otto"])
def test_nobody_else_chooses(scene: Running, name: str) -> None:
    claim, (_first, second, _third) = three(scene)
    with pytest.raises(NotFound):
        choose(scene, claim, code(scene, claim, "count_of", second), by=name)


def test_what_the_country_said_is_of_what_led_before(scene: Running) -> None:
    claim, (_first, second, _third) = three(scene)
    claim = answered(scene, claim, "chaima", "no")
    assert claim.state == S.DIFFERENT
    claim = taken(scene, claim, S.OPEN, "ana", "The plate is the same.")
    before = claim.round
    assert choose(scene, claim, code(scene, claim, "count_of", second)).round == before
    assert answered(scene, claim, "chaima").state == S.AGREED
    assert held(scene)[1] == 12
    with pytest.raises(RuleBroken, match="You can choose the leading line only while"):
        choose(scene, claim)


def wanted_man(scene: Running) -> tuple[Claim, list[Report]]:
    """Niger reports an arrest on a notice twice, Mali once; that of Niger counts, if they are one."""
    of = [
        send(scene, form(scene, lines=[arrest(2, **ON_NOTICE)])),
        send(scene, form(scene, lines=[arrest(3, **ON_NOTICE | {"legal_basis": "unknown", "on_notice": 1})]), "binta"),
        send(scene, form(scene, "Bamako", lines=[arrest(2, **ON_NOTICE)]), "mateo"),
    ]
    [claim] = suspected(scene)
    place = [each.report_id for each in lines(scene, claim.id)].index(of[0].report_id)
    return opened(scene, claim, place), of


def test_who_answered_is_asked_again_and_the_coordinator_who_decides_need_not_wait(scene: Running) -> None:
    claim, (_first, second, _other) = wanted_man(scene)
    answered(scene, claim, "chaima")
    with pytest.raises(RuleBroken, match="can still answer"):
        taken(scene, claim, S.DECIDED, "ana")
    led = choose(scene, claim, code(scene, claim, "count_of", second))
    assert (led.round, led.until) == (2, claim.until)
    assert answered(scene, claim, "moussa").state == S.OPEN, "Niger has not answered what leads now"
    answered(scene, claim, "chaima", "no")
    led = choose(scene, claim, by="ana")
    assert led.round == 3
    assert led.until == NOON, "it was the coordinator's to decide, and is"
    assert taken(scene, claim, S.DECIDED, "ana").state == S.DECIDED
    assert counted(scene, Kpi.ARRESTS) == 2


def test_who_is_asked_again_finds_it_in_the_inbox_again_until_it_has_answered(scene: Running) -> None:
    claim, (_first, second, _other) = wanted_man(scene)
    keeper = Timetable(scene.store, LeaseCandidate("one"))

    def told(minutes: int) -> list[tuple[Any, ...]]:
        """What lies of claims in the inbox of Niger's coordinator, read or not, and since when the last one waits."""
        at = NOON + timedelta(minutes=minutes)
        with clock.at(at):
            keeper.beat()
            keeper.tick(worklist_messages.JOBS)
        with scene.store.reading(scene["chaima"]) as session:
            of = [each for each in inbox.messages(session, scene["chaima"]) if "claims?show" in each.message.link]
            since = [each.since for each in waiting(session, scene["chaima"], at) if each.noun == "claim"]
        return [(each.message.kind, each.read, *since) for each in of]

    assert told(1) == [("waits", False, NOON)]
    answered(scene, claim, "chaima", at=NOON + timedelta(minutes=2))
    assert told(3) == [("waits", True)]
    again = NOON + timedelta(minutes=4)
    choose(scene, claim, code(scene, claim, "count_of", second), at=again)
    assert told(5) == [("waits", False, again), ("waits", True, again)]
    answered(scene, claim, "chaima", at=NOON + timedelta(minutes=6))
    assert told(7) == [("waits", True)] * 2


def test_another_country_is_told_that_fields_differ_only_where_it_sees_them(scene: Running) -> None:
    claim, (_first, second, _other) = wanted_man(scene)
    choose(scene, claim, *(code(scene, claim, name, second) for name in ("count_of", "legal_basis", "on_notice")))
    every = lines(scene, claim.id)
    place = [each.report_id for each in every].index(second.report_id) + 1
    own = {"count_of": [place], "legal_basis": [place], "on_notice": [place]}
    others = {"count_of": [place], claim_masters.OTHERS: [place]}
    for name, said in (("dov", own), ("ana", own), ("chaima", own), ("moussa", others)):
        assert claim_masters.told_of(claim, every, scene[name]) == said
        with scene.store.reading(scene[name]) as session:
            [entry] = session.exec(select(journal.Entry).where(journal.Entry.act == "claim.choose"))
            assert entry.detail["leads"] == others
    for name, seen in (("dov", True), ("chaima", True), ("moussa", False), ("ana", False)):
        with scene.store.reading(scene[name]) as session:
            sides = claim_sides.sides(session, claim, every, scene[name])
        assert any("on_notice" in side.said for side in sides) is seen, name


def test_a_line_leads_as_long_as_it_stands_as_high_as_the_line_that_counts(scene: Running) -> None:
    claim, (first, second, _third) = three(scene)
    choose(scene, claim, code(scene, claim, "count_of", second))
    decided(scene, claim)
    climb(scene, first.id, "boubacar")
    assert (counted(scene, K15, Level.V2), counted(scene, K15)) == (14, 14), "nobody has verified the twelve"
    with scene.store.reading(System()) as session:
        assert claim_masters.giving(session, lines(scene, claim.id)).isdisjoint({(second.report_id, second.id)})
    climb(scene, second.id, "boubacar")
    assert (counted(scene, K15, Level.V2), counted(scene, K15)) == (12, 12)


def test_what_becomes_of_the_line_that_leads_is_followed(scene: Running) -> None:
    claim, (first, second, _third) = three(scene)
    choose(scene, claim, code(scene, claim, "count_of", second))
    decided(scene, claim)
    with scene.store.reading(System()) as session:
        [line] = reports.lines_of(session, second.id)

    def corrects(people: int, before: Report, **said: Any) -> Report:
        again = correction(
            before,
            scene,
            kind="single_event",
            period_from=before.period_from.isoformat(),
            period_to=before.period_to.isoformat(),
        )
        content = {
            key: value
            for key, value in detection(people, id=str(line.id), **said).items()
            if key in ("kind", "id", "detections", "detection_kind", "means", "minors")
        }
        return send(scene, form(scene) | again | {"lines": [content]}, "binta", at=NOON)

    thirteen = corrects(13, second)
    assert held(scene)[:2] == (1, 13)
    two = corrects(2, thirteen)
    assert held(scene)[:2] == (1, 14), "of two three cannot be minors: the line that counts leads for all"
    with clock.at(NOON), scene.store.unit_of_work(scene["chaima"]) as session:
        reports.withdraw(session, two.id, "By mistake.", scene["chaima"])
    assert held(scene)[:2] == (1, 14)
    with clock.at(NOON), scene.store.unit_of_work(scene["chaima"]) as session:
        reports.withdraw(session, first.id, "By mistake.", scene["chaima"])
    assert held(scene)[:2] == (1, 14), "the third one counts"


def test_opened_again_each_line_counts_by_itself_and_another_can_lead(scene: Running) -> None:
    claim, (_first, second, _third) = three(scene)
    before = cells(scene)
    choose(scene, claim, code(scene, claim, "count_of", second))
    decided(scene, claim)
    settled = cells(scene)
    taken(scene, claim, S.OPEN, "ana", "The plates differ.", at=LATE)
    assert cells(scene) == before
    taken(scene, claim, S.DECIDED, "ana", "They do not.", at=LATE + ANSWER_WITHIN)
    assert cells(scene) == settled
    taken(scene, claim, S.OPEN, "ana", "Fourteen were on it.", at=LATE + ANSWER_WITHIN)
    choose(scene, claim, at=LATE + ANSWER_WITHIN)
    taken(scene, claim, S.DECIDED, "ana", "Fourteen were on it.", at=LATE + 2 * ANSWER_WITHIN)
    assert held(scene)[:2] == (1, 14)


def test_persons_arrested_are_as_many_as_the_line_says_that_leads_then_as_now(scene: Running) -> None:
    claim, (_first, second, _other) = wanted_man(scene)
    choose(scene, claim, code(scene, claim, "count_of", second), code(scene, claim, "legal_basis", second))
    decided(scene, claim)
    with scene.store.reading(System()) as session:
        seq = journal.pulse(session)
    assert (figure(scene, Kpi.ARRESTS).value, beside(scene, "K12").value) == (3, 3)
    taken(scene, claim, S.OPEN, "ana", "The prints differ.", at=LATE)
    assert (figure(scene, Kpi.ARRESTS).value, beside(scene, "K12").value) != (3, 3)
    with clock.at(LATE), scene.store.reading(scene["ana"]) as session:
        then = replace(frame(scene), at=seq)
        board = read_board(session, then, scene["ana"])
        persons = disclosed_value(COMPUTED_FIGURES["K12"], FigureRequest(session, board.frame, scene["ana"], board))
        assert (board.figures[Kpi.ARRESTS].value, persons.value) == (3, 3)
