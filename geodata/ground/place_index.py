"""The making of the index of `gazetteer`: every name of the bundled data, folded and sorted.

    python -m geodata.ground.place_index

It writes `gazetteer.INDEX`, which is bundled: a search reads that in a tenth of a second, where making it takes four.
"""

import re

import numpy as np
import pandas as pd

from geodata.ground import reference
from geodata.ground.gazetteer import INDEX, FoundKind, PackedTexts, PlaceIndex, fold
from geodata.ground.sites import sites

_KINDS: tuple[FoundKind, ...] = ("country", "airport", "port", "crossing", "place")


def built() -> PlaceIndex:
    """Return the index of all places that can be found. It takes about four seconds."""
    places, aliases = _named_places()
    names = places["name"].tolist()
    codes, countries = pd.factorize(pd.concat([places["iso3"], places["iso3_other"]]))
    keys: list[tuple[str, int, bool]] = []
    for name, row in [*((fold(name), row) for row, name in enumerate(names)), *aliases]:
        keys.append((name, row, True))
        keys += [(name[space.end() :], row, False) for space in re.finditer(" ", name)]
    keys.sort()
    return PlaceIndex(
        keys=PackedTexts.of(key for key, _, _ in keys),
        row=np.array([row for _, row, _ in keys], dtype=np.int32),
        begins=np.array([begins for _, _, begins in keys], dtype=bool),
        kind=np.array([_KINDS.index(kind) for kind in places["kind"]], dtype=np.int8),
        kinds=_KINDS,
        country=codes.reshape(2, -1).astype(np.int16),
        codes=tuple(countries.tolist()),
        ref=PackedTexts.of(places["ref"].tolist()),
        name=PackedTexts.of(names),
        at=places[["lat", "lon"]].to_numpy(dtype=float).T.copy(),
        importance=places["importance"].to_numpy(dtype=np.float32),
        names={locale: reference.country_names(locale) for locale in reference.LOCALES},
        country_words=_country_words(),
    )


def _country_words() -> tuple[tuple[str, str], ...]:
    names = [(name, iso3) for locale in reference.LOCALES for iso3, name in reference.country_names(locale).items()]
    names += reference.further_country_names()
    iso2 = reference.country_facts().reset_index()[["iso2", "iso3"]].to_numpy().tolist()
    codes = [(code, iso3) for two, iso3 in iso2 for code in (two, iso3) if code]
    return tuple(sorted({(fold(name), iso3) for name, iso3 in names + codes}))


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
        *((list(reference.country_names(locale).values()), 0) for locale in reference.LOCALES[1:]),
        (facts["iso3"], 0),
        *((airports[column], len(facts)) for column in ("ident", "iata", "municipality")),
        (ports["unlocode"], len(facts) + len(airports)),
    ]
    known = [(fold(name), first + row) for names, first in further for row, name in enumerate(names) if name]
    return places, known + also


if __name__ == "__main__":
    built().write(INDEX)
