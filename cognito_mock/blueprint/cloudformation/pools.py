"""``AWS::Cognito::UserPool``: its settings, and its configuration of second factors."""

from cognito_mock.blueprint.cloudformation.made import Made, PoolParts
from cognito_mock.blueprint.coercion import coerced_members
from cognito_mock.blueprint.nodes import Node
from cognito_mock.blueprint.notes import Notes
from cognito_mock.blueprint.requests import request_shape

# Named one by one in the notes, whether or not their functions can be worked out.
LEFT_ALONE = ("LambdaConfig",)
# Members of the template that no request for a pool has.
_MFA = (
    "EnabledMfas",
    "EmailAuthenticationMessage",
    "EmailAuthenticationSubject",
    "WebAuthnFactorConfiguration",
    "WebAuthnRelyingPartyID",
    "WebAuthnUserVerification",
)
_OWN = frozenset({"UserPoolName", *_MFA})


def pool_parts(made: Made, notes: Notes) -> PoolParts:
    """Return the pool; the parts that other resources describe are still missing."""
    for trigger, function in _triggers(made):
        name = f"{made.logical_id}.LambdaConfig.{trigger}"
        notes.left_out(function.place, name, "Lambda triggers are not run")
    settings = coerced_members(
        made.properties,
        request_shape("CreateUserPool"),
        made.logical_id,
        notes,
        silently=_OWN,
    )
    members = dict(settings.members)
    _check_senders(made, members, notes)
    factors = _factors(made, members, notes)
    described = {
        "id": made.node(made.own_name),
        "name": made.text("UserPoolName") or made.node(made.logical_id),
        "settings": settings.with_members(members),
    }
    if factors is not None:
        members.pop("MfaConfiguration", None)
        described["settings"] = settings.with_members(members)
        described["mfa"] = factors
    return PoolParts(members=described, place=made.place)


def _triggers(made: Made) -> list[tuple[str, Node]]:
    config = made.untouched.get("LambdaConfig")
    if config is None or not isinstance(config.value, dict):
        return [] if config is None else [("*", config)]
    return list(config.value.items())


def _check_senders(made: Made, members: dict[str, Node], notes: Notes) -> None:
    """Keep what the API shows of SES and SNS; nothing is sent through them."""
    email = members.get("EmailConfiguration")
    if email is not None:
        account = email.get("EmailSendingAccount")
        if account is not None and account.text == "DEVELOPER":
            name = f"{made.logical_id}.EmailConfiguration"
            if email.get("SourceArn") is None:
                del members["EmailConfiguration"]
                notes.left_out(email.place, name, "without SourceArn there is no SES identity")
            else:
                notes.remark(email.place, name, "shown by the API; mail goes to the inbox, not SES")
    sms = members.get("SmsConfiguration")
    if sms is not None and sms.get("SnsCallerArn") is None:
        del members["SmsConfiguration"]
        name = f"{made.logical_id}.SmsConfiguration"
        notes.left_out(sms.place, name, "without SnsCallerArn no SMS can be sent")


def _factors(made: Made, members: dict[str, Node], notes: Notes) -> Node | None:
    """Return a SetUserPoolMfaConfig request; None if CreateUserPool says it all."""
    mode = members.get("MfaConfiguration")
    properties = made.properties
    passkeys = {
        member: found
        for member, name in (
            ("RelyingPartyId", "WebAuthnRelyingPartyID"),
            ("UserVerification", "WebAuthnUserVerification"),
        )
        if (found := made.text(name)) is not None
    }
    request: dict[str, Node] = {}
    if passkeys:
        request["WebAuthnConfiguration"] = properties.with_members(passkeys)
    if mode is not None and mode.value in ("ON", "OPTIONAL"):
        request["MfaConfiguration"] = mode
        request |= _chosen(made, members, notes)
        if len(request) == 1 + bool(passkeys):
            notes.left_out(mode.place, f"{made.logical_id}.MfaConfiguration", "no factor is left")
            del request["MfaConfiguration"]
            members.pop("MfaConfiguration")
    return properties.with_members(request) if request else None


def _chosen(made: Made, members: dict[str, Node], notes: Notes) -> dict[str, Node]:
    enabled = made.properties.get("EnabledMfas")
    at = enabled or Node([], made.place)
    # Without the list CloudFormation switches on SMS, where that is configured.
    names = {item.text: item for item in at.items} or {"SMS_MFA": at}
    request: dict[str, Node] = {}
    if "SOFTWARE_TOKEN_MFA" in names:
        request["SoftwareTokenMfaConfiguration"] = at.with_members({"Enabled": at.with_value(True)})
    if "SMS_MFA" in names:
        sms = members.get("SmsConfiguration")
        if sms is None:
            reason = "there is no SmsConfiguration"
            notes.left_out(names["SMS_MFA"].place, f"{made.logical_id}: SMS_MFA", reason)
        else:
            request["SmsMfaConfiguration"] = at.with_members({"SmsConfiguration": sms})
    if "EMAIL_OTP" in names:
        if "EmailConfiguration" not in members:
            reason = "there is no EmailConfiguration with an SES identity"
            notes.left_out(names["EMAIL_OTP"].place, f"{made.logical_id}: EMAIL_OTP", reason)
        else:
            request["EmailMfaConfiguration"] = at.with_members(
                {
                    member: found
                    for member, name in (
                        ("Message", "EmailAuthenticationMessage"),
                        ("Subject", "EmailAuthenticationSubject"),
                    )
                    if (found := made.text(name)) is not None
                }
            )
    return request
