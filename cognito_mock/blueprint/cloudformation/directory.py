"""What else a pool has: its domain, scopes, providers, groups and users."""

from collections.abc import Mapping

from cognito_mock.blueprint.cloudformation.made import Made, PoolParts
from cognito_mock.blueprint.nodes import Node
from cognito_mock.blueprint.notes import Notes
from cognito_mock.core.errors import CognitoError
from cognito_mock.flows.provider_details import check_details

_MEDIUMS = "DesiredDeliveryMediums"


def add_domain(made: Made, pool: PoolParts, notes: Notes) -> None:
    """Add a prefix domain, or a custom one if there is a certificate."""
    domain = _required(made, "Domain", notes)
    if domain is None:
        return
    custom = made.properties.get("CustomDomainConfig") is not None
    pool.members["custom_domain" if custom else "domain"] = domain
    version = made.properties.get("ManagedLoginVersion")
    if version is not None:
        pool.members["managed_login_version"] = version.with_value(_whole(version))


def add_resource_server(made: Made, pool: PoolParts, notes: Notes) -> None:
    """Add a resource server with its scopes."""
    identifier = _required(made, "Identifier", notes)
    if identifier is None:
        return
    scopes = made.properties.get("Scopes") or Node([], made.place)
    described = {}
    for scope in scopes.items:
        name, description = scope.get("ScopeName"), scope.get("ScopeDescription")
        if name is None:
            raise scope.error(f"{made.logical_id}: expected 'ScopeName'")
        described[name.text] = name if description is None else description
    entry = {"identifier": identifier, "scopes": scopes.with_members(described)}
    if (name := made.text("Name")) is not None:
        entry["name"] = name
    pool.add("resource_servers", made.properties.with_members(entry))


def add_identity_provider(made: Made, pool: PoolParts, notes: Notes) -> None:
    """Add an identity provider; without its secrets there is none."""
    name, kind = _required(made, "ProviderName", notes), _required(made, "ProviderType", notes)
    if name is None or kind is None:
        return
    details = made.properties.get("ProviderDetails") or made.properties.with_members({})
    given = {member: value.text for member, value in details.members.items()}
    if not made.complete and not _is_enough(kind.text, given):
        notes.left_out(made.place, made.logical_id, "what is left of its details is not enough")
        return
    entry = {"name": name, "type": kind}
    for member, written in (
        ("details", "ProviderDetails"),
        ("attribute_mapping", "AttributeMapping"),
    ):
        found = made.properties.get(written)
        if found is not None:
            entry[member] = found.with_members(
                {n: v.with_value(v.text) for n, v in found.members.items()}
            )
    identifiers = made.properties.get("IdpIdentifiers")
    if identifiers is not None:
        entry["identifiers"] = identifiers
    pool.add("identity_providers", made.properties.with_members(entry))


def _is_enough(kind: str, details: Mapping[str, str]) -> bool:
    try:
        check_details(kind, details)
    except CognitoError:
        return False
    return True


def add_group(made: Made, pool: PoolParts, _notes: Notes) -> None:
    """Add a group, which is named after its logical id if it has no other name."""
    entry = {"name": made.text("GroupName") or made.node(made.logical_id)}
    for member, written in (("description", "Description"), ("role_arn", "RoleArn")):
        if (found := made.text(written)) is not None:
            entry[member] = found
    precedence = made.properties.get("Precedence")
    if precedence is not None:
        entry["precedence"] = precedence.with_value(_whole(precedence))
    pool.add("groups", made.properties.with_members(entry))


def add_user(made: Made, pool: PoolParts, _notes: Notes) -> None:
    """Add a user, who is sent an invitation with a temporary password unless that is suppressed."""
    attributes = made.properties.get("UserAttributes") or Node([], made.place)
    given = {}
    for attribute in attributes.items:
        name, value = attribute.get("Name"), attribute.get("Value")
        if name is None:
            raise attribute.error(f"{made.logical_id}: expected 'Name'")
        if value is not None:
            given[name.text] = value.with_value(value.text)
    entry = {
        "username": made.text("Username") or made.node(made.logical_id),
        "attributes": attributes.with_members(given),
    }
    action = made.text("MessageAction")
    if action is None or action.value != "SUPPRESS":
        entry["invite"] = made.properties.get(_MEDIUMS) or Node([], made.place)
    pool.add("users", made.properties.with_members(entry))


def add_membership(made: Made, pool: PoolParts, notes: Notes) -> None:
    """Put a user of the template into a group."""
    group, username = _required(made, "GroupName", notes), _required(made, "Username", notes)
    if group is None or username is None:
        return
    user = pool.named("users", username.text, by="username")
    if user is None:
        notes.left_out(made.place, made.logical_id, "its user is not in the template")
        return
    groups = user.members.setdefault("groups", Node([], made.place))
    groups.items.append(group)


def _required(made: Made, name: str, notes: Notes) -> Node | None:
    """Return a property without which the resource is left out."""
    found = made.text(name)
    if found is None:
        notes.left_out(made.place, made.logical_id, f"it has no {name}")
    return found


def _whole(node: Node) -> int:
    text = node.text
    if not text.removeprefix("-").isdigit():
        raise node.error("expected a whole number")
    return int(text)
