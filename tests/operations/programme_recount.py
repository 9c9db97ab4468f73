"""A recount with pandas of the figures of the programme, from raw rows of posts, courses, equipment and evaluations."""

from collections import Counter
from datetime import date, datetime, timedelta
from statistics import fmean, median, stdev
from typing import Any

import numpy as np
import pandas as pd

from tests.operations.rate_recount import RawTables, those

VALIDATED = ("validated", "plan_proposed", "plan_agreed", "measures_done", "reassessed")
HANDED_OVER = ("handed_over", "installed", "commissioned", "in_use", "dormant", "out_of_service")
ASKS_NOTHING = ("power_supply", "camera", "forensic_device")
CERTIFIED = ("certified", "active", "inactive", "renewed")
AWAY = ("requested", "approved", "mobilising", "on_site", "offline")
HAS_IT = ("delivered", "received", "used", "not_used")
CONSULTED = ("case.consult", "claim.compare", "figure.consult", "incident.consult", "data.look")
MONTH, YEAR = timedelta(days=30), timedelta(days=365)
STUDENT = 2.201
"""Of 95 % with 11 degrees of freedom, as tables have it."""


def per_cent(part: float, whole: float) -> float | None:
    """Return a part in per cent of its whole; None of nothing."""
    return 100 * part / whole if whole else None


def needs(raw: RawTables) -> dict[str, float | None]:
    """Return the assessments that countries validated (K50), the readiness (K51) and the feasibility (K52) of posts."""
    found, scores = raw["assessment"], raw["assessment_score"]
    planned = found[~found["state"].isin(["refused", "not_accessible"])]
    validated = found[found["state"].isin(VALIDATED)].sort_values("validated_at")
    newest = validated.groupby("post_id").tail(1)
    ready = []
    for key in newest["id"]:
        told = scores[scores["assessment_id"] == key].sort_values("version").groupby("area").tail(1)
        known = told["score"][told["score"].notna()]
        ready += [25 * fmean(map(float, known))] if len(known) else []
    return {
        "K50 Assessments validated": per_cent(planned["state"].isin(VALIDATED).sum(), len(planned)),
        "K51 Readiness": fmean(ready) if ready else None,
        "K52 I-24/7 feasible": (newest["feasibility"] == "feasible").sum() if len(newest) else None,
    }


def equipment(raw: RawTables, at: datetime) -> dict[str, float | None]:
    """Return the figures of equipment and links (K53 to K56)."""
    today, kit, links, months = at.date(), raw["equipment"], raw["link"], raw["usage_month"]
    late = pd.Series(
        [day is not None and not pd.isna(day) and today - day <= MONTH for day in kit["last_query"]], kit.index
    )
    there, asks = kit["state"].isin(HANDED_OVER), ~kit["kind"].isin(ASKS_NOTHING)
    open_links = links[links["state"] != "closed"]
    meant = {*kit["post_id"][~kit["state"].isin(["retired", "lost", "dropped"])], *open_links["post_id"]}
    asked = {*kit["post_id"][there & asks & late.astype(bool)]}
    since = (at - MONTH).date()
    asked |= {
        post
        for post, day in zip(open_links["post_id"], open_links["live_on"], strict=True)
        if not pd.isna(day) and since <= day <= today
    }
    for post, month, counted, many, current in zip(
        *(months[name] for name in ("post_id", "month", "counted", "count", "current")), strict=True
    ):
        over = (month + timedelta(days=31)).replace(day=1)
        asked |= {post} if current and counted == "queries" and many and since < over <= today else set()
    ripe = those(
        kit,
        (yes and not pd.isna(day) and today - day >= MONTH for yes, day in zip(there, kit["handed_on"], strict=True)),
    )
    took = kit[asks & kit["first_query"].notna() & kit["approved_on"].notna()]
    days = [(end - begun).days for end, begun in zip(took["first_query"], took["approved_on"], strict=True)]
    return {
        "K53 Connected posts": per_cent(len(meant & asked), len(meant)),
        "K54 Equipment in use": per_cent(late[ripe.index].sum(), len(ripe)),
        "K55 From approval to the first query": median(days) if days else None,
        "K56 Availability of links": availability(raw, at),
    }


