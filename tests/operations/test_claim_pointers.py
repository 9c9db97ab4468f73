"""A suspicion over two operations that share no analyst: each is told its own part, says it, and it comes to an end."""

from dataclasses import replace
from typing import Any
from uuid import uuid5

import pytest
from sqlmodel import select

from operations.claims import claim_pointers
from operations.claims.claim_pointers import ClaimPointer, PointerState
from operations.claims.claim_rows import Claim, claims
from operations.claims.claim_states import ClaimState
from operations.core import clock, journal
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.people import Actor, Assignment, System
from operations.policing.operation import plan
from operations.policing.reports import reports
from operations.totals.activity import DepartureChoice
from operations.worklist_entries import waiting
from tests.claim_stories import (
    LATE,
    NOON,
    answered,
    apart,
    found_by_muster,
    said,
    taken,
    two_countries,
    two_operations,
)
from tests.makers import Running
from tests.people import HOUSE, actor

S, P = ClaimState, PointerState
ASKED = "Claim P1: who was arrested here may have been arrested in another operation. Say if it may be asked."
UNMANNED = (
    "Something may have been told twice, and no analyst who could look at it works here: put one on the operation."
)


def waits(scene: Running, by: Actor, at: Any = NOON) -> list[tuple[str, Any]]:
    """What waits for somebody of claims."""
    with clock.at(at), scene.store.reading(by) as session:
        found = waiting(session, by, at)
    known = {"claim", "pointer to a claim", "analyst"}
    return [(str(each.sentence), each.operation) for each in found if each.noun in known]


def state(scene: Running, claim: Claim) -> tuple[S, str]:
    with scene.store.reading(System()) as session:
        found = session.get_one(Claim, claim.id)
        return S(found.state), found.reason


def shown(scene: Running) -> list[P]:
    by = scene["dov"]
    with clock.at(NOON), scene.store.reading(by) as session:
        return [P(each.pointer.state) for each in claim_pointers.shown(session, scene.operation, by)]


def acts(scene: Running) -> list[str]:
    with scene.store.reading(System()) as session:
        return [each.act for each in journal.latest(session, scene.operation, limit=500) if each.object_kind == "claim"]


# ------------------------------------------------------------------------------------------------- who must act


def test_where_an_analyst_works_for_both_nobody_else_is_asked(scene: Running) -> None:
    other, _first, _second = two_operations(scene)
    claim = found_by_muster(scene)
    assert waits(scene, scene["dov"]) == [("Claim P1 is suspected: open it, or dismiss it.", scene.operation)]
    alone = actor("dov", scene.operation)
    assert (waits(scene, alone), waits(scene, scene["ana"])) == ([], [])
    with clock.at(NOON), scene.store.reading(alone) as session:
        assert claim_pointers.shown(session, scene.operation, alone) == []
    with pytest.raises(NotPermitted):
        said(scene, claim, P.LET)
    assert other.operation != scene.operation


def test_each_operation_is_told_its_own_part_and_nothing_of_the_other(scene: Running) -> None:
    other, first, _second = apart(scene)
    claim = found_by_muster(scene)
    dov = scene["dov"]
    assert (waits(scene, dov), waits(other, other["dov"])) == ([(ASKED, scene.operation)], [(ASKED, other.operation)])
    with clock.at(NOON), scene.store.reading(dov) as session:
        assert claims(session, scene.operation) == []
        assert session.exec(select(Claim)).all() == []
        assert [each.operation_id for each in session.exec(select(ClaimPointer))] == [scene.operation]
        [each] = claim_pointers.shown(session, scene.operation, dov)
        assert [(own.site, own.report and own.report.id, own.country) for own in each.lines] == [
            ("Niamey", first.id, "NER")
        ]
    for name in ("ana", "lena", "otto", "chaima", "bruno"):
        by = scene[name]
        with scene.store.reading(by) as session:
            assert session.exec(select(ClaimPointer)).all() == []
    assert state(scene, claim) == (S.SUSPECTED, "")


