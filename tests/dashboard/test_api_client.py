"""A client that a program wrote from the description alone works with Muster: it sends, corrects, withdraws, reads."""

import importlib
import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from cicerone import parse as cicerone
from clientele.generators.api.generator import APIGenerator
from clientele.generators.cicerone_compat import normalize_openapi_31_spec

from dashboard.api.application import description
from operations.catalogue.kpis import Kpi
from operations.core import clock
from operations.core.ids import new_id
from tests.interface import interface, served, token
from tests.makers import START, Running, form, tally


@pytest.fixture
def client(scene: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[ModuleType, ModuleType]]:
    """The functions and the models of a client that clientele writes, with a token of a server that answers."""
    told = normalize_openapi_31_spec(json.loads(json.dumps(description())))
    written = APIGenerator(
        spec=cicerone.parse_spec_from_dict(told),
        output_dir=str(tmp_path / "border_entry"),
        asyncio=False,
        regen=True,
        url=None,
        file=None,
    )
    written.generate()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with clock.at(START + timedelta(days=2)), served(interface(scene)) as address:
        monkeypatch.setenv("BASE_URL", address)
        monkeypatch.setenv("HEADERS", json.dumps({"Authorization": f"Bearer {token(scene, 'boubacar').key}"}))
        made = importlib.import_module("border_entry.client")
        yield made, importlib.import_module("border_entry.schemas")
        made.client.close()
    for name in [each for each in sys.modules if each.partition(".")[0] == "border_entry"]:
        del sys.modules[name]


def test_a_written_client_sends_corrects_withdraws_and_reads(
    scene: Running, client: tuple[ModuleType, ModuleType]
) -> None:
    system, models = client
    [operation] = system.list_operations().root
    niamey = next(each for each in system.read_operation(operation_id=operation.id).sites if each.name == "Niamey")
    content = form(scene, lines=[tally(140)], site_id=niamey.id)
    sent = system.submit_report(data=models.ReportDraft(**content))
    assert isinstance(sent, models.ReportAnswer), sent
    assert (sent.state, sent.level, sent.lines[0].count) == ("submitted", "V1", 140)
    assert system.submit_report(data=models.ReportDraft(**content)) == sent, "the same again"

    change = {"id": str(new_id()), "supersedes_id": sent.id, "correction_reason": "typing"}
    lines = [tally(150) | {"id": content["lines"][0]["id"]}]
    corrected = system.submit_report(data=models.ReportDraft(**content | change | {"lines": lines}))
    assert (corrected.version, corrected.report_id) == (2, sent.report_id)
    figures = {each.figure: each.value for each in system.read_key_figures(operation.id, level="V1").figures}
    assert figures[Kpi.DATABASE_CHECKS] == 150

    gone = system.withdraw_report(version_id=corrected.id, data=models.Withdrawal(reason="Sent for another site."))
    assert gone.state == "withdrawn"
    assert [each.version for each in system.read_report(sent.report_id).items] == [2, 1]
    assert {each.id for each in system.list_reports(operation=operation.id).items} == {sent.id, corrected.id}

    codes = [each.code for each in system.read_code_list("CL-DB").codes]
    assert "sltd" in codes
    assert system.read_collections(operation.id).collections[0].id == "site"
    team = system.keep_team(data=models.TeamDraft(**TEAM | {"id": str(new_id())}))
    assert [each.id for each in system.list_teams().root] == [team.id]


TEAM = {
    "call_sign": "Gazelle 1",
    "kind": "frontline",
    "persons": 6,
    "specialisms": ["document_examiner"],
    "languages": ["fr"],
    "base": "Niamey",
    "lat": 13.5,
    "lon": 2.1,
    "zone": "Africa/Niamey",
}


def test_a_written_client_is_told_of_a_refusal(scene: Running, client: tuple[ModuleType, ModuleType]) -> None:
    system, models = client
    refused = system.submit_report(data=models.ReportDraft(**form(scene, lines=[tally(60_000)], confirmed=False)))
    assert isinstance(refused, models.Problem)
    assert (refused.status, refused.flaws[0].field) == (422, "confirmed")
