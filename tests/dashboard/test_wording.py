"""How things read: numbers, dates and hours in four languages, and refusals beside their fields."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard import wording
from dashboard.parts.team import text as team_words
from dashboard.refusals import field_errors, general
from operations.core.errors import Flaw, RuleBroken

AT = datetime(2026, 11, 24, 19, 20, tzinfo=UTC)


def test_an_hour_says_where_and_in_utc():
    plain = wording.moment(AT, "America/Lima").translate({0x2068: None, 0x2069: None})
    assert plain == "24 Nov 2026, 14:20 local (UTC-5) · 19:20 UTC"


def test_a_moment_of_the_world_says_utc_once():
    assert wording.moment(AT, "UTC").translate({0x2068: None, 0x2069: None}) == "24 Nov 2026, 19:20 UTC"


@pytest.mark.parametrize(("zone", "offset"), [("Asia/Kolkata", "UTC+5:30"), ("America/St_Johns", "UTC-3:30")])
def test_offsets_that_are_not_whole_hours_are_written_out(zone, offset):
    assert offset in wording.clock(AT, zone)


def test_dates_and_numbers_as_people_of_the_language_write_them():
    said = {}
    for code in wording.LANGUAGES:
        with wording.in_language(code):
            said[code] = (wording.date(date(2026, 11, 24)), wording.number(12345), wording.number(0.5, 2))
    assert said["en"] == ("24 Nov 2026", "12,345", "0.50")
    assert said["fr"][1:] == ("12\u202f345", "0,50")
    assert said["es"][1] == "12.345"
    assert not any(mark in "".join(said["ar"]) for mark in "٠١٢٣٤٥٦٧٨٩"), "Western digits in Arabic too"


@pytest.mark.parametrize(
    ("language", "country", "said", "named"),
    [
        ("es", "MEX", "66,685", "es-MX"),
        ("es", "ESP", "66.685", "es-ES"),
        ("es", "ARG", "66.685", "es-AR"),
        ("fr", "NER", "66\u202f685", "fr-NE"),
        ("fr", "MEX", "66\u202f685", "fr"),
        ("en", None, "66,685", "en"),
        ("es", "nowhere", "66.685", "es"),
    ],
)
def test_a_number_is_written_as_in_the_country_of_the_reader(language, country, said, named):
    with wording.in_language(language, country):
        assert wording.number(66685) == said
        assert wording.locale_code() == named
    assert wording.number(66685) == "66,685", "the country goes with the block"


@pytest.mark.parametrize("nothing", [None, float("nan"), float("inf")])
def test_what_is_not_known_is_a_dash_and_never_zero(nothing):
    assert wording.number(nothing) == wording.percent(nothing) == "—"


def test_what_never_was_is_a_dash():
    assert wording.date(None) == wording.moment(None, "UTC") == wording.ago(None) == wording.clock(None, "UTC") == "—"


def test_what_happened_within_seconds_happened_just_now(monkeypatch):
    monkeypatch.setattr(wording, "now", lambda: AT)
    said = {}
    for code in wording.LANGUAGES:
        with wording.in_language(code):
            said[code] = wording.ago(AT - timedelta(seconds=4))
    assert said == {"en": "just now", "fr": "à l’instant", "es": "ahora mismo", "ar": "الآن"}
    assert wording.ago(AT) == "just now"
    assert wording.ago(AT + timedelta(seconds=1)) == "just now", "clocks of two machines differ"
    assert wording.ago(AT - timedelta(minutes=3)) == "3 minutes ago"


def test_percent_and_qualifier():
    assert wording.percent(0.27) == "27.0\u202f%"
    assert wording.count_with_qualifier(12000, "~").translate({0x2068: None, 0x2069: None}) == "about 12,000"
    assert wording.count_with_qualifier(12000, "=") == "12,000"
    assert wording.count_with_qualifier(None, "~") == "—"


def test_direction_follows_the_language_and_the_language_ends_with_its_block():
    with wording.in_language("ar"):
        assert wording.direction() == "rtl"
    assert (wording.language(), wording.direction()) == ("en", "ltr")
    with wording.in_language("xx"):
        assert wording.language() == "en"


@pytest.mark.parametrize(
    ("header", "code"),
    [("fr-CA,fr;q=0.9,en;q=0.8", "fr"), ("de", "en"), ("en;q=0.2,es;q=0.9", "es"), ("", "en"), (";;q=x,ar", "ar")],
)
def test_a_browser_is_spoken_to_in_what_it_asks_for(header, code):
    assert wording.preferred(header) == code


def test_flaws_go_beside_their_fields_and_the_rest_is_said_once():
    flaws = (
        Flaw("name", "This field is needed."),
        Flaw("lines.2.count", "This must be {ge} or more.", {"ge": 1}),
        Flaw("", "Whole."),
        Flaw("", "Whole."),
        Flaw("namesake", "Elsewhere."),
    )
    assert field_errors(flaws, ("name", "lines", "note")) == {
        "name": "This field is needed.",
        "lines": "This must be 1 or more.",
        "note": "",
    }
    assert general(flaws, ("name", "lines", "note")) == ["Whole.", "Elsewhere."]


def test_a_refusal_says_all_its_flaws():
    assert wording.sentences(RuleBroken.all([Flaw("a", "One."), Flaw("b", "Two.")])) == ["One.", "Two."]


def test_what_an_analysis_says_reads_in_the_language_of_the_reader():
    said = Flaw("", "None of the {count} points lies within {reach:g} km of the border.", {"count": 1392, "reach": 10})
    with wording.in_language("es"):
        assert wording.sentence(said) == "Ninguno de los 1.392 puntos está a 10 km o menos de la frontera."
        short = {"found": 3, "length": "month", "least": 8}
        template = (
            "The layer covers {found} whole periods ({length}); at least {least} are needed. Choose shorter ones."
        )
        assert "3 períodos enteros (mes)" in wording.sentence(Flaw("", template, short))


def test_what_an_analysis_puts_into_its_sentences_is_told_in_the_readers_language():
    params = {
        "countries": ["NER", "DZA"],
        "size": "36.1 km2",
        "detected": "74.5",
        "places": ["In Guezzam", {"template": "{km} km", "params": {"km": 3}}],
        "place": "16.9700, 7.9911",
    }
    through = Flaw("", "{countries}; {size}; {detected}; {places}; {place}", params)
    with wording.in_language("fr"):
        said = wording.sentence(through).replace("\xa0", " ").replace("\u202f", " ")
    assert said == "Niger, Algérie; 36,1 km²; 74,5; In Guezzam, 3 km; 16.9700, 7.9911"
    with wording.in_language("ar"):
        assert wording.sentence(through).startswith("النيجر، الجزائر")


def test_a_crossing_without_a_name_is_told_by_its_border():
    name = "Road crossing DZA-TUN at 33.73, 7.54"
    assert wording.place_words(name) == name
    assert wording.place_words("In Guezzam") == "In Guezzam"
    with wording.in_language("es"):
        assert wording.place_words(f"{name} (DZA–TUN)").endswith("DZA-TUN en 33.73, 7.54 (DZA–TUN)")


def test_a_country_is_known_by_its_code_and_by_its_english_name():
    for name in ("NER", "Niger"):
        with wording.in_language("es"):
            assert wording.sentence(Flaw("", "{country}", {"country": name})) == "Níger"
    assert wording.sentence(Flaw("", "{country}", {"country": "Atlantis"})) == "Atlantis"


def test_a_moment_in_a_sentence_is_told_as_people_write_it():
    times = {"start": "2026-03-02 06:00 UTC", "end": "2026-03-04 18:30 UTC"}
    flaw = Flaw("", "The team is not available from {start} to {end}.", times)
    said = {}
    for code in wording.LANGUAGES:
        with wording.in_language(code):
            said[code] = wording.sentence(flaw).translate({0x2068: None, 0x2069: None})
    assert said["en"] == "The team is not available from 2 Mar 2026, 06:00 UTC to 4 Mar 2026, 18:30 UTC."
    assert "2 mar 2026, 06:00 UTC" in said["es"]
    assert "2 mars 2026, 06:00 UTC" in said["fr"]
    assert not any("2026-03" in each for each in said.values())


def test_the_day_that_a_certificate_ends_on_is_told_as_people_write_it():
    found = team_words.reason(
        "A certificate ends before the work does: {certificates}, on {date}. Renew it first.",
        {"certificates": "first_aid", "date": "2026-03-02"},
    )
    assert "First aid, on 2 Mar 2026." in found
