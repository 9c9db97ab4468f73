"""The folder of questions is their list, and each says everything that a screen needs to show it."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from operations.analyses import answers
from operations.analyses.question import EventQuestion, QuestionType
from operations.analyses.questions import ASKED
from operations.core.field_labels import labels_of
from operations.core.vocabulary import AnalysisKind

STYLES = Path(__file__).parents[3] / "dashboard" / "screens" / "analysis" / "analysis.css"
ON_THE_PAGE = [each for each in ASKED.values() if each.words]


def test_every_kind_of_analysis_has_its_question() -> None:
    assert set(AnalysisKind) <= set(ASKED)
    for kind, asking in ASKED.items():
        assert import_module(f"operations.analyses.questions.{kind}").ASKING is asking
        assert (asking.answer is None) == (kind in answers.ANSWERS), f"{kind} has one answer"
    orders = [each.order for each in ON_THE_PAGE]
    assert sorted(set(orders)) == orders


@pytest.mark.parametrize("asking", ON_THE_PAGE, ids=lambda each: each.kind)
def test_a_question_names_all_it_asks_and_has_a_sign_in_the_legend_for_all_it_draws(asking: QuestionType) -> None:
    said = labels_of(asking.model)
    unnamed = set(asking.model.model_fields) - set(said)
    assert unnamed <= {"treated"}  # a shape, chosen in the field "where"
    assert set(asking.first) <= {*said, *asking.beside}
    assert issubclass(asking.model, EventQuestion) == ("layers" in asking.beside)
    conditions = [each.when[0] for each in said.values() if each.when]
    assert set(conditions) <= {*said, *asking.beside}
    signs = set(re.findall(r"\.answer-key\.is-([\w-]+)", STYLES.read_text(encoding="utf-8")))
    for look in asking.looks:
        for name in [f"{look.draws}-{shade}" for shade in look.shades] or [look.draws]:
            assert name in signs
        assert look.legend or look.shades
