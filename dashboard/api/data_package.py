"""Data packages (Frictionless): tables for programs as CSV, and the description of their fields beside them.

A table has one header row of stable names, codes instead of words, moments in UTC (ISO 8601) and one column of flags
(`flags`). No cell is a formula (R37): only a free text could be one, and gets an apostrophe.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dashboard.papers.tables import Cell, harmless
from dashboard.wording import coded, in_language
from operations.core import vocabulary

DESCRIPTOR = "datapackage.json"
_MOST_LABELS = 80
"""The longest list of codes whose labels are repeated in the description."""

DataCell = Cell | datetime


@dataclass(frozen=True)
class DataField:
    """A column. `type` and `format` are those of Table Schema; `codes` is the list of codes that its values are of.

    `free`: somebody wrote its values.
    """

    name: str
    title: str
    type: str = "string"
    format: str = ""
    codes: str = ""
    values: tuple[str, ...] = ()
    pattern: str = ""
    needed: bool = False
    free: bool = False

    @property
    def described(self) -> dict[str, Any]:
        """Return the field as Table Schema describes it."""
        told: dict[str, Any] = {"name": self.name, "title": self.title, "type": self.type}
        if self.format:
            told["format"] = self.format
        limits: dict[str, Any] = {"required": True} if self.needed else {}
        values = self.values or (vocabulary.codes(self.codes) if self.codes else ())
        if values:
            limits["enum"] = list(values)
        if self.pattern:
            limits["pattern"] = self.pattern
        if limits:
            told["constraints"] = limits
        if self.codes:
            told["codeList"] = self.codes
            if len(values) <= _MOST_LABELS:
                told["categories"] = [{"value": each, "label": coded(self.codes, each)} for each in values]
        return told


@dataclass(frozen=True)
class DataTable:
    """A table of data: each row has a cell for each field; `key` are the fields that identify a row."""

    name: str
    title: str
    fields: Sequence[DataField]
    rows: Sequence[Sequence[DataCell]]
    key: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Where it lies in its package."""
        return f"tables/{self.name}.csv"

    @property
    def csv(self) -> bytes:
        """Return the table as CSV (RFC 4180) in UTF-8: one header row, empty where there is no value."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow([field.name for field in self.fields])
        writer.writerows(self._written(row) for row in self.rows)
        return out.getvalue().encode()

    def _written(self, row: Sequence[DataCell]) -> Iterator[str | int | float]:
        for field, value in zip(self.fields, row, strict=True):
            if value is None:
                yield ""
            elif isinstance(value, datetime):
                yield utc(value)
            else:
                yield harmless(value) or value if field.free else value

    def resource(self, query: str = "", content: bytes | None = None) -> dict[str, Any]:
        """Return the table as a resource of a package; `content` is told by its size and its fingerprint."""
        schema: dict[str, Any] = {"fields": [each.described for each in self.fields], "missingValues": [""]}
        if self.key:
            schema["primaryKey"] = list(self.key)
        told: dict[str, Any] = {
            "name": self.name.replace("_", "-"),
            "title": self.title,
            "type": "table",
            "path": self.path + query,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": schema,
        }
        if content is not None:
            told |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
        return told


@dataclass(frozen=True)
class DataPackage:
    """Tables of one operation, read at one moment; `about` are further properties of the description."""

    name: str
    title: str
    created: datetime
    about: Mapping[str, Any]
    tables: Sequence[DataTable]

    def table(self, name: str) -> DataTable | None:
        """Return a table by its name."""
        return next((each for each in self.tables if each.name == name), None)

    def descriptor(self, query: str = "", contents: Mapping[str, bytes] | None = None) -> dict[str, Any]:
        """Return the description; `query` is added to the address of each table."""
        held = contents or {}
        return {
            "name": self.name,
            "title": self.title,
            "created": utc(self.created),
            **self.about,
            "resources": [each.resource(query, held.get(each.path)) for each in self.tables],
        }

    @property
    def files(self) -> dict[str, bytes]:
        """Return the files of the package by their paths, the description first."""
        contents = {each.path: each.csv for each in self.tables}
        told = json.dumps(self.descriptor(contents=contents), ensure_ascii=False, indent=1)
        return {DESCRIPTOR: told.encode(), **contents}


def as_zip(package: DataPackage, language: str) -> bytes:
    """Return a package as one archive, with the labels of its codes in a language."""
    out = io.BytesIO()
    with in_language(language), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in package.files.items():
            file.writestr(zipfile.ZipInfo(name, package.created.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def as_csv(table: DataTable) -> bytes:
    """Return a table as CSV."""
    return table.csv


def utc(moment: datetime) -> str:
    """Return a moment in UTC to the second (ISO 8601).

    >>> from datetime import timedelta, timezone
    >>> utc(datetime(2026, 11, 30, 14, tzinfo=timezone(timedelta(hours=1))))
    '2026-11-30T13:00:00Z'
    """
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


FLAGS = "[cepruz]*"
"""The flags of observations after Eurostat that Muster uses, any number of them in order of the alphabet."""


def flags(
    *,
    hidden: bool = False,
    about: bool = False,
    restated: bool = False,
    unreliable: bool = False,
    undefined: bool = False,
) -> str:
    """Return the flags of a value after Eurostat: every value of a running operation is provisional (p).

    c: hidden, since small numbers of persons are confidential; e: estimated, where its reporter says "about";
    r: revised since it was last exported; u: of low reliability; z: not applicable, such as a rate of nothing.

    >>> flags(), flags(hidden=True), flags(restated=True, unreliable=True)
    ('p', 'cp', 'pru')
    """
    set_ = {"c": hidden, "e": about, "p": True, "r": restated, "u": unreliable, "z": undefined}
    return "".join(flag for flag, holds in set_.items() if holds)
