"""Partner organisations that an operation can admit, with the kind and region of each.

Their names are in the code list CL-PARTNER, in four languages. An operation's coordinator proposes one, with a list of
the content it may see (`partner_rows`).
"""

from typing import NamedTuple


class Organisation(NamedTuple):
    """The kind of an organisation (CL-PARTNERKIND), and its region (CL-REGION)."""

    kind: str
    region: str


ORGANISATIONS = {
    "europol": Organisation("union_agency", "europe"),
    "frontex": Organisation("union_agency", "europe"),
    "eurojust": Organisation("union_agency", "europe"),
    "euaa": Organisation("union_agency", "europe"),
    "iom": Organisation("united_nations", "worldwide"),
    "unhcr": Organisation("united_nations", "worldwide"),
    "unodc": Organisation("united_nations", "worldwide"),
    "wco": Organisation("intergovernmental", "worldwide"),
    "african_union": Organisation("intergovernmental", "africa"),
    "afripol": Organisation("regional_police", "africa"),
    "aimc": Organisation("intergovernmental", "middle_east_north_africa"),
    "eapcco": Organisation("chiefs", "africa"),
    "sarpcco": Organisation("chiefs", "africa"),
    "wapcco": Organisation("chiefs", "africa"),
    "capcco": Organisation("chiefs", "africa"),
    "ameripol": Organisation("regional_police", "americas"),
    "caricom_impacs": Organisation("intergovernmental", "americas"),
    "aseanapol": Organisation("chiefs", "asia_pacific"),
    "gccpol": Organisation("regional_police", "middle_east_north_africa"),
    "selec": Organisation("regional_police", "europe"),
}
