"""Laws of the verifier, for any input. The fixed twins are in ``tests/cognito_verify``."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cognito_verify import (
    ANY_CLIENT,
    ANY_TOKEN_USE,
    CognitoVerifier,
    HeaderRefused,
    IssuerMismatch,
    TokenExpired,
    VerificationError,
)
from cognito_verify.cookies import SessionCookies, read_cookies, write_cookies

pytestmark = pytest.mark.property

SETTINGS = settings(max_examples=200, deadline=None)
NOW = 1_800_000_000
POOL = "eu-west-1_AbCdEfGhI"
ISSUER = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}"
CLIENT = "1h57kf5cpq17m0eml12EXAMPLE"
BASE = {
    "sub": "7c1de2aa",
    "iss": ISSUER,
    "client_id": CLIENT,
    "token_use": "access",
    "scope": "openid",
    "exp": NOW + 3600,
    "iat": NOW,
}


def b64u(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _jwk(private_key: RSAPrivateKey) -> dict[str, Any]:
    modulus = private_key.public_key().public_numbers().n.to_bytes(256, "big")
    return {"alg": "RS256", "e": "AQAB", "kid": "k", "kty": "RSA", "n": b64u(modulus), "use": "sig"}


PRIVATE_KEY = generate_private_key(65537, 2048)
JWKS = {"keys": [_jwk(PRIVATE_KEY)]}


def sign(claims: dict[str, Any], /, **header: Any) -> str:
    parts = ({"kid": "k", "alg": "RS256", **header}, claims)
    signing_input = ".".join(b64u(json.dumps(part).encode()) for part in parts)
    signature = PRIVATE_KEY.sign(signing_input.encode(), PKCS1v15(), SHA256())
    return f"{signing_input}.{b64u(signature)}"


def verifier(**changes: Any) -> CognitoVerifier:
    options: dict[str, Any] = {
        "user_pool_id": POOL,
        "client_id": CLIENT,
        "token_use": "access",
        "jwks": JWKS,
        "clock": lambda: NOW,
    }
    return CognitoVerifier(**{**options, **changes})


VERIFIER = verifier()
LENIENT = verifier(client_id=ANY_CLIENT, token_use=ANY_TOKEN_USE)
GOOD = sign(BASE)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**40), max_value=10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
RESERVED = {*BASE, "nbf", "aud", "cognito:groups"}
other_claims = st.dictionaries(
    st.text(min_size=1).filter(lambda name: name not in RESERVED), json_values, max_size=6
)


class TestAccept:
    """RFC 7519 §4: claims that are not understood MUST be ignored."""

    @given(
        extra=other_claims, groups=st.lists(st.text(), max_size=100), lifetime=st.integers(1, 86400)
    )
    @SETTINGS
    def test_any_valid_token_is_accepted_with_its_claims(
        self, extra: dict[str, Any], groups: list[str], lifetime: int
    ) -> None:
        """What comes out is what was signed."""
        claims = {**extra, **BASE, "cognito:groups": groups, "exp": NOW + lifetime}

        verified = VERIFIER.verify(sign(claims))

        assert dict(verified) == claims
        assert verified.groups == tuple(groups)


class TestReject:
    """RFC 7515 §5.2: the signature covers header and payload, and is all of the third part."""

    @given(position=st.integers(0, len(GOOD) - 1), bit=st.integers(0, 6))
    @example(position=len(GOOD) - 1, bit=0)
    @SETTINGS
    def test_any_flipped_bit_is_rejected(self, position: int, bit: int) -> None:
        """Of the token's text, wherever it is."""
        flipped = chr(ord(GOOD[position]) ^ (1 << bit))

        with pytest.raises(VerificationError):
            LENIENT.verify(GOOD[:position] + flipped + GOOD[position + 1 :])

    @given(position=st.integers(0, len(GOOD)), insertion=st.text(min_size=1, max_size=3))
    @SETTINGS
    def test_any_insertion_is_rejected(self, position: int, insertion: str) -> None:
        """A token has one spelling."""
        with pytest.raises(VerificationError):
            LENIENT.verify(GOOD[:position] + insertion + GOOD[position:])

    @given(position=st.integers(0, len(GOOD) - 1), length=st.integers(1, len(GOOD)))
    @SETTINGS
    def test_any_deletion_is_rejected(self, position: int, length: int) -> None:
        """Nothing in it is superfluous."""
        with pytest.raises(VerificationError):
            LENIENT.verify(GOOD[:position] + GOOD[position + length :])

    @given(token=st.text() | st.binary() | st.from_regex(r"[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*){0,4}"))
    @example(token="..")
    @SETTINGS
    def test_junk_is_rejected_and_nothing_else_happens(self, token: Any) -> None:
        """Only `VerificationError` comes out."""
        with pytest.raises(VerificationError):
            LENIENT.verify(token)

    @given(header=json_values, payload=json_values)
    @SETTINGS
    def test_any_unsigned_json_is_rejected(self, header: Any, payload: Any) -> None:
        """Well-formed parts of any shape."""
        parts = (b64u(json.dumps(part).encode()) for part in (header, payload))

        with pytest.raises(VerificationError):
            LENIENT.verify(".".join((*parts, "AAAA")))

    @given(raw=st.binary())
    @SETTINGS
    def test_any_signed_octets_give_claims_or_a_refusal(self, raw: bytes) -> None:
        """Even the pool cannot crash the verifier."""
        signing_input = GOOD.split(".")[0] + "." + b64u(raw)
        signature = PRIVATE_KEY.sign(signing_input.encode(), PKCS1v15(), SHA256())

        with pytest.raises(VerificationError):
            LENIENT.verify(f"{signing_input}.{b64u(signature)}")

    @given(claims=st.dictionaries(st.sampled_from(sorted(RESERVED)), json_values))
    @SETTINGS
    def test_any_signed_claims_give_typed_attributes_or_a_refusal(
        self, claims: dict[str, Any]
    ) -> None:
        """Whatever is accepted keeps the promises of its types."""
        try:
            verified = LENIENT.verify(sign({**BASE, **claims}))
        except VerificationError:
            return

        assert isinstance(verified.sub, str)
        assert isinstance(verified.client_id, str)
        assert isinstance(verified.username, str | None)
        assert isinstance(verified.expires_at, int | float)
        assert all(isinstance(name, str) for name in (*verified.groups, *verified.scopes))


