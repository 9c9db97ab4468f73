"""Every definition holds over every history: no share above 100, parts that add up, unknown in no named part, and a
numerator and a denominator of the same phases, levels and time.
"""

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlmodel import select

from operations.catalogue.definition import CountFigure, PeakFigure, RateFigure, ShareFigure, SitesHeard, UnitFigure
from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi
from operations.core import clock
from operations.core.people import System
from operations.core.vocabulary import Classification, Level, PhaseKind, codes
from operations.disclosure.suppression import BoardFrame
from operations.figures import domain_figures, values
from operations.figures.board import FigureBoard, read_board
from operations.figures.breakdowns import breakdowns, code_lists
from operations.figures.derived_figures import disclosed_value
from operations.figures.domain_figures import DOMAIN_FIGURES
from operations.figures.durations import FigureRequest, MeasuredValue
from operations.figures.values import Figure
from operations.lines.kinds import KINDS
from operations.lines.line import breakdown_fields
from operations.policing.reports.versions import Report
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.totals.totals import HELD, Facet, TotalRow
from tests.makers import START, Running, arrest, form, hit, let_out, tally
from tests.operations.test_lines import line_of
from tests.operations.test_past_figures import BEGINS, History

UNKNOWN = frozenset({"", "unknown", "unspecified", "waiting", "pending"})
"""The codes that say that nobody knows, or does not know yet."""
YES_NO = ("yes", "no", "unknown")
FRAME = BoardFrame(None, "UTC", Classification.FOR_OFFICIAL_USE, level=Level.V2)  # type: ignore[arg-type]
READERS = (("ana", None), ("lena", None), ("chaima", "NER"), ("chaima", None), ("moussa", "MLI"))
RATIOS = ("K07", "K10", "K14", Kpi.CONFIRMATION_RATE, Kpi.HIT_RATE)
"""Figures of which training is in neither side."""


def known_codes(kind: str, field: str) -> tuple[str, ...]:
    """Every code that a line may have in a field that totals hold, also none."""
    listed = code_lists(kind).get(field, "")
    return ("", *(codes(listed) if listed else YES_NO))


@st.composite
def facets(draw: st.DrawFn) -> Facet:
    kind = draw(st.sampled_from(sorted(KINDS)))
    sides = {side: draw(st.sampled_from(known_codes(kind, field))) for field, side in HELD[kind].items()}
    unit = draw(st.sampled_from(("count", "officer", "officer_day", "person", "g", "EUR", "XOF", KINDS[kind].UNIT)))
    return Facet(kind, draw(st.sampled_from(codes("CL-PHASE"))), unit=unit, **sides)


ROWS = st.lists(
    st.builds(
        lambda facet, level, records, many: TotalRow("", "", "", level, facet, records, records * many),
        facets(),
        st.sampled_from([int(level) for level in Level if level > Level.V0]),
        st.integers(1, 5),
        st.integers(1, 60),
    ),
    max_size=40,
)


def figures_of(rows: list[TotalRow]) -> dict[Kpi, Figure]:
    """Every figure of a board over these totals."""
    found = {kpi: values.counted(kpi, rows, {kpi: {}}, FRAME, ("", ""), None, live=True) for kpi in COUNTED}
    for kpi, definition in CATALOGUE.items():
        match definition.measure:
            case RateFigure() as measure:
                found[kpi] = values.rate(kpi, measure, rows, FRAME, found, None)
            case ShareFigure() as measure:
                found[kpi] = values.share(kpi, measure, rows, FRAME, found[Kpi(measure.of)], None)
            case UnitFigure() as measure:
                found[kpi] = values.apart(kpi, measure, rows, FRAME, None)
            case PeakFigure() | SitesHeard() | CountFigure():
                pass
    return found


