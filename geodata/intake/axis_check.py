"""Axis check: whether latitude and longitude of a layer are exchanged, judged by the land its points lie on."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from geodata.ground.reference import LOCALES, Floats, country_at, country_facts, country_names

SAMPLE = 400
"""So many points, spread evenly over the layer, answer for all: a country is looked up for each, twice."""

_ALIASES = {
    "usa": "USA",
    "unitedstates": "USA",
    "us": "USA",
    "uk": "GBR",
    "greatbritain": "GBR",
    "turkiye": "TUR",
    "syrianarabrepublic": "SYR",
    "iranislamicrepublicof": "IRN",
    "republicofmoldova": "MDA",
    "russianfederation": "RUS",
    "unitedrepublicoftanzania": "TZA",
    "boliviaplurinationalstateof": "BOL",
    "venezuelabolivarianrepublicof": "VEN",
    "czechrepublic": "CZE",
    "northmacedonia": "MKD",
    "capeverde": "CPV",
    "stateofpalestine": "PSE",
}


@dataclass(frozen=True, slots=True)
class Fit:
    """The result of an axis check of `points`: the share on the expected land as written, and with the axes exchanged.

    The expected land is the country that the row names (`named`), or any country where rows name none.
    """

    points: int
    written: float
    exchanged: float
    named: bool

    @property
    def suspicious(self) -> bool:
        """Whether far more points lie right when exchanged. Few points without a country say nothing."""
        enough = self.points >= (1 if self.named else 5)
        return enough and self.exchanged >= 0.5 and self.exchanged - self.written >= 0.3


def fit(lon: Floats, lat: Floats, countries: Sequence[str]) -> Fit:
    """How well points lie on land, as written and exchanged. `countries` are ISO codes or names, "" where unknown.

    Numbers may be off the Earth; such a point lies on no land.

    >>> fit(np.array([16.97]), np.array([7.99]), ["Niger"])
    Fit(points=1, written=0.0, exchanged=1.0, named=True)
    """
    expected = [iso3(name) for name in countries]
    rows = [row for row, code in enumerate(expected) if code] or list(range(len(lon)))
    named = any(expected)
    chosen = [rows[place] for place in np.linspace(0, len(rows) - 1, min(SAMPLE, len(rows))).astype(int)]
    if not chosen:
        return Fit(0, 0.0, 0.0, named=False)
    written = sum(_right(lon[row], lat[row], expected[row]) for row in chosen)
    exchanged = sum(_right(lat[row], lon[row], expected[row]) for row in chosen)
    return Fit(len(chosen), written / len(chosen), exchanged / len(chosen), named)


@lru_cache(maxsize=10_000)
def iso3(name: str) -> str:
    """The code of a country by ISO code or by its name in any language; "" where it is not known.

    >>> iso3("Niger"), iso3("NER"), iso3("ne"), iso3("النيجر"), iso3("Atlantis")
    ('NER', 'NER', 'NER', 'NER', '')
    """
    return _codes().get(_key(name), "")


def _right(lon: float, lat: float, expected: str) -> bool:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return False
    found = country_at(float(lon), float(lat))
    return found == expected if expected else found is not None


@cache
def _codes() -> dict[str, str]:
    found = dict(_ALIASES)
    facts = country_facts()
    for locale in LOCALES:
        for code, name in country_names(locale).items():
            found.setdefault(_key(name), code)
    for code, iso2 in zip(map(str, facts.index), map(str, facts["iso2"]), strict=True):
        found[_key(code)] = code
        if iso2.isalpha():
            found.setdefault(_key(iso2), code)
    found.pop("", None)
    return found


def _key(name: str) -> str:
    """Without case, accents, spaces and marks."""
    parts = unicodedata.normalize("NFKD", name.strip()[:100]).casefold()
    return "".join(c for c in parts if c.isalnum())
