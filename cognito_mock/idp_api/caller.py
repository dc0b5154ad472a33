"""What the headers of a call say: the region it is for, and whether it is signed."""

import re
from dataclasses import dataclass

from cognito_mock.idp_api.errors import (
    IncompleteSignatureException,
    MissingAuthenticationTokenException,
)

DEFAULT_REGION = "us-east-1"
_SCHEME = "AWS4-HMAC-SHA256"
_REGION = r"[a-z]{2,4}(?:-[a-z]{1,12}){1,3}-[0-9]{1,2}"
# COG-API-WIRE-001
_HOST = re.compile(rf"cognito-idp(?:-fips)?\.({_REGION})\.(?:amazonaws\.com(?:\.cn)?|api\.aws)")
# Bounded, so that a header made of beginnings is not searched to its end from each of them.
_PART = r"[^/,\s]{1,128}"
_CREDENTIAL = re.compile(
    rf"Credential={_PART}/[0-9]{{8}}/({_PART})/{_PART}/aws4_request(?=[,\s]|\Z)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """``region`` is where a new pool belongs; ``signed`` tells of a well-formed signature."""

    region: str
    signed: bool


def read_caller(*, host: str, authorization: str, must_sign: bool) -> Caller:
    """Read the headers; raise when the operation wants a signature and there is none.

    Signatures are not verified, any credentials will do (COG-API-WIRE-010). On an operation that
    needs none, the header is ignored whatever it holds (COG-API-WIRE-012, -030).
    """
    scope = _CREDENTIAL.search(authorization) if authorization.startswith(_SCHEME) else None
    if must_sign and scope is None:
        if authorization.startswith(_SCHEME):
            raise IncompleteSignatureException(
                "Authorization header requires 'Credential' parameter."
            )
        raise MissingAuthenticationTokenException("Missing Authentication Token")
    return Caller(region=_region(host, scope), signed=scope is not None)


def _region(host: str, scope: re.Match[str] | None) -> str:
    """COG-API-WIRE-011."""
    named = _HOST.fullmatch(host.lower().partition(":")[0])
    if named is not None:
        return named.group(1)
    if scope is not None and re.fullmatch(_REGION, scope.group(1)):
        return scope.group(1)
    return DEFAULT_REGION
