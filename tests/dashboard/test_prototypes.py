"""Objects of other people pollute no prototype: how our scripts write, and what they do with names that lead there."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

DASHBOARD = Path(__file__).parents[2] / "dashboard"
SCRIPTS = sorted(path for path in DASHBOARD.rglob("*.js") if "vendor" not in path.parts)
WAYS = {
    "writes two places deep by a name that is computed, where `__proto__` leads to the prototype of all objects": (
        r"\[[^\]'\"]*[A-Za-z][^\]]*\](?:\[[^\]]+\]|\.\w+)+\s*(?:=(?![=>])|\|\|=|\?\?=|\+=)"
        r"|\)\[[^\]'\"]*[A-Za-z][^\]]*\]\s*(?:=(?![=>])|\|\|=|\?\?=|\+=)"
    ),
    "goes through names that an object inherits": r"\bfor\s*\(\s*(?:const|let|var)\s+\w+\s+in\b",
    "writes a prototype": r"\.prototype(?:\.\w+|\[[^\]]+\])*\s*=(?!=)|__proto__|\bsetPrototypeOf\b",
}

TAKEN = """
  const PATCH = "__dash_patch_update", put = [];
  const page = { title: { type: "Div", props: { children: "before", other: { deep: "before" } } } };
  globalThis.window = globalThis; globalThis.document = { getElementById: () => null };
  window.dash_stores = [{
    getState: () => ({ paths: { strs: { title: ["props", "children"] }, objs: {} }, graphs: { inputMap: {} } }),
    dispatch: ({ payload }) => put.push(payload.props),
  }];
  window.dash_component_api = { getLayout: () => page.title };
  %(scripts)s
  const patch = (...location) =>
    ({ [PATCH]: true, operations: [{ operation: "Assign", location, params: { value: "polluted" } }] });
  const set = (...location) => dash_clientside.muster.set([["title", "children", patch(...location)]]);
  set("props", "__proto__", "polluted");
  set("props", "other", "__proto__", "polluted");
  set("props", "other", "constructor", "prototype", "polluted");
  set("props", "other", "deep");
  const text = (number, words) => [number << 3 | 2, words.length, ...new TextEncoder().encode(words)];
  const within = (number, bytes) => [number << 3 | 2, bytes.length, ...bytes];
  const layer = (name) => within(3, [...text(1, name), ...within(2, within(2, [0, 0])),
    ...text(3, "__proto__"), ...within(4, text(1, "polluted"))]);
  const tile = musterAtlas.decodeTile(new Uint8Array([...layer("__proto__"), ...layer("roads")]));
  console.log(JSON.stringify({ put, layers: Object.keys(tile), own: Object.keys({}), inherited: ({}).polluted ?? null,
    known: Object.getOwnPropertyNames(Object.prototype).includes("polluted") }));
"""


@pytest.mark.requirement("ASVS 15.3.6")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_script_of_ours_writes_in_a_way_that_reaches_a_prototype(way: str) -> None:
    assert len(SCRIPTS) > 50
    found = [
        f"{path.relative_to(DASHBOARD)}:{number}: {line.strip()}"
        for path in SCRIPTS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(way, line)
    ]
    assert found == []


def test_the_ways_are_told_from_what_reaches_none() -> None:
    computed, inherited, prototype = WAYS.values()
    for line in ("a[b][c] = 1", "a[b].c = 1", "(a[b] = a[b] || {})[c] = d", "x.y[each.name][0] ||= 3"):
        assert re.search(computed, line), line
    for line in ("a[b] = c", "if (a[b].c === d) x = 1", "a[0].b = 1", "f((a) => a[b].c)", "a[b].c == 2", "a[b].f(c)"):
        assert not re.search(computed, line), line
    assert re.search(inherited, "for (const name in given)")
    assert re.search(prototype, "L.Map.prototype.draw = draw")
    assert not re.search(prototype, "L.Map.prototype.draw.call(this, a = 1)")


@pytest.mark.requirement("ASVS 15.3.6")
@pytest.mark.skipif(shutil.which("node") is None, reason="needs node, which the browser's libraries are installed with")
def test_patches_and_tiles_that_name_a_prototype_change_none() -> None:
    scripts = [DASHBOARD / "frame/patches.js", DASHBOARD / "map/vector_tile.js"]
    program = TAKEN % {"scripts": "\n".join(path.read_text(encoding="utf-8") for path in scripts)}
    answer = subprocess.run([str(shutil.which("node")), "-e", program], capture_output=True, check=True, text=True)
    said = json.loads(answer.stdout)
    assert (said["own"], said["inherited"], said["known"]) == ([], None, False)
    assert {"other": {"deep": "polluted"}} in said["put"], "a patch that names no prototype is taken"
    assert said["layers"] == ["__proto__", "roads"]
