"""Claims: what may be one event is found, opened, answered and settled; it counts once, nothing merges by itself."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from operations.catalogue.kpis import Kpi, total
from operations.claims import claim_rows, claim_sides, claim_states, claims, suggestions
from operations.claims.claim_rows import Claim
from operations.claims.claim_states import ClaimState
from operations.core import clock, journal
from operations.core import pulse as hearing
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.figure_cube import OUTSIDE
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.derived_figures import disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.figures.releases import decision
from operations.figures.values import Figure
from operations.policing.operation import plan
from operations.policing.reports import reports
from operations.results import restatements
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.timetable import claims as timetable_claims
from operations.timetable import jobs
from operations.timetable.lease import LeaseCandidate
from operations.timetable.maintenance import Copies
from operations.timetable.runner import Timetable
from operations.totals.totals import Grain, read
from operations.worklist_entries import waiting
from tests import turns
from tests.claim_stories import (
    LATE,
    NOON,
    answered,
    event,
    lines,
    opened,
    settled,
    suspected,
    taken,
    two_countries,
)
from tests.makers import START, Running, arrest, form, let_out, send
from tests.operations.steps import climb, correction, counted

S = ClaimState


def arrests(scene: Running, level: Level = Level.V1) -> int:
    return counted(scene, Kpi.ARRESTS, level)


def by_country(scene: Running) -> dict[str, int]:
    with scene.store.reading(System()) as session:
        found: dict[str, int] = {}
        for row in read(session, scene.operation, Grain.COUNTRY):
            found[row.country] = found.get(row.country, 0) + total(
                Kpi.ARRESTS, [(row.facet, row.records, row.quantity)]
            )
    return {country: many for country, many in found.items() if many}


def state(scene: Running, claim: Claim) -> S:
    with scene.store.reading(System()) as session:
        return claim_states.LIFE.now(session.get_one(Claim, claim.id))


@pytest.mark.requirement("R51")
def test_an_arrest_that_two_countries_report_counts_once_at_its_place(scene: Running) -> None:
    two_countries(scene)
    assert arrests(scene) == 2
    [claim] = suspected(scene)
    assert (claim.kind, claim.countries, claim.state) == ("two_countries", "MLI NER", S.SUSPECTED)
    assert claim.grounds[0] == "notice"
    assert claim.score > 0.6
    assert arrests(scene) == 2
    claim = opened(scene, claim, role="requesting")
    assert [(each.country, each.role) for each in lines(scene, claim.id)] == [
        ("MLI", "arresting"),
        ("NER", "requesting"),
    ]
    answered(scene, claim, "chaima")
    assert (state(scene, claim), arrests(scene)) == (S.OPEN, 2)
    answered(scene, claim, "moussa")
    assert (state(scene, claim), arrests(scene)) == (S.AGREED, 1)
    assert by_country(scene) == {"MLI": 1}


def test_what_is_not_one_event_is_remembered_and_never_suggested_again(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    assert suspected(scene) == []
    opened(scene, claim)
    with pytest.raises(RuleBroken, match="Say why these are several events"):
        answered(scene, claim, "chaima", "no", " ")
    for name in ("chaima", "moussa"):
        answered(scene, claim, name, "no")
    assert (state(scene, claim), arrests(scene)) == (S.DIFFERENT, 2)
    assert suspected(scene) == []


def test_no_more_are_suspected_at_once_than_somebody_looks_at(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    for notice in ("A-1/1-2026", "A-2/1-2026", "A-3/1-2026"):
        two_countries(scene, notice)
    monkeypatch.setattr(claims, "MOST", 1)
    [first] = suspected(scene)
    assert suspected(scene) == [], "one is with the analyst"
    taken(scene, first, S.DISMISSED, "dov", "Two persons.")
    [second] = suspected(scene)
    assert (first.number, second.number) == (1, 2)
    monkeypatch.setattr(claims, "MOST", 3)
    assert len(suspected(scene)) == 1


def test_an_analyst_dismisses_a_suspicion_with_a_reason(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    with pytest.raises(RuleBroken, match="Give the reason"):
        taken(scene, claim, S.DISMISSED, "dov", " ")
    taken(scene, claim, S.DISMISSED, "dov", "Two men with one notice.")
    assert (suspected(scene), arrests(scene)) == ([], 2)


def test_the_coordinator_decides_after_the_deadline_with_a_reason(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    with pytest.raises(RuleBroken, match="can still answer"):
        taken(scene, claim, S.DECIDED, "ana")
    answered(scene, claim, "chaima", "no")
    with pytest.raises(RuleBroken, match="Give the reason"):
        taken(scene, claim, S.DECIDED, "ana", "", at=LATE)
    done = taken(scene, claim, S.DECIDED, "ana", "The fingerprints are the same.", at=LATE)
    assert (done.state, done.reason, arrests(scene)) == (S.DECIDED, "The fingerprints are the same.", 1)


def test_countries_that_do_not_agree_are_decided_for_at_once(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    answered(scene, claim, "chaima")
    answered(scene, claim, "moussa", "no")
    assert state(scene, claim) is S.OPEN
    taken(scene, claim, S.SEPARATED, "ana", "Two men.")
    assert arrests(scene) == 2
    with pytest.raises(RuleBroken, match="settled or closed"):
        answered(scene, claim, "moussa")


@pytest.mark.parametrize(
    ("name", "verb"),
    [
        ("chaima", lambda scene, claim: opened(scene, claim, by="chaima")),
        ("ana", lambda scene, claim: opened(scene, claim, by="ana")),
        ("bruno", lambda scene, claim: answered(scene, claim, "bruno")),
        ("dov", lambda scene, claim: taken(scene, claim, S.DECIDED, "dov")),
        ("lena", lambda scene, claim: taken(scene, claim, S.DISMISSED, "lena")),
        ("bruno", lambda scene, _claim: suspected(scene, "bruno")),
    ],
)
def test_nobody_else_takes_these_steps(scene: Running, name: str, verb: Any) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    with pytest.raises((NotFound, RuleBroken)):
        verb(scene, claim)
    assert (name, state(scene, claim)) == (name, S.SUSPECTED)


# ------------------------------------------------------------------------------------------------ the bus of 6.3


def test_a_bus_that_is_sent_three_times_counts_once_and_a_second_one_stays(scene: Running) -> None:
    first = START + timedelta(hours=2)
    for after, people, by in ((0, 14, "bruno"), (50, 12, "binta"), (20, 14, "bruno")):
        event(scene, first + timedelta(minutes=after), people, by=by)
    event(scene, first + timedelta(hours=5), 14)
    assert counted(scene, Kpi.DETECTIONS) == 54
    [claim] = suspected(scene)
    assert (len(lines(scene, claim.id)), set(claim.grounds)) == (3, {"here", "then", "counts", "fields"})
    counts = next(place for place, each in enumerate(looked(scene, claim, "dov")) if each.quantity == 14)
    opened(scene, claim, counts)
    answered(scene, claim, "chaima")
    assert (state(scene, claim), counted(scene, Kpi.DETECTIONS)) == (S.AGREED, 28)
    assert {each.role for each in lines(scene, claim.id)[1:]} == {"again"}
    assert suspected(scene) == []


def looked(scene: Running, claim: Claim, by: str) -> list[claim_sides.DisputedLine]:
    with clock.at(NOON), scene.store.unit_of_work(scene[by]) as session:
        return claim_sides.compare(session, claim.id, scene[by])


def test_lines_of_one_report_are_never_a_claim(scene: Running) -> None:
    send(scene, form(scene, lines=[arrest(12), arrest(12)]))
    assert suspected(scene) == []


@pytest.mark.requirement("R51")
def test_two_small_arrests_of_one_day_at_one_post_are_no_suspicion(scene: Running) -> None:
    for by in ("bruno", "binta"):
        send(scene, form(scene, lines=[arrest(1)]), by)
    assert suspected(scene) == []


# -------------------------------------------------------------------------------------------------- who sees what


def test_a_country_sees_the_lines_in_dispute_and_what_they_were_matched_by_alone(scene: Running) -> None:
    remark = {"remarks": "Our source in the harbour."}
    two_countries(scene, **remark)
    send(scene, form(scene, "Bamako", lines=[arrest(7, offence="drugs")]), "mateo")
    [claim] = suspected(scene)
    with scene.store.reading(scene["chaima"]) as session:
        assert claim_rows.claims(session, scene.operation) == []
    opened(scene, claim, role="requesting")
    with scene.store.reading(scene["chaima"]) as session:
        assert [each.id for each in claim_rows.claims(session, scene.operation)] == [claim.id]
        assert {each.country for each in reports.newest(session, scene.operation)} == {"NER"}
    mali, niger = looked(scene, claim, "chaima")
    assert (mali.line.country, mali.site, mali.quantity) == ("MLI", "Bamako", 1)
    assert mali.said == {"notice_ref": "A-1234/11-2025", "offence": "migrant_smuggling", "nationality": "NGA"} | {
        name: mali.said[name] for name in ("sex", "age_group")
    }
    assert set(mali.said) <= set(claim_sides.MATCHED)
    assert niger.said == mali.said | {"legal_basis": "red_notice_diffusion"}, "its own it reads whole"
    for name in ("bruno", "lena", "otto"):
        with pytest.raises(NotFound):
            looked(scene, claim, name)


def test_who_compares_stands_in_the_access_trail_of_each_country(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    looked(scene, claim, "moussa")
    with scene.store.reading(System()) as session:
        entries = [
            each
            for each in journal.between(session, journal.Chain.ACCESS, None, None, None)
            if each.act == "claim.compare"
        ]
    assert {(each.country, each.actor_name) for each in entries} == {("MLI", "Moussa Traore"), ("NER", "Moussa Traore")}


# ------------------------------------------------------------------------------------------ what happens meanwhile


def test_a_line_that_is_withdrawn_meanwhile_is_said_and_changes_nothing_wrongly(scene: Running) -> None:
    asked, _made = two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    answered(scene, claim, "moussa")
    with clock.at(NOON), scene.store.unit_of_work(scene["bruno"]) as session:
        reports.withdraw(session, asked.id, "By mistake.", scene["bruno"])
    for verb in (
        lambda: answered(scene, claim, "chaima"),
        lambda: taken(scene, claim, S.DECIDED, "ana", at=LATE),
    ):
        with pytest.raises(RuleBroken, match="withdrawn or corrected"):
            verb()
    assert (state(scene, claim), arrests(scene)) == (S.OPEN, 1)
    taken(scene, claim, S.LAPSED, "dov")
    assert arrests(scene) == 1


def test_a_country_that_leaves_with_an_open_claim_is_decided_for(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    with clock.at(NOON), scene.store.unit_of_work(scene["moussa"]) as session:
        plan.withdraw(session, scene.operation, plan.Leaving(figures="shown"), scene["moussa"])
    done = taken(scene, claim, S.DECIDED, "ana", "Both lines name one notice.")
    assert (done.state, arrests(scene)) == (S.DECIDED, 1)


def test_a_country_that_takes_its_figures_along_leaves_what_the_other_reported(scene: Running) -> None:
    settled(scene)
    assert by_country(scene) == {"MLI": 1}
    with clock.at(NOON), scene.store.unit_of_work(scene["moussa"]) as session:
        plan.withdraw(session, scene.operation, plan.Leaving(figures="erased"), scene["moussa"])
    assert (arrests(scene), by_country(scene)) == (1, {"NER": 1})


def test_of_one_event_the_line_counts_that_has_climbed_highest_and_no_second_one(scene: Running) -> None:
    _claim, asked, made = settled(scene)
    climb(scene, asked.id, "boubacar", "chaima")
    assert (arrests(scene, Level.V3), arrests(scene), by_country(scene)) == (1, 1, {"NER": 1})
    climb(scene, made.id, "marie", "moussa")
    assert (arrests(scene, Level.V3), arrests(scene), by_country(scene)) == (1, 1, {"MLI": 1})


def test_a_correction_keeps_the_line_in_its_event(scene: Running) -> None:
    _claim, _asked, made = settled(scene)
    with scene.store.reading(System()) as session:
        [line] = reports.lines_of(session, made.id)
    again = {"report_id": str(made.report_id), "supersedes_id": str(made.id), "correction_reason": "count_revised"}
    send(scene, form(scene, "Bamako", lines=[arrest(2, id=str(line.id))]) | again, "mateo", at=NOON)
    assert arrests(scene) == 2


def test_a_line_that_is_sent_anew_word_for_word_under_another_id_stays_the_same_line(scene: Running) -> None:
    made = send(scene, form(scene, lines=[arrest(3), arrest(4)]))
    again = send(scene, correction(made, scene, lines=[arrest(4), arrest(5), arrest(3)]), at=NOON)
    with scene.store.reading(System()) as session:
        before = {line.quantity: line.id for line in reports.lines_of(session, made.id)}
        after = {line.quantity: line.id for line in reports.lines_of(session, again.id)}
    assert (after[3], after[4]) == (before[3], before[4])
    assert after[5] not in before.values()


def test_a_line_that_a_correction_drops_leaves_the_event_to_the_other(scene: Running) -> None:
    _claim, _asked, made = settled(scene)
    again = {"report_id": str(made.report_id), "supersedes_id": str(made.id), "correction_reason": "duplicate"}
    send(scene, form(scene, "Bamako", lines=[arrest(9, offence="drugs")]) | again, "mateo", at=NOON)
    assert by_country(scene) == {"MLI": 9, "NER": 1}


# ---------------------------------------------------------------------------------------------------- figures


def frame(scene: Running, country: str | None = None, at: int | None = None, level: Level = Level.V1) -> BoardFrame:
    what = Classification.FOR_OFFICIAL_USE
    return BoardFrame(scene.operation, "Africa/Niamey", what, level=level, country=country, at=at)


def figure(scene: Running, by: str = "ana", kpi: Kpi = Kpi.ARRESTS, **where: Any) -> Figure:
    with clock.at(NOON + timedelta(hours=3)), scene.store.reading(scene[by]) as session:
        return read_board(session, frame(scene, **where), scene[by]).figures[kpi]


def duplicates(scene: Running, by: str = "ana", **where: Any) -> MeasuredValue:
    with clock.at(NOON + timedelta(hours=3)), scene.store.reading(scene[by]) as session:
        board = read_board(session, frame(scene, **where), scene[by])
        return disclosed_value(COMPUTED_FIGURES["K37"], FigureRequest(session, board.frame, scene[by], board))


def pulse(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return journal.pulse(session)


def test_what_is_under_review_is_told_while_a_claim_is_open_and_as_of_then(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    assert figure(scene).review == 0
    opened(scene, claim, role="requesting")
    open_at = pulse(scene)
    shown = [figure(scene), figure(scene, "chaima", country="NER"), figure(scene, "moussa", country="MLI")]
    assert [(each.value, each.review) for each in shown] == [(2, 1), (1, 1), (1, 0)]
    assert figure(scene, kpi=Kpi.DETECTIONS).review == 0
    for name in ("chaima", "moussa"):
        answered(scene, claim, name)
    assert (figure(scene).value, figure(scene).review) == (1, 0)
    assert (figure(scene, at=open_at).value, figure(scene, at=open_at).review) == (2, 1)


def test_each_country_keeps_its_arrest_with_its_role(scene: Running) -> None:
    settled(scene)
    niger, mali = figure(scene, "chaima", country="NER"), figure(scene, "moussa", country="MLI")
    assert (niger.value, niger.elsewhere) == (0, {"requesting": 1})
    assert (mali.value, mali.elsewhere) == (1, {})
    assert figure(scene).elsewhere == {}


def test_leadership_reads_how_much_is_under_review_of_suspects(scene: Running) -> None:
    for site, by in (("Niamey", "bruno"), ("Bamako", "mateo")):
        send(scene, form(scene, site, lines=[arrest(20, offence="drugs")]), by)
    two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    assert (figure(scene).value, figure(scene).review) == (42, 1)
    assert (figure(scene, "lena").value, figure(scene, "lena").review) == (42, 1)  # suspects are shown to leadership


def test_the_duplicate_rate_names_open_claims_and_their_age(scene: Running) -> None:
    assert duplicates(scene) == MeasuredValue()
    two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    value = duplicates(scene)
    assert (value.value, [str(each) for each in value.notes]) == (0, ["0 of 2", "open claims: 1, the oldest for 3 h"])
    for name in ("chaima", "moussa"):
        answered(scene, claim, name)
    assert (duplicates(scene).value, [str(each) for each in duplicates(scene).notes]) == (50, ["1 of 2"])


def test_of_three_lines_of_one_bus_two_are_duplicates(scene: Running) -> None:
    first = START + timedelta(hours=2)
    for after, people, by in ((0, 14, "bruno"), (50, 12, "binta"), (20, 14, "bruno")):
        event(scene, first + timedelta(minutes=after), people, by=by)
    [claim] = suspected(scene)
    opened(scene, claim)
    answered(scene, claim, "chaima")
    assert [str(each) for each in duplicates(scene).notes] == ["2 of 3"]


def test_a_figure_that_was_taken_along_is_restated_with_the_reason(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim, role="requesting")
    since = pulse(scene)
    for name in ("chaima", "moussa"):
        answered(scene, claim, name)
    with scene.store.reading(scene["ana"]) as session:
        changed = restatements.restated(session, frame(scene), since, scene["ana"])[Kpi.ARRESTS]
        assert (changed.by, changed.reasons) == (-1, (restatements.CLAIMED,))
        assert restatements.restated(session, frame(scene), pulse(scene), scene["ana"]) == {}
    with scene.store.reading(scene["moussa"]) as session:
        assert restatements.restated(session, frame(scene, "MLI"), since, scene["moussa"]) == {}


def test_an_event_that_comes_to_its_place_restates_what_another_country_took_along(scene: Running) -> None:
    _claim, asked, made = settled(scene)
    climb(scene, asked.id, "boubacar", "chaima")
    since = pulse(scene)
    climb(scene, made.id, "marie", "moussa")
    with scene.store.reading(scene["chaima"]) as session:
        changed = restatements.restated(session, frame(scene, "NER", level=Level.V3), since, scene["chaima"])
    assert (changed[Kpi.ARRESTS].by, changed[Kpi.ARRESTS].reasons) == (-1, (restatements.CLAIMED,))


# ---------------------------------------------------------------------------------------------------- who is told


def waits(scene: Running, name: str, at: datetime = NOON) -> list[tuple[str, bool]]:
    """What waits of claims for a person, and whether its time is over."""
    with clock.at(at), scene.store.reading(scene[name]) as session:
        found = [each for each in waiting(session, scene[name], at) if each.noun == "claim"]
    return [(str(each.sentence), each.overdue(at)) for each in found]


def test_whoever_acts_next_is_told_and_until_when(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    [(words, late)] = waits(scene, "dov")
    assert ("Claim 1 is suspected" in words, late) == (True, False)
    assert [waits(scene, name) for name in ("ana", "chaima", "moussa")] == [[], [], []]
    opened(scene, claim)
    to_answer = ("Claim 1 is open: answer for your country.", False)
    assert [waits(scene, name) for name in ("dov", "ana", "chaima", "moussa")] == [[], [], [to_answer], [to_answer]]
    answered(scene, claim, "chaima")
    assert [waits(scene, name) for name in ("chaima", "moussa")] == [[], [to_answer]]
    assert waits(scene, "moussa", LATE) == [(to_answer[0], True)]
    assert waits(scene, "ana", LATE) == [("Claim 1 is not agreed: decide it.", False)]
    assert waits(scene, "ana", LATE + timedelta(hours=48)) == [("Claim 1 is not agreed: decide it.", True)]
    answered(scene, claim, "moussa", "no")
    assert waits(scene, "ana") == [("Claim 1 is not agreed: decide it.", False)]


def test_a_line_that_fell_away_waits_for_the_analyst_to_close_the_claim(scene: Running) -> None:
    asked, _made = two_countries(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    with clock.at(NOON), scene.store.unit_of_work(scene["bruno"]) as session:
        reports.withdraw(session, asked.id, "By mistake.", scene["bruno"])
    assert [words for words, _late in waits(scene, "dov")] == [
        "A line of claim 1 does not stand any more: close the claim."
    ]
    assert [waits(scene, name) for name in ("chaima", "moussa")] == [[], []]


def test_the_timetable_looks_and_opens_nothing(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = turns.noted(monkeypatch, suggestions, "suggestions")
    two_countries(scene)
    keeper = Timetable(scene.store, LeaseCandidate("one"))
    for hours in (0, 1, 6):
        with clock.at(NOON + timedelta(hours=hours)):
            keeper.beat()
            keeper.tick(timetable_claims.JOBS)
    with scene.store.reading(scene["dov"]) as session:
        [claim] = claim_rows.claims(session, scene.operation)
    assert (claim.state, arrests(scene)) == (S.SUSPECTED, 2)
    assert compared, "lines are compared"
    assert not any(compared), "and nobody who writes waits for it"
    assert set(timetable_claims.JOBS) <= set(jobs.long(Copies(Path("unused"))))


def test_what_was_judged_or_corrected_since_the_search_is_not_suspected_by_it(scene: Running) -> None:
    _asked, made = two_countries(scene)
    two_countries(scene, "A-2/1-2026")
    with clock.at(NOON), scene.store.reading(scene["dov"]) as session:
        found = claims.search(session, scene.operation, scene["dov"])
    assert len(found.events) == 2
    with scene.store.reading(System()) as session:
        [line] = reports.lines_of(session, made.id)
    again = {"report_id": str(made.report_id), "supersedes_id": str(made.id), "correction_reason": "count_revised"}
    send(scene, form(scene, "Bamako", lines=[arrest(2, id=str(line.id))]) | again, "mateo", at=NOON)

    def suspect() -> list[Claim]:
        with clock.at(NOON), scene.store.unit_of_work(scene["dov"]) as session:
            return claims.suspect(session, scene.operation, scene["dov"], found)

    [one] = suspect()
    assert made.report_id not in {line.report_id for line in lines(scene, one.id)}, "its report changed meanwhile"
    assert suspect() == [], "it is suspected by now"


# --------------------------------------------------------------------------------------------------- auditors


def audited(scene: Running) -> tuple[list[str], set[str], int]:
    """What an auditor knows of claims: the states of those shown, what was done, and the number that the pulse says."""
    otto = scene["otto"]
    with scene.store.reading(otto) as session:
        shown = [each.state for each in claim_rows.claims(session, scene.operation)]
        known = {
            each.act for each in journal.latest(session, scene.operation, limit=500) if each.object_kind == "claim"
        }
        return shown, known, hearing.number(hearing.counts_of(session, otto))


def test_auditors_are_told_of_claims_with_the_releases_as_of_everything_else(scene: Running) -> None:
    """That two lines may tell one says that there are lines, of which they are told once a day."""
    two_countries(scene)
    let_out(scene)
    number = audited(scene)[2]
    [claim] = suspected(scene)
    assert audited(scene) == ([], set(), number)
    let_out(scene)
    assert audited(scene)[:2] == ([S.SUSPECTED], {"claim.suspect"})
    opened(scene, claim)
    assert audited(scene)[:2] == ([], {"claim.suspect"}), "as it was it is not shown, and as it is it is not told"
    let_out(scene)
    assert audited(scene)[:2] == ([S.OPEN], {"claim.suspect", "claim.open"})
    with scene.store.reading(scene["lena"]) as session:
        assert claim_rows.claims(session, scene.operation) == []


def test_a_claim_alone_is_no_release_to_leadership(scene: Running) -> None:
    two_countries(scene)
    let_out(scene)
    suspected(scene)
    with scene.store.reading(System()) as session:
        told = decision.decide(session, session.get_one(plan.Operation, scene.operation)).told
    assert told == [OUTSIDE]
