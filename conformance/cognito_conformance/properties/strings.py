"""Properties of the token's text and of sequences of tokens."""

from typing import Any, Final

from hypothesis import strategies as st

from cognito_conformance.properties.model import (
    ACCEPT,
    NO_CRASH,
    REJECT,
    TEXTS,
    Example,
    Property,
    about,
)

_SEGMENTS: Final = {
    "header": "sig/header-changed",
    "payload": "sig/payload-changed",
    "signature": "sig/flipped-bit",
}
_SIGNATURE_BITS: Final = 2048
_OUTSIDE: Final = "!\"#$%&'()*,:;<>?[\\]^`{|}~"
_BLANKS: Final = " \t\r\n\f\v"


@st.composite
def _flipped_bits(draw: st.DrawFn) -> Example:
    segment = draw(st.sampled_from(tuple(_SEGMENTS)))
    bit = draw(st.integers(0, _SIGNATURE_BITS - 1))
    base = draw(st.sampled_from(("access", "id", "m2m")))
    recipe = {"token": {"base": base, "mangle": [f"flip:{segment}:{bit}"]}}
    if base == "id":
        recipe["config"] = {"token_use": "id"}
    return Example(requirement=_SEGMENTS[segment], expect=REJECT, recipe=recipe)


_FOREIGN: Final = (
    about("compact/illegal-character", st.text(_OUTSIDE, min_size=1, max_size=3))
    | about("compact/inner-newline", st.text(_BLANKS, min_size=1, max_size=3))
    | about("compact/nul-byte", st.characters(min_codepoint=0x80, exclude_categories=["Cs"]))
    | about("compact/nul-byte", st.just("\0"))
)


@st.composite
def _base64_edges(draw: st.DrawFn) -> Example:
    segment = draw(st.sampled_from(tuple(_SEGMENTS)))
    inserted, requirement = draw(_FOREIGN)
    recipe = {"token": {"mangle": [f"insert:{segment}:{inserted}"]}}
    return Example(requirement=requirement, expect=REJECT, recipe=recipe)


_NUMBERS: Final = (
    *("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "0x10", "01", "1.", "--1", "1" * 400),
)  # fmt: skip
_LITERALS: Final = (
    *("\ufeff1", "{", "[", '"', "\\u12", "\\ud800", "'x'", "undefined", "/**/1"),
)  # fmt: skip
_VALUES: Final = (
    st.sampled_from(_NUMBERS + _LITERALS)
    | TEXTS
    | st.integers(1, 60).map(lambda depth: "[" * depth + "]" * depth)
)
_NAMES: Final = st.sampled_from(
    ("exp", "nbf", "iat", "iss", "client_id", "sub", "x", "cognito:groups")
)
_PLACES: Final = st.sampled_from(("{@members,%s}", "{%s,@members}", "{@members}%s", "%s", "[%s]"))
_ENCODINGS: Final = st.sampled_from(
    ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32")
)


@st.composite
def _json_edges(draw: st.DrawFn) -> Example:
    """JSON that is nearly right. Any verdict will do, as long as it is one."""
    value, name, place = draw(_VALUES), draw(_NAMES), draw(_PLACES)
    text = place.replace("%s", f'"{name}":{value}' if place.startswith("{") else value)
    part = draw(st.sampled_from(("raw_claims", "raw_header")))
    token = {part: text, f"{part.removeprefix('raw_')}_encoding": draw(_ENCODINGS)}
    return Example(requirement="diag/clean-errors", expect=NO_CRASH, recipe={"token": token})


def _good(drawn: tuple[str, str]) -> dict[str, Any]:
    key, user = drawn
    token = {"sign": {"key": key}, "claims": {"username": f"u{user}"}}
    return {"token": token, "expect": "accept"}


_BAD: Final[tuple[dict[str, Any], ...]] = (
    {"token": {"mangle": ["flip:signature:9"]}, "expect": "reject"},
    {"token": {"sign": {"key": "attacker"}, "header": {"kid": "@kid:k1"}}, "expect": "reject"},
)
_STEPS: Final = st.lists(
    st.tuples(st.sampled_from(("k1", "k2", "k3")), TEXTS).map(_good) | st.sampled_from(_BAD),
    min_size=2,
    max_size=6,
)


@st.composite
def _sequences(draw: st.DrawFn) -> Example:
    """Any order of keys, any company: each token gets its own verdict and its own claims."""
    published = draw(st.permutations(("k1", "k2", "k3")))
    recipe = {"jwks": list(published), "steps": draw(_STEPS)}
    return Example(requirement="state/no-cross-talk", expect=ACCEPT, recipe=recipe)


STRING_PROPERTIES: Final = (
    Property(
        name="flipped-bits",
        law="A token with one changed bit anywhere is refused.",
        requirements=tuple(_SEGMENTS.values()),
        examples=_flipped_bits(),
    ),
    Property(
        name="base64-edges",
        law="Characters outside the alphabet are refused wherever they are.",
        requirements=("compact/illegal-character", "compact/inner-newline", "compact/nul-byte"),
        examples=_base64_edges(),
    ),
    Property(
        name="json-edges",
        law="JSON that is nearly right is judged, never tripped over.",
        requirements=("diag/clean-errors",),
        examples=_json_edges(),
    ),
    Property(
        name="sequences",
        law="The order of keys and of tokens never matters.",
        requirements=("state/no-cross-talk",),
        examples=_sequences(),
    ),
)
