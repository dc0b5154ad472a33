"""boto3 and pycognito sign in over SRP."""

import pytest
from botocore.exceptions import ClientError
from pycognito import Cognito
from pycognito.aws_srp import AWSSRP

from cognito_mock.starter import ADA, CONFIDENTIAL_CLIENT_ID, CONFIDENTIAL_CLIENT_SECRET
from cognito_mock.starter import POOL_ID as POOL
from cognito_mock.starter import PUBLIC_CLIENT_ID as CLIENT

pytestmark = pytest.mark.e2e


def srp(idp, password, **more):
    return AWSSRP(
        username=ADA.username,
        password=password,
        pool_id=POOL,
        client=idp,
        **{"client_id": CLIENT, **more},
    )


def test_boto3_signs_in_over_srp(idp):
    """The right password gives three tokens, and the access token opens GetUser."""
    answer = srp(idp, ADA.password).authenticate_user()

    tokens = answer["AuthenticationResult"]
    assert {"AccessToken", "IdToken", "RefreshToken"} <= tokens.keys()
    user = idp.get_user(AccessToken=tokens["AccessToken"])
    assert {"Name": "sub", "Value": ADA.sub} in user["UserAttributes"]


def test_boto3_signs_in_with_a_client_secret(idp):
    """SECRET_HASH goes with every step."""
    client = {"client_id": CONFIDENTIAL_CLIENT_ID, "client_secret": CONFIDENTIAL_CLIENT_SECRET}

    answer = srp(idp, ADA.password, **client).authenticate_user()

    assert answer["AuthenticationResult"]["TokenType"] == "Bearer"


def test_a_wrong_password_over_srp_is_refused_in_the_services_words(idp):
    """NotAuthorizedException: Incorrect username or password."""
    with pytest.raises(ClientError) as caught:
        srp(idp, "Lovelace-1816").authenticate_user()

    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (
        "NotAuthorizedException",
        "Incorrect username or password.",
    )


@pytest.fixture
def pycognito_user(mock_url):
    """Its endpoint is also where pycognito looks for the issuer and the keys."""
    yield (
        user := Cognito(
            POOL,
            CLIENT,
            username=ADA.username,
            access_key="testing",
            secret_key="testing",
            boto3_client_kwargs={"endpoint_url": mock_url},
        )
    )
    user.client.close()


def test_pycognito_signs_in_and_verifies_what_it_got(pycognito_user):
    """``authenticate`` is SRP; pycognito then verifies both tokens with the pool's JWKS."""
    pycognito_user.authenticate(password=ADA.password)

    assert pycognito_user.id_claims["sub"] == ADA.sub
    assert pycognito_user.access_claims["username"] == ADA.username


def test_pycognito_with_a_wrong_password_is_refused(pycognito_user):
    """The service's exception comes through."""
    with pytest.raises(ClientError, match=r"Incorrect username or password\."):
        pycognito_user.authenticate(password="Lovelace-1816")
