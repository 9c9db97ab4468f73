"""Database usage at a post: monthly counts, by form or by file, and the change before and after an event."""

from enum import StrEnum
from typing import Any

import plotly.graph_objects as go
from dash import Input, Output, State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, follows, follows_list
from dashboard.frame.shell import page
from dashboard.papers.query_change import before_and_after
from dashboard.parts import tags
from dashboard.parts.form import Form, button, client_id, select_field
from dashboard.parts.form_fields import drawing, pair
from dashboard.parts.graph import figure_template, graph
from dashboard.parts.grid import grid
from dashboard.parts.list_page import new_row_form
from dashboard.parts.listing import Listing
from dashboard.parts.panel import panel
from dashboard.places import USAGE
from dashboard.screens.posts import usage_posts
from dashboard.screens.posts.timeline import words
from dashboard.screens.posts.usage_book import BOOK, FORM, devices
from dashboard.server.access import actor, known_id, reading
from dashboard.wording import _, coded, joined, number, sentence
from operations.core.clock import now, official_day
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.infrastructure import equipment, usage
from operations.infrastructure.usage import COUNTED, WEEKDAYS
from operations.posts import register
from operations.programme import timeline

NAV = USAGE
WHAT = Form("usage-what")


class Ids(StrEnum):
    """Element ids of this page."""

    SHOWN = "usage-shown"
    LIST = "usage-list"
    COUNT = "usage-count-send"
    CHANGE = "usage-change"
    CHART = "usage-chart"


def layout(show: str = "", **_query: str) -> Component:
    """Return the months of a post, or the posts to choose from."""
    by = actor()
    with reading() as session:
        if not show:
            return usage_posts.view(session, by)
        post = register.post(session, known_id(show))
        listing, offered = table(session, by, show), _occasions(session, by, show)
        forms = _forms(session, by, post)
    back = dcc.Link(html.Bdi(post.name), href=f"/posts?show={post.id}", className="file-way")
    listed = grid(Ids.LIST, listing.columns, listing.rows, export=Ids.LIST, empty=_("No month is counted yet."))
    chosen = select_field(WHAT, "occasion", _("Before and after"), offered)
    return page(
        _("Use of databases"),
        dcc.Store(id=Ids.SHOWN, data=str(post.id)),
        *forms,
        tags.Div(
            panel(_("What changed"), html.Div([chosen, html.Div(id=Ids.CHANGE)], className="m-stack")),
            html.Div(listed, className="list-page"),
            className="m-stack",
        ),
        actions=[back],
        lead=_("Queries a month by database and device, and persons who passed. A month is counted once."),
        wide=True,
    )


def table(session: Session, _by: Actor, shown: str) -> Listing[Any]:
    """Return the rows of the list."""
    post = register.post(session, known_id(shown))
    devices = {each.id: each.serial for each in equipment.equipment(session, post.id)}
    made = Listing(usage.months(session, post.id))
    made.text("month", _("Month"), lambda each: f"{each.month:%Y-%m}", flex=0, width=120)
    made.text("counted", _("What was counted"), lambda each: _(COUNTED[each.counted]), minWidth=160)
    made.text(
        "database",
        _("Database"),
        lambda each: coded("CL-DB", each.database) if each.database else "",
        flex=2,
        minWidth=180,
    )
    made.text("device", _("Device"), lambda each: devices.get(each.device_id, ""), minWidth=160)
    made.field(FORM, "count")
    made.field(FORM, "source", flex=2, minWidth=160)
    for day in WEEKDAYS:
        made.number(day, _(FORM.said[day].label))
    return made


def _occasions(session: Session, _by: Actor, shown: str) -> list[dict[str, str]]:
    post = register.post(session, known_id(shown))
    found = timeline.occasions(session, post.id, official_day(now(), post.zone))
    return [{"value": each.key, "label": words(each)} for each in found]


def _replaceable(session: Session, _by: Actor, shown: str) -> list[dict[str, str]]:
    return [{"value": row["id"], "label": _named(row)} for row in table(session, _by, shown).rows]


def _named(row: dict[str, Any]) -> str:
    parts = (row["month"], row["database"] or row["counted"], row["device"], number(row["count"]))
    return joined(filter(None, parts))


def _forms(session: Session, by: Actor, post: register.Post) -> list[Component]:
    if post.closed_at is not None or not may(by, Act.USAGE_COUNT, register.subject(post)):
        return []
    draw = drawing(FORM, choices={"device_id": devices(session, by, str(post.id))})
    wrong = select_field(FORM, "replaces", _("Instead of a wrong count"), _replaceable(session, by, str(post.id)))
    send = button(_("Count the month"), Ids.COUNT, "primary", "check")
    one = new_row_form(
        _("Count a month"),
        client_id(FORM),
        pair(draw("month", "counted")),
        pair(draw("database", "device_id")),
        pair([*draw("last_on"), *draw("count")]),
        _by_weekday(draw(*WEEKDAYS)),
        *draw("source"),
        wrong,
        html.Div(send),
    )
    return [one, BOOK.panel(post.id)]


