"""The page of report quality: each country its own, the coordinator each of them, beside the month before."""

from datetime import timedelta

import pytest

from dashboard import places
from dashboard.screens.report_quality import page
from operations.core.errors import NotPermitted
from tests.dashboard.desks import at_desk, found_in, press, texts
from tests.makers import START, Running, form, hit, send, tally

LATER = START + timedelta(days=3)


def shown(scene: Running, who: str, **asked: str) -> str:
    with at_desk(scene, who, LATER):
        return texts(page.layout(operation_id=str(scene.operation), **asked))


def test_a_coordinator_chooses_a_country_and_reads_its_measures_and_its_sites(scene: Running) -> None:
    send(scene, form(scene, kind="single_event", lines=[tally(5), hit(START)], impact="high"))
    found = shown(scene, "ana", country="NER")
    for group in ("Timeliness", "Completeness", "Corrections and claims", "Silence", "Confidence", "Impact"):
        assert f" {group} " in found
    assert "Single events written within 24 hours (%) 100.0\u202f% 1 of 1 · 95 %: \u206821–100" in found
    assert "Hits with an outcome (%) 0.0\u202f% 0 of 1" in found
    assert "Corrections (for 100 reports) 0.0 0 for 1 reports" in found
    assert "Remind Site Days without a report Fields that figures rest on Corrections Agadez 4 of 4 — — — 0 —" in found
    assert "Niamey 3 of 4 — 0 of 1 — 0 —" in found
    assert "Single events whose impact was assessed (%) 100.0\u202f% 1 of 1" in found
    assert "High impact 1 — — Corrections that changed the impact 0" in found
    assert "Claims that were settled (%) — — —" in found
    with at_desk(scene, "ana", LATER):
        links = found_in(page.layout(operation_id=str(scene.operation), country="MLI"), "Link")
    assert [link.href.rpartition("=")[2] for link in links] == ["MLI", "NER"]
    assert "Single events written within 24 hours (%) — — —" in shown(scene, "ana", country="MLI")


def test_a_country_reads_its_own_whatever_the_address_asks_for(scene: Running) -> None:
    found = shown(scene, "moussa", country="NER")
    assert "Mali" in found
    assert "Niger" not in found
    with pytest.raises(NotPermitted):
        shown(scene, "lena")


def test_a_coordinator_reminds_the_country_whose_report_of_the_day_is_overdue(scene: Running) -> None:
    """Whoever may not run the operation, and a country that reported, have no button for it."""
    night = START + timedelta(days=1, hours=15)
    for who, country, offered in (("ana", "NER", True), ("dov", "NER", False), ("chaima", "NER", False)):
        with at_desk(scene, who, night):
            made = page.layout(operation_id=str(scene.operation), country=country)
            assert bool([each for each in found_in(made, "Button") if "Remind" in texts(each)]) == offered, who
    with at_desk(scene, "ana", night) as said:
        press(page.remind, {"type": page.REMIND, "of": "NER"}, scene.operation)
    assert "1 country is reminded" in str(said)


def test_the_place_of_people_and_countries_has_five_tabs_at_most() -> None:
    [place] = [each for each in places.OPERATION if places.REPORT_QUALITY in each.pages]
    assert len(place.pages) <= 5
