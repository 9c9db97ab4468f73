"""A form drawn from a model: what it draws, what it begins with, and where it says what is wrong."""

from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from dashboard.parts.draft_form import DraftForm, drawn, longest
from dashboard.wording import in_language
from operations.core.errors import RuleBroken
from operations.core.said import N_, NONE, Said


class Days(BaseModel):
    first: date
    last: date


class Sample(BaseModel):
    count: Annotated[int, Field(ge=1, le=9), Said(N_("Teams"), N_("Any number"))] = 3
    share: Annotated[Annotated[float, Field(gt=0, le=1)] | None, Said(N_("Budget"), step=0.1)] = None
    often: Annotated[Literal["week"] | None, Said(N_("Hours"), choices={"week": N_("Week"), NONE: N_("No trends")})] = (
        None
    )
    whole: Annotated[bool, Said(N_("Areas"), when=("often", "week"))] = True
    names: Annotated[tuple[str, ...], Field(max_length=4), Said(N_("Journeys"), draws="places", needed="Say who.")] = ()
    span: Annotated[Days | None, Said(N_("During"), parts=(N_("During: first day"), N_("Last day")))] = None
    hidden: int = 0


FORM = DraftForm("sample", Sample, first=("span", "beside"), beside={"beside": Said(N_("Site"), draws="text")})
READERS = {"places": lambda _field, text: text.split()}
TYPED: dict[str, Any] = {"count": 3, "often": NONE, "names": "a b", "beside": ""}


def test_fields_stand_in_their_order_and_each_has_its_inputs() -> None:
    assert list(FORM.said) == ["span", "beside", "count", "share", "often", "whole", "names"]
    assert list(FORM.inputs())[:3] == ["span_first", "span_last", "beside"]
    assert {name: each.component_property for name, each in FORM.inputs().items() if name in ("whole", "count")} == {
        "whole": "checked",
        "count": "value",
    }


def test_a_field_is_drawn_by_its_type_with_the_limits_of_the_model_and_keeps_what_is_typed() -> None:
    number = drawn(FORM, "count", FORM.start("count"))
    assert (number._type, number.label, number.description, number.value) == ("NumberInput", "Teams", "Any number", 3)
    assert (number.min, number.max, number.clampBehavior) == (1, 9, "none")
    share = drawn(FORM, "share", None)
    assert (share.allowDecimal, share.step, share.max) == (True, 0.1, 1)
    assert not hasattr(share, "min")
    assert drawn(FORM, "often", None).value == NONE
    assert drawn(FORM, "whole", True).hidden is True
    assert [each.label for each in drawn(FORM, "span", None).children] == ["During: first day", "Last day"]
    assert longest(FORM.about("names")) == 4
    with in_language("fr"):
        assert drawn(FORM, "count", 3).label == "Équipes"


def test_what_was_typed_becomes_the_model_without_what_was_not_asked() -> None:
    content = FORM.content(TYPED | {"whole": False}, READERS)
    assert "whole" not in content
    assert content.pop("beside") is None
    made = FORM.made(content)
    assert (made.often, made.whole, made.span, made.names) == (None, True, None, ("a", "b"))
    asked = FORM.content(
        TYPED | {"often": "week", "whole": False, "span_first": "2026-03-01", "span_last": None}, READERS
    )
    assert asked["whole"] is False
    assert asked["span"] == {"first": "2026-03-01", "last": None}


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"names": ""}, {"names"}),
        ({"count": 10, "share": 2}, {"count", "share"}),
        ({"count": None}, {"count"}),
        ({"span_first": "2026-03-01"}, {"span_last"}),
    ],
)
def test_every_flaw_stands_on_the_input_it_was_typed_into(typed: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(RuleBroken) as refused:
        FORM.made({name: each for name, each in FORM.content(TYPED | typed, READERS).items() if name != "beside"})
    assert {each.field for each in refused.value.flaws} == fields
