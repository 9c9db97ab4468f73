"""Names on the map lie over no mark of a site and over no other name."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from dashboard.map import scene as stage

SCRIPT = Path(stage.__file__).with_name("labels.js")
WRITTEN = """
  globalThis.window = globalThis; globalThis.addEventListener = () => {};
  globalThis.document = {fonts: {ready: {then() {}}}};
  globalThis.getComputedStyle = () => ({fontFamily: "sans-serif"});
  const extend = (of) => {
    const made = function (state) { this.initialize(state); };
    made.prototype = of;
    return made;
  };
  globalThis.L = {Renderer: {prototype: {initialize: {call() {}}}, extend}};
  const [names] = JSON.parse(process.argv[1]), painted = [];
  %s
  musterAtlas.beside = (point) => point; musterAtlas.colour = () => "";
  for (const part of musterAtlas.parts) part.load?.();
  const made = new musterAtlas.Labels({names: {all: names}, frame: null});
  const box = {getWest: () => 0, getEast: () => 1000, getSouth: () => 0, getNorth: () => 1000};
  const latLngToLayerPoint = ([lat, lon]) => ({x: lon, y: lat});
  made._map = {getZoom: () => 8, getBounds: () => ({pad: () => box}), latLngToLayerPoint};
  made._context = {measureText: (text) => ({width: 7 * text.length})};
  made._paint = (name, x, y, size) => painted.push([name.text, x, y, 7 * name.text.length, size]);
  made.write();
  console.log(JSON.stringify(painted));
"""
"""The script writes names at given pixels, and tells the box of each that it wrote."""


def written(names: list[dict[str, object]]) -> list[tuple[str, float, float, float, float]]:
    script = WRITTEN % SCRIPT.read_text(encoding="utf-8")
    command = [shutil.which("node") or "node", "-e", script, json.dumps([names])]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def over(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    (x, y, wide, high), (left, top, width, height) = one, other
    return x < left + width and left < x + wide and y < top + height and top < y + high


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node, which the browser's libraries are installed with")
@pytest.mark.parametrize("seed", range(8))
def test_no_name_lies_over_a_mark_or_another_name(seed: int) -> None:
    dice = random.Random(seed)
    marks = [
        {"kind": "mark", "text": f"Site {k} of the border", "gap": 19, "rank": 900 - k, "from": 0}
        | {"lon": dice.randint(0, 400), "lat": dice.randint(0, 400)}
        for k in range(60)
    ]
    towns = [
        {"kind": "town", "text": f"Town {k}", "dot": True, "rank": k, "from": 0}
        | {"lon": dice.randint(0, 400), "lat": dice.randint(0, 400)}
        for k in range(120)
    ]
    found = written([*marks, *towns])
    assert len(found) > 10
    signs = [(mark["lon"] - 15, mark["lat"] - 15, 30, 30) for mark in marks]
    assert [text for text, *box in found if any(over(tuple(box), sign) for sign in signs)] == []
    boxes = [tuple(box) for _text, *box in found]
    assert [one for k, one in enumerate(boxes) if any(over(one, other) for other in boxes[k + 1 :])] == []
