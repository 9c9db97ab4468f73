"""The contrast of the theme: what is written can be read on whatever it stands on (WCAG 1.4.3), in both looks.

axe leaves texts over pictures, gradients and pseudo elements to a person: they take these colours as all others do.
"""

import pytest

from dashboard.theme import colours

GROUNDS = ("ground", "surface", "raised", "sunken")
PAIRS = {
    **dict.fromkeys(("ink", "ink-2", "ink-3", "accent", "accent-strong", "good", "warn", "bad", "note"), GROUNDS),
    "on-accent": ("accent", "accent-strong"),
    "map-label": ("map-land", "map-sea"),
}
"""Colours of texts, and what they are written on."""
SOFT = {
    "accent-soft": ("ink", "ink-2", "accent-strong"),
    **{f"{name}-soft": (name, "ink") for name in ("good", "warn", "bad", "note")},
}
"""Soft grounds, and what is written on them."""


def luminance(colour: str) -> float:
    """The relative luminance of a colour as "#rrggbb" (WCAG)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_contrast_that_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read_on_what_it_stands_on(dark: bool) -> None:
    known = colours(dark)
    pairs = [(ink, ground) for ink, grounds in PAIRS.items() for ground in grounds]
    pairs += [(ink, ground) for ground, inks in SOFT.items() for ink in inks]
    found = {pair: round(contrast(known[pair[0]], known[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}
