"""Asynchronous tests under anyio's plugin."""

import jwt
import pytest
import shop

from cognito_verify import CognitoVerifier

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def test_discovery(cognito_pool):
    assert await shop.discovered_issuer_async(cognito_pool.id) == shop.issuer(cognito_pool.id)


async def test_verifier(cognito_pool, cognito_client, cognito_tokens, cognito_user):
    verifier = CognitoVerifier(
        user_pool_id=cognito_pool.id, client_id=cognito_client.id, token_use="access"
    )

    claims = await verifier.verify_async(cognito_tokens.access_token)

    assert claims["sub"] == cognito_user.sub
    assert jwt.get_unverified_header(cognito_tokens.access_token)["kid"]
