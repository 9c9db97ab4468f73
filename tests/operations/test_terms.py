"""The term base: a word with its meaning, its place and its source, in each language."""

import pytest

from dashboard import places
from operations.core import code_lists, terms
from operations.core.languages import LOCALES, TRANSLATED, translations

MUST = (
    *("lead", "hit", "tasking", "site", "post", "sweep", "notice", "diffusion", "hotspot", "core_crime", "claim"),
    *("release", "snapshot", "situation", "as_of", "duty", "shift", "deployment", "need", "offer", "run", "trainer"),
    *("link", "outage", "disclosure", "withholding", "deconfliction", "ncb", "ocu", "bcp", "sltd", "smv", "tdawn"),
    *("imd", "mind", "find", "irt", "dvi", "ison", "nrm", "uam", "som", "tip", "oplan", "empact", "jad", "wapis"),
    *("afripol", "potential_victim", "irregular_migrant", "impostor", "second_line", "cascade", "needs_assessment"),
)
"""Words that people of the field expect, among the others."""


def test_there_are_a_hundred_terms_and_the_words_of_the_field_are_among_them() -> None:
    known = terms.terms()
    assert len(known) >= 100
    assert set(MUST) - set(known) == set()


@pytest.mark.parametrize("language", LOCALES)
def test_each_term_has_a_word_and_a_sentence_of_its_own_in_each_language(language: str) -> None:
    found = terms.terms(language).values()
    assert len({term.term for term in found}) == len(found), "two terms with one word"
    for term in found:
        assert term.term, term.key
        assert term.meaning.endswith("."), term.key
        assert term.meaning != term.term


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_meaning_is_left_in_english(language: str) -> None:
    words = translations(terms.WORDS, language)
    assert set(words) == set(terms.english())
    same = [key for key, said in words.items() if key[1] == "meaning" and said == terms.english()[key]]
    assert same == []


def test_each_term_names_its_source_a_place_of_muster_and_a_list_that_exists() -> None:
    named = {place.name for place in places.PLACES}
    for term in terms.terms().values():
        assert term.source, term.key
        assert term.place in named, f"{term.key}: {term.place}"
        assert not term.list or term.list in code_lists.list_names(), term.key
