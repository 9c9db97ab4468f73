"""What a browser gets as its map: small, complete, the same each time."""

import gzip
import json
from typing import Any

import pytest

from geodata.ground import reference
from geodata.ground.basemap import LAYERS, layer


def features(name: str, locale: str = "en") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(layer(name, locale).body)["features"]
    return found


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_says_what_it_holds(name: str) -> None:
    for feature in features(name):
        assert set(feature["properties"]) == set(LAYERS[name].properties)
        assert feature["geometry"]["coordinates"]


@pytest.mark.parametrize("name", LAYERS)
def test_no_coordinate_has_more_than_three_decimals(name: str) -> None:
    def numbers(value: Any) -> "list[float]":
        return [n for v in value for n in numbers(v)] if isinstance(value, list) else [value]

    told = [n for feature in features(name) for n in numbers(feature["geometry"]["coordinates"])]
    assert all(round(n, 3) == n for n in told)


def test_the_first_view_fits_into_700_kb() -> None:
    first = {name: len(layer(name).packed) for name, info in LAYERS.items() if info.from_zoom == 0}
    assert first["countries"] < 500_000
    assert sum(first.values()) < 700_000, first


def test_a_layer_is_built_once_and_its_tag_follows_its_content() -> None:
    assert layer("lakes") is layer("lakes", "ar")
    built = layer("countries", "fr")
    assert gzip.decompress(built.packed) == built.body
    assert built.etag != layer("countries", "es").etag


@pytest.mark.parametrize("locale", reference.LOCALES)
def test_countries_are_labelled_in_the_language_of_the_reader(locale: str) -> None:
    told = {f["properties"]["iso3"]: f["properties"]["name"] for f in features("countries", locale)}
    assert set(told) == set(reference.countries()["iso3"])
    assert told == reference.country_names(locale)
    people = {f["properties"]["iso3"]: f["properties"]["people"] for f in features("countries", locale)}
    assert people["BRA"] > 200_000_000
    assert people["BRI"] == 0


def test_every_boundary_is_drawn_along_the_drawn_countries() -> None:
    drawn = {f["properties"]["border_id"]: f["properties"]["differs"] for f in features("boundaries")}
    known = reference.land_boundaries().set_index("border_id")["note"]
    assert set(drawn) == set(known.index)
    assert {border_id for border_id, differs in drawn.items() if differs} == set(known[known != ""].index)
    corners = {
        tuple(at) for at in _positions(next(f for f in features("countries") if f["properties"]["iso3"] == "NER"))
    }
    line = next(f for f in features("boundaries") if f["properties"]["border_id"] == "DZA-NER")
    assert {tuple(at) for at in _positions(line)} <= corners


def test_lakes_and_towns_are_whole_in_two_parts() -> None:
    assert len(features("lakes")) + len(features("lakes_close")) == len(reference.lakes())
    assert len(features("places")) + len(features("places_close")) == len(reference.places())
    assert max(f["properties"]["min_zoom"] for f in features("places")) < LAYERS["places_close"].from_zoom


def test_sites_on_the_map_carry_the_references_of_the_sites() -> None:
    told = [f["properties"]["ref"] for f in features("crossings")]
    assert len(set(told)) == 1392
    assert all(ref.startswith("crossing:") for ref in told)


def test_an_unknown_layer_is_refused_and_an_unknown_language_is_english() -> None:
    with pytest.raises(KeyError):
        layer("secrets")
    assert layer("countries", "de") is layer("countries", "en")


def _positions(feature: dict[str, Any]) -> list[list[float]]:
    def flat(value: list[Any]) -> list[list[float]]:
        return [value] if not isinstance(value[0], list) else [at for part in value for at in flat(part)]

    return flat(feature["geometry"]["coordinates"])
