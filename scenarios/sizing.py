"""How large a machine a programme needs: measurements of years (`scenarios.year`) and what follows from them.

`tests/bench/test_sizing.py` measures and keeps; `tools/reference.py` writes the page. Each measure is taken to grow as
a power of the number of reports, fitted by least squares of logarithms; the doubt is a prediction interval of 80 % by
Student's t. Few sizes leave much doubt, and the page shows it.
"""

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import stats

from scenarios.year import YearSize

FILE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "sizing.csv"
SIZES = (1, 3, 10, 30, 100, 1_000)
"""The sizes of the table, as times the demo; the last is a world-wide programme."""
CONFIDENCE = 0.8
SIGNED_IN, PAUSE, BUSY_HOUR, LOAD = 0.2, 25, 0.2, 0.5
"""The share of people signed in at the busiest time, seconds between two page changes of one of them, the share of a
day's reports that come in its busiest hour, and how busy a processor may be so that nobody waits."""
CONNECTIONS = 48
"""The most connections of a process to the database (`core.store`)."""
GIB = 2**30


class Measure(StrEnum):
    """What is measured of a year."""

    WRITTEN = "a report sent, verified and validated, in Muster"
    SERVED = "the same, in PostgreSQL"
    LOGGED = "write-ahead log of a report"
    DISK = "database"
    INDEXES = "its indexes"
    TOTALS = "its totals"
    BOARD = "board of the widest operation, with countries and days"
    RELEASE = "a release decision of the widest operation"
    VERIFIED = "journal and totals verified"
    PAGE = "a page of the coordinator, median of all"
    PAGES = "the same, mean"
    PAGE_SERVED = "the same, mean, in PostgreSQL"
    MEMORY = "memory of a process that did all of this, at its peak"


UNITS: dict[Measure, str] = {
    Measure.WRITTEN: "ms of CPU",
    Measure.SERVED: "ms of CPU",
    Measure.LOGGED: "bytes",
    Measure.DISK: "bytes",
    Measure.INDEXES: "bytes",
    Measure.TOTALS: "bytes",
    Measure.BOARD: "ms of CPU",
    Measure.RELEASE: "s of CPU",
    Measure.VERIFIED: "s of CPU",
    Measure.PAGE: "ms of CPU",
    Measure.PAGES: "ms of CPU",
    Measure.PAGE_SERVED: "ms of CPU",
    Measure.MEMORY: "bytes",
}
ASSUMED = dict.fromkeys((Measure.DISK, Measure.INDEXES, Measure.TOTALS, Measure.VERIFIED), 1.0)
"""By which power of the reports a measure is taken to grow where it was taken at one size: 0 where it is not here."""
LIMITS: tuple[tuple[Measure, float, str, str], ...] = (
    (Measure.RELEASE, 15, "a release decision takes 15 CPU s", "one an hour; figures of persons grow older"),
    (
        Measure.PAGES,
        150,
        "a page takes 150 ms in the mean",
        "more web processes carry more people, each page stays slow",
    ),
    (Measure.BOARD, 100, "the board takes 100 ms", "it is drawn once for all who see the same"),
    (Measure.MEMORY, 2 * GIB, "a process takes 2 GiB", "fewer processes for each machine"),
    (Measure.VERIFIED, 3_600, "`muster verify` takes an hour", "run it at night, on a copy that was put back"),
    (Measure.DISK, 1_000 * GIB, "the database takes 1,000 GiB", "a full copy outlasts the night: archive the log"),
)
"""What ends somewhere: the measure, its limit, the limit in words, and what it means."""


class Measured(NamedTuple):
    """One measurement: storage, times the demo, reports, what, its value, and the day."""

    storage: str
    times: int
    reports: int
    what: Measure
    value: float
    day: str


def kept() -> list[Measured]:
    """Return the measurements that are kept."""
    if not FILE.exists():
        return []
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Measured(storage, int(times), int(reports), Measure(what), float(value), day)
            for storage, times, reports, what, value, day in list(csv.reader(file))[1:]
        ]


def keep(rows: Iterable[Measured]) -> None:
    """Write the measurements, in order."""
    order = {what: number for number, what in enumerate(Measure)}
    ordered = sorted(rows, key=lambda row: (row.storage, row.times, order[row.what]))
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Measured._fields)
        writer.writerows(ordered)


