"""Key rotation: ``POST /_mock/api/pools/{poolId}/keys/rotate``."""

from dataclasses import replace

from cognito_mock.control.http import Call
from cognito_mock.control.parts import ControlParts
from cognito_mock.core.errors import ResourceNotFoundException
from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.pools import PoolKeys
from cognito_mock.flows.services import Services


def rotate(parts: ControlParts, call: Call) -> JsonObject:
    """``{"retire": "now"|"keep", "use": "id"|"access"|"both"}``: sign with new keys from now on.

    ``keep`` leaves the old key published (COG-JWK-008); after ``now`` only keys that sign are.
    """
    call.only("retire", "use")
    keep = call.choice("retire", ("now", "keep"), "keep") == "keep"
    use = call.choice("use", ("id", "access", "both"), "both")
    pool_id = call.path["pool_id"]
    require_keys(parts.services, pool_id)  # before the slow part

    new_id = parts.services.keys.new_key() if use != "access" else None
    new_access = parts.services.keys.new_key() if use != "id" else None
    with parts.services.store.transaction() as tx:
        keys = tx.get(PoolKeys, pool_id)
        if keys is None:
            raise unknown_pool(pool_id)
        old = [
            *([keys.id_key] if new_id is not None else []),
            *([keys.access_key] if new_access is not None else []),
        ]
        rotated = replace(
            keys,
            id_key=new_id or keys.id_key,
            access_key=new_access or keys.access_key,
            retired=(*keys.retired, *old) if keep else (),
        )
        tx.put(rotated)
    return {
        "id": rotated.id_key.kid,
        "access": rotated.access_key.kid,
        "published": [key.kid for key in rotated.published],
    }


def require_keys(services: Services, pool_id: str) -> PoolKeys:
    """Return the pool's keys, or answer 404."""
    with services.store.read() as tx:
        keys = tx.get(PoolKeys, pool_id)
    if keys is None:
        raise unknown_pool(pool_id)
    return keys


def unknown_pool(pool_id: str) -> ResourceNotFoundException:
    """Say what the service says (COG-JWK-009)."""
    return ResourceNotFoundException(f"User pool {pool_id} does not exist.")
