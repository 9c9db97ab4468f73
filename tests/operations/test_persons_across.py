"""One person in two operations: each keeps its own figure, what is added up over them counts the person once."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from operations.catalogue.kpis import Kpi
from operations.claims import claim_sides
from operations.claims import claims as claim_verbs
from operations.claims.claim_rows import Claim, ClaimLine, claims, lines_of, open_claims
from operations.claims.claim_states import ClaimState
from operations.core import clock, journal
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import Actor, System
from operations.core.vocabulary import Level, OperationState
from operations.disclosure.suppression import BoardFrame
from operations.figures import arrested_persons
from operations.figures.arrested_persons import ArrestedPersons
from operations.figures.board import read_board
from operations.figures.derived_figures import disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.programme import figures
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.totals.activity import DepartureChoice
from operations.totals.claim_adjustments import adjustments_of
from operations.worklist_entries import waiting
from tests.claim_stories import (
    LATE,
    NOON,
    ON_NOTICE,
    answered,
    opened,
    suspected,
    taken,
    two_countries,
    two_operations,
)
from tests.makers import Running, arrest, form, let_out, running, send
from tests.operations.steps import climb, correction, counted
from tests.people import actor

S = ClaimState


def over(scene: Running, *others: Running, who: str = "ana", level: Level = Level.V1) -> ArrestedPersons:
    """What is added up over these operations for somebody who works for all of them."""
    by = actor(who, scene.operation, *(each.operation for each in others))
    with clock.at(NOON), scene.store.reading(by) as session:
        return arrested_persons.over_operations(session, by, level)


def k37(scene: Running) -> MeasuredValue:
    frame = BoardFrame(scene.operation, "Africa/Niamey", plan.Classification.FOR_OFFICIAL_USE, level=Level.V1)
    with clock.at(NOON), scene.store.reading(scene["ana"]) as session:
        board = read_board(session, frame, scene["ana"])
        assert board.figures[Kpi.ARRESTS].review == 0
        return disclosed_value(COMPUTED_FIGURES["K37"], FigureRequest(session, frame, scene["ana"], board))


def arrests(*scenes: Running) -> list[int]:
    for each in scenes:
        with each.store.reading(System()) as session:
            assert verification.differences(session, each.operation) == []
    return [counted(each, Kpi.ARRESTS) for each in scenes]


def seen(scene: Running, by: Actor) -> list[tuple[S, int | str]]:
    with clock.at(NOON), scene.store.reading(by) as session:
        return [(S(each.state), each.named) for each in claims(session, scene.operation)]


def kept(scene: Running, claim: Claim) -> Claim:
    with scene.store.reading(System()) as session:
        return session.get_one(Claim, claim.id)


def agreed(scene: Running, other: Running) -> Claim:
    [claim] = suspected(scene)
    opened(scene, claim)
    answered(scene, claim, "chaima")
    return answered(other, claim, "moussa")


# ------------------------------------------------------------------------------------------------- what is suggested


def test_it_is_suggested_from_the_notice_and_what_may_be_kept_and_merges_nothing(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    [claim] = suspected(scene)
    assert (claim.kind, claim.operation_id, claim.countries, claim.state) == (
        "two_operations",
        None,
        "MLI NER",
        S.SUSPECTED,
    )
    assert claim.grounds == ["notice", "fields", "days"]
    assert 0.6 < claim.score < 1
    assert (arrests(scene, other), over(scene, other)) == ([1, 1], ArrestedPersons(2, arrests=2))
    assert (suspected(scene), suspected(other)) == ([], [])


def test_what_is_of_different_persons_is_remembered_and_not_suggested_again(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    [claim] = suspected(other)
    opened(scene, claim)
    answered(scene, claim, "chaima", "no")
    assert answered(other, claim, "moussa", "no").state == S.DIFFERENT
    assert (suspected(scene), suspected(other), over(scene, other).number) == ([], [], 2)


@pytest.mark.parametrize(
    "line",
    [
        arrest(2, **ON_NOTICE | {"requesting_country": "FRA"}),
        arrest(**ON_NOTICE | {"notice_ref": "A-9/9-2025"}),
        arrest(**ON_NOTICE | {"requesting_country": "DEU", "offence": "drugs"}),
        arrest(nationality="NGA", sex="male"),
    ],
)
def test_without_the_same_notice_of_one_person_nothing_is_suggested(scene: Running, line: dict[str, Any]) -> None:
    other = running(scene.store)
    dov = actor("dov", scene.operation, other.operation)
    scene.members["dov"] = dov
    send(scene, form(scene, lines=[arrest(**ON_NOTICE | {"requesting_country": "FRA"})]))
    send(other, form(other, "Bamako", lines=[line]), "mateo")
    assert suspected(scene) == []


def test_who_works_for_one_of_them_finds_nothing_in_the_other(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    scene.members["dov"] = actor("dov", scene.operation)
    assert suspected(scene) == []
    with scene.store.unit_of_work(System()) as session:  # as the timetable looks
        [claim] = claim_verbs.suspect(session, scene.operation, System())
    assert seen(scene, actor("dov", scene.operation)) == []
    with pytest.raises(NotFound):
        opened(scene, claim)
    assert seen(other, actor("dov", scene.operation, other.operation)) == [(S.SUSPECTED, "P1")]


# --------------------------------------------------------------------------------------------------- what it counts


def test_each_operation_keeps_its_figure_and_their_sum_counts_the_person_once(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    [claim] = suspected(scene)
    opened(scene, claim, role="intelligence")
    assert over(scene, other) == ArrestedPersons(2, review=1, arrests=2)
    answered(scene, claim, "chaima")
    assert answered(other, claim, "moussa").state == S.AGREED
    assert over(scene, other) == ArrestedPersons(1, again=1, arrests=2)
    assert (over(scene).number, over(other).number, arrests(scene, other)) == (1, 1, [1, 1])
    assert (k37(scene), k37(other)) == (MeasuredValue(), MeasuredValue())
    with scene.store.reading(System()) as session:
        assert [(each.country, each.role) for each in lines_of(session, [claim.id])[claim.id]] == [
            ("NER", "arresting"),
            ("MLI", "intelligence"),
        ]
        assert [adjustments_of(session, each.operation) for each in (scene, other)] == [[], []]
        assert [open_claims(session, each.operation) for each in (scene, other)] == [0, 0]


def test_a_country_counts_its_own_arrests_once_and_leadership_all(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    agreed(scene, other)
    assert [over(scene, other, who=name).number for name in ("chaima", "moussa", "lena")] == [1, 1, 1]
    assert over(scene, other, who="otto") == ArrestedPersons(None)


def test_three_claims_of_one_person_leave_one(scene: Running) -> None:
    other, first, _second = two_operations(scene)
    third = running(scene.store, scene.start + timedelta(hours=2))
    send(third, form(third, "Agadez", lines=[arrest(**ON_NOTICE | {"requesting_country": "FRA"})]))
    scene.members["dov"] = other.members["dov"] = actor("dov", scene.operation, other.operation)
    two = agreed(scene, other)
    scene.members["dov"] = actor("dov", scene.operation, other.operation, third.operation)
    made = suspected(scene)
    for each in made:
        opened(scene, each)
        answered(scene, each, "chaima")
        if "MLI" in each.countries:
            answered(other, each, "moussa")
    assert two.state == S.AGREED
    assert made
    assert over(scene, other, third) == ArrestedPersons(1, again=2, arrests=3)
    with clock.at(NOON), scene.store.unit_of_work(scene["bruno"]) as session:
        reports.withdraw(session, first.id, "By mistake.", scene["bruno"])
    assert over(scene, other, third) == ArrestedPersons(
        1, again=1, arrests=2
    )  # what was said of him says it of the others


def test_what_an_operation_joined_itself_is_one_of_its_own_and_of_the_other(scene: Running) -> None:
    """Mali arrested for Niger in the scene, which counts once; Mali reports him in the other as well."""
    other = running(scene.store, scene.start + timedelta(hours=1))
    scene.members["dov"] = actor("dov", scene.operation, other.operation)
    two_countries(scene)
    send(other, form(other, "Bamako", lines=[arrest(**ON_NOTICE)]), "mateo")
    across, within = sorted(suspected(scene), key=lambda each: not each.across)
    for each in (within, across):
        opened(scene, each)
        for name in [{"NER": "chaima", "MLI": "moussa"}[country] for country in each.parties]:
            answered(scene, each, name)
    assert (arrests(scene, other), over(scene, other)) == ([1, 1], ArrestedPersons(1, again=1, arrests=2))
    assert k37(scene).value == 50


def test_the_programme_tells_the_sum_with_what_is_under_review(scene: Running) -> None:
    other, first, second = two_operations(scene)
    climb(scene, first.id, "boubacar", "chaima")
    climb(other, second.id, "marie", "moussa")
    [claim] = suspected(scene)
    opened(scene, claim)
    ana = actor("ana", scene.operation, other.operation)
    with clock.at(NOON), scene.store.reading(ana) as session:
        value = figures.arrested(session, ana)
    assert (value.number, value.review, value.why) == (2, 1, "")
    with clock.at(NOON), scene.store.reading(actor("otto")) as session:
        value = figures.arrested(session, actor("otto"))
    assert (value.number, value.review, bool(value.why)) == (None, 0, True)


# --------------------------------------------------------------------------------------------------- who sees what


def test_a_country_of_one_operation_learns_nothing_else_of_the_other(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    [claim] = suspected(scene)
    moussa = other["moussa"]
    assert seen(other, moussa) == []
    opened(scene, claim)
    assert seen(other, moussa) == [(S.OPEN, "P1")]
    assert seen(scene, moussa) == [(S.OPEN, "P1")]  # the claim is one: the operation is not told by it
    with clock.at(NOON), scene.store.unit_of_work(moussa) as session:
        theirs, own = claim_sides.compare(session, claim.id, moussa)
    assert (theirs.operation, theirs.site, theirs.report, theirs.quantity) == ("", "", None, 1)
    assert theirs.day == scene.start.date()
    assert theirs.said == {"notice_ref": "A-1234/11-2025", "requesting_country": "FRA", "offence": "migrant_smuggling"}
    assert (bool(own.operation), own.site, own.report is not None) == (True, "Bamako", True)
    with clock.at(NOON), scene.store.reading(moussa) as session:
        told = [each.operation_id for each in journal.latest(session, other.operation, "MLI", limit=500)]
        assert set(told) == {other.operation}
        assert journal.latest(session, scene.operation, "MLI", limit=500) == []
    with scene.store.reading(System()) as session:
        trail = [
            each
            for each in journal.between(session, journal.Chain.ACCESS, None, None, None)
            if each.act == "claim.compare"
        ]
    assert {(each.operation_id, each.country) for each in trail} == {(scene.operation, "NER"), (other.operation, "MLI")}


def test_others_than_those_it_concerns_see_it_as_far_as_they_work_for_it(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    [claim] = suspected(scene)
    both = (scene.operation, other.operation)
    assert [seen(scene, scene[name]) for name in ("ana", "bruno", "lena", "chaima")] == [[], [], [], []]
    assert seen(scene, actor("ana", *both)) == [(S.SUSPECTED, "P1")]
    opened(scene, claim)
    assert [seen(scene, each) for each in (scene["ana"], scene["chaima"], scene["bruno"], scene["lena"])] == [
        [(S.OPEN, "P1")],
        [(S.OPEN, "P1")],
        [],
        [],
    ]
    with clock.at(NOON), scene.store.reading(scene["ana"]) as session:
        assert len(session.exec(select(ClaimLine)).all()) == 2
    with pytest.raises(NotFound):
        answered(scene, claim, "bruno")


def test_auditors_are_told_when_both_operations_were_let_out(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    for each in (scene, other):
        let_out(each)
    suspected(scene)
    let_out(scene)
    assert seen(scene, actor("otto")) == []
    let_out(other)
    assert seen(scene, actor("otto")) == [(S.SUSPECTED, "P1")]


def test_whoever_acts_next_is_told_in_an_operation_of_theirs(scene: Running) -> None:
    other, _first, _second = two_operations(scene)

    def waits(by: Actor, at: Any = NOON) -> list[tuple[str, Any]]:
        with clock.at(at), scene.store.reading(by) as session:
            return [(str(each.sentence), each.operation) for each in waiting(session, by, at) if each.noun == "claim"]

    [claim] = suspected(scene)
    assert [words for words, _where in waits(scene["dov"])] == ["Claim P1 is suspected: open it, or dismiss it."]
    assert waits(actor("dov", scene.operation)) == []
    opened(scene, claim)
    words = "Claim P1 is open: answer for your country."
    assert (waits(scene["chaima"]), waits(other["moussa"])) == ([(words, scene.operation)], [(words, other.operation)])
    late = "Claim P1 is not agreed: decide it."
    assert (waits(scene["ana"], LATE), waits(other["ana"], LATE)) == (
        [(late, scene.operation)],
        [(late, other.operation)],
    )


# --------------------------------------------------------------------------------------------- what happens meanwhile


def test_a_coordinator_of_either_operation_decides_after_the_deadline_with_a_reason(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    with pytest.raises(RuleBroken, match="can still answer"):
        taken(other, claim, S.DECIDED, "ana")
    with pytest.raises(RuleBroken, match="Give the reason"):
        taken(other, claim, S.DECIDED, "ana", " ", at=LATE)
    with pytest.raises(NotFound):
        taken(scene, claim, S.DECIDED, "dov", at=LATE)
    assert taken(other, claim, S.DECIDED, "ana", "One notice.", at=LATE).state == S.DECIDED
    assert over(scene, other).number == 1


def test_it_is_opened_again_and_the_sum_moves_back(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    claim = agreed(scene, other)
    again = taken(other, claim, S.OPEN, "ana", "Two men on one notice.")
    assert (again.state, again.round, over(scene, other)) == (S.OPEN, 2, ArrestedPersons(2, review=1, arrests=2))
    answered(scene, claim, "chaima", "no")
    assert answered(other, claim, "moussa", "no").state == S.DIFFERENT
    assert (over(scene, other), arrests(scene, other)) == (ArrestedPersons(2, arrests=2), [1, 1])


def test_a_line_that_is_withdrawn_meanwhile_is_said_and_ends_it(scene: Running) -> None:
    other, first, _second = two_operations(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    with clock.at(NOON), scene.store.unit_of_work(scene["bruno"]) as session:
        reports.withdraw(session, first.id, "By mistake.", scene["bruno"])
    with pytest.raises(RuleBroken, match="withdrawn or corrected"):
        answered(scene, claim, "chaima")
    with pytest.raises(RuleBroken, match="withdrawn or corrected"):
        taken(other, claim, S.DECIDED, "ana", at=LATE)
    assert (taken(scene, claim, S.LAPSED, "dov", "").state, over(scene, other).number) == (S.LAPSED, 1)


def test_a_correction_keeps_the_line_and_what_is_corrected_away_counts_no_more(scene: Running) -> None:
    other, first, _second = two_operations(scene)
    claim = agreed(scene, other)
    with scene.store.reading(System()) as session:
        [line] = reports.lines_of(session, first.id)
    same = {"id": str(line.id)} | ON_NOTICE
    newer = send(scene, correction(first, scene, lines=[arrest(offence="drugs", **same)]), at=NOON)
    assert (over(scene, other).number, kept(scene, claim).state) == (1, S.AGREED)
    send(scene, correction(newer, scene, lines=[arrest(3)]), at=NOON + timedelta(hours=1))
    assert over(scene, other) == ArrestedPersons(4, arrests=4)


def leaves(scene: Running, name: str, figures_: DepartureChoice) -> None:
    with clock.at(NOON), scene.store.unit_of_work(scene[name]) as session:
        plan.withdraw(session, scene.operation, plan.Leaving(figures=figures_), scene[name])


def test_a_country_that_leaves_one_of_the_two_is_decided_for(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    leaves(other, "moussa", DepartureChoice.SHOWN)
    assert seen(other, actor("moussa")) == []
    assert taken(scene, claim, S.DECIDED, "ana", "One notice.").state == S.DECIDED
    assert over(scene, other).number == 1
    with pytest.raises(RuleBroken, match="left the operation and cannot answer"):
        taken(scene, claim, S.OPEN, "ana", "Perhaps not.")


def test_figures_that_a_country_erases_leave_the_arrest_of_the_other(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    claim = agreed(scene, other)
    leaves(other, "moussa", DepartureChoice.ERASED)
    assert (arrests(scene, other), over(scene, other)) == ([1, 0], ArrestedPersons(1, arrests=1))
    with pytest.raises(RuleBroken, match="withdrawn or corrected"):
        taken(scene, claim, S.OPEN, "ana", "Perhaps not.")
    with clock.at(NOON), scene.store.unit_of_work(scene["chaima"]) as session:
        _own, theirs = claim_sides.compare(session, claim.id, scene["chaima"])
    assert (theirs.stands, theirs.said, theirs.quantity) == (False, {}, 0)


def ends(*scenes: Running) -> None:
    """As archived, whatever led there: only what claims do then is asked."""
    for each in scenes:
        with each.store.unit_of_work(System()) as session:
            session.get_one(plan.Operation, each.operation).state = OperationState.ARCHIVED.value


def test_it_is_settled_while_one_of_its_operations_is_not_closed(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    ends(other)
    answered(scene, claim, "chaima")
    assert taken(scene, claim, S.DECIDED, "ana", at=LATE).state == S.DECIDED
    assert over(scene, other).number == 1
    with scene.store.reading(System()) as session:  # nothing is written any more in what is archived
        [*_earlier, last] = [
            each for each in journal.latest(session, other.operation, limit=500) if "claim" in each.act
        ]
    assert last.act == "claim.suspect"
    ends(scene)
    with pytest.raises(RuleBroken, match="The operations of this claim are closed"):
        taken(scene, claim, S.OPEN, "ana", "Perhaps not.", at=LATE)
    assert over(scene, other).number == 1


def test_of_operations_that_are_all_closed_nothing_is_answered(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    [claim] = suspected(scene)
    opened(scene, claim)
    ends(scene, other)
    for verb in (lambda: answered(scene, claim, "chaima"), lambda: taken(other, claim, S.SEPARATED, "ana", at=LATE)):
        with pytest.raises(RuleBroken, match="The operations of this claim are closed"):
            verb()
    assert (kept(scene, claim).state, over(scene, other)) == (S.OPEN, ArrestedPersons(2, review=1, arrests=2))


def test_one_operation_more_asks_the_storage_nothing_more(scene: Running) -> None:
    asked: list[str] = []
    sa.event.listen(scene.store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    over(scene)
    alone = len(asked)
    other, _first, _second = two_operations(scene)
    asked.clear()
    assert (over(scene, other).arrests, len(asked)) == (2, alone)


def test_the_persons_of_a_single_operation_are_as_many_on_its_page_and_over_operations(scene: Running) -> None:
    """One rule on every page: a notice or a claim joins, and nothing else."""
    lines = [arrest(1, notice_ref="A-1234/11-2026"), arrest(3)]
    for site, chain in (("Niamey", ("boubacar", "chaima")), ("Agadez", ("boubacar", "chaima"))):
        climb(scene, send(scene, form(scene, site, lines=lines)).id, *chain)
        lines = [arrest(1, notice_ref="A-1234/11-2026"), arrest(2)]
    frame = BoardFrame(scene.operation, "Africa/Niamey", plan.Classification.FOR_OFFICIAL_USE, level=Level.V3)
    with clock.at(NOON), scene.store.reading(scene["ana"]) as session:
        asked = FigureRequest(session, frame, scene["ana"], read_board(session, frame, scene["ana"]))
        here = disclosed_value(COMPUTED_FIGURES["K12"], asked).value
    assert here == over(scene, level=Level.V3).number == 6
    assert (figures.PERSONS.kpi, COMPUTED_FIGURES["K12"].kpi) == ("K12 b", "K12")  # a sum has a number of its own
