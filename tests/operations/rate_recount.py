"""A recount with pandas of the shares, rates and times that no total holds, from raw rows of the tables.

It knows each definition from its words in the catalogue, and uses nothing of the code that computes it.
"""

from collections import Counter
from collections.abc import Iterable
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


@dataclass
class RawTables:
    """Tables of a store as they are, one pandas frame each, of one operation where it is given and they have one."""

    store: Store
    operation: Any = None
    read: dict[str, pd.DataFrame] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table, read once."""
        if name not in self.read:
            self.read[name] = self._frame(SQLModel.metadata.tables[name])
        return self.read[name]

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


def column(lines: pd.DataFrame, name: str) -> "pd.Series[Any]":
    """Return an attribute of lines, "" where one has none."""
    found = lines[name] if name in lines else pd.Series("", index=lines.index, dtype=object)
    return found.where(found.notna(), "")


def those(rows: pd.DataFrame, wanted: Iterable[bool]) -> pd.DataFrame:
    """Return the rows for which this is true, also of none."""
    return rows[pd.Series(list(wanted), index=rows.index, dtype=bool)]


def acted(lines: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return the lines of a kind outside training."""
    return lines[(lines["kind"] == kind) & (lines["phase_kind"] != "training")]


def shares(lines: pd.DataFrame) -> dict[Kpi, dict[str, int]]:
    """Return the parts of every share of the board."""
    found = {}
    for kpi, (kind, name, named, rest) in SHARES.items():
        of = acted(lines, kind) if kind == "hit" else lines[lines["kind"] == kind]
        parts = dict.fromkeys((*named, rest), 0)
        for code, many in zip(column(of, name), [1] * len(of) if kind == "hit" else of["quantity"], strict=True):
            parts[next((part for part, codes in named.items() if code in codes), rest)] += many
        unnamed = parts.pop("", 0)
        assert kind in ("hit", "potential_victim") or not unnamed
        found[kpi] = parts
    return found