class TestHeader:
    """RFC 7515 §4.1.11: "crit" is the only member that makes others matter."""

    @given(
        junk=st.dictionaries(
            st.sampled_from(("typ", "cty", "jku", "jwk", "x5u", "x5c", "x5t", "zip", "enc", "crit"))
            | st.text().filter(lambda name: name not in {"alg", "kid", "b64", "crit"}),
            json_values,
        )
    )
    @example(junk={"crit": []})
    @SETTINGS
    def test_junk_is_ignored_unless_it_is_critical(self, junk: dict[str, Any]) -> None:
        """Rejected if and only if there is "crit"."""
        token = sign(BASE, **junk)

        if "crit" in junk:
            with pytest.raises(HeaderRefused):
                VERIFIER.verify(token)
        else:
            assert VERIFIER.verify(token)


class TestExpiry:
    """RFC 7519 §4.1.4: "on or after which the JWT MUST NOT be accepted"."""

    @given(
        exp=st.integers(0, 2**33) | st.floats(0, 2**33),
        leeway=st.integers(0, 3600),
        distance=st.integers(-5, 5) | st.floats(-1e6, 1e6),
    )
    @example(exp=100, leeway=10, distance=0)
    @SETTINGS
    def test_expiry_is_a_step_function(self, exp: float, leeway: int, distance: float) -> None:
        """Good before, and never again from that moment on."""
        subject = verifier(leeway=leeway)
        token = sign({**BASE, "exp": exp})
        now = exp + leeway + distance

        if now < exp + leeway:
            assert subject.verify(token, now=now).expires_at == exp
        else:
            with pytest.raises(TokenExpired):
                subject.verify(token, now=now)


class TestIssuer:
    """RFC 7519 §4.1.1: "a case-sensitive string"."""

    @given(
        issuer=st.text()
        | st.builds(
            lambda position, text: ISSUER[:position] + text + ISSUER[position:],
            st.integers(0, len(ISSUER)),
            st.text(max_size=2),
        )
        | st.sampled_from([ISSUER.upper(), ISSUER.title(), ISSUER.replace("/", "\\")])
    )
    @SETTINGS
    def test_only_the_issuer_itself_will_do(self, issuer: str) -> None:
        """No prefix, no suffix, no other spelling."""
        assume(issuer != ISSUER)

        with pytest.raises(IssuerMismatch):
            VERIFIER.verify(sign({**BASE, "iss": issuer}))


cookie_octets = st.text(st.characters(max_codepoint=255, exclude_characters=";"), max_size=20)
jwt_like = st.from_regex(r"\A[A-Za-z0-9_-]{1,20}(\.[A-Za-z0-9_-]{1,20}){2}\Z")
# A username has no control characters, and no space at its ends.
usernames = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


class TestCookies:
    """COG-AMP-024, COG-AMP-025: what Amplify writes is what is read."""

    @given(
        username=usernames,
        access_token=jwt_like,
        refresh_token=st.none() | jwt_like,
        foreign=st.lists(cookie_octets, max_size=6),
        position=st.integers(0, 10),
    )
    @example(
        username="a%40b.com", access_token="a.b.c", refresh_token=None, foreign=["x"], position=0
    )
    @SETTINGS
    def test_a_session_survives_the_way_through_a_browser(
        self,
        username: str,
        access_token: str,
        refresh_token: str | None,
        foreign: list[str],
        position: int,
    ) -> None:
        """Whatever the user is called, and whatever cookies others have set."""
        session = SessionCookies(username, None, access_token, refresh_token)
        pairs = [
            f"{name}={value}"
            for name, value in write_cookies(client_id=CLIENT, session=session).items()
        ]
        assume(not any("CognitoIdentityServiceProvider" in pair for pair in foreign))
        pairs[position:position] = foreign

        assert read_cookies("; ".join(pairs), client_id=CLIENT) == session

    @given(
        header=st.text()
        | st.binary()
        | st.lists(st.text())
        | st.lists(
            st.sampled_from(["LastAuthUser", "a.idToken", "a%40b.idToken", "%FF.idToken"]).map(
                lambda item: f"CognitoIdentityServiceProvider.{CLIENT}.{item}"
            )
            | cookie_octets,
            max_size=12,
        ).map("=".join)
    )
    @SETTINGS
    def test_any_header_is_read_without_a_crash(self, header: Any) -> None:
        """And nothing comes out that is not in it."""
        found = read_cookies(header, client_id=CLIENT)

        text = "\n".join(header) if isinstance(header, list) else header
        text = text.decode("latin-1") if isinstance(text, bytes) else text
        for token in (found.id_token, found.access_token, found.refresh_token):
            assert token is None or token in text
