"""Strict JSON: an object, UTF-8, one meaning, bounded depth."""

import pytest

from cognito_verify._strict_json import NotStrictJson, parse_object


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("{}", {}, id="empty"),
        pytest.param(' \t\r\n{ "a" : 1 } \n', {"a": 1}, id="white space"),
        pytest.param(r'{"a":"\/\u00e4\ud83d\ude00"}', {"a": "/ä😀"}, id="escapes"),
        pytest.param('{"a":"ä😀"}', {"a": "ä😀"}, id="UTF-8"),
        pytest.param('{"a":1.5,"b":-1e3}', {"a": 1.5, "b": -1000.0}, id="floats"),
        pytest.param('{"a":[{"a":1},{"a":2}]}', {"a": [{"a": 1}, {"a": 2}]}, id="nested names"),
        pytest.param('{"a":"b,c","d":[1,2]}', {"a": "b,c", "d": [1, 2]}, id="comma in a string"),
        pytest.param('{"a":{"b":[{},1]},"c":[]}', {"a": {"b": [{}, 1]}, "c": []}, id="nested"),
        pytest.param(f'{{"a":{10**40}}}', {"a": 10**40}, id="big integer"),
    ],
)
def test_objects_are_read(text: str, value: object) -> None:
    """Whatever has one meaning has that."""
    assert parse_object(text.encode()) == value


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="array"),
        pytest.param(b'"text"', id="string"),
        pytest.param(b"null", id="null"),
        pytest.param(b"{", id="unfinished"),
        pytest.param(b'{"a":1,}', id="trailing comma"),
        pytest.param(b"{'a':1}", id="single quotes"),
        pytest.param(b'{"a":1}{}', id="two values"),
        pytest.param(b'{"a":1} x', id="something after"),
        pytest.param(b'{"a":1}\x00', id="nul after"),
        pytest.param(b'\xc2\xa0{"a":1}', id="no-break space before"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', id="byte order mark"),
        pytest.param('{"a":1}'.encode("utf-16"), id="UTF-16"),
        pytest.param('{"a":1}'.encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param(b'{"a":"\xff"}', id="no UTF-8"),
        pytest.param(b'{"a":"\xed\xa0\x80"}', id="surrogate in UTF-8"),
        pytest.param(b'{"a":"\xc0\xaf"}', id="overlong UTF-8"),
        pytest.param(rb'{"a":"\ud800"}', id="lone surrogate"),
        pytest.param(rb'{"\udc00":1}', id="lone surrogate in a name"),
        pytest.param(rb'{"b":"\/","a":["\uD83D"]}', id="half of a pair"),
        pytest.param(b'{"a":1,"a":1}', id="duplicate"),
        pytest.param(rb'{"a":1,"\u0061":1}', id="duplicate, escaped"),
        pytest.param(b'{"b":{"a":1,"a":2}}', id="duplicate, inside"),
        pytest.param(b'{"a":{"b":1,"c":[2,3]},"a":4}', id="duplicate of an object"),
        pytest.param(b'{"a":[1],"b":",","a":[2,3,4]}', id="duplicate of a list"),
        pytest.param(b'{"":{},"":{}}', id="duplicate without a name"),
        pytest.param(b'{"a":[{"b":1},{"b":2,"b" :3}]}', id="duplicate in a list"),
        pytest.param(b'{"a":NaN}', id="NaN"),
        pytest.param(b'{"a":Infinity}', id="Infinity"),
        pytest.param(b'{"a":-Infinity}', id="-Infinity"),
        pytest.param(b'{"a":1e400}', id="overflow"),
        pytest.param(b'{"a":-1e400}', id="negative overflow"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", id="endless integer"),
        pytest.param(b'{"a":"\x01"}', id="control character"),
        pytest.param(b'{"a":01}', id="leading zero"),
    ],
)
def test_anything_else_is_refused(raw: bytes) -> None:
    """What has no meaning, or two, is not read."""
    with pytest.raises(NotStrictJson):
        parse_object(raw)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="100 000 arrays"),
        pytest.param(b'{"a":' * 20_000 + b"1" + b"}" * 20_000, id="20 000 objects"),
        pytest.param(b'{"a":' + b"[" * 50_000, id="never closed"),
    ],
)
def test_depth_beyond_the_stack_is_refused(raw: bytes) -> None:
    """Deep nesting is an error like any other, not a RecursionError."""
    with pytest.raises(NotStrictJson, match="deep"):
        parse_object(raw)


def test_deep_claims_with_escapes_are_refused_or_read() -> None:
    """Looking for lone surrogates does not recurse further than reading did."""
    for depth in range(100, 1000, 50):
        raw = b'{"a":' + b"[" * depth + rb'"\u0061"' + b"]" * depth + b"}"
        try:
            assert parse_object(raw)
        except NotStrictJson:
            continue
