"""Sweep board: four numbers that are never summed, a column for each state, and a table of the same cases."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.parts import tags
from dashboard.parts.badges import state_badge
from dashboard.parts.board_page import column
from dashboard.parts.figure_text import share_range
from dashboard.parts.grid import number_column, text_column
from dashboard.parts.icon import icon
from dashboard.parts.panel import empty_state, facts, panel
from dashboard.parts.table import table, table_row
from dashboard.wording import UNDEFINED, _, clock, coded, date, joined, language, ngettext, number, percent
from operations.catalogue.fugitive_kpis import CATALOGUE, FugitiveKpi, share
from operations.catalogue.intervals import share_interval
from operations.core import vocabulary
from operations.core.vocabulary import FugitiveState
from operations.policing.fugitives.sweep import CaseRow, SweepNumbers

CARDS = 12
"""The number of cards in a column; all cases are in the table."""

OLD = 14
"""Days in one state after which a case is marked as waiting."""

ROAD = tuple(FugitiveState)[:8]
ENDS = tuple(FugitiveState)[8:]
_WAITING = frozenset(each.value for each in ROAD[:5])


def case_no(row: Any) -> str:
    """Return the number of a case, such as "BR-007"."""
    return f"{row.requesting_country}-{row.number:03d}"


def days_in(row: CaseRow, at: datetime) -> int:
    """Return how many whole days a case has been in its state."""
    return max(0, (at - row.since).days)


# -------------------------------------------------------------------------------------------------- the numbers


def numbers_strip(found: SweepNumbers, at: datetime, zone: str) -> list[Component]:
    """Return targets, arrested, located and outstanding as of `at`, each with its own bar.

    The shares of arrested and of located are never summed.
    """
    arrested, located = share(found.arrested, found.targets), share(found.located, found.targets)
    outstanding = share(found.outstanding, found.targets)
    tiles = [
        _tile(_("Targets"), found.targets, _("accepted cases"), "targets"),
        _tile(_("Arrested"), found.arrested, _of(arrested), "arrested", arrested),
        _tile(_("Positively located"), found.located, _of(located), "located", located),
        _tile(_("Outstanding"), found.outstanding, _of(outstanding), "outstanding", outstanding),
        _tile(_("Surrendered or extradited"), found.surrendered, _("of those arrested"), "surrendered"),
    ]
    moment = _("as of {moment} · by the state that each case has", moment=clock(at, zone))
    return [
        html.Div(tiles, className="fugitives-numbers"),
        _in_words(arrested, located),
        *_left(found),
        html.P(moment, className="m-dim m-small m-num"),
    ]


def meanings() -> Component:
    """Return the meaning of each number, for readers of the sums alone."""
    said = (
        (
            _("Targets"),
            _("Cases of the countries that the coordination took into the sweep. What left it counts in no number."),
        ),
        (
            _("Arrested"),
            _("Arrested somewhere, and the country that asks for the person says that it is the right one."),
        ),
        (
            _("Positively located"),
            _("Another country says where the person is, and the country that asks agrees. Nobody is arrested yet."),
        ),
        (_("Outstanding"), _("Neither arrested nor positively located so far.")),
        (_("Surrendered or extradited"), _("Handed over after the arrest to the country that asked.")),
    )
    closed = _("Cases are read by the countries that they concern and by the coordination. Here are their sums.")
    return panel(
        _("What the numbers mean"),
        facts(said, "m-facts fugitives-meanings"),
        html.P(closed, className="m-dim m-small"),
        class_name="fugitives-meant",
    )


def _tile(name: str, value: int, note: str, key: str, part: float | None = None) -> Component:
    bar = [] if part is None else [html.Span(className=f"is-{key}", style={"inlineSize": f"{part:.2f}%"})]
    return tags.Div(
        html.Span(name),
        html.Strong(number(value), className="m-num"),
        html.Span(note, className="m-dim m-small"),
        html.Span(bar, className="fugitives-share", **{"aria-hidden": "true"}),
        className="fugitives-number",
        **{"data-number": key},
    )


def _of(value: float | None) -> str:
    return UNDEFINED if value is None else _("{share} of the targets", share=percent(value / 100))


def _in_words(arrested: float | None, located: float | None) -> Component:
    """Return the two shares side by side without their sum, or why there are none."""
    if arrested is None or located is None:
        words = _("No target was accepted yet.")
    else:
        words = _(
            "{arrested} arrested + {located} positively located",
            arrested=percent(arrested / 100),
            located=percent(located / 100),
        )
    return html.P(words, className="fugitives-said")


def _left(found: SweepNumbers) -> list[Component]:
    """Return the note on the cases that left the sweep, with reasons; they count in no number."""
    notes = [f"{coded('CL-FUGITIVE', state)}: {number(count)}" for state, count in sorted(found.left.items())]
    if not notes:
        return []
    words = _("Left the sweep and count in no number: {notes}.", notes=joined(notes))
    return [html.P([icon("info-circle", size=16), html.Span(words)], className="fugitives-note")]


def figures_table(
    figures: Mapping[FugitiveKpi, tuple[float | None, ...]], parts: Mapping[FugitiveKpi, tuple[tuple[int, int], ...]]
) -> Component:
    """Return K40 to K47 with formulas and caveats; a share with its numbers, and its interval where it is of few."""
    rows = []
    for kpi, values in sorted(figures.items()):
        about = CATALOGUE[kpi]
        rows.append(
            table_row(
                [html.Span(kpi.value, className="m-dim m-num"), " ", _(about.name)],
                html.Td([_values(kpi, values), *_of_few(parts.get(kpi, ()))], className="m-num"),
                [_(about.formula), html.Br(), html.Span(_(about.caution), className="m-dim m-small")],
            )
        )
    return table([_("Figure"), _("Value"), _("How it is worked out")], rows, "fugitives-figures")


def _of_few(parts: Sequence[tuple[int, int]]) -> list[Component]:
    """Return part, whole and interval of each share."""
    said = [
        " · ".join((_("{part} of {whole}", part=number(n), whole=number(of)), *share_range(share_interval(n, of))))
        for n, of in parts
        if of
    ]
    return [html.Div(words, className="m-dim m-small") for words in said]


def _values(kpi: FugitiveKpi, values: tuple[float | None, ...]) -> str:
    """Return the parts of a figure side by side, isolated so that their order holds in right-to-left text."""
    between = {FugitiveKpi.APPEAL_YIELD: " → ", FugitiveKpi.TIME_TO_FIND: " · "}.get(kpi, " + ")
    said = between.join(f"\u2068{_value(kpi, each)}\u2069" for each in values)
    return f"\u2066{said}\u2069" if len(values) > 1 else _value(kpi, values[0])


def _value(kpi: FugitiveKpi, value: float | None) -> str:
    if kpi in (FugitiveKpi.TARGETS, FugitiveKpi.APPEAL_YIELD) or value is None:
        return number(value)
    if kpi is FugitiveKpi.TIME_TO_FIND:
        return _("{days} days", days=number(value, 1))
    return percent(value / 100)


# ---------------------------------------------------------------------------------------------------- the board


def board(rows: Sequence[CaseRow], at: datetime, chosen: str | None, *, over: bool) -> list[Component]:
    """Return a column for each state of the path, and one for the final states. Cards open their case.

    `over`: the sweep has ended, and no case is marked as waiting.
    """
    waiting: frozenset[str] = frozenset() if over else _WAITING
    if not rows:
        return [
            empty_state(
                _("No case yet"),
                _("National coordinators nominate cases: one by one, or many from a table."),
                "user-search",
            )
        ]
    by_state: dict[str, list[CaseRow]] = {}
    for row in rows:
        by_state.setdefault(row.state, []).append(row)
    columns = [
        _column(coded("CL-FUGITIVE", state.value), by_state.get(state.value, []), at, chosen, waiting) for state in ROAD
    ]
    ended = [row for state in ENDS for row in by_state.get(state.value, [])]
    return [*columns, _column(_("Other ends"), ended, at, chosen, waiting, ends=True)]


def _column(
    name: str, rows: Sequence[CaseRow], at: datetime, chosen: str | None, waiting: frozenset[str], *, ends: bool = False
) -> Component:
    ordered = sorted(rows, key=lambda row: ({"high": 0, "normal": 1}.get(row.priority, 2), row.since))
    cards = [_card(row, at, chosen, waiting, ends=ends) for row in ordered[:CARDS]]
    more = len(rows) - len(cards)
    words = ngettext("{n} more in the table", "{n} more in the table", more)
    rest = [html.P(words, className="m-dim m-small")] if more else []
    return column(name, len(rows), *cards, *rest)


def _card(row: CaseRow, at: datetime, chosen: str | None, waiting: frozenset[str], *, ends: bool) -> Component:
    days = days_in(row, at)
    waits = row.state in waiting and days >= OLD
    offence = coded("CL-OFFENCE", row.offence)
    high = coded("CL-CASEPRIORITY", "high")
    marks = [
        *([state_badge(high, "warn")] if row.priority == "high" else []),
        *([state_badge(_("Public appeal"), "accent")] if row.appeal_agreed_at else []),
        *([state_badge(coded("CL-FUGITIVE", row.state), "muted")] if ends else []),
    ]
    return tags.Button(
        tags.Span(
            html.Strong(case_no(row), className="m-num"),
            html.Span(_age(days), className="m-small" + (" fugitives-old" if waits else " m-dim")),
        ),
        html.Span(offence, className="m-small"),
        *([html.Span(marks, className="m-row")] if marks else []),
        id={"type": "fugitives-card", "case": str(row.id)},
        className="fugitives-card",
        n_clicks=0,
        **{"aria-pressed": "true" if str(row.id) == chosen else "false"},
    )


def _age(days: int) -> str:
    return ngettext("{n} day", "{n} days", days)


# ---------------------------------------------------------------------------------------------------- the table


def columns() -> list[dict[str, Any]]:
    """Return the columns of the table."""
    return [
        text_column("case", _("Case"), width=110, flex=0),
        text_column("state", _("State"), minWidth=150),
        number_column("days", _("Days in it"), width=105),
        text_column("country", _("Requested by"), minWidth=130),
        text_column("notice", _("Notice"), width=140, flex=0),
        text_column("offence", _("Offence"), minWidth=150),
        text_column("wanted", _("Wanted for"), minWidth=120),
        text_column("priority", _("Priority"), width=100, flex=0),
        text_column("checked", _("Notice checked"), width=140, flex=0),
        text_column("status", _("Notice status"), width=120, flex=0),
    ]


def table_rows(rows: Sequence[CaseRow], at: datetime) -> list[dict[str, Any]]:
    """Return the rows of the table."""
    spoken = language()
    words = {
        name: {code: vocabulary.label(name, code, spoken) for code in vocabulary.codes(name)}
        for name in ("CL-FUGITIVE", "CL-COUNTRY", "CL-OFFENCE", "CL-WANTED", "CL-CASEPRIORITY", "CL-NOTICESTATUS")
    }
    days = {row.checked_on: date(row.checked_on) for row in rows}
    return [
        {
            "id": str(row.id),
            "case": case_no(row),
            "state": words["CL-FUGITIVE"][row.state],
            "days": days_in(row, at),
            "country": words["CL-COUNTRY"][row.requesting_country],
            "notice": UNDEFINED if row.erased_at else row.notice_ref,
            "offence": words["CL-OFFENCE"][row.offence],
            "wanted": words["CL-WANTED"][row.wanted_for],
            "priority": words["CL-CASEPRIORITY"][row.priority],
            "checked": days[row.checked_on],
            "status": words["CL-NOTICESTATUS"].get(row.notice_status, UNDEFINED),
        }
        for row in rows
    ]
