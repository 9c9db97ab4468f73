"""What somebody types finds what he means, at once."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from geodata.ground import place_index
from geodata.ground.gazetteer import INDEX, PackedTexts, _index, fold, search, warm
from geodata.ground.reference import LOCALES
from tests.cpu_time import least


@pytest.mark.parametrize(
    ("text", "kind", "name", "iso3"),
    [
        ("agadez", "place", "Agadez", "NER"),
        ("AGADEZ", "place", "Agadez", "NER"),
        ("n'djaména", "place", "N'Djamena", "TCD"),
        ("bialystok", "place", "Białystok", "POL"),
        ("el paso", "place", "El Paso", "USA"),
        ("niger", "country", "Niger", "NER"),
        ("النيجر", "country", "Niger", "NER"),
        ("allemagne", "country", "Germany", "DEU"),
        ("cote d'ivoire", "country", "Côte d'Ivoire", "CIV"),
        ("ivory coast", "country", "Côte d'Ivoire", "CIV"),
        ("DRRN", "airport", "Diori Hamani International Airport", "NER"),
        ("nim", "airport", "Diori Hamani International Airport", "NER"),
        ("paris, france", "place", "Paris", "FRA"),
        ("paris, us", "place", "Paris", "USA"),
        ("san juan costa", "port", "San Juan De La Costa", "MEX"),
    ],
)
def test_the_first_answer_is_what_was_meant(text: str, kind: str, name: str, iso3: str) -> None:
    first = search(text)[0]
    assert (first.kind, first.name, first.iso3) == (kind, name, iso3)


def test_an_answer_names_its_country_in_the_language_of_the_reader() -> None:
    assert {locale: search("agadez", locale=locale)[0].country for locale in LOCALES} == {
        "en": "Niger",
        "ar": "النيجر",
        "es": "Níger",
        "fr": "Niger",
    }
    assert search("germany", locale="fr")[0].name == "Allemagne"


def test_a_crossing_is_found_by_the_town_and_for_either_country() -> None:
    for iso3 in ("AFG", "IRN"):
        found = [f for f in search("zaranj", countries=[iso3]) if f.kind == "crossing"]
        assert found
        assert found[0].ref.startswith("crossing:AFG-IRN-")


def test_countries_keep_the_answers_to_themselves() -> None:
    found = search("san", limit=20, countries=["MEX"])
    assert len(found) == 20
    assert {f.iso3 for f in found if f.kind != "crossing"} == {"MEX"}
    assert search("san", countries=[]) == []


@pytest.mark.parametrize("text", ["16.97333, 7.99111", "16°58′24″N 7°59′28″E", "32Q LD 92590 76880"])
def test_a_typed_coordinate_is_its_own_answer(text: str) -> None:
    [found] = search(text)
    assert (found.kind, found.iso3, found.ref) == ("coordinate", "NER", "")
    assert (found.lat, found.lon) == (pytest.approx(16.97333, abs=1e-4), pytest.approx(7.99111, abs=1e-4))


def test_a_coordinate_at_sea_has_no_country() -> None:
    assert search("0, 0")[0].country == ""


@pytest.mark.parametrize("text", ["", "   ", ",", "'", "qqqqzzzz", "niger\0", "\uffff"])
def test_nothing_is_found_for_nothing(text: str) -> None:
    assert search(text) == []


def test_no_place_comes_twice_and_the_limit_holds() -> None:
    found = search("santa", limit=50)
    assert len({f.ref for f in found}) == 50


def test_packed_texts_are_the_texts() -> None:
    texts = ["", "Agadez", "النيجر", "", "Łódź", "el paso"]
    packed = PackedTexts.of(texts)
    assert (len(packed), list(packed), packed[1:3], packed[5]) == (6, texts, texts[1:3], "el paso")


def test_folding_is_the_same_twice() -> None:
    for text in ("N’Djaména – Łódź", "ØRE  straße", "الدار البيضاء", "İstanbul"):
        assert fold(fold(text)) == fold(text)
    assert fold("İstanbul") == "istanbul"


def test_the_bundled_index_is_what_the_other_bundled_files_say(tmp_path: Path) -> None:
    """Whoever changes one of them runs `python -m geodata.ground.place_index`."""
    place_index.built().write(tmp_path / INDEX.name)
    with np.load(tmp_path / INDEX.name) as made, np.load(INDEX) as bundled:
        assert {name for name in bundled if not np.array_equal(made[name], bundled[name])} == set()
        assert {*made} == {*bundled}


def test_the_first_answer_reads_the_index_and_does_not_make_it() -> None:
    """Making it took four seconds of a request, thirty on a busy machine."""
    _index.cache_clear()
    assert least(partial(search, "agadez"), within=1.0, times=1) < 1.0


def test_an_answer_takes_less_than_30_ms() -> None:
    warm()
    texts = ["a", "s", "san", "agadez", "agadez, niger", "port said", "san juan costa", "16.97 7.99", "al mawsil"]
    for text in texts:
        for countries in (None, ["NER", "DZA"]):
            assert least(partial(search, text, countries=countries), within=0.03, times=10) < 0.03, text
