"""Strategy loop, as a guide for newcomers: assess, connect, train, operate, look again.

Each step shows the programme's progress, or what to do first; where the programme of the scenarios was played it also
links to a post worth looking at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.parts import tags
from dashboard.parts.figure_text import share_range
from dashboard.parts.icon import icon
from dashboard.parts.programme_figures import PROGRAMME, number_words, programme_attributes
from dashboard.places import EQUIPMENT, NEEDS, POSTS, TRAINED
from dashboard.wording import N_, _, coded, ngettext, number
from operations.catalogue.intervals import share_interval
from operations.core.clock import now
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.posts import register
from operations.posts.figures import Value
from operations.programme.five_years import Pillar, Years
from scenarios import tour_posts

Interval = tuple[float, float] | None


@dataclass(frozen=True)
class LoopStep:
    """A step: its name, its icon, its link, its purpose, and what to do first where nothing is there."""

    name: str
    icon: str
    href: str
    act: Act
    why: str
    first: str


STEPS = (
    LoopStep(
        N_("Assess"),
        NEEDS.icon,
        NEEDS.href(),
        NEEDS.act,
        N_("What a post lacks, with evidence, and how much it asks today."),
        N_("Register border posts first, then request the assessment of one."),
    ),
    LoopStep(
        N_("Connect"),
        "plug-connected",
        EQUIPMENT.href(),
        EQUIPMENT.act,
        N_("Equipment and links, until the first query and after it."),
        N_("Nothing is planned yet: plan equipment or a link for a post."),
    ),
    LoopStep(
        N_("Train"),
        "school",
        TRAINED.href(),
        TRAINED.act,
        N_("Who is certified, where they work, and where nobody is left."),
        N_("Nobody is certified yet: design a course and hold a run of it."),
    ),
    LoopStep(
        N_("Operate"),
        "flag",
        "/",
        Act.OPERATION_READ,
        N_("An operation at these posts, with their officers and their equipment."),
        N_("No operation yet: plan one, and join its sites to the posts."),
    ),
    LoopStep(
        N_("Look again"),
        "search",
        POSTS.href(),
        POSTS.act,
        N_("Whether practice changed: queries before and after, and the same areas scored again."),
        N_("Count the queries of each month: without them nobody can say whether anything changed."),
    ),
)
_SEEN: tuple[tuple[str, str, str], ...] = (  # (step, example post, label)
    (N_("Assess"), "assessed again", N_("{post}: assessed twice, and what came between")),
    (N_("Connect"), "connected", N_("{post}: a workstation, a link, and the queries after them")),
    (N_("Connect"), "the link is down", N_("{post}: delivered, and the link does not work")),
    (N_("Train"), "trained and moved", N_("{post}: who was trained works elsewhere now")),
    (N_("Operate"), "grew and stayed", N_("{post}: an operation in the middle of five years")),
    (N_("Look again"), "grew and stayed", N_("{post}: before and after can be told")),
    (N_("Look again"), "trained and moved", N_("{post}: nobody can tell")),
)
_TO_QUERIES = ("Look again", "Connect")


def drawn(session: Session, by: Actor, found: Years, facts: Mapping[str, Value], of: str = PROGRAMME) -> Component:
    """Return the five steps, as far as the reader may take part in them.

    `facts`: the figures of three, by step; `of`: the area that they are of.
    """
    told = _told(found, facts, of)
    shown = _worth_seeing(session)
    steps = [_step(each, told.get(each.name), shown.get(each.name, [])) for each in STEPS if may(by, each.act)]
    loop = html.Ol(steps, className="loop", **{"aria-label": _("The loop of the strategy")})
    invented = _("Posts of a scenario: the places are real, and every figure of theirs is invented.")
    return html.Div([loop, *([html.P(invented, className="m-dim m-small loop-note")] if shown else [])])


class StepFact(NamedTuple):
    """The number of a step, the sentence that says what it counts, and the attributes that it is told with."""

    number: str
    unit: str
    words: str
    source: Mapping[str, str]
    range: tuple[str, ...] = ()


def _step(step: LoopStep, fact: StepFact | None, seen: Sequence[Component]) -> Component:
    big = [
        html.P(
            [html.Strong(fact.number, className="loop-number m-num", **fact.source), html.Span(fact.unit)]
            + [html.Span(each, className="m-dim m-small m-num") for each in fact.range],
            className="m-row",
        )
        for fact in (fact,)
        if fact
    ]
    return tags.Li(
        dcc.Link([icon(step.icon, 20), html.Strong(_(step.name))], href=step.href, className="loop-name"),
        *big,
        html.P(fact.words if fact else _(step.first), className="loop-said"),
        html.P(_(step.why), className="m-dim m-small"),
        *(
            [tags.Details(html.Summary(_("Worth seeing")), html.Ul(list(seen)), className="loop-seen m-small")]
            if seen
            else []
        ),
    )


def _told(found: Years, facts: Mapping[str, Value], of: str) -> Mapping[str, StepFact]:
    """Return what is known of each step; steps without anything are left out."""
    certified = int(facts["Train"].number or 0)
    people = ngettext("{n} officer is certified today.", "{n} officers are certified today.", certified)
    told = {
        "Assess": _planned(
            found, Pillar.NEEDS, of, N_("{part} of {whole} assessments planned for these years are validated.")
        ),
        "Connect": _share(facts["Connect"], of, N_("{part} of {whole} posts made a query in the last 30 days.")),
        "Train": certified and StepFact(number(certified), "", people, _source(facts["Train"], of)),
        "Operate": _planned(
            found,
            Pillar.OPERATIONS,
            of,
            N_("Countries took part to the end {part} times of {whole} that were planned in these years."),
        ),
        "Look again": _share(
            facts["Look again"],
            of,
            N_("{part} of {whole} posts ask more than at first, as far as chance can be told from change."),
        ),
    }
    return {step: fact for step, fact in told.items() if fact}


def _planned(found: Years, pillar: Pillar, of: str, words: str) -> StepFact | None:
    cell = found.cell(pillar)
    if not cell.planned:
        return None
    source = programme_attributes(f"pillar.{pillar}.share", "%", now(), of)
    return _counted(cell.done, cell.planned, words, source, share_interval(cell.done, cell.planned))


def _share(value: Value, of: str, words: str) -> StepFact | None:
    return _counted(value.part or 0, value.whole, words, _source(value, of), value.interval) if value.whole else None


def _counted(part: int, whole: int, words: str, source: Mapping[str, str], interval: Interval) -> StepFact:
    said = _(words, part=number(part), whole=number(whole))
    return StepFact(number_words(100 * part / whole), "%", said, source, share_range(interval))


def _source(value: Value, of: str) -> Mapping[str, str]:
    unit = "%" if value.figure.unit == "%" else _(value.figure.unit)
    return programme_attributes(value.figure.code, unit, now(), of, value.figure.level)


def _worth_seeing(session: Session) -> Mapping[str, list[Component]]:
    """Return links to examples, by step: only where the programme of the scenarios was played."""
    posts = {each.id: each for each in register.posts(session)}
    known = tour_posts({each.id: each.made_at.date() for each in posts.values()})
    found: dict[str, list[Component]] = {}
    for step, what, words in _SEEN:
        if what not in known:
            continue
        post = posts[known[what]]
        name = f"\u2068{post.name}\u2069 ({coded('CL-COUNTRY', post.country)})"
        link = dcc.Link(_(words, post=name), href=_address(step, post.id), className="m-link")
        found.setdefault(step, []).append(html.Li(link))
    return found


def _address(step: str, post: UUID | Any) -> str:
    return f"/posts/usage?show={post}" if step in _TO_QUERIES else f"/posts?show={post}"
