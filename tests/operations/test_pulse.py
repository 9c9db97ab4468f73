"""Each reader's number: it counts what this reader may know, and nothing else moves it."""

import pytest

from operations.core import clock, pulse
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.pulse import ReaderCount
from operations.policing.leads import leads
from operations.policing.map_plan import places
from operations.policing.reports import verification
from tests.makers import START, Running, Shape, add_task, form, hit, lead_of, send

pytestmark = pytest.mark.both_storages

READERS = ("bruno", "chaima", "mateo", "moussa", "dov", "ana", "lena", "otto", "ada")


def numbers(scene: Running) -> dict[str, int]:
    found = {}
    for name in READERS:
        with scene.store.reading(scene[name]) as session:
            found[name] = pulse.number(pulse.counts_of(session, scene[name]))
    return found


def moved(scene: Running, before: dict[str, int]) -> set[str]:
    """Whose number grew; nobody's may shrink."""
    after = numbers(scene)
    assert all(after[name] >= before[name] for name in READERS)
    return {name for name in READERS if after[name] > before[name]}


def draw(scene: Running, audience: str) -> None:
    content = {"id": new_id(), "object_id": new_id(), "kind": "hotspot", "name": "A place", "audience": audience}
    with scene.store.unit_of_work(scene["ana"]) as session:
        shape = Shape({"type": "Point", "coordinates": [2.0, 13.0]})
        places.draw(session, scene.operation, parse(places.MapObjectDraft, content), shape, scene["ana"])


def test_a_report_is_its_countrys_affair_until_it_counts_for_all(scene: Running) -> None:
    everybody = set(READERS) - {"ada"}
    centre = {"dov", "ana", "lena", "otto"}
    before = numbers(scene)
    send(scene, form(scene))
    assert moved(scene, before) == everybody  # the site is covered from now on, which all see
    before = numbers(scene)
    made = send(scene, form(scene, lines=[hit(START)]))
    assert moved(scene, before) == centre | {"bruno", "chaima"}
    for name, heard in (("boubacar", centre | {"bruno", "chaima"}), ("chaima", everybody)):
        before = numbers(scene)
        with scene.store.unit_of_work(scene[name]) as session:
            verification.verify(session, made.id, scene[name])
        assert moved(scene, before) == heard


def test_a_lead_is_between_those_who_know_it(scene: Running) -> None:
    before = numbers(scene)
    lead = lead_of(scene)
    assert moved(scene, before) == {"chaima", "dov", "ana", "otto"}
    before = numbers(scene)
    with clock.at(START), scene.store.unit_of_work(scene["chaima"]) as session:
        leads.share(session, lead.id, scene["chaima"])
    assert moved(scene, before) == {"chaima", "moussa", "dov", "ana", "otto"}


def test_what_is_drawn_is_told_to_whom_it_is_shown(scene: Running) -> None:
    before = numbers(scene)
    draw(scene, "coordination")
    add_task(scene)
    assert "mateo" not in moved(scene, before)
    before = numbers(scene)
    draw(scene, "participants")
    assert moved(scene, before) == set(READERS) - {"ada"}


def test_what_moved_since_a_number_is_named_and_no_foreign_number_is_believed() -> None:
    one, two, three = new_id(), new_id(), new_id()
    found = {one: ReaderCount(5, START, 9), two: ReaderCount(2, START, 30), three: ReaderCount(1, START, 20)}
    assert pulse.moved_since(found, 8) == []
    assert pulse.moved_since(found, 7) == [two]
    assert pulse.moved_since(found, 6) == [two, three]
    for strange in (0, -1, 9, 10**30):
        assert set(pulse.moved_since(found, strange)) == {one, two, three}
