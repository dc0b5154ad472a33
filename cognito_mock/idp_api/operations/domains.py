"""CreateUserPoolDomain, DescribeUserPoolDomain, UpdateUserPoolDomain, DeleteUserPoolDomain."""

from cognito_mock.core.arns import ACCOUNT_ID
from cognito_mock.core.json_types import JsonObject, JsonValue
from cognito_mock.core.pools import PoolDomain
from cognito_mock.flows import domains_admin
from cognito_mock.flows.members import text
from cognito_mock.idp_api.call import Call

_CLOUDFRONT = "d111111abcdef8.cloudfront.net"


def create_user_pool_domain(call: Call) -> JsonObject:
    """COG-API-OP-CreateUserPoolDomain."""
    domain = domains_admin.create_user_pool_domain(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        domain=text(call.input, "Domain"),
        request=call.input,
    )
    return _outcome(call, domain)


def describe_user_pool_domain(call: Call) -> JsonObject:
    """COG-API-OP-DescribeUserPoolDomain; an unknown domain has no members (COG-API-JSON-012)."""
    found = domains_admin.describe_user_pool_domain(
        call.services, domain=text(call.input, "Domain")
    )
    if found is None:
        return {"DomainDescription": {}}
    domain = found.domain
    description: dict[str, JsonValue] = {
        "CustomDomainConfig": {},
        **domain.settings,
        "UserPoolId": found.pool.id,
        "AWSAccountId": ACCOUNT_ID,
        "Domain": domain.domain,
        "S3Bucket": f"aws-cognito-prod-{found.pool.region}-assets",
        "CloudFrontDistribution": _CLOUDFRONT,
        "Version": "20260101000000",
        "Status": "ACTIVE",
        "ManagedLoginVersion": domain.managed_login_version,
    }
    return {"DomainDescription": description}


def update_user_pool_domain(call: Call) -> JsonObject:
    """COG-API-OP-UpdateUserPoolDomain."""
    domain = domains_admin.update_user_pool_domain(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        domain=text(call.input, "Domain"),
        request=call.input,
    )
    return _outcome(call, domain)


def delete_user_pool_domain(call: Call) -> JsonObject:
    """COG-API-OP-DeleteUserPoolDomain."""
    domains_admin.delete_user_pool_domain(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        domain=text(call.input, "Domain"),
    )
    return {}


def _outcome(call: Call, domain: PoolDomain) -> JsonObject:
    """COG-API-RES-001: a prefix domain answers with no more than was asked."""
    return {
        "ManagedLoginVersion": domain.managed_login_version
        if "ManagedLoginVersion" in call.input
        else None,
        "CloudFrontDomain": _CLOUDFRONT if domain.custom else None,
        "Routing": domain.settings.get("Routing"),
    }


OPERATIONS = {
    "CreateUserPoolDomain": create_user_pool_domain,
    "DescribeUserPoolDomain": describe_user_pool_domain,
    "UpdateUserPoolDomain": update_user_pool_domain,
    "DeleteUserPoolDomain": delete_user_pool_domain,
}
