"""How the suite's values look on the wire, and back. CONFORMANCE 4.4."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cognito_conformance.model import Config, Implementation, JsonObject

PROTOCOL_VERSION: Final = 1

CAPABILITIES: Final[Mapping[str, str]] = {
    "verify": "answers verify",
    "jwks.static": "takes its keys from the configuration",
    "jwks.http": "fetches its keys from the configured jwks_uri",
    "clock.token": "compares exp and nbf with the given now",
    "clock.cache": "measures its cache's age with the given now as well",
    "reasons": "names the reason of a rejection",
    "cookies": "answers cookies",
    "concurrency": "answers verify from several threads at once; only in this process",
    "fixed": "was configured once, by hand, with the suite's issuer, and returns no claims",
}
"""Everything an adapter may declare, and what it promises by that."""


def plain(value: Any) -> Any:
    """Copy read-only mappings and sequences into what the JSON encoder knows."""
    if isinstance(value, Mapping):
        return {str(name): plain(member) for name, member in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(member) for member in value]
    return value


def config_to_wire(config: Config) -> dict[str, Any]:
    """Return the ``config`` member of a configure request."""
    wire: dict[str, Any] = {
        "user_pool_id": config.user_pool_id,
        "region": config.region,
        "issuers": list(config.issuers),
        "client_ids": list(config.client_ids),
        "token_use": config.token_use,
        "leeway_s": config.leeway_s,
        "required_scopes": list(config.required_scopes),
        "required_groups": list(config.required_groups),
    }
    if config.jwks is not None:
        wire["jwks"] = plain(config.jwks)
    if config.jwks_uri is not None:
        wire["jwks_uri"] = config.jwks_uri
    return wire


def config_from_wire(wire: JsonObject) -> Config:
    """Read a configure request that the schema has admitted."""
    members: dict[str, Any] = dict(wire)
    return Config(
        user_pool_id=members["user_pool_id"],
        region=members["region"],
        issuers=tuple(members["issuers"]),
        client_ids=tuple(members["client_ids"]),
        token_use=members["token_use"],
        leeway_s=members["leeway_s"],
        required_scopes=tuple(members["required_scopes"]),
        required_groups=tuple(members["required_groups"]),
        jwks=members.get("jwks"),
        jwks_uri=members.get("jwks_uri"),
    )


def implementation_to_wire(info: Implementation) -> dict[str, Any]:
    """Return the members of a hello response that describe the subject."""
    return {
        "implementation": {
            "name": info.name,
            "version": info.version,
            "language": info.language,
            "homepage": info.homepage,
        },
        "capabilities": sorted(info.capabilities),
        "limits": dict(info.limits),
    }


def implementation_from_wire(wire: JsonObject) -> Implementation:
    """Read a hello response that the schema has admitted."""
    members: dict[str, Any] = dict(wire)
    described = members["implementation"]
    return Implementation(
        name=described["name"],
        version=described["version"],
        language=described["language"],
        homepage=described.get("homepage", ""),
        capabilities=frozenset(members["capabilities"]),
        limits=members.get("limits", {}),
    )
