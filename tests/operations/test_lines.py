"""Every kind of line says what it is, and is stored, counted and told by that alone."""

import inspect
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from dashboard.parts.report.line_form import FIELDS
from operations.core.drafts import flaws_of, parse
from operations.core.errors import RuleBroken
from operations.core.vocabulary import codes
from operations.lines.kinds import KINDS, as_json, from_json
from operations.lines.line import LONGEST, QuantityLine, breakdown_fields, parts_of
from operations.policing.reports import reports
from operations.policing.reports.reports import ReportDraft
from operations.totals import totals
from tests.makers import Running, form, send

CHOSEN = {
    "check_tally": {"check_kind": "database_query", "entity_type": "document", "channel": "fixed_workstation"},
    "hit": {"database": "sltd", "hit_kind": "stolen", "action_taken": "questioned"},
    "arrest": {"offence": "migrant_smuggling", "legal_basis": "flagrant_offence"},
    "casualty": {"fate": "injured"},
    "document_seizure": {"doc_type": "passport", "fraud_kind": "counterfeit"},
    "group": {"grade": "disrupted", "offence": "migrant_smuggling"},
    "investigation": {"reach": "national", "offence": "migrant_smuggling"},
    "migrant_detection": {"detection_kind": "at_bcp_check"},
    "notice": {"colour": "blue", "action": "requested"},
    "officers": {"counted": "officer_day"},
    "protection_referral": {"need_of": "victim", "service": "social_services", "answer": "waiting"},
    "seizure": {"commodity": "vehicle", "action": "seized", "measure": "piece"},
    "trainees": {"topic": "databases"},
}


def line_of(kind: str, **changed: Any) -> dict[str, Any]:
    """A line as somebody fills it in, with 3 of what it counts."""
    content: dict[str, Any] = {"id": str(uuid4()), "kind": kind}
    for field in FIELDS[kind]:
        start = CHOSEN.get(kind, {}).get(field.name, field.default)
        if start and not field.only:
            content[field.name] = int(start) if field.entry == "count" else start
    content |= {"database": "sltd"} if kind == "check_tally" else {}
    content |= {KINDS[kind].COUNTS or "amount": 3} if kind != "hit" else {"raw_at": "2026-03-02T10:00:00+01:00"}
    return {name: value for name, value in (content | changed).items() if value is not None}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_whole(kind: str) -> None:
    model = KINDS[kind]
    assert inspect.getdoc(model)
    assert model.UNIT in codes("CL-UNIT")
    assert not model.COUNTS or model.COUNTS in model.model_fields
    line = model.model_validate(line_of(kind))
    assert from_json(as_json(line)) == line
    assert line.quantity == (1 if kind == "hit" else 3)
    facet = totals.facet_of(line, "operational")
    assert (facet.kind, facet.unit, facet.qualifier) == (kind, line.unit, "")
    for side, value in facet._asdict().items():
        assert len(value) <= totals.SIDES[side].length, side
    for name, by in breakdown_fields(model).items():
        assert not by.of or by.of in parts_of(model), name
        if by.said:
            continue
        listed = next((field.codes for field in FIELDS[kind] if field.name == name), "CL-QUAL")
        longest = totals.SIDES[by.side].length if by.side else LONGEST
        assert listed, name
        assert max(map(len, codes(listed))) <= longest, name


@pytest.mark.parametrize("kind", [kind for kind, model in KINDS.items() if parts_of(model)])
@pytest.mark.requirement("ASVS 2.2.3")
def test_no_part_is_larger_than_its_whole(kind: str) -> None:
    for name in parts_of(KINDS[kind]):
        when = next(field.only for field in FIELDS[kind] if field.name == name)
        asked = {when[0]: when[1][0]} if when else {}
        assert getattr(KINDS[kind].model_validate(line_of(kind, **asked, **{name: 3})), name) == 3
        with pytest.raises(ValidationError) as refused:
            KINDS[kind].model_validate(line_of(kind, **asked, **{name: 4}))
        (flaw,) = flaws_of(refused.value)
        assert (flaw.field, str(flaw)) == (name, "A part cannot be larger than its whole: this can be 3 at most.")


