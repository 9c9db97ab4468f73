"""How hits were answered, by database, by the country that issued the record, and by hour: the parts of K06 and K07."""

from collections.abc import Mapping
from datetime import datetime
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from operations.catalogue.kpis import Kpi
from operations.core import history
from operations.core.store import unfenced
from operations.core.vocabulary import Confirmation, LineKind, PhaseKind
from operations.disclosure.suppression import guarded
from operations.figures import report_versions
from operations.figures.durations import FigureRequest

_SAID: Mapping[str, str] = {"database": "CL-DB", "confirming_country": "CL-COUNTRY"}
HOUR = "hour"
SIDES: Mapping[str, str] = {**_SAID, HOUR: ""}
"""By what answers are told apart, with the list of its codes; the hour at which the hit was made has none."""
QUARTER = 6
"""So many hours of the operation's day stand together: a desk that sleeps answers later."""


class Answers(NamedTuple):
    """Of one code: how many hits were answered, how many of them confirmed, and the median of the hours until then."""

    code: str
    answered: int
    confirmed: int
    hours: float


def answers(asked: FigureRequest) -> dict[str, list[Answers]]:
    """By each side, most answers first, and the hours in their order; training is left out as it is of hits.

    To readers who see hits through disclosure control nothing is told: no more than the sides of any figure are.
    """
    with history.looking(asked.session, asked.frame.at):
        if guarded(Kpi.RAW_HITS, asked.frame, asked.reader):
            return {}
        with unfenced(asked.session):
            wanted = ("raw_at", "confirmed_at", *_SAID)
            hits = report_versions.lines(asked.session, asked.frame, LineKind.HIT, asked.counting, *wanted)
    zone = ZoneInfo(asked.frame.zone)
    found: dict[str, dict[str, list[tuple[bool, float]]]] = {side: {} for side in SIDES}
    for hit in hits:
        if hit.phase_kind == PhaseKind.TRAINING or hit.status not in (Confirmation.CONFIRMED, Confirmation.REFUTED):
            continue
        raw, answered, *codes = (str(each) for each in hit.told)
        begun = datetime.fromisoformat(raw)
        hours = (datetime.fromisoformat(answered) - begun).total_seconds() / 3600
        for side, code in zip(SIDES, [*codes, _quarter(begun.astimezone(zone).hour)], strict=True):
            found[side].setdefault(code, []).append((hit.status == Confirmation.CONFIRMED, hours))
    told = {side: _sorted(of) for side, of in found.items() if of}
    return told | {side: sorted(of) for side, of in told.items() if side == HOUR}


def _quarter(hour: int) -> str:
    begins = hour - hour % QUARTER
    return f"{begins:02}:00–{begins + QUARTER - 1:02}:59"


def _sorted(of: Mapping[str, list[tuple[bool, float]]]) -> list[Answers]:
    made = [
        Answers(code, len(each), sum(yes for yes, _hours in each), median(hours for _yes, hours in each))
        for code, each in of.items()
    ]
    return sorted(made, key=lambda each: (-each.answered, each.code))
