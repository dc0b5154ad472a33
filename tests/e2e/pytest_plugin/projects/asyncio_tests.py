"""Asynchronous tests and fixtures under pytest-asyncio's plugin, each in a loop of its own."""

import pytest
import pytest_asyncio
import shop

from cognito_verify import CognitoVerifier, VerificationError


@pytest_asyncio.fixture
async def discovered(cognito_pool):
    return await shop.discovered_issuer_async(cognito_pool.id)


@pytest.mark.parametrize("turn", range(2))
async def test_asynchronous_fixtures(turn, discovered, cognito_pool):
    assert discovered == shop.issuer(cognito_pool.id)


async def test_verifier(cognito_pool, cognito_client, cognito_tokens, cognito_user):
    verifier = CognitoVerifier(
        user_pool_id=cognito_pool.id, client_id=cognito_client.id, token_use="access"
    )

    claims = await verifier.verify_async(cognito_tokens.access_token)

    assert claims["sub"] == cognito_user.sub
    with pytest.raises(VerificationError):
        await verifier.verify_async(cognito_tokens.id_token)


def test_a_synchronous_test_beside_them(cognito_tokens, cognito_user):
    assert shop.name_of(cognito_tokens.access_token) == cognito_user.username