def _by_weekday(parts: list[Component]) -> Component:
    hint = _("How much of the count fell on all Mondays of the month, and so on. Empty: that is not known.")
    inside = [html.P(hint, className="m-dim m-small"), html.Div(parts, className="usage-week")]
    return html.Details([html.Summary(_("By day of the week")), *inside], className="file-form")


# --------------------------------------------------------------------------------------------- before and after


def change_of(session: Session, _by: Actor, shown: str, occasion: str | None) -> list[Component]:
    """Return the change at an event: a sentence for each month, and a chart; or why it cannot be told."""
    post = register.post(session, known_id(shown))
    known = timeline.occasions(session, post.id, official_day(now(), post.zone))
    found = next((each for each in known if each.key == occasion), None)
    if found is None:
        return []
    answer = before_and_after(timeline.queries(session, post.id), found.begins, found.ends)
    corrected = _("Corrected for traffic: queries for each person who passed.")
    plain = _("Not corrected for traffic: persons who passed are not counted in every month.")
    if answer.why is not None:
        return [html.P([html.Strong(_("Cannot tell.")), " ", sentence(answer.why)])]
    said = [html.P(_told(each)) for each in answer.changes]
    basis = html.P(corrected if answer.per_passage else plain, className="m-dim")
    return [*said, basis, graph(Ids.CHART, _figure(answer), label=_("Before and after"), height=320)]


def _told(each: Any) -> str:
    figures = {"ratio": each.ratio, "low": each.low, "high": each.high}
    told = {"month": number(each.month), **{name: number(value, 2) for name, value in figures.items()}}
    if each.told:
        return _(
            "Month {month}: {ratio} times as many queries as had it gone on as before; {low} to {high} with 95 % "
            "certainty.",
            **told,
        )
    return _(
        "Month {month}: cannot tell. {ratio} times as many queries as had it gone on as before; {low} to {high} with "
        "95 % certainty, which holds no change.",
        **told,
    )


def _figure(answer: Any) -> go.Figure:
    months = [each.month for each in answer.months]
    figure = go.Figure()
    figure.add_scatter(x=months, y=[each.queries for each in answer.months], mode="markers", name=_("Counted"))
    cut = answer.before  # the months of the event itself are in neither line
    fitted = [*answer.fitted[:cut], None, *answer.fitted[cut:]]
    figure.add_scatter(x=[*months[:cut], months[cut], *months[cut:]], y=fitted, mode="lines", name=_("Model"))
    went_on = {"x": months[cut:], "y": list(answer.expected[cut:]), "line": {"dash": "dash"}}
    figure.add_scatter(mode="lines", name=_("As before"), **went_on)
    figure.update_yaxes(title_text=_("Queries a month"), rangemode="tozero", fixedrange=True)
    figure.update_layout(template=figure_template(), margin={"l": 10, "r": 10, "t": 10, "b": 30})
    return figure


# --------------------------------------------------------------------------------------------------- callbacks

_HERE = {"shown": State(Ids.SHOWN, "data")}
refresh = follows_list(table, Ids.LIST, act=Act.USAGE_READ, **_HERE)
refresh_occasions = follows(_occasions, Output(WHAT.id("occasion"), "data"), act=Act.USAGE_READ, **_HERE)
refresh_devices = follows(devices, Output(FORM.id("device_id"), "data"), act=Act.USAGE_COUNT, **_HERE)
refresh_wrong = follows(_replaceable, Output(FORM.id("replaces"), "data"), act=Act.USAGE_COUNT, **_HERE)


show_change = follows(change_of, Ids.CHANGE, act=Act.USAGE_READ, occasion=Input(WHAT.id("occasion"), "value"), **_HERE)


@does(
    Ids.COUNT,
    act=Act.USAGE_COUNT,
    form=FORM,
    typed={**FORM.inputs(), "replaces": State(FORM.id("replaces"), "value")},
    client=True,
    given=_HERE,
    clears=("count", "last_on", "replaces", *WEEKDAYS),
)
def count(press: Press, shown: str) -> Done:
    """Record the counts of a month."""
    draft = press.draft(usage.MonthDraft, replaces=press.typed.get("replaces") or None)
    usage.count(press.session, known_id(shown), draft, press.by)
    return Done(_("The month is counted."))
