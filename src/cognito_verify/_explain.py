"""Say in words which checks a token has passed, in the order in which they are made.

Decides nothing: it reads where a verifier stopped from the error that it raised.
"""

from collections.abc import Iterator
from typing import NamedTuple

from cognito_verify.errors import (
    AlgorithmRefused,
    ClaimMalformed,
    ClientMismatch,
    HeaderRefused,
    IssuerMismatch,
    KeyUnavailable,
    MalformedToken,
    SignatureInvalid,
    TokenExpired,
    TokenNotYetValid,
    TokenUseMismatch,
    VerificationError,
)


class _Check(NamedTuple):
    title: str
    refusals: tuple[type[VerificationError], ...]
    #: The claim that must have the right type for this check.
    claim: str | None = None


CHECKS = (
    _Check("form: three segments of base64url, an object of strict JSON", (MalformedToken,)),
    _Check("header: asks for no extension (crit, b64)", (HeaderRefused,)),
    _Check("algorithm: RS256 (alg)", (AlgorithmRefused,)),
    _Check("key: published by the pool under that id (kid)", (KeyUnavailable,)),
    _Check("signature: made with that key", (SignatureInvalid,)),
    _Check("issuer: the pool (iss)", (IssuerMismatch,)),
    _Check("kind of token: as wanted (token_use)", (TokenUseMismatch,)),
    _Check("app client: as wanted (client_id, or aud of an id token)", (ClientMismatch,)),
    _Check("subject: there is one (sub)", (), "sub"),
    _Check("time of issue: is a time, if there is one (iat)", (), "iat"),
    _Check("start: has come, if there is one (nbf)", (TokenNotYetValid,), "nbf"),
    _Check("expiry: has not come (exp)", (TokenExpired,), "exp"),
)


def explain(error: VerificationError | None) -> Iterator[str]:
    """Return a line for each check; ``error`` is what the verifier raised, None for nothing."""
    verdict = "passed"
    for check in CHECKS:
        stopped = error is not None and _stopped_at(check, error)
        yield f"{'FAILED' if stopped else verdict:11} {check.title}"
        if stopped:
            verdict = "not reached"


def _stopped_at(check: _Check, error: VerificationError) -> bool:
    if isinstance(error, ClaimMalformed):
        return error.claim == check.claim
    return isinstance(error, check.refusals)
