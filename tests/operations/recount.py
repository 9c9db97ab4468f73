"""Random verbs by random people on reports of every kind, and a recount of all figures with pandas from raw lines.

The recount reads the rows of lines and reports by SQL and knows the definitions from their words in the catalogue: it
uses nothing of totals, margins, selections of lines or breakdowns.
"""

import random
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlmodel import select

from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import MusterError
from operations.core.journal import Entry
from operations.core.people import System
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, Level, ReportState, codes
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.figures.breakdowns import breakdowns
from operations.figures.derived_figures import DERIVED_FIGURES
from operations.figures.durations import FigureRequest
from operations.lines.kinds import KINDS
from operations.lines.line import breakdown_fields
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.policing.reports.versions import Line, Report
from operations.results import snapshots
from operations.results.disclosed_figures import TOTAL
from operations.results.snapshot_details import SIDE
from operations.results.snapshot_rows import CENTRE, SnapshotFigure
from operations.totals.claim_adjustments import SAME, ClaimAdjustment
from tests.evaluations import ENDED
from tests.makers import Running, form, let_out
from tests.operations.rate_recount import (
    Lines,
    RawTables,
    Row,
    acted,
    by_kind,
    compare,
    of_board,
    of_lines,
    queries,
    shares,
)
from tests.operations.test_lines import FIELDS, line_of
from tests.snapshot_stories import snapshot_draft

TEAMS = {"Niamey": ("bruno", "boubacar", "chaima"), "Agadez": ("bruno", "boubacar", "chaima")}
TEAMS |= {"Bamako": ("mateo", "marie", "moussa")}
CAST = ("ana", "lena", "dov", "bruno", "boubacar", "chaima", "mateo", "marie", "moussa", "cheikh", "binta")
UNSAID = ("", "unknown", "unspecified")
TRANSPORT = ("vehicle", "vessel", "aircraft")
INSPECTED = ("border_inspection", "police_check", "vehicle_inspected", "radiation_check")
CLIMBING = (ReportState.SUBMITTED, ReportState.LOCALLY_VERIFIED, ReportState.NATIONALLY_VALIDATED)
KINDS_OF_LINES = sorted(KINDS)
_REPORTS = unscoped(sa.select(Report.id, Report.state).order_by(Report.received_at, Report.id))  # type: ignore[call-overload]
_HITS = unscoped(
    sa.select(Line.version_id, Line.id, Report.counted)  # type: ignore[call-overload]
    .join(Report.__table__, Line.version_id == Report.id)  # type: ignore[attr-defined]
    .where(Line.kind == "hit")
    .order_by(Report.received_at, Line.version_id, Line.id)
)
CLIMBS = {"report.verify": "K35", "report.validate": "K35 b", "report.consolidate": "K35 c"}
VERSIONS = ["id", "report_id", "version", "country", "received_at", "counted", "level"]
BACK = parse(verification.Return, {"reason": "incomplete"})


