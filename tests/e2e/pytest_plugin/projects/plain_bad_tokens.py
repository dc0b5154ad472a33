"""The application refuses every bad token; the reason is the test's name."""

import jwt
import pytest
import shop


def check(token, pool_id, client_id):
    claims = shop.claims_of(token, pool_id)
    if (claims["token_use"], claims["client_id"]) != ("access", client_id):
        raise jwt.InvalidAudienceError


def test_it_refuses(cognito_bad_tokens, cognito_pool, cognito_client):
    _reason, token = cognito_bad_tokens

    with pytest.raises(jwt.PyJWTError):
        check(token, cognito_pool.id, cognito_client.id)
