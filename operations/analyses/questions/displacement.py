"""The question of displacement: whether events moved beside the area of the operation, before, during and after it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlmodel import Session

from operations.analyses.question import (
    LAYERS,
    Around,
    Column,
    Content,
    EventQuestion,
    FeatureStyle,
    Question,
    QuestionType,
    TableView,
    number,
)
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, FieldSource, Label
from operations.core.vocabulary import MapObjectKind
from operations.policing.map_plan import places

AT_SITES = "sites"
"""The choice of the operation's sites, in place of an area of the plan."""
_WINDOWS = ("before", "during", "after")


class DayWindow(Question):
    """A window of days, first and last included."""

    first: date
    last: date


class DisplacementQuestion(EventQuestion):
    """The question whether events went elsewhere: inside an area, beside it, and beyond, in windows before, during and
    after.

    `treated`: GeoJSON geometry (WGS 84, EPSG:4326) of where the operation worked, or circles (`around`). `buffer_km`:
    the width of the ring beside it to which movement may have gone. Windows are cut into blocks of `block_days`, which
    are permuted `permutations` times from `seed`.
    """

    treated: dict[str, Any] | None = None
    around: Annotated[
        tuple[Around, ...],
        Field(max_length=200),
        Label(N_("Around the sites of the operation"), typed=False),
    ] = ()
    before: Annotated[
        DayWindow, Label(N_("Before"), parts=(N_("Before: first day"), N_("Last day")), given="windows.before")
    ]
    during: Annotated[
        DayWindow,
        Label(
            N_("During"),
            parts=(N_("During: first day"), N_("Last day")),
            given="windows.during",
            basis=FieldSource(
                "calendar",
                N_("The operation has no operational phase yet: type the days, or put one on the calendar."),
                N_("Open the operation"),
                "overview",
            ),
        ),
    ]
    after: Annotated[
        DayWindow | None, Label(N_("After"), parts=(N_("After: first day"), N_("Last day")), given="windows.after")
    ] = None
    buffer_km: Annotated[
        float,
        Field(gt=0, le=1000, allow_inf_nan=False),
        Label(N_("Beside it, in km"), N_("So far beside the area movement may have gone. Beyond it is the control.")),
    ] = 50
    block_days: Annotated[
        int,
        Field(ge=1, le=92),
        Label(
            N_("Days in a block"),
            N_("Whole blocks are exchanged by chance; each window needs at least four."),
            given="windows.block_days",
        ),
    ] = 7
    level: Annotated[
        float,
        Field(gt=0, le=0.2),
        Label(N_("Chance to be wrong"), N_("What is rarer than this is no chance, up to 0.2."), step=0.01),
    ] = 0.05
    permutations: Annotated[
        int,
        Field(ge=99, le=99_999),
        Label(N_("Arrangements tried"), N_("So often the blocks are dealt anew, 99 to 99,999.")),
    ] = 9999
    seed: Annotated[
        int,
        Field(ge=0, lt=2**53),
        Label(N_("Seed"), N_("The same seed deals the same way again."), draws="seed"),
    ] = 1


def read(content: Content, session: Session, operation_id: UUID) -> Content:
    """Return the content with the treated area or circles. Raises RuleBroken where they, or a window, are invalid."""
    for window in _WINDOWS:
        first, last = (content[window] or {"first": None, "last": None}).values()
        if first is not None and last is not None and str(first) > str(last):
            raise RuleBroken(f"{window}_last", "The last day lies before the first.")
    chosen, km = content.pop("where"), content.pop("around_km")
    if chosen == AT_SITES:
        standing = places.sites(session, operation_id)
        if not standing:
            raise RuleBroken("where", "The operation has no sites yet: choose an area of the plan.")
        return content | {"around": [{"lat": each.lat, "lon": each.lon, "km": km} for each in standing]}
    areas = (each for each in places.objects(session, operation_id) if each.kind == MapObjectKind.AREA.value)
    treated = next((each.geometry for each in areas if str(each.object_id) == chosen), None)
    if treated is None:
        raise RuleBroken("where", "Choose where the operation worked: an area of the plan, or its sites.")
    return content | {"treated": treated}


ASKING = QuestionType(
    "displacement",
    N_("Displacement"),
    DisplacementQuestion,
    N_("Did they go elsewhere?"),
    N_("Before, during and after the operation: whether events moved beside the area where it worked."),
    "switch-horizontal",
    order=7,
    first=("layers", "where", "during"),
    beside={
        "layers": LAYERS,
        "where": Label(
            N_("Where the operation worked"),
            draws="areas",
            choices={AT_SITES: N_("Around the sites of the operation")},
        ),
        "around_km": Label(
            N_("Around each site, in km"),
            N_("So far the operation worked around a site, up to 500. Areas of the plan need none."),
            draws="number",
            start=25,
        ),
    },
    read=read,
    tables=(
        TableView(
            "zones",
            N_("Counts"),
            N_("Events in each window, whole blocks only."),
            (
                Column(
                    "zone",
                    N_("Where"),
                    width=170,
                    codes={
                        "the treated zone": N_("Where it worked"),
                        "the buffer": N_("Beside it"),
                        "the control": N_("Beyond: the control"),
                    },
                ),
                number("before", N_("Before")),
                number("during", N_("During")),
                number("after", N_("After")),
            ),
        ),
        TableView(
            "tests",
            N_("Test"),
            N_("How often chance alone gives as large a change (p), against the control."),
            (
                Column(
                    "window",
                    N_("Compared with before"),
                    width=180,
                    fixed=True,
                    codes={"during": N_("During"), "after": N_("After")},
                ),
                Column(
                    "answer",
                    N_("Answer"),
                    width=150,
                    codes={
                        "displaced": N_("went elsewhere"),
                        "benefit spread": N_("the benefit spread"),
                        "no sign": N_("no sign"),
                        "cannot tell": N_("cannot tell"),
                    },
                ),
                number("fall", N_("Fell where it worked, p"), 4, 190),
                number("rise", N_("Rose beside it, p"), 4, 160),
                number("gain", N_("Fell beside it, p"), 4, 160),
                number(
                    "wdq",
                    N_("Quotient (WDQ)"),
                    2,
                    150,
                    N_("Below 0: went beside it, below -1: more than was gained. Above 0: the benefit spread."),
                ),
            ),
        ),
    ),
    looks=(
        FeatureStyle(
            "treated", "treated", name=N_("Where the operation worked"), legend=N_("Where the operation worked")
        ),
        FeatureStyle("buffer", "buffer", name=N_("Beside it"), note=(N_("up to {km} km"),), legend=N_("Beside it")),
    ),
)
