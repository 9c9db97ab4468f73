"""Drafts: what a person typed, checked before anything is stored.

Table rows are made from drafts only. `flaws_of` turns pydantic's errors into Muster's sentences.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from operations.core.clock import zone
from operations.core.errors import Flaw, RuleBroken
from operations.core.pii_screen import personal_data_in
from operations.core.vocabulary import Choices, choices_among, codes, current_codes

T = TypeVar("T", bound="Draft")

_SEEN = frozenset("\n\t\u200c\u200e\u200f\u061c")  # line ends, and marks needed to write Arabic script
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # controls, formats, surrogates, private and unassigned


class Draft(BaseModel):
    """The base of every draft: unknown fields are rejected, text is trimmed, instances are immutable.

    What checks a kind of draft is built when the first of its kind is checked: all together they take a second. Bodies
    of requests to the interface are the exception, since FastAPI builds them at once (`defer_build=False`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True)


def _plain(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if any(unicodedata.category(mark) in _UNSEEN and mark not in _SEEN for mark in text):
        raise PydanticCustomError("hidden_characters", "This text holds characters that cannot be seen: type it again.")
    return unicodedata.normalize("NFC", text)


def _impersonal(text: str) -> str:
    if (what := personal_data_in(text)) is not None:
        raise PydanticCustomError(
            "personal_data",
            "This looks like {what}: personal data stay in national systems. Remove it.",
            {"what": what},
        )
    return text


def _known_zone(text: str) -> str:
    try:
        return zone(text).key
    except RuleBroken as refusal:
        raise PydanticCustomError(
            "unknown_zone", "{name} is not a time zone of the IANA list, such as Africa/Niamey.", refusal.params
        ) from None


Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_plain)]
Plain = Annotated[str, AfterValidator(_plain)]
Line = Annotated[str, Field(max_length=300), AfterValidator(_plain)]
NeededLine = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_plain)]
Heading = Annotated[str, Field(min_length=1, max_length=160), AfterValidator(_plain), AfterValidator(_impersonal)]
Words = Annotated[str, Field(max_length=2000), AfterValidator(_plain), AfterValidator(_impersonal)]
NeededWords = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_plain), AfterValidator(_impersonal)]
LONGEST_TEXT, LONGEST_FORM = 8000, 40_000  # characters of one field, and of all texts of an unsent form
Prose = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_plain), AfterValidator(_impersonal)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Moment = AwareDatetime
Count = Annotated[int, Field(strict=True, ge=0, le=100_000_000)]

NEEDED = "This field is needed."
NOT_CHOSEN = "This is not one of the choices: {choices}."
FIELD = "field"
"""The parameter of a PydanticCustomError about a whole draft that names the field where it is shown."""
_SENTENCES = {
    "missing": NEEDED,
    "greater_than_equal": "This must be {ge} or more.",
    "greater_than": "This must be more than {gt}.",
    "less_than": "This must be less than {lt}.",
    "less_than_equal": "This must be {le} or less.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "int_from_float": "This must be a whole number.",
    "string_too_short": "This field is needed.",
    "string_too_long": "This must have {max_length} characters at most.",
    "timezone_aware": "This time has no time zone: add one.",
    "datetime_from_date_parsing": "This is not a date and time.",
    "datetime_parsing": "This is not a date and time.",
    "datetime_type": "This is not a date and time.",
    "date_from_datetime_parsing": "This is not a date.",
    "date_parsing": "This is not a date.",
    "date_type": "This is not a date.",
    "time_parsing": "This is not a time of day.",
    "uuid_parsing": "This identifier is damaged: reload the page.",
    "extra_forbidden": "This field is not part of the form.",
    "literal_error": NOT_CHOSEN,
    "enum": NOT_CHOSEN,
    "too_short": "At least {min_length} must be given.",
    "too_long": "{max_length} can be given at most.",
    "finite_number": "This must be a number.",
    "float_parsing": "This must be a number.",
    "float_type": "This must be a number.",
    "string_type": "This must be text.",
    "union_tag_invalid": "This kind of line does not exist.",
}


_TAGS = frozenset(codes("CL-LINE"))
"""The tags of unions, which pydantic puts in error paths after the list index; a form has no such field."""
_CUSTOM = {
    "hidden_characters": "This text holds characters that cannot be seen: type it again.",
    "personal_data": "This looks like {what}: personal data stay in national systems. Remove it.",
    "unknown_zone": "{name} is not a time zone of the IANA list, such as Africa/Niamey.",
    "unknown_code": "{code} is not one of the choices: {choices}.",
}
_CHOICES: dict[str, Choices] = {}