class RandomVerbs:
    """Does random things to the reports of an operation. `tried` and `done` count the verbs; the rest were refused."""

    def __init__(self, scene: Running, seed: int) -> None:
        self.scene, self.dice, self.at = scene, random.Random(seed), ENDED
        self.tried, self.done = Counter[str](), Counter[str]()

    def __repr__(self) -> str:
        return f"{dict(self.done)} of {dict(self.tried)}"

    def act(self, verb: str, name: str, do: Any) -> Any:
        """Do it as somebody, who may be refused; one time in five it is anybody."""
        self.at += timedelta(minutes=1)
        by = self.scene[name if self.dice.random() < 0.8 else self.dice.choice(CAST)]
        self.tried[verb] += 1
        try:
            with clock.at(self.at), self.scene.store.unit_of_work(by) as session:
                made = do(session, by)
        except MusterError:
            return None
        self.done[verb] += 1
        return made

    def one(self, states: Container[str]) -> Report | None:
        """Return a report in one of these states, the newest more often; one time in ten any, to be refused."""
        anyone = self.dice.random() < 0.1
        with self.scene.store.reading(System()) as session:
            rows = session.execute(_REPORTS).all()
            known = [key for key, state in rows if anyone or state in states]
            if not known:
                return None
            place = max(self.dice.randrange(len(known)), self.dice.randrange(len(known)))
            return session.get_one(Report, known[place])

    def content(self, day: int) -> dict[str, Any]:
        """Return up to four lines of any kinds, some of their codes at random; a nil report without any."""
        lines = [self.line(self.dice.choice(KINDS_OF_LINES), day) for _line in range(self.dice.choice((0, 1, 1, 2, 4)))]
        return {"lines": lines, "kind": "daily" if lines or self.dice.random() < 0.1 else "nil"}

    def line(self, kind: str, day: int) -> dict[str, Any]:
        """Return a line of a kind; what does not fit together is refused like anything else."""
        dice, counts = self.dice, KINDS[kind].COUNTS
        changed: dict[str, Any] = (
            {counts: dice.choice((1, 2, dice.randint(1, 40), dice.randint(1, 900)))} if counts else {}
        )
        if kind == "hit":
            changed["raw_at"] = (self.scene.start + timedelta(days=day, hours=dice.randrange(1, 12))).isoformat()
        for field in FIELDS[kind]:
            if field.codes and field.name != "qualifier" and dice.random() < 0.15:
                changed[field.name] = dice.choice(codes(field.codes))
        return line_of(kind, **changed)

    def step(self) -> None:
        """Do one thing."""
        verbs = (self.submit, self.submit, self.submit, self.verify, self.verify, self.verify, self.verify)
        self.dice.choice((*verbs, self.correct, self.give_back, self.withdraw, self.answer, self.share, self.release))()

    def submit(self) -> None:
        """Send a report."""
        site = self.dice.choice(sorted(TEAMS))
        trained = self.dice.random() < 0.1
        day, training = (-1, {"phase_id": str(self.scene.training)}) if trained else (self.dice.randrange(5), {})
        self.send("submit", form(self.scene, site, day=day, **self.content(day), **training), TEAMS[site][0])

    def send(self, verb: str, content: dict[str, Any], name: str) -> None:
        """Send what somebody wrote."""
        self.act(verb, name, lambda session, by: reports.submit(session, parse(reports.ReportDraft, content), by))

    def team(self, report: Report) -> tuple[str, tuple[str, str, str]]:
        """Return the site of a report and its people."""
        site = next(name for name, found in self.scene.sites.items() if found == report.site_id)
        return site, TEAMS[site]

    def verify(self) -> None:
        """Lift a report by one level."""
        if report := self.one(CLIMBING):
            chain = (*self.team(report)[1][1:], "dov")
            name = chain[min(max(report.level, 1), 3) - 1]
            self.act("verify", name, lambda session, by: verification.verify(session, report.id, by))

    def correct(self) -> None:
        """Replace a report."""
        if report := self.one((*CLIMBING, ReportState.CONSOLIDATED, ReportState.RETURNED)):
            site, (officer, leader, _coordinator) = self.team(report)
            again = {"report_id": str(report.report_id), "supersedes_id": str(report.id), "correction_reason": "typing"}
            name = leader if report.level >= Level.V3 else officer
            day = (report.period_from - self.scene.start).days
            phase = {"phase_id": str(report.phase_id)}
            self.send("correct", form(self.scene, site, day=day, **self.content(day), **phase) | again, name)

    def give_back(self) -> None:
        """Return a report to its author."""
        if report := self.one(CLIMBING):
            chain = (*self.team(report)[1][1:], "dov")
            name = chain[min(max(report.level, 1), 3) - 1]
            self.act("give back", name, lambda session, by: verification.give_back(session, report.id, BACK, by))

    def withdraw(self) -> None:
        """Withdraw a report."""
        if report := self.one((*CLIMBING, ReportState.CONSOLIDATED, ReportState.RETURNED)):
            name = self.team(report)[1][2]
            self.act("withdraw", name, lambda session, by: reports.withdraw(session, report.id, "By mistake.", by))

    def answer(self) -> None:
        """Record the answer to a hit."""
        with self.scene.store.reading(System()) as session:
            hits = session.execute(_HITS).all()
        known = [key for *key, counted in hits if counted or self.dice.random() < 0.1]
        if known:
            version, line = self.dice.choice(known)
            said = self.dice.choice(("confirmed", "refuted", "unresolved"))
            whole = {"confirmation": said, "reason": self.dice.choice(("", "It was a mistake.", "It was a mistake."))}
            if said != "unresolved":
                whole |= {"confirming_country": "ITA"}
                whole["confirmed_at"] = (self.scene.start + timedelta(days=6)).isoformat()
            self.act(
                "answer",
                "cheikh",
                lambda session, by: verification.answer_hit(
                    session, version, line, parse(verification.HitAnswer, whole), by
                ),
            )

    def share(self) -> None:
        """Say whether a country shares its totals."""
        name, shares = self.dice.choice(("chaima", "moussa")), self.dice.random() < 0.7
        self.act(
            "share",
            name,
            lambda session, by: plan.answer(session, self.scene.operation, by, accept=True, shares_totals=shares),
        )

    def release(self) -> None:
        """Do what the timetable does for guarded figures, now and then."""
        if self.dice.random() < 0.05:
            with clock.at(self.at):
                let_out(self.scene)
            self.tried["release"] += 1
            self.done["release"] += 1


