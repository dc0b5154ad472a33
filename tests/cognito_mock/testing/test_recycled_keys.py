"""What becomes of a test's pool, and of its keys."""

import boto3
import httpx
import jwt
import pytest

from cognito_mock import MockCognito


@pytest.fixture(scope="module")
def mock():
    """A mock whose addresses this process reaches."""
    with MockCognito(socket=False) as running, running.redirected():
        yield running


def key_set(pool):
    return httpx.get(pool.jwks_uri).json()["keys"]


def test_a_deleted_pools_keys_serve_the_next_one_under_other_names(mock):
    """The keys are the same, so making a pool is quick; no kid is, so no old token is good."""
    first = mock.create_pool()
    token = first.sign_in(first.create_user()).access_token
    before = key_set(first)
    mock.delete_pool(first.id)

    second = mock.create_pool()
    after = key_set(second)

    assert {key["n"] for key in after} == {key["n"] for key in before}
    assert not {key["kid"] for key in after} & {key["kid"] for key in before}
    with pytest.raises(jwt.PyJWKClientError, match="Unable to find a signing key"):
        jwt.PyJWKClient(second.jwks_uri).get_signing_key_from_jwt(token)


def test_no_two_pools_share_a_key(mock):
    """Of those that there are at the same time."""
    pools = [mock.create_pool() for _ in range(2)]
    mock.delete_pool(pools.pop().id)
    pools += [mock.create_pool() for _ in range(3)]

    keys = [key["n"] for pool in pools for key in key_set(pool)]

    assert len(keys) == len(set(keys)) == 8


def test_a_pool_goes_with_its_domain_whatever_protects_it(mock):
    """The name is free again; what has gone can be deleted once more."""
    for _ in range(2):
        pool = mock.create_pool(domain="again", settings={"DeletionProtection": "ACTIVE"})

        mock.delete_pool(pool.id)
        mock.delete_pool(pool.id)

        idp = boto3.client(
            "cognito-idp",
            endpoint_url=mock.url,
            region_name="us-east-1",
            aws_access_key_id="x",
            aws_secret_access_key="x",
        )
        with pytest.raises(idp.exceptions.ResourceNotFoundException):
            idp.describe_user_pool(UserPoolId=pool.id)
