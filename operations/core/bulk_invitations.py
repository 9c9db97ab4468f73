"""Bulk invitations: pasted rows or a CSV become invitations, and each row lists its own flaws.

A row holds codes, or words for them in any of the four languages. Reading stores nothing.
"""

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from sqlmodel import Session, col, select

from operations.core import proof, vocabulary
from operations.core.account_admin import require_keeper
from operations.core.drafts import parse
from operations.core.errors import Flaw, NotPermitted, RuleBroken
from operations.core.field_labels import N_
from operations.core.invitations import InvitationDraft, InvitationLink, invite_all, username_of
from operations.core.people import Account, Actor, System
from operations.core.store import unscoped

COLUMNS = ("name", "role", "country", "unit", "clearance", "language", "last_day", "username", "mail")
MOST_ROWS = 500
_LISTS = {"role": "CL-ROLE", "country": "CL-COUNTRY", "clearance": "CL-CLASS", "language": "CL-LANGUAGE"}
HEADINGS = {
    "name": ("name", "nom", "nombre", "الاسم"),
    "role": ("role", "rôle", "función", "rol", "الدور"),
    "country": ("country", "pays", "país", "البلد"),
    "unit": ("unit", "unité", "unidad", "الوحدة"),
    "clearance": ("clearance", "habilitation", "habilitación", "مستوى الاطلاع", "التصريح"),
    "language": ("language", "langue", "idioma", "اللغة"),
    "last_day": ("last day", "last_day", "dernier jour", "último día", "آخر يوم", "اليوم الأخير"),
    "username": ("user name", "username", "nom d'utilisateur", "nombre de usuario", "اسم المستخدم"),
    "mail": ("mail", "e-mail", "email", "mail address", "courriel", "correo", "correo electrónico", "البريد"),
}
"""What a column is called in a heading, in any of the four languages."""
_COLUMN_OF = {word: column for column, words in HEADINGS.items() for word in words}


@dataclass(frozen=True)
class InvitationRow:
    """One row: its number as typed, its cells by column, and the draft or its flaws."""

    number: int
    typed: dict[str, str]
    draft: InvitationDraft | None = None
    flaws: tuple[Flaw, ...] = ()


