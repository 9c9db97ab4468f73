"""The card of an officer at a post: how a report is said on the telephone or sent as a text message."""

from uuid import UUID

from sqlmodel import Session

from dashboard.papers.downloads import paper_of
from dashboard.papers.paper import Block, Bullets, Facts, Heading, Paper, PaperTable, Paragraph
from dashboard.wording import _, coded, date, number
from operations.core import journal, rows
from operations.core.clock import now, official_day
from operations.core.people import Account, Actor, Posting
from operations.core.permissions import Act, require
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.policing.reports import voice

_EXAMPLE_ROW, _EXAMPLE_COUNT = 11, 140


@paper_of("/export/postings/{of}/voice-card")
def paper(session: Session, of: UUID, by: Actor, form: str) -> tuple[Paper, str]:
    """Return the card of a posting and its file name. Raises NotFound, NotPermitted."""
    posting = rows.one(session, Posting, of)
    site = places.site(session, posting.site_id)
    operation = plan.operation(session, site.operation_id, by)
    require(by, Act.SITE_POST, plan.subject(operation, site.country, site.id))
    officer = rows.one(session, Account, posting.account_id)
    about = {"operation": operation.id, "country": site.country}
    journal.record_download(session, by, "voice.card", posting.id, form, **about)
    day = official_day(now(), operation.zone, operation.day_cut)
    card = voice.card_number(posting.id)
    said = Paper(
        _("Report by voice or text message"),
        operation.title,
        coded("CL-CLASS", operation.classification),
        [
            Facts([(_("Officer"), officer.name), (_("Site"), site.name), (_("Card"), _grouped(card))], strong=True),
            Heading(_("What to say, digit by digit")),
            Bullets(
                [
                    _("The number of your card: {card}", card=_grouped(card)),
                    _("The day of the month, two digits"),
                    _("The row of the list below, two digits; row 00 says that nothing happened"),
                    _("How many there were; nothing after row 00"),
                    _("The check digit"),
                ]
            ),
            _example(posting.id, day.day, _EXAMPLE_COUNT),
            Heading(_("The check digit")),
            Paragraph(
                _(
                    "Begin with {digit}, the last digit of your card. For each digit after the card: go to the row "
                    "of the digit that you have, and take the one in the column of the next digit. The last one that "
                    "you take is the check digit.",
                    digit=card[-1],
                )
            ),
            PaperTable(
                [_("You have"), *map(str, range(10))],
                [[str(have), *map(str, columns)] for have, columns in enumerate(voice.DAMM)],
                (0.2, *([0.08] * 10)),
            ),
            Heading(_("The list")),
            PaperTable([_("Row"), _("What was counted")], list(_listed()), (0.12, 0.88)),
            Paragraph(
                _("The coordination reads the report back. It counts when you say that it is right."),
                "strong",
            ),
        ],
        foot=f"{officer.name} · {site.name} · {date(day)}",
    )
    return said, f"voice-card-{card}"


def _example(posting_id: UUID, day: int, count: int) -> Block:
    message = f"{day:02d}{_EXAMPLE_ROW}{count}"
    digit = voice.check_digit(message, int(voice.card_number(posting_id)[-1]))
    card, row = _grouped(voice.card_number(posting_id)), str(_EXAMPLE_ROW)
    return Paragraph(
        _(
            "Example: {count} documents checked against SLTD on day {day}: {code}",
            count=number(count),
            day=f"{day:02d}",
            code=f"{card} · {day:02d} {row} {count} · {digit}",
        )
    )


def _listed() -> list[list[str]]:
    named = [
        [f"{row:02d}", coded("CL-DB", database) if database else coded("CL-CHECKKIND", check)]
        for row, (check, database) in voice.ROWS.items()
    ]
    return [[f"{voice.NIL:02d}", _("Nothing happened (nil report)")], *named]


def _grouped(card: str) -> str:
    return f"{card[:4]} {card[4:]}"
