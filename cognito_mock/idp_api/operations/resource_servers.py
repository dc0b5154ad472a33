"""CreateResourceServer, Describe..., List..., Update..., Delete..."""

from cognito_mock.core.json_types import JsonObject
from cognito_mock.core.resource_servers import ResourceServer, Scope
from cognito_mock.flows import resource_servers
from cognito_mock.flows.members import optional_integer, optional_text, sections, text
from cognito_mock.idp_api.call import Call
from cognito_mock.idp_api.paging import key_after, page

_MOST = 50


def create_resource_server(call: Call) -> JsonObject:
    """COG-API-OP-CreateResourceServer."""
    server = resource_servers.create_resource_server(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        identifier=text(call.input, "Identifier"),
        name=text(call.input, "Name"),
        scopes=_scopes(call.input),
    )
    return {"ResourceServer": _resource_server(server)}


def describe_resource_server(call: Call) -> JsonObject:
    """COG-API-OP-DescribeResourceServer."""
    server = resource_servers.describe_resource_server(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        identifier=text(call.input, "Identifier"),
    )
    return {"ResourceServer": _resource_server(server)}


def list_resource_servers(call: Call) -> JsonObject:
    """COG-API-OP-ListResourceServers."""
    pool_id = text(call.input, "UserPoolId")
    listing = f"resource servers of {pool_id}"
    size = optional_integer(call.input, "MaxResults") or _MOST
    now = call.services.clock.now()
    after = key_after(optional_text(call.input, "NextToken"), listing=listing, now=now)
    found = resource_servers.list_resource_servers(
        call.services, pool_id=pool_id, limit=size + 1, after=after
    )
    shown = page(found, size=size, listing=listing, key=lambda s: s.identifier, now=now)
    return {
        "ResourceServers": [_resource_server(server) for server in shown.items],
        "NextToken": shown.token,
    }


def update_resource_server(call: Call) -> JsonObject:
    """COG-API-OP-UpdateResourceServer."""
    server = resource_servers.update_resource_server(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        identifier=text(call.input, "Identifier"),
        name=text(call.input, "Name"),
        scopes=_scopes(call.input),
    )
    return {"ResourceServer": _resource_server(server)}


def delete_resource_server(call: Call) -> JsonObject:
    """COG-API-OP-DeleteResourceServer."""
    resource_servers.delete_resource_server(
        call.services,
        pool_id=text(call.input, "UserPoolId"),
        identifier=text(call.input, "Identifier"),
    )
    return {}


def _scopes(document: JsonObject) -> list[Scope]:
    return [
        Scope(name=text(scope, "ScopeName"), description=text(scope, "ScopeDescription"))
        for scope in sections(document, "Scopes")
    ]


def _resource_server(server: ResourceServer) -> JsonObject:
    """COG-API-JSON-011."""
    return {
        "UserPoolId": server.pool_id,
        "Identifier": server.identifier,
        "Name": server.name,
        "Scopes": [
            {"ScopeName": scope.name, "ScopeDescription": scope.description}
            for scope in server.scopes
        ],
    }


OPERATIONS = {
    "CreateResourceServer": create_resource_server,
    "DescribeResourceServer": describe_resource_server,
    "ListResourceServers": list_resource_servers,
    "UpdateResourceServer": update_resource_server,
    "DeleteResourceServer": delete_resource_server,
}
