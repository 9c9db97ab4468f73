"""A form drawn from a model: what it draws, what it begins with, and where it says what is wrong."""

import importlib
import pkgutil
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

import dashboard.parts
import dashboard.screens
from dashboard import theme
from dashboard.parts.datetimes import typed_moment
from dashboard.parts.draft_fields import longest
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import drawing, drawn
from dashboard.wording import in_language, sentence
from operations.core import vocabulary
from operations.core.drafts import FIELD, NEEDED, Draft, Moment, Name, Words, Zone, rule
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, NONE, Label
from operations.core.vocabulary import Country, InList, PhaseKind, SiteType
from operations.policing.map_plan.coordination_units import UnitDraft
from operations.support.early_end import TasksLeft


class Days(BaseModel):
    first: date
    last: date


class Sample(BaseModel):
    count: Annotated[int, Field(ge=1, le=9), Label(N_("Teams"), N_("Any number"))] = 3
    share: Annotated[Annotated[float, Field(gt=0, le=1)] | None, Label(N_("Budget"), step=0.1)] = None
    often: Annotated[
        Literal["week"] | None, Label(N_("Hours"), choices={"week": N_("Week"), NONE: N_("No trends")})
    ] = None
    whole: Annotated[bool, Label(N_("Areas"), when=("often", "week"))] = True
    names: Annotated[
        tuple[str, ...], Field(max_length=4), Label(N_("Journeys"), draws="places", needed="Say who.")
    ] = ()
    span: Annotated[Days | None, Label(N_("During"), parts=(N_("During: first day"), N_("Last day")))] = None
    hidden: int = 0


FORM = DraftForm("sample", Sample, first=("span", "beside"), beside={"beside": Label(N_("Site"), draws="text")})
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


# ------------------------------------------------------------------------------------- drafts of every kind of field

TAKEN = rule("sample_taken", "The end lies before the beginning.")


class Seat(Draft):
    function: Annotated[str, InList("CL-OCUROLE"), Label(N_("Function, line {line}"))]
    persons: Annotated[int, Field(ge=1, le=500), Label(N_("Persons, line {line}"))] = 1


class Meeting(Draft):
    id: UUID
    title: Annotated[Name, Label(N_("Name"))]
    note: Annotated[Words, Label(N_("Note"))] = ""
    kind: Annotated[PhaseKind, Label(N_("Kind of phase"), listed="CL-PHASE")]
    country: Annotated[Country | None, Label(N_("Country"))] = None
    scope: Annotated[tuple[Annotated[str, InList("CL-CRIMESCOPE")], ...], Label(N_("Crime scope"))] = ()
    zone: Annotated[Zone, Label(N_("Time zone"), draws="zone")]
    starts: Annotated[Moment, Label(N_("Begins"), N_("local time in {zone}"), parts=(N_("Begins on"), N_("Begins at")))]
    ends: Annotated[Moment | None, Label(N_("Ends"), parts=(N_("Ends on"), N_("Ends at")))] = None
    daily: Annotated[time | None, Label(N_("Daily report due at"))] = None
    online: Annotated[bool, Label(N_("Manned round the clock"))] = False
    length: Annotated[int | None, Field(ge=-30), Label(N_("Length"), unit=N_("min"), when=("online", True))] = None
    seats: Annotated[tuple[Seat, ...], Label(N_("Members"), rows=3, order=N_("No., line {line}"))] = ()

    @model_validator(mode="after")
    def _in_order(self) -> "Meeting":
        if self.ends is not None and self.ends <= self.starts:
            raise PydanticCustomError(TAKEN, "reversed", {FIELD: "ends"})
        return self


MEETING = DraftForm("meeting", Meeting)
AT_NOON = MEETING.shown() | {
    "title": "Briefing",
    "kind": "training",
    "zone": "Africa/Niamey",
    "starts": "2026-03-01",
    "starts_time": "12:00",
}


def test_each_kind_of_field_is_drawn_by_its_type_and_by_the_code_list_it_is_of() -> None:
    parts = dict(zip(MEETING.said, drawing(MEETING, zone="Africa/Niamey")(), strict=True))
    kinds = {name: part._type for name, part in parts.items()}
    assert kinds == {
        "title": "TextInput",
        "note": "Textarea",
        "kind": "Select",
        "country": "Select",
        "scope": "MultiSelect",
        "zone": "Select",
        "starts": "Div",
        "ends": "Div",
        "daily": "TimePicker",
        "online": "Switch",
        "length": "Div",
        "seats": "Div",
    }
    assert (parts["title"].required, parts["title"].attributes) == (True, {"input": {"maxLength": 120}})
    assert [each["value"] for each in parts["kind"].data] == list(vocabulary.codes("CL-PHASE"))
    assert (parts["kind"].clearable, parts["country"].clearable) == (False, True)
    assert [(each.label, each.description) for each in parts["starts"].children] == [
        ("Begins on", "local time in Africa/Niamey"),
        ("Begins at", "local time in Africa/Niamey"),
    ]
    assert (parts["length"].hidden, parts["length"].children.min, parts["length"].children.suffix) == (
        True,
        -30,
        "\u202fmin",
    )
    row = parts["seats"].children[1]
    assert [(each.id, each.label) for each in row.children] == [
        ("meeting-seats_1_order", "No., line 2"),
        ("meeting-seats_1_function", "Function, line 2"),
        ("meeting-seats_1_persons", "Persons, line 2"),
    ]


