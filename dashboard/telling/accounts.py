"""Sentences for entries about accounts. The account's name stands beside them."""

from dashboard.telling.names import REASON, Names, coded
from dashboard.telling.sentence_rows import composed_row, row
from dashboard.wording import N_, _, joined, ngettext
from operations.core.journal import Entry


def _invited(entry: Entry) -> str:
    if entry.detail.get("emergency"):
        return N_("{country}: somebody was invited for 72 hours as {role}. Reason: {reason}")
    return N_("{country}: somebody was invited as {role}.")


def _closed(entry: Entry) -> str:
    if entry.detail.get("unused"):
        return N_("{country}: an account was closed, because nobody used it for 90 days.")
    if entry.detail.get("reason"):
        return N_("{country}: an account was closed. Reason: {reason}")
    return N_("{country}: an account was closed.")


def fields() -> dict[str, str]:
    """Return the labels of an account's fields."""
    return {
        "role": _("Role"),
        "country": _("Country"),
        "unit": _("Unit"),
        "clearance": _("Clearance"),
        "expires_at": _("End of the mandate"),
    }


def _changed_fields(entry: Entry, _names: Names) -> str:
    return joined(fields().get(name, name) for name in entry.detail.get("changed", ()))


def _changed(entry: Entry) -> str:
    if entry.detail.get("after"):
        return N_("{country}: {before} became {after}. Reason: {reason}")
    if entry.detail.get("reason"):
        return N_("{country}: an account was changed: {fields}. Reason: {reason}")
    return N_("{country}: an account was changed: {fields}.")


def _signed_out(entry: Entry, names: Names) -> str:
    return ngettext(
        "{country}: a person was signed out of {n} session.",
        "{country}: a person was signed out of {n} sessions.",
        entry.detail.get("sessions", 0),
        country=names.country(entry.country),
    )


def _ended(entry: Entry) -> str:
    if entry.detail.get("closed"):
        return N_("{country}: all accounts were closed, {people} in all. Reason: {reason}")
    return N_("{country}: everybody was signed out, {people} in all. Reason: {reason}")


ACCOUNTS = {
    "account.manage": row("user-plus", N_("{country}: an account was opened.")),
    "account.invite": row("user-plus", _invited, role=coded("CL-ROLE", "role"), reason=REASON),
    "account.link": row("link", N_("{country}: a person was given a new link.")),
    "account.accept": row("key", N_("{country}: a person set the password by a link.")),
    "account.confirm": row("user-check", N_("{country}: an account was confirmed by a second person.")),
    "account.change": row(
        "edit", _changed, fields=_changed_fields, before=coded("CL-ROLE", "before"), after=coded("CL-ROLE", "after"),
        reason=REASON,
    ),
    "account.disable": row("user-off", _closed, reason=REASON),
    "account.reopen": row("lock-open", N_("{country}: a closed account was opened again.")),
    "account.factor_reset": row("device-mobile", N_("{country}: the second factor of a person was removed.")),
    "account.identity_bound": row("id-badge", N_("{country}: a person may sign in at the identity provider too.")),
    "account.identity_unbound": row("user-minus", N_("{country}: a person signs in at the identity provider no more.")),
    "account.end_sessions": composed_row("logout", _signed_out),
    "account.end_country": row("logout", _ended, reason=REASON),
    "account.expire": row("hourglass", N_("A mandate ended; the account can no longer be used.")),
}  # fmt: skip
