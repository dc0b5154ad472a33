"""The operations that have behaviour, by name, a module per group."""

from collections.abc import Mapping

from cognito_mock.idp_api.call import Operation
from cognito_mock.idp_api.operations import (
    admin_users,
    authentication,
    branding,
    client_secrets,
    clients,
    devices,
    domains,
    groups,
    identity_providers,
    mfa,
    own_account,
    passwords,
    pool_documents,
    pools,
    resource_servers,
    session_settings,
    sign_up,
    tags,
    terms,
    user_attributes,
)

OPERATIONS: Mapping[str, Operation] = {
    **pools.OPERATIONS,
    **clients.OPERATIONS,
    **client_secrets.OPERATIONS,
    **pool_documents.OPERATIONS,
    **session_settings.OPERATIONS,
    **tags.OPERATIONS,
    **devices.OPERATIONS,
    **domains.OPERATIONS,
    **branding.OPERATIONS,
    **terms.OPERATIONS,
    **identity_providers.OPERATIONS,
    **resource_servers.OPERATIONS,
    **groups.OPERATIONS,
    **admin_users.OPERATIONS,
    **sign_up.OPERATIONS,
    **authentication.OPERATIONS,
    **own_account.OPERATIONS,
    **passwords.OPERATIONS,
    **user_attributes.OPERATIONS,
    **mfa.OPERATIONS,
}
