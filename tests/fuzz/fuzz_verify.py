"""Coverage-guided fuzzing of what reads strangers' bytes: tokens, key sets, cookies, ALB data.

::

    pip install atheris
    python tests/fuzz/fuzz_verify.py -max_total_time=300 [CORPUS_DIRECTORY]

The first byte of an input chooses the target. Each target states what must hold for any input: only
the documented errors come out, and what is accepted means the same in a lenient reading. Arguments
are libFuzzer's. `seeds` is a small corpus; a test runs it, and mutations of it, without atheris.
"""

import base64
import json
import re
import sys
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from cognito_verify import CognitoVerifier, VerificationError
from cognito_verify._compact import parse_compact
from cognito_verify._strict_json import NotStrictJson, parse_object
from cognito_verify.alb import AlbVerifier
from cognito_verify.cookies import SessionCookies, read_cookies, write_cookies
from cognito_verify.errors import JwksFetchError
from cognito_verify.jwks import NotAKeySet, parse_key_set

POOL = "eu-west-1_Fuzzing"
CLIENT = "fuzz-client"
NOW = 1_800_000_000
ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/alb/50dc6c495c0c9188"
CLAIMS = {
    "sub": "ada",
    "iss": f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}",
    "client_id": CLIENT,
    "token_use": "access",
    "scope": "openid orders/read",
    "cognito:groups": ["editors"],
    "exp": NOW + 60,
    "nbf": NOW,
    "iat": NOW,
}
_KEY = generate_private_key(65537, 2048)
_NUMBERS = _KEY.public_key().public_numbers()


def segment(raw: bytes) -> str:
    """Write base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


JWKS: dict[str, Any] = {
    "keys": [
        {
            "alg": "RS256",
            "e": "AQAB",
            "kid": "fuzz",
            "kty": "RSA",
            "n": segment(_NUMBERS.n.to_bytes(256, "big")),
            "use": "sig",
        }
    ]
}
_SETTINGS: dict[str, Any] = {
    "user_pool_id": POOL,
    "client_id": CLIENT,
    "token_use": "access",
    "jwks": JWKS,
    "clock": lambda: NOW,
}
_FRESH = CognitoVerifier(**_SETTINGS)
_REMEMBERING = CognitoVerifier(**_SETTINGS, cache=4)


class _NoKeys:
    def fetch(self, uri: str) -> bytes:
        """Fail."""
        raise JwksFetchError(uri)

    async def fetch_async(self, uri: str) -> bytes:
        """Fail."""
        raise JwksFetchError(uri)


_ALB = AlbVerifier(load_balancer_arn=ARN, client_id=CLIENT, fetcher=_NoKeys(), clock=lambda: NOW)


def sign(payload: bytes, header: bytes = b'{"kid":"fuzz","alg":"RS256"}') -> str:
    """Sign any bytes as a token of the pool."""
    signing_input = f"{segment(header)}.{segment(payload)}"
    signature = _KEY.sign(signing_input.encode(), PKCS1v15(), SHA256())
    return f"{signing_input}.{segment(signature)}"


GOOD = sign(json.dumps(CLAIMS).encode())


def token(data: bytes) -> None:
    """Any text: only `VerificationError`; and there is one spelling of what was accepted."""
    text = data.decode("utf-8", "surrogateescape")
    verdicts = [_verdict(verifier, text) for verifier in (_FRESH, _REMEMBERING, _REMEMBERING)]
    assert verdicts[0] == verdicts[1] == verdicts[2]
    if isinstance(verdicts[0], dict):
        assert text == GOOD, "a token that nobody has signed"
    try:
        untrusted = parse_compact(text)
    except VerificationError:
        return
    head, payload, signature = text.split(".")
    assert untrusted.signing_input == f"{head}.{payload}".encode()
    assert segment(untrusted.signature) == signature
    assert json.loads(_lenient(payload)) == untrusted.claims
    assert json.loads(_lenient(head))["kid"] == untrusted.kid


def payload(data: bytes) -> None:
    """Any signed bytes: only `VerificationError`; accepted claims are what was signed."""
    text = sign(data)
    verdicts = [_verdict(verifier, text) for verifier in (_FRESH, _REMEMBERING, _REMEMBERING)]
    assert verdicts[0] == verdicts[1] == verdicts[2]
    claims = verdicts[0]
    if isinstance(claims, dict):
        assert claims == json.loads(data)
        assert claims["token_use"] == "access"
        assert claims["client_id"] == CLIENT
        assert claims["iss"] == CLAIMS["iss"]
        assert claims["exp"] > NOW >= claims.get("nbf", NOW)


def header(data: bytes) -> None:
    """Any signed header: only `VerificationError`; an accepted one is plain RS256."""
    verdict = _verdict(_FRESH, sign(json.dumps(CLAIMS).encode(), data))
    if isinstance(verdict, dict):
        members = json.loads(data)
        assert members["alg"] == "RS256"
        assert members["kid"] == "fuzz"
        assert "crit" not in members


def strict_json(data: bytes) -> None:
    """Any bytes: only `NotStrictJson`; what is accepted can be written and read again."""
    try:
        value = parse_object(data)
    except NotStrictJson:
        return
    assert value == json.loads(data)
    assert parse_object(json.dumps(value, ensure_ascii=False).encode()) == value


def key_set(data: bytes) -> None:
    """Any document: only `NotAKeySet`; all keys of it have distinct ids and safe sizes."""
    try:
        keys = parse_key_set(data)
    except NotAKeySet:
        return
    published = json.loads(data)["keys"]
    kids = [jwk.get("kid") for jwk in published if isinstance(jwk, dict)]
    for key in keys:
        assert key.kid in kids
        assert 256 <= key.size <= 1024
        assert keys.find(key.kid) is key


def cookies(data: bytes) -> None:
    """Any header: never an error; tokens are verbatim in it; bytes and text are read alike."""
    text = data.decode("latin-1")
    found = read_cookies(text, client_id=CLIENT)
    assert read_cookies(data, client_id=CLIENT) == found
    for one in found[1:]:
        assert one is None or one in text
    if found.username is None:
        assert found == SessionCookies()


def username(data: bytes) -> None:
    """Any user's session is found again in the cookies that a browser would send."""
    name = data.decode("utf-8", "replace").replace("\ufffd", "?")
    if not name:
        return
    session = SessionCookies(name, "id.token", "access.token", "refresh")
    pairs = write_cookies(client_id=CLIENT, session=session)
    raw = "; ".join(f"{key}={value}" for key, value in pairs.items())
    if re.search(r'[\x00-\x20";,\\\x7f]', "".join([*pairs, *pairs.values()])):
        return  # no browser would send that
    assert read_cookies(raw, client_id=CLIENT) == session


