"""OGC API Features: GDAL reads a plan from Muster as from any other service, and sees what its token may see."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import shapely
from sqlmodel import select

from dashboard.api.features import CONFORMANCE
from geodata.ground import shapes
from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.journal import AccessEntry
from operations.core.people import System
from operations.policing.map_plan import places
from tests.interface import Interface, interface, served, token
from tests.makers import START, Running

POINTS = {"North": (2.0, 15.0), "South": (3.0, 11.0), "Sea": (179.5, -17.0)}


@pytest.fixture
def door(scene: Running) -> Iterator[Interface]:
    for at, (name, place) in enumerate(POINTS.items(), start=1):
        with clock.at(START + timedelta(hours=at)):
            draw(scene, "checkpoint", name, {"type": "Point", "coordinates": list(place)})
    with clock.at(START + timedelta(days=2)):
        draw(scene, "route", "Old road", {"type": "LineString", "coordinates": [[2.0, 15.0], [3.0, 11.0]]})
        draw(
            scene, "checkpoint", "For the desk", {"type": "Point", "coordinates": [4.0, 14.0]}, audience="coordination"
        )
        yield interface(scene)


def draw(scene: Running, kind: str, name: str, geometry: dict[str, Any], **changes: str) -> None:
    content = {"id": new_id(), "object_id": new_id(), "kind": kind, "name": name} | changes
    with scene.store.unit_of_work(scene["ana"]) as session:
        places.draw(
            session, scene.operation, parse(places.MapObjectDraft, content), shapes.measure(geometry), scene["ana"]
        )


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    return [each["properties"]["name"] for each in answer.json()["features"]]


GDAL = """
import json, sys
import pyogrio, shapely
from pyogrio.raw import read
service, key = sys.argv[1:]
pyogrio.set_gdal_config_options({"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": key})
def told(layer, **asked):
    meta, _ids, shapes, columns = read(service, layer=layer, **asked)
    rows = zip(*(map(str, column) for column in columns), strict=True)
    return {"crs": meta["crs"], "rows": [dict(zip(meta["fields"], row, strict=True)) for row in rows],
            "shapes": [shapely.from_wkb(each).wkt for each in shapes]}
