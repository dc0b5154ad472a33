"""Properties of the header: algorithms against keys, foreign members, crit, kid."""

from typing import Any, Final

from hypothesis import strategies as st

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

_OTHERS: Final = (
    *(f"{family}{size}" for family in ("HS", "RS", "PS", "ES") for size in (256, 384, 512)),
    *("EdDSA", "Ed25519", "ES256K", "none", "RSA1_5", "RSA-OAEP", "dir", "A256KW", "ECDH-ES"),
)  # fmt: skip
_SECRETS: Final = (
    *("pem:k1", "pkcs1-pem:k1", "der:k1", "pkcs1-der:k1", "ssh:k1"),
    *("jwk:k1", "jwk-compact:k1", "modulus:k1", "modulus-octets:k1", "empty"),
)  # fmt: skip
_HS: Final = ("HS256", "HS384", "HS512")


_LABELS: Final = st.sampled_from(_OTHERS) | TEXTS
_UNKNOWN: Final = TEXTS.map(lambda text: f"x-{text}")
_JUNK: Final = st.dictionaries(_UNKNOWN, JSON_VALUES, max_size=4)
_CRITS: Final = (
    about("header/crit-empty", st.just([]))
    | about("header/crit-absent-member", st.lists(TEXTS.map("y-{}".format), min_size=1))
    | about("header/crit-not-array", JSON_VALUES.filter(lambda value: not isinstance(value, list)))
    | about(
        "header/crit-standard",
        st.sampled_from((["alg"], ["kid"], ["typ"], ["crit"], ["alg", "kid"])),
    )
)
_KIDS: Final = (
    about("kid/unknown", WORDS)
    | about("kid/case", st.sampled_from(("@{kid:k1|swapcase}", "@{kid:k1|upper}")))
    | about(
        "kid/unknown",
        st.sampled_from(("@{kid:k1|chop}", "@{kid:k1} ", "@{kid:k1}\0", " @{kid:k1}")),
    )
    | about("kid/not-a-string", JSON_VALUES.filter(lambda value: not isinstance(value, str)))
    | about("kid/not-a-string", st.sampled_from((["@kid:k1"], {"kid": "@kid:k1"}, "!null")))
)


@st.composite
def _algorithms(draw: st.DrawFn) -> Example:
    """Every name over every kind of signature; only RS256 over the pool's own RSA key is good."""
    way = draw(st.sampled_from(("rsa", "pss", "hmac", "ec", "ed", "unsigned")))
    label = draw(_LABELS)
    header: dict[str, Any] = {"alg": label, "kid": "@kid:k1"}
    match way:
        case "rsa":
            signed = draw(st.sampled_from(("RS256", "RS384", "RS512")))
            sign: dict[str, Any] = {"key": "k1", "alg": signed}
            if (label, signed) == ("RS256", "RS256"):
                recipe = {"token": {"sign": sign, "header": header}}
                return Example(requirement="base/access", expect=ACCEPT, recipe=recipe)
            name = "alg/none-with-signature" if label == "none" else "alg/rs384-rs512"
            name = "alg/lowercase" if label.upper() == "RS256" != label else name
        case "pss":
            sign = {"key": "k1", "alg": draw(st.sampled_from(("PS256", "PS384", "PS512")))}
            name = "alg/rs256-over-pss" if label.startswith("RS") else "alg/ps256"
        case "hmac":
            secret = draw(st.sampled_from(_SECRETS))
            sign = {"hmac": secret, "alg": draw(st.sampled_from(_HS))}
            form = secret.partition(":")[0]
            name = {
                "empty": "alg/hs256-empty",
                "ssh": "alg/hs256-ssh",
                "pem": "alg/hs256-pem",
                "pkcs1-pem": "alg/hs256-pem-variants",
                "der": "alg/hs256-pem-variants",
                "pkcs1-der": "alg/hs256-pem-variants",
            }.get(form, "alg/hs256-jwk-json")
        case "ec":
            sign, name = {"key": "ec"}, "alg/es256-attacker"
        case "ed":
            sign, name = {"key": "ed"}, "alg/eddsa"
        case _:
            sign, name = {"none": True}, "alg/none"
    recipe = {"token": {"sign": sign, "header": header}}
    return Example(requirement=name, expect=REJECT, recipe=recipe)


@st.composite
def _header_junk(draw: st.DrawFn) -> Example:
    """Unknown members are ignored, unless crit makes them critical: nobody understands these."""
    header: dict[str, Any] = draw(_JUNK)
    way = draw(st.sampled_from(("no crit", "crit of present", "odd crit")))
    if way == "no crit" or not header:
        recipe = {"token": {"header": header or {"x-": 0}}}
        return Example(requirement="base/unknown-header", expect=ACCEPT, recipe=recipe)
    if way == "crit of present":
        names = draw(st.lists(st.sampled_from(sorted(header)), min_size=1, unique=True))
        crit, requirement = names, "header/crit-unknown"
    else:
        crit, requirement = draw(_CRITS)
    recipe = {"token": {"header": {**header, "crit": crit}}}
    return Example(requirement=requirement, expect=REJECT, recipe=recipe)


@st.composite
def _kids(draw: st.DrawFn) -> Example:
    """A kid that is not the published one finds no key, whoever signed."""
    kid, requirement = draw(_KIDS)
    key = draw(st.sampled_from(("k1", "attacker")))
    recipe = {"token": {"sign": {"key": key}, "header": {"kid": kid}}}
    return Example(requirement=requirement, expect=REJECT, recipe=recipe)


HEADER_PROPERTIES: Final = (
    Property(
        name="algorithms",
        law="Of all algorithms over all kinds of keys only RS256 over the pool's key is good.",
        requirements=(
            "base/access",
            "alg/none",
            "alg/none-with-signature",
            "alg/lowercase",
            "alg/rs384-rs512",
            "alg/rs256-over-pss",
            "alg/ps256",
            "alg/hs256-empty",
            "alg/hs256-ssh",
            "alg/hs256-pem",
            "alg/hs256-pem-variants",
            "alg/hs256-jwk-json",
            "alg/es256-attacker",
            "alg/eddsa",
        ),
        examples=_algorithms(),
    ),
    Property(
        name="header-junk",
        law="Unknown header members are ignored, and a crit is refused.",
        requirements=(
            "base/unknown-header",
            "header/crit-empty",
            "header/crit-absent-member",
            "header/crit-not-array",
            "header/crit-standard",
            "header/crit-unknown",
        ),
        examples=_header_junk(),
    ),
    Property(
        name="kids",
        law="Only the published kid finds the key.",
        requirements=("kid/unknown", "kid/case", "kid/not-a-string"),
        examples=_kids(),
    ),
)
