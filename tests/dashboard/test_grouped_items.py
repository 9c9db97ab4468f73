"""What is said many times is said once: the first few of a sort stand open, the others are folded under them."""

from operator import itemgetter

from dash import html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.parts.grouped_items import SHOWN, folded
from tests.dashboard.desks import found_in, texts

THINGS = st.lists(st.tuples(st.sampled_from("abc"), st.integers()), max_size=40)


@given(THINGS)
def test_nothing_is_left_out_and_a_sort_stands_together_in_its_order(things: list[tuple[str, int]]) -> None:
    rows = folded(things, lambda thing: thing[0], lambda thing: html.Li(f"{thing[0]}{thing[1]}", className="one"))
    drawn = [texts(row) for row in found_in(html.Ul(rows), "Li") if getattr(row, "className", "") == "one"]
    by_sort = [
        f"{sort}{number}"
        for each in dict.fromkeys(sort for sort, _ in things)
        for sort, number in things
        if sort == each
    ]
    assert drawn == by_sort


@given(THINGS)
def test_more_than_a_few_of_a_sort_are_folded_and_counted(things: list[tuple[str, int]]) -> None:
    rows = folded(things, lambda thing: thing[0], lambda thing: html.Li(str(thing[1])))
    sizes = [sum(sort == each for sort, _ in things) for each in "abc"]
    folds = [texts(each) for each in found_in(html.Ul(rows), "Summary")]
    assert sorted(folds) == sorted(f"{size - SHOWN} more of this kind" for size in sizes if size > SHOWN + 1)
    assert len(rows) == sum(size if size <= SHOWN + 1 else SHOWN + 1 for size in sizes)


@given(THINGS)
def test_a_fold_is_marked_by_what_it_hides_and_by_nothing_that_stands_open(things: list[tuple[str, int]]) -> None:
    rows = folded(things, itemgetter(0), lambda thing: html.Li(str(thing[1])), lambda more: [html.B(repr(more))])
    sorts = [[thing for thing in things if thing[0] == each] for each in dict.fromkeys(sort for sort, _ in things)]
    hidden = [repr(each[SHOWN:]) for each in sorts if len(each) > SHOWN + 1]
    assert [each.children for each in found_in(html.Ul(rows), "B")] == hidden
