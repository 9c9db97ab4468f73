"""Displacement test: whether events moved beside an operation's area, in three zones, before, during and after it.

The honest answer is often "cannot tell", and then the reason is part of it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.events.points import EventPoints, Note, UnfitEvents, Whole
from geodata.ground import plane
from geodata.ground.reference import Floats

TREATED, BUFFER, CONTROL, ELSEWHERE = 0, 1, 2, -1
ZONES = ("the treated zone", "the buffer", "the control")
DISPLACED, SPREAD, NO_SIGN, CANNOT_TELL = "displaced", "benefit spread", "no sign", "cannot tell"

LEAST_EVENTS = 10
"""In each zone over both windows together."""

LEAST_BLOCKS = 4
"""In each window: with fewer, the arrangements to compare with are too few for any answer."""

Window = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True)
class Displacement:
    """The result of a displacement test: the answer, its reason, and everything needed to repeat it.

    `answer` is "displaced", "benefit spread", "no sign" or "cannot tell"; `reason` is its sentence. `before` and
    `during` hold the events of the treated zone, the buffer and the control. `wdq` is the weighted displacement
    quotient (None where it is not defined), `fall` and `rise` the p-values of a fall in the treated zone and of a rise
    in the buffer, `gain` that of a fall in the buffer, all against the control.
    """

    answer: str
    reason: Note
    before: tuple[int, int, int]
    during: tuple[int, int, int]
    wdq: float | None
    fall: float | None
    rise: float | None
    gain: float | None
    window_before: Window
    window_during: Window
    block_days: int
    permutations: int
    seed: int
    level: float
    notes: tuple[Note, ...] = ()


def zones(
    points: EventPoints, treated: shapely.Geometry, buffer_km: float, control: shapely.Geometry | None = None
) -> Whole:
    """The zone of each point: 0 in `treated`, 1 up to `buffer_km` around it, 2 in `control`, -1 elsewhere.

    Polygons on WGS 84. Without a control, it is everything beyond the buffer. Distances are measured on an equal-area
    plane about the treated zone.
    """
    if treated.is_empty or not buffer_km > 0:
        raise UnfitEvents("The treated zone must be an area, and the buffer wider than 0 km.")
    corners = shapely.get_coordinates(treated)
    sheet = plane.around(*corners.T)
    flat = sheet.flatten(np.array([treated], dtype=object))[0]
    off = shapely.distance(shapely.points(*sheet.project(points.lon, points.lat)), flat)
    beyond = np.ones(len(points), np.bool_) if control is None else shapely.contains_xy(control, points.lon, points.lat)
    return np.select([off == 0, off <= buffer_km, beyond], [TREATED, BUFFER, CONTROL], ELSEWHERE).astype(np.int64)


def displacement(
    points: EventPoints,
    zone: Whole,
    before: Window,
    during: Window,
    block_days: int = 7,
    permutations: int = 9999,
    seed: int = 1,
    level: float = 0.05,
) -> Displacement:
    """Compare two windows in three zones (`zones`); for "after" give that window as `during`.

    1. Events are counted by zone and by blocks of `block_days` within each window. Whole blocks are exchanged, not
       events, because events of one week often belong together; days left over at the end of a window are not used.
    2. The change of a zone is its log ratio of events during to before against that of the control (each count + 0.5;
       windows of different length need no correction, since the control shares them).
    3. Blocks are dealt anew to the two windows `permutations` times from `seed`: how often is the change as large?
    4. No significant fall in the treated zone: cannot tell, nothing was pressed down. A significant rise in the buffer:
       displaced. A significant fall in it: benefit spread. Else it is asked whether the test could have seen it, had
       all that the treated zone lost gone to the buffer: if so, no sign; if not, cannot tell.

    The weighted displacement quotient is that of Bowers and Johnson (2003), J. Quant. Criminol. 19(3): below 0
    displacement, below -1 more than was gained, above 0 a benefit that spread; defined where the treated zone fell.
    A fall may also mean less detection: the sentence says events, never crime.
    """
    if zone.shape != points.day.shape:
        raise ValueError("Every point needs one zone.")
    if not (0 < level < 1 and block_days >= 1 and permutations >= 99):
        raise ValueError("The level lies between 0 and 1, blocks have at least one day, permutations are 99 or more.")
    if points.first is None:
        raise UnfitEvents("The layer has no dates, so before and after cannot be compared.")
    if before[0] > before[1] or during[0] > during[1] or before[1] >= during[0]:
        raise UnfitEvents("The first window must end before the second begins, and each begin before it ends.")
    early, late = (_blocks(points, zone, window, block_days) for window in (before, during))
    was, now = early.sum(axis=0), late.sum(axis=0)

    def answer(word: str, reason: Note, *p: float) -> Displacement:
        fall, rise, gain = p or (None, None, None)
        return Displacement(
            answer=word,
            reason=reason,
            before=(int(was[0]), int(was[1]), int(was[2])),
            during=(int(now[0]), int(now[1]), int(now[2])),
            wdq=_quotient(was, now),
            fall=fall,
            rise=rise,
            gain=gain,
            window_before=before,
            window_during=during,
            block_days=block_days,
            permutations=permutations,
            seed=seed,
            level=level,
            notes=points.notes,
        )

    hindrance = _hindrance(early, late)
    if hindrance is not None:
        return answer(CANNOT_TELL, hindrance)
    seen, dealt = _change(was, now), _dealt(np.concatenate([early, late]), len(early), permutations, seed)
    fall = _p(dealt[:, TREATED] <= seen[TREATED])
    rise, gain = _p(dealt[:, BUFFER] >= seen[BUFFER]), _p(dealt[:, BUFFER] <= seen[BUFFER])
    if fall > level:
        reason = Note(
            "Events in the treated zone did not fall by more than chance explains (p = {p:.3f}), so nothing can be "
            "seen to have been displaced.",
            {"p": fall},
        )
        return answer(CANNOT_TELL, reason, fall, rise, gain)
    counts = {"before": int(was[BUFFER]), "during": int(now[BUFFER])}
    if rise <= level / 2:
        rose = "Events in the buffer rose against the control, from {before} to {during} (p = {p:.3f})."
        return answer(DISPLACED, Note(rose, counts | {"p": rise}), fall, rise, gain)
    if gain <= level / 2:
        fell = "Events in the buffer fell too against the control, from {before} to {during} (p = {p:.3f})."
        return answer(SPREAD, Note(fell, counts | {"p": gain}), fall, rise, gain)
    if _p(dealt[:, BUFFER] >= _change(was, _all_moved(was, now))[BUFFER]) > level / 2:
        reason = Note(
            "Too few events: even if all that the treated zone lost had gone to the buffer, it could not be told from "
            "chance. Compare longer windows or a smaller buffer."
        )
        return answer(CANNOT_TELL, reason, fall, rise, gain)
    reason = Note(
        "Events in the buffer went from {before} to {during}, as the control would let expect; had all that the "
        "treated zone lost gone there, it would have shown.",
        counts,
    )
    return answer(NO_SIGN, reason, fall, rise, gain)


def _blocks(points: EventPoints, zone: Whole, window: Window, block_days: int) -> Floats:
    """Events by block and zone: shape (blocks, 3)."""
    blocks = ((window[1] - window[0]) + timedelta(days=1)).days // block_days
    since = (points.day - np.datetime64(window[0])).astype(np.int64)
    used = (since >= 0) & (since < blocks * block_days) & (zone >= 0)
    flat = np.bincount(since[used] // block_days * 3 + zone[used], minlength=3 * blocks)
    return flat.reshape(blocks, 3).astype(float)


def _hindrance(early: Floats, late: Floats) -> Note | None:
    """Why no test can be made, if none can."""
    if min(len(early), len(late)) < LEAST_BLOCKS:
        template = (
            "The windows hold {before} and {during} whole blocks; at least {least} each are needed. Choose longer "
        )
        template += "windows or shorter blocks."
        return Note(template, {"before": len(early), "during": len(late), "least": LEAST_BLOCKS})
    totals = early.sum(axis=0) + late.sum(axis=0)
    few = [name for name, n in zip(ZONES, totals, strict=True) if n < LEAST_EVENTS]
    if few:
        template = "Too few events here: {zones}. At least {least} in each zone are needed over both windows."
        return Note(template, {"zones": few, "least": LEAST_EVENTS})
    return None


def _quotient(was: Floats, now: Floats) -> float | None:
    if not (was[CONTROL] and now[CONTROL]):
        return None
    moved = now[BUFFER] / now[CONTROL] - was[BUFFER] / was[CONTROL]
    gained = now[TREATED] / now[CONTROL] - was[TREATED] / was[CONTROL]
    return float(moved / gained) if gained < 0 else None


def _change(was: Floats, now: Floats) -> Floats:
    """Log ratio during to before of each zone, against the control; arrays end in the three zones."""
    ratio = np.log((now + 0.5) / (was + 0.5))
    change: Floats = ratio - ratio[..., CONTROL:]
    return change


def _dealt(blocks: Floats, early: int, permutations: int, seed: int) -> Floats:
    """The change of each zone when the blocks are dealt anew to the windows: shape (permutations, 3)."""
    random = np.random.default_rng(seed)
    order = random.permuted(np.tile(np.arange(len(blocks)), (permutations, 1)), axis=1)
    was = blocks[order[:, :early]].sum(axis=1)
    return _change(was, blocks.sum(axis=0) - was)


def _all_moved(was: Floats, now: Floats) -> Floats:
    """What the second window would hold, had the buffer kept pace with the control and received all that was lost."""
    pace = (now[CONTROL] + 0.5) / (was[CONTROL] + 0.5)
    moved = now.copy()
    moved[BUFFER] = was[BUFFER] * pace + max(was[TREATED] * pace - now[TREATED], 0)
    return moved


def _p(as_large: NDArray[np.bool_]) -> float:
    """Share of arrangements as large, the seen one among them (Phipson and Smyth 2010)."""
    return float((1 + as_large.sum()) / (1 + len(as_large)))
