"""A case goes its road: who moves it, what holds it back, and what a look-alike leaves behind."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from operations import worklist_entries
from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.journal import Chain
from operations.core.people import System
from operations.core.vocabulary import FugitiveState, LocationState, OperationState
from operations.policing.fugitives import (
    appeals,
    case_leads,
    case_lifecycle,
    case_rows,
    cases,
    lead_hits,
    notice_checks,
    sightings,
    sweep,
)
from operations.policing.leads import leads
from operations.policing.operation import plan
from operations.support import lead_results
from tests.makers import Running
from tests.operations.sweeps import AT, Sweep, case_draft, sweep_in


@pytest.fixture(autouse=True)
def _at_work() -> Iterator[None]:
    with clock.at(AT):
        yield


@pytest.fixture
def cast(scene: Running) -> Sweep:
    return Sweep(sweep_in(scene))


def test_a_case_goes_the_whole_road(cast: Sweep) -> None:
    case, _location = cast.arrested()
    assert (case.state, case.counts_as, case.case_no) == ("arrested", "arrested", "NER-001")
    assert cast.move(case.id, "surrendered", "chaima").surrendered_at == AT
    assert cast.move(case.id, "closed", "chaima").counts_as == "arrested"
    with cast.scene.store.reading(cast.scene["chaima"]) as session:
        steps = session.exec(select(case_rows.FugitiveStep)).all()
    assert {(step.before, step.after) for step in steps} == {
        ("nominated", "target"),
        ("target", "under_review"),
        ("under_review", "lead_out"),
        ("lead_out", "located"),
        ("located", "arrested"),
        ("arrested", "surrendered"),
        ("surrendered", "closed"),
    }


def test_a_country_is_asked_to_nominate_until_it_has_and_only_while_the_sweep_can_take_cases(cast: Sweep) -> None:
    asked = "Your country has nominated no case yet: nominate the persons it looks for."

    def who(after: timedelta = timedelta(0)) -> set[str]:
        found = set()
        for name in ("chaima", "moussa", "ana", "bruno"):
            with cast.scene.store.reading(cast.scene[name]) as session:
                items = worklist_entries.waiting(session, cast.scene[name], clock.now() + after)
            found |= {name for item in items if item.words == asked}
        return found

    assert who() == {"chaima", "moussa"}
    assert who(timedelta(days=8)) == set(), "who has none to nominate is asked no longer"
    cast.nominate()
    assert who() == {"moussa"}
    with cast.scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, cast.scene.operation).state = OperationState.CONSOLIDATION
    assert who() == set()


def test_no_case_is_accepted_before_warrant_article_3_and_notice_are_clear(cast: Sweep) -> None:
    case = cast.nominate(warrant="not_checked", art3="doubtful")
    with pytest.raises(RuleBroken) as refused:
        cast.move(case.id, "target", "ana")
    assert {flaw.field for flaw in refused.value.flaws} == {"warrant", "art3", "notice"}
    amended = case_draft(case_id=case.id, notice_ref=case.notice_ref)
    with cast.as_("chaima") as session:
        for _twice in range(2):
            changed = cases.amend(session, amended, cast.scene["chaima"], seen=1, why="The court has answered.")
            assert changed.version == 2
    cast.check(case.id)
    assert cast.move(case.id, "target", "ana").accepted_at == AT
    assert cast.move(case.id, "target", "ana").state == "target"


def test_the_wrong_country_gets_a_sentence_and_a_stranger_learns_nothing(cast: Sweep) -> None:
    case, _location = cast.arrested()
    with pytest.raises(RuleBroken, match="Only the requesting country can do this"):
        cast.move(case.id, "surrendered", "moussa")
    with pytest.raises(RuleBroken, match="Only the country where the person is"):
        cast.move(case.id, "released", "chaima", "Released by a judge.")
    other = cast.nominate()
    with pytest.raises(RuleBroken, match="coordinator of the operation makes this move"):
        cast.move(other.id, "target", "chaima")
    hidden = cast.nominate()
    for what in (hidden.id, new_id()):
        with pytest.raises(NotFound) as refused:
            cast.move(what, "released", "moussa", "Released.")
        assert str(refused.value) == "There is nothing here that you can see."
    with pytest.raises(NotFound):
        cast.locate(hidden.id)
    with pytest.raises(NotFound):
        cast.answer(new_id())


def test_a_location_is_positive_when_the_requesting_country_says_yes(cast: Sweep) -> None:
    case = cast.out()
    location = cast.locate(case.id)
    with pytest.raises(Conflict, match="This location was already reported with other content"):
        cast.locate(case.id, id=location.id, remark="Another man.")
    assert cast.now(case.id).state == "lead_out"
    with pytest.raises(RuleBroken, match="Your country has already reported a location"):
        cast.locate(case.id)
    for name in ("moussa", "dov", "ana"):
        with pytest.raises(RuleBroken, match="Only the requesting country"):
            cast.answer(location.id, by=name)
    with pytest.raises(RuleBroken, match="location that the requesting country has confirmed"):
        cast.arrest(location.id)
    cast.answer(location.id)
    assert cast.answer(location.id).state == LocationState.CONFIRMED
    assert (cast.now(case.id).state, cast.now(case.id).counts_as) == ("located", "located")
    with pytest.raises(RuleBroken, match="answered already"):
        cast.answer(location.id, yes=False)


def test_a_look_alike_closes_the_location_and_leaves_nothing_of_himself(cast: Sweep) -> None:
    case, location = cast.located()
    cast.arrest(location)
    cast.identify(location, same=False)
    cast.identify(location, same=False)
    now = cast.now(case.id)
    assert (now.state, now.counts_as, now.located_at) == ("lead_out", "outstanding", None)
    with cast.scene.store.reading(cast.scene["chaima"]) as session:
        [kept] = sightings.locations(session, case.id)
    assert (kept.state, kept.remark, kept.arrested_at, kept.erased_at) == ("negative", "", None, AT)
    again = cast.locate(case.id, remark="Another man.")
    cast.answer(again.id, yes=False)
    assert cast.now(case.id).state == "lead_out"


def test_two_countries_that_were_asked_learn_nothing_of_each_other(cast: Sweep) -> None:
    case = cast.out()
    location = cast.locate(case.id)
    with cast.scene.store.reading(cast.scene["chaima"]) as session:
        assert [each.id for each in sightings.locations(session, case.id)] == [location.id]
    with cast.scene.store.reading(cast.scene["moussa"]) as session:
        assert session.exec(select(case_rows.FugitiveVersion)).all() == []
        assert cases.believed_countries(session, case.id) == []
        assert [step.before for step in session.exec(select(case_rows.FugitiveStep))] == []
        assert [each.country for each in session.exec(select(leads.LeadCountry))] == ["MLI"]
    with cast.scene.store.reading(cast.scene["dov"]) as session:
        assert cases.believed_countries(session, case.id) == ["MLI"]


def test_nothing_goes_out_on_a_notice_that_was_not_checked_that_day(cast: Sweep) -> None:
    case = cast.target()
    cast.move(case.id, "under_review", "dov")
    with clock.at(AT + timedelta(days=1)):
        with pytest.raises(RuleBroken, match="not checked today"):
            cast.lead(case, "MLI")
        with cast.scene.store.reading(System()) as session:
            due = notice_checks.notices_due_for_check(session, clock.now())
            assert due == [notice_checks.NoticeChecksDue(cast.scene.operation, "NER", 1)]
            assert notice_checks.due_cases(session, cast.scene.operation, clock.now()) == [case.id]
        assert cast.check(case.id, by="chaima") == 1
        assert cast.check(case.id, by="chaima") == 0
        with cast.scene.store.reading(System()) as session:
            assert notice_checks.notices_due_for_check(session, clock.now()) == []
        cast.check(case.id, status="unclear")
        with pytest.raises(RuleBroken, match="status of the notice is unclear"):
            cast.lead(case, "MLI")
        cast.check(case.id)
        assert cast.lead(case, "MLI").state == "shared"
    assert cast.now(case.id).state == "lead_out"


def test_no_notice_waits_for_a_look_once_the_sweep_has_ended(cast: Sweep) -> None:
    case = cast.target()
    cast.move(case.id, "under_review", "dov")
    with clock.at(AT + timedelta(days=1)):
        for state, waiting in (("consolidation", [case.id]), ("debriefed", []), ("cancelled", [])):
            with cast.scene.store.unit_of_work(System()) as session:
                operation = session.get_one(plan.Operation, cast.scene.operation)
                operation.state = state
                session.add(operation)
            with cast.scene.store.reading(System()) as session:
                due = notice_checks.notices_due_for_check(session, clock.now())
                assert sum(each.cases for each in due) == len(waiting), state
                assert notice_checks.due_cases(session, cast.scene.operation, clock.now()) == waiting


def test_a_withdrawn_notice_ends_the_case_and_leaves_all_numbers_with_a_note(cast: Sweep) -> None:
    case, _location = cast.located()
    other = cast.target()
    cast.check(case.id, status="withdrawn")
    assert cast.now(case.id).state == "notice_withdrawn"
    with cast.scene.store.reading(cast.scene["ana"]) as session:
        operation = plan.operation(session, cast.scene.operation, cast.scene["ana"])
        numbers = sweep.numbers(session, operation, cast.scene["ana"])
    assert (numbers.targets, numbers.arrested, numbers.located, numbers.outstanding) == (1, 0, 0, 1)
    assert numbers.left == {"notice_withdrawn": 1}
    cast.move(other.id, "notice_withdrawn", "chaima", "The court lifted the warrant.")
    draft = case_draft(case_id=other.id, notice_ref=other.notice_ref)
    with pytest.raises(RuleBroken, match="This case has ended"), cast.as_("chaima") as session:
        cases.amend(session, draft, cast.scene["chaima"], seen=1, why="Corrected.")


def test_ends_need_a_reason_and_the_right_hand(cast: Sweep) -> None:
    case, _location = cast.arrested()
    with pytest.raises(RuleBroken, match="Give the reason"):
        cast.move(case.id, "released", "moussa")
    ended = cast.move(case.id, "released", "moussa", "The judge ordered it.")
    assert (ended.state, ended.counts_as) == ("released", "arrested")
    dead = cast.target()
    assert cast.move(dead.id, "deceased", "chaima", "Death certificate seen.").counts_as == "left"
    found_dead, _where = cast.located()
    assert cast.move(found_dead.id, "deceased", "chaima", "Died in custody.").counts_as == "located"
    reviewed = cast.target()
    cast.move(reviewed.id, "under_review", "dov")
    with pytest.raises(RuleBroken, match="A lead to a country makes this move"):
        cast.move(reviewed.id, "lead_out", "dov")
    with pytest.raises(RuleBroken, match="This step is not possible now"):
        cast.move(reviewed.id, "closed", "chaima")


def test_an_offer_is_what_a_person_may_do_and_why_not_yet(cast: Sweep) -> None:
    case = cast.nominate()

    def offered(name: str) -> dict[str, list[str]]:
        with cast.scene.store.reading(cast.scene[name]) as session:
            now = cases.case(session, case.id)
            return {
                each.step.after.value: [flaw.field for flaw in each.obstacles]
                for each in case_lifecycle.offers(session, now, cast.scene[name])
            }

    assert offered("ana") == {"target": ["notice"]}
    assert offered("chaima") == {"notice_withdrawn": []}
    assert offered("dov") == {}
    cast.check(case.id)
    assert offered("ana") == {"target": []}
    cast.move(case.id, "target", "ana")
    cast.move(case.id, "under_review", "dov")
    lead = cast.lead(case, "MLI")
    assert offered("dov") == {"under_review": ["leads"]}
    cast.reply(lead, "negative")
    assert offered("dov") == {"under_review": []}
    assert offered("moussa") == {}


def test_a_negative_answer_is_an_answer_and_a_positive_one_is_news(cast: Sweep) -> None:
    case = cast.out()
    with cast.scene.store.reading(cast.scene["dov"]) as session:
        [lead] = leads.leads(session, cast.scene.operation, case.id)
    cast.reply(lead, "negative")
    assert cast.now(case.id).news_at is None
    cast.move(case.id, "under_review", "dov")
    cast.reply(cast.lead(case, "MLI"), "positive")
    assert cast.now(case.id).news_at == AT


def test_the_appeal_needs_two_and_is_looked_at_again_when_it_is_published(cast: Sweep) -> None:
    first, second, third = cast.out(), cast.out(), cast.target()
    with pytest.raises(RuleBroken, match="has not asked for a public appeal"):
        cast.flag(first.id, "ana")
    with pytest.raises(RuleBroken, match="Only the requesting country and the coordinator"):
        cast.flag(first.id, "moussa")
    frozen = new_id()
    with cast.as_("ana") as session, pytest.raises(RuleBroken, match="No case is ready"):
        appeals.freeze(session, cast.scene.operation, frozen, cast.scene["ana"])
    for case in (first, second, third):
        cast.flag(case.id, "chaima")
        cast.flag(case.id, "ana")
    for _ in range(2):
        with cast.as_("ana") as session:
            assert appeals.freeze(session, cast.scene.operation, frozen, cast.scene["ana"]).number == 1
    cast.move(second.id, "notice_withdrawn", "chaima", "The court lifted the warrant.")
    with clock.at(AT + timedelta(days=1)):
        with cast.as_("ana") as session, pytest.raises(RuleBroken, match="No case of this list"):
            appeals.publish(session, frozen, cast.scene["ana"])
        cast.check(first.id)
        for _ in range(2):
            with cast.as_("ana") as session:
                made = appeals.publish(session, frozen, cast.scene["ana"])
        assert (made.published_at, made.published_name) == (clock.now(), "Ana Ferreira")
        with cast.scene.store.reading(cast.scene["ana"]) as session:
            dropped = {case.id: item.dropped for item, case in appeals.items(session, frozen)}
        assert dropped == {
            first.id: "",
            second.id: "The requesting country and the coordinator have not both agreed to it.",
            third.id: "The notice was not checked today: look it up first.",
        }
        tips = parse(appeals.TipsDraft, {"id": new_id(), "case_id": first.id, "received": 7})
        with cast.as_("chaima") as session:
            appeals.record_tips(session, tips, cast.scene["chaima"])
            assert appeals.record_tips(session, tips, cast.scene["chaima"]).received == 7
        other = parse(appeals.TipsDraft, {"id": new_id(), "case_id": third.id, "received": 1})
        with cast.as_("chaima") as session, pytest.raises(RuleBroken, match="not part of a public appeal"):
            appeals.record_tips(session, other, cast.scene["chaima"])
        cast.lead(first, "MLI")
        with cast.scene.store.reading(cast.scene["ana"]) as session:
            operation = plan.operation(session, cast.scene.operation, cast.scene["ana"])
            figures = sweep.figures(session, operation, cast.scene["ana"])
    assert figures[sweep.FugitiveKpi.APPEAL_YIELD] == (7, 1, 0)


def test_all_key_figures_of_a_page_read_the_cases_once(cast: Sweep) -> None:
    cast.arrested()
    ana, asked = cast.scene["ana"], list[str]()
    with cast.scene.store.reading(ana) as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *given: asked.append(given[2]))
        operation = plan.operation(session, cast.scene.operation, ana)
        assert sweep.numbers(session, operation, ana).arrested == 1
        assert sweep.figures(session, operation, ana)[sweep.FugitiveKpi.TARGETS] == (1,)
        assert sweep.numbers(session, operation, ana, "MLI").targets == 0
        assert sweep.numbers(session, operation, ana).targets == 1
    read = [each for each in asked if each.startswith("SELECT fugitive_case.")]
    assert len(read) == 2, "all cases, and those of one country"


def test_the_key_figures_follow_their_formulas(cast: Sweep) -> None:
    case, _location = cast.arrested()
    cast.located()
    cast.out()
    cast.target()
    cast.move(case.id, "surrendered", "chaima")
    with cast.scene.store.reading(cast.scene["ana"]) as session:
        operation = plan.operation(session, cast.scene.operation, cast.scene["ana"])
        figures = sweep.figures(session, operation, cast.scene["ana"])
    assert {kpi.value: value for kpi, value in figures.items()} == {
        "K40": (4,),
        "K41": (75.0,),
        "K42": (50.0,),
        "K43": (25.0, 25.0),
        "K44": (25.0,),
        "K45": (0.0, None),
        "K46": (100.0,),
        "K47": (None, None, None),
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"notice_ref": "Ahmed Diallo"}, "not a notice's control number"),
        ({"notice_ref": "AB1234567"}, "not a notice's control number"),
        ({"notice_ref": "A-12/3-26"}, "not a notice's control number"),
        ({"name": "Ahmed Diallo"}, "not part of the form"),
        ({"believed_in": ["NER"]}, "cannot be where the person is believed"),
        ({"offence": "treason"}, "is not one of the choices"),
    ],
)
@pytest.mark.requirement("R71")
def test_what_a_case_may_not_say(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        case_draft(**changes)


def test_a_notice_is_nominated_once_and_the_same_again_is_answered_as_before(cast: Sweep) -> None:
    draft = case_draft()
    with cast.as_("chaima") as session:
        first = cases.nominate(session, cast.scene.operation, draft, cast.scene["chaima"])
        assert cases.nominate(session, cast.scene.operation, draft, cast.scene["chaima"]).id == first.id
    for name, changes, error in (
        ("chaima", {"id": draft.id, "case_id": draft.case_id, "offence": "drugs"}, Conflict),
        ("chaima", {"notice_ref": draft.notice_ref}, RuleBroken),
        ("moussa", {}, NotFound),
        ("bruno", {}, NotFound),
        ("ana", {}, NotFound),
    ):
        with cast.as_(name) as session, pytest.raises(error):
            cases.nominate(session, cast.scene.operation, case_draft(**changes), cast.scene[name])
    cast.nominate(by="moussa", notice_ref=draft.notice_ref)
    assert cast.nominate().number == 2


def test_an_operation_at_the_border_has_no_cases_and_nothing_is_kept_for_ever(scene: Running, cast: Sweep) -> None:
    with pytest.raises(RuleBroken, match="is kept until 2031-03-06 at most"):
        cast.nominate(retain_until="2040-01-01")
    assert cast.nominate().retain_until.isoformat() == "2031-03-06"
    with scene.store.unit_of_work(System()) as session:
        operation = session.get(plan.Operation, scene.operation)
        assert operation is not None
        operation.type = "border_stop"
        session.add(operation)
    with pytest.raises(RuleBroken, match="no fugitive cases"):
        cast.nominate()


def test_opening_a_case_needs_a_reason_and_leaves_a_trace_that_moves_no_pulse(cast: Sweep) -> None:
    case = cast.nominate()
    with cast.as_("dov") as session, pytest.raises(RuleBroken, match="Say why you open this case"):
        cases.consult(session, case.id, "", cast.scene["dov"])
    with cast.as_("dov") as session:
        before = journal.pulse(session)
        cases.consult(session, case.id, "work", cast.scene["dov"])
        assert journal.pulse(session) == before
    with cast.as_("moussa") as session, pytest.raises(NotFound):
        cases.consult(session, case.id, "work", cast.scene["moussa"])
    with cast.scene.store.reading(cast.scene["chaima"]) as session:
        [trace] = session.exec(select(journal.AccessEntry)).all()
    assert (trace.act, trace.object_id, trace.actor_name, trace.detail) == (
        "case.consult",
        case.id,
        "Dov Lindqvist",
        {"reason": "work"},
    )
    with cast.scene.store.reading(System()) as session:
        assert journal.verify(session, Chain.ACCESS).broken_at is None


def test_a_lead_about_a_case_is_the_analysts_alone(cast: Sweep) -> None:
    case = cast.target()
    with pytest.raises(RuleBroken, match="under review or has a lead out"):
        cast.lead(case, "MLI")
    cast.move(case.id, "under_review", "dov")
    with pytest.raises(RuleBroken, match="lead of the country that asks"):
        cast.lead(case, "NER", origin_country="MLI")
    for name, origin in (("moussa", "MLI"), ("chaima", "NER")):
        with pytest.raises(NotFound):
            cast.lead(case, "MLI" if origin == "NER" else "NER", by=name, origin="country", origin_country=origin)
    with cast.scene.store.reading(cast.scene["chaima"]) as session:
        [flaw] = case_leads.lead_flaws(session, case, cast.scene["chaima"])
    assert str(flaw) == "An analyst of the coordination unit sends leads about cases."
    assert FugitiveState(cast.now(case.id).state) is FugitiveState.UNDER_REVIEW


def test_a_case_is_changed_with_the_reason_and_the_slower_one_is_told(cast: Sweep) -> None:
    case = cast.nominate()

    def change(by: str = "chaima", seen: int = 1, why: str = "The court has answered.", **content: Any) -> Any:
        draft = case_draft(**{"case_id": case.id, "notice_ref": case.notice_ref, "priority": "high"} | content)
        with cast.as_(by) as session:
            return cases.amend(session, draft, cast.scene[by], seen=seen, why=why)

    for by in ("moussa", "dov", "ana", "lena"):
        with pytest.raises(NotFound):
            change(by)
    with pytest.raises(RuleBroken) as refused:
        change(why=" ")
    assert refused.value.flaws[0].field == "reason"
    with pytest.raises(RuleBroken, match="looks like a document number"):
        change(why="He holds passport AB1234567.")
    assert (change().version, cast.now(case.id).priority) == (2, "high")
    with pytest.raises(Conflict, match="while you were writing"):
        change(priority="low")
    assert cast.now(case.id).priority == "high"
    with cast.scene.store.reading(cast.scene["dov"]) as session:
        told = [(each.version, each.content.get("reason")) for each in cases.versions(session, case.id)]
        acts = [(each.act, each.detail) for each in journal.latest(session, cast.scene.operation, limit=1)]
    assert told == [(2, "The court has answered."), (1, None)]
    assert acts == [("fugitive.amend", {"version": 2})]


def test_a_positive_location_came_from_a_lead_and_only_who_knows_both_learns_it(cast: Sweep) -> None:
    scene = cast.scene
    case, place = cast.located()
    with scene.store.reading(scene["dov"]) as session:
        [lead] = leads.leads(session, scene.operation, case.id)
    unanswered = cast.out()
    reported = cast.locate(unanswered.id)

    def link(by: str, location: Any = place, about: Any = lead.id, **changes: Any) -> lead_hits.LeadFind:
        content = {"id": new_id(), "lead_id": about, "location_id": location} | changes
        with cast.as_(by) as session:
            return lead_hits.connect(session, parse(lead_hits.FindDraft, content), scene[by])

    for by in ("ana", "lena", "bruno", "mateo", "otto"):
        with pytest.raises(NotFound):
            link(by)
    with pytest.raises(RuleBroken, match="has confirmed"):
        link("dov", reported.id)
    with scene.store.reading(scene["dov"]) as session:
        other = next(each for each in leads.leads(session, scene.operation) if each.id != lead.id)
    with pytest.raises(RuleBroken, match="about another case"):
        link("dov", about=other.id)
    made = link("chaima", note="It began with this.")
    assert link("chaima", id=made.id, note="It began with this.").id == made.id
    with pytest.raises(Conflict):
        link("chaima", id=made.id, note="Another note.")
    with pytest.raises(RuleBroken, match="linked to the lead already"):
        link("moussa")
    for name, seen in (("chaima", 1), ("moussa", 1), ("dov", 1), ("ana", 1), ("bruno", 0), ("lena", 0), ("otto", 0)):
        with scene.store.reading(scene[name]) as session:
            assert len(session.exec(select(lead_hits.LeadFind)).all()) == seen, name
    with cast.as_("dov") as session:
        leads.revoke(session, lead.id, "MLI", "Not needed there any more.", scene["dov"])
    with scene.store.reading(scene["moussa"]) as session:
        assert session.exec(select(lead_hits.LeadFind)).all() == []  # the location is Mali's own, the lead is gone


def test_links_of_locations_cross_operations_as_counts_which_leadership_sees_exactly(cast: Sweep) -> None:
    scene = cast.scene
    case, place = cast.arrested()
    with scene.store.reading(scene["dov"]) as session:
        [lead] = leads.leads(session, scene.operation, case.id)
    content = {"id": new_id(), "lead_id": lead.id, "location_id": place}
    with cast.as_("moussa") as session:
        made = lead_hits.connect(session, parse(lead_hits.FindDraft, content), scene["moussa"])
    seen = {}
    for name in ("dov", "chaima", "lena"):
        with scene.store.reading(scene[name]) as session:
            seen[name] = [each.results for each in lead_results.crossings(session, scene[name])]
    assert seen == {"dov": [{"arrested": 1}], "chaima": [{"arrested": 1}], "lena": [{"arrested": 1}]}
    for by, why, refusal in (("ana", "Wrong.", NotFound), ("chaima", " ", RuleBroken)):
        with pytest.raises(refusal), cast.as_(by) as session:
            lead_hits.disconnect(session, made.id, why, scene[by])
    for _twice in range(2):
        with cast.as_("chaima") as session:
            assert lead_hits.disconnect(session, made.id, "Another lead.", scene["chaima"]).undone_at == AT
    with scene.store.reading(scene["dov"]) as session:
        assert lead_results.crossings(session, scene["dov"]) == []
        assert lead_hits.of_case(session, case.id) == []


def test_if_it_was_somebody_else_the_link_falls_and_its_note_is_erased(cast: Sweep) -> None:
    scene = cast.scene
    case, place = cast.located()
    with scene.store.reading(scene["dov"]) as session:
        [lead] = leads.leads(session, scene.operation, case.id)
    content = {"id": new_id(), "lead_id": lead.id, "location_id": place, "note": "The tall one."}
    with cast.as_("moussa") as session:
        lead_hits.connect(session, parse(lead_hits.FindDraft, content), scene["moussa"])
    cast.arrest(place)
    cast.identify(place, same=False)
    with scene.store.reading(scene["dov"]) as session:
        [kept] = session.exec(select(lead_hits.LeadFind)).all()
    assert (kept.note, kept.undone_at) == ("", AT)
