"""CreateUserPoolClient, DescribeUserPoolClient, ListUserPoolClients, Update..., Delete..."""

from cognito_mock.core.clients import AppClient
from cognito_mock.core.json_types import JsonObject
from cognito_mock.flows import clients
from cognito_mock.flows.members import optional_integer, optional_text, text
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.paging import key_after, page

_MOST = 60


def create_user_pool_client(call: Call) -> JsonObject:
    """COG-API-OP-CreateUserPoolClient."""
    client = clients.create_user_pool_client(
        call.services, pool_id=text(call.input, "UserPoolId"), request=call.input
    )
    return {"UserPoolClient": _user_pool_client(client)}


def describe_user_pool_client(call: Call) -> JsonObject:
    """COG-API-OP-DescribeUserPoolClient."""
    client = clients.describe_user_pool_client(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        client_id=text(call.input, "ClientId"),
    )
    return {"UserPoolClient": _user_pool_client(client)}


def list_user_pool_clients(call: Call) -> JsonObject:
    """COG-API-OP-ListUserPoolClients."""
    pool_id = text(call.input, "UserPoolId")
    listing = f"clients of {pool_id}"
    size = optional_integer(call.input, "MaxResults") or _MOST
    now = call.services.clock.now()
    after = key_after(optional_text(call.input, "NextToken"), listing=listing, now=now)
    # COG-API-CLI-007: no client registers itself here, so the filter DCR finds none.
    wanted = optional_text(call.input, "ClientType") != "DCR"
    found = clients.list_user_pool_clients(
        call.services, pool_id=pool_id, limit=size + 1 if wanted else 0, after=after
    )
    shown = page(found, size=size, listing=listing, key=lambda client: client.id, now=now)
    return {
        "UserPoolClients": [
            {"ClientId": client.id, "UserPoolId": client.pool_id, "ClientName": client.name}
            for client in shown.items
        ],
        "NextToken": shown.token,
    }


def update_user_pool_client(call: Call) -> JsonObject:
    """COG-API-OP-UpdateUserPoolClient."""
    client = clients.update_user_pool_client(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        client_id=text(call.input, "ClientId"),
        request=call.input,
    )
    return {"UserPoolClient": _user_pool_client(client)}


def delete_user_pool_client(call: Call) -> JsonObject:
    """COG-API-OP-DeleteUserPoolClient."""
    clients.delete_user_pool_client(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        client_id=text(call.input, "ClientId"),
    )
    return {}


def _user_pool_client(client: AppClient) -> JsonObject:
    """COG-API-JSON-005."""
    return {
        **client.settings,
        "UserPoolId": client.pool_id,
        "ClientName": client.name,
        "ClientId": client.id,
        "ClientSecret": client.secrets[0].value if client.secrets else None,
        "LastModifiedDate": client.modified_at,
        "CreationDate": client.created_at,
    }


OPERATIONS = {
    "CreateUserPoolClient": create_user_pool_client,
    "DescribeUserPoolClient": describe_user_pool_client,
    "ListUserPoolClients": list_user_pool_clients,
    "UpdateUserPoolClient": update_user_pool_client,
    "DeleteUserPoolClient": delete_user_pool_client,
}
