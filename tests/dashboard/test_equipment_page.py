"""Equipment and links on the screen, as functions: what each role is offered, presses, warnings and the certificate."""

from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest

from dashboard.parts.choices import post_choice
from dashboard.screens.equipment import certificate, links, page
from dashboard.screens.equipment.page import PAGE, Ids
from dashboard.server import access
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.infrastructure import equipment
from operations.infrastructure.rows import Equipment
from operations.posts.register import Post
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running
from tests.programme import (
    BEGUN,
    delivered,
    equipment_draft,
    handover_draft,
    link_draft,
    linked,
    planned,
    post_of,
    reads,
    state_of,
)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def offered(scene: Running, name: str, screen: Any, ident: Any) -> set[str]:
    """What the buttons of a file lead to, by their states or names."""
    with at_desk(scene, name, BEGUN):
        shown = screen.layout(show=str(ident))
    ids = [each.id for each in found_in(shown, "Button") if hasattr(each, "id")]
    return {each["to"] if isinstance(each, dict) else str(each) for each in ids}


def test_what_is_planned_stands_in_list_and_board_and_another_donor_is_warned_of(scene: Running) -> None:
    post = post_of(scene)
    planned(scene, post, donor="Germany")
    typed = equipment_draft(post).model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "ana", BEGUN) as said:
        press(page.plan, page.FORM.send, None, typed, uuid4())
        shown = page.layout()
        assert "gives this post the same: Germany" in str(said)
        with pytest.raises(RuleBroken) as refused:
            press(page.plan, page.FORM.send, None, typed | {"donor": "", "promised": None}, uuid4())
    assert {flaw.field for flaw in refused.value.flaws} == {"donor", "promised"}
    [grid] = found_in(shown, "AgGrid")
    assert [(row["kind"], row["handed"], row["first"]) for row in grid.rowData] == [("Passport reader", "—", "—")] * 2
    assert "Connected posts" in texts(shown)
    with at_desk(scene, "chaima", BEGUN):
        assert "Plan equipment" not in texts(page.layout())


def test_list_and_board_are_narrowed_to_the_region_and_country_of_the_address(scene: Running) -> None:
    planned(scene, post_of(scene), donor="Niamey gift")
    planned(scene, post_of(scene, "moussa", country="MLI", name="Gao", lat=16.27, lon=-0.04, ref=""), donor="Gao gift")
    for area, shown in (
        ({}, {"Niamey gift", "Gao gift"}),
        ({"region": "africa"}, {"Niamey gift", "Gao gift"}),
        ({"region": "africa", "country": "MLI"}, {"Gao gift"}),
        ({"country": "NER"}, {"Niamey gift"}),
        ({"region": "europe"}, set()),
    ):
        with at_desk(scene, "ana", BEGUN):
            made = page.layout(**area)
        [grid] = found_in(made, "AgGrid")
        assert {row["donor"] for row in grid.rowData} == shown, area
        assert {gift for gift in ("Niamey gift", "Gao gift") if gift in texts(made)} == shown, area
    with at_desk(scene, "chaima", BEGUN):
        made = page.layout(country="MLI")
    [grid] = found_in(made, "AgGrid")
    assert {row["donor"] for row in grid.rowData} == {"Niamey gift"}, "a country sees its own"
    assert not [each for each in found_in(made, "Select") if getattr(each, "id", None) == "area-country"]


def test_each_is_offered_what_the_own_role_does(scene: Running) -> None:
    made = planned(scene, post_of(scene))
    assert [offered(scene, name, page, made.id) for name in ("lena", "ana", "chaima")] == [
        {"approved", "dropped"},
        set(),
        set(),
    ]
    delivered(scene, made, "approved", "procured", "shipped")
    assert offered(scene, "chaima", page, made.id) == {"customs", page.SIGN.send}
    delivered(scene, made, "handed_over", "installed")
    assert [offered(scene, name, page, made.id) for name in ("bruno", "chaima")] == [
        {Ids.QUERY.value},
        {Ids.QUERY.value, "retired", "lost"},
    ]
    with at_desk(scene, "moussa", BEGUN), pytest.raises(NotFound):
        page.layout(show=str(made.id))


