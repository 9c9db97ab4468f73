"""Badges: a level, a state, a classification. Each is a word in a shape; colour only helps."""

from dash import html
from dash.development.base_component import Component

from dashboard.parts.abbreviation import abbreviation
from dashboard.wording import coded
from operations.core.vocabulary import Classification, Level

TONES = ("neutral", "good", "warn", "bad", "accent", "muted")


def level_badge(level: Level | str, *, explained: bool = False) -> Component:
    """Return a verification level: V1 dashed, V2 thin, V3 and above solid; its meaning is the title.

    `explained`: it shows its words and leads to the glossary, where it stands in no button and no link.
    """
    code = level.name if isinstance(level, Level) else str(level).upper()
    meaning = coded("CL-LEVEL", code)
    badge = html.Span(
        [html.Span(code, **{"aria-hidden": "true"}), html.Span(meaning, className="m-visually-hidden")],
        className=f"m-level m-level-{code.lower()}",
        **({} if explained else {"title": meaning}),
    )
    return abbreviation(badge, code, meaning) if explained else badge


def state_badge(text: str, tone: str = "neutral") -> Component:
    """Return a state in words, with a mark in a tone: neutral, good, warn, bad, accent or muted (hollow)."""
    return html.Span(text, className=f"m-state m-state-{tone if tone in TONES else 'neutral'}")


def classification_badge(classification: Classification | str) -> Component:
    """Return the classification marking of an operation or document."""
    known = Classification(classification)
    words = coded("CL-CLASS", known.value)
    return html.Span(words, className=f"m-class m-class-{known.value.replace('_', '-')}")