def holds(figure: Figure) -> None:
    """What is true of a figure, whoever reads it."""
    definition = CATALOGUE[figure.kpi]
    if figure.hidden:
        assert (figure.value, figure.part, figure.interval, figure.parts) == (None, None, None, {}), figure
        return
    if definition.unit == "%":
        if not figure.of:
            assert figure.value is None, figure
            return
        assert figure.part is not None
        assert 0 <= figure.part <= figure.of, figure
        assert figure.value == pytest.approx(100 * figure.part / figure.of)
        low, high = figure.interval or (0.0, 100.0)
        assert 0 <= low <= (figure.value or 0) + 1e-9 <= high + 2e-9 <= 100 + 4e-9, figure
    if isinstance(definition.measure, ShareFigure):
        assert sum(figure.parts.values()) == figure.of, figure
    elif figure.parts and definition.split:
        assert sum(figure.parts.values()) == figure.value, figure
    for rate in figure.rates.values():
        assert rate.of > 0, figure


@settings(deadline=None)
@given(ROWS)
def test_over_any_totals_a_share_is_of_its_whole_and_its_parts_add_up(rows: list[TotalRow]) -> None:
    found = figures_of(rows)
    for kpi, figure in found.items():
        holds(figure)
        measure = CATALOGUE[kpi].measure
        if isinstance(measure, ShareFigure):
            whole = found[Kpi(measure.of)].value
            left_out = any(measure.part(row.facet) is None and measure.base.hold(row.facet) for row in rows)
            assert (figure.of or 0) <= (whole or 0)
            assert left_out or figure.of == whole, kpi
    again = figures_of([row for row in rows if row.level >= FRAME.level])
    assert {kpi: each.value for kpi, each in again.items()} == {kpi: each.value for kpi, each in found.items()}


@settings(deadline=None)
@given(ROWS)
def test_training_is_in_both_sides_of_a_rate_or_in_neither(rows: list[TotalRow]) -> None:
    trained = [row._replace(facet=row.facet._replace(phase_kind=PhaseKind.TRAINING.value)) for row in rows]
    alone, added = figures_of(rows), figures_of([*rows, *trained])
    for kpi, definition in CATALOGUE.items():
        match definition.measure:
            case RateFigure(count=count, of=of):
                assert CATALOGUE[count].lines.training == CATALOGUE[of].lines.training, kpi
                assert {code: (rate.count, rate.of) for code, rate in alone[kpi].rates.items()} == {
                    code: (rate.count, rate.of) for code, rate in added[kpi].rates.items()
                } or CATALOGUE[of].lines.training
            case ShareFigure() as measure if not measure.base.training:
                assert added[kpi].parts == alone[kpi].parts, kpi


@pytest.mark.parametrize("kpi", [kpi for kpi, each in CATALOGUE.items() if isinstance(each.measure, ShareFigure)])
def test_what_nobody_knows_is_in_no_part_with_what_is_known(kpi: Kpi) -> None:
    """For every code of the list, and for none: such a part would be said of those of whom nothing was said."""
    measure: Any = CATALOGUE[kpi].measure
    kind, base = measure.base.kind, measure.base
    held: dict[str, set[str]] = {}
    for code in known_codes(kind, measure.by):
        facet = Facet(kind, "operational", **{HELD[kind][measure.by]: code})
        if base.hold(facet) and (part := measure.part(facet)) is not None:
            held.setdefault(part.name, set()).add(code)
    for name, inside in held.items():
        assert inside <= UNKNOWN or not inside & UNKNOWN, (kpi, name, inside)
    first = measure.parts[0].name
    assert held[first], kpi
    assert not held[first] & UNKNOWN, kpi


def some_line(kind: str, dice: random.Random) -> dict[str, Any]:
    """A line of chance that its kind allows."""
    listed = code_lists(kind)
    for _try in range(30):
        chosen = {
            field: dice.choice([*codes(listed[field])] if listed.get(field) else YES_NO)
            for field in breakdown_fields(KINDS[kind])
            if field not in ("qualifier", "minors") and dice.random() < 0.5
        }
        try:
            KINDS[kind].model_validate(line := line_of(kind, **chosen))
        except ValidationError:
            continue
        return line
    return line_of(kind)


class Everything(History):
    """A history with lines of every kind, in trainings too; only its end is read."""

    def keep(self) -> None:
        pass

    def all_kinds(self) -> None:
        for kind in sorted(KINDS):
            lines = [some_line(kind, self.dice) for _line in range(14)]
            of: dict[str, Any] = {"kind": self.dice.choice(("daily", "single_event"))}
            if self.dice.random() < 0.2:
                content = form(self.scene, day=-1, phase_id=str(self.scene.training))
                of |= {name: content[name] for name in ("phase_id", "period_from", "period_to")}
            before = self.newest()
            for some in (lines, lines[:7], lines[:1], [line_of(kind)]):
                self.send(self.dice.choice(("NER", "MLI")), lines=some, **of)
                if self.newest() != before:
                    break

    def newest(self) -> int:
        with self.scene.store.reading(System()) as session:
            return len(session.exec(select(Report.id)).all())


