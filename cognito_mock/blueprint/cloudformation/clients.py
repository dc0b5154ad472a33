"""``AWS::Cognito::UserPoolClient``, and what the pages of one look like."""

from cognito_mock.blueprint.cloudformation import physical
from cognito_mock.blueprint.cloudformation.made import Made, PoolParts
from cognito_mock.blueprint.coercion import coerced_members
from cognito_mock.blueprint.nodes import Node
from cognito_mock.blueprint.notes import Notes
from cognito_mock.blueprint.requests import request_shape

_OWN = frozenset({"UserPoolId", "ClientName", "ClientSecret", "GenerateSecret"})
_DIRECTORY = "COGNITO"
_PROVIDERS = "SupportedIdentityProviders"


def add_client(made: Made, pool: PoolParts, notes: Notes) -> None:
    """Add a client, whose secret follows from its logical id if it is to have one."""
    settings = coerced_members(
        made.properties,
        request_shape("CreateUserPoolClient"),
        made.logical_id,
        notes,
    )
    members = {n: v for n, v in settings.members.items() if n not in _OWN}
    analytics = members.pop("AnalyticsConfiguration", None)
    if analytics is not None:
        name = f"{made.logical_id}.AnalyticsConfiguration"
        notes.left_out(analytics.place, name, "there is no Pinpoint here")
    providers = members.get(_PROVIDERS)
    if providers is not None:
        members[_PROVIDERS] = _known_providers(made, providers, pool, notes)
    described = {
        "id": made.node(made.own_name),
        "name": made.text("ClientName") or made.node(made.logical_id),
        "settings": settings.with_members(members),
    }
    generate, given = settings.get("GenerateSecret"), settings.get("ClientSecret")
    if given is not None:
        described["secret"] = given
    elif generate is not None and generate.value is True:
        described["secret"] = generate.with_value(physical.client_secret(made.logical_id))
    pool.add("clients", made.properties.with_members(described))


def add_look(made: Made, pool: PoolParts, _notes: Notes) -> None:
    """Add a style sheet, of all clients or of one."""
    described = {
        member: found
        for member, name in (("client", "ClientId"), ("css", "CSS"))
        if (found := made.text(name)) is not None
    }
    pool.add("ui_customizations", made.properties.with_members(described))


def _known_providers(made: Made, providers: Node, pool: PoolParts, notes: Notes) -> Node:
    kept = []
    for item in providers.items:
        if item.text == _DIRECTORY or pool.named("identity_providers", item.text) is not None:
            kept.append(item)
        else:
            name = f"{made.logical_id}.{_PROVIDERS}: {item.text}"
            notes.left_out(item.place, name, "the provider is not in the template")
    return providers.with_items(kept)
