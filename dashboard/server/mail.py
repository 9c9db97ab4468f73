"""Mail: a number and a link in the reader's language, handed to any SMTP server.

What it says may lie in strange mailboxes for years. So it names an operation, and what is to be done there, only where
the operation has the lowest classification; and never a case, a country, a person, or words that somebody wrote.
"""

import logging
import smtplib
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate
from uuid import UUID

from dashboard.settings import Settings
from dashboard.wording import _, coded, in_language, ngettext, said
from operations.core.invitations import InvitationLink
from operations.notices.messages import Message
from operations.notices.outbox import Mail, Unsent

_log = logging.getLogger("muster.mail")
PATIENCE = 20
"""Seconds that a mail server may take to respond."""


def poster(settings: Settings) -> Callable[[Mail], None] | None:
    """Return the function that sends mail through the SMTP server of the settings; None where none is set."""
    if not settings.smtp_host:
        return None

    def post(letter: Mail) -> None:
        deliver(settings, written(letter, settings))

    return post


def written(letter: Mail, settings: Settings) -> EmailMessage:
    """Return the letter as a MIME message."""
    mail = EmailMessage()
    mail["From"], mail["To"] = settings.mail_from, letter.address
    mail["Date"] = formatdate()
    domain = settings.mail_from.rpartition("@")[2]
    mail["Message-ID"] = f"<{letter.id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    with in_language(letter.language):
        mail["Subject"], text = _subject(letter), _text(letter, settings.address)
    if any(each.urgent for each in letter.messages):
        mail["Importance"] = "high"
    mail.set_content(text)
    mail["Content-Language"] = letter.language
    return mail


def head_written(text: bytes, at: datetime, settings: Settings) -> EmailMessage:
    """Return a signed head of the journal as a MIME message, to whoever keeps heads elsewhere."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Date"] = settings.mail_from, settings.evidence_mail, formatdate()
    mail["Auto-Submitted"], mail["Subject"] = "auto-generated", f"Muster: signed head of {at:%Y-%m-%d}"
    mail.set_content("Keep the attachment: it proves what the journal was. See docs/administrator.md, Evidence.\n")
    mail.add_attachment(text, maintype="application", subtype="json", filename=f"head-{at:%Y%m%dT%H%M%SZ}.json")
    return mail


def _subject(letter: Mail) -> str:
    if letter.digest:
        return ngettext("Muster: {n} message waits for you", "Muster: {n} messages wait for you", len(letter.messages))
    [only] = letter.messages
    if title := letter.titles.get(only.operation_id) if only.operation_id else None:
        return _("Muster: {operation}: {act} ({reference})", operation=title, act=_act(only), reference=only.reference)
    if only.urgent:
        return _("Muster: message {reference}, urgent", reference=only.reference)
    return _("Muster: message {reference}", reference=only.reference)


_PLAIN = frozenset({"site", "sites", "places", "day", "hits", "reports", "number", "post", "call_sign", "phase"})
"""What a sentence may name in a mail: places and numbers."""


def _act(message: Message) -> str:
    """What is to be done, in the words of the inbox; the kind of the message where those say more than a mail may."""
    about = message.about
    return said(about) if about and about["params"].keys() <= _PLAIN else coded("CL-MESSAGE", message.kind)


def _text(letter: Mail, address: str) -> str:
    if letter.digest:
        lines = [_("Messages that wait for you in Muster:"), f"{address}/today", ""]
        for each in letter.messages:
            title = letter.titles.get(each.operation_id) if each.operation_id else None
            words = f"  {title}: {_act(each)}" if title else ""
            lines.append(f"{each.reference}{words}  {address}/message/{each.id}")
    else:
        [only] = letter.messages
        lines = [
            _("Message {reference} waits for you in Muster:", reference=only.reference),
            f"{address}/message/{only.id}",
        ]
    return "\n".join([*lines, "", _("What it is about is shown after you sign in. How you are told: your account.")])


def deliver(settings: Settings, mail: EmailMessage) -> None:
    """Send a mail. Raises Unsent; `for_good` where the server refuses the address permanently (5xx)."""
    try:
        with _connected(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as refused:
        code = max(code for code, _words in refused.recipients.values())
        raise Unsent(f"refused {code}", for_good=code >= 500) from None
    except smtplib.SMTPResponseException as refused:
        raise Unsent(f"answered {refused.smtp_code}") from None
    except (smtplib.SMTPException, OSError) as broken:
        raise Unsent(f"unreachable {type(broken).__name__}") from None


_web: Settings | None = None


def serve(settings: Settings) -> None:
    """Let the pages of this process send invitation links by mail, where an SMTP server is set."""
    global _web
    _web = settings if settings.smtp_host else None


def mail_enabled() -> bool:
    """Return whether invitation links can be sent by mail."""
    return _web is not None


def hand_out(links: Sequence[tuple[InvitationLink, str]]) -> set[UUID]:
    """Send each link to its person, at the address given with it, and return the ids of accounts whose mail left.

    Call it after the links are stored. A link is a secret: it goes from memory to the mail server, and is in no outbox,
    no log and no file. A failed mail is not retried: the sender hands the link over, or makes a new one.
    """
    left = set[UUID]()
    if _web is None or not links:
        return left
    try:
        with _connected(_web) as server:
            if _web.smtp_user:
                server.login(_web.smtp_user, _web.smtp_password.get_secret_value())
            for link, address in links:
                try:
                    server.send_message(_invitation(link, address, _web))
                    left.add(link.account.id)
                except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refused:
                    _log.warning("A link was not taken by the mail server: %s.", type(refused).__name__)
    except (smtplib.SMTPException, OSError) as broken:
        _log.warning("Links could not be sent by mail: %s.", type(broken).__name__)
    return left


def _invitation(link: InvitationLink, address: str, settings: Settings) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Date"] = settings.mail_from, link.mail, formatdate()
    mail["Auto-Submitted"] = "auto-generated"
    with in_language(link.account.language):
        mail["Subject"] = _("Muster: your account")
        lines = [
            _("An account in Muster was made for you. With this link you set your password:"),
            address,
            "",
            _("It works once, and for 72 hours. Hand it to nobody else. If you do not expect it, do not use it."),
        ]
        mail.set_content("\n".join(lines))
    mail["Content-Language"] = link.account.language
    return mail


def _connected(settings: Settings) -> smtplib.SMTP:
    """Connect to the SMTP server: TLS from the first byte, by STARTTLS, or none, as the settings say."""
    host, port = settings.smtp_host, settings.smtp_port
    trusted = ssl.create_default_context(cafile=settings.smtp_ca or None)
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=trusted)
    server = smtplib.SMTP(host, port, timeout=PATIENCE)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=trusted)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
    return server
