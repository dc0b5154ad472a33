"""What ``aws cognito-idp describe-...`` printed of pools at AWS, as pools of a blueprint.

Documents that belong together may be in one file, as a list, or in several. The ids and secrets
stay what they are at AWS.
"""

from collections.abc import Iterator, Sequence

from cognito_mock.blueprint.coercion import coerced_members
from cognito_mock.blueprint.described_pool import pool_members
from cognito_mock.blueprint.nodes import Node
from cognito_mock.blueprint.notes import Notes
from cognito_mock.blueprint.requests import request_shape

_POOL, _CLIENT = "UserPool", "UserPoolClient"
_SERVER, _PROVIDER, _DOMAIN = "ResourceServer", "IdentityProvider", "DomainDescription"
_KINDS = {_POOL, _CLIENT, _SERVER, _PROVIDER, _DOMAIN}
_IN_A_CLIENT_ALONE = frozenset(
    {"UserPoolId", "ClientName", "ClientId", "ClientSecret", "LastModifiedDate", "CreationDate"}
)
_OWN_SCOPES = frozenset({"openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"})
_DIRECTORY = "COGNITO"


def is_describe_output(root: Node) -> bool:
    """Tell whether a document is one that the AWS CLI prints, or a list of these."""
    items = root.value if isinstance(root.value, list) else [root]
    return bool(items) and all(
        isinstance(item.value, dict) and bool(item.value.keys() & _KINDS) for item in items
    )


def pools_described(roots: Sequence[Node], notes: Notes) -> list[Node]:
    """Return the pools, each with the parts that were described, too."""
    documents = [
        (kind, node)
        for root in roots
        for item in (root.value if isinstance(root.value, list) else [root])
        for kind, node in item.members.items()
        if kind in _KINDS
    ]
    pools: dict[str, Node] = {}
    for kind, node in documents:
        if kind == _POOL:
            members = pool_members(node, notes)
            if members["id"].text in pools:
                raise node.error(f"user pool {members['id'].text} is described twice")
            pools[members["id"].text] = node.with_members(members)
    for wanted in (_SERVER, _PROVIDER, _DOMAIN, _CLIENT):
        for kind, node in documents:
            if kind == wanted:
                _add(kind, node, _pool_of(node, pools), notes)
    return list(pools.values())


def _pool_of(node: Node, pools: dict[str, Node]) -> Node:
    pool_id = node.get("UserPoolId")
    if pool_id is None:
        raise node.error("expected 'UserPoolId'")
    pool = pools.get(pool_id.text)
    if pool is None:
        raise pool_id.error(
            f"there is no description of user pool {pool_id.text};"
            f" aws cognito-idp describe-user-pool --user-pool-id {pool_id.text}"
        )
    return pool


def _add(kind: str, node: Node, pool: Node, notes: Notes) -> None:
    if kind == _SERVER:
        _append(pool, "resource_servers", _resource_server(node))
    elif kind == _PROVIDER:
        _append(pool, "identity_providers", _provider(node))
    elif kind == _DOMAIN:
        _set_domain(pool, node)
    else:
        _append(pool, "clients", _client(node, pool, notes))


def _append(pool: Node, part: str, entry: Node) -> None:
    pool.members.setdefault(part, Node([], pool.place)).items.append(entry)


def _resource_server(node: Node) -> Node:
    scopes = node.get("Scopes") or Node([], node.place)
    described = {
        _member(scope, "ScopeName").text: _member(scope, "ScopeDescription")
        for scope in scopes.items
    }
    return node.with_members(
        {
            "identifier": _member(node, "Identifier"),
            "name": _member(node, "Name"),
            "scopes": scopes.with_members(described),
        }
    )


def _provider(node: Node) -> Node:
    names = {
        "name": "ProviderName",
        "type": "ProviderType",
        "details": "ProviderDetails",
        "attribute_mapping": "AttributeMapping",
        "identifiers": "IdpIdentifiers",
    }
    return node.with_members(
        {ours: found for ours, name in names.items() if (found := node.get(name)) is not None}
    )


def _set_domain(pool: Node, node: Node) -> None:
    custom = node.get("CustomDomainConfig")
    name = "custom_domain" if custom is not None and custom.members else "domain"
    pool.members[name] = _member(node, "Domain")
    version = node.get("ManagedLoginVersion")
    if version is not None:
        pool.members["managed_login_version"] = version


def _client(node: Node, pool: Node, notes: Notes) -> Node:
    label = _member(node, "ClientName").text
    settings = coerced_members(
        node, request_shape("CreateUserPoolClient"), label, notes, silently=_IN_A_CLIENT_ALONE
    )
    members = {n: v for n, v in settings.members.items() if n not in _IN_A_CLIENT_ALONE}
    analytics = members.pop("AnalyticsConfiguration", None)
    if analytics is not None:
        notes.left_out(
            analytics.place, f"{label}.AnalyticsConfiguration", "there is no Pinpoint here"
        )
    for scope in _items(members.get("AllowedOAuthScopes")):
        if scope.text not in _OWN_SCOPES:
            _make_known(scope, pool, notes)
    if "SupportedIdentityProviders" in members:
        members["SupportedIdentityProviders"] = _known_providers(
            members["SupportedIdentityProviders"], pool, label, notes
        )
    described = {
        "id": _member(node, "ClientId"),
        "name": _member(node, "ClientName"),
        "settings": settings.with_members(members),
    }
    secret = node.get("ClientSecret")
    return node.with_members(described if secret is None else {**described, "secret": secret})


def _make_known(scope: Node, pool: Node, notes: Notes) -> None:
    """Add a scope that no resource server was described with: a client that has it proves it."""
    identifier, _, name = scope.text.rpartition("/")
    if not identifier:
        raise scope.error(f"{scope.text}: expected a scope of a resource server")
    for server in _items(pool.members.get("resource_servers")):
        if _member(server, "identifier").text == identifier:
            scopes = server.members["scopes"]
            if name in scopes.members:
                return
            break
    else:
        scopes = scope.with_members({})
        entry = {"identifier": scope.with_value(identifier), "scopes": scopes}
        _append(pool, "resource_servers", scope.with_members(entry))
    scopes.members[name] = scope.with_value(name)
    notes.remark(scope.place, f"scope {scope.text}", "made, since this client has it")


def _known_providers(providers: Node, pool: Node, label: str, notes: Notes) -> Node:
    known = {_member(p, "name").text for p in _items(pool.members.get("identity_providers"))}
    kept = []
    for item in providers.items:
        if item.text == _DIRECTORY or item.text in known:
            kept.append(item)
        else:
            name = f"{label}.SupportedIdentityProviders: {item.text}"
            notes.left_out(item.place, name, "the provider was not described")
    return providers.with_items(kept)


def _items(node: Node | None) -> Iterator[Node]:
    return iter(()) if node is None else iter(node.items)


def _member(node: Node, name: str) -> Node:
    found = node.get(name)
    if found is None:
        raise node.error(f"expected {name!r}")
    return found
