"""The operations that have behaviour, by name, a module per group."""

from collections.abc import Mapping

from cognito_mock.idp_api.call import Operation
from cognito_mock.idp_api.operations import clients, domains, groups, pools, resource_servers

OPERATIONS: Mapping[str, Operation] = {
    **pools.OPERATIONS,
    **clients.OPERATIONS,
    **domains.OPERATIONS,
    **resource_servers.OPERATIONS,
    **groups.OPERATIONS,
}
