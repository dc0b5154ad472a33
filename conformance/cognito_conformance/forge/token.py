"""One token recipe to one compact serialization, and the claims it was signed with."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from cognito_conformance.forge import signing
from cognito_conformance.forge.encoding import b64url, compact_json
from cognito_conformance.forge.keys import Keyring
from cognito_conformance.forge.mangle import mangle
from cognito_conformance.forge.template import ABSENT, Scope
from cognito_conformance.forge.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedToken:
    """The string to present. ``claims`` is None where the payload is not a JSON object."""

    text: str
    claims: Mapping[str, Any] | None


def render(recipe: Mapping[str, Any], *, keys: Keyring, world: World, now: int) -> RenderedToken:
    """Render a checked recipe."""
    scope = Scope(world.names(), now=now)
    if "text" in recipe:
        token, claims = scope.text(recipe["text"]), None
    else:
        token, claims = _signed(recipe, keys, world, scope, now)
    for step in recipe.get("mangle", ()):
        token = mangle(token, scope.text(step))
    return RenderedToken(text=token, claims=claims)


def _signed(
    recipe: Mapping[str, Any], keys: Keyring, world: World, scope: Scope, now: int
) -> tuple[str, Mapping[str, Any] | None]:
    base = recipe.get("base", "access")
    sign = {"key": "k2" if base == "id" else "k1", **recipe.get("sign", {})}
    sign = {name: scope.text(value) if name != "none" else value for name, value in sign.items()}
    header = {"kid": keys.kid(sign["key"]), "alg": _algorithm(sign)}
    header_text = _serialise(recipe, "header", header, scope)
    claims = world.base_claims(base, now)
    payload_text = _serialise(recipe, "claims", claims, scope)
    message = b64url(header_text) + "." + b64url(payload_text)
    for attempt in count(1):
        if signing.suits(message.encode("ascii"), sign, keys):
            break
        payload_text = _serialise(recipe, "claims", {**claims, "attempt": attempt}, scope)
        message = b64url(header_text) + "." + b64url(payload_text)
    signature = b64url(signing.sign(message.encode("ascii"), sign, keys))
    if "tamper" in recipe:
        header_text = _tampered(header_text, recipe["tamper"].get("header"), scope)
        payload_text = _tampered(payload_text, recipe["tamper"].get("claims"), scope)
        message = b64url(header_text) + "." + b64url(payload_text)
    return f"{message}.{signature}", _object(payload_text)


def _algorithm(sign: Mapping[str, Any]) -> str:
    if "none" in sign:
        return "none"
    usual = {"ec": "ES256", "ed": "EdDSA"}.get(sign["key"], "RS256")
    return str(sign.get("alg", "HS256" if "hmac" in sign else usual))


def _serialise(
    recipe: Mapping[str, Any], part: str, base: Mapping[str, Any], scope: Scope
) -> bytes:
    members = _overridden(base, recipe.get(part, {}), scope)
    # Drawn values: text that looks like a directive means itself.
    members.update(recipe.get(f"literal_{part}", {}))
    text = compact_json(members)
    raw = recipe.get(f"raw_{part}")
    if raw is not None:
        if raw.startswith("b64:"):
            return base64.b64decode(raw.removeprefix("b64:"), validate=True)
        # A function, so that nothing inside the members is taken for a directive.
        inner = text[1:-1]
        text = inner.join(scope.text(piece) for piece in raw.split("@members"))
    return text.encode(recipe.get(f"{part}_encoding", "utf-8"))


def _overridden(
    base: Mapping[str, Any], overrides: Mapping[str, Any], scope: Scope
) -> dict[str, Any]:
    members = {**base}
    for name, value in overrides.items():
        rendered = scope.value(value)
        if rendered is ABSENT:
            members.pop(name, None)
        else:
            members[name] = rendered
    return members


def _tampered(octets: bytes, overrides: Mapping[str, Any] | None, scope: Scope) -> bytes:
    if overrides is None:
        return octets
    return compact_json(_overridden(json.loads(octets), overrides, scope)).encode()


def _object(octets: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(octets)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