@dataclass(frozen=True)
class PowerLaw:
    """A measure as `factor * reports ** power`, with what its prediction interval needs."""

    factor: float
    power: float
    spread: float
    middle: float
    squares: float
    points: int

    @classmethod
    def fitted(cls, points: Sequence[tuple[float, float]]) -> "PowerLaw":
        """Fit (reports, value) at two sizes or more. Raises ValueError for fewer.

        Nothing costs less where there is more of it: what was measured so, on a machine that was busier at the smaller
        size, is taken to stay as it was at its dearest.
        """
        if len({reports for reports, _ in points}) < 2:
            raise ValueError("A law of growth needs measurements at two sizes.")
        x, y = np.log(np.array(points, dtype=float)).T
        power, level = np.polyfit(x, y, 1)
        if power < 0:
            power, level = 0.0, y.max()
        left = y - power * x - level
        free = len(points) - 2
        spread = math.sqrt(float(left @ left) / free) if free else math.inf
        return cls(math.exp(level), float(power), spread, float(x.mean()), float(((x - x.mean()) ** 2).sum()), len(x))

    def __call__(self, reports: float) -> float:
        """Return the measure at so many reports."""
        return self.factor * float(reports**self.power)

    def doubt(self, reports: float) -> float:
        """Return by which factor the measure may be more or less; infinite from two sizes."""
        if self.points <= 2:
            return math.inf
        away = math.log(reports) - self.middle
        error = self.spread * math.sqrt(1 + 1 / self.points + away**2 / self.squares)
        return math.exp(float(stats.t.ppf((1 + CONFIDENCE) / 2, self.points - 2)) * error)

    def reaches(self, limit: float) -> float:
        """Return at how many reports the measure reaches a limit; infinite where it does not grow."""
        return math.inf if self.power <= 0.02 else (limit / self.factor) ** (1 / self.power)


def laws(
    rows: Iterable[Measured], storage: str, like: Mapping[Measure, PowerLaw] | None = None
) -> dict[Measure, PowerLaw]:
    """Return the law of each measure of a storage.

    What was taken at one size is assumed to grow as in `like`, the laws of the other storage, or as `ASSUMED` says.
    """
    points: dict[Measure, list[tuple[float, float]]] = {}
    for row in rows:
        if row.storage == storage and row.value > 0:
            points.setdefault(row.what, []).append((row.reports, row.value))
    found = {}
    for what, taken in points.items():
        if len({reports for reports, _ in taken}) > 1:
            found[what] = PowerLaw.fitted(taken)
        else:
            (reports, value), same = taken[0], (like or {}).get(what)
            power = ASSUMED.get(what, 0.0) if same is None or same.points == 1 else same.power
            found[what] = PowerLaw(value / reports**power, power, math.inf, math.log(reports), 0.0, 1)
    return found


@dataclass(frozen=True)
class Installation:
    """What a programme needs: processors (whole) of web processes and of the database, web processes, memory and disk
    (bytes), and settings of PostgreSQL (bytes, connections). Not a number where it was not measured.
    """

    page_changes: float
    reports_an_hour: float
    web_cores: int
    database_cores: float
    processes: int
    memory: float
    disk: float
    log_a_day: float
    shared_buffers: float
    cache: float
    connections: int
    max_wal: float


def installation(size: YearSize, law: dict[Measure, PowerLaw]) -> Installation:
    """Return what a programme of a size needs on PostgreSQL, for the busiest hour of its year."""
    reports = float(size.reports)

    def at(what: Measure) -> float:
        return law[what](reports) if what in law else math.nan

    changes = size.people * SIGNED_IN / PAUSE
    daily = reports / size.days
    hourly = daily * BUSY_HOUR
    web = (changes * at(Measure.PAGES) + hourly / 3600 * at(Measure.WRITTEN)) / 1000
    stored = (changes * at(Measure.PAGE_SERVED) + hourly / 3600 * at(Measure.SERVED)) / 1000
    web_cores = max(1, math.ceil(web / LOAD))
    processes = max(2, web_cores)
    disk = at(Measure.DISK)
    often = at(Measure.INDEXES) / 2 + at(Measure.TOTALS)
    buffers = max(0.25 * GIB, min(16 * GIB, disk / 4 if math.isnan(often) else often))
    log = daily * at(Measure.LOGGED)
    others = 3  # the timetable and two workers
    return Installation(
        changes,
        hourly,
        web_cores + 1,
        stored if math.isnan(stored) else max(1, math.ceil(stored / LOAD)),
        processes,
        (processes + others) * at(Measure.MEMORY) + 3 * buffers,
        2 * disk + (0 if math.isnan(log) else 8 * log),
        log,
        buffers,
        3 * buffers,
        (processes + others) * CONNECTIONS + 10,
        GIB if math.isnan(log) else max(GIB, log),
    )


