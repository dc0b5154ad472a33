"""Properties of Cookie headers: whatever a browser sends, a user's own tokens come back.

The encoder is js-cookie's, written down again from its documentation; no reader shares it.
"""

from typing import Any, Final
from urllib.parse import quote

from hypothesis import strategies as st

from cognito_conformance.properties.model import ACCEPT, REJECT, Example, Property

_UNRESERVED: Final = "-_.!~*'()"
"""What encodeURIComponent leaves alone, besides letters and digits (ECMA-262 §19.2.6.4)."""
#: js-cookie undoes some of that encoding, and encodes parentheses in names.
_NAME_SAFE: Final = "-_.!~*'" + "#$&+^`|"
_VALUE_SAFE: Final = _UNRESERVED + "#$&+/:<=>?@[]^`{|}"

_KINDS: Final = ("access", "id", "refresh")
_FOUND: Final = {kind: f"{kind}.of.user" for kind in _KINDS}
_NOTHING: Final = {"username": "!null", "tokens": dict.fromkeys(_KINDS, "!null")}
_DIRECTIVES: Final = ("@", "!", "now")


def _means_itself(text: str) -> bool:
    """Tell whether a recipe takes the text as it is written."""
    return not text.startswith(_DIRECTIVES) and "@{" not in text


_LETTERS: Final = st.characters(categories=["L", "M", "S", "N", "P"])
_ESCAPES: Final = st.sampled_from(("%40", "%25", "%", "%FF", "%zz", "%C3%A9", "."))
_USERNAMES: Final = (
    st.text(_LETTERS, min_size=1, max_size=16)
    | st.lists(_ESCAPES | _LETTERS, min_size=1, max_size=8).map("".join)
).filter(_means_itself)
"""The `[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+` of the API's user names."""

_OCTETS: Final = st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters=";@!")
_FOREIGN: Final = st.lists(
    st.text(_OCTETS, max_size=12) | st.tuples(_ESCAPES, _ESCAPES).map("=".join),
    min_size=1,
    max_size=5,
)
_NOISE: Final = st.text(
    st.characters(min_codepoint=0x01, max_codepoint=0xFF, exclude_characters="@!"), max_size=60
).filter(_means_itself)


def _jar(username: str) -> list[str]:
    """Return the four cookies of a signed-in user."""
    name = f"@{{amplify}}.{quote(username, safe=_NAME_SAFE)}"
    last = f"@{{amplify}}.LastAuthUser={quote(username, safe=_VALUE_SAFE)}"
    return [last, *(f"{name}.{kind}Token={token}" for kind, token in _FOUND.items())]


def _recipe(header: str, expect: Any) -> dict[str, Any]:
    return {"steps": [{"headers": [header], "layout": "amplify", "expect": expect}]}


@st.composite
def _sessions(draw: st.DrawFn) -> Example:
    """Any user name, the cookies in any order."""
    username = draw(_USERNAMES)
    pairs = draw(st.permutations(_jar(username)))
    encoded = quote(username, safe=_NAME_SAFE) != username
    name = "cookie/amplify/email-username" if encoded else "cookie/amplify/plain"
    recipe = _recipe("; ".join(pairs), {"username": username, "tokens": _FOUND})
    return Example(requirement=name, expect=ACCEPT, recipe=recipe)


@st.composite
def _crowds(draw: st.DrawFn) -> Example:
    """A plain user among other people's cookies."""
    pairs = draw(st.permutations([*_jar("ana"), *draw(_FOREIGN)]))
    header = "; ".join(pairs)
    if not _means_itself(header.replace("@{amplify}", "")):
        header = f"a=b; {header}"
    recipe = _recipe(header, {"username": "ana", "tokens": _FOUND})
    return Example(requirement="cookie/parse/foreign-latin1", expect=ACCEPT, recipe=recipe)


def _nobody(header: str) -> Example:
    """Any header that has none of the client's cookies."""
    recipe = _recipe(header, _NOTHING)
    return Example(requirement="cookie/parse/empty", expect=REJECT, recipe=recipe)


def _property(name: str, law: str, examples: st.SearchStrategy[Example], *ids: str) -> Property:
    return Property(
        name=name,
        law=law,
        requirements=ids,
        examples=examples,
        twin="cookie/amplify/plain",
        needs=frozenset({"cookies"}),
    )


COOKIE_PROPERTIES: Final = (
    _property(
        "round-trip",
        "Whatever the user is called, the tokens that js-cookie wrote are read.",
        _sessions(),
        "cookie/amplify/plain",
        "cookie/amplify/email-username",
    ),
    _property(
        "crowd",
        "Other people's cookies hide nothing.",
        _crowds(),
        "cookie/parse/foreign-latin1",
    ),
    _property(
        "noise",
        "A header without the client's cookies gives no tokens and no error.",
        _NOISE.map(_nobody),
        "cookie/parse/empty",
    ),
)
