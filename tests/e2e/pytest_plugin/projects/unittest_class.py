"""unittest's classes, which take fixtures by marker."""

import unittest

import pytest
import shop


@pytest.mark.usefixtures("cognito_pool")
class TestShop(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def _fixtures(self, cognito_pool, cognito_user, cognito_tokens):
        self.pool, self.user, self.tokens = cognito_pool, cognito_user, cognito_tokens

    def setUp(self):
        self.name = shop.name_of(self.tokens.access_token)

    def test_name(self):
        assert self.name == self.user.username

    def test_claims(self):
        claims = shop.claims_of(self.tokens.access_token, self.pool.id)
        assert claims["sub"] == self.user.sub
