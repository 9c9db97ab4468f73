"""Money in words, by currency: amounts of different currencies are never added."""

from collections.abc import Mapping

from dashboard.wording import UNDEFINED, joined, number


def sum_words(found: Mapping[str, float], digits: int = 0) -> str:
    """Return a sum in each of its currencies; a dash where there is none."""
    return joined(cost_words(amount, code, digits) for code, amount in sorted(found.items())) or UNDEFINED


def cost_words(cost: float | None, currency: str, digits: int = 0) -> str:
    """Return an amount with its currency; a dash where it is not known."""
    return UNDEFINED if cost is None else f"{number(cost, digits)} {currency}"
