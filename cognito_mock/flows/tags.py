"""A pool's tags (COG-API-POOL-009)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cognito_mock.core.errors import InvalidParameterException
from cognito_mock.flows.lookups import get_pool
from cognito_mock.flows.members import string_map
from cognito_mock.flows.services import Services

_MOST = 50


def tag_resource(services: Services, *, pool_id: str, tags: Mapping[str, str]) -> None:
    """Add tags; those of the same key are replaced."""
    if any(key.lower().startswith("aws:") for key in tags):
        # Here and below the service's texts are not known.
        raise InvalidParameterException("Tag keys cannot start with aws:")
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        tagged = {**string_map(pool.settings, "UserPoolTags"), **tags}
        if len(tagged) > _MOST:
            raise InvalidParameterException(f"A user pool has at most {_MOST} tags.")
        tx.put(replace(pool, settings={**pool.settings, "UserPoolTags": tagged}))


def untag_resource(services: Services, *, pool_id: str, keys: Iterable[str]) -> None:
    """Remove tags; a key that is not there is no error."""
    gone = set(keys)
    with services.store.transaction() as tx:
        pool = get_pool(tx, pool_id)
        kept = {
            key: value
            for key, value in string_map(pool.settings, "UserPoolTags").items()
            if key not in gone
        }
        tx.put(replace(pool, settings={**pool.settings, "UserPoolTags": kept}))


def list_tags(services: Services, *, pool_id: str) -> dict[str, str]:
    """Return the tags."""
    with services.store.read() as tx:
        return string_map(get_pool(tx, pool_id).settings, "UserPoolTags")
