"""A recount of the shares, rates and times that no total holds, from raw rows of the tables.

It knows each definition from its words in the catalogue, and uses nothing of the code that computes it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from operations.catalogue.kpis import Kpi
from operations.core.people import System
from operations.core.store import Store, unscoped
from operations.disclosure.suppression import BoardFrame
from operations.figures.durations import FigureRequest
from operations.lines.kinds import KINDS
from operations.results.cross_domain_figures import COMPUTED_FIGURES

UNSAID = ("", "unknown", "unspecified")
CORE = ("migrant_smuggling", "trafficking_in_persons")
UNDER_AGE = ("0_11", "12_15", "16_17")
ANSWER = ("confirmation", "confirming_country", "confirmed_at")
STANDING = ("submitted", "locally_verified", "nationally_validated", "consolidated")
"""The states of a version of a report that was neither returned, replaced nor withdrawn."""
BLANKET = ("e_gate", "batch_api")
A_DAY = timedelta(days=1)
SHARES: dict[Kpi, tuple[str, str, dict[str, tuple[str, ...]], str]] = {
    Kpi.CONFIRMATION_RATE: ("hit", "status", {"Confirmed": ("confirmed",), "Refuted": ("refuted",)}, ""),
    Kpi.CORE_SHARE: (
        "arrest",
        "offence",
        {"Core offences": CORE, "Offence not specified": UNSAID},
        "Other offences",
    ),
    Kpi.SMUGGLED_SHARE: (
        "migrant_detection",
        "smuggled",
        {"Smuggled": ("yes",), "Not smuggled": ("no",)},
        "Not known whether smuggled",
    ),
    Kpi.IDENTIFIED_SHARE: (
        "potential_victim",
        "status",
        {
            "Formally identified": ("identified",),
            "Potential victims": ("potential",),
            "Declined identification": ("declined",),
        },
        "",
    ),
    Kpi.REFERRAL_RATE: (
        "protection_referral",
        "answer",
        {
            "Accepted by a service": ("accepted",),
            "Without an answer": ("waiting", "unknown", ""),
            "Declined by the person": ("declined_by_person",),
            "No service there": ("none_offered",),
        },
        "Refused by the service",
    ),
}
"""Of each share the kind of its lines, the field, the codes of its parts, the first being the share, and the rest."""


Row = Mapping[str, Any]
Lines = Mapping[str, Sequence[Row]]
"""Lines with their attributes, by kind. A board has so few that a frame costs more to filter than rows to read."""


@dataclass
class RawTables:
    """Tables of a store as they are, one pandas frame each, of one operation where it is given and they have one."""

    store: Store
    operation: Any = None
    read: dict[str, pd.DataFrame] = field(default_factory=dict)
    read_rows: dict[str, list[Row]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table, read once."""
        if name not in self.read:
            self.read[name] = self._frame(SQLModel.metadata.tables[name])
        return self.read[name]

    def rows(self, name: str) -> list[Row]:
        """Return a table row by row, read once."""
        if name not in self.read_rows:
            self.read_rows[name] = self[name].to_dict("records")
        return self.read_rows[name]

    @cached_property
    def said(self) -> dict[Any, dict[Any, Any]]:
        """What each line says, but for persons and for answers to hits, by version and line."""
        found: dict[Any, dict[Any, Any]] = defaultdict(dict)
        for line in self.rows("line"):
            if not KINDS[line["kind"]].PERSONS:
                told = {name: each for name, each in line["attributes"].items() if name not in ANSWER}
                found[line["version_id"]][line["id"]] = line["quantity"], told
        return found

    @cached_property
    def of_all(self) -> "RawTables":
        """The tables of all operations."""
        return RawTables(self.store)

    def _frame(self, table: sa.Table) -> pd.DataFrame:
        query = sa.select(table)
        if self.operation is not None and "operation_id" in table.c:
            query = query.where(table.c.operation_id == self.operation)
        with self.store.reading(System()) as session:
            rows = session.execute(unscoped(query)).all()
        return pd.DataFrame(rows, columns=[column.name for column in table.c], dtype=object)


