"""A recount with pandas of the figures of incidents, teams and fugitives, from raw rows of cases, needs and teams."""

from datetime import datetime, timedelta

import pandas as pd

from tests.operations.rate_recount import A_DAY, RawTables, per_cent
from tests.operations.recount import median_wait

ON_LIST = ("arrested", "located", "outstanding")
ENDED = ("final", "closed")


def incidents(raw: RawTables) -> int:
    """Return the serious incidents that are concluded and counted (K22)."""
    found = raw["serious_incident"]
    return int((found["state"].isin(ENDED) & found["counted"].astype(bool)).sum())


def teams(raw: RawTables, at: datetime) -> dict[str, float | None]:
    """Return the shares of teams that were asked for and came: within a day (K32), and at all (K49)."""
    requests = raw["support_request"]
    asked = dict(zip(requests["id"], zip(requests["asked_at"], requests["made_at"], strict=True), strict=True))
    needs, sent = raw["support_need"], raw["deployment"]
    due = early = wanted = came = 0
    for need, request, many in zip(needs["id"], needs["request_id"], needs["teams"], strict=True):
        told, since = asked[request]
        if pd.isna(told):
            continue
        there = [moment for moment in sent["on_site_at"][sent["need_id"] == need] if not pd.isna(moment)]
        quick = sum(moment - since <= A_DAY for moment in there)
        due += max(many, len(there)) if at - since >= A_DAY else quick
        early += quick
        wanted += many
        came += min(many, len(there))
    return {"K32": per_cent(early, due), "K49": per_cent(came, wanted)}


def fugitives(raw: RawTables, at: datetime, country: str | None = None) -> dict[str, float | None]:
    """Return the figures of a sweep (K40 to K47), of all cases or of those that one country asks for."""
    cases = raw["fugitive_case"]
    cases = cases[(cases["requesting_country"] == country) | (country is None)]
    wanted = cases[cases["counts_as"].isin(ON_LIST)]
    many, arrested = len(wanted), wanted[wanted["counts_as"] == "arrested"]
    found: dict[str, float | None] = {
        "K40": many if len(cases[cases["counts_as"] != ""]) else None,
        "K41": per_cent(wanted["reviewed_at"].notna().sum(), many),
        "K42": per_cent(wanted["news_at"].notna().sum(), many),
        "K43 b": per_cent((wanted["counts_as"] == "located").sum(), many),
        "K44": per_cent(len(arrested), many),
        "K46": per_cent(arrested["surrendered_at"].notna().sum(), len(arrested)),
        "K47": tips(raw, country),
    }
    for code, name in (("K45", "located_at"), ("K45 b", "arrested_at")):
        over = wanted[name].notna()
        until = wanted[name].where(over, at)
        spans = [end - begun for end, begun in zip(until, wanted["accepted_at"], strict=True)]
        hours = median_wait([timedelta(seconds=each.total_seconds()) for each in spans], over.tolist())
        found[code] = None if hours is None else hours / 24
    return found


def tips(raw: RawTables, country: str | None) -> float | None:
    """Return the tips about cases on lists that were published (K47); None where no list was."""
    lists, items, received = raw["appeal_list"], raw.of_all["appeal_item"], raw.of_all["appeal_tips"]
    told = items[items["list_id"].isin(lists["id"][lists["published_at"].notna()]) & (items["dropped"] == "")]
    told = told[(told["requesting_country"] == country) | (country is None)]
    return float(received["received"][received["case_id"].isin(told["case_id"])].sum()) if len(told) else None
