"""A hypothesis in versions, a network without names, taskings that are leads, and leads that became results."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.policing.leads import leads
from operations.policing.leads.leads import Lead
from operations.policing.reports import reports
from operations.policing.reports.reports import Report
from operations.support import intelligence, lead_results
from operations.support.intelligence import Hypothesis, NetworkEntity
from operations.support.lead_results import LeadResult
from tests.makers import START, Running, arrest, form, lead_draft, send, tally
from tests.operations.steps import correction
from tests.people import CAST


def suppose(scene: Running, by: str = "dov", **changes: Any) -> Hypothesis:
    content = {"id": new_id(), "statement": "One group brings people by lorry to Agadez.", "source": "b"}
    with scene.store.unit_of_work(scene[by]) as session:
        draft = parse(intelligence.HypothesisDraft, content | changes)
        return intelligence.write_hypothesis(session, scene.operation, draft, scene[by])


def part(scene: Running, kind: str = "group", by: str = "dov", **changes: Any) -> NetworkEntity:
    content = {"id": new_id(), "entity_id": new_id(), "kind": kind, "description": "Drives at night, five lorries."}
    with scene.store.unit_of_work(scene[by]) as session:
        draft = parse(intelligence.EntityDraft, content | changes)
        return intelligence.describe(session, scene.operation, draft, scene[by])


def task(scene: Running, entity: UUID | None = None, by: str = "dov", **changes: Any) -> Lead:
    content = intelligence.lead_content(None) | {"origin_country": None, "to_countries": ["NER", "MLI"]}
    draft = intelligence.TaskingDraft(entity_id=entity, lead=lead_draft(**content | changes))
    with clock.at(START), scene.store.unit_of_work(scene[by]) as session:
        return intelligence.task(session, scene.operation, draft, scene[by])


def answer(scene: Running, lead: Lead, by: str, said: str) -> Lead:
    draft = parse(leads.LeadAnswerDraft, {"id": new_id(), "answer": said})
    with clock.at(START), scene.store.unit_of_work(scene[by]) as session:
        return leads.answer(session, lead.id, draft, scene[by])


def result(scene: Running, lead: Lead, by: str = "chaima", lines: list[dict[str, Any]] | None = None) -> LeadResult:
    version = send(scene, form(scene, lines=lines or [arrest(2)]))
    return connect(scene, lead, version, by)


def connect(scene: Running, lead: Lead, version: Report, by: str, **changes: Any) -> LeadResult:
    with scene.store.reading(scene["bruno"]) as session:
        [line] = reports.lines_of(session, version.id)
    content = {"id": new_id(), "lead_id": lead.id, "version_id": version.id, "line_id": line.id}
    with scene.store.unit_of_work(scene[by]) as session:
        return lead_results.connect(session, parse(lead_results.ResultDraft, content | changes), scene[by])


def test_the_hypothesis_is_kept_in_versions_and_the_slower_one_is_told(scene: Running) -> None:
    first = suppose(scene)
    second = suppose(scene, supersedes_id=first.id, state="supported", information="2")
    with scene.store.reading(scene["lena"]) as session:
        found = intelligence.hypotheses(session, scene.operation)
    assert [(each.version, each.state, each.current) for each in found] == [
        (2, "supported", True),
        (1, "open", False),
    ]
    with pytest.raises(Conflict):
        suppose(scene, supersedes_id=first.id)
    assert suppose(scene, id=second.id, supersedes_id=first.id, state="supported", information="2").version == 2


def test_parts_of_the_network_get_codes_and_no_names(scene: Running) -> None:
    made = [part(scene, kind) for kind in ("group", "group", "route", "modus_operandi", "cluster_role")]
    assert [each.code for each in made] == ["G1", "G2", "R1", "M1", "F1"]
    taken_out = part(scene, entity_id=made[1].entity_id, supersedes_id=made[1].id, removed=True)
    assert (taken_out.code, part(scene).code) == ("G2", "G3")
    with pytest.raises(RuleBroken, match="telephone number"):
        part(scene, description="Ask +227 90 12 34 56")
    with pytest.raises(RuleBroken, match="You cannot change the kind"):
        part(scene, "route", entity_id=made[0].entity_id, supersedes_id=made[0].id)


def test_links_join_two_parts_that_stand(scene: Running) -> None:
    group, route = part(scene), part(scene, "route")
    draft = {"id": new_id(), "from_id": group.entity_id, "to_id": route.entity_id, "kind": "uses"}
    with scene.store.unit_of_work(scene["dov"]) as session:
        wanted = parse(intelligence.TargetLinkDraft, draft)
        made = intelligence.link(session, scene.operation, wanted, scene["dov"])
        with pytest.raises(RuleBroken, match="already exists"):
            intelligence.link(session, scene.operation, wanted.model_copy(update={"id": new_id()}), scene["dov"])
        stranger = wanted.model_copy(update={"id": new_id(), "to_id": new_id()})
        with pytest.raises(NotFound):
            intelligence.link(session, scene.operation, stranger, scene["dov"])
        intelligence.unlink(session, made.id, scene["dov"])
        assert intelligence.links(session, scene.operation) == []
    with pytest.raises(RuleBroken, match="A link joins two different parts of the"):
        parse(intelligence.TargetLinkDraft, draft | {"to_id": group.entity_id})


def test_the_analyst_alone_writes_intelligence(scene: Running) -> None:
    for name in [each for each in CAST if each != "dov"]:
        with pytest.raises(NotFound):
            suppose(scene, by=name)
        with pytest.raises(NotFound):
            part(scene, by=name)


def test_countries_and_auditors_read_nothing_of_the_network(scene: Running) -> None:
    suppose(scene)
    task(scene, part(scene).entity_id)
    for name in [each for each in CAST if each not in ("dov", "ana", "lena")]:
        with scene.store.reading(scene[name]) as session:
            for model in (Hypothesis, NetworkEntity, intelligence.NetworkLink, intelligence.Tasking):
                assert session.exec(select(model)).all() == []


def test_a_tasking_is_a_lead_that_says_where_it_comes_from_and_negative_is_an_answer(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="State the hypothesis first"):
        task(scene)
    suppose(scene)
    group = part(scene)
    made = task(scene, group.entity_id)
    assert answer(scene, made, "chaima", "negative").tally == {"negative": 1, "shared": 1}
    assert answer(scene, made, "moussa", "positive").state == "positive"
    with scene.store.reading(scene["ana"]) as session:
        [(tasking, lead)] = intelligence.taskings(session, scene.operation)
    assert (tasking.entity_id, lead.id) == (group.entity_id, made.id)
    with scene.store.reading(scene["chaima"]) as session:
        assert [each.id for each in leads.leads(session, scene.operation)] == [made.id]


def test_a_country_says_that_its_result_came_from_a_lead_and_others_do_not_learn_of_it(scene: Running) -> None:
    suppose(scene)
    made = result(scene, task(scene))
    assert (made.country, made.kind, made.lead_operation_id) == ("NER", "arrest", scene.operation)
    for name, seen in (("chaima", 1), ("dov", 1), ("ana", 1), ("moussa", 0), ("bruno", 0), ("lena", 0), ("otto", 0)):
        with scene.store.reading(scene[name]) as session:
            assert len(session.exec(select(LeadResult)).all()) == seen, name


@pytest.mark.parametrize("name", ["moussa", "bruno", "ana", "lena", "otto"])
def test_nobody_links_a_result_that_is_not_theirs(scene: Running, name: str) -> None:
    suppose(scene)
    with pytest.raises(NotFound):
        result(scene, task(scene), by=name)


def test_a_country_links_no_lead_that_it_was_not_sent(scene: Running) -> None:
    suppose(scene)
    elsewhere = task(scene, to_countries=["MLI"])
    with pytest.raises(NotFound):
        result(scene, elsewhere)


def test_a_link_is_made_once_and_taken_back_with_a_reason(scene: Running) -> None:
    suppose(scene)
    lead = task(scene)
    version = send(scene, form(scene, lines=[arrest(2)]))
    with pytest.raises(Conflict, match="This tasking was already sent with other content"):
        task(scene, part(scene).entity_id, lead_id=lead.id)
    first = send(scene, form(scene, "Agadez", lines=[arrest(2)]))
    again = {"report_id": str(first.report_id), "supersedes_id": str(first.id), "correction_reason": "count_revised"}
    send(scene, form(scene, "Agadez", lines=[arrest(3)]) | again)
    with pytest.raises(RuleBroken, match="This version of the report does not count: link the one that does"):
        connect(scene, lead, first, "chaima")
    made = connect(scene, lead, version, "chaima")
    assert connect(scene, lead, version, "chaima", id=made.id).id == made.id
    with pytest.raises(RuleBroken, match="already"):
        connect(scene, lead, version, "dov")
    with scene.store.unit_of_work(scene["chaima"]) as session:
        with pytest.raises(RuleBroken, match="Give the reason"):
            lead_results.disconnect(session, made.id, " ", scene["chaima"])
        lead_results.disconnect(session, made.id, "Another lead.", scene["chaima"])
        assert lead_results.of_operation(session, scene.operation) == []
    assert connect(scene, lead, version, "dov").kind == "arrest"


def test_what_crosses_is_counted_and_leadership_sees_suspects_exactly(scene: Running) -> None:
    suppose(scene)
    lead = task(scene)
    result(scene, lead)
    version = send(scene, form(scene, "Agadez", lines=[tally(500)]), by="binta", at=START + timedelta(hours=13))
    connect_by(scene, lead, version)
    seen = {}
    for name in ("dov", "lena"):
        with scene.store.reading(scene[name]) as session:
            [crossing] = lead_results.crossings(session, scene[name])
        assert (crossing.lead_operation, crossing.operation, crossing.leads) == (scene.operation, scene.operation, 1)
        seen[name] = crossing.results
    assert seen == {"dov": {"arrest": 2, "check_tally": 1}, "lena": {"arrest": 2, "check_tally": 1}}
    for name, counted in (("chaima", 1), ("moussa", 0), ("otto", 0), ("ada", 0)):
        with scene.store.reading(scene[name]) as session:
            assert len(lead_results.crossings(session, scene[name])) == counted, name


def connect_by(scene: Running, lead: Lead, version: Report) -> LeadResult:
    with scene.store.reading(scene["binta"]) as session:
        [line] = reports.lines_of(session, version.id)
    content = {"id": new_id(), "lead_id": lead.id, "version_id": version.id, "line_id": line.id}
    with scene.store.unit_of_work(scene["dov"]) as session:
        return lead_results.connect(session, parse(lead_results.ResultDraft, content), scene["dov"])


def crossed(scene: Running, by: str) -> list[dict[str, int | None]]:
    with scene.store.reading(scene[by]) as session:
        return [dict(each.results) for each in lead_results.crossings(session, scene[by])]


def test_results_of_leads_are_persons_and_only_those_that_stand(scene: Running) -> None:
    suppose(scene)
    first, second = task(scene), task(scene, part(scene).entity_id)
    line = arrest(30)
    version = send(scene, form(scene, lines=[line]), by="bruno")
    for lead in (first, second):
        connect_by(scene, lead, version)
    for name in ("dov", "lena", "chaima"):
        assert crossed(scene, name) == [{"arrest": 30}], name
    corrected = send(scene, correction(version, scene, lines=[line | {"persons": 28}]))
    assert crossed(scene, "lena") == [{"arrest": 28}]
    without = send(scene, correction(corrected, scene, lines=[arrest(27)]))  # word for word it would be the same line
    assert crossed(scene, "lena") == []
    again = send(scene, correction(without, scene, lines=[line]))
    assert crossed(scene, "lena") == [{"arrest": 30}]
    with scene.store.unit_of_work(scene["chaima"]) as session:
        reports.withdraw(session, again.id, "It was another operation.", scene["chaima"])
    assert crossed(scene, "lena") == crossed(scene, "dov") == []