# ----------------------------------------------------------------------------------------------------- the page

_STORAGES = {
    "postgresql": "PostgreSQL",
    "sqlite": "SQLite",
}


def page() -> Iterator[str]:
    """Yield the lines of docs/reference/sizing.md."""
    rows = kept()
    other = laws(rows, "sqlite")
    law = other | laws(rows, "postgresql", other)
    most = max(row.times for row in rows)
    yield "# Sizing\n"
    yield "How large the machines of an installation must be, from one country's desk to a world-wide programme.\n"
    yield "Made from `docs/reference/sizing.csv` by `tools/reference.py`; a test keeps it current.\n"
    yield from _method(rows, most)
    yield "## What was measured\n"
    for storage in sorted({row.storage for row in rows}):
        yield f"### {_STORAGES[storage]}\n"
        yield from _measurements([row for row in rows if row.storage == storage], other)
    yield "## What a programme needs\n"
    yield from _needs(law, most)
    yield "## What breaks first\n"
    yield from _first([other, law], most)


def _method(rows: Sequence[Measured], most: int) -> Iterator[str]:
    days = sorted({row.day for row in rows})
    yield (
        "*Once* is the demo: 9 countries, 45 sites, 100 people, 1,000 reports in 30 days. A thousand times is a year "
        "of a world-wide programme: 190 countries, 2,000 sites, 10,000 people, 1,000,000 reports of 2 to 6 lines, in "
        "seven operations. Every report was sent through the same verbs as by people, four of five were verified and "
        f"validated. Measured up to {most:,} times on 2 cores shared with other work, {' and '.join(days)}, by\n"
    )
    yield "    MUSTER_BENCH_TIMES=1,3,10,30 make bench TESTS=tests/bench/test_sizing.py\n"
    yield (
        "Seconds are those of processors. On SQLite, ten times is the operation of `tests/bench/ten_times.py`, whose "
        "90 countries are in one operation. On a machine of your own, `tools/sizing.py DATABASE --times 30` makes such "
        "a year, to be measured there.\n"
    )
    if len({row.times for row in rows if row.storage == "postgresql"}) < 2:
        yield (
            "**PostgreSQL was not measured at two sizes**: how it grows is assumed to be as on SQLite, and what only "
            "it could say is constant for each report. Sizes that are missing were not reached on that machine.\n"
        )


def _measurements(rows: Sequence[Measured], like: Mapping[Measure, PowerLaw]) -> Iterator[str]:
    sizes = sorted({row.times for row in rows})
    found = {(row.what, row.times): row.value for row in rows}
    law = laws(rows, rows[0].storage, like)
    yield from _table(
        ["what", *(_times(each) for each in sizes), "grows with the reports as"],
        [
            [
                what.value,
                *(_said(what, found[what, each]) if (what, each) in found else "" for each in sizes),
                _growth(law.get(what)),
            ]
            for what in Measure
            if any((what, each) in found for each in sizes)
        ],
    )


def _growth(law: PowerLaw | None) -> str:
    if law is None:
        return ""
    return f"power {law.power:.2f}{', assumed' if law.points == 1 else ''}"


