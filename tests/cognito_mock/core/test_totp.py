"""Time-based one-time passwords against RFC 6238 and a limited past."""

import re
from base64 import b32encode

import pytest

from cognito_mock.core.ids import SystemEntropy
from cognito_mock.core.totp import (
    matching_steps,
    new_totp_secret,
    step_at,
    totp_code,
    unused_step,
)

# RFC 6238 appendix B, SHA-1; the six digits are the last ones of its eight.
KEY = b32encode(b"12345678901234567890").decode()
VECTORS = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.mark.parametrize(("now", "eight_digits"), VECTORS.items(), ids=str)
def test_vectors(now, eight_digits):
    """RFC 6238 appendix B."""
    assert totp_code(KEY, step_at(now)) == eight_digits[-6:]


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-61, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_one_step_of_skew_is_tolerated(seconds, taken):
    """COG-API-MFA-010; 1234567890 is the first second of a step."""
    code = totp_code(KEY, step_at(1234567890))

    assert bool(matching_steps(KEY, code, now=1234567890 + seconds)) is taken


@pytest.mark.parametrize("given", ["", "89005924", "00592", "٠٠٥٩٢٤", "x05924", "005924 "])
def test_what_is_not_the_code(given):
    """Nothing but the six digits will do."""
    assert matching_steps(KEY, given, now=1234567890) == []


def test_the_first_step_has_none_before_it():
    """There is no negative time."""
    assert matching_steps(KEY, totp_code(KEY, 0), now=0) == [0]


def test_a_used_step_is_not_taken_again():
    """RFC 6238 §5.2: nor one before it."""
    assert unused_step([100], last_used=99, now=3000) == 100
    assert unused_step([100], last_used=100, now=3000) is None
    assert unused_step([99], last_used=100, now=3000) is None
    assert unused_step([99, 101], last_used=100, now=3000) == 101
    assert unused_step([99], last_used=101, now=3000) is None


def test_a_clock_that_was_put_back_locks_nobody_out():
    """A used step from the future binds nothing."""
    assert unused_step([100], last_used=102, now=3000) == 100


def test_a_new_secret():
    """COG-API-MFA-009: base32, 52 characters, each time another."""
    one, two = new_totp_secret(SystemEntropy()), new_totp_secret(SystemEntropy())

    assert re.fullmatch("[A-Z2-7]{52}", one)
    assert one != two
    assert re.fullmatch("[0-9]{6}", totp_code(one, 1))
