"""The verifier's quick ways of reading, against slow ones that are plainly right.

The slow ones are here, and made of the standard library alone.
"""

import base64
import json
import math
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cognito_verify import _base64url
from cognito_verify._strict_json import NotStrictJson, parse_object

pytestmark = pytest.mark.property

SETTINGS = settings(max_examples=200, deadline=None)


def _no_duplicates(members: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in members}) != len(members):
        raise ValueError("duplicate")
    return dict(members)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _finite(literal: str) -> float:
    if math.isinf(float(literal)):
        raise ValueError(literal)
    return float(literal)


def slowly(raw: bytes) -> Any:
    """Read JSON, looking at each member of each object; None if it is not to be read."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def quickly(raw: bytes) -> Any:
    """Read JSON as the verifier does; None if it refuses."""
    try:
        return parse_object(raw)
    except NotStrictJson:
        return None


# Few names, so that they meet; some are equal only when read, and some look like punctuation.
names = st.sampled_from(
    [r'"a"', r'"\u0061"', '"b"', '""', '","', r'"\u002c"', r'"\":"', '":"', '"{"', '"é"', r'"\/"']
)
scalars = st.sampled_from(
    [
        *("1", "-1.5e3", "true", "null", '""', '"a,b"', r'"\u002c"', r'"\","', '"[,]"', '"{,}"'),
        *("1e999", "NaN", r'"\ud800"', r'"\ud83d\ude00"', r'"\\u"', "01", '"\t"'),
    ]
)
spaces = st.sampled_from(["", "", "", " ", "\n", "\t\r"])


def _between(opening: str, things: list[str], closing: str, space: str) -> str:
    return opening + space + f"{space},{space}".join(things) + space + closing


def _members(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    member = st.builds(lambda name, space, value: f"{name}{space}:{value}", names, spaces, inner)
    return st.builds(
        lambda things, space: _between("{", things, "}", space),
        st.lists(member, max_size=4),
        spaces,
    )


json_texts = _members(
    st.recursive(
        scalars,
        lambda inner: (
            _members(inner)
            | st.builds(
                lambda things, space: _between("[", things, "]", space),
                st.lists(inner, max_size=3),
                spaces,
            )
        ),
        max_leaves=12,
    )
)


class TestStrictJson:
    """RFC 7519 §4: "The Claim Names within a JWT Claims Set MUST be unique"."""

    @given(text=json_texts)
    @example(text='{"a":1,"a":2}')
    @example(text=r'{"a":1,"\u0061":2}')
    @example(text='{"a":{"b":1,"b":2},"a":"x"}')
    @example(text='{"a":{"b":[1,2],"c":3},"a":{"b":[1,2],"c":3}}')
    @example(text='{"a":",","a":1}')
    @example(text='{"a" :1 , "a" :2}')
    @example(text='{"a":[],"a":[1,2]}')
    @example(text='{"a":{},"a":{}}')
    @example(text='{"":1,"":2}')
    @example(text='{"a":[1,2],"b":3}')
    @example(text='{"a":[1,2],"a" :3}')
    @example(text='{"a":[1,2],"a"\t:3}')
    @example(text='{"a":[1,2],"a"\n:3}')
    @example(text='{"a":[1,2],"a"\r:3}')
    @example(text='{"a":[1,2],"a":[3],"b":"\\":"}')
    @example(text='{"a":"{","a":1}')
    @example(text='{"a":",","b":[{"c":1},{"c":2}]}')
    @SETTINGS
    def test_duplicates_are_seen_wherever_they_are(self, text: str) -> None:
        """Whatever else is in the text: lists, objects, commas in strings, escapes, spaces."""
        assert quickly(text.encode()) == slowly(text.encode())

    @given(
        text=json_texts,
        position=st.integers(0, 200),
        insertion=st.text(',:"{}[]\\ au1', max_size=4),
    )
    @SETTINGS
    def test_damaged_texts_are_read_alike(self, text: str, position: int, insertion: str) -> None:
        """What is no JSON is refused by both."""
        position = min(position, len(text))
        raw = (text[:position] + insertion + text[position + 1 :]).encode()

        assert quickly(raw) == slowly(raw)


class TestBase64url:
    """RFC 7515 §2: "with all trailing '=' characters omitted" and no other characters."""

    @given(
        segment=st.text("AEIMQUYcgkosw048-_+/=. \nBz", max_size=12)
        | st.text(max_size=12)
        | st.binary(max_size=40).map(lambda raw: base64.urlsafe_b64encode(raw).decode())
    )
    @example(segment="AA=AAAAA")
    @example(segment="AA==AAAA")
    @example(segment="====")
    @example(segment="A")
    @SETTINGS
    def test_a_segment_is_read_if_it_is_what_would_be_written(self, segment: str) -> None:
        """Of all spellings of some octets, only the one that encoding gives."""
        try:
            raw = _base64url.decode(segment)
        except ValueError:
            padded = segment + "=" * (-len(segment) % 4)
            lenient = base64.urlsafe_b64decode(padded) if _is_base64(padded) else None
            assert lenient is None or _written(lenient) != segment
        else:
            assert _written(raw) == segment

    @given(raw=st.binary(max_size=300))
    @SETTINGS
    def test_what_is_written_is_read(self, raw: bytes) -> None:
        """All octets, of any length."""
        assert _base64url.decode(_written(raw)) == raw


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _is_base64(padded: str) -> bool:
    try:
        base64.urlsafe_b64decode(padded)
    except ValueError:
        return False
    return True
