"""Drafts: what a person typed, checked before anything is stored.

A table row is made from a draft only. `flaws_of` turns pydantic's findings into Muster's sentences.
"""

import re
import unicodedata
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from operations.core.clock import zone
from operations.core.errors import Flaw, RuleBroken

T = TypeVar("T", bound="Draft")

_HIDDEN_CHARACTERS = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200d\u2060\ufeff\u202a-\u202e\u2066-\u2069]"
)
_PERSONAL = (
    ("a machine-readable line of a document", re.compile(r"[A-Z0-9<]{20,}<<|<<[A-Z0-9<]{10,}")),
    ("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}")),
    ("a telephone number", re.compile(r"(?<![\w.])(\+|00)\d[\d ().-]{7,}\d")),
    ("a document number", re.compile(r"\b(?=[A-Z0-9]{7,10}\b)[A-Z]{1,2}\d{6,8}[A-Z]?\b")),
    (
        "a birth date",
        re.compile(r"(?i)\b(born|birth|dob|né[e]?|nacid[oa]|naissance|nacimiento)\b\W{0,8}(on |le |el )?\d"),
    ),
    ("coordinates", re.compile(r"-?\d{1,2}\.\d{4,}\s*[,;]\s*-?\d{1,3}\.\d{4,}")),
)


class Draft(BaseModel):
    """The base of every draft: unknown fields are refused, text is trimmed, instances do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _plain(text: str) -> str:
    if _HIDDEN_CHARACTERS.search(text):
        raise PydanticCustomError("hidden_characters", "This text holds characters that cannot be seen: type it again.")
    return unicodedata.normalize("NFC", text)


def _impersonal(text: str) -> str:
    for what, pattern in _PERSONAL:
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
Words = Annotated[str, Field(max_length=2000), AfterValidator(_plain), AfterValidator(_impersonal)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Moment = AwareDatetime
Count = Annotated[int, Field(strict=True, ge=0, le=100_000_000)]

_SENTENCES = {
    "missing": "This field is needed.",
    "greater_than_equal": "This must be {ge} or more.",
    "greater_than": "This must be more than {gt}.",
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
    "union_tag_invalid": "This kind of line does not exist.",
}


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
        path = ".".join(str(part) for part in item["loc"])
        params: dict[str, Any] = {
            key: value for key, value in item.get("ctx", {}).items() if isinstance(value, (str, int, float))
        }
        template = _SENTENCES.get(item["type"]) or _CUSTOM.get(
            item["type"], "This cannot be read: check it and type it again."
        )
        found.append(Flaw(path, template, params))
    return tuple(found)


def rule(type_: str, template: str) -> str:
    """Register a sentence that a draft's own validator raises as PydanticCustomError(type_, template). Returns type_."""
    _CUSTOM[type_] = template
    return type_


def parse(kind: type[T], content: dict[str, Any]) -> T:
    """A draft of `kind` made from untrusted content; raises RuleBroken with every flaw found."""
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise RuleBroken.all(flaws_of(error)) from None
