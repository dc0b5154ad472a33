"""Compact serialization and the header."""

import base64
import json

import pytest

from cognito_verify import AlgorithmRefused, HeaderRefused, MalformedToken, UnknownKey
from cognito_verify._compact import MAX_HEADER_LENGTH, MAX_TOKEN_LENGTH, parse_compact


def segment(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


HEADER = segment(b'{"kid":"k","alg":"RS256"}')
PAYLOAD = segment(b'{"a":1}')


def test_the_parts_come_apart() -> None:
    """COG-VER-001: A well-formed token gives its key id, claims, signing input and signature."""
    untrusted = parse_compact(f"{HEADER}.{PAYLOAD}.AQID")

    assert untrusted.kid == "k"
    assert untrusted.claims == {"a": 1}
    assert untrusted.signing_input == f"{HEADER}.{PAYLOAD}".encode()
    assert untrusted.signature == b"\1\2\3"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("...", id="dots"),
        pytest.param(HEADER, id="one part"),
        pytest.param(f"{HEADER}.{PAYLOAD}", id="two parts"),
        pytest.param(f"{HEADER}.{PAYLOAD}.AQID.", id="four parts, last empty"),
        pytest.param(f"{HEADER}.{PAYLOAD}.AQID.AQID", id="four parts"),
        pytest.param(f".{HEADER}.{PAYLOAD}.AQID", id="four parts, first empty"),
        pytest.param(f"{HEADER}..{PAYLOAD}.AQID", id="four parts, second empty"),
        pytest.param("eyJjdHkiOiJKV1QifQ.a.b.c.d", id="JWE"),
        pytest.param(f".{PAYLOAD}.AQID", id="no header"),
        pytest.param(f"{HEADER}..AQID", id="no payload"),
        pytest.param(f"{HEADER}.{PAYLOAD}.", id="no signature"),
        pytest.param(f" {HEADER}.{PAYLOAD}.AQID", id="leading space"),
        pytest.param(f"{HEADER}.{PAYLOAD}.AQID\n", id="trailing line feed"),
        pytest.param(f"{HEADER}.{PAYLOAD}.AQ\nID", id="inner line feed"),
        pytest.param(f"Bearer {HEADER}.{PAYLOAD}.AQID", id="Bearer"),
        pytest.param(f"{HEADER}.{PAYLOAD}.AQID=", id="padding"),
        pytest.param(f"{HEADER}.{PAYLOAD}.AQIDé", id="not ASCII"),
        pytest.param(f"{HEADER}.{PAYLOAD}.AQID\ud800", id="surrogate"),
        pytest.param(f"{HEADER}.{PAYLOAD}\x00.AQID", id="nul"),
        pytest.param(f"{HEADER}.{segment(b'[1]')}.AQID", id="payload is an array"),
        pytest.param(f"{HEADER}.{segment(b'x')}.AQID", id="payload is no JSON"),
        pytest.param(f"{segment(b'[1]')}.{PAYLOAD}.AQID", id="header is an array"),
        pytest.param(f"{segment(b'x')}.{PAYLOAD}.AQID", id="header is no JSON"),
        pytest.param("." * 1_000_000, id="a million dots"),
        pytest.param("A" * (MAX_TOKEN_LENGTH + 1), id="too long"),
        pytest.param(
            segment(b'{"kid":"' + b"k" * MAX_HEADER_LENGTH + b'","alg":"RS256"}')
            + f".{PAYLOAD}.AQID",
            id="header too long",
        ),
        pytest.param(
            json.dumps({"protected": HEADER, "payload": PAYLOAD, "signature": "AQID"}),
            id="JSON serialization",
        ),
    ],
)
def test_other_texts_are_malformed(token: str) -> None:
    """COG-VER-001: Only the compact form of a JWS is read."""
    with pytest.raises(MalformedToken) as caught:
        parse_compact(token)

    assert caught.value.code == "malformed"
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("token", [None, b"a.b.c", 5, ["a"]], ids=repr)
def test_other_types_are_malformed(token: object) -> None:
    """A token that is no text is refused, and not with a TypeError."""
    with pytest.raises(MalformedToken):
        parse_compact(token)  # type: ignore[arg-type]  # on purpose


