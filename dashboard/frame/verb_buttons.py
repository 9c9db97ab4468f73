"""Buttons that only call a verb: its arguments follow from the declaration of the button."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from dash import State

from dashboard.frame.button_press import Done, Press
from dashboard.frame.interactions import does
from dashboard.parts.draft_form import DraftForm
from dashboard.server.access import known_id
from dashboard.wording import _
from operations.core.permissions import Act

M = TypeVar("M")


def calls(
    button: str | Mapping[str, Any] | DraftForm,
    verb: Callable[..., M],
    said: str | Callable[[M], str | Done],
    *,
    act: Act,
    form: DraftForm | None = None,
    given: Mapping[str, State] | None = None,
    operation: str | None = None,
    beside: Mapping[str, Any] | None = None,
    **how: Any,
) -> Callable[..., dict[str, Any] | None]:
    """Let a button call `verb(session, [of], [draft], by)`, and show the sentence `said` (a message id) afterwards.

    `of`: the `of` of the button's pattern id, else the `given` states of the page, else the page's `operation`. The
    draft is that of the button's form, or the text `beside` the button. `said` may be a function of the verb's result.
    `how`: further options of `does`.
    """
    asks = button if isinstance(button, DraftForm) else form
    named = isinstance(button, Mapping) and "of" in button

    def call(press: Press, **shown: str) -> Done:
        about = [press.of] if named else [known_id(each) for each in shown.values()]
        if operation and not about:
            about = [press.operation_id]
        typed = [press.draft(asks.model)] if asks else [press.words] if beside else []
        made = verb(press.session, *about, *typed, press.by)
        told = said(made) if callable(said) else _(said)
        return told if isinstance(told, Done) else Done(told)

    call.__doc__ = verb.__doc__
    return does(button, act=act, form=form, given=given, operation=operation, beside=beside, **how)(call)
