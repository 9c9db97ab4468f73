"""What CONTRIBUTING.md shows by example is what it takes: each is added to a copy of the project and judged there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contributing import Example, add, changed, contents, copied, examples

pytestmark = [pytest.mark.rest, pytest.mark.timeout(600)]

EXAMPLES = examples()
MOST = {
    "To change a label": 1,
    "To add a screen": 2,
    "To add a kind of line": 2,
    "To add a key figure": 1,
    "To add a state to a life": 1,
    "To add a question to the analyses": 1,
    "To add a message": 4,
}
"""How many files of the product each may touch beside the files of languages and what a tool writes."""


def test_every_kind_of_change_has_its_example_within_its_limit() -> None:
    assert {each.title: len(each.product) for each in EXAMPLES} == MOST
    assert all(each.judged for each in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.title)
def test_an_example_works_as_it_stands_and_touches_what_it_says(example: Example, tmp_path: Path) -> None:
    copy = copied(tmp_path / "muster")
    before = contents(copy)
    add(example, copy)
    _run(copy, "-c", "from tests import contributing; contributing.translate()", said=json.dumps(example.words))
    if "docs/lives.md" in example.written:
        _run(copy, "tools/lives.py")
    if any(path.startswith("operations/core/migrations/") for path in example.written):
        _run(copy, "tools/schema.py")
    after = contents(copy)
    touched = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert touched == example.files | example.written | example.translated
    _run(copy, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *example.judged)


def _run(copy: Path, *what: str, said: str = "") -> None:
    """A program of the copy, which sees the copy and nothing else of Muster."""
    known = os.environ | {"PYTHONPATH": str(copy), "MUSTER_TEST_STORAGES": "sqlite", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *what], cwd=copy, env=known, input=said, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_a_change_that_does_not_fit_the_file_is_seen() -> None:
    assert changed("a\nb\nc\n", " a\n-b\n+d\n", "x") == "a\nd\nc\n"
    for diff in ("-e\n+d\n", "-a\n+d\n@@\n-a\n"):
        with pytest.raises(AssertionError, match="x holds this 0 times"):
            changed("a\nb\nc\n", diff, "x")
