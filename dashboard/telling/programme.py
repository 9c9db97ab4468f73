"""What happens in the programme, in sentences: posts, needs, equipment. They name countries, kinds, days and states."""

from dashboard.telling.names import coded
from dashboard.telling.rows import row
from dashboard.wording import N_

POSTS = {
    "post.register": row(
        "building", N_("{country}: a post was registered ({kind})."), kind=coded("CL-SITETYPE", "site_type")
    ),
    "post.describe": row("notebook", N_("{country}: it was written down what a post has.")),
    "post.link": row("link", N_("{country}: a site of an operation was joined to its post.")),
    "post.close": row("map-pin-off", N_("{country}: a post was taken out of the register.")),
}