# ------------------------------------------------------------------------------------------------------- the recount


def raw_lines(scene: Running) -> pd.DataFrame:
    """Return every line of a version that counts, one a row: its columns and its attributes.

    Without those that a claim found to be of one event with another line, which counts.
    """
    query = (
        sa.select(Line.__table__, Report.level, Report.report_id, Report.site_id.label("of_site"))  # type: ignore[attr-defined]
        .join(Report.__table__, Line.version_id == Report.id)  # type: ignore[attr-defined, arg-type]
        .where(Report.counted.is_(True), Report.operation_id == scene.operation)  # type: ignore[attr-defined, arg-type]
    )
    with scene.store.reading(System()) as session:
        told_twice = {
            name
            for claim in session.exec(unscoped(select(ClaimAdjustment).where(ClaimAdjustment.found == SAME)))
            for *_sides, counts, _quantity, _facet, name in claim.lines
            if not counts
        }
        rows = [
            dict(row)
            for row in session.execute(unscoped(query)).mappings()
            if f"{row['report_id']}:{row['id']}" not in told_twice
        ]
    columns = ["kind", "phase_kind", "country", "quantity", "level", "unit", "status", "official_day", "attributes"]
    lines = pd.DataFrame(rows, columns=[*columns, "of_site"])
    said = pd.DataFrame([dict(each) for each in lines.pop("attributes")], index=lines.index)
    told = said.drop(columns=[name for name in said if name in lines])
    return lines.join(told.astype(object).where(told.notna(), ""), how="left")


def column(lines: pd.DataFrame, name: str) -> "pd.Series[Any]":
    """Return an attribute of lines, "" where one has none."""
    return lines[name] if name in lines else pd.Series("", index=lines.index, dtype=object)