def told(scene: Running, who: str, country: str | None, level: Level) -> tuple[FigureBoard, dict[str, MeasuredValue]]:
    """The board and every other figure of the catalogue, as a reader is told them; each of them holds."""
    frame = BoardFrame(scene.operation, "Africa/Niamey", Classification.FOR_OFFICIAL_USE, level=level, country=country)
    by = scene[who]
    with clock.at(START + timedelta(days=6)), scene.store.reading(by) as session:
        board = read_board(session, frame, by)
        asked = FigureRequest(session, frame, by, board)
        found = {kpi: disclosed_value(each, asked) for kpi, each in COMPUTED_FIGURES.items()}
        found |= {kpi: domain_figures.disclosed_value(each, asked) for kpi, each in DOMAIN_FIGURES.items()}
        for kpi in COUNTED:
            for side in breakdowns(session, frame, kpi, by):
                many = sum(count for _code, count in side.parts)
                assert side.rest >= 0, (kpi, side)
                assert many + side.rest == board.figures[kpi].value, (kpi, side)
                assert breakdowns(session, frame, kpi, by, side.side) == [side]
    for figure in board.figures.values():
        holds(figure)
    for kpi, value in found.items():
        unit = (COMPUTED_FIGURES | DOMAIN_FIGURES)[kpi].unit
        if value.hidden:
            assert (value.value, value.part, value.interval) == (None, None, None), kpi
        elif unit == "%" and value.value is not None:
            assert value.part is not None, f"{kpi} is a share without its two numbers"
            assert value.whole is not None, kpi
            assert 0 <= value.part <= value.whole, kpi
            assert value.value == pytest.approx(100 * value.part / value.whole), kpi
    return board, found


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.rest)])
def test_over_a_history_of_every_kind_of_line_each_figure_holds_for_each_reader(scene: Running, seed: int) -> None:
    history = Everything(scene, random.Random(seed))
    for act in (
        *BEGINS,
        Everything.all_kinds,
        *[History.answer_hit, History.climb] * 4,
        *history.dice.choices(History.ACTS, k=6),
    ):
        act(history)
    let_out(scene)
    moved = set()
    for who, country in READERS:
        for level in (Level.V1, Level.V3) if country or who in ("ana", "lena") else (Level.V3,):
            board, found = told(scene, who, country, level)
            moved |= {kpi for kpi, figure in board.figures.items() if figure.value}
            persons = found["K12"].value
            if persons is not None:
                assert persons <= (board.figures[Kpi.ARRESTS].value or 0)
    assert len(moved) > len(CATALOGUE) * 0.4, {*CATALOGUE} - moved


def test_what_a_training_adds_moves_no_ratio_of_hits(scene: Running) -> None:
    """Numerator and denominator are of the same phases."""
    history = Everything(scene, random.Random(5))
    for act in (*BEGINS, History.answer_hit, History.climb, History.climb):
        act(history)
    history.send("NER", lines=[arrest(2, after_hit=2, hit_database="sltd"), hit(START), tally(900)])

    def ratios() -> dict[str, Any]:
        board, found = told(scene, "ana", None, Level.V1)
        return {kpi: found[kpi].value if kpi in found else board.figures[Kpi(kpi)].value for kpi in RATIOS}

    before = ratios()
    morning = START - timedelta(hours=20)
    lines = [arrest(66, after_hit=66, hit_database="sltd"), hit(morning), hit(morning, database="nominal"), tally(7000)]
    content = form(scene, day=-1, lines=lines, phase_id=str(scene.training))
    history.send("NER", **{name: content[name] for name in ("lines", "phase_id", "period_from", "period_to")})
    board, _found = told(scene, "ana", None, Level.V1)
    assert (board.figures[Kpi.ARRESTS].value or 0) > 66
    assert ratios() == before
