"""The mock's time moves for the test that asks for it, and is right again in the next."""

import time

import pytest
import shop
from botocore.exceptions import ClientError


def test_expired(cognito_clock, cognito_tokens):
    assert shop.name_of(cognito_tokens.access_token)

    cognito_clock.advance(3601)

    with pytest.raises(ClientError, match="Access Token has expired"):
        shop.name_of(cognito_tokens.access_token)


def test_after(cognito_tokens, cognito_pool):
    claims = shop.claims_of(cognito_tokens.access_token, cognito_pool.id)

    assert claims["iat"] == pytest.approx(time.time(), abs=60)
    assert shop.name_of(cognito_tokens.access_token)
