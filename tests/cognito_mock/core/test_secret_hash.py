"""SECRET_HASH."""

from cognito_mock.core.clients import AppClient, ClientSecret
from cognito_mock.core.secret_hash import secret_hash, secret_hash_matches, secret_matches

SECRET = "1abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmno"
CLIENT_ID = "1example23456789abcdefghij"
VECTOR = "EP2NGF+3n/v6EwlqxVZ8x5KwTqLJQ/Ooi30Ch2J6AlI="


def client(*secrets: str) -> AppClient:
    return AppClient(
        id=CLIENT_ID,
        pool_id="eu-west-1_AbCdEfGhI",
        name="web",
        secrets=tuple(ClientSecret(id=s, value=s, created_at=1) for s in secrets),
        settings={},
        created_at=1,
        modified_at=1,
    )


def test_vector():
    """COG-API-SECRET-001."""
    assert secret_hash(SECRET, "jdoe", CLIENT_ID) == VECTOR


def test_either_of_two_secrets_will_do():
    """COG-API-SECRET-005."""
    assert secret_hash_matches(client("other", SECRET), "jdoe", VECTOR)
    assert secret_hash_matches(client(SECRET, "other"), "jdoe", VECTOR)
    assert secret_matches(client("other", SECRET), SECRET)


def test_a_hash_for_somebody_else_does_not_match():
    """The username is part of the hash, and so is the secret."""
    assert not secret_hash_matches(client(SECRET), "jdoe2", VECTOR)
    assert not secret_hash_matches(client("other"), "jdoe", VECTOR)
    assert not secret_hash_matches(client(SECRET), "jdoe", VECTOR.rstrip("="))
    assert not secret_hash_matches(client(), "jdoe", VECTOR)
    assert not secret_matches(client(), "")
