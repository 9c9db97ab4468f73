"""Localisation: sentences in every language, and numbers, dates and times in the format of each.

The English sentence is the message id. Catalogues are `locale/<language>/LC_MESSAGES/muster.po`, parsed at run time:
there are no compiled files. A sentence without a translation is English. The language is that of the request
(`in_language`); there is no other state. Numbers have Western digits in all languages, as in police reports. "—" is an
unknown value.
"""

import gettext
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from datetime import date as Date  # noqa: N812 - `date` is the function here
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, localedata
from babel.dates import format_date, format_time, format_timedelta
from babel.languages import get_official_languages
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from operations.core import languages
from operations.core.clock import now, offset
from operations.core.clock import zone as time_zone
from operations.core.errors import Flaw, MusterError, RuleBroken
from operations.core.languages import LOCALES
from operations.core.vocabulary import Choices, code_list, codes, label

LANGUAGES = {code: Locale.parse(code).display_name.capitalize() for code in LOCALES}
"""The name of each language, in itself."""
UNDEFINED = "—"
DOMAIN = "muster"
FOLDER = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("muster_language", default="en")
_reader_country: ContextVar[str | None] = ContextVar("muster_reader_country", default=None)


# --------------------------------------------------------------------------------------------------- language


def language() -> str:
    """Return the code of the language of this request."""
    return _language.get()


def direction() -> str:
    """Return the direction of the language: "ltr", or "rtl" as for Arabic."""
    return languages.LANGUAGES[language()].direction


def right_to_left(code: str) -> bool:
    """Whether a language is written from right to left."""
    return languages.LANGUAGES[code].direction == "rtl"


def joined(words: Iterable[str]) -> str:
    """Return words joined by the comma of the language."""
    return f"{languages.LANGUAGES[language()].comma} ".join(words)


@contextmanager
def in_language(code: str, country: str | None = None) -> Iterator[None]:
    """Set the language for the block; English for any other code than those of `LOCALES`.

    `country`: that of the reader, by whose customs numbers are written.
    """
    token, place = _language.set(code if code in LOCALES else "en"), _reader_country.set(country)
    try:
        yield
    finally:
        _language.reset(token)
        _reader_country.reset(place)


def locale_code() -> str:
    """Return the language with the country of the reader as BCP 47 has it, "es-MX"; the language where CLDR knows no
    such pair."""
    return _locale_name(language(), _reader_country.get()).replace("_", "-")


@lru_cache(maxsize=1024)
def _locale_name(code: str, country: str | None) -> str:
    short = _ISO2.match(code_list("CL-COUNTRY").notes.get(country or "", ""))
    named = f"{code}_{short[1]}" if short else code
    return named if short and localedata.exists(named) else code


_ISO2 = re.compile(r"ISO 3166-1 ([A-Z]{2}),")
"""Where the list of countries has the two letters of a country."""


def spoken_in(country: str) -> str | None:
    """Return the first official language of a country that is one of Muster's; None where none is."""
    short = _ISO2.match(code_list("CL-COUNTRY").notes.get(country, ""))
    official = get_official_languages(short[1], de_facto=True) if short else ()
    return next((code for code in official if code in LOCALES), None)


def preferred(accept_language: str) -> str:
    """Return the preferred of the languages in a browser's Accept-Language header; English by default."""
    wished: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        tag, _sep, weight = part.strip().partition(";q=")
        try:
            wished.append((-float(weight or 1), tag[:2].lower()))
        except ValueError:
            continue
    return next((tag for _weight, tag in sorted(wished, key=lambda pair: pair[0]) if tag in LOCALES), "en")


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    path = FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code, domain=DOMAIN))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


