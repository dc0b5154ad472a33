"""The application, tested; eight times, so that there is something to share out."""

import pytest
import shop


@pytest.mark.parametrize("turn", range(8))
def test_the_application(turn, cognito_pool, cognito_user, cognito_tokens):
    claims = shop.claims_of(cognito_tokens.access_token, cognito_pool.id)

    assert claims["sub"] == cognito_user.sub
    assert shop.name_of(cognito_tokens.access_token) == cognito_user.username
    assert len(shop.kids(cognito_pool.id)) == 2
    assert shop.discovered_issuer(cognito_pool.id) == shop.issuer(cognito_pool.id)
