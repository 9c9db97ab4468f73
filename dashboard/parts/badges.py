"""Badges: a level, a state, a classification. Each is a word in a shape; colour only helps."""

from dash import html
from dash.development.base_component import Component

from dashboard.wording import coded
from operations.core.vocabulary import Classification, Level

TONES = ("neutral", "good", "warn", "bad", "accent", "muted")


def level_badge(level: Level | str) -> Component:
    """How far something is verified: V1 dashed, V2 thin, V3 and up solid; the meaning is its title."""
    code = level.name if isinstance(level, Level) else str(level).upper()
    meaning = coded("CL-LEVEL", code)
    return html.Span(
        [html.Span(code, **{"aria-hidden": "true"}), html.Span(meaning, className="m-visually-hidden")],
        className=f"m-level m-level-{code.lower()}",
        title=meaning,
    )


def state_badge(text: str, tone: str = "neutral") -> Component:
    """A state in a word, with a mark in its tone: neutral, good, warn, bad, accent or muted (hollow)."""
    return html.Span(text, className=f"m-state m-state-{tone if tone in TONES else 'neutral'}")


def classification_badge(classification: Classification | str) -> Component:
    """The marking of an operation or document."""
    found = Classification(classification)
    words = coded("CL-CLASS", found.value)
    return html.Span(words, className=f"m-class m-class-{found.value.replace('_', '-')}")
