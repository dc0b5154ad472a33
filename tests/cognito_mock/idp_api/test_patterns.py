"""The model's Java patterns in Python."""

import time
import unicodedata

import pytest

from cognito_mock.idp_api.patterns import matcher
from cognito_mock.service_model import service_model

USERNAME = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+"
BY_LINK = (
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{##[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*##\}"
    r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*"
)
BY_CODE = r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*"
ADDRESS = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+@[\p{L}\p{M}\p{S}\p{N}\p{P}]+"
PROVIDER = r"[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+"


def all_patterns():
    model = service_model()
    shapes = (model.shape_for(name) for name in model.shape_names)
    return sorted({s.metadata["pattern"] for s in shapes if "pattern" in s.metadata})


def test_categories_are_those_of_unicode():
    """Each character is accepted where its general category is, ASCII or not."""
    matches = matcher(USERNAME)
    characters = [chr(c) for c in (*range(0x3000), 0xAC00, 0x1F600, 0x20000, 0xE000, 0x10FFFF)]

    wrong = [c for c in characters if matches(c) != (unicodedata.category(c)[0] in "LMSNP")]

    assert wrong == []


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        (r"[\w+]+", "é", False),
        (r"[\S]+", "a\u00a0b", True),
        (r"[\S]+", "a b", False),
        (PROVIDER, "Über1", True),
        (PROVIDER, "a\u2003b", False),
        (PROVIDER, "a_", False),
        (BY_CODE, "Code {####}\nbye", True),
        (BY_CODE, "{####} and {####}", True),
        (BY_CODE, "Code {###}", False),
        (BY_CODE, "Code {####}\x00", False),
        (BY_LINK, "Click {##here##}.", True),
        (BY_LINK, "{####}", True),
        (BY_LINK, "{###}", False),
        (BY_LINK, "##} {##", False),
        (BY_LINK, "a##} {##b##} {##", True),
        (BY_LINK, "Click {##here##}\x00", False),
        (r".*\{####\}.*", "a {####} b", True),
        (r".*\{####\}.*", "a\n{####}", False),
        (r".*\{####\}.*", "{####}\n", False),
        (r".*\{####\}.*", "{###}", False),
        (ADDRESS, "a@b", True),
        (ADDRESS, "@@@", True),
        (ADDRESS, "@b", False),
        (ADDRESS, "a@", False),
        (ADDRESS, "a b@c", False),
        (ADDRESS, "@@", False),
        (r"^[\S]+.*[\S]+$", "ab", True),
        (r"^[\S]+.*[\S]+$", "a", False),
        (r"^[\S]+.*[\S]+$", "a b", True),
        (r"^[0-9A-Za-z\.\-_]*(?<!\.)$", "a.", False),
        (r"^[0-9A-Za-z\.\-_]*(?<!\.)$", "a.b", True),
    ],
)
def test_whole_value_has_to_match(pattern, value, expected):
    """Matching is Java's ``matches``: all of the value."""
    assert matcher(pattern)(value) is expected


@pytest.mark.parametrize("pattern", all_patterns())
def test_no_pattern_takes_long(pattern):
    """A value made to fail late and often is refused in time linear in its length."""
    started = time.perf_counter()

    for unit in ("a", "@", "a@", "{##", "{####}", "##}", ":", "arn:a:a:", "a.", "1-", "é ", "\n"):
        for end in ("\x00", " ", "_", ":"):
            matcher(pattern)(unit * 20_000 + end)

    # Quadratic matching would take minutes.
    assert time.perf_counter() - started < 5
