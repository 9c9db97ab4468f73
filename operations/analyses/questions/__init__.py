"""The questions of analyses, one file for each with its `ASKING`; the folder is the list."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from operations.analyses.question import Question, QuestionType
from operations.analyses.questions.assignment import AssignmentQuestion, TeamNeedPair
from operations.analyses.questions.shifts import PostWish, ShiftsQuestion

__all__ = ["ASKED", "MODELS", "AssignmentQuestion", "PostWish", "ShiftsQuestion", "TeamNeedPair"]


def _found() -> Mapping[str, QuestionType]:
    """Return every question in this folder, in the order of the analysis page."""
    every = [import_module(f"{__name__}.{each.name}").ASKING for each in iter_modules(__path__)]
    return {each.kind: each for each in sorted(every, key=lambda each: each.order)}


ASKED = _found()
MODELS: Mapping[str, type[Question]] = {kind: each.model for kind, each in ASKED.items()}
"""The models of the questions that a worker can answer."""
