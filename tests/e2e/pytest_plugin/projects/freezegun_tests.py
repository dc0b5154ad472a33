"""Under freezegun everything in the process goes by the frozen time: tokens, mock, verifiers."""

import datetime as dt
import time

import pytest
import shop
from botocore.exceptions import ClientError
from freezegun import freeze_time

from cognito_verify import CognitoVerifier, TokenExpired

HOUR = 3600
NEW_YEAR = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def verifier(cognito_pool, cognito_client):
    return CognitoVerifier(
        user_pool_id=cognito_pool.id, client_id=cognito_client.id, token_use="access"
    )


def test_a_sign_in_in_frozen_time(cognito_pool, cognito_user, cognito_client, verifier):
    with freeze_time(NEW_YEAR) as frozen:
        token = cognito_pool.sign_in(cognito_user, client=cognito_client).access_token
        claims = verifier.verify(token)
        assert claims["iat"] == NEW_YEAR.timestamp()
        assert shop.claims_of(token, cognito_pool.id)["exp"] == claims["iat"] + HOUR
        assert shop.name_of(token) == cognito_user.username

        frozen.tick(HOUR)

        with pytest.raises(TokenExpired):
            verifier.verify(token)
        with pytest.raises(ClientError, match="Access Token has expired"):
            shop.name_of(token)


@freeze_time("2031-01-01")
def test_fixtures_from_before_the_freeze(cognito_tokens, verifier):
    """They are of the real time: a fixture is made before the decorator freezes."""
    with pytest.raises(TokenExpired):
        verifier.verify(cognito_tokens.access_token)


@pytest.fixture
def frozen():
    with freeze_time("2032-01-01") as time_of_the_test:
        yield time_of_the_test


def test_fixtures_from_inside_the_freeze(frozen, cognito_tokens, cognito_clock, verifier):
    claims = verifier.verify(cognito_tokens.access_token)
    assert dt.datetime.fromtimestamp(claims["iat"], dt.UTC).year == 2032

    cognito_clock.advance(HOUR + 1)  # the mock alone

    assert verifier.verify(cognito_tokens.access_token)
    with pytest.raises(ClientError, match="Access Token has expired"):
        shop.name_of(cognito_tokens.access_token)


def test_afterwards(cognito_tokens, verifier):
    assert verifier.verify(cognito_tokens.access_token)["iat"] == pytest.approx(time.time(), abs=60)
