"""Behind a figure stand the reports that it is made of, now and at any entry: what they come to is the figure."""

import random
from functools import partial
from typing import Any

import pytest
from sqlmodel import col, select

from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.claims import claim_rows, claims
from operations.claims.claim_rows import Claim
from operations.core import access_trail, change_tracking, clock
from operations.core.drafts import parse
from operations.core.errors import MusterError, NotPermitted, RuleBroken
from operations.core.journal import AccessEntry, Entry
from operations.core.people import System
from operations.core.vocabulary import Classification, Level
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board
from operations.figures.derived_figures import declared_value as told_by
from operations.figures.derived_figures import disclosed_value
from operations.figures.domain_figures import DOMAIN_FIGURES
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.figures.site_coverage import covered
from operations.policing.operation import plan
from operations.policing.reports import reports, verification
from operations.policing.reports.versions import Report
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.results.drill_down import FigureReports, composition_of, may_drill_down, reports_of_figure
from tests.cost_stories import booked, spent
from tests.makers import START, Running, arrest, form, hit, send, tally
from tests.operations.test_past_figures import BEGINS, History, now_of

READERS: list[tuple[str, Level, str | None]] = [
    ("dov", Level.V1, None),
    ("chaima", Level.V1, "NER"),
    ("ana", Level.V2, None),
    ("moussa", Level.V1, "MLI"),
    ("dov", Level.V3, None),
]
"""An analyst at two levels, a coordinator, who reads no lines about persons, and two countries, each of its own."""
TOLD = [*(kpi for kpi in Kpi if CATALOGUE[kpi].kinds & {"arrest", "hit", "check_tally"}), *COMPUTED_FIGURES]
"""The figures that a history moves."""
OF_REPORTS = {"report", "line", "total", "total_step", "total_margin", "claim_adjustment"}


def frame_of(scene: Running, level: Level = Level.V1, country: str | None = None, at: int | None = None) -> BoardFrame:
    return BoardFrame(
        scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level, country=country, at=at
    )


def listed(scene: Running, name: str, figure: str, frame: BoardFrame) -> FigureReports:
    with scene.store.unit_of_work(scene[name]) as session:
        return reports_of_figure(session, frame, figure, "check", scene[name])


def many(value: MeasuredValue, *names: str) -> int:
    """The sum of what the notes of a figure say by these names."""
    return sum(note.params[name] for note in value.notes for name in names if name in note.params)


def comes_to(figure: str, value: MeasuredValue) -> int | None:
    """How much stands behind a figure, as the figure itself tells it; None for one that does not."""
    if value.hidden:
        return None
    if figure == "K09":
        return int(value.value or 0)
    if figure == "K12":
        return int(value.value or 0) + many(value, "count")
    if figure in ("K14", "K36"):
        return many(value, "n")
    if figure in ("K34", "K37"):
        return many(value, "whole")
    return many(value, "count") if figure in ("K07", "K35", "K35 b", "K35 c") else None


class Behind(History):
    """What stands behind each figure as each entry is the newest, to one reader after the other."""

    def keep(self) -> None:
        newest, moment = now_of(self.scene)
        with clock.at(moment):
            self.kept[newest] = shown(self.scene, READERS[newest % len(READERS)])

    def settle(self) -> None:
        """Both countries say of each claim that it is one man."""
        self.do("dov", lambda session, by: claims.suspect(session, self.scene.operation, by))
        with self.scene.store.reading(System()) as session:
            known = session.exec(select(Claim)).all()
            lines = claim_rows.lines_of(session, [each.id for each in known])
        same = parse(claims.ClaimAnswerDraft, {"same": "yes", "words": "As we know."})
        for each in known:
            draft = parse(claims.OpenDraft, {"counts": claims.key_of(lines[each.id][0]), "role": "requesting"})
            self.do("dov", lambda s, by, of=each.id, as_=draft: claims.open_claim(s, of, as_, by))
            for name in ("chaima", "moussa"):
                self.do(name, lambda s, by, of=each.id: claims.answer(s, of, same, by))

    def set_aside(self) -> None:
        """One report that counts is withdrawn, and another goes back to its author; nobody has verified two of them."""
        for _report in range(2):
            self.send("NER", lines=[tally(9)])
        back = parse(verification.Return, {"reason": "incomplete"})
        for name, verb in (
            ("chaima", lambda s, by, of: reports.withdraw(s, of, "By mistake.", by)),
            ("boubacar", lambda s, by, of: verification.give_back(s, of, back, by)),
        ):
            with self.scene.store.reading(System()) as session:
                counted = session.exec(select(Report).where(Report.country == "NER", col(Report.counted))).all()
            for each in sorted(counted, key=lambda each: each.received_at):
                if self.do(name, partial(verb, of=each.id)) is not None:
                    break

    def several(self) -> None:
        """A report of several lines, corrected twice; the second correction waits to climb as high as the first."""
        self.send("NER", lines=[tally(50), tally(7), arrest(2)])
        for lines in ([tally(60), arrest(2)], [tally(60), arrest(5), arrest(1)]):
            with self.scene.store.reading(System()) as session:
                found = session.exec(
                    select(Report).order_by(col(Report.received_at).desc(), col(Report.version).desc())
                ).first()
            again = {"report_id": str(found.report_id), "supersedes_id": str(found.id), "correction_reason": "typing"}
            self.send("NER", lines=lines, **again)
            self.climb()


