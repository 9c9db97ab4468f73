"""What a map shows, packed for the way: all of it, in a row for each site."""

import json
from typing import Any

from dashboard.map.packing import packed_scene, packed_values


def site(number: int, **more: Any) -> dict[str, Any]:
    at = [round(number / 100, 2), 13.5]
    properties = {
        "kind": "site",
        "group": "operational",
        "name": f"Place {number}",
        "label": "Airport",
        "state": "active",
        "site_type": "airport",
        "country": "NER",
        "country_name": "Niger",
        "centre": at,
        "bounds": None,
        "editable": True,
        **more,
    }
    geometry = {"type": "Point", "coordinates": at}
    return {"type": "Feature", "id": f"{number:036}", "geometry": geometry, "properties": properties}


def test_a_site_is_a_row_and_an_object_stays() -> None:
    drawn: dict[str, Any] = {"type": "Feature", "id": "a", "geometry": {}, "properties": {"kind": "route"}}
    found = packed_scene({"type": "FeatureCollection", "features": [site(1), site(2, aside=[1.0, 0.0]), drawn]})
    assert found["features"] == [drawn]
    assert found["sites"] == [
        [f"{1:036}", "Place 1", "airport", "NER", True, [0.01, 13.5]],
        [f"{2:036}", "Place 2", "airport", "NER", True, [0.02, 13.5], [1.0, 0.0]],
    ]
    assert (found["labels"], found["countries"]) == ({"airport": "Airport"}, {"NER": "Niger"})


def test_a_site_costs_a_hundred_bytes_and_what_it_reported_fifty() -> None:
    def sizes(number: int) -> tuple[int, int]:
        stage = packed_scene({"type": "FeatureCollection", "features": [site(each) for each in range(number)]})
        said = {"state": "hits", "hits": 4, "hits_text": "4", "words": "reporting · 4 raw hits"}
        values = packed_values({f"{each:036}": said for each in range(number)})
        return len(json.dumps(stage)), len(json.dumps(values))

    (few, less), (many, more) = sizes(100), sizes(300)
    assert (many - few) / 200 < 100
    assert (more - less) / 200 < 50


def test_what_each_site_reported_is_told() -> None:
    one, other = {"state": "hits", "hits": 4}, {"state": "silent", "hits": 0}
    found = packed_values({"a": one, "b": other, "c": dict(one)})
    assert {site: found["kinds"][kind] for site, kind in found["of"].items()} == {"a": one, "b": other, "c": one}
