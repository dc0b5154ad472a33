"""The API as real clients see it: uvicorn on a socket, boto3, pycognito's SRP."""

import pytest
from botocore.exceptions import ClientError
from pycognito import AWSSRP

from .live import sdk_client

PASSWORD = "Passw0rd!x"


@pytest.fixture
def idp(api):
    """A client of a server of this test's own."""
    with sdk_client(api.app) as client:
        yield client


@pytest.fixture
def pool_id(idp):
    return idp.create_user_pool(PoolName="demo", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]


@pytest.fixture
def client_id(idp, pool_id):
    created = idp.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="web",
        ExplicitAuthFlows=[
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        ],
    )
    return created["UserPoolClient"]["ClientId"]


def test_region_follows_the_client(pool_id):
    """COG-API-WIRE-011: boto3's region is in the credential scope, and so in the pool's id."""
    assert pool_id.startswith("eu-central-1_")


def test_error_is_raised_as_boto3s_class(idp):
    """boto3 finds its exception by the error type, and the request id."""
    with pytest.raises(idp.exceptions.ResourceNotFoundException) as caught:
        idp.describe_user_pool(UserPoolId="eu-central-1_None")

    assert caught.value.response["Error"]["Message"] == (
        "User pool eu-central-1_None does not exist."
    )
    assert caught.value.response["ResponseMetadata"]["RequestId"]


def test_constraint_violation(idp):
    """boto3 passes on what its own checks let through."""
    with pytest.raises(idp.exceptions.InvalidParameterException, match="2 validation errors"):
        idp.create_user_pool(PoolName="no/slash", MfaConfiguration="SOMETIMES")


def test_stub(idp):
    """An operation without behaviour says so."""
    with pytest.raises(ClientError, match="GetProvisionedLimit is not implemented"):
        idp.get_provisioned_limit(LimitDefinition={"LimitClass": "API_CATEGORY", "Attributes": {}})


def test_dates_are_dates(idp, pool_id):
    """Epoch seconds become datetimes (COG-API-WIRE-006)."""
    pool = idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]

    assert pool["CreationDate"].timestamp() == pytest.approx(
        pool["LastModifiedDate"].timestamp(), abs=1
    )


def test_pagination(idp):
    """boto3's paginator walks through the pages and ends."""
    created = {idp.create_user_pool(PoolName=f"p{n}")["UserPool"]["Id"] for n in range(5)}

    pages = list(idp.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 2}))

    assert [len(page["UserPools"]) for page in pages] == [2, 2, 1]
    assert {pool["Id"] for page in pages for pool in page["UserPools"]} == created


def test_sign_up_and_srp_sign_in(api, idp, pool_id, client_id):
    """A user signs up, confirms, and signs in with an independent SRP implementation."""
    who = {"ClientId": client_id, "Username": "jdoe"}
    idp.sign_up(
        **who, Password=PASSWORD, UserAttributes=[{"Name": "email", "Value": "jdoe@example.org"}]
    )
    idp.confirm_sign_up(**who, ConfirmationCode=api.messages()[-1].code)

    srp = AWSSRP("jdoe", PASSWORD, pool_id, client_id, client=idp)
    result = srp.authenticate_user()["AuthenticationResult"]

    user = idp.get_user(AccessToken=result["AccessToken"])
    assert user["Username"] == "jdoe"
    assert idp.admin_get_user(UserPoolId=pool_id, Username="jdoe")["UserStatus"] == "CONFIRMED"


def test_all_members_of_a_sign_in(idp, pool_id, client_id):
    """COG-API-AUTH-001: what both operations take, and where they differ."""
    who = {"UserPoolId": pool_id, "Username": "jdoe"}
    idp.admin_create_user(**who, MessageAction="SUPPRESS")
    idp.admin_set_user_password(**who, Password=PASSWORD, Permanent=True)
    common = {
        "ClientId": client_id,
        "AuthParameters": {"USERNAME": "jdoe", "PASSWORD": PASSWORD},
        "ClientMetadata": {"a": "b"},
        "AnalyticsMetadata": {"AnalyticsEndpointId": "x"},
    }
    context = {
        "IpAddress": "192.0.2.1",
        "ServerName": "app",
        "ServerPath": "/",
        "HttpHeaders": [{"headerName": "a", "headerValue": "b"}],
    }

    public = idp.initiate_auth(
        **common, AuthFlow="USER_PASSWORD_AUTH", UserContextData={"EncodedData": "x"}
    )
    admin = idp.admin_initiate_auth(
        **common,
        UserPoolId=pool_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        ContextData=context,
    )

    for answer in (public, admin):
        assert answer.keys() - {"ResponseMetadata"} == {
            "AuthenticationResult",
            "ChallengeParameters",
        }


def test_deleting(idp, pool_id):
    """boto3 takes the empty body of an operation without output."""
    assert set(idp.delete_user_pool(UserPoolId=pool_id)) == {"ResponseMetadata"}
