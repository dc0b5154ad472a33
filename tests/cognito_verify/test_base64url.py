"""Base64url: one spelling for each value."""

import base64

import pytest

from cognito_verify import _base64url


@pytest.mark.parametrize("length", range(9))
def test_octets_of_any_length_survive(length: int) -> None:
    """What the standard library encodes is decoded, without its padding."""
    raw = bytes(range(250, 250 + min(length, 6))) + b"?" * max(0, length - 6)
    segment = base64.urlsafe_b64encode(raw).rstrip(b"=")

    assert _base64url.decode(segment) == raw


@pytest.mark.parametrize(
    "segment",
    [
        pytest.param(b"A", id="impossible length"),
        pytest.param(b"AAAAA", id="impossible length after a group"),
        pytest.param(b"AB", id="unused bits, one octet"),
        pytest.param(b"AAB", id="unused bits, two octets"),
        pytest.param(b"AA==", id="padding"),
        pytest.param(b"AAA=", id="padding of one"),
        pytest.param(b"====", id="nothing but padding"),
        pytest.param(b"A+AA", id="plus"),
        pytest.param(b"A/AA", id="slash"),
        pytest.param(b"AA\nAA", id="line feed"),
        pytest.param(b"AAA\n", id="line feed in a group of four"),
        pytest.param(b" AAA", id="space"),
        pytest.param(b"AA!A", id="other character"),
        pytest.param(b"AA\x00A", id="nul"),
        pytest.param(b"AA.A", id="dot"),
        pytest.param(b"AA\xffA", id="eighth bit"),
    ],
)
def test_other_spellings_are_refused(segment: bytes) -> None:
    """RFC 7515 §2 and RFC 4648 §3.5 leave one spelling."""
    with pytest.raises(ValueError):
        _base64url.decode(segment)


@pytest.mark.parametrize("prefix", [b"", b"AAAA"], ids=["short", "long"])
@pytest.mark.parametrize("length", [2, 3])
def test_exactly_one_spelling_decodes_for_each_value(prefix: bytes, length: int) -> None:
    """Of all last characters, those with zero unused bits are accepted: 4 and 16 of 64."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    accepted = set()
    for last in alphabet:
        segment = prefix + b"A" * (length - 1) + bytes([last])
        try:
            accepted.add(_base64url.decode(segment))
        except ValueError:
            continue

    assert len(accepted) == {2: 4, 3: 16}[length]