def holdings(lines: pd.DataFrame) -> pd.DataFrame:
    """Return how much each line holds of each counted figure, as its formula says: a column for each figure."""
    kind = lines["kind"]
    acted = lines["phase_kind"] != "training"

    def rows(name: str, **where: Any) -> "pd.Series[Any]":
        found = kind == name
        for field, listed in where.items():
            found &= column(lines, field).isin(list(listed))
        return found

    def amount(found: "pd.Series[Any]") -> "pd.Series[Any]":
        return lines["quantity"].where(found, 0)

    asked, hits = rows("check_tally", check_kind=["database_query"]) & acted, (kind == "hit") & acted
    seized = rows("seizure", commodity=TRANSPORT, action=("seized", "recovered")) & (lines["unit"] == "piece")
    held = {
        Kpi.DATABASE_CHECKS: amount(asked),
        Kpi.INSPECTIONS: amount(rows("check_tally", check_kind=INSPECTED) & acted),
        Kpi.PARTNER_CHECKS: amount(asked & column(lines, "database").isin(["europol", "partner"])),
        Kpi.FLIGHTS_VESSELS: amount(rows("check_tally", check_kind=("flight_monitored", "vessel_inspected")) & acted),
        Kpi.RAW_HITS: hits.astype(int),
        Kpi.CONFIRMED_HITS: (hits & (lines["status"] == "confirmed")).astype(int),
        Kpi.ARRESTS: amount(kind == "arrest"),
        Kpi.LOCATED: amount(kind == "positive_location"),
        Kpi.DETECTIONS: amount(kind == "migrant_detection"),
        Kpi.POTENTIAL_VICTIMS: amount(rows("potential_victim", status=("potential", "identified", "declined"))),
        Kpi.REFERRALS: amount(kind == "protection_referral"),
        Kpi.CASUALTIES: amount(kind == "casualty"),
        Kpi.DOCUMENTS: amount(kind == "document_seizure"),
        Kpi.VEHICLES: amount(seized),
        Kpi.INVESTIGATIONS: amount(kind == "investigation"),
        Kpi.GROUPS: amount(rows("group", grade=["dismantled"])),
        Kpi.NOTICES: amount(rows("notice", action=["published"])),
        Kpi.OFFICER_DAYS: amount((kind == "officers") & (lines["unit"] == "officer_day")),
        Kpi.TRAINED: amount(kind == "trainees"),
    }
    return pd.DataFrame(held, index=lines.index)


def recounted(held: pd.DataFrame) -> dict[Kpi, int]:
    """Return the counted figures of lines that hold so much."""
    return {kpi: int(held[kpi].sum()) for kpi in held}


def apart(lines: Lines) -> dict[Kpi, dict[tuple[str, str], int]]:
    """Return the amounts that are never added up, by code and unit."""
    money, goods = list[Row](), list[Row]()
    for row in lines["seizure"]:
        if len(row["unit"]) == 3 and row["unit"].isupper():
            money.append(row)
        elif row.get("commodity", "") not in TRANSPORT:
            goods.append(row)
    persons = [row for row in queries(lines) if row.get("entity_type") == "person"]
    of = {Kpi.ASSETS: (money, "action"), Kpi.GOODS: (goods, "commodity"), Kpi.PERSONS_CHECKED: (persons, "database")}
    return {
        kpi: summed(((row.get(by, ""), row["unit"]) for row in found), (row["quantity"] for row in found))
        for kpi, (found, by) in of.items()
    }


def summed(keys: Iterable[Any], amounts: Iterable[float]) -> dict[Any, int]:
    """Return the sum of the amounts of each key, without those of nothing."""
    found = Counter[Any]()
    for key, many in zip(keys, amounts, strict=True):
        found[key] += int(many)
    return {key: many for key, many in found.items() if many}


def sides(lines: pd.DataFrame, held: pd.DataFrame, kpi: Kpi, side: str) -> dict[str, int] | None:
    """Return the amounts of a side by code; None for sides that are counted from more than one field."""
    kind = CATALOGUE[kpi].lines.kind
    field = breakdown_fields(KINDS[kind]).get(side)
    if side != "phase" and (field is None or field.said or field.of):
        return None
    by = lines["phase_kind"] if side == "phase" else lines["status"] if side == "confirmation" else column(lines, side)
    return {str(code): many for code, many in summed(by, held[kpi]).items() if code not in UNSAID}


