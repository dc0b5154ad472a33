"""E-mails at a real SMTP server: aiosmtpd, in threads of its own."""

import email
import email.policy
import queue
import socket
import time
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from cognito_mock.core.grants import Message
from cognito_mock.delivery.smtp import SENDER, SmtpDelivery, SmtpServer, SmtpUrlError


class Postbox:
    """Keeps what arrives; refuses recipients at ``nowhere.example``."""

    def __init__(self):
        self.arrived = queue.Queue()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        if address.endswith("@nowhere.example"):
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        document = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.arrived.put(SimpleNamespace(to=envelope.rcpt_tos, document=document))
        return "250 OK"


@pytest.fixture
def postbox():
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def delivery(postbox):
    made = SmtpDelivery(SmtpServer.parse(f"smtp://127.0.0.1:{postbox.port}"))
    yield made
    made.close()


def message(**changed):
    return Message(
        **{
            "sequence": "1",
            "id": "m1",
            "pool_id": "us-east-1_A",
            "username": "ada",
            "medium": "EMAIL",
            "recipient": "ada@example.com",
            "trigger_source": "CustomMessage_SignUp",
            "subject": "Your verification code",
            "body": "Your confirmation code is <b>123456</b>",
            "code": "123456",
            "sent_at": 0.0,
            **changed,
        }
    )


def test_a_message_arrives_as_the_service_writes_it(postbox, delivery):
    """HTML, from the service's own address."""
    delivery.deliver(message())

    arrived = postbox.arrived.get(timeout=10)
    assert arrived.to == ["ada@example.com"]
    assert arrived.document["From"] == SENDER
    assert arrived.document["Subject"] == "Your verification code"
    assert arrived.document.get_content_type() == "text/html"
    assert arrived.document.get_content().strip() == "Your confirmation code is <b>123456</b>"


def test_text_messages_stay_in_the_inbox(postbox, delivery):
    """There is no telephone."""
    delivery.deliver(message(medium="SMS", recipient="+15550100"))
    delivery.deliver(message(subject="the next"))

    assert postbox.arrived.get(timeout=10).document["Subject"] == "the next"


@pytest.mark.parametrize(
    "recipient",
    ["ada@nowhere.example", "ada@example.com\nBcc: eve@example.com", "", "no address"],
    ids=["refused", "two-lines", "empty", "no-address"],
)
def test_one_bad_recipient_stops_nobody_else(postbox, delivery, recipient):
    """Nor does an address smuggle a header in."""
    delivery.deliver(message(recipient=recipient))
    delivery.deliver(message(subject="the next"))

    seen = [postbox.arrived.get(timeout=10)]
    while seen[-1].document["Subject"] != "the next":
        seen.append(postbox.arrived.get(timeout=10))
    assert all(each.document["Bcc"] is None for each in seen)
    assert all("eve@example.com" not in each.to for each in seen)


def test_a_subject_of_two_lines_becomes_one(postbox, delivery):
    """A template's line break is no header's end."""
    delivery.deliver(message(subject="Welcome\r\nBcc: eve@example.com"))

    arrived = postbox.arrived.get(timeout=10)
    assert arrived.document["Subject"] == "Welcome Bcc: eve@example.com"
    assert arrived.to == ["ada@example.com"]


def test_a_server_that_is_away_is_one_line_in_the_log(caplog):
    """Without recipient, text or code; the next message is tried again."""
    delivery = SmtpDelivery(SmtpServer.parse(f"smtp://127.0.0.1:{free_port()}"))

    delivery.deliver(message())
    delivery.close()

    (line,) = [record.getMessage() for record in caplog.records]
    assert line == "an e-mail was not sent: ConnectionRefusedError"


def test_a_silent_server_delays_neither_request_nor_end():
    """It accepts the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        delivery = SmtpDelivery(SmtpServer.parse(f"smtp://127.0.0.1:{silent.getsockname()[1]}"))
        started = time.monotonic()
        delivery.deliver(message())
        delivery.close()

    assert time.monotonic() - started < 5


def test_no_password_without_tls(postbox, caplog):
    """The server would take it; the network must not have it."""
    asked = []

    class Greedy(Postbox):
        def authenticate(self, server, session, envelope, mechanism, data):
            asked.append(data)
            return AuthResult(success=True)

    box = Greedy()
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=box.authenticate,
        auth_require_tls=False,
    )
    controller.start()
    try:
        url = f"smtp://ada:secret@127.0.0.1:{controller.port}"
        delivery = SmtpDelivery(SmtpServer.parse(url))
        delivery.deliver(message())
        delivery.close()
    finally:
        controller.stop()

    assert asked == []
    assert "secret" not in caplog.text
    assert "SMTPNotSupportedError" in caplog.text


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail", SmtpServer(host="mail", port=25, tls=False)),
        ("smtp://[::1]:1025", SmtpServer(host="::1", port=1025, tls=False)),
        (
            "smtps://ada:p%40ss@mail/",
            SmtpServer(host="mail", port=465, tls=True, username="ada", password="p@ss"),
        ),
    ],
)
def test_an_address_is_read(url, server):
    """RFC 3986, with the usual ports."""
    assert SmtpServer.parse(url) == server


@pytest.mark.parametrize(
    "url",
    ["", "mail:25", "http://mail", "smtp://", "smtp://mail:x", "smtp://mail/box", "smtp://m?x"],
)
def test_anything_else_is_refused(url):
    """Before the mock starts."""
    with pytest.raises(SmtpUrlError):
        SmtpServer.parse(url)
