"""Three verifiers that know nothing of each other agree on the mock's tokens."""

import base64
import json
import subprocess
import urllib.request
from pathlib import Path

import jwt
import pytest

from cognito_mock.starter import ADA
from cognito_mock.starter import POOL_ID as POOL
from cognito_mock.starter import PUBLIC_CLIENT_ID as CLIENT
from cognito_verify import CognitoVerifier, VerificationError

pytestmark = pytest.mark.e2e
NODE = Path(__file__).parent / "node"


@pytest.fixture
def issuer(mock_url):
    return f"{mock_url}/{POOL}"


@pytest.fixture
def tokens(idp):
    """A token of either use by name, from a sign-in with the password."""
    result = idp.initiate_auth(
        ClientId=CLIENT,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": ADA.username, "PASSWORD": ADA.password},
    )["AuthenticationResult"]
    return {"id": result["IdToken"], "access": result["AccessToken"]}


def with_one_byte_flipped(token, part):
    """Turn the lowest bit of a byte in the middle of the header, the claims or the signature."""
    parts = token.split(".")
    octets = bytearray(base64.urlsafe_b64decode(parts[part] + "=" * (-len(parts[part]) % 4)))
    octets[len(octets) // 2] ^= 1
    parts[part] = base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
    return ".".join(parts)


def flipped(tokens):
    return {
        (use, part): with_one_byte_flipped(token, part)
        for use, token in tokens.items()
        for part in range(3)
    }


@pytest.mark.parametrize("use", ["id", "access"])
def test_cognito_verify(issuer, tokens, use):
    """Our verifier, over the network."""
    verifier = CognitoVerifier(user_pool_id=POOL, client_id=CLIENT, token_use=use, issuer=issuer)

    assert verifier.verify(tokens[use])["sub"] == ADA.sub
    for (kind, _), token in flipped(tokens).items():
        if kind == use:
            with pytest.raises(VerificationError):
                verifier.verify(token)


@pytest.mark.parametrize("use", ["id", "access"])
def test_pyjwt(issuer, tokens, use):
    """PyJWT with its own JWKS client."""
    keys = jwt.PyJWKClient(f"{issuer}/.well-known/jwks.json")

    def verify(token):
        return jwt.decode(
            token,
            keys.get_signing_key_from_jwt(token),
            algorithms=["RS256"],
            issuer=issuer,
            audience=CLIENT if use == "id" else None,
        )

    assert verify(tokens[use])["sub"] == ADA.sub
    for (kind, _), token in flipped(tokens).items():
        if kind == use:
            with pytest.raises(jwt.PyJWTError):
                verify(token)


def test_aws_jwt_verify(issuer, tokens):
    """AWS's verifier on Node; ``null`` means accepted."""
    assert (NODE / "node_modules").is_dir(), f"run npm install in {NODE}"
    with urllib.request.urlopen(f"{issuer}/.well-known/jwks.json", timeout=5) as response:
        jwks = json.load(response)
    named = {use: {"token": token, "use": use} for use, token in tokens.items()}
    named |= {
        f"{use}-{part}": {"token": token, "use": use}
        for (use, part), token in flipped(tokens).items()
    }
    wish = {"issuer": issuer, "clientId": CLIENT, "jwks": jwks, "tokens": named}

    done = subprocess.run(
        ["node", "verify.mjs"],
        cwd=NODE,
        input=json.dumps(wish),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    verdicts = json.loads(done.stdout)
    assert verdicts.keys() == named.keys()
    assert {name for name, error in verdicts.items() if error is None} == {"id", "access"}