def per_cent(part: float, whole: float) -> float | None:
    """Return a part in per cent of its whole; None of nothing."""
    return 100 * part / whole if whole else None


def those(rows: pd.DataFrame, wanted: Iterable[bool]) -> pd.DataFrame:
    """Return the rows for which this is true, also of none."""
    return rows[pd.Series(list(wanted), index=rows.index, dtype=bool)]


def by_kind(lines: pd.DataFrame) -> Lines:
    """Return lines row by row, "" where one has no such attribute."""
    found = defaultdict[str, list[Row]](list)
    for row in lines.astype(object).where(lines.notna(), "").to_dict("records"):
        found[row["kind"]].append(row)
    return found


def of_board(lines: Lines, level: int, country: str | None) -> Lines:
    """Return the lines that count at a level, of a country or of all."""
    found = defaultdict[str, list[Row]](list)
    for kind, rows in lines.items():
        found[kind] = [row for row in rows if row["level"] >= level and country in (None, row["country"])]
    return found


def column(rows: Iterable[Row], name: str) -> list[Any]:
    """Return an attribute of lines, "" where one has none."""
    return [row.get(name, "") for row in rows]


def summed(rows: Iterable[Row]) -> int:
    """Return how much lines hold together."""
    return sum(row["quantity"] for row in rows)


def acted(lines: Lines, kind: str) -> list[Row]:
    """Return the lines of a kind outside training."""
    return [row for row in lines[kind] if row["phase_kind"] != "training"]


def queries(lines: Lines) -> list[Row]:
    """Return the checks against databases outside training."""
    return [row for row in acted(lines, "check_tally") if row.get("check_kind") == "database_query"]


def shares(lines: Lines) -> dict[Kpi, dict[str, int]]:
    """Return the parts of every share of the board."""
    found = {}
    for kpi, (kind, name, named, rest) in SHARES.items():
        parts = dict.fromkeys((*named, rest), 0)
        for row in acted(lines, kind) if kind == "hit" else lines[kind]:
            part = next((part for part, codes in named.items() if row.get(name, "") in codes), rest)
            parts[part] += 1 if kind == "hit" else row["quantity"]
        unnamed = parts.pop("", 0)
        assert kind in ("hit", "potential_victim") or not unnamed
        found[kpi] = parts
    return found


def rates(lines: Lines) -> dict[str, tuple[int, int]]:
    """Return hits and checks of each database that either everybody or chosen persons are checked in (K08)."""
    hits = Counter(column(acted(lines, "hit"), "database"))
    asked, everybody = Counter[str](), Counter[str]()
    for row in queries(lines):
        asked[row["database"]] += row["quantity"]
        everybody[row["database"]] += row["quantity"] if row.get("channel") in BLANKET else 0
    return {name: (hits[name], many) for name, many in asked.items() if many and everybody[name] in (0, many)}


def officers(lines: Lines) -> int:
    """Return the most officers of one day of each site and agency, added up (K33)."""
    days = Counter[tuple[Any, ...]]()
    for row in lines["officers"]:
        if row["unit"] == "officer":
            days[row["of_site"], row.get("agency", ""), row["official_day"]] += row["quantity"]
    most: dict[tuple[Any, ...], int] = {}
    for (site, agency, _day), many in days.items():
        most[site, agency] = max(many, most.get((site, agency), 0))
    return sum(most.values())


def coverage(raw: RawTables, at: datetime, country: str | None) -> tuple[int, int]:
    """Return how many sites of countries that take part reported in the last day, and how many are expected (K31)."""
    there = {row["country"] for row in raw.rows("country_activity") if row["kept"] == ""}
    activities = [row for row in raw.rows("site_activity") if row["country"] in there]
    sites = [row["site_id"] for row in activities if country in (None, row["country"])]
    heard = set()
    for row in raw.rows("report"):
        if row["state"] in STANDING:
            late = row["received_at"] - row["period_to"] > A_DAY
            if (row["period_to"] if late else row["received_at"]) >= at - A_DAY:
                heard.add(row["site_id"])
    return sum(site in heard for site in sites), len(sites)


