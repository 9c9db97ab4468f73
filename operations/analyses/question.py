"""Questions of analyses as declarations: a model with labelled fields, its answer, tables and style on a map.

Each file of `operations.analyses.questions` holds one as `ASKING`. Heavy modules are imported by answers only, so that
code that asks or shows stored answers need not load them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from operations.analyses.answer import Answer
from operations.core.field_labels import N_, FieldSource, Label
from operations.core.store import Store
from operations.core.vocabulary import MapObjectKind
from operations.policing.analyses import Analysis

# ------------------------------------------------------------------------------------------------------ base classes


class Question(BaseModel):
    """The base of all questions: frozen, and unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


OwnKind = Literal["hit", "migrant_detection", "arrest"]
"""Kinds of lines of reports that can be used as events: see `operations.policing.reports.own_results`."""

LAYERS = Label(
    N_("Layers"),
    draws="layers",
    basis=FieldSource("stack-2", N_("No layer of events was brought in yet."), N_("Bring one in"), "layers"),
)
"""The layers of a question about events, own results among them."""


class EventQuestion(Question):
    """A question about events: of layers, or (`own`) of the operation's own results."""

    own: Annotated[
        OwnKind | None,
        Label(
            N_("Own results"),
            typed=False,
            told=False,
            codes={
                "hit": N_("raw hits"),
                "migrant_detection": N_("persons detected"),
                "arrest": N_("persons arrested"),
            },
        ),
    ] = None


Degrees = Annotated[float, Field(allow_inf_nan=False)]


class JourneyEnd(Question):
    """An end of a journey on the road network (WGS 84)."""

    lon: Annotated[Degrees, Field(ge=-180, le=180)]
    lat: Annotated[Degrees, Field(ge=-90, le=90)]


class Journey(Question):
    """A journey from origin to destination, with its share of all movement, in any unit."""

    name: Annotated[str, Field(max_length=200)]
    origin: JourneyEnd
    destination: JourneyEnd
    share: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)] = 1.0


class NamedPosition(JourneyEnd):
    """A position with its name for people; the name may be empty."""

    name: Annotated[str, Field(max_length=200)] = ""


class Around(JourneyEnd):
    """The area within `km` of a position."""

    km: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]


Names = Annotated[tuple[Annotated[str, Field(max_length=80)], ...], Field(max_length=500)]
Countries = Annotated[tuple[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], ...], Field(max_length=250)]
ClosedCountries = Annotated[
    Countries, Label(N_("Closed countries"), N_("Nobody passes through these."), draws="countries")
]
Kmh = Annotated[float, Field(gt=0, le=300, allow_inf_nan=False)]
RoadKmh = Annotated[Kmh, Label(N_("Speed on roads, in km/h"), N_("Above 0, up to 300."))]

Length = Literal["week", "month", "quarter"]
LENGTHS: Mapping[str, str] = {"week": N_("Week"), "month": N_("Month"), "quarter": N_("Quarter")}
Resolution = Annotated[
    Annotated[int, Field(ge=2, le=8)] | None,
    Label(
        N_("Size of the cells"),
        N_("H3 resolution, 2 (about 87,000 km²) to 8 (about 0.7 km²)."),
        placeholder=N_("Chosen by the data"),
        unset=N_("chosen by the data"),
    ),
]
Weighted = Annotated[
    bool,
    Label(N_("Count persons instead of events"), N_("Each event counts for the quantity that its row names.")),
]
PlanInForce = Label(
    N_("Plan in force"),
    N_("The crossings that the answer is compared with."),
    draws="crossings",
    given="in_force",
)
Fixed = Label(N_("Must be staffed"), N_("A team stands here in any case."), draws="crossings")
Forbidden = Label(N_("Never staffed"), N_("No team may stand here."), draws="crossings")

# ------------------------------------------------------------------------------------------------ tables, as data


Form = Literal["text", "several", "place", "places", "plan", "country", "countries", "position", "number", "percent"]


@dataclass(frozen=True)
class Column:
    """A column of a table of an answer: its stored name, heading, and format of cells.

    `form`: text as it is, labels of `codes` (`several`: separated by spaces), the name of a place (`places`: separated
    by semicolons), a plan or route, a country (`countries`: separated by spaces), a position (`lat` and `lon` of the
    row); numbers with `digits` decimals, or the `percent` of a share. `strict`: a value outside `codes` is unknown,
    instead of a message itself. `width` in pixels: a minimum for texts, unless `fixed`. `tip`: tooltip of the heading.
    """

    name: str
    heading: str
    form: Form = "text"
    digits: int | None = None
    width: int | None = None
    fixed: bool = False
    tip: str = ""
    codes: Mapping[Any, str] = field(default_factory=dict)
    strict: bool = False

    @property
    def counts(self) -> bool:
        """Whether its cells are numbers."""
        return self.form in ("number", "percent")


@dataclass(frozen=True)
class TableView:
    """A table as it is shown: its stored name, title, explanation, and columns."""

    name: str
    title: str
    meaning: str
    columns: tuple[Column, ...]


