"""Figures that no total holds, of an earlier entry: what was told with it, whatever happened to reports, leads, claims,
counts of databases, phases and snapshots since.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from operations.catalogue.kpis import Kpi
from operations.claims import claim_rows, claims
from operations.claims.claim_rows import Claim
from operations.claims.claim_states import ClaimState
from operations.core import clock, journal
from operations.core import history as past
from operations.core.drafts import parse
from operations.core.errors import MusterError
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.derived_figures import disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.infrastructure.usage import UsageMonth
from operations.policing.leads import leads
from operations.policing.leads.rows import Lead
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.policing.reports.versions import Report
from operations.posts import register
from operations.results import restatements
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.results.snapshot_rows import SnapshotState
from operations.timetable.maintenance import verify_all
from tests.claim_stories import ON_NOTICE
from tests.evaluations import ENDED, debriefed, evaluated
from tests.makers import START, Running, arrest, form, hit, lead_draft, phase_draft, send, tally
from tests.operations.steps import climb
from tests.operations.test_restatements import correct
from tests.programme import counted, does, post_of
from tests.snapshot_stories import frozen, prepare, take

TEAMS = {"NER": ("bruno", "boubacar", "chaima", "Niamey"), "MLI": ("mateo", "marie", "moussa", "Bamako")}
READERS: list[tuple[str, Level, str | None]] = [
    ("ana", Level.V1, None),
    ("lena", Level.V3, None),
    ("chaima", Level.V1, "NER"),
    ("moussa", Level.V2, "MLI"),
]
MOVED = ("K07", "K10", "K12", "K30", "K34", "K35", "K35 b", "K36", "K37")
"""Those that a history of reports moves; K38 waits for its end, and K39 for costs."""


def now_of(scene: Running) -> tuple[int, datetime]:
    """The newest entry and its moment."""
    with scene.store.reading(System()) as session:
        newest = journal.pulse(session)
        return newest, session.get_one(journal.Entry, newest).at


def told(scene: Running, reader: tuple[str, Level, str | None], at: int | None = None) -> dict[str, MeasuredValue]:
    """Every figure as this reader is told it, now or with an entry."""
    name, level, country = reader
    frame = BoardFrame(
        scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level, country=country, at=at
    )
    by = scene[name]
    with scene.store.reading(by) as session:
        asked = FigureRequest(session, frame, by, read_board(session, frame, by))
        return {kpi: disclosed_value(each, asked) for kpi, each in COMPUTED_FIGURES.items()}


class History:
    """People do what chance has them do; what is told at each entry is kept, to each reader in turn."""

    def __init__(self, scene: Running, dice: random.Random) -> None:
        self.scene, self.dice, self.at = scene, dice, START + timedelta(hours=13)
        self.kept: dict[int, dict[str, MeasuredValue]] = {}
        self.post = post_of(scene)
        self.months: dict[str, UUID] = {}
        self.keep()

    def keep(self) -> None:
        newest, moment = now_of(self.scene)
        with clock.at(moment):
            self.kept[newest] = told(self.scene, READERS[newest % len(READERS)])

    def do(self, name: str, verb: Callable[..., Any], *given: Any) -> Any:
        """Do it, or be refused, which changes nothing."""
        self.at += timedelta(minutes=self.dice.choice((1, 7, 40)))
        try:
            made = does(self.scene, name, verb, *given, at=self.at)
        except MusterError:
            return None
        self.keep()
        return made

    def some(self, model: Any, *conditions: Any) -> Any:
        with self.scene.store.reading(System()) as session:
            rows = session.exec(select(model).where(*conditions).order_by(*model.__table__.primary_key.columns)).all()
        return self.dice.choice(rows) if rows else None

    def send(self, country: str, **of: Any) -> None:
        officer, *_others, site = TEAMS[country]
        notice = ON_NOTICE | {"notice_ref": self.dice.choice(("A-1/1-2025", "A-2/1-2025"))}
        line = self.dice.choice((arrest(1, **notice), hit(START), tally(50), arrest(3)))
        kind = self.dice.choice(("daily", "daily", "single_event"))
        day = 0 if of else self.dice.choice((0, 0, 0, 1))
        content = form(self.scene, site, day=day, lines=[line], kind=kind) | of
        self.at = max(self.at, START + timedelta(days=day, hours=13))
        self.do(officer, lambda session, by: reports.submit(session, parse(reports.ReportDraft, content), by))

    def one_man(self) -> None:
        """Two countries report him, and it is asked whether he is one."""
        for country in ("NER", "MLI", "NER"):
            lines = [arrest(1, **ON_NOTICE), hit(START)]
            self.send(country, lines=lines, kind="single_event")
        self.claim()

    def submit(self) -> None:
        self.send(self.dice.choice(("NER", "NER", "MLI")))

    def correct(self) -> None:
        if found := self.some(Report):
            again = {"report_id": str(found.report_id), "supersedes_id": str(found.id), "correction_reason": "typing"}
            self.send(found.country, **again)

    def climb(self) -> None:
        if found := self.some(Report):
            for name in (*TEAMS[found.country][1:3], "dov")[: self.dice.randint(1, 3)]:
                self.do(name, lambda session, by: verification.verify(session, found.id, by))

    def take_back(self) -> None:
        if found := self.some(Report):
            back = parse(verification.Return, {"reason": "incomplete"})
            if self.dice.random() < 0.5:
                self.do(TEAMS[found.country][2], lambda s, by: reports.withdraw(s, found.id, "By mistake.", by))
            else:
                self.do(TEAMS[found.country][1], lambda s, by: verification.give_back(s, found.id, back, by))

    def answer_hit(self) -> None:
        line = self.some(reports.Line, reports.Line.kind == "hit")
        if line is not None:
            said = {
                "confirmation": self.dice.choice(("confirmed", "refuted")),
                "reason": "Italy wrote.",
                "confirming_country": "ITA",
                "confirmed_at": (START + timedelta(hours=3)).isoformat(),
            }
            answer = parse(verification.HitAnswer, said)
            self.do("cheikh", lambda s, by: verification.answer_hit(s, line.version_id, line.id, answer, by))

    def lead(self) -> None:
        made = self.do("chaima", lambda session, by: leads.write(session, self.scene.operation, lead_draft(), by))
        self.do("chaima", lambda session, by: leads.share(session, made.id, by))

    def answer_lead(self) -> None:
        if found := self.some(Lead):
            what = self.dice.choice(("accepted", "actioned", "negative"))
            draft = parse(leads.LeadAnswerDraft, {"id": new_id(), "answer": what})
            self.do("moussa", lambda session, by: leads.answer(session, found.id, draft, by))

    def recall_lead(self) -> None:
        if found := self.some(Lead):
            if self.dice.random() < 0.5:
                self.do("chaima", lambda session, by: leads.revoke(session, found.id, "MLI", "Not theirs.", by))
            else:
                self.do("chaima", lambda session, by: leads.share(session, found.id, by))

    def claim(self) -> None:
        self.do("dov", lambda session, by: claims.suspect(session, self.scene.operation, by))
        if found := self.some(Claim):
            with self.scene.store.reading(System()) as session:
                lines = claim_rows.lines_of(session, [found.id])[found.id]
            draft = parse(claims.OpenDraft, {"counts": claims.key_of(lines[0]), "role": "requesting"})
            self.do("dov", lambda session, by: claims.open_claim(session, found.id, draft, by))
            same = parse(claims.ClaimAnswerDraft, {"same": "yes", "words": "As we know."})
            for name in ("chaima", "moussa")[: self.dice.randint(0, 2)]:
                self.do(name, lambda session, by: claims.answer(session, found.id, same, by))
            if self.dice.random() < 0.3:
                self.do("ana", lambda s, by: claims.take(s, found.id, ClaimState.OPEN, by, "The prints differ."))

    def count(self) -> None:
        self.do("chaima", register.link, self.post.id, self.scene.sites["Niamey"])
        month = self.dice.choice(("2026-01-10", "2026-02-10"))
        more: dict[str, Any] = {"replaces": self.months[month]} if month in self.months else {}
        self.at += timedelta(minutes=1)
        made = counted(self.scene, self.post, month, self.dice.randint(100, 900), at=self.at, **more)
        self.months[month] = made.id
        self.keep()

    def move_the_phase(self) -> None:
        days = timedelta(days=self.dice.randint(2, 9))
        draft = phase_draft("operational", START, START + days, id=self.scene.phase, name=f"{days}")
        self.do("ana", lambda session, by: plan.schedule(session, self.scene.operation, draft, by))

    def night(self) -> None:
        """A day passes: whether an event was told in time is known only then."""
        self.at += timedelta(days=1)
        self.submit()

    ACTS = (
        *((submit, correct, climb, take_back, answer_hit, count) * 2),
        climb,
        climb,
        submit,
        lead,
        answer_lead,
        answer_lead,
        recall_lead,
        claim,
        claim,
        move_the_phase,
    )


BEGINS = (History.one_man, History.lead, History.count, History.answer_lead, History.count, History.climb)
"""Chance seldom tells it in so few steps."""


def test_a_figure_of_any_entry_is_what_was_told_with_it(scene: Running) -> None:
    """Each storage has a history of its own."""
    dice = random.Random(scene.store.url.get_backend_name())
    history = History(scene, dice)
    for act in (*BEGINS, *dice.choices(History.ACTS, k=10), History.night):
        act(history)
    for entry, then in history.kept.items():
        assert told(scene, READERS[entry % len(READERS)], entry) == then, entry
    with scene.store.reading(System()) as session:
        assert past.differences(session, scene.operation) == past.differences(session) == []
    values = {kpi: {repr(then[kpi]) for then in history.kept.values()} for kpi in MOVED}
    assert [kpi for kpi, ever in values.items() if len(ever) < 2] == []


def test_the_lag_of_an_entry_before_the_publication_is_still_open(scene: Running) -> None:
    climb(scene, send(scene, form(scene)).id, "boubacar", "chaima", "dov")
    debriefed(scene)
    frozen(scene, SnapshotState.SIGNED, level="V4")
    entry, then = now_of(scene)[0], told(scene, READERS[0])["K38"]
    frozen(scene, SnapshotState.PUBLISHED, at=ENDED + timedelta(days=20), level="V4")
    with clock.at(ENDED + timedelta(days=30)):
        assert told(scene, READERS[0])["K38"].value is not None
        assert told(scene, READERS[0], entry)["K38"].value is then.value is None
        assert told(scene, READERS[0], now_of(scene)[0])["K38"].value is not None


def test_what_a_snapshot_restates_is_so_from_its_publication_on(scene: Running) -> None:
    """What it froze was changed while it was signed: nobody could see it then, and no figure was called restated."""
    content = form(scene, lines=[tally(500)])
    climb(scene, send(scene, content).id, "boubacar", "chaima")
    made = prepare(evaluated(scene), level="V3")
    for state in (SnapshotState.COORDINATED, SnapshotState.SIGNED):
        made = take(scene, made, state)
    again = correct(scene, content, [tally(400)], "chaima", "typing", 24 * 7)
    climb(scene, again.id, "boubacar", "cheikh")
    before = now_of(scene)[0]
    take(scene, made, SnapshotState.PUBLISHED)
    marked = Classification.FOR_OFFICIAL_USE
    amounts = []
    for at in (before, now_of(scene)[0], None):
        with scene.store.reading(scene["ana"]) as session:
            of = BoardFrame(scene.operation, "Africa/Niamey", marked, at=at)
            changed = restatements.restated_since_export(session, of, scene["ana"])
            amounts.append({kpi: each.by for kpi, each in changed.items()})
    assert amounts == [{}, {Kpi.DATABASE_CHECKS: -100}, {Kpi.DATABASE_CHECKS: -100}]


def test_leadership_is_told_what_the_coordination_is_told(scene: Running) -> None:
    """What a storage shows of rows by country does not make a figure of the whole a figure of one."""
    made = send(scene, form(scene, kind="single_event", lines=[hit(START), arrest(1, **ON_NOTICE)]))
    climb(scene, made.id, "boubacar", "chaima")
    lead = does(scene, "chaima", leads.write, scene.operation, lead_draft(), at=START)
    does(scene, "chaima", leads.share, lead.id, at=START)
    own = ("ana", Level.V3, None), ("lena", Level.V3, None)
    for at in (None, now_of(scene)[0]):
        first, second = (told(scene, reader, at) for reader in own)
        assert {kpi: first[kpi] for kpi in MOVED} == {kpi: second[kpi] for kpi in MOVED}
        assert {kpi for kpi in MOVED if second[kpi] == MeasuredValue()} == {"K37"}


def test_rows_that_changed_past_the_verbs_are_found(scene: Running) -> None:
    made = send(scene, form(scene))
    post = post_of(scene)
    does(scene, "chaima", register.link, post.id, scene.sites["Niamey"])
    month = counted(scene, post, "2026-02-10", 280)
    assert verify_all(scene.store, None).sound
    with scene.store.unit_of_work(System()) as session:
        session.connection().execute(sa.update(Report).where(col(Report.id) == made.id).values(counted=False))
        session.connection().execute(sa.update(UsageMonth).where(col(UsageMonth.id) == month.id).values(current=False))
    with scene.store.reading(System()) as session:
        assert past.differences(session, scene.operation) == [("report", str(made.id))]
        assert past.differences(session) == [("usage_month", str(month.id))]
    assert not verify_all(scene.store, None).sound
