"""The control plane in one place: pools, their clients and domains."""

from cognito_mock.flows.clients import (
    create_user_pool_client,
    delete_user_pool_client,
    describe_user_pool_client,
    list_user_pool_clients,
    update_user_pool_client,
)
from cognito_mock.flows.domains_admin import (
    create_user_pool_domain,
    delete_user_pool_domain,
    describe_user_pool_domain,
    update_user_pool_domain,
)
from cognito_mock.flows.resource_servers import (
    create_resource_server,
    delete_resource_server,
    describe_resource_server,
    list_resource_servers,
    update_resource_server,
)
from cognito_mock.flows.user_pools import (
    add_custom_attributes,
    create_user_pool,
    delete_user_pool,
    describe_user_pool,
    list_user_pools,
    update_user_pool,
)

__all__ = [
    "add_custom_attributes",
    "create_resource_server",
    "create_user_pool",
    "create_user_pool_client",
    "create_user_pool_domain",
    "delete_resource_server",
    "delete_user_pool",
    "delete_user_pool_client",
    "delete_user_pool_domain",
    "describe_resource_server",
    "describe_user_pool",
    "describe_user_pool_client",
    "describe_user_pool_domain",
    "list_resource_servers",
    "list_user_pool_clients",
    "list_user_pools",
    "update_resource_server",
    "update_user_pool",
    "update_user_pool_client",
    "update_user_pool_domain",
]
