"""How a walk through the operations is written down: a step for a call, and of what it is made."""

import re
import time
from base64 import b32decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from botocore import xform_name
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

PASSWORD, NEW_PASSWORD, OTHER_PASSWORD = "Passw0rd!x", "N3w!passw0rd", "0ther!Passw"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKEN = re.compile(r"[A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+){2,4}")
TEXT = re.compile(r"\S+")
MASKED = {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "i***@e***"}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
CSS = ".submitButton-customizable { background-color: #123456; }"
SENDER = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/a@example.org",
}
SMS_ROLE = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"}
SAML = {"MetadataURL": "https://idp.example.org/metadata"}
ERRORS = {
    "LogLevel": "ERROR",
    "EventSource": "userNotification",
    "CloudWatchLogsConfiguration": {
        "LogGroupArn": "arn:aws:logs:eu-central-1:123456789012:log-group:x"
    },
}
BLOCK = {"Actions": {"EventAction": "BLOCK"}}
POOL = {
    "AutoVerifiedAttributes": ["email"],
    "EmailConfiguration": SENDER,
    "SmsConfiguration": SMS_ROLE,
    "UserPoolTier": "PLUS",
    "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
}
FACTORS = {
    "MfaConfiguration": "OPTIONAL",
    "SoftwareTokenMfaConfiguration": {"Enabled": True},
    "SmsMfaConfiguration": {"SmsConfiguration": SMS_ROLE},
}
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
TOKENS = {
    "AccessToken": TOKEN,
    "IdToken": TOKEN,
    "RefreshToken": TOKEN,
    "ExpiresIn": 3600,
    "TokenType": "Bearer",
}
SIGNED_IN = {"AuthenticationResult": TOKENS, "ChallengeParameters": {}}
REFRESHED = {name: value for name, value in TOKENS.items() if name != "RefreshToken"}
NO_BODY = None


@dataclass
class World:
    """What earlier answers gave, by name; the codes that were sent."""

    last_code: Callable[[], str]
    known: dict = field(default_factory=dict)

    def __getitem__(self, name):
        return self.known[name]

    def pool(self, **members):
        return {"UserPoolId": self["pool"], **members}

    def client(self, **members):
        return self.pool(ClientId=self["client"], **members)

    def user(self, **members):
        return self.pool(Username="ida", **members)

    def own(self, **members):
        return {"AccessToken": self["access"], **members}

    def public(self, **members):
        return {"ClientId": self["client"], "Username": "ida", **members}

    def totp(self, *, steps=0):
        """Compute a code independently; the server's clock is the real one."""
        secret = self["secret"]
        key = b32decode(secret + "=" * (-len(secret) % 8))
        sha1 = SHA1()  # noqa: S303  (RFC 6238's own)
        generator = TOTP(key, 6, sha1, 30, enforce_key_length=False)
        return generator.generate(int(time.time()) + 30 * steps).decode()


@dataclass(frozen=True)
class Step:
    """One call: the fact, the members that are sent, those expected, and what is kept of them."""

    fact: str
    members: Callable[[World], Mapping]
    expected: Callable[[World], Mapping | None] | Mapping | None = field(default_factory=dict)
    keep: Mapping[str, Callable[[Mapping], object]] = field(default_factory=dict)

    @property
    def operation(self) -> str:
        return self.fact.rpartition("-")[2]

    @property
    def method(self) -> str:
        return xform_name(self.operation)


def pairs(**attributes):
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def password_flow(flow, password):
    return {"AuthFlow": flow, "AuthParameters": {"USERNAME": "ida", "PASSWORD": password}}


def tokens_of(answer):
    return answer["AuthenticationResult"]


def device_of(answer):
    return tokens_of(answer)["NewDeviceMetadata"]["DeviceKey"]


KEEP_TOKENS = {
    "access": lambda answer: tokens_of(answer)["AccessToken"],
    "refresh": lambda answer: tokens_of(answer)["RefreshToken"],
}
