"""Invented events along real roads, for demo and training: three years of incidents that cluster at some places.

No event ever happened, and every layer made of them says so in its source. Positions lie on the bundled roads between
the stops of a journey, so that hotspots, forecasts and placements have something to find.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import numpy as np
import shapely

from geodata.intake import events, files, mapping
from geodata.intake.provenance import Provenance
from geodata.ways.routes import route
from geodata.ways.travel import Travel
from operations.analyses.events import packed
from operations.policing.layers.imports import PackedEvents

Position = tuple[float, float]

SOURCE = "Invented for demonstration: no event of this layer ever happened"
LICENCE = "Apache-2.0, as Muster"
ACCURACY_M = 2000
DAYS = 1096
_BY_ROAD = Travel(modes=frozenset({"road"}))
_KINDS = ("on the road", "in a vehicle", "at a lodging place")


def incidents(
    chance: Random, stops: Sequence[Position], thick: Sequence[Position], until: date, count: int
) -> PackedEvents:
    """Return `count` events on the roads between `stops` in the three years before `until`, half of them near `thick`.

    Positions are longitude and latitude (WGS 84). The last place of `thick` grows from year to year and the first
    fades, so that there is a trend to find. Raises NoAnswer where no road joins two stops.
    """
    ways = [route(a, b, _BY_ROAD).geometry for a, b in pairwise(stops)]
    along = np.concatenate([shapely.get_coordinates(way) for way in ways])
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["longitude", "latitude", "date", "persons", "kind"])
    for _ in range(count):
        aged = chance.random()
        if chance.random() < 0.5:
            # The index into `thick`: early days choose the first places, late days the last.
            row = min(int(len(thick) * chance.betavariate(1 + 3 * aged, 4 - 3 * aged)), len(thick) - 1)
            lon, lat = thick[row][0] + chance.gauss(0, 0.12), thick[row][1] + chance.gauss(0, 0.12)
        else:
            lon, lat = (float(value) + chance.gauss(0, 0.03) for value in along[chance.randrange(len(along))])
        day = until - timedelta(days=1 + int((1 - aged) * (DAYS - 2)))
        persons = 1 + int(11 * chance.random() ** 3)
        writer.writerow([f"{lon:.3f}", f"{lat:.3f}", day.isoformat(), persons, chance.choice(_KINDS)])
    read = files.read(table.getvalue().encode(), "incidents.csv")
    source = Provenance(SOURCE, LICENCE, "three years", f"{ACCURACY_M} m", until)
    return packed(events.accept(read, mapping.proposed(read), source, today=until))
