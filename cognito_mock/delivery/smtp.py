"""Hand e-mails to an SMTP server, such as a mail catcher on the same machine.

A message is in the inbox before it comes here, and the request that caused it has its answer
without waiting: a server that is slow or away delays nobody and loses nothing, and its failure is
one line in the log, without recipient, text or code.
"""

import logging
import smtplib
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from queue import Empty, SimpleQueue
from urllib.parse import unquote, urlsplit

from cognito_mock.core.grants import Message

#: From whom Cognito writes unless a pool says otherwise.
SENDER = "no-reply@verificationemail.com"
_PORTS = {"smtp": 25, "smtps": 465}
_TIMEOUT_SECONDS = 10
_PATIENCE_SECONDS = 0.3
_logger = logging.getLogger("cognito_mock")


class SmtpUrlError(ValueError):
    """The address of the server cannot be understood; the text holds no part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """``smtp://[user:password@]host[:port]``, or ``smtps://`` for TLS from the first byte.

    With ``smtp`` a password is sent after STARTTLS only.
    """

    host: str
    port: int
    tls: bool
    username: str = ""
    password: str = ""

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """Read an address. Raises `SmtpUrlError`."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise SmtpUrlError("not a URL") from error
        if parts.scheme not in _PORTS or not parts.hostname:
            raise SmtpUrlError("must be smtp://HOST or smtps://HOST")
        if parts.path not in {"", "/"} or parts.query or parts.fragment:
            raise SmtpUrlError("has nothing after the port")
        return cls(
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class SmtpDelivery:
    """Sends one message after the other from a thread of its own."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._waiting: SimpleQueue[Callable[[], EmailMessage] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="cognito-mock-smtp", daemon=True)
        self._thread.start()

    def deliver(self, message: Message) -> None:
        """Send an e-mail soon; text messages stay in the inbox."""
        if message.medium == "EMAIL":
            self._waiting.put(lambda: as_email(message))

    def close(self) -> None:
        """Send what waits, as far as that takes no longer than a stop may."""
        self._waiting.put(None)
        self._thread.join(_PATIENCE_SECONDS)

    def _work(self) -> None:
        while (make := self._waiting.get()) is not None:
            try:
                self._send([make, *self._others_waiting()])
            except (OSError, smtplib.SMTPException) as error:
                # The kind says enough; the text may repeat an address.
                _logger.warning("an e-mail was not sent: %s", type(error).__name__)

    def _others_waiting(self) -> list[Callable[[], EmailMessage]]:
        """Return what has come meanwhile: one connection serves it all."""
        others = []
        with suppress(Empty):
            while True:
                other = self._waiting.get_nowait()
                if other is None:
                    self._waiting.put(None)
                    break
                others.append(other)
        return others

    def _send(self, messages: list[Callable[[], EmailMessage]]) -> None:
        with self._connected() as connection:
            for make in messages:
                try:
                    connection.send_message(make())
                except (ValueError, smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
                    # This one's fault: an attribute that is no address, say.
                    _logger.warning("an e-mail was refused")

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.tls:
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=_TIMEOUT_SECONDS, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_SECONDS)
        try:
            self._authenticate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _authenticate(self, connection: smtplib.SMTP) -> None:
        server = self._server
        if not server.username:
            return
        connection.ehlo_or_helo_if_needed()
        if not server.tls:
            if not connection.has_extn("starttls"):
                raise smtplib.SMTPNotSupportedError("no password without TLS")
            connection.starttls(context=ssl.create_default_context())
        connection.login(server.username, server.password)


def as_email(message: Message) -> EmailMessage:
    """Write the message as the service does: HTML, from `SENDER`.

    Raises:
        ValueError: The recipient is nothing that an e-mail can be sent to.

    """
    email = EmailMessage()
    email["From"] = SENDER
    email["To"] = message.recipient
    email["Subject"] = " ".join(message.subject.split())
    email["X-Cognito-Trigger-Source"] = message.trigger_source
    email.set_content(message.body, subtype="html")
    return email
