"""The errors: stable codes, evidence, and never the token."""

import pickle

import pytest

from cognito_verify import errors

CODES = {
    "MalformedToken": "malformed",
    "HeaderRefused": "header",
    "AlgorithmRefused": "algorithm",
    "KeyUnavailable": "key",
    "UnknownKey": "key",
    "KeysUnreachable": "key",
    "SignatureInvalid": "signature",
    "ClaimMalformed": "malformed",
    "IssuerMismatch": "issuer",
    "TokenUseMismatch": "token_use",
    "ClientMismatch": "audience",
    "ScopeMissing": "scope",
    "GroupMissing": "group",
    "TokenNotYetValid": "not_yet_valid",
    "TokenExpired": "expired",
    "SubjectMismatch": "other",
    "CustomCheckFailed": "other",
}


@pytest.mark.parametrize(("name", "code"), CODES.items(), ids=list(CODES))
def test_code_is_the_reason_of_the_conformance_suite(name: str, code: str) -> None:
    """Every kind of failure has its documented code."""
    kind = getattr(errors, name)

    assert kind.code == code
    assert issubclass(kind, errors.VerificationError)


def test_every_kind_of_failure_is_listed() -> None:
    """No class escapes the table above."""
    bases = {"VerificationError", "ClaimsRefused"}
    kinds = {
        name
        for name in errors.__all__
        if issubclass(getattr(errors, name), errors.VerificationError)
    }

    assert kinds - bases == CODES.keys()


def test_configuration_errors_are_no_verification_errors() -> None:
    """A mistake of the programmer is not answered with 401."""
    assert issubclass(errors.ConfigurationError, ValueError)
    assert not issubclass(errors.ConfigurationError, errors.VerificationError)


def test_evidence_survives_pickling() -> None:
    """An error may cross a process boundary."""
    error = errors.TokenExpired(expired_at=10, now=12.5)

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  (our own bytes)

    assert type(copy) is errors.TokenExpired
    assert (str(copy), copy.expired_at, copy.now) == (str(error), 10, 12.5)


def test_hostile_values_are_cut_and_escaped_in_the_text() -> None:
    """What a stranger writes into a token cannot fill or forge a log."""
    error = errors.UnknownKey(kid="line\nbreak" + "x" * 10_000)

    assert len(str(error)) < 200
    assert "\n" not in str(error)