def alb(data: bytes) -> None:
    """Any text: only `VerificationError`."""
    try:
        _ALB.verify(data.decode("utf-8", "surrogateescape"))
    except VerificationError:
        return
    raise AssertionError("data that nobody has signed")


TARGETS: tuple[Callable[[bytes], None], ...] = (
    token,
    payload,
    header,
    strict_json,
    key_set,
    cookies,
    username,
    alb,
)


def one_input(data: bytes) -> None:
    """Run the target that the first byte chooses."""
    if data:
        TARGETS[data[0] % len(TARGETS)](data[1:])


def seeds() -> list[bytes]:
    """Return inputs that reach the depths of each target."""
    prefix = f"CognitoIdentityServiceProvider.{CLIENT}."
    alb_header = {
        "typ": "JWT",
        "kid": "0a1b2c3d-0000-4000-8000-0123456789ab",
        "alg": "ES256",
        "client": CLIENT,
        "signer": ARN,
        "exp": NOW + 60,
    }
    alb_data = ".".join(
        base64.urlsafe_b64encode(part).decode()
        for part in (json.dumps(alb_header).encode(), b'{"sub":"ada"}', bytes(64))
    )
    by_target: dict[Callable[[bytes], None], list[bytes]] = {
        token: [GOOD.encode(), b"e30.e30.AAAA", b"a.b.c", GOOD.encode() + b"="],
        payload: [
            json.dumps(CLAIMS).encode(),
            json.dumps({**CLAIMS, "exp": NOW + 0.5, "aud": ["x"]}).encode(),
            b'{"exp":1e400}',
            b'{"sub":"\\ud800","exp":NaN}',
            b'{"a":1,"a":2}',
        ],
        header: [
            b'{"kid":"fuzz","alg":"RS256"}',
            b'{"kid":"fuzz","alg":"RS256","crit":["b64"],"b64":false}',
            b'{"kid":"fuzz","alg":"none"}',
        ],
        strict_json: [b'{"a":[{"b":1.5e3},null,true],"c":"\\u00e9\\ud83d\\ude00"}', b"{}", b"[1]"],
        key_set: [
            json.dumps(JWKS).encode(),
            json.dumps({"keys": [*JWKS["keys"], {"kid": "x", "kty": "EC"}]}).encode(),
        ],
        cookies: [
            f"a=b; {prefix}LastAuthUser=ada; {prefix}ada.idToken=i;{prefix}ada.a=".encode(),
            f"{prefix}LastAuthUser=a.b; {prefix}a.b.accessToken=t".encode(),
            f'{prefix}LastAuthUser="a%40b"; {prefix}a%40b.refreshToken="r"'.encode(),
        ],
        username: [b"ada@example.com", "é%41.b".encode(), b"a%2540b"],
        alb: [alb_data.encode(), b"e30=.e30=.AAAA"],
    }
    return [
        bytes([TARGETS.index(target)]) + seed for target, some in by_target.items() for seed in some
    ]


def _verdict(verifier: CognitoVerifier, text: str) -> object:
    """Return the claims, or the error's class."""
    try:
        return dict(verifier.verify(text))
    except VerificationError as error:
        refusal = error
    assert text not in str(refusal) or len(text) < 8, "the token is in the error's text"
    return type(refusal)


def _lenient(encoded: str) -> bytes:
    return base64.urlsafe_b64decode(encoded + "==")


def main() -> None:
    """Fuzz until something is found, or time is up."""
    # No dependency of the tests.
    import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore] # noqa: PLC0415

    atheris.instrument_all()
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
