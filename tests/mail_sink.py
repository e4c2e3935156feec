"""A mail server on this machine that keeps what it gets, and can be told to refuse, to dawdle or to hang up."""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Sink:
    """What a test reads and sets.

    Args:
        refuse: address -> the answer to RCPT.
        drop: hang up in the middle of DATA.
        dawdle: seconds before a mail is accepted.
        on_mail: called with the number of mails when one has been taken and the sender does not know it yet.
    """

    def __init__(self) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []
        self.refuse: dict[str, str] = {}
        self.drop = False
        self.dawdle = 0.0
        self.on_mail: Callable[[int], None] = lambda count: None
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.factory = lambda: SMTP(self, enable_SMTPUTF8=True)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.drop:
            server.transport.abort()
            return "421 gone"
        await asyncio.sleep(self.dawdle)
        self.mails.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content, policy=policy.default)))
        self.on_mail(len(self.mails))
        return "250 OK"

    def received(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(str(mail["Message-ID"]) for _, mail in self.mails)

    def stop(self) -> None:
        if self.controller.loop.is_running():
            self.controller.stop()


@pytest.fixture
def sink(settings) -> Iterator[Sink]:
    """The mail server that this process sends by, for one test."""
    sink = Sink()
    sink.controller.start()
    settings.MAIL_TO_MAILBOX = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.EMAIL_TIMEOUT = 5
    yield sink
    sink.stop()