def availability(raw: RawTables, at: datetime) -> float | None:
    """Return the part of the hours of 90 days in which links that are live or down were to work and did (K56)."""
    links, outages = raw["link"], raw["outage"]
    meant = down = timedelta(0)
    for key, live_on, hours in zip(
        *(
            links[name][links["state"].isin(["live", "down"]) & links["live_on"].notna()]
            for name in ("id", "live_on", "hours")
        ),
        strict=True,
    ):
        since = max(at - timedelta(days=90), datetime(live_on.year, live_on.month, live_on.day, tzinfo=at.tzinfo))
        lost = {True: timedelta(0), False: timedelta(0)}
        of = outages[outages["link_id"] == key]
        for starts, ends, planned in zip(of["starts"], of["ends"], of["planned"], strict=True):
            until = at if pd.isna(ends) else min(ends, at)
            lost[bool(planned)] += max(until - max(starts, since), timedelta(0))
        meant += (at - since - lost[True]) * (hours / 24)
        down += lost[False] * (hours / 24)
    return 100 * (1 - down / meant) if meant else None


def courses(raw: RawTables, today: date) -> dict[str, float | None]:
    """Return the figures of courses and of those who teach them (K57, K58, K60 to K62)."""
    points = raw["course_run"].merge(raw["course"][["id", "points"]], left_on="course_id", right_on="id")
    points_of = dict(zip(points["id_x"], points["points"], strict=True))
    tested = raw["enrolment"].query("after.notna()")
    passed, both = tested[tested["state"] == "passed"], tested[tested["before"].notna()]
    gains = [
        100 * (after - before) / points_of[run]
        for after, before, run in zip(both["after"], both["before"], both["run_id"], strict=True)
    ]
    held = raw["course_certificate"]
    valid = those(held, (not pd.isna(day) and day >= today for day in held["expires_on"]))
    valid = valid[valid["state"] == "issued"]
    trainers = raw["trainer"]
    trainers = trainers[trainers["state"].isin(CERTIFIED)]
    trainers = those(trainers, (not pd.isna(day) and day >= today for day in trainers["expires_on"]))
    runs, teaches = raw["cascade_run"].query("state == 'confirmed'"), raw["curriculum"].query("state == 'adopted'")
    taught = runs["attended"][runs["trainer_id"].isin(trainers["id"])].sum()
    lately = {key for key, ends in zip(runs["trainer_id"], runs["ends"], strict=True) if today - ends <= YEAR}
    offices = set(raw["ison_member"].query("state == 'member'")["country"])
    return {
        "K57 Officers trained": passed["account_id"].nunique() if len(tested) else None,
        "K57 Courses passed": len(passed) if len(tested) else None,
        "K57 Certified today": valid["account_id"].nunique(),
        "K58 Passed": per_cent(len(passed), len(tested)),
        "K58 Learning gain": fmean(map(float, gains)) if gains else None,
        "K60 Active trainers": per_cent(trainers["id"].isin(lately).sum(), len(trainers)),
        "K61 Reach of a trainer": taught / len(trainers) if len(trainers) else None,
        "K62 Curriculum adopted": per_cent(len(offices & set(teaches["country"])), len(offices)),
    }


def queries(raw: RawTables) -> dict[Any, dict[date, tuple[int, int | None]]]:
    """Return the queries and passages of each counted month of each post."""
    months = raw["usage_month"]
    months = months[months["current"].astype(bool)]
    asked: dict[Any, Counter[date]] = {}
    passed: dict[tuple[Any, date], int] = {}
    for post, month, counted, many in zip(
        *(months[name] for name in ("post_id", "month", "counted", "count")), strict=True
    ):
        if counted == "queries":
            asked.setdefault(post, Counter())[month] += many
        else:
            passed[post, month] = many
    return {
        post: {month: (many, passed.get((post, month))) for month, many in of.items()} for post, of in asked.items()
    }