def rates(lines: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Return hits and checks of each database that either everybody or chosen persons are checked in (K08)."""
    hits = Counter(column(acted(lines, "hit"), "database"))
    asked, everybody = Counter[str](), Counter[str]()
    checks = acted(lines, "check_tally")
    checks = checks[column(checks, "check_kind") == "database_query"]
    for database, channel, many in zip(
        column(checks, "database"), column(checks, "channel"), checks["quantity"], strict=True
    ):
        asked[database] += many
        everybody[database] += many if channel in BLANKET else 0
    return {name: (hits[name], many) for name, many in asked.items() if many and everybody[name] in (0, many)}


def officers(lines: pd.DataFrame) -> int:
    """Return the most officers of one day of each site and agency, added up (K33)."""
    told = lines[(lines["kind"] == "officers") & (lines["unit"] == "officer")]
    days = Counter[tuple[Any, ...]]()
    for site, agency, day, many in zip(
        told["of_site"], column(told, "agency"), told["official_day"], told["quantity"], strict=True
    ):
        days[site, agency, day] += many
    most: dict[tuple[Any, ...], int] = {}
    for (site, agency, _day), many in days.items():
        most[site, agency] = max(many, most.get((site, agency), 0))
    return sum(most.values())


def coverage(raw: RawTables, at: datetime, country: str | None) -> tuple[int, int]:
    """Return how many sites of countries that take part reported in the last day, and how many are expected (K31)."""
    there = raw["country_activity"].query("kept == ''")["country"]
    sites = raw["site_activity"]
    sites = sites[sites["country"].isin(there) & ((sites["country"] == country) | (country is None))]
    told = raw["report"]
    told = told[told["state"].isin(STANDING)]
    late = told["received_at"] - told["period_to"] > A_DAY
    heard = told["period_to"].where(late, told["received_at"]) >= at - A_DAY
    return int(sites["site_id"].isin(told["site_id"][heard]).sum()), len(sites)


def minors(lines: pd.DataFrame, kind: str) -> float | None:
    """Return the share of minors: of lines with an age group all or none, of others as many as they say (K19)."""
    of = lines[lines["kind"] == kind]
    young = sum(
        (many if age in UNDER_AGE else 0) if age not in UNSAID else int(said or 0)
        for age, said, many in zip(column(of, "age_group"), column(of, "minors"), of["quantity"], strict=True)
    )
    return per_cent(young, of["quantity"].sum())


def of_lines(lines: pd.DataFrame) -> dict[str, float | None]:
    """Return K09, K12, K14, K16 and K19 of lines at a level."""
    hits, arrests = acted(lines, "hit"), lines[lines["kind"] == "arrest"]
    confirmed = hits[hits["status"] == "confirmed"]
    papers, met = (lines[lines["kind"] == kind] for kind in ("document_seizure", "migrant_detection"))
    false = papers["quantity"][~column(papers, "fraud_kind").isin(UNSAID)].sum()
    notices = Counter(name for name in column(arrests, "notice_ref") if name)
    after = sum(int(many or 0) for many in column(acted(lines, "arrest"), "after_hit"))
    nations = {name for name in column(met, "nationality") if name not in UNSAID and not name.startswith("XX")}
    return {
        "K09": (column(confirmed, "database") == "sltd").sum() + false,
        "K12": arrests["quantity"].sum() - sum(many - 1 for many in notices.values()),
        "K14": after / len(confirmed) if len(confirmed) else None,
        "K16": len(nations),
        "K19": minors(lines, "potential_victim"),
        "K19 b": minors(lines, "migrant_detection"),
    }


def timeliness(versions: pd.DataFrame, at: datetime) -> float | None:
    """Return the share of single events, a day old or older, written down within a day (K34)."""
    told = versions[(versions["version"] == 1) & (versions["kind"] == "single_event")]
    told = those(told, (at - ended >= A_DAY for ended in told["period_to"]))
    quick = sum(wrote - ended <= A_DAY for wrote, ended in zip(told["recorded_at"], told["period_to"], strict=True))
    return per_cent(quick, len(told))


def corrections(raw: RawTables, versions: pd.DataFrame) -> float | None:
    """Return the share of lines, those about persons left out, that a later version of their report changed (K36)."""
    lines = raw["line"]
    lines = those(lines, (not KINDS[kind].PERSONS for kind in lines["kind"]))
    said: dict[Any, dict[Any, Any]] = {key: {} for key in versions["id"]}
    for version, line, many, told in zip(
        lines["version_id"], lines["id"], lines["quantity"], lines["attributes"], strict=True
    ):
        if version in said:
            said[version][line] = many, {name: each for name, each in told.items() if name not in ANSWER}
    whole = changed = 0
    for _report, chain in versions.sort_values("version").groupby("report_id"):
        told = [said[key] for key in chain["id"]]
        known = set().union(*told)
        whole += len(known)
        changed += sum(any(a.get(line) != b.get(line) for a, b in pairwise(told)) for line in known)
    return per_cent(changed, whole)


def duplicates(raw: RawTables, country: str | None) -> float | None:
    """Return the share of lines in opened claims that tell an event again (K37)."""
    claims, lines = raw["claim"], raw["claim_line"]
    again = whole = 0
    for key, state in zip(claims["id"], claims["state"], strict=True):
        of = lines[lines["claim_id"] == key]
        if state in ("open", "agreed", "decided", "different", "separated") and (
            country is None or country in set(of["country"])
        ):
            whole += len(of)
            again += len(of) - 1 if state in ("agreed", "decided") else 0
    return per_cent(again, whole)


def leads(raw: RawTables, country: str | None) -> float | None:
    """Return the share of the leads shared with countries, and not revoked, on which they acted (K30)."""
    sent = raw["lead_country"]
    sent = sent[
        sent["shared_at"].notna() & sent["revoked_at"].isna() & ((sent["country"] == country) | (country is None))
    ]
    return per_cent(sent["state"].isin(["actioned", "negative", "positive"]).sum(), len(sent))


def lag(raw: RawTables, at: datetime) -> float | None:
    """Return the days from the end of the last operational phase to the first final snapshot (K38)."""
    phases, told = raw["phase"], raw["snapshot"]
    ends = phases["ends"][phases["kind"] == "operational"]
    final = told[told["status"].isin(["final", "restated"]) & told["published_at"].notna()]["published_at"]
    if ends.empty or ends.max() > at or final.empty:
        return None
    return float((final.min() - ends.max()) / A_DAY)


def site_days(raw: RawTables, lines_of: pd.DataFrame) -> int:
    """Return on how many official days sites reported, each day of a site once, without trainings."""
    phases = raw["phase"]
    training = set(phases["id"][phases["kind"] == "training"])
    told = those(lines_of, (phase not in training for phase in lines_of["phase_id"]))
    return len(set(zip(told["site_id"], told["official_day"], strict=True)))


def costs(
    raw: RawTables, days: int, figures: dict[str, float | None], country: str | None
) -> dict[str, dict[str, float]]:
    """Return what was spent for each objective reached and each site-day, by currency (K39); empty where unknown."""
    books, spent = raw["cost_book"], raw["operation_cost"]
    spent = spent[(spent["state"] == "stands") & (spent["stage"] == "spent")]
    spent = spent[(spent["country"] == country) | (country is None)]
    if spent.empty or "complete" not in set(books["state"]):
        return {"K39": {}, "K39 b": {}}
    sums = Counter[str]()
    for currency, many in zip(spent["currency"], spent["amount"], strict=True):
        sums[currency] += many
    aims = raw["kpi_target"]
    reached = sum((figures[kpi] or 0) >= value for kpi, value in zip(aims["kpi"], aims["value"], strict=True))
    by = {"K39": reached if country is None else 0, "K39 b": days}
    return {kpi: {name: many / of for name, many in sums.items()} if of else {} for kpi, of in by.items()}


def intensity(raw: RawTables, lines: pd.DataFrame, counting: pd.DataFrame) -> float | None:
    """Return the checks of sites by those of their posts on the same days of the week of the year before (K10)."""
    phases, months = raw["phase"], raw.of_all["usage_month"]
    if phases.empty or months.empty:
        return None
    begins = min(phases["starts"]).date().replace(day=1)
    months = months[(months["counted"] == "queries") & months["current"].astype(bool)]
    months = those(months, (begins.replace(year=begins.year - 1) <= month < begins for month in months["month"]))
    training = set(phases["id"][phases["kind"] == "training"])
    told = those(counting, (phase not in training for phase in counting["phase_id"]))
    checks = acted(lines, "check_tally")
    checks = checks[column(checks, "check_kind") == "database_query"]
    post_of = raw.of_all["post_site"].set_index("site_id")["post_id"]
    usual = made = 0.0
    for site in told["site_id"].unique():
        days = Counter(day.weekday() for day in set(told["official_day"][told["site_id"] == site]))
        here = months[months["post_id"] == post_of.get(site)]
        for database in here["database"].unique():
            counted = here[here["database"] == database]
            usual += sum(many * a_day(counted, weekday) for weekday, many in days.items())
            made += checks["quantity"][(checks["of_site"] == site) & (checks["database"] == database)].sum()
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


def compare(raw: RawTables, lines: pd.DataFrame, asked: FigureRequest, at: datetime) -> set[str]:
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


def derived(raw: RawTables, lines: pd.DataFrame, asked: FigureRequest, at: datetime) -> dict[str, float | None]:
    """Return the figures beside the board, but for waiting times and costs."""
    frame = asked.frame
    versions = raw["report"]
    of = versions[(versions["country"] == frame.country) | (frame.country is None)]
    return of_lines(lines) | {
        "K10": intensity(raw, lines, _counting(raw, frame)),
        "K30": leads(raw, frame.country),
        "K34": timeliness(of, at),
        "K36": corrections(raw, of),
        "K37": duplicates(raw, frame.country),
        "K38": lag(raw, at),
    }


def _counting(raw: RawTables, frame: BoardFrame) -> pd.DataFrame:
    versions = raw["report"]
    counts = versions["counted"].astype(bool) & (versions["level"] >= frame.level)
    return versions[counts & ((versions["country"] == frame.country) | (frame.country is None))]


def _days(raw: RawTables, frame: BoardFrame) -> int:
    return site_days(raw, _counting(raw, frame))