# -------------------------------------------------------------------------------------------------- sentences


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a message for the catalogues where it is defined; it is translated where it is shown."""
    return message


def _(message: str, **params: object) -> str:
    """Return `message` in the language of the request, its {placeholders} filled with `params`."""
    found = _catalogue(language()).gettext(message) if message else ""
    return found.format(**params) if params else found


def ngettext(one: str, many: str, n: int, **params: object) -> str:
    """Return the plural form of a message for the number `n`; {n} is the formatted number."""
    return _catalogue(language()).ngettext(one, many, n).format(n=number(n), **params)


def sentence(error: MusterError | Flaw) -> str:
    """Return the sentence of a refusal or flaw, in the language of the request."""
    return _(error.template).format(**{key: _spoken(key, value) for key, value in error.params.items()})


def said(kept: Mapping[str, Any]) -> str:
    """A sentence that was kept (`core.stored_sentences`), in the language of the request."""
    return sentence(Flaw("", kept["template"], kept.get("params", {})))


_IN_WORDS = frozenset({"what", "rule", "plain", "length", "zones"})
"""Parameters that are message ids: things, ways to rank, lengths of periods, parts of the map."""

_COUNTRIES = frozenset({"country", "countries"})
_PARTIES = frozenset({"partner"})
"""Parameters that are a country, or a partner organisation."""
_LISTS = frozenset({"countries", "places", "zones"})
"""List parameters that are joined by commas; others are sentences, joined by spaces."""


class _Grouped(str):
    """A formatted whole number. It ignores a format in the template, which is for decimals."""

    def __format__(self, spec: str) -> str:
        return str(self)


def _spoken(key: str, value: object) -> object:
    """Return a parameter in the language: numbers formatted; words, countries and sentences translated."""
    if isinstance(value, int):
        return _Grouped(number(value))
    if isinstance(value, list | tuple):
        words = [str(_spoken(key, each)) for each in value]
        return joined(words) if key in _LISTS else " ".join(words)
    if isinstance(value, dict) and "codes" in value:
        return _choices(value["codes"], value["list"])
    if isinstance(value, dict) and "template" in value:
        return said(value)
    if isinstance(value, Date):
        return date(value)
    if key == "day" and isinstance(value, str):  # as a sentence that was kept writes it
        return date(Date.fromisoformat(value))
    if key in _COUNTRIES and isinstance(value, str):
        return _country(value)
    if key in _PARTIES and isinstance(value, str):
        return party(value)
    if isinstance(value, str) and _MOMENT.match(value):
        return moment_utc(datetime.strptime(value, _MOMENT_FORM).replace(tzinfo=UTC))
    if isinstance(value, str) and (size := _KM2.match(value)):
        return _("{number} km²", number=number(float(size[1]), len(size[1].partition(".")[2])))
    if key in _AMOUNTS and isinstance(value, str) and _DECIMAL.match(value):
        return number(float(value), len(value.partition(".")[2]))
    if key in _IN_WORDS and isinstance(value, str):
        return _(value)
    return place_words(value) if isinstance(value, str) else value


def _choices(codes: list[str], listed: str) -> str:
    """The first of what can be chosen, and how many more there are (see `vocabulary.Choices`)."""
    words = [coded(listed, code) if listed else _(code) for code in codes[: Choices.MOST]]
    said = joined(words)
    left = len(codes) - len(words)
    return ngettext("{choices} and {n} more", "{choices} and {n} more", left, choices=said) if left else said


_AMOUNTS = frozenset(
    {"before", "beside", "detected", "detection", "doubt", "fixed", "greedy", "hours", "km", "level", "more", "most"}
    | {"moved", "out", "share", "way", "worst"}
)
"""Parameters of analyses that are decimal numbers, which geodata and its callers write with a point."""

_DECIMAL = re.compile(r"^-?\d+\.\d+$")
_KM2 = re.compile(r"^(\d+(?:\.\d+)?) km2$")
"""The format of areas in geodata."""

_MOMENT = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d UTC$")
_MOMENT_FORM = "%Y-%m-%d %H:%M UTC"
"""The format of times in the rules of `operations`."""


def place_words(name: str) -> str:
    """Return the name of a place; a crossing without one by its border and position, in the reader's language."""
    return _UNNAMED.sub(lambda found: _("Road crossing {border} at {place}", border=found[1], place=found[2]), name)


_UNNAMED = re.compile(r"^Road crossing ([A-Z]{3}-[A-Z]{3}) at (-?[\d.]+, -?[\d.]+)")


def coded(listed: str, code: str) -> str:
    """Return the label of a code of a list (`operations.core.vocabulary`), in the language of the request."""
    return label(listed, code, language())


def _country(name: str) -> str:
    """Return the name of a country, given by code or English name; any other text unchanged."""
    code = name if name in codes("CL-COUNTRY") else _countries_in_english().get(name)
    return coded("CL-COUNTRY", code) if code else name


def party(code: str) -> str:
    """Return the name of a partner organisation or country, given by code; any other text unchanged."""
    return coded("CL-PARTNER", code) if code in codes("CL-PARTNER") else _country(code)


@cache
def _countries_in_english() -> dict[str, str]:
    return {label("CL-COUNTRY", code, "en"): code for code in codes("CL-COUNTRY")}


def sentences(error: MusterError) -> list[str]:
    """Return all sentences of a refusal, one for each flaw."""
    return [sentence(flaw) for flaw in error.flaws] if isinstance(error, RuleBroken) else [sentence(error)]


# ---------------------------------------------------------------------------------------------------- numbers


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


