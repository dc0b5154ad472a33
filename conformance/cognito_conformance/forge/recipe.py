"""The closed vocabulary of recipes, checked before anything is rendered.

A misspelt member would silently turn an attack into an ordinary token, so nothing unknown passes.

A recipe has a ``token``, or ``steps`` (verify, configure, cookies, jwks, fetches), and may change
the ``config``, the key set (``jwks``, ``jwks_document``) and the time of presentation (``now``).

A token starts from a ``base``: access, id or m2m. ``header`` and ``claims`` override members;
``literal_header`` and ``literal_claims`` do so without directives, for drawn values. ``raw_header``
and ``raw_claims`` are the whole text, in which ``@members`` stands for the members, or ``b64:``
octets; ``header_encoding`` and ``claims_encoding`` write them in another encoding. ``sign`` has a
``key`` and an ``alg``, or one of ``hmac``, ``none``, ``em`` (see `pkcs1`), ``hex``, ``integer`` and
``adjust``. ``tamper`` changes header or claims under the finished signature, ``mangle`` the
finished string. ``text`` is a string that is no token at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from cognito_conformance.forge import mangle, signing
from cognito_conformance.forge.errors import RecipeError
from cognito_conformance.forge.keys import KEY_NAMES
from cognito_conformance.forge.world import BASES
from cognito_conformance.model import Config, Verdict

Table = Mapping[str, Any]

RECIPE: Final = frozenset(
    {"token", "config", "jwks", "jwks_document", "now", "steps", "refusal_is_reject"}
)
TOKEN: Final = frozenset(
    {
        "base",
        "header",
        "claims",
        "literal_header",
        "literal_claims",
        "raw_header",
        "raw_claims",
        "header_encoding",
        "claims_encoding",
        "sign",
        "tamper",
        "mangle",
        "text",
    }
)
SIGN: Final = frozenset({"key", "alg", "hmac", "none", "em", "hex", "integer", "adjust"})
TAMPER: Final = frozenset({"header", "claims"})
JWK: Final = frozenset({"key", "set", "raw"})
CONFIG: Final = frozenset(field.name for field in fields(Config)) - {"jwks"}
VERIFY_STEP: Final = frozenset({"token", "now", "expect", "forbidden_reasons", "threads"})
CONFIGURE_STEP: Final = frozenset({"config", "jwks"})
COOKIES_STEP: Final = frozenset({"headers", "layout", "client_id", "token", "expect"})
JWKS_STEP: Final = frozenset({"jwks", "jwks_document", "outage"})
FETCHES_STEP: Final = frozenset({"fetches_at_most", "fetches_at_least"})
ENCODINGS: Final = frozenset({"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1"})


def check_recipe(recipe: Table) -> None:
    """Raise `RecipeError` unless ``recipe`` speaks the vocabulary of a case."""
    _known("recipe", recipe, RECIPE)
    if ("steps" in recipe) == ("token" in recipe):
        raise RecipeError("a recipe has either a token or steps")
    if "token" in recipe:
        check_token(recipe["token"])
    for step in recipe.get("steps", ()):
        _check_step(step)
    _known("config", recipe.get("config", {}), CONFIG)
    _check_jwks(recipe)


def check_token(token: Table) -> None:
    """Raise `RecipeError` unless ``token`` speaks the vocabulary of a token."""
    _known("token", token, TOKEN)
    if "text" in token and len(token.keys() - {"text", "mangle"}) > 0:
        raise RecipeError("a token given as text has no other member but mangle")
    if token.get("base", "access") not in BASES:
        raise RecipeError(f"unknown base {token['base']!r}; known: {', '.join(sorted(BASES))}")
    for part in ("header", "claims"):
        if str(token.get(f"raw_{part}", "")).startswith("b64:") and part in token:
            raise RecipeError(f"raw_{part} in base64 leaves no room for {part}")
    for encoding in ("header_encoding", "claims_encoding"):
        if token.get(encoding, "utf-8") not in ENCODINGS:
            raise RecipeError(f"unknown {encoding} {token[encoding]!r}")
    _check_sign(token.get("sign", {}))
    _known("tamper", token.get("tamper", {}), TAMPER)
    for step in token.get("mangle", ()):
        name = step.partition(":")[0]
        if name not in mangle.MANGLES:
            raise RecipeError(f"unknown mangle {name!r}")


def _check_sign(sign: Table) -> None:
    _known("sign", sign, SIGN)
    if sum(member in sign for member in ("hmac", "none", "em", "hex", "integer", "adjust")) > 1:
        raise RecipeError("sign says more than one way to sign")
    if sign.get("key", "k1") not in KEY_NAMES:
        raise RecipeError(f"unknown key {sign['key']!r}; known: {', '.join(sorted(KEY_NAMES))}")
    signing.check(sign)


def _check_step(step: Table) -> None:
    if "headers" in step:
        _known("cookies step", step, COOKIES_STEP)
        check_token(step.get("token", {}))
    elif "token" in step:
        _known("verify step", step, VERIFY_STEP)
        check_token(step["token"])
        if "expect" in step:
            verdicts(step["expect"])
    elif "config" in step:
        _known("configure step", step, CONFIGURE_STEP)
        _known("config", step["config"], CONFIG - {"jwks_uri"})
        _check_jwks(step)
    elif "fetches_at_most" in step:
        _known("fetches step", step, FETCHES_STEP)
    else:
        _known("jwks step", step, JWKS_STEP)
        _check_jwks(step)


def _check_jwks(table: Table) -> None:
    for entry in table.get("jwks", ()):
        if isinstance(entry, str):
            name = entry
        else:
            _known("jwk", entry, JWK)
            if ("raw" in entry) == ("key" in entry):
                raise RecipeError("a jwk entry has either a key or a raw value")
            name = entry.get("key", "k1")
        if name not in KEY_NAMES:
            raise RecipeError(f"unknown key {name!r}; known: {', '.join(sorted(KEY_NAMES))}")


def verdicts(expect: object) -> frozenset[Verdict]:
    """Return the verdicts that ``expect`` names: one of them or a list."""
    names = [expect] if isinstance(expect, str) else expect
    if not isinstance(names, Sequence) or not names:
        raise RecipeError("expect is accept, reject, or a list of them")
    try:
        return frozenset(Verdict(name) for name in names)
    except ValueError as error:
        raise RecipeError(f"expect: {error}") from error


def _known(what: str, table: Any, members: frozenset[str]) -> None:
    if not isinstance(table, Mapping):
        raise RecipeError(f"{what} is not a table")
    if unknown := table.keys() - members:
        known = ", ".join(sorted(members))
        raise RecipeError(f"unknown {what} member {', '.join(sorted(unknown))}; known: {known}")