def test_nobody_says_it_for_an_operation_that_is_not_theirs(scene: Running) -> None:
    other, _first, _second = apart(scene)
    claim = found_by_muster(scene)
    for by in (scene["dov"], scene["ana"], scene["chaima"]):
        scene.members["dov"], before = by, scene["dov"]
        other.members["dov"], theirs = by, other["dov"]
        with pytest.raises(NotFound):
            said(other, claim, P.LET)
        scene.members["dov"], other.members["dov"] = before, theirs
    assert state(scene, claim)[0] == S.SUSPECTED


def test_a_coordinator_is_asked_for_an_analyst_where_none_works(scene: Running) -> None:
    other, _first, _second = apart(scene)
    found_by_muster(scene)
    ana, olga = scene["ana"], actor("ana", other.operation)
    assert (waits(scene, ana), waits(other, olga)) == ([], [])
    with scene.store.unit_of_work(System()) as session:
        session.delete(session.exec(select(Assignment).where(Assignment.account_id == uuid5(HOUSE, "ivo"))).one())
    assert (waits(scene, ana), waits(other, olga)) == ([], [(UNMANNED, other.operation)])
    with scene.store.unit_of_work(System()) as session:
        session.add(Assignment(account_id=actor("dov").account_id, operation_id=other.operation))
    assert waits(other, olga) == []  # and now one works for both
    both = actor("dov", scene.operation, other.operation)
    assert [words for words, _where in waits(scene, both)] == ["Claim P1 is suspected: open it, or dismiss it."]


def test_so_it_is_with_a_claim_of_one_operation(scene: Running) -> None:
    two_countries(scene)
    found_by_muster(scene)
    assert waits(scene, scene["ana"]) == []
    with scene.store.unit_of_work(System()) as session:
        for each in session.exec(select(Assignment).where(Assignment.account_id == actor("dov").account_id)):
            session.delete(each)
    assert waits(scene, scene["ana"]) == [(UNMANNED, scene.operation)]


# ------------------------------------------------------------------------------------------------ how it ends


def test_it_is_opened_once_both_operations_let_it_and_ends_as_any(scene: Running) -> None:
    other, _first, _second = apart(scene)
    claim = found_by_muster(scene)
    said(scene, claim, P.LET)
    assert (state(scene, claim)[0], shown(scene), shown(other)) == (S.SUSPECTED, [P.LET], [P.TOLD])
    assert (waits(scene, scene["dov"]), len(waits(other, other["dov"]))) == ([], 1)
    assert (acts(scene)[0], acts(other)[0]) == ("claim.let", "claim.suspect")
    with pytest.raises(RuleBroken, match="This operation has already answered"):
        said(scene, claim, P.REFUSED, "On second thoughts.")
    said(other, claim, P.LET)
    assert (state(scene, claim)[0], shown(scene), shown(other)) == (S.OPEN, [], [])
    words = "Claim P1 is open: answer for your country."
    assert (waits(scene, scene["chaima"]), waits(other, other["moussa"])) == (
        [(words, scene.operation)],
        [(words, other.operation)],
    )
    with clock.at(NOON), scene.store.reading(scene["dov"]) as session:  # opened, it is seen from both sides
        assert [each.named for each in claims(session, scene.operation)] == ["P1"]
    answered(scene, claim, "chaima")
    assert answered(other, claim, "moussa").state == S.AGREED


