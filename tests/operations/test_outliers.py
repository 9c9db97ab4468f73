"""Two thousand in one line at 23:55: what is far above what a site reports is asked about, and never refused."""

from typing import Any

import pytest

from operations.core.errors import RuleBroken
from operations.core.vocabulary import Level
from operations.policing.reports.outliers import KNOWN, TIMES
from tests.makers import Running, arrest, form, send, tally

SENTENCE = "{what}: {count} in one line, where {average} were usual until now. Is that right?"


def _asked(scene: Running, content: dict[str, Any], by: str = "bruno") -> list[dict[str, Any]]:
    with pytest.raises(RuleBroken) as asked:
        send(scene, content, by)
    assert {flaw.field for flaw in asked.value.flaws} == {"confirmed"}
    return [dict(flaw.params) for flaw in asked.value.flaws if flaw.template == SENTENCE]


def _usual(scene: Running, site: str = "Niamey", lines: int = KNOWN) -> None:
    send(scene, form(scene, site, lines=[*(arrest(3) for _ in range(lines)), tally(400)]))


def test_what_is_far_above_the_usual_is_asked_about_and_stands_once_it_is_confirmed(scene: Running) -> None:
    _usual(scene)
    late = form(scene, day=1, lines=[arrest(3 * TIMES)], confirmed=False)
    assert _asked(scene, late) == [{"what": "Arrests", "count": 3 * TIMES, "average": 3}]
    assert send(scene, late | {"confirmed": True}).level == Level.V1


def test_what_is_high_and_not_far_above_is_not_asked_about(scene: Running) -> None:
    _usual(scene)
    assert send(scene, form(scene, day=1, lines=[arrest(3 * TIMES - 1)], confirmed=False)).level == Level.V1


def test_few_are_never_asked_about(scene: Running) -> None:
    send(scene, form(scene, lines=[arrest(1) for _ in range(KNOWN)]))
    assert send(scene, form(scene, day=1, lines=[arrest(19)], confirmed=False)).level == Level.V1


def test_a_site_without_a_history_is_measured_by_its_country(scene: Running) -> None:
    _usual(scene)
    late = form(scene, "Agadez", day=1, lines=[arrest(30)], confirmed=False)
    assert _asked(scene, late, "binta") == []
    with pytest.raises(
        RuleBroken, match="30 in one line, far more than your country usually reports"
    ):  # and no sum of it
        send(scene, late, "binta")


def test_another_country_s_history_says_nothing(scene: Running) -> None:
    _usual(scene)
    assert send(scene, form(scene, "Bamako", day=1, lines=[arrest(300)], confirmed=False), "mateo").level == Level.V1


def test_queries_of_one_database_do_not_speak_for_another(scene: Running) -> None:
    send(scene, form(scene, lines=[tally(20) for _ in range(KNOWN)]))
    other = tally(2000, database="nominal", entity_type="person")
    assert send(scene, form(scene, day=1, lines=[other], confirmed=False)).level == Level.V1
    assert _asked(scene, form(scene, day=1, lines=[tally(2000)], confirmed=False))[0]["average"] == 20
