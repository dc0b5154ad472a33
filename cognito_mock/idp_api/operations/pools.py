"""CreateUserPool, DescribeUserPool, ListUserPools, Update..., Delete..., AddCustomAttributes."""

from cognito_mock.core.arns import pool_arn
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.core.pools import UserPool
from cognito_mock.flows import pools
from cognito_mock.flows.members import optional_integer, optional_text, text
from cognito_mock.flows.user_pools import PoolDescription
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.paging import key_after, page

_MOST = 60


def create_user_pool(call: Call) -> JsonObject:
    """COG-API-OP-CreateUserPool."""
    pool = pools.create_user_pool(call.services, region=call.region, request=call.input)
    return {"UserPool": _user_pool(PoolDescription(pool=pool))}


def describe_user_pool(call: Call) -> JsonObject:
    """COG-API-OP-DescribeUserPool."""
    found = pools.describe_user_pool(call.services, pool_id=text(call.input, "UserPoolId"))
    return {"UserPool": _user_pool(found)}


def list_user_pools(call: Call) -> JsonObject:
    """COG-API-OP-ListUserPools."""
    size = optional_integer(call.input, "MaxResults") or _MOST
    now = call.services.clock.now()
    after = key_after(optional_text(call.input, "NextToken"), listing="pools", now=now)
    found = pools.list_user_pools(call.services, limit=size + 1, after=after)
    shown = page(found, size=size, listing="pools", key=lambda pool: pool.id, now=now)
    return {"UserPools": [_summary(pool) for pool in shown.items], "NextToken": shown.token}


def update_user_pool(call: Call) -> JsonObject:
    """COG-API-OP-UpdateUserPool."""
    pool_id = text(call.input, "UserPoolId")
    pools.update_user_pool(call.services, pool_id=pool_id, request=call.input)
    return {}


def add_custom_attributes(call: Call) -> JsonObject:
    """COG-API-OP-AddCustomAttributes."""
    pool_id = text(call.input, "UserPoolId")
    pools.add_custom_attributes(call.services, pool_id=pool_id, request=call.input)
    return {}


def delete_user_pool(call: Call) -> JsonObject:
    """COG-API-OP-DeleteUserPool."""
    pools.delete_user_pool(call.services, pool_id=text(call.input, "UserPoolId"))
    return {}


def _summary(pool: UserPool) -> dict[str, JsonValue]:
    return {
        "Id": pool.id,
        "Name": pool.name,
        "LambdaConfig": pool.settings.get("LambdaConfig"),
        "LastModifiedDate": pool.modified_at,
        "CreationDate": pool.created_at,
    }


def _user_pool(found: PoolDescription) -> JsonObject:
    """COG-API-JSON-001."""
    pool = found.pool
    domains = {
        "CustomDomain" if domain.custom else "Domain": domain.domain for domain in found.domains
    }
    return {
        **pool.settings,
        **_summary(pool),
        **domains,
        "EstimatedNumberOfUsers": found.users,
        "Arn": pool_arn(pool.id),
    }


OPERATIONS = {
    "CreateUserPool": create_user_pool,
    "DescribeUserPool": describe_user_pool,
    "ListUserPools": list_user_pools,
    "UpdateUserPool": update_user_pool,
    "AddCustomAttributes": add_custom_attributes,
    "DeleteUserPool": delete_user_pool,
}