def test_one_operation_does_not_let_it_and_may_suspect_it_again(scene: Running) -> None:
    other, _first, _second = apart(scene)
    claim = found_by_muster(scene)
    said(other, claim, P.LET)
    with pytest.raises(RuleBroken, match="Give the reason"):
        said(scene, claim, P.REFUSED)
    said(scene, claim, P.REFUSED, "It would give a source away.")
    assert state(scene, claim) == (S.DISMISSED, "It would give a source away.")
    assert (shown(scene), shown(other), waits(scene, scene["dov"]), waits(other, other["dov"])) == (
        [P.REFUSED],
        [],
        [],
        [],
    )
    assert acts(other)[0] == "claim.refuse"
    with scene.store.reading(other["dov"]) as session:  # why is for the operation that said it
        assert "source" not in str([each.reason for each in session.exec(select(ClaimPointer))])
    said(scene, claim, P.TOLD, "The source is safe.")
    assert state(scene, claim) == (S.SUSPECTED, "")
    assert (shown(scene), shown(other)) == ([P.TOLD], [P.LET])
    assert (why(scene), why(other)) == (["The source is safe."], [""])
    said(scene, claim, P.LET)
    assert state(scene, claim)[0] == S.OPEN
    with scene.store.reading(other["moussa"]) as session:
        assert "source" not in str([each.detail for each in journal.latest(session, other.operation, "MLI", limit=99)])


def why(scene: Running) -> list[str]:
    """The reasons that those who work for an operation read with its pointers."""
    with clock.at(NOON), scene.store.reading(scene["dov"]) as session:
        return [each.pointer.reason for each in claim_pointers.shown(session, scene.operation, scene["dov"])]


def by_one_of_both(scene: Running, other: Running, claim: Claim, to: S, words: str) -> None:
    """Whoever works for the scene is put on the other as well, takes a step, and works there no longer."""
    own = scene["dov"]
    works = Assignment(account_id=own.account_id, operation_id=other.operation)
    with scene.store.unit_of_work(System()) as session:
        session.add(works)
    scene.members["dov"] = actor("dov", scene.operation, other.operation)
    taken(scene, claim, to, "dov", words)
    scene.members["dov"] = own
    with scene.store.unit_of_work(System()) as session:
        session.delete(works)


def dismissed_for_both(scene: Running) -> tuple[Running, Claim]:
    """One who works for both has dismissed it, after an operation had let it be asked."""
    other, _first, _second = apart(scene)
    claim = found_by_muster(scene)
    said(scene, claim, P.LET)
    by_one_of_both(scene, other, claim, S.DISMISSED, "The man of Bamako is forty.")
    return other, claim


def test_what_was_dismissed_for_both_operations_is_suspected_again_by_one_and_asked_of_each(scene: Running) -> None:
    other, claim = dismissed_for_both(scene)
    assert (shown(scene), shown(other), waits(scene, scene["dov"]), waits(other, other["dov"])) == (
        [P.DISMISSED],
        [P.DISMISSED],
        [],
        [],
    )
    with pytest.raises(RuleBroken, match="Give the reason"):
        said(other, claim, P.TOLD)
    for to in (P.LET, P.REFUSED):
        with pytest.raises(RuleBroken, match="This operation has already answered"):
            said(other, claim, to, "So it is.")
    said(other, claim, P.TOLD, "The prints are one man's.", at=LATE)
    assert (state(scene, claim), shown(scene), shown(other)) == ((S.SUSPECTED, ""), [P.TOLD], [P.TOLD])
    assert waits(scene, scene["dov"], LATE) == [(ASKED, scene.operation)]
    with clock.at(LATE), scene.store.reading(scene["dov"]) as session:
        [asked] = [each for each in waiting(session, scene["dov"], LATE) if each.noun == "pointer to a claim"]
    assert (asked.since, asked.overdue(LATE)) == (LATE, False)
    said(other, claim, P.LET)
    assert state(scene, claim)[0] == S.SUSPECTED  # what was let before it was dismissed is over
    said(scene, claim, P.LET)
    assert state(scene, claim)[0] == S.OPEN


