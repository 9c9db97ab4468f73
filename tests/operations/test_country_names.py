"""Refusals name countries: a parameter that holds them is a code or a list of codes, which the screens say in words."""

import ast
from collections.abc import Iterator
from pathlib import Path

from dashboard.wording import in_language, sentence
from operations.core.errors import RuleBroken
from tests.syntax_trees import syntax_tree

HOUSE = Path(__file__).parents[2] / "operations"
NAMES = ("country", "countries")


def given() -> Iterator[tuple[str, ast.expr]]:
    """Each value that is given under a name of countries, in a call or a table, with its place."""
    for path in sorted(HOUSE.rglob("*.py")):
        for node in ast.walk(syntax_tree(path)):
            place = f"{path.name}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Call):
                yield from ((place, each.value) for each in node.keywords if each.arg in NAMES)
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                yield from (
                    (place, value) for key, value in pairs if isinstance(key, ast.Constant) and key.value in NAMES
                )


def test_no_list_of_countries_is_joined_before_it_is_said() -> None:
    joined = [place for place, value in given() if ast.unparse(value).startswith("', '.join(")]
    assert joined == []


def test_a_refusal_names_countries_in_the_language_of_the_reader() -> None:
    refusal = RuleBroken("", "{countries} does not take part in the operation.", countries=["GHA", "TGO"])
    for language, words in (("en", "Ghana, Togo"), ("ar", "غانا، توغو")):
        with in_language(language):
            assert words in sentence(refusal)
