"""Area of the programme: a region or a country, by which the pages of the strategy are narrowed.

The regions are those of CL-REGION, with the countries of the United Nations' M49; Northern Africa, the Arab states of
Western Asia and Iran are the Middle East and North Africa.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

T = TypeVar("T")
_CODES = {
    "africa": """
        AGO BDI BEN BFA BWA CAF CIV CMR COD COG COM CPV DJI ERI ETH GAB GHA GIN GMB GNB GNQ IOT KEN LBR LSO MDG
        MLI MOZ MRT MUS MWI NAM NER NGA RWA SDN SEN SHN SLE SOM SSD STP SWZ SYC TCD TGO TZA UGA ZAF ZMB ZWE""",
    "americas": """
        ABW AIA ARG ATG BHS BLM BLZ BMU BOL BRA BRB CAN CHL COL CRI CUB CUW CYM DMA DOM ECU FLK GRD GRL GTM GUY
        HND HTI JAM KNA LCA MAF MEX MSR NIC PAN PER PRI PRY SGS SLV SPM SUR SXM TCA TTO URY USA VCT VEN VGB VIR""",
    "asia_pacific": """
        AFG ASM ATF AUS BGD BRN BTN CHN COK FJI FSM GUM HKG HMD IDN IND JPN KAZ KGZ KHM KIR KOR LAO LKA MAC MDV
        MHL MMR MNG MNP MYS NCL NFK NIU NPL NRU NZL PAK PCN PHL PLW PNG PRK PYF SGP SLB THA TJK TKM TLS TON TUV
        TWN UMI UZB VNM VUT WLF WSM""",
    "europe": """
        ALA ALB AND ARM AUT AZE BEL BGR BIH BLR CHE CYP CZE DEU DNK ESP EST FIN FRA FRO GBR GEO GGY GIB GRC HRV
        HUN IMN IRL ISL ISR ITA JEY LIE LTU LUX LVA MCO MDA MKD MLT MNE NLD NOR POL PRT ROU RUS SMR SRB SVK SVN
        SWE TUR UKR VAT XKX""",
    "middle_east_north_africa": """
        ARE BHR DZA EGY ESH IRN IRQ JOR KWT LBN LBY MAR OMN PSE QAT SAU SYR TUN YEM""",
}
REGIONS = {region: frozenset(codes.split()) for region, codes in _CODES.items()}


@dataclass(frozen=True)
class Area:
    """A region, a country, or both; without either, everywhere. `year`: only things whose `day` lies in it."""

    region: str = ""
    country: str = ""
    year: str = ""
    day: str = ""

    def __bool__(self) -> bool:
        """Return whether a country is left out."""
        return bool(self.region or self.country)

    def has(self, country: str | None) -> bool:
        """Return whether a country lies in it; the centre, which is in no country, is everywhere alone."""
        if not self:
            return True
        inside = not self.region or country in REGIONS.get(self.region, ())
        return inside and self.country in ("", country)

    def of(self, things: Iterable[T], country: str = "country") -> list[T]:
        """Return the things whose country, by the name of its attribute, lies in it, and whose day in its year."""
        found = list(things)
        if self:
            found = [thing for thing in found if self.has(attrgetter(country)(thing))]
        if self.year:
            found = [thing for thing in found if str(getattr(attrgetter(self.day)(thing), "year", "")) == self.year]
        return found


EVERYWHERE = Area()
