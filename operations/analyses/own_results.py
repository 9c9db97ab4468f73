"""The operation's own results as a frame of events, in the format of an imported layer."""

import geopandas as gpd
import pandas as pd

from geodata.events.points import Note, UnfitEvents
from geodata.ground.crs import WGS84
from operations.core.vocabulary import LineKind
from operations.policing.reports.own_results import OwnResults

NAMES = {
    LineKind.HIT: "Own results: raw hits",
    LineKind.MIGRANT_DETECTION: "Own results: persons detected",
    LineKind.ARREST: "Own results: persons arrested",
}
"""The name of each kind, as a source of an answer."""

SUBMITTED = Note(
    "These are results as they were submitted, not all of them verified. Each lies at the site that reported it, not "
    "where it happened: a pattern of sites is also a pattern of where somebody stood."
)
_REPEATED = "repeat"


def events_of(found: OwnResults) -> gpd.GeoDataFrame:
    """Return one event for each line, with the columns of layers. Raises `UnfitEvents` where no result may be used."""
    if not found.rows and found.withheld:
        raise UnfitEvents(
            "The operation's own results of this kind are too few at every site to be shown. Ask again when there are "
            "more, or ask about raw hits."
        )
    if not found.rows:
        raise UnfitEvents("The operation has no results of this kind yet. Ask again when reports have come in.")
    if len({row.site for row in found.rows}) == 1:
        raise UnfitEvents(
            "Only one site has results of this kind that may be shown, and one place has no pattern. Ask again when "
            "more sites have reported."
        )
    rows = pd.DataFrame(found.rows)
    frame = pd.DataFrame(
        {
            "lon": rows["lon"],
            "lat": rows["lat"],
            "day": pd.to_datetime(rows["day"]),
            "quantity": rows["quantity"].astype(float),
            "kind": found.kind.value,
            "country": rows["country"],
        }
    )
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs=WGS84)


def notes_on(found: OwnResults) -> tuple[Note, ...]:
    """Return the notes that a reader of an answer made from own results needs."""
    notes = [SUBMITTED]
    if found.as_of is not None:
        notes.append(
            Note("Persons are told as they were released on {moment}.", {"moment": f"{found.as_of:%Y-%m-%d %H:%M} UTC"})
        )
    if found.withheld:
        notes.append(
            Note(
                "{count} sites were left out, because their numbers of persons are small or would give small ones "
                "away.",
                {"count": found.withheld},
            )
        )
    return tuple(notes)


def fitting(note: Note) -> bool:
    """Return whether a note about points applies to own results: many events at one site and day are no flaw there."""
    return _REPEATED not in note.template


def source_of_own(found: OwnResults, operation: str) -> dict[str, str]:
    """Return the attribution of own results, to be shown with everything derived from them."""
    days = sorted(row.day for row in found.rows)
    return {
        "name": NAMES[found.kind],
        "source": operation,
        "licence": "",
        "accuracy": "",
        "first": days[0].isoformat(),
        "last": days[-1].isoformat(),
    }
