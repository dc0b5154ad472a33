"""The whole way without a connection: whatever opens one fails."""

import socket

import httpx
import pytest
import shop

from cognito_verify import CognitoVerifier


@pytest.fixture(autouse=True)
def no_connections(monkeypatch):
    def refuse(*_arguments):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "bind", refuse)


def test_everything(cognito, cognito_pool, cognito_client, cognito_user, cognito_tokens):
    assert shop.claims_of(cognito_tokens.access_token, cognito_pool.id)["sub"] == cognito_user.sub
    assert shop.name_of(cognito_tokens.access_token) == cognito_user.username
    assert len(shop.kids(cognito_pool.id)) == 2
    assert shop.discovered_issuer(cognito_pool.id) == shop.issuer(cognito_pool.id)
    verifier = CognitoVerifier(
        user_pool_id=cognito_pool.id, client_id=cognito_client.id, token_use="access"
    )
    assert verifier.verify(cognito_tokens.access_token)["sub"] == cognito_user.sub
    with httpx.Client(transport=cognito.transport, base_url=cognito.url) as client:
        assert client.get("/_mock/health").json()["status"] == "ok"
    assert httpx.get(f"{cognito.url}/_mock/health").json()["status"] == "ok"
