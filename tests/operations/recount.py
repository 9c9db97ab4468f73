"""Random verbs by random people on reports of every kind, and a recount of all figures with pandas from raw lines.

The recount reads the rows of lines and reports by SQL and knows the definitions from their words in the catalogue: it
uses nothing of totals, margins, selections of lines or breakdowns.
"""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import select

from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import MusterError
from operations.core.people import System
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, Level, codes
from operations.disclosure.suppression import BoardFrame
from operations.figures import board
from operations.figures.breakdowns import breakdowns
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
from tests.operations.test_lines import FIELDS, line_of
from tests.snapshot_stories import snapshot_draft

TEAMS = {"Niamey": ("bruno", "boubacar", "chaima"), "Agadez": ("bruno", "boubacar", "chaima")}
TEAMS |= {"Bamako": ("mateo", "marie", "moussa")}
CAST = ("ana", "lena", "dov", "bruno", "boubacar", "chaima", "mateo", "marie", "moussa", "cheikh", "binta")
UNSAID = ("", "unknown", "unspecified")
TRANSPORT = ("vehicle", "vessel", "aircraft")
INSPECTED = ("border_inspection", "police_check", "vehicle_inspected", "radiation_check")
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

    def one(self) -> Report | None:
        """Return a report at random, the newest more often."""
        with self.scene.store.reading(System()) as session:
            keys = session.execute(unscoped(sa.select(Report.id).order_by(Report.received_at, Report.id))).all()  # type: ignore[call-overload]
            if not keys:
                return None
            place = max(self.dice.randrange(len(keys)), self.dice.randrange(len(keys)))
            return session.get_one(Report, keys[place][0])

    def lines(self) -> list[dict[str, Any]]:
        """Return up to four lines of any kinds, some of their codes at random."""
        return [self.line(self.dice.choice(sorted(KINDS))) for _line in range(self.dice.choice((0, 1, 1, 2, 4)))]

    def line(self, kind: str) -> dict[str, Any]:
        """Return a line of a kind; what does not fit together is refused like anything else."""
        dice, counts = self.dice, KINDS[kind].COUNTS
        changed: dict[str, Any] = (
            {counts: dice.choice((1, 2, dice.randint(1, 40), dice.randint(1, 900)))} if counts else {}
        )
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
        training = {"phase_id": str(self.scene.training)} if self.dice.random() < 0.1 else {}
        content = form(self.scene, site, day=self.dice.randrange(5), lines=self.lines(), **training)
        self.send("submit", content, TEAMS[site][0])

    def send(self, verb: str, content: dict[str, Any], name: str) -> None:
        """Send what somebody wrote."""
        self.act(verb, name, lambda session, by: reports.submit(session, parse(reports.ReportDraft, content), by))

    def team(self, report: Report) -> tuple[str, tuple[str, str, str]]:
        """Return the site of a report and its people."""
        site = next(name for name, found in self.scene.sites.items() if found == report.site_id)
        return site, TEAMS[site]

    def verify(self) -> None:
        """Lift a report by one level."""
        if report := self.one():
            chain = (*self.team(report)[1][1:], "dov")
            name = chain[min(max(report.level, 1), 3) - 1]
            self.act("verify", name, lambda session, by: verification.verify(session, report.id, by))

    def correct(self) -> None:
        """Replace a report."""
        if report := self.one():
            site, (officer, leader, _coordinator) = self.team(report)
            again = {"report_id": str(report.report_id), "supersedes_id": str(report.id), "correction_reason": "typing"}
            name = leader if report.level >= Level.V3 else officer
            self.send("correct", form(self.scene, site, lines=self.lines()) | again, name)

    def give_back(self) -> None:
        """Return a report to its author."""
        if report := self.one():
            name = self.dice.choice((*self.team(report)[1][1:], "dov"))
            self.act("give back", name, lambda session, by: verification.give_back(session, report.id, BACK, by))

    def withdraw(self) -> None:
        """Withdraw a report."""
        if report := self.one():
            name = self.team(report)[1][2]
            self.act("withdraw", name, lambda session, by: reports.withdraw(session, report.id, "By mistake.", by))

    def answer(self) -> None:
        """Record the answer to a hit."""
        with self.scene.store.reading(System()) as session:
            hits = session.execute(unscoped(sa.select(Line.version_id, Line.id).where(Line.kind == "hit"))).all()  # type: ignore[call-overload]
        if hits:
            version, line = self.dice.choice(sorted(hits, key=str))
            said = self.dice.choice(("confirmed", "refuted", "unresolved"))
            whole = {"confirmation": said, "confirming_country": "ITA", "confirmed_at": self.scene.start.isoformat()}
            whole["confirmed_at"] = (self.scene.start + timedelta(hours=30)).isoformat()
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
        if self.dice.random() < 0.1:
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
    return lines.join(said.drop(columns=[name for name in said if name in lines]), how="left")


