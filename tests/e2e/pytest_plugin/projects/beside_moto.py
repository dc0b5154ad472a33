"""Cognito is the mock's, S3 and DynamoDB are moto's; with clients from before and from inside."""

import boto3
import pytest
import requests
import shop
from botocore.exceptions import ClientError
from moto import mock_aws

# moto reaches sessions that begin after its import; `shop` began the default one before.
AWS = boto3.Session()
S3 = AWS.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="a")


def check(pool, tokens, user):
    assert shop.name_of(tokens.access_token) == user.username
    assert len(shop.kids(pool.id)) == 2
    assert shop.claims_of(tokens.access_token, pool.id)["sub"] == user.sub
    assert shop.discovered_issuer(pool.id) == shop.issuer(pool.id)
    fresh = boto3.client("cognito-idp", region_name="us-east-1")
    assert fresh.describe_user_pool(UserPoolId=pool.id)["UserPool"]["Id"] == pool.id
    with pytest.raises(ClientError):
        shop.IDP.get_user(AccessToken="nonsense")
    for s3 in (S3, AWS.client("s3", region_name="us-east-1")):
        name = f"bucket-{id(s3)}"
        s3.create_bucket(Bucket=name)
        assert name in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    tables = AWS.client("dynamodb", region_name="us-east-1")
    tables.create_table(
        TableName="carts",
        KeySchema=[{"AttributeName": "sub", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "sub", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    cart = {"sub": {"S": user.sub}, "books": {"N": "3"}}
    tables.put_item(TableName="carts", Item=cart)
    assert tables.get_item(TableName="carts", Key={"sub": cart["sub"]})["Item"] == cart
    assert requests.get("https://s3.amazonaws.com/", timeout=5).ok


@mock_aws
def test_decorated(cognito_pool, cognito_tokens, cognito_user):
    check(cognito_pool, cognito_tokens, cognito_user)


def test_inside(cognito_pool, cognito_tokens, cognito_user):
    with mock_aws():
        check(cognito_pool, cognito_tokens, cognito_user)


@pytest.fixture
def moto_first():
    with mock_aws():
        yield


def test_entered_before(moto_first, cognito_pool, cognito_tokens, cognito_user):
    check(cognito_pool, cognito_tokens, cognito_user)
