"""Past operations as they were published: nothing is lost, each number can be said, arithmetic says what is odd."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from operations.catalogue.kpis import Kpi
from operations.core.vocabulary import codes, label
from operations.lines.kinds import KINDS
from operations.lines.line import ReportedLine
from operations.results.past_operations.arithmetic_checks import (
    ArithmeticVerdict,
    QualifiedAmount,
    amount,
    findings,
    judged,
    of_parts,
    total,
)
from operations.results.past_operations.comparability import (
    NO_RATE,
    NO_TOTAL,
    ONLY_ONE,
    OTHER_ACTIONS,
    OTHER_CHECKS,
    OTHER_DATABASES,
    OTHER_KINDS,
    OTHER_UNITS,
    PER_DAY,
    UNKNOWN_CHECKS,
    ComparisonRow,
    RunningOperation,
    compare_running,
    side_by_side,
)
from operations.results.past_operations.line_equivalents import UNREPORTED_FIGURES, codes_of, kpis_of
from operations.results.past_operations.publications import (
    FILE,
    PastOperation,
    PublishedFigure,
    PublishedSource,
    Rank,
    chosen,
    past_operation,
    past_operations,
    read,
    series,
)
from operations.results.past_operations.running_comparison import chosen_beside, of_series

READ = {
    # by operation: how many numbers were read in its sources, and their sum
    1: (2, 6_501),
    2: (4, 8_622),
    3: (3, 12_075),
    4: (5, 32_517),
    5: (5, 4_836),
    6: (9, 1_001_110),
    7: (8, 332_269),
    8: (7, 2_006),
    9: (7, 270_384),
    10: (8, 1_300_291.6),
    11: (5, 350_019),
    12: (5, 1_200_056),
    13: (5, 260_063),
    14: (9, 6_200_197),
    15: (13, 50_549_465),
    16: (10, 2_044_195),
    17: (7, 1_002_220),
    18: (9, 54_409),
    19: (7, 75_536),
    20: (6, 9_575),
    21: (9, 885_253),
    22: (9, 505_088),
    23: (9, 8_048_517),
    24: (9, 42_212),
    25: (7, 1_679),
    26: (6, 1_315),
    27: (6, 5_668),
    28: (6, 15_003_819),
    29: (6, 271_267),
    30: (8, 769),
    31: (5, 796),
    32: (5, 522),
    33: (8, 20_408),
    34: (3, 385),
    35: (4, 2_873),
    36: (6, 1_022),
    37: (3, 275),
    38: (8, 487),
    39: (4, 128),
    40: (8, 45_005_287),
    41: (14, 443_302),
    42: (4, 11_394),
    43: (5, 91_464),
    44: (11, 603_004),
    45: (6, 27_413),
    46: (4, 6_889),
    47: (8, 1_123),
    48: (8, 65_014_209),
}
QUALIFIED = {"=": (257, pytest.approx(104_580_867.6)), ">": (33, 24_410_282), "~": (32, 71_721_758), "≥": (1, 7)}
OF_TABLE, RIVALS_AND_PARTS = 310, 13
"""Results (263 numbers with one year, "since 2018"), 46 countries and 2 numbers of ports; numbers of other sources."""


def _all() -> list[tuple[PastOperation, PublishedFigure]]:
    return [(each, figure) for each in past_operations() for figure in each.figures]


def _one(number: int) -> PastOperation:
    found = past_operation(number)
    assert found is not None
    return found


def test_every_number_is_there_and_none_beside() -> None:
    assert {each.number: (len(each.figures), sum(row.value for row in each.figures)) for each in past_operations()} == {
        number: (many, pytest.approx(whole)) for number, (many, whole) in READ.items()
    }
    assert len(READ) == 48
    assert sum(many for many, _whole in READ.values()) == OF_TABLE + RIVALS_AND_PARTS


def test_each_number_has_its_qualifier_status_and_source() -> None:
    found = _all()
    assert {row.qualifier for _operation, row in found} == {"=", ">", "~", "≥"}
    assert {row.status for _operation, row in found} == {"preliminary"}
    assert all(row.source.urls[0].startswith("http") for _operation, row in found)
    marks = {mark: [row.value for _operation, row in found if row.qualifier == mark] for mark in "=>~≥"}
    assert {mark: (len(values), sum(values)) for mark, values in marks.items()} == QUALIFIED
    assert all(row.as_of == row.source.published for _operation, row in found if row.source.published)
    assert sum(row.as_of is not None for _operation, row in found) == 209
    assert {each.number: row.as_of for each, row in found if row.as_of and not row.source.published} == {
        17: "2019-11-14",
        20: "2022-12-14",
        26: "2022-06-29",
        28: "2022-05-09",
        35: "2016-07-28",
    }


def _as_line(row: PublishedFigure, whole: float) -> ReportedLine:
    """The line of a report that says a number; of hits, one of so many. Pydantic refuses what cannot be said."""
    kind = KINDS[row.of]
    said: dict[str, Any] = {"kind": row.of, "id": uuid4(), **codes_of(row.of, row.codes)}
    if "qualifier" in kind.model_fields:
        said["qualifier"] = row.qualifier
    else:
        assert row.qualifier == "=", "hits are told one by one"
    value: float = row.value
    if value != int(value):
        assert said["measure"] == "tonne"
        value, said["measure"] = value * 1000, "kg"
    assert value == int(value)
    if row.of == "hit":
        said |= {"raw_at": datetime(2020, 1, 1, tzinfo=UTC)}
        if said.get("confirmation") == "confirmed":  # by whom and when, which no source tells
            said |= {"confirming_country": "FRA", "confirmed_at": datetime(2020, 1, 2, tzinfo=UTC)}
    elif row.count:
        said |= {kind.COUNTS: int(whole), row.count: int(value)}
        said["qualifier"] = "="
    else:
        said[kind.COUNTS] = int(value)
    return kind.model_validate(said)


def test_each_number_can_be_said_exactly_as_a_line_of_a_report_or_stands_elsewhere() -> None:
    lines = [(each, row) for each, row in _all() if row.of_line]
    for each, row in lines:
        whole = each.whole(row)
        made = _as_line(row, whole.value if whole else row.value)
        if row.count:
            assert (getattr(made, row.count), row.qualifier) == (row.value, "=")
        elif row.of != "hit":
            grams = {"kg": 1_000, "tonne": 1_000_000}.get(row.unit, 1)
            assert (made.quantity, getattr(made, "qualifier", "=")) == (row.value * grams, row.qualifier)
    beside = [row for _each, row in _all() if not row.of_line]
    assert {row.of for row in beside} == set(UNREPORTED_FIGURES) == set(codes("CL-PUBLISHED"))
    assert (len(lines), len(beside)) == (238, 85)


def test_the_key_figure_of_a_number_is_that_of_its_line() -> None:
    assert kpis_of("arrest", {}) == ("K11",)
    assert kpis_of("seizure", {"commodity": "cash", "measure": "money", "currency": "USD"}) == ("K25",)
    assert kpis_of("check_tally", {"check_kind": "unknown", "entity_type": "unknown"}) == ()
    assert kpis_of("check_tally", {"check_kind": "radiation_check", "entity_type": "unknown"}) == ("K02",)
    assert "M04" in kpis_of(
        "check_tally", {"check_kind": "database_query", "database": "europol", "entity_type": "unknown"}
    )
    assert kpis_of("nationalities", {}) == ("K16",)


def test_every_amount_of_money_names_its_currency() -> None:
    money = [row for _each, row in _all() if row.codes.get("measure") == "money" or row.unit.isupper()]
    assert sorted({row.unit for row in money}) == ["EUR", "USD"]
    assert len(money) == 11


# ------------------------------------------------------------------------------- the thirteen cases of domain 2.9


def _found(number: int) -> list[tuple[ArithmeticVerdict, str, float, str]]:
    return [(each.verdict, each.by, each.amount, each.qualifier) for each in findings(_one(number))]


CASES = {
    "Weka II: 29 are not broken down, no error": (26, (ArithmeticVerdict.NOT_BROKEN_DOWN, "offence", 29, "~"), False),
    "Sarraounia: 6 are unexplained": (30, (ArithmeticVerdict.NOT_BROKEN_DOWN, "who", 6, "="), False),
    "Sarraounia: the other source adds up, and both are kept": (30, (ArithmeticVerdict.ADDS_UP, "who", 0, "="), False),
    "Neptune VI: 12 + 54 = 66": (15, (ArithmeticVerdict.ADDS_UP, "basis", 0, "="), True),
    "Neptune VI: the newspaper's 16 are 4 too many": (15, (ArithmeticVerdict.EXCEEDS, "basis", 4, "="), True),
    "Neptune VI: the sum tells which is right": (15, (ArithmeticVerdict.SUM_DECIDES, "", 0, "="), True),
    "Neptune VI: twelve million are another number": (15, (ArithmeticVerdict.SOURCES_DIFFER, "", 4_000_000, "="), True),
    "Liberterra III: 4,414 or 4,419": (24, (ArithmeticVerdict.SOURCES_DIFFER, "", 5, "="), False),
    "Liberterra III: other dates": (24, (ArithmeticVerdict.DATES_DIFFER, "", 0, "="), False),
    "Weka: 28 or 29 March": (25, (ArithmeticVerdict.DATES_DIFFER, "", 0, "="), False),
    "Turquesa: four days called five": (17, (ArithmeticVerdict.DAYS_DIFFER, "", 1, "="), False),
    "Turquesa V: 33 or 31 countries": (21, (ArithmeticVerdict.SOURCES_DIFFER, "", 2, "="), False),
    "Infra Hydra: 180 - 26 - 31 = 123": (38, (ArithmeticVerdict.ADDS_UP, "outcome", 0, "="), False),
    "JAD SEE 2023: four kinds of entities": (44, (ArithmeticVerdict.ADDS_UP, "entity", 0, "="), False),
    "JAD SEE 2020: seven offences": (41, (ArithmeticVerdict.ADDS_UP, "offence", 0, "="), False),
    "Turquesa IV: 128 women and 2 men": (20, (ArithmeticVerdict.ADDS_UP, "sex", 0, "="), False),
    "Andes: 18 and 31 across phases": (16, (ArithmeticVerdict.ADDS_UP, "phase", 0, "="), False),
}


@pytest.mark.parametrize("case", CASES)
def test_a_published_figure_that_does_not_add_up(case: str) -> None:
    number, expected, wrong = CASES[case]
    assert expected in _found(number)
    assert any(verdict.wrong for verdict, *_rest in _found(number)) is wrong


def test_the_original_is_kept_where_two_others_differ() -> None:
    checks = [row for row in _one(15).leading if row.id == "checks"]
    assert [(row.value, row.qualifier, row.source.code) for row in checks] == [(16_000_000, ">", "S55")]
    assert [row.source.code for row in _one(15).rows(checks[0])] == ["S55", "S57", "S58"]


def test_the_primary_source_leads_wherever_it_stands() -> None:
    later = _one(24)
    victims = next(row for row in later.figures if row.id == "victims")
    turned = later.model_copy(update={"figures": tuple(reversed(later.figures))})
    assert [row.value for row in turned.rows(victims)] == [4414, 4419]
    assert [row.source.rank for row in turned.rows(victims)] == [Rank.PRIMARY, Rank.REPORT]


def test_nothing_else_is_wrong() -> None:
    assert [each.number for each in past_operations() if any(found.verdict.wrong for found in findings(each))] == [15]


# ------------------------------------------------------------------------------------------------ the guards in general

SOURCE = PublishedSource(code="S1", title="A release", urls=("https://example.org",), rank=Rank.PRIMARY)


def _figure(value: float, qualifier: str = "=", **more: Any) -> PublishedFigure:
    return PublishedFigure.model_validate({"of": "arrest", "value": value, "q": qualifier, "source": SOURCE, **more})


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=6), st.integers(-50, 50))
def test_exact_parts_are_judged_by_their_sum(values: list[int], off: int) -> None:
    whole = max(1, sum(values) + off)
    parts = [_figure(value) for value in values]
    for complete in (True, False):
        verdict, rest = judged(_figure(whole), parts, complete)
        more = ArithmeticVerdict.MISSES if complete else ArithmeticVerdict.NOT_BROKEN_DOWN
        assert rest.value == whole - sum(values)
        assert verdict is (
            more if rest.value > 0 else ArithmeticVerdict.ADDS_UP if rest.value == 0 else ArithmeticVerdict.EXCEEDS
        )


@pytest.mark.parametrize(
    ("whole", "part", "expected", "rest"),
    [
        ((100, ">"), (35, "="), ArithmeticVerdict.NOT_BROKEN_DOWN, QualifiedAmount(65, ">")),
        ((100, ">"), (120, "="), ArithmeticVerdict.NOT_BROKEN_DOWN, QualifiedAmount(-20, ">")),
        ((3744, "="), (1800, ">"), ArithmeticVerdict.NOT_BROKEN_DOWN, QualifiedAmount(1944, "<")),
        ((500, "~"), (236, "="), ArithmeticVerdict.NOT_BROKEN_DOWN, QualifiedAmount(264, "~")),
        ((500, "~"), (500, "="), ArithmeticVerdict.ADDS_UP, QualifiedAmount(0, "~")),
        ((66, "="), (70, "="), ArithmeticVerdict.EXCEEDS, QualifiedAmount(-4, "=")),
    ],
)
def test_qualifiers_are_kept_in_what_is_left(
    whole: Any, part: Any, expected: ArithmeticVerdict, rest: QualifiedAmount
) -> None:
    assert judged(_figure(*whole), [_figure(*part)], complete=True) == (expected, rest)


def test_sums_keep_what_can_be_said_of_them() -> None:
    assert total([_figure(88), _figure(83), _figure(100, "~")]) == QualifiedAmount(271, "~")
    assert total([_figure(390_000, ">"), _figure(44_000, ">")]) == QualifiedAmount(434_000, ">")
    assert QualifiedAmount(1, ">") + QualifiedAmount(1, "≥") == QualifiedAmount(2, ">")
    assert QualifiedAmount(1, ">") + QualifiedAmount(1, "<") == QualifiedAmount(2, "~")
    assert amount(_figure(7, "≥")) == replace(QualifiedAmount(7), qualifier="≥")


def test_a_part_alone_is_told_as_one_of() -> None:
    [found] = of_parts(_one(10))
    assert found.said.template == "{parts} of {whole}; the other {rest} are not broken down."


# ------------------------------------------------------------------------------------------------------- the file


def _content() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "flaw",
    [
        {"of": "arrests", "value": 1},
        {"of": "arrest", "value": 0},
        {"of": "arrest", "value": 1, "q": "roughly"},
        {"of": "arrest", "value": 1, "status": "certain"},
        {"of": "arrest", "value": 1, "codes": {"offence": "piracy"}},
        {"of": "arrest", "value": 1, "part_of": "arrests"},
        {"of": "arrest", "value": 1, "part_of": "nothing", "by": "sex"},
        {"of": "fee", "value": 1},
        {"of": "fee", "value": 1, "codes": {"currency": "XYZ1"}},
        {"of": "countries", "value": 1, "codes": {"sex": "male"}},
        {"of": "seizure", "value": 1, "count": "minors"},
        {"of": "arrest", "value": 1, "as_of": "11 May"},
    ],
)
def test_a_row_that_says_nothing_known_is_refused(flaw: dict[str, Any]) -> None:
    content = _content()
    content["operation"][0]["figures"].append(flaw)
    with pytest.raises(ValidationError):
        read(content)


def test_a_source_that_is_not_listed_is_refused() -> None:
    content = _content()
    content["operation"][0]["figures"][0]["source"] = "S999"
    with pytest.raises(KeyError):
        read(content)


def test_operations_are_found_by_kind_region_and_year() -> None:
    assert [each.name for each in chosen(kind="fugitive", region="americas")] == ["Infra-SA", "EL PAcCTO fugitives"]
    assert [each.number for each in chosen(year="2025")] == [24]
    assert len(chosen()) == 48
    assert [each.name for each in series("Turquesa")] == [
        "Turquesa",
        "Turquesa II",
        "Turquesa III",
        "Turquesa IV",
        "Turquesa V",
    ]
    assert series("") == ()


def test_what_no_report_counts_has_its_words_in_four_languages() -> None:
    for code in UNREPORTED_FIGURES:
        assert len({label("CL-PUBLISHED", code, language) for language in ("en", "fr", "es", "ar")}) >= 3


# ------------------------------------------------------------------------------------------------ side by side


def _row(rows: list[ComparisonRow], of: str, code: str = "") -> ComparisonRow:
    [found] = [row for row in rows if (row.of, row.code) == (of, code)]
    return found


def test_checks_of_other_kinds_are_not_compared() -> None:
    first, last = series("Turquesa")[0], series("Turquesa")[-1]
    found = _row(side_by_side([first, last]), "check_tally")
    assert (found.said, found.rates) == (UNKNOWN_CHECKS, (None, None))
    first, second = series("Turquesa")[:2]
    assert _row(side_by_side([first, second]), "check_tally").said is OTHER_CHECKS
    assert _row(side_by_side([_one(9), _one(10)]), "check_tally").said is OTHER_DATABASES


def test_what_came_to_a_country_and_day_is_compared_and_sums_are_not() -> None:
    found = _row(side_by_side(series("Turquesa")), "arrest")
    assert found.said is PER_DAY
    assert [(round(rate.value, 3), rate.qualifier) for rate in found.rates if rate] == [
        (0.662, "="),
        (0.893, ">"),
        (1.271, "="),
        (1.675, "="),
        (1.558, "="),
    ]


def test_a_partners_cross_checks_stand_apart_from_checks_of_travellers() -> None:
    danube = series("JAD Danube")
    rows = side_by_side(danube)
    assert [len(cell) for cell in _row(rows, "check_tally").cells] == [0, 0, 0, 1]
    assert [len(cell) for cell in _row(rows, "check_tally", "europol").cells] == [0, 0, 1, 1]
    assert [[row.value for row in cell] for cell in _row(rows, "hit", "europol").cells] == [[], [], [34], [180]]


def test_numbers_without_a_total_are_shown_and_not_compared() -> None:
    assert _row(side_by_side([_one(6), _one(8)]), "arrest").said is NO_TOTAL
    assert _row(side_by_side([_one(46), _one(14)]), "migrant_detection").said is NO_RATE
    assert _row(side_by_side([_one(7), _one(8)]), "seizure", "vehicle").said is OTHER_ACTIONS
    assert _row(side_by_side([_one(7), _one(15)]), "seizure", "cash").said is OTHER_UNITS


def test_a_running_operation_is_compared_only_where_the_same_was_asked() -> None:
    here = RunningOperation(
        "regional",
        10,
        4,
        {Kpi.ARRESTS: 80.0, Kpi.DATABASE_CHECKS: 9000.0, Kpi.INSPECTIONS: None},
        {
            Kpi.DATABASE_CHECKS: ["database_query", "sltd"],
        },
    )
    wanted = (Kpi.DATABASE_CHECKS, Kpi.INSPECTIONS, Kpi.ARRESTS, Kpi.GROUPS)
    found = {row.kpi: row for row in compare_running(here, wanted, series("Turquesa"))}
    assert Kpi.GROUPS not in found
    assert found[Kpi.ARRESTS].said is PER_DAY
    assert found[Kpi.DATABASE_CHECKS].said is OTHER_DATABASES
    assert found[Kpi.INSPECTIONS].said is ONLY_ONE  # nothing is said of what is hidden here
    alike = RunningOperation(
        "border_stop", 10, 4, {Kpi.DATABASE_CHECKS: 9000.0}, {Kpi.DATABASE_CHECKS: ["database_query", "sltd"]}
    )
    [sltd] = compare_running(alike, [Kpi.DATABASE_CHECKS], [_one(5)])
    assert (sltd.said, sltd.rates) == (PER_DAY, (QualifiedAmount(4800 / 25, ">"),))
    [arrests] = compare_running(here, [Kpi.ARRESTS], [_one(10), _one(14)])
    assert (arrests.said, arrests.rates) == (OTHER_KINDS, (None, None))


def test_the_series_is_known_by_the_code_name() -> None:
    def named(code_name: str, kind: str = "regional") -> Any:
        return SimpleNamespace(code_name=code_name, type=kind)

    assert [of_series(named(name)) for name in ("Turquesa", "Turquesa V", "JAD Danube 9", "Turquesas", "Sol")] == [
        "Turquesa",
        "Turquesa",
        "JAD Danube",
        "",
        "",
    ]
    assert [each.number for each in chosen_beside(named("Turquesa VI")).operations] == [17, 18, 19, 20, 21]
    of_kind = chosen_beside(named("Sol", "fugitive"))
    assert ([each.number for each in of_kind.operations], of_kind.more) == ([36, 37, 38, 39], 0)
    assert chosen_beside(named("Sol"), region="europe").more == 8
    assert chosen_beside(named("Sol"), region="europe", kind="fugitive").operations == ()
