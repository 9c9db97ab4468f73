"""Parts are compared with advisories of OSV without a network: spans, lists of versions, names, withdrawn ones."""

import importlib.util
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

_SPEC = importlib.util.spec_from_file_location("advisories", Path(__file__).parent.parent / "tools" / "advisories.py")
assert _SPEC is not None
assert _SPEC.loader is not None
TOOL: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(TOOL)
KNOWN = {("pypi", "jinja2"): "3.1.6", ("npm", "@leaflet/core"): "1.9.4"}


def advisory(*events: dict[str, str], name: str = "Jinja2", ecosystem: str = "PyPI", **more: Any) -> dict[str, Any]:
    package = {"ecosystem": ecosystem, "name": name}
    concerned = {"package": package, "ranges": [{"type": "ECOSYSTEM", "events": list(events)}], **more}
    return {"id": "GHSA-1", "summary": "It leaks.", "affected": [concerned]}


@pytest.mark.parametrize(
    ("told", "repaired"),
    [
        (advisory({"introduced": "0"}, {"fixed": "3.1.7"}), ["3.1.7"]),
        (advisory({"introduced": "0"}, {"fixed": "3.1.6"}), []),
        (advisory({"introduced": "3.1.7"}), []),
        (advisory({"introduced": "0"}), [""]),
        (advisory({"introduced": "0"}, {"last_affected": "3.1.6"}), [""]),
        (advisory({"introduced": "0"}, {"last_affected": "3.1.5"}), []),
        (advisory({"introduced": "0"}, {"fixed": "2.0"}, {"introduced": "3.0"}, {"fixed": "3.2"}), ["3.2"]),
        (advisory(versions=["3.1.5", "3.1.6"]), [""]),
        (advisory({"introduced": "0"}, name="@leaflet/core", ecosystem="npm"), [""]),
        (advisory({"introduced": "0"}, name="@leaflet/core"), []),
        (advisory({"introduced": "0"}) | {"withdrawn": "2026-01-01T00:00:00Z"}, []),
    ],
)
@pytest.mark.requirement("R82")
def test_a_part_is_affected_in_the_spans_of_an_advisory(told: dict[str, Any], repaired: list[str]) -> None:
    assert [found.repaired for found in TOOL.affected(KNOWN, [told])] == repaired


@pytest.mark.requirement("ASVS 15.2.1", "R82")
def test_files_and_archives_are_read_and_what_is_affected_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = TOOL.parts(TOOL.PARTS.read_text(encoding="utf-8"))
    version = known["pypi", "jinja2"]
    harmless, packed = tmp_path / "one.json", tmp_path / "all.zip"
    harmless.write_text(json.dumps(advisory({"introduced": "99"})), encoding="utf-8")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("GHSA-1.json", json.dumps(advisory({"introduced": "0"}, {"fixed": "99"})))
        archive.writestr("readme.txt", "no advisory")
    assert TOOL.main([str(harmless)]) == 0
    assert TOOL.main([str(harmless), str(packed)]) == 1
    assert f"Jinja2 {version}: GHSA-1 It leaks. (repaired in 99)" in capsys.readouterr().out
