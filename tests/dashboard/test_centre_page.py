"""The page of figures for a centre: what is shown is what leaves, and the answer stands beside it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.screens.centre import conflicts, page, sites
from dashboard.server.access import known_id
from operations.core import clock, evidence
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.exchange import centre_delivery
from operations.exchange.centre_delivery import CentreAnswer
from operations.exchange.centre_rows import CentreConnection
from operations.policing.operation import plan
from tests.centres import CENTRE, NOW, AnsweringCentre, day, validated
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running, operation_draft, tally

KEY = "muster_" + "x" * 43


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def connected(scene: Running, centre: Any = None) -> str:
    """The coordinator connects the operation on the page; what the centre says of its own is known."""
    content = {
        "operation_id": str(scene.operation),
        "address": f"{CENTRE}/operations/{scene.operation}/overview",
        "token": KEY,
    }
    with at_desk(scene, "chaima", NOW):
        assert "No operation is connected" in texts(page.layout())
        assert evidence.key_fingerprint(evidence.public_key()) in texts(page.layout())
        made = press(page.connect, page.NEW.send, None, content, new_id())
        assert KEY not in texts(page.layout())
        assert "not known yet" in texts(page.layout())
    deliver(scene, centre or AnsweringCentre(scene, NOW))
    return str(made["to"].rpartition("=")[2])


def deliver(scene: Running, call: Any) -> None:
    for each in centre_delivery.due(scene.store, NOW):
        with clock.at(NOW):
            centre_delivery.deliver(scene.store, each, call, NOW)


def previewed(of: str) -> Any:
    typed = {"first": day(0).isoformat(), "last": day(2).isoformat()}
    return press(page.look, page.PERIOD.send, None, typed, chosen=of)["shown"][0]


def test_the_numbers_that_are_shown_are_those_that_leave_and_their_answer_is_shown(scene: Running) -> None:
    of = connected(scene)
    validated(scene, "Agadez", lines=[tally(140), tally(7, entity_type="person")])
    validated(scene, "Agadez", level=1, lines=[tally(1)])
    with at_desk(scene, "chaima", NOW):
        assert "There" in texts(page.layout(show=of))
        assert [each.data for each in found_in(page.layout(), "Store") if each.id == page.Ids.OF] == [of]
        shown = previewed(of)
        words = texts(shown)
        for said in ("Agadez", "New", "Checks 147", "Count: 140", "Count: 7", "1 report waits for validation."):
            assert said in words
        assert "Sign and send 1 report" in words
        assert asks_for_a_reason(shown) == [False]
        [seen] = [each.data for each in found_in(shown, "Store") if each.id == page.Ids.SHOWN]
        press(page.share, page.SHARE.send, None, {"correction_reason": None, "confirmed": False}, chosen=of, seen=seen)
        assert "Waits" in texts(page.layout(show=of))
        assert "Nothing of these days has to be sent." in texts(previewed(of))
    told = b'{"detail": "The period begins in the future."}'
    deliver(scene, lambda *_asked: CentreAnswer(422, "application/problem+json", told))
    with at_desk(scene, "chaima", NOW):
        said = texts(page.layout(show=of))
        assert "Refused" in said
        assert "The period begins in the future." in said
        assert "Sign and send 1 report" in texts(previewed(of)), "it can be sent again"


def asks_for_a_reason(shown: Any) -> list[bool]:
    """Whether the reason of corrections is to be seen."""
    holders = [each for each in found_in(shown, "Div") if getattr(each, "hidden", None) is not None]
    return [not each.hidden for each in holders if "Reason of the corrections" in texts(each)]


def sent(scene: Running, of: str) -> None:
    """The coordinator sends what is shown."""
    [seen] = [each.data for each in found_in(previewed(of), "Store") if each.id == page.Ids.SHOWN]
    press(page.share, page.SHARE.send, None, {"correction_reason": None, "confirmed": False}, chosen=of, seen=seen)


def test_a_site_of_another_name_is_chosen_on_the_page_and_its_figures_leave(scene: Running) -> None:
    there = {"Agadès": new_id(), **{name: known for name, known in scene.sites.items() if name != "Agadez"}}
    of = connected(scene, AnsweringCentre(replace(scene, sites=there), NOW))
    validated(scene, "Agadez")
    with at_desk(scene, "chaima", NOW):
        shown = page.layout(show=of)
        assert "1 site has no counterpart at the centre." in texts(shown)
        assert "None yet: its figures stay here" in texts(shown)
        offered = {each.id: each.value for each in found_in(shown, "Select")}
        chosen = {name: offered[sites.MATCH.id(name)] for name in ("site_id", "centre_site")}
        assert chosen == {"site_id": str(scene.sites["Agadez"]), "centre_site": str(there["Agadès"])}
        assert "Stays here" in texts(previewed(of))
        with pytest.raises(RuleBroken, match=r"The centre has no site of this name\. Choose one") as refusal:
            press(page.match, sites.MATCH.send, None, chosen | {"centre_site": None}, chosen=of)
        assert [each.field for each in refusal.value.flaws] == ["centre_site"]
        press(page.match, sites.MATCH.send, None, chosen, chosen=of)
        shown = texts(page.layout(show=of))
        assert "counterpart" not in shown
        assert "Chosen" in shown
        assert "Sign and send 1 report" in texts(previewed(of))


def test_what_was_corrected_at_the_centre_stands_beside_what_was_sent_and_is_decided(scene: Running) -> None:
    centre = AnsweringCentre(scene, NOW)
    of = connected(scene, centre)
    validated(scene, "Agadez", lines=[tally(140)])
    with at_desk(scene, "chaima", NOW):
        sent(scene, of)
    deliver(scene, centre)
    centre.corrects = True
    centre_delivery.deliver(scene.store, known_id(of), centre, NOW + timedelta(hours=2))
    with at_desk(scene, "chaima", NOW):
        shown = page.layout(show=of)
        for said in ("Corrected at the centre", "Version 2", "Count revised", "Checks 140"):
            assert said in texts(shown)
        [ours] = [
            each.id
            for each in found_in(shown, "Button")
            if isinstance(getattr(each, "id", None), dict) and each.id["type"] == conflicts.OURS
        ]
        assert "Sign and send" not in texts(previewed(of))
        press(conflicts.replace, ours)
        assert "Which stands?" not in texts(page.layout(show=of))
        assert "Sign and send 1 report" in texts(previewed(of))
        assert asks_for_a_reason(previewed(of)) == [True]


def test_why_a_centre_takes_nothing_is_said_and_a_new_token_is_given(scene: Running) -> None:
    of = connected(scene)
    later = NOW + timedelta(hours=2)
    for status, words in ((401, "Give the connection a new one"), (502, "The centre does not answer (502).")):
        call = lambda *_asked, status=status: CentreAnswer(status, "", b"")  # noqa: E731 - of this status
        for each in centre_delivery.due(scene.store, later):
            centre_delivery.deliver(scene.store, each, call, later)
        later += timedelta(hours=2)
        with at_desk(scene, "chaima", NOW):
            assert words in texts(page.layout(show=of))
    with at_desk(scene, "chaima", NOW):
        press(page.renew, page.RENEW.send, None, {"token": KEY}, chosen=of)
        press(page.end, {"type": page.Ids.END, "of": of})
        assert "No operation is connected" in texts(page.layout())


def test_of_several_connections_one_is_chosen(scene: Running) -> None:
    of = connected(scene)
    with scene.store.unit_of_work(scene["ana"]) as session:
        other = plan.create(session, operation_draft(), scene["ana"]).id
    with scene.store.unit_of_work(System()) as session:
        first = session.get_one(CentreConnection, known_id(of)).model_dump()
        session.add(
            CentreConnection(**{**first, "id": new_id(), "operation_id": other, "address": "https://other.example"})
        )
    with at_desk(scene, "chaima", NOW):
        shown = page.layout(show=of)
    links = [each.href for each in found_in(shown, "A") if "show=" in (getattr(each, "href", None) or "")]
    assert len(links) == 2
    assert f"/centre?show={of}" in links


@pytest.mark.parametrize("seen", [None, {}, {"first": "x", "last": 1, "seen": []}])
def test_what_a_browser_makes_up_sends_nothing(scene: Running, seen: Any) -> None:
    of = connected(scene)
    with at_desk(scene, "chaima", NOW):
        with pytest.raises(RuleBroken):
            press(page.share, page.SHARE.send, None, {"confirmed": False}, chosen=of, seen=seen)
        with pytest.raises(NotFound):
            previewed("nothing")
        assert "No report lies on these days" in texts(previewed(of))


def test_a_report_from_another_muster_says_so_at_the_desk(scene: Running) -> None:
    made = validated(scene, "Agadez", level=1)
    with scene.store.reading(scene["boubacar"]) as session:
        from dashboard.parts.report import view
        from dashboard.parts.report.changes import ReportDifference

        found = session.merge(made, load=False)
        found.signed_key = "00" * 32
        said = texts(view.envelope(found, "Agadez", {}, ReportDifference((), ())))
        session.rollback()
    assert "Another Muster, signed by its key 6668 7aad" in said
