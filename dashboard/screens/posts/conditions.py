"""Condition of a post: its facts, and the form in which those who keep the register write it down."""

from typing import Any

from dash import State
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press
from dashboard.frame.version_conflicts import Versioned
from dashboard.parts.draft_form import DraftForm
from dashboard.parts.form_fields import whole_form
from dashboard.parts.panel import panel
from dashboard.server.access import known_id
from dashboard.wording import _, coded, number
from operations.core.permissions import Act
from operations.posts import register
from operations.posts.register import PostCondition

FORM = DraftForm("post-condition", register.ConditionDraft)


def code_or_unknown(listed: str, code: str | None) -> str:
    """Return the label of a code; that of "unknown" for none."""
    return coded(listed, code or "unknown")


def facts(has: PostCondition) -> list[tuple[str, Any]]:
    """Return the facts of a condition."""

    def hours(code: str, count: int | None) -> str:
        return code if count is None else _("{what}, {hours} hours a day", what=code, hours=number(count))

    return [
        (_("Network"), hours(code_or_unknown("CL-CONNECTIVITY", has.connectivity), has.online_hours)),
        (_("Power"), hours(code_or_unknown("CL-POWER", has.power), has.power_hours)),
        (_("Access to I-24/7"), code_or_unknown("CL-I247", has.access)),
        (_("Without a network"), _("Checks can be made") if has.offline else _("No checks")),
        *FORM.facts(has, "passages", "officers"),
    ]


def _newest(session: Session, _press: Press | None, shown: str) -> tuple[PostCondition | None, int]:
    has = next(iter(register.conditions(session, known_id(shown))), None)
    return has, has.version if has else 0


VERSIONS = Versioned(
    FORM,
    "post-seen",
    _newest,
    act=Act.POST_KEEP,
    fields=[name for name in FORM.said if name != "note"],  # a note is of one version, and is emptied
)


def condition_form(session: Session, shown: str) -> Component:
    """Return the form, with the newest condition."""
    has, version = _newest(session, None, shown)
    fields = whole_form(
        FORM,
        _("Write it down"),
        "notebook",
        ("passages", "officers"),
        ("connectivity", "online_hours"),
        ("power", "power_hours"),
        "access",
        "offline",
        "note",
        thing=has,
    )
    return panel(_("Write down what it has now"), *VERSIONS.kept(has, version), *fields)


@VERSIONS.saves(FORM, clears=("note",), given={"shown": State("post-shown", "data")})
def describe(press: Press, shown: str, version: int) -> Done:
    """Record the post's current condition."""
    draft = press.draft(register.ConditionDraft)
    register.describe(press.session, known_id(shown), draft, version, press.by)
    return Done(_("It is written down."))
