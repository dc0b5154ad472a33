"""Verify Amazon Cognito tokens, in headers and in cookies.

::

    from cognito_verify import CognitoVerifier, VerificationError

    verifier = CognitoVerifier(
        user_pool_id="eu-west-1_AbCdEfGhI", client_id="...", token_use="access"
    )
    claims = verifier.verify(token)

Names are imported when they are first used (PEP 562): catching a `VerificationError` in a module
that verifies nothing does not import any cryptography.
"""

# Type checkers take this name for true; `typing` itself would triple the time of this import.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from cognito_verify._key_cache import CacheTimes
    from cognito_verify.claims import AccessClaims, Claims, IdClaims
    from cognito_verify.errors import (
        AlgorithmRefused,
        ClaimMalformed,
        ClaimsRefused,
        ClientMismatch,
        ConfigurationError,
        CustomCheckFailed,
        GroupMissing,
        HeaderRefused,
        IssuerMismatch,
        JwksFetchError,
        KeysUnreachable,
        KeyUnavailable,
        MalformedToken,
        ScopeMissing,
        SignatureInvalid,
        SubjectMismatch,
        TokenExpired,
        TokenNotYetValid,
        TokenUseMismatch,
        UnknownKey,
        VerificationError,
    )
    from cognito_verify.fetching import HttpFetcher, JwksFetcher
    from cognito_verify.jwks_cache import JwksCache
    from cognito_verify.policy import ANY_CLIENT, ANY_TOKEN_USE
    from cognito_verify.verifier import CognitoVerifier

__all__ = [
    "ANY_CLIENT",
    "ANY_TOKEN_USE",
    "AccessClaims",
    "AlgorithmRefused",
    "CacheTimes",
    "ClaimMalformed",
    "Claims",
    "ClaimsRefused",
    "ClientMismatch",
    "CognitoVerifier",
    "ConfigurationError",
    "CustomCheckFailed",
    "GroupMissing",
    "HeaderRefused",
    "HttpFetcher",
    "IdClaims",
    "IssuerMismatch",
    "JwksCache",
    "JwksFetchError",
    "JwksFetcher",
    "KeyUnavailable",
    "KeysUnreachable",
    "MalformedToken",
    "ScopeMissing",
    "SignatureInvalid",
    "SubjectMismatch",
    "TokenExpired",
    "TokenNotYetValid",
    "TokenUseMismatch",
    "UnknownKey",
    "VerificationError",
]

_HOMES = {
    "ANY_CLIENT": "policy",
    "ANY_TOKEN_USE": "policy",
    "AccessClaims": "claims",
    "CacheTimes": "_key_cache",
    "Claims": "claims",
    "CognitoVerifier": "verifier",
    "HttpFetcher": "fetching",
    "IdClaims": "claims",
    "JwksCache": "jwks_cache",
    "JwksFetcher": "fetching",
}


def __getattr__(name: str) -> object:
    """Import a public name's module."""
    from importlib import import_module  # noqa: PLC0415  (not on every start)

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
