"""Figures of fugitives and of teams (K32, K40 to K47, K49) of an earlier entry: what each was told with it."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

from operations.core import clock, journal
from operations.core import history as past
from operations.core.drafts import parse
from operations.core.errors import MusterError
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import Classification
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.domain_figures import DOMAIN_FIGURES, disclosed_value
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.policing.fugitives import appeals, erasure
from operations.policing.fugitives.case_rows import FugitiveCase
from operations.policing.fugitives.sightings import FugitiveLocation
from operations.policing.leads import leads
from operations.policing.leads.rows import Lead
from operations.policing.operation import withholding
from operations.support import requests
from operations.support.requests import SupportRequest
from operations.timetable.maintenance import verify_all
from tests.makers import Running
from tests.operations.sweeps import AT, Sweep, sweep_in
from tests.teams import need, on_site, raise_request, report

READERS = ("ana", "dov", "lena", "chaima", "moussa")
OF = {"NER": "chaima", "MLI": "moussa"}
REMEMBERED = sorted(set(DOMAIN_FIGURES) - {"K22"})
ROAD = ("target", "under_review", "released", "not_extraditable", "deceased", "notice_withdrawn")


def stands(scene: Running, name: str, at: int | None = None) -> dict[str, MeasuredValue]:
    """Each of the figures as this reader is told it, now or with an entry."""
    by, frame = scene[name], BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, at=at)
    with scene.store.reading(by) as session:
        asked = FigureRequest(session, frame, by, read_board(session, frame, by, numbered=False))
        return {kpi: disclosed_value(DOMAIN_FIGURES[kpi], asked) for kpi in REMEMBERED}


class History:
    """Two countries and the centre do what chance has them do; what each was told at each entry is kept."""

    def __init__(self, scene: Running, dice: random.Random) -> None:
        self.scene, self.cast, self.dice = scene, Sweep(sweep_in(scene)), dice
        self.at: datetime = AT
        self.kept: dict[tuple[int, str], dict[str, MeasuredValue]] = {}
        self.keep()

    def keep(self) -> None:
        with self.scene.store.reading(System()) as session:
            newest = journal.pulse(session)
            moment = session.get_one(journal.Entry, newest).at
        with clock.at(moment):
            self.kept |= {(newest, name): stands(self.scene, name) for name in READERS}

    def do(self, act: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """Do it, or be refused, which changes nothing."""
        self.at += timedelta(minutes=self.dice.choice((1, 7, 400)))
        try:
            with clock.at(self.at):
                made = act(*given, **more)
        except MusterError:
            return None
        self.keep()
        return made

    def some(self, model: Any, *conditions: Any) -> Any:
        with self.scene.store.reading(System()) as session:
            rows = session.exec(select(model).where(*conditions).order_by(*model.__table__.primary_key.columns)).all()
        return self.dice.choice(rows) if rows else None

    def as_(self, name: str, verb: Callable[..., Any], *given: Any, **more: Any) -> Any:
        with self.cast.as_(name) as session:
            return verb(session, *given, self.scene[name], **more)

    # ------------------------------------------------------------------------------------------------ what is done

    def begin(self) -> None:
        made = self.do(self.cast.nominate, self.dice.choice(("chaima", "chaima", "moussa")), believed_in=[])
        self.do(self.cast.check, made.id)
        self.do(self.cast.move, made.id, "target", "ana")
        self.do(self.cast.move, made.id, "under_review", "dov")

    def lead(self) -> None:
        if case := self.some(FugitiveCase):
            self.do(self.cast.check, case.id)
            self.do(self.cast.lead, case, *({"NER", "MLI"} - {case.requesting_country}))

    def reply(self) -> None:
        if part := self.some(leads.LeadCountry):
            with self.scene.store.reading(System()) as session:
                lead = session.get_one(Lead, part.lead_id)
            self.do(self.cast.reply, lead, self.dice.choice(("positive", "negative", "accepted")), OF[part.country])

    def recall(self) -> None:
        if part := self.some(leads.LeadCountry):
            self.do(self.as_, "dov", leads.revoke, part.lead_id, part.country, "Not theirs.")

    def find(self) -> None:
        if case := self.some(FugitiveCase, FugitiveCase.state == "lead_out"):
            for name in OF.values():
                self.do(self.cast.locate, case.id, name)

    def answer(self) -> None:
        if place := self.some(FugitiveLocation, FugitiveLocation.state == "reported"):
            whose, there = OF[place.requesting_country], OF[place.country]
            self.do(self.cast.answer, place.id, self.dice.random() < 0.9, whose)
            self.do(self.cast.arrest, place.id, there)
            self.do(self.cast.identify, place.id, self.dice.random() < 0.8, whose)

    def surrender(self) -> None:
        for case in (self.some(FugitiveCase), self.some(FugitiveCase, FugitiveCase.state == "arrested")):
            if case is not None:
                self.do(self.cast.move, case.id, "surrendered", OF[case.requesting_country])

    def move(self) -> None:
        if case := self.some(FugitiveCase):
            for name in ("ana", "dov", *OF.values()):
                self.do(self.cast.move, case.id, self.dice.choice(ROAD), name, "It is so.")

    def appeal(self) -> None:
        for case in (self.some(FugitiveCase), self.some(FugitiveCase)):
            self.do(self.cast.check, case.id)
            self.do(self.cast.flag, case.id, OF[case.requesting_country])
            self.do(self.cast.flag, case.id, "ana")
        if made := self.do(self.as_, "ana", appeals.freeze, self.scene.operation, new_id()):
            self.do(self.as_, "ana", appeals.publish, made.id)

    def tips(self) -> None:
        if item := self.some(appeals.AppealItem, appeals.AppealItem.dropped == ""):
            draft = parse(appeals.TipsDraft, {"id": new_id(), "case_id": item.case_id, "received": 3})
            self.do(self.as_, OF[item.requesting_country], appeals.record_tips, draft)

    def team(self) -> None:
        made = self.do(on_site, self.scene, at=self.at, starts=self.at, ends=self.at + timedelta(days=9))
        if made is not None and self.dice.random() < 0.5:
            self.do(report, self.scene, "leave_site", made.id, at=self.at + timedelta(hours=2))

    def ask(self) -> None:
        later = need(starts=self.at, ends=self.at + timedelta(days=9))
        place = {"host_country": "MLI", "site_id": self.scene.sites["Bamako"]}
        self.do(raise_request, self.scene, later, by="moussa", at=self.at, **place)
        if asked := self.some(SupportRequest, SupportRequest.state == "raised"):
            self.do(self.as_, "ana", self.dice.choice((requests.ask_countries, requests.close)), asked.id)

    ACTS = (
        begin,
        lead,
        lead,
        reply,
        reply,
        recall,
        find,
        find,
        answer,
        answer,
        surrender,
        move,
        appeal,
        tips,
        team,
        ask,
    )


FIRST = (
    History.begin,
    History.begin,
    History.appeal,
    History.tips,
    History.lead,
    History.find,
    History.answer,
    History.surrender,
    History.begin,
    History.lead,
    History.find,
    History.answer,
    History.surrender,
    History.reply,
    History.recall,
    History.team,
    History.ask,
    History.tips,
)
"""Chance seldom tells it in so few steps."""


@pytest.fixture
def history(scene: Running) -> History:
    return History(scene, random.Random(scene.store.url.get_backend_name()))


@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.rest)])
def test_a_figure_of_any_entry_is_what_was_told_with_it(history: History, every: int) -> None:
    """Each storage has a history of its own."""
    for act in (*FIRST, *history.dice.choices(History.ACTS, k=8)):
        act(history)
    with clock.at(history.at + timedelta(days=60)):
        for (entry, name), then in list(history.kept.items())[::every]:
            assert stands(history.scene, name, entry) == then, (entry, name)
    with history.scene.store.reading(System()) as session:
        assert past.differences(session, history.scene.operation) == past.differences(session) == []
    ever = {kpi: {repr(then[kpi]) for then in history.kept.values()} for kpi in REMEMBERED}
    assert [kpi for kpi, values in ever.items() if len(values) < 3] == []


def test_a_country_reads_of_the_past_what_it_knew_then(scene: Running) -> None:
    """A lead made the case known to Mali, and was taken back: before and after, Mali knew of no target."""
    cast = Sweep(sweep_in(scene))
    at = []

    def entry() -> None:
        with scene.store.reading(System()) as session:
            at.append(journal.pulse(session))

    with clock.at(AT):
        case = cast.target()
        cast.move(case.id, "under_review", "dov")
        entry()
        lead = cast.lead(case, "MLI")
        entry()
        with cast.as_("dov") as session:
            leads.revoke(session, lead.id, "MLI", "Not theirs.", scene["dov"])
        entry()
        assert [stands(scene, "moussa", each)["K40"].value for each in at] == [None, 1, None]
        assert [stands(scene, "chaima", each)["K40"].value for each in at] == [1, 1, 1]
        with cast.as_("chaima") as session:
            draft = parse(withholding.WithholdingDraft, {"partner": "MLI"})
            withholding.withhold(session, scene.operation, draft, scene["chaima"])
        assert [stands(scene, "moussa", each)["K40"].value for each in at] == [None, None, None]


def test_what_is_remembered_of_a_case_says_nothing_that_is_erased(scene: Running) -> None:
    cast = Sweep(sweep_in(scene))
    with clock.at(AT):
        case, _location = cast.arrested()
        cast.move(case.id, "released", "moussa", "The judge ordered it.")
        entry, then = pulse(scene), stands(scene, "ana")
    with scene.store.unit_of_work(System()) as session:
        erasure.erase_one(session, session.get_one(FugitiveCase, case.id), System(), case.retain_until)
        kept = sa.select(past.RowStep).where(past.RowStep.kind == "fugitive_case")
        told_of = [each.content for each in session.scalars(kept)]
    assert {name for each in told_of if each for name in each} == {
        "state",
        "counts_as",
        "accepted_at",
        "reviewed_at",
        "news_at",
        "located_at",
        "arrested_at",
        "surrendered_at",
    }
    with clock.at(AT + timedelta(days=3000)):
        assert stands(scene, "ana", entry) == then
    assert verify_all(scene.store, None).sound


def pulse(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return journal.pulse(session)


def test_a_case_that_changed_past_the_verbs_is_found(scene: Running) -> None:
    cast = Sweep(sweep_in(scene))
    with clock.at(AT):
        case = cast.target()
    assert verify_all(scene.store, None).sound
    with scene.store.unit_of_work(System()) as session:
        where: UUID = case.id
        session.connection().execute(sa.update(FugitiveCase).where(FugitiveCase.id == where).values(reviewed_at=AT))
    with scene.store.reading(System()) as session:
        assert past.differences(session, scene.operation) == [("fugitive_case", str(case.id))]