def number(value: float | None, digits: int = 0) -> str:
    """Return a number with its grouping and exactly `digits` decimals; "—" for None, NaN and infinity."""
    if value is None or not math.isfinite(value):
        return UNDEFINED
    return _number(value or 0, digits, _locale_name(language(), _reader_country.get()))


@lru_cache(maxsize=4096)
def _number(value: float, digits: int, of: str) -> str:
    pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
    return format_decimal(value, format=pattern, locale=_locale(of), numbering_system="latn")


def rate(value: float | None) -> str:
    """Return a rate with at least two significant digits, and no decimals from ten up: "0.40", "9.6", "1,458"."""
    if not value or not math.isfinite(value):
        return number(value)
    return number(value, max(0, 1 - math.floor(math.log10(abs(value)))))


def count_with_qualifier(value: float | None, qualifier: str = "", digits: int = 0) -> str:
    """Return a published count with its qualifier, a code of CL-QUAL ("~" is "about 12,000")."""
    said = number(value, digits)
    if value is None or qualifier in ("", "="):
        return said
    return f"{coded('CL-QUAL', qualifier)} \u2068{said}\u2069"


def percent(ratio: float | None, digits: int = 1) -> str:
    """Return a ratio of 0 to 1 as a percentage; "—" for None, NaN and infinity."""
    if ratio is None or not math.isfinite(ratio):
        return UNDEFINED
    return f"{number(ratio * 100, digits)}\u202f%"


# ------------------------------------------------------------------------------------------------------- time


def date(day: Date | None) -> str:
    """Return a date: "24 Nov 2026"."""
    if day is None:
        return UNDEFINED
    said = _date(day.toordinal(), language())
    return f"\u2068{said}\u2069" if direction() == "rtl" else said


@lru_cache(maxsize=4096)
def _date(ordinal: int, code: str) -> str:
    return format_date(Date.fromordinal(ordinal), "d MMM y", locale=_locale(code)).translate(_WESTERN)


def day_span(first: Date | None, last: Date | None) -> str:
    """Return a span: "26 Oct 2015 – 30 Oct 2015"; one date where both are the same day."""
    return date(first) if first == last else f"{date(first)} – {date(last)}"


def clock(when: datetime | None, zone: str) -> str:
    """Return "14:20 local (UTC-5) · 19:20 UTC": local alone is ambiguous, UTC is on nobody's watch.

    In the zone "UTC" it is "19:20 UTC", said once.
    """
    if when is None:
        return UNDEFINED
    return _utc(when) if zone == "UTC" else f"{local_clock(when, zone)} · {_utc(when)}"


def local_clock(when: datetime, zone: str) -> str:
    """Return "14:20 local (UTC-5)", for where there is no room for both; "19:20 UTC" in the zone "UTC"."""
    if zone == "UTC":
        return _utc(when)
    local = when.astimezone(time_zone(zone))
    return _("{time} local ({offset})", time=f"\u2068{local:%H:%M}\u2069", offset=f"\u2068{offset(local)}\u2069")


def _utc(when: datetime) -> str:
    return f"\u2068{when.astimezone(time_zone('UTC')):%H:%M} UTC\u2069"


def moment(when: datetime | None, zone: str) -> str:
    """Return the same with the local date before it: "24 Nov 2026, 14:20 local (UTC-5) · 19:20 UTC"."""
    if when is None:
        return UNDEFINED
    return joined((date(when.astimezone(time_zone(zone)).date()), clock(when, zone)))


def moment_utc(when: datetime | None) -> str:
    """Return "24 Nov 2026, 19:20 UTC", for events without a place."""
    if when is None:
        return UNDEFINED
    return joined((date(when.astimezone(time_zone("UTC")).date()), _utc(when)))


def hour(when: datetime) -> str:
    """Return the hour and minute of an aware datetime in its own zone: "19:20"."""
    return format_time(when, "HH:mm", locale=_locale(language())).translate(_WESTERN)


def ago(when: datetime | None) -> str:
    """Return "3 minutes ago", or "just now" within 5 seconds; "—" for None."""
    if when is None:
        return UNDEFINED
    passed = when - now()
    if abs(passed) < _JUST_NOW:
        return _("just now")
    return format_timedelta(passed, add_direction=True, threshold=1, locale=_locale(language())).translate(_WESTERN)


def span(length: timedelta) -> str:
    """Return a length of time in its largest unit of which there are two, or in minutes: "90 minutes", "3 days"."""
    said = format_timedelta(length, granularity="minute", threshold=2, locale=_locale(language()))
    return said.translate(_WESTERN)


_JUST_NOW = timedelta(seconds=5)
_WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