def later(month: date, many: int) -> date:
    """Return the first day of the month so many months later."""
    return (pd.Timestamp(month.replace(day=1)) + pd.DateOffset(months=many)).date()


def practice(raw: RawTables, today: date) -> float | None:
    """Return queries of three months after officers passed by those of the three before, as traffic went (K59)."""
    runs = raw["course_run"].set_index("id")
    passed = raw["enrolment"].query("state == 'passed'")
    known, after, expected = queries(raw), 0.0, 0.0
    for run, post in {
        (run, post) for run, post in zip(passed["run_id"], passed["post_id"], strict=True) if not pd.isna(post)
    }:
        starts, ends = runs.loc[run, "starts"], runs.loc[run, "ends"]
        wanted = [*(later(starts, -each) for each in (1, 2, 3)), *(later(ends, each) for each in (1, 2, 3))]
        months = [known.get(post, {}).get(each) for each in wanted]
        if later(ends, 4) > today or any(each is None for each in months):
            continue
        asked, people = zip(*(each for each in months if each is not None), strict=True)
        scale = sum(people[3:]) / sum(people[:3]) if all(people) else 1
        after += sum(asked[3:])
        expected += sum(asked[:3]) * scale
    return after / expected if expected else None


def grown(raw: RawTables, at: datetime) -> float | None:
    """Return the share of posts whose queries of the last three months surely exceed those at first (K63 b)."""
    found = raw["assessment"]
    found = found[found["state"].isin(VALIDATED) & found["baseline_queries"].notna()].sort_values("validated_at")
    first = dict(reversed(list(zip(found["post_id"], found["baseline_queries"], strict=True))))
    posts, known, sure, both = raw["post"], queries(raw), 0, 0
    for post in posts["id"][posts["closed_at"].isna()]:
        since = (at - timedelta(days=366)).date()
        year = [float(many) for month, (many, _people) in sorted(known.get(post, {}).items()) if month >= since]
        if not first.get(post) or len(year) < 3:
            continue
        both += 1
        sure += fmean(year[-3:]) - STUDENT * stdev(year) / 3**0.5 > first[post]
    return per_cent(sure, both)


def change(months: dict[date, tuple[int, int | None]], begins: date, ends: date, month: int) -> float:
    """Return queries of a month after an occasion by those that were to be expected had it gone on as before (K63).

    Each side has a Poisson regression on its months of its own; queries per passage where all passages are known.
    """
    first, last = begins.replace(day=1), ends.replace(day=1)
    kept = {each: of for each, of in months.items() if each < first or each > last}
    corrected = all(people for _many, people in kept.values())
    found = []
    for side in ({each for each in kept if each < first}, {each for each in kept if each > last}):
        at = np.array([(each.year - last.year) * 12 + each.month - last.month for each in sorted(side)], dtype=float)
        asked = np.array([kept[each][0] for each in sorted(side)], dtype=float)
        people = np.array([kept[each][1] if corrected else 1 for each in sorted(side)], dtype=float)
        design, beta = np.column_stack((np.ones(len(at)), at)), np.array([np.log(asked.sum() / people.sum()), 0.0])
        for _step in range(50):
            mean = people * np.exp(design @ beta)
            beta = beta + np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (asked - mean))
        found.append(beta @ (1.0, month))
    return float(np.exp(found[1] - found[0]))


def network(raw: RawTables, today: date) -> dict[str, float | None]:
    """Return the figures of the network of offices (K48)."""
    offices = raw["ison_member"]
    members = offices[offices["state"] == "member"]
    did = [not pd.isna(day) and today - day < YEAR for day in members["last_active"]]
    return {
        "K48 Network activity": per_cent(sum(did), len(members)),
        "K48 Countries represented": members["country"].nunique() if len(offices) else None,
        "K48 Members who left": len(offices) - len(members) if len(offices) else None,
    }


