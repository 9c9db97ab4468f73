"""What happens in the programme, in sentences: posts, needs, equipment. They name countries, kinds, days and states."""

from dashboard.telling.names import coded, day_of
from dashboard.telling.rows import row, steps
from dashboard.wording import N_
from operations.needs.rows import LIFE as ASSESSMENT

POSTS = {
    "post.register": row(
        "building", N_("{country}: a post was registered ({kind})."), kind=coded("CL-SITETYPE", "site_type")
    ),
    "post.describe": row("notebook", N_("{country}: it was written down what a post has.")),
    "post.link": row("link", N_("{country}: a site of an operation was joined to its post.")),
    "post.close": row("map-pin-off", N_("{country}: a post was taken out of the register.")),
}
NEEDS = {
    "needs.request": row(
        "clipboard-check", N_("{country}: the assessment of a post was requested, until {day}."), day=day_of("due")
    ),
    "needs.find": row(
        "notebook", N_("{country}: it was filled in what a visit found. I-24/7: {feasible}."),
        feasible=coded("CL-FEASIBILITY", "feasibility"),
    ),
    "needs.answer": row(
        "list-check", N_("{country}: an area of a post was scored: {area}."), area=coded("CL-NEEDAREA", "area")
    ),
    **steps(ASSESSMENT, N_("{country}: the assessment of a post went from {before} to {after}.")),
    "engagement.write": row(
        "users",
        N_("{country}: a talk with a counterpart was written down ({level})."),
        level=coded("CL-ENGAGEMENT", "level"),
    ),
    "engagement.follow_up": row("check", N_("{country}: a talk with a counterpart was followed up.")),
}  # fmt: skip