def _needs(law: dict[Measure, PowerLaw], most: int) -> Iterator[str]:
    yield (
        f"At the busiest hour: one person in {1 / SIGNED_IN:.0f} is signed in and changes the page "
        f"every {PAUSE} s, a fifth of a day's reports come, and no processor is busier than {LOAD:.0%}. Above "
        f"{most:,} times everything is extrapolated; beside the disk stands by which factor it may be more or less, "
        f"as a prediction interval of {CONFIDENCE:.0%}. Other figures are no surer than that.\n"
    )
    made = {each: installation(YearSize.times(each), law) for each in SIZES}
    lines = (
        ("page changes a second", lambda each, _n: f"{each.page_changes:.1f}"),
        ("reports an hour", lambda each, _n: f"{each.reports_an_hour:,.0f}"),
        ("web processes", lambda each, _n: f"{each.processes}"),
        ("cores for them, the timetable and a worker", lambda each, _n: f"{each.web_cores}"),
        ("cores for PostgreSQL", lambda each, _n: _whole(each.database_cores)),
        ("memory, all together", lambda each, _n: _bytes(each.memory)),
        ("disk: the database, one copy, a week of log", lambda each, n: _bytes(each.disk) + _doubt(law, n)),
        ("write-ahead log a day", lambda each, _n: _bytes(each.log_a_day)),
        ("`shared_buffers`", lambda each, _n: _bytes(each.shared_buffers)),
        ("`effective_cache_size`", lambda each, _n: _bytes(each.cache)),
        ("`max_connections`", lambda each, _n: f"{each.connections}"),
        ("`max_wal_size`", lambda each, _n: _bytes(each.max_wal)),
    )
    yield from _table(
        ["", *(_times(each) for each in SIZES)],
        [[name, *(told(made[each], YearSize.times(each).reports) for each in SIZES)] for name, told in lines],
    )
    yield (
        "`work_mem` of 16 MB and `synchronous_commit` on at every size: what was confirmed must be on the disk. "
        "**Read replicas**: Muster reads and writes at one address and sends no reader to a replica. Keep one as a "
        "second copy that can take over, from ten times on; it spares no processor. More readers are carried by more "
        "web processes, which may stand on several machines.\n"
    )


def _doubt(law: dict[Measure, PowerLaw], reports: int) -> str:
    factor = law[Measure.DISK].doubt(reports)
    return "" if factor < 1.1 else " (doubt not known)" if math.isinf(factor) else f" (by {factor:.1f} times)"


def _first(both: Sequence[Mapping[Measure, PowerLaw]], most: int) -> Iterator[str]:
    yield (
        "Where each limit is reached, on the storage that reaches it first, if growth goes on as measured. What lies "
        "within the measured sizes was seen; the rest is extrapolated.\n"
    )
    reached = sorted(
        min((law[what].reaches(limit), words, _reached(law[what], limit, most), then) for law in both if what in law)
        for what, limit, words, then in LIMITS
        if any(what in law for law in both)
    )
    yield from _table(["limit", "reached at", "then"], [[words, at, then] for _, words, at, then in reached])
    carried = 1000 / both[0][Measure.WRITTEN](1_000)
    yield (
        f"On SQLite one process writes at a time: a core carries {carried:.0f} whole reports a second, far more than "
        "any size here sends, but its readers share one disk. Move to PostgreSQL before a second machine is needed.\n"
    )


def _reached(law: PowerLaw, limit: float, most: int) -> str:
    reports = law.reaches(limit)
    if math.isinf(reports) and law.points == 1:
        return "not known: measured at one size"
    if reports > 1e9:
        return "not by growth of reports"
    times = reports / 1_000
    said = f"{times:,.0f} times" if times >= 10 else f"{times:.1f} times"
    return said if times <= most else f"about {said}, extrapolated"


def _whole(value: float) -> str:
    return "not measured" if math.isnan(value) else f"{value:.0f}"


def _times(many: int) -> str:
    return "once" if many == 1 else f"{many:,} times"


def _said(what: Measure, value: float) -> str:
    if UNITS[what] == "bytes":
        return _bytes(value)
    return f"{value:,.2f} s" if UNITS[what].startswith("s ") else f"{value:,.1f} ms"


def _bytes(value: float) -> str:
    if math.isnan(value):
        return "not measured"
    for unit, size in (("GiB", GIB), ("MiB", 2**20), ("KiB", 2**10)):
        if value >= size:
            return f"{value / size:,.0f} {unit}" if value >= 10 * size else f"{value / size:,.1f} {unit}"
    return f"{value:.0f} bytes"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""
