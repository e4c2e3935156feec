"""What a notice looks like as a mail, and the line to the mail server. Knows nothing of the outbox's states.

The words of a notice stand in ``templates/emails/<kind>.txt``: first line ``Subject: ...``, an empty line, the text.
"""

import re
import smtplib
from dataclasses import dataclass
from email.mime.text import MIMEText
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from projects.models import Notice, User
from projects.workdays import zone_of

MAILBOX_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

ATTACHED = "invite.ics"
"""The name under which an invitation is attached."""

# What a mail server that cannot be reached, or refuses to speak with us, looks like.
OUTAGE = (OSError, smtplib.SMTPException)


@dataclass(frozen=True)
class Words:
    """Subject and plain text of a notice, before the greeting and the link are put around them."""

    subject: str
    body: str


def worded(kind: str, *, to: User, **context: Any) -> Words:
    """The words of a notice of this kind, with moments on the recipient's clock."""
    template = get_template(f"emails/{kind}.txt")
    with timezone.override(zone_of(to)):
        # Plain text: nothing to escape. The HTML alternative escapes the text when it is made.
        text: str = template.template.render(  # type: ignore[attr-defined]  # Django's own engine renders
            Context({**context, "to": to}, autoescape=False)
        )
    head, _, body = text.strip().partition("\n")
    if not head.startswith("Subject: "):
        raise ValueError(f"emails/{kind}.txt must begin with its subject line")
    return Words(one_line(head.removeprefix("Subject: ")), body.strip())


def one_line(text: str, *, limit: int = 250) -> str:
    """Text fit for a header: printable, on one line, at most `limit` characters."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def link(notice: Notice) -> str:
    """The whole address that the notice points to; empty when it points nowhere."""
    return settings.SITE_URL.rstrip("/") + notice.path if notice.path else ""


def message(notice: Notice) -> EmailMultiAlternatives:
    """The notice as a mail: plain text with a simple HTML alternative. The Message-ID is the notice's own."""
    context = {"notice": notice, "link": link(notice), "site": settings.SITE_URL}
    mail = EmailMultiAlternatives(
        subject=one_line(notice.subject),
        body=get_template("emails/notice.txt").template.render(  # type: ignore[attr-defined]  # Django's own engine renders
            Context(context, autoescape=False)
        ),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((one_line(notice.recipient.name), notice.recipient.email))],
        headers={
            "Message-ID": notice.message_id,
            "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's holiday reply answers it
            "X-Auto-Response-Suppress": "All",
        },
    )
    mail.attach_alternative(render_to_string("emails/notice.html", context), "text/html")
    if notice.calendar:
        mail.attach(_for_the_calendar(notice.calendar))
    return mail


def _for_the_calendar(calendar: str) -> MIMEText:
    """The object as mail programs know it: its method stands in the type too (RFC 6047)."""
    part = MIMEText(calendar, "calendar", "utf-8")
    method = re.search(r"^METHOD:(\w+)", calendar, re.MULTILINE)
    part.set_param("method", method[1] if method else "PUBLISH")
    part.add_header("Content-Disposition", "attachment", filename=ATTACHED)
    return part


def connection() -> BaseEmailBackend:
    """The line that notices leave by: the site's mail server, or nowhere when they are read in the mailbox."""
    connection: BaseEmailBackend = get_connection(backend=MAILBOX_BACKEND if settings.MAIL_TO_MAILBOX else None)
    return connection


def is_permanent(error: Exception) -> bool:
    """Whether sending the same mail again would only be refused again.

    A refusal of our own sender address is not: the operator mends it, and the mail is as good as before.
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            return all(code >= 500 for code, _ in error.recipients.values())
        case smtplib.SMTPSenderRefused() | smtplib.SMTPAuthenticationError():
            return False
        case smtplib.SMTPDataError():
            return error.smtp_code >= 500
        case BadHeaderError() | smtplib.SMTPNotSupportedError() | UnicodeError():
            return True
    return False


def explained(error: Exception) -> str:
    """The error in one line for operators: what the server said, else what went wrong."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            said = "; ".join(f"{who}: {code} {_text(why)}" for who, (code, why) in error.recipients.items())
        case smtplib.SMTPResponseException():
            said = f"{error.smtp_code} {_text(error.smtp_error)}"
        case _:
            said = str(error)
    return one_line(f"{type(error).__name__}: {said}", limit=500)


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