def minors(lines: Lines, kind: str) -> float | None:
    """Return the share of minors: of lines with an age group all or none, of others as many as they say (K19)."""
    young = 0
    for row in lines[kind]:
        age = row.get("age_group", "")
        young += (row["quantity"] if age in UNDER_AGE else 0) if age not in UNSAID else int(row.get("minors") or 0)
    return per_cent(young, summed(lines[kind]))


def of_lines(lines: Lines) -> dict[str, float | None]:
    """Return K09, K12, K14, K16 and K19 of lines at a level."""
    confirmed = [row for row in acted(lines, "hit") if row["status"] == "confirmed"]
    false = summed(row for row in lines["document_seizure"] if row.get("fraud_kind", "") not in UNSAID)
    notices = Counter(name for name in column(lines["arrest"], "notice_ref") if name)
    after = sum(int(many or 0) for many in column(acted(lines, "arrest"), "after_hit"))
    met = column(lines["migrant_detection"], "nationality")
    nations = {name for name in met if name not in UNSAID and not name.startswith("XX")}
    return {
        "K09": sum(row.get("database") == "sltd" for row in confirmed) + false,
        "K12": summed(lines["arrest"]) - sum(many - 1 for many in notices.values()),
        "K14": after / len(confirmed) if confirmed else None,
        "K16": len(nations),
        "K19": minors(lines, "potential_victim"),
        "K19 b": minors(lines, "migrant_detection"),
    }


def timeliness(versions: Iterable[Row], at: datetime) -> float | None:
    """Return the share of single events, a day old or older, written down within a day (K34)."""
    told = [row for row in versions if row["version"] == 1 and row["kind"] == "single_event"]
    told = [row for row in told if at - row["period_to"] >= A_DAY]
    return per_cent(sum(row["recorded_at"] - row["period_to"] <= A_DAY for row in told), len(told))


def corrections(raw: RawTables, versions: Iterable[Row]) -> float | None:
    """Return the share of lines, those about persons left out, that a later version of their report changed (K36)."""
    chains = defaultdict[Any, list[dict[Any, Any]]](list)
    for row in sorted(versions, key=lambda row: row["version"]):
        chains[row["report_id"]].append(raw.said.get(row["id"], {}))
    whole = changed = 0
    for told in chains.values():
        known = set().union(*told)
        whole += len(known)
        changed += sum(any(a.get(line) != b.get(line) for a, b in pairwise(told)) for line in known)
    return per_cent(changed, whole)


def duplicates(raw: RawTables, country: str | None) -> float | None:
    """Return the share of lines in opened claims that tell an event again (K37)."""
    countries = defaultdict[Any, list[str]](list)
    for row in raw.rows("claim_line"):
        countries[row["claim_id"]].append(row["country"])
    again = whole = 0
    for claim in raw.rows("claim"):
        of, state = countries[claim["id"]], claim["state"]
        if state in ("open", "agreed", "decided", "different", "separated") and (country is None or country in of):
            whole += len(of)
            again += len(of) - 1 if state in ("agreed", "decided") else 0
    return per_cent(again, whole)


def leads(raw: RawTables, country: str | None) -> float | None:
    """Return the share of the leads shared with countries, and not revoked, on which they acted (K30)."""
    sent = [row for row in raw.rows("lead_country") if not pd.isna(row["shared_at"]) and pd.isna(row["revoked_at"])]
    states = [row["state"] for row in sent if country in (None, row["country"])]
    return per_cent(sum(state in ("actioned", "negative", "positive") for state in states), len(states))


