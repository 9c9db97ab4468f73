"""Forms of the people page: invite one, invite many, change an account, and end those of a country."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.confirmation import confirmation_attributes
from dashboard.parts.file_drop import file_place
from dashboard.parts.form import (
    Form,
    button,
    client_id,
    date_field,
    select_field,
    text_area,
    text_field,
)
from dashboard.parts.form_fields import drawing
from dashboard.parts.icon import icon
from dashboard.screens.people import files
from dashboard.screens.people.ids import CHANGE, CHANGED, COUNTRY, INVITE, MANY, Ids
from dashboard.server import mail
from dashboard.wording import LANGUAGES, _, language, sentence
from operations.core import vocabulary
from operations.core.bulk_invitations import InvitationRow
from operations.core.federated_identities import LONGEST_SUBJECT
from operations.core.ids import new_id
from operations.core.people import NATIONAL_ROLES, Actor
from operations.core.vocabulary import Classification

_MOST_LISTED = 60


def roles(by: Actor) -> list[dict[str, str]]:
    """Return the roles that `by` may assign, as options."""
    every = vocabulary.options("CL-ROLE", language())
    return [each for each in every if each["value"] in NATIONAL_ROLES] if by.national else every


def countries(by: Actor) -> list[dict[str, str]]:
    """Return the countries whose accounts `by` administers, as options."""
    every = vocabulary.options("CL-COUNTRY", language())
    return [each for each in every if each["value"] == by.country] if by.national else every


def clearances(by: Actor) -> list[dict[str, str]]:
    """Return the clearances that `by` may assign, as options."""
    every = vocabulary.options("CL-CLASS", language())
    return [each for each in every if not by.national or Classification(each["value"]).rank <= by.clearance.rank]


def _who(form: Form, by: Actor, **start: Any) -> list[Component]:
    """Return the fields that both forms share: role, country, unit, clearance and end of the mandate."""
    return [
        select_field(form, "role", _("Role"), roles(by), value=start.get("role")),
        select_field(
            form,
            "country",
            _("Country"),
            countries(by),
            value=start.get("country"),
            limit=_MOST_LISTED,
            description=_("Officers of a country, and analysts whom one has seconded."),
        ),
        text_field(form, "unit", _("Unit"), maxLength=120),
        select_field(form, "clearance", _("Clearance"), clearances(by), value=start.get("clearance"), clearable=False),
        date_field(form, "last_day", _("Last day of the mandate"), description=_("Empty: it has no end.")),
    ]


def invite_form(by: Actor, role: str = "") -> Component:
    """Return the form that invites one person. It is open where the address names the `role` that is missing."""
    start = {"clearance": Classification.FOR_OFFICIAL_USE.value}
    if by.national:
        start |= {"country": by.country or "", "role": "national_officer"}
    wanted = role in {each["value"] for each in roles(by)}
    if wanted:
        start["role"] = role
    speaks = [{"value": code, "label": words} for code, words in LANGUAGES.items()]
    fields = [
        text_field(INVITE, "name", _("Name"), maxLength=120, description=_("As colleagues read it.")),
        *_who(INVITE, by, **start),
        select_field(INVITE, "language", _("Language"), speaks, value=language(), clearable=False),
        text_field(INVITE, "username", _("User name"), maxLength=64, description=_("Empty: one is made of the name.")),
        html.Div(
            text_field(
                INVITE,
                "mail",
                _("Mail"),
                maxLength=254,
                description=_("The link goes there and is not shown. Empty: it is shown to you, once."),
            ),
            hidden=not mail.mail_enabled(),
        ),
    ]
    emergency = [
        dmc.Switch(id=Ids.EMERGENCY, label=_("Emergency: the account ends after 72 hours"), checked=False),
        text_field(INVITE, "reason", _("Why it cannot wait"), maxLength=300),
    ]
    return fold(
        _("Invite a person"),
        client_id(INVITE),
        html.Div(fields, className="people-fields"),
        html.Div(emergency, className="people-fields"),
        html.P(
            _("The person sets a password that nobody else knows. A privileged role waits for another administrator."),
            className="m-dim m-small",
        ),
        button(_("Make the link"), Ids.INVITE, "primary", "link"),
        opened=wanted,
    )


def many_form() -> Component:
    """Return the form that invites many people, from pasted rows."""
    return fold(
        _("Invite many"),
        dcc.Store(id=Ids.BATCH, data=str(new_id())),
        dcc.Download(id=Ids.FILE),
        dcc.Download(id=Ids.FORM_FILE),
        text_area(
            MANY,
            "rows",
            _("One row for each person"),
            minRows=4,
            maxRows=14,
            placeholder="Aisha Seydou; national_officer; NER",
            description=_(
                "Paste from a spreadsheet with its heading, or in this order: name, role, country, unit, clearance, "
                "language, last day (2026-12-31), user name, mail address. What is not needed stays empty."
            ),
        ),
        *_workbook(),
        tags.Div(
            button(_("Read the rows"), Ids.READ, "plain", "table"),
            button(_("Download these rows as a form"), Ids.FORM, "plain", "file-spreadsheet"),
            className="m-toolbar",
        ),
        html.Div(id=Ids.FOUND, className="m-stack people-found"),
    )


def _workbook() -> list[Component]:
    """Return the drop area of a workbook, whose rows are appended to the pasted ones."""
    drop = dcc.Upload(
        tags.Div(
            icon("file-spreadsheet", size=20),
            html.Strong(_("Or drop a workbook here, or choose it: Excel, OpenDocument or CSV")),
            className="layers-drop people-drop",
        ),
        id=Ids.WORKBOOK,
        accept=files.ACCEPTED,
        className="layers-upload",
        className_active="is-over",
    )
    place = file_place(
        drop, files.ADDRESS, Ids.WORKBOOK_READ, f"{Ids.WORKBOOK}-refused", files.MOST_BYTES, files.too_large()
    )
    return [dcc.Store(id=Ids.WORKBOOK_READ), *place, html.P(id=Ids.WORKBOOK_NAME, role="status", className="m-small")]


def heads() -> dict[str, str]:
    """Return what the columns of rows of people are called."""
    return {
        "name": _("Name"),
        "role": _("Role"),
        "country": _("Country"),
        "unit": _("Unit"),
        "clearance": _("Clearance"),
        "language": _("Language"),
        "last_day": _("Last day"),
        "username": _("User name"),
        "mail": _("Mail"),
    }


def found_rows(rows: list[InvitationRow]) -> list[Component]:
    """Return the check of the rows, each flaw in its place, and the button that invites all."""
    names = heads()
    flawed = sum(row.draft is None for row in rows)
    columns = [html.Th(each, scope="col") for each in (_("Row"), *names.values(), _("What is wrong"))]
    said = (
        _(
            "{flawed} of {rows} rows have a flaw. Put them right above and read the rows again.",
            flawed=flawed,
            rows=len(rows),
        )
        if flawed
        else _("{rows} rows are right.", rows=len(rows))
    )
    table = html.Table(
        [html.Thead(html.Tr(columns)), html.Tbody([_found(row, names) for row in rows])], className="m-table"
    )
    press = button(
        _("Invite all and take their links"), Ids.SEND, "primary", "download", disabled=bool(flawed) or not rows
    )
    return [
        html.P(said, role="status"),
        html.Div(table, className="m-scroll people-rows", tabIndex="0", role="region", **{"aria-label": _("The rows")}),
        html.P(
            _("The file with the links is given once. Hand each link to its person alone."), className="m-dim m-small"
        ),
        press,
    ]


def _found(row: InvitationRow, names: Mapping[str, str]) -> Component:
    wrong = {flaw.field for flaw in row.flaws}
    values = row.typed if row.draft is None else {**row.typed, "username": row.draft.username or ""}
    cells = [
        html.Td(html.Bdi(values.get(name, "")), className="people-wrong" if name in wrong else "") for name in names
    ]
    why = html.Td(" ".join(": ".join(filter(None, (names.get(each.field), sentence(each)))) for each in row.flaws))
    return html.Tr([html.Th(str(row.number), scope="row"), *cells, why])


def change_form(by: Actor, kept: Sequence[Component]) -> Component:
    """Return the form of an account's fields, filled when a person is selected; `kept` is what holds its version."""
    draw = drawing(CHANGE, choices={"role": roles(by), "country": countries(by), "clearance": clearances(by)})
    return tags.Div(
        dcc.Store(id=Ids.OF),
        html.H3(_("Change")),
        *kept,
        html.Div(draw(*CHANGED), className="people-fields"),
        *draw("reason", maxLength=300),
        html.Div(button(_("Save the change"), Ids.SAVE, "primary", "check"), className="m-toolbar"),
        id=Ids.CHANGING,
        className="people-changing",
        hidden=True,
    )