def test_neither_side_is_told_why_it_was_dismissed_nor_of_the_other(scene: Running) -> None:
    other, claim = dismissed_for_both(scene)
    for of, site in ((scene, "Niamey"), (other, "Bamako")):
        with clock.at(NOON), of.store.reading(of["dov"]) as session:
            [each] = claim_pointers.shown(session, of.operation, of["dov"])
            assert [own.site for own in each.lines] == [site]
            assert (each.pointer.said_name, each.pointer.reason) == (scene["dov"].name, "")
            assert [offer.step.after for offer in claim_pointers.offers(each, of["dov"])] == [P.TOLD]
            assert session.exec(select(Claim)).all() == []
        for name in ("ana", "lena", "otto", "chaima", "moussa"):
            with pytest.raises((NotFound, NotPermitted)):
                said(replace(of, members={"dov": of[name]}), claim, P.TOLD, "Look again.")
    assert state(scene, claim)[0] == S.DISMISSED


def test_what_one_refused_is_asked_of_it_again_once_it_is_suspected_for_both(scene: Running) -> None:
    other, _first, _second = apart(scene)
    claim = found_by_muster(scene)
    said(other, claim, P.REFUSED, "Two men.")
    by_one_of_both(scene, other, claim, S.SUSPECTED, "The prints are one man's.")
    assert (shown(scene), shown(other)) == ([P.TOLD], [P.TOLD])
    for each in (scene, other):
        said(each, claim, P.LET)
    assert state(scene, claim)[0] == S.OPEN


def test_a_line_that_is_withdrawn_is_said_and_it_is_closed(scene: Running) -> None:
    _other, first, _second = apart(scene)
    claim = found_by_muster(scene)
    with pytest.raises(RuleBroken, match="The lines are still valid"):
        said(scene, claim, P.CLOSED)
    with clock.at(NOON), scene.store.unit_of_work(scene["bruno"]) as session:
        reports.withdraw(session, first.id, "By mistake.", scene["bruno"])
    with pytest.raises(RuleBroken, match="withdrawn or corrected"):
        said(scene, claim, P.LET)
    assert len(waits(scene, scene["dov"])) == 1
    said(scene, claim, P.CLOSED)
    assert (state(scene, claim)[0], waits(scene, scene["dov"])) == (S.LAPSED, [])


def test_an_open_claim_of_which_a_line_falls_away_is_closed_by_an_analyst_of_either(scene: Running) -> None:
    other, first, _second = apart(scene)
    claim = found_by_muster(scene)
    for each in (scene, other):
        said(each, claim, P.LET)
    with clock.at(NOON), scene.store.unit_of_work(scene["bruno"]) as session:
        reports.withdraw(session, first.id, "By mistake.", scene["bruno"])
    words = "A line of claim P1 does not stand any more: close the claim."
    assert waits(other, other["dov"]) == [(words, other.operation)]
    assert taken(other, claim, S.LAPSED, "dov", "").state == S.LAPSED


def test_where_a_country_has_left_it_is_said_without_its_name(scene: Running) -> None:
    other, _first, _second = apart(scene)
    claim = found_by_muster(scene)
    with clock.at(NOON), scene.store.unit_of_work(other["moussa"]) as session:
        plan.withdraw(session, other.operation, plan.Leaving(figures=DepartureChoice.SHOWN), other["moussa"])
    with pytest.raises(RuleBroken) as broken:
        said(scene, claim, P.LET)
    assert [flaw.params for flaw in broken.value.flaws] == [{}]
    said(scene, claim, P.REFUSED, "Its country is gone.")
    assert state(scene, claim)[0] == S.DISMISSED


def test_a_coordinator_decides_where_the_countries_are_silent(scene: Running) -> None:
    other, _first, _second = apart(scene)
    claim = found_by_muster(scene)
    for each in (scene, other):
        said(each, claim, P.LET)
    assert taken(scene, claim, S.SEPARATED, "ana", "Two men.", at=LATE).state == S.SEPARATED


def test_the_database_keeps_a_reason_with_what_is_refused(scene: Running) -> None:
    other, _first, _second = apart(scene)
    claim = found_by_muster(scene)
    with pytest.raises(Exception, match="reason_given"), scene.store.unit_of_work(System()) as session:
        session.get_one(ClaimPointer, (claim.id, other.operation)).state = P.REFUSED.value
