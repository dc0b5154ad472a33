"""A ``UserPool`` of DescribeUserPool as what CreateUserPool would be asked for."""

from cognito_mock.blueprint.coercion import coerced_members
from cognito_mock.blueprint.nodes import Node
from cognito_mock.blueprint.notes import Notes
from cognito_mock.blueprint.requests import request_shape
from cognito_mock.flows.pool_schema import schema_attributes

# What Describe adds to the request, and what has a place of its own in the blueprint.
_OF_THE_ANSWER = frozenset(
    {
        *("Id", "Name", "Arn", "Status", "CreationDate", "LastModifiedDate"),
        *("EstimatedNumberOfUsers", "SchemaAttributes", "Domain", "CustomDomain"),
        *("SmsConfigurationFailure", "EmailConfigurationFailure"),
    }
)
_PREFIXES = ("dev:", "custom:")
_IDENTITIES = "identities"


def pool_members(node: Node, notes: Notes) -> dict[str, Node]:
    """Return the members of a blueprint's pool."""
    identifier, name = node.get("Id"), node.get("Name")
    if identifier is None or name is None:
        raise node.error("expected 'Id' and 'Name', as describe-user-pool prints them")
    settings = coerced_members(
        node,
        request_shape("CreateUserPool"),
        identifier.text,
        notes,
        silently=_OF_THE_ANSWER,
    )
    members = dict(settings.members)
    _leave_out_triggers(members, identifier.text, notes)
    _settle_days(members)
    schema = _requested_schema(node)
    if schema is not None:
        members["Schema"] = schema
    described = {"id": identifier, "name": name}
    factors = _factors_without_sms(members, identifier.text, notes)
    if factors is not None:
        described["mfa"] = factors
    described["settings"] = settings.with_members(members)
    for ours, theirs in (("domain", "Domain"), ("custom_domain", "CustomDomain")):
        if (domain := node.get(theirs)) is not None:
            described[ours] = domain
    return described


def _leave_out_triggers(members: dict[str, Node], label: str, notes: Notes) -> None:
    triggers = members.pop("LambdaConfig", None)
    if triggers is not None:
        for name, function in triggers.members.items():
            notes.left_out(
                function.place, f"{label}.LambdaConfig.{name}", "Lambda triggers are not run"
            )
    email = members.get("EmailConfiguration")
    if email is not None and email.get("SourceArn") is not None:
        notes.remark(
            email.place,
            f"{label}.EmailConfiguration",
            "shown by the API; mail goes to the inbox, not SES",
        )


def _settle_days(members: dict[str, Node]) -> None:
    """Describe shows the life of temporary passwords in two places; a request may name one."""
    policies = members.get("Policies")
    policy = None if policies is None else policies.get("PasswordPolicy")
    admin = members.get("AdminCreateUserConfig")
    if policy is not None and admin is not None and policy.get("TemporaryPasswordValidityDays"):
        admin.members.pop("UnusedAccountValidityDays", None)


def _requested_schema(node: Node) -> Node | None:
    """Return the attributes that are not as every pool has them, without their prefixes."""
    attributes = node.get("SchemaAttributes")
    if attributes is None:
        return None
    usual = {str(a["Name"]): a for a in schema_attributes({}) if isinstance(a, dict)}
    requested = []
    for attribute in attributes.items:
        name = attribute.get("Name")
        if name is None:
            raise attribute.error("expected 'Name'")
        if name.text == _IDENTITIES or attribute.plain == usual.get(name.text):
            continue
        plain = name.text
        for prefix in _PREFIXES:
            plain = plain.removeprefix(prefix)
        members = {**attribute.members, "Name": name.with_value(plain)}
        if plain != name.text:
            members.pop("Required", None)
        requested.append(attribute.with_members(members))
    return attributes.with_items(requested) if requested else None


def _factors_without_sms(members: dict[str, Node], label: str, notes: Notes) -> Node | None:
    """Describe does not say which second factors a pool has; without SMS it is the app."""
    mode = members.get("MfaConfiguration")
    if mode is None or mode.value == "OFF" or "SmsConfiguration" in members:
        return None
    del members["MfaConfiguration"]
    notes.remark(mode.place, f"{label}.MfaConfiguration", "by authenticator app; there is no SMS")
    enabled = mode.with_members({"Enabled": Node(value=True, place=mode.place)})
    return mode.with_members({"MfaConfiguration": mode, "SoftwareTokenMfaConfiguration": enabled})
