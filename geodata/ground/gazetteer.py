"""Gazetteer: search for towns, countries, airports, seaports, crossings and coordinates by typed text.

Accents, case and punctuation do not matter. Names of countries are known in every language, those of towns as
GeoNames writes them; airports are also found by IATA and ICAO code, ports by UN/LOCODE.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, reduce
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.ground import formats, reference
from geodata.ground.reference import LOCALES
from geodata.ground.sites import sites

Rows = NDArray[np.int32]
Scores = NDArray[np.float32]
FoundKind = Literal["country", "place", "airport", "port", "crossing", "coordinate"]

_MOST_WORDS = 16  # of a name; each more of a text costs a look at all names
_BEGINS, _WHOLE = 0.3, 0.6
"""What a name gains that begins with, or is, the text; importance lies between 0 and 1."""

_ZOOM = {"country": 5, "place": 10, "airport": 12, "port": 12, "crossing": 11}

_MARKS = '-–—/.,;:()&_"'
_PLAIN = str.maketrans("łøđðıħىة" + _MARKS, "loddihيه" + " " * len(_MARKS), "'’‘ʻʼʽʿʾ`´ـ") | str.maketrans(
    {"þ": "th", "ß": "ss", "æ": "ae", "œ": "oe"}
)


@dataclass(frozen=True, slots=True)
class GazetteerHit:
    """One search result: degrees on WGS 84, a zoom at which the place fills a screen, the country in the language.

    `ref` is that of `sites.site` for airports, ports and crossings, "place:<GeoNames id>" or "country:<iso3>" else,
    and empty for a typed coordinate. `iso3` and `country` are empty at sea.
    """

    kind: FoundKind
    ref: str
    name: str
    iso3: str
    country: str
    lat: float
    lon: float
    zoom: int


def search(
    text: str, limit: int = 10, countries: Iterable[str] | None = None, locale: str = "en"
) -> list[GazetteerHit]:
    """At most `limit` places that `text` may mean, the likeliest first.

    A name is found when its words, from any one on, begin with the text, or when each word of the text begins one of
    its words. Behind a comma, a country narrows the answer ("Agadez, Niger"). `countries` (iso3) keeps places of
    those. A coordinate in any writing of `formats.parse` is the one answer to itself.

    >>> [(found.name, found.country) for found in search("agadez", limit=1, locale="ar")]
    [('Agadez', 'النيجر')]
    >>> search("DRRN")[0].name, search("alemania", locale="es")[0].name
    ('Diori Hamani International Airport', 'Alemania')
    >>> search("16°58'24\\"N 7°59'28\\"E")[0].iso3
    'NER'
    """
    if (typed := _coordinate(text, locale)) is not None:
        return [typed]
    index = _index()
    wanted = None if countries is None else set(countries)
    name, _, behind = text.partition(",")
    if fold(behind) and (named := _countries_named(fold(behind))):
        wanted = named if wanted is None else wanted & named
    else:
        name = text
    rows, score = index.matches(fold(name))
    if wanted is not None:
        keep = index.within(rows, wanted)
        rows, score = rows[keep], score[keep]
    return [index.found(row, locale) for row in _best(rows, score, limit)]


def warm() -> None:
    """Build the index now (about two seconds, once), so that the first search does not wait for it."""
    _index()
    _country_words()
    reference.country_at(0.0, 0.0)


def fold(text: str) -> str:
    """`text` without case, accents and punctuation, words parted by one space.

    >>> fold("  N’Djaména – Łódź "), fold("Al-Mawşil")
    ('ndjamena lodz', 'al mawsil')
    """
    folded = text.casefold()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return " ".join(folded.translate(_PLAIN).split())


def _coordinate(text: str, locale: str) -> GazetteerHit | None:
    if not re.search(r"\d", text):
        return None
    try:
        position = formats.parse(text)
    except formats.CoordinateError:
        return None
    iso3 = reference.country_at(position.lon, position.lat) or ""
    country = reference.country_names(locale).get(iso3, "")
    return GazetteerHit("coordinate", "", formats.write(position), iso3, country, position.lat, position.lon, 12)


def _countries_named(folded: str) -> set[str]:
    """Countries that have `folded` as their code, or whose name in any language begins with it."""
    return {iso3 for name, iso3 in _country_words() if name.startswith(folded)}


@cache
def _country_words() -> tuple[tuple[str, str], ...]:
    names = [(name, iso3) for locale in LOCALES for iso3, name in reference.country_names(locale).items()]
    names += reference.further_country_names()
    iso2 = reference.country_facts().reset_index()[["iso2", "iso3"]].to_numpy().tolist()
    codes = [(code, iso3) for two, iso3 in iso2 for code in (two, iso3) if code]
    return tuple(sorted({(fold(name), iso3) for name, iso3 in names + codes}))


def _best(rows: Rows, score: Scores, limit: int) -> list[int]:
    """The rows of the `limit` highest scores, each once."""
    if len(rows) > 20 * limit:
        top = np.argpartition(-score, 20 * limit)[: 20 * limit]
        rows, score = rows[top], score[top]
    ordered = rows[np.lexsort((rows, -score))].tolist()
    return list(dict.fromkeys(ordered))[:limit]


@cache
def _index() -> "_Index":
    return _Index(*_named_places())


class _Index:
    """All names, folded, from each of their words on, in one sorted list: a prefix is a slice of it."""

    def __init__(self, places: pd.DataFrame, aliases: list[tuple[str, int]]) -> None:
        self.columns = {c: places[c].tolist() for c in ("kind", "ref", "name", "iso3", "lat", "lon")}
        self.importance = places["importance"].to_numpy(dtype=np.float32)
        codes, self.countries = pd.factorize(pd.concat([places["iso3"], places["iso3_other"]]))
        self.sides = codes.reshape(2, -1)
        keys: list[tuple[str, int, bool]] = []
        for name, row in [*((fold(name), row) for row, name in enumerate(self.columns["name"])), *aliases]:
            keys.append((name, row, True))
            keys += [(name[space.end() :], row, False) for space in re.finditer(" ", name)]
        keys.sort()
        self.keys = [key for key, _, _ in keys]
        self.row = np.array([row for _, row, _ in keys], dtype=np.int32)
        self.begins = np.array([begins for _, _, begins in keys], dtype=bool)

    def matches(self, folded: str) -> tuple[Rows, Scores]:
        """Rows (with repetitions) that `folded` finds, and their scores."""
        if not folded:
            return self.row[:0], self.importance[:0]
        part = self._part(folded)
        rows, gain = self.row[part], np.where(self.begins[part], np.float32(_BEGINS), np.float32(0))
        whole = bisect_left(self.keys, folded + "\0", part.start, part.stop) - part.start
        gain[:whole] *= np.float32(_WHOLE / _BEGINS)
        score = self.importance[rows] + gain
        words = folded.split()
        if 1 < len(words) <= _MOST_WORDS:
            loose = reduce(np.intersect1d, [self.row[self._part(word)] for word in words])
            rows, score = np.concatenate([rows, loose]), np.concatenate([score, self.importance[loose]])
        return rows, score

    def within(self, rows: Rows, countries: set[str]) -> NDArray[np.bool_]:
        """True for each row that lies in one of `countries`; a crossing lies in two."""
        wanted = np.isin(self.countries.to_numpy(dtype=object), list(countries))
        lies: NDArray[np.bool_] = wanted[self.sides[:, rows]].any(axis=0)
        return lies

    def found(self, row: int, locale: str) -> GazetteerHit:
        kind, ref, name, iso3, lat, lon = (column[row] for column in self.columns.values())
        country = reference.country_names(locale)[iso3]
        return GazetteerHit(kind, ref, country if kind == "country" else name, iso3, country, lat, lon, _ZOOM[kind])

    def _part(self, prefix: str) -> slice:
        return slice(bisect_left(self.keys, prefix), bisect_left(self.keys, prefix + "\uffff"))


def _named_places() -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    """Everything that can be found, one row each, and the further names (folded) of the rows."""
    towns, facts = reference.towns(), reference.country_facts().reset_index()
    airports, ports, crossings = reference.airports(), reference.ports(), sites("crossing")
    size = np.where(airports["type"] == "large", 0.55, 0.4)
    frames = [
        facts.assign(kind="country", ref="country:" + facts["iso3"], name=facts["name_en"]).assign(
            lat=facts["label_lat"], lon=facts["label_lon"], importance=0.15 + np.log10(facts["pop_est"] + 10) / 9
        ),
        airports.assign(kind="airport", ref="airport:" + airports["ident"]).assign(
            importance=np.where(airports["scheduled_service"], size, size - 0.15)
        ),
        ports.assign(kind="port", ref="port:" + ports["wpi_number"], importance=0.35),
        crossings.assign(kind="crossing", importance=0.3),
        towns.assign(kind="place", ref="place:" + towns["geonameid"].astype(str)).assign(
            importance=np.log10(towns["population"] + 10) / 8
        ),
    ]
    columns = ["kind", "ref", "name", "iso3", "iso3_other", "lat", "lon", "importance"]
    places = pd.concat([pd.DataFrame(frame).reindex(columns=columns) for frame in frames], ignore_index=True)
    places["iso3_other"] = places["iso3_other"].fillna("")
    row_of = {iso3: row for row, iso3 in enumerate(facts["iso3"])}
    also = [(fold(name), row_of[iso3]) for name, iso3 in reference.further_country_names()]
    further = [
        *((list(reference.country_names(locale).values()), 0) for locale in LOCALES[1:]),
        (facts["iso3"], 0),
        *((airports[column], len(facts)) for column in ("ident", "iata", "municipality")),
        (ports["unlocode"], len(facts) + len(airports)),
    ]
    known = [(fold(name), first + row) for names, first in further for row, name in enumerate(names) if name]
    return places, known + also