def column(lines: pd.DataFrame, name: str) -> "pd.Series[Any]":
    """Return an attribute of lines, "" where one has none."""
    return lines[name].astype(object).fillna("") if name in lines else pd.Series("", index=lines.index, dtype=object)


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
        Kpi.PARTNER_CHECKS: amount(asked & column(lines, "database").isin(["europol", "frontex", "other_partner"])),
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


def apart(lines: pd.DataFrame) -> dict[Kpi, dict[tuple[str, str], int]]:
    """Return the amounts that are never added up, by code and unit."""
    seized = lines["kind"] == "seizure"
    money = seized & lines["unit"].str.fullmatch("[A-Z]{3}")
    goods = seized & ~money & ~column(lines, "commodity").isin(TRANSPORT)
    persons = (lines["kind"] == "check_tally") & (lines["phase_kind"] != "training")
    persons &= (column(lines, "check_kind") == "database_query") & (column(lines, "entity_type") == "person")
    of = {Kpi.ASSETS: (money, "action"), Kpi.GOODS: (goods, "commodity"), Kpi.PERSONS_CHECKED: (persons, "database")}
    return {
        kpi: {
            (str(code), str(unit)): int(many)
            for (code, unit), many in lines[found]
            .assign(code=column(lines[found], by))
            .groupby(["code", "unit"])["quantity"]
            .sum()
            .items()
        }
        for kpi, (found, by) in of.items()
    }


def sides(lines: pd.DataFrame, held: pd.DataFrame, kpi: Kpi, side: str) -> dict[str, int] | None:
    """Return the amounts of a side by code; None for sides that are counted from more than one field."""
    kind = CATALOGUE[kpi].lines.kind
    field = breakdown_fields(KINDS[kind]).get(side)
    if side != "phase" and (field is None or field.said or field.of):
        return None
    by = lines["phase_kind"] if side == "phase" else lines["status"] if side == "confirmation" else column(lines, side)
    amounts = held[kpi].groupby(by).sum()
    return {str(code): int(many) for code, many in amounts.items() if many and code not in UNSAID}


def check(scene: Running, at: datetime = ENDED, countries: Iterable[str] = ("NER", "MLI")) -> None:
    """Compare totals, steps, recount and every figure with its breakdowns at each level, for all and for a country."""
    lines, by = raw_lines(scene), scene["ana"]
    of_lines = holdings(lines)
    with clock.at(at), scene.store.reading(System()) as session:
        assert verification.differences(session, scene.operation) == []
    for level in (Level.V1, Level.V2, Level.V3, Level.V4):
        for country in (None, *countries):
            here = lines[(lines["level"] >= level) & ((lines["country"] == country) | (country is None))]
            frame = BoardFrame(
                scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level, country=country
            )
            with clock.at(at), scene.store.reading(by) as session:
                shown = board.read_board(session, frame, by).figures
                held = of_lines.loc[here.index]
                found, amounts = recounted(held), apart(here)
                assert {kpi: shown[kpi].value for kpi in COUNTED} == found, (level, country)
                for kpi, many in amounts.items():
                    assert {(each.code, each.unit): each.quantity for each in shown[kpi].apart} == many, (kpi, level)
                for kpi in COUNTED if country is None else ():
                    for each in breakdowns(session, frame, kpi, by):
                        own = sides(here, held, kpi, each.side)
                        assert own is None or dict(each.parts) == own, (kpi, each.side, level)
                        assert sum(dict(each.parts).values()) + each.rest == found[kpi] or own is None, (kpi, each.side)


def check_snapshot(scene: Running) -> int:
    """Freeze a snapshot and compare what it tells the centre with the raw lines; the number of its numbers compared."""
    draft, by = snapshot_draft(level="V3", qualifier="≥"), scene["dov"]
    with clock.at(ENDED + timedelta(days=30)), scene.store.unit_of_work(by) as session:
        made = snapshots.prepare(session, scene.operation, draft, by)
    lines = raw_lines(scene)
    here, compared = lines[lines["level"] >= Level.V3], 0
    held = holdings(here)
    found = recounted(held)
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
        if kpi is not None and row["dimension"] == SIDE and code:
            own = sides(here, held, kpi, side)
            assert own is None or own[code] == row["value"], (kpi, row["code"])
            compared += own is not None
    return compared


def fuzz(scene: Running, seed: int, verbs: int, every: int = 100) -> RandomVerbs:
    """Do so many verbs, and compare after every so many, at the end with a snapshot."""
    player = RandomVerbs(scene, seed)
    while player.tried.total() < verbs:
        before = player.tried.total()
        player.step()
        if before // every < player.tried.total() // every:
            check(scene)
    check(scene)
    check_snapshot(scene)
    return player
