"""From a template to a blueprint's document: which resources there are, and whose they are."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from cognito_mock.blueprint.cloudformation import clients, directory, physical, pools
from cognito_mock.blueprint.cloudformation.intrinsics import Resolver
from cognito_mock.blueprint.cloudformation.made import Made, PoolParts
from cognito_mock.blueprint.cloudformation.parameters import Parameters
from cognito_mock.blueprint.cloudformation.template import (
    RESOURCES,
    Resource,
    Unresolved,
    template,
)
from cognito_mock.blueprint.nodes import Node
from cognito_mock.blueprint.notes import Notes

_COGNITO = "AWS::Cognito::"
# In this order: clients name providers and scopes, memberships name users.
_TRANSLATED: Mapping[str, Callable[[Made, PoolParts, Notes], None]] = {
    "AWS::Cognito::UserPoolDomain": directory.add_domain,
    "AWS::Cognito::UserPoolResourceServer": directory.add_resource_server,
    "AWS::Cognito::UserPoolIdentityProvider": directory.add_identity_provider,
    "AWS::Cognito::UserPoolGroup": directory.add_group,
    "AWS::Cognito::UserPoolUser": directory.add_user,
    "AWS::Cognito::UserPoolUserToGroupAttachment": directory.add_membership,
    physical.CLIENT: clients.add_client,
    "AWS::Cognito::UserPoolUICustomizationAttachment": clients.add_look,
}
_SAM_FUNCTION = "AWS::Serverless::Function"


def is_template(root: Node) -> bool:
    """Tell whether a document is meant to be a template."""
    return isinstance(root.value, dict) and bool(
        root.value.keys() & {RESOURCES, "AWSTemplateFormatVersion", "Transform"}
    )


def pools_of_template(root: Node, given: Mapping[str, str], notes: Notes) -> list[Node]:
    """Return the template's user pools as a blueprint describes them."""
    source = template(root)
    resolver = Resolver(source, Parameters(source, given), notes)
    try:
        made = list(_made(source.resources.values(), resolver, notes))
    except RecursionError as error:
        raise root.error("conditions or names that depend on too many others") from error
    found = {m.own_name: pools.pool_parts(m, notes) for m in made if m.type == physical.POOL}
    for kind, add in _TRANSLATED.items():
        for one in made:
            if one.type == kind and (parts := _pool_of(one, found, notes)) is not None:
                add(one, parts, notes)
    if not found:
        notes.remark(root.place, "the template", f"has no {physical.POOL}")
    return [parts.described() for parts in found.values()]


def _made(resources: Iterable[Resource], resolver: Resolver, notes: Notes) -> Iterator[Made]:
    for resource in resources:
        if resource.type == _SAM_FUNCTION:
            _note_events(resource, notes)
        if not resource.type.startswith(_COGNITO):
            continue
        if resource.type != physical.POOL and resource.type not in _TRANSLATED:
            notes.left_out(
                resource.node.place, resource.logical_id, f"{resource.type} is not imported"
            )
            continue
        try:
            if not resolver.exists(resource):
                continue
            yield _resolved(resource, resolver, notes)
        except Unresolved as unresolved:
            notes.left_out(unresolved.node.place, resource.logical_id, unresolved.reason)


def _resolved(resource: Resource, resolver: Resolver, notes: Notes) -> Made:
    before = len(notes)
    untouched = pools.LEFT_ALONE if resource.type == physical.POOL else ()
    wanted = {n: v for n, v in resource.properties.members.items() if n not in untouched}
    properties = resolver.value(resource.properties.with_members(wanted), resource.logical_id)
    left = {n: v for n, v in resource.properties.members.items() if n in untouched}
    return Made(
        logical_id=resource.logical_id,
        type=resource.type,
        own_name=resolver.own_name(resource, resource.node)
        if resource.type in {physical.POOL, physical.CLIENT}
        else resource.logical_id,
        properties=properties or resource.properties.with_members({}),
        untouched=left,
        complete=len(notes) == before,
        place=resource.node.place,
    )


def _pool_of(made: Made, found: Mapping[str, PoolParts], notes: Notes) -> PoolParts | None:
    named = made.properties.get("UserPoolId")
    parts = None if named is None else found.get(named.text)
    if parts is None:
        notes.left_out(made.place, made.logical_id, "its user pool is not in the template")
    return parts


def _note_events(resource: Resource, notes: Notes) -> None:
    """SAM makes triggers of these events."""
    events = resource.properties.get("Events")
    if events is None or not isinstance(events.value, dict):
        return
    for name, event in events.value.items():
        kind = event.get("Type") if isinstance(event.value, dict) else None
        if kind is not None and kind.value == "Cognito":
            notes.left_out(
                event.place, f"{resource.logical_id}.Events.{name}", "Lambda triggers are not run"
            )
