"""A thousand tests of ten kinds: everything that a test shares something in with its neighbours."""

import urllib.request

import boto3
import httpx
import jwt
import pytest
import requests

from cognito_verify import CognitoVerifier, TokenExpired, VerificationError

AWS = "https://cognito-idp.us-east-1.amazonaws.com"
CREDENTIALS = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
IDP = boto3.client("cognito-idp", region_name="us-east-1", **CREDENTIALS)
SESSION = requests.Session()


def verifier(pool, client, **more):
    return CognitoVerifier(
        user_pool_id=pool.id, client_id=client.id, token_use="access", issuer=pool.issuer, **more
    )


turns = pytest.mark.parametrize("turn", range(100))


@turns
def test_verify(turn, cognito_pool, cognito_client, cognito_tokens, cognito_user):
    claims = verifier(cognito_pool, cognito_client).verify(cognito_tokens.access_token)
    assert claims["sub"] == cognito_user.sub


@turns
def test_boto3(turn, cognito_tokens, cognito_user):
    answer = IDP.get_user(AccessToken=cognito_tokens.access_token)
    assert answer["Username"] == cognito_user.username


@turns
def test_sign_in_over_the_wire(turn, cognito_client, cognito_user):
    parameters = {"USERNAME": cognito_user.username, "PASSWORD": cognito_user.password}
    answer = IDP.initiate_auth(
        ClientId=cognito_client.id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
    )
    assert answer["AuthenticationResult"]["AccessToken"]


@turns
def test_three_libraries(turn, cognito_pool):
    url = f"{AWS}/{cognito_pool.id}/.well-known/jwks.json"
    with urllib.request.urlopen(url, timeout=30) as answer:
        assert answer.status == 200
    assert httpx.get(url, timeout=30).json() == SESSION.get(url, timeout=30).json()


@turns
def test_sign_up(turn, cognito_client, cognito_inbox):
    name, mail = f"visitor-{turn}", f"visitor-{turn}@example.com"
    IDP.sign_up(
        ClientId=cognito_client.id,
        Username=name,
        Password="Password-1",
        UserAttributes=[{"Name": "email", "Value": mail}],
    )
    code = cognito_inbox.code(mail)
    IDP.confirm_sign_up(ClientId=cognito_client.id, Username=name, ConfirmationCode=code)
    assert len(cognito_inbox.messages()) == 1


@turns
def test_clock(turn, cognito_clock, cognito_pool, cognito_client, cognito_tokens):
    check = verifier(cognito_pool, cognito_client, clock=cognito_clock.now)
    assert check.verify(cognito_tokens.access_token)
    cognito_clock.advance(3600)
    with pytest.raises(TokenExpired):
        check.verify(cognito_tokens.access_token)


@pytest.mark.parametrize("turn", range(10))
def test_bad_tokens(turn, cognito_bad_tokens, cognito_pool, cognito_client):
    with pytest.raises(VerificationError):
        verifier(cognito_pool, cognito_client).verify(cognito_bad_tokens.token)


@turns
def test_faults(turn, cognito, cognito_pool, cognito_client, cognito_tokens):
    with cognito.misbehaving("jwks", status=503), pytest.raises(VerificationError):
        verifier(cognito_pool, cognito_client).verify(cognito_tokens.access_token)
    assert verifier(cognito_pool, cognito_client).verify(cognito_tokens.access_token)


@turns
@pytest.mark.cognito(groups=["admins"], attributes={"given_name": "Ada"})
def test_marker(turn, cognito_tokens):
    claims = jwt.decode(cognito_tokens.id_token, options={"verify_signature": False})
    assert (claims["cognito:groups"], claims["given_name"]) == (["admins"], "Ada")


@turns
def test_minting(turn, cognito_pool, cognito_client, cognito_user, cognito_tokens):
    check = verifier(cognito_pool, cognito_client)
    assert check.verify(cognito_tokens.access_token)
    assert cognito_pool.mint(cognito_user, tamper="expired")
    assert len(cognito_pool.inbox.messages()) == 0