def shown(scene: Running, reader: tuple[str, Level, str | None], at: int | None = None) -> dict[str, Any]:
    """The list behind each figure, whose sum is the figure."""
    name, level, country = reader
    frame, by, lists = frame_of(scene, level, country, at), scene[name], {}
    with scene.store.reading(by) as session:
        board = read_board(session, frame, by)
        owner, asked = plan.operation(session, scene.operation, by), FigureRequest(session, frame, by, board)
        may = [figure for figure in TOLD if may_drill_down(figure, frame, owner, by)]
        values = {
            figure: disclosed_value(COMPUTED_FIGURES[figure], asked) for figure in may if figure in COMPUTED_FIGURES
        }
    for figure in may:
        made = listed(scene, name, figure, frame)
        lists[figure] = [(each.report.id, each.level, each.lines, each.amount, each.otherwise) for each in made.newest]
        assert (made.reports, made.amount) == (len(made.newest), sum(each.amount for each in made.newest))
        assert all(each.level >= level for each in made.newest if not figure.startswith(("K34", "K35", "K36", "K37")))
        if figure in COUNTED and not board.figures[Kpi(figure)].hidden:
            assert made.amount == board.figures[Kpi(figure)].value, figure
        if (
            figure in COMPUTED_FIGURES
            and not (figure == "K37" and country)
            and (whole := comes_to(figure, values[figure])) is not None
        ):
            assert made.amount == whole, (figure, reader, at)
    return lists


@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.rest)])
def test_what_stands_behind_a_figure_comes_to_it_at_each_entry_as_it_did_when_it_was_the_newest(
    scene: Running, every: int
) -> None:
    """With corrections, answers, returns, withdrawals and claims; each storage has a history of its own."""
    dice = random.Random(scene.store.url.get_backend_name())
    history = Behind(scene, dice)
    for act in (
        *BEGINS,
        Behind.settle,
        Behind.several,
        Behind.set_aside,
        *dice.choices(Behind.ACTS, k=3),
        Behind.night,
    ):
        act(history)
    with scene.store.reading(System()) as session:
        acts = set(session.exec(select(Entry.act)))
    assert acts >= {"report.submit", "report.verify", "claim.agree", "report.withdraw", "report.return"}
    for entry, then in list(history.kept.items())[::every]:
        assert shown(scene, READERS[entry % len(READERS)], entry) == then, entry
    ever = {figure for then in history.kept.values() for figure, reports in then.items() if reports}
    assert ever >= {"K01", "K04", "K08", "K11", "K13", "K07", "K12", "K34", "K35", "K35 b", "K37"}
    coordinator = [set(then) for entry, then in history.kept.items() if READERS[entry % len(READERS)][0] == "ana"]
    assert coordinator
    for figures in coordinator:
        assert not figures & {Kpi.ARRESTS, Kpi.CORE_SHARE, "K12", "K14", "K16", "K19", "K19 b", "K37"}


def test_whatever_is_read_of_reports_says_which_and_nothing_else_does(scene: Running) -> None:
    """The declaration is held to what is asked of the storage: no list of exceptions."""
    send(scene, form(scene, lines=[tally(40), hit(START), arrest(3)]))
    spent(scene)
    booked(scene)
    for figure, each in (COMPUTED_FIGURES | DOMAIN_FIGURES).items():
        read: set[str] = set()
        for by in (scene["dov"], scene["ana"]):
            with scene.store.reading(by) as session:
                board = read_board(session, frame_of(scene), by)
                with change_tracking.tracked_reads() as tables:
                    told_by(each, FigureRequest(session, frame_of(scene), by, board))
            read |= tables & OF_REPORTS
        assert (each.of is not None) == bool(read), figure
    assert [kpi for kpi in Kpi if composition_of(kpi) is None] == [Kpi.COVERAGE]


def test_what_comes_from_no_report_lists_none_and_is_no_consultation(scene: Running) -> None:
    for figure in ("K30", "K38", "K39", "K40", "K49", Kpi.COVERAGE):
        with pytest.raises(RuleBroken, match="You cannot read any report of this figure"):
            listed(scene, "dov", figure, frame_of(scene))
    with scene.store.reading(System()) as session:
        assert session.exec(select(AccessEntry).where(AccessEntry.act == "figure.consult")).all() == []


def test_leadership_gets_no_report_behind_any_figure_now_or_then(scene: Running) -> None:
    send(scene, form(scene, lines=[tally(40), arrest(3)]))
    for figure in (*Kpi, *COMPUTED_FIGURES, *DOMAIN_FIGURES):
        for at in (None, now_of(scene)[0]):
            with pytest.raises(NotPermitted):
                listed(scene, "lena", figure, frame_of(scene, Level.V3, at=at))