def test_a_press_takes_the_step_the_country_signs_and_a_query_commissions_it(scene: Running) -> None:
    made = planned(scene, post_of(scene))
    with at_desk(scene, "lena", BEGUN):
        press(page.take, {"type": PAGE.steps.buttons["type"], "of": str(made.id), "to": "approved"})
    delivered(scene, made, "procured", "shipped")
    typed = handover_draft(serial="PR-7", condition="One cable is missing.").model_dump(mode="json")
    with at_desk(scene, "chaima", BEGUN) as said:
        with pytest.raises(RuleBroken) as refused:
            press(page.sign, page.SIGN.send, None, typed | {"serial": " "}, shown=str(made.id))
        press(page.sign, page.SIGN.send, None, typed, shown=str(made.id))
        assert made.certificate in str(said)
        told = texts(page.layout(show=str(made.id)))
    assert [flaw.field for flaw in refused.value.flaws] == ["serial"]
    assert all(words in told for words in ("PR-7", "One cable is missing.", "Handover certificate"))
    delivered(scene, made, "installed")
    with at_desk(scene, "bruno", BEGUN):
        with pytest.raises(RuleBroken, match="Give the day"):
            press(page.report, Ids.QUERY, None, {"day": None}, shown=str(made.id))
        press(page.report, Ids.QUERY, None, {"day": BEGUN.date().isoformat()}, shown=str(made.id))
    assert state_of(scene, Equipment, made.id) == "commissioned"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_certificate_is_there_from_the_handover_on(scene: Running, language: str) -> None:
    made = delivered(scene, planned(scene, post_of(scene)), "approved", "procured", "shipped")
    with at_desk(scene, "chaima", BEGUN):
        with pytest.raises(NotFound):
            certificate.certificate(scene.store, made.id, language, scene["chaima"])
        delivered(scene, made, "handed_over", serial="PR-9")
        content, name = certificate.certificate(scene.store, made.id, language, scene["chaima"])
        _word, word_name = certificate.certificate(scene.store, made.id, language, scene["chaima"], "docx")
        assert word_name == name.replace(".pdf", ".docx")
        with pytest.raises(NotFound):
            certificate.certificate(scene.store, made.id, language, scene["moussa"])
    assert (content[:4], name) == (b"%PDF", f"muster-handover-{made.certificate}.pdf")
    [found] = reads(scene, "chaima", equipment.equipment)
    with at_desk(scene, "chaima", BEGUN):
        said = certificate.written(found, post_of(scene, name="Gaya", ref=""))
    assert ("Serial number", "PR-9") in said.sections[0].pairs
    assert said.signed == ("For the donor", "For the country")


def test_a_link_goes_through_its_life_on_the_screen(scene: Running) -> None:
    post = post_of(scene)
    typed = link_draft(post).model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "ana", BEGUN):
        press(links.propose, links.FORM.send, None, typed, uuid4())
        [grid] = found_in(links.layout(), "AgGrid")
    assert [(row["state"], row["live"]) for row in grid.rowData] == [("Feasible", "—")]
    made = linked(scene, post, "agreed", "built", "tested")
    shown, day = {"shown": str(made.id)}, BEGUN.date().isoformat()
    with at_desk(scene, "boubacar", BEGUN):
        assert links.Ids.QUERY.value in offered(scene, "boubacar", links, made.id)
        press(links.report, links.Ids.QUERY, None, {"day": day}, **shown)
        assert links.OUTAGE.send in offered(scene, "boubacar", links, made.id)
        outage = {"starts": day, "starts_time": "06:30", "planned": True, "cause": "A cut of power."}
        press(links.begin, links.OUTAGE.send, None, outage, uuid4(), **shown)
        assert links.Ids.END.value in offered(scene, "boubacar", links, made.id)
        with pytest.raises(RuleBroken, match="day and the time"):
            press(links.end, links.Ids.END, None, {"ends": day, "ends_time": ""}, **shown)
        press(links.end, links.Ids.END, None, {"ends": day, "ends_time": "06:45"}, **shown)
        told = texts(links.layout(show=str(made.id)))
    assert "A cut of power." in told
    assert state_of(scene, type(made), made.id) == "live"


@pytest.mark.parametrize(
    ("kind", "asked", "first", "hours"),
    [
        ("power_supply", "Day on which it gave power", "First day with power", 9),
        ("camera", "Day on which it took pictures", "First picture", None),
        ("forensic_device", "Day on which something was examined with it", "First examination", None),
    ],
)
def test_equipment_that_asks_no_database_is_commissioned_by_the_sign_of_life_of_its_kind(
    scene: Running, kind: str, asked: str, first: str, hours: int | None
) -> None:
    steps = ("approved", "procured", "shipped", "handed_over", "installed")
    made = delivered(scene, planned(scene, post_of(scene), kind=kind), *steps, serial=kind)
    day = {"day": BEGUN.date().isoformat()}
    with at_desk(scene, "bruno", BEGUN):
        before = texts(page.layout(show=str(made.id)))
        assert asked in before
        assert "query" not in before
        if hours:
            with pytest.raises(RuleBroken, match="Give the hours of power"):
                press(page.report, Ids.QUERY, None, day | {"hours": None}, shown=str(made.id))
        press(page.report, Ids.QUERY, None, day | {"hours": hours}, shown=str(made.id))
        assert first in texts(page.layout(show=str(made.id)))
    assert state_of(scene, Equipment, made.id) == "commissioned"


def test_the_post_is_searched_however_many_there_are(scene: Running) -> None:
    def crowd(*names: str) -> None:
        with scene.store.unit_of_work(System()) as session:
            like = session.get_one(Post, post).model_dump()
            session.add_all(Post(**like | {"id": uuid5(NAMESPACE_URL, name), "name": name}) for name in names)

    post = post_of(scene).id

    def found(typed: str | None, chosen: str | None = None) -> tuple[list[str], str]:
        with at_desk(scene, "ana", BEGUN), access.reading() as session:
            answer = post_choice(session, links.FORM, typed, chosen)
        return [each["label"] for each in answer["data"]], answer["description"]

    few, said = found(None)
    assert few
    assert not said
    crowd(*(f"Crossing {number:03}" for number in range(300)))
    several, said = found("")
    assert len(several) == 50
    assert said == "There are more than 50: type a part of the name."
    assert found("crossing 27") == ([f"Crossing 27{n} · Niger" for n in range(10)], "")
    chosen = str(uuid5(NAMESPACE_URL, "Crossing 299"))
    assert found("crossing 271", chosen)[0] == ["Crossing 299 · Niger", "Crossing 271 · Niger"]
    named = "Crossing 299 · Niger"
    assert found(named, chosen)[0] == [named, *several], "the name of what is chosen is no search"
