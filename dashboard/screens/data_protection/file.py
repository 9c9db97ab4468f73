"""File of one data subject request: search for stored copies, decide on the own copies, and answer."""

from dash import State, dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.frame.interactions import Done, Press, does, followed, follows
from dashboard.frame.life_page import takes
from dashboard.frame.verb_buttons import calls
from dashboard.parts import tags
from dashboard.parts.file_button import file_button
from dashboard.parts.form import button
from dashboard.parts.form_fields import drawing
from dashboard.parts.list_page import new_row_form
from dashboard.parts.panel import facts, panel
from dashboard.screens.data_protection.ids import DECISIONS, EXTEND, SEARCH, STEPS, Ids, asked_words
from dashboard.screens.data_protection.paper import record
from dashboard.server.access import current_request, known_id, reading
from dashboard.wording import _, date, moment_utc, ngettext, number
from operations.core import rows
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.data_protection import requests as verbs
from operations.data_protection.register import KINDS
from operations.data_protection.rows import (
    COPIES,
    REQUESTS,
    CopyState,
    DataCopy,
    DataRequest,
    SubjectRequestState,
)


def parts(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the parts of the page. Raises NotFound."""
    found = _known(session, shown)
    return [
        dcc.Store(id=Ids.SHOWN, data=str(found.id)),
        followed(Ids.ABOUT, about(session, by, shown), className="m-stack"),
        followed(Ids.FORMS, forms(session, by, shown), seen=searchable(session, by, shown), className="m-stack"),
        followed(Ids.COPIES, copies(session, by, shown), className="m-stack"),
    ]


def about(session: Session, by: Actor, shown: str) -> list[Component]:
    """What is known of it, and its steps."""
    found = _known(session, shown)
    said = [
        (_("State"), _(REQUESTS.words[REQUESTS.now(found)])),
        (_("The person asks"), asked_words(found.asked)),
        (_("Your own file"), found.file_ref),
        (_("Received on"), date(found.received)),
        (_("Answer until"), date(found.until)),
        (_("Why it takes longer"), found.extended),
        (_("Searches"), number(found.searches)),
        (_("What was answered"), found.answer),
    ]
    acts = STEPS.drawn(found.id, verbs.offers(session, found, by))
    ended = found.state in (SubjectRequestState.ANSWERED.value, SubjectRequestState.REFUSED.value)
    words = _("What became of it, as PDF")
    printed = [file_button(words, record.address(found.id))] if ended else []
    return [
        panel(found.reference, facts(said), *printed),
        *([panel(_("What can be done"), *acts)] if acts else []),
    ]


def searchable(session: Session, by: Actor, shown: str) -> list[bool]:
    """Return whether this person may search now, and whether they may extend the deadline: this shows the forms."""
    found = _known(session, shown)
    return [verbs.may_search(found, by), not found.extended]


def forms(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the search form, and the form that extends the deadline."""
    open_, extendable = searchable(session, by, shown)
    if not open_:
        return []
    search, extend = drawing(SEARCH), drawing(EXTEND)
    later = new_row_form(
        _("Take more time"), *extend(), html.Div(button(_("Take more time"), Ids.LATER, "plain", "clock"))
    )
    return [
        panel(
            _("Look for what is kept"),
            html.P(
                _(
                    "Others who keep something decide on it themselves and are told at once; you learn of your own "
                    "copies alone. Copies of the database that were made before stay as long as the administrator set."
                ),
                className="m-dim m-small",
            ),
            tags.Div(
                *search(),
                html.Div(button(_("Look for it everywhere"), Ids.LOOK, "primary", "search")),
                *([later] if extendable else []),
                className="m-stack",
            ),
        )
    ]


def copies(session: Session, by: Actor, shown: str) -> list[Component]:
    """Return the copies of the own country, each with its outcome."""
    found = verbs.copies(session, known_id(shown))
    request = _known(session, shown)
    if not found:
        if request.state == SubjectRequestState.RECEIVED.value:
            return []
        return [panel(_("Your copies"), html.P(_("Nothing of yours was found."), className="m-dim"))]
    cards = [copy_card(session, each, by) for each in found]
    return [panel(_("Your copies"), *cards, note=number(len(cards)))]


def copy_card(session: Session, copy: DataCopy, by: Actor) -> Component:
    """Return one copy: where it is, what was requested, and the possible decisions."""
    offers = verbs.copy_offers(session, copy, by)
    said = [
        (_("State"), _(COPIES.words[COPIES.now(copy)])),
        (_("The person asks"), asked_words(copy.asked)),
        (_("Found (UTC)"), moment_utc(copy.found_at)),
        (_("Decided by"), copy.decided_name),
        (_("Decided (UTC)"), moment_utc(copy.decided_at) if copy.decided_at else ""),
        (_("Why"), copy.reason),
        (_("Legal hold"), _hold(session, copy)),
    ]
    gone = copy.state == CopyState.ERASED.value
    name = _(KINDS[copy.kind])
    title = html.Strong(name) if gone else dcc.Link(html.Strong(name), href=copy.link)
    return html.Section([title, facts(said), *DECISIONS.drawn(copy.id, offers)], className="m-stack data-copy")


def _hold(session: Session, copy: DataCopy) -> str:
    """Return what keeps a copy that was not erased, for whoever asks for its erasure."""
    found = verbs.holding(session, copy) if copy.state != CopyState.ERASED.value else None
    if found is None:
        return ""
    return _("{reference}: {authority} asks that it is kept.", reference=found.reference, authority=found.authority)


def _known(session: Session, shown: str) -> DataRequest:
    return rows.one(session, DataRequest, known_id(shown))


# --------------------------------------------------------------------------------------------------- callbacks

_HERE = {"shown": State(Ids.SHOWN, "data")}
refresh_about = follows(about, Ids.ABOUT, act=Act.DATA_READ, **_HERE)
refresh_forms = follows(forms, Ids.FORMS, act=Act.DATA_READ, unless=searchable, **_HERE)
refresh_copies = follows(copies, Ids.COPIES, act=Act.DATA_READ, **_HERE)
take = takes(STEPS, REQUESTS, verbs.take, Act.DATA_HANDLE)


@does(Ids.LOOK, act=Act.DATA_HANDLE, form=SEARCH, given=_HERE, clears=("wanted",))
def look(press: Press, shown: str) -> Done:
    """Search for stored copies."""
    draft = press.draft(verbs.SearchDraft)
    current_request().spend("analyses")  # expensive: it shares the rate limit of analyses
    with reading() as session:
        said = verbs.find_copies(session, known_id(shown), draft, press.by)
    found = verbs.search(press.session, known_id(shown), said, press.by)
    if not found:
        return Done(_("Nothing new of yours was found. Try another spelling, or the number of a notice or a file."))
    return Done(
        ngettext(
            "{n} record of yours says it: decide on it below.",
            "{n} records of yours say it: decide on each below.",
            found,
        )
    )


later = calls(
    Ids.LATER,
    verbs.extend,
    lambda made: _("It is to be answered until {day}.", day=date(made.until)),
    act=Act.DATA_HANDLE,
    form=EXTEND,
    given=_HERE,
)
