"""The kinds of lines, one module a kind: this package is their registry."""

import json
from collections.abc import Mapping
from functools import reduce
from importlib import import_module
from operator import or_
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, TypeAdapter

from operations.core.vocabulary import STORED, codes
from operations.lines.line import ReportedLine


def _found() -> Mapping[str, type[ReportedLine]]:
    """Return every kind in this package, in the order of the list of kinds."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    kinds = {
        str(kind.model_fields["kind"].default): kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, ReportedLine) and kind.__module__ == module.__name__
    }
    return {code: kinds[code] for code in codes("CL-LINE")}


KINDS = _found()
PERSON_KINDS = frozenset(code for code, kind in KINDS.items() if kind.PERSONS)
"""The kinds that count persons who are protected or accused."""

if TYPE_CHECKING:
    AnyLine = ReportedLine
else:
    AnyLine = Annotated[reduce(or_, KINDS.values()), Field(discriminator="kind")]
_adapter: TypeAdapter[Any] = TypeAdapter(AnyLine)


def from_json(attributes: dict[str, Any]) -> Any:
    """Return the line that `as_json` wrote."""
    return _adapter.validate_json(json.dumps(attributes), context=STORED)


def as_json(line: Any) -> dict[str, Any]:
    """Return a line as JSON-like attributes, in the form that the line table stores."""
    content: dict[str, Any] = line.model_dump(mode="json")
    return content
