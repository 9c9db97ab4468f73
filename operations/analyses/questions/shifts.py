"""The question of shifts: which deployed team mans which post in which shift. It has a page of its own."""

from datetime import date, time
from typing import Annotated

from pydantic import Field

from operations.analyses.question import Question, QuestionType
from operations.core.field_labels import N_, Label


class PostWish(Question):
    """A checkpoint or observation post of the plan (id of the object), and its weight."""

    id: Annotated[str, Field(max_length=36)]
    weight: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] = 1


class ShiftsQuestion(Question):
    """The question which deployed team mans which post in which shift, drawn at random so that it cannot be predicted.

    `first` and `days`: the days. `shifts` of `hours` a day, spread evenly from `begins` on; in each `at_once` posts are
    manned. `seed`: the same seed draws the same schedule.
    """

    posts: Annotated[
        tuple[PostWish, ...],
        Field(min_length=1, max_length=200),
        Label(N_("Posts and how much each counts"), typed=False),
    ]
    first: Annotated[date, Label(N_("First day"))]
    days: Annotated[int, Field(ge=1, le=31), Label(N_("Days"))] = 7
    shifts: Annotated[int, Field(ge=1, le=4), Label(N_("Shifts a day"))] = 2
    hours: Annotated[int, Field(ge=2, le=12), Label(N_("Hours of a shift"))] = 8
    begins: Annotated[int, Field(ge=0, le=23), Label(N_("First shift starts at"), N_("A full hour, 0 to 23."))] = 6
    at_once: Annotated[int, Field(ge=1, le=50), Label(N_("Posts manned at once"))] = 2
    seed: Annotated[int, Field(ge=0, le=2**53)]

    def times(self) -> list[tuple[time, float]]:
        """Return the shifts of a day: when each begins, and its hours."""
        apart = 24 / self.shifts
        return [
            (time(int((self.begins + number * apart) % 24)), float(min(self.hours, apart)))
            for number in range(self.shifts)
        ]


ASKING = QuestionType("shifts", N_("Shifts at checkpoints"), ShiftsQuestion)