def support(raw: RawTables, at: datetime) -> dict[str, float | None]:
    """Return requests and products that were served (K49), and teams that can leave (K32 b)."""
    requests, sent, products = raw["support_request"], raw["deployment"], raw["product_request"]
    asked = set(requests["id"][requests["asked_at"].notna()])
    came = set(sent["request_id"][sent["on_site_at"].notna()])
    products = products[products["state"] != "withdrawn"]
    teams, gone = raw["team"], raw["team_absence"]
    teams = teams[teams["closed_at"].isna()]
    away = set(gone["team_id"][gone["cancelled_at"].isna() & (gone["starts"] <= at) & (gone["ends"] > at)])
    away |= set(sent["team_id"][sent["state"].isin(AWAY)])
    able = (teams["out_of_service"] == "") & ~teams["id"].isin(away)
    return {
        "K49 Support requests served": per_cent(len(asked & came), len(asked)),
        "K49 Intelligence products delivered": per_cent(products["state"].isin(HAS_IT).sum(), len(products)),
        "K32 b Teams that can leave now": per_cent(able.sum(), len(teams)),
    }


def recommended(found: pd.DataFrame, today: date) -> dict[str, float | None]:
    """Return the recommendations that are carried out, and overdue (K66)."""
    accepted = found[~found["state"].isin(["proposed", "rejected"])]
    open_ = accepted[accepted["state"].isin(["accepted", "partly", "under_way"])]
    return {
        "K66 Recommendations carried out": per_cent((accepted["state"] == "closed").sum(), len(accepted)),
        "K66 Recommendations overdue": per_cent(sum(due < today for due in open_["due"]), len(accepted)),
    }


def evaluations(raw: RawTables, today: date) -> dict[str, float | None]:
    """Return the evaluations that were on time (K64)."""
    found = raw["evaluation"]
    in_time = [
        final.date() <= planned if not pd.isna(final) else False
        for final, planned, state in zip(found["final_at"], found["planned_for"], found["state"], strict=True)
        if not pd.isna(final) or (state != "cancelled" and planned < today)
    ]
    return {"K64 Evaluations on time": per_cent(sum(in_time), len(in_time))}


def evaluated(raw: RawTables, evaluation: Any, today: date) -> dict[str, float | None]:
    """Return the figures of one evaluation: criteria with a score, recommendations, later outcomes (K65 to K67)."""
    judged, told = raw["evaluation_judgement"], raw["evaluation_outcome"]
    judged = judged[judged["evaluation_id"] == evaluation].sort_values("version").groupby("criterion").tail(1)
    told = told[told["evaluation_id"] == evaluation].sort_values("version").groupby("country").tail(1)
    of = raw["recommendation"]
    return {
        "K65 Criteria judged": judged["score"].notna().sum(),
        **recommended(of[of["evaluation_id"] == evaluation], today),
        "K67 Later outcomes": per_cent(told["charged"].sum(), told["opened"].sum()),
    }


def consulted(raw: RawTables, today: date) -> float | None:
    """Return the consultations with a reason, of all until yesterday (K68)."""
    trail = raw["access_entry"]
    trail = those(
        trail, (act in CONSULTED and at.date() < today for act, at in zip(trail["act"], trail["at"], strict=True))
    )
    return per_cent(sum(bool(detail.get("reason")) for detail in trail["detail"]), len(trail))


def programme_figures(raw: RawTables, at: datetime) -> dict[str, float | None]:
    """Return every figure of the programme as of a moment, but those of one evaluation."""
    today = at.date()
    return {
        **needs(raw),
        **equipment(raw, at),
        **courses(raw, today),
        "K59 Practice after training": practice(raw, today),
        "K63 b Posts that ask more than at first": grown(raw, at),
        **network(raw, today),
        **support(raw, at),
        **recommended(raw["recommendation"], today),
        **evaluations(raw, today),
    }