def number(name: str, heading: str, digits: int | None = None, width: int | None = None, tip: str = "") -> Column:
    """Return a column of numbers."""
    return Column(name, heading, "number", digits, width, tip=tip)


def percent(name: str, heading: str, digits: int | None = None, width: int | None = None, tip: str = "") -> Column:
    """Return a column of shares, shown as percentages."""
    return Column(name, heading, "percent", digits, width, tip=tip)


# -------------------------------------------------------------------------------------------------- map styles, as data


def always(_about: Mapping[str, Any]) -> bool:
    """Accept every feature of the kind."""
    return True


Fills = Mapping[str, tuple[str, int | Literal["g", "percent"]]]


@dataclass(frozen=True)
class FeatureStyle:
    """The style of features of a `kind` on a map: `draws` names the drawing; the rest are texts at the pointer and in
    the legend.

    `name` and the parts of `note` are messages; their places are filled from the feature's properties as `fills` says
    (property, and decimals, "g" or "percent"), by its own name and as a whole number otherwise. Without `name` the
    feature is named by its place, which `near` leaves as written. `mark`: the property written on the feature. `when`:
    a predicate of the features with this style; the first style that fits is used. `edges`: labels of those values of
    the property `trend` that are drawn as an edge.

    `legend`: the meaning of the drawing, filled (by `legend_fills`, where they differ) from all features of the style,
    or from the `least` value among them. `shades`: the same for the drawings `draws`-1 to -3, in the order of the
    legend, chosen `by_thirds` of a property's values, or `by_number` from a property.
    """

    kind: str
    draws: str
    name: str = ""
    note: tuple[str, ...] = ()
    legend: str = ""
    fills: Fills = field(default_factory=dict)
    legend_fills: Fills = field(default_factory=dict)
    mark: str = ""
    near: bool = False
    when: Callable[[Mapping[str, Any]], bool] = always
    edges: Mapping[str, str] = field(default_factory=dict)
    least: bool = False
    by_thirds: str = ""
    by_number: str = ""
    shades: Mapping[int, str] = field(default_factory=dict)


def sign(kind: str, words: str, draws: str = "", **more: Any) -> FeatureStyle:
    """Return a style whose meaning is one sentence, at the pointer and in the legend."""
    return FeatureStyle(kind, draws or kind.replace("_", "-"), **{"note": (words,), "legend": words, **more})


def family(look: FeatureStyle, *others: Mapping[str, Any]) -> tuple[FeatureStyle, ...]:
    """Return styles that differ from the first only in the named fields; the first that fits is used."""
    return (look, *(replace(look, **{"when": always, **other}) for other in others))


CHECKPOINT = sign("checkpoint", N_("Checkpoint of this plan"))
IN_FORCE = sign("in_force", N_("In the plan in force, not in this one"), legend=N_("Only in the plan in force"))
STAFFED = sign("staffed", N_("Watched by others"))
POSTS = (MapObjectKind.CHECKPOINT, MapObjectKind.OBSERVATION_POST)


# ---------------------------------------------------------------------------------------------------- question types


class AnswerJob(Protocol):
    """The job passed to an answer: the analysis, its store, and callbacks."""

    store: Store
    asked: Analysis

    def hear(self, state: Any) -> bool:
        """Report progress; return False where a person asked to stop."""

    def before(self) -> list[Any]:
        """Return the plan of the answer that this one continues."""


Content = dict[str, Any]


def _as_typed(content: Content, _session: Session, _operation_id: UUID) -> Content:
    return content


@dataclass(frozen=True)
class QuestionType:
    """A kind of question: its code, which is the name of its file, and its title.

    Its answering function is in `operations.analyses.answers` or, where it is light, in `answer`: it takes a question
    and the job, and returns the answer and whether it is complete.

    On the analysis page: `words` (empty: the question has a page of its own), their `meaning`, `icon`, position
    (`order`); the fields asked `first`, and those `beside` the model's; `read` converts typed input to the model's
    content, and raises RuleBroken. `doing`: the progress message. `becomes`: kinds of objects of the plan it can be
    adopted as, and `adopts` the label of that button. `plainly`: a sentence on the first places of the table named as
    the kind, and one for none. `proves`: it searches for the best plan and can be resumed. `calls_teams`: assistance
    can be requested for its places.
    """

    kind: str
    name: str
    model: type[Question]
    words: str = ""
    meaning: str = ""
    icon: str = ""
    order: int = 0
    first: tuple[str, ...] = ()
    beside: Mapping[str, Label] = field(default_factory=dict)
    read: Callable[[Content, Session, UUID], Content] = _as_typed
    doing: str = N_("Counting and testing")
    becomes: tuple[MapObjectKind, ...] = ()
    adopts: str = ""
    plainly: tuple[str, str] = ("", "")
    proves: bool = False
    calls_teams: bool = False
    tables: tuple[TableView, ...] = ()
    looks: tuple[FeatureStyle, ...] = ()
    answer: Callable[[Any, AnswerJob], tuple[Answer, bool]] | None = None
