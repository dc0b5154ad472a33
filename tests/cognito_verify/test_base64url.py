"""Base64url: one spelling for each value."""

import base64

import pytest

from cognito_verify import _base64url


@pytest.mark.parametrize("length", range(9))
def test_octets_of_any_length_survive(length: int) -> None:
    """What the standard library encodes is decoded, without its padding."""
    raw = bytes(range(250, 250 + min(length, 6))) + b"?" * max(0, length - 6)
    segment = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    assert _base64url.decode(segment) == raw


@pytest.mark.parametrize(
    "segment",
    [
        pytest.param("A", id="impossible length"),
        pytest.param("AAAAA", id="impossible length after a group"),
        pytest.param("AB", id="unused bits, one octet"),
        pytest.param("AAB", id="unused bits, two octets"),
        pytest.param("AA==", id="padding"),
        pytest.param("AAA=", id="padding of one"),
        pytest.param("====", id="nothing but padding"),
        pytest.param("AA==AAAA", id="padding between groups"),
        pytest.param("AA=AAA", id="padding between characters"),
        pytest.param("A+AA", id="plus"),
        pytest.param("A/AA", id="slash"),
        pytest.param("AA\nAA", id="line feed"),
        pytest.param("AAA\n", id="line feed in a group of four"),
        pytest.param(" AAA", id="space"),
        pytest.param("AA!A", id="other character"),
        pytest.param("AA\x00A", id="nul"),
        pytest.param("AA.A", id="dot"),
        pytest.param("AA\xffA", id="eighth bit"),
    ],
)
def test_other_spellings_are_refused(segment: str) -> None:
    """RFC 7515 §2 and RFC 4648 §3.5 leave one spelling."""
    with pytest.raises(ValueError):
        _base64url.decode(segment)


@pytest.mark.parametrize("prefix", ["", "AAAA"], ids=["short", "long"])
@pytest.mark.parametrize("length", [2, 3])
def test_exactly_one_spelling_decodes_for_each_value(prefix: str, length: int) -> None:
    """Of all last characters, those with zero unused bits are accepted: 4 and 16 of 64."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    accepted = set()
    for last in alphabet:
        segment = prefix + "A" * (length - 1) + last
        try:
            accepted.add(_base64url.decode(segment))
        except ValueError:
            continue

    assert len(accepted) == {2: 4, 3: 16}[length]
