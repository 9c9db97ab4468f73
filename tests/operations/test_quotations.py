"""What one may say with a figure, and what not: every figure of the catalogue has both, and both are short."""

from itertools import chain

import pytest

from operations.catalogue.kpis import CATALOGUE
from operations.figures.domain_figures import DOMAIN_FIGURES
from operations.results.cross_domain_figures import COMPUTED_FIGURES

FIGURES = {str(kpi): each for kpi, each in chain(CATALOGUE.items(), COMPUTED_FIGURES.items(), DOMAIN_FIGURES.items())}


@pytest.mark.parametrize("kpi", sorted(FIGURES))
def test_a_figure_says_in_a_short_sentence_what_may_be_said_with_it_and_in_another_what_not(kpi: str) -> None:
    figure = FIGURES[kpi]
    for said in (figure.quote, figure.misquote):
        assert said.endswith(".")
        assert 3 <= len(said.split()) <= 18, said
    assert figure.quote != figure.misquote
    assert figure.unit, "a number without a unit can be read as any"
    assert figure.source, "a definition names where it comes from"
    if figure.unit == "%":
        assert "share" in figure.quote.lower(), "of a share one says that it is one"