def raw_versions(scene: Running) -> tuple[Sequence[Row], Sequence[Row]]:
    """Return every version of a report of the operation, and every entry that lifted one, in order."""
    lifts = sa.select(Entry.object_id, Entry.act, Entry.at).where(Entry.act.in_(CLIMBS))  # type: ignore[call-overload, attr-defined]
    told = sa.select(*(getattr(Report, name) for name in VERSIONS)).where(Report.operation_id == scene.operation)  # type: ignore[arg-type]
    with scene.store.reading(System()) as session:
        versions = session.execute(unscoped(told)).mappings().all()
        entries = session.execute(unscoped(lifts.order_by(Entry.seq))).mappings().all()
    return [dict(row) for row in versions], [dict(row) for row in entries]


def waiting_times(
    lines: Lines, versions: Sequence[Row], entries: Sequence[Row], at: datetime
) -> dict[str, float | None]:
    """Return the medians of K07 and K35 in hours, from raw rows of lines at a level, versions and the journal."""
    hits = acted(lines, "hit")
    over = [row["status"] in ("confirmed", "refuted") for row in hits]
    until = [moment(row["confirmed_at"]) if done else at for row, done in zip(hits, over, strict=True)]
    spans = [end - moment(row["raw_at"]) for row, end in zip(hits, until, strict=True)]
    found = {"K07": median_wait(spans, over)}
    known = since = {row["id"]: row["received_at"] for row in versions}
    for reached, (act, figure) in enumerate(CLIMBS.items(), start=1):
        acts = [row for row in entries if row["act"] == act and row["object_id"] in known]
        came = {row["object_id"]: row["at"] for row in acts}
        stay = [row["id"] for row in versions if row["counted"] and row["level"] == reached]
        waits = [at - since[key] for key in stay if key in since]
        ended = [lifted - since[key] for key, lifted in came.items() if key in since]
        found[figure] = median_wait([*ended, *waits], [True] * len(ended) + [False] * len(waits))
        since = came | answered_since(versions, came, reached + 1)
    return found


def moment(said: str) -> datetime:
    """Return the moment that a line tells."""
    found = datetime.fromisoformat(said)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def answered_since(versions: Iterable[Row], came: Mapping[Any, datetime], level: int) -> dict[Any, datetime]:
    """Return since when versions have a level to which nobody lifted them: those that the answer to a hit made.

    They have it from the version before them, which was lifted.
    """
    lifted, found = dict[Any, datetime](), dict[Any, datetime]()
    for row in sorted(versions, key=lambda row: row["version"]):
        if row["id"] in came:
            lifted[row["report_id"]] = came[row["id"]]
        elif row["level"] >= level and row["report_id"] in lifted:
            found[row["id"]] = lifted[row["report_id"]]
    return found


def median_wait(spans: Sequence[timedelta], over: Sequence[bool]) -> float | None:
    """Return the time in hours at which the curve of Kaplan and Meier reaches one half; None where it does not."""
    lasting = Fraction(1)
    for span in sorted({each for each, ended in zip(spans, over, strict=True) if ended}):
        at_risk = sum(each >= span for each in spans)
        lasting *= 1 - Fraction(sum(each == span for each, ended in zip(spans, over, strict=True) if ended), at_risk)
        if lasting <= Fraction(1, 2):
            return span.total_seconds() / 3600
    return None


