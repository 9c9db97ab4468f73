"""Workbook of people to invite: a row for each with lists to choose from, and what is wrong in the rows that stand."""

from typing import Any

from dash import Input, Output, State

from dashboard.frame.policy import screen
from dashboard.papers.form_book import FIRST, FormBook, FormColumn, FormSheet
from dashboard.parts.book.marked import marked_file, with_rows
from dashboard.screens.people import files, forms
from dashboard.screens.people.ids import MANY, Ids
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, direction, language, sentence
from operations.core import bulk_invitations, vocabulary
from operations.core.bulk_invitations import InvitationRow
from operations.core.people import Actor
from operations.core.permissions import Act


def _choices(by: Actor) -> dict[str, list[dict[str, str]]]:
    return {
        "role": forms.roles(by),
        "country": forms.countries(by),
        "clearance": forms.clearances(by),
        "language": vocabulary.options("CL-LANGUAGE", language()),
    }


def book(by: Actor) -> FormBook:
    """Return the workbook with nothing filled in, in the language of the request."""
    choices = _choices(by)
    columns = [
        FormColumn(name, head, "choice", name)
        if name in choices
        else FormColumn(name, head, "day" if name == "last_day" else "text", needed=name == "name")
        for name, head in forms.heads().items()
    ]
    return FormBook(
        files.FORM,
        _("People"),
        [
            _("A head with * must be filled in. Choose from the lists."),
            _("Write days as dates, never as text, and no formulas."),
            _("Bring the file back on its page. Nobody is invited before you say so there."),
        ],
        {name: [each["label"] for each in offered] for name, offered in choices.items()},
        [FormSheet(files.FORM, _("People"), columns)],
        flaw_head=_("What is wrong"),
        first_sheet=_("How to fill it in"),
        rtl=direction() == "rtl",
    )


def filled(rows: list[InvitationRow], by: Actor) -> FormBook:
    """Return the workbook with rows that somebody has pasted or brought, each flaw marked in its cell."""
    words = {name: {each["value"]: each["label"] for each in offered} for name, offered in _choices(by).items()}
    cells = {
        at: {name: words.get(name, {}).get(cell, cell) for name, cell in row.typed.items()}
        for at, row in enumerate(rows, start=FIRST)
    }
    flaws = {
        (files.FORM, at, flaw.field): sentence(flaw) for at, row in enumerate(rows, start=FIRST) for flaw in row.flaws
    }
    return with_rows(book(by), {files.FORM: cells}, flaws)


@screen(
    Output(Ids.FORM_FILE, "data"),
    Input(Ids.FORM, "n_clicks"),
    State(MANY.id("rows"), "value"),
    State(Ids.BATCH, "data"),
    act=Act.ACCOUNT_MANAGE,
    form=MANY,
    prevent_initial_call=True,
)
def take_form(_presses: int | None, typed: str | None, batch: str) -> dict[str, Any]:
    """Hand over the workbook, with the rows that stand in the field."""
    with reading() as session:
        rows = bulk_invitations.read(session, typed or "", known_id(batch), actor())
    return marked_file(filled(rows, actor()), "muster-people.xlsx")