print(json.dumps({
    "layers": [name for name, _kind in pyogrio.list_layers(service)],
    "checkpoints": told("checkpoint", PAGE_SIZE="2"),
    "north": told("checkpoint", bbox=(1, 14, 5, 16)),
    "routes": told("route"),
}))
"""
"""A program that reads a service by GDAL, in a process of its own: GDAL lets no other thread run while it waits."""


def test_gdal_reads_every_collection_in_pages(door: Interface) -> None:
    key = token(door.scene, "bruno", "plan_read").key
    with served(door) as address:
        service = f"OAPIF:{address}/operations/{door.scene.operation}/ogc"
        asked = [sys.executable, "-c", GDAL, service, key]
        found = subprocess.run(
            asked, env={"NO_PROXY": "127.0.0.1"}, capture_output=True, text=True, timeout=60, check=False
        )
    assert found.returncode == 0, found.stderr
    read = json.loads(found.stdout)
    assert {"site", "checkpoint", "route"} <= set(read["layers"])
    rows = read["checkpoints"]["rows"]
    assert sorted(each["name"] for each in rows) == sorted(POINTS), "what is for the desk alone is not there"
    assert {each["classification"] for each in rows} == {"INTERPOL FOR OFFICIAL USE ONLY"}
    points = {tuple(shapely.from_wkt(each).coords[0][:2]) for each in read["checkpoints"]["shapes"]}
    assert points == set(POINTS.values())
    assert read["checkpoints"]["crs"] in ("EPSG:4326", "OGC:CRS84")
    assert [each["name"] for each in read["north"]["rows"]] == ["North"]
    assert read["routes"]["shapes"] == ["LINESTRING (2 15, 3 11)"]


def test_a_service_begins_with_its_links_and_keeps_what_it_says(door: Interface) -> None:
    system, at = door.of("bruno", "plan_read"), f"/operations/{door.scene.operation}/ogc"
    landing = system.get(at).json()
    links = {each["rel"]: each["href"] for each in landing["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= links.keys()
    assert system.get(links["conformance"]).json() == {"conformsTo": list(CONFORMANCE)}
    described = system.get(links["service-desc"])
    assert described.status_code == 200, described.text
    assert described.json()["openapi"].startswith("3.")
    [checkpoints] = [each for each in system.get(links["data"]).json()["collections"] if each["id"] == "checkpoint"]
    assert checkpoints["extent"]["spatial"]["bbox"] == [[2.0, -17.0, 179.5, 15.0]]
    assert checkpoints["itemType"] == "feature"
    [items] = [each["href"] for each in checkpoints["links"] if each["rel"] == "items"]
    whole = system.get(items).json()
    assert (whole["numberMatched"], whole["numberReturned"], whole["attribution"]) == (
        3,
        3,
        "INTERPOL FOR OFFICIAL USE ONLY",
    )
    one = system.get(f"{items}/{whole['features'][0]['id']}").json()
    assert one["properties"] == whole["features"][0]["properties"]
    assert {each["rel"] for each in one["links"]} == {"self", "collection"}
    assert system.get(f"{at}/collections/site/items/{whole['features'][0]['id']}").status_code == 404
    assert system.get(f"{at}/collections/secrets/items").status_code == 404


def test_links_begin_with_the_public_origin(door: Interface) -> None:
    system = interface(door.scene, public_origin="https://muster.example").of("bruno", "plan_read")
    at = f"http://muster.example/api/v1/operations/{door.scene.operation}/ogc"  # as a proxy that ends TLS asks
    told = [system.get(path).json()["links"] for path in (at, f"{at}/collections/checkpoint/items?limit=1")]
    links = [each["href"] for links in told for each in links]
    assert len(links) == 7
    assert [each for each in links if not each.startswith("https://muster.example/api/v1/")] == []


def test_items_are_narrowed_and_paged(door: Interface) -> None:
    system = door.of("bruno", "plan_read")
    at = f"/operations/{door.scene.operation}/ogc/collections/checkpoint/items"
    assert names(system.get(f"{at}?bbox=1,14,5,16")) == ["North"]
    assert names(system.get(f"{at}?bbox=1,14,-100,5,16,9000")) == ["North"], "heights are read over"
    assert names(system.get(f"{at}?bbox=179,-20,-179,-10")) == ["Sea"], "a box across 180 degrees"
    early = (START + timedelta(hours=1, minutes=1)).isoformat().replace("+00:00", "Z")
    assert names(system.get(f"{at}?datetime={early}")) == ["North"]
    assert names(system.get(f"{at}?datetime=../{early}")) == ["North"]
    assert len(names(system.get(f"{at}?datetime={early}/.."))) == 3, "they stand to this day"
    seen, address = [], f"{at}?limit=1"
    while address:
        page = system.get(address)
        seen += names(page)
        address = next((each["href"] for each in page.json()["links"] if each["rel"] == "next"), "")
    assert sorted(seen) == sorted(POINTS)
    assert len(names(system.get(f"{at}?limit=100000"))) == 3, "a limit that is too high is the highest"


@pytest.mark.parametrize(
    "query",
    [
        "bbox=1,2",
        "bbox=Quux,1,2,3",
        "bbox=1,50,2,3",
        "bbox=nan,1,2,3",
        "bbox=999,1,2,3",
        "datetime=Quux",
        "datetime=2026-11-30",
        "datetime=../..",
        "datetime=2026-11-30T00:00:00Z/2026-11-29T00:00:00Z",
        "datetime=0001-01-01T00:00:00%2B14:00",
        "limit=0",
        "limit=Quux",
        "offset=-1",
        "Quux=1",
    ],
)
def test_a_wrong_parameter_is_refused_as_the_standard_says(door: Interface, query: str) -> None:
    at = f"/operations/{door.scene.operation}/ogc/collections/checkpoint/items?{query}"
    said = set()
    for language in ("en", "fr", "es", "ar"):
        answer = door.of("bruno", "plan_read", language=language).get(at)
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert "uux" not in answer.text
        said.add(answer.json()["detail"])
    assert len(said) == 4


def test_a_service_is_for_those_who_read_the_plan(door: Interface) -> None:
    at = f"/operations/{door.scene.operation}/ogc"
    paths = ("", "/conformance", "/collections", "/collections/site", "/collections/site/items")
    for path in paths:
        assert door.program().get(f"{at}{path}").status_code == 401
        assert door.of("bruno", "reports_read").get(f"{at}{path}").status_code == 404
        assert door.of("bruno", "plan_read").get(f"/operations/{new_id()}/ogc{path}").status_code == 404
    door.of("mateo", "plan_read").get(f"{at}/collections/checkpoint/items")
    with door.scene.store.reading(System()) as session:
        [entry] = session.exec(select(AccessEntry).where(AccessEntry.act == "api.read")).all()
    assert (entry.detail["what"], entry.detail["objects"], entry.country) == ("plan", 3, "MLI")