def test_a_part_is_not_told_twice() -> None:
    with pytest.raises(ValidationError, match="part told"):
        KINDS["arrest"].model_validate(line_of("arrest", age_group="12_15", minors=1))
    with pytest.raises(ValidationError, match="unaccompanied minors"):
        KINDS["migrant_detection"].model_validate(line_of("migrant_detection", minors=1, uam=2))


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"measure": "money"}, "currency", "An amount of money needs its currency."),
        ({"currency": "EUR"}, "currency", "Only an amount of money has a currency."),
        (
            {"measure": "money", "currency": "DEM", "commodity": "cash"},
            "currency",
            "DEM is not one of the choices",
        ),
        ({"measure": "kg"}, "measure", "These are counted in pieces, or by their value in money."),
        (
            {"commodity": "cocaine", "measure": "money", "currency": "EUR"},
            "measure",
            "Street values of drugs are estimates and never summed: give their mass or number.",
        ),
    ],
)
def test_a_seizure_has_a_unit_that_fits(changed: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        KINDS["seizure"].model_validate(line_of("seizure", **changed))
    [flaw] = flaws_of(refused.value)
    assert flaw.field == field
    assert str(flaw).startswith(said)


def test_only_a_hit_among_notices_has_a_colour() -> None:
    hit = line_of("hit")
    assert KINDS["hit"].model_validate(hit | {"database": "notices", "notice": "blue"}).notice == "blue"
    with pytest.raises(ValidationError) as refused:
        KINDS["hit"].model_validate(hit | {"database": "sltd", "notice": "red"})
    assert [(flaw.field, str(flaw)) for flaw in flaws_of(refused.value)] == [
        ("notice", "Only a hit among notices has a colour.")
    ]


def test_a_flaw_stands_at_a_field_that_is_called_as_a_kind_is(scene: Running) -> None:
    hit = line_of("hit", database="notices", notice="pink")
    with pytest.raises(RuleBroken, match="pink is not one of the choices") as refused:
        send(scene, form(scene, lines=[hit]))
    assert [flaw.field for flaw in refused.value.flaws] == ["lines.0.notice"]


def test_a_currency_must_exist_on_the_day(scene: Running) -> None:
    money = line_of("seizure", commodity="cash", measure="money", currency="HRK")
    with pytest.raises(RuleBroken, match="HRK was legal tender nowhere on that day") as refused:
        send(scene, form(scene, lines=[money]))
    assert [flaw.field for flaw in refused.value.flaws] == ["lines.0.currency"]


def test_amounts_of_different_units_never_add_up(scene: Running) -> None:
    lines = [
        line_of("seizure", commodity="cash", measure="money", currency="EUR", amount=500),
        line_of("seizure", commodity="cash", measure="money", currency="USD", amount=70),
        line_of("seizure", commodity="cannabis", measure="kg", amount=2),
        line_of("seizure", commodity="cannabis", measure="g", amount=350),
        line_of("seizure", commodity="vehicle", action="recovered", amount=4),
    ]
    made = send(scene, form(scene, lines=lines))
    with scene.store.reading(scene["bruno"]) as session:
        rows = totals.read(session, scene.operation, totals.Grain.OPERATION)
        kept = reports.lines_of(session, made.id)
    assert {(row.facet.entity, row.facet.unit): row.quantity for row in rows} == {
        ("cash", "EUR"): 500,
        ("cash", "USD"): 70,
        ("cannabis", "g"): 2350,
        ("vehicle", "piece"): 4,
    }
    assert [line.unit for line in kept] == ["EUR", "USD", "g", "g", "piece"]


def test_an_offence_with_another_counts_once_and_the_core_one_first() -> None:
    typed = line_of("arrest", offence="drugs", offence_also="migrant_smuggling")
    line = KINDS["arrest"].model_validate(typed)
    assert (line.offence, line.offence_also, line.quantity) == ("migrant_smuggling", "drugs", 3)
    with pytest.raises(ValidationError, match="offence twice"):
        KINDS["arrest"].model_validate(typed | {"offence": "migrant_smuggling"})


def test_every_quantity_can_be_more_or_less_than_what_is_written() -> None:
    for kind, model in KINDS.items():
        if issubclass(model, QuantityLine):
            for code in codes("CL-QUAL"):
                line = model.model_validate(line_of(kind, qualifier=code))
                assert totals.facet_of(line, "operational").qualifier == code.strip("=")


@pytest.mark.requirement("R68")
def test_no_line_takes_a_name_a_birth_date_or_a_document(scene: Running) -> None:
    for kind, model in KINDS.items():
        texts = {name for name, field in model.model_fields.items() if field.annotation in (str, str | None)}
        told = {"kind", "notice_ref", "case_ref", "qualifier"} | {field.name for field in FIELDS[kind] if field.codes}
        free = texts - told
        assert free == set(), kind
    with pytest.raises(RuleBroken, match="not part of the form"):
        parse(ReportDraft, form(scene, lines=[line_of("casualty", called="Ada")]))


def test_no_line_begins_with_a_fact_that_nobody_chose() -> None:
    nothing = {"", "0", "unknown", "pending", "potential"}  # a potential victim is what the line itself counts
    begun = {(kind, field.name): field.default for kind, fields in FIELDS.items() for field in fields}
    assert {key: start for key, start in begun.items() if start not in nothing} == {}