def read(session: Session, text: str, batch: UUID, by: Actor | System) -> list[InvitationRow]:
    """Read rows of people. Idempotent: the same line of the same `batch`, made by the client, becomes the same account.

    Raises RuleBroken for more than MOST_ROWS rows.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_ROWS:
        raise RuleBroken("rows", "The table has more than {most} rows. Divide it.", most=MOST_ROWS)
    cells = [(number, [cell.strip() for cell in _cells(line)]) for number, line in lines]
    columns: tuple[str, ...] = COLUMNS
    rows: list[InvitationRow] = []
    for number, values in cells:
        if _is_heading(values):
            columns = _columns(values)
        else:
            rows.append(_row(number, values, columns, batch, by))
    return _named(session, _apart(rows))


def _is_heading(cells: Sequence[str]) -> bool:
    """Whether a line names columns: it calls one a name, or more of them than not are known."""
    known = [cell for cell in cells if cell.casefold() in _COLUMN_OF]
    return any(_COLUMN_OF[cell.casefold()] == "name" for cell in known) or len(known) * 2 > len(cells)


def _columns(heading: Sequence[str]) -> tuple[str, ...]:
    """Return the columns as a heading orders them; cells after its last are those that it does not name.

    Raises RuleBroken for a column that is not known, or stands twice.
    """
    named = [_COLUMN_OF.get(cell.casefold()) for cell in heading]
    for place, (cell, column) in enumerate(zip(heading, named, strict=True), start=1):
        if column is None:
            unknown = "The column {column} is not known. Call it as one of the columns above."
            raise RuleBroken("rows", unknown, column=cell or place)
        if named.count(column) > 1:
            raise RuleBroken("rows", "The column {column} stands in the heading twice: leave one out.", column=cell)
    found = tuple(column for column in named if column is not None)
    return (*found, *(column for column in COLUMNS if column not in found))


@proof.needed
def invite_rows(session: Session, rows: Sequence[InvitationRow], by: Actor | System) -> list[InvitationLink]:
    """Invite everybody or nobody. Raises RuleBroken if a row has a flaw, or if there are no rows."""
    flawed = [row.number for row in rows if row.draft is None]
    if flawed:
        raise RuleBroken("rows", "Row {row} has an error. Correct it, then invite everybody.", row=flawed[0])
    if not rows:
        raise RuleBroken("rows", "There are no rows: paste one for each person.")
    return invite_all(session, [row.draft for row in rows if row.draft is not None], by)


def _cells(line: str) -> list[str]:
    """Return the cells of a line, separated by tabs, semicolons or commas: the first of these that it contains."""
    mark = next((mark for mark in "\t;," if mark in line), "\t")
    return next(csv.reader([line], delimiter=mark), [""]) or [""]


def _row(number: int, cells: Sequence[str], columns: Sequence[str], batch: UUID, by: Actor | System) -> InvitationRow:
    typed = dict(zip(columns, cells, strict=False))
    if len(cells) > len(COLUMNS):
        told = {"cells": len(cells), "most": len(COLUMNS)}
        return InvitationRow(
            number,
            typed,
            flaws=(
                Flaw("", "This row has {cells} cells, but only {most} columns are known. Remove the others.", told),
            ),
        )
    said = {
        name: vocabulary.code_for(_LISTS[name], value) if name in _LISTS else value
        for name, value in typed.items()
        if value
    }
    if isinstance(by, Actor) and by.national:
        said = {"role": "national_officer", "country": by.country or "", **said}
    try:
        draft = parse(InvitationDraft, {**said, "id": uuid5(batch, "\t".join([str(number), *cells]))})
        require_keeper(by, draft.role, draft.country, draft.clearance)
    except NotPermitted:
        why = Flaw("role", "You cannot invite people with this role, country and clearance.")
        return InvitationRow(number, typed, flaws=(why,))
    except RuleBroken as refused:
        return InvitationRow(number, typed, flaws=refused.flaws)
    return InvitationRow(number, typed, draft)


def _apart(rows: Sequence[InvitationRow]) -> list[InvitationRow]:
    """Return the rows, with a flaw where two share a user name, or a name without user names of their own."""
    names, usernames = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for row in rows:
        if row.draft is not None:
            names[_folded(row.draft.name)].append(row.number)
            if row.draft.username:
                usernames[row.draft.username].append(row.number)

    def judged(row: InvitationRow) -> InvitationRow:
        if row.draft is None:
            return row
        own = row.draft.username
        same = usernames[own] if own else names[_folded(row.draft.name)]
        other = next((number for number in same if number != row.number), None)
        if other is None:
            return row
        template = (
            N_("Row {row} has this user name as well: each needs one of its own.")
            if own
            else N_("This name stands in row {row} as well: remove one, or give each a user name of its own.")
        )
        return replace(row, draft=None, flaws=(Flaw("username" if own else "name", template, {"row": other}),))

    return [judged(row) for row in rows]


def _named(session: Session, rows: Sequence[InvitationRow]) -> list[InvitationRow]:
    """Return the rows with user names, and a flaw where the user name or an account of that name already exists."""
    open_ = select(Account.name, Account.username, Account.country).where(col(Account.disabled_at).is_(None))
    known = {(_folded(name), country): username for name, username, country in session.exec(open_)}
    taken = set(session.exec(unscoped(select(Account.username))))
    made = set(session.exec(unscoped(select(Account.id))))
    named: list[InvitationRow] = []
    for row in rows:
        draft = row.draft
        if draft is None or draft.id in made:
            named.append(row)
            continue
        try:
            if draft.username in taken:
                raise RuleBroken("username", "The user name {username} is taken.", username=draft.username)
            there = known.get((_folded(draft.name), draft.country))
            if there is not None and draft.username is None:
                raise RuleBroken(
                    "name",
                    "{name} already has the account {username}. To invite another person of this "
                    "name, give a user name.",
                    name=draft.name,
                    username=there,
                )
            username = draft.username or username_of(session, draft.name, draft.country, frozenset(taken))
        except RuleBroken as refused:
            named.append(replace(row, draft=None, flaws=refused.flaws))
            continue
        taken.add(username)
        named.append(replace(row, draft=draft.model_copy(update={"username": username})))
    return named


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
