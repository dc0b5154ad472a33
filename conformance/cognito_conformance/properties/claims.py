"""Properties of what is signed: foreign claims, time, issuer, client."""

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cognito_conformance.properties.model import (
    ACCEPT,
    JSON_VALUES,
    REJECT,
    TEXTS,
    WORDS,
    Example,
    Property,
    about,
)

_AWKWARD_NAMES: Final = (
    "toString",
    "length",
    "custom:",
    "",
    "é",
    "a.b",
)
_ISSUER_PARTS: Final = (
    ("https", "://", "cognito-idp", ".", "@{region}", ".", "amazonaws", ".", "com", "/", "@{pool}")
)  # fmt: skip
_NASTY: Final = (
    *"/:@#?%&\\.,;'\"+*~ \t\n\r\0",
    "%2F",
    "\u3002",
    "\uff0e",
    "\u200b",
    "\u00a0",
    ":443",
    "x@",
    ".evil.example",
    "/../",
    "//",
    "x",
)  # fmt: skip


_FOREIGN: Final = st.dictionaries(
    st.sampled_from(_AWKWARD_NAMES) | TEXTS.map(lambda text: f"custom:{text}"),
    JSON_VALUES,
    min_size=1,
    max_size=4,
)
_GROUPS: Final = st.none() | st.lists(WORDS, max_size=100)


@st.composite
def _foreign_claims(draw: st.DrawFn) -> Example:
    claims: dict[str, Any] = draw(_FOREIGN)
    groups = draw(_GROUPS)
    if groups is not None:
        claims["cognito:groups"] = groups
    key = draw(st.sampled_from(("k1", "k2")))
    base = draw(st.sampled_from(("access", "id", "m2m")))
    token = {"base": base, "claims": claims, "sign": {"key": key}}
    return Example(requirement="base/unknown-claims", expect=ACCEPT, recipe={"token": token})


@st.composite
def _around_expiry(draw: st.DrawFn) -> Example:
    left = draw(st.integers(1, 3600))
    leeway = draw(st.sampled_from((0, 0, 1, 30, 300)))
    past = draw(
        st.integers(-left - leeway, 3600) | st.integers(-2, 2).filter(lambda at: -at <= left)
    )
    recipe: dict[str, Any] = {
        "token": {"claims": {"exp": f"now+{left}"}},
        "now": f"now+{left + leeway + past}",
    }
    if leeway:
        recipe["config"] = {"leeway_s": leeway}
    if past < 0:
        inside = leeway and past >= -leeway
        name = "time/leeway/inside" if inside else "time/exp/one-second-left"
        return Example(requirement=name, expect=ACCEPT, recipe=recipe)
    name = "time/leeway/at-edge" if leeway else "time/exp/past" if past else "time/exp/at-now"
    return Example(requirement=name, expect=REJECT, recipe=recipe)


@st.composite
def _wrong_issuer(draw: st.DrawFn) -> Example:
    parts = list(_ISSUER_PARTS)
    match draw(st.sampled_from(("insert", "delete", "case", "cut", "type"))):
        case "insert":
            place = draw(st.integers(0, len(parts)))
            parts.insert(place, draw(st.sampled_from(_NASTY)))
            last = place == len(parts) - 1
            name = "iss/suffix" if last else "iss/lookalike-host"
            name = "iss/trailing-slash" if last and parts[-1] == "/" else name
        case "delete":
            # A slice of the end is a prefix of the issuer; any other is another host.
            start = draw(st.integers(0, len(parts) - 1))
            length = draw(st.integers(1, len(parts)))
            name = "iss/prefix" if start + length >= len(parts) else "iss/lookalike-host"
            del parts[start : start + length]
        case "case":
            place = draw(st.sampled_from((0, 2, 4, 6, 8, 10)))
            changed = parts[place]
            lower = changed[:-1] + "|upper}" if changed.startswith("@") else changed.upper()
            parts[place] = lower
            name = "iss/case"
        case "cut":
            parts[10] = draw(st.sampled_from(("@{pool|chop}", "@{pool|half}", "@{pool|behead}")))
            name = "iss/prefix"
        case _:
            text = "".join(parts)
            value = draw(
                st.sampled_from(
                    ([text], [], {}, {"iss": text}, True, 0, 1.5, "!null", [text, text])
                )
            )
            return _issued_by(value, "iss/array")
    return _issued_by("".join(parts), name)


def _issued_by(issuer: Any, requirement: str) -> Example:
    recipe = {"token": {"claims": {"iss": issuer}}}
    return Example(requirement=requirement, expect=REJECT, recipe=recipe)


_NEAR_CLIENTS: Final = st.sampled_from(
    ("@{client|chop}", "@{client|behead}", "@{client|upper}", "@{client|half}", " @{client}")
) | st.tuples(st.sampled_from(_NASTY), st.booleans()).map(
    lambda drawn: f"@{{client}}{drawn[0]}" if drawn[1] else f"{drawn[0]}@{{client}}"
)
_NO_CLIENTS: Final = st.sampled_from(
    ({"@client": 1}, "!null", 0, True, False, 1.5, [[]], [["@client"]])
)
_AUDIENCES: Final = (
    about("aud/id/substring", _NEAR_CLIENTS)
    | about("aud/id/wrong-client", TEXTS)
    | about("aud/id/object-null", _NO_CLIENTS)
)
_CLIENTS: Final = (
    about("aud/access/wrong-client", _NEAR_CLIENTS | TEXTS)
    | about("aud/access/array", st.just(["@client"]))
    | about("aud/access/array", _NO_CLIENTS)
)


def _wrong_audience(drawn: tuple[Any, str]) -> Example:
    recipe = {"token": {"base": "id", "claims": {"aud": drawn[0]}}}
    return Example(requirement=drawn[1], expect=REJECT, recipe=recipe)


def _wrong_client(drawn: tuple[Any, str]) -> Example:
    recipe = {"token": {"base": "access", "claims": {"client_id": drawn[0]}}}
    return Example(requirement=drawn[1], expect=REJECT, recipe=recipe)


def _property(name: str, law: str, examples: SearchStrategy[Example], *ids: str) -> Property:
    return Property(name=name, law=law, requirements=ids, examples=examples)


CLAIM_PROPERTIES: Final = (
    _property(
        "foreign-claims",
        "Claims that nobody asked about never matter, and come back as they were signed.",
        _foreign_claims(),
        "base/unknown-claims",
    ),
    Property(
        name="expiry-step",
        law="A token is good before exp plus leeway and never again.",
        requirements=(
            "time/exp/one-second-left",
            "time/exp/at-now",
            "time/exp/past",
            "time/leeway/inside",
            "time/leeway/at-edge",
        ),
        examples=_around_expiry(),
        needs=frozenset({"verify", "clock.token"}),
    ),
    _property(
        "issuer-exactness",
        "Only the issuer itself is the issuer.",
        _wrong_issuer(),
        "iss/suffix",
        "iss/trailing-slash",
        "iss/lookalike-host",
        "iss/prefix",
        "iss/case",
        "iss/array",
    ),
    Property(
        name="audience-exactness",
        law="Only the client itself is the audience of an id token.",
        requirements=("aud/id/substring", "aud/id/wrong-client", "aud/id/object-null"),
        examples=_AUDIENCES.map(_wrong_audience),
        twin="base/id",
    ),
    _property(
        "client-exactness",
        "Only the client itself is the client of an access token.",
        _CLIENTS.map(_wrong_client),
        "aud/access/wrong-client",
        "aud/access/array",
    ),
)
