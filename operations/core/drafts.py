"""Drafts: what a person typed, checked before anything is stored.

A table row is made from a draft only. `flaws_of` turns pydantic's findings into Muster's sentences.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from operations.core.clock import zone
from operations.core.errors import Flaw, RuleBroken
from operations.core.vocabulary import LineKind

T = TypeVar("T", bound="Draft")

_SEEN = frozenset("\n\t\u200c\u200e\u200f\u061c")  # line ends, and what Arabic script needs to be written
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # controls, formats, surrogates, private and unassigned
_PERSONAL = {
    "a machine-readable line of a document": (
        r"[A-Z0-9<]{20,}<<",
        r"<<[A-Z0-9<]{10,}",
        r"\b[PIACV][A-Z<][A-Z]{3}\w+<<",
    ),
    "an e-mail address": (r"[\w.+-]+\s?@\s?[\w-]+(\.[\w-]+)*\.\w{2,}",),
    "a telephone number": (
        r"(?<![\w.])(\+|00)\d[\d ().\u2010-\u2015/-]{7,}\d",
        r"(?<![\w.,:-])0\d([ .-]?\d{2}){4}(?![\d,])",
        r"\b(tel|t[ée]l[ée]phone|tel[ée]fono|phone|mobile|m[óo]vil|portable|whatsapp|هاتف|جوال)\b\W{0,6}"
        r"\d[\d ().-]{5,}\d",
    ),
    "a document number": (
        r"\b[a-z]{1,2}\d{6,8}[a-z]?\b",
        r"\b(passport|passeport|pasaporte|جواز( السفر)?)\W{0,4}((no|n°|nr|number|num[ée]ro|número|رقم)\W{0,4})?"
        r"(?=\w*\d{4})\w{6,12}\b",
    ),
    "a birth date": (
        r"\b(born|birth|dob|d\.o\.b|n[ée]e?(\(e\))?|nacid[oa]|naissance|nacimiento|مواليد|ولدت?|الميلاد)(?!\w)\W{0,8}"
        r"((on|le|el|in|en|the|date|fecha|في|عام|سنة|بتاريخ)\W+){0,2}\d",
    ),
    "coordinates": (
        r"-?\d{1,2}\.\d{3,}\s*°?\s*[ns]?\s*[,;/ ]\s*-?\d{1,3}\.\d{3,}",
        r"\d{1,3}\s*°\s*\d{1,2}(\.\d+)?\s*['′’]",
        r"\d{1,2}\.\d{2,}\s*°\s*[nsewo]\b",
        r"\b\d{1,2}[c-hj-np-x]\s?[a-hj-np-z]{2}\s?(\d{4}\s?\d{4}|\d{5}\s?\d{5})\b",
    ),
}
_TELLTALES = {what: re.compile("|".join(patterns), re.IGNORECASE) for what, patterns in _PERSONAL.items()}


class Draft(BaseModel):
    """The base of every draft: unknown fields are refused, text is trimmed, instances do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _plain(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if any(unicodedata.category(mark) in _UNSEEN and mark not in _SEEN for mark in text):
        raise PydanticCustomError("hidden_characters", "This text holds characters that cannot be seen: type it again.")
    return unicodedata.normalize("NFC", text)


def _impersonal(text: str) -> str:
    for what, pattern in _TELLTALES.items():
        if pattern.search(text):
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
Prose = Annotated[str, Field(max_length=8000), AfterValidator(_plain), AfterValidator(_impersonal)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Moment = AwareDatetime
Count = Annotated[int, Field(strict=True, ge=0, le=100_000_000)]

_SENTENCES = {
    "missing": "This field is needed.",
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
    "literal_error": "This is not one of the choices.",
    "enum": "This is not one of the choices.",
    "too_short": "At least {min_length} must be given.",
    "too_long": "{max_length} can be given at most.",
    "finite_number": "This must be a number.",
    "float_parsing": "This must be a number.",
    "float_type": "This must be a number.",
    "string_type": "This must be text.",
    "union_tag_invalid": "This kind of line does not exist.",
}


_TAGS = frozenset(LineKind)  # pydantic names the member of a union in its paths; a form has no such field
_CUSTOM = {
    "hidden_characters": "This text holds characters that cannot be seen: type it again.",
    "personal_data": "This looks like {what}: personal data stay in national systems. Remove it.",
    "unknown_zone": "{name} is not a time zone of the IANA list, such as Africa/Niamey.",
    "unknown_code": "{code} is not in the list {list}.",
}


def flaws_of(error: ValidationError) -> tuple[Flaw, ...]:
    """Muster's sentences for what pydantic found; `field` is the path joined by dots, such as "lines.2.count"."""
    found = []
    for item in error.errors(include_url=False):
        path = ".".join(str(part) for part in item["loc"] if part not in _TAGS)
        params: dict[str, Any] = {
            key: int(value) if isinstance(value, float) and value.is_integer() else value
            for key, value in item.get("ctx", {}).items()
            if isinstance(value, (str, int, float))
        }
        template = _SENTENCES.get(item["type"]) or _CUSTOM.get(
            item["type"], "This cannot be read: check it and type it again."
        )
        found.append(Flaw(path, template, params))
    return tuple(found)


def rule(type_: str, template: str) -> str:
    """Register a sentence that a draft's validator raises as PydanticCustomError(type_, template). Returns type_."""
    _CUSTOM[type_] = template
    return type_


def parse(kind: type[T], content: dict[str, Any]) -> T:
    """A draft of `kind` made from untrusted content; raises RuleBroken with every flaw found."""
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise RuleBroken.all(flaws_of(error)) from None


_reasons: TypeAdapter[str] = TypeAdapter(Annotated[Words, Field(min_length=1)])


def reason(text: str, field: str = "reason") -> str:
    """A reason as it may stand in the journal for ever: some words, and none that tell of a person.

    Raises RuleBroken on `field`.
    """
    if not text.strip():
        raise RuleBroken(field, "Give the reason: it is written into the journal.")
    try:
        return _reasons.validate_python(text.strip())
    except ValidationError as error:
        raise RuleBroken.all(Flaw(field, flaw.template, flaw.params) for flaw in flaws_of(error)) from None


def screen(content: Any, field: str = "") -> None:
    """Refuse personal data in any text of what a form holds, however unfinished it is.

    Raises RuleBroken with every such field.
    """
    if flaws := list(_personal_in(content, field)):
        raise RuleBroken.all(flaws)


_IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _personal_in(content: Any, field: str) -> Iterator[Flaw]:
    if isinstance(content, str):
        if _IDENTIFIER.fullmatch(content):
            return
        try:
            _impersonal(content)
        except PydanticCustomError as error:
            yield Flaw(field, error.message_template, dict(error.context or {}))
        return
    inside = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, value in inside:
        yield from _personal_in(value, f"{field}.{key}" if field else str(key))