def header(**members: object) -> str:
    text = json.dumps({"kid": "k", "alg": "RS256", **members})
    return f"{segment(text.encode())}.{PAYLOAD}.AQID"


@pytest.mark.parametrize(
    "crit", [[], ["exp"], ["x"], ["alg"], "x", True, None, ["b64"]], ids=json.dumps
)
def test_crit_is_refused_whatever_it_says(crit: object) -> None:
    """RFC 7515 §4.1.11: no extension is understood."""
    with pytest.raises(HeaderRefused) as caught:
        parse_compact(header(crit=crit, x=1))

    assert caught.value.member == "crit"
    assert caught.value.code == "header"


@pytest.mark.parametrize("b64", [False, None, "false", 0], ids=json.dumps)
def test_an_unencoded_payload_is_refused(b64: object) -> None:
    """RFC 7797 is not supported, listed in crit or not."""
    with pytest.raises(HeaderRefused) as caught:
        parse_compact(header(b64=b64))

    assert caught.value.member == "b64"


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"typ": "JWT"}, id="typ"),
        pytest.param({"typ": 5, "cty": "JWT", "zip": "DEF"}, id="others"),
        pytest.param({"jwk": {"kty": "oct"}, "jku": "https://evil.example"}, id="keys"),
        pytest.param({"x5u": "file:///etc/passwd", "x5c": ["!"], "enc": None}, id="certificates"),
        pytest.param({"b64": True}, id="b64 as usual"),
    ],
)
def test_other_members_are_ignored(members: dict[str, object]) -> None:
    """RFC 7515 §4: what is not critical does not matter."""
    assert parse_compact(header(**members)).kid == "k"


@pytest.mark.parametrize(
    "alg",
    [
        *("none", "None", "nOnE", "rs256", "RS384", "RS512", "PS256", "HS256", "ES256", "EdDSA"),
        *("", ["RS256"], None, 256, True, {"RS256": 1}),
    ],
    ids=json.dumps,
)
def test_only_one_algorithm_is_accepted(alg: object) -> None:
    """COG-VER-008, RFC 8725 §3.1: the algorithm is not the attacker's choice."""
    with pytest.raises(AlgorithmRefused) as caught:
        parse_compact(header(alg=alg))

    assert caught.value.algorithm == alg
    assert caught.value.code == "algorithm"


def test_a_missing_algorithm_is_refused() -> None:
    """Nothing is assumed."""
    with pytest.raises(AlgorithmRefused):
        parse_compact(segment(b'{"kid":"k"}') + f".{PAYLOAD}.AQID")


@pytest.mark.parametrize("kid", ["", None, 1, ["k"], {"k": 1}, True], ids=json.dumps)
def test_a_key_id_is_a_non_empty_string(kid: object) -> None:
    """RFC 7515 §4.1.4."""
    with pytest.raises(UnknownKey) as caught:
        parse_compact(header(kid=kid))

    assert caught.value.kid == kid
    assert caught.value.code == "key"


def test_a_missing_key_id_is_refused() -> None:
    """No key is picked for a token that names none."""
    with pytest.raises(UnknownKey):
        parse_compact(segment(b'{"alg":"RS256"}') + f".{PAYLOAD}.AQID")


def test_errors_quote_neither_the_token_nor_its_parts() -> None:
    """An error text can be logged."""
    secret = "c2VjcmV0c2VjcmV0"
    for token in (f"{HEADER}.{PAYLOAD}.{secret}=", f"{HEADER}.{secret}.é", f"{secret}.{secret}.A"):
        with pytest.raises(MalformedToken) as caught:
            parse_compact(token)
        assert secret not in str(caught.value)
        assert "secret" not in str(caught.value)
