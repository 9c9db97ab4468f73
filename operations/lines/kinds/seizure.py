"""Lines of goods and money seized, recovered or frozen."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import override

from operations.core.code_lists import in_use
from operations.core.drafts import FIELD, rule
from operations.core.errors import Flaw
from operations.core.field_labels import N_, Label
from operations.core.vocabulary import InList, LineKind
from operations.lines.line import Agency, BreakdownField, QuantityLine

MONEY = "money"
PIECES = frozenset({"vehicle", "vessel", "aircraft", "firearm", "electronics", "real_estate", "bank_account"})
"""The kinds of goods counted one by one, unless their value in money is reported."""
STREET = frozenset({"cocaine", "heroin", "cannabis", "amphetamines", "other_drugs"})
_GRAMS = {"g": 1, "kg": 1_000, "tonne": 1_000_000}
_WHICH = N_("An amount of money needs its currency.")
_CURRENCY = rule("currency_needed", _WHICH)
_NO_MONEY = rule("currency_useless", "Only an amount of money has a currency.")
_ONE_BY_ONE = rule("counted_in_pieces", "These are counted in pieces, or by their value in money.")
_STREET = rule("street_value", "Street values of drugs are estimates and never summed: give their mass or number.")


class Seizure(QuantityLine):
    """Goods or money, each amount with its unit: masses add up in grams, every currency stands alone."""

    TITLE: ClassVar[str] = N_("Seizures and recoveries")
    ADD: ClassVar[str] = N_("Add a seizure")
    UNIT: ClassVar[str] = "piece"
    COUNTS: ClassVar[str] = "amount"
    ADDS: ClassVar[bool] = False
    kind: Literal[LineKind.SEIZURE] = LineKind.SEIZURE
    commodity: Annotated[str, InList("CL-COMMODITY"), Label(N_("What")), BreakdownField("entity")]
    action: Annotated[
        str, InList("CL-SEIZED"), Label(N_("What was done"), start="unknown"), BreakdownField("status")
    ] = "seized"
    amount: Annotated[int, Field(strict=True, ge=1, le=10**12), Label(N_("Amount"))]
    measure: Annotated[str, InList("CL-MEASURE"), Label(N_("Unit"))]
    currency: Annotated[
        Annotated[str, InList("CL-CURRENCY")] | None,
        Label(N_("Currency"), when=("measure", MONEY), needed=_WHICH),
    ] = None
    agency: Agency = "unknown"

    @model_validator(mode="after")
    def _unit_fits(self) -> "Seizure":
        if (self.measure == MONEY) != (self.currency is not None):
            code = _CURRENCY if self.measure == MONEY else _NO_MONEY
            raise PydanticCustomError(code, "currency", {FIELD: "currency"})
        if self.commodity in PIECES and self.measure not in ("piece", MONEY):
            raise PydanticCustomError(_ONE_BY_ONE, "pieces", {FIELD: "measure"})
        if self.commodity in STREET and self.measure == MONEY:
            raise PydanticCustomError(_STREET, "street value", {FIELD: "measure"})
        return self

    @property
    @override
    def quantity(self) -> int:
        return self.amount * _GRAMS.get(self.measure, 1)

    @property
    @override
    def unit(self) -> str:
        return self.currency or ("g" if self.measure in _GRAMS else self.measure)

    @override
    def at_odds(self, day: date, starts: datetime, ends: datetime) -> Iterator[Flaw]:
        if self.currency is not None:
            yield from no_tender(self.currency, day)


def no_tender(currency: str, day: date) -> Iterator[Flaw]:
    """Yield the flaw of a currency that did not exist on that day."""
    if not in_use(currency, day):
        words = "{code} was legal tender nowhere on that day: choose another currency."
        yield Flaw("currency", words, {"code": currency})