def lag(raw: RawTables, at: datetime) -> float | None:
    """Return the days from the end of the last operational phase to the first final snapshot (K38)."""
    ends = [row["ends"] for row in raw.rows("phase") if row["kind"] == "operational"]
    final = [row["published_at"] for row in raw.rows("snapshot") if row["status"] in ("final", "restated")]
    final = [moment for moment in final if not pd.isna(moment)]
    if not ends or max(ends) > at or not final:
        return None
    return float((min(final) - max(ends)) / A_DAY)


def outside_training(raw: RawTables, versions: Iterable[Row]) -> list[Row]:
    """Return the versions of reports on phases other than trainings."""
    training = {row["id"] for row in raw.rows("phase") if row["kind"] == "training"}
    return [row for row in versions if row["phase_id"] not in training]


def site_days(raw: RawTables, counting: Iterable[Row]) -> int:
    """Return on how many official days sites reported, each day of a site once, without trainings."""
    return len({(row["site_id"], row["official_day"]) for row in outside_training(raw, counting)})


def costs(
    raw: RawTables, days: int, figures: dict[str, float | None], country: str | None
) -> dict[str, dict[str, float]]:
    """Return what was spent for each objective reached and each site-day, by currency (K39); empty where unknown."""
    spent = [row for row in raw.rows("operation_cost") if (row["state"], row["stage"]) == ("stands", "spent")]
    spent = [row for row in spent if country in (None, row["country"])]
    if not spent or all(row["state"] != "complete" for row in raw.rows("cost_book")):
        return {"K39": {}, "K39 b": {}}
    sums = Counter[str]()
    for row in spent:
        sums[row["currency"]] += row["amount"]
    reached = sum((figures[row["kpi"]] or 0) >= row["value"] for row in raw.rows("kpi_target"))
    by = {"K39": reached if country is None else 0, "K39 b": days}
    return {kpi: {name: many / of for name, many in sums.items()} if of else {} for kpi, of in by.items()}


def intensity(raw: RawTables, lines: Lines, counting: Iterable[Row]) -> float | None:
    """Return the checks of sites by those of their posts on the same days of the week of the year before (K10)."""
    phases, months = raw["phase"], raw.of_all["usage_month"]
    if phases.empty or months.empty:
        return None
    begins = min(phases["starts"]).date().replace(day=1)
    months = months[(months["counted"] == "queries") & months["current"].astype(bool)]
    months = those(months, (begins.replace(year=begins.year - 1) <= month < begins for month in months["month"]))
    told = defaultdict[Any, set[Any]](set)
    for row in outside_training(raw, counting):
        told[row["site_id"]].add(row["official_day"])
    checks = queries(lines)
    post_of = raw.of_all["post_site"].set_index("site_id")["post_id"]
    usual = made = 0.0
    for site, dates in told.items():
        days = Counter(day.weekday() for day in dates)
        here = months[months["post_id"] == post_of.get(site)]
        for database in here["database"].unique():
            counted = here[here["database"] == database]
            usual += sum(many * a_day(counted, weekday) for weekday, many in days.items())
            made += summed(row for row in checks if (row["of_site"], row["database"]) == (site, database))
    return made / usual if usual else None


WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def a_day(months: pd.DataFrame, weekday: int) -> float:
    """Return the checks on such a day of the week: the mean of a day, spread as the months that tell the week do."""

    def days(frame: pd.DataFrame) -> list[Any]:
        return [day for month in frame["month"].unique() for day in pd.period_range(month, periods=1, freq="M")]

    def length(frame: pd.DataFrame, only: int | None = None) -> int:
        dates = [pd.date_range(each.start_time, each.end_time.normalize()) for each in days(frame)]
        return sum(only in (None, date.weekday()) for each in dates for date in each)

    mean = months["count"].sum() / length(months)
    told = months[months["monday"].notna()]
    if not told["count"].sum():
        return float(mean)
    of_week = told[WEEK[weekday]].sum() / length(told, weekday)
    return float(mean * of_week / (told["count"].sum() / length(told)))


def middle(spans: list[float]) -> float | None:
    """Return the median; None of nothing."""
    return median(spans) if spans else None


