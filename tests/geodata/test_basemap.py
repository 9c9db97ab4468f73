"""What a browser gets as its map: small, complete, the same each time."""

import gzip
import json
from typing import Any

import pytest

from geodata.ground import reference
from geodata.ground.map_layers import LAYERS, layer


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


def test_the_names_of_countries_are_a_few_kb() -> None:
    assert len(layer("countries").packed) < 20_000


def test_a_layer_is_built_once_and_its_tag_follows_its_content() -> None:
    assert layer("ports") is layer("ports", "ar")
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


def test_sites_on_the_map_carry_the_references_of_the_sites() -> None:
    told = [f["properties"]["ref"] for f in features("crossings")]
    assert len(set(told)) == 1392
    assert all(ref.startswith("crossing:") for ref in told)


def test_an_unknown_layer_is_refused_and_an_unknown_language_is_english() -> None:
    with pytest.raises(KeyError):
        layer("secrets")
    assert layer("countries", "de") is layer("countries", "en")
