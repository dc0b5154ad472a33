"""An application as people write it: clients made at import, AWS's addresses, no word of a mock."""

import boto3
import httpx
import jwt
import requests

REGION = "us-east-1"
IDP = boto3.client(
    "cognito-idp",
    region_name=REGION,
    aws_access_key_id="application",
    aws_secret_access_key="application",
)
SESSION = requests.Session()
HTTP = httpx.Client()


def issuer(pool_id):
    return f"https://cognito-idp.{REGION}.amazonaws.com/{pool_id}"


def claims_of(token, pool_id):
    """Fetch the keys with urllib, and verify."""
    keys = jwt.PyJWKClient(f"{issuer(pool_id)}/.well-known/jwks.json")
    key = keys.get_signing_key_from_jwt(token)
    return jwt.decode(
        token, key, algorithms=["RS256"], issuer=issuer(pool_id), options={"require": ["exp"]}
    )


def name_of(access_token):
    return IDP.get_user(AccessToken=access_token)["Username"]


def kids(pool_id):
    answer = SESSION.get(f"{issuer(pool_id)}/.well-known/jwks.json", timeout=10)
    return {key["kid"] for key in answer.json()["keys"]}


def discovered_issuer(pool_id):
    return HTTP.get(f"{issuer(pool_id)}/.well-known/openid-configuration").json()["issuer"]


async def discovered_issuer_async(pool_id):
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{issuer(pool_id)}/.well-known/openid-configuration")
        return answer.json()["issuer"]
