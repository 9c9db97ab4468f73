"""Gazetteer: search for towns, countries, airports, seaports, crossings and coordinates by typed text.

Accents, case and punctuation do not matter. Names of countries are known in every language, those of towns as
GeoNames writes them; airports are also found by IATA and ICAO code, ports by UN/LOCODE.
"""

import json
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal, Self, overload

import numpy as np
from numpy.typing import NDArray

from geodata.ground import formats

Rows = NDArray[np.int32]
Scores = NDArray[np.float32]
FoundKind = Literal["country", "place", "airport", "port", "crossing", "coordinate"]

INDEX = Path(__file__).parents[1] / "data" / "place_index.npz"
"""The bundled index of all names, which `place_index` makes of the other bundled files."""

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
    """Read the index now (a tenth of a second, once), so that the first search does not wait for it."""
    _index()


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
    from geodata.ground import reference  # shapes of countries: a search by name needs none

    iso3 = reference.country_at(position.lon, position.lat) or ""
    country = reference.country_names(locale).get(iso3, "")
    return GazetteerHit("coordinate", "", formats.write(position), iso3, country, position.lat, position.lon, 12)


def _countries_named(folded: str) -> set[str]:
    """Countries that have `folded` as their code, or whose name in any language begins with it."""
    return {iso3 for name, iso3 in _index().country_words if name.startswith(folded)}


def _best(rows: Rows, score: Scores, limit: int) -> list[int]:
    """The rows of the `limit` highest scores, each once."""
    if len(rows) > 20 * limit:
        top = np.argpartition(-score, 20 * limit)[: 20 * limit]
        rows, score = rows[top], score[top]
    ordered = rows[np.lexsort((rows, -score))].tolist()
    return list(dict.fromkeys(ordered))[:limit]


@cache
def _index() -> "PlaceIndex":
    return PlaceIndex.read(INDEX)


class PackedTexts(Sequence[str]):
    """Texts in one piece of memory, which as separate strings take six times as much."""

    def __init__(self, packed: bytes, begins: Rows) -> None:
        """`packed`: the texts in UTF-8, one behind the other. `begins`: where each begins, and where the last ends."""
        self.packed, self.begins = packed, begins

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Pack some texts."""
        packed = [text.encode() for text in texts]
        return cls(b"".join(packed), np.fromiter(accumulate(map(len, packed), initial=0), dtype=np.int32))

    def __len__(self) -> int:
        return len(self.begins) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        return self.packed[self.begins[at] : self.begins[at + 1]].decode()


@dataclass(frozen=True, slots=True)
class PlaceIndex:
    """All names, folded, from each of their words on, in one sorted list: a prefix is a slice of it.

    `keys`, and beside each its `row` and whether the name `begins` there. Of each row `kind` and `country` as numbers
    of `kinds` and `codes` (a crossing lies in two countries; -1: in none), and what else a hit tells. `names` of
    countries by language and `iso3`; `country_words`: what a text behind a comma may mean.
    """

    keys: PackedTexts
    row: Rows
    begins: NDArray[np.bool_]
    kind: NDArray[np.int8]
    kinds: tuple[FoundKind, ...]
    country: NDArray[np.int16]
    codes: tuple[str, ...]
    ref: PackedTexts
    name: PackedTexts
    at: NDArray[np.float64]
    importance: Scores
    names: Mapping[str, Mapping[str, str]]
    country_words: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read what `write` wrote."""
        with np.load(file, allow_pickle=False) as kept:
            words = json.loads(kept["words"].tobytes())
            fields: dict[str, Any] = {of: kept[of] for of in _ARRAYS}
            fields |= {of: PackedTexts(kept[of].tobytes(), kept[f"{of}_begins"]) for of in _PACKED}
        return cls(
            **fields,
            kinds=tuple(words["kinds"]),
            codes=tuple(words["codes"]),
            names=words["names"],
            country_words=tuple((name, iso3) for name, iso3 in words["country_words"]),
        )

    def write(self, file: Path) -> None:
        """Write it as arrays of numpy and one piece of JSON: the same bytes for the same index."""
        words = json.dumps({of: getattr(self, of) for of in _WORDS}, ensure_ascii=False)
        arrays = {of: getattr(self, of) for of in _ARRAYS} | {"words": _octets(words.encode())}
        for of in _PACKED:
            texts: PackedTexts = getattr(self, of)
            arrays |= {of: _octets(texts.packed), f"{of}_begins": texts.begins}
        np.savez_compressed(file, **arrays)

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
        """True for each row that lies in one of `countries`."""
        wanted: NDArray[np.bool_] = np.array([code in countries for code in self.codes], dtype=bool)
        one, other = self.country[:, rows]
        either: NDArray[np.bool_] = wanted[one] | wanted[other]
        return either

    def found(self, row: int, locale: str) -> GazetteerHit:
        """Return a row as a hit."""
        kind, iso3 = self.kinds[self.kind[row]], self.codes[self.country[0, row]]
        country = self.names.get(locale, self.names["en"])[iso3]
        lat, lon = (float(each) for each in self.at[:, row])
        name = country if kind == "country" else self.name[row]
        return GazetteerHit(kind, self.ref[row], name, iso3, country, lat, lon, _ZOOM[kind])

    def _part(self, prefix: str) -> slice:
        return slice(bisect_left(self.keys, prefix), bisect_left(self.keys, prefix + "\uffff"))


_PACKED = ("keys", "ref", "name")
_ARRAYS = ("row", "begins", "kind", "country", "at", "importance")
_WORDS = ("kinds", "codes", "names", "country_words")
"""The fields of `PlaceIndex`, by how its file keeps them."""


def _octets(packed: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(packed, dtype=np.uint8)