def test_what_stands_in_the_inputs_of_a_thing_is_read_back_as_the_same_thing() -> None:
    ident = uuid4()
    typed = AT_NOON | {
        "ends": "2026-03-01",
        "ends_time": "13:30",
        "daily": "18:00",
        "online": True,
        "length": 90,
        "country": "NER",
        "scope": [vocabulary.codes("CL-CRIMESCOPE")[0]],
        "seats_0_persons": 2,
        "seats_2_order": 5,
    }
    roles = vocabulary.codes("CL-OCUROLE")
    typed |= {"seats_0_function": roles[0], "seats_2_function": roles[1]}
    made = MEETING.draft(Meeting, typed, zone="Africa/Niamey", id=ident)
    assert made.starts == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert [(each.function, each.persons) for each in made.seats] == [(roles[1], 1), (roles[0], 2)]
    assert (made.daily, made.length, made.id) == (time(18), 90, ident)
    again = MEETING.draft(Meeting, MEETING.shown(made, "Africa/Niamey"), zone="Africa/Niamey", id=ident)
    assert again == made


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"title": " ", "kind": None, "zone": ""}, {"title", "kind", "zone"}),
        ({"starts_time": ""}, {"starts"}),
        ({"starts": None, "starts_time": ""}, {"starts"}),
        ({"ends": "2026-02-01", "ends_time": "12:00"}, {"ends"}),
        ({"seats_2_function": "nobody", "seats_2_persons": 0}, {"seats_2_function", "seats_2_persons"}),
        ({"seats_1_function": "nobody", "seats_0_function": "", "title": ""}, {"seats_1_function", "title"}),
    ],
)
def test_every_flaw_of_a_draft_is_said_at_once_each_in_its_place(typed: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(RuleBroken) as refused:
        MEETING.draft(Meeting, AT_NOON | typed, zone="Africa/Niamey", id=uuid4())
    assert {each.field for each in refused.value.flaws} == fields


def test_what_is_not_asked_now_is_not_read() -> None:
    typed = AT_NOON | {"online": False, "length": 90}
    assert MEETING.draft(Meeting, typed, zone="Africa/Niamey", id=uuid4()).length is None


def _every_form() -> list[DraftForm]:
    """Every form of a draft that a screen asks for."""
    found: dict[str, DraftForm] = {}
    for package in (dashboard.screens, dashboard.parts):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for held in vars(importlib.import_module(each.name)).values():
                several = held.values() if isinstance(held, dict) else [held]
                found |= {form.prefix: form for form in several if type(form) is DraftForm}
    return [each for each in found.values() if each.model.__module__.startswith("operations.")]


def test_what_is_refused_where_it_is_empty_bears_its_mark_on_every_form() -> None:
    forms, unmarked = _every_form(), []
    assert len(forms) > 30
    for form in forms:
        inputs = {each: name for name in form.said if form.look(name) != "rows" for each in form.inputs_of(name)}
        try:
            form.draft(form.model, dict.fromkeys(inputs))
        except RuleBroken as refused:
            flaws = {inputs.get(flaw.field, "") for flaw in refused.flaws if str(flaw) == NEEDED} & form.said.keys()
        else:
            flaws = set()
        flaws -= {name for name in flaws if form.look(name) == "text" and form.start(name) == ""}  # its screen fills it
        kept = {name for name in flaws if form.look(name) in ("one", "few")}  # cannot be emptied: begins with a choice
        unmarked += [(form.prefix, name) for name in flaws - kept - form.needed]
        unmarked += [(form.prefix, name) for name in kept - form.needed if form.start(name) is None]
    assert unmarked == []


def test_what_checks_each_kind_of_draft_can_be_built() -> None:
    """It is built when the first of its kind is checked: a fault in a field's type would come to light there."""
    _every_form()  # the modules of all screens know all kinds
    kinds = [Draft]
    for kind in kinds:
        kinds += kind.__subclasses__()
        kind.model_rebuild()
    assert len(kinds) > 100
    assert all(kind.__pydantic_complete__ for kind in kinds)


def test_the_mark_is_the_component_s_own_and_a_screen_reader_hears_it() -> None:
    class Asked(Draft):
        who: Annotated[tuple[Country, ...], Field(min_length=1), Label(N_("Countries"), draws="countries")]
        how: Annotated[Literal["a"], Label(N_("State"), draws="few", choices={"a": N_("Week")})]
        span: Annotated[Days, Label(N_("During"), parts=(N_("First day"), N_("Last day")))]
        free: Annotated[tuple[Country, ...], Label(N_("Goals"), draws="countries")] = ()

    form = DraftForm("asked", Asked)
    who, how, span, free = drawing(form)()
    assert (who.required, getattr(who, "aria-required")) == (True, "true")
    assert (how.required, getattr(how, "aria-required")) == (True, "true")
    assert [each.required for each in span.children] == [True, True]
    assert not hasattr(free, "required")
    assert not hasattr(free, "aria-required")


# ------------------------------------------------------------------------------- words, choices, times, marks of need


class Place(Draft):
    """A form of the kinds that people fill in by words."""

    country: Annotated[Country, Label(N_("Country"))]
    kind: Annotated[SiteType, Label(N_("Kind of site"), listed="CL-SITETYPE")]
    languages: Annotated[tuple[Annotated[str, InList("CL-LANGUAGE")], ...], Label(N_("Languages"))] = ()
    opens: Annotated[time | None, Label(N_("From"))] = None
    left: Annotated[TasksLeft, Label(N_("Open tasks"), choices={"keep": N_("Drop them"), "drop": N_("Drop it")})] = (
        TasksLeft.KEEP
    )


PLACE = DraftForm("place", Place)


@pytest.mark.parametrize(
    ("country", "kind", "language"),
    [
        ("NER", "airport", "fr"),
        ("Niger", "Airport", "French"),
        ("Níger", "Aeropuerto", "francés"),
        ("ner", "AIRPORT", "FR"),
    ],
)
def test_a_choice_is_taken_by_its_code_or_its_word_in_any_language(country: str, kind: str, language: str) -> None:
    made = PLACE.draft(Place, {"country": country, "kind": kind, "languages": [language], "left": "keep"})
    assert (made.country, made.kind, made.languages) == ("NER", SiteType.AIRPORT, ("fr",))


def test_a_refusal_of_a_choice_names_the_choices_and_how_many_more_there_are() -> None:
    typed = {"country": "Atlantis", "kind": "castle", "languages": ["fr"], "left": "sell"}
    with pytest.raises(RuleBroken) as refused:
        PLACE.draft(Place, typed)
    said = {flaw.field: sentence(flaw) for flaw in refused.value.flaws}
    assert said["kind"].startswith("This is not one of the choices: Airport, Seaport, ")
    assert said["left"] == "This is not one of the choices: Drop them, Drop it."
    assert said["country"].startswith("Atlantis is not one of the choices: Aruba, Afghanistan, ")
    assert said["country"].endswith(" and 242 more.")
    assert str(refused.value.flaws[0]).startswith("Atlantis is not one of the choices: Aruba, ")  # for the log
    with in_language("fr"):
        assert "Aéroport" in sentence(next(flaw for flaw in refused.value.flaws if flaw.field == "kind"))


@pytest.mark.parametrize("typed", ["14:30", "1430", "14.30", "14h30", " 14 h 30 "])
def test_a_time_is_read_however_it_is_typed(typed: str) -> None:
    made = PLACE.draft(Place, {"country": "NER", "kind": "airport", "opens": typed, "left": "keep"})
    assert made.opens == time(14, 30)
    assert typed_moment("2026-04-06", typed, "UTC", "at").isoformat() == "2026-04-06T14:30:00+00:00"


@pytest.mark.parametrize("typed", ["25:00", "14:75", "noon", "14:3", "123456"])
def test_what_is_no_time_of_day_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken):
        PLACE.draft(Place, {"country": "NER", "kind": "airport", "opens": typed, "left": "keep"})


def test_a_row_that_may_be_left_out_bears_no_mark_of_need() -> None:
    unit = DraftForm("unit", UnitDraft)
    [members] = drawing(unit)("members")
    assert not [each for each in members._traverse() if getattr(each, "required", False)]
    [hours] = drawing(unit)("opens")
    assert [each for each in hours._traverse() if getattr(each, "required", False)]  # asked for under its condition


def test_a_choice_that_is_picked_again_stays() -> None:
    """The list of a select would take it away without a word."""
    assert theme.mantine()["components"]["Select"]["defaultProps"]["allowDeselect"] is False
