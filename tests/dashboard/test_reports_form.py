"""The form's content: from what people type to a draft, flaws beside fields, versions compared."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from dashboard.parts.report import content as report_content
from dashboard.parts.report import line_form
from dashboard.parts.report.changes import Fate, difference
from dashboard.parts.report.content import draft_of, number_typed, placed, tidy, wall
from dashboard.parts.report.line_form import FIELDS, FieldEntry
from dashboard.screens.reports import matrix as report_matrix
from dashboard.screens.reports import places as report_places
from operations.core import vocabulary
from operations.core.errors import RuleBroken
from operations.core.vocabulary import Level, LineKind
from operations.lines.kinds import KINDS, as_json
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.reports.reports import Line, Report, SiteDay
from tests.dashboard.desks import found_in, texts

UTC = UTC


def typed_tally(**changes: str) -> dict[str, Any]:
    line = {
        "id": str(uuid4()),
        "kind": "check_tally",
        "check_kind": "database_query",
        "database": "sltd",
        "entity_type": "document",
        "channel": "fixed_workstation",
        "count": "142",
    }
    return line | changes


def typed(lines: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    content = {
        "id": str(uuid4()),
        "report_id": str(uuid4()),
        "operation_id": str(uuid4()),
        "site_id": str(uuid4()),
        "phase_id": str(uuid4()),
        "kind": "daily",
        "period_from": "2026-03-02 00:00",
        "period_to": "2026-03-03 00:00",
        "zone": "Africa/Niamey",
        "lines": [typed_tally()] if lines is None else lines,
    }
    return tidy(content | changes)


def flaws(content: dict[str, Any]) -> report_content.PlacedFlaws:
    with pytest.raises(RuleBroken) as refused:
        draft_of(content)
    return placed(refused.value, content)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("142", 142),
        (" 1 234 ", 1234),
        ("1,234", 1234),
        ("1.234", 1234),
        ("12\u202f345", 12345),
        ("١٢", 12),
        ("0", 0),
        ("-3", -3),
    ],
)
def test_counts_are_read_as_people_type_them(text: str, number: int) -> None:
    assert number_typed(text) == number


@pytest.mark.parametrize("text", ["3.5", "1,23", "twelve", "1e3", "9" * 40, "1 2 3"])
def test_what_is_no_count_stays_as_typed_and_is_refused(text: str) -> None:
    line = typed_tally(count=text)
    assert number_typed(text) == text
    assert flaws(typed([line])).fields[f"{line['id']}.count"] == ["This must be a whole number."]


def test_times_are_those_of_the_site_and_an_hour_alone_is_of_the_reports_day() -> None:
    hit = {
        "id": str(uuid4()),
        "kind": "hit",
        "database": "sltd",
        "hit_kind": "stolen",
        "raw_at": "14:20",
        "action_taken": "questioned",
        "confirmation": "pending",
    }
    draft = draft_of(typed([hit]))
    assert draft.period_from == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert draft.lines[0].raw_at == datetime(2026, 3, 2, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(("typed_at", "day"), [("06:00", 2), ("23:59", 2), ("00:10", 3), ("5:59", 3)])
def test_an_hour_alone_is_in_the_official_day_wherever_that_begins(typed_at: str, day: int) -> None:
    hit = {"id": str(uuid4()), "kind": "hit", "database": "sltd", "hit_kind": "stolen", "raw_at": typed_at}
    hit |= {"action_taken": "questioned", "confirmation": "pending"}
    draft = draft_of(typed([hit], period_from="2026-03-02 06:00", period_to="2026-03-03 06:00", zone="UTC"))
    hour, minute = map(int, typed_at.split(":"))
    assert draft.lines[0].raw_at == datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_refused_beside_its_field_and_only_once() -> None:
    found = flaws(typed(zone="Europe/Paris", period_from="2026-03-29 02:30", period_to="2026-03-30 00:00"))
    assert list(found.fields) == ["period_from"]
    assert len(found.fields["period_from"]) == 1
    assert "skip" in found.fields["period_from"][0]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(2026, 7, 1, 9, 5, 7, tzinfo=UTC),
        datetime(2026, 7, 1, 9, 5, tzinfo=UTC),
    ],
)
def test_a_moment_shown_reads_back_as_itself(moment: datetime) -> None:
    for zone in ("Europe/Paris", "America/New_York", "UTC"):
        content = typed(zone=zone, period_from=wall(moment, zone), period_to=wall(moment + timedelta(days=1), zone))
        assert draft_of(content).period_from == moment


BAD = {
    "negative": (typed_tally(count="-1"), "count", "This must be 0 or more."),
    "impossible": (typed_tally(count="999999999999"), "count", "or less"),
    "unknown code": (typed_tally(database="atlantis"), "database", "atlantis is not one of the choices"),
    "no count": (typed_tally(count=""), "count", "This field is needed."),
    "no database": (typed_tally(database=""), "database", "A database query needs the database that was queried."),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_refused_beside_its_field(name: str) -> None:
    line, field, words = BAD[name]
    good = typed_tally()
    offered = {**typed_tally(count=""), "offered": True}
    found = flaws(typed([offered, good, line]))
    assert list(found.fields) == [f"{line['id']}.{field}"]
    assert words in found.fields[f"{line['id']}.{field}"][0]


def test_every_flaw_is_told_at_once_and_whole_form_flaws_have_a_place() -> None:
    found = flaws(typed([typed_tally(count="-1"), typed_tally(channel="pigeon")], kind="carrier", zone="Mars/Olympus"))
    assert len(found.fields) == 6
    assert {"kind", "zone"} < set(found.fields)
    assert found.fields["period_from"] == ["This time has no time zone: add one."], "a time of an unknown zone has none"
    assert flaws(typed([typed_tally()], kind="nil")).fields["kind"][0].startswith("A nil report has no lines")
    assert flaws(typed([])).fields["kind"][0].startswith("A report needs at least one line")
    assert "period_to" in flaws(typed(period_to="2026-03-01 00:00")).fields
    assert flaws(typed(period_from="yesterday")).fields["period_from"] == ["This is not a date and time."]


def test_unfinished_forms_are_not_shouted_at_but_wrong_ones_are_told() -> None:
    content = typed([typed_tally(count=""), typed_tally(count="-4")])
    with pytest.raises(RuleBroken) as refused:
        draft_of(content)
    assert len(placed(refused.value, content, unfinished=True).fields) == 1


def test_offered_lines_say_nothing_until_they_are_filled_in() -> None:
    draft = draft_of(typed([{**typed_tally(count=""), "offered": True}], kind="nil"))
    assert not draft.lines


@pytest.mark.parametrize("kind", [LineKind.CHECK_TALLY, LineKind.HIT, LineKind.ARREST, LineKind.DOCUMENT_SEIZURE])
def test_a_field_is_marked_exactly_where_a_line_cannot_do_without_it(kind: LineKind) -> None:
    (declared,) = line_form.declaration([kind])
    whole: dict[str, Any] = {"id": str(uuid4()), "kind": kind.value}
    known = {"count": "3", "persons": "3", "raw_at": "2026-03-02 10:00", "confirmed_at": "2026-03-02 11:00"}
    known |= {"confirmation": "confirmed", "confirming_country": "ITA"}
    known |= {"check_kind": "database_query", "database": "sltd", "offence": "firearms"}
    for field in declared["fields"]:
        of, values = field["only"] or ("kind", [kind.value])
        whole[field["name"]] = known.get(field["name"], field["default"]) if whole.get(of) in values else ""
    draft_of(typed([whole]))
    for field in declared["fields"]:
        try:
            draft_of(typed([whole | {field["name"]: ""}]))
            needed = False
        except RuleBroken:
            needed = True
        if field["name"] != "confirmation":  # without it the answer has nothing to answer
            assert field["needed"] is needed, field["name"]


@pytest.mark.requirement("ASVS 15.3.3")
def test_only_known_fields_of_a_browser_are_kept() -> None:
    kept = tidy(
        {
            "id": "x",
            "__proto__": 1,
            "role": "leadership",
            "confirmed": "yes",
            "lines": [{"kind": "hit", "passport": "AB1234567"}, 7],
        }
    )
    assert "role" not in kept
    assert kept["confirmed"] is False
    assert "passport" not in kept["lines"][0]
    assert kept["lines"][1] == {"id": "", "kind": "", "phase_id": ""}
    assert tidy(None)["lines"] == []


def test_the_form_has_exactly_the_fields_that_lines_have() -> None:
    for kind, model in KINDS.items():
        assert {field.name for field in FIELDS[kind]} == set(model.model_fields) - {
            "id",
            "kind",
            "phase_id",
            "qualifier",
        }, kind
        for field in FIELDS[kind]:
            assert (field.entry is FieldEntry.CODE) == bool(field.codes)
            if field.codes and field.default:
                assert field.default in vocabulary.code_list(field.codes)
    assert [each["kind"] for each in line_form.declaration(LineKind)] == [kind.value for kind in LineKind]


@pytest.mark.parametrize(
    ("text", "count", "qualifier"),
    [("3", 3, "="), (">3,500", 3500, ">"), (">= 12", 12, "≥"), ("≈7", 7, "~"), ("< ٥", 5, "<"), ("=4", 4, "=")],
)
def test_a_count_may_be_more_or_less_than_what_is_typed(text: str, count: int, qualifier: str) -> None:
    (line,) = draft_of(typed([typed_tally(count=text)])).lines
    assert (line.quantity, line.qualifier) == (count, qualifier)
    again = line_form.values("check_tally", as_json(line))["count"]
    (read_back,) = draft_of(typed([typed_tally(count=str(again))])).lines
    assert (read_back.quantity, read_back.qualifier) == (count, qualifier)


@pytest.mark.parametrize("text", [">", "~many", ">-3", "<>3"])
def test_a_sign_without_a_count_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        draft_of(typed([typed_tally(count=text)]))
    assert [flaw.field for flaw in refused.value.flaws] == ["lines.0.count"]


# ------------------------------------------------------------------------------------------------- difference


def _report(**changes: Any) -> Report:
    columns = {
        "id": uuid4(),
        "report_id": uuid4(),
        "version": 1,
        "operation_id": uuid4(),
        "country": "NER",
        "site_id": uuid4(),
        "phase_id": uuid4(),
        "kind": "daily",
        "period_from": datetime(2026, 3, 2, tzinfo=UTC),
        "period_to": datetime(2026, 3, 3, tzinfo=UTC),
        "zone": "Africa/Niamey",
        "remarks": "",
        "official_day": date(2026, 3, 2),
        "state": "submitted",
        "level": 1,
        "author_id": uuid4(),
        "author_name": "Bruno",
        "received_at": datetime(2026, 3, 2, 12, tzinfo=UTC),
    }
    return Report(**(columns | changes))


def _line(count: int, **changes: Any) -> Line:
    attributes = {
        "check_kind": "database_query",
        "database": "sltd",
        "entity_type": "document",
        "channel": "mobile_device",
        "count": count,
    }
    return Line(
        **(
            {"id": uuid4(), "kind": "check_tally", "quantity": count, "unit": "count", "attributes": attributes}
            | changes
        )
    )


def test_the_difference_names_every_change_and_nothing_else() -> None:
    before, kept, gone, changed = _report(), _line(5), _line(7), _line(10)
    after = _report(remarks="Counted again.", phase_id=before.phase_id)
    again = _line(12, id=changed.id)
    new = _line(3)
    found = difference(before, [kept, gone, changed], after, [kept, again, new])
    assert [change.name for change in found.envelope] == ["remarks"]
    assert [(each.line.quantity, each.fate) for each in found.lines] == [
        (5, Fate.SAME),
        (12, Fate.CHANGED),
        (3, Fate.ADDED),
        (7, Fate.REMOVED),
    ]
    change = found.lines[1].change("count")
    assert change is not None
    assert (change.before, change.after) == (10, 12)
    assert not difference(before, [kept], before, [kept])
    assert not difference(None, [], after, [kept])


# ----------------------------------------------------------------------------------------------------- matrix


def test_the_matrix_tells_what_is_known_of_a_site_on_a_day() -> None:
    site, day = uuid4(), date(2026, 3, 2)
    days = [day + timedelta(days=number) for number in range(6)]
    sent = [
        SiteDay(site, days[0], 2, Level.V1, returned=False, nil=False),
        SiteDay(site, days[1], 1, Level.V2, returned=False, nil=True),
        SiteDay(site, days[2], 2, Level.V0, returned=True, nil=False),
    ]
    found = report_matrix.cells(sent, [(str(site), days[4].isoformat())], [site], days, today=days[4])
    assert [found[site, each].standing.value for each in days] == [
        "sent",
        "nil",
        "returned",
        "missing",
        "unsent",
        "later",
    ]
    assert found[site, days[0]].level is Level.V1
    assert found[site, days[0]].reports == 2
    assert report_matrix.due(found) == (site, days[2])
    assert report_matrix.meaning(found[site, days[1]]) == "nil report, Locally verified"


def test_days_of_the_matrix_are_those_on_which_sites_report() -> None:
    operation = plan.Operation(zone="Africa/Niamey", day_cut=time(0))

    def phase(kind: str, first: int, last: int) -> plan.Phase:
        return plan.Phase(
            kind=kind, starts=datetime(2026, 3, first, tzinfo=UTC), ends=datetime(2026, 3, last, tzinfo=UTC)
        )

    before, checks, today = phase("pre_operational", 2, 5), phase("operational", 10, 13), date(2026, 3, 11)
    days = [date(2026, 3, day) for day in (3, 10, 11)]
    assert report_matrix.official_days(operation, [before, checks], today) == days[1:]
    assert report_matrix.official_days(operation, [before, checks], today, reported=days[:1]) == days
    assert report_matrix.official_days(operation, [before, checks], date(2026, 3, 3)) == [date(2026, 3, 2), days[0]]
    assert report_matrix.official_days(operation, [before, checks], today, until=days[1]) == days[1:2]


def test_of_450_sites_in_90_countries_the_matrix_shows_one_country_and_a_row_for_each_other() -> None:
    countries = [code for code in vocabulary.codes("CL-COUNTRY") if len(code) == 3][:90]
    sites = [Site(id=uuid4(), country=code, name=f"{code} {at}") for code in countries for at in range(5)]
    days = [date(2026, 3, day) for day in range(1, 15)]
    late, sent = sites[200], sites[7]
    since = {site.id: days[-1] for site in sites} | {late.id: days[3]}
    reported = [SiteDay(sent.id, days[-1], 1, Level.V1, returned=False, nil=False)]
    found = report_matrix.cells(reported, [], [site.id for site in sites], days, days[-1], since)

    def shown(chosen: Any = None, country: str = "") -> tuple[set[str], list[Any], list[Any]]:
        parts = report_places.matrix_parts(sites, days, found, chosen, "/reports", country)
        buttons = found_in(parts, "Button")
        return {texts(each.title)[:3] for each in buttons}, buttons, found_in(parts, "Link")

    named, buttons, links = shown()
    assert named == {late.country}  # what is due next stands open
    assert len(buttons) == 5 * 14
    assert sum(each.tabIndex == 0 for each in buttons) == 1
    assert f"/reports?country={sent.country}" in {link.href for link in links}
    assert sum("?country=" in link.href for link in links) == 89
    assert shown(country=sent.country)[0] == shown(chosen=(sent.id, days[-1]))[0] == {sent.country}
    assert sum(each.tabIndex == 0 for each in shown(country=sent.country)[1]) == 1
    [row] = [
        row
        for row in found_in(report_places.matrix_parts(sites, days, found, None, "/reports"), "Tr")
        if f"country={sent.country}" in str(row)
    ]
    assert [texts(cell) for cell in row.children[-2:]] == ["·", "1/5"]


def test_the_day_of_an_unsent_form_is_the_operations_day() -> None:
    content = typed(zone="America/New_York", period_from="2026-03-02 20:00")
    assert report_content.day_of(content, "Africa/Niamey", time(0)) == date(2026, 3, 3)
    assert report_content.day_of({"period_from": "soon", "zone": "UTC"}, "Africa/Niamey", time(0)) is None
