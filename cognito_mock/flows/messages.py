"""Writing the messages that a pool sends, from its templates."""

import re
from collections.abc import Collection, Iterable
from html import escape

from cognito_mock.core.grants import Message
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pools import UserPool
from cognito_mock.core.users import User
from cognito_mock.flows.inbox import post
from cognito_mock.flows.services import Services
from cognito_mock.stores.base import Transaction

# COG-API-JSON-003, with the space after the last period; codes by e-mail have other words.
_INVITATION = "Your username is {username} and temporary password is {####}. "
_BY_EMAIL = "Your confirmation code is {####}"
_BY_SMS = "Your verification code is {####}. "
_BY_LINK = "Please click the link below to verify your email address. {##Verify Email##} "
_AUTHENTICATION = "Your authentication code is {####}. "
_ANCHOR = re.compile(r"\{##(?!##\})(.+?)##\}", re.DOTALL)  # COG-API-SIGNUP-011
_MEDIUM = {"email": "EMAIL", "phone_number": "SMS"}


def post_invitation(
    tx: Transaction,
    services: Services,
    pool: UserPool,
    user: User,
    *,
    password: str,
    mediums: Collection[str],
) -> list[Message]:
    """Tell a new user their temporary password, by the asked-for mediums that reach them.

    The service's default is SMS (COG-API-STATUS-005); somebody without a phone gets an e-mail here,
    since a mock's inbox is there to be read.
    """
    reachable = [name for name in ("phone_number", "email") if user.attributes.get(name)]
    chosen = [name for name in reachable if _MEDIUM[name] in mediums] or reachable[:1]
    template = _section(_section(pool.settings, "AdminCreateUserConfig"), "InviteMessageTemplate")
    return [
        _post(
            tx,
            services,
            user,
            attribute=name,
            trigger_source="CustomMessage_AdminCreateUser",
            subject=_text(template, "EmailSubject", "Your temporary password"),
            body=_text(template, "EmailMessage" if name == "email" else "SMSMessage", _INVITATION),
            code=password,
        )
        for name in chosen
    ]


def post_code(
    tx: Transaction,
    services: Services,
    pool: UserPool,
    user: User,
    *,
    attribute: str,
    code: str,
    trigger_source: str,
    link: str | None = None,
) -> Message:
    """Send a confirmation code to ``attribute``, in the pool's words; or a link that holds it."""
    template = _section(pool.settings, "VerificationMessageTemplate")
    if link is not None:
        return _post(
            tx,
            services,
            user,
            attribute=attribute,
            trigger_source=trigger_source,
            subject=_text(template, "EmailSubjectByLink", "Your verification link"),
            body=_with_anchor(_text(template, "EmailMessageByLink", _BY_LINK), link),
            code=code,
            link=link,
        )
    if attribute == "email":
        legacy = _text(pool.settings, "EmailVerificationMessage", "")
        body = _text(template, "EmailMessage", legacy or _BY_EMAIL)
    else:
        legacy = _text(pool.settings, "SmsVerificationMessage", "")
        body = _text(template, "SmsMessage", legacy or _BY_SMS)
    subject = _text(pool.settings, "EmailVerificationSubject", "Your verification code")
    return _post(
        tx,
        services,
        user,
        attribute=attribute,
        trigger_source=trigger_source,
        subject=_text(template, "EmailSubject", subject),
        body=body,
        code=code,
    )


def sends_links(pool: UserPool) -> bool:
    """Whether who signs up with an e-mail address is sent a link (COG-API-SIGNUP-011)."""
    template = _section(pool.settings, "VerificationMessageTemplate")
    return template.get("DefaultEmailOption") == "CONFIRM_WITH_LINK"


def post_mfa_code(
    tx: Transaction,
    services: Services,
    pool: UserPool,
    user: User,
    *,
    attribute: str,
    code: str,
) -> Message:
    """Send a code of the second factor to ``attribute``, in the pool's words."""
    if attribute == "email":
        template = _section(pool.settings, "EmailMfaConfiguration")
        body = _text(template, "Message", _AUTHENTICATION)
        subject = _text(template, "Subject", "Your authentication code")
    else:
        body = _text(pool.settings, "SmsAuthenticationMessage", _AUTHENTICATION)
        subject = ""
    return _post(
        tx,
        services,
        user,
        attribute=attribute,
        trigger_source="CustomMessage_Authentication",
        subject=subject,
        body=body,
        code=code,
    )


def deliver(services: Services, messages: Iterable[Message]) -> None:
    """Carry messages outside, after the transaction that posted them."""
    for message in messages:
        services.delivery.deliver(message)


def mask(attribute: str, value: str) -> str:
    """Return a destination as it is shown to whoever asks for a code (COG-API-WIRE-041)."""
    if attribute == "phone_number":
        return f"+{'*' * max(len(value) - 5, 0)}{value[-4:]}"
    local, _, domain = value.partition("@")
    return f"{local[:1]}***@{domain[:1]}***"


def medium_of(attribute: str) -> str:
    """Return by what a code to ``attribute`` travels."""
    return _MEDIUM[attribute]


def _post(
    tx: Transaction,
    services: Services,
    user: User,
    *,
    attribute: str,
    trigger_source: str,
    subject: str,
    body: str,
    code: str,
    link: str | None = None,
) -> Message:
    return post(
        tx,
        services,
        pool_id=user.pool_id,
        username=user.username,
        medium=_MEDIUM[attribute],
        recipient=user.attributes[attribute],
        trigger_source=trigger_source,
        subject=subject if attribute == "email" else "",
        # One pass each, so that a name with braces stays a name.
        body=body.replace("{####}", code).replace("{username}", user.username),
        code=code,
        link=link,
    )


def _with_anchor(template: str, link: str) -> str:
    # The message is HTML. A function, so that nothing in the link is read as a replacement's
    # escape.
    return _ANCHOR.sub(lambda text: f'<a href="{escape(link)}">{text[1]}</a>', template)


def _section(document: JsonObject, name: str) -> JsonObject:
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def _text(document: JsonObject, name: str, default: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) and value else default
