"""Takes a test's pool away when the test has ended, and keeps its keys for the next one."""

from dataclasses import replace

from cognito_mock.core.pools import PoolDomain, PoolKeys, UserPool
from cognito_mock.flows.domains_admin import delete_user_pool_domain
from cognito_mock.flows.services import Services
from cognito_mock.flows.user_pools import delete_user_pool
from cognito_mock.testing.recycled_keys import RecycledKeys


def dispose(services: Services, keys: RecycledKeys, pool_id: str) -> None:
    """Delete the pool with its domains, protected or not; nothing happens if it has gone."""
    with services.store.transaction() as tx:
        pool = tx.get(UserPool, pool_id)
        pool_keys = tx.get(PoolKeys, pool_id)
        domains = tx.find(PoolDomain, "pool", pool_id)
        if pool is None or pool_keys is None:
            return
        tx.put(replace(pool, settings={**pool.settings, "DeletionProtection": "INACTIVE"}))
    for domain in domains:
        delete_user_pool_domain(services, pool_id=pool_id, domain=domain.domain)
    delete_user_pool(services, pool_id=pool_id)
    keys.give_back(pool_keys.published)
