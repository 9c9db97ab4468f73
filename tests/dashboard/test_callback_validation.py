"""What no page sends to a callback is answered by 400 and leaves no traceback; every callback is tried."""

import json
import logging
from itertools import islice

import pytest
from dash import ALL

from operations.core import sign_in
from tests.dashboard.conftest import ORIGIN
from tests.frame_call import OUTPUT, frame_call
from tests.servers import PASSWORD, make_scene

PATH = "/_dash-update-component"
RAIL = frame_call("/")
DEEP = "[" * 100_000 + "]" * 100_000
OTHERS = (
    {"output": "nothing.of-this"},
    {"output": [OUTPUT]},
    {"output": "shell-started.data"},
    {"inputs": "text"},
    {"inputs": []},
    {"inputs": [None]},
    {"inputs": [[[]]]},
    {"inputs": [{"id": ["x"], "property": "pathname"}]},
    {"state": [{"id": "_pages_location", "property": "pathname", "value": 7}, *RAIL["state"][1:]]},
    {"changedPropIds": 7},
    {"changedPropIds": [[]]},
    {"changedPropIds": ['{"a": ["b"]}.c']},
    {"changedPropIds": ["{.c"]},
    {"outputs": 3},
    {"outputs": {"id": "shell-bar", "property": "children"}},
    {"state": 5},
)


def _without(*names):
    return json.dumps({name: value for name, value in RAIL.items() if name not in names})


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "{}",
        "null",
        "1e999",
        "NaN",
        '"text"',
        "",
        "{",
        DEEP,
        f'{{"output": "{OUTPUT}", "x": {DEEP}}}',
        *(json.dumps({**RAIL, **other}) for other in OTHERS),
        _without("output"),
        _without("outputs"),
        _without("inputs"),
    ],
    ids=lambda body: body[:40],
)
@pytest.mark.requirement("ASVS 16.5.1")
def test_an_envelope_that_no_page_sends_is_refused_without_a_traceback(site, caplog, body):
    client = site.signed_in()
    answer = client.post(PATH, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert not [record for record in caplog.records if record.exc_info or "Traceback" in record.getMessage()]
    assert client.post(PATH, json=RAIL).status_code == 200


def test_a_refusal_where_a_pattern_is_the_only_output_is_a_notice(site):
    """A country that takes part in nothing leaves it: the person is told, and nothing fails."""
    client = site.signed_in(role="national_coordinator", country="NER")
    button = {"id": {"type": "operation-withdraw", "of": "shown"}, "property": "disabled"}
    answer = client.post(
        PATH,
        json={
            "output": next(name for name in site.app.inside.dash.callback_map if "operation-withdraw" in name),
            "outputs": [[button]],
            "inputs": [[{**button, "property": "n_clicks", "value": 1}]],
            "state": [{"id": "operation-id", "property": "data", "value": "x"}],
            "changedPropIds": ['{"of":"shown","type":"operation-withdraw"}.n_clicks'],
        },
    )
    assert answer.status_code == 200
    assert "There is nothing here that you can see." in answer.text


@pytest.mark.parametrize("coding", ["utf-16", "utf-32", "latin-1"])
def test_another_coding_is_read_or_refused(site, coding):
    text = json.dumps({**RAIL, "x": "é"}, ensure_ascii=False).encode(coding)
    answer = site.signed_in().post(PATH, content=text, headers={"content-type": "application/json"})
    assert answer.status_code in (200, 400)


VALUES = ("text", ["a"], {"a": "b"}, 7, {"id": "x", "content": {"lines": "text"}}, [["a"]])


def _given(declared, value):
    """An input as a page sends it, but for its value."""
    if not declared["id"].startswith("{"):
        return {"id": str(declared["id"]), "property": declared["property"], "value": value}
    parts = json.loads(declared["id"])
    one = {
        "id": {name: "x" if isinstance(part, list) else part for name, part in parts.items()},
        "property": declared["property"],
        "value": value,
    }
    return [one] if ["ALL"] in parts.values() else one


def _spec(declared):
    if isinstance(declared, list | tuple):
        return [_spec(each) for each in declared]
    if not isinstance(declared.component_id, dict):
        return {"id": str(declared.component_id), "property": declared.component_property}
    several = any(part is ALL for part in declared.component_id.values())
    parts = {name: part if isinstance(part, str) else "x" for name, part in declared.component_id.items()}
    one = {"id": parts, "property": declared.component_property}
    return [one] if several else one


PARTS = 8


@pytest.mark.sample(1)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.requirement("ASVS 15.3.5", "ASVS 2.2.2")
def test_no_callback_fails_with_a_fault_over_values_of_another_kind(part, site, tmp_path, monkeypatch, caplog):
    """Texts where the page sends objects, and the other way round: an answer, a refusal or 400, never a traceback."""
    scene = make_scene(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    monkeypatch.setattr(site.app, "store", scene.store)
    monkeypatch.setattr(site.app.doors, "spending", {name: _Freely() for name in site.app.doors.spending})
    tokens = {name: sign_in.sign_in(scene.store, name, PASSWORD) for name in ("ana", "chaima")}
    caplog.set_level(logging.ERROR)
    callbacks = {name: each for name, each in site.app.inside.dash.callback_map.items() if "callback" in each}
    assert len(callbacks) > 150
    failed = []
    for name, each in islice(callbacks.items(), part, None, PARTS):
        changed = [f"{given['id']}.{given['property']}" for given in each["inputs"][:1]]
        for value in VALUES:
            envelope = {
                "output": name,
                "outputs": _spec(each["output"]),
                "changedPropIds": changed,
                "inputs": [_given(one, value) for one in each["inputs"]],
                "state": [_given(one, value) for one in each["state"]],
            }
            for person, token in tokens.items():
                headers = {"origin": ORIGIN, "cookie": f"muster={token}"}
                caplog.clear()
                answer = site.client.post(PATH, json=envelope, headers=headers)
                if answer.status_code not in (200, 204, 400) or any(record.exc_info for record in caplog.records):
                    failed.append((name[:60], person, value, answer.status_code, caplog.text[-200:]))
    scene.store.dispose()
    assert not failed, {(name, str(value)[:20]) for name, _person, value, _status, _log in failed}


class _Freely:
    def spend(self, _key):
        return 0.0