def flaws_of(error: ValidationError) -> tuple[Flaw, ...]:
    """Return Muster's sentences for pydantic's errors; `field` is the path joined by dots, such as "lines.2.count".

    A rule about a whole draft names in its parameter FIELD the field where it is shown.
    """
    return flaws_among(error.errors(include_url=False))


def flaws_among(errors: Iterable[Any]) -> tuple[Flaw, ...]:
    """Return Muster's sentences for errors as pydantic lists them (see `flaws_of`)."""
    flaws = []
    for item in errors:
        params: dict[str, Any] = {
            key: int(value) if isinstance(value, float) and value.is_integer() else value
            for key, value in item.get("ctx", {}).items()
            if isinstance(value, (str, int, float))
        }
        if item["type"] in ("enum", "literal_error"):
            params = {"choices": choices_among(re.findall("'([^']*)'", str(params["expected"])))}
        elif item["type"] == "unknown_code":
            params = {"code": params["code"], "choices": Choices(current_codes(params["list"]), params["list"])}
        elif item["type"] in _CHOICES:
            params["choices"] = _CHOICES[item["type"]]
        whole = [params.pop(FIELD)] if FIELD in params else []
        tagged = zip((None, *item["loc"]), item["loc"], strict=False)
        said = [part for before, part in tagged if not (isinstance(before, int) and part in _TAGS)]
        path = ".".join(map(str, (*said, *whole)))
        template = _SENTENCES.get(item["type"]) or _CUSTOM.get(
            item["type"], "This cannot be read: check it and type it again."
        )
        flaws.append(Flaw(path, template, params))
    return tuple(flaws)


def rule(type_: str, template: str, choices: Choices | None = None) -> str:
    """Register a sentence that a draft's validator raises as PydanticCustomError(type_, template). Return type_.

    `choices`: what can be chosen, where the sentence lists them.
    """
    _CUSTOM[type_] = template
    if choices is not None:
        _CHOICES[type_] = choices
    return type_


def parse(kind: type[T], content: dict[str, Any]) -> T:
    """Return a draft of `kind` made from untrusted content. Raises RuleBroken with all its flaws."""
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise RuleBroken.all(flaws_of(error)) from None


_reasons: TypeAdapter[str] = TypeAdapter(Annotated[Words, Field(min_length=1)])


def reason(text: str, field: str = "reason") -> str:
    """Return a checked reason, as the journal keeps it for ever: not empty, and without personal data.

    Raises RuleBroken on `field`.
    """
    if not text.strip():
        raise RuleBroken(field, "Give the reason: it is written into the journal.")
    try:
        return _reasons.validate_python(text.strip())
    except ValidationError as error:
        raise RuleBroken.all(Flaw(field, flaw.template, flaw.params) for flaw in flaws_of(error)) from None


def screen(content: Any, field: str = "") -> None:
    """Refuse personal data in any text of a form, however unfinished the form is.

    Raises RuleBroken with every such field. Content that no form accepts is refused unread: a text longer than any
    field, or texts of more than LONGEST_FORM characters in all.
    """
    left, flaws = LONGEST_FORM, list[Flaw]()
    too_long, personal = _SENTENCES["string_too_long"], _CUSTOM["personal_data"]
    for path, text in _texts_in(content, field):
        left -= len(text)
        if len(text) > LONGEST_TEXT:
            raise RuleBroken(path, too_long, max_length=LONGEST_TEXT)
        if left < 0:
            raise RuleBroken("", "This form contains too much text. Shorten it.")
        if (what := personal_data_in(text)) is not None:
            flaws.append(Flaw(path, personal, {"what": what}))
    if flaws:
        raise RuleBroken.all(flaws)


_HARMLESS = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z_]{0,40}|[0-9]{1,8}"
)  # identifiers, codes, counts


def _texts_in(content: Any, field: str) -> Iterator[tuple[str, str]]:
    """Yield the texts inside that could be about a person, with their paths joined by dots."""
    if isinstance(content, str):
        if not _HARMLESS.fullmatch(content):
            yield field, content
        return
    inside = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in inside:
        yield from _texts_in(value, f"{field}.{key}" if field else str(key))