# ---------------------------------------------------------------------------------------------------- comparison

RECOUNTED = {*SHARES, Kpi.HIT_RATE, Kpi.OFFICERS, Kpi.COVERAGE}
"""The figures of the board that `compare` compares, and those beside it."""
BESIDE = {"K09", "K10", "K12", "K14", "K16", "K19", "K19 b", "K30", "K34", "K36", "K37", "K38", "K39", "K39 b"}


def compare(raw: RawTables, lines: Lines, asked: FigureRequest, at: datetime) -> set[str]:
    """Compare every figure of a board that is no total with the raw rows. Return those that have a value.

    `lines` are those that count in the frame, with their attributes.
    """
    frame, figures = asked.frame, asked.board.figures
    told: dict[str, Any] = {}
    expected: dict[str, Any] = {}
    for kpi, parts in shares(lines).items():
        first, whole = next(iter(parts.values())), sum(parts.values())
        of_parts = {f"{kpi} {name}": many for name, many in parts.items()}
        expected |= of_parts | {f"{kpi} part": first, f"{kpi} of": whole, kpi: per_cent(first, whole)}
        told |= {f"{kpi} {name}": many for name, many in figures[kpi].parts.items()}
        told |= {f"{kpi} part": figures[kpi].part, f"{kpi} of": figures[kpi].of, kpi: figures[kpi].value}
    known = rates(lines)
    largest = min(known, key=lambda name: (-known[name][1], name), default=None)
    heard, sites = coverage(raw, at, frame.country)
    expected |= {f"{Kpi.HIT_RATE} {name}": of for name, of in known.items()}
    told |= {f"{Kpi.HIT_RATE} {name}": (of.count, of.of) for name, of in figures[Kpi.HIT_RATE].rates.items()}
    expected |= {
        Kpi.HIT_RATE: None if largest is None else 1_000_000 * known[largest][0] / known[largest][1],
        Kpi.OFFICERS: officers(lines),
        Kpi.COVERAGE: per_cent(heard, sites),
        f"{Kpi.COVERAGE} part": heard,
    }
    told |= {kpi: figures[kpi].value for kpi in RECOUNTED} | {f"{Kpi.COVERAGE} part": figures[Kpi.COVERAGE].part}
    found = derived(raw, lines, asked, at)
    sums = costs(raw, _days(raw, frame), {kpi: figures[kpi].value for kpi in figures}, frame.country)
    expected |= found | sums
    told |= {code: COMPUTED_FIGURES[code].read(asked).value for code in found}
    told |= {code: dict(COMPUTED_FIGURES[code].read(asked).sums) for code in sums}
    assert found.keys() | sums.keys() == BESIDE
    assert told.keys() == expected.keys(), (frame.level, frame.country)
    wrong = {code: (told[code], value) for code, value in expected.items() if told[code] != pytest.approx(value)}
    assert not wrong, (frame.level, frame.country, wrong)
    return {str(code) for code, value in expected.items() if value}


def derived(raw: RawTables, lines: Lines, asked: FigureRequest, at: datetime) -> dict[str, float | None]:
    """Return the figures beside the board, but for waiting times and costs."""
    frame = asked.frame
    of = [row for row in raw.rows("report") if frame.country in (None, row["country"])]
    return of_lines(lines) | {
        "K10": intensity(raw, lines, _counting(raw, frame)),
        "K30": leads(raw, frame.country),
        "K34": timeliness(of, at),
        "K36": corrections(raw, of),
        "K37": duplicates(raw, frame.country),
        "K38": lag(raw, at),
    }


def _counting(raw: RawTables, frame: BoardFrame) -> list[Row]:
    found = [row for row in raw.rows("report") if row["counted"] and row["level"] >= frame.level]
    return [row for row in found if frame.country in (None, row["country"])]


def _days(raw: RawTables, frame: BoardFrame) -> int:
    return site_days(raw, _counting(raw, frame))