def country_form(by: Actor) -> Component:
    """Return the form that signs out or closes all accounts of a country."""
    own = by.country if by.national else None
    return fold(
        _("All people of a country"),
        tags.Div(
            select_field(COUNTRY, "country", _("Country"), countries(by), value=own, limit=_MOST_LISTED),
            text_field(COUNTRY, "reason", _("Reason"), maxLength=300),
            className="people-fields",
        ),
        tags.Div(
            button(
                _("Sign out everybody"),
                Ids.SIGN_OUT_COUNTRY,
                "plain",
                "logout",
                **confirmation_attributes("account.sign_out_country"),
            ),
            button(
                _("Close all accounts"),
                Ids.CLOSE_COUNTRY,
                "danger",
                "user-off",
                **confirmation_attributes("account.close_country"),
            ),
            className="m-toolbar",
        ),
    )


def fold(title: str, *children: Any, opened: bool = False) -> Component:
    """Return a disclosure with this title."""
    inside = [html.Summary(title), html.Div(list(children), className="m-stack")]
    return html.Details(inside, className="people-fold", open=opened)


def why_field(ident: Any) -> Component:
    """Return a one-line field for a reason."""
    return dmc.TextInput(id=ident, label=_("Reason"), autoComplete="off", attributes={"input": {"maxLength": 300}})


def subject_field(ident: Any) -> Component:
    """Return a one-line field for the subject as which the identity provider knows a person."""
    return dmc.TextInput(
        id=ident,
        label=_("Identifier of the person there"),
        description=_("The person reads it on the sign-in page after signing on there."),
        autoComplete="off",
        attributes={"input": {"maxLength": LONGEST_SUBJECT, "dir": "ltr"}},
    )
