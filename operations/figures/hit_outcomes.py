"""Hit outcomes: answers to hits by database, issuing country and hour of the day: the parts of K06 and K07."""

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
"""The sides of answers, each with its code list; the hour at which the hit was made has none."""
QUARTER = 6
"""Hours of the operation's day in one group: a desk that sleeps answers later."""


class Answers(NamedTuple):
    """One code: how many hits were answered and confirmed, and the median hours until the answer."""

    code: str
    answered: int
    confirmed: int
    hours: float


def answers(asked: FigureRequest) -> dict[str, list[Answers]]:
    """Return the answers by side, most answers first, hours in their order; hits in training are left out.

    Empty for readers who see hits through disclosure control, as for the sides of any figure.
    """
    with history.as_of(asked.session, asked.frame.at):
        if guarded(Kpi.RAW_HITS, asked.frame, asked.reader):
            return {}
        with unfenced(asked.session):
            wanted = ("raw_at", "confirmed_at", *_SAID)
            hits = report_versions.lines(asked.session, asked.frame, LineKind.HIT, asked.counting, *wanted)
    zone = ZoneInfo(asked.frame.zone)
    outcomes: dict[str, dict[str, list[tuple[bool, float]]]] = {side: {} for side in SIDES}
    for hit in hits:
        if hit.phase_kind == PhaseKind.TRAINING or hit.status not in (Confirmation.CONFIRMED, Confirmation.REFUTED):
            continue
        raw, answered, *codes = (str(each) for each in hit.told)
        begun = datetime.fromisoformat(raw)
        hours = (datetime.fromisoformat(answered) - begun).total_seconds() / 3600
        for side, code in zip(SIDES, [*codes, _quarter(begun.astimezone(zone).hour)], strict=True):
            outcomes[side].setdefault(code, []).append((hit.status == Confirmation.CONFIRMED, hours))
    told = {side: _sorted(of) for side, of in outcomes.items() if of}
    return told | {side: sorted(of) for side, of in told.items() if side == HOUR}


def _quarter(hour: int) -> str:
    begins = hour - hour % QUARTER
    return f"{begins:02}:00–{begins + QUARTER - 1:02}:59"


def _sorted(of: Mapping[str, list[tuple[bool, float]]]) -> list[Answers]:
    made = [
        Answers(code, len(outcomes), sum(yes for yes, _hours in outcomes), median(hours for _yes, hours in outcomes))
        for code, outcomes in of.items()
    ]
    return sorted(made, key=lambda row: (-row.answered, row.code))