def check(scene: Running, at: datetime = ENDED, countries: Iterable[str] = ("NER", "MLI")) -> set[str]:
    """Compare totals, steps, recount and every figure with its breakdowns at each level, for all and for a country.

    Return the figures that no total holds and that had a value.
    """
    lines, by, raw, met = raw_lines(scene), scene["ana"], RawTables(scene.store, scene.operation), set[str]()
    (versions, entries), of_lines, of_kinds = raw_versions(scene), holdings(lines), by_kind(lines)
    with clock.at(at), scene.store.reading(System()) as session:
        assert verification.differences(session, scene.operation) == []
    for level in (Level.V1, Level.V2, Level.V3, Level.V4):
        for country in (None, *countries):
            here = lines[(lines["level"] >= level) & ((lines["country"] == country) | (country is None))]
            frame = BoardFrame(
                scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level, country=country
            )
            with clock.at(at), scene.store.reading(by) as session:
                read = board.read_board(session, frame, by)
                shown = read.figures
                held = of_lines.loc[here.index]
                told = of_board(of_kinds, level, country)
                found, amounts = recounted(held), apart(told)
                wrong = {kpi: (shown[kpi].value, found[kpi]) for kpi in COUNTED if shown[kpi].value != found[kpi]}
                assert not wrong, (level, country, wrong)
                asked = FigureRequest(session, frame, by, read)
                met |= compare(raw, told, asked, at)
                of = [row for row in versions if country in (None, row["country"])]
                for figure, hours in waiting_times(told, of, entries, at).items():
                    said = DERIVED_FIGURES[figure].read(asked).value
                    assert said == pytest.approx(hours), (figure, level, country, said, hours)
                for kpi, many in amounts.items():
                    assert {(each.code, each.unit): each.quantity for each in shown[kpi].apart} == many, (kpi, level)
                for kpi in COUNTED if country is None else ():
                    for each in breakdowns(session, frame, kpi, by):
                        own = sides(here, held, kpi, each.side)
                        assert own is None or dict(each.parts) == own, (kpi, each.side, level)
                        assert sum(dict(each.parts).values()) + each.rest == found[kpi] or own is None, (kpi, each.side)
    return met


def check_snapshot(scene: Running) -> int:
    """Freeze a snapshot and compare what it tells the centre with the raw lines; the number of its numbers compared."""
    draft, by = snapshot_draft(level="V3", qualifier="≥"), scene["dov"]
    with clock.at(ENDED + timedelta(days=30)), scene.store.unit_of_work(by) as session:
        made = snapshots.prepare(session, scene.operation, draft, by)
    lines = raw_lines(scene)
    here, compared = lines[lines["level"] >= Level.V3], 0
    held = holdings(here)
    told = by_kind(here)
    found, parts, beside = recounted(held), shares(told), of_lines(told)
    with scene.store.reading(System()) as session:
        query = sa.select(SnapshotFigure.__table__).where(  # type: ignore[attr-defined]
            SnapshotFigure.snapshot_id == made.id,
            SnapshotFigure.audience == CENTRE,  # type: ignore[arg-type]
        )
        rows = session.execute(unscoped(query)).mappings().all()
        assert snapshots.broken(session, scene.operation) == []
    for row in rows:
        kpi = next((kpi for kpi in COUNTED if kpi == row["kpi"]), None)
        side, _space, code = row["code"].partition(" ")
        if kpi is not None and row["dimension"] == TOTAL:
            assert row["value"] == found[kpi], kpi
            compared += 1
        if row["dimension"] == TOTAL and row["kpi"] in parts and parts[row["kpi"]]:
            first, whole = next(iter(parts[row["kpi"]].values())), sum(parts[row["kpi"]].values())
            assert (row["n"], row["of"]) == (first, whole), row["kpi"]
            assert row["value"] == pytest.approx(100 * first / whole if whole else None), row["kpi"]
            compared += 1
        if row["dimension"] == TOTAL and row["kpi"] in beside:
            assert row["value"] == pytest.approx(beside[row["kpi"]]), row["kpi"]
            compared += 1
        if kpi is not None and row["dimension"] == SIDE and code:
            own = sides(here, held, kpi, side)
            assert own is None or own[code] == row["value"], (kpi, row["code"])
            compared += own is not None
    return compared


def fuzz(scene: Running, seed: int, verbs: int, every: int = 100) -> RandomVerbs:
    """Do so many verbs, and compare after every so many, at the end with a snapshot."""
    player = RandomVerbs(scene, seed)
    for so_many in range(every, verbs + 1, every):
        while player.tried.total() < so_many:
            player.step()
        check(scene)
    check_snapshot(scene)
    return player