def test_a_country_gets_its_own_reports_alone_and_of_another_none(scene: Running) -> None:
    send(scene, form(scene, lines=[arrest(3)]))
    send(scene, form(scene, "Bamako", lines=[arrest(20)]), by="mateo")
    [own] = listed(scene, "chaima", "K12", frame_of(scene, Level.V1, "NER")).newest
    assert (own.site.name, own.amount) == ("Niamey", 3)
    with pytest.raises(MusterError):
        listed(scene, "chaima", "K12", frame_of(scene, Level.V1, "MLI"))


def trail_of(scene: Running, name: str) -> list[tuple[Any, ...]]:
    """What a reader finds in the trail of what others looked at behind figures."""
    with scene.store.reading(scene[name]) as session:
        found = access_trail.read(
            session, scene[name], access_trail.TrailFilter(kind=access_trail.AccessKind.CONSULTATION)
        )
        return [(each.entry.act, each.entry.at, each.entry.country, each.entry.detail, each.who) for each in found]


def test_each_country_whose_reports_the_centre_sees_reads_so_and_no_other_does(scene: Running) -> None:
    send(scene, form(scene, lines=[arrest(3), arrest(2), hit(START)]))
    send(scene, form(scene, lines=[arrest(1)]))
    send(scene, form(scene, "Bamako", lines=[arrest(20)]), by="mateo")
    with clock.at(START.replace(hour=23)):
        listed(scene, "dov", "K11", frame_of(scene))
        listed(scene, "dov", "K04", frame_of(scene))
        listed(scene, "dov", "K11", frame_of(scene, country="MLI"))
    [whole] = {each[-1] for each in trail_of(scene, "dov")}
    assert [each[3].get("reports") for each in trail_of(scene, "dov")] == [1, 1, 3]
    niger, mali = trail_of(scene, "chaima"), trail_of(scene, "moussa")
    assert [(act, of, detail["figure"]) for act, _at, of, detail, _who in niger] == [
        ("figure.saw", "NER", "K04"),
        ("figure.saw", "NER", "K11"),
    ]
    assert [(act, of, detail["figure"]) for act, _at, of, detail, _who in mali] == [
        ("figure.consult", "MLI", "K11"),
        ("figure.saw", "MLI", "K11"),
    ]
    assert all(detail["reason"] == "check" for *_more, detail, _who in niger + mali)
    assert {(who.role, who.name) for *_more, who in niger + mali} == {(whole.role, None)}
    assert trail_of(scene, "bruno") == trail_of(scene, "lena") == trail_of(scene, "ana") == []
    assert [each[0] for each in trail_of(scene, "otto")].count("figure.saw") == 3


def test_a_country_learns_nothing_of_the_others_among_them(scene: Running, twin: Running) -> None:
    """In one house Mali's reports alone stand behind the figure, in the other many of Niger's do too."""
    for each in (scene, twin):
        send(each, form(each, "Bamako", lines=[arrest(20)]), by="mateo")
    for _report in range(3):
        send(twin, form(twin, lines=[arrest(2)]))
    for each in (scene, twin):
        with clock.at(START.replace(hour=23)):
            listed(each, "dov", "K11", frame_of(each))
    assert trail_of(scene, "chaima") == []
    assert len(trail_of(twin, "chaima")) == 1
    assert trail_of(scene, "moussa") == trail_of(twin, "moussa") != []


def test_the_past_is_written_into_the_trail_as_of_now(scene: Running) -> None:
    send(scene, form(scene, lines=[arrest(3)]))
    before, late = now_of(scene)[0], START.replace(hour=23)
    with clock.at(late):
        listed(scene, "dov", "K11", frame_of(scene, at=before))
    with scene.store.reading(System()) as session:
        [entry] = session.exec(select(AccessEntry).where(AccessEntry.act == "figure.consult"))
    assert entry.at == late
    assert entry.detail == {"reason": "check", "figure": "K11", "reports": 1}


@pytest.mark.parametrize(("name", "country"), [("ana", None), ("lena", None), ("chaima", "NER"), ("moussa", "MLI")])
def test_behind_coverage_stand_the_places_that_it_counts(scene: Running, name: str, country: str | None) -> None:
    before = now_of(scene)[0]
    send(scene, form(scene), at=START.replace(hour=18))
    sent, by = now_of(scene)[0], scene[name]
    for at, moment, reported in ((None, 19, ["Niamey"]), (sent, 20, ["Niamey"]), (before, 20, [])):
        frame = frame_of(scene, Level.V3, country, at)
        with clock.at(START.replace(hour=moment)), scene.store.reading(by) as session:
            board, places = read_board(session, frame, by), covered(session, frame, by)
        assert [each.name for each in places if each.heard] == (reported if country != "MLI" else [])
        assert (board.sites_reporting, board.sites_planned) == (sum(each.heard for each in places), len(places))
        assert all((each.last is not None) >= each.heard for each in places)
    assert {each.country for each in places} == ({country} if country else {"NER", "MLI"})
