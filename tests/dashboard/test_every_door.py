"""A figure is one number at every door: screens, interface, situation report, snapshot and signed paper."""

import re
from pathlib import Path
from typing import Any

import pytest

from dashboard.screens.official import page as official
from dashboard.screens.situation import page as situation
from dashboard.screens.situation import report
from dashboard.screens.snapshots import files
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.core import clock
from operations.lines.kinds import KINDS
from operations.policing.operation import plan
from tests import pdf_text
from tests.dashboard.desks import at_desk, open_scene, texts
from tests.dashboard.test_numbers_in_the_page import numbers, pages, told
from tests.evaluations import ENDED
from tests.interface import interface
from tests.makers import Running, arrest, detection, form, hit, let_out, send, tally
from tests.operations.steps import climb
from tests.operations.test_lines import line_of
from tests.snapshot_stories import S, frozen

HERE = "operation"


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    """An operation that is over, with lines of every kind of two countries, validated and released."""
    made = open_scene(tmp_path)
    for site, officer, *chain in (("Niamey", "bruno", "boubacar", "chaima"), ("Bamako", "mateo", "marie", "moussa")):
        begins = made.start.replace(hour=made.start.hour + 1)
        lines = [line_of(kind) for kind in KINDS if kind != "hit"]
        lines += [tally(1400), hit(begins), hit(begins), arrest(30), arrest(14, after_hit=14, hit_database="sltd")]
        lines += [detection(120, nationality="VEN"), detection(35, nationality="ECU")]
        lines += [line_of("potential_victim", persons=60)]
        lines += [line_of("protection_referral", persons=40, answer="accepted")]
        lines += [line_of("seizure", commodity="cash", measure="money", currency="USD", amount=996_000)]
        climb(made, send(made, form(made, site, lines=lines), by=officer).id, *chain)
    with clock.at(ENDED):
        let_out(made)
    return made


def number(words: str) -> float | None:
    """The number that stands first in words; None where there is none, or it is hidden."""
    found = re.match(r"\d[\d,]*(\.\d+)?", words)
    return None if found is None else float(found[0].replace(",", ""))


def board_of(shown: dict[str, Any], of: str = HERE) -> dict[str, set[str]]:
    """The words of each figure of the whole operation, or of a country, on whichever page; at V3, or of no level."""
    found: dict[str, set[str]] = {}
    for content in shown.values():
        for each in numbers(content):
            about = told(each)
            if (
                about["of"] == of
                and (about["level"] == "V3" or about["kpi"] == Kpi.COVERAGE)
                and not getattr(each, "data-below", "")
            ):
                found.setdefault(about["kpi"], set()).add(texts(each))
    return found


def read(scene: Running, name: str, of: str = HERE) -> dict[str, str]:
    """What a person reads of each figure on all pages, which is one number."""
    with at_desk(scene, name, ENDED):
        found = board_of(pages(scene, "V3"), of)
    assert {kpi: words for kpi, words in found.items() if len(words) > 1} == {}
    return {kpi: words.pop() for kpi, words in found.items()}


def printed(content: bytes, kpi: str, words: str) -> bool:
    """Whether a paper says the number of a figure beside its name."""
    return pdf_text.letters(f"{CATALOGUE[Kpi(kpi)].name}{words}") in pdf_text.letters(pdf_text.words(content))


def test_the_interface_tells_the_numbers_of_the_screens(scene: Running) -> None:
    shown = read(scene, "chaima", "NER")
    with clock.at(ENDED):
        address = f"/operations/{scene.operation}/key-figures?level=V3"
        sent = {each["figure"]: each["value"] for each in interface(scene).of("chaima").get(address).json()["figures"]}
    assert set(sent) <= set(shown)
    known = {kpi: found for kpi in sent if (found := number(shown[kpi])) is not None}
    assert len(known) > 20
    assert {kpi: sent[kpi] for kpi in known} == pytest.approx(known, abs=0.5)
    assert {kpi: sent[kpi] for kpi in sent if kpi not in known and sent[kpi] is not None} == {}, (
        "— is no number anywhere"
    )


@pytest.mark.parametrize("name", ["ana", "lena"])
def test_the_situation_report_prints_the_numbers_of_the_screens(scene: Running, name: str) -> None:
    shown = read(scene, name)
    with clock.at(ENDED):
        paper, _file = report.report(scene.store, scene.operation, report.TACTICAL, "V3", "en", scene[name])
    with at_desk(scene, name, ENDED):
        tiles = board_of({"situation": situation.layout(str(scene.operation), level="V3")})
    told_there = {kpi: shown[kpi] for kpi in tiles if number(shown[kpi]) is not None}
    assert len(told_there) > 5
    assert [kpi for kpi, words in told_there.items() if not printed(paper, kpi, words)] == []


@pytest.mark.parametrize("name", ["ana", "lena"])
def test_a_snapshot_and_its_paper_tell_the_numbers_of_the_screens(scene: Running, name: str) -> None:
    shown = read(scene, name)
    made = frozen(scene, S.PUBLISHED, level="V3")
    with at_desk(scene, name, ENDED):
        found = numbers(official.layout(str(scene.operation)))
    signed = {told(each)["kpi"]: texts(each) for each in found if told(each)["of"] == HERE}
    with scene.store.reading(scene[name]) as session, clock.at(ENDED):
        operation = plan.operation(session, scene.operation, scene[name])
        outside = {row[0]: row[1] for row in files.tables(session, made, operation, "")[0].rows}
    with clock.at(ENDED):
        paper, _file = files.pack(scene.store, scene.operation, made.number, files.PDF, "", scene[name])
    known = {kpi: words for kpi, words in signed.items() if number(words) is not None and kpi in shown}
    assert len(known) > 10
    assert known == {kpi: shown[kpi] for kpi in known}
    public = {kpi: str(outside[CATALOGUE[Kpi(kpi)].name]) for kpi in known if CATALOGUE[Kpi(kpi)].name in outside}
    public = {kpi: words for kpi, words in public.items() if number(words) is not None}
    assert len(public) >= 3  # the public is told what lies far enough above small numbers of each country
    assert {kpi: number(words) for kpi, words in public.items()} == {kpi: number(shown[kpi]) for kpi in public}
    assert [kpi for kpi, words in public.items() if not printed(paper, kpi, words)] == []
