"""What a question of an analysis is: a model whose fields say how they are asked, its answer, tables and look on a map.

Each file of `operations.analyses.questions` holds one as `ASKING`. What is heavy to import, an answer imports itself:
whoever only asks, or shows what was answered before, goes without.
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

# ------------------------------------------------------------------------------------- what questions have in common


class Question(BaseModel):
    """What every question has in common: nothing unknown is asked, and nothing changes once it was."""

    model_config = ConfigDict(frozen=True, extra="forbid")


OwnKind = Literal["hit", "migrant_detection", "arrest"]
"""Kinds of lines of reports that can be asked about as events: see `operations.policing.reports.own_results`."""

LAYERS = Label(
    N_("Layers"),
    draws="layers",
    basis=FieldSource("stack-2", N_("No layer of events was brought in yet."), N_("Bring one in"), "layers"),
)
"""The layers that a question about events is asked of, or own results among them."""


class EventQuestion(Question):
    """A question about events: those of layers, or (`own`) the results that the operation itself reported."""

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
    """From where to where, and how much of all movement: `share` in any unit."""

    name: Annotated[str, Field(max_length=200)]
    origin: JourneyEnd
    destination: JourneyEnd
    share: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)] = 1.0


class NamedPosition(JourneyEnd):
    """A position with the name that people know it by; the name may be empty."""

    name: Annotated[str, Field(max_length=200)] = ""


class Around(JourneyEnd):
    """Everything within `km` of a position."""

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
    """A column of a table of an answer: the name it is kept under, its heading, and how a cell is written.

    `form`: words as they are, those of `codes` (`several`: with spaces between), the name of a place (`places`: with
    semicolons between), a plan or route, a country (`countries`: with spaces between), a position (`lat` and `lon` of
    the row); numbers with so many `digits`, or the `percent` of a share. `strict`: what is not among `codes` is not
    known, instead of a message itself. `width` in pixels: of a text at least, unless `fixed`. `tip`: at the heading.
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
    """A table as it is shown: the name it is kept under, its title, what it says, and its columns."""

    name: str
    title: str
    meaning: str
    columns: tuple[Column, ...]


def number(name: str, heading: str, digits: int | None = None, width: int | None = None, tip: str = "") -> Column:
    """A column of numbers."""
    return Column(name, heading, "number", digits, width, tip=tip)


def percent(name: str, heading: str, digits: int | None = None, width: int | None = None, tip: str = "") -> Column:
    """A column of shares, written as hundredths."""
    return Column(name, heading, "percent", digits, width, tip=tip)


# ------------------------------------------------------------------------------------------- the look on a map, as data


def always(_about: Mapping[str, Any]) -> bool:
    """Of every feature of the kind."""
    return True


Fills = Mapping[str, tuple[str, int | Literal["g", "percent"]]]


@dataclass(frozen=True)
class FeatureStyle:
    """How features of a `kind` look on a map: `draws` names the drawing, and what is said at the pointer.

    `name` and the parts of `note` are messages; their places are filled from the feature's properties as `fills` says
    (property, and decimals, "g" or "percent"), by its own name and as a whole number otherwise. Without `name` the
    feature is called by its place, which `near` leaves as somebody wrote it. `mark`: the place whose filling is written
    on it. `when`: which features look like this; the first look that fits is taken. `edges`: words for those values of
    the property `trend` that are drawn as an edge.

    `legend`: what the drawing means, filled (as `legend_fills`, where they differ) from all features that look so, or
    from the `least` value among them. `shades`: the same for the drawings `draws`-1 to -3, in the order of the legend,
    where a property tells `by_thirds` of its values, or `by_number`, which it is.
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
    """A look whose meaning is one sentence: at the pointer and in the legend."""
    return FeatureStyle(kind, draws or kind.replace("_", "-"), **{"note": (words,), "legend": words, **more})


def family(look: FeatureStyle, *others: Mapping[str, Any]) -> tuple[FeatureStyle, ...]:
    """Looks of which the others are as the first is, but for what they name; the first that fits is taken."""
    return (look, *(replace(look, **{"when": always, **other}) for other in others))


CHECKPOINT = sign("checkpoint", N_("Checkpoint of this plan"))
IN_FORCE = sign("in_force", N_("In the plan in force, not in this one"), legend=N_("Only in the plan in force"))
STAFFED = sign("staffed", N_("Watched by others"))
POSTS = (MapObjectKind.CHECKPOINT, MapObjectKind.OBSERVATION_POST)


# -------------------------------------------------------------------------------------------------------- a question


class AnswerJob(Protocol):
    """What a worker gives to an answer: the analysis and its store, and who listens how far it is."""

    store: Store
    asked: Analysis

    def hear(self, state: Any) -> bool:
        """Tells how far it is; False where somebody asked to stop."""

    def before(self) -> list[Any]:
        """The plan of the answer that this one goes on from."""


Content = dict[str, Any]


def _as_typed(content: Content, _session: Session, _operation_id: UUID) -> Content:
    return content


@dataclass(frozen=True)
class QuestionType:
    """One question of analyses: its kind, the name of its file, and what it is called.

    What answers it stands in `operations.analyses.answers`, or, where it is light, beside it as `answer`: that takes a
    question and the work, and gives the answer and whether it is whole.

    On the analysis page: `words` (none: the question has a page of its own), what they mean, the icon, the place among
    the others (`order`); the fields that are asked `first`, and those that are `beside` the model's; `read` makes the
    model's content of what was typed, and raises RuleBroken. `doing`: what is said while it works. `becomes`: what may
    be made of it on the plan, and `adopts` what the button says that does. `plainly`: a sentence on the first places of
    the table named as the kind, and one without. `proves`: it looks for the best plan and can go on where it stopped.
    `calls_teams`: teams are asked for where it points.
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
