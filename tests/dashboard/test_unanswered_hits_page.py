"""The page of the countries names the hits without an answer, and lets the coordinator go on with a reason."""

from dashboard.screens.countries import page, unanswered_hits
from dashboard.server.access import reading
from operations.core.people import System
from operations.core.permissions import Act, may
from operations.policing.operation import plan
from tests.dashboard.desks import at_desk, found_in, press, texts
from tests.evaluations import ENDED
from tests.makers import START, Running, form, hit, send


def test_hits_are_named_to_the_coordinator_who_leaves_them_unanswered_with_a_reason(scene: Running) -> None:
    send(scene, form(scene, lines=[hit(START)]))
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = "evaluated"
    with at_desk(scene, "ana", ENDED):
        shown = page.layout(str(scene.operation))
        assert "Hits without an answer" in texts(shown)
        sends = [each.id for each in found_in(shown, "Button") if getattr(each, "id", "") == unanswered_hits.FORM.send]
        assert len(sends) == 1
        typed = {"country": "NER", "reason": "Its bureau does not answer."}
        press(unanswered_hits.leave_unanswered, unanswered_hits.FORM.send, scene.operation, typed)
        after = " ".join(texts(page.layout(str(scene.operation))).split())
    assert "Its hits stay without an answer: Its bureau does not answer." in after
    assert "Hits without an answer" not in after


def test_a_country_reads_its_own_hits_and_whoever_reads_the_page_is_refused_nothing(scene: Running) -> None:
    send(scene, form(scene, lines=[hit(START)]))
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = "evaluated"
    for name, told in (("chaima", True), ("moussa", False), ("boubacar", True), ("lena", False), ("otto", False)):
        with at_desk(scene, name, ENDED):
            assert ("Hits without an answer" in texts(page.layout(str(scene.operation)))) is told, name
            with reading() as session:
                operation = plan.operation(session, scene.operation, scene[name])
                assert bool(unanswered_hits.hits(session, operation, scene[name])) is told, name
                assert may(scene[name], Act.OPERATION_READ, plan.subject(operation))
