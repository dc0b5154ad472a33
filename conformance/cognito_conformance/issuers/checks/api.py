# ruff: noqa: D103  (what a check requires is in the catalogue, under its name)
"""What the API does with an access token, and how it says no: COG-API-WIRE-*, COG-API-REV-*."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cognito_conformance.forge.encoding import b64url
from cognito_conformance.issuers.checks.judging import (
    BAD_REQUEST,
    NOT_FOUND,
    OK,
    refused,
    require,
    same,
)
from cognito_conformance.issuers.session import Session
from cognito_conformance.issuers.wire import Reply

_DENIED = "NotAuthorizedException"
_ORIGIN = "https://app.example.com"


def get_user(issuer: Session) -> None:
    reply = issuer.get_user(issuer.access_token.text)
    require(reply.status == OK and isinstance(reply.body, dict), f"GetUser: {reply}")
    pairs = {each["Name"]: each["Value"] for each in reply.body["UserAttributes"]}
    same(pairs.get("sub"), issuer.access_token.claim("sub"), "the attribute sub")


def id_token_refused(issuer: Session) -> None:
    refused(issuer.get_user(issuer.id_token.text), _DENIED)


def forged_token_refused(issuer: Session) -> None:
    token = issuer.access_token
    signing_input = f"{_part(token.header)}.{_part(token.claims)}"
    signature = _own_key().sign(signing_input.encode(), padding.PKCS1v15(), hashes.SHA256())
    refused(issuer.get_user(f"{signing_input}.{b64url(signature)}"), _DENIED)


def unsigned_token_refused(issuer: Session) -> None:
    header = {**issuer.access_token.header, "alg": "none"}
    # The API's pattern for tokens admits no empty third part, so that one is given.
    token = f"{_part(header)}.{_part(issuer.access_token.claims)}.AA"
    refused(issuer.get_user(token), _DENIED)


def error_shape(issuer: Session) -> None:
    reply = _error(issuer)
    same(reply.status, BAD_REQUEST, "the status")
    body = reply.body if isinstance(reply.body, dict) else {}
    require(sorted(body) == ["__type", "message"], f"an error with {sorted(body)}")
    require("#" not in str(body["__type"]), "a namespace in __type")


def error_headers(issuer: Session) -> None:
    headers = _error(issuer).headers
    require(headers.get("x-amzn-errortype"), "no x-amzn-ErrorType")
    require(headers.get("x-amzn-requestid"), "no x-amzn-RequestId")


def content_type(issuer: Session) -> None:
    found = issuer.get_user(issuer.access_token.text).headers.get("content-type", "")
    same(found.partition(";")[0], "application/x-amz-json-1.1", "content-type")


def unknown_operation_refused(issuer: Session) -> None:
    reply = issuer.wire.api("SignInAsAnybody", {})
    require(reply.status in {BAD_REQUEST, NOT_FOUND}, f"{reply}")
    same(reply.type, "UnknownOperationException", "the type")


def malformed_json_refused(issuer: Session) -> None:
    refused(issuer.wire.api("InitiateAuth", {}, raw='{"ClientId": '), "SerializationException")


def missing_members_refused(issuer: Session) -> None:
    refused(issuer.wire.api("InitiateAuth", {}), "InvalidParameterException")


def cors_preflight(issuer: Session) -> None:
    reply = issuer.wire.preflight(
        f"{issuer.target.endpoint}/",
        origin=_ORIGIN,
        access_control_request_method="POST",
        access_control_request_headers="content-type,x-amz-target,x-amz-user-agent",
    )
    require(reply.status in {OK, 204}, f"the preflight: {reply}")
    _allows_origin(reply)
    allowed = reply.headers.get("access-control-allow-headers", "").lower()
    require(allowed == "*" or "x-amz-target" in allowed, f"headers allowed: {allowed!r}")


def cors(issuer: Session) -> None:
    _allows_origin(
        issuer.wire.api(
            "GetUser", {"AccessToken": issuer.access_token.text}, headers={"origin": _ORIGIN}
        )
    )


@cache
def _own_key() -> rsa.RSAPrivateKey:
    """Return a key that is nobody's."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2048)


def _error(issuer: Session) -> Reply:
    return issuer.get_user("not.an.access-token")


def _allows_origin(reply: Reply) -> None:
    found = reply.headers.get("access-control-allow-origin")
    require(found in {"*", _ORIGIN}, f"access-control-allow-origin is {found!r}")


def _part(members: Mapping[str, Any]) -> str:
    return b64url(json.dumps(members).encode())
